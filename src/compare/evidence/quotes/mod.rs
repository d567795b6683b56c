//! What was said and what was agreed: quotations, indirect speech, agreement sentences, each with its speaker.
//!
//! Takes one article, gives its quotes in the order of the text. All of it is rules on words and punctuation: a speaker
//! that no rule finds is left out, never guessed, and the share without one is shown.

mod chinese;
mod clause;
mod groups;
mod indirect;
mod korean;
mod latin;

use std::ops::Range;

use super::lists::{List, Mark};
use super::reading::{Laid, Reading};
use super::versions::{LONGEST, shortened};
use crate::compare::{Input, matches};
use crate::model::article::Field;
use crate::model::evidence::{Quote, QuoteKind};
use crate::text::plain::plain;
use crate::text::quotations::{Quoted, quoted};

pub use groups::set_apart;

/// The quotes of all articles of a story, with what only one group of outlets says.
pub fn all(input: &Input) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = matches(input)
        .flat_map(|matched| matched.facts.quotes.clone())
        .collect();
    set_apart(&mut quotes, input.sources.iter().map(|source| &source.source));
    quotes
}

/// Words in quotation marks that nobody is said to have spoken are a quotation from so many on, …
const SPEECH_WORDS: usize = 6;
/// … or so many characters of a script without spaces.
const SPEECH_CHARS: usize = 10;

/// Who said it, by which words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribution {
    /// Bytes of the field; `None` where it is a pronoun or left out.
    speaker: Option<Range<usize>>,
    /// Units of the verb.
    verb: Range<usize>,
    rule: &'static str,
}

pub fn find(reading: &Reading<'_>) -> Vec<Quote> {
    let mut found = Vec::new();
    for laid in &reading.fields {
        let spans = if laid.field == Field::Title {
            Vec::new()
        } else {
            quoted(laid.text)
        };
        let mut here: Vec<(usize, Quote)> = Vec::new();
        // The last one named as speaking in this field: whom a pronoun means.
        let mut last: Option<Range<usize>> = None;
        let mut said: Vec<usize> = Vec::new();
        let mut speeches: Vec<(Range<usize>, QuoteKind, Option<Attribution>)> = Vec::new();
        for span in &spans {
            let context = context(laid, span);
            let attribution = attribute(reading.lang, laid, &spans, span, &context);
            let units = laid.units(&span.inside);
            let chars = laid
                .plain
                .units()
                .get(units.start)
                .is_some_and(|unit| unit.kind.is_char());
            let long = units.len() >= if chars { SPEECH_CHARS } else { SPEECH_WORDS };
            let some = units.len() >= 2;
            let kind = match attribution.is_some() && some || long {
                true => QuoteKind::Quote,
                false => QuoteKind::Words,
            };
            if kind == QuoteKind::Quote {
                let (first, last) = (
                    laid.sentence_at(context.start),
                    laid.sentence_at(context.end.saturating_sub(1)),
                );
                said.extend(first.unwrap_or_default()..=last.or(first).unwrap_or_default());
            }
            speeches.push((
                span.inside.clone(),
                kind,
                attribution.filter(|_| kind == QuoteKind::Quote),
            ));
        }
        if laid.field != Field::Title {
            for (_, sentence) in laid.sentences.iter().enumerate().filter(|(n, _)| !said.contains(n)) {
                if let Some(attribution) = indirect::find(reading.lang, laid, &spans, sentence) {
                    speeches.push((sentence.clone(), QuoteKind::Indirect, Some(attribution)));
                }
            }
        }
        speeches.sort_by_key(|(bytes, ..)| bytes.start);
        for (bytes, kind, attribution) in speeches {
            let mut quote = quote(reading, laid, bytes.clone(), kind);
            if let Some(attribution) = attribution {
                speak(laid, &attribution, &mut last, &mut quote);
            }
            here.push((bytes.start, quote));
        }
        for sentence in &laid.sentences {
            if let Some(agreement) = agreement(reading, laid, sentence) {
                here.push((sentence.start, agreement));
            }
        }
        here.sort_by_key(|(start, quote)| (*start, quote.kind));
        found.extend(here.into_iter().map(|(_, quote)| quote));
    }
    found
}

fn quote(reading: &Reading<'_>, laid: &Laid<'_>, bytes: Range<usize>, kind: QuoteKind) -> Quote {
    let text = laid.text.get(bytes.clone()).unwrap_or_default();
    Quote {
        source_id: reading.article.source.clone(),
        lang: reading.article.lang.clone(),
        kind,
        text: shortened(text),
        cut: text.chars().nth(LONGEST).is_some(),
        speaker: None,
        speaker_actor: None,
        speaker_from_before: false,
        verb: None,
        rule: "quotation marks".to_owned(),
        concepts: Vec::new(),
        only: Vec::new(),
        only_concepts: Vec::new(),
        only_in_group: None,
        place: reading.place(laid, bytes),
    }
}

/// Fills in who spoke. A pronoun means the last one named as speaking, or the last person named before it.
fn speak(laid: &Laid<'_>, attribution: &Attribution, last: &mut Option<Range<usize>>, quote: &mut Quote) {
    let verb = laid.bytes(attribution.verb.clone());
    quote.rule = attribution.rule.to_owned();
    quote.verb = laid.text.get(verb.clone()).map(str::to_owned);
    let speaker = match &attribution.speaker {
        Some(speaker) => {
            *last = Some(speaker.clone());
            speaker.clone()
        }
        None => {
            let before = laid
                .names
                .iter()
                .rev()
                .find(|name| name.person && name.end <= verb.start);
            let Some(earlier) = last.clone().or_else(|| before.map(|name| name.start..name.end)) else {
                return;
            };
            quote.speaker_from_before = true;
            earlier
        }
    };
    quote.speaker = laid.text.get(speaker.clone()).map(|text| text.trim().to_owned());
    let mut inside: Vec<_> = (laid.names.iter())
        .filter(|name| !name.concept && name.start < speaker.end && name.end > speaker.start)
        .collect();
    inside.sort_by_key(|name| (!name.person, name.start));
    quote.speaker_actor = inside.first().map(|name| name.actor.clone());
}

/// The sentences in which a quotation stands, and the one behind it where that goes on with who said it.
fn context(laid: &Laid<'_>, span: &Quoted) -> Range<usize> {
    let first = laid.sentence_at(span.outside.start);
    let last = laid.sentence_at(span.outside.end.saturating_sub(1));
    let start = first
        .and_then(|n| laid.sentences.get(n))
        .map_or(span.outside.start, |sentence| sentence.start);
    let mut end = last
        .and_then(|n| laid.sentences.get(n))
        .map_or(span.outside.end, |sentence| sentence.end);
    let next = last.and_then(|n| laid.sentences.get(n + 1));
    if let Some(next) = next.filter(|_| {
        laid.text
            .get(span.outside.end..end)
            .is_some_and(|rest| rest.trim().is_empty())
    }) {
        let between = laid.text.get(end..next.start).unwrap_or("\n");
        let units = laid.units(next);
        let begins = laid.marks.iter().any(|mark| {
            mark.list == List::Say && units.start <= mark.units.start && mark.units.start < units.start + 6
        });
        let quotes = laid
            .text
            .get(next.start..)
            .is_some_and(|text| text.starts_with(['“', '«', '"', '「', '『']));
        if !between.contains('\n') && begins && !quotes && units.len() <= 14 {
            end = next.end;
        }
    }
    start..end
}

fn attribute(
    lang: &str,
    laid: &Laid<'_>,
    spans: &[Quoted],
    span: &Quoted,
    context: &Range<usize>,
) -> Option<Attribution> {
    match lang {
        "fr" | "en" => latin::attribute(lang, laid, spans, span, context),
        "zh" => chinese::attribute(laid, spans, span, context),
        "ko" => korean::attribute(laid, spans, span, context),
        _ => None,
    }
}

/// The marks of a list that lie in these bytes and in no quotation.
fn spoken<'l>(
    laid: &'l Laid<'_>,
    list: List,
    within: &Range<usize>,
    spans: &'l [Quoted],
) -> impl DoubleEndedIterator<Item = &'l Mark> {
    let (start, end) = (within.start, within.end);
    laid.marks.iter().filter(move |mark| {
        let bytes = laid.bytes(mark.units.clone());
        let outside = || {
            !spans
                .iter()
                .any(|span| span.outside.start <= bytes.start && bytes.end <= span.outside.end)
        };
        mark.list == list && start <= bytes.start && bytes.end <= end && outside()
    })
}

/// A sentence that says that something was agreed, with the concepts of the lexicon in it.
fn agreement(reading: &Reading<'_>, laid: &Laid<'_>, sentence: &Range<usize>) -> Option<Quote> {
    let units = laid.units(sentence);
    let inside = |mark: &&Mark| units.start <= mark.units.start && mark.units.end <= units.end;
    let of_list = |list: List| laid.marks.iter().filter(inside).find(move |mark| mark.list == list);
    let names: Vec<_> = laid
        .names
        .iter()
        .filter(|name| sentence.start <= name.start && name.end <= sentence.end)
        .collect();
    let verb = of_list(List::Agree);
    // "accord" alone stands in many a sentence: with an actor it is one between somebodies.
    let mark = verb.or_else(|| of_list(List::Deal).filter(|_| names.iter().any(|name| !name.concept)))?;
    let mut quote = quote(reading, laid, sentence.clone(), QuoteKind::Agreement);
    quote.rule = if verb.is_some() {
        "verb of agreeing"
    } else {
        "word for what is agreed, beside an actor"
    }
    .to_owned();
    quote.verb = laid.text.get(laid.bytes(mark.units.clone())).map(str::to_owned);
    for name in names.iter().filter(|name| name.concept) {
        if !quote.concepts.contains(&name.actor) {
            quote.concepts.push(name.actor.clone());
        }
    }
    Some(quote)
}

/// Quotes, speakers, the one quoted most, and quotes without a speaker.
pub fn counts(quotes: &[&Quote]) -> (u32, u32, Option<String>, u32) {
    let direct: Vec<&&Quote> = quotes.iter().filter(|quote| quote.kind == QuoteKind::Quote).collect();
    let mut speakers: Vec<(String, &str, u32)> = Vec::new();
    for quote in &direct {
        let Some(name) = &quote.speaker else { continue };
        let key = quote.speaker_actor.clone().unwrap_or_else(|| plain(name).text);
        match speakers.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, _, n)) => *n += 1,
            None => speakers.push((key, name, 1)),
        }
    }
    let unattributed = direct.iter().filter(|quote| quote.speaker.is_none()).count();
    // The first of equals is the one quoted first.
    let top = speakers
        .iter()
        .rev()
        .max_by_key(|(.., n)| *n)
        .map(|(_, name, _)| (*name).to_owned());
    (direct.len() as u32, speakers.len() as u32, top, unattributed as u32)
}
