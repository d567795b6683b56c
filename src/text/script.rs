//! Scripts: which one a text is written in, how long it is in that script's unit, simplified or traditional.
//!
//! Takes text, gives counts. Never names a language: a script is evidence for one, `identify` weighs it.

use std::sync::LazyLock;

use crate::model::{Length, LengthUnit};

use super::simplify::{is_simplified, is_traditional};

/// Letters by script; digits, marks and punctuation are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Letters {
    pub latin: u32,
    pub han: u32,
    pub kana: u32,
    pub hangul: u32,
    pub cyrillic: u32,
    pub arabic: u32,
    pub greek: u32,
    pub hebrew: u32,
    pub devanagari: u32,
    pub thai: u32,
    pub other: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    Latin,
    Han,
    Kana,
    Hangul,
    Cyrillic,
    Arabic,
    Greek,
    Hebrew,
    Devanagari,
    Thai,
    Other,
}

/// How many letters of which script.
pub fn letters(text: &str) -> Letters {
    let mut count = Letters::default();
    for c in text.chars() {
        if c.is_ascii() {
            count.latin += u32::from(c.is_ascii_alphabetic());
            continue;
        }
        match c {
            'ª' | 'º' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ḁ'..='ỿ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                count.latin += 1
            }
            '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => count.han += 1,
            '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' => count.han += 1,
            'ぁ'..='ゖ' | 'ゝ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' | '\u{31F0}'..='\u{31FF}' | 'ｦ'..='ﾝ' => {
                count.kana += 1
            }
            '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}' => count.hangul += 1,
            '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' if c.is_alphabetic() => count.greek += 1,
            '\u{0400}'..='\u{052F}' if c.is_alphabetic() => count.cyrillic += 1,
            '\u{05D0}'..='\u{05EA}' => count.hebrew += 1,
            '\u{0620}'..='\u{064A}' | '\u{066E}'..='\u{06D3}' | '\u{0750}'..='\u{077F}' => count.arabic += 1,
            '\u{0900}'..='\u{097F}' if c.is_alphabetic() => count.devanagari += 1,
            '\u{0E01}'..='\u{0E4E}' => count.thai += 1,
            _ => count.other += u32::from(c.is_alphabetic()),
        }
    }
    count
}

impl Letters {
    pub fn total(&self) -> u32 {
        self.by_script().iter().map(|(count, _)| count).sum()
    }

    /// The script with most weight; `None` without a letter. A Han character or Hangul syllable says about as much as
    /// three Latin letters (本国 / pays), and Japanese has kana wherever it has Han.
    pub fn dominant(&self) -> Option<Script> {
        let weight = |&(count, script): &(u32, Script)| match script {
            Script::Han | Script::Kana | Script::Hangul => count * 3,
            _ => count,
        };
        // The first of equals wins, so the answer does not depend on anything but the text.
        let mut best: Option<(u32, Script)> = None;
        for entry in self.by_script() {
            let weighed = weight(&entry);
            if weighed > best.map_or(0, |(most, _)| most) {
                best = Some((weighed, entry.1));
            }
        }
        best.map(|(_, script)| script)
    }

    fn by_script(&self) -> [(u32, Script); 11] {
        [
            (self.latin, Script::Latin),
            (self.han, Script::Han),
            (self.kana, Script::Kana),
            (self.hangul, Script::Hangul),
            (self.cyrillic, Script::Cyrillic),
            (self.arabic, Script::Arabic),
            (self.greek, Script::Greek),
            (self.hebrew, Script::Hebrew),
            (self.devanagari, Script::Devanagari),
            (self.thai, Script::Thai),
            (self.other, Script::Other),
        ]
    }
}

/// Han characters (字), punctuation not counted.
pub fn han_count(text: &str) -> u32 {
    letters(text).han
}

/// Han characters by who writes them, counted over a text. What all write alike is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HanForms {
    /// 国, 这: of simplified text, not of traditional; with those of them that Japanese writes too (国).
    pub simplified: u32,
    pub simplified_only: u32,
    /// 開, 這: of traditional text, not of simplified; with those of them that Japanese writes too (開).
    pub traditional: u32,
    pub traditional_only: u32,
    /// 気, 込: of Japanese alone.
    pub japanese_only: u32,
}

impl HanForms {
    /// Kanji without kana, as in short headlines: a form that is Japanese alone, or simplified and traditional forms
    /// side by side (北朝鮮、港湾再開), which no Chinese text has, and none that Japanese does not write.
    pub fn look_japanese(&self) -> bool {
        let mixed = self.simplified > 0 && self.traditional > 0;
        self.simplified_only + self.traditional_only == 0 && (self.japanese_only > 0 || mixed)
    }
}

/// What a character says of its text. The national character sets know best which forms a country prints: GB 2312
/// for simplified, level 1 of Big5 (5,401 characters in daily use) for traditional, level 1 of JIS X 0208 for Japanese.
/// So 后, 里 and 制, which simplified text has for two characters each, betray nothing: traditional text has them too.
#[derive(Clone, Copy, Default)]
struct Form {
    simplified: bool,
    traditional: bool,
    japanese: bool,
    chinese: bool,
}

const FIRST_HAN: u32 = 0x4E00;
const LAST_HAN: u32 = 0x9FFF;

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    (FIRST_HAN..=LAST_HAN)
        .map(|code| char::from_u32(code).map_or(Form::default(), form))
        .collect()
});

fn form(c: char) -> Form {
    let gb2312 =
        bytes_of(c, encoding_rs::GBK).is_some_and(|[lead, trail]| (0xB0..=0xF7).contains(&lead) && trail >= 0xA1);
    let big5 = bytes_of(c, encoding_rs::BIG5);
    let big5_daily = big5.is_some_and(|[lead, _]| (0xA4..=0xC6).contains(&lead));
    // Level 1 ends with 腕, 98 72.
    let jis_daily =
        bytes_of(c, encoding_rs::SHIFT_JIS).is_some_and(|pair| ([0x88, 0x9F]..=[0x98, 0x72]).contains(&pair));
    Form {
        simplified: is_simplified(c) && !big5_daily,
        traditional: is_traditional(c) && !gb2312,
        japanese: jis_daily,
        chinese: gb2312 || big5.is_some(),
    }
}

fn bytes_of(c: char, encoding: &'static encoding_rs::Encoding) -> Option<[u8; 2]> {
    let mut utf8 = [0; 4];
    let (bytes, _, unmappable) = encoding.encode(c.encode_utf8(&mut utf8));
    <[u8; 2]>::try_from(bytes.as_ref()).ok().filter(|_| !unmappable)
}

pub fn han_forms(text: &str) -> HanForms {
    let mut forms = HanForms::default();
    for c in text.chars().filter(|c| (FIRST_HAN..=LAST_HAN).contains(&(*c as u32))) {
        let Some(form) = FORMS.get((c as u32 - FIRST_HAN) as usize) else {
            continue;
        };
        forms.simplified += u32::from(form.simplified);
        forms.simplified_only += u32::from(form.simplified && !form.japanese);
        forms.traditional += u32::from(form.traditional);
        forms.traditional_only += u32::from(form.traditional && !form.japanese);
        forms.japanese_only += u32::from(form.japanese && !form.chinese);
    }
    forms
}

/// `Hans` or `Hant`, by the characters that only one of them writes; `None` when the text has none, or as many.
pub fn chinese_script(text: &str) -> Option<&'static str> {
    let forms = han_forms(text);
    match forms.simplified.cmp(&forms.traditional) {
        std::cmp::Ordering::Greater => Some("Hans"),
        std::cmp::Ordering::Less => Some("Hant"),
        std::cmp::Ordering::Equal => None,
    }
}

/// How long a text is: in Han characters for Chinese (and Han and kana for Japanese, whose 字 counts both), else in
/// words between spaces, Korean among them. Where the language is not known, the dominant script decides.
pub fn length(text: &str, lang: Option<&str>) -> Length {
    let count = letters(text);
    let language = lang.map(|tag| tag.split('-').next().unwrap_or(tag));
    let n = match (language, count.dominant()) {
        (Some("zh"), _) | (None, Some(Script::Han)) => count.han,
        (Some("ja"), _) | (None, Some(Script::Kana)) => count.han + count.kana,
        _ => {
            return Length {
                n: words(text),
                unit: LengthUnit::Words,
            };
        }
    };
    Length {
        n,
        unit: LengthUnit::Han,
    }
}

/// Stretches between spaces that have a letter or digit in them: a dash alone is no word.
pub fn words(text: &str) -> u32 {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_in_its_own_unit() {
        let cases = [
            ("Le pacte — dit « d’amitié » — tient.", Some("fr"), 5, LengthUnit::Words),
            ("港口重新开放，LVMH 也来了。", Some("zh-Hans"), 9, LengthUnit::Han),
            ("항구가 다시 열렸다.", Some("ko"), 3, LengthUnit::Words),
            ("港が再び開いた。", Some("ja"), 7, LengthUnit::Han),
            ("港口重新开放", None, 6, LengthUnit::Han),
            ("The port is open", None, 4, LengthUnit::Words),
            ("", None, 0, LengthUnit::Words),
        ];
        for (text, lang, n, unit) in cases {
            assert_eq!(length(text, lang), Length { n, unit }, "{text}");
        }
    }

    #[test]
    fn simplified_or_traditional() {
        assert_eq!(chinese_script("港口重新开放，两国代表团参观码头"), Some("Hans"));
        assert_eq!(chinese_script("港口重新開放，兩國代表團參觀碼頭"), Some("Hant"));
        // Taiwan text with 里 and 后, which simplified text writes too.
        assert_eq!(chinese_script("皇后里長說明會議記錄"), Some("Hant"));
        // 面, 制, 向 stand for two characters each in simplified text, and for themselves in traditional text.
        assert_eq!(chinese_script("東面制度向前"), Some("Hant"));
        assert_eq!(chinese_script("皇后里"), None);
        // 著 and 乾 are folded, but simplified text has 著名 and 乾隆.
        assert_eq!(chinese_script("著名的乾隆"), None);
        assert_eq!(chinese_script("文化交流"), None);
        assert_eq!(chinese_script("no Han at all"), None);
    }

    #[test]
    fn japanese_without_kana() {
        for (text, japanese) in [
            ("天気図発表", true),
            ("北朝鮮、港湾再開", true),
            ("港口重新开放", false),
            ("港口重新開放", false),
            ("国会開会", true),
            ("兩国代表團", false),
            ("文化交流", false),
        ] {
            assert_eq!(han_forms(text).look_japanese(), japanese, "{text}");
        }
    }

    #[test]
    fn latin_names_do_not_make_han_text_latin() {
        assert_eq!(letters("LVMH 与 Hermès 公布年度财报").dominant(), Some(Script::Han));
        assert_eq!(letters("Le mot 文化 veut dire culture").dominant(), Some(Script::Latin));
        assert_eq!(letters("404 — 12:30").dominant(), None);
        assert_eq!(han_count("法国·文化 2009"), 4);
    }
}
