//! How languages that share a script spell: which one a few words look like.
//!
//! Takes words and their script, gives a probability for each language of that script. Knows nothing of sources, and
//! never abstains: what a guess is worth is for `language` to say.
//!
//! The weights are a logistic regression over the character n-grams of words, trained by `bench/languages/train.py`
//! from word frequencies alone, so they know a language's spelling and its little words, not its news.

use std::io::Read;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::text::script::Script;

/// Deflated blocks, one a script: name, bits of the hash, number of languages, step, their codes, the weights.
const WEIGHTS: &[u8] = include_bytes!("../../data/reference/languages.bin");
/// Inflated it is 450 kB; no more is read than that could ever be.
const INFLATED: u64 = 8 << 20;
/// Letters of a word that are looked at; the longest German compounds in print are shorter.
const LONGEST: usize = 40;
/// What a word weighs; one with a capital, unless it is the first, since many are names, and names travel; one between
/// quotation marks, which may be another language's. On windows
/// of eight words a name of 3, 5, 7 or 10 tenths makes little difference, 7 the best; for quotations 5 is a guess.
const WORD: i32 = 10;
const NAME: i32 = 7;
const QUOTED: i32 = 5;
/// Room for the languages of one script.
const MOST: usize = 40;

struct Profile {
    script: [u8; 4],
    mask: u32,
    step: f32,
    langs: Vec<String>,
    /// Slot by slot, one byte a language.
    weights: Vec<i8>,
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let mut blocks = Vec::new();
    // The file is embedded and tested: what cannot be read leaves no profile, and every text is then told without.
    match flate2::read::ZlibDecoder::new(WEIGHTS)
        .take(INFLATED)
        .read_to_end(&mut blocks)
    {
        Ok(_) => read(&blocks),
        Err(_) => Vec::new(),
    }
});

fn read(mut blocks: &[u8]) -> Vec<Profile> {
    let mut profiles = Vec::new();
    while let Some((profile, rest)) = block(blocks) {
        profiles.push(profile);
        blocks = rest;
    }
    profiles
}

fn block(bytes: &[u8]) -> Option<(Profile, &[u8])> {
    let (script, rest) = bytes.split_first_chunk::<4>()?;
    let (&[bits, count], rest) = rest.split_first_chunk::<2>()?;
    let (step, rest) = rest.split_first_chunk::<4>()?;
    let count = usize::from(count);
    let size = 1usize.checked_shl(u32::from(bits))?.checked_mul(count)?;
    let (codes, rest) = rest.split_at_checked(count * 2)?;
    let (weights, rest) = rest.split_at_checked(size)?;
    let profile = Profile {
        script: *script,
        mask: (1u32 << bits) - 1,
        step: f32::from_le_bytes(*step),
        langs: codes
            .chunks_exact(2)
            .map(|code| String::from_utf8_lossy(code).into_owned())
            .collect(),
        weights: weights.iter().map(|&byte| byte as i8).collect(),
    };
    (count <= MOST).then_some((profile, rest))
}

/// A language and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likely {
    pub lang: &'static str,
    /// Of the languages of this script, 0 to 1.
    pub probability: f32,
    /// What speaks for it, a word, in log-odds against the average language of its script; what is in none of them has
    /// little.
    pub evidence: f32,
}

/// The languages of `script` by how likely they are the language of `text`, best first; `None` for a script whose
/// languages are not told by their spelling. `leaning` is added to the log-odds of a language, before any word is read.
pub fn likely(text: &str, script: Script, leaning: impl Fn(&str) -> f32) -> Option<[Likely; 2]> {
    let profile = profile(script)?;
    let scores = profile.scores(text, script, leaning);
    let best = top(&scores, None)?;
    let second = top(&scores, Some(best))?;
    let total: f32 = scores.iter().map(|score| (score - scores[best]).exp()).sum();
    Some([best, second].map(|at| Likely {
        lang: &profile.langs[at],
        probability: (scores[at] - scores[best]).exp() / total,
        evidence: scores[at] / text.split_whitespace().count().max(1) as f32,
    }))
}

/// Is this one of the languages told by their spelling?
pub fn knows(lang: &str, script: Script) -> bool {
    profile(script).is_some_and(|profile| profile.langs.iter().any(|known| known == lang))
}

fn profile(script: Script) -> Option<&'static Profile> {
    let name = match script {
        Script::Latin => b"Latn",
        Script::Cyrillic => b"Cyrl",
        Script::Arabic => b"Arab",
        _ => return None,
    };
    PROFILES.iter().find(|profile| &profile.script == name)
}

fn top(scores: &[f32], but: Option<usize>) -> Option<usize> {
    let rest = (0..scores.len()).filter(|&at| Some(at) != but);
    // The first of equals.
    rest.reduce(|best, at| if scores[at] > scores[best] { at } else { best })
}

impl Profile {
    fn scores(&self, text: &str, script: Script, leaning: impl Fn(&str) -> f32) -> Vec<f32> {
        let mut sums = [0i32; MOST];
        let mut word: Vec<char> = Vec::with_capacity(LONGEST + 2);
        let (mut is_name, mut is_quoted, mut words) = (false, false, 0u32);
        for c in text.nfc().chain(Some(' ')) {
            for lower in c.to_lowercase() {
                if is_letter(lower, script) {
                    if word.is_empty() {
                        word.push('^');
                        is_name = c != lower && words > 0;
                    }
                    if word.len() <= LONGEST {
                        word.push(lower);
                    }
                // Lower case of Turkish İ is i and this dot; the soft hyphen is no end of a word.
                } else if !matches!(lower, '\u{307}' | '\u{AD}') && !word.is_empty() {
                    word.push('$');
                    let weight = match (is_quoted, is_name) {
                        (true, _) => QUOTED,
                        (false, true) => NAME,
                        (false, false) => WORD,
                    };
                    self.add(&word, weight, &mut sums);
                    word.clear();
                    words += 1;
                }
            }
            // The same marks open in one language and close in another: «…» and »…«, „…“ and “…”.
            if matches!(c, '«' | '»' | '„' | '“' | '”' | '"') {
                is_quoted = !is_quoted;
            }
        }
        let scored = self.langs.iter().zip(sums);
        scored
            .map(|(lang, sum)| sum as f32 / WORD as f32 * self.step + leaning(lang))
            .collect()
    }

    /// `^word$`: its n-grams of 1 to 4 characters, and from three letters on the word itself.
    fn add(&self, word: &[char], weight: i32, sums: &mut [i32; MOST]) {
        for start in 0..word.len() {
            let mut hash = FNV_START;
            for (length, &c) in word[start..].iter().take(4).enumerate() {
                hash = hashed(hash, c);
                let lone_mark = length == 0 && matches!(c, '^' | '$');
                if !lone_mark {
                    self.add_slot(hash, weight, sums);
                }
            }
        }
        if word.len() > 4 {
            let letters = &word[1..word.len() - 1];
            let hash = letters.iter().fold(hashed(FNV_START, '='), |hash, &c| hashed(hash, c));
            self.add_slot(hash, weight, sums);
        }
    }

    fn add_slot(&self, hash: u32, weight: i32, sums: &mut [i32; MOST]) {
        let slot = ((hash ^ (hash >> 15)) & self.mask) as usize;
        let width = self.langs.len();
        if let Some(weights) = self.weights.get(slot * width..(slot + 1) * width) {
            for (sum, &one) in sums.iter_mut().zip(weights) {
                *sum += weight * i32::from(one);
            }
        }
    }
}

/// FNV-1a, 32 bits (draft-eastlake-fnv), over UTF-8.
const FNV_START: u32 = 0x811C_9DC5;

fn hashed(hash: u32, c: char) -> u32 {
    let mut utf8 = [0; 4];
    c.encode_utf8(&mut utf8)
        .bytes()
        .fold(hash, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn is_letter(c: char, script: Script) -> bool {
    let own = match script {
        Script::Latin => matches!(c, 'a'..='z' | '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'),
        Script::Cyrillic => matches!(c, '\u{400}'..='\u{52F}'),
        Script::Arabic => matches!(c, '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D3}'),
        _ => false,
    };
    own && c.is_alphabetic()
}
