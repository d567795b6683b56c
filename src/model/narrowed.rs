//! When something was published, as far as it can be known: the publisher's claim narrowed by our looks.
//!
//! Two clocks, never mixed: a claim is what the publisher says; a look bounds it from outside.

use jiff::Timestamp;

use super::{DateClaim, Interval, Precision};

/// How an article came into sight.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    pub seen: Timestamp,
    /// Last good look at a listing that announced it, before it did.
    pub absent: Option<Timestamp>,
    /// The newest date that this look did list.
    pub newest_then: Option<Timestamp>,
}

/// When something was first published, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Narrowed {
    pub interval: Interval,
    /// The claim lies before a look that listed newer items without this one; `None` = no look can tell.
    pub backdated: Option<bool>,
    /// What the claim leaves open: a claim to the minute is ranked as a point, and may be any second of its minute.
    pub whole: Interval,
}

impl Interval {
    /// Certainly over before the other began. What overlaps, and two equal points, have no order.
    pub fn is_before(self, other: Interval) -> bool {
        self.max < other.min || (self.max == other.min && self.min < self.max)
    }
}

/// The claim cut to the span between the look that lacked the item and the look that had it.
pub fn narrow(claim: Option<&DateClaim>, sight: Sight) -> Narrowed {
    let Sight { seen, absent, .. } = sight;
    let loose = |interval, backdated| Narrowed {
        interval,
        backdated,
        whole: interval,
    };
    let Some(claim) = claim else {
        // Nothing claimed: all we know is between two looks; without an earlier look, only "by then".
        let min = absent.unwrap_or(seen);
        return loose(Interval { min, max: seen }, None);
    };
    let claimed = claim.interval;
    if claim.precision <= Precision::Minute {
        // A claim to the minute is a point; a look can contradict it but not sharpen it.
        let at = claimed.min.min(seen);
        let backdated = sight.backdated(at);
        // Contradicted, it says no more than that the item was there when it was seen.
        let max = if backdated == Some(true) { seen } else { at };
        let width = claimed.max.duration_since(claimed.min);
        return Narrowed {
            interval: Interval { min: at, max },
            backdated,
            whole: Interval {
                min: at,
                max: max.max(at.saturating_add(width).unwrap_or(max)),
            },
        };
    }
    let min = absent.map_or(claimed.min, |absent| absent.max(claimed.min));
    let max = seen.min(claimed.max);
    if min > max {
        // The claim and the looks exclude each other: anything from the claim to the sight is possible.
        let min = claimed.min.min(seen);
        return loose(Interval { min, max: seen }, sight.backdated(claimed.max));
    }
    loose(Interval { min, max }, absent.map(|_| false))
}

impl Sight {
    /// Does the claim end before a look that listed newer items without it? A look that listed only older ones says
    /// nothing: the listing was late.
    fn backdated(self, claimed: Timestamp) -> Option<bool> {
        let absent = self.absent?;
        if claimed >= absent {
            return Some(false);
        }
        self.newest_then.map(|newest| newest > claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_has_no_order_and_what_only_touches_has_one() {
        let span = |min: i64, max: i64| Interval {
            min: Timestamp::from_second(min).unwrap(),
            max: Timestamp::from_second(max).unwrap(),
        };
        for (one, other, before) in [
            (span(0, 60), span(60, 120), true),
            (span(0, 60), span(61, 61), true),
            (span(0, 61), span(60, 120), false),
            // A point may be the very start of the span after it.
            (span(60, 60), span(60, 120), false),
            (span(60, 60), span(60, 60), false),
        ] {
            assert_eq!(one.is_before(other), before, "{one:?} {other:?}");
            assert!(!other.is_before(one), "{other:?} {one:?}");
        }
    }
}
