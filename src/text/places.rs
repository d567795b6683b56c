//! Where words, phrases and names stand in a text.
//!
//! Takes a text and needles (folded tokens in a row), gives every place where one stands. Matches through the same
//! tokens as the index, so that what the index found is found again.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::fold::fold;
use super::pieces::is_unspaced;
use super::plain::Plain;
use super::signs::{folded_char, in_capitals, is_shouting, stands};
use super::tokens::{TokenKind, each_token, each_token_of, tokens};
use crate::model::query::{Needle, Only};

/// One token of a text.
#[derive(Debug, Clone)]
pub struct Place {
    /// Bytes of the original.
    pub start: usize,
    pub end: usize,
    pub kind: TokenKind,
    /// Its number in the needles' vocabulary, if it is in it.
    id: Option<u32>,
}

/// A text cut into tokens, as far as the needles care.
#[derive(Debug)]
pub struct Places {
    text: String,
    pub all: Vec<Place>,
    /// Tokens that begin as a prefix needle's last one: place and needle.
    prefixed: Vec<(usize, usize)>,
    vocabulary: HashMap<String, u32>,
}

/// Where a needle stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub tokens: Range<usize>,
    pub bytes: Range<usize>,
    /// Which one, of those asked for.
    pub needle: usize,
}

impl Places {
    pub fn of(text: &str, needles: &[&Needle]) -> Places {
        Places::build(text, needles, |each| each_token(text, each))
    }

    /// Of a text that was folded already; `plain` is its plain form.
    pub fn of_plain(text: &str, plain: &Plain, needles: &[&Needle]) -> Places {
        Places::build(text, needles, |each| each_token_of(plain, each))
    }

    fn build(
        text: &str,
        needles: &[&Needle],
        every: impl FnOnce(&mut dyn FnMut(&str, usize, usize, TokenKind)),
    ) -> Places {
        let mut vocabulary: HashMap<String, u32> = HashMap::new();
        // Most articles have no lead, and a query may look for a thousand words.
        let needles = if text.is_empty() { &[] } else { needles };
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
        every(&mut |token, start, end, kind| {
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
            text: text.to_owned(),
            all,
            prefixed,
            vocabulary,
        }
    }

    /// Every place where a needle stands, in the order of the text.
    pub fn hits(&self, needles: &[&Needle]) -> Vec<Hit> {
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
        hits.retain(|hit| {
            let needle = needles.get(hit.needle);
            needle.is_some_and(|needle| self.is_exact(hit, needle) && self.is_meant(hit, needle))
        });
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

    /// A needle that looks like other words finds none of them.
    fn is_meant(&self, hit: &Hit, needle: &Needle) -> bool {
        match needle.only {
            None => true,
            Some(Only::Capitals) => in_capitals(self.written(hit.bytes.clone())) && !is_shouting(&self.text),
            Some(Only::Pair) => self.is_pair(hit),
        }
    }

    fn written(&self, bytes: Range<usize>) -> &str {
        self.text.get(bytes).unwrap_or_default()
    }

    /// Do the two characters stand for themselves? What is around them is in the bigrams before and behind.
    fn is_pair(&self, hit: &Hit) -> bool {
        let at = hit.tokens.start;
        let Some(place) = self.all.get(at) else { return false };
        let before =
            at.checked_sub(1)
                .and_then(|before| self.all.get(before))
                .map(|before| match before.end > place.start {
                    true => folded_char(self.written(before.start..place.start)).unwrap_or(' '),
                    false => ' ',
                });
        let mut next = [' '; 2];
        let mut end = place.end;
        for (c, behind) in next.iter_mut().zip(self.all.iter().skip(at + 1)) {
            if behind.kind != TokenKind::Bigram || behind.start >= end {
                break;
            }
            *c = folded_char(self.written(end..behind.end)).unwrap_or(' ');
            end = behind.end;
        }
        let mut pair = fold(self.written(place.start..place.end))
            .chars()
            .filter(|c| is_unspaced(*c))
            .collect::<Vec<char>>()
            .into_iter();
        match (pair.next(), pair.next()) {
            (Some(one), Some(two)) => stands(before, [one, two], next),
            _ => false,
        }
    }

    /// A needle that asks for its own letters finds no others.
    fn is_exact(&self, hit: &Hit, needle: &Needle) -> bool {
        let Some(wanted) = &needle.exact else { return true };
        let found = spelling(self.text.get(hit.bytes.clone()).unwrap_or_default());
        if needle.prefix && !wanted.ends_with(crate::text::pieces::is_unspaced) {
            found.starts_with(wanted.as_str())
        } else {
            found == *wanted
        }
    }
}

/// What an exact search compares: letters as written, in NFC, with one kind of apostrophe and of space.
pub fn spelling(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '’' | 'ʼ' | '＇' => out.push('\''),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// The part of a typed word that its tokens stand for, as it is compared exactly; `None` without a token.
pub fn typed_spelling(text: &str) -> Option<String> {
    let found = tokens(text);
    let start = found.iter().map(|token| token.start).min()?;
    let end = found.iter().map(|token| token.end).max()?;
    text.get(start..end).map(spelling)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::query_tokens;
    use super::*;

    fn hits(text: &str, typed: &str) -> Vec<String> {
        let query = query_tokens(typed);
        let needle = Needle {
            tokens: query.tokens,
            prefix: query.prefix,
            field: None,
            exact: typed_spelling(typed),
            only: None,
        };
        let places = Places::of(text, &[&needle]);
        let found = places.hits(&[&needle]);
        found.into_iter().map(|hit| text[hit.bytes].to_owned()).collect()
    }

    #[test]
    fn exact_keeps_case_accents_and_script() {
        for (text, typed, found) in [
            ("Lang et langue, lang, LANG", "Lang", 1),
            ("élève, eleve, e\u{301}le\u{300}ve", "élève", 2),
            ("發展和发展", "發", 1),
            ("發展和发展，開發", "發", 2),
            ("發展和发展", "发展", 1),
            ("l’Élysée, l'Elysée", "l'Élysée", 1),
            ("Kim Jong-il, Kim Jong Il, Kim\nJong Il", "Kim Jong Il", 2),
        ] {
            assert_eq!(hits(text, typed).len(), found, "{typed} in {text}");
        }
    }
}
