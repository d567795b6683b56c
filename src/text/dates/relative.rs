//! Dates told from now: "2小时前", "il y a 3 heures", "3 hours ago", "vor 3 Stunden", "3시간 전", "昨天 12:30".
//!
//! Without a `now` there is nothing to tell them from, and they are not read.

use jiff::{SignedDuration, Timestamp};

use super::scan::{Text, latin};
use super::{Civil, Place, Written, day, time};
use crate::model::{Interval, Precision};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A distance with its number, which means the same in prose and in a byline.
pub(super) fn at(text: &Text, i: usize, place: Place) -> Option<(usize, Written)> {
    let now = place.now?;
    let (n, unit, end) = spaced(text, i).or_else(|| east_asian(text, i))?;
    if unit == DAY {
        let date = now.to_zoned_datetime(place.tz()).date();
        return Some((
            end,
            day(
                date.checked_sub(jiff::Span::new().try_days(n).ok()?).ok()?,
                place.usage.zone,
            )?,
        ));
    }
    // "3 hours ago" is said from 2½ (rounded) to just under 4 (cut off).
    let back = |halves: i64| now.checked_sub(SignedDuration::from_secs(halves * unit / 2)).ok();
    let (min, max) = (back(2 * n + 2)?, back(2 * n - 1)?);
    Some((
        end,
        Written {
            interval: Interval { min, max },
            precision: Precision::Minute,
            zone: "UTC".to_owned(),
            zone_assumed: false,
        },
    ))
}

/// Before the distance, in French, German, Spanish, Portuguese and Arabic.
const BEFORE: [&str; 5] = ["il y a ", "vor ", "hace ", "há ", "منذ "];

/// After it, in English, Italian, Dutch, Russian and Ukrainian.
const AFTER: [&str; 5] = ["ago", "fa", "geleden", "назад", "тому"];

/// "3 hours ago", "an hour ago", "il y a une heure", "vor 3 Stunden", "час назад", "منذ ساعتين".
fn spaced(text: &Text, i: usize) -> Option<(i64, i64, usize)> {
    let before = text.before(i);
    if latin(before) || before.is_ascii_digit() {
        return None;
    }
    if let Some(end) = text.any_literal(i, &BEFORE) {
        let at = text.spaces(end);
        return counted(text, at).or_else(|| uncounted(text, at));
    }
    let (n, unit, end) = counted(text, i).or_else(|| uncounted(text, i))?;
    let end = text.any_literal(text.spaces(end), &AFTER)?;
    (!latin(text.at(end))).then_some((n, unit, end))
}

fn counted(text: &Text, i: usize) -> Option<(i64, i64, usize)> {
    const HALVES: [&str; 4] = ["half an hour", "une demi-heure", "einer halben stunde", "media hora"];
    if let Some(end) = text.any_literal(i, &HALVES) {
        return (!latin(text.at(end))).then_some((1, HOUR / 2, end));
    }
    let (n, end) = count(text, i)?;
    let (word, end) = text.word(text.spaces(end))?;
    Some((n, unit(&word)?, end))
}

/// A distance whose number lies in its noun.
fn uncounted(text: &Text, i: usize) -> Option<(i64, i64, usize)> {
    let (word, end) = text.word(i)?;
    let (n, unit) = match word.as_str() {
        "полчаса" => (1, HOUR / 2),
        "минуту" | "хвилину" | "دقيقة" => (1, MINUTE),
        "час" | "годину" | "ساعة" => (1, HOUR),
        "день" | "يوم" => (1, DAY),
        "دقيقتين" => (2, MINUTE),
        "ساعتين" => (2, HOUR),
        "يومين" => (2, DAY),
        _ => return None,
    };
    Some((n, unit, end))
}

fn count(text: &Text, i: usize) -> Option<(i64, usize)> {
    const ONE: [&str; 13] = [
        "a", "an", "one", "un", "une", "einer", "einem", "una", "um", "uma", "een", "одну", "один",
    ];
    if let Some((n, 1..=2, end)) = text.number(i) {
        return (n > 0).then_some((i64::from(n), end));
    }
    let (word, end) = text.word(i)?;
    ONE.contains(&word.as_str()).then_some((1, end))
}

fn unit(word: &str) -> Option<i64> {
    // en, fr, de, es, pt, it, nl, ru, uk, ar, in that order where they differ.
    Some(match word {
        "minute" | "minutes" | "min" | "mins" | "mn" | "minuten" | "minuto" | "minutos" | "minuti" | "minuut"
        | "минуту" | "минуты" | "минут" | "мин" | "хвилину" | "хвилини" | "хвилин" | "دقيقة" | "دقائق" => {
            MINUTE
        }
        "hour" | "hours" | "hr" | "hrs" | "heure" | "heures" | "h" | "stunde" | "stunden" | "std" | "hora"
        | "horas" | "ora" | "ore" | "uur" | "час" | "часа" | "часов" | "годину" | "години" | "годин" | "ساعة"
        | "ساعات" => HOUR,
        "day" | "days" | "jour" | "jours" | "tag" | "tagen" | "día" | "días" | "dia" | "dias" | "giorno" | "giorni"
        | "dag" | "dagen" | "день" | "дня" | "дней" | "дні" | "днів" | "يوم" | "يوما" | "أيام" => {
            DAY
        }
        _ => return None,
    })
}

/// 2小时前, 半小时前, 5分钟前, 3天前, 3시간 전, 10분 전.
fn east_asian(text: &Text, i: usize) -> Option<(i64, i64, usize)> {
    const UNITS: [(&str, i64); 13] = [
        ("小时", HOUR),
        ("小時", HOUR),
        ("个小时", HOUR),
        ("個小時", HOUR),
        ("分钟", MINUTE),
        ("分鐘", MINUTE),
        ("天", DAY),
        ("日", DAY),
        ("시간", HOUR),
        ("분", MINUTE),
        ("일", DAY),
        ("時間", HOUR),
        ("分", MINUTE),
    ];
    if text.before(i).is_ascii_digit() {
        return None;
    }
    let (n, half, end) = match text.literal(i, "半") {
        Some(end) => (1, true, end),
        None => match text.number(i)? {
            (n @ 1.., 1..=2, end) => (n, false, text.spaces(end)),
            _ => return None,
        },
    };
    let (unit, end) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((*unit, text.literal(end, name)?)))?;
    Some((
        i64::from(n),
        // Half a day is a word for a long while.
        if half {
            Some(unit / 2).filter(|_| unit == HOUR)?
        } else {
            unit
        },
        text.any_literal(text.spaces(end), &["以前", "之前", "前", "전"])?,
    ))
}

/// A day named by its distance, with the time if there is one. Prose is full of these: only for a text that is a date.
pub(super) fn day_word(text: &Text, i: usize, place: Place) -> Option<(usize, Written)> {
    const WORDS: [(&str, i64); 17] = [
        ("今天", 0),
        ("今日", 0),
        ("昨天", 1),
        ("昨日", 1),
        ("前天", 2),
        ("오늘", 0),
        ("어제", 1),
        ("그제", 2),
        ("today", 0),
        ("yesterday", 1),
        ("aujourd'hui", 0),
        ("hier", 1),
        ("avant-hier", 2),
        ("heute", 0),
        ("gestern", 1),
        ("hoy", 0),
        ("ayer", 1),
    ];
    if latin(text.before(i)) {
        return None;
    }
    let today = today(place.now?, place);
    let (end, back) = WORDS
        .iter()
        .find_map(|(word, back)| Some((text.literal(i, word)?, *back)))?;
    if latin(text.at(end)) || text.at(end) == '\'' {
        return None;
    }
    let date = today.checked_sub(jiff::Span::new().try_days(back).ok()?).ok()?;
    let (end, clock) = match time::after(text, end, place.usage.zone) {
        Some((end, clock)) => (end, Some(clock)),
        None => (end, None),
    };
    let civil = Civil {
        year: Some(date.year()),
        month: date.month(),
        day: date.day(),
        clock,
    };
    Some((end, civil.written(place.usage.zone)?))
}

fn today(now: Timestamp, place: Place) -> jiff::civil::Date {
    now.to_zoned_datetime(place.tz()).date()
}
