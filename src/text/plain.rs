//! The text that configured terms are found in: folded words with one space between, unspaced runs whole.
//!
//! Takes text, gives a string in which `Corée-du-Nord`, `CORÉE DU NORD` and `Corée du Nord` are the same bytes.
//! Never loses the way back: every word knows where it stood.

use super::pieces::{Piece, pieces};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    pub text: String,
    /// For every word or run, in order: where it begins in `text`, and its bytes in the original.
    places: Vec<(u32, u32, u32)>,
}

pub fn plain(text: &str) -> Plain {
    let mut plain = Plain {
        text: String::with_capacity(text.len()),
        places: Vec::with_capacity(text.len() / 6),
    };
    pieces(text, |piece| {
        let (word, start, end) = match &piece {
            Piece::Word { text, start, end, .. } => (*text, *start, *end),
            Piece::Run(run) => run.span(0, run.len()),
        };
        if !plain.text.is_empty() {
            plain.text.push(' ');
        }
        plain.places.push((plain.text.len() as u32, start as u32, end as u32));
        plain.text.push_str(word);
    });
    plain
}

impl Plain {
    /// The bytes of the original that the words touching `start..end` of the plain text came from.
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
}
