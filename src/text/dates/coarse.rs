//! A month or a year, where nobody said more.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Written;
use crate::model::{Interval, Precision};

/// "2009-12", "2009/12" and "2009" (ISO 8601, W3C-DTF) with nothing beside them: as wide as they are written. Only where a
/// date must stand; in running text such numbers are any.
pub fn coarse(raw: &str, zone: &str) -> Option<Written> {
    let raw = raw.trim();
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = match raw.split_once(['-', '/']) {
        None if digits(raw, 4) => (raw.parse().ok()?, None),
        Some((year, month)) if digits(year, 4) && digits(month, 2) => (year.parse().ok()?, Some(month.parse().ok()?)),
        _ => return None,
    };
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let first = Date::new(year, month.unwrap_or(1), 1).ok()?;
    let (after, precision) = match month {
        Some(_) => (first.last_of_month().tomorrow().ok()?, Precision::Month),
        None => (first.last_of_year().tomorrow().ok()?, Precision::Year),
    };
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let start = |date: Date| Some(date.to_zoned_datetime(tz.clone()).ok()?.timestamp());
    Some(Written {
        interval: Interval {
            min: start(first)?,
            max: start(after)?,
        },
        precision,
        zone: zone.to_owned(),
        zone_assumed: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DateEvidence;

    #[test]
    fn a_month_or_a_year_is_as_wide_as_it_is_written() {
        for (raw, read, min, max) in [
            ("2009-12", "2009-12", "2009-11-30T23:00:00Z", "2009-12-31T23:00:00Z"),
            (" 2010/02 ", "2010-02", "2010-01-31T23:00:00Z", "2010-02-28T23:00:00Z"),
            ("1956", "1956", "1955-12-31T23:00:00Z", "1956-12-31T23:00:00Z"),
        ] {
            let written = coarse(raw, "Europe/Paris").unwrap();
            let Interval { min: from, max: to } = written.interval;
            assert_eq!(
                (from.to_string(), to.to_string()),
                (min.to_owned(), max.to_owned()),
                "{raw}"
            );
            assert_eq!(written.claim(DateEvidence::Import, raw).to_published(), read, "{raw}");
        }
        for raw in [
            "",
            "2009-13",
            "2009-00",
            "2009-1",
            "0209",
            "9999",
            "2009-12-",
            "December 2009",
            "２００９",
        ] {
            assert_eq!(coarse(raw, "Europe/Paris"), None, "{raw}");
        }
    }
}
