//! The summary sentence: templated, every number from the rows.

use std::collections::BTreeMap;

use crate::model::Interval;
use crate::model::comparison::{Coverage, Grade, Status};
use crate::text::durations;

pub fn sentence(rows: &[Coverage]) -> String {
    let count = |status| rows.iter().filter(|row| row.status == status).count();
    let looked = rows.len() - count(Status::NotLooked);
    let mut parts = vec![format!("{} covered{}", count(Status::Covered), languages(rows))];
    let silent = count(Status::Silent);
    if silent > 0 {
        let proven = rows
            .iter()
            .filter(|r| r.status == Status::Silent && r.silence_grade == Some(Grade::A))
            .count();
        parts.push(format!("{silent} silent, {proven} of them proven"));
    }
    for (status, word) in [
        (Status::NotYet, "not yet"),
        (Status::Unknown, "unknown"),
        (Status::NotLooked, "not looked at"),
    ] {
        if count(status) > 0 {
            parts.push(format!("{} {word}", count(status)));
        }
    }
    let plural = if looked == 1 { "" } else { "s" };
    let mut text = format!("{looked} source{plural} looked at; {}.", parts.join("; "));
    if let Some(first) = rows.iter().find(|row| row.rank_overall == Some(1))
        && let Some(span) = first.first_pub
    {
        text.push_str(&format!(
            " First: {}, {}.",
            first.source_name,
            durations::span_utc(span)
        ));
    }
    for own in rows.iter().filter(|row| row.kind == "own") {
        text.push_str(&own_place(own, rows));
    }
    text
}

/// The place of the reader's own post, and the time between it and its neighbours.
fn own_place(own: &Coverage, rows: &[Coverage]) -> String {
    let (Some(overall), Some(in_lang), Some(mine)) = (own.rank_overall, own.rank_in_lang, own.first_pub) else {
        return String::new();
    };
    let mut text = format!(
        " Your post: {} overall, {} in {}",
        nth(overall),
        nth(in_lang),
        language(&own.lang)
    );
    let others = || rows.iter().filter(|row| row.source_id != own.source_id);
    let earliest = others().find(|row| row.rank_overall == Some(1) && overall > 1);
    let next = others()
        .filter(|row| row.first_pub.is_some_and(|theirs| theirs.min >= mine.max))
        .min_by_key(|row| row.first_pub.map(|theirs| (theirs.min, theirs.max)));
    let mut apart = Vec::new();
    if let Some(row) = earliest
        && let Some(theirs) = row.first_pub
    {
        apart.push(format!("{} after {}", between(theirs, mine), row.source_name));
    }
    if let Some(row) = next
        && let Some(theirs) = row.first_pub
    {
        apart.push(format!("{} before {}", between(mine, theirs), row.source_name));
    }
    if !apart.is_empty() {
        text.push_str(&format!("; {}", apart.join(", ")));
    }
    text.push('.');
    text
}

/// `32h30`, or `22h30…28h30` where an end is not a point.
fn between(earlier: Interval, later: Interval) -> String {
    let least = later.min.duration_since(earlier.max).as_mins().max(0);
    let most = later.max.duration_since(earlier.min).as_mins().max(0);
    match least == most {
        true => durations::minutes(least),
        false => format!("{}…{}", durations::minutes(least), durations::minutes(most)),
    }
}

/// The languages that the program is made for by name, any other by its tag.
fn language(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or(tag) {
        "en" => "English",
        "fr" => "French",
        "zh" => "Chinese",
        "ko" => "Korean",
        other => other,
    }
}

fn languages(rows: &[Coverage]) -> String {
    let mut by_lang: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.status == Status::Covered) {
        *by_lang
            .entry(row.lang.split('-').next().unwrap_or(&row.lang))
            .or_default() += 1;
    }
    let mut counts: Vec<_> = by_lang.into_iter().collect();
    counts.sort_by_key(|(lang, n)| (std::cmp::Reverse(*n), *lang));
    match counts.is_empty() {
        true => String::new(),
        false => format!(
            " ({})",
            counts
                .iter()
                .map(|(lang, n)| format!("{lang} {n}"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn nth(n: u32) -> String {
    if n == 1 {
        return "first".to_owned();
    }
    let suffix = match (n % 10, n % 100) {
        (1, r) if r != 11 => "st",
        (2, r) if r != 12 => "nd",
        (3, r) if r != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}
