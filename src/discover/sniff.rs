//! What kind of document a text is, told by its first element rather than by its label.
//!
//! Takes decoded text, gives a kind. Never trusts `Content-Type`.

use super::markup::{Token, Tokens};
use crate::model::Page;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    Feed,
    Json,
    Sitemap,
    Html,
    /// Elements, but none known.
    Xml,
    /// No markup at all.
    Text,
    Nothing,
}

/// Real challenge pages measured 5 to 40 kB; a page of headlines that merely embeds a vendor's script is larger.
const CHALLENGE_BYTES: usize = 100_000;
/// Elements looked at before giving up: what PHP prints before the document is a handful of `<br>` and `<b>`.
const FIRST_ELEMENTS: usize = 40;

pub fn kind(text: &str) -> Sniffed {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if trimmed.is_empty() {
        return Sniffed::Nothing;
    }
    if trimmed.starts_with(['{', '[']) {
        return Sniffed::Json;
    }
    let html_doctype = trimmed
        .get(..14)
        .is_some_and(|head| head.eq_ignore_ascii_case("<!doctype html"));
    let mut html = html_doctype;
    let mut elements = 0;
    for token in Tokens::xml(trimmed) {
        let Token::Open { name, .. } = token else { continue };
        let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
        match local.as_str() {
            "rss" | "rdf" | "feed" | "entry" | "channel" if !html => return Sniffed::Feed,
            "urlset" | "sitemapindex" if !html => return Sniffed::Sitemap,
            "html" | "head" | "body" | "script" | "title" | "meta" | "div" | "p" | "table" => html = true,
            _ => {}
        }
        elements += 1;
        if html_doctype || local == "html" || local == "head" || elements >= FIRST_ELEMENTS {
            break;
        }
    }
    match (html, elements) {
        (true, _) => Sniffed::Html,
        (false, 0) => Sniffed::Text,
        (false, _) if trimmed.starts_with("<?xml") => Sniffed::Xml,
        (false, _) => Sniffed::Html,
    }
}

/// Signs that only the challenge itself carries; a page that was let through may embed the vendor's script.
const CHALLENGES: [&str; 8] = [
    "window._cf_chl_opt",              // Cloudflare
    "<title>just a moment...</title>", // Cloudflare, also without script
    "geo.captcha-delivery.com",        // DataDome
    "_incapsula_resource",             // Imperva
    "/_sec/cp_challenge",              // Akamai
    "px-captcha",                      // HUMAN
    "awswafcookiedomainlist",          // AWS WAF
    "sucuri_cloudproxy_js",            // Sucuri
];

/// Is this page a bot check rather than what was asked for?
pub fn is_challenge(page: &Page, text: &str) -> bool {
    if page
        .header("cf-mitigated")
        .is_some_and(|value| value.eq_ignore_ascii_case("challenge"))
    {
        return true;
    }
    text.len() <= CHALLENGE_BYTES && {
        let lower = text.to_ascii_lowercase();
        CHALLENGES.iter().any(|sign| lower.contains(sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_by_the_first_element() {
        let cases = [
            ("\u{FEFF} <?xml version='1.0'?><!-- <rss> --><rdf:RDF>", Sniffed::Feed),
            ("<b>Warning</b>: headers sent<br /><rss>", Sniffed::Feed),
            ("<!DOCTYPE html><html><body><rss>", Sniffed::Html),
            ("<html><head><title>Feed</title>", Sniffed::Html),
            ("<s:urlset xmlns:s='x'>", Sniffed::Sitemap),
            ("<?xml version='1.0'?><opml/>", Sniffed::Xml),
            ("{\"version\": 1}", Sniffed::Json),
            ("https://a.example/1", Sniffed::Text),
            (" \n", Sniffed::Nothing),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
