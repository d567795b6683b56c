//! The vocabulary's pieces as a tree of bytes.
//!
//! Node by node in breadth-first order, so that the children of each follow one another in the order of their labels:
//! a step is a search among a few neighbouring bytes.

use super::EncodeError;
use super::data::{Fields, damaged};

pub struct Tree {
    labels: Vec<u8>,
    /// Where the children of each node begin; those of the next node follow.
    children: Vec<u32>,
    /// The piece that ends in each node, plus one.
    pieces: Vec<u32>,
    /// The root has some two hundred children, and every search begins there.
    first: Vec<u32>,
}

impl Tree {
    pub fn read(fields: &mut Fields<'_>) -> Result<Tree, EncodeError> {
        let count = fields.u32()? as usize;
        let labels = fields.bytes(count)?.to_vec();
        let mut children = Vec::with_capacity(count + 1);
        let mut next = 1;
        for &of_node in fields.bytes(count)? {
            children.push(next);
            next += u32::from(of_node);
        }
        children.push(next);
        let pieces = fields.u32s(count)?;
        if next as usize != count {
            return Err(damaged("the vocabulary does not add up"));
        }
        let mut first = vec![0; 256];
        for node in 1..children[1] {
            first[usize::from(labels[node as usize])] = node;
        }
        Ok(Tree {
            labels,
            children,
            pieces,
            first,
        })
    }

    /// Calls `found` with the length and number of each piece that `bytes` begin with, the shortest first.
    pub fn pieces(&self, bytes: &[u8], mut found: impl FnMut(usize, usize)) {
        let Some((&byte, rest)) = bytes.split_first() else {
            return;
        };
        let mut node = self.first[usize::from(byte)] as usize;
        if node == 0 {
            return;
        }
        let mut length = 1;
        let mut rest = rest.iter();
        loop {
            if let Some(piece) = self.pieces[node].checked_sub(1) {
                found(length, piece as usize);
            }
            let (start, end) = (self.children[node] as usize, self.children[node + 1] as usize);
            let Some(byte) = rest.next() else { return };
            let Some(step) = self.labels[start..end].iter().position(|label| label == byte) else {
                return;
            };
            node = start + step;
            length += 1;
        }
    }

    /// The largest number of a piece.
    pub fn last_piece(&self) -> usize {
        self.pieces
            .iter()
            .max()
            .map_or(0, |&piece| piece as usize)
            .saturating_sub(1)
    }
}
