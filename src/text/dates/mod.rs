//! Written dates, in the forms newspapers and feeds use, to intervals.
//!
//! Takes text and the zone to assume, gives an interval and how it was read; abstains rather than guesses.
//! Never reads a clock: `now` anchors relative forms and missing years.

mod absolute;
mod coarse;
mod dateline;
mod eras;
mod names;
mod relative;
mod scan;
mod short;
mod time;
mod usage;
mod yearless;
mod zones;

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::model::{DateClaim, DateEvidence, Interval, Precision};
use scan::Text;

pub use coarse::coarse;
pub use names::french_day;
pub use usage::Usage;

/// A written date, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub interval: Interval,
    pub precision: Precision,
    /// IANA name or fixed offset that was used.
    pub zone: String,
    pub zone_assumed: bool,
}

/// How far ahead of the look a date may be: clocks go wrong, and a day without a zone may be the other side's.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

impl Written {
    /// Nothing was published after it was seen: such a date is that of something else, or wrong.
    pub fn is_after(&self, look: Timestamp) -> bool {
        look.checked_add(GRACE).is_ok_and(|latest| self.interval.min > latest)
    }

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

/// Longest text that is taken for a written date and not for prose around one, in characters.
const LONGEST: usize = 120;

/// Letters and digits that may stand beside the date in such a text ("Published:", "jeudi", "发布时间"), and no more.
const BESIDE: usize = 28;

/// Reads one written date. `usage` is the source's own: its zone is for text without one; `now` anchors relative
/// forms ("2小时前", "il y a 3 heures") and the missing year of a dateline.
pub fn parse<'a>(raw: &str, usage: impl Into<Usage<'a>>, now: Option<Timestamp>) -> Option<Written> {
    let place = Place {
        usage: usage.into(),
        now,
    };
    let raw = raw.trim();
    if raw.len() > LONGEST * 4 {
        return None;
    }
    let text = Text::new(raw);
    if text.len() > LONGEST || text.len() < 2 {
        return None;
    }
    if let Some(read) = absolute::digits(&text, place.usage) {
        return Some(read);
    }
    for at in 0..text.len() {
        let Some((end, read)) = any_form(&text, at, place).or_else(|| relative::day_word(&text, at, place)) else {
            continue;
        };
        return (beside(&text, at, end) <= BESIDE).then_some(read);
    }
    if let Some((at, end, read)) =
        (0..text.len()).find_map(|at| short::alone(&text, at, place.usage).map(|(end, read)| (at, end, read)))
    {
        return (beside(&text, at, end) <= BESIDE).then_some(read);
    }
    let (range, civil) = yearless::only(&text, place.usage)?;
    (beside(&text, range.start, range.end) <= BESIDE).then(|| civil.with_year_before(place))?
}

/// The first written date inside running text, and where it stands (in bytes). Forms that mean
/// something else in prose ("July 18", "yesterday") are left alone; a dateline is not.
pub fn find<'a>(text: &str, usage: impl Into<Usage<'a>>, now: Option<Timestamp>) -> Option<(Range<usize>, Written)> {
    let text = Text::new(text);
    let place = Place {
        usage: usage.into(),
        now,
    };
    (0..text.len()).find_map(|at| {
        let (end, read) = any_form(&text, at, place).or_else(|| dateline::at(&text, at, place))?;
        Some((text.byte(at)..text.byte(end), read))
    })
}

/// The day of a short text that names it by its distance ("昨天 18:20", "Publié hier à 18h15"), and where it stands (in
/// bytes). In prose these are words as any other.
pub fn told<'a>(text: &str, usage: impl Into<Usage<'a>>, now: Option<Timestamp>) -> Option<(Range<usize>, Written)> {
    let place = Place {
        usage: usage.into(),
        now,
    };
    let text = Text::new(text);
    (0..text.len()).find_map(|at| {
        let (end, read) = relative::day_word(&text, at, place)?;
        Some((text.byte(at)..text.byte(end), read))
    })
}

/// The zone to assume for the pages of a host of which nothing else is known: its country's, where that has one.
pub fn zone_of_host(host: &str) -> Option<&'static str> {
    zones::of_host(host)
}

/// The other reading of a day whose order is open: "03/04/2009" with its two first numbers exchanged. Nothing where
/// the order is not open.
pub fn turned<'a>(raw: &str, usage: impl Into<Usage<'a>>, now: Option<Timestamp>) -> Option<Written> {
    let numbers: Vec<Range<usize>> = numbers(raw).take(3).collect();
    let [first, second, third] = numbers.as_slice() else {
        return None;
    };
    let (day, month) = (raw.get(first.clone())?, raw.get(second.clone())?);
    let small = |text: &str| text.len() <= 2 && text.parse::<u8>().is_ok_and(|n| (1..=12).contains(&n));
    let mark = raw.get(first.end..second.start)?;
    let open = small(day) && small(month) && day != month && matches!(third.len(), 2 | 4) && matches!(mark, "/" | "-");
    if !open || raw.get(second.end..third.start)? != mark {
        return None;
    }
    let rest = raw.get(second.end..)?;
    let other = format!("{}{month}{mark}{day}{rest}", raw.get(..first.start)?);
    parse(&other, usage, now)
}

/// Where the runs of digits stand.
fn numbers(raw: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = raw.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_digit() {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        (at > start).then_some(start..at)
    })
}

/// The date of the dateline that opens `text`: "PYONGYANG, July 18 (KCNA) --", "新华社平壤7月18日电".
pub fn dateline<'a>(
    text: &str,
    usage: impl Into<Usage<'a>>,
    now: Option<Timestamp>,
) -> Option<(Range<usize>, Written)> {
    /// A dateline stands at the very beginning: place, date and agency together.
    const OPENING: usize = 90;
    let text = Text::new(text);
    let place = Place {
        usage: usage.into(),
        now,
    };
    (0..text.len().min(OPENING)).find_map(|at| {
        let (end, read) = dateline::at(&text, at, place)?;
        Some((text.byte(at)..text.byte(end), read))
    })
}

fn any_form(text: &Text, at: usize, place: Place) -> Option<(usize, Written)> {
    if let Some((end, civil)) = absolute::at(text, at, place.usage) {
        return Some((end, civil.written(place.usage.zone)?));
    }
    relative::at(text, at, place)
}

fn beside(text: &Text, from: usize, to: usize) -> usize {
    (0..from)
        .chain(to..text.len())
        .filter(|i| text.at(*i).is_alphanumeric())
        .count()
}

/// What a date is read against.
#[derive(Clone, Copy)]
struct Place<'a> {
    usage: Usage<'a>,
    now: Option<Timestamp>,
}

impl Place<'_> {
    fn tz(self) -> TimeZone {
        TimeZone::get(self.usage.zone).unwrap_or(TimeZone::UTC)
    }
}

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    hour: i8,
    minute: Option<i8>,
    second: Option<i8>,
    /// Seconds east of Greenwich.
    offset: Option<i32>,
}

/// A date as written, before a zone turns it into an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Civil {
    year: Option<i16>,
    month: i8,
    day: i8,
    clock: Option<Clock>,
}

impl Civil {
    fn written(self, zone: &str) -> Option<Written> {
        let date = Date::new(self.year?, self.month, self.day).ok()?;
        let Some(clock) = self.clock else {
            return day(date, zone);
        };
        let offset = clock.offset.and_then(|seconds| Offset::from_seconds(seconds).ok());
        let tz = match offset {
            Some(offset) => TimeZone::fixed(offset),
            None => TimeZone::get(zone).unwrap_or(TimeZone::UTC),
        };
        // 24:00 is midnight at the end of the day (ISO 8601:2004, 4.2.3); a leap second ends its minute.
        let (date, hour) = if clock.hour == 24 {
            (date.tomorrow().ok()?, 0)
        } else {
            (date, clock.hour)
        };
        let second = clock.second.unwrap_or(0).min(59);
        let at = date.at(hour, clock.minute.unwrap_or(0), second, 0);
        let min = at.to_zoned_datetime(tz).ok()?.timestamp();
        let (width, precision) = match (clock.minute, clock.second) {
            (Some(_), Some(_)) => (1, Precision::Second),
            (Some(_), None) => (60, Precision::Minute),
            // "17h", "3 PM": an hour wide, and nearer to a minute than to a day.
            (None, _) => (3600, Precision::Minute),
        };
        Some(Written {
            interval: Interval {
                min,
                max: Timestamp::from_second(min.as_second() + width).ok()?,
            },
            precision,
            zone: match clock.offset {
                Some(seconds) => zones::name(seconds),
                None => zone.to_owned(),
            },
            zone_assumed: clock.offset.is_none(),
        })
    }

    /// The latest year that does not put the date more than a day after `now`: a December dateline
    /// read in January is last year's.
    fn with_year_before(self, place: Place) -> Option<Written> {
        let tomorrow = place.now?.to_zoned_datetime(place.tz()).date().tomorrow().ok()?;
        let year = [tomorrow.year(), tomorrow.year() - 1]
            .into_iter()
            .find(|year| Date::new(*year, self.month, self.day).is_ok_and(|date| date <= tomorrow))?;
        Civil {
            year: Some(year),
            ..self
        }
        .written(place.usage.zone)
    }
}

fn day(date: Date, zone: &str) -> Option<Written> {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let min = date.to_zoned_datetime(tz.clone()).ok()?.timestamp();
    let max = date.tomorrow().ok()?.to_zoned_datetime(tz).ok()?.timestamp();
    Some(Written {
        interval: Interval { min, max },
        precision: Precision::Day,
        zone: zone.to_owned(),
        zone_assumed: true,
    })
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
    fn a_country_with_one_clock_has_a_zone() {
        assert_eq!(zone_of_host("www.paper.de"), Some("Europe/Berlin"));
        assert_eq!(zone_of_host("paper.com.co"), Some("America/Bogota"));
        assert_eq!(zone_of_host("paper.co"), None);
        assert_eq!(zone_of_host("paper.example"), None);
        assert_eq!(zone_of_host("localhost"), None);
    }

    #[test]
    fn a_day_whose_order_is_open_has_another_reading() {
        let other = turned("03/04/2009", "Europe/Paris", None).unwrap();
        assert_eq!(other.interval.min.to_string(), "2009-03-03T23:00:00Z");
        for settled in [
            "17/04/2009",
            "04/04/2009",
            "03.04.2009",
            "2009-03-04",
            "3 April 2009",
            "",
        ] {
            assert_eq!(turned(settled, "Europe/Paris", None), None, "{settled}");
        }
    }

    #[test]
    fn nonsense_is_no_date() {
        assert_eq!(parse("yesterday's news", "UTC", None), None);
    }

    #[test]
    fn a_french_day_has_no_ordinal() {
        assert_eq!(french_day(Date::constant(2009, 12, 17)), "17 décembre 2009");
        assert_eq!(french_day(Date::constant(2010, 8, 1)), "1 août 2010");
    }
}
