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

/// Lines walk a tree side by side, so many at once: what one waits for, the others do.
const LANES: usize = 8;

#[derive(Clone, Copy)]
struct Node {
    /// What a split compares with; at a leaf no number, which nothing is at most.
    value: f32,
    feature: u16,
    /// The node for "more", a leaf itself; the one for "at most" comes next.
    high: u16,
}

struct Tree {
    root: u16,
    /// Steps from which on every walk has come to its leaf, and stays there.
    depth: u16,
}

struct Forest {
    trees: Vec<Tree>,
    nodes: Vec<Node>,
    /// What each leaf is worth.
    leaves: Vec<f32>,
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
    let mut leaves = vec![0.0; nodes];
    let nodes = (0..nodes)
        .map(|at| {
            let node = Node {
                value: f32::from_le_bytes(take(rest, 4)?.try_into().ok()?),
                feature: short(rest)?,
                high: short(rest)?,
            };
            if node.feature == LEAF {
                leaves[at] = node.value;
                return Some(Node {
                    value: f32::NAN,
                    feature: 0,
                    high: u16::try_from(at).ok()?,
                });
            }
            // Children come after their parent, so that no walk can run in a circle.
            let high = usize::from(node.high);
            (usize::from(node.feature) < known && high > at + 1 && high < nodes).then_some(node)
        })
        .collect::<Option<Vec<_>>>()?;
    let depths = depths(&nodes);
    let trees = roots
        .into_iter()
        .map(|root| {
            let depth = *depths.get(usize::from(root))?;
            Some(Tree { root, depth })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Forest { trees, nodes, leaves })
}

/// Of each node, the steps down to its farthest leaf.
fn depths(nodes: &[Node]) -> Vec<u16> {
    let mut depths = vec![0u16; nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        if !node.value.is_nan() {
            depths[at] = 1 + depths[at + 1].max(depths[usize::from(node.high)]);
        }
    }
    depths
}

/// The lines that are the article's.
pub fn judged(lines: &[Block], rows: &[Row]) -> Vec<Block> {
    let chances = chances(rows);
    let least = threshold(lines, &chances);
    let lines = lines.iter().zip(&chances);
    lines
        .filter(|(_, chance)| **chance >= least && **chance > 0.0)
        .map(|(line, _)| line.clone())
        .collect()
}

/// Of each line the probability that it is the article's, by the mean of the forests' log odds.
fn chances(rows: &[Row]) -> Vec<f32> {
    let mut chances = vec![0.0; rows.len()];
    if FORESTS.is_empty() {
        return chances;
    }
    let asked: Vec<usize> = (0..rows.len()).filter(|at| !features::is_comment(&rows[*at])).collect();
    let mut odds = vec![0.0; rows.len()];
    for forest in FORESTS.iter() {
        let mut sums = vec![0.0; rows.len()];
        forest.add(rows, &asked, &mut sums);
        odds.iter_mut().zip(sums).for_each(|(odds, sum)| *odds += sum);
    }
    for at in asked {
        chances[at] = 1.0 / (1.0 + f32::exp(-odds[at] / FORESTS.len() as f32));
    }
    chances
}

impl Forest {
    /// Adds to `sums` the log odds of the lines asked about.
    fn add(&self, rows: &[Row], asked: &[usize], sums: &mut [f32]) {
        let mut open = asked.to_vec();
        for trees in self.trees.chunks(LOOK) {
            for lines in open.chunks(LANES) {
                // Lanes to spare go the way of the last line, for nothing.
                let lanes: [usize; LANES] = std::array::from_fn(|lane| lines[lane.min(lines.len() - 1)]);
                let rows: [&Row; LANES] = lanes.map(|at| &rows[at]);
                for tree in trees {
                    let found = self.walk(tree, rows);
                    for (at, found) in lines.iter().zip(found) {
                        sums[*at] += self.leaves[usize::from(found)];
                    }
                }
            }
            open.retain(|at| sums[*at].abs() <= CLEAR);
        }
    }

    /// The leaves that the rows come to.
    fn walk(&self, tree: &Tree, rows: [&Row; LANES]) -> [u16; LANES] {
        let mut at = [tree.root; LANES];
        for _ in 0..tree.depth {
            for (at, row) in at.iter_mut().zip(rows) {
                // The nodes were checked when the forest was read: every step stays within them, every feature in a row.
                let node = self.nodes[usize::from(*at)];
                let low = row[usize::from(node.feature)] <= node.value;
                *at = if low { *at + 1 } else { node.high };
            }
        }
        at
    }
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
        assert!(forests.iter().all(|forest| forest.trees.len() > 10));
    }

    #[test]
    fn a_damaged_file_is_refused() {
        assert!(read(&MODEL[..MODEL.len() / 2]).is_none());
        let mut other = MODEL.to_vec();
        other[8] ^= 1;
        assert!(read(&other).is_none(), "trained on other measures");
        let mut circle = MODEL.to_vec();
        let first = 20 + 2 * FORESTS[0].trees.len();
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
