//! One WARC record, and the HTTP message in its block.
//!
//! Takes headers and block as read, gives the facts in them. Never trusts a length, never undoes a
//! content coding (`decode` does).

use std::borrow::Cow;

use jiff::Timestamp;

use super::OBSERVATION_HEADER;
use super::decode::{self, DecodeError, Decoded};
use crate::model::{Observation, Page};

/// What a record says it is (ISO 28500 §6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Warcinfo,
    Response,
    Resource,
    Request,
    Metadata,
    Revisit,
    Conversion,
    Continuation,
    Other(String),
}

impl Kind {
    pub(super) fn parse(text: &str) -> Kind {
        match text.to_ascii_lowercase().as_str() {
            "warcinfo" => Kind::Warcinfo,
            "response" => Kind::Response,
            "resource" => Kind::Resource,
            "request" => Kind::Request,
            "metadata" => Kind::Metadata,
            "revisit" => Kind::Revisit,
            "conversion" => Kind::Conversion,
            "continuation" => Kind::Continuation,
            other => Kind::Other(other.to_owned()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub kind: Kind,
    /// Names in lower case, values as written, folded lines joined.
    pub headers: Vec<(String, String)>,
    pub block: Vec<u8>,
    /// Where the record (its gzip member, if packed) begins in the file.
    pub offset: u64,
    /// Its length in the file; 0 where it shares a member with others and cannot be read alone.
    pub length: u64,
}

/// An HTTP response taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpParts<'a> {
    pub status: u16,
    /// Names in lower case, values read as latin-1.
    pub headers: Vec<(String, String)>,
    /// As it came over the wire, content codings and all; chunks taken apart.
    pub body: Cow<'a, [u8]>,
}

impl HttpParts<'_> {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("a {0:?} record holds no page")]
    NoBody(Kind),
    #[error("the record names no address")]
    NoAddress,
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

impl Record {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The address the record is about. WARC/1.0 writers put it in angle brackets now and then.
    pub fn target_uri(&self) -> Option<&str> {
        let uri = self.header("warc-target-uri")?;
        Some(uri.trim_start_matches('<').trim_end_matches('>'))
    }

    /// When it was captured.
    pub fn date(&self) -> Option<Timestamp> {
        self.header("warc-date")?.parse().ok()
    }

    /// Why the block is not all there was, if so.
    pub fn truncated(&self) -> Option<&str> {
        self.header("warc-truncated")
    }

    /// The observation, if the record is one of ours.
    pub fn observation(&self) -> Option<Observation> {
        let facts = self.header(&OBSERVATION_HEADER.to_ascii_lowercase())?;
        if facts == super::form::IN_BLOCK {
            return serde_json::from_slice(&self.block).ok();
        }
        serde_json::from_str(facts).ok()
    }

    /// The HTTP response in a response, revisit or resource record; a block without a head is all body.
    pub fn http(&self) -> Option<HttpParts<'_>> {
        match self.kind {
            Kind::Response | Kind::Revisit => Some(parse_http(&self.block)),
            Kind::Resource => Some(HttpParts {
                status: 200,
                headers: self
                    .header("content-type")
                    .map(|value| ("content-type".to_owned(), value.to_owned()))
                    .into_iter()
                    .collect(),
                body: Cow::Borrowed(&self.block),
            }),
            _ => None,
        }
    }

    /// The page in a response or resource record, with its content coding undone up to `cap` bytes.
    pub fn page(&self, cap: usize) -> Result<Page, PageError> {
        self.decoded(|parts| decode::decode(&parts.headers, &parts.body, cap))
    }

    /// The same of a listing, of which what came before it broke off counts.
    pub fn listing(&self, cap: usize) -> Result<Page, PageError> {
        self.decoded(|parts| decode::in_part(&parts.headers, &parts.body, cap))
    }

    fn decoded(
        &self,
        decode: impl for<'p> FnOnce(&'p HttpParts<'_>) -> Result<Decoded<'p>, DecodeError>,
    ) -> Result<Page, PageError> {
        let parts = match self.kind {
            Kind::Response | Kind::Resource => self.http(),
            _ => None,
        }
        .ok_or_else(|| PageError::NoBody(self.kind.clone()))?;
        let (requested, answered, at) = match self.observation() {
            Some(Observation::Fetch(fetch) | Observation::Robots(fetch)) => {
                (Some(fetch.url), fetch.final_url, Some(fetch.at))
            }
            Some(Observation::Look(look)) => (Some(look.listing_url), None, Some(look.at)),
            Some(Observation::Imported(row)) => (Some(row.url), None, Some(row.at)),
            _ => (None, None, None),
        };
        let target = self.target_uri().map(str::to_owned);
        let url = answered.or_else(|| target.clone()).or_else(|| requested.clone());
        let url = url.ok_or(PageError::NoAddress)?;
        let requested = requested.unwrap_or_else(|| url.clone());
        let at = at.or_else(|| self.date()).unwrap_or(Timestamp::UNIX_EPOCH);
        let decoded = decode(&parts)?;
        Ok(decode::page(&parts, &requested, &url, at, decoded))
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// Bytes as latin-1, which is what HTTP field values are read as when they are not ASCII (RFC 9110 §5.5).
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Splits off a head: everything up to the first empty line. Gives the head without that line, and what follows.
pub(super) fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut start = 0;
    loop {
        let line_end = start + bytes.get(start..)?.iter().position(|byte| *byte == b'\n')?;
        let line = &bytes[start..line_end];
        if line.is_empty() || line == b"\r" {
            return Some((&bytes[..start], &bytes[line_end + 1..]));
        }
        start = line_end + 1;
    }
}

/// Lines of a head as names (lower case) and values; a folded line joins the one before, a line without a colon is left out.
pub(super) fn parse_fields(head: &[u8], text: impl Fn(&[u8]) -> String) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        if matches!(line.first(), Some(b' ' | b'\t')) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(text(line).trim());
            }
        } else if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            let name = latin1(&line[..colon]).trim().to_ascii_lowercase();
            fields.push((name, text(&line[colon + 1..]).trim().to_owned()));
        }
    }
    fields
}

fn parse_http(block: &[u8]) -> HttpParts<'_> {
    let all_body = HttpParts {
        status: 200,
        headers: Vec::new(),
        body: Cow::Borrowed(block),
    };
    if !block.starts_with(b"HTTP/") {
        return all_body;
    }
    // A head that the capture cut short is a head all the same.
    let (head, body) = split_head(block).unwrap_or((block, &[]));
    let (status_line, fields) = match head.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&head[..end], &head[end + 1..]),
        None => (head, &head[head.len()..]),
    };
    let status = latin1(status_line)
        .split_ascii_whitespace()
        .nth(1)
        .and_then(|code| code.parse().ok())
        .filter(|code| (100..1000).contains(code));
    let headers = parse_fields(fields, latin1);
    let chunked =
        find(&headers, "transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let body = match chunked.then(|| dechunk(body)).flatten() {
        Some(whole) => Cow::Owned(whole),
        None => Cow::Borrowed(body),
    };
    HttpParts {
        status: status.unwrap_or(200),
        headers,
        body,
    }
}

/// Takes chunks apart (RFC 9112 §7.1). `None` when the body is not in chunks, although labelled so: many
/// archiving tools store the body whole and leave the header. A cut last chunk is kept as far as it goes.
fn dechunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let Some(end) = rest.iter().take(1024).position(|byte| *byte == b'\n') else {
            return (!out.is_empty()).then_some(out);
        };
        let line = latin1(&rest[..end]);
        let digits = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(digits, 16)
            .ok()
            .filter(|_| !digits.starts_with('+'));
        let Some(size) = size else {
            return (!out.is_empty()).then_some(out);
        };
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(&rest[..size.min(rest.len())]);
        if size >= rest.len() {
            return Some(out);
        }
        rest = &rest[size..];
        rest = rest
            .strip_prefix(b"\r\n")
            .or_else(|| rest.strip_prefix(b"\n"))
            .unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(block: &str) -> String {
        String::from_utf8_lossy(&parse_http(block.as_bytes()).body).into_owned()
    }

    #[test]
    fn chunks_are_taken_apart_only_where_there_are_some() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(
            body(&format!("{head}4;x=1\r\nLe p\r\n3\r\nain\r\n0\r\n\r\n")),
            "Le pain"
        );
        assert_eq!(body(&format!("{head}4\r\nLe p\r\nff\r\nain")), "Le pain");
        assert_eq!(body(&format!("{head}<p>Le pain</p>\n")), "<p>Le pain</p>\n");
        assert_eq!(body(&format!("{head}0\r\n\r\n")), "");
    }

    #[test]
    fn a_head_is_read_leniently() {
        let parts = parse_http(b"HTTP/2 404\nX-Name:  caf\xe9\n folded\nno colon\n\nbody");
        assert_eq!(parts.status, 404);
        assert_eq!(parts.header("x-name"), Some("café folded"));
        assert_eq!(parts.body.as_ref(), b"body");
        assert_eq!(parse_http(b"HTTP/1.1 200 OK\r\nA: b").header("a"), Some("b"));
        assert_eq!(parse_http(b"<html>").body.as_ref(), b"<html>");
        assert_eq!(parse_http(b"HTTP/").status, 200);
    }
}
