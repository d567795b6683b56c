//! Products with the matrices of weights, which are laid out once for all products to come.
//!
//! Takes rows and a matrix, writes rows. A library of matrix products would lay out the matrix anew for every product,
//! which for the few sentences of an article costs as much as the product itself. Each number is summed up in the
//! order of the weights, however many rows there are, so that a text's vector does not depend on its neighbours.

/// Columns that are worked on side by side: two registers of eight numbers.
const ACROSS: usize = 16;
/// Rows that are worked on side by side: with their columns they fill twelve of the sixteen registers.
const DOWN: usize = 6;

/// Weights in panels of `ACROSS` columns, each row by row.
pub struct Matrix {
    values: Vec<f32>,
    rows: usize,
}

impl Matrix {
    /// From rows of `columns` numbers, a multiple of `ACROSS`.
    pub fn new(values: &[f32], columns: usize) -> Matrix {
        assert_eq!(columns % ACROSS, 0, "columns fill their panels");
        let mut panels = Vec::with_capacity(values.len());
        for first in (0..columns).step_by(ACROSS) {
            for row in values.chunks_exact(columns) {
                panels.extend_from_slice(&row[first..first + ACROSS]);
            }
        }
        Matrix {
            values: panels,
            rows: values.len() / columns,
        }
    }

    pub fn whole(&self) -> Right<'_> {
        self.rows(0, self.rows)
    }

    /// `count` rows from `first`.
    pub fn rows(&self, first: usize, count: usize) -> Right<'_> {
        assert!(first + count <= self.rows);
        Right {
            matrix: self,
            first,
            count,
        }
    }
}

/// The right factor: some rows of a matrix.
pub struct Right<'a> {
    matrix: &'a Matrix,
    first: usize,
    count: usize,
}

impl Right<'_> {
    pub fn rows(&self) -> usize {
        self.count
    }

    fn panels(&self) -> impl Iterator<Item = &[[f32; ACROSS]]> {
        let (panels, _) = self.matrix.values.as_chunks::<ACROSS>();
        panels
            .chunks_exact(self.matrix.rows)
            .map(|panel| &panel[self.first..self.first + self.count])
    }
}

/// The left factor: `rows` rows that begin `stride` numbers after one another. They may overlap, which is how a
/// convolution over neighbouring rows is one product.
pub struct Left<'a> {
    pub values: &'a [f32],
    pub rows: usize,
    pub stride: usize,
}

/// Where the product goes: as many rows as the left factor has, `stride` numbers apart.
pub struct Out<'a> {
    pub values: &'a mut [f32],
    pub stride: usize,
}

/// What becomes of the numbers that are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Onto {
    Replace,
    Add,
}

pub fn multiply(left: &Left<'_>, right: &Right<'_>, out: &mut Out<'_>, onto: Onto) {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "instructions that not every processor has")]
        // SAFETY: this processor was just found to have them.
        return unsafe { multiply_fused(left, right, out, onto) };
    }
    panel_by_panel::<false>(left, right, out, onto);
}

/// The same, compiled for processors that multiply and add in one step, eight numbers at once.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn multiply_fused(left: &Left<'_>, right: &Right<'_>, out: &mut Out<'_>, onto: Onto) {
    panel_by_panel::<true>(left, right, out, onto);
}

#[inline(always)]
fn panel_by_panel<const FUSED: bool>(left: &Left<'_>, right: &Right<'_>, out: &mut Out<'_>, onto: Onto) {
    for (number, panel) in right.panels().enumerate() {
        let mut row = 0;
        while row < left.rows {
            let from = &left.values[row * left.stride..];
            let to = &mut out.values[row * out.stride + number * ACROSS..];
            let strides = (left.stride, out.stride);
            row += match left.rows - row {
                DOWN.. => block::<DOWN, FUSED>(from, panel, to, strides, onto),
                4 | 5 => block::<4, FUSED>(from, panel, to, strides, onto),
                2 | 3 => block::<2, FUSED>(from, panel, to, strides, onto),
                _ => block::<1, FUSED>(from, panel, to, strides, onto),
            };
        }
    }
}

/// `ROWS` rows times one panel; gives `ROWS`.
#[inline(always)]
fn block<const ROWS: usize, const FUSED: bool>(
    from: &[f32],
    panel: &[[f32; ACROSS]],
    to: &mut [f32],
    (from_stride, to_stride): (usize, usize),
    onto: Onto,
) -> usize {
    let inner = panel.len();
    let rows: [&[f32]; ROWS] = std::array::from_fn(|row| &from[row * from_stride..][..inner]);
    let mut sums = [[0.0f32; ACROSS]; ROWS];
    for at in 0..inner {
        let weights = &panel[at];
        for row in 0..ROWS {
            let value = rows[row][at];
            for (sum, weight) in sums[row].iter_mut().zip(weights) {
                *sum = if FUSED {
                    value.mul_add(*weight, *sum)
                } else {
                    value * weight + *sum
                };
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        for (to, sum) in to[row * to_stride..][..ACROSS].iter_mut().zip(sums) {
            *to = if onto == Onto::Add { *to + sum } else { *sum };
        }
    }
    ROWS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows and columns of whole numbers, whose products are exact in any order.
    fn numbers(count: usize, step: usize) -> Vec<f32> {
        (0..count).map(|n| (n * step % 17) as f32 - 8.0).collect()
    }

    #[test]
    fn products_as_the_definition_has_them() {
        const INNER: usize = 5;
        const COLUMNS: usize = 2 * ACROSS;
        let weights = numbers(INNER * COLUMNS, 7);
        let matrix = Matrix::new(&weights, COLUMNS);
        for rows in 0..=2 * DOWN + 1 {
            // Overlapping rows: each begins three numbers after the one before.
            let values = numbers(rows * 3 + INNER, 5);
            let left = Left {
                values: &values,
                rows,
                stride: 3,
            };
            for (first, count) in [(0, INNER), (2, 2)] {
                let mut out = vec![1.0; rows * (COLUMNS + 1)];
                let stride = COLUMNS + 1;
                for onto in [Onto::Replace, Onto::Add] {
                    let mut out = Out {
                        values: &mut out,
                        stride,
                    };
                    multiply(&left, &matrix.rows(first, count), &mut out, onto);
                }
                let mut slow = vec![1.0; out.len()];
                for (row, column) in (0..rows).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
                    let terms = (0..count).map(|k| values[row * 3 + k] * weights[(first + k) * COLUMNS + column]);
                    slow[row * stride + column] = 2.0 * terms.sum::<f32>();
                }
                assert_eq!(out, slow, "{rows} rows, weights {first} and {count}");
            }
        }
    }
}
