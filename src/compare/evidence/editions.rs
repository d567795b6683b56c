//! Other editions of the same outlet: what the Korean text has that the English one lacks.
//!
//! Takes what was found in each article by rule, gives one row for each article and other edition. Texts of different
//! languages are held side by side by what has no language: ids of names and concepts, numbers in digits, who is quoted.
//! A name that neither lexicon nor gazetteer has, and a number in words, are not found in either.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::outlets;
use crate::compare::{Input, Matched, SourceInput, firstness};
use crate::model::Article;
use crate::model::article::Field;
use crate::model::comparison::{Coverage, Status};
use crate::model::evidence::{EditionGap, EditionOnly, OnlyKind, Place, Quote, QuoteKind};
use crate::text::numbers::placed;

/// So much of what the poorer of two articles names must stand in the other, for the two to tell the same.
const SHARED: f64 = 0.3;
/// … and at least so many names and numbers.
const LEAST: usize = 2;
/// Two editions of one report are no further apart.
const APART: SignedDuration = SignedDuration::from_hours(72);
/// Numbers below this are written in words as often as in digits.
const IN_WORDS: f64 = 13.0;

/// A name or concept in an article, whatever it is called there.
#[derive(Debug, Clone, PartialEq)]
pub struct Mentioned {
    pub kind: OnlyKind,
    pub id: String,
    /// As the lexicon has it.
    pub written: String,
    pub count: u32,
    pub first: Place,
    /// Characters of the field, as far as they were kept.
    pub at: Vec<(Field, u32, u32)>,
}

/// A number in an article that would be written in digits in any language.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub value: String,
    pub count: u32,
    pub first: Place,
}

/// The figures of an article, each once.
pub fn figures(article: &Article, version: u32, fields: &[(Field, &str)]) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for (field, text) in fields {
        let chars: Vec<char> = text.chars().collect();
        for number in placed(text) {
            let Some(value) = value(&number.value, &chars, number.start, number.end) else {
                continue;
            };
            match figures.iter_mut().find(|known| known.value == value) {
                Some(known) => known.count += 1,
                None => figures.push(Figure {
                    value,
                    count: 1,
                    first: Place {
                        article_id: article.id.clone(),
                        version,
                        field: *field,
                        start: number.start,
                        end: number.end,
                        position: match field {
                            Field::Body => u8::try_from(number.start * 100 / chars.len().max(1)).unwrap_or(100),
                            Field::Title | Field::Lead => 0,
                        },
                    },
                }),
            }
        }
    }
    figures
}

/// What a number means together with what stands behind it: 3만 and 30,000 are one. Nothing where another language
/// would not write it in digits: small ones, months, and years of an era.
fn value(digits: &str, chars: &[char], start: usize, end: usize) -> Option<String> {
    let rest: String = chars[end..].iter().take(12).collect();
    let rest = rest.trim_start().to_lowercase();
    let before: String = chars[start.saturating_sub(6)..start].iter().collect();
    if MONTH.iter().any(|sign| rest.starts_with(sign)) || ERA.iter().any(|era| before.trim_end().ends_with(era)) {
        return None;
    }
    let times = TIMES
        .iter()
        .find(|(sign, _)| rest.starts_with(sign))
        .map_or(1.0, |(_, n)| *n);
    let value = digits.parse::<f64>().ok()? * times;
    (value >= IN_WORDS || value.fract() != 0.0).then(|| value.to_string())
}

const MONTH: [&str; 2] = ["월", "月"];
const ERA: [&str; 3] = ["주체", "主体", "Juche"];
/// Longer signs first.
const TIMES: [(&str, f64); 16] = [
    ("천만", 1e7),
    ("千万", 1e7),
    ("백만", 1e6),
    ("百万", 1e6),
    ("만", 1e4),
    ("万", 1e4),
    ("萬", 1e4),
    ("억", 1e8),
    ("亿", 1e8),
    ("億", 1e8),
    ("billion", 1e9),
    ("milliard", 1e9),
    ("million", 1e6),
    ("thousand", 1e3),
    ("mille", 1e3),
    ("조", 1e12),
];

/// One row for each article of an edition and each other edition of its outlet that was laid out.
pub fn rows(input: &Input, coverage: &[Coverage]) -> Vec<EditionGap> {
    let mut rows = Vec::new();
    for one in &input.sources {
        let key = outlets::key(&one.source);
        for other in &input.sources {
            if one.source.id == other.source.id || outlets::key(&other.source) != key {
                continue;
            }
            let status = coverage
                .iter()
                .find(|row| row.source_id == other.source.id)
                .map_or(Status::Unknown, |row| row.status);
            // What an edition lacks that nobody looked at, or that was mostly dark, is not known.
            if other.matches.is_empty() && matches!(status, Status::NotLooked | Status::Unknown) {
                continue;
            }
            let pairs = pairs(one, other);
            for (at, article) in one.matches.iter().enumerate() {
                let counterpart = pairs
                    .iter()
                    .find(|pair| pair.0 == at)
                    .and_then(|pair| other.matches.get(pair.1));
                rows.push(row(&key, (one, article), (other, counterpart), status));
            }
        }
    }
    rows
}

fn row(
    outlet: &str,
    (one, article): (&SourceInput, &Matched),
    (other, counterpart): (&SourceInput, Option<&Matched>),
    other_status: Status,
) -> EditionGap {
    let (only, quotes_untold) =
        counterpart.map_or_else(Default::default, |theirs| only(article, theirs, &other.matches));
    EditionGap {
        outlet: outlet.to_owned(),
        source_id: one.source.id.clone(),
        other_id: other.source.id.clone(),
        other_status,
        article_id: article.article.id.clone(),
        other_article_id: counterpart.map(|theirs| theirs.article.id.clone()),
        other_text_access: counterpart.map(|theirs| theirs.article.text_access),
        shared: counterpart.map_or_else(Vec::new, |theirs| {
            keys(article)
                .intersection(&keys(theirs))
                .map(|key| (*key).to_owned())
                .collect()
        }),
        only,
        quotes_untold,
    }
}

/// Ids of names and concepts, and figures.
fn keys(matched: &Matched) -> BTreeSet<&str> {
    let names = matched.facts.mentioned.iter().map(|name| name.id.as_str());
    names
        .chain(matched.facts.figures.iter().map(|figure| figure.value.as_str()))
        .collect()
}

/// Articles of two editions that tell the same, by their places in the lists: those that share most first, each once.
fn pairs(one: &SourceInput, other: &SourceInput) -> Vec<(usize, usize)> {
    let right: Vec<(BTreeSet<&str>, Timestamp)> = other.matches.iter().map(|m| (keys(m), at(m))).collect();
    let mut candidates = Vec::new();
    for (a, article) in one.matches.iter().enumerate() {
        let (left, mine) = (keys(article), at(article));
        for (b, (theirs, when)) in right.iter().enumerate() {
            let apart = mine.duration_since(*when).abs();
            let shared = left.intersection(theirs).count();
            let poorer = left.len().min(theirs.len()).max(1);
            if apart <= APART && shared >= LEAST && shared as f64 >= SHARED * poorer as f64 {
                candidates.push((Reverse(shared), apart, ids(article, &other.matches[b]), a, b));
            }
        }
    }
    candidates.sort();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (.., a, b) in candidates {
        if pairs.iter().all(|(left, right)| *left != a && *right != b) {
            pairs.push((a, b));
        }
    }
    pairs
}

fn at(matched: &Matched) -> Timestamp {
    firstness::narrow(matched).interval.min
}

/// The same from either side, so that both come to the same pairs.
fn ids<'m>(one: &'m Matched, other: &'m Matched) -> [&'m str; 2] {
    let mut ids = [one.article.id.as_str(), other.article.id.as_str()];
    ids.sort_unstable();
    ids
}

/// What one has and the other lacks, in the order of kinds and then of the text; and how many quotations cannot be told.
fn only(mine: &Matched, theirs: &Matched, edition: &[Matched]) -> (Vec<EditionOnly>, u32) {
    let there = keys(theirs);
    let lacks = |key: &str| !there.contains(key);
    let elsewhere = |key: &str| {
        let has = |matched: &&Matched| matched.article.id != theirs.article.id && keys(matched).contains(key);
        edition.iter().find(has).map(|matched| matched.article.id.clone())
    };
    let names = mine
        .facts
        .mentioned
        .iter()
        .filter(|name| lacks(&name.id))
        .map(|name| EditionOnly {
            kind: name.kind,
            id: Some(name.id.clone()),
            text: name.written.clone(),
            count: name.count,
            speaker: None,
            elsewhere: elsewhere(&name.id),
            place: name.first.clone(),
        });
    let figures = mine
        .facts
        .figures
        .iter()
        .filter(|figure| lacks(&figure.value))
        .map(|figure| EditionOnly {
            kind: OnlyKind::Number,
            id: Some(figure.value.clone()),
            text: figure.value.clone(),
            count: figure.count,
            speaker: None,
            elsewhere: elsewhere(&figure.value),
            place: figure.first.clone(),
        });
    let mut only: Vec<EditionOnly> = names.chain(figures).collect();
    let mut untold = 0;
    for quote in said(mine) {
        match is_lacking(quote, mine, theirs, &there) {
            Some(true) => only.push(EditionOnly {
                kind: OnlyKind::Quote,
                id: quote.speaker_actor.clone(),
                text: quote.text.clone(),
                count: 1,
                speaker: quote.speaker.clone(),
                elsewhere: None,
                place: quote.place.clone(),
            }),
            Some(false) => {}
            None => untold += 1,
        }
    }
    only.sort_by(|a, b| {
        (a.kind, a.place.field, a.place.start, &a.text).cmp(&(b.kind, b.place.field, b.place.start, &b.text))
    });
    (only, untold)
}

fn said(matched: &Matched) -> impl Iterator<Item = &Quote> {
    let quotes = matched.facts.quotes.iter();
    quotes.filter(|quote| matches!(quote.kind, QuoteKind::Quote | QuoteKind::Indirect))
}

/// Is this quotation not in the other text? Nothing where its speaker is quoted there, too, or unknown.
fn is_lacking(quote: &Quote, mine: &Matched, theirs: &Matched, there: &BTreeSet<&str>) -> Option<bool> {
    if said(theirs).next().is_none() {
        return Some(true);
    }
    // It names somebody or a figure that the other text has nowhere.
    let within = |place: (Field, usize)| {
        place.0 == quote.place.field && quote.place.start <= place.1 && place.1 < quote.place.end
    };
    let named = mine.facts.mentioned.iter().any(|name| {
        let here = name
            .at
            .iter()
            .any(|(field, start, _)| within((*field, *start as usize)));
        here && !there.contains(name.id.as_str())
    });
    let counted = (mine.facts.figures.iter())
        .any(|figure| within((figure.first.field, figure.first.start)) && !there.contains(figure.value.as_str()));
    if named || counted {
        return Some(true);
    }
    let speaker = quote.speaker_actor.as_deref()?;
    let speakers: Vec<Option<&str>> = said(theirs).map(|other| other.speaker_actor.as_deref()).collect();
    if speakers.contains(&Some(speaker)) {
        return None;
    }
    // Somebody whose name is not known may be the same.
    (!speakers.contains(&None)).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_of(text: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let number = placed(text).into_iter().next().unwrap();
        value(&number.value, &chars, number.start, number.end)
    }

    #[test]
    fn a_figure_is_the_same_in_every_language_and_what_is_written_in_words_is_none() {
        for text in ["3만명", "30,000 people", "30 000 personnes", "3万人", "30 thousand"] {
            assert_eq!(value_of(text).as_deref(), Some("30000"), "{text}");
        }
        assert_eq!(value_of("3,5 millions").as_deref(), Some("3500000"));
        assert_eq!(value_of("2.5 %").as_deref(), Some("2.5"));
        for text in [
            "12월 15일",
            "12月15日",
            "5일간",
            "five or 5 days",
            "주체98(2009)년",
            "Juche 98",
        ] {
            assert_eq!(value_of(text), None, "{text}");
        }
    }
}
