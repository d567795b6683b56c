//! A day and a month whose year is left to the reader: "July 18", "18 juillet", "7月18日 07:30", "7월 18일".
//!
//! Where anything beside them may be their year, readable or not ("-0001", "(2019)", "20264"), they are not read.

use std::ops::Range;

use super::Civil;
use super::absolute::{begins, day_and_month_name, month_and_day, small};
use super::eras::other_calendar;
use super::scan::{Text, latin};
use super::time;
use super::usage::Usage;

/// Such a day at `i`, and no year beside it.
pub(super) fn at(text: &Text, i: usize) -> Option<(usize, Civil)> {
    let (end, civil) = day(text, i)?;
    is_clear(text, i, end).then_some((end, civil))
}

/// The one such day in a short text, with its time.
pub(super) fn only(text: &Text, usage: Usage) -> Option<(Range<usize>, Civil)> {
    let (start, end, civil) = (0..text.len()).find_map(|i| day(text, i).map(|(end, civil)| (i, end, civil)))?;
    let (end, clock) = match time::after(text, end, usage.zone) {
        Some((end, clock)) => (end, Some(clock)),
        None => (end, None),
    };
    let year = |i: usize| !text.before(i).is_ascii_digit() && text.number(i).is_none_or(|(_, digits, _)| digits > 2);
    let mut elsewhere = (0..start)
        .chain(end..text.len())
        .filter(|i| text.at(*i).is_ascii_digit());
    let clear = is_clear(text, start, end) && !elsewhere.any(year);
    clear.then_some((start..end, Civil { clock, ..civil }))
}

fn day(text: &Text, i: usize) -> Option<(usize, Civil)> {
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

/// No number beside it but a time of day, no "年", no other calendar.
fn is_clear(text: &Text, from: usize, to: usize) -> bool {
    let mark = |c: char| {
        matches!(
            c,
            ' ' | ',' | '.' | '(' | ')' | '[' | ']' | '/' | '\'' | '-' | '–' | '—' | '+' | '~'
        )
    };
    let mut before = from;
    while mark(text.before(before)) {
        before -= 1;
    }
    let number = (0..before).rev().take_while(|at| text.at(*at).is_ascii_digit()).last();
    let timed = number.is_none_or(|at| matches!(text.before(at), ':' | 'h'));
    let mut after = to;
    loop {
        after = match text.any_literal(after, &["de ", "del ", "of "]) {
            Some(end) => end,
            None if mark(text.at(after)) => after + 1,
            None => break,
        };
    }
    let dated = text.at(after).is_ascii_digit() || other_calendar(text, after);
    timed && !dated && !matches!(text.before(before), '年' | '년')
}
