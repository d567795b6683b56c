//! Who was first, as intervals: the publisher's claim narrowed by our looks.
//!
//! Two clocks, never mixed: a claim is what the publisher says; a look bounds it from outside.

use jiff::Timestamp;

use super::Matched;
use crate::model::comparison::Coverage;
use crate::model::{Interval, Precision};

/// When something was first published, as far as it can be known.
pub struct Narrowed {
    pub interval: Interval,
    /// The claim lies wholly before a look that did not list the item.
    pub backdated: Option<bool>,
}

/// The claim cut to the span between the look that lacked the item and the look that had it.
pub fn narrow(matched: &Matched) -> Narrowed {
    let seen = matched.first_seen_at;
    let absent = matched.last_absent_at;
    let Some(claim) = &matched.article.published else {
        // Nothing claimed: all we know is between two looks; without an earlier look, only "by then".
        return Narrowed {
            interval: Interval {
                min: absent.unwrap_or(seen),
                max: seen,
            },
            backdated: None,
        };
    };
    let claimed = claim.interval;
    if claim.precision <= Precision::Minute {
        // A claim to the minute is a point; a look can contradict it but not sharpen it.
        let at = claimed.min.min(seen);
        return Narrowed {
            interval: Interval { min: at, max: at },
            backdated: absent.map(|absent| at < absent),
        };
    }
    let min = absent.map_or(claimed.min, |absent| absent.max(claimed.min));
    let max = seen.min(claimed.max);
    if min > max {
        // The claim and the looks exclude each other: keep the claim, and say so.
        return Narrowed {
            interval: claimed,
            backdated: absent.map(|absent| claimed.max <= absent),
        };
    }
    Narrowed {
        interval: Interval { min, max },
        backdated: absent.map(|_| false),
    }
}

/// Fills ranks and lags, and puts the rows in the order of the table: covered by time, then the rest
/// as they came.
pub fn rank(rows: &mut [Coverage]) {
    rows.sort_by_key(|row| {
        row.first_pub
            .map_or((1, Timestamp::MAX, Timestamp::MAX), |span| (0, span.min, span.max))
    });
    let spans: Vec<(Interval, String, String)> = rows
        .iter()
        .filter_map(|row| {
            row.first_pub
                .map(|span| (span, row.lang.clone(), row.source_id.clone()))
        })
        .collect();
    let Some(first) = spans
        .iter()
        .map(|(span, ..)| *span)
        .min_by_key(|span| (span.max, span.min))
    else {
        return;
    };
    for row in rows.iter_mut() {
        let Some(mine) = row.first_pub else { continue };
        let others = |same_lang: bool| {
            let lang = row.lang.clone();
            let id = row.source_id.clone();
            spans
                .iter()
                .filter(move |(_, l, i)| *i != id && (!same_lang || primary(l) == primary(&lang)))
        };
        row.rank_overall = place(mine, others(false).map(|(span, ..)| *span));
        row.rank_in_lang = place(mine, others(true).map(|(span, ..)| *span));
        row.rank_note = others(false)
            .find(|(span, ..)| overlaps(mine, *span))
            .map(|(span, _, id)| {
                let shared = mine.max.min(span.max).duration_since(mine.min.max(span.min));
                // A point within an interval shares no time with it, and its place is open all the same.
                if shared.is_zero() {
                    return format!("undetermined against {id}");
                }
                format!(
                    "undetermined against {id} (overlap {})",
                    crate::text::durations::short(shared)
                )
            });
        row.lag_min_minutes = Some(mine.min.duration_since(first.max).as_mins().max(0));
        row.lag_max_minutes = Some(mine.max.duration_since(first.min).as_mins().max(0));
    }
}

/// 1 + those definitely earlier; nothing when an overlap leaves the order open.
fn place(mine: Interval, others: impl Iterator<Item = Interval>) -> Option<u32> {
    let mut earlier = 0;
    for other in others {
        if overlaps(mine, other) {
            return None;
        }
        earlier += u32::from(other.max < mine.min || (other.max == mine.min && other.min < mine.min));
    }
    Some(earlier + 1)
}

/// Intervals that share more than an end, so that neither is definitely first. Equal points tie instead.
fn overlaps(a: Interval, b: Interval) -> bool {
    a.min < b.max && b.min < a.max
}

fn primary(lang: &str) -> &str {
    lang.split('-').next().unwrap_or(lang)
}
