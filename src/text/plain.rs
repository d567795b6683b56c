//! The text that configured terms are found in: folded words with one space between, unspaced runs whole.
//!
//! Takes text, gives a string in which `Corée-du-Nord`, `CORÉE DU NORD` and `Corée du Nord` are the same bytes.
//! Never loses the way back: every word, and every character of an unspaced run, knows where it stood. Whoever asks
//! several things of one text (names, probes, reuse, key words) folds it once, here.

use super::pieces::{Piece, pieces};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    pub text: String,
    units: Vec<Unit>,
}

/// A word, or one character of a run of Han, kana or Hangul.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Where it begins in the plain text.
    at: u32,
    /// Bytes of the original. Texts are far below 4 GB: `fetch` caps bodies.
    start: u32,
    end: u32,
    pub kind: UnitKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    Word,
    /// Digits only.
    Number,
    /// The first character of a run.
    First,
    /// A further one.
    Next,
}

impl UnitKind {
    /// A character of a run, not a word.
    pub fn is_char(self) -> bool {
        matches!(self, UnitKind::First | UnitKind::Next)
    }
}

impl Unit {
    /// Bytes of the original.
    pub fn bytes(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

pub fn plain(text: &str) -> Plain {
    let mut plain = Plain {
        text: String::with_capacity(text.len()),
        units: Vec::with_capacity(text.len() / 6),
    };
    pieces(text, |piece| {
        if !plain.text.is_empty() {
            plain.text.push(' ');
        }
        match piece {
            Piece::Word {
                text,
                start,
                end,
                number,
            } => {
                let kind = if number { UnitKind::Number } else { UnitKind::Word };
                plain.push(text, start, end, kind);
            }
            Piece::Run(run) => {
                for n in 0..run.len() {
                    let (c, start, end) = run.span(n, n + 1);
                    let kind = if n == 0 { UnitKind::First } else { UnitKind::Next };
                    plain.push(c, start, end, kind);
                }
            }
        }
    });
    plain
}

impl Plain {
    fn push(&mut self, folded: &str, start: usize, end: usize, kind: UnitKind) {
        self.units.push(Unit {
            at: self.text.len() as u32,
            start: start as u32,
            end: end as u32,
            kind,
        });
        self.text.push_str(folded);
    }

    /// In order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The folded text of the n-th unit; empty where there is none.
    pub fn folded(&self, n: usize) -> &str {
        self.stretch(n, n + 1)
    }

    /// The plain text of the units `from..to`.
    pub fn stretch(&self, from: usize, to: usize) -> &str {
        let Some(first) = self.units.get(from).filter(|_| from < to) else {
            return "";
        };
        let end = self.units.get(to).map_or(self.text.len(), |next| next.at as usize);
        self.text
            .get(first.at as usize..end)
            .unwrap_or_default()
            .trim_end_matches(' ')
    }

    /// The unit that holds this byte of the plain text, or is the last before it.
    pub fn unit_at(&self, at: usize) -> usize {
        self.units
            .partition_point(|unit| unit.at as usize <= at)
            .saturating_sub(1)
    }

    /// The units that touch `start..end` of the plain text.
    pub fn units_of(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        self.unit_at(start)..self.units.partition_point(|unit| (unit.at as usize) < end)
    }

    /// The bytes of the original that the units touching `start..end` of the plain text came from.
    pub fn original(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let units = self.units_of(start, end);
        let last = units.end.checked_sub(1).and_then(|last| self.units.get(last));
        match (self.units.get(units.start), last) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
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
    fn a_character_within_a_run_knows_its_place() {
        let text = "特使雅克·朗訪問平壤, 2009 年";
        let plain = plain(text);
        assert_eq!(plain.text, "特使雅克朗访问平壤 2009 年");
        let start = plain.text.find("雅克朗").unwrap();
        assert_eq!(&text[plain.original(start, start + "雅克朗".len())], "雅克·朗");
        let units = plain.units_of(start, start + "雅克朗".len());
        assert_eq!(units, 2..5);
        assert_eq!(plain.stretch(units.start, units.end), "雅克朗");
        assert_eq!(
            (plain.folded(8), plain.folded(9), plain.folded(10)),
            ("壤", "2009", "年")
        );
        assert_eq!(plain.folded(11), "");
    }
}
