//! Which language a text is in, and for Chinese in which script.
//!
//! Takes text and the language its source is declared to publish in, gives a language with its evidence, or none.
//! Never guesses on noise, and never asks a detector what the script already says.

use super::profiles::{self, likely};
use crate::text::script::{Letters, Script, chinese_script, han_forms, letters};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// ISO 639-1; `None` = could not be told.
    pub lang: Option<String>,
    /// `Hans` or `Hant`, Chinese only.
    pub script: Option<String>,
    pub evidence: Evidence,
}

/// What a language was told from, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// No other language is written so.
    Script,
    /// The spelling, and a second detector agrees.
    Detectors,
    /// The spelling or a detector, where the source's own language is the same and tips the scale.
    DetectorAndSource,
    /// The spelling or one detector alone, and sure.
    Detector,
    /// Too short or too odd to tell, and written in the script of the source's own language.
    Source,
    /// Nothing to tell from.
    Nothing,
}

/// Enough for any detector, in characters; a book costs no more than an article.
const SAMPLE: usize = 2000;
/// A longer text is read in so many places, so that a foreign opening or quotation does not speak for all of it.
const PLACES: usize = 4;
/// Letters and words below which there are no sentences, only names and labels.
const SHORT: u32 = 12;
const FEW: usize = 3;
/// From here on there is enough to tell a language that the profiles do not know from those they do: two sentences.
const LONG: u32 = 120;
/// The source's own language before a word is read, in log-odds: 20 to 1. A sentence outweighs it, a name does not.
const LEANING: f32 = 3.0;
/// Printed far less than the neighbour that spells nearly the same (Indonesian, Spanish, English), in log-odds.
const RARER: [(&str, f32); 3] = [("ms", 1.5), ("ca", 1.0), ("tl", 1.0)];
/// Below this a guess is a coin thrown among neighbours (Danish, Norwegian), and another detector is asked.
const SURE: f32 = 0.9;
const LIKELY: f32 = 0.6;
/// Evidence a word below which a text may be in none of the languages known: of windows of eight words in those, about
/// one in a hundred has less (then another detector must agree), of Basque, Albanian or Welsh ones more than half.
const STRANGE_LATIN: f32 = 1.2;
const STRANGE_OTHER: f32 = 0.2;

/// The language of `text`; `prior` is a tag such as `fr` or `zh-Hant`.
pub fn detect(text: &str, prior: Option<&str>) -> Detected {
    let sample = sample(text);
    let count = letters(&sample);
    let prior = Prior::of(prior);
    let Some(dominant) = count.dominant() else {
        return nothing();
    };
    match dominant {
        Script::Latin if latin_is_names(&sample, &count) => east_asian(&sample, &count, &prior),
        Script::Han | Script::Kana | Script::Hangul => east_asian(&sample, &count, &prior),
        Script::Greek => by_script("el", count.greek),
        Script::Hebrew => by_script("he", count.hebrew),
        Script::Devanagari => by_script(devanagari(&sample, count.devanagari), count.devanagari),
        Script::Thai => by_script("th", count.thai),
        Script::Latin => alphabetic(&sample, dominant, count.latin, &prior),
        Script::Cyrillic => alphabetic(&sample, dominant, count.cyrillic, &prior),
        Script::Arabic => alphabetic(&sample, dominant, count.arabic, &prior),
        Script::Other => match asked(&sample) {
            Some((lang, _)) => by_script(lang, count.other),
            None => nothing(),
        },
    }
}

fn nothing() -> Detected {
    Detected {
        lang: None,
        script: None,
        evidence: Evidence::Nothing,
    }
}

fn told(lang: &str, evidence: Evidence) -> Detected {
    Detected {
        lang: Some(lang.to_owned()),
        script: None,
        evidence,
    }
}

/// Two letters may be a formula's sign; a word is a word.
fn by_script(lang: &str, letters: u32) -> Detected {
    if letters >= 3 {
        told(lang, Evidence::Script)
    } else {
        nothing()
    }
}

struct Prior<'a> {
    lang: Option<&'a str>,
    script: Option<&'static str>,
}

impl<'a> Prior<'a> {
    fn of(tag: Option<&'a str>) -> Prior<'a> {
        let mut parts = tag.unwrap_or_default().split(['-', '_']);
        let lang = parts.next().filter(|lang| !lang.is_empty()).map(in_use);
        let script = parts.find_map(|part| match part {
            "Hans" | "CN" | "SG" => Some("Hans"),
            "Hant" | "TW" | "HK" | "MO" => Some("Hant"),
            _ => None,
        });
        Prior { lang, script }
    }

    fn is(&self, lang: &str) -> bool {
        self.lang == Some(lang)
    }

    /// Could a text in the source's language be written in this script?
    fn writes(&self, script: Script) -> Option<&'a str> {
        let lang = self.lang?;
        let own = match lang {
            "zh" | "ja" | "ko" | "el" | "he" | "hi" | "th" => return None,
            "ru" | "uk" | "bg" | "mk" | "be" | "kk" | "ky" | "mn" | "tg" => Script::Cyrillic,
            "ar" | "fa" | "ur" | "ps" | "ckb" => Script::Arabic,
            "sr" if script == Script::Cyrillic => Script::Cyrillic,
            _ => Script::Latin,
        };
        (own == script).then_some(lang)
    }
}

/// Latin letters outweigh, but only as names do: 2 Han characters or more, at least one for every six letters, and at
/// most one Latin word in lower case (`de`, `and` and the like are shorter than three letters or stand alone).
fn latin_is_names(sample: &str, count: &Letters) -> bool {
    let unspaced = count.han + count.kana + count.hangul;
    let lower = |word: &&str| word.len() >= 3 && word.starts_with(|c: char| c.is_lowercase());
    let words = sample.split(|c: char| !c.is_alphabetic() || !(c.is_ascii() || c < '\u{0250}'));
    unspaced >= 2 && unspaced * 6 >= count.latin && words.filter(lower).count() <= 1
}

/// Han, kana and Hangul say it themselves.
fn east_asian(sample: &str, count: &Letters, prior: &Prior<'_>) -> Detected {
    // Korean headlines set a Han character among Hangul (北, 美); Chinese and Japanese text quotes Hangul at most.
    if count.hangul >= 2 && (count.hangul >= count.han + count.kana || prior.is("ko")) {
        return told("ko", Evidence::Script);
    }
    // Chinese headlines borrow the の of shop signs; Japanese ones have kana in every particle.
    if count.kana >= 2 && count.kana * 10 >= count.han + count.kana || count.kana >= 1 && prior.is("ja") {
        return told("ja", Evidence::Script);
    }
    if count.han >= 2 && !prior.is("zh") && han_forms(sample).look_japanese() {
        return told("ja", Evidence::Script);
    }
    let script = chinese_script(sample);
    if prior.is("ja") && script != Some("Hans") && count.han >= 2 {
        return told("ja", Evidence::Source);
    }
    let evidence = match count.han {
        0 => return nothing(),
        1 if prior.is("zh") => Evidence::Source,
        1 => return nothing(),
        _ => Evidence::Script,
    };
    let script = script.or(prior.script).map(str::to_owned);
    Detected {
        script,
        ..told("zh", evidence)
    }
}

/// Languages that share an alphabet: by their spelling, with a second opinion where that leaves a doubt.
fn alphabetic(sample: &str, script: Script, size: u32, prior: &Prior<'_>) -> Detected {
    let source = prior.writes(script);
    // A word or two, such as "Live" or "Reportage": nobody can tell, but the source is what it is.
    let from_source = || match source {
        Some(lang) if size >= 4 => told(lang, Evidence::Source),
        _ => nothing(),
    };
    let leaning = |lang: &str| match source == Some(lang) {
        true => LEANING,
        false => RARER
            .iter()
            .find(|(rarer, _)| *rarer == lang)
            .map_or(0.0, |(_, less)| -less),
    };
    let Some([best, second]) = likely(sample, script, leaning) else {
        return from_source();
    };
    if size < SHORT || sample.split_whitespace().count() < FEW {
        // Two names are in no language; two words that are no names may be.
        let is_word = |word: &str| word.chars().count() >= 3 && word.starts_with(char::is_lowercase);
        let plain = script != Script::Latin || sample.split_whitespace().any(is_word);
        return match source {
            None if size >= 8 && plain && best.probability >= SURE => told(best.lang, Evidence::Detector),
            _ => from_source(),
        };
    }
    let strange = match script {
        Script::Latin => STRANGE_LATIN,
        _ => STRANGE_OTHER,
    };
    if let Some(stranger) = by_letters(sample, script, size) {
        return stranger.map_or_else(from_source, |lang| told(lang, Evidence::Script));
    }
    let other = second_name(whichlang::detect_language(sample));
    // What is spelt so clearly is in a language known, whatever else it could be.
    if best.evidence < strange || size >= LONG && best.evidence < 3.0 * strange {
        match asked(sample) {
            Some((lang, _)) if size < LONG && (lang == best.lang || other == best.lang) => {}
            Some((lang, true)) if !profiles::knows(lang, script) => {
                return told(lang, Evidence::Detector);
            }
            _ if size < LONG && source != Some(best.lang) => return from_source(),
            _ => {}
        }
    }
    if best.probability >= SURE {
        return match () {
            () if other == best.lang => told(best.lang, Evidence::Detectors),
            () if source == Some(best.lang) => told(best.lang, Evidence::DetectorAndSource),
            () => told(best.lang, Evidence::Detector),
        };
    }
    let third = asked(sample).map(|(lang, _)| lang);
    match [best, second].map(|guess| i32::from(other == guess.lang) + i32::from(third == Some(guess.lang))) {
        [_, 2] => told(second.lang, Evidence::Detectors),
        [0, 0] if best.probability < LIKELY => from_source(),
        [0, 1] if best.probability < LIKELY => from_source(),
        [0, _] if source == Some(best.lang) => told(best.lang, Evidence::DetectorAndSource),
        [0, _] => told(best.lang, Evidence::Detector),
        _ => told(best.lang, Evidence::Detectors),
    }
}

/// Whatlang's guess, and whether it is sure of it. It knows 70 languages, and is the one to ask about those that the
/// profiles do not; on headlines in those that they do it is right 89 times of 100, they 99.
fn asked(sample: &str) -> Option<(&'static str, bool)> {
    let info = whatlang::detect(sample)?;
    let (_, lang) = NAMES.iter().find(|(code, _)| *code == info.lang().code())?;
    Some((lang, info.confidence() > f64::from(SURE)))
}

/// Whatlang's codes (ISO 639-3) in the shortest form of ISO 639, as articles have them. Latin and Esperanto are left
/// out: no newspaper is in them, but lists of names look like them.
const NAMES: [(&str, &str); 66] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
];

fn second_name(lang: whichlang::Lang) -> &'static str {
    let code = lang.three_letter_code();
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("", |(_, name)| name)
}

/// What a page declares, as articles have it: the two written forms of Norwegian are one language here, as are Serbian,
/// Croatian and Bosnian in Latin letters; codes withdrawn in 1989 (ISO 639/MA) still occur.
fn in_use(lang: &str) -> &str {
    match lang {
        "nb" | "nn" => "no",
        "bs" | "sh" => "hr",
        "fil" => "tl",
        "iw" => "he",
        "in" => "id",
        _ => lang,
    }
}

/// Languages without a profile that write letters of their own; `Some(None)` = one of several.
fn by_letters(sample: &str, script: Script, size: u32) -> Option<Option<&'static str>> {
    let count = |letters: &str| sample.chars().filter(|&c| letters.contains(c)).count() as u32;
    // One letter in a name is quoted; one in forty is spelling.
    let many = |count: u32| count >= 1 && count * 40 >= size;
    match script {
        // Kazakh, Kyrgyz, Mongolian, Tatar, Tajik.
        Script::Cyrillic if many(count("әғқңөұүһҳҷӣӯӘҒҚҢӨҰҮҺҲҶӢӮ")) => Some(None),
        Script::Cyrillic => {
            // Ukrainian has no ы or э, Russian no і.
            let belarusian = count("ўЎ") + count("іІ").min(count("ыэЫЭ"));
            (belarusian * 60 >= size).then_some(Some("be"))
        }
        // Kurdish, Pashto, Uyghur.
        Script::Arabic => many(count("ێۆڕڵټډړښځڅڼېۇۈۋ")).then_some(None),
        Script::Latin => many(count("əƏ")).then_some(Some("az")),
        _ => None,
    }
}

/// Marathi and Nepali are told from Hindi by whole sentences only.
fn devanagari(sample: &str, size: u32) -> &'static str {
    match asked(sample) {
        Some((lang @ ("mr" | "ne"), true)) if size >= LONG => lang,
        _ => "hi",
    }
}

/// The words to tell the language from: all of a short text, of a long one some at several places; without what is in
/// no language: addresses, handles, anything with a digit in it.
fn sample(text: &str) -> String {
    let mut sample = String::new();
    // A Han character is three bytes, so a text that is not longer than this may be taken whole.
    if text.len() <= SAMPLE * 3 {
        take(text, SAMPLE * 3, &mut sample);
        return sample;
    }
    for place in 0..PLACES {
        let from = text.floor_char_boundary(text.len() / PLACES * place);
        let rest = text.get(from..).unwrap_or_default();
        // Cut words begin somewhere: at the next space, where there are spaces.
        let start = match rest.char_indices().take(40).find(|(_, c)| c.is_whitespace()) {
            Some((at, _)) if place > 0 => at,
            _ => 0,
        };
        take(rest.get(start..).unwrap_or_default(), SAMPLE / PLACES, &mut sample);
    }
    sample
}

fn take(text: &str, most: usize, sample: &mut String) {
    let mut length = 0;
    for word in text.split_whitespace() {
        let foreign = word.contains("://") || word.starts_with("www.") || word.contains('@') || word.starts_with('#');
        // Han runs carry their dates inside (2009年12月), so only words of the alphabet are judged by a digit.
        let code = word.is_ascii() && word.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_');
        if foreign || code {
            continue;
        }
        if !sample.is_empty() {
            sample.push(' ');
        }
        for c in word.chars().take(most.saturating_sub(length)) {
            sample.push(c);
            length += 1;
        }
        if length >= most {
            break;
        }
    }
}
