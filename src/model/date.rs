//! What a publisher *claims* about time. A claim is an interval, because a day-only date is a day wide.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A half-open span of time, `min <= t < max`, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub min: Timestamp,
    pub max: Timestamp,
}

/// How finely a claimed date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Second,
    Minute,
    Day,
    Month,
    Year,
}

/// Where a claimed date was read, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateEvidence {
    /// A site rule of `sources.toml` pointed at it.
    Rule,
    JsonLd,
    Meta,
    /// `<time>` or microdata.
    Markup,
    Feed,
    Sitemap,
    /// Text beside the link on a listing page.
    Listing,
    /// An imported row.
    Import,
    Url,
    /// "Pyongyang, July 18 (KCNA) --".
    Dateline,
    /// The first visible date near the headline.
    PageText,
    Http,
    /// Nothing was claimed: the look that first had the item bounds it.
    FirstSeen,
}

/// A date as claimed, with the place it was read and how wide it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateClaim {
    #[serde(flatten)]
    pub interval: Interval,
    pub precision: Precision,
    pub evidence: DateEvidence,
    /// IANA name or fixed offset that turned the written time into UTC.
    pub zone: String,
    /// The text carried no zone, so the source's own was taken.
    pub zone_assumed: bool,
    /// The text as found, for the reader who doubts it.
    pub raw: String,
}

impl DateClaim {
    /// The claim as other programs read it: RFC 3339 in UTC, or `YYYY-MM-DD` (in the claim's own zone) when only a day was given.
    pub fn to_published(&self) -> String {
        match self.precision {
            Precision::Second | Precision::Minute => self.interval.min.to_string(),
            Precision::Day => self.local_date("%Y-%m-%d"),
            Precision::Month => self.local_date("%Y-%m"),
            Precision::Year => self.local_date("%Y"),
        }
    }

    /// The same, but a time is told by the claim's own clock, with its offset: the day that its readers had.
    pub fn to_local(&self) -> String {
        match self.precision {
            Precision::Second | Precision::Minute if self.zone != "UTC" => self.local_date("%Y-%m-%dT%H:%M:%S%:z"),
            _ => self.to_published(),
        }
    }

    fn local_date(&self, format: &str) -> String {
        let zone = jiff::tz::TimeZone::get(&self.zone)
            .ok()
            .or_else(|| fixed_zone(&self.zone))
            .unwrap_or(jiff::tz::TimeZone::UTC);
        self.interval.min.to_zoned_datetime(zone).strftime(format).to_string()
    }
}

/// `+08:00` as a zone.
fn fixed_zone(name: &str) -> Option<jiff::tz::TimeZone> {
    let sign = match name.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = name.get(1..)?.split_once(':')?;
    let seconds = sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60);
    Some(jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_its_own_zone() {
        for (zone, min) in [
            ("+08:00", "2009-12-16T16:00:00Z"),
            ("Europe/Paris", "2009-12-16T23:00:00Z"),
        ] {
            let min: Timestamp = min.parse().unwrap();
            let claim = DateClaim {
                interval: Interval { min, max: min },
                precision: Precision::Day,
                evidence: DateEvidence::Meta,
                zone: zone.to_owned(),
                zone_assumed: false,
                raw: String::new(),
            };
            assert_eq!(claim.to_published(), "2009-12-17");
        }
    }
}
