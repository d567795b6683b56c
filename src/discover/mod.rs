//! Listings to links: feeds, sitemaps, pages of headlines.
//!
//! Takes a page and its listing, gives links and what had to be repaired. Never fetches, never panics on any bytes.

mod address;
pub mod autodiscovery;
mod base64;
mod dom;
mod feed;
mod json;
mod listed;
mod markup;
mod mend;
mod moment;
mod page;
pub mod plain;
mod sitemap;
mod sniff;
mod unpack;
mod vocabulary;

pub use autodiscovery::{FoundFeed, feeds};
pub use listed::{Child, DocumentKind, FeedKind, Listed};

use jiff::Timestamp;
use url::Url;

use crate::model::{Link, Listing, ListingKind, Page, Verdict};
use sniff::Sniffed;

/// What every reader of a listing needs besides its text.
struct Context<'a> {
    /// The address that answered: what relative links are resolved against at last.
    base: Url,
    /// IANA zone for dates written without one.
    zone: &'a str,
    now: Timestamp,
}

/// Reads a listing: whatever kind of document the bytes turn out to be, not what the listing says they should be.
///
/// `zone` is the source's own, for dates written without one; `now` anchors "2小时前" and missing years.
pub fn links(page: &Page, listing: &Listing, zone: &str, now: Timestamp) -> Listed {
    let mut listed = Listed::unread();
    let Ok(base) = Url::parse(&page.url) else {
        listed.error = Some(format!("the listing's own address does not parse: {}", page.url));
        return listed;
    };
    let context = Context { base, zone, now };
    let text = unpack::text(page, listing.kind, &mut listed);
    match sniff::kind(&text) {
        Sniffed::Feed => feed::read(&text, &context, &mut listed),
        Sniffed::Json => json::read(&text, &context, &mut listed),
        Sniffed::Sitemap => sitemap::read(&text, &context, &mut listed),
        Sniffed::Html => read_html(page, &text, listing, &context, &mut listed),
        Sniffed::Nothing => listed.error = Some("the body is empty".into()),
        Sniffed::Text if matches!(listing.kind, ListingKind::Sitemap | ListingKind::Archive) => {
            sitemap::read_lines(&text, &context, &mut listed)
        }
        Sniffed::Text | Sniffed::Xml => listed.error = Some("neither a feed nor a sitemap nor HTML".into()),
    }
    if listed.lang.is_none() && matches!(listed.document, DocumentKind::Feed(_)) {
        listed.lang = content_language(page);
    }
    finish(&mut listed);
    listed
}

/// What the server says of the feed's language where the feed says nothing; of several it says nothing certain.
fn content_language(page: &Page) -> Option<String> {
    let tag = page.header("content-language")?.trim();
    let one = !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    one.then(|| tag.to_owned())
}

fn read_html(page: &Page, text: &str, listing: &Listing, context: &Context, listed: &mut Listed) {
    listed.document = DocumentKind::Html;
    if sniff::is_challenge(page, text) {
        listed.error = Some("a challenge page instead of the listing".into());
        listed.hint = Some(Verdict::Blocked);
    } else if listing.kind == ListingKind::Page {
        page::read(text, listing, context, listed);
    } else {
        let named = autodiscovery::in_text(text, &context.base);
        let feed = named
            .first()
            .map_or(String::new(), |feed| format!("; it names {}", feed.url));
        listed.error = Some(format!("HTML instead of a {}{feed}", listing.kind.as_str()));
        listed.hint = Some(Verdict::HtmlInsteadOfFeed);
    }
}

/// What holds for every kind of document: one link an address, one guid a link, positions from 1.
fn finish(listed: &mut Listed) {
    let mut addresses = std::collections::HashSet::new();
    let before = listed.links.len();
    listed
        .links
        .retain(|link| link.url.is_empty() || addresses.insert(link.url.clone()));
    listed.repaired(before - listed.links.len(), "items announced twice, kept once");

    let mut guids = std::collections::HashSet::new();
    let (mut shared, mut position) = (0, 1);
    for link in &mut listed.links {
        link.position = position;
        position += u32::from(!link.url.is_empty());
        if link.guid.as_ref().is_some_and(|guid| !guids.insert(guid.clone())) {
            link.guid = None;
            shared += 1;
        }
    }
    let unaddressed = |link: &mut Link| link.url.is_empty();
    listed.unaddressed = listed.links.extract_if(.., unaddressed).collect();
    listed.repaired(shared, "items whose guid another item has too, guid left out");
    if listed.links.is_empty() && listed.children.is_empty() && listed.error.is_none() {
        listed.hint = Some(Verdict::Empty);
    }
}
