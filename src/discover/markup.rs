//! A forgiving reader of tags: XML or HTML text in, a flat run of tokens out, in one pass and without a tree.
//!
//! Takes any text, gives borrowed slices of it. Never recurses, never looks at a byte more than a fixed number of times.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

/// The longest name in the HTML entity table is 31 letters (`CounterClockwiseContourIntegral`).
const LONGEST_ENTITY: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Character data, entities as written.
    Text(&'a str),
    /// The inside of a CDATA section: character data without entities.
    CData(&'a str),
    Open {
        name: &'a str,
        attributes: &'a str,
        empty: bool,
    },
    Close {
        name: &'a str,
    },
}

/// Comments, processing instructions and document types are passed over.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// In XML a `<` cannot stand in an attribute value, so a quote that would span one was never closed.
    xml: bool,
    /// An unclosed comment was met: there is no `-->` further on, so none is looked for again.
    no_comment_end: bool,
    /// A document has one document type; a second one's internal subset is not looked for.
    doctype_seen: bool,
    /// The text ended inside a tag or a CDATA section.
    pub cut: bool,
}

impl<'a> Tokens<'a> {
    pub fn xml(text: &'a str) -> Tokens<'a> {
        Tokens {
            text,
            at: 0,
            xml: true,
            no_comment_end: false,
            doctype_seen: false,
            cut: false,
        }
    }

    pub fn html(text: &'a str) -> Tokens<'a> {
        Tokens {
            xml: false,
            ..Tokens::xml(text)
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over everything up to `</name`, as HTML does for `<script>` and `<style>`; over nothing if there is none.
    pub fn skip_raw(&mut self, name: &str) -> bool {
        let rest = self.rest().as_bytes();
        let mut from = 0;
        while let Some(found) = rest
            .get(from..)
            .and_then(|tail| tail.windows(2).position(|pair| pair == b"</"))
        {
            from += found + 2;
            let candidate = rest.get(from..from + name.len());
            if candidate.is_some_and(|bytes| bytes.eq_ignore_ascii_case(name.as_bytes())) {
                self.at += from - 2;
                return true;
            }
        }
        false
    }

    /// `at` stands behind `<name`; gives where the attributes end and where the next token begins.
    fn tag_end(&mut self, from: usize) -> (usize, usize) {
        let bytes = self.text.as_bytes();
        let mut at = from;
        // A quote delimits only behind an equals sign; elsewhere it is an apostrophe somebody typed.
        let mut value_next = false;
        while let Some(&byte) = bytes.get(at) {
            let delimits = value_next;
            value_next = byte == b'=' || (value_next && byte.is_ascii_whitespace());
            match byte {
                b'>' => return (at, at + 1),
                b'<' => return (at, at),
                b'"' | b'\'' if delimits => {
                    let tail = bytes.get(at + 1..).unwrap_or_default();
                    let closing = tail.iter().position(|&b| b == byte || (self.xml && b == b'<'));
                    match closing {
                        Some(length) if tail.get(length) == Some(&byte) => at += length + 2,
                        // Never closed: an ordinary character, so that one stray quote does not swallow the document.
                        _ => at += 1,
                    }
                }
                _ => at += 1,
            }
        }
        self.cut = true;
        (bytes.len(), bytes.len())
    }

    /// What begins with `<!` or `<?`: gives CDATA, passes over the rest.
    fn declaration(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            let start = self.at + "<![CDATA[".len();
            let end = inside.find("]]>");
            self.cut |= end.is_none();
            self.at = end.map_or(self.text.len(), |length| start + length + 3);
            return Some(Token::CData(
                end.map_or(inside, |length| inside.get(..length).unwrap_or_default()),
            ));
        }
        if rest.starts_with("<!--") && !self.no_comment_end {
            // `<!-->` is a whole comment in HTML, so the search for the end starts within the opening dashes.
            let from = if self.xml { 4 } else { 2 };
            match rest.get(from..).and_then(|tail| tail.find("-->")) {
                Some(length) => {
                    self.at += from + length + 3;
                    return None;
                }
                None => self.no_comment_end = true,
            }
        }
        // HTML calls anything behind `<!` a comment; in a fragment that somebody typed it is rather what they typed.
        let html_text = !self.xml && !rest.starts_with("<!--") && (!rest.contains('>') || is_typed(rest));
        if html_text {
            self.at += 2;
            return Some(Token::Text(rest.get(..2).unwrap_or_default()));
        }
        let simple = rest.find('>').map_or(rest.len(), |end| end + 1);
        let subset = rest.get(..simple).is_some_and(|head| head.contains('['));
        let length = if subset && !self.doctype_seen && rest.starts_with("<!DOCTYPE") {
            self.doctype_seen = true;
            rest.find("]>").map_or(simple, |end| end + 2)
        } else {
            simple
        };
        self.at += length;
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            if bytes.is_empty() {
                return None;
            }
            if bytes[0] != b'<' {
                let end = rest.find('<').unwrap_or(rest.len());
                self.at += end;
                return Some(Token::Text(rest.get(..end).unwrap_or_default()));
            }
            match bytes.get(1) {
                Some(b'!' | b'?') => {
                    if let Some(token) = self.declaration() {
                        return Some(token);
                    }
                }
                Some(b'/') => {
                    let (end, next) = self.tag_end(self.at + 2);
                    let name = self.text.get(self.at + 2..end).unwrap_or_default();
                    self.at = next;
                    return Some(Token::Close {
                        name: name.split_ascii_whitespace().next().unwrap_or_default(),
                    });
                }
                Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80 => {
                    let start = self.at + 1;
                    let (end, next) = self.tag_end(start);
                    let inside = self.text.get(start..end).unwrap_or_default();
                    self.at = next;
                    let empty = inside.ends_with('/');
                    let inside = inside.strip_suffix('/').unwrap_or(inside);
                    let split = inside
                        .find(|c: char| c.is_ascii_whitespace() || c == '/')
                        .unwrap_or(inside.len());
                    let (name, attributes) = inside.split_at(split);
                    return Some(Token::Open {
                        name,
                        attributes,
                        empty,
                    });
                }
                // A `<` that opens nothing is text.
                _ => {
                    let end = rest
                        .get(1..)
                        .and_then(|tail| tail.find('<'))
                        .map_or(rest.len(), |end| end + 1);
                    self.at += end;
                    return Some(Token::Text(rest.get(..end).unwrap_or_default()));
                }
            }
        }
    }
}

/// `<!` followed by neither a comment, a name nor a section.
fn is_typed(rest: &str) -> bool {
    let next = rest.strip_prefix("<!").and_then(|tail| tail.chars().next());
    next.is_some_and(|c| !c.is_ascii_alphabetic() && !matches!(c, '-' | '[' | '>'))
}

/// The attributes of a tag, values as written; quotes may be missing.
pub fn attributes(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/' || c == '=');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let Some(value) = tail.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = tail;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = quote.and_then(|quote| value.strip_prefix(quote));
        let closed = quote.zip(inside).and_then(|(quote, inside)| inside.split_once(quote));
        let (found, after) = closed.unwrap_or_else(|| {
            let value = inside.unwrap_or(value);
            value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
        });
        rest = after;
        Some((name, found))
    })
}

/// The decoded value of one attribute, its name compared without regard to case.
pub fn attribute(raw: &str, name: &str) -> Option<String> {
    attributes(raw)
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| decode(value).into_owned())
}

/// What `decode_counting` met that XML does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oddities {
    /// `&` that begins no reference.
    pub bare: usize,
    /// `&eacute;` and its like, which only HTML defines.
    pub html: usize,
}

/// Entities to characters, as HTML reads them; what is no entity stays as written.
pub fn decode(raw: &str) -> Cow<'_, str> {
    decode_counting(raw, &mut Oddities::default())
}

/// As `decode`, counting what strict XML would have refused.
pub fn decode_counting<'a>(raw: &'a str, oddities: &mut Oddities) -> Cow<'a, str> {
    let Some(first) = raw.find('&') else {
        return Cow::Borrowed(raw);
    };
    let (head, mut rest) = raw.split_at(first);
    let mut out = String::with_capacity(raw.len());
    out.push_str(head);
    while let Some(tail) = rest.strip_prefix('&') {
        let name_end = tail
            .bytes()
            .take(LONGEST_ENTITY)
            .position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))
            .filter(|&end| tail.as_bytes().get(end) == Some(&b';'));
        let name = name_end.and_then(|end| tail.get(..end)).unwrap_or_default();
        let after = match resolve(name) {
            Some(Resolved::Char(c)) => {
                out.push(c);
                tail.get(name.len() + 1..)
            }
            Some(Resolved::Named(text)) => {
                if !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
                    oddities.html += 1;
                }
                out.push_str(text);
                tail.get(name.len() + 1..)
            }
            None => {
                oddities.bare += 1;
                out.push('&');
                Some(tail)
            }
        };
        rest = after.unwrap_or_default();
        let text = rest.find('&').unwrap_or(rest.len());
        let (plain, next) = rest.split_at(text);
        out.push_str(plain);
        rest = next;
    }
    Cow::Owned(out)
}

enum Resolved {
    Char(char),
    Named(&'static str),
}

fn resolve(name: &str) -> Option<Resolved> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(Resolved::Named);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // HTML Standard 13.2.5.80: references to the C1 range mean windows-1252, since that is what was typed.
    if (0x80..=0x9F).contains(&code) {
        let byte = [u8::try_from(code).ok()?];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
        return text.chars().next().map(Resolved::Char);
    }
    let c = char::from_u32(code).filter(|&c| is_xml_char(c));
    Some(Resolved::Char(c.unwrap_or('\u{FFFD}')))
}

/// XML 1.0 §2.2, production `Char`.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Text as XML character data or attribute value.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_xml_char(c) => out.push(c),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::xml(text).collect()
    }

    #[test]
    fn a_stray_quote_does_not_swallow_what_follows() {
        let found = tokens("<a b=\"c><d e='f>g'/>");
        assert_eq!(
            found,
            [
                Token::Open {
                    name: "a",
                    attributes: " b=\"c",
                    empty: false
                },
                Token::Open {
                    name: "d",
                    attributes: " e='f>g'",
                    empty: true
                }
            ]
        );
    }

    #[test]
    fn comments_and_document_types_are_passed_over() {
        let found = tokens("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x \"y>\">]><!-- <r> --><r>1 < 2</r>");
        let text: Vec<_> = found.iter().filter(|t| matches!(t, Token::Text(_))).collect();
        assert_eq!(
            found[0],
            Token::Open {
                name: "r",
                attributes: "",
                empty: false
            }
        );
        assert_eq!(text, [&Token::Text("1 "), &Token::Text("< 2")]);
    }

    #[test]
    fn entities_as_html_reads_them() {
        let mut odd = Oddities::default();
        let read = decode_counting("R&D, caf&eacute; &amp; &#150; &#X4e2d; &#0; &nosuch; a&b;c", &mut odd);
        assert_eq!(read, "R&D, café & – 中 \u{FFFD} &nosuch; a&b;c");
        assert_eq!(odd, Oddities { bare: 3, html: 1 });
    }

    #[test]
    fn attributes_with_and_without_quotes() {
        let found: Vec<_> = attributes(" a=\"1 2\" b = 'x' c=d disabled e=\"open").collect();
        assert_eq!(
            found,
            [("a", "1 2"), ("b", "x"), ("c", "d"), ("disabled", ""), ("e", "open")]
        );
    }

    #[test]
    fn many_open_comments_take_linear_time() {
        let text = "<!--".repeat(200_000);
        let started = std::time::Instant::now();
        assert!(tokens(&text).len() < 10);
        // One pass takes milliseconds; a search for `-->` at each would take minutes.
        assert!(started.elapsed().as_secs() < 20);
    }
}
