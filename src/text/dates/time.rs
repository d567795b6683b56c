//! The time of day beside a date: "05:30", "7h30", "3:45 PM", "오후 3시 45분", "上午8点05分".

use super::Clock;
use super::names::is_weekday;
use super::scan::{Text, latin};
use super::zones;

/// Words and marks that may stand between a date and its time.
const BETWEEN: [&str; 16] = [
    "at", "à", "a", "um", "as", "às", "las", "ore", "le", "t", "kl", "om", "o", "on", "de", "alle",
];

/// A time after a date that ends at `i`, over whatever may stand between the two.
pub(super) fn after(text: &Text, i: usize, zone: &str) -> Option<(usize, Clock)> {
    let mut i = i;
    // Five things at most: ", jeudi - à 7h30".
    for _ in 0..6 {
        i = text.spaces(i);
        if let Some(read) = at(text, i, zone) {
            return Some(read);
        }
        i = match text.at(i) {
            ',' | '|' | '-' | '–' | '—' | '·' | '•' | '/' | '.' | ':' | ';' | '_' => i + 1,
            '(' => closing(text, i)?,
            c if latin(c) => {
                let (word, end) = text.word(i)?;
                if !BETWEEN.contains(&word.as_str()) && !is_weekday(&word) {
                    return None;
                }
                end
            }
            _ => text.any_literal(i, &["星期", "周", "週", "礼拜"]).map(|end| end + 1)?,
        };
    }
    None
}

/// A short bracket, such as the weekday in "2009.12.17 (목) 05:30".
fn closing(text: &Text, i: usize) -> Option<usize> {
    (i + 1..i + 6).find(|at| text.at(*at) == ')').map(|at| at + 1)
}

/// A time of day that begins at `i`.
pub(super) fn at(text: &Text, i: usize, zone: &str) -> Option<(usize, Clock)> {
    let (half, from) = match half_before(text, i) {
        Some((end, half)) => (Some(half), text.spaces(end)),
        None => (None, i),
    };
    let (hour, digits, end) = text.number(from)?;
    if digits > 2 || hour > 24 {
        return None;
    }
    let (minute, second, end) = minutes(text, end, zone)?;
    let (end, half) = match half_after(text, end) {
        Some((end, half)) => (end, Some(half)),
        None => (end, half),
    };
    // A bare number is a time only with "PM" beside it.
    if minute.is_none() && half.is_none() && text.before(end).is_ascii_digit() {
        return None;
    }
    let hour = match half {
        Some(Half::Second) if hour < 12 => hour + 12,
        Some(Half::First) if hour == 12 => 0,
        _ => hour,
    };
    let end = text.literal(text.spaces(end), "uhr").unwrap_or(end);
    let (end, offset) = match zones::at(text, end, zone) {
        Some((end, seconds)) => (end, Some(seconds)),
        None => (end, None),
    };
    if hour == 24 && (minute.unwrap_or(0), second.unwrap_or(0)) != (0, 0) {
        return None;
    }
    Some((
        end,
        Clock {
            hour: hour as i8,
            minute,
            second,
            offset,
        },
    ))
}

/// What follows the hour: minute, second, where they end. `None` = this was no hour.
fn minutes(text: &Text, i: usize, zone: &str) -> Option<(Option<i8>, Option<i8>, usize)> {
    let c = text.at(i);
    if c == ':'
        || (c == '.'
            && text
                .number(i + 1)
                .is_some_and(|(_, n, end)| n == 2 && dotted(text, end, zone)))
    {
        let (minute, 2, end) = text.number(i + 1)? else {
            return None;
        };
        if minute > 59 {
            return None;
        }
        let Some((second, 2, mut end)) = (text.at(end) == c).then(|| text.number(end + 1)).flatten() else {
            return Some((Some(minute as i8), None, end));
        };
        if second > 60 {
            return None;
        }
        if matches!(text.at(end), '.' | ',') && text.at(end + 1).is_ascii_digit() {
            end += 1;
            while text.at(end).is_ascii_digit() {
                end += 1;
            }
        }
        return Some((Some(minute as i8), Some(second as i8), end));
    }
    if c == 'h' || text.literal(i, " h").is_some() {
        let end = if c == 'h' { i + 1 } else { i + 2 };
        if let Some((minute, 2, end)) = text.number(text.spaces(end)).filter(|(m, n, _)| *m < 60 && *n == 2) {
            return Some((Some(minute as i8), None, end));
        }
        return (!latin(text.at(end))).then_some((None, None, end));
    }
    if let Some(end) = text.any_literal(i, &["时", "時", "点", "點", "시"]) {
        if let Some((minute, 1 | 2, after)) = text.number(text.spaces(end)).filter(|(m, ..)| *m < 60)
            && let Some(after) = text.any_literal(after, &["分", "분"])
        {
            return Some((Some(minute as i8), None, after));
        }
        return (!matches!(c, '点' | '點')).then_some((None, None, end));
    }
    half_after(text, i).map(|_| (None, None, i))
}

/// "15.30 Uhr", "3.45pm" and "07.30 GMT" are times; "3.45" alone is a number.
fn dotted(text: &Text, end: usize, zone: &str) -> bool {
    let at = text.spaces(end);
    let zoned = latin(text.at(at)) && zones::at(text, at, zone).is_some_and(|(end, _)| !latin(text.at(end)));
    zoned || text.literal(at, "uhr").is_some() || half_after(text, end).is_some()
}

#[derive(Clone, Copy)]
enum Half {
    First,
    Second,
}

fn half_before(text: &Text, i: usize) -> Option<(usize, Half)> {
    if let Some(end) = text.any_literal(i, &["上午", "凌晨", "早上", "清晨", "오전", "새벽", "am ", "a.m. "])
    {
        return Some((end, Half::First));
    }
    text.any_literal(i, &["下午", "晚上", "晚间", "傍晚", "오후", "밤", "pm ", "p.m. "])
        .map(|end| (end, Half::Second))
}

fn half_after(text: &Text, i: usize) -> Option<(usize, Half)> {
    let i = text.spaces(i);
    let (end, half) = match text.any_literal(i, &["a.m.", "a.m", "am"]) {
        Some(end) => (end, Half::First),
        None => (text.any_literal(i, &["p.m.", "p.m", "pm"])?, Half::Second),
    };
    (!latin(text.at(end))).then_some((end, half))
}
