//! Dates written in full, by number or with a month's name, in either order and with or without a time.

use super::eras::{buddhist, era, juche, juche_year, lunar_before, republic};
use super::names::month;
use super::scan::{Text, latin};
use super::usage::Usage;
use super::{Civil, Written, short, time, zones};

/// A date that begins at `i`, with the time beside it.
pub(super) fn at(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let c = text.at(i);
    if c.is_ascii_digit() {
        if !begins(text, i) {
            return None;
        }
        return year_first(text, i, usage)
            .or_else(|| short::year_first(text, i, usage))
            .or_else(|| day_first(text, i, usage))
            .or_else(|| republic(text, i, usage))
            .or_else(|| time_first(text, i, usage))
            .or_else(|| month_first(text, i, usage));
    }
    if latin(c) && !latin(text.before(i)) && !text.before(i).is_ascii_digit() {
        return month_first(text, i, usage).or_else(|| juche(text, i, usage));
    }
    match c {
        '주' | '主' | 'チ' => juche(text, i, usage),
        '民' | '令' | '平' => era(text, i, usage),
        _ if (han_digit(c).is_some() || c == '十') && !lunar_before(text, i) => {
            han(text, i, usage).or_else(|| month_first(text, i, usage))
        }
        _ => None,
    }
}

/// Not the middle of a longer number, word or reference, and no day of the lunar calendar.
pub(super) fn begins(text: &Text, i: usize) -> bool {
    let before = text.before(i);
    let joint =
        matches!(before, '-' | '/' | '.' | ',' | ':') && text.before(i.wrapping_sub(1)).is_ascii_digit() && i > 1;
    !before.is_ascii_digit() && !latin(before) && !joint && !lunar_before(text, i)
}

/// A day or month: one or two digits, which end there.
pub(super) fn small(text: &Text, i: usize, most: u32) -> Option<(i8, usize)> {
    let (value, 1 | 2, end) = text.number(i)? else {
        return None;
    };
    (1..=most).contains(&value).then_some((value as i8, end))
}

pub(super) fn year(text: &Text, i: usize) -> Option<(i16, usize)> {
    let (value, 4, end) = text.number(i)? else { return None };
    (1900..=2100).contains(&value).then_some((value as i16, end))
}

pub(super) fn with_time(text: &Text, end: usize, usage: Usage, (year, month, day): (i16, i8, i8)) -> (usize, Civil) {
    let (end, clock) = match time::after(text, end, usage.zone) {
        Some((end, clock)) => (end, Some(clock)),
        None => (end, None),
    };
    (
        end,
        Civil {
            year: Some(year),
            month,
            day,
            clock,
        },
    )
}

/// 2009-12-17, 2009/12/17, 2009. 12. 17., 2009年12月17日, 2009년 12월 17일.
fn year_first(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (year, end) = year(text, i)?;
    rest_of_year_first(text, end, usage, year)
}

pub(super) fn rest_of_year_first(text: &Text, end: usize, usage: Usage, year: i16) -> Option<(usize, Civil)> {
    let end = text.spaces(end);
    let mark = text.at(end);
    let close: &[&str] = match mark {
        '年' => &["月"],
        '년' => &["월"],
        '-' | '/' | '.' => &["-", "/", "."],
        // "17 2009 December" is nobody's; "2009 December 17" is some archives'.
        c if latin(c) => {
            let (word, end) = text.word(end)?;
            let (day, end) = small(text, text.spaces(end), 31)?;
            return Some(with_time(text, end, usage, (year, month(&word)?, day)));
        }
        _ => return None,
    };
    let (month, end) = small(text, text.spaces(end + 1), 12)?;
    let end = text.any_literal(text.spaces(end), close)?;
    if matches!(mark, '-' | '/' | '.') && text.before(end) != mark {
        return None;
    }
    let (day, end) = small(text, text.spaces(end), 31)?;
    let end = match mark {
        '年' => text.any_literal(text.spaces(end), &["日", "号", "號"]).unwrap_or(end),
        '년' => text.literal(text.spaces(end), "일").unwrap_or(end),
        '.' if text.at(end) == '.' => end + 1,
        _ => end,
    };
    Some(with_time(text, end, usage, (year, month, day)))
}

/// 17 décembre 2009, 1er mai 2009, 17. Dezember 2009, 17-Dec-09, 17/12/2009, 17.12.2009.
fn day_first(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (first, end) = small(text, i, 31)?;
    let mark = text.at(end);
    if matches!(mark, '/' | '-' | '.') && text.at(text.spaces(end + 1)).is_ascii_digit() {
        return by_number(text, i, end, usage, first);
    }
    let (month, end) = day_and_month_name(text, end).or_else(|| numbered_month(text, skip(text, end, &['-', ','])))?;
    let dashed = text.at(end) == '-';
    let after = skip(text, end, &[',', '-', '.', '/']);
    let (year, end) = match year(text, after)
        .or_else(|| buddhist(text, after))
        .or_else(|| juche_year(text, after))
    {
        Some(read) => read,
        // RFC 850: "Thursday, 17-Dec-09 05:30:00 GMT".
        None if dashed => match text.number(after)? {
            (value, 2, end) => (if value < 70 { 2000 } else { 1900 } + value as i16, end),
            _ => return None,
        },
        None => return None,
    };
    Some(with_time(text, end, usage, (year, month, first)))
}

/// From just after the day's digits: "er", "th", "." or "de", then a month's name.
pub(super) fn day_and_month_name(text: &Text, end: usize) -> Option<(i8, usize)> {
    let end = ordinal(text, end);
    let end = text.any_literal(end, &["º", "°", "."]).unwrap_or(end);
    let mut at = skip(text, end, &['-', ',', '/']);
    if let Some((word, end)) = text.word(at)
        && matches!(word.as_str(), "de" | "of")
    {
        at = text.spaces(end);
    }
    let (word, end) = text.word(at)?;
    let month = month(&word)?;
    let end = if text.at(end) == '.' { end + 1 } else { end };
    let of = text.spaces(end);
    Some((month, text.any_literal(of, &["de ", "del "]).unwrap_or(end)))
}

/// Past "er", "th" and their kin, which a page that raises them may set apart: "1 er mars".
fn ordinal(text: &Text, i: usize) -> usize {
    let end = text.any_literal(text.spaces(i), &["er", "st", "nd", "rd", "th"]);
    end.filter(|end| !latin(text.at(*end))).unwrap_or(i)
}

/// A month told by its number: "12월", "12月", "十二月".
fn numbered_month(text: &Text, i: usize) -> Option<(i8, usize)> {
    if let Some((month, end)) = small(text, i, 12) {
        return Some((month, text.any_literal(end, &["月", "월"])?));
    }
    han_number(text, i, '月').filter(|(month, _)| *month <= 12)
}

/// Spaces and one of the marks.
pub(super) fn skip(text: &Text, i: usize, marks: &[char]) -> usize {
    let i = text.spaces(i);
    text.spaces(if marks.contains(&text.at(i)) { i + 1 } else { i })
}

/// 17/12/2009. Where both could be a month, dots are day-first (the United States never write dates with dots);
/// else day-first is usage everywhere but in the United States; Canada, Panama and Puerto Rico write both ways, so
/// that their zones leave such a date unread.
fn by_number(text: &Text, i: usize, end: usize, usage: Usage, first: i8) -> Option<(usize, Civil)> {
    let mark = text.at(end);
    let (second, end) = small(text, text.spaces(end + 1), 31)?;
    if text.at(end) != mark {
        return None;
    }
    let (year, end) = match year(text, text.spaces(end + 1)) {
        Some(read) => read,
        None => short::year_last(text, i, end + 1, usage)?,
    };
    if text.at(end) == mark && text.at(end + 1).is_ascii_digit() {
        return None;
    }
    let (day, month) = match (first, second) {
        (13.., 13..) => return None,
        (13.., _) => (first, second),
        (_, 13..) if mark != '.' => (second, first),
        (_, 13..) => return None,
        _ if first == second || mark == '.' => (first, second),
        _ if united_states(usage.zone) => (second, first),
        _ if both_ways(usage.zone) => return None,
        _ => (first, second),
    };
    Some(with_time(text, end, usage, (year, month, day)))
}

fn both_ways(zone: &str) -> bool {
    const CITIES: [&str; 10] = [
        "Toronto",
        "Montreal",
        "Vancouver",
        "Winnipeg",
        "Edmonton",
        "Halifax",
        "Regina",
        "St_Johns",
        "Panama",
        "Puerto_Rico",
    ];
    let city = zone.strip_prefix("America/");
    zone.starts_with("Canada/") || city.is_some_and(|city| CITIES.contains(&city))
}

fn united_states(zone: &str) -> bool {
    const CITIES: [&str; 9] = [
        "New_York",
        "Chicago",
        "Denver",
        "Los_Angeles",
        "Phoenix",
        "Anchorage",
        "Detroit",
        "Boise",
        "Juneau",
    ];
    zone.starts_with("US/")
        || zone == "Pacific/Honolulu"
        || zone
            .strip_prefix("America/")
            .is_some_and(|city| CITIES.contains(&city) || city.starts_with("Indiana") || city.starts_with("Kentucky"))
}

/// December 17, 2009 3:45 PM; Dec. 17 2009; 十二月 17, 2009; December 17, Juche 98 (2009); Thu Dec 17 05:30:00 CET 2009
/// (asctime and its kin).
fn month_first(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (month, day, end) = month_and_day(text, i)?;
    let after = skip(text, end, &[',', '.']);
    if let Some((year, end)) = year(text, after).or_else(|| juche_year(text, after)) {
        return Some(with_time(text, end, usage, (year, month, day)));
    }
    let (end, clock) = time::after(text, end, usage.zone)?;
    let (year, end) = year(text, skip(text, end, &[',']))?;
    Some((
        end,
        Civil {
            year: Some(year),
            month,
            day,
            clock: Some(clock),
        },
    ))
}

pub(super) fn month_and_day(text: &Text, i: usize) -> Option<(i8, i8, usize)> {
    let (month, end) = match text.word(i) {
        Some((word, end)) => (month(&word)?, end),
        None => numbered_month(text, i)?,
    };
    let (day, end) = small(text, skip(text, end, &['.', '-']), 31)?;
    Some((month, day, ordinal(text, end)))
}

/// 05:30 GMT, Thursday 17 December 2009: the time, then within a few words the date.
fn time_first(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (end, clock) = time::at(text, i, usage.zone)?;
    clock.minute?;
    let mut at = end;
    for _ in 0..5 {
        at = skip(text, at, &[',', '|', '-', '–', '—', '·', '•', '.']);
        let dated = if text.at(at).is_ascii_digit() {
            year_first(text, at, usage).or_else(|| day_first(text, at, usage))
        } else {
            month_first(text, at, usage)
        };
        if let Some((end, civil)) = dated {
            return Some((
                end,
                Civil {
                    clock: Some(clock),
                    ..civil
                },
            ));
        }
        let (word, end) = text.word(at)?;
        let known =
            super::names::is_weekday(&word) || matches!(word.as_str(), "on" | "le" | "du" | "et" | "am" | "the");
        if !known {
            return None;
        }
        at = end;
    }
    None
}

/// 二〇〇九年十二月十七日.
fn han(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let mut year = 0i16;
    for at in i..i + 4 {
        year = year * 10 + han_digit(text.at(at))?;
    }
    if text.at(i + 4) != '年' || !(1900..=2100).contains(&year) {
        return None;
    }
    let (month, end) = han_number(text, i + 5, '月')?;
    let (day, end) = han_number(text, end, '日')?;
    (month <= 12 && day <= 31).then(|| with_time(text, end, usage, (year, month, day)))
}

fn han_digit(c: char) -> Option<i16> {
    "〇一二三四五六七八九"
        .chars()
        .position(|d| d == c)
        .or((matches!(c, '零' | '○' | 'O' | '0')).then_some(0))
        .map(|d| d as i16)
}

/// 十二, 二十, 廿一, 三十一 up to the closing mark.
fn han_number(text: &Text, i: usize, close: char) -> Option<(i8, usize)> {
    let mut value = 0i16;
    for at in i..i + 4 {
        match text.at(at) {
            c if c == close => return (value > 0 && value < 32).then_some((value as i8, at + 1)),
            '十' => value = value.max(1) * 10,
            '廿' => value = 20,
            c => value += han_digit(c)?,
        }
        if value > 99 {
            return None;
        }
    }
    None
}

/// Digits only: 20091217, 200912170530, 20091217053000 (and `20091217T053000Z`), seconds or milliseconds of the epoch.
pub(super) fn digits(text: &Text, usage: Usage) -> Option<Written> {
    let part = |from: usize, to: usize| -> Option<u32> {
        (from..to).try_fold(0u32, |value, i| Some(value * 10 + text.at(i).to_digit(10)?))
    };
    let run = (0..text.len()).take_while(|i| text.at(*i).is_ascii_digit()).count();
    let at = match (run, text.len() - run) {
        (10, 0) => return epoch(i64::from(part(0, 5)?) * 100_000 + i64::from(part(5, 10)?)),
        (13, 0) => return epoch(i64::from(part(0, 5)?) * 100_000 + i64::from(part(5, 10)?)),
        (8, 0) => None,
        (12 | 14, 0) => Some(8),
        (8, rest) if rest >= 5 && text.at(8) == 't' => Some(9),
        _ => return None,
    };
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    if !(1900..=2100).contains(&year) {
        return None;
    }
    let clock = match at {
        None => None,
        Some(at) => {
            let (hour, minute, second) = (part(at, at + 2)?, part(at + 2, at + 4)?, part(at + 4, at + 6));
            let end = at + if second.is_some() { 6 } else { 4 };
            if hour > 23 || minute > 59 || second.is_some_and(|s| s > 60) {
                return None;
            }
            Some(super::Clock {
                hour: hour as i8,
                minute: Some(minute as i8),
                second: second.map(|s| s as i8),
                offset: zones::at(text, end, usage.zone).map(|(_, seconds)| seconds),
            })
        }
    };
    Civil {
        year: Some(year as i16),
        month: month as i8,
        day: day as i8,
        clock,
    }
    .written(usage.zone)
}

/// An instant counted from 1970; before 2000 a run of ten digits is something else, and after 2100 a telephone number.
fn epoch(second: i64) -> Option<Written> {
    let min = jiff::Timestamp::from_second(second)
        .ok()
        .filter(|t| (946_684_801..4_102_444_800).contains(&t.as_second()))?;
    Some(Written {
        interval: crate::model::Interval {
            min,
            max: jiff::Timestamp::from_second(second + 1).ok()?,
        },
        precision: crate::model::Precision::Second,
        zone: "UTC".to_owned(),
        zone_assumed: false,
    })
}
