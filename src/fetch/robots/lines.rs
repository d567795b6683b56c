//! The lines of a robots.txt, as lenient as the web is careless.
//!
//! Takes bytes, gives directives in order. Never decides what they mean together.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::fetch::limits;

/// One understood line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directive<'a> {
    UserAgent(&'a [u8]),
    Allow(&'a [u8]),
    Disallow(&'a [u8]),
    Sitemap(&'a [u8]),
    CrawlDelay(&'a [u8]),
    /// `Content-Signal`, `Content-Usage`: reservations that are recorded, not interpreted here.
    Signal(&'a [u8], &'a [u8]),
}

/// UTF-16 becomes UTF-8, a BOM goes; everything else stays the bytes it is, since matching is by octets.
pub fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(bytes) {
        Some((encoding, bom)) => {
            let rest = bytes.get(bom..).unwrap_or_default();
            if encoding == encoding_rs::UTF_8 {
                Cow::Borrowed(rest)
            } else {
                let (text, _) = encoding.decode_without_bom_handling(rest);
                Cow::Owned(text.into_owned().into_bytes())
            }
        }
        None => Cow::Borrowed(bytes),
    }
}

/// Directives of a text, line by line; CR, LF and CRLF end a line, comments and unknown keys are passed over.
pub fn directives(text: &[u8]) -> impl Iterator<Item = Directive<'_>> {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(|line| {
        let line = line.get(..limits::ROBOTS_LINE).unwrap_or(line);
        directive(line)
    })
}

fn directive(line: &[u8]) -> Option<Directive<'_>> {
    let line = line.split(|&byte| byte == b'#').next()?.trim_ascii();
    let (key, value) = key_and_value(line)?;
    let is = |names: &[&str]| names.iter().any(|name| starts_with_ignore_case(key, name));
    // The misspellings are those that Google's parser accepts: the author's wish is plain.
    if is(&["user-agent", "useragent", "user agent"]) {
        Some(Directive::UserAgent(value))
    } else if is(&["allow"]) {
        Some(Directive::Allow(value))
    } else if is(&["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"]) {
        Some(Directive::Disallow(value))
    } else if is(&["sitemap", "site-map"]) {
        Some(Directive::Sitemap(value))
    } else if is(&["crawl-delay", "crawldelay", "crawl delay"]) {
        Some(Directive::CrawlDelay(value))
    } else if is(&["content-signal", "content-usage"]) {
        Some(Directive::Signal(key, value))
    } else {
        None
    }
}

/// `key : value`, or `key value` where the colon was forgotten and nothing else stands on the line.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let at = match line.iter().position(|&byte| byte == b':') {
        Some(colon) => colon,
        None => {
            let blank = line.iter().position(is_blank)?;
            let value = line.get(blank..)?.trim_ascii();
            if value.iter().any(is_blank) {
                return None;
            }
            blank
        }
    };
    let (key, rest) = line.split_at_checked(at)?;
    let key = key.trim_ascii();
    let value = rest.get(1..).unwrap_or_default().trim_ascii();
    (!key.is_empty()).then_some((key, value))
}

fn starts_with_ignore_case(key: &[u8], name: &str) -> bool {
    key.get(..name.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
}
