//! Listings of any bytes to links.

use std::collections::HashSet;

use vigie::discover::{self, Listed};
use vigie::model::{Listing, ListingKind, Page};

use super::{knob, now, sound, web_address, zone};

/// Sitemaps 0.9 allows 50,000 addresses; feeds and pages are allowed fewer.
const MOST_LINKS: usize = 50_000;

pub fn feed(data: &[u8]) {
    let listed = links(data, ListingKind::Feed, None);
    assert!(listed.children.is_empty() || listed.document == discover::DocumentKind::SitemapIndex);
}

pub fn sitemap(data: &[u8]) {
    links(data, ListingKind::Sitemap, None);
}

pub fn headlines(data: &[u8]) {
    links(data, ListingKind::Page, Some("li a, h2 a, .n"));
    for feed in discover::feeds(&page(data, 0)) {
        web_address(&feed.url);
    }
}

fn page(body: &[u8], knob: u8) -> Page {
    let url = "https://courrier.example/rss/une.xml".to_owned();
    let content_type = [
        "",
        "application/rss+xml",
        "text/xml; charset=gbk",
        "application/json",
        "text/html; charset=big5",
    ];
    Page {
        requested: url.clone(),
        url,
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            content_type[usize::from(knob) % content_type.len()].to_owned(),
        )],
        body: body.to_vec(),
        fetched_at: now(),
    }
}

fn links(data: &[u8], kind: ListingKind, selector: Option<&str>) -> Listed {
    let (body, knob) = knob(data);
    let listing = Listing {
        kind,
        url: "https://courrier.example/rss/une.xml".to_owned(),
        links: selector.filter(|_| knob % 2 == 1).map(str::to_owned),
        date: Some("span".to_owned()).filter(|_| knob % 4 == 3),
        note: None,
    };
    let page = page(body, knob / 4);
    let listed = discover::links(&page, &listing, zone(knob / 16), now());
    check(&listed, body.len());
    if knob % 8 == 5 {
        let again = discover::links(&page, &listing, zone(knob / 16), now());
        assert_eq!(again, listed, "read twice, found otherwise");
    }
    listed
}

fn check(listed: &Listed, bytes: usize) {
    assert!(listed.links.len() <= MOST_LINKS);
    assert!(
        listed.links.len() <= bytes,
        "{} links in {bytes} bytes",
        listed.links.len()
    );
    let mut addresses = HashSet::new();
    let mut guids = HashSet::new();
    for (at, link) in listed.links.iter().enumerate() {
        web_address(&link.url);
        assert!(addresses.insert(&link.url), "{} twice", link.url);
        assert_eq!(link.position as usize, at + 1);
        link.published.iter().chain(&link.updated).for_each(sound);
        for text in link.title.iter().chain(&link.section).chain(&link.lang) {
            assert!(!text.trim().is_empty(), "{link:?}");
        }
        assert!(
            link.title.as_ref().is_none_or(|title| !title.contains('\n')),
            "{link:?}"
        );
        assert!(
            link.guid.as_ref().is_none_or(|guid| guids.insert(guid)),
            "{:?} twice",
            link.guid
        );
    }
    for child in &listed.children {
        web_address(&child.url);
        child.modified.iter().for_each(sound);
    }
    if let (Some(oldest), Some(newest)) = (listed.oldest(), listed.newest()) {
        assert!(oldest <= newest);
    }
    let unreadable = listed.document == discover::DocumentKind::Unreadable;
    assert!(!unreadable || listed.error.is_some(), "unreadable, and nobody says why");
    assert!(!unreadable || listed.links.is_empty());
}
