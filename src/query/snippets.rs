//! Passages of the original text around what matched.
//!
//! Takes fields as they were written and the needles of a query, gives passages with marks. Matches through
//! the same tokens as the index; never changes a character, never cuts within one.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::article::Field;
use crate::model::query::{Needle, Snippet};
use crate::text::sentences::sentences;
use crate::text::tokens::{TokenKind, each_token};

/// Context to each side: 12 words or 30 characters of a script without spaces, in a common measure.
const CONTEXT: usize = 60;
const WORD_COST: usize = 5;
const CHARACTER_COST: usize = 2;
/// Most bytes of a passage to each side of its first mark, whatever it is made of.
const MAX_REACH: usize = 1000;

/// Up to `max` passages, those with the most different needles first chosen, in the order of the text.
pub fn snippets(fields: &[(Field, &str)], needles: &[Needle], max: usize) -> Vec<Snippet> {
    let mut passages = Vec::new();
    for (n, (field, text)) in fields.iter().enumerate() {
        let wanted: Vec<&Needle> = needles
            .iter()
            .filter(|needle| needle.field.is_none_or(|f| f == *field))
            .collect();
        let places = Places::of(text, &wanted);
        let hits = places.hits(&wanted);
        if !hits.is_empty() {
            passages.extend(places.passages(text, &hits).into_iter().map(|passage| (n, passage)));
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

/// One token of a text.
struct Place {
    start: usize,
    end: usize,
    kind: TokenKind,
    /// Its number in the needles' vocabulary, if it is in it.
    id: Option<u32>,
}

struct Places {
    all: Vec<Place>,
    /// Tokens that begin as a prefix needle's last one: place and needle.
    prefixed: Vec<(usize, usize)>,
    vocabulary: HashMap<String, u32>,
}

struct Hit {
    tokens: Range<usize>,
    bytes: Range<usize>,
    needle: usize,
}

impl Places {
    fn of(text: &str, needles: &[&Needle]) -> Places {
        let mut vocabulary: HashMap<String, u32> = HashMap::new();
        for token in needles.iter().flat_map(|needle| &needle.tokens) {
            let next = vocabulary.len() as u32;
            vocabulary.entry(token.clone()).or_insert(next);
        }
        let prefixes: Vec<(usize, &str)> = needles
            .iter()
            .enumerate()
            .filter(|(_, needle)| needle.prefix)
            .filter_map(|(n, needle)| Some((n, needle.tokens.last()?.as_str())))
            .collect();
        let (mut all, mut prefixed) = (Vec::new(), Vec::new());
        each_token(text, |token, start, end, kind| {
            let begun = prefixes.iter().filter(|(_, prefix)| token.starts_with(prefix));
            prefixed.extend(begun.map(|(needle, _)| (all.len(), *needle)));
            all.push(Place {
                start,
                end,
                kind,
                id: vocabulary.get(token).copied(),
            });
        });
        Places {
            all,
            prefixed,
            vocabulary,
        }
    }

    /// Every place where a needle stands, in the order of the text.
    fn hits(&self, needles: &[&Needle]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut by_first: HashMap<u32, Vec<(usize, Vec<u32>)>> = HashMap::new();
        let ids = |needle: &Needle| -> Vec<u32> {
            needle
                .tokens
                .iter()
                .filter_map(|token| self.vocabulary.get(token).copied())
                .collect()
        };
        for (n, needle) in needles.iter().enumerate().filter(|(_, needle)| !needle.prefix) {
            let ids = ids(needle);
            if let Some(first) = ids.first() {
                by_first.entry(*first).or_default().push((n, ids));
            }
        }
        for (at, place) in self.all.iter().enumerate() {
            let candidates = place.id.and_then(|id| by_first.get(&id));
            for (needle, ids) in candidates.into_iter().flatten() {
                let range = at..at + ids.len();
                let fits = self
                    .all
                    .get(range.clone())
                    .is_some_and(|places| places.iter().zip(ids).all(|(place, id)| place.id == Some(*id)));
                if fits {
                    hits.push(self.hit(range, *needle));
                }
            }
        }
        let with_prefix: HashMap<usize, Vec<u32>> = self
            .prefixed
            .iter()
            .map(|(_, needle)| (*needle, ids(needles[*needle])))
            .collect();
        for (last, needle) in &self.prefixed {
            let Some((_, before)) = with_prefix.get(needle).and_then(|ids| ids.split_last()) else {
                continue;
            };
            let Some(first) = last.checked_sub(before.len()) else {
                continue;
            };
            if self.all[first..*last]
                .iter()
                .zip(before)
                .all(|(place, id)| place.id == Some(*id))
            {
                let mut hit = self.hit(first..last + 1, *needle);
                // 文 finds the bigram 文化, but only 文 was asked for.
                if let Some(next) = self.all.get(last + 1)
                    && self.all[*last].kind == TokenKind::Bigram
                    && next.start > self.all[*last].start
                {
                    hit.bytes.end = next.start.min(hit.bytes.end);
                }
                hits.push(hit);
            }
        }
        hits.sort_by_key(|hit| (hit.bytes.start, hit.bytes.end, hit.needle));
        hits
    }

    fn hit(&self, tokens: Range<usize>, needle: usize) -> Hit {
        Hit {
            bytes: self.all[tokens.start].start..self.all[tokens.end - 1].end,
            tokens,
            needle,
        }
    }

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
        for place in self.all[..hit.tokens.start].iter().rev() {
            spent += place.cost();
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
        for place in &self.all[hit.tokens.end.min(self.all.len())..] {
            spent += place.cost();
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

impl Place {
    fn cost(&self) -> usize {
        match self.kind {
            TokenKind::Word | TokenKind::Number => WORD_COST,
            TokenKind::Bigram => CHARACTER_COST,
            // The last character stands in the bigram before it too.
            TokenKind::Last => CHARACTER_COST,
        }
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
