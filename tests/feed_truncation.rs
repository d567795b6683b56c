//! A feed cut off anywhere gives every item that was complete before the cut, with the same values.

use jiff::Timestamp;
use vigie::discover::{self, Listed};
use vigie::model::{Listing, ListingKind, Page};

fn read(body: &[u8]) -> Listed {
    let url = "https://paper.example/feed".to_owned();
    let page = Page {
        requested: url.clone(),
        url: url.clone(),
        status: 200,
        headers: Vec::new(),
        body: body.to_vec(),
        fetched_at: Timestamp::UNIX_EPOCH,
    };
    let listing = Listing {
        kind: ListingKind::Sitemap,
        url,
        links: None,
        date: None,
        note: None,
    };
    discover::links(&page, &listing, "Asia/Seoul", Timestamp::UNIX_EPOCH)
}

const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rss [<!ENTITY paper "La Gazette">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>&paper; &amp; fils</title><link>https://paper.example/</link>
<item><title>L’été à Évreux</title><link>/1</link><guid>a</guid><pubDate>Mon, 04 May 2026 10:00:00</pubDate>
<description><![CDATA[<p>Le <b>port</b> rouvre</p>]]></description></item>
<!-- <item> -->
<item><title>평양과 파리</title><link>/2</link><author>Kim</author><description>1 &lt; 2 & 3</description></item>
<item><title>平壤</title><link>/3</link><content:encoded>&lt;p&gt;法国&lt;/p&gt;</content:encoded></item>
</channel></rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/x/"><title>Paper</title>
<entry><id>tag:1</id><title type="html">Caf&amp;eacute;</title><link href="1"/><updated>2026-05-04T10:00:00Z</updated></entry>
<entry><id>tag:2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title><link href="2"/></entry>
<entry><id>tag:3</id><title>c</title><link rel="alternate" href="3"/><author><name>Li</name></author></entry></feed>"#;

const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [
{"id": 1, "url": "https://paper.example/1", "title": "été ] }", "tags": ["a"]},
{"id": "2", "url": "https://paper.example/2", "content_html": "<p>평양</p>"},
{"id": "3", "url": "https://paper.example/3", "authors": [{"name": "Li"}]}]}"#;

const SITEMAP: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://paper.example/1</loc><lastmod>2026-05-04</lastmod></url>
<url><loc>https://paper.example/été</loc></url><url><loc>https://paper.example/3</loc></url></urlset>"#;

/// Where each item ends.
fn ends(text: &str, mark: &str) -> Vec<usize> {
    text.match_indices(mark).map(|(at, found)| at + found.len()).collect()
}

#[test]
fn every_cut_keeps_the_complete_items() {
    for (text, ends) in [
        (RSS, ends(RSS, "</item>")),
        (ATOM, ends(ATOM, "</entry>")),
        // An item of JSON ends with its line; the last brace of all is the feed's.
        (
            JSON,
            vec![
                JSON.find("},\n").unwrap() + 1,
                JSON.rfind("},\n").unwrap() + 1,
                JSON.len() - 2,
            ],
        ),
        (SITEMAP, ends(SITEMAP, "</url>")),
    ] {
        let whole = read(text.as_bytes());
        assert_eq!((whole.links.len(), ends.len()), (3, 3), "{:?}", whole);
        for cut in 0..=text.len() {
            let listed = read(&text.as_bytes()[..cut]);
            let complete = ends.iter().filter(|&&end| end <= cut).count();
            assert!(listed.links.len() >= complete, "cut at {cut}: {listed:?}");
            assert_eq!(listed.links[..complete], whole.links[..complete], "cut at {cut}");
            if (1..3).contains(&complete) {
                assert!(
                    listed.repairs.iter().any(|repair| repair.contains("complete")),
                    "cut at {cut} is not told: {:?}",
                    listed.repairs
                );
            }
        }
    }
}
