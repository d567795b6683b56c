//! Krippendorff's α: how far several coders agree beyond chance, for any number of them, any level of measurement, and
//! with codes missing.
//!
//! Takes the values that each unit was given, gives a number. Knows no coder, no unit and no variable by name.
//!
//! α = 1 − Dₒ / Dₑ, from the matrix of coincidences (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011;
//! Content Analysis, 4th ed., ch. 12).

use crate::model::codebook::Level;

/// Resamples of an interval.
pub const RESAMPLES: u32 = 2_000;

/// What was found of one variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// `None`: all values are the same, so that there is nothing to agree about, or no unit has two.
    pub alpha: Option<f64>,
    /// Share of pairs of values of one unit that are equal.
    pub agreement: Option<f64>,
    /// Units with two values or more, and the values in them.
    pub units: usize,
    pub values: usize,
}

/// 95 of 100 resamples lie between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub high: f64,
    /// Resamples in which α is defined: some hold one value only.
    pub resamples: u32,
}

/// Every unit's values by their place in `scale`: how often each.
#[derive(Debug)]
struct Counted {
    /// The distinct values, ascending.
    scale: Vec<f64>,
    /// Of each pairable unit, the places of its values with their counts.
    units: Vec<Vec<(usize, f64)>>,
}

impl Counted {
    fn of(units: &[Vec<f64>]) -> Counted {
        let pairable = || units.iter().filter(|values| values.len() > 1);
        let mut scale: Vec<f64> = pairable().flatten().copied().collect();
        scale.sort_by(f64::total_cmp);
        scale.dedup();
        let place = |value: &f64| scale.partition_point(|known| known.total_cmp(value).is_lt());
        let count = |values: &Vec<f64>| {
            let mut places: Vec<usize> = values.iter().map(place).collect();
            places.sort_unstable();
            let runs = places.chunk_by(|a, b| a == b);
            runs.filter_map(|run| Some((*run.first()?, run.len() as f64))).collect()
        };
        let units = pairable().map(count).collect();
        Counted { scale, units }
    }

    /// How often each value stands in these units.
    fn totals<'u>(&self, units: impl Iterator<Item = &'u Vec<(usize, f64)>>) -> Vec<f64> {
        let mut totals = vec![0.0; self.scale.len()];
        for (place, count) in units.flatten() {
            if let Some(total) = totals.get_mut(*place) {
                *total += count;
            }
        }
        totals
    }

    /// α of these units, and the observed share of equal pairs.
    fn alpha<'u>(
        &self,
        level: Level,
        units: impl Iterator<Item = &'u Vec<(usize, f64)>> + Clone,
    ) -> (Option<f64>, Option<f64>) {
        let totals = self.totals(units.clone());
        let n: f64 = totals.iter().sum();
        if n < 2.0 {
            return (None, None);
        }
        let distance = Distance::new(level, &self.scale, &totals);
        let (mut observed, mut equal) = (0.0, 0.0);
        for unit in units {
            let of: f64 = unit.iter().map(|(_, count)| count).sum();
            for (c, first) in unit {
                for (k, second) in unit {
                    // A value makes no pair with itself.
                    let pairs = if c == k { first * (first - 1.0) } else { first * second } / (of - 1.0);
                    observed += pairs * distance.between(*c, *k);
                    equal += if c == k { pairs } else { 0.0 };
                }
            }
        }
        let expected = distance.expected(&totals) / (n - 1.0);
        let alpha = (expected > 0.0).then(|| 1.0 - observed / expected);
        (alpha, Some(equal / n))
    }
}

/// Squared differences between values of a scale.
struct Distance<'s> {
    level: Level,
    /// Ordinal: how many values lie below the middle of each; else the values.
    on: std::borrow::Cow<'s, [f64]>,
}

impl<'s> Distance<'s> {
    fn new(level: Level, scale: &'s [f64], totals: &[f64]) -> Distance<'s> {
        let on = match level {
            // The ranks between two values, half of each end counted: the difference of their mid-ranks.
            Level::Ordinal => {
                let mut below = 0.0;
                let middles = totals.iter().map(|total| {
                    below += total;
                    below - total / 2.0
                });
                middles.collect::<Vec<f64>>().into()
            }
            _ => scale.into(),
        };
        Distance { level, on }
    }

    fn between(&self, c: usize, k: usize) -> f64 {
        if c == k {
            return 0.0;
        }
        let (Some(a), Some(b)) = (self.on.get(c), self.on.get(k)) else {
            return 0.0;
        };
        match self.level {
            Level::Nominal => 1.0,
            Level::Ordinal | Level::Interval => (a - b) * (a - b),
            // Of two zeros there is no ratio, and no difference.
            Level::Ratio if a + b == 0.0 => 0.0,
            Level::Ratio => ((a - b) / (a + b)) * ((a - b) / (a + b)),
        }
    }

    /// The sum over all pairs of values, as often as each stands.
    fn expected(&self, totals: &[f64]) -> f64 {
        let n: f64 = totals.iter().sum();
        match self.level {
            Level::Nominal => n * n - totals.iter().map(|total| total * total).sum::<f64>(),
            // Σ Σ n n (a − b)² = 2 (n Σ n a² − (Σ n a)²), about the mean so that nothing is lost in large numbers.
            Level::Ordinal | Level::Interval => {
                let mean = totals.iter().zip(self.on.iter()).map(|(n, a)| n * a).sum::<f64>() / n;
                let squares = totals
                    .iter()
                    .zip(self.on.iter())
                    .map(|(n, a)| n * (a - mean) * (a - mean));
                2.0 * n * squares.sum::<f64>()
            }
            Level::Ratio => {
                let pairs = totals.iter().enumerate().flat_map(|(c, first)| {
                    let others = totals.iter().enumerate();
                    others.map(move |(k, second)| first * second * self.between(c, k))
                });
                pairs.sum()
            }
        }
    }
}

/// α of units that were each given some values. Units with fewer than two say nothing about agreement.
pub fn alpha(level: Level, units: &[Vec<f64>]) -> Alpha {
    let counted = Counted::of(units);
    let (alpha, agreement) = counted.alpha(level, counted.units.iter());
    Alpha {
        alpha,
        agreement,
        units: counted.units.len(),
        values: units.iter().filter(|values| values.len() > 1).map(Vec::len).sum(),
    }
}

/// The spread of α over resamples of the units, drawn with replacement. `seed` decides what is drawn: the same codes give
/// the same interval. `None` with fewer than two units, or where α is not defined.
pub fn spread(level: Level, units: &[Vec<f64>], seed: u64) -> Option<Spread> {
    let counted = Counted::of(units);
    if counted.units.len() < 2 {
        return None;
    }
    let mut draw = Draw(seed);
    let mut found: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let drawn: Vec<&Vec<(usize, f64)>> = (0..counted.units.len())
                .filter_map(|_| counted.units.get(draw.below(counted.units.len())))
                .collect();
            counted.alpha(level, drawn.iter().copied()).0
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |share: f64| {
        found
            .get(((found.len().checked_sub(1)?) as f64 * share).round() as usize)
            .copied()
    };
    Some(Spread {
        low: at(0.025)?,
        high: at(0.975)?,
        resamples: u32::try_from(found.len()).unwrap_or(RESAMPLES),
    })
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a sequence that its beginning decides.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`, by the high half of the product: its bias is below n / 2⁶⁴.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four observers and twelve units (Krippendorff 2011, example C); 0 = not coded.
    const OBSERVERS: [[u8; 12]; 4] = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];

    fn units() -> Vec<Vec<f64>> {
        (0..12)
            .map(|unit| {
                let codes = OBSERVERS.iter().map(|codes| codes[unit]).filter(|code| *code > 0);
                codes.map(f64::from).collect()
            })
            .collect()
    }

    #[test]
    fn krippendorffs_four_observers() {
        for (level, expected) in [
            (Level::Nominal, 0.743),
            (Level::Ordinal, 0.815),
            (Level::Interval, 0.849),
            (Level::Ratio, 0.797),
        ] {
            let found = alpha(level, &units());
            let value = found.alpha.unwrap();
            assert!((value - expected).abs() < 0.0005, "{level:?}: {value}");
            // The twelfth unit has one value only.
            assert_eq!((found.units, found.values), (11, 40));
        }
    }

    #[test]
    fn the_interval_holds_the_value_and_comes_again() {
        let codes = units();
        let found = spread(Level::Nominal, &codes, 7).unwrap();
        assert!(
            found.low < 0.743 && 0.743 < found.high && found.high <= 1.0,
            "{found:?}"
        );
        assert_eq!(spread(Level::Nominal, &codes, 7), Some(found));
        assert_ne!(spread(Level::Nominal, &codes, 8), Some(found));
    }

    #[test]
    fn what_says_nothing_is_not_perfect() {
        assert_eq!(alpha(Level::Nominal, &[vec![1.0, 1.0], vec![1.0, 1.0]]).alpha, None);
        assert_eq!(alpha(Level::Nominal, &[vec![1.0], vec![]]).alpha, None);
        assert_eq!(spread(Level::Interval, &[vec![1.0, 2.0]], 1), None);
        let perfect = alpha(Level::Ratio, &[vec![0.0, 0.0], vec![3.0, 3.0]]);
        assert_eq!((perfect.alpha, perfect.agreement), (Some(1.0), Some(1.0)));
    }

    #[test]
    fn order_of_coders_and_units_does_not_matter() {
        let mut turned = units();
        turned.reverse();
        turned.iter_mut().for_each(|values| values.reverse());
        for level in [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio] {
            let (one, other) = (
                alpha(level, &units()).alpha.unwrap(),
                alpha(level, &turned).alpha.unwrap(),
            );
            assert!((one - other).abs() < 1e-12);
        }
    }
}
