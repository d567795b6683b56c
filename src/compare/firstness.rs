//! Who was first, as intervals: the publisher's claim narrowed by our looks.

use jiff::Timestamp;

use super::Matched;
use crate::model::Interval;
use crate::model::comparison::Coverage;
use crate::model::narrowed::{self, Narrowed, Sight};

/// The claim of a matching article, narrowed.
pub fn narrow(matched: &Matched) -> Narrowed {
    let sight = Sight {
        seen: matched.first_seen_at,
        absent: matched.last_absent_at,
        newest_then: matched.newest_then,
    };
    narrowed::narrow(matched.article.published.as_ref(), sight)
}

/// What a row is ranked by.
struct Spanned {
    span: Interval,
    id: String,
    lang: String,
    groups: Vec<String>,
}

/// Fills ranks and lags, and puts the rows in the order of the table: covered by time, then the rest
/// as they came.
pub fn rank(rows: &mut [Coverage]) {
    rows.sort_by_key(|row| {
        row.first_pub
            .map_or((1, Timestamp::MAX, Timestamp::MAX), |span| (0, span.min, span.max))
    });
    let spans: Vec<Spanned> = rows
        .iter()
        .filter_map(|row| {
            Some(Spanned {
                span: row.first_pub?,
                id: row.source_id.clone(),
                lang: row.lang.clone(),
                groups: row.groups.clone(),
            })
        })
        .collect();
    let Some(first) = spans
        .iter()
        .map(|other| other.span)
        .min_by_key(|span| (span.max, span.min))
    else {
        return;
    };
    for row in rows.iter_mut() {
        let Some(mine) = row.first_pub else { continue };
        let others = || spans.iter().filter(|other| other.id != row.source_id);
        let spans_of = |alike: &dyn Fn(&Spanned) -> bool| -> Vec<Interval> {
            others().filter(|other| alike(other)).map(|other| other.span).collect()
        };
        row.rank_overall = place(mine, spans_of(&|_| true));
        row.rank_in_lang = place(mine, spans_of(&|other| primary(&other.lang) == primary(&row.lang)));
        row.rank_in_group = row
            .groups
            .first()
            .and_then(|group| place(mine, spans_of(&|other| other.groups.contains(group))));
        row.rank_note = others()
            .find(|other| overlaps(mine, other.span))
            .map(|Spanned { span, id, .. }| {
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
fn place(mine: Interval, others: Vec<Interval>) -> Option<u32> {
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
