//! Where a source was not watched: what the timeline hatches.

use crate::model::Interval;
use crate::model::comparison::LookRow;
use crate::model::look::Continuity;

/// Spans of the window for which no good look vouches, of whichever listing is worst off.
pub fn spans(looks: &[LookRow], window: Interval) -> Vec<Interval> {
    let mut listings: Vec<i64> = looks
        .iter()
        .filter(|look| look.is_good() && look.at >= window.min && look.at < window.max)
        .map(|look| look.listing)
        .collect();
    listings.sort_unstable();
    listings.dedup();
    let dark = |spans: &Vec<Interval>| -> i64 {
        spans
            .iter()
            .map(|span| span.max.duration_since(span.min).as_secs())
            .sum()
    };
    listings
        .into_iter()
        .map(|listing| of_listing(looks.iter().filter(|look| look.listing == listing), window))
        .max_by_key(dark)
        .unwrap_or_else(|| vec![window])
}

/// The same of one listing's looks, in order. A good look vouches for the span back to the good look before it where
/// continuity holds; a look that failed in between does no harm then, because nothing scrolled past. The first look of all
/// vouches for what it lists, and nothing is known of the time before.
pub fn of_listing<'a>(looks: impl Iterator<Item = &'a LookRow>, window: Interval) -> Vec<Interval> {
    let mut spans = Vec::new();
    let mut vouched_to = window.min;
    for look in looks.filter(|look| look.is_good() && look.at < window.max) {
        let proven = matches!(look.continuity, Continuity::Overlap | Continuity::Dates);
        if look.at > vouched_to && !proven {
            spans.push(Interval {
                min: vouched_to,
                max: look.at,
            });
        }
        vouched_to = vouched_to.max(look.at);
    }
    if vouched_to < window.max {
        spans.push(Interval {
            min: vouched_to,
            max: window.max,
        });
    }
    spans
}
