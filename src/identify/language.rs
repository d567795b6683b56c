//! Which language a text is in, and for Chinese in which script.
//!
//! Takes text and the language its source is declared to publish in, gives a language with its evidence, or none.
//! Never guesses on noise, and never asks a detector what the script already says.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use whatlang::Detector;

use crate::text::script::{Letters, Script, chinese_script, letters};

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
    /// Two detectors agree.
    Detectors,
    /// One detector agrees with the source's own language.
    DetectorAndSource,
    /// A long text on which one detector is sure and the other cannot know.
    Detector,
    /// Too short or too odd to tell, and written in the script of the source's own language.
    Source,
    /// Nothing to tell from.
    Nothing,
}

/// Enough for any detector, in characters; a book costs no more than an article.
const SAMPLE: usize = 2000;
/// Below this many letters the detectors agree by chance too often (trial: 84 % right on two words).
const SHORT: u32 = 12;
/// From here on one sure detector is believed against silence: about a paragraph.
const LONG: u32 = 120;

/// Languages a page may be in. A list that lacks one that does occur is worse than none (Spanish becomes French),
/// a list of all 70 loses 5 % on headlines.
const LANGUAGES: [(whatlang::Lang, &str); 27] = {
    use whatlang::Lang;
    [
        (Lang::Fra, "fr"),
        (Lang::Eng, "en"),
        (Lang::Cmn, "zh"),
        (Lang::Kor, "ko"),
        (Lang::Deu, "de"),
        (Lang::Spa, "es"),
        (Lang::Rus, "ru"),
        (Lang::Jpn, "ja"),
        (Lang::Ara, "ar"),
        (Lang::Ita, "it"),
        (Lang::Por, "pt"),
        (Lang::Nld, "nl"),
        (Lang::Pol, "pl"),
        (Lang::Tur, "tr"),
        (Lang::Vie, "vi"),
        (Lang::Pes, "fa"),
        (Lang::Swe, "sv"),
        (Lang::Dan, "da"),
        (Lang::Nob, "no"),
        (Lang::Ron, "ro"),
        (Lang::Ces, "cs"),
        (Lang::Ind, "id"),
        (Lang::Ukr, "uk"),
        (Lang::Ell, "el"),
        (Lang::Heb, "he"),
        (Lang::Hin, "hi"),
        (Lang::Tha, "th"),
    ]
};

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect()));

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
        Script::Devanagari => by_script("hi", count.devanagari),
        Script::Thai => by_script("th", count.thai),
        Script::Latin | Script::Cyrillic | Script::Arabic => alphabetic(&sample, dominant, &count, &prior),
        Script::Other => nothing(),
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
        let lang = parts.next().filter(|lang| !lang.is_empty());
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
            "ru" | "uk" | "bg" | "mk" | "be" | "kk" | "mn" => Script::Cyrillic,
            "ar" | "fa" | "ur" | "ps" => Script::Arabic,
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

fn alphabetic(sample: &str, script: Script, count: &Letters, prior: &Prior<'_>) -> Detected {
    let source = prior.writes(script);
    let size = match script {
        Script::Cyrillic => count.cyrillic,
        Script::Arabic => count.arabic,
        _ => count.latin,
    };
    // A word or two, such as "Live" or "Reportage": nobody can tell, but the source is what it is.
    let from_source = || match source {
        Some(lang) if size >= 4 => told(lang, Evidence::Source),
        _ => nothing(),
    };
    if size < SHORT || sample.split_whitespace().count() < 3 {
        return from_source();
    }
    let first = DETECTOR.detect(sample);
    let first_lang = first
        .as_ref()
        .and_then(|info| name(info.lang()))
        .filter(|lang| fits(lang, script));
    let second_lang = Some(second_name(whichlang::detect_language(sample))).filter(|lang| fits(lang, script));
    match (first_lang, second_lang, source) {
        (Some(first), Some(second), _) if first == second => told(first, Evidence::Detectors),
        (first, second, Some(own)) if first == Some(own) || second == Some(own) => {
            told(own, Evidence::DetectorAndSource)
        }
        (first_lang, second_lang, _) if size >= LONG => {
            let sure = first.is_some_and(|info| info.confidence() > 0.9);
            match (first_lang.filter(|_| sure), second_lang) {
                // Whichlang knows 16 languages and names one of them for any text; on its own ones it is the better.
                (Some(first), _) if !is_known_to_second(first) => told(first, Evidence::Detector),
                (_, Some(second)) if sure => told(second, Evidence::Detector),
                _ => from_source(),
            }
        }
        _ => from_source(),
    }
}

fn name(lang: whatlang::Lang) -> Option<&'static str> {
    LANGUAGES
        .iter()
        .find(|(known, _)| *known == lang)
        .map(|(_, name)| *name)
}

fn second_name(lang: whichlang::Lang) -> &'static str {
    use whichlang::Lang;
    match lang {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

fn is_known_to_second(lang: &str) -> bool {
    whichlang::LANGUAGES.iter().any(|known| second_name(*known) == lang)
}

fn fits(lang: &str, script: Script) -> bool {
    let own = match lang {
        "ru" | "uk" => Script::Cyrillic,
        "ar" | "fa" => Script::Arabic,
        "zh" | "ja" | "ko" | "el" | "he" | "hi" | "th" => return false,
        _ => Script::Latin,
    };
    own == script
}

/// The first words, without what is in no language: addresses, handles, anything with a digit in it.
fn sample(text: &str) -> String {
    let mut sample = String::new();
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
        for c in word.chars().take(SAMPLE.saturating_sub(length)) {
            sample.push(c);
            length += 1;
        }
        if length >= SAMPLE {
            break;
        }
    }
    sample
}
