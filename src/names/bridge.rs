//! The dictionary bridge: what a word is called in the other languages of Chinese, English and French.
//!
//! Takes a word, gives the words that CC-CEDICT and WikDict have for it, the usual ones first. Chinese and French meet in
//! English. Read when they are first asked; the files are data of their own under their own licences. Never used for a
//! name: those have the lexicon and the gazetteer.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use memchr::memmem;

use super::data::unpack;
use super::han;
use crate::text::plain::plain;

static CHINESE: &[u8] = include_bytes!("../../data/reference/cedict.zst");
static FRENCH: &[u8] = include_bytes!("../../data/reference/french.zst");

/// Words of each other language that one is searched with beside itself.
const MOST: usize = 5;
/// Characters of the longest Chinese word that is looked for at the beginning of a text.
const LONGEST_WORD: usize = 6;
/// Shorter English and French words mean too much.
const SHORTEST: usize = 3;
/// How far down its English words a French one is looked for.
const RANKS: usize = 2;

/// A Chinese word a line, sorted: the word, a tab, its English senses between bars.
fn chinese() -> &'static str {
    static READ: OnceLock<String> = OnceLock::new();
    READ.get_or_init(|| unpack(CHINESE))
}

/// The same of French words.
fn french() -> &'static str {
    static READ: OnceLock<String> = OnceLock::new();
    READ.get_or_init(|| unpack(FRENCH))
}

/// The longest Chinese word of the dictionary that the text begins with: its bytes, and its senses, the usual ones first.
/// Takes simplified characters; nothing where no word of two characters or more begins there.
pub fn beginning(text: &str) -> Option<(usize, impl Iterator<Item = &'static str> + use<>)> {
    static WORDS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| chinese().lines().filter_map(|line| line.split_once('\t')).collect());
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

/// What the other languages call it; nothing for a word that is in none, or for one of another script. Latin letters may
/// be English or French, and are looked for as both.
pub fn across(word: &str) -> Vec<String> {
    let word = word.trim();
    if word.is_empty() {
        return Vec::new();
    }
    if word.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}')) {
        let english = senses(chinese(), &plain(word).text);
        let found = english.iter().copied().chain(french_of(&english));
        return distinct(found);
    }
    let small = word.to_lowercase().replace('’', "'");
    if !small
        .chars()
        .all(|c| matches!(c, 'a'..='z' | 'à'..='ÿ' | 'œ' | ' ' | '-' | '\''))
        || small.len() < SHORTEST
    {
        return Vec::new();
    }
    let english = english_forms(&small);
    let mut found = first_of(&english, |form| chinese_of(&[form]));
    found.extend(first_of(&english, |form| french_of(&[form])));
    let own = first_of(&french_forms(&small), |form| senses(french(), form));
    found.extend(chinese_of(&own));
    found.extend(own);
    found.retain(|other| *other != small);
    distinct(found.into_iter())
}

fn distinct<'t>(words: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// What the first of the forms that is known at all is called.
fn first_of<'t>(forms: &[String], called: impl Fn(&str) -> Vec<&'t str>) -> Vec<&'t str> {
    let known = |n: usize| forms[..n].contains(&forms[n]);
    let mut found = (0..forms.len()).filter(|n| !known(*n)).map(|n| called(&forms[n]));
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

/// American as the dictionary is, and one of many.
fn english_forms(small: &str) -> [String; 4] {
    let american = small.replace("our", "or");
    let single = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    [small.to_owned(), american.clone(), single(small), single(&american)]
}

/// One of many: accords, journaux, cadeaux.
fn french_forms(small: &str) -> [String; 3] {
    let single = small.strip_suffix(['s', 'x']).unwrap_or(small).to_owned();
    let of_al = small
        .strip_suffix("aux")
        .map_or_else(|| single.clone(), |stem| format!("{stem}al"));
    [small.to_owned(), single, of_al]
}

/// The English words of a line that is headed by this one.
fn senses<'t>(all: &'t str, word: &str) -> Vec<&'t str> {
    let at = match all.starts_with(&format!("{word}\t")) {
        true => Some(0),
        false => all.find(&format!("\n{word}\t")).map(|at| at + 1),
    };
    let line = at.and_then(|at| all.get(at..)?.lines().next());
    let senses = line
        .and_then(|line| line.split_once('\t'))
        .map_or("", |(_, senses)| senses);
    senses.split('|').filter(|sense| !sense.is_empty()).take(MOST).collect()
}

/// The words with any of these senses: those with the most of them, of these the ones that mean it first of all, then
/// the more usual ones.
fn chinese_of(senses: &[&str]) -> Vec<&'static str> {
    let found = with_any(chinese(), senses);
    let mut ranked: Vec<(usize, usize, u32, &str)> = (found.into_iter())
        .map(|(word, (shared, rank))| (usize::MAX - shared, rank, han::cost(word), word))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(MOST).map(|(.., word)| word).collect()
}

/// The same in French, where how usual a word is is not known: of equal ones the shorter.
fn french_of(senses: &[&str]) -> Vec<&'static str> {
    let found = with_any(french(), senses)
        .into_iter()
        .filter(|(_, (_, rank))| *rank < RANKS);
    let mut ranked: Vec<(usize, usize, usize, &str)> = found
        .map(|(word, (shared, rank))| (usize::MAX - shared, rank, word.len(), word))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(MOST).map(|(.., word)| word).collect()
}

/// The words that have any of these senses: how many of them, and how far in front the first of them stands.
fn with_any(all: &'static str, senses: &[&str]) -> BTreeMap<&'static str, (usize, usize)> {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for sense in senses {
        for at in memmem::find_iter(all.as_bytes(), sense.as_bytes()) {
            let before = all.as_bytes().get(at.wrapping_sub(1)).copied();
            let after = all.as_bytes().get(at + sense.len()).copied();
            if !matches!(before, Some(b'\t' | b'|')) || !matches!(after, Some(b'|' | b'\n') | None) {
                continue;
            }
            let start = all[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let Some((word, line)) = all[start..].split_once('\t') else {
                continue;
            };
            let rank = line[..at.saturating_sub(start + word.len() + 1)].matches('|').count();
            let known = found.entry(word).or_insert((0, rank));
            *known = (known.0 + 1, known.1.min(rank));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_across() {
        assert_eq!(across("灯塔"), ["lighthouse", "phare"]);
        assert!(across("港口").contains(&"port".to_owned()));
        assert!(across("燈塔").contains(&"lighthouse".to_owned()));
        assert!(across("lighthouse").contains(&"灯塔".to_owned()));
        assert!(across("Lighthouses").contains(&"灯塔".to_owned()));
        assert!(across("harbour").contains(&"港口".to_owned()));
        assert!(across("scandal").contains(&"丑闻".to_owned()));
        assert!(across("harbour").contains(&"port".to_owned()));
        assert!(across("phare").contains(&"灯塔".to_owned()));
        assert!(across("phare").contains(&"lighthouse".to_owned()));
        assert!(across("Séismes").contains(&"地震".to_owned()));
        assert!(across("journaux").contains(&"newspaper".to_owned()));
        assert!(across("无花果").contains(&"figue".to_owned()));
        assert_eq!(across("l’eau"), [""; 0]);
        for nothing in ["", "a", "xyzzy", "phare-phare", "ラ", "港x", "\n", "|", "1874"] {
            assert!(across(nothing).is_empty(), "{nothing}: {:?}", across(nothing));
        }
    }
}
