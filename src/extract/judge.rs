//! Which lines of a page are its article's: boosted trees over what `features` measures, trained in `bench/blocks/`.
//!
//! Takes lines and their rows of numbers, gives the lines that are kept. Two forests judge, one that knows what the
//! rules found and one that does not; where they disagree, neither alone is believed. The trees are weights only: not
//! a word of any page is in them.

use std::sync::LazyLock;

use super::content::Block;
use super::features::{self, COUNT, FREE, Row};

/// Version of the file's layout and the number of forests; of each the number of measures, of trees and of nodes, a
/// root a tree, and the nodes.
const MODEL: &[u8] = include_bytes!("judge.model");
const LAYOUT: usize = 2;

/// What the forests may know, in their order.
const MEASURES: [usize; 2] = [COUNT, FREE];

/// A node's `feature` where it is a leaf.
const LEAF: u16 = u16::MAX;

/// Every so many trees a verdict is looked at, and left as it is once it is this clear (log odds; 4 is 98 %).
const LOOK: usize = 20;
const CLEAR: f32 = 4.0;

/// A line is kept from this probability on; the page moves it within these bounds.
const LOWEST: f32 = 0.45;
const HIGHEST: f32 = 0.6;

struct Node {
    /// Where a leaf's value stands, what a split compares with.
    value: f32,
    feature: u16,
    /// The node for "more"; the one for "at most" comes next.
    high: u16,
}

struct Forest {
    roots: Vec<u16>,
    nodes: Vec<Node>,
}

static FORESTS: LazyLock<Vec<Forest>> = LazyLock::new(|| read(MODEL).unwrap_or_default());

fn read(bytes: &[u8]) -> Option<Vec<Forest>> {
    let mut rest = bytes;
    if number(&mut rest)? != LAYOUT || number(&mut rest)? != MEASURES.len() {
        return None;
    }
    MEASURES
        .iter()
        .map(|measures| forest(&mut rest, *measures))
        .collect::<Option<Vec<_>>>()
        .filter(|_| rest.is_empty())
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?)).ok()
}

fn forest(rest: &mut &[u8], known: usize) -> Option<Forest> {
    let (measures, roots, nodes) = (number(rest)?, number(rest)?, number(rest)?);
    if measures != known || nodes > usize::from(LEAF) {
        return None;
    }
    let short = |rest: &mut &[u8]| Some(u16::from_le_bytes(take(rest, 2)?.try_into().ok()?));
    let roots = (0..roots).map(|_| short(rest)).collect::<Option<Vec<_>>>()?;
    let nodes = (0..nodes)
        .map(|at| {
            let node = Node {
                value: f32::from_le_bytes(take(rest, 4)?.try_into().ok()?),
                feature: short(rest)?,
                high: short(rest)?,
            };
            // Children come after their parent, so that no walk can run in a circle.
            let high = usize::from(node.high);
            let sound = node.feature == LEAF || usize::from(node.feature) < known && high > at + 1 && high < nodes;
            sound.then_some(node)
        })
        .collect::<Option<Vec<_>>>()?;
    let sound = roots.iter().all(|root| usize::from(*root) < nodes.len());
    sound.then_some(Forest { roots, nodes })
}

/// The lines that are the article's.
pub fn judged(lines: &[Block], rows: &[Row]) -> Vec<Block> {
    let chances: Vec<f32> = rows.iter().map(chance).collect();
    let least = threshold(lines, &chances);
    let lines = lines.iter().zip(&chances);
    lines
        .filter(|(_, chance)| **chance >= least && **chance > 0.0)
        .map(|(line, _)| line.clone())
        .collect()
}

/// Probability that the line is the article's, by the mean of the forests' log odds.
fn chance(row: &Row) -> f32 {
    if features::is_comment(row) || FORESTS.is_empty() {
        return 0.0;
    }
    let odds: f32 = FORESTS.iter().map(|forest| odds(forest, row)).sum();
    1.0 / (1.0 + (-odds / FORESTS.len() as f32).exp())
}

/// Log odds that the line is the article's.
fn odds(forest: &Forest, row: &Row) -> f32 {
    let mut sum = 0.0;
    for (i, root) in forest.roots.iter().enumerate() {
        if i % LOOK == 0 && i > 0 && f32::abs(sum) > CLEAR {
            break;
        }
        let mut at = usize::from(*root);
        // The nodes were checked when the forest was read: `at` grows and stays within them.
        while let Some(node) = forest.nodes.get(at) {
            if node.feature == LEAF {
                sum += node.value;
                break;
            }
            at = if row[usize::from(node.feature)] <= node.value {
                at + 1
            } else {
                usize::from(node.high)
            };
        }
    }
    sum
}

/// The probability from which on the page's lines are kept so that the expected F measure of its text is greatest,
/// every line counting by its weight. On a page of clear verdicts it is near a half, and it decides nothing.
fn threshold(lines: &[Block], chances: &[f32]) -> f32 {
    let mut open: Vec<(f32, f32)> = chances
        .iter()
        .zip(lines)
        .filter(|(chance, _)| **chance > 0.0)
        .map(|(chance, line)| (*chance, line.weight as f32))
        .collect();
    open.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: f32 = open.iter().map(|(chance, weight)| chance * weight).sum();
    let (mut best, mut least) = (0.0, 0.5);
    let (mut kept, mut hit) = (0.0, 0.0);
    for (at, (chance, weight)) in open.iter().enumerate() {
        kept += weight;
        hit += chance * weight;
        let f = 2.0 * hit / (kept + expected);
        if f > best {
            best = f;
            least = (chance + open.get(at + 1).map_or(0.0, |next| next.0)) / 2.0;
        }
    }
    least.clamp(LOWEST, HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_are_read_and_sound() {
        let forests = read(MODEL).expect("the model fits the measures");
        assert!(forests.iter().all(|forest| forest.roots.len() > 10));
    }

    #[test]
    fn a_damaged_file_is_refused() {
        assert!(read(&MODEL[..MODEL.len() / 2]).is_none());
        let mut other = MODEL.to_vec();
        other[8] ^= 1;
        assert!(read(&other).is_none(), "trained on other measures");
        let mut circle = MODEL.to_vec();
        let first = 20 + 2 * FORESTS[0].roots.len();
        assert_ne!(
            circle[first + 4..first + 6],
            LEAF.to_le_bytes(),
            "the first tree has a split"
        );
        circle[first + 6..first + 8].copy_from_slice(&0u16.to_le_bytes());
        assert!(read(&circle).is_none(), "a child before its parent");
    }

    #[test]
    fn the_threshold_follows_the_page() {
        let lines = vec![Block::plain("a line of the page").expect("words"); 21];
        let doubtful = |others: f32| {
            let mut chances = vec![others; 20];
            chances.push(0.48);
            threshold(&lines, &chances)
        };
        assert!(doubtful(0.0) <= 0.48, "all there may be");
        assert!(doubtful(1.0) > 0.48, "beside much that is sure it has to be likely");
    }
}
