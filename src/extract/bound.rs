//! How much of a document is parsed: hostile nesting costs a tree builder quadratic time.
//!
//! Takes HTML, gives the longest prefix that is safe to parse. The HTML Standard sets no limits; browsers do
//! (Blink nests at most 512 deep), and no article needs more.

use super::keys::Table;

/// Longest document parsed, in bytes; the largest of a thousand newspaper pages was 4.5 MB.
const LONGEST: usize = 8 << 20;

/// Elements open at once. Pages that forget to close `<font>` reach a few hundred.
const DEEPEST: usize = 1500;

/// The names asked about are shorter; of a longer one the spelling does not matter.
const LONGEST_NAME: usize = 16;

/// Attributes of one tag; the tokenizer compares each with all before it.
const ATTRIBUTES: usize = 400;

/// The prefix of `html` that a tree builder can take in linear time.
pub fn bounded(html: &str) -> &str {
    let html = &html[..html.floor_char_boundary(LONGEST)];
    let mut open: Table<&[u8], usize> = Table::default();
    let mut depth = 0usize;
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = html.get(at..).and_then(|rest| rest.find('<')) {
        let tag = at + found;
        at = tag + 1;
        let closes = bytes.get(at) == Some(&b'/');
        let name_at = if closes { at + 1 } else { at };
        let name_end = name_at
            + bytes[name_at.min(bytes.len())..]
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
        let name = bytes.get(name_at..name_end).unwrap_or_default();
        if name.is_empty() {
            if html[at..].starts_with("!--") {
                at = html[at..].find("-->").map_or(html.len(), |end| at + end + 3);
            }
            continue;
        }
        let Some(end) = tag_end(bytes, name_end) else {
            return &html[..tag];
        };
        at = end;
        let mut lower = [0u8; LONGEST_NAME];
        let lower = match lower.get_mut(..name.len()) {
            Some(lower) => {
                lower.copy_from_slice(name);
                lower.make_ascii_lowercase();
                &*lower
            }
            None => name,
        };
        if closes {
            if let Some(count) = open.get_mut(name).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
            }
        } else if matches!(lower, b"script" | b"style") {
            at = raw_text_end(html, at, lower);
        } else if !closes_itself(lower) {
            *open.entry(name).or_default() += 1;
            depth += 1;
            if depth > DEEPEST {
                return &html[..tag];
            }
        }
    }
    html
}

/// Void elements, and those that the next of their kind closes.
fn closes_itself(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
            | b"p"
            | b"li"
            | b"dd"
            | b"dt"
            | b"option"
            | b"tr"
            | b"td"
            | b"th"
            | b"path"
            | b"rect"
            | b"circle"
            | b"line"
            | b"use"
            | b"polygon"
            | b"tbody"
            | b"thead"
            | b"html"
            | b"body"
            | b"head"
    )
}

/// Just past the `>` that closes a tag, quotes respected; `None` when it has too many attributes.
fn tag_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let (mut quote, mut attributes, mut after_space) = (0u8, 0usize, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            byte if quote != 0 => {
                if *byte == quote {
                    quote = 0;
                    after_space = true;
                }
            }
            b'>' => return Some(at + 1),
            b'"' | b'\'' if bytes.get(at.wrapping_sub(1)) == Some(&b'=') => quote = *byte,
            byte if byte.is_ascii_whitespace() || *byte == b'/' => after_space = true,
            _ => {
                attributes += usize::from(after_space);
                after_space = false;
            }
        }
        if attributes > ATTRIBUTES {
            return None;
        }
        at += 1;
    }
    Some(bytes.len())
}

fn raw_text_end(html: &str, mut at: usize, name: &[u8]) -> usize {
    while let Some(found) = html.get(at..).and_then(|rest| rest.find("</")) {
        at += found + 2;
        let close = html.as_bytes().get(at..at + name.len());
        if close.is_some_and(|close| close.eq_ignore_ascii_case(name)) {
            return at - 2;
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_taken_whole() {
        let page =
            "<!-- <b> --><script>if (a<b) '<div>'</script><div class='a>b'><p>un<br>deux<p>trois</div>".repeat(3000);
        assert_eq!(bounded(&page).len(), page.len());
    }

    #[test]
    fn nesting_and_attributes_are_cut() {
        let deep = format!("<p>début</p>{}", "<div></x>".repeat(100_000));
        assert!(bounded(&deep).len() < 20_000);
        let wide = format!("<p>début</p><a {}>", "b ".repeat(100_000));
        assert_eq!(bounded(&wide), "<p>début</p>");
    }
}
