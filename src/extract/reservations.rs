//! What the publisher reserves: robots directives and text-and-data-mining reservations, as found.

use super::metadata::Metadata;
use crate::model::Page;

/// Directives that bear on keeping and showing a page.
const DIRECTIVES: &[&str] = &[
    "noindex",
    "noarchive",
    "nosnippet",
    "nocache",
    "none",
    "noai",
    "noimageai",
    "notranslate",
];

pub fn reservations(page: &Page, meta: &Metadata) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !found.contains(&text) {
            found.push(text);
        }
    };
    let headers = |name: &'static str| {
        page.headers
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    };
    for directives in meta.all("robots").chain(headers("x-robots-tag")) {
        for directive in directives.split(',').map(|d| d.trim().to_ascii_lowercase()) {
            // "googlebot: noindex" is addressed to one robot; ours reads what is addressed to all.
            if DIRECTIVES.contains(&directive.as_str()) {
                add(directive);
            }
        }
    }
    // W3C TDM Reservation Protocol: 1 = reserved, 0 = not.
    for value in meta.all("tdm-reservation").chain(headers("tdm-reservation")) {
        if value.trim() == "1" {
            add("tdm-reservation".to_owned());
        }
    }
    for value in meta.all("tdm-policy").chain(headers("tdm-policy")) {
        add(format!("tdm-policy: {}", value.chars().take(200).collect::<String>()));
    }
    found
}
