//! Dates as feeds and sitemaps write them, where they depart from how people write dates on pages.
//!
//! Takes the written text and the source's zone, gives an interval. RFC 822's two-digit years, W3C-DTF's months and
//! years, ISO weeks and days of the year, and month names of feeds in Greek and Hungarian are put into the one form
//! that `text::dates` reads; all else goes there as it is. Never guesses a date that is not there, nor keeps one that had
//! not come when the document was seen.

use std::borrow::Cow;

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::Context;
use super::listed::Listed;
use crate::text::dates::{self, Written};

/// Nobody writes a date at greater length.
const LONGEST: usize = 100;

/// The dates of one document, and what was left out of them.
#[derive(Default)]
pub struct Moments {
    unread: usize,
    late: usize,
}

impl Moments {
    /// Reads a date that is there.
    pub fn read(&mut self, raw: &str, context: &Context) -> Option<Written> {
        let Some(written) = read(raw, context) else {
            self.unread += 1;
            return None;
        };
        let late = written.is_after(context.now);
        self.late += usize::from(late);
        (!late).then_some(written)
    }

    /// Says what was left out.
    pub fn tell(&self, listed: &mut Listed) {
        listed.repaired(self.unread, "dates could not be read");
        listed.repaired(self.late, "dates that had not come yet left out");
    }
}

fn read(raw: &str, context: &Context) -> Option<Written> {
    let raw = raw.trim();
    if let Some(wide) = wide(raw, context.zone) {
        return Some(wide);
    }
    dates::parse(&spelled(raw), context.zone, Some(context.now))
}

/// W3C-DTF: "2003" and "2003-12" are dates. What stands alone and is no year of the web's is some other number.
fn wide(raw: &str, zone: &str) -> Option<Written> {
    let year: u16 = raw.get(..4)?.parse().ok()?;
    (year >= 1990).then(|| dates::coarse(raw, zone))?
}

/// The same date in ISO's order with a four-digit year, where it is one of the forms above.
fn spelled(raw: &str) -> Cow<'_, str> {
    if raw.len() > LONGEST {
        return Cow::Borrowed(raw);
    }
    mail_date(raw)
        .or_else(|| week_or_day_of_year(raw))
        .or_else(|| unpadded(raw))
        .map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// "Thu, 01 Jan 04 19:48:21 GMT", "Πεμ, 04 Ιαν 2024 …": day, month in letters, year.
fn mail_date(raw: &str) -> Option<String> {
    let rest = match raw.split_once(',') {
        Some((weekday, rest)) if weekday.chars().all(char::is_alphabetic) => rest.trim_start(),
        _ => raw,
    };
    let mut words = rest.splitn(4, [' ', '-']).filter(|word| !word.is_empty());
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let time = words.next().unwrap_or_default();
    let ascii = month.is_ascii();
    let month = month_named(month)?;
    let two_digits = year.len() == 2;
    // What `text::dates` reads without help is left to it.
    if (ascii && !two_digits) || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let (day, year): (u8, u16) = (day.parse().ok()?, year.parse().ok()?);
    // RFC 5322 §4.3: 00 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999.
    let year = match year {
        _ if !two_digits => year,
        0..=49 => 2000 + year,
        _ => 1900 + year,
    };
    // EET and its kin are told apart by their letters only in Greek feeds, which are the ones that use them.
    let time = time.trim_end();
    let time = time
        .strip_suffix("EEST")
        .map(|time| format!("{time}+0300"))
        .unwrap_or_else(|| {
            let plain = time.strip_suffix("EET").map(|time| format!("{time}+0200"));
            plain.unwrap_or_else(|| time.to_owned())
        });
    Some(format!("{year:04}-{month:02}-{day:02} {time}").trim_end().to_owned())
}

/// "2003-W52-3" and "2003-365" (ISO 8601).
fn week_or_day_of_year(raw: &str) -> Option<String> {
    let (year, rest) = raw.split_once('-')?;
    if year.len() != 4 {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let (day, time) = rest.split_once('T').map_or((rest, ""), |(day, time)| (day, time));
    let date = if let Some(week) = day.strip_prefix('W') {
        let (week, day) = week.split_once('-').unwrap_or((week, "1"));
        let weekday = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
        ISOWeekDate::new(year, week.parse().ok()?, weekday).ok()?.date()
    } else {
        let ordinal: i16 = Some(day).filter(|day| day.len() == 3)?.parse().ok()?;
        Date::new(year, 1, 1).ok()?.with().day_of_year(ordinal).build().ok()?
    };
    Some(if time.is_empty() {
        date.to_string()
    } else {
        format!("{date}T{time}")
    })
}

/// "2026-1-5T3:4:5Z" and "2004-július-13T9:15-05:00".
fn unpadded(raw: &str) -> Option<String> {
    let (date, time) = raw.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month: u8 = month.parse().ok().or_else(|| month_named(month))?;
    let (year, day): (u16, u8) = (
        Some(year).filter(|year| year.len() == 4)?.parse().ok()?,
        day.parse().ok()?,
    );
    let clock = time
        .find(|c: char| !(c.is_ascii_digit() || c == ':'))
        .unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(clock)?;
    let padded: Option<Vec<String>> = clock
        .split(':')
        .map(|part| part.parse::<u8>().ok().map(|number| format!("{number:02}")))
        .collect();
    Some(format!("{year:04}-{month:02}-{day:02}T{}{zone}", padded?.join(":")))
}

/// By the beginning of its name in English, Greek or Hungarian.
fn month_named(name: &str) -> Option<u8> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ιαν"],
        &["feb", "φεβ"],
        &["mar", "már", "μαρ", "μάρ"],
        &["apr", "ápr", "απρ"],
        &["may", "máj", "μάι", "μαϊ", "μαι"],
        &["jun", "jún", "ιουν", "ιούν", "ιον"],
        &["jul", "júl", "ιουλ", "ιούλ", "ιολ"],
        &["aug", "αυγ", "αύγ"],
        &["sep", "szep", "σεπ"],
        &["oct", "okt", "οκτ"],
        &["nov", "νοε", "νοέ"],
        &["dec", "δεκ"],
    ];
    let lower = name.to_lowercase();
    let at = MONTHS
        .iter()
        .position(|names| names.iter().any(|start| lower.starts_with(start)))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DateEvidence;

    fn of(raw: &str, zone: &str) -> Option<String> {
        let context = Context {
            base: url::Url::parse("https://paper.example/").unwrap(),
            zone,
            now: "2026-05-04T08:00:00Z".parse().unwrap(),
        };
        read(raw, &context).map(|written| written.claim(DateEvidence::Feed, raw).to_published())
    }

    #[test]
    fn every_dialect_of_feeds() {
        for (raw, expected) in [
            ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("31-Dec-99 23:59:59 +0100", "1999-12-31T22:59:59Z"),
            ("Πεμ, 04 Ιαν 2024 10:15:00 EET", "2024-01-04T08:15:00Z"),
            ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
            ("2003-W52-3", "2003-12-24"),
            ("2003-365T10:14Z", "2003-12-31T10:14:00Z"),
            ("2026-1-5T3:4:5Z", "2026-01-05T03:04:05Z"),
            ("2003", "2003"),
            ("2003-12", "2003-12"),
            ("Thu, 01 Jan 2004 19:48:21 EST", "2004-01-02T00:48:21Z"),
        ] {
            assert_eq!(of(raw, "UTC").as_deref(), Some(expected), "{raw}");
        }
        assert_eq!(of("0007", "UTC"), None);
        assert_eq!(of("Wed, 30 Nov -0001 00:00:00 +0000", "UTC"), None);
        assert_eq!(of("2003-W60-3", "UTC"), None);
    }

    #[test]
    fn what_has_no_zone_is_in_the_sources_own() {
        for (raw, zone, expected) in [
            ("2004년 05월 28일  01:31:15", "Asia/Seoul", "2004-05-27T16:31:15Z"),
            ("2004-05-25 오후 11:23:17", "Asia/Seoul", "2004-05-25T14:23:17Z"),
            ("01 Jan 04 19:48", "Europe/Paris", "2004-01-01T18:48:00Z"),
            ("2026年5月4日 10:00", "Asia/Shanghai", "2026-05-04T02:00:00Z"),
            ("lun., 05 janv. 2026 10:00:00", "Europe/Paris", "2026-01-05T09:00:00Z"),
        ] {
            assert_eq!(of(raw, zone).as_deref(), Some(expected), "{raw}");
        }
    }
}
