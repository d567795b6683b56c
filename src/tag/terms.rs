//! Configured terms as patterns over plain text.
//!
//! Takes a term as people write it, gives the bytes to look for and the conditions under which they count. Never guesses
//! plurals or inflections: what is to be found is written down, or ends in `*`.

use std::borrow::Cow;
use std::cell::Cell;

use crate::text::pieces::{is_unspaced, without_inner_spaces};
use crate::text::plain::{Plain, plain};
use crate::text::signs::{SHORT, in_capitals, is_shouting};

/// One term, ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// As written in the configuration.
    pub written: String,
    /// The text to look for, in the form of `text::plain`.
    pub forms: Vec<String>,
    /// `cultur*`: the last word may go on.
    prefix: bool,
    /// Counts only where the original is in capitals too.
    capitals: bool,
}

impl Term {
    /// `None` for a term without a letter or digit.
    pub fn new(written: &str) -> Option<Term> {
        let trimmed = written.trim();
        let form = plain(trimmed).text;
        if form.is_empty() {
            return None;
        }
        let letters: Vec<char> = trimmed.chars().filter(|c| c.is_alphabetic()).collect();
        let capitals = letters.len() <= SHORT
            && letters.iter().all(char::is_ascii_uppercase)
            && form.chars().all(|c| c.is_ascii_alphabetic());
        let mut forms = vec![form];
        if let Some(closed) = without_inner_spaces(&forms[0]) {
            forms.push(closed);
        }
        Some(Term {
            written: trimmed.to_owned(),
            forms,
            prefix: trimmed.ends_with('*'),
            capitals,
        })
    }

    /// Does an occurrence of a form at `start..end` of `field` stand where the term may stand?
    pub fn fits(&self, field: &FieldText<'_>, start: usize, end: usize) -> bool {
        let text = field.plain.text.as_str();
        let edge = |c: Option<char>| c.is_none_or(|c| c == ' ');
        let (Some(inside), Some(before), Some(after)) = (text.get(start..end), text.get(..start), text.get(end..))
        else {
            return false;
        };
        let open_left = inside.starts_with(is_unspaced) || edge(before.chars().next_back());
        let open_right = self.prefix || inside.ends_with(is_unspaced) || edge(after.chars().next());
        open_left && open_right && (!self.capitals || field.is_in_capitals(start, end))
    }
}

/// One field of an article, folded once for all terms.
pub(super) struct FieldText<'a> {
    pub original: &'a str,
    pub plain: Cow<'a, Plain>,
    /// Set in capitals throughout, so that capitals tell nothing.
    shouting: bool,
    /// A byte of the original and its character, from which later ones are counted on.
    counted: Cell<(usize, usize)>,
}

impl<'a> FieldText<'a> {
    pub fn new(original: &'a str) -> FieldText<'a> {
        FieldText::of(original, Cow::Owned(plain(original)))
    }

    /// Of a text whose plain form is there already.
    pub fn of(original: &'a str, plain: Cow<'a, Plain>) -> FieldText<'a> {
        FieldText {
            original,
            plain,
            // A headline that is nothing but an acronym or two still counts as one.
            shouting: is_shouting(original),
            counted: Cell::new((0, 0)),
        }
    }

    /// Where `start..end` of the plain text stands in the original, in characters. Quick for places asked for in order.
    pub fn place(&self, start: usize, end: usize) -> (u32, u32) {
        let bytes = self.plain.original(start, end);
        let characters =
            |bytes: std::ops::Range<usize>| self.original.get(bytes).map_or(0, |text| text.chars().count());
        let (byte, character) = match self.counted.get() {
            known if known.0 <= bytes.start => known,
            _ => (0, 0),
        };
        let start = character + characters(byte..bytes.start);
        self.counted.set((bytes.start, start));
        (start as u32, (start + characters(bytes)) as u32)
    }

    fn is_in_capitals(&self, start: usize, end: usize) -> bool {
        let word = self.original.get(self.plain.original(start, end)).unwrap_or_default();
        !self.shouting && in_capitals(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does the term occur in the text, as the automaton would find it?
    fn found(term: &str, text: &str) -> bool {
        let term = Term::new(term).unwrap();
        let field = FieldText::new(text);
        term.forms.iter().any(|form| {
            field
                .plain
                .text
                .match_indices(form)
                .any(|(at, found)| term.fits(&field, at, at + found.len()))
        })
    }

    #[test]
    fn one_spelling_finds_the_others() {
        for (term, text) in [
            ("Corée du Nord", "LA CORÉE-DU-NORD ANNONCE UN ACCORD"),
            ("corée du nord", "l’offre de Coree du\u{00A0}Nord"),
            ("Kim Jong-il", "Kim Jong Il's visit"),
            ("Élysée", "à l’Élysée"),
            ("cultur*", "une offre culturelle"),
            ("U.N.", "the UN said"),
            ("UN", "the U.N. said"),
            ("文化交流", "擴大文化交流合作"),
            ("雅克·朗", "特使雅克朗抵达"),
            ("핵 프로그램", "핵프로그램을 논의"),
            ("핵 프로그램", "핵 프로그램을 논의"),
            ("프랑스", "프랑스는"),
            ("résolution 1874", "la résolution\u{202F}1874"),
            ("UE", "L’UE ET L’ONU"),
        ] {
            assert!(found(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn words_end_where_they_end() {
        for (term, text) in [
            ("Corée", "coréen"),
            ("port", "un passeport"),
            ("port", "portuaire"),
            ("cultur*", "agriculture"),
            ("Nord Corée", "Corée du Nord"),
            ("US", "let us go"),
            ("UN", "un accord"),
            ("UN", "UN ACCORD DE PLUS EN VUE"),
            ("EU", "il a eu lieu"),
            ("한국 문화", "한국의 문화"),
        ] {
            assert!(!found(term, text), "{term} in {text}");
        }
    }

    #[test]
    fn a_term_without_letters_is_none() {
        assert_eq!(Term::new(" * "), None);
        assert_eq!(Term::new(""), None);
    }
}
