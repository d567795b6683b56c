//! What a piece is before its neighbours are looked at: its projections, and what it adds to each neighbour's first
//! convolution.
//!
//! Takes numbers of pieces, gives their features. Both depend on the piece alone, and half of all pieces in a text are
//! the same few thousand, so they are worked out once for each piece of a batch and kept for the next: that halves the
//! arithmetic. What is kept is bounded, and never changes a result.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::DIM;
use super::product::{Left, Onto, Out, multiply};
use super::table::Table;
use super::weights::{BRANCH, ORDERS, Weights};

/// The projections of all branches.
pub const PROJECTED: usize = BRANCH * ORDERS.len();
/// The projections, then for each branch and each place of its span the product with the first convolution's weights.
pub const WIDTH: usize = PROJECTED + BRANCH * (ORDERS[0].span + ORDERS[1].span + ORDERS[2].span);

/// Features of at most twice this many pieces are kept, 13 kB each.
const KEPT: usize = 1536;

pub type Feature = Arc<[f32]>;

/// Features of the pieces of late: when `young` is full it becomes `old`, and what was `old` and not asked for since
/// is forgotten.
#[derive(Default)]
struct Kept {
    young: HashMap<u32, Feature>,
    old: HashMap<u32, Feature>,
}

impl Kept {
    fn get(&mut self, piece: u32) -> Option<Feature> {
        if let Some(feature) = self.young.get(&piece) {
            return Some(feature.clone());
        }
        let feature = self.old.remove(&piece)?;
        self.keep(piece, feature.clone());
        Some(feature)
    }

    fn keep(&mut self, piece: u32, feature: Feature) {
        if self.young.len() >= KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(piece, feature);
    }
}

#[derive(Default)]
pub struct Features {
    kept: Mutex<Kept>,
}

impl Features {
    /// The features of the pieces, each worked out once, and for every piece which of them is its own.
    pub fn of(&self, pieces: &[u32], weights: &Weights, table: &Table) -> (Vec<Feature>, Vec<usize>) {
        let mut number = HashMap::new();
        let mut distinct = Vec::new();
        let own = pieces.iter().map(|&piece| {
            *number.entry(piece).or_insert_with(|| {
                distinct.push(piece);
                distinct.len() - 1
            })
        });
        let own: Vec<usize> = own.collect();
        let found: Vec<Option<Feature>> = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            distinct.iter().map(|&piece| kept.get(piece)).collect()
        };
        let missing = distinct.iter().zip(&found).filter(|(_, found)| found.is_none());
        let missing: Vec<u32> = missing.map(|(&piece, _)| piece).collect();
        let made = work_out(&missing, weights, table);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (&piece, feature) in missing.iter().zip(&made) {
            kept.keep(piece, feature.clone());
        }
        let mut made = made.into_iter();
        let features = found.into_iter().filter_map(|found| found.or_else(|| made.next()));
        (features.collect(), own)
    }
}

fn work_out(pieces: &[u32], weights: &Weights, table: &Table) -> Vec<Feature> {
    let rows = pieces.len();
    let mut raw = vec![0.0; rows * DIM];
    for (&piece, row) in pieces.iter().zip(raw.chunks_exact_mut(DIM)) {
        table.row(piece, row);
    }
    let raw = Left {
        values: &raw,
        rows,
        stride: DIM,
    };
    let mut projected = vec![0.0; rows * PROJECTED];
    for (branch, projection) in weights.projection.iter().enumerate() {
        let mut out = Out {
            values: projected.get_mut(branch * BRANCH..).unwrap_or_default(),
            stride: PROJECTED,
        };
        multiply(&raw, &projection.whole(), &mut out, Onto::Replace);
    }
    for row in projected.chunks_exact_mut(PROJECTED) {
        for (value, bias) in row.iter_mut().zip(&weights.projection_bias) {
            *value += bias;
        }
        standardise(row, weights.epsilon);
        let learnt = weights.projection_gain.iter().zip(&weights.projection_shift);
        for (value, (gain, shift)) in row.iter_mut().zip(learnt) {
            *value = *value * gain + shift;
        }
    }
    let mut features = vec![0.0; rows * WIDTH];
    for (feature, row) in features.chunks_exact_mut(WIDTH).zip(projected.chunks_exact(PROJECTED)) {
        feature[..PROJECTED].copy_from_slice(row);
    }
    let mut column = PROJECTED;
    for (branch, order) in ORDERS.iter().enumerate() {
        let left = Left {
            values: projected.get(branch * BRANCH..).unwrap_or_default(),
            rows,
            stride: PROJECTED,
        };
        for place in 0..order.span {
            let mut out = Out {
                values: features.get_mut(column..).unwrap_or_default(),
                stride: WIDTH,
            };
            let part = weights.first[branch].rows(place * BRANCH, BRANCH);
            multiply(&left, &part, &mut out, Onto::Replace);
            column += BRANCH;
        }
    }
    features.chunks_exact(WIDTH).map(Arc::from).collect()
}

/// Mean 0 and variance 1.
pub fn standardise(row: &mut [f32], epsilon: f32) {
    let mean = sum(row, |value| value) / row.len() as f32;
    for value in row.iter_mut() {
        *value -= mean;
    }
    let variance = sum(row, |value| value * value) / row.len() as f32;
    let factor = 1.0 / (variance + epsilon).sqrt();
    for value in row {
        *value *= factor;
    }
}

/// A sum in sixteen lanes, which the processor adds side by side.
fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; 16];
    let (groups, rest) = row.as_chunks::<16>();
    for group in groups {
        for (lane, &value) in lanes.iter_mut().zip(group) {
            *lane += of(value);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|&value| of(value)).sum::<f32>()
}
