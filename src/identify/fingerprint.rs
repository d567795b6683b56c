//! Fingerprints: which texts are the same, and which nearly.
//!
//! Takes text, gives numbers that are the same on every machine and in every version. Never decides what is a reprint:
//! `compare` does, with the share and the times.
//!
//! A unit is a word, or one Han or kana character; punctuation, case, script variants and line breaks do not count.

use crate::text::hash::sha256_hex;
use crate::text::plain::plain;
use crate::text::shingles::{hash_units, units};

/// Units in a SimHash feature: enough context that word order counts, few enough that an edit spoils only three.
const SIMHASH_UNITS: usize = 3;
/// Fewer features than this and the votes of 64 bits are mostly chance: a headline, a caption.
const SIMHASH_LEAST: usize = 16;

/// SHA-256 (hex) of the folded words of title and text: equal = the same words in the same order.
pub fn digest(title: &str, text: &str) -> String {
    sha256_hex(format!("{}\n{}", plain(title).text, plain(text).text).as_bytes())
}

/// 64-bit SimHash (Charikar 2002; features as in Manku, Jain, Das Sarma 2007); 0 = too short to compare.
pub fn simhash(text: &str) -> u64 {
    let units = units(text).hashes;
    let mut votes = [0i32; 64];
    let features = units.windows(SIMHASH_UNITS);
    if features.len() < SIMHASH_LEAST {
        return 0;
    }
    for feature in features {
        let hash = hash_units(feature);
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let simhash = votes
        .iter()
        .enumerate()
        .fold(0, |bits, (bit, vote)| bits | u64::from(*vote > 0) << bit);
    // Zero means "none"; a real one is one in 2^64 and may as well be 1.
    simhash.max(1)
}

/// Four bands of 16 bits: two fingerprints at most three bits apart share at least one.
pub fn bands(simhash: u64) -> [u16; 4] {
    [0, 16, 32, 48].map(|shift| (simhash >> shift & 0xFFFF) as u16)
}

/// Differing bits.
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: &str = "新港口星期一重新开放，市长说这里将成为两国文化交流的桥梁。代表团参观了码头和新建的图书馆，\
                      并同当地学者举行座谈，讨论语言教学、音乐和电影方面的合作计划。";
    const FR: &str = "Le port rénové a rouvert lundi en présence du maire, qui veut en faire un pont culturel entre les \
                      deux pays. La délégation a visité les quais et la nouvelle bibliothèque avant de rencontrer des \
                      enseignants, avec qui elle a parlé de langue, de musique et de cinéma.";

    #[test]
    fn a_small_edit_moves_few_bits() {
        for (text, from, to) in [(ZH, "星期一", "星期二"), (FR, "lundi", "mardi")] {
            let (before, after) = (simhash(text), simhash(&text.replace(from, to)));
            assert!(distance(before, after) <= 14, "{}", distance(before, after));
            assert_eq!(before, simhash(&text.to_uppercase().replace(['，', ','], " ;")));
        }
        assert!(distance(simhash(ZH), simhash(FR)) > 18);
    }

    #[test]
    fn fingerprints_never_change() {
        // Kept in databases: a new value here needs a migration.
        assert_eq!(simhash(FR), 2_022_505_481_647_457_101);
        assert_eq!(digest("Élysée", "l’accord"), digest("elysee", "accord!"));
        assert_ne!(digest("a b", "c"), digest("a", "b c"));
    }

    #[test]
    fn a_headline_is_too_short() {
        assert_eq!(simhash("Le port rouvre lundi"), 0);
        assert_eq!(simhash(""), 0);
    }

    #[test]
    fn four_bands_put_the_number_together() {
        let [a, b, c, d] = bands(0x0123_4567_89AB_CDEF);
        assert_eq!([d, c, b, a], [0x0123, 0x4567, 0x89AB, 0xCDEF]);
    }

    #[test]
    fn scripts_of_one_text_are_the_same_text() {
        let hant = "新港口星期一重新開放，市長說這裡將成為兩國文化交流的橋樑。";
        let hans = "新港口星期一重新开放，市长说这里将成为两国文化交流的桥梁。";
        assert_eq!(simhash(hant), simhash(hans));
    }
}
