//! A text folded for reading dates: one character for one, so that places can be told in the original.
//!
//! Takes text, gives characters by position; past either end there is `\0`, never a panic.

/// Most characters read of one text: the date of an article stands near its headline.
const MOST: usize = 20_000;

pub(super) struct Text {
    chars: Vec<char>,
    bytes: Vec<u32>,
}

impl Text {
    pub(super) fn new(text: &str) -> Text {
        let mut chars = Vec::with_capacity(text.len().min(MOST));
        let mut bytes = Vec::with_capacity(text.len().min(MOST) + 1);
        let mut end = 0;
        for (at, c) in text.char_indices().take(MOST) {
            chars.push(fold(c));
            bytes.push(at as u32);
            end = at + c.len_utf8();
        }
        bytes.push(end as u32);
        Text { chars, bytes }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or('\0')
    }

    pub(super) fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or('\0', |i| self.at(i))
    }

    /// Byte position in the original of character `i`.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.bytes.get(i).or(self.bytes.last()).map_or(0, |b| *b as usize)
    }

    /// The number whose digits begin at `i`: value, how many digits, where they end. Longer than nine digits is none.
    pub(super) fn number(&self, i: usize) -> Option<(u32, usize, usize)> {
        let mut value = 0u32;
        let mut end = i;
        while let Some(digit) = self.at(end).to_digit(10) {
            if end - i == 9 {
                return None;
            }
            value = value * 10 + digit;
            end += 1;
        }
        (end > i).then_some((value, end - i, end))
    }

    pub(super) fn spaces(&self, mut i: usize) -> usize {
        while self.at(i) == ' ' {
            i += 1;
        }
        i
    }

    /// Where `word` (lower case) ends, if it begins at `i`.
    pub(super) fn literal(&self, i: usize, word: &str) -> Option<usize> {
        let mut at = i;
        for c in word.chars() {
            if self.at(at) != c {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    pub(super) fn any_literal(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| self.literal(i, word))
    }

    /// The run of Latin letters that begins at `i`; none when it is longer than any word in the tables.
    pub(super) fn word(&self, i: usize) -> Option<(String, usize)> {
        let mut word = String::new();
        let mut end = i;
        while latin(self.at(end)) {
            if end - i == 14 {
                return None;
            }
            word.push(self.at(end));
            end += 1;
        }
        (end > i).then_some((word, end))
    }
}

/// A letter of the alphabets with word boundaries between spaces.
pub(super) fn latin(c: char) -> bool {
    c.is_alphabetic() && (c < '\u{0530}' || matches!(c, '\u{0620}'..='\u{06FF}' | '\u{0E00}'..='\u{0E7F}'))
}

/// Full-width forms to ASCII, every space to one kind, lower case where that is one character.
fn fold(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).map_or(c, |c| c.to_ascii_lowercase()),
        '\u{2212}' => '-',
        // Arabic-Indic digits.
        '\u{0660}'..='\u{0669}' => char::from_u32(c as u32 - 0x660 + 0x30).unwrap_or(c),
        '\u{2019}' => '\'',
        c if c.is_ascii() => {
            if c.is_ascii_whitespace() {
                ' '
            } else {
                c
            }
        }
        c if c.is_whitespace() || c == '\u{FEFF}' => ' ',
        c if c.is_uppercase() => {
            let mut lower = c.to_lowercase();
            let first = lower.next().unwrap_or(c);
            if lower.next().is_none() { first } else { c }
        }
        c => c,
    }
}
