//! A **Listing** is where a Source announces links: a feed, a sitemap, or a page of headlines.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub kind: ListingKind,
    /// Absolute address. `{YYYY}`, `{MM}`, `{DD}` stand for the local day of the look.
    pub url: String,
    /// Listing pages only: CSS selector of the `<a>` elements that are article links.
    pub links: Option<String>,
    /// Listing pages only: CSS selector, inside the nearest common block of a link, of the date printed beside it.
    pub date: Option<String>,
    /// The same body is announced under two hosts, or a section only; for people.
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// Sitemap, news sitemap, or an index of them.
    Sitemap,
    /// An HTML page of headlines.
    Page,
    /// An older page of a feed, or a sitemap, opened by a backfill. It says what was published, never what a source
    /// listed on a day, so no interval, silence or first sight is read off it.
    Archive,
}

impl ListingKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ListingKind::Feed => "feed",
            ListingKind::Sitemap => "sitemap",
            ListingKind::Page => "page",
            ListingKind::Archive => "archive",
        }
    }
}
