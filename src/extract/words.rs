//! Small measures of text: squeezing, folding, and how much a run of characters weighs in any script.
//!
//! Takes text, gives text or numbers. Never knows HTML.

/// One Han character or Hangul syllable says about what this many Latin letters say, so that one gate serves all scripts.
const EAST_ASIAN_WEIGHT: u32 = 3;

/// Every run of white space to one blank, invisible characters gone, ends trimmed.
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    squeeze_into(&mut out, text);
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Appends `text` squeezed to what is already there; never begins with a blank, may end with one.
pub fn squeeze_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !invisible(c) {
            out.push(c);
        }
    }
}

/// Soft hyphens, zero-width characters and control characters, which stand between letters of one word.
fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFC}'
    ) || c.is_control()
}

/// Letters and digits only, lower case, full width to ASCII: equal when two lines say the same words.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

pub fn is_east_asian(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}')
}

/// Visible characters, those of East Asian scripts counted three times.
pub fn weight(text: &str) -> u32 {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii() => u32::from(!c.is_ascii_whitespace()),
            c if is_east_asian(c) => EAST_ASIAN_WEIGHT,
            c => u32::from(!c.is_whitespace()),
        })
        .sum()
}

/// Marks that only running text has.
pub fn punctuation(text: &str) -> u32 {
    let marks = text.chars().filter(|c| {
        matches!(
            c,
            ',' | '.' | ';' | ':' | '!' | '?' | '，' | '。' | '；' | '：' | '！' | '？' | '、' | '“' | '«' | '।' | '،'
        )
    });
    u32::try_from(marks.count()).unwrap_or(u32::MAX)
}

/// Ends as a sentence ends.
pub fn ends_a_sentence(text: &str) -> bool {
    let end = text.trim_end_matches([
        '”', '"', '»', '’', '\'', ')', '）', '」', '』', ']', '】', ' ', '\u{A0}',
    ]);
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '；', ':', '：'])
}
