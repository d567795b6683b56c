//! Length that can be compared across languages: a percentile within the outlet.

use crate::model::comparison::LengthClass;

/// Fewer articles than this say nothing about what is usual (comparison.md: n ≥ 30).
pub const ENOUGH: usize = 30;

/// Mid-rank percentile of `n` among the outlet's own lengths.
pub fn percentile(n: u32, lengths: &[u32]) -> Option<u8> {
    if lengths.len() < ENOUGH {
        return None;
    }
    let less = lengths.iter().filter(|&&other| other < n).count();
    let equal = lengths.iter().filter(|&&other| other == n).count();
    let share = (less as f64 + equal as f64 / 2.0) / lengths.len() as f64;
    Some((share * 100.0).round() as u8)
}

/// brief ≤ 20 < short ≤ 50 < standard ≤ 85 < long
pub fn class(percentile: u8) -> LengthClass {
    match percentile {
        0..=20 => LengthClass::Brief,
        21..=50 => LengthClass::Short,
        51..=85 => LengthClass::Standard,
        _ => LengthClass::Long,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentile_is_the_mid_rank_and_needs_thirty() {
        let lengths: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(38, &lengths), Some(38));
        assert_eq!(percentile(500, &lengths), Some(100));
        assert_eq!(percentile(5, &lengths[..29]), None);
        assert_eq!(class(20), LengthClass::Brief);
        assert_eq!(class(86), LengthClass::Long);
    }
}
