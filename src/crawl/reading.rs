//! What the store must be told of an observation and cannot read itself: the links of a listing, the
//! canonical form of an address. Pure, and the same for a crawl, a recovery and a rebuild.

use jiff::Timestamp;

use crate::discover::{self, Listed};
use crate::fetch::limits;
use crate::identify::canonical;
use crate::model::{Listing, ListingKind, Page, Source};
use crate::store::Announced;

/// Reads a listing.
pub fn listing(page: &Page, source: &Source, listing: &Listing, now: Timestamp) -> (Listed, Vec<Announced>) {
    let mut listed = discover::links(page, listing, &source.timezone, now);
    let links = std::mem::take(&mut listed.links);
    let announced = links
        .into_iter()
        .filter_map(|link| {
            let url_key = address(&link.url, source)?;
            Some(Announced { link, url_key })
        })
        .collect();
    (listed, announced)
}

/// As much of a robots.txt as is read (RFC 9309 §2.5).
pub fn rules(mut body: Vec<u8>) -> Vec<u8> {
    // One byte more tells a file of just that length from a longer one, whose last line is not whole.
    body.truncate(limits::ROBOTS_BODY + 1);
    body
}

/// The identity of an address within its source.
pub fn address(url: &str, source: &Source) -> Option<String> {
    Some(canonical::url_key(&canonical::canonical(url, &source.identity_query)?))
}

/// The declared listing with that address; a sitemap's child is a sitemap of its own.
pub fn declared<'a>(source: &'a Source, url: &str) -> Option<&'a Listing> {
    source.listings.iter().find(|listing| listing.url == url)
}

/// A listing as the ledger knows it, when the configuration no longer does.
pub fn remembered(url: &str, kind: ListingKind) -> Listing {
    Listing {
        kind,
        url: url.to_owned(),
        links: None,
        date: None,
        note: None,
    }
}
