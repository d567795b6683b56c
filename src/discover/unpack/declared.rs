//! Feeds in encodings that browsers do not read: UTF-32, EBCDIC, DOS and Macintosh code pages, UTF-7, HZ, ISO-2022-KR.
//!
//! Takes the bytes and what they and the server declare, gives text or `None` where the WHATWG standard's own decoding
//! is the right one. Only what is declared or unmistakable is read so: none of these encodings is ever guessed.

use encoding_rs::{Encoding, REPLACEMENT, UTF_16BE, UTF_16LE};

use super::codepages::{ASCII_BASED, CodePage, MAINFRAME, OTHER_NAMES};
use super::seven_bit;
use crate::discover::markup::attribute;

/// An XML declaration stands first and is short.
const DECLARATION: usize = 400;

/// Text, and the name of the encoding it was read in.
pub struct Read {
    pub text: String,
    pub charset: String,
    pub lossy: bool,
}

/// How a body is to be read.
pub enum Plan {
    /// Read here.
    Done(Read),
    /// By the WHATWG rules, with this in place of the server's `Content-Type` where there is something.
    Standard {
        content_type: Option<String>,
        /// A label that names no encoding, or none these bytes can be in.
        ignored: Option<String>,
    },
}

pub fn plan(body: &[u8], content_type: Option<&str>) -> Plan {
    if let Some(read) = by_first_bytes(body) {
        return Plan::Done(read);
    }
    let standard = |content_type: Option<String>, ignored| Plan::Standard { content_type, ignored };
    let as_sent = || content_type.map(str::to_owned);
    if Encoding::for_bom(body).is_some() {
        return standard(as_sent(), None);
    }
    let transport = content_type.and_then(parameter);
    let inside = declaration(body);
    let mut ignored = None;
    for (label, by_server) in [(transport, true), (inside, false)] {
        let Some(label) = label else { continue };
        let wide = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
        match Encoding::for_label(label.as_bytes()) {
            // One that reads as ASCII is not in UTF-16 (HTML Standard, prescan step 14).
            Some(encoding) if wide(encoding) && is_ascii_markup(body) => ignored = Some(label),
            // ISO-2022-KR and HZ are read by no browser.
            Some(encoding) if encoding != REPLACEMENT => {
                let named = (!by_server).then(|| format!("text/xml; charset={}", encoding.name()));
                return standard(named.or_else(as_sent), ignored);
            }
            _ => match lesser_known(body, &label) {
                Some(plan) => return plan,
                None => ignored = Some(label),
            },
        }
    }
    let content_type = if ignored.is_some() { None } else { as_sent() };
    standard(content_type, ignored)
}

/// What XML 1.0 appendix F tells by the first four bytes, beyond what a byte order mark does.
fn by_first_bytes(body: &[u8]) -> Option<Read> {
    let four: [u8; 4] = body.get(..4)?.try_into().ok()?;
    match four {
        [0xFF, 0xFE, 0, 0] => Some(utf_32(body.get(4..)?, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0xFE, 0xFF] => Some(utf_32(body.get(4..)?, u32::from_be_bytes, "utf-32be")),
        [b'<', 0, 0, 0] => Some(utf_32(body, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0, b'<'] => Some(utf_32(body, u32::from_be_bytes, "utf-32be")),
        [b'<', 0, next, 0] if next.is_ascii_graphic() => Some(utf_16(body, UTF_16LE)),
        [0, b'<', 0, next] if next.is_ascii_graphic() => Some(utf_16(body, UTF_16BE)),
        // "<?xm" in EBCDIC: its invariant letters are enough to read which of its pages this is.
        [0x4C, 0x6F, 0xA7, 0x94] => {
            let first = MAINFRAME.first()?;
            let head = in_page(body.get(..DECLARATION.min(body.len()))?, first).text;
            let label = encoding_in(&head).map(|label| spelled(&label));
            let page = label.and_then(|label| MAINFRAME.iter().find(|page| page.labels.contains(&label.as_str())));
            Some(in_page(body, page.unwrap_or(first)))
        }
        _ => None,
    }
}

fn utf_16(body: &[u8], encoding: &'static Encoding) -> Read {
    let (text, lossy) = encoding.decode_without_bom_handling(body);
    Read {
        text: text.into_owned(),
        charset: encoding.name().to_ascii_lowercase(),
        lossy,
    }
}

fn utf_32(body: &[u8], number: fn([u8; 4]) -> u32, name: &str) -> Read {
    let (units, rest) = body.as_chunks::<4>();
    let mut lossy = !rest.is_empty();
    let text = units
        .iter()
        .map(|unit| {
            char::from_u32(number(*unit)).unwrap_or_else(|| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Read {
        text,
        charset: name.to_owned(),
        lossy,
    }
}

/// A label that the WHATWG standard does not know, or knows only to refuse.
fn lesser_known(body: &[u8], label: &str) -> Option<Plan> {
    let label = spelled(label);
    if std::str::from_utf8(body).is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).nth(3).is_some()) {
        return None;
    }
    if let Some(page) = ASCII_BASED.iter().find(|page| page.labels.contains(&label.as_str())) {
        return Some(Plan::Done(in_page(body, page)));
    }
    let decoded = match label.as_str() {
        "utf_7" | "utf7" | "u7" | "csutf7" | "unicode_1_1_utf_7" => Some(("utf-7", seven_bit::utf_7(body))),
        "hz" | "hzgb" | "hz_gb" | "hz_gb_2312" => Some(("hz-gb-2312", seven_bit::hz(body))),
        "iso_2022_kr" | "iso2022_kr" | "iso2022kr" | "csiso2022kr" => {
            Some(("iso-2022-kr", seven_bit::iso_2022_kr(body)))
        }
        _ => None,
    };
    if let Some((name, (text, lossy))) = decoded {
        return Some(Plan::Done(Read {
            text,
            charset: name.to_owned(),
            lossy,
        }));
    }
    let (_, known) = OTHER_NAMES.iter().find(|(name, _)| *name == label)?;
    Some(Plan::Standard {
        content_type: Some(format!("text/xml; charset={known}")),
        ignored: None,
    })
}

fn in_page(body: &[u8], page: &CodePage) -> Read {
    let characters: Vec<char> = page.characters.chars().collect();
    let lower = 256 - characters.len().min(256);
    let mut lossy = false;
    let text = body
        .iter()
        .map(|&byte| {
            let at = usize::from(byte);
            if at < lower {
                return char::from(byte);
            }
            let c = characters
                .get(at - lower)
                .copied()
                .unwrap_or(char::REPLACEMENT_CHARACTER);
            lossy |= c == char::REPLACEMENT_CHARACTER;
            // EBCDIC ends its lines with NEL.
            if c == '\u{85}' && lower == 0 { '\n' } else { c }
        })
        .collect();
    Read {
        text,
        charset: page.labels.first().copied().unwrap_or_default().to_owned(),
        lossy,
    }
}

fn is_ascii_markup(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    start.starts_with(b"<") && start.get(1).is_some_and(u8::is_ascii_graphic)
}

/// The encoding of an XML declaration that reads as ASCII.
fn declaration(body: &[u8]) -> Option<String> {
    let head = body.get(..DECLARATION.min(body.len()))?.trim_ascii_start();
    // UTF-7 may write the declaration's own brackets in letters: "+ADw-?xml".
    let head = match head.strip_prefix(b"+ADw-?xml") {
        Some(_) => seven_bit::utf_7(head).0,
        None => String::from_utf8_lossy(head).into_owned(),
    };
    encoding_in(&head)
}

fn encoding_in(head: &str) -> Option<String> {
    let inside = head.strip_prefix("<?xml")?.split("?>").next()?;
    attribute(inside, "encoding").filter(|label| !label.trim().is_empty())
}

/// `charset` of a `Content-Type`.
fn parameter(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// "ISO-2022-KR" → `iso_2022_kr`.
fn spelled(label: &str) -> String {
    let lower = label.trim().to_ascii_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_name_is_of_an_encoding_that_exists() {
        for (name, known) in OTHER_NAMES {
            let encoding = Encoding::for_label(known.as_bytes());
            assert!(encoding.is_some_and(|encoding| encoding != REPLACEMENT), "{name}");
        }
        assert!(ASCII_BASED.iter().all(|page| page.characters.chars().count() == 128));
        assert!(MAINFRAME.iter().all(|page| page.characters.chars().count() == 256));
    }

    #[test]
    fn labels_in_every_spelling() {
        assert_eq!(spelled(" ISO_2022-KR"), "iso_2022_kr");
        assert_eq!(parameter("text/xml; Charset=\"cp437\""), Some("cp437".into()));
        assert_eq!(
            encoding_in("<?xml version='1.0' encoding = \"cp850\" ?><rss>"),
            Some("cp850".into())
        );
        assert_eq!(encoding_in("<?xml version='1.0'?><a encoding='x'>"), None);
    }
}
