//! Articles whose words fall as words of a language do: a few in every text, most in hardly any (Zipf's law).

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use vigie::model::{Article, Comments, ItemKind, Length, LengthUnit, TextAccess};
use vigie::store::{Derived, IndexText, Store};
use vigie::text::tokens::index_text;

/// Articles a transaction.
pub const BATCH: usize = 10_000;
/// Bytes of new tokens that FTS5 gathers before it writes a segment: a batch's.
const GATHERED: i64 = 128 << 20;
/// Words known of each language; a newspaper's year uses about as many.
const VOCABULARY: usize = 40_000;
/// Words a text: the median of the press is 300 to 500.
const LENGTH: usize = 350;

pub struct Words {
    chinese: Vec<String>,
    french: Vec<String>,
    english: Vec<String>,
}

pub struct Piece {
    pub article: Article,
    pub title: String,
    pub body: String,
}

/// A linear congruential generator (Knuth's MMIX constants): the same world on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
        dice.unit();
        dice
    }

    pub fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// A rank by Zipf's law with exponent 1, by inversion.
    fn rank(&mut self, n: usize) -> usize {
        ((n as f64).powf(self.unit()) as usize).saturating_sub(1).min(n - 1)
    }
}

impl Words {
    pub fn new() -> Words {
        let mut dice = Dice::new(1);
        // The commonest 2,500 characters stand together near the beginning of no block, so any 2,500 do.
        let character = |dice: &mut Dice| char::from_u32(0x4E00 + 7 * dice.below(2_500) as u32).unwrap_or('中');
        let chinese = (0..VOCABULARY).map(|_| [character(&mut dice), character(&mut dice)].iter().collect());
        let chinese = chinese.collect();
        let mut syllables = |heads: &[&str], tails: &[&str]| -> Vec<String> {
            (0..VOCABULARY)
                .map(|_| {
                    (0..2 + dice.below(3))
                        .map(|_| format!("{}{}", heads[dice.below(heads.len())], tails[dice.below(tails.len())]))
                        .collect()
                })
                .collect()
        };
        let heads = [
            "b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "pl", "st", "ch", "br",
        ];
        Words {
            chinese,
            french: syllables(&heads, &["a", "é", "i", "on", "ou", "eau", "in", "è", "ai", "oi"]),
            english: syllables(&heads, &["a", "ee", "i", "ow", "er", "ing", "and", "o", "ay", "ell"]),
        }
    }

    pub fn article(&self, n: usize) -> Piece {
        let mut dice = Dice::new(n as u64);
        let (lang, vocabulary, between, unit) = match n % 3 {
            0 => ("zh", &self.chinese, "", LengthUnit::Han),
            1 => ("fr", &self.french, " ", LengthUnit::Words),
            _ => ("en", &self.english, " ", LengthUnit::Words),
        };
        let sentence = |dice: &mut Dice, words: usize| {
            let words: Vec<&str> = (0..words).map(|_| vocabulary[dice.rank(VOCABULARY)].as_str()).collect();
            words.join(between)
        };
        let title = sentence(&mut dice, 9);
        let length = LENGTH / 4 + dice.below(LENGTH * 3 / 2);
        let text = (0..length / 14)
            .map(|i| sentence(&mut dice, 14) + if i % 4 == 3 { ".\n\n" } else { ", " })
            .collect::<String>();
        let seen_at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_400_000_000 + 97 * n as i64);
        Piece {
            title: index_text(&title),
            body: index_text(&text),
            article: Article {
                id: format!("i:{n:016x}"),
                source: sources()[n % sources().len()].id.clone(),
                url: format!("https://gazette.example/{n}"),
                lang: Some(lang.to_owned()),
                script: None,
                title,
                standfirst: None,
                text,
                authors: Vec::new(),
                published: None,
                modified: None,
                section: None,
                kind: ItemKind::Article,
                credit: None,
                text_access: TextAccess::Full,
                comments: Comments::default(),
                length: Length { n: length as u32, unit },
                digest: format!("{n:064x}"),
                simhash: 0,
                seen_at,
            },
        }
    }

    /// Words as a text has them (mostly common ones), and words out of the middle of the dictionary, which is what
    /// people look for; two of them together, and a Chinese word of two characters.
    pub fn questions(&self, n: usize) -> [(&'static str, Vec<String>); 5] {
        let mut dice = Dice::new(99);
        let mut draw = |vocabulary: &[String], from: usize, to: usize| -> Vec<String> {
            (0..n)
                .map(|_| vocabulary[from + dice.below(to - from)].clone())
                .collect()
        };
        let pairs = draw(&self.french, 20, 2_000)
            .into_iter()
            .zip(draw(&self.french, 20, 2_000))
            .map(|(a, b)| format!("{a} {b}"))
            .collect();
        [
            ("two characters, ranks 100-10,000", draw(&self.chinese, 100, 10_000)),
            ("two characters, the commonest 100", draw(&self.chinese, 0, 100)),
            ("a French word, ranks 100-10,000", draw(&self.french, 100, 10_000)),
            ("an English word, the commonest 100", draw(&self.english, 0, 100)),
            ("two French words, ranks 20-2,000", pairs),
        ]
    }
}

fn sources() -> &'static [vigie::model::Source] {
    static SOURCES: std::sync::LazyLock<Vec<vigie::model::Source>> = std::sync::LazyLock::new(|| {
        vigie::config::builtin::config()
            .expect("shipped configuration")
            .sources
            .clone()
            .to_vec()
    });
    &SOURCES
}

pub fn declare(store: &mut Store) {
    store.batch(|batch| batch.mirror_sources(sources())).expect("declared");
}

/// Few large segments instead of many small ones, so that merging does not write the index over and over. What is
/// measured afterwards is one merged segment in any case.
pub fn write_in_bulk(folder: &Path) {
    let conn = rusqlite::Connection::open(folder.join("vigie.db")).expect("the database");
    for (name, value) in [("hashsize", GATHERED), ("automerge", 16)] {
        conn.execute("INSERT INTO search (search, rank) VALUES (?1, ?2)", (name, value))
            .expect("configured");
    }
}

pub fn insert(store: &mut Store, pieces: &[Piece]) {
    let written: Result<(), vigie::store::StoreError> = store.batch(|batch| {
        for piece in pieces {
            let derived = Derived {
                article: &piece.article,
                url_key: &piece.article.url,
                topics: &[],
                mentions: &[],
                index: IndexText {
                    title: &piece.title,
                    lead: "",
                    body: &piece.body,
                },
                bands: &[],
                page: None,
                clues: &vigie::model::Clues::default(),
            };
            batch.insert_article(&derived, piece.article.seen_at)?;
        }
        Ok(())
    });
    written.expect("written");
}

/// Bytes of the tables behind the full-text index: all of the database but what else is in it.
pub fn index_bytes(folder: &Path) -> u64 {
    let conn = rusqlite::Connection::open(folder.join("vigie.db")).expect("the database");
    let sql = "SELECT coalesce(sum(length(block)), 0) FROM search_data";
    let data: i64 = conn.query_row(sql, [], |row| row.get(0)).expect("a size");
    let sql = "SELECT coalesce(sum(length(sz) + 8), 0) FROM search_docsize";
    let sizes: i64 = conn.query_row(sql, [], |row| row.get(0)).unwrap_or(0);
    (data + sizes).unsigned_abs()
}

pub fn folder_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder");
    files
        .flatten()
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len())
        .sum()
}
