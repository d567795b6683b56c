//! A convolution over neighbouring pieces, two places at a time.
//!
//! Takes rows, gives rows. Two neighbouring places see nearly the same pieces, and a product saved is a quarter of the
//! time: of three pieces four products are made for two places instead of six, of two three instead of four, and five
//! are three and two (S. Winograd, Arithmetic Complexity of Computations, 1980: F(2, 3) and F(2, 2)).

use super::product::{Left, Matrix, Onto, Out, multiply};
use super::weights::BRANCH;

/// Weights of a span, folded: what goes to the earlier of two places, to the later, to both, and to the earlier as
/// much as it is taken from the later.
pub struct Folded {
    span: usize,
    earlier: Matrix,
    later: Matrix,
    both: Matrix,
    apart: Option<Matrix>,
}

/// Where the parts of a span begin, and how long they are.
fn parts(span: usize) -> Vec<(usize, usize)> {
    match span {
        2 | 3 => vec![(0, span)],
        _ => [
            vec![(0, 3)],
            parts(span - 3).iter().map(|&(at, length)| (at + 3, length)).collect(),
        ]
        .concat(),
    }
}

impl Folded {
    /// From the weights of each place of the span, one place after another.
    pub fn new(weights: &[f32], span: usize) -> Folded {
        let place = |at: usize| &weights[at * BRANCH * BRANCH..][..BRANCH * BRANCH];
        let (mut earlier, mut later, mut both, mut apart) = (vec![], vec![], vec![], vec![]);
        for (at, length) in parts(span) {
            earlier.extend_from_slice(place(at));
            later.extend_from_slice(place(at + length - 1));
            if length == 3 {
                let outer = place(at).iter().zip(place(at + 2)).map(|(first, last)| first + last);
                let sums = outer.zip(place(at + 1));
                both.extend(sums.clone().map(|(outer, middle)| (outer + middle) / 2.0));
                apart.extend(sums.map(|(outer, middle)| (outer - middle) / 2.0));
            } else {
                both.extend(place(at).iter().zip(place(at + 1)).map(|(first, last)| first + last));
            }
        }
        let matrix = |values: Vec<f32>| Matrix::new(values, BRANCH);
        Folded {
            span,
            earlier: matrix(earlier),
            later: matrix(later),
            both: matrix(both),
            apart: (!apart.is_empty()).then(|| matrix(apart)),
        }
    }

    /// Two rows for each pair of places: what the `span` rows from its row on, and from the next, come to.
    pub fn convolve(&self, rows: &[f32], pairs: &[usize]) -> Vec<f32> {
        let row = |at: usize| &rows[at * BRANCH..][..BRANCH];
        let parts = parts(self.span);
        let wide = pairs.len() * parts.len() * BRANCH;
        let (mut earlier, mut later, mut both) = (
            Vec::with_capacity(wide),
            Vec::with_capacity(wide),
            Vec::with_capacity(wide),
        );
        let mut apart = Vec::with_capacity(pairs.len() * BRANCH);
        for &pair in pairs {
            for &(at, length) in &parts {
                let first = pair + at;
                earlier.extend(less(row(first), row(first + length - 1)));
                later.extend(less(row(first + length), row(first + 1)));
                if length == 3 {
                    both.extend(row(first + 1).iter().zip(row(first + 2)).map(|(one, two)| one + two));
                    apart.extend(less(row(first + 2), row(first + 1)));
                } else {
                    both.extend_from_slice(row(first + 1));
                }
            }
        }
        let mut out = vec![0.0; pairs.len() * 2 * BRANCH];
        product(&earlier, &self.earlier, &mut out);
        product(&later, &self.later, out.get_mut(BRANCH..).unwrap_or_default());
        let mut shared = vec![0.0; out.len()];
        product(&both, &self.both, &mut shared);
        if let Some(weights) = &self.apart {
            product(&apart, weights, shared.get_mut(BRANCH..).unwrap_or_default());
        }
        for (out, shared) in out.chunks_exact_mut(2 * BRANCH).zip(shared.chunks_exact(2 * BRANCH)) {
            let (earlier, later) = out.split_at_mut(BRANCH);
            let (both, apart) = shared.split_at(BRANCH);
            for ((earlier, later), (both, apart)) in earlier.iter_mut().zip(later).zip(both.iter().zip(apart)) {
                *earlier += both + apart;
                *later += both - apart;
            }
        }
        out
    }
}

fn less<'a>(left: &'a [f32], right: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
    left.iter().zip(right).map(|(left, right)| left - right)
}

/// Every other row of `out`.
fn product(inputs: &[f32], weights: &Matrix, out: &mut [f32]) {
    let right = weights.whole();
    let left = Left {
        values: inputs,
        rows: inputs.len() / right.rows(),
        stride: right.rows(),
    };
    let mut out = Out {
        values: out,
        stride: 2 * BRANCH,
    };
    multiply(&left, &right, &mut out, Onto::Replace);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_at_a_time_as_one_at_a_time() {
        for span in [2, 3, 5] {
            // Small whole numbers, so that folding rounds nothing.
            let weights: Vec<f32> = (0..span * BRANCH * BRANCH).map(|n| (n * 7 % 5) as f32 - 2.0).collect();
            let rows: Vec<f32> = (0..8 * BRANCH).map(|n| (n * 11 % 7) as f32 - 3.0).collect();
            let found = Folded::new(&weights, span).convolve(&rows, &[0, 2]);
            let matrix = Matrix::new(weights, BRANCH);
            let left = Left {
                values: &rows,
                rows: 4,
                stride: BRANCH,
            };
            let mut expected = vec![0.0; 4 * BRANCH];
            let mut out = Out {
                values: &mut expected,
                stride: BRANCH,
            };
            multiply(&left, &matrix.whole(), &mut out, Onto::Replace);
            assert_eq!(found, expected, "{span}");
        }
    }
}
