//! What a listing said: links, children, and what had to be repaired to read them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{DateClaim, Link, Verdict};

/// One listing, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// What the bytes are, whatever the listing was declared to be.
    pub document: DocumentKind,
    /// The listing's own title, plain text.
    pub title: Option<String>,
    /// The language the listing declares for itself; an RSS feed's in lower case.
    pub lang: Option<String>,
    /// WHATWG name of the charset it was decoded with.
    pub charset: String,
    /// RSS `ttl`: how long the publisher says the listing may be cached, in minutes.
    pub ttl_minutes: Option<u32>,
    /// Items in the document, whether or not each had a usable address.
    pub items: u32,
    /// In document order, one an address, positions from 1.
    pub links: Vec<Link>,
    /// Items without a usable address: `url` is empty, `position` that of the link they stand before. Nothing can be
    /// fetched of them, but whoever inspects the document sees them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unaddressed: Vec<Link>,
    /// The sitemaps that a sitemap index names, newest first; none is fetched here.
    pub children: Vec<Child>,
    /// The page of older items that a feed names: `prev-archive` or `next` of RFC 5005, or WordPress's next `paged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<String>,
    /// In words, one a kind of repair, with its count.
    pub repairs: Vec<String>,
    /// The document breaks off, or was read so far and no further.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Why nothing, or not all, could be read.
    pub error: Option<String>,
    /// What this document alone says of the source's health.
    pub hint: Option<Verdict>,
}

/// One entry of a sitemap index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    pub url: String,
    pub modified: Option<DateClaim>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Feed(FeedKind),
    Sitemap,
    /// A sitemap with `news:news` entries (Google News).
    NewsSitemap,
    SitemapIndex,
    Html,
    Unreadable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90 and 1.0.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed.
    Json,
}

impl FeedKind {
    pub fn as_str(self) -> &'static str {
        match self {
            FeedKind::Rss => "rss",
            FeedKind::Rdf => "rdf",
            FeedKind::Atom => "atom",
            FeedKind::Json => "json",
        }
    }
}

impl DocumentKind {
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::Feed(kind) => kind.as_str(),
            DocumentKind::Sitemap => "sitemap",
            DocumentKind::NewsSitemap => "news sitemap",
            DocumentKind::SitemapIndex => "sitemap index",
            DocumentKind::Html => "html",
            DocumentKind::Unreadable => "unreadable",
        }
    }
}

impl Listed {
    pub(super) fn unread() -> Listed {
        Listed {
            document: DocumentKind::Unreadable,
            title: None,
            lang: None,
            charset: String::new(),
            ttl_minutes: None,
            items: 0,
            links: Vec::new(),
            unaddressed: Vec::new(),
            children: Vec::new(),
            older: None,
            repairs: Vec::new(),
            cut: false,
            error: None,
            hint: None,
        }
    }

    /// The latest date any link claims. A link without one does not count.
    pub fn newest(&self) -> Option<Timestamp> {
        self.dates().max()
    }

    /// The earliest date any link claims.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.dates().min()
    }

    fn dates(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.links
            .iter()
            .filter_map(|link| link.published.as_ref().or(link.updated.as_ref()))
            .map(|claim| claim.interval.min)
    }

    /// Records that not all of the document was read.
    pub(super) fn cut(&mut self, how: impl Into<String>) {
        self.cut = true;
        self.repairs.push(how.into());
    }

    /// Records a repair made `count` times; none made, none recorded.
    pub(super) fn repaired(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.repairs.push(format!("{count} {what}"));
        }
    }
}
