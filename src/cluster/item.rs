//! An article as linking holds it: small, since a window holds a hundred thousand.

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Clues, Interval, Vector};

use super::centre::Space;

/// Clues in the form in which they are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Of the article's id: the order of everything that must not depend on how articles came.
    pub key: u64,
    pub row: i64,
    /// Claimed publication in seconds, or first seen.
    pub from: i64,
    pub to: i64,
    pub lang: String,
    pub title: Option<Vector>,
    pub text: Option<Vector>,
    /// Hashes, sorted.
    pub names: Vec<u64>,
    pub common: Vec<u64>,
    pub numbers: Vec<u64>,
    /// Of title and text, and of the title alone, sorted.
    pub words: Vec<u32>,
    pub title_words: Vec<u32>,
}

impl Item {
    /// Without a space, vectors have no part in its links.
    pub fn of(
        id: &str,
        row: i64,
        published: Interval,
        lang: Option<&str>,
        clues: &Clues,
        space: Option<&Space>,
    ) -> Item {
        let lang = lang.unwrap_or_default().to_owned();
        let centred = |vector: &Option<Vector>| space?.centred(vector.as_ref()?, &lang);
        let hashes = |common: bool| {
            let names = clues.names.iter().filter(|name| name.common == common);
            let mut hashes: Vec<u64> = names.map(|name| xxh3_64(name.key.as_bytes())).collect();
            hashes.sort_unstable();
            hashes
        };
        let mut numbers: Vec<u64> = clues.numbers.iter().map(|number| xxh3_64(number.as_bytes())).collect();
        numbers.sort_unstable();
        Item {
            key: key(id),
            row,
            from: published.min.as_second(),
            // An interval ends before its end; what lasts no second is a moment.
            to: (published.max.as_second() - 1).max(published.min.as_second()),
            title: centred(&clues.title),
            text: centred(&clues.text),
            names: hashes(false),
            common: hashes(true),
            numbers,
            words: clues.words.iter().map(|word| word & !1).collect(),
            title_words: clues
                .words
                .iter()
                .filter(|word| *word & 1 == 1)
                .map(|word| word & !1)
                .collect(),
            lang,
        }
    }
}

/// The 16 hex digits of an article's id.
pub fn key(id: &str) -> u64 {
    let digits = id.split_once(':').map_or(id, |(_, digits)| digits);
    u64::from_str_radix(digits, 16).unwrap_or_else(|_| xxh3_64(id.as_bytes()))
}

/// Seconds between two claimed times; 0 where they meet.
pub fn apart(one: &Item, other: &Item) -> i64 {
    (one.from - other.to).max(other.from - one.to).max(0)
}

/// How many of two sorted lists are the same.
pub fn shared<T: Ord>(one: &[T], other: &[T]) -> usize {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                j += 1;
            }
        }
    }
    both
}
