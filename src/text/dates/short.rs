//! Days whose year has two digits: "25.04.24", "24.05.12 07:30", "Do 17.12.09".
//!
//! Takes text and its writers' usage. Where the year may stand at either end and nothing settles it, there is no date.

use jiff::civil::Date;

use super::absolute::{begins, small, with_time};
use super::names::is_weekday;
use super::scan::{Text, latin};
use super::time;
use super::usage::{Order, Usage};
use super::{Civil, Written};

/// The two digits of a year that end there. Newspapers had pages from 1994 on.
fn year(text: &Text, i: usize) -> Option<(i16, usize)> {
    let (value, 2, end) = text.number(i)? else { return None };
    (!(70..94).contains(&value)).then_some((if value < 70 { 2000 } else { 1900 } + value as i16, end))
}

/// Whether what ends at `i` goes on as a longer number.
fn joined(text: &Text, i: usize) -> bool {
    matches!(text.at(i), '.' | '/' | '-' | ':') && text.at(i + 1).is_ascii_digit()
}

/// The year of "17.12.09" and "17/12/09 05:30", which only a weekday before the day at `i` or a time after the year
/// at `from` makes a date among other words.
pub(super) fn year_last(text: &Text, i: usize, from: usize, usage: Usage) -> Option<(i16, usize)> {
    let (year, end) = year(text, from).filter(|(_, end)| !joined(text, *end))?;
    (is_day_first(text, i, usage) && (weekday_before(text, i) || timed(text, end, usage))).then_some((year, end))
}

fn timed(text: &Text, end: usize, usage: Usage) -> bool {
    time::after(text, end, usage.zone).is_some_and(|(_, clock)| clock.minute.is_some())
}

/// Whether the numbers that begin at `i` can be no day with its year first.
fn is_day_first(text: &Text, i: usize, usage: Usage) -> bool {
    numbers(text, i).is_none() || usage.order(text, i) == Order::DayFirst
}

/// 24.05.12 07:30, 24/05/12 (토): East Asia's order, with what makes it a date among other words.
pub(super) fn year_first(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (end, day) = numbers(text, i)?;
    let dated = timed(text, end, usage) || weekday_after(text, end);
    (dated && usage.order(text, i) == Order::YearFirst).then(|| with_time(text, end, usage, day))
}

/// Year, month and day with one kind of mark, if there is such a day.
fn numbers(text: &Text, i: usize) -> Option<(usize, (i16, i8, i8))> {
    let (year, end) = year(text, i)?;
    let mark = text.at(end);
    let (month, end) = small(text, text.spaces(end + 1), 12)?;
    if !matches!(mark, '.' | '/' | '-') || text.at(end) != mark {
        return None;
    }
    let (day, end) = small(text, text.spaces(end + 1), 31)?;
    Date::new(year, month, day).ok().filter(|_| !joined(text, end))?;
    let end = if mark == '.' && text.at(end) == '.' {
        end + 1
    } else {
        end
    };
    Some((end, (year, month, day)))
}

fn weekday_after(text: &Text, end: usize) -> bool {
    const DAYS: &str = "월화수목금토일月火水木金土日一二三四五六";
    let at = text.spaces(end);
    text.at(at) == '(' && DAYS.contains(text.at(at + 1)) && text.at(at + 2) == ')'
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
pub(super) fn alone(text: &Text, i: usize, usage: Usage) -> Option<(usize, Written)> {
    if !begins(text, i) {
        return None;
    }
    let (_, _, end) = text.number(i)?;
    let mark = text.at(end);
    if !matches!(mark, '.' | '/') {
        return None;
    }
    let (end, day) = if is_day_first(text, i, usage) {
        let (first, end) = small(text, i, 31)?;
        let (second, end) = small(text, end + 1, 31)?;
        if text.at(end) != mark {
            return None;
        }
        let (year, end) = year(text, end + 1).filter(|(_, end)| !joined(text, *end))?;
        // With slashes either order of day and month is usage, and nothing here settles it.
        let (day, month) = match (first, second) {
            (day, month @ ..=12) if mark == '.' || day > 12 || day == month => (day, month),
            (month @ ..=12, day @ 13..) if mark == '/' => (day, month),
            _ => return None,
        };
        (end, (year, month, day))
    } else {
        numbers(text, i).filter(|_| usage.order(text, i) == Order::YearFirst)?
    };
    let (end, civil) = with_time(text, end, usage, day);
    Some((end, civil.written(usage.zone)?))
}
