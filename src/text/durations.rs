//! Times and spans as people read them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::{DateClaim, Interval, Precision};

/// `15 Dec 13:40`
pub fn minute(at: Timestamp) -> String {
    at.strftime("%-d %b %H:%M").to_string()
}

/// `18 Dec 2009 00:10 UTC`
pub fn minute_utc(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M UTC").to_string()
}

/// `15 Dec 21:40 Asia/Shanghai`, `16 Dec 13:10–19:10 Europe/Paris`
pub fn local_span(interval: Interval, zone: &str) -> String {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = |at: Timestamp, format: &str| at.to_zoned_datetime(tz.clone()).strftime(format).to_string();
    let (from, to) = (at(interval.min, "%-d %b %H:%M"), at(interval.max, "%-d %b %H:%M"));
    let span = match at(interval.min, "%F") == at(interval.max, "%F") {
        _ if from == to => from,
        true => format!("{from}–{}", at(interval.max, "%H:%M")),
        false => format!("{from} – {to}"),
    };
    format!("{span} {zone}")
}

/// `15 Dec 13:40`, `16 Dec 12:10–18:10`, `16 Dec 22:10 – 17 Dec 04:10`
pub fn span(interval: Interval) -> String {
    let (from, to) = (minute(interval.min), minute(interval.max));
    if from == to {
        return from;
    }
    let same_day = interval.min.strftime("%F").to_string() == interval.max.strftime("%F").to_string();
    if same_day {
        format!("{from}–{}", interval.max.strftime("%H:%M"))
    } else {
        format!("{from} – {to}")
    }
}

pub fn span_utc(interval: Interval) -> String {
    format!("{} UTC", span(interval))
}

/// A claim as finely as it was written: `15 Dec 13:40`, or the outlet's own day, `16 Dec`.
pub fn claimed(claim: &DateClaim) -> String {
    match claim.precision {
        Precision::Second | Precision::Minute => minute(claim.interval.min),
        _ => own_day(claim, "%-d %b"),
    }
}

/// The same with its year: `15 Dec 2009 13:40 UTC`, `16 Dec 2009`.
pub fn claimed_utc(claim: &DateClaim) -> String {
    match claim.precision {
        Precision::Second | Precision::Minute => minute_utc(claim.interval.min),
        _ => own_day(claim, "%-d %b %Y"),
    }
}

/// A day in the claim's own zone; a month or a year as it is.
fn own_day(claim: &DateClaim, format: &str) -> String {
    let published = claim.to_published();
    match published.parse::<jiff::civil::Date>() {
        Ok(day) => day.strftime(format).to_string(),
        Err(_) => published,
    }
}

/// `1h25`, `39h50`, `12m`
pub fn short(duration: SignedDuration) -> String {
    minutes(duration.as_mins())
}

/// Minutes as `+1h25` reads them, without the sign.
pub fn minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m}m"),
        (h, m) => format!("{h}h{m:02}"),
    }
}
