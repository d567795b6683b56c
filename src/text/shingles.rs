//! Overlapping runs of words, by which copied text is recognised.
//!
//! Takes text, gives sets of hashes and the share of one in another. A unit is a word, or one Han or kana character;
//! punctuation, case, script variants and line breaks do not count. Containment, not Jaccard: a brief cut from a
//! long piece is wholly contained in it.

use xxhash_rust::xxh3::xxh3_64;

use crate::text::pieces::{Piece, pieces};
use crate::text::plain::{Plain, UnitKind};

/// Units in a shingle: five words in a row are rarely written twice, and eight characters are about five words of
/// Chinese (Nicholls 2019, IJoC 13, on shingles and wire copy).
const WORD_SHINGLE: usize = 5;
const HAN_SHINGLE: usize = 8;

/// The shingles of one text, for comparing it with many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shingles {
    /// Sorted, each once.
    hashes: Vec<u64>,
}

impl Shingles {
    pub fn of(text: &str) -> Shingles {
        Shingles::from_units(&units(text))
    }

    /// Of a text that was folded already.
    pub fn of_plain(plain: &Plain) -> Shingles {
        Shingles::from_units(&units_of(plain))
    }

    fn from_units(units: &Units) -> Shingles {
        // What a text is mostly made of decides, so that two texts of one language are always cut alike.
        let size = if units.han * 2 > units.hashes.len() {
            HAN_SHINGLE
        } else {
            WORD_SHINGLE
        };
        let mut hashes: Vec<u64> = units.hashes.windows(size).map(hash_units).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Shingles { hashes }
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Share of these shingles that are found in `earlier` too, 0 to 1; 0 for a text too short to have any.
    pub fn contained_in(&self, earlier: &Shingles) -> f32 {
        if self.hashes.is_empty() {
            return 0.0;
        }
        let mut others = earlier.hashes.iter().peekable();
        let mut shared = 0usize;
        for hash in &self.hashes {
            while others.next_if(|other| *other < hash).is_some() {}
            shared += usize::from(others.peek() == Some(&hash));
        }
        shared as f32 / self.hashes.len() as f32
    }
}

/// A text as hashed units.
pub struct Units {
    pub hashes: Vec<u64>,
    /// How many of them are single Han or kana characters.
    pub han: usize,
}

pub fn units(text: &str) -> Units {
    let mut units = Units {
        hashes: Vec::with_capacity(text.len() / 4),
        han: 0,
    };
    pieces(text, |piece| match piece {
        Piece::Word { text, .. } => units.hashes.push(xxh3_64(text.as_bytes())),
        Piece::Run(run) => {
            // Korean is written with spaces: a stretch of Hangul is a word.
            let mut hangul_from: Option<usize> = None;
            for (at, c) in run.text().char_indices() {
                if is_hangul(c) {
                    hangul_from.get_or_insert(at);
                    continue;
                }
                if let Some(word) = hangul_from.take().and_then(|from| run.text().get(from..at)) {
                    units.hashes.push(xxh3_64(word.as_bytes()));
                }
                units.hashes.push(xxh3_64(c.encode_utf8(&mut [0; 4]).as_bytes()));
                units.han += 1;
            }
            if let Some(word) = hangul_from.and_then(|from| run.text().get(from..)) {
                units.hashes.push(xxh3_64(word.as_bytes()));
            }
        }
    });
    units
}

/// The same of a text that was folded already.
fn units_of(plain: &Plain) -> Units {
    let mut found = Units {
        hashes: Vec::with_capacity(plain.units().len()),
        han: 0,
    };
    let mut hangul_from: Option<usize> = None;
    for (n, unit) in plain.units().iter().enumerate() {
        let goes_on = unit.kind == UnitKind::Next && plain.folded(n).starts_with(is_hangul);
        if !goes_on && let Some(from) = hangul_from.take() {
            found.hashes.push(xxh3_64(plain.stretch(from, n).as_bytes()));
        }
        match plain.folded(n) {
            _ if goes_on && hangul_from.is_some() => {}
            folded if unit.kind.is_char() && folded.starts_with(is_hangul) => hangul_from = Some(n),
            folded => {
                found.hashes.push(xxh3_64(folded.as_bytes()));
                found.han += usize::from(unit.kind.is_char());
            }
        }
    }
    if let Some(from) = hangul_from {
        let all = plain.units().len();
        found.hashes.push(xxh3_64(plain.stretch(from, all).as_bytes()));
    }
    found
}

pub fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7FB}')
}

/// One hash for a run of units.
pub fn hash_units(units: &[u64]) -> u64 {
    let mut bytes = [0u8; 8 * HAN_SHINGLE];
    let mut length = 0;
    for (slot, unit) in bytes.chunks_exact_mut(8).zip(units) {
        slot.copy_from_slice(&unit.to_le_bytes());
        length += 8;
    }
    xxh3_64(bytes.get(..length).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: &str = "新港口星期一重新开放，市长说这里将成为两国文化交流的桥梁。代表团参观了码头和新建的图书馆，\
                      并同当地学者举行座谈，讨论语言教学、音乐和电影方面的合作计划。";
    const FR: &str = "Le port rénové a rouvert lundi en présence du maire, qui veut en faire un pont culturel entre les \
                      deux pays. La délégation a visité les quais et la nouvelle bibliothèque avant de rencontrer des \
                      enseignants, avec qui elle a parlé de langue, de musique et de cinéma.";

    fn containment(later: &str, earlier: &str) -> f32 {
        Shingles::of(later).contained_in(&Shingles::of(earlier))
    }

    #[test]
    fn containment_is_the_share_of_the_later_text() {
        assert_eq!(containment(ZH, ZH), 1.0);
        assert_eq!(
            containment(ZH, "另一篇完全不同的报道，说的是山里的天气和今年的收成，与港口无关。"),
            0.0
        );
        let longer =
            format!("{FR} Un accord de jumelage pourrait suivre au printemps, selon deux conseillers du maire.");
        assert_eq!(containment(FR, &longer), 1.0);
        let share = containment(&longer, FR);
        assert!((0.6..0.85).contains(&share), "{share}");
    }

    #[test]
    fn korean_counts_words() {
        let text = "항구가 월요일에 다시 문을 열었다고 시장이 밝혔다.";
        assert_eq!(Shingles::of(text).len(), 3);
    }

    #[test]
    fn a_folded_text_has_the_same_units() {
        for text in [
            ZH,
            FR,
            "항구가 월요일에 다시 문을 열었다고 한中국 市長이 12日 밝혔다. U.N. l’accord",
            "",
        ] {
            let (one, other) = (units(text), units_of(&crate::text::plain::plain(text)));
            assert_eq!((one.hashes, one.han), (other.hashes, other.han), "{text}");
        }
    }

    #[test]
    fn a_headline_has_no_shingle() {
        assert!(Shingles::of("Le port rouvre").is_empty());
        assert_eq!(containment("Le port rouvre", FR), 0.0);
    }

    #[test]
    fn scripts_of_one_text_are_the_same_text() {
        let hant = "新港口星期一重新開放，市長說這裡將成為兩國文化交流的橋樑。";
        let hans = "新港口星期一重新开放，市长说这里将成为两国文化交流的桥梁。";
        assert_eq!(containment(hant, hans), 1.0);
    }
}
