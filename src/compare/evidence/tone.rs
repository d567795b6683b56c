//! Words that judge, in their sentences: evidence for a reader's view of tone, and no measure of it.
//!
//! Takes an article with its list words, gives each judging word of the outlet's own prose: quoted speech and names are
//! left out (friendship associations are not friendly for that). Counts are within one outlet; nothing compares languages.

use super::lists::List;
use super::reading::Reading;
use super::story_sources;
use super::versions::shortened;
use crate::compare::Input;
use crate::model::evidence::{Tone, ToneWord};
use crate::text::quotations::quoted;

/// Words shown of one source, each with its first sentence.
const SHOWN: usize = 12;

pub fn find(reading: &Reading<'_>) -> Vec<ToneWord> {
    let mut found: Vec<ToneWord> = Vec::new();
    for laid in &reading.fields {
        let spans = quoted(laid.text);
        for mark in laid
            .marks
            .iter()
            .filter(|mark| matches!(mark.list, List::Positive | List::Negative))
        {
            let bytes = laid.bytes(mark.units.clone());
            let within = |start: usize, end: usize| start <= bytes.start && bytes.end <= end;
            let spoken = spans.iter().any(|span| within(span.outside.start, span.outside.end));
            let named = laid
                .names
                .iter()
                .any(|name| !name.concept && within(name.start, name.end));
            if spoken || named {
                continue;
            }
            let word = laid.plain.stretch(mark.units.start, mark.units.end);
            let positive = mark.list == List::Positive;
            match found
                .iter_mut()
                .find(|known| known.word == word && known.positive == positive)
            {
                Some(known) => known.count += 1,
                None => {
                    let sentence = laid.sentence_at(bytes.start).and_then(|n| laid.sentences.get(n));
                    let context = sentence
                        .and_then(|sentence| laid.text.get(sentence.clone()))
                        .unwrap_or_default();
                    found.push(ToneWord {
                        word: word.to_owned(),
                        positive,
                        count: 1,
                        context: shortened(context),
                        place: reading.place(laid, bytes),
                    });
                }
            }
        }
    }
    found
}

pub fn rows(input: &Input) -> Vec<Tone> {
    let mut rows = Vec::new();
    for source in story_sources(input) {
        let mut words: Vec<ToneWord> = Vec::new();
        for word in source.matches.iter().flat_map(|matched| &matched.facts.tone) {
            match words
                .iter_mut()
                .find(|known| known.word == word.word && known.positive == word.positive)
            {
                Some(known) => known.count += word.count,
                None => words.push(word.clone()),
            }
        }
        let sum = |positive: bool| -> u32 {
            let of_list = words.iter().filter(|word| word.positive == positive);
            of_list.map(|word| word.count).sum()
        };
        let (positive, negative) = (sum(true), sum(false));
        words.sort_by_key(|word| std::cmp::Reverse(word.count));
        let more = words.len().saturating_sub(SHOWN) as u32;
        words.truncate(SHOWN);
        if positive + negative > 0 {
            rows.push(Tone {
                source_id: source.source.id.clone(),
                positive,
                negative,
                words,
                more_words: more,
                n_items: source.matches.len() as u32,
            });
        }
    }
    rows
}
