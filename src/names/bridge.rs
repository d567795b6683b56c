//! The dictionary bridge: what a Chinese word is called in English, and the other way round.
//!
//! Takes a word, gives the words that CC-CEDICT has for it, the usual ones first. Read when it is first asked; the file is
//! data of its own under its own licence. Never used for a name: those have the lexicon and the gazetteer.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::data::unpack;
use super::han;
use crate::text::plain::plain;

static PACKED: &[u8] = include_bytes!("../../data/reference/cedict.zst");

/// Words that one is searched with beside itself.
const MOST: usize = 5;
/// Characters of the longest Chinese word that is looked for at the beginning of a text.
const LONGEST_WORD: usize = 6;
/// Shorter English words mean too much.
const SHORTEST: usize = 3;

/// A word a line, sorted: the word, a tab, its senses between bars.
fn text() -> &'static str {
    static READ: OnceLock<String> = OnceLock::new();
    READ.get_or_init(|| unpack(PACKED))
}

/// The longest Chinese word of the dictionary that the text begins with: its bytes, and its senses, the usual ones first.
/// Takes simplified characters; nothing where no word of two characters or more begins there.
pub fn beginning(text: &str) -> Option<(usize, impl Iterator<Item = &'static str> + use<>)> {
    static WORDS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| self::text().lines().filter_map(|line| line.split_once('\t')).collect());
    let ends: Vec<usize> = text
        .char_indices()
        .skip(1)
        .take(LONGEST_WORD)
        .map(|(at, _)| at)
        .collect();
    let whole = (ends.len() < LONGEST_WORD).then_some(text.len());
    let ends = whole.into_iter().chain(ends.into_iter().rev());
    let (word, senses) = ends
        .filter_map(|end| text.get(..end))
        .filter(|word| word.chars().nth(1).is_some())
        .find_map(|word| words.get_key_value(word))?;
    Some((word.len(), senses.split('|')))
}

/// What the other language calls it; nothing for a word that is in neither, or for one of another script.
pub fn across(word: &str) -> Vec<String> {
    let word = word.trim();
    if word.is_empty() {
        return Vec::new();
    }
    if word.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}')) {
        return senses(&plain(word).text);
    }
    if !word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-')) || word.len() < SHORTEST {
        return Vec::new();
    }
    let small = word.to_ascii_lowercase();
    // American as the dictionary is, and one of many.
    let american = small.replace("our", "or");
    let single = small.strip_suffix('s').unwrap_or(&small).to_owned();
    let single_american = american.strip_suffix('s').unwrap_or(&american).to_owned();
    [small, american, single, single_american]
        .iter()
        .map(|form| words(form))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn senses(word: &str) -> Vec<String> {
    let all = text();
    let at = match all.starts_with(&format!("{word}\t")) {
        true => Some(0),
        false => all.find(&format!("\n{word}\t")).map(|at| at + 1),
    };
    let Some(line) = at.and_then(|at| all.get(at..)?.lines().next()) else {
        return Vec::new();
    };
    let senses = line.split_once('\t').map_or("", |(_, senses)| senses);
    senses.split('|').take(MOST).map(str::to_owned).collect()
}

/// The words with that sense: those that mean it first of all, then the more usual ones.
fn words(sense: &str) -> Vec<String> {
    let all = text();
    let mut found: Vec<(usize, u32, &str)> = Vec::new();
    for (at, _) in all.match_indices(sense) {
        let before = all.as_bytes().get(at.wrapping_sub(1)).copied();
        let after = all.as_bytes().get(at + sense.len()).copied();
        if !matches!(before, Some(b'\t' | b'|')) || !matches!(after, Some(b'|' | b'\n') | None) {
            continue;
        }
        let start = all[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let Some((word, senses)) = all[start..].split_once('\t') else {
            continue;
        };
        let rank = senses[..at.saturating_sub(start + word.len() + 1)].matches('|').count();
        found.push((rank, han::cost(word), word));
    }
    found.sort_unstable();
    found.truncate(MOST);
    found.into_iter().map(|(_, _, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_across() {
        assert_eq!(across("灯塔"), ["lighthouse"]);
        assert!(across("港口").contains(&"port".to_owned()));
        assert!(across("燈塔").contains(&"lighthouse".to_owned()));
        assert!(across("lighthouse").contains(&"灯塔".to_owned()));
        assert!(across("Lighthouses").contains(&"灯塔".to_owned()));
        assert!(across("harbour").contains(&"港口".to_owned()));
        assert!(across("scandal").contains(&"丑闻".to_owned()));
        for nothing in ["", "a", "xyzzy", "phare-phare", "ラ", "港x", "\n", "|", "1874"] {
            assert!(across(nothing).is_empty(), "{nothing}: {:?}", across(nothing));
        }
    }
}
