//! Times as people type them in a query: days, months, ranges, "7d", "yesterday".
//!
//! Takes text, `now` and the zone that days are days of; gives an interval. Never reads a clock.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::Interval;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum WhenError {
    Unreadable,
    Backwards,
}

/// `a..b`, `a..`, `..b` or one time; the end of a range is included as wide as it was written.
pub(super) fn range(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Interval, WhenError> {
    let Some((from, to)) = text.split_once("..") else {
        let one = point(text, now, zone)?;
        return Ok(match one.width {
            Width::Unit => one.interval,
            Width::Instant => Interval {
                min: one.interval.min,
                max: later(one.interval.min, 1),
            },
            Width::Ago => Interval {
                min: one.interval.min,
                max: now,
            },
        });
    };
    let (from, to) = (from.trim(), to.trim_start_matches('.').trim());
    if from.is_empty() && to.is_empty() {
        return Err(WhenError::Unreadable);
    }
    let min = if from.is_empty() {
        Timestamp::MIN
    } else {
        point(from, now, zone)?.interval.min
    };
    let max = if to.is_empty() {
        Timestamp::MAX
    } else {
        point(to, now, zone)?.interval.max
    };
    if min >= max {
        return Err(WhenError::Backwards);
    }
    Ok(Interval { min, max })
}

/// From the beginning of a time on.
pub(super) fn since(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Interval, WhenError> {
    range(&format!("{text}.."), now, zone)
}

/// Up to the end of a time.
pub(super) fn until(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Interval, WhenError> {
    range(&format!("..{text}"), now, zone)
}

/// The beginning of a time, or its end.
pub fn moment(text: &str, now: Timestamp, zone: &TimeZone, end: bool) -> Option<Timestamp> {
    let read = point(text.trim(), now, zone).ok()?.interval;
    Some(if end { read.max } else { read.min })
}

enum Width {
    /// A day, month or year.
    Unit,
    Instant,
    /// "7d": so long ago.
    Ago,
}

struct Point {
    interval: Interval,
    width: Width,
}

fn point(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Point, WhenError> {
    let lower = text.to_ascii_lowercase();
    let today = now.to_zoned_datetime(zone.clone()).date();
    let day = match lower.as_str() {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        _ => None,
    };
    if let Some(day) = day {
        return span(Some(day), day.tomorrow().ok(), zone);
    }
    if lower == "now" {
        return Ok(instant(now, Width::Instant));
    }
    if let Some(ago) = ago(&lower) {
        let then = now.checked_sub(ago).map_err(|_| WhenError::Unreadable)?;
        return Ok(instant(then, Width::Ago));
    }
    if let Ok(then) = text.parse::<Timestamp>() {
        return Ok(instant(then, Width::Instant));
    }
    if !lower.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(WhenError::Unreadable);
    }
    if lower.contains('t') {
        let local: DateTime = text.parse().map_err(|_| WhenError::Unreadable)?;
        let then = local
            .to_zoned_datetime(zone.clone())
            .map_err(|_| WhenError::Unreadable)?;
        return Ok(instant(then.timestamp(), Width::Instant));
    }
    let numbers: Option<Vec<i16>> = lower.split(['-', '/']).map(number).collect();
    match numbers.as_deref() {
        Some(&[year]) if lower.len() == 4 => span(date(year, 1, 1), date(year.saturating_add(1), 1, 1), zone),
        Some(&[year, month]) if lower.len() <= 7 => {
            let next = if month == 12 {
                date(year.saturating_add(1), 1, 1)
            } else {
                date(year, month + 1, 1)
            };
            span(date(year, month, 1), next, zone)
        }
        Some(&[year, month, day]) => {
            let first = date(year, month, day);
            span(first, first.and_then(|day| day.tomorrow().ok()), zone)
        }
        _ => Err(WhenError::Unreadable),
    }
}

fn number(text: &str) -> Option<i16> {
    let digits = matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Years as news has them: a first number of fewer digits would be a day or a month.
fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    (year >= 1000).then(|| Date::new(year, month, day).ok()).flatten()
}

/// From the first midnight to the second, in the zone: on the day clocks change that is 23 or 25 hours.
fn span(first: Option<Date>, next: Option<Date>, zone: &TimeZone) -> Result<Point, WhenError> {
    let midnight = |date: Option<Date>| {
        let at = date?.to_zoned_datetime(zone.clone()).ok()?;
        Some(at.timestamp())
    };
    Ok(Point {
        interval: Interval {
            min: midnight(first).ok_or(WhenError::Unreadable)?,
            max: midnight(next).ok_or(WhenError::Unreadable)?,
        },
        width: Width::Unit,
    })
}

fn instant(then: Timestamp, width: Width) -> Point {
    Point {
        interval: Interval { min: then, max: then },
        width,
    }
}

/// `90m`, `12h`, `7d`, `2w`.
fn ago(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    let fits = matches!(digits.len(), 1..=6) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let n: i64 = fits.then(|| digits.parse().ok()).flatten()?;
    Some(SignedDuration::from_secs(n * seconds))
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), WhenError> {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let now = "2009-12-17T11:00:00Z".parse().unwrap();
        range(text, now, &zone).map(|span| (span.min.to_string(), span.max.to_string()))
    }

    #[test]
    fn forms() {
        for (text, min, max) in [
            ("2009-12-14", "2009-12-13T23:00:00Z", "2009-12-14T23:00:00Z"),
            ("2009-12", "2009-11-30T23:00:00Z", "2009-12-31T23:00:00Z"),
            ("2009", "2008-12-31T23:00:00Z", "2009-12-31T23:00:00Z"),
            ("yesterday", "2009-12-15T23:00:00Z", "2009-12-16T23:00:00Z"),
            ("7d", "2009-12-10T11:00:00Z", "2009-12-17T11:00:00Z"),
            ("2d..1d", "2009-12-15T11:00:00Z", "2009-12-16T11:00:00Z"),
            ("2009-12-14..2009-12-18", "2009-12-13T23:00:00Z", "2009-12-18T23:00:00Z"),
            (
                "2009-12-14T08:00..2009-12-14T10:00Z",
                "2009-12-14T07:00:00Z",
                "2009-12-14T10:00:00Z",
            ),
            ("2009-12-14T10:00:00Z", "2009-12-14T10:00:00Z", "2009-12-14T10:00:01Z"),
            // The night the clocks went back: a day of 25 hours.
            ("2009-10-25", "2009-10-24T22:00:00Z", "2009-10-25T23:00:00Z"),
            ("2009-03-28..2009-03-29", "2009-03-27T23:00:00Z", "2009-03-29T22:00:00Z"),
        ] {
            assert_eq!(read(text), Ok((min.to_owned(), max.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_moment_is_the_beginning_or_the_end() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let now = "2009-12-17T11:00:00Z".parse().unwrap();
        for (text, end, at) in [
            ("2009", false, "2008-12-31T23:00:00Z"),
            ("2009", true, "2009-12-31T23:00:00Z"),
            ("2009-12-14", false, "2009-12-13T23:00:00Z"),
            ("2009-12-14", true, "2009-12-14T23:00:00Z"),
            ("2009-12-14T00:00Z", true, "2009-12-14T00:00:00Z"),
            ("today", true, "2009-12-17T23:00:00Z"),
            ("now", false, "2009-12-17T11:00:00Z"),
            (" 7d ", true, "2009-12-10T11:00:00Z"),
        ] {
            assert_eq!(
                moment(text, now, &zone, end).map(|at| at.to_string()).as_deref(),
                Some(at),
                "{text}"
            );
        }
        assert_eq!(moment("soon", now, &zone, false), None);
        assert_eq!(moment("99999999999999d", now, &zone, false), None);
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "..",
            "d",
            "-7d",
            "2009-13",
            "2009-02-30",
            "14-12-2009",
            "20091214",
            "9999999d",
            "soon",
            "9999",
        ] {
            assert_eq!(read(text), Err(WhenError::Unreadable), "{text}");
        }
        assert_eq!(read("2009-12-18..2009-12-14"), Err(WhenError::Backwards));
    }
}
