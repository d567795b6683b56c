//! What is due, decided from facts: pure, so that a schedule can be tested without waiting for it.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::Source;
use crate::model::source::Schedule;

/// After its first fetch a page is looked at again after a day, three and a week: corrections and
/// deletions mostly happen in that time, and a page then costs three conditional requests in all.
pub const RECHECK_AFTER: [SignedDuration; 3] = [
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(3 * 24 - 4),
    SignedDuration::from_hours(7 * 24 - 4),
];

/// A page that failed is tried again at the next run after this, three times in all.
pub const RETRY_AFTER: SignedDuration = SignedDuration::from_hours(6);
pub const TRIES: u32 = 3;

/// A page that answered 404 or 410 is gone only when a second look, at least this much later, says so too.
pub const GONE_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// Share of an interval that a source's looks are spread over, so that a hundred sources do not start at once.
const JITTER: f64 = 0.1;

/// When a source is due next. `last` is when it was last looked at.
pub fn due_at(source: &Source, last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let Some(last) = last else { return now };
    match &source.schedule {
        Schedule::Every(every) => {
            let jitter = every.mul_f64(JITTER * fraction(&source.id, last));
            last.saturating_add(*every + jitter).unwrap_or(now)
        }
        Schedule::Cron(text) => next_cron(text, &source.timezone, last)
            .and_then(|at| {
                at.checked_add(Duration::from_secs((60.0 * fraction(&source.id, last)) as u64))
                    .ok()
            })
            // `config` has checked the text; should a zone lose its hour, a day is the honest fallback.
            .unwrap_or_else(|| last.saturating_add(Duration::from_secs(86_400)).unwrap_or(now)),
    }
}

/// Jitter without chance: the same for one source on one day, on every machine.
fn fraction(id: &str, day: Timestamp) -> f64 {
    let key = format!("{id} {}", day.strftime("%F"));
    (xxhash_rust::xxh3::xxh3_64(key.as_bytes()) >> 11) as f64 / (1u64 << 53) as f64
}

fn next_cron(text: &str, zone: &str, after: Timestamp) -> Option<Timestamp> {
    let cron: croner::Cron = text.parse().ok()?;
    let tz = TimeZone::get(zone).ok()?;
    // croner counts in chrono's civil time: the zone's own clock goes in and comes out.
    let local = after.to_zoned_datetime(tz.clone()).datetime();
    let naive = chrono_naive(local)?;
    let next = cron.find_next_occurrence(&naive.and_utc(), false).ok()?.naive_utc();
    civil(next)?.to_zoned_datetime(tz).ok().map(|zoned| zoned.timestamp())
}

fn chrono_naive(at: jiff::civil::DateTime) -> Option<chrono::NaiveDateTime> {
    chrono::NaiveDate::from_ymd_opt(i32::from(at.year()), at.month() as u32, at.day() as u32)?.and_hms_opt(
        at.hour() as u32,
        at.minute() as u32,
        at.second() as u32,
    )
}

fn civil(at: chrono::NaiveDateTime) -> Option<jiff::civil::DateTime> {
    use chrono::{Datelike, Timelike};
    jiff::civil::DateTime::new(
        at.year() as i16,
        at.month() as i8,
        at.day() as i8,
        at.hour() as i8,
        at.minute() as i8,
        at.second() as i8,
        0,
    )
    .ok()
}

/// `{YYYY}`, `{MM}`, `{DD}` of a listing's address filled with the source's own day.
pub fn listing_url(template: &str, zone: &str, now: Timestamp) -> String {
    if !template.contains('{') {
        return template.to_owned();
    }
    let day = now.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    template
        .replace("{YYYY}", &day.strftime("%Y").to_string())
        .replace("{MM}", &day.strftime("%m").to_string())
        .replace("{DD}", &day.strftime("%d").to_string())
}

/// A page fetched before, as the plan needs it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub first_fetched: Timestamp,
    pub last_fetched: Timestamp,
    /// It answers 404 or 410, but not yet for so long that it is gone.
    pub once_gone: bool,
}

/// Is a page that we have due for another look?
pub fn recheck_due(known: Known, now: Timestamp) -> bool {
    if known.once_gone {
        return now.duration_since(known.last_fetched) >= GONE_AFTER;
    }
    RECHECK_AFTER.iter().any(|after| {
        let Ok(due) = known.first_fetched.checked_add(*after) else {
            return false;
        };
        known.last_fetched < due && due <= now
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn listing_addresses_follow_the_outlets_own_day() {
        let url = listing_url(
            "https://paper.example/{YYYY}-{MM}/{DD}/",
            "Asia/Shanghai",
            at("2009-12-15T20:00:00Z"),
        );
        assert_eq!(url, "https://paper.example/2009-12/16/");
    }

    #[test]
    fn a_page_is_rechecked_three_times_and_then_left_alone() {
        let first = at("2026-01-01T03:00:00Z");
        let mut last = first;
        let mut checks = 0;
        for day in 1..40 {
            let now = first.checked_add(SignedDuration::from_hours(24 * day)).unwrap();
            if recheck_due(
                Known {
                    first_fetched: first,
                    last_fetched: last,
                    once_gone: false,
                },
                now,
            ) {
                checks += 1;
                last = now;
            }
        }
        assert_eq!(checks, 3);
    }

    #[test]
    fn gone_needs_a_second_look_half_a_day_later() {
        let last = at("2026-01-02T03:00:00Z");
        let known = Known {
            first_fetched: at("2026-01-01T03:00:00Z"),
            last_fetched: last,
            once_gone: true,
        };
        assert!(!recheck_due(known, at("2026-01-02T14:59:00Z")));
        assert!(recheck_due(known, at("2026-01-02T15:00:00Z")));
    }

    #[test]
    fn cron_text_counts_in_the_sources_own_zone() {
        let next = next_cron("40 3 * * *", "Europe/Paris", at("2026-07-01T00:00:00Z")).unwrap();
        assert_eq!(next.to_string(), "2026-07-01T01:40:00Z");
    }

    #[test]
    fn jitter_is_the_same_every_time_and_differs_by_source() {
        let day = at("2026-07-01T00:00:00Z");
        assert_eq!(fraction("a", day), fraction("a", day));
        assert_ne!(fraction("a", day), fraction("b", day));
        assert!((0.0..1.0).contains(&fraction("a", day)));
    }
}
