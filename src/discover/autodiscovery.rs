//! The feeds that a page says it has.
//!
//! Takes an HTML page, gives addresses. Never fetches one to see whether it is true; sitemaps are named in robots.txt
//! and not looked for here.

use scraper::Selector;
use serde::{Deserialize, Serialize};
use url::Url;

use super::listed::{FeedKind, Listed};
use super::{address, dom, page as listing_page, unpack};
use crate::model::{ListingKind, Page};

/// A newspaper's page of feeds names about a hundred sections.
const MOST_FEEDS: usize = 200;

/// A feed named by a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundFeed {
    pub url: String,
    pub title: Option<String>,
    /// What the page says it is; absent when only the look of a link suggests it.
    pub kind: Option<FeedKind>,
}

/// `<link rel=alternate>` first, in document order, then links that look like feeds.
pub fn feeds(page: &Page) -> Vec<FoundFeed> {
    let text = unpack::text(page, ListingKind::Page, &mut Listed::unread());
    Url::parse(&page.url).map_or_else(|_| Vec::new(), |address| in_text(&text, &address))
}

/// The same of a page that is decoded already.
pub(super) fn in_text(text: &str, address: &Url) -> Vec<FoundFeed> {
    let Ok(document) = dom::document(text) else {
        return Vec::new();
    };
    let base = listing_page::base(&document, address);
    let mut found: Vec<FoundFeed> = Vec::new();
    for (selector, declared) in [("link[rel][href]", true), ("a[href]", false)] {
        let Ok(selector) = Selector::parse(selector) else {
            continue;
        };
        for element in document.select(&selector) {
            let href = element.attr("href").unwrap_or_default();
            let kind = kind(element.attr("type").unwrap_or_default());
            let rel = element.attr("rel").unwrap_or_default().to_ascii_lowercase();
            let alternate = rel
                .split_ascii_whitespace()
                .any(|word| matches!(word, "alternate" | "feed"));
            let wanted = if declared {
                alternate && kind.is_some()
            } else {
                kind.is_some() || looks_like_feed(href)
            };
            let Some(url) = Some(href)
                .filter(|_| wanted)
                .and_then(|href| address::absolute(href, &[&base]))
            else {
                continue;
            };
            if found.len() < MOST_FEEDS && !found.iter().any(|known| known.url == url) {
                let text: String = element.text().collect();
                let title = element.attr("title").map_or(text, str::to_owned);
                let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                found.push(FoundFeed {
                    url,
                    title: Some(title).filter(|title| !title.is_empty()),
                    kind,
                });
            }
        }
    }
    found
}

fn kind(media_type: &str) -> Option<FeedKind> {
    let bare = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match bare.as_str() {
        "application/rss+xml" | "text/rss+xml" | "application/x-rss+xml" => Some(FeedKind::Rss),
        "application/atom+xml" => Some(FeedKind::Atom),
        "application/rdf+xml" => Some(FeedKind::Rdf),
        "application/feed+json" => Some(FeedKind::Json),
        _ => None,
    }
}

/// The paths under which the feeds of newspapers and of the common publishing systems lie.
fn looks_like_feed(href: &str) -> bool {
    let lower = href.trim().to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    match extension {
        "rss" | "atom" | "rdf" => true,
        "xml" => ["rss", "feed", "atom"].iter().any(|word| path.contains(word)),
        "json" => stem == "feed",
        _ => matches!(last, "feed" | "rss" | "atom" | "rss2"),
    }
}
