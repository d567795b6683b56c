//! A share and how sure it is. Takes counts, gives an interval; never reads the store.

/// 95 % of a normal distribution lie within this many standard deviations.
const Z: f64 = 1.959_964;

/// Wilson's 95 % interval of `hits` of `all` (JASA 22, 1927): keeps within 0 and 1 for few articles, too.
pub fn wilson(hits: u64, all: u64) -> Option<(f64, f64)> {
    if all == 0 || hits > all {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no store holds 2^53 articles")]
    let (k, n) = (hits as f64, all as f64);
    let (p, z2) = (k / n, Z * Z);
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let low = if hits == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if hits == all { 1.0 } else { (middle + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_of_twenty_three() {
        let (low, high) = wilson(7, 23).unwrap();
        assert!(
            (low - 0.156).abs() < 0.0005 && (high - 0.509).abs() < 0.0005,
            "{low} {high}"
        );
    }

    #[test]
    fn ends_and_nothing() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
        let (low, high) = wilson(0, 611).unwrap();
        assert!(low == 0.0 && high > 0.006 && high < 0.0063, "{high}");
        assert!(wilson(5, 5).is_some_and(|(low, high)| high == 1.0 && low > 0.5));
    }
}
