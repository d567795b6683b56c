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
    let mut rest = text;
    while !rest.is_empty() {
        // Most of a text is words with single blanks between, and stays as it is.
        let mut blank = out.is_empty() || out.ends_with(' ');
        let as_it_is = rest.bytes().position(|byte| {
            let keep = byte.is_ascii_graphic() || byte == b' ' && !blank;
            blank = byte == b' ';
            !keep
        });
        let Some((plain, other)) = rest.split_at_checked(as_it_is.unwrap_or(rest.len())) else {
            return;
        };
        out.push_str(plain);
        let mut others = other.chars();
        for c in others.by_ref() {
            if c.is_whitespace() {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            } else if c.is_ascii_graphic() {
                out.push(c);
                break;
            } else if !invisible(c) {
                out.push(c);
            }
        }
        rest = others.as_str();
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
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        };
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            c if c.is_ascii() => {}
            // Letters without case.
            '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => out.push(c),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

pub fn is_east_asian(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}')
}

/// Visible characters, those of East Asian scripts counted three times.
pub fn weight(text: &str) -> u32 {
    if text.is_ascii() {
        return count(text, |byte| !byte.is_ascii_whitespace());
    }
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
    let plain = count(text, |byte| matches!(byte, b',' | b'.' | b';' | b':' | b'!' | b'?'));
    if text.is_ascii() {
        return plain;
    }
    let marks = text.chars().filter(|c| {
        matches!(
            c,
            '，' | '。' | '；' | '：' | '！' | '？' | '、' | '“' | '«' | '।' | '،'
        )
    });
    plain.saturating_add(u32::try_from(marks.count()).unwrap_or(u32::MAX))
}

fn count(text: &str, which: impl Fn(u8) -> bool) -> u32 {
    text.bytes().map(|byte| u32::from(which(byte))).sum()
}

/// Ends as a sentence ends.
pub fn ends_a_sentence(text: &str) -> bool {
    let end = text.trim_end_matches([
        '”', '"', '»', '’', '\'', ')', '）', '」', '』', ']', '】', ' ', '\u{A0}',
    ]);
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '；', ':', '：'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_what_nobody_sees() {
        let squeezed = |before: &str, text: &str| {
            let mut out = before.to_owned();
            squeeze_into(&mut out, text);
            out
        };
        assert_eq!(squeezed("", "  a  b\n\tc\u{AD}d "), "a b cd ");
        assert_eq!(squeezed("a ", " b"), "a b");
        assert_eq!(squeezed("a", " \u{200B} \u{3000}渡\u{7}轮 x "), "a 渡轮 x ");
        assert_eq!(squeeze(" l\u{A0}été  "), "l été");
    }

    #[test]
    fn folded_and_counted_alike_in_every_script() {
        assert_eq!(fold("L’Été, à ＡＢ1 — 渡轮。부산 İ"), "létéàab1渡轮부산i\u{307}");
        assert_eq!((weight("a b\t渡"), punctuation("a, b。")), (5, 2));
        assert_eq!((weight(" a\u{B}b "), punctuation("a.b!")), (3, 2));
    }
}
