//! Written dates, in the forms newspapers and feeds use, to intervals.
//!
//! Takes text and the zone to assume, gives an interval and how it was read; abstains rather than guesses.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::{rfc2822, temporal};
use jiff::tz::TimeZone;

use crate::model::{DateClaim, DateEvidence, Interval, Precision};

/// A written date, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub interval: Interval,
    pub precision: Precision,
    /// IANA name or fixed offset that was used.
    pub zone: String,
    pub zone_assumed: bool,
}

impl Written {
    pub fn claim(self, evidence: DateEvidence, raw: &str) -> DateClaim {
        DateClaim {
            interval: self.interval,
            precision: self.precision,
            evidence,
            zone: self.zone,
            zone_assumed: self.zone_assumed,
            raw: raw.trim().chars().take(80).collect(),
        }
    }
}

/// Reads one written date. `zone` is the source's own, for text without one; `now` anchors relative
/// forms ("2小时前", "il y a 3 heures") and the missing year of a dateline.
pub fn parse(raw: &str, zone: &str, now: Option<Timestamp>) -> Option<Written> {
    let _ = now;
    let text = raw.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(exact(instant, "UTC", false));
    }
    if let Ok(zoned) = rfc2822::DateTimeParser::new().parse_zoned_datetime(text) {
        return Some(exact(zoned.timestamp(), "UTC", false));
    }
    let date: Date = temporal::DateTimeParser::new()
        .parse_date(text)
        .ok()
        .filter(|_| text.len() == 10)?;
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let start = date.to_zoned_datetime(tz.clone()).ok()?.timestamp();
    let end = date.tomorrow().ok()?.to_zoned_datetime(tz).ok()?.timestamp();
    Some(Written {
        interval: Interval { min: start, max: end },
        precision: Precision::Day,
        zone: zone.to_owned(),
        zone_assumed: true,
    })
}

fn exact(instant: Timestamp, zone: &str, zone_assumed: bool) -> Written {
    let max = Timestamp::from_second(instant.as_second() + 1).unwrap_or(instant);
    Written {
        interval: Interval { min: instant, max },
        precision: Precision::Second,
        zone: zone.to_owned(),
        zone_assumed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_wide_in_the_sources_zone() {
        let read = parse("2009-12-16", "Europe/Paris", None).unwrap();
        assert_eq!(read.interval.min.to_string(), "2009-12-15T23:00:00Z");
        assert_eq!(read.interval.max.to_string(), "2009-12-16T23:00:00Z");
    }

    #[test]
    fn nonsense_is_no_date() {
        assert_eq!(parse("yesterday's news", "UTC", None), None);
    }
}
