//! Products of matrices, row by row in memory, on whatever vector unit the processor has.
//!
//! Takes matrices and writes a matrix. One of two places with `unsafe` (the other
//! asks the processor to count bits, in `cluster::scan`): the product's own crate takes pointers, and what it
//! will read and write is checked here.

/// Rows of `columns` numbers, one after another.
pub struct Matrix {
    values: Vec<f32>,
    columns: usize,
}

impl Matrix {
    pub fn new(values: Vec<f32>, columns: usize) -> Matrix {
        Matrix { values, columns }
    }

    pub fn whole(&self) -> Right<'_> {
        self.rows(0, self.values.len() / self.columns)
    }

    /// `count` rows from `first`.
    pub fn rows(&self, first: usize, count: usize) -> Right<'_> {
        Right {
            values: &self.values[first * self.columns..(first + count) * self.columns],
            rows: count,
            columns: self.columns,
        }
    }
}

/// The right factor.
pub struct Right<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
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
    let (rows, inner, columns) = (left.rows, right.rows, right.columns);
    if rows == 0 {
        return;
    }
    assert!((rows - 1) * left.stride + inner <= left.values.len(), "left factor");
    assert!(inner * columns <= right.values.len(), "right factor");
    assert!(columns <= out.stride, "rows of a product may not overlap");
    assert!((rows - 1) * out.stride + columns <= out.values.len(), "product");
    let beta = if onto == Onto::Add { 1.0 } else { 0.0 };
    // SAFETY: element (i, j) of a factor or of the product lies at `i * stride + j`, and the largest was found to be
    // within its slice above; the product is borrowed mutably, so it overlaps neither factor.
    #[expect(unsafe_code, reason = "the crate's only interface")]
    unsafe {
        matrixmultiply::sgemm(
            rows,
            inner,
            columns,
            1.0,
            left.values.as_ptr(),
            left.stride.cast_signed(),
            1,
            right.values.as_ptr(),
            columns.cast_signed(),
            1,
            beta,
            out.values.as_mut_ptr(),
            out.stride.cast_signed(),
            1,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_rows_are_a_convolution() {
        let right = Matrix::new(vec![1.0, 10.0, 2.0, 20.0], 2);
        let left = Left {
            values: &[1.0, 2.0, 3.0],
            rows: 2,
            stride: 1,
        };
        let mut values = [5.0; 5];
        let mut out = Out {
            values: &mut values,
            stride: 3,
        };
        multiply(&left, &right.whole(), &mut out, Onto::Replace);
        multiply(&left, &right.rows(0, 1), &mut out, Onto::Add);
        assert_eq!(values, [6.0, 60.0, 5.0, 10.0, 100.0]);
    }

    #[test]
    #[should_panic(expected = "left factor")]
    fn a_factor_that_is_too_short_is_never_read() {
        let right = Matrix::new(vec![1.0; 4], 2);
        let left = Left {
            values: &[1.0; 3],
            rows: 2,
            stride: 2,
        };
        let mut out = Out {
            values: &mut [0.0; 4],
            stride: 2,
        };
        multiply(&left, &right.whole(), &mut out, Onto::Replace);
    }
}
