//! Traditional to simplified, one character for one character.
//!
//! Takes a character, gives the one that index, query and tags see. Never looks at words: 乾 in 乾隆 becomes 干 too,
//! on both sides of every comparison, which costs nothing but the look of a folded string nobody is shown.

use std::collections::HashMap;
use std::sync::LazyLock;

/// `traditional TAB simplified`, from OpenCC's TSCharacters (Apache-2.0), the first candidate of each.
const TABLE: &str = include_str!("../../data/reference/t2s.tsv");

/// Nearly every pair lies in U+3400..=U+9FFF, where a direct index is one load; the rest is looked up.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;

struct Simplified {
    /// Folded code point by code point less `FIRST`; 0 = as it is.
    near: Vec<u32>,
    far: HashMap<char, char>,
    /// One bit by code point less `FIRST`: written in simplified text only, i.e. the image of another character.
    only_simplified: Vec<u64>,
}

static SIMPLIFIED: LazyLock<Simplified> = LazyLock::new(|| load(TABLE));

fn load(table: &str) -> Simplified {
    let size = (LAST - FIRST + 1) as usize;
    let mut loaded = Simplified {
        near: vec![0; size],
        far: HashMap::new(),
        only_simplified: vec![0; size.div_ceil(64)],
    };
    let pairs: HashMap<char, char> = table.lines().filter_map(pair).collect();
    for (&traditional, &first) in &pairs {
        // A few targets are themselves sources (an old form of a character that was simplified later): follow
        // them, so that folding twice is folding once. Three steps are more than any chain in the table.
        let mut simplified = first;
        for _ in 0..3 {
            match pairs.get(&simplified) {
                Some(&next) if next != traditional => simplified = next,
                _ => break,
            }
        }
        match near(traditional) {
            Some(slot) => loaded.near[slot] = simplified as u32,
            None => drop(loaded.far.insert(traditional, simplified)),
        }
        if let Some(slot) = near(simplified) {
            loaded.only_simplified[slot / 64] |= 1 << (slot % 64);
        }
    }
    loaded
}

fn pair(line: &str) -> Option<(char, char)> {
    let (traditional, simplified) = line.split_once('\t')?;
    let (mut left, mut right) = (traditional.chars(), simplified.trim_end().chars());
    match (left.next(), left.next(), right.next(), right.next()) {
        (Some(t), None, Some(s), None) if t != s => Some((t, s)),
        _ => None,
    }
}

fn near(c: char) -> Option<usize> {
    (FIRST..=LAST)
        .contains(&(c as u32))
        .then(|| (c as u32 - FIRST) as usize)
}

/// The simplified form of a traditional character; every other character is itself.
#[inline]
pub fn simplify(c: char) -> char {
    match near(c) {
        Some(slot) => match SIMPLIFIED.near[slot] {
            0 => c,
            code => char::from_u32(code).unwrap_or(c),
        },
        None if (c as u32) > LAST => SIMPLIFIED.far.get(&c).copied().unwrap_or(c),
        None => c,
    }
}

/// A character that folding changes: written in traditional text. Simplified text has a few of them too (著, 乾).
pub fn is_traditional(c: char) -> bool {
    simplify(c) != c
}

/// A character that some other one folds to. Traditional text has a few of them too (后, 里), simplified text many.
pub fn is_simplified(c: char) -> bool {
    near(c).is_some_and(|slot| SIMPLIFIED.only_simplified[slot / 64] & (1 << (slot % 64)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_for_one() {
        let folded: String = "北韓與法國擴大文化交流".chars().map(simplify).collect();
        assert_eq!(folded, "北韩与法国扩大文化交流");
        assert_eq!(simplify('法'), '法');
        assert_eq!(simplify('é'), 'é');
    }

    #[test]
    fn tells_which_script_a_character_betrays() {
        assert!(is_traditional('國') && !is_simplified('國'));
        assert!(is_simplified('国') && !is_traditional('国'));
        assert!(!is_simplified('文') && !is_traditional('文'));
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in '\u{3400}'..='\u{33FFF}' {
            assert_eq!(simplify(simplify(c)), simplify(c), "{c}");
        }
    }

    #[test]
    fn a_broken_table_line_is_passed_over() {
        let loaded = load("國\t国\nno tab\n體\t体体\n\t\n後\t后\r\n");
        assert_eq!(loaded.near.iter().filter(|&&code| code != 0).count(), 2);
    }
}
