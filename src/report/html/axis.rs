//! Where a moment stands on the timeline, and the ticks of its axes.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::model::Interval;

/// A place within the window, in per cent of its width.
pub fn percent(window: Interval, at: Timestamp) -> f64 {
    let whole = window.max.duration_since(window.min).as_secs_f64().max(1.0);
    let from = at.duration_since(window.min).as_secs_f64();
    (100.0 * from / whole).clamp(0.0, 100.0)
}

/// `12.34%`, without trailing zeros.
pub fn place(percent: f64) -> String {
    let text = format!("{percent:.2}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

pub struct Tick {
    pub at: f64,
    pub label: String,
    /// Left out where there is little room.
    pub minor: bool,
}

/// Most ticks of an axis.
const MOST: i64 = 11;

/// Midnights, hours, weeks or months of a zone within the window: as many as can be read.
pub fn ticks(window: Interval, zone: &TimeZone) -> Vec<Tick> {
    let hours = window.max.duration_since(window.min).as_hours().max(1);
    let step = step(hours);
    let mut ticks = Vec::new();
    let mut civil = start(window.min.to_zoned_datetime(zone.clone()).datetime(), hours);
    // A window of a million ticks is not one that a person typed; the bound keeps any loop finite.
    for _ in 0..4 * MOST {
        let Ok(at) = civil.to_zoned_datetime(zone.clone()).map(|zoned| zoned.timestamp()) else {
            break;
        };
        if at > window.max {
            break;
        }
        if at >= window.min {
            ticks.push((at, label(civil, hours)));
        }
        let Ok(next) = civil.checked_add(step) else { break };
        civil = next;
    }
    let crowded = ticks.len() > 5;
    ticks
        .into_iter()
        .enumerate()
        .map(|(n, (at, label))| Tick {
            at: percent(window, at),
            label,
            minor: crowded && n % 2 == 1,
        })
        .collect()
}

fn step(hours: i64) -> Span {
    for step in [1, 2, 3, 6, 12] {
        if hours / step < MOST {
            return step.hours();
        }
    }
    let days = hours / 24;
    for step in [1, 2, 7, 14] {
        if days / step < MOST {
            return step.days();
        }
    }
    for step in [1, 3, 6, 12] {
        if days / (30 * step) < MOST {
            return step.months();
        }
    }
    (days / 365 / MOST + 1).years()
}

/// The first full hour, day, week, month or year at or before the window's beginning.
fn start(from: DateTime, hours: i64) -> DateTime {
    let midnight = from.date().to_datetime(jiff::civil::Time::midnight());
    let days = hours / 24;
    if days / 14 >= MOST {
        let first = midnight.date().first_of_month();
        return match days / 30 >= MOST {
            true => first.first_of_year().to_datetime(jiff::civil::Time::midnight()),
            false => first.to_datetime(jiff::civil::Time::midnight()),
        };
    }
    midnight
}

fn label(civil: DateTime, hours: i64) -> String {
    let days = hours / 24;
    if civil.hour() != 0 {
        civil.strftime("%H:%M").to_string()
    } else if days > 700 {
        civil.strftime("%b %Y").to_string()
    } else {
        civil.strftime("%-d %b").to_string()
    }
}

/// Hours, for the description.
pub fn span_in_words(window: Interval) -> String {
    let hours = window.max.duration_since(window.min).as_hours();
    match hours {
        0..48 => format!("{hours} hours"),
        _ => format!("{} days", (hours + 12) / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(min: &str, max: &str) -> Interval {
        Interval {
            min: min.parse().unwrap(),
            max: max.parse().unwrap(),
        }
    }

    #[test]
    fn places_are_within_the_window() {
        let window = window("2009-12-14T00:00:00Z", "2009-12-18T00:00:00Z");
        let at = |text: &str| place(percent(window, text.parse().unwrap()));
        assert_eq!(at("2009-12-15T00:00:00Z"), "25%");
        assert_eq!(at("2009-12-15T13:40:00Z"), "39.24%");
        assert_eq!(at("2010-12-15T00:00:00Z"), "100%");
    }

    #[test]
    fn ticks_are_midnights_of_their_own_zone_and_never_too_many() {
        let four_days = window("2009-12-14T00:00:00Z", "2009-12-18T06:00:00Z");
        let labels = |window, zone: &str| -> Vec<String> {
            ticks(window, &TimeZone::get(zone).unwrap())
                .into_iter()
                .map(|tick| tick.label)
                .collect()
        };
        assert_eq!(
            labels(four_days, "UTC"),
            [
                "14 Dec", "12:00", "15 Dec", "12:00", "16 Dec", "12:00", "17 Dec", "12:00", "18 Dec"
            ]
        );
        let seoul = ticks(four_days, &TimeZone::get("Asia/Seoul").unwrap());
        assert_eq!(seoul[1].label, "15 Dec");
        assert_eq!(place(seoul[1].at), "14.71%");
        for (min, max) in [
            ("2009-12-14T00:00:00Z", "2009-12-14T00:00:01Z"),
            ("2009-12-14T00:00:00Z", "2009-12-15T00:00:00Z"),
            ("2009-01-14T00:00:00Z", "2009-12-15T00:00:00Z"),
            ("1990-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
            ("-009999-01-02T01:59:59Z", "9999-12-30T22:00:00Z"),
        ] {
            let n = labels(window(min, max), "Europe/Paris").len();
            assert!(n <= 16, "{min} {max}: {n}");
        }
    }
}
