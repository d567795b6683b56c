//! Listings of every kind, well and badly made, to links. All outlets and texts are invented.

use std::io::Write;

use encoding_rs::GB18030;
use jiff::Timestamp;
use proptest::prelude::*;
use vigie::discover::{self, DocumentKind, FeedKind, Listed};
use vigie::model::{Listing, ListingKind, Page, Precision, Verdict};

const ADDRESS: &str = "https://gazette.example/listes/une.xml";

fn now() -> Timestamp {
    "2024-03-02T12:00:00Z".parse().unwrap()
}

fn page(body: impl Into<Vec<u8>>) -> Page {
    Page {
        requested: ADDRESS.into(),
        url: ADDRESS.into(),
        status: 200,
        headers: Vec::new(),
        body: body.into(),
        fetched_at: now(),
    }
}

fn listing(kind: ListingKind) -> Listing {
    Listing {
        kind,
        url: ADDRESS.into(),
        links: None,
        date: None,
        note: None,
    }
}

fn feed(body: impl Into<Vec<u8>>) -> Listed {
    discover::links(&page(body), &listing(ListingKind::Feed), "Europe/Paris", now())
}

fn sitemap(body: impl Into<Vec<u8>>) -> Listed {
    discover::links(&page(body), &listing(ListingKind::Sitemap), "Europe/Paris", now())
}

fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Gazette</title>{items}</channel></rss>")
}

fn urls(listed: &Listed) -> Vec<&str> {
    listed.links.iter().map(|link| link.url.as_str()).collect()
}

fn repaired(listed: &Listed, what: &str) -> bool {
    listed.repairs.iter().any(|repair| repair.contains(what))
}

const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>La Gazette du port</title><link>https://gazette.example/</link><language>fr-FR</language><ttl>30</ttl>
  <item>
    <title><![CDATA[Le <b>phare</b> rallum&eacute;]]></title>
    <link>https://gazette.example/phare</link>
    <guid isPermaLink="false">gz-1</guid>
    <description>&lt;p&gt;Apr&#232;s dix ans.&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>Après dix ans de nuit.</p><p>Les <a href="/x">marins</a> saluent.</p>]]></content:encoded>
    <pubDate>Fri, 01 Mar 2024 08:30:00 +0100</pubDate>
    <dc:creator>Anne Le Goff</dc:creator><category>Mer</category>
  </item>
  <item><title>Marée</title><link>/maree</link><pubDate>Thu, 29 Feb 2024 18:00:00 GMT</pubDate></item>
</channel></rss>"#;

#[test]
fn rss_gives_what_each_item_claims() {
    let listed = feed(RSS);
    assert_eq!(listed.document, DocumentKind::Feed(FeedKind::Rss));
    assert_eq!(
        (listed.title.as_deref(), listed.lang.as_deref()),
        (Some("La Gazette du port"), Some("fr-fr"))
    );
    assert_eq!((listed.ttl_minutes, listed.items), (Some(30), 2));
    assert_eq!(listed.repairs, Vec::<String>::new());
    assert_eq!(
        urls(&listed),
        ["https://gazette.example/phare", "https://gazette.example/maree"]
    );
    let first = &listed.links[0];
    assert_eq!(first.title.as_deref(), Some("Le phare rallumé"));
    assert_eq!(first.guid.as_deref(), Some("gz-1"));
    assert_eq!(first.teaser.as_deref(), Some("Après dix ans."));
    assert_eq!(
        first.text.as_deref(),
        Some("Après dix ans de nuit.\n\nLes marins saluent.")
    );
    assert_eq!(
        first.published.as_ref().unwrap().interval.min.to_string(),
        "2024-03-01T07:30:00Z"
    );
    assert_eq!(first.published.as_ref().unwrap().raw, "Fri, 01 Mar 2024 08:30:00 +0100");
    assert_eq!(
        (first.authors.clone(), first.section.as_deref()),
        (vec!["Anne Le Goff".to_owned()], Some("Mer"))
    );
    assert_eq!((first.updated.clone(), first.position), (None, 1));
    // feed-rs would make up an identifier here.
    assert_eq!((listed.links[1].guid.clone(), listed.links[1].position), (None, 2));
    assert_eq!(listed.newest().unwrap().to_string(), "2024-03-01T07:30:00Z");
    assert_eq!(listed.oldest().unwrap().to_string(), "2024-02-29T18:00:00Z");
}

#[test]
fn atom_with_inline_markup_and_bases() {
    let listed = feed(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://revue.example/fr/" xml:lang="fr">
        <title type="html">Revue &amp;amp; cie</title><link rel="self" href="feed.atom"/>
        <entry xml:base="mars/"><title/><id>tag:revue.example,2024:1</id>
          <link rel="enclosure" href="https://revue.example/a.mp3"/><link href="un.html"/>
          <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Un <em>deux</em></div></summary>
          <author><name>Jean</name></author><author><email>b@revue.example</email></author>
          <published>2024-03-01T00:00:00Z</published><updated>2024-03-02T00:00:00Z</updated></entry>
        <entry><title type="nonsense">Deux</title><link rel="alternate" href="/deux"/><content type="text">1 &lt; 2</content></entry>
        </feed>"#,
    );
    assert_eq!(listed.document, DocumentKind::Feed(FeedKind::Atom));
    assert_eq!(listed.title.as_deref(), Some("Revue & cie"));
    assert_eq!(
        urls(&listed),
        ["https://revue.example/fr/mars/un.html", "https://revue.example/deux"]
    );
    let first = &listed.links[0];
    assert_eq!((first.title.clone(), first.teaser.as_deref()), (None, Some("Un deux")));
    assert_eq!(first.authors, ["Jean", "b@revue.example"]);
    assert_eq!(
        first.updated.as_ref().unwrap().interval.min.to_string(),
        "2024-03-02T00:00:00Z"
    );
    assert_eq!(
        (first.lang.as_deref(), first.guid.as_deref()),
        (Some("fr"), Some("tag:revue.example,2024:1"))
    );
    assert_eq!(listed.links[1].text.as_deref(), Some("1 < 2"));
}

#[test]
fn the_dialects_that_feed_rs_reads_as_empty() {
    let old_atom = feed(
        r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title mode="escaped">A&amp;amp;B</title>
        <link rel="alternate" type="text/html" href="http://vieux.example/1"/><issued>2003-12-31T10:14:55Z</issued></entry></feed>"#,
    );
    assert_eq!(old_atom.document, DocumentKind::Feed(FeedKind::Atom));
    assert_eq!(old_atom.links[0].title.as_deref(), Some("A&B"));
    assert_eq!(
        old_atom.links[0].published.as_ref().unwrap().interval.min.to_string(),
        "2003-12-31T10:14:55Z"
    );

    let old_rdf = feed(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
        <channel><title>T</title><link>http://vieux.example/</link></channel>
        <image><title>logo</title><link>http://vieux.example/logo</link></image>
        <item><title>Un</title><link>http://vieux.example/1</link></item></rdf:RDF>"#,
    );
    assert_eq!(old_rdf.document, DocumentKind::Feed(FeedKind::Rdf));
    assert_eq!(
        (old_rdf.title.as_deref(), urls(&old_rdf)),
        (Some("T"), vec!["http://vieux.example/1"])
    );
}

#[test]
fn rdf_1_0_dates_and_identifiers() {
    let listed = feed(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>코리아</title>
        <items><rdf:Seq><rdf:li rdf:resource="http://ko.example/1"/></rdf:Seq></items></channel>
        <item rdf:about="http://ko.example/1"><title>항구</title><link>http://ko.example/1</link>
        <dc:date>2024-03-01T09:00+09:00</dc:date><dc:subject>바다</dc:subject></item></rdf:RDF>"#,
    );
    let link = &listed.links[0];
    assert_eq!(link.guid.as_deref(), Some("http://ko.example/1"));
    assert_eq!(
        link.published.as_ref().unwrap().interval.min.to_string(),
        "2024-03-01T00:00:00Z"
    );
    assert_eq!(
        (link.title.as_deref(), link.section.as_deref()),
        (Some("항구"), Some("바다"))
    );
}

#[test]
fn json_feed_with_numeric_ids_and_without_version() {
    let listed = feed(
        r#"{"title": "Gazette &amp; fils", "home_page_url": "https://gazette.example/", "language": "fr", "items": [
        {"id": 17, "url": "/17", "title": "Dix-sept", "content_html": "<p>Un.</p><p>Deux.</p>",
         "date_published": "2024-03-01T08:00:00+01:00", "authors": [{"name": "Anne"}], "tags": ["mer"]},
        {"id": "https://gazette.example/18", "summary": "Sans titre", "author": {"name": "Bo"}},
        "perdu", {"id": "19"}]}"#,
    );
    assert_eq!(listed.document, DocumentKind::Feed(FeedKind::Json));
    assert_eq!((listed.title.as_deref(), listed.items), (Some("Gazette & fils"), 4));
    assert_eq!(
        urls(&listed),
        ["https://gazette.example/17", "https://gazette.example/18"]
    );
    assert_eq!(listed.links[0].guid.as_deref(), Some("17"));
    assert_eq!(listed.links[0].text.as_deref(), Some("Un.\n\nDeux."));
    assert_eq!(
        (listed.links[0].authors.clone(), listed.links[1].authors.clone()),
        (vec!["Anne".into()], vec!["Bo".into()])
    );
    assert!(repaired(&listed, "2 items without an http(s) address"));
}

#[test]
fn a_label_that_the_bytes_contradict() {
    let body = rss("<item><title>平壤与巴黎同意</title><link>https://a.example/1</link></item>")
        .replace("version=\"1.0\"?", "version=\"1.0\" encoding=\"GBK\"?");
    let listed = feed(body.clone());
    assert_eq!(listed.links[0].title.as_deref(), Some("平壤与巴黎同意"));
    assert_eq!(listed.charset, "utf-8");
    assert!(repaired(&listed, "declared gb18030, read as utf-8"));

    let (bytes, _, _) = GB18030.encode(&body);
    let truly = feed(bytes.into_owned());
    assert_eq!(
        (truly.links[0].title.as_deref(), truly.charset.as_str()),
        (Some("平壤与巴黎同意"), "gb18030")
    );
    assert_eq!(truly.repairs, Vec::<String>::new());

    let utf16: Vec<u8> = rss("<item><title>é</title><link>https://a.example/1</link></item>")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let bare = feed(utf16);
    assert_eq!(
        (bare.links[0].title.as_deref(), bare.charset.as_str()),
        (Some("é"), "utf-16be")
    );
}

#[test]
fn broken_xml_is_mended_and_the_repair_named() {
    let cases = [
        (
            "<item><title>R&D and B&amp;B</title><link>https://a.example/?a=1&b=2</link></item>",
            "2 bare ampersands",
            "R&D and B&B",
        ),
        (
            "<item><title>Caf&eacute;&nbsp;noir</title><link>https://a.example/?a=1&amp;b=2</link></item>",
            "2 HTML entities",
            "Café noir",
        ),
        (
            "<item><title>Un\u{8}</title><link>https://a.example/?a=1&amp;b=2</link></item>",
            "1 illegal control characters",
            "Un",
        ),
        (
            "<item><title>Un<link>https://a.example/?a=1&amp;b=2</link><guid>x</guid></item>",
            "1 unclosed elements",
            "Un",
        ),
        (
            "<item><title>Un</b></title><link>https://a.example/?a=1&amp;b=2</link></item>",
            "1 closing tags",
            "Un",
        ),
        (
            "<item><dc:title>Un</dc:title><link>https://a.example/?a=1&amp;b=2</link></item>",
            "1 elements whose prefix",
            "Un",
        ),
    ];
    for (items, repair, title) in cases {
        let listed = feed(rss(items));
        let read = listed.links.first().and_then(|link| link.title.clone());
        assert!(repaired(&listed, repair), "{items}: {:?}", listed.repairs);
        assert_eq!(read.as_deref(), Some(title), "{items}");
        assert_eq!(urls(&listed), ["https://a.example/?a=1&b=2"], "{items}");
    }
}

#[test]
fn a_missing_version_is_no_reason_to_lose_a_feed() {
    for root in ["<rss>", "<rss version=\"2\">", "<RSS Version='3.14'>"] {
        let listed = feed(format!(
            "{root}<channel><item><link>https://a.example/1</link></item></channel></rss>"
        ));
        assert_eq!(urls(&listed), ["https://a.example/1"], "{root}");
        assert!(repaired(&listed, "<rss> without a version"), "{root}");
    }
}

#[test]
fn the_complete_items_of_a_truncated_feed() {
    let whole = RSS.find("<title>Marée").unwrap();
    for cut in [whole - 3, whole + 2, whole + 30, whole + 60] {
        let cut = (cut..).find(|&at| RSS.is_char_boundary(at)).unwrap();
        let listed = feed(&RSS.as_bytes()[..cut]);
        assert_eq!(urls(&listed), ["https://gazette.example/phare"], "cut at {cut}");
        assert!(repaired(&listed, "cut off"), "cut at {cut}: {:?}", listed.repairs);
    }
}

#[test]
fn an_item_is_not_lost_by_its_neighbours() {
    let listed = feed(rss("<item><title>Un</title><link>https://a.example/1</link>
         <item><title>Deux</title><link>https://a.example/2</link></item></channel></rss><rss><channel>
         <item><title>Trois</title><link>https://a.example/3</link></item>"));
    assert_eq!(
        urls(&listed),
        ["https://a.example/1", "https://a.example/2", "https://a.example/3"]
    );
    assert!(repaired(&listed, "items after the end of the feed") && repaired(&listed, "unclosed"));
}

#[test]
fn an_author_that_panics_the_parser_beneath() {
    let listed = feed(rss(
        "<item><title>海</title><link>https://a.example/1</link><author>作者：hai@a.example（海）</author></item>
         <item><title>港</title><link>https://a.example/2</link></item>",
    ));
    assert_eq!(listed.links.len(), 2);
    assert_eq!(listed.links[0].authors, ["海"]);
    assert_eq!(listed.repairs, Vec::<String>::new());
}

#[test]
fn html_instead_of_a_feed_and_challenges() {
    let html = feed("<!DOCTYPE html><html><head><title>Erreur</title></head><body><rss>no</rss></body></html>");
    assert_eq!(
        (html.document, html.hint),
        (DocumentKind::Html, Some(Verdict::HtmlInsteadOfFeed))
    );
    assert_eq!(html.error.as_deref(), Some("HTML instead of a feed"));

    let blocked = feed("<html><head><title>Just a moment...</title></head><body>…</body></html>");
    assert_eq!(blocked.hint, Some(Verdict::Blocked));
    let mut mitigated = page("<html><body>Un instant</body></html>");
    mitigated.headers.push(("cf-mitigated".into(), "challenge".into()));
    let listed = discover::links(&mitigated, &listing(ListingKind::Page), "UTC", now());
    assert_eq!(listed.hint, Some(Verdict::Blocked));
}

#[test]
fn empty_bodies_and_empty_feeds() {
    let empty = feed(rss(""));
    assert_eq!((empty.items, empty.hint, empty.error), (0, Some(Verdict::Empty), None));
    let nothing = feed("  \n ");
    assert_eq!(
        (nothing.document, nothing.error.as_deref()),
        (DocumentKind::Unreadable, Some("the body is empty"))
    );
    assert_eq!(
        feed("{}").error.as_deref(),
        Some("JSON, but no JSON Feed: it has no `items`")
    );
    assert_eq!(feed("<?xml version='1.0'?><opml/>").document, DocumentKind::Unreadable);
}

#[test]
fn a_date_that_has_not_come_is_left_out_and_told() {
    let item = |day: &str| {
        format!(
            "<item><link>https://gazette.example/{}</link><pubDate>{day} 11:00:00 GMT</pubDate></item>",
            &day[5..7]
        )
    };
    let listed = feed(rss(&["Sat, 01 Jan 2028", "Sun, 03 Mar 2024", "Mon, 04 Mar 2024"]
        .map(item)
        .concat()));
    let dated: Vec<bool> = listed.links.iter().map(|link| link.published.is_some()).collect();
    // A day's grace, for zones and for clocks that go wrong.
    assert_eq!(dated, [false, true, false]);
    assert!(repaired(&listed, "2 dates that had not come yet left out"));

    let news =
        |day: &str| format!("<urlset><url><loc>https://gazette.example/a</loc><lastmod>{day}</lastmod></url></urlset>");
    assert_eq!(sitemap(news("2028-01-01")).links[0].updated, None);
    assert!(sitemap(news("2024-03-01")).links[0].updated.is_some());
}

#[test]
fn duplicates_and_links_that_lead_nowhere() {
    let listed = feed(rss("<link>https://www.gazette.example/fr/</link>
         <item><link>un.html</link><guid>a</guid></item><item><link>javascript:alert(1)</link></item>
         <item><link>data:text/html,x</link></item><item><title>seul</title></item>
         <item><link>https://b.example/2</link><guid>a</guid></item><item><link>https://b.example/2</link></item>
         <item><guid>https://b.example/3</guid></item>"));
    let expected = [
        "https://www.gazette.example/fr/un.html",
        "https://b.example/2",
        "https://b.example/3",
    ];
    assert_eq!((urls(&listed), listed.items), (expected.to_vec(), 7));
    assert!(repaired(&listed, "2 links that are not http(s)") && repaired(&listed, "1 items without an address"));
    assert!(repaired(&listed, "1 items announced twice") && repaired(&listed, "1 items whose guid"));
    assert_eq!(
        listed.links.iter().map(|link| link.guid.as_deref()).collect::<Vec<_>>(),
        [Some("a"), None, Some("https://b.example/3")]
    );
    assert_eq!(
        listed.links.iter().map(|link| link.position).collect::<Vec<_>>(),
        [1, 2, 3]
    );
}

#[test]
fn dates_take_the_zone_of_the_source() {
    let body = rss(
        "<item><link>https://a.example/1</link><pubDate>2024-03-01 10:00:00</pubDate></item>
         <item><link>https://a.example/2</link><pubDate>vendredi 1er mars 2024 10:00</pubDate></item>
         <item><link>https://a.example/3</link><pubDate>2024-03-01</pubDate></item>
         <item><link>https://a.example/4</link><pubDate>bientôt</pubDate></item>",
    );
    let listed = discover::links(&page(body), &listing(ListingKind::Feed), "Asia/Shanghai", now());
    let claims: Vec<_> = listed.links.iter().map(|link| link.published.as_ref()).collect();
    let first = claims[0].unwrap();
    assert_eq!(
        (first.interval.min.to_string().as_str(), first.zone_assumed),
        ("2024-03-01T02:00:00Z", true)
    );
    assert_eq!(claims[1].unwrap().interval.min.to_string(), "2024-03-01T02:00:00Z");
    assert_eq!(claims[2].unwrap().precision, Precision::Day);
    assert_eq!(claims[3], None);
    assert!(repaired(&listed, "1 dates could not be read"));
}

#[test]
fn too_many_items_and_levels_are_bounded() {
    let items = feed(rss(&"<item><link>https://a.example/1</link></item>".repeat(200_000)));
    assert!(
        items.items <= 10_000 && repaired(&items, "stopped at 10000"),
        "{:?}",
        items.repairs
    );
    let deep = feed(rss(&format!(
        "<item><link>https://a.example/1</link><description>{}x</description></item>",
        "<div>".repeat(70_000)
    )));
    assert_eq!(urls(&deep), ["https://a.example/1"]);
}

#[test]
fn sitemaps_and_their_gzip() {
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?><s:urlset xmlns:s="http://misspelt.example/schemas" xmlns:image="x">
        <s:url><s:loc> https://gazette.example/un?a=1&amp;b=2 </s:loc><s:lastmod>2024-03-01</s:lastmod>
        <image:image><image:loc>https://gazette.example/un.jpg</image:loc><image:title>Un</image:title></image:image></s:url>
        <s:url><s:loc><![CDATA[https://gazette.example/deux]]></s:loc></s:url>
        <s:url><s:loc>ftp://gazette.example/trois</s:loc></s:url></s:urlset>"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(xml.as_bytes()).unwrap();
    for listed in [sitemap(xml), sitemap(gzip.finish().unwrap())] {
        assert_eq!((listed.document, listed.items), (DocumentKind::Sitemap, 3));
        assert_eq!(
            urls(&listed),
            ["https://gazette.example/un?a=1&b=2", "https://gazette.example/deux"]
        );
        assert_eq!(listed.links[0].updated.as_ref().unwrap().precision, Precision::Day);
        assert!(repaired(&listed, "1 entries without an http(s) address"));
    }
    let lines = sitemap("\u{FEFF}https://gazette.example/1\r\n\r\nhttps://gazette.example/2\nrien\n");
    assert_eq!(
        (lines.document, lines.links.len(), lines.items),
        (DocumentKind::Sitemap, 2, 3)
    );
}

#[test]
fn a_news_sitemap_is_dated_and_titled() {
    let listed = sitemap(
        r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
        <url><loc>https://gazette.example/port</loc><news:news><news:publication><news:name>Gazette</news:name>
        <news:language>fr</news:language></news:publication><news:publication_date>2024-03-01T10:00:00+01:00</news:publication_date>
        <news:title>Le port &amp; la ville</news:title><news:keywords>mer, port</news:keywords></news:news></url>
        <url><loc>https://gazette.example/coup"#,
    );
    assert_eq!((listed.document, listed.links.len()), (DocumentKind::NewsSitemap, 1));
    let link = &listed.links[0];
    assert_eq!(
        (link.title.as_deref(), link.lang.as_deref()),
        (Some("Le port & la ville"), Some("fr"))
    );
    assert_eq!(
        link.published.as_ref().unwrap().interval.min.to_string(),
        "2024-03-01T09:00:00Z"
    );
    assert_eq!(link.section.as_deref(), Some("mer"));
    assert!(repaired(&listed, "cut off"));
}

#[test]
fn an_index_names_its_children_newest_first() {
    let listed = sitemap(format!(
        "<sitemapindex><sitemap><loc>https://gazette.example/vieux.xml</loc><lastmod>2023-01-01</lastmod></sitemap>
         <sitemap>https://gazette.example/sans-date.xml</sitemap><sitemap><loc>{ADDRESS}</loc></sitemap>
         <sitemap><loc>https://gazette.example/neuf.xml</loc><lastmod>2024-03-01T00:00:00Z</lastmod></sitemap></sitemapindex>"
    ));
    assert_eq!(
        (listed.document, listed.links.len(), listed.hint),
        (DocumentKind::SitemapIndex, 0, None)
    );
    let children: Vec<_> = listed
        .children
        .iter()
        .map(|child| child.url.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(children, ["neuf.xml", "vieux.xml", "sans-date.xml"]);
    assert!(repaired(&listed, "1 entries of the index that name the index itself"));
}

#[test]
fn a_sitemap_stops_at_fifty_thousand() {
    let body: String = (0..50_001)
        .map(|n| format!("<url><loc>https://a.example/{n}</loc></url>"))
        .collect();
    let listed = sitemap(format!("<urlset>{body}</urlset>"));
    assert_eq!(listed.links.len(), 50_000);
    assert!(repaired(&listed, "stopped at 50000"));
}

const HEADLINES: &str = r##"<html lang="ko"><head><title>통신</title><base href="/kp/"></head><body>
  <nav><ul><li><a href="/about">About this agency and everything around it</a></li></ul></nav>
  <ul class="news">
    <li><a href="javascript:article_open('article/q/one.kcmsf')">등대에 다시 불이 켜졌다</a><span class="d">[2024.03.01]</span></li>
    <li><a href="article/q/two.kcmsf"><img src="x.jpg" alt="photo"></a>
        <div><a href="article/q/two.kcmsf#top">항구의 봄</a></div><i>2024-02-29</i></li>
    <li><a href="article/q/three.kcmsf">제방 공사 시작 <em>2024年2月28日</em></a></li>
    <li><a href="#" onclick="location.href='/kp/four'">네번째 소식</a></li>
    <li><a href="javascript:void(0)">nothing</a></li>
  </ul></body></html>"##;

fn headlines(links: Option<&str>, date: Option<&str>, body: &str) -> Listed {
    let listing = Listing {
        links: links.map(str::to_owned),
        date: date.map(str::to_owned),
        ..listing(ListingKind::Page)
    };
    discover::links(&page(body), &listing, "Asia/Pyongyang", now())
}

#[test]
fn a_page_of_headlines_with_script_addresses_and_dates_beside() {
    let listed = headlines(Some("ul.news li a"), None, HEADLINES);
    assert_eq!(
        (listed.document, listed.lang.as_deref()),
        (DocumentKind::Html, Some("ko"))
    );
    assert_eq!(
        urls(&listed),
        [
            "https://gazette.example/kp/article/q/one.kcmsf",
            "https://gazette.example/kp/article/q/two.kcmsf",
            "https://gazette.example/kp/article/q/three.kcmsf",
            "https://gazette.example/kp/four",
        ]
    );
    let titles: Vec<_> = listed.links.iter().map(|link| link.title.as_deref().unwrap()).collect();
    assert_eq!(
        titles,
        ["등대에 다시 불이 켜졌다", "항구의 봄", "제방 공사 시작", "네번째 소식"]
    );
    let days: Vec<_> = listed
        .links
        .iter()
        .map(|link| link.published.as_ref().map(|date| date.to_published()))
        .collect();
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(days, [day("2024-03-01"), day("2024-02-29"), day("2024-02-28"), None]);
    assert!(repaired(&listed, "1 links that are not http(s)"));
}

#[test]
fn a_date_selector_is_followed_and_nothing_else() {
    let listed = headlines(Some("ul.news li"), Some(".d"), HEADLINES);
    assert_eq!(listed.links.iter().filter(|link| link.published.is_some()).count(), 1);
    assert_eq!(listed.links[1].title.as_deref(), Some("photo"));
}

#[test]
fn selectors_that_match_nothing_or_do_not_parse_are_said() {
    assert!(
        headlines(Some(".gone a"), None, HEADLINES)
            .error
            .unwrap()
            .contains("matches nothing")
    );
    assert!(
        headlines(Some("a[["), None, HEADLINES)
            .error
            .unwrap()
            .contains("does not parse")
    );
    assert!(
        headlines(None, None, &"<div>".repeat(3_000))
            .error
            .unwrap()
            .contains("nests")
    );
}

#[test]
fn without_a_selector_headlines_are_the_long_links_of_the_site() {
    let listed = headlines(
        None,
        None,
        r#"<body><nav><a href="/tout">Toutes les rubriques de la gazette</a></nav>
        <article><h2><a href="/1">Le phare se rallume après dix ans</a></h2><time datetime="2024-03-01T07:00:00Z">hier</time></article>
        <p><a href="/2">Mer</a> <a href="https://ailleurs.example/3">Une autre gazette raconte le phare</a>
        <a href="https://blog.gazette.example/4">港口的灯塔再次点亮了夜空</a></p></body>"#,
    );
    assert_eq!(
        urls(&listed),
        ["https://gazette.example/1", "https://blog.gazette.example/4"]
    );
    assert_eq!(
        listed.links[0].published.as_ref().unwrap().interval.min.to_string(),
        "2024-03-01T07:00:00Z"
    );
}

#[test]
fn feeds_that_a_page_names() {
    let found = discover::feeds(&page(
        r#"<html><head><link rel="alternate" type="application/rss+xml" title="La une" href="/rss/une.xml">
        <link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" type="text/css" href="/feed.css">
        <link rel="ALTERNATE" type="application/feed+json; charset=utf-8" href="/feed.json"></head>
        <body><a href="/rss/une.xml">RSS</a><a href="/blog/feed/">Le blog</a><a href="/feedback">Écrire</a>
        <a href="javascript:rss()">RSS</a></body></html>"#,
    ));
    let seen: Vec<_> = found
        .iter()
        .map(|feed| (feed.url.as_str(), feed.title.as_deref(), feed.kind))
        .collect();
    assert_eq!(
        seen,
        [
            (
                "https://gazette.example/rss/une.xml",
                Some("La une"),
                Some(FeedKind::Rss)
            ),
            ("https://gazette.example/feed.json", None, Some(FeedKind::Json)),
            ("https://gazette.example/blog/feed/", Some("Le blog"), None),
        ]
    );
}

#[test]
fn one_article_linked_everywhere_costs_no_more_than_its_page() {
    let body = "<a href=/1>Le phare se rallume après dix ans</a> ".repeat(40_000);
    let started = std::time::Instant::now();
    assert_eq!(headlines(None, None, &body).links.len(), 1);
    // A second or less where each link looks at a card; minutes where each looks at the whole page.
    assert!(started.elapsed().as_secs() < 30);
}

fn read_as_everything(body: &[u8]) {
    for kind in [ListingKind::Feed, ListingKind::Sitemap, ListingKind::Page] {
        let listed = discover::links(&page(body), &listing(kind), "Asia/Seoul", now());
        assert!(listed.links.iter().all(|link| link.url.starts_with("http")));
        assert!(listed.links.len() <= listed.items as usize);
    }
    discover::feeds(&page(body));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..600)) {
        read_as_everything(&body);
    }

    #[test]
    fn any_text_of_tags_is_read_without_a_panic(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "<rss>", "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>",
            "<link href='a'/>", "<entry>", "</entry>", "<feed>", "<urlset>", "<url>", "<loc>", "</loc>", "</url>", "<![CDATA[",
            "]]>", "<!--", "-->", "&", "&eacute;", "é@é.example", "http://a.example/1", "2024-03-01", "\"", "'", "<a href='",
            "=", "{\"items\":[", "<author>", "<name>", "</author>", "xml:base='", "<media:group>", "<guid>", "海", "<li>",
        ]), 0..60),
        root in proptest::sample::select(vec!["<rss>", "<feed>", "<urlset>", "<html>", ""]),
    ) {
        read_as_everything(format!("{root}{}", pieces.concat()).as_bytes());
    }

    #[test]
    fn a_mutated_feed_is_read_without_a_panic(
        document in proptest::sample::select(vec![RSS, HEADLINES]),
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..30, any::<u8>()), 1..12),
    ) {
        let mut body = document.as_bytes().to_vec();
        for (at, length, byte) in cuts {
            let at = at.index(body.len().max(1)).min(body.len());
            let end = (at + length).min(body.len());
            body.splice(at..end, [byte]);
        }
        read_as_everything(&body);
    }
}
