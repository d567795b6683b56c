//! One folding for index, query, tags and clusters.
//!
//! Takes text as it stands, gives it in NFKC, lower case, without diacritics, œ æ ß ø ł đ written out, full width
//! narrowed, apostrophes, hyphens and name dots unified, traditional Chinese in simplified characters, soft hyphens
//! and zero-width characters gone. Never decides where a word ends (`pieces` does), never allocates per character.

use std::borrow::Cow;

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

use super::simplify::simplify;

/// The folded form, punctuation and spaces kept. Folding twice is folding once.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    let mut folded = String::with_capacity(text.len());
    let mut chars = FoldedChar::default();
    let mut at = 0;
    while at < text.len() {
        let ascii = ascii_span(text, at);
        folded.extend(text[at..ascii].chars().map(|c| c.to_ascii_lowercase()));
        at = ascii;
        if at < text.len() {
            at = chars.fold_at(text, at);
            folded.extend(chars.as_slice());
        }
    }
    Cow::Owned(folded)
}

/// End of the run of ASCII that begins at `at` (a character boundary).
fn ascii_span(text: &str, at: usize) -> usize {
    text.as_bytes()[at..]
        .iter()
        .position(|byte| !byte.is_ascii())
        .map_or(text.len(), |length| at + length)
}

/// What one character folds to. The longest, U+FDFA, gives 18.
#[derive(Debug, Default)]
pub(super) struct FoldedChar {
    chars: [char; 18],
    length: usize,
    /// The last character read was a mark on the one before (and folded to nothing).
    pub mark: bool,
}

impl FoldedChar {
    pub fn as_slice(&self) -> &[char] {
        &self.chars[..self.length]
    }

    /// Folds the character at `at` (a boundary before the end of `text`) together with the jamo and voicing marks
    /// that compose with it; gives the place where the next one begins.
    pub fn fold_at(&mut self, text: &str, at: usize) -> usize {
        self.length = 0;
        self.mark = false;
        let Some(c) = text[at..].chars().next() else {
            return text.len();
        };
        let mut end = at + c.len_utf8();
        match c {
            // Nearly all Han; nothing composes with it.
            '\u{3400}'..='\u{9FFF}' => {
                self.chars[0] = simplify(c);
                self.length = 1;
                return end;
            }
            '\u{AC00}'..='\u{D7A3}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' => {
                self.chars[0] = c;
                self.length = 1;
            }
            _ => match unified(c) {
                Unified::To(other) => {
                    self.chars[0] = other;
                    self.length = 1;
                    return end;
                }
                Unified::Dropped => return end,
                Unified::No => {
                    self.mark = is_combining_mark(c);
                    decompose_compatible(c, |part| self.push_folded(part));
                }
            },
        }
        if !self.as_slice().last().is_some_and(|&c| is_joined(c)) {
            return end;
        }
        // What folds to nothing does not stand between the two.
        let nothing = |c: char| is_stripped(c) || matches!(unified(c), Unified::Dropped);
        while let Some(next) = text[end..].chars().next() {
            if !(joins(next) && (self.try_compose(next) || is_stripped(voicing(next))) || nothing(next)) {
                break;
            }
            end += next.len_utf8();
        }
        end
    }

    fn push_folded(&mut self, part: char) {
        if joins(part) && self.try_compose(part) || is_stripped(part) {
            return;
        }
        match unified(part) {
            Unified::To(other) => self.push(other),
            Unified::Dropped => {}
            Unified::No => {
                for lower in part.to_lowercase() {
                    match expanded(lower) {
                        Some(written_out) => written_out.chars().for_each(|c| self.push(c)),
                        None if is_stripped(lower) => {}
                        None => self.push(simplify(lower)),
                    }
                }
            }
        }
    }

    fn push(&mut self, c: char) {
        if let Some(slot) = self.chars.get_mut(self.length) {
            *slot = c;
            self.length += 1;
        }
    }

    /// か + ゛ = が, ㅎ + ㅏ + ㄴ = 한 (as conjoining jamo).
    fn try_compose(&mut self, mark: char) -> bool {
        let Some(last) = self.length.checked_sub(1) else {
            return false;
        };
        match compose(self.chars[last], voicing(mark)) {
            Some(composed) => {
                self.chars[last] = composed;
                true
            }
            None => false,
        }
    }
}

/// Jamo, syllables and kana, which may compose with what follows.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{1112}' | '\u{AC00}'..='\u{D7A3}' | '\u{3041}'..='\u{30FF}')
}

/// Half-width voicing marks at full width.
fn voicing(mark: char) -> char {
    match mark {
        '\u{FF9E}' => '\u{3099}',
        '\u{FF9F}' => '\u{309A}',
        other => other,
    }
}

/// Medial and final jamo, and kana voicing marks in both widths.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{1161}'..='\u{11FF}' | '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}'
    )
}

/// A character that folding leaves out: without width, or nothing but a direction.
pub fn is_ignored(c: char) -> bool {
    matches!(unified(c), Unified::Dropped)
}

enum Unified {
    To(char),
    Dropped,
    No,
}

/// What is settled before any decomposition (which would, for one, turn ´ into a space).
fn unified(c: char) -> Unified {
    match c {
        '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '´' | '`' | '＇' | '｀' | 'ꞌ' | 'Ꞌ' => {
            Unified::To('\'')
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => Unified::To('-'),
        // The dots inside transliterated names: 雅克·朗, ジャック・ラング.
        '·' | '・' | '•' | '‧' | '･' | '∙' | '⋅' | '\u{0387}' => Unified::To('·'),
        // Soft hyphen, joiners, direction marks, variation selectors, tatweel, Hangul fillers.
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{0640}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => Unified::Dropped,
        // Single jamo (ㅋㅋㅋ) stay as typed: NFKC would make conjoining ones of them, and syllables of their neighbours.
        '\u{3131}'..='\u{318E}' | '\u{FFA1}'..='\u{FFDC}' => Unified::To(c),
        _ => Unified::No,
    }
}

/// Marks that a reader leaves out when typing a query. The vowel signs of Indic and Thai script are not among them.
fn is_stripped(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0487}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}'
        | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

/// Letters that no decomposition takes apart, as they are typed on a keyboard without them.
fn expanded(lower: char) -> Option<&'static str> {
    Some(match lower {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_form_for_what_a_reader_takes_for_the_same() {
        let cases = [
            ("Élysée", "elysee"),
            ("E\u{301}lyse\u{301}e", "elysee"),
            ("CŒUR Æon Straße STRASSE ẞ", "coeur aeon strasse strasse ss"),
            ("Øresund Łódź Đông ŒUVRE", "oresund lodz dong oeuvre"),
            ("İstanbul ISPARTA ısparta", "istanbul isparta isparta"),
            ("ＫＣＮＡ １８７４", "kcna 1874"),
            (
                "l’accord l'accord lʼaccord l‘accord",
                "l'accord l'accord l'accord l'accord",
            ),
            ("nord\u{2011}coréenne", "nord-coreenne"),
            ("co\u{AD}opé\u{200B}ration\u{FEFF}", "cooperation"),
            (
                "雅克·朗 傑克‧朗 ジャック・ラング ｼﾞｬｯｸ･ﾗﾝｸﾞ",
                "雅克·朗 杰克·朗 ジャック·ラング ジャック·ラング",
            ),
            ("北韓與法國", "北韩与法国"),
            ("\u{1112}\u{1161}\u{11AB}국 ㋿ ㈎", "한국 令和 (가)"),
            ("Ὀδυσσεύς ΣΊΣΥΦΟΣ", "οδυσσευσ σισυφοσ"),
            ("ёлка й", "елка и"),
            ("الْعَرَبِيَّة أحمد", "العربية احمد"),
            ("½ ² ™ … \u{00A0}", "1⁄2 2 tm ...  "),
            ("हिन्दी ไทย", "हिन्दी ไทย"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn plain_lower_case_is_not_copied() {
        assert!(matches!(fold("nothing to do, 1874"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_character_folds_to_itself_the_second_time() {
        for c in '\u{0}'..=char::MAX {
            let text = String::from(c);
            let once = fold(&text).into_owned();
            assert_eq!(fold(&once), once, "U+{:04X}", c as u32);
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(text in "\\PC{0,40}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }

        #[test]
        fn combining_sequences_too(text in "[a-zéㄱ가각かカ\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11A8}-\u{11C2}\u{3099}\u{309A}ｶﾞ\u{301}\u{327}]{0,12}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }
    }
}
