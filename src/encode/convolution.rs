//! A convolution over neighbouring pieces, four places at a time.
//!
//! Takes rows, gives rows. Neighbouring places see nearly the same pieces, and a product saved is most of the time: with a
//! span of two, three and five pieces, five, six and eight products are made for four places instead of eight, twelve and
//! twenty (S. Winograd, Arithmetic Complexity of Computations, 1980: F(4, 2), F(4, 3), F(4, 5)). What goes in and what
//! comes out are polynomials, multiplied by their values at some points.

use super::product::{Left, Matrix, Onto, Out, multiply};
use super::weights::BRANCH;

/// Places that are worked out together.
pub const STEP: usize = 4;

/// Where the polynomials are evaluated, as far as a span needs them; the last point of all is infinity. Small ones, and
/// their inverses, so that few bits are lost.
const POINTS: [f32; 7] = [0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5];
/// Numbers of a row that are worked on together: so many stay in registers.
const LANES: usize = 16;

/// Weights of a span, at each point.
pub struct Folded {
    points: Vec<Point>,
}

/// Rows, from the first on, and how much of each is taken.
type Rows = Vec<(usize, f32)>;

struct Point {
    /// The weights' own value here, and at the opposite point where that is one too.
    weights: Matrix,
    opposite: Option<Matrix>,
    /// What goes in; at the opposite point, the odd rows as much less.
    even: Rows,
    odd: Rows,
    /// How much what comes out adds to each of the places.
    output: [f32; STEP],
}

impl Folded {
    /// From the weights of each place of the span, one place after another.
    pub fn new(weights: &[f32], span: usize) -> Folded {
        let finite = &POINTS[..STEP + span - 2];
        let value = |at: Option<f32>| {
            let mut value = vec![0.0; BRANCH * BRANCH];
            for (place, weights) in weights.chunks_exact(BRANCH * BRANCH).enumerate() {
                let factor = power(at, place, span - 1);
                for (value, weight) in value.iter_mut().zip(weights) {
                    *value += factor * weight;
                }
            }
            Matrix::new(value, BRANCH)
        };
        let point = |n: usize| {
            let at = finite.get(n).copied();
            let opposite = at.map(|at| -at).filter(|at| *at < 0.0 && finite.contains(at));
            let input = basis(finite, n).into_iter().enumerate();
            let input = input.filter(|(_, factor)| *factor != 0.0);
            // Taken together: where the points lie even about nought, every other row falls out of either half.
            let (even, odd) = match opposite {
                Some(_) => halves(finite, n),
                None => (input.collect(), Vec::new()),
            };
            Point {
                weights: value(at),
                opposite: opposite.map(|at| value(Some(at))),
                even,
                odd,
                output: std::array::from_fn(|place| power(at, place, STEP - 1)),
            }
        };
        let lone = |n: &usize| finite.get(*n).is_none_or(|at| *at >= 0.0);
        Folded {
            points: (0..=finite.len()).filter(lone).map(point).collect(),
        }
    }

    /// For each start, `STEP` rows: what the rows of the span from there on, and from the next ones, come to.
    pub fn convolve(&self, rows: &[f32], starts: &[usize]) -> Vec<f32> {
        let size = starts.len() * BRANCH;
        let mut out = vec![0.0; size * STEP];
        let mut input = [vec![0.0; size], vec![0.0; size]];
        let mut product = [vec![0.0; size], vec![0.0; size]];
        for point in &self.points {
            let opposite = point.opposite.as_ref();
            let [here, there] = &mut input;
            let inputs = here.chunks_exact_mut(BRANCH).zip(there.chunks_exact_mut(BRANCH));
            for (&start, (here, there)) in starts.iter().zip(inputs) {
                point.take(&rows[start * BRANCH..], here, there);
            }
            let weights = std::iter::once(&point.weights).chain(opposite);
            for ((input, product), weights) in input.iter().zip(&mut product).zip(weights) {
                multiply(
                    &Left {
                        values: input,
                        rows: starts.len(),
                        stride: BRANCH,
                    },
                    &weights.whole(),
                    &mut Out {
                        values: product,
                        stride: BRANCH,
                    },
                    Onto::Replace,
                );
            }
            let [here, there] = &product;
            let products = here.chunks_exact(BRANCH).zip(there.chunks_exact(BRANCH));
            for (out, (here, there)) in out.chunks_exact_mut(STEP * BRANCH).zip(products) {
                point.give(here, there, out);
            }
        }
        out
    }
}

impl Point {
    /// What goes in at this point, and at the opposite one, of the rows from the first on.
    fn take(&self, rows: &[f32], here: &mut [f32], there: &mut [f32]) {
        let (here, there) = (here.as_chunks_mut::<LANES>().0, there.as_chunks_mut::<LANES>().0);
        for (chunk, (here, there)) in here.iter_mut().zip(there).enumerate() {
            let (mut even, mut odd) = ([0.0; LANES], [0.0; LANES]);
            for &(row, factor) in &self.even {
                add(&mut even, factor, &rows[row * BRANCH + chunk * LANES..]);
            }
            for &(row, factor) in &self.odd {
                add(&mut odd, factor, &rows[row * BRANCH + chunk * LANES..]);
            }
            for lane in 0..LANES {
                here[lane] = even[lane] + odd[lane];
                there[lane] = even[lane] - odd[lane];
            }
        }
    }

    /// Adds what comes out to the places.
    fn give(&self, here: &[f32], there: &[f32], out: &mut [f32]) {
        let places = out.chunks_exact_mut(BRANCH).zip(self.output).enumerate();
        for (place, (out, factor)) in places.filter(|(_, (_, factor))| *factor != 0.0) {
            let values = out.iter_mut().zip(here.iter().zip(there));
            // At the opposite point the odd powers are taken off.
            match (&self.opposite, place % 2) {
                (None, _) => values.for_each(|(out, (here, _))| *out += factor * here),
                (Some(_), 0) => values.for_each(|(out, (here, there))| *out += factor * (here + there)),
                (Some(_), _) => values.for_each(|(out, (here, there))| *out += factor * (here - there)),
            }
        }
    }
}

#[inline(always)]
fn add(sum: &mut [f32; LANES], factor: f32, values: &[f32]) {
    if let Some(values) = values.first_chunk::<LANES>() {
        for (sum, value) in sum.iter_mut().zip(values) {
            *sum += factor * value;
        }
    }
}

/// A point to a power, up to this one; infinity has the highest alone.
fn power(at: Option<f32>, exponent: usize, highest: usize) -> f32 {
    match at {
        Some(at) => at.powi(exponent as i32),
        None => f32::from(u8::from(exponent == highest)),
    }
}

/// Coefficients of the polynomial that is one at this point and nothing at the others; past the last, of the one that is
/// nothing at all of them and rises as its highest power does (Lagrange).
fn basis(points: &[f32], own: usize) -> Vec<f32> {
    let mut coefficients = vec![0.0_f64; points.len() + 1];
    coefficients[0] = 1.0;
    for (n, &other) in points.iter().enumerate().filter(|(n, _)| *n != own) {
        let other = f64::from(other);
        let scale = points.get(own).map_or(1.0, |&at| f64::from(at) - other);
        for power in (0..=n.min(points.len() - 1) + 1).rev() {
            let below = power.checked_sub(1).map_or(0.0, |below| coefficients[below]);
            coefficients[power] = (below - other * coefficients[power]) / scale;
        }
    }
    coefficients.into_iter().map(|value| value as f32).collect()
}

/// Half of the sum of the polynomials of a point and its opposite, and half of their difference.
fn halves(points: &[f32], own: usize) -> (Rows, Rows) {
    let other = points.iter().position(|at| *at == -points[own]).unwrap_or(own);
    let both = basis(points, own).into_iter().zip(basis(points, other));
    let (even, odd): (Vec<f32>, Vec<f32>) = both
        .map(|(one, other)| ((one + other) / 2.0, (one - other) / 2.0))
        .unzip();
    let present = |factors: Vec<f32>| {
        factors
            .into_iter()
            .enumerate()
            .filter(|(_, factor)| *factor != 0.0)
            .collect()
    };
    (present(even), present(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_places_at_a_time_as_one_at_a_time() {
        for span in [2, 3, 5] {
            let weights: Vec<f32> = (0..span * BRANCH * BRANCH).map(|n| (n * 7 % 5) as f32 - 2.0).collect();
            let rows: Vec<f32> = (0..12 * BRANCH).map(|n| (n * 11 % 7) as f32 - 3.0).collect();
            let found = Folded::new(&weights, span).convolve(&rows, &[0, 4]);
            let matrix = Matrix::new(weights, BRANCH);
            let left = Left {
                values: &rows,
                rows: 2 * STEP,
                stride: BRANCH,
            };
            let mut expected = vec![0.0; 2 * STEP * BRANCH];
            let mut out = Out {
                values: &mut expected,
                stride: BRANCH,
            };
            multiply(&left, &matrix.whole(), &mut out, Onto::Replace);
            let largest = expected.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-4 * largest, "{span}: {found} {expected}");
            }
        }
    }
}
