//! From pieces to the sum over a sentence: three convolutions over neighbouring pieces, beside the pieces themselves.
//!
//! Takes stretches of texts, gives for each the sum of its pieces' standardised numbers. Nothing crosses from one text
//! into the next: beyond a text's ends there is nothing, as in the model.

use super::DIM;
use super::convolution::STEP;
use super::features::{self, Feature, Features, PROJECTED, standardise};
use super::table::Table;
use super::weights::{BRANCH, ORDERS, Order, Weights};

/// Numbers of a piece with its neighbourhood: its row of the table, and the three branches.
pub const WIDTH: usize = DIM + PROJECTED;

/// How far a piece's numbers reach: two convolutions of two places each to either side.
const REACH: usize = 4;

/// Pieces of one text that are worked on together, and which of them are counted: a stretch out of a long text brings
/// its neighbours along.
pub struct Stretch<'a> {
    pieces: &'a [u32],
    before: usize,
    counted: usize,
}

impl<'a> Stretch<'a> {
    pub fn whole(pieces: &'a [u32]) -> Self {
        Stretch {
            pieces,
            before: 0,
            counted: pieces.len(),
        }
    }

    /// The pieces from `start` to `end` of a long text.
    pub fn within(text: &'a [u32], start: usize, end: usize) -> Self {
        let first = start.saturating_sub(REACH);
        let last = (end + REACH).min(text.len());
        Stretch {
            pieces: &text[first..last],
            before: start - first,
            counted: end - start,
        }
    }
}

/// A row of `WIDTH` for each stretch.
pub fn sums(weights: &Weights, table: &Table, features: &Features, stretches: &[Stretch<'_>]) -> Vec<f32> {
    let pieces: Vec<u32> = stretches.iter().flat_map(|stretch| stretch.pieces).copied().collect();
    let (features, own) = features.of(&pieces, weights, table);
    let own: Vec<&Feature> = own.iter().map(|&number| &features[number]).collect();
    let mut branches = vec![0.0; pieces.len() * PROJECTED];
    for branch in 0..ORDERS.len() {
        convolve(branch, weights, &own, stretches, &mut branches);
    }
    let mut sums = vec![0.0; stretches.len() * WIDTH];
    let mut row = [0.0; WIDTH];
    let mut start = 0;
    for (stretch, sum) in stretches.iter().zip(sums.chunks_exact_mut(WIDTH)) {
        let counted = start + stretch.before..start + stretch.before + stretch.counted;
        for at in counted {
            table.row(pieces[at], &mut row[..DIM]);
            row[DIM..].copy_from_slice(&branches[at * PROJECTED..][..PROJECTED]);
            standardise(&mut row, weights.epsilon);
            for (sum, value) in sum.iter_mut().zip(&row) {
                *sum += value;
            }
        }
        start += stretch.pieces.len();
    }
    sums
}

/// Both convolutions of one branch. Each text lies between as many rows of nothing as the branch looks beyond it.
fn convolve(branch: usize, weights: &Weights, own: &[&Feature], stretches: &[Stretch<'_>], out: &mut [f32]) {
    let order = ORDERS[branch];
    let most = own.len() + stretches.len() * (order.span + STEP);
    let mut first = Vec::with_capacity(most * BRANCH);
    let mut starts = Vec::with_capacity(most / STEP);
    let mut rest = own;
    for stretch in stretches {
        let (text, others) = rest.split_at(stretch.pieces.len());
        rest = others;
        let start = first.len() / BRANCH;
        starts.extend((0..text.len()).step_by(STEP).map(|at| start + at));
        first.resize((start + order.before) * BRANCH, 0.0);
        for at in 0..text.len() {
            let place = first.len();
            first.resize(place + BRANCH, 0.0);
            first_of(branch, order, weights, text, at, &mut first[place..]);
        }
        // The last places that are worked out together may lie beyond the text.
        let beyond = text.len().next_multiple_of(STEP) - text.len();
        first.resize(first.len() + (order.after() + beyond) * BRANCH, 0.0);
    }
    let second = weights.second[branch].convolve(&first, &starts);
    // Rows of the text among those of `first` and of `second`, and of all.
    let (mut padded, mut worked, mut at) = (0, 0, 0);
    for stretch in stretches {
        let length = stretch.pieces.len();
        padded += order.before;
        for row in 0..length {
            let second = &second[(worked + row) * BRANCH..][..BRANCH];
            let first = &first[(padded + row) * BRANCH..][..BRANCH];
            let values = second.iter().zip(&weights.second_bias[branch]).zip(first);
            let out = &mut out[(at + row) * PROJECTED + branch * BRANCH..][..BRANCH];
            for (out, ((value, bias), first)) in out.iter_mut().zip(values) {
                *out = (value + bias).max(0.0) + first;
            }
        }
        padded += length.next_multiple_of(STEP) + order.after();
        worked += length.next_multiple_of(STEP);
        at += length;
    }
}

/// The first convolution at one piece: what it and its neighbours add, which their features hold.
fn first_of(branch: usize, order: Order, weights: &Weights, text: &[&Feature], at: usize, out: &mut [f32]) {
    out.copy_from_slice(&weights.first_bias[branch]);
    for place in 0..order.span {
        let Some(neighbour) = (at + place).checked_sub(order.before).and_then(|at| text.get(at)) else {
            continue;
        };
        let added = &neighbour[product_column(branch) + place * BRANCH..][..BRANCH];
        for (out, added) in out.iter_mut().zip(added) {
            *out += added;
        }
    }
    for (out, projected) in out.iter_mut().zip(&text[at][branch * BRANCH..][..BRANCH]) {
        *out = out.max(0.0) + projected;
    }
}

/// Where a branch's products begin among the features.
fn product_column(branch: usize) -> usize {
    let before: usize = ORDERS[..branch].iter().map(|order| order.span).sum();
    debug_assert!(PROJECTED + before * BRANCH < features::WIDTH);
    PROJECTED + before * BRANCH
}
