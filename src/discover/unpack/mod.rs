//! Bytes of a listing to text: gunzipped, decoded, within bounds.
//!
//! Takes a page, gives text that XML allows. Never decides what kind of document it is.

mod codepages;
mod declared;
mod seven_bit;

use std::io::Read;

use url::Url;

use self::declared::Plan;
use super::listed::Listed;
use super::markup::is_xml_char;
use crate::model::{ListingKind, Page};
use crate::text::charset;

/// Sitemaps 0.9: 50 MiB uncompressed (52,428,800 bytes).
const SITEMAP_BYTES: usize = 50 << 20;
/// The longest feeds seen are 3 MiB of full texts; above 10 MiB somebody is serving something else.
const FEED_BYTES: usize = 10 << 20;

pub fn text(page: &Page, kind: ListingKind, listed: &mut Listed) -> String {
    let cap = if matches!(kind, ListingKind::Sitemap | ListingKind::Archive) {
        SITEMAP_BYTES
    } else {
        FEED_BYTES
    };
    let unpacked;
    let mut body = page.body.as_slice();
    if body.starts_with(&[0x1F, 0x8B]) {
        unpacked = gunzip(body, cap, listed);
        body = &unpacked;
    }
    if let Some(head) = body.get(..cap)
        && body.len() > cap
    {
        body = head;
        listed.cut(format!("cut at {} MiB", cap >> 20));
    }
    let text = decode(page, body, listed);
    let illegal = text.chars().filter(|&c| !is_xml_char(c)).count();
    if illegal == 0 {
        return text;
    }
    listed.repaired(illegal, "illegal control characters taken out");
    text.chars().filter(|&c| is_xml_char(c)).collect()
}

/// A `.xml.gz` is gzip as a *content*, which the archive's decoding of `Content-Encoding` leaves alone.
fn gunzip(body: &[u8], cap: usize, listed: &mut Listed) -> Vec<u8> {
    let mut out = Vec::new();
    // One byte more than allowed tells a document of just that size from one that goes on.
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(error) = flate2::read::MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut out)
    {
        listed.cut(format!("gzip data broken ({error}), what came before it was read"));
    }
    out
}

fn decode(page: &Page, body: &[u8], listed: &mut Listed) -> String {
    let (content_type, ignored) = match declared::plan(body, page.header("content-type")) {
        Plan::Done(read) => {
            listed.charset = read.charset;
            // Nobody reads these but by what XML 1.0 appendix F says, or by a label no browser knows.
            listed
                .repairs
                .push(format!("read as {}, which browsers do not", listed.charset));
            if read.lossy {
                listed
                    .repairs
                    .push(format!("some bytes mean nothing in {}", listed.charset));
            }
            return without_mark(read.text);
        }
        Plan::Standard { content_type, ignored } => (content_type, ignored),
    };
    let mut body = body;
    // A body cut in the middle of a character is UTF-8 all the same; judged with its stump it might not seem so.
    if let Err(error) = std::str::from_utf8(body)
        && error.error_len().is_none()
    {
        body = body.get(..error.valid_up_to()).unwrap_or_default();
        listed.cut("cut in the middle of a character");
    }
    let host = Url::parse(&page.url).ok();
    let host = host.as_ref().and_then(Url::host_str);
    let decoded = charset::decode(body, content_type.as_deref(), host);
    listed.charset = decoded.charset;
    if let Some(label) = decoded.mislabelled.or(ignored) {
        let label: String = label.chars().filter(|c| !c.is_control()).take(40).collect();
        listed
            .repairs
            .push(format!("declared {label}, read as {}", listed.charset));
    }
    if decoded.lossy {
        listed
            .repairs
            .push(format!("some bytes mean nothing in {}", listed.charset));
    }
    without_mark(decoded.text)
}

/// A byte order mark that another encoding's bytes left in the text is no character of it.
fn without_mark(text: String) -> String {
    text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)
}
