//! The text that configured terms are found in: folded words with one space between, unspaced runs whole.
//!
//! Takes text, gives a string in which `Corée-du-Nord`, `CORÉE DU NORD` and `Corée du Nord` are the same bytes.
//! Never loses the way back: every word knows where it stood.

use super::pieces::{Piece, pieces};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    pub text: String,
    /// For every word, and every character of a run, in order: where it begins in `text`, and its bytes in the original.
    places: Vec<(u32, u32, u32)>,
}

pub fn plain(text: &str) -> Plain {
    let mut plain = Plain {
        text: String::with_capacity(text.len()),
        places: Vec::with_capacity(text.len() / 6),
    };
    pieces(text, |piece| {
        if !plain.text.is_empty() {
            plain.text.push(' ');
        }
        match &piece {
            Piece::Word { text, start, end, .. } => plain.push(text, *start, *end),
            Piece::Run(run) => {
                for at in 0..run.len() {
                    let (character, start, end) = run.span(at, at + 1);
                    plain.push(character, start, end);
                }
            }
        }
    });
    plain
}

impl Plain {
    fn push(&mut self, text: &str, start: usize, end: usize) {
        self.places.push((self.text.len() as u32, start as u32, end as u32));
        self.text.push_str(text);
    }

    /// The bytes of the original that the words (of runs: the characters) touching `start..end` of the plain text came from.
    pub fn original(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let first = self
            .places
            .partition_point(|place| place.0 as usize <= start)
            .saturating_sub(1);
        let last = self
            .places
            .partition_point(|place| (place.0 as usize) < end)
            .saturating_sub(1);
        match (self.places.get(first), self.places.get(last)) {
            (Some(first), Some(last)) => first.1 as usize..last.2 as usize,
            _ => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_all() {
        let expected = "la coree du nord 北韩法国 un accord";
        assert_eq!(
            plain("la CORÉE\u{2011}DU-NORD\u{00A0}: «北韓法國» U.N. l’accord").text,
            expected
        );
    }

    #[test]
    fn the_way_back() {
        let text = "Vu: l’ONU, à Séoul";
        let plain = plain(text);
        assert_eq!(plain.text, "vu onu a seoul");
        let start = plain.text.find("onu").unwrap();
        assert_eq!(&text[plain.original(start, start + 3)], "ONU");
        assert_eq!(&text[plain.original(start, start + 5)], "ONU, à");
        assert_eq!(plain.original(99, 120), text.find("Séoul").unwrap()..text.len());
    }

    #[test]
    fn the_way_back_into_a_run() {
        let text = "特使雅克·朗抵达平壤";
        let plain = plain(text);
        let start = plain.text.find("雅克朗").unwrap();
        assert_eq!(&text[plain.original(start, start + 9)], "雅克·朗");
    }
}
