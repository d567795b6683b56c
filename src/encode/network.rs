//! From the sum over a sentence to its vector: a projection, four layers with two skips, and unit length.

use super::product::{Left, Matrix, Onto, Out, multiply};
use super::weights::{HIDDEN, Weights};
use super::{DIM, forward};

/// Appends the vectors of texts whose sums are the rows of `sums` and that have so many pieces.
pub fn vectors(weights: &Weights, mut sums: Vec<f32>, lengths: &[usize], vectors: &mut Vec<Vec<f32>>) {
    let rows = lengths.len();
    for (row, &length) in sums.chunks_exact_mut(forward::WIDTH).zip(lengths) {
        // Gain and shift of every piece at once, since a sum does not mind the order.
        let learnt = weights.gain.iter().zip(&weights.shift);
        for (value, (gain, shift)) in row.iter_mut().zip(learnt) {
            *value = *value * gain + shift * length as f32;
        }
    }
    let mut sentence = layer(&[(&sums, &weights.sentence)], rows, DIM);
    for (row, &length) in sentence.chunks_exact_mut(DIM).zip(lengths) {
        let length = length as f32;
        for (value, bias) in row.iter_mut().zip(&weights.sentence_bias) {
            *value = (*value + length * bias) / length.sqrt();
        }
    }
    let hidden = rectified(layer(&[(&sentence, &weights.dense_0)], rows, HIDDEN));
    let skipped = layer(
        &[(&sentence, &weights.skip_1), (&hidden, &weights.dense_1)],
        rows,
        HIDDEN,
    );
    let skipped = rectified(skipped);
    let wide = rectified(layer(&[(&skipped, &weights.dense_2)], rows, DIM));
    let mut last = layer(&[(&skipped, &weights.skip_3), (&wide, &weights.dense_3)], rows, DIM);
    for row in last.chunks_exact_mut(DIM) {
        for value in row.iter_mut() {
            *value = value.tanh();
        }
        let squares: f32 = row.iter().map(|value| value * value).sum();
        let factor = 1.0 / squares.max(weights.epsilon).sqrt();
        vectors.push(row.iter().map(|value| value * factor).collect());
    }
}

/// The sum of the products of rows with their matrices.
fn layer(terms: &[(&Vec<f32>, &Matrix)], rows: usize, columns: usize) -> Vec<f32> {
    let mut values = vec![0.0; rows * columns];
    for (term, matrix) in terms {
        let left = Left {
            values: term,
            rows,
            stride: term.len() / rows.max(1),
        };
        let mut out = Out {
            values: &mut values,
            stride: columns,
        };
        multiply(&left, &matrix.whole(), &mut out, Onto::Add);
    }
    values
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    for value in &mut values {
        *value = value.max(0.0);
    }
    values
}
