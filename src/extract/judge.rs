//! Which lines of a page are its article's: boosted trees over what `features` measures, trained in `bench/blocks/`.
//!
//! Takes rows of numbers, gives a verdict each. The trees are weights only: not a word of any page is in them.

use std::sync::OnceLock;

use super::content::Block;
use super::features::{self, COUNT, Row};

/// Version of the file's layout, the number of measures, of trees, of nodes; then a root a tree; then the nodes.
const MODEL: &[u8] = include_bytes!("judge.model");
const LAYOUT: u32 = 1;

/// A node's `feature` where it is a leaf.
const LEAF: u16 = u16::MAX;

/// Every so many trees a verdict is looked at, and left as it is once it is this clear (log odds; 4 is 98 %).
const LOOK: usize = 20;
const CLEAR: f32 = 4.0;

struct Node {
    /// Where a leaf's value stands, what a split compares with.
    value: f32,
    feature: u16,
    /// The nodes for "at most" and for "more".
    low: u16,
    high: u16,
}

struct Trees {
    roots: Vec<u16>,
    nodes: Vec<Node>,
}

fn trees() -> &'static Trees {
    static TREES: OnceLock<Trees> = OnceLock::new();
    TREES.get_or_init(|| {
        read(MODEL).unwrap_or(Trees {
            roots: Vec::new(),
            nodes: Vec::new(),
        })
    })
}

fn read(bytes: &[u8]) -> Option<Trees> {
    let mut rest = bytes;
    let mut take = |count: usize| {
        let (head, tail) = rest.split_at_checked(count)?;
        rest = tail;
        Some(head)
    };
    let mut header = [0usize; 4];
    for cell in &mut header {
        *cell = usize::try_from(u32::from_le_bytes(take(4)?.try_into().ok()?)).ok()?;
    }
    let [layout, measures, roots, nodes] = header;
    if layout != LAYOUT as usize || measures != COUNT {
        return None;
    }
    let short = |bytes: &[u8]| Some(u16::from_le_bytes(bytes.try_into().ok()?));
    let roots = (0..roots).map(|_| short(take(2)?)).collect::<Option<Vec<_>>>()?;
    let nodes = (0..nodes)
        .map(|at| {
            let node = Node {
                value: f32::from_le_bytes(take(4)?.try_into().ok()?),
                feature: short(take(2)?)?,
                low: short(take(2)?)?,
                high: short(take(2)?)?,
            };
            // Children come after their parent, so that no walk can run in a circle.
            let forward = |child: u16| usize::from(child) > at && usize::from(child) < nodes;
            let sound =
                node.feature == LEAF || usize::from(node.feature) < COUNT && forward(node.low) && forward(node.high);
            sound.then_some(node)
        })
        .collect::<Option<Vec<_>>>()?;
    roots
        .iter()
        .all(|root| usize::from(*root) < nodes.len())
        .then_some(Trees { roots, nodes })
}

/// The lines that are the article's.
pub fn judged(blocks: Vec<Block>, rows: &[Row]) -> Vec<Block> {
    let lines = blocks.into_iter().zip(rows);
    lines
        .filter(|(_, row)| !features::is_comment(row) && odds(row) > 0.0)
        .map(|(block, _)| block)
        .collect()
}

/// Log odds that the line is the article's.
fn odds(row: &Row) -> f32 {
    let trees = trees();
    let mut sum = 0.0;
    for (i, root) in trees.roots.iter().enumerate() {
        if i % LOOK == 0 && i > 0 && f32::abs(sum) > CLEAR {
            break;
        }
        let mut node = &trees.nodes[usize::from(*root)];
        while node.feature != LEAF {
            let next = if row[usize::from(node.feature)] <= node.value {
                node.low
            } else {
                node.high
            };
            node = &trees.nodes[usize::from(next)];
        }
        sum += node.value;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_are_read_and_sound() {
        let trees = read(MODEL).expect("the model fits the measures");
        assert!(trees.roots.len() > 10);
    }

    #[test]
    fn a_damaged_file_is_refused() {
        assert!(read(&MODEL[..MODEL.len() / 2]).is_none());
        let mut other = MODEL.to_vec();
        other[4] ^= 1;
        assert!(read(&other).is_none(), "trained on other measures");
        let mut circle = MODEL.to_vec();
        let first = 16 + 2 * trees().roots.len();
        circle[first + 6..first + 8].copy_from_slice(&0u16.to_le_bytes());
        assert!(read(&circle).is_none(), "a child before its parent");
    }
}
