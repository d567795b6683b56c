//! Is this a document with words, or something else that was sent in its place?
//!
//! Takes a page, says what else it is. A label alone is never believed: pictures and archives are told by their first
//! bytes, as the WHATWG MIME Sniffing Standard has them (§6, §7.1).

use serde::de::IgnoredAny;

use crate::model::Page;

/// How much of a body is looked at: what the standard calls the resource header.
const HEADER: usize = 1445;

/// First bytes, where in the body they stand, and whose they are.
const MAGIC: [(usize, &[u8], &str); 17] = [
    (0, b"%PDF-", "a PDF"),
    (0, b"%!PS-Adobe-", "PostScript"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"GIF87a", "a GIF picture"),
    (0, b"GIF89a", "a GIF picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftyp", "a film"),
    (0, b"\x1a\x45\xdf\xa3", "a film"),
    (0, b"OggS\0", "a recording"),
    (0, b"ID3", "a recording"),
    (8, b"WAVE", "a recording"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar ", "a RAR archive"),
    (0, b"\x1f\x8b\x08", "a gzip archive"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
];

/// With one of these near its beginning a body is markup, whatever stray bytes are in it.
const MARKUP: [&[u8]; 9] = [
    b"<!doctype",
    b"<html",
    b"<head",
    b"<body",
    b"<title",
    b"<meta",
    b"<script",
    b"<?xml",
    b"<div",
];

/// What a page is if it is no document: `a PNG picture`, `JSON`, `empty`.
pub fn other(page: &Page) -> Option<&'static str> {
    let body = page.body.as_slice();
    let trimmed = body.trim_ascii();
    if trimmed.is_empty() {
        return Some("empty");
    }
    if let Some((.., name)) = MAGIC
        .iter()
        .find(|(at, magic, _)| body.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
    {
        return Some(name);
    }
    let labelled = page.header("content-type").map(str::to_ascii_lowercase);
    if let Some(label) = &labelled
        && !["html", "xml", "text/", "octet-stream"]
            .iter()
            .any(|kind| label.contains(kind))
    {
        return Some("labelled as something else than a text");
    }
    let header = body.get(..HEADER).unwrap_or(body);
    let marked = header.to_ascii_lowercase();
    if MARKUP
        .iter()
        .any(|sign| marked.windows(sign.len()).any(|part| part == *sign))
    {
        return None;
    }
    if !wide(header) && header.iter().any(|byte| is_binary(*byte)) {
        return Some("binary data");
    }
    let json = matches!(trimmed.first(), Some(b'{' | b'['));
    if json && serde_json::from_slice::<IgnoredAny>(trimmed).is_ok() {
        return Some("JSON");
    }
    // A body of no declared kind without one element is somebody's data, not a page.
    (labelled.is_none() && !header.contains(&b'<') && !wide(header)).then_some("text without any markup")
}

/// UTF-16 and UTF-32, by their mark or by the zero in every other byte of their Latin letters.
fn wide(header: &[u8]) -> bool {
    let zero = |from: usize| header.iter().skip(from).step_by(2).take(8).all(|byte| *byte == 0);
    header.starts_with(b"\xff\xfe") || header.starts_with(b"\xfe\xff") || (header.len() >= 16 && zero(0) != zero(1))
}

/// A binary data byte (MIME Sniffing §7.1).
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &[u8], label: Option<&str>) -> Option<&'static str> {
        other(&Page {
            requested: String::new(),
            url: String::new(),
            status: 200,
            headers: label
                .map(|label| ("content-type".to_owned(), label.to_owned()))
                .into_iter()
                .collect(),
            body: body.to_vec(),
            fetched_at: jiff::Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn what_has_no_words_is_named() {
        for (body, expected) in [
            (&b""[..], "empty"),
            (b" \r\n\t", "empty"),
            (b"%PDF-1.7\n<html>", "a PDF"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP picture"),
            (b"{\"title\": \"<p>\"}", "JSON"),
            (b" [1, 2]\n", "JSON"),
            (b"\x01\x02<p>\x03", "binary data"),
            (b"just words", "text without any markup"),
        ] {
            assert_eq!(of(body, None), Some(expected), "{body:?}");
            assert!(
                of(body, Some("text/html")).is_some() || expected.starts_with("text"),
                "{body:?}"
            );
        }
        assert!(of(b"<p>a</p>", Some("image/svg")).is_some());
    }

    #[test]
    fn a_page_is_a_page_with_faults_and_in_any_charset() {
        let wide: Vec<u8> = "<p>Le bac passe</p>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for body in [
            &b"<html><body>a\x00b\x01</body>"[..],
            b"\xef\xbb\xbf<p>a</p>",
            b"{not json} <p>a</p>",
            b"<p>\xb0\xa1\xb0\xa2</p>",
            &wide,
        ] {
            assert_eq!(of(body, None), None, "{body:?}");
        }
        assert_eq!(of(b"just words", Some("text/plain; charset=utf-8")), None);
        assert_eq!(of(b"<p>a</p>", Some("application/octet-stream")), None);
    }
}
