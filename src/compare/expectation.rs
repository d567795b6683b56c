//! Is a silence unusual? By how often the source covered the same relation before, where that is known.

use super::Rate;
use crate::model::comparison::Surprise;

/// Fewer occasions than this say nothing about what is usual.
pub const ENOUGH: u32 = 5;

/// "7/9 stories in 365 d": of the stories on the relation that at least two other sources ran, those that this one ran,
/// too. Nothing where there was no such story.
pub fn rate(rate: Option<Rate>) -> Option<String> {
    let rate = rate.filter(|rate| rate.of > 0)?;
    Some(format!("{}/{} stories in 365 d", rate.covered, rate.of))
}

/// What is usual for it more often than not is expected of it.
pub fn surprise(rate: Option<Rate>, covered: bool) -> Surprise {
    let Some(rate) = rate.filter(|rate| rate.of >= ENOUGH) else {
        return Surprise::Unknown;
    };
    let usual = rate.covered * 2 >= rate.of;
    if usual == covered {
        Surprise::Expected
    } else {
        Surprise::Unusual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_five_occasions_nothing_is_a_surprise() {
        let of = |covered, of| Some(Rate { covered, of });
        assert_eq!(surprise(of(4, 4), false), Surprise::Unknown);
        assert_eq!(surprise(of(7, 7), false), Surprise::Unusual);
        assert_eq!(surprise(of(7, 7), true), Surprise::Expected);
        assert_eq!(surprise(of(0, 7), false), Surprise::Expected);
        assert_eq!(surprise(of(0, 7), true), Surprise::Unusual);
        assert_eq!(surprise(None, false), Surprise::Unknown);
        assert_eq!(rate(of(7, 9)).as_deref(), Some("7/9 stories in 365 d"));
        assert_eq!((rate(of(0, 0)), rate(None)), (None, None));
    }
}
