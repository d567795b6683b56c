//! The written form of a record: headers, block, digests, identifier.
//!
//! Takes an observation and its response, gives the bytes of a WARC 1.1 record. Never lets anything from the
//! network out of the field it belongs in.

use std::io;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::OBSERVATION_HEADER;
use super::record::Record;
use super::write::HttpResponse;
use crate::model::Observation;
use crate::model::observation::{ImportForm, Imported};

/// Longest observation that travels in its header, well below what readers allow a header.
const FACTS_CAP: usize = 32 << 10;
/// Stands in the header when the observation is too long for it and is the block instead.
pub(super) const IN_BLOCK: &str = "block";

/// A record before it has its place.
pub(super) struct Draft {
    pub head: Head,
    /// The observation on one line of ASCII; empty where there is none.
    pub facts: String,
    pub block: Vec<u8>,
}

impl Draft {
    /// Header (with the empty line behind it) and block of the record at its place.
    pub(super) fn at(self, file: &str, offset: u64) -> (String, Vec<u8>) {
        let digest = digest(&self.block);
        let id = record_id(file, offset, &digest, &self.facts);
        let mut head = self.head;
        head.field("WARC-Record-ID", &id);
        head.field("WARC-Block-Digest", &digest);
        if !self.facts.is_empty() {
            head.field(OBSERVATION_HEADER, &self.facts);
        }
        head.field("Content-Length", &self.block.len().to_string());
        head.0.push_str("\r\n");
        (head.0, self.block)
    }

    pub(super) fn new(
        observation: &Observation,
        response: Option<&HttpResponse<'_>>,
        target_uri: &str,
        at: Timestamp,
    ) -> io::Result<Draft> {
        let json = serde_json::to_string(observation).map_err(io::Error::other)?;
        let facts = ascii(&json);
        if facts.len() > FACTS_CAP && response.is_some() {
            let message = format!("an observation of {} bytes is too long to archive", facts.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let is_row = matches!(
            observation,
            Observation::Imported(Imported {
                form: ImportForm::Row,
                ..
            })
        );
        let (mut head, block) = match response {
            None => (json_head("metadata", at), json.into_bytes()),
            Some(row) if is_row => (json_head("resource", at), row.body.to_vec()),
            Some(response) => http(response, at),
        };
        let facts = if facts.len() > FACTS_CAP {
            IN_BLOCK.to_owned()
        } else {
            facts
        };
        if block.len() as u64 > super::read::BLOCK_CAP {
            let message = format!("a response of {} bytes is too large to archive", block.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        if !target_uri.is_empty() {
            head.field("WARC-Target-URI", &uri(target_uri));
        }
        Ok(Draft { head, facts, block })
    }
}

fn json_head(kind: &str, at: Timestamp) -> Head {
    let mut head = Head::new(kind, at);
    head.field("Content-Type", "application/json");
    head
}

fn http(response: &HttpResponse<'_>, at: Timestamp) -> (Head, Vec<u8>) {
    const PROFILE: &str = "http://netpreserve.org/warc/1.1/revisit/";
    let profile = match (response.status, response.refers_to) {
        (304, _) => Some("server-not-modified"),
        (_, Some(_)) => Some("identical-payload-digest"),
        (_, None) => None,
    };
    let mut head = Head::new(if profile.is_some() { "revisit" } else { "response" }, at);
    head.field("Content-Type", "application/http; msgtype=response");
    if let Some(profile) = profile {
        head.field("WARC-Profile", &format!("{PROFILE}{profile}"));
    }
    if let Some(earlier) = response.refers_to {
        head.field("WARC-Refers-To-Target-URI", &uri(earlier.uri));
        head.field("WARC-Refers-To-Date", &earlier.at.to_string());
    }
    if response.status != 304 {
        head.field("WARC-Payload-Digest", &digest(response.body));
    }
    if let Some(ip) = response.ip {
        head.field("WARC-IP-Address", &ip.to_string());
    }
    if let Some(truncated) = response.truncated {
        head.field("WARC-Truncated", truncated.as_str());
    }
    let mut block = http_head(response);
    if profile.is_none() {
        block.extend_from_slice(response.body);
    }
    (head, block)
}

fn http_head(response: &HttpResponse<'_>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {:03} {}\r\n", response.status, reason(response.status)).into_bytes();
    for (name, value) in response.headers {
        // The body has been taken out of its chunks, so the header would no longer be true.
        if name.eq_ignore_ascii_case("transfer-encoding") {
            continue;
        }
        head.extend(name.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n' | b':')));
        head.extend_from_slice(b": ");
        head.extend(
            value
                .iter()
                .map(|byte| if matches!(byte, b'\r' | b'\n' | 0) { b' ' } else { *byte }),
        );
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// The phrases of RFC 9110 §15 that a crawler meets; the phrase bears no meaning, so others go without.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// The named fields of a record.
pub(super) struct Head(String);

impl Head {
    pub(super) fn new(kind: &str, at: Timestamp) -> Head {
        let mut head = Head("WARC/1.1\r\n".to_owned());
        head.field("WARC-Type", kind);
        head.field("WARC-Date", &at.to_string());
        head
    }

    /// Every value passes here, so no line end of anybody's making gets into a header.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push_str(": ");
        self.0
            .extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
        self.0.push_str("\r\n");
    }
}

/// An address fit for a header: what is no printable ASCII is percent-encoded.
fn uri(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// JSON in ASCII alone: other characters only occur within its strings, where they may be escaped.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// `sha256:` and base32 with padding (RFC 4648 §6), the form other tools verify.
fn digest(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = Sha256::digest(bytes);
    let mut out = "sha256:".to_owned();
    for five in hash.chunks(5) {
        let mut group = [0u8; 8];
        group[..five.len()].copy_from_slice(five);
        let bits = u64::from_be_bytes(group);
        for i in 0..8 {
            if i * 5 < five.len() * 8 {
                out.push(char::from(ALPHABET[(bits >> (59 - i * 5)) as usize & 31]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// An identifier that follows from what the record says and where it stands (UUID version 8, RFC 9562 §5.8).
fn record_id(file: &str, offset: u64, digest: &str, facts: &str) -> String {
    let mut hash = Sha256::new();
    for part in [file, &offset.to_string(), digest, facts] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = crate::text::hash::hex(&bytes);
    format!(
        "<urn:uuid:{}-{}-{}-{}-{}>",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// Was this record written here, at this place, with this block? What somebody packed into a page in the
/// likeness of a record cannot know the place, so it does not pass.
pub(super) fn is_ours(record: &Record, file: &str) -> bool {
    let facts = record
        .header(&OBSERVATION_HEADER.to_ascii_lowercase())
        .unwrap_or_default();
    let digest = digest(&record.block);
    record.header("warc-record-id") == Some(record_id(file, record.offset, &digest, facts).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_match_the_published_vector() {
        // FIPS 180-4, the digest of the empty message, in RFC 4648 base32.
        assert_eq!(
            digest(b""),
            "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===="
        );
    }

    #[test]
    fn nothing_breaks_out_of_a_header() {
        assert_eq!(
            uri("http://a.example/é x\r\nWARC-Type: x"),
            "http://a.example/%C3%A9%20x%0D%0AWARC-Type:%20x"
        );
        assert_eq!(ascii("{\"a\":\"é\u{1F600}\"}"), "{\"a\":\"\\u00e9\\ud83d\\ude00\"}");
        let mut head = Head(String::new());
        head.field("A", "b\r\nC: d");
        assert_eq!(head.0, "A: b  C: d\r\n");
    }
}
