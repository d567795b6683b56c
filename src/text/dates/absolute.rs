//! Dates written in full, by number or with a month's name, in either order and with or without a time.

use std::ops::Range;

use super::names::{is_weekday, month};
use super::scan::{Text, latin};
use super::time;
use super::zones;
use super::{Civil, Written};

/// Juche 1 is 1912, the year of Kim Il Sung's birth (calendar of the DPRK from 1997).
const JUCHE: i16 = 1911;

/// A date that begins at `i`, with the time beside it.
pub(super) fn at(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let c = text.at(i);
    if c.is_ascii_digit() {
        if !begins(text, i) {
            return None;
        }
        return year_first(text, i, zone)
            .or_else(|| day_first(text, i, zone))
            .or_else(|| time_first(text, i, zone));
    }
    if latin(c) && !latin(text.before(i)) && !text.before(i).is_ascii_digit() {
        return month_first(text, i, zone).or_else(|| juche(text, i, zone));
    }
    match c {
        '주' => juche(text, i, zone),
        '民' | '令' | '平' => era(text, i, zone),
        '一' | '二' => han(text, i, zone),
        _ => None,
    }
}

/// Not the middle of a longer number, word or reference.
fn begins(text: &Text, i: usize) -> bool {
    let before = text.before(i);
    let joint =
        matches!(before, '-' | '/' | '.' | ',' | ':') && text.before(i.wrapping_sub(1)).is_ascii_digit() && i > 1;
    !before.is_ascii_digit() && !latin(before) && !joint
}

/// A day or month: one or two digits, which end there.
fn small(text: &Text, i: usize, most: u32) -> Option<(i8, usize)> {
    let (value, 1 | 2, end) = text.number(i)? else {
        return None;
    };
    (1..=most).contains(&value).then_some((value as i8, end))
}

fn year(text: &Text, i: usize) -> Option<(i16, usize)> {
    let (value, 4, end) = text.number(i)? else { return None };
    (1900..=2100).contains(&value).then_some((value as i16, end))
}

fn with_time(text: &Text, end: usize, zone: &str, (year, month, day): (i16, i8, i8)) -> (usize, Civil) {
    let (end, clock) = match time::after(text, end, zone) {
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
fn year_first(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let (year, end) = year(text, i)?;
    rest_of_year_first(text, end, zone, year)
}

fn rest_of_year_first(text: &Text, end: usize, zone: &str, year: i16) -> Option<(usize, Civil)> {
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
            return Some(with_time(text, end, zone, (year, month(&word)?, day)));
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
    Some(with_time(text, end, zone, (year, month, day)))
}

/// 17 décembre 2009, 1er mai 2009, 17. Dezember 2009, 17-Dec-09, 17/12/2009, 17.12.2009.
fn day_first(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let (first, end) = small(text, i, 31)?;
    let mark = text.at(end);
    if matches!(mark, '/' | '-' | '.') && text.at(text.spaces(end + 1)).is_ascii_digit() {
        return by_number(text, i, end, zone, first);
    }
    let (month, end) = day_and_month_name(text, end)?;
    let dashed = text.at(end) == '-';
    let after = skip(text, end, &[',', '-', '.', '/']);
    let (year, end) = match year(text, after).or_else(|| buddhist(text, after)) {
        Some(read) => read,
        // RFC 850: "Thursday, 17-Dec-09 05:30:00 GMT".
        None if dashed => match text.number(after)? {
            (value, 2, end) => (if value < 70 { 2000 } else { 1900 } + value as i16, end),
            _ => return None,
        },
        None => return None,
    };
    Some(with_time(text, end, zone, (year, month, first)))
}

/// From just after the day's digits: "er", "th", "." or "de", then a month's name.
fn day_and_month_name(text: &Text, end: usize) -> Option<(i8, usize)> {
    let end = text
        .any_literal(end, &["er", "st", "nd", "rd", "th", "º", "°", "."])
        .unwrap_or(end);
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

/// Spaces and one of the marks.
fn skip(text: &Text, i: usize, marks: &[char]) -> usize {
    let i = text.spaces(i);
    text.spaces(if marks.contains(&text.at(i)) { i + 1 } else { i })
}

/// 17/12/2009. Where both could be a month, dots are day-first (the United States never write dates with dots);
/// else day-first is usage everywhere but in the United States; Canada, Panama and Puerto Rico write both ways, so
/// that their zones leave such a date unread.
fn by_number(text: &Text, i: usize, end: usize, zone: &str, first: i8) -> Option<(usize, Civil)> {
    let mark = text.at(end);
    let (second, end) = small(text, text.spaces(end + 1), 31)?;
    if text.at(end) != mark {
        return None;
    }
    let (year, end) = match year(text, text.spaces(end + 1)) {
        Some(read) => read,
        None => short_year(text, end + 1).filter(|(_, end)| {
            weekday_before(text, i) || time::after(text, *end, zone).is_some_and(|(_, clock)| clock.minute.is_some())
        })?,
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
        _ if united_states(zone) => (second, first),
        _ if both_ways(zone) => return None,
        _ => (first, second),
    };
    Some(with_time(text, end, zone, (year, month, day)))
}

/// "25.04.24": a year of two digits, which only a weekday, a time or a text of its own makes a date.
fn short_year(text: &Text, i: usize) -> Option<(i16, usize)> {
    let (value, 2, end) = text.number(i)? else { return None };
    let joined = matches!(text.at(end), '.' | '/' | '-' | ':') && text.at(end + 1).is_ascii_digit();
    // Newspapers had pages from 1994 on.
    (!joined && !(70..94).contains(&value)).then_some((if value < 70 { 2000 } else { 1900 } + value as i16, end))
}

fn weekday_before(text: &Text, i: usize) -> bool {
    let mut end = i;
    while matches!(text.before(end), ' ' | ',' | '.') {
        end -= 1;
    }
    let start = (0..end).rev().take(12).take_while(|at| latin(text.at(*at))).last();
    let word: String = (start.unwrap_or(end)..end).map(|at| text.at(at)).collect();
    // The German ones of two letters are words elsewhere, but not before a date.
    is_weekday(&word) || matches!(word.as_str(), "mo" | "di" | "mi" | "do" | "fr" | "sa" | "so")
}

/// A text that is nothing but "25.04.24".
pub(super) fn short_day(text: &Text, i: usize, zone: &str) -> Option<(usize, Written)> {
    if !begins(text, i) {
        return None;
    }
    let (first, end) = small(text, i, 31)?;
    let mark = text.at(end);
    let (second, end) = small(text, end + 1, 31)?;
    if !matches!(mark, '.' | '/') || text.at(end) != mark {
        return None;
    }
    let (year, end) = short_year(text, end + 1)?;
    // With slashes either order is usage, and nothing here settles it.
    let (day, month) = match (first, second) {
        (day, month @ ..=12) if mark == '.' || day > 12 || day == month => (day, month),
        (month @ ..=12, day @ 13..) if mark == '/' => (day, month),
        _ => return None,
    };
    let (end, civil) = with_time(text, end, zone, (year, month, day));
    Some((end, civil.written(zone)?))
}

/// A year of the Thai calendar, 543 ahead, which only a Thai text writes.
fn buddhist(text: &Text, i: usize) -> Option<(i16, usize)> {
    let i = text.spaces(text.literal(i, "พ.ศ.").unwrap_or(i));
    let (value @ 2530..=2643, 4, end) = text.number(i)? else {
        return None;
    };
    Some((value as i16 - 543, end))
}

/// 民國113年5月1日, 令和6年5月1日, 平成元年5月1日.
fn era(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    const ERAS: [(&str, i16); 4] = [("民國", 1911), ("民国", 1911), ("令和", 2018), ("平成", 1988)];
    let (before, end) = ERAS
        .iter()
        .find_map(|(name, before)| Some((*before, text.literal(i, name)?)))?;
    let (count, end) = match text.literal(end, "元") {
        Some(end) => (1, end),
        None => match text.number(text.spaces(end))? {
            (count, 1..=3, end) => (i16::try_from(count).ok()?, end),
            _ => return None,
        },
    };
    let year = before + count;
    (text.at(text.spaces(end)) == '年' && (1990..=2100).contains(&year))
        .then(|| rest_of_year_first(text, end, zone, year))?
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

/// December 17, 2009 3:45 PM; Dec. 17 2009; Thu Dec 17 05:30:00 CET 2009 (asctime and its kin).
fn month_first(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let (month, day, end) = month_and_day(text, i)?;
    let after = skip(text, end, &[',', '.']);
    if let Some((year, end)) = year(text, after) {
        return Some(with_time(text, end, zone, (year, month, day)));
    }
    let (end, clock) = time::after(text, end, zone)?;
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

fn month_and_day(text: &Text, i: usize) -> Option<(i8, i8, usize)> {
    let (word, end) = text.word(i)?;
    let month = month(&word)?;
    let (day, end) = small(text, skip(text, end, &['.', '-']), 31)?;
    Some((
        month,
        day,
        text.any_literal(end, &["st", "nd", "rd", "th"]).unwrap_or(end),
    ))
}

/// 05:30 GMT, Thursday 17 December 2009: the time, then within a few words the date.
fn time_first(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let (end, clock) = time::at(text, i, zone)?;
    clock.minute?;
    let mut at = end;
    for _ in 0..5 {
        at = skip(text, at, &[',', '|', '-', '–', '—', '·', '•', '.']);
        let dated = if text.at(at).is_ascii_digit() {
            year_first(text, at, zone).or_else(|| day_first(text, at, zone))
        } else {
            month_first(text, at, zone)
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

/// 주체98(2009)년 12월 17일; Juche 98 (2009) December 17; December 17, Juche 98 is read by its digits elsewhere.
fn juche(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let end = text.any_literal(i, &["주체", "juche"])?;
    let (count, 1..=3, end) = text.number(text.spaces(end))? else {
        return None;
    };
    let counted = JUCHE + i16::try_from(count).ok()?;
    let open = text.spaces(end);
    let end = match (text.at(open) == '(')
        .then(|| year(text, text.spaces(open + 1)))
        .flatten()
    {
        Some((year, end)) if year == counted && text.at(text.spaces(end)) == ')' => text.spaces(end) + 1,
        // Two years that disagree are no date.
        Some(_) => return None,
        None => end,
    };
    if !(1990..=2100).contains(&counted) {
        return None;
    }
    let after = skip(text, end, &[',']);
    if let Some((month, day, end)) = month_and_day(text, after) {
        return Some(with_time(text, end, zone, (counted, month, day)));
    }
    rest_of_year_first(text, end, zone, counted)
}

/// 二〇〇九年十二月十七日.
fn han(text: &Text, i: usize, zone: &str) -> Option<(usize, Civil)> {
    let mut year = 0i16;
    for at in i..i + 4 {
        year = year * 10 + han_digit(text.at(at))?;
    }
    if text.at(i + 4) != '年' || !(1900..=2100).contains(&year) {
        return None;
    }
    let (month, end) = han_number(text, i + 5, '月')?;
    let (day, end) = han_number(text, end, '日')?;
    (month <= 12 && day <= 31).then(|| with_time(text, end, zone, (year, month, day)))
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

/// A day and month whose year is left to the reader: "July 18", "18 juillet", "7月18日", "7월 18일".
pub(super) fn day_and_month(text: &Text, i: usize) -> Option<(usize, Civil)> {
    let (month, day, end) = if text.at(i).is_ascii_digit() {
        if !begins(text, i) {
            return None;
        }
        let (first, end) = small(text, i, 31)?;
        if let Some(end) = text.any_literal(text.spaces(end), &["月", "월"]) {
            let (day, end) = small(text, text.spaces(end), 31)?;
            (first, day, text.any_literal(text.spaces(end), &["日", "일"])?)
        } else {
            let (month, end) = day_and_month_name(text, end)?;
            (month, first, end)
        }
    } else if latin(text.at(i)) && !latin(text.before(i)) {
        month_and_day(text, i)?
    } else {
        return None;
    };
    (month <= 12).then_some((
        end,
        Civil {
            year: None,
            month,
            day,
            clock: None,
        },
    ))
}

/// The one date without a year in a short text.
pub(super) fn without_year(text: &Text) -> Option<(Range<usize>, Civil)> {
    (0..text.len()).find_map(|i| day_and_month(text, i).map(|(end, civil)| (i..end, civil)))
}

/// Digits only: 20091217, 200912170530, 20091217053000 (and `20091217T053000Z`), seconds or milliseconds of the epoch.
pub(super) fn digits(text: &Text, zone: &str) -> Option<Written> {
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
                offset: zones::at(text, end, zone).map(|(_, seconds)| seconds),
            })
        }
    };
    Civil {
        year: Some(year as i16),
        month: month as i8,
        day: day as i8,
        clock,
    }
    .written(zone)
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
