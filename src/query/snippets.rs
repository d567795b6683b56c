//! Passages of the original text around what matched.
//!
//! Takes fields as they were written and the needles of a query, gives passages with marks. Matches through
//! the same tokens as the index; never changes a character, never cuts within one.

use std::ops::Range;

use crate::model::article::Field;
use crate::model::query::{Needle, Snippet, Test};
use crate::text::holds::marks;
use crate::text::places::{Hit, Place, Places};
use crate::text::sentences::sentences;
use crate::text::tokens::TokenKind;

/// Context to each side: 12 words or 30 characters of a script without spaces, in a common measure.
const CONTEXT: usize = 60;
const WORD_COST: usize = 5;
const CHARACTER_COST: usize = 2;
/// Most bytes of a passage to each side of its first mark, whatever it is made of.
const MAX_REACH: usize = 1000;

/// Up to `max` passages, those with the most different needles first chosen, in the order of the text.
pub fn snippets(fields: &[(Field, &str)], needles: &[Needle], max: usize) -> Vec<Snippet> {
    passages(fields, needles, &[], max)
}

/// The same, with the places by which the text passes these tests: of a distance both sides, and no lone one.
pub fn passages(fields: &[(Field, &str)], needles: &[Needle], tests: &[Test], max: usize) -> Vec<Snippet> {
    let close: Vec<(Field, Vec<Range<usize>>)> = tests.iter().flat_map(|test| marks(test, fields)).collect();
    let mut passages = Vec::new();
    for (n, (field, text)) in fields.iter().enumerate() {
        let wanted: Vec<&Needle> = needles
            .iter()
            .filter(|needle| needle.field.is_none_or(|f| f == *field))
            .collect();
        let places = Places::of(text, &wanted);
        let mut hits = places.hits(&wanted);
        let mut words: Vec<&str> = Vec::new();
        for mark in close
            .iter()
            .filter(|(own, _)| own == field)
            .flat_map(|(_, marks)| marks)
        {
            let word = text.get(mark.clone()).unwrap_or_default();
            let known = words.iter().position(|known| *known == word);
            if known.is_none() {
                words.push(word);
            }
            hits.push(Hit {
                tokens: places.all.partition_point(|place| place.end <= mark.start)
                    ..places.all.partition_point(|place| place.start < mark.end),
                bytes: mark.clone(),
                needle: wanted.len() + known.unwrap_or(words.len()),
            });
        }
        hits.sort_by_key(|hit| (hit.bytes.start, hit.bytes.end, hit.needle));
        if !hits.is_empty() {
            passages.extend(
                Laid(&places)
                    .passages(text, &hits)
                    .into_iter()
                    .map(|passage| (n, passage)),
            );
        }
    }
    // The sort is stable: of passages with equally many needles the earlier one is kept.
    let mut chosen: Vec<usize> = (0..passages.len()).collect();
    chosen.sort_by_key(|at| std::cmp::Reverse(passages[*at].1.needles));
    chosen.truncate(max);
    chosen.sort_unstable();
    chosen
        .into_iter()
        .filter_map(|at| {
            let (n, passage) = &passages[at];
            let (field, text) = fields[*n];
            passage.cut(field, text)
        })
        .collect()
}

/// A text in its tokens.
struct Laid<'a>(&'a Places);

impl Laid<'_> {
    /// Hits that lie within one another's context share a passage.
    fn passages(&self, text: &str, hits: &[Hit]) -> Vec<Passage> {
        let sentences = sentences(text);
        let mut passages: Vec<Passage> = Vec::new();
        let mut seen: Vec<usize> = Vec::new();
        for hit in hits {
            if let Some(last) = passages.last_mut()
                && hit.bytes.end <= last.bytes.end
            {
                last.marks.push(hit.bytes.clone());
                if !seen.contains(&hit.needle) {
                    seen.push(hit.needle);
                    last.needles += 1;
                }
                continue;
            }
            let floor = passages.last().map_or(0, |last| last.bytes.end);
            let bytes = self.around(text, hit, &sentences);
            seen = vec![hit.needle];
            passages.push(Passage {
                bytes: bytes.start.max(floor).min(hit.bytes.start.max(floor))..bytes.end,
                marks: vec![hit.bytes.clone()],
                needles: 1,
            });
        }
        passages
    }

    /// The context of a hit: so many words to each side, but from the beginning and to the end of its sentence where
    /// these are nearer.
    fn around(&self, text: &str, hit: &Hit, sentences: &[Range<usize>]) -> Range<usize> {
        let holding = |byte: usize| {
            let n = sentences.partition_point(|sentence| sentence.end <= byte);
            sentences.get(n).filter(|sentence| sentence.contains(&byte))
        };
        let floor = holding(hit.bytes.start).map_or(0, |sentence| sentence.start);
        let ceiling = holding(hit.bytes.end.saturating_sub(1)).map_or(text.len(), |sentence| sentence.end);
        let floor = floor.max(hit.bytes.start.saturating_sub(MAX_REACH));
        let ceiling = ceiling.min(hit.bytes.start + MAX_REACH);
        let (mut start, mut spent) = (hit.bytes.start, 0);
        for place in self.0.all[..hit.tokens.start].iter().rev() {
            spent += cost(place);
            if spent > CONTEXT || place.start < floor {
                break;
            }
            start = place.start;
        }
        // Opening marks belong to the sentence that begins.
        if spent <= CONTEXT {
            start = start.min(floor.max(hit.bytes.start.saturating_sub(MAX_REACH)));
        }
        let (mut end, mut spent) = (hit.bytes.end, 0);
        for place in &self.0.all[hit.tokens.end.min(self.0.all.len())..] {
            spent += cost(place);
            if spent > CONTEXT || place.end > ceiling {
                break;
            }
            end = end.max(place.end);
        }
        if spent <= CONTEXT {
            end = end.max(ceiling);
        }
        boundary(text, start)..boundary(text, end.min(hit.bytes.start + MAX_REACH))
    }
}

fn cost(place: &Place) -> usize {
    match place.kind {
        TokenKind::Word | TokenKind::Number => WORD_COST,
        // The last character stands in the bigram before it too.
        TokenKind::Bigram | TokenKind::Last => CHARACTER_COST,
    }
}

struct Passage {
    bytes: Range<usize>,
    marks: Vec<Range<usize>>,
    /// How many different ones it holds.
    needles: usize,
}

impl Passage {
    fn cut(&self, field: Field, text: &str) -> Option<Snippet> {
        let whole = text.get(self.bytes.clone())?;
        let passage = whole.trim();
        let byte_start = self.bytes.start + (whole.len() - whole.trim_start().len());
        let end = byte_start + passage.len();
        let chars = |range: Range<usize>| text.get(range).map_or(0, |part| part.chars().count());
        let mut marks: Vec<(usize, usize)> = Vec::new();
        // Counting goes on from mark to mark, so that many marks cost no more than one.
        let (mut byte, mut count) = (byte_start, 0);
        for mark in &self.marks {
            let (from, to) = (mark.start.clamp(byte_start, end), mark.end.clamp(byte_start, end));
            let from_count = if from >= byte {
                count + chars(byte..from)
            } else {
                count.saturating_sub(chars(from..byte))
            };
            (byte, count) = (from, from_count);
            let to_count = from_count + chars(from..to);
            match marks.last_mut() {
                // Needles may overlap: 法国文化 and 文化.
                Some(last) if from_count <= last.1 => last.1 = last.1.max(to_count),
                _ if to_count > from_count => marks.push((from_count, to_count)),
                _ => {}
            }
        }
        Some(Snippet {
            field,
            text: passage.to_owned(),
            marks,
            byte_start,
            char_start: chars(0..byte_start),
        })
    }
}

/// The nearest character boundary at or before.
fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
