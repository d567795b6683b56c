//! `vigie crawl --backfill`: what an outlet published before it was watched, without falsifying what was seen when.

mod common;

use common::press::{rows, value};
use common::program::{Desk, Ended};
use common::{Reply, SiteServer};
use serde_json::Value;
use vigie::crawl::check;
use vigie::store::Store;

const HOST: &str = "ferry.example";

fn page(title: &str) -> Reply {
    Reply::html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><main><article>\
         <h1>{title}</h1><p>{title}: the harbour board met for three hours and heard every boatman who wished to \
         speak before it settled the winter timetable.</p><p>Nobody in {title} objected, said the captain, and the \
         bell was rung twice, as it has been since the old pier was built.</p></article></main></body></html>"
    ))
}

fn item(name: &str, day: &str) -> String {
    format!(
        "<item><title>{name}</title><link>http://{HOST}/{name}</link><pubDate>{day} 09:00:00 +0000</pubDate></item>"
    )
}

fn feed(next: Option<&str>, items: &[(&str, &str)]) -> Reply {
    let next = next.map_or(String::new(), |next| {
        format!("<a:link rel=\"next\" href=\"{next}\" xmlns:a=\"http://www.w3.org/2005/Atom\"/>")
    });
    let items: String = items.iter().map(|(name, day)| item(name, day)).collect();
    Reply::xml(format!(
        "<rss version=\"2.0\"><channel><title>Ferry</title><link>http://{HOST}/</link>{next}{items}</channel></rss>"
    ))
}

fn desk() -> Desk {
    Desk::of_source("ferry", HOST)
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {} {}", ended.out, ended.err))
}

const MAY: [&str; 6] = ["--backfill", "ferry", "--since", "2026-05-01", "--until", "2026-05-31"];

/// A feed of three pages, and a sitemap index that robots.txt names.
fn outlet(server: &SiteServer) {
    server.put(
        HOST,
        "/robots.txt",
        Reply::text(format!(
            "User-agent: *\nDisallow: /private/\nSitemap: http://{HOST}/index.xml\n"
        )),
    );
    let pages = [
        (
            "/rss.xml",
            Some("/rss.xml?page=2"),
            [("new", "Mon, 01 Jun 2026"), ("late-may", "Sun, 31 May 2026")],
        ),
        (
            "/rss.xml?page=2",
            Some("/rss.xml?page=3"),
            [("mid-may", "Fri, 15 May 2026"), ("early-may", "Fri, 01 May 2026")],
        ),
        (
            "/rss.xml?page=3",
            Some("/rss.xml?page=4"),
            [("april", "Thu, 02 Apr 2026"), ("march", "Sun, 01 Mar 2026")],
        ),
    ];
    for (path, next, items) in pages {
        server.put(HOST, path, feed(next, &items));
        for (name, _) in items {
            server.put(HOST, &format!("/{name}"), page(name));
        }
    }
    server.put(
        HOST,
        "/index.xml",
        Reply::xml(format!(
            "<sitemapindex><sitemap><loc>http://{HOST}/2026-05.xml</loc></sitemap><sitemap>\
             <loc>http://{HOST}/2025-12.xml</loc></sitemap><sitemap><loc>http://{HOST}/index.xml</loc></sitemap>\
             </sitemapindex>"
        )),
    );
    server.put(
        HOST,
        "/2026-05.xml",
        Reply::xml(format!(
            "<urlset><url><loc>http://{HOST}/2026/05/20/only-in-the-sitemap</loc></url>\
             <url><loc>http://harbour.example/2026/05/20/not-ours</loc></url>\
             <url><loc>http://{HOST}/private/2026/05/20/x</loc></url><url><loc>http://{HOST}/about</loc></url>\
             <url><loc>http://{HOST}/mid-may</loc><lastmod>2026-05-15</lastmod></url></urlset>"
        )),
    );
    server.put(HOST, "/2026/05/20/only-in-the-sitemap", page("only-in-the-sitemap"));
}

#[test]
fn a_month_is_fetched_once_and_the_ledger_is_as_before() {
    let (server, desk) = (SiteServer::start(), desk());
    outlet(&server);
    server.put(HOST, "/rss.xml", feed(None, &[("new", "Mon, 01 Jun 2026")]));
    assert_eq!(desk.crawl(&server, "2026-06-01T10:00:00Z", &[]).code, Some(0));
    let ledger =
        "SELECT source_id, at, outcome, continuity, items FROM v_looks WHERE listing_kind <> 'archive' ORDER BY at";
    let before = rows(&desk.data(), ledger);
    let status = json(&desk.run(&["status", "--json", "--now", "2026-06-02T00:00:00Z"]));

    outlet(&server);
    server.take_hits();
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &[&MAY[..], &["--json"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let done = json(&ended)["per_source"][0]["backfill"].clone();
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    // Page 3 is older than May throughout, so page 4 is not asked for; nor is December's sitemap, nor /private/.
    let asked = |path: &str| paths.iter().filter(|asked| *asked == path).count();
    assert_eq!(
        (
            asked("/rss.xml?page=3"),
            asked("/rss.xml?page=4"),
            asked("/2025-12.xml"),
            asked("/index.xml")
        ),
        (1, 0, 0, 1),
        "{paths:?}"
    );
    assert_eq!(
        (asked("/private/2026/05/20/x"), asked("/about"), asked("/april")),
        (0, 0, 0)
    );
    // A sitemap speaks for its own site.
    assert_eq!(asked("/2026/05/20/not-ours"), 0, "{paths:?}");
    assert!(
        done["tried"].to_string().contains("1 address of other sites left out"),
        "{done}"
    );
    for page in ["/late-may", "/mid-may", "/early-may", "/2026/05/20/only-in-the-sitemap"] {
        assert_eq!(asked(page), 1, "{page}: {paths:?}");
    }
    assert_eq!(
        (&done["wanted"], &done["undated"], &done["left"]),
        (&5.into(), &1.into(), &0.into()),
        "{done}"
    );

    // Archive looks are there to be seen, and nothing else of the ledger has changed.
    assert_eq!(
        value(
            &desk.data(),
            "SELECT count(*) FROM v_looks WHERE listing_kind = 'archive'"
        ),
        "5"
    );
    assert_eq!(
        value(&desk.data(), "SELECT count(*) FROM look WHERE continuity = 'gap'"),
        "0"
    );
    assert_eq!(rows(&desk.data(), ledger), before);
    let after = json(&desk.run(&["status", "--json", "--now", "2026-06-02T00:00:00Z"]));
    for key in [
        "verdict",
        "last_ok",
        "last_new",
        "looks_ok",
        "looks_planned",
        "gaps",
        "new_per_day",
    ] {
        assert_eq!(after["sources"][0][key], status["sources"][0][key], "{key}: {after}");
    }
    // What was found in May's archive was first seen by us in June.
    let first = "SELECT DISTINCT first_seen_at FROM link WHERE url LIKE '%may%'";
    assert_eq!(rows(&desk.data(), first), ["1780315200"]);

    // Again: everything is known. The next night looks as it always did.
    let again = json(&desk.crawl(&server, "2026-06-01T13:00:00Z", &[&MAY[..], &["--json"]].concat()));
    // All but the page that robots.txt forbids, which is considered anew, and still not asked for.
    let again = &again["per_source"][0]["backfill"];
    assert_eq!((&again["known"], &again["fetched"]), (&4.into(), &1.into()), "{again}");
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    assert!(
        !paths.iter().any(|path| path == "/mid-may" || path.contains("private")),
        "{paths:?}"
    );
    assert_eq!(desk.crawl(&server, "2026-06-02T10:00:00Z", &[]).code, Some(0));
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    assert!(
        !paths.iter().any(|path| path == "/april" || path.contains("page=")),
        "{paths:?}"
    );

    let reader = Store::reader(&desk.data()).expect("a reader");
    let found = check::check(&reader, &desk.data(), &|_| {}).expect("a check");
    assert!(found.healthy(), "{found:?}");
}

#[test]
fn a_backfill_that_stops_early_goes_on_from_there() {
    let (server, desk) = (SiteServer::start(), desk());
    outlet(&server);
    let mut fetched = 0;
    for left in [2, 0] {
        let more = [&MAY[..], &["--max-pages", "3", "--json"]].concat();
        let done = json(&desk.crawl(&server, "2026-06-01T12:00:00Z", &more))["per_source"][0]["backfill"].clone();
        fetched += done["fetched"].as_u64().expect("a number");
        assert_eq!(done["left"], left, "{done}");
    }
    assert_eq!(fetched, 5);
    let told = desk.crawl(&server, "2026-06-01T12:00:00Z", &MAY);
    assert!(told.out.contains("archive documents: "), "{told:?}");
}

#[test]
fn without_an_archive_it_says_what_was_tried() {
    let (server, desk) = (SiteServer::start(), desk());
    server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
    server.put(HOST, "/rss.xml", feed(None, &[("new", "Mon, 01 Jun 2026")]));
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &MAY);
    assert_eq!(ended.code, Some(4), "{ended:?}");
    for words in [
        "names no older page (RFC 5005)",
        "robots.txt names no sitemap",
        "/sitemap.xml",
        "hint:",
    ] {
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
    }
    let wrong = desk.run(&[
        "crawl",
        "--backfill",
        "ferry",
        "--since",
        "2026-05-02",
        "--until",
        "2026-04-02",
    ]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(desk.run(&["crawl", "--backfill", "ferry"]).err.contains("--since"));
}

#[test]
fn who_cannot_be_reached_is_not_said_to_have_no_archive() {
    let (server, desk) = (SiteServer::start(), desk());
    server.put(HOST, "/robots.txt", Reply::status(503));
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &MAY);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.err.contains("no archive in reach"), "{}", ended.err);
    assert!(ended.err.contains("robots.txt is out of reach"), "{}", ended.err);
}

#[test]
fn pages_are_counted_in_backfills_only() {
    let desk = desk();
    for wrong in [
        &["crawl", "--max-pages", "3"][..],
        &["crawl", "--backfill", "ferry", "--since", "7d", "--max-pages", "0"],
    ] {
        let ended = desk.run(wrong);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.err.contains("max-pages"), "{}", ended.err);
    }
}

/// RFC 5005 §4: an archived feed names the document before it.
#[test]
fn archived_feeds_are_followed_back() {
    let (server, desk) = (SiteServer::start(), desk());
    server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
    let archived = |previous: Option<&str>, name: &str, day: &str| {
        let previous = previous.map_or(String::new(), |path| {
            format!("<link rel=\"prev-archive\" href=\"http://{HOST}{path}\"/>")
        });
        Reply::xml(format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Ferry</title><id>urn:f</id><updated>{day}T09:00:00Z\
             </updated>{previous}<entry><title>{name}</title><id>urn:{name}</id><updated>{day}T09:00:00Z</updated>\
             <published>{day}T09:00:00Z</published><link href=\"http://{HOST}/{name}\"/></entry></feed>"
        ))
    };
    server.put(HOST, "/rss.xml", archived(Some("/2026/05.xml"), "june", "2026-06-01"));
    server.put(
        HOST,
        "/2026/05.xml",
        archived(Some("/2026/04.xml"), "may", "2026-05-12"),
    );
    server.put(
        HOST,
        "/2026/04.xml",
        archived(Some("/2026/03.xml"), "april", "2026-04-12"),
    );
    for name in ["june", "may", "april"] {
        server.put(HOST, &format!("/{name}"), page(name));
    }
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &[&MAY[..], &["--json"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    let asked = |path: &str| paths.iter().any(|asked| asked == path);
    assert!(
        asked("/2026/05.xml") && asked("/2026/04.xml") && asked("/may"),
        "{paths:?}"
    );
    assert!(
        !asked("/2026/03.xml") && !asked("/june") && !asked("/april"),
        "{paths:?}"
    );
}

/// WordPress pages every feed by `paged`, says so nowhere, and answers 404 behind the last page.
#[test]
fn the_feeds_of_wordpress_are_paged_back() {
    let (server, desk) = (SiteServer::start(), desk());
    server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
    let blog = |items: &[(&str, &str)]| {
        let items: String = items.iter().map(|(name, day)| item(name, day)).collect();
        Reply::xml(format!(
            "<rss version=\"2.0\"><channel><title>Ferry</title><link>http://{HOST}/</link>\
             <generator>https://wordpress.org/?v=6.9</generator>{items}</channel></rss>"
        ))
    };
    server.put(HOST, "/rss.xml", blog(&[("june", "Mon, 01 Jun 2026")]));
    server.put(
        HOST,
        "/rss.xml?paged=2",
        blog(&[("late-may", "Sun, 31 May 2026"), ("mid-may", "Fri, 15 May 2026")]),
    );
    server.put(HOST, "/rss.xml?paged=3", blog(&[("early-may", "Fri, 01 May 2026")]));
    for name in ["june", "late-may", "mid-may", "early-may"] {
        server.put(HOST, &format!("/{name}"), page(name));
    }
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &[&MAY[..], &["--json"]].concat());
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    let asked = |path: &str| paths.iter().filter(|asked| *asked == path).count();
    let pages = [2, 3, 4, 5].map(|page| asked(&format!("/rss.xml?paged={page}")));
    assert_eq!(pages, [1, 1, 1, 0], "{paths:?} {ended:?}");
    let articles = ["/june", "/late-may", "/mid-may", "/early-may"].map(asked);
    assert_eq!(articles, [0, 1, 1, 1], "{paths:?}");
    let done = json(&ended)["per_source"][0]["backfill"].clone();
    assert_eq!((&done["wanted"], &done["left"]), (&3.into(), &0.into()), "{done}");
}

/// JSON Feed 1.1: `next_url` leads to the older items, and there is none at the last page.
#[test]
fn a_json_feed_is_followed_by_next_url() {
    let (server, desk) = (SiteServer::start(), desk());
    server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
    let listing = |next: Option<&str>, name: &str, day: &str| {
        let next = next.map_or(String::new(), |next| format!("\"next_url\": \"{next}\", "));
        Reply::text(format!(
            "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Ferry\", {next}\"items\": [{{\"id\": \
             \"{name}\", \"url\": \"http://{HOST}/{name}\", \"title\": \"{name}\", \"content_text\": \"{name}\", \
             \"date_published\": \"{day}T09:00:00Z\"}}]}}"
        ))
    };
    server.put(HOST, "/rss.xml", listing(Some("/older.json"), "june", "2026-06-01"));
    server.put(HOST, "/older.json", listing(Some("/oldest.json"), "may", "2026-05-12"));
    server.put(HOST, "/oldest.json", listing(None, "april", "2026-04-12"));
    for name in ["june", "may", "april"] {
        server.put(HOST, &format!("/{name}"), page(name));
    }
    let ended = desk.crawl(&server, "2026-06-01T12:00:00Z", &MAY);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let paths: Vec<String> = server.take_hits().into_iter().map(|hit| hit.path).collect();
    let asked = ["/older.json", "/oldest.json", "/june", "/may", "/april"]
        .map(|path| paths.iter().filter(|asked| *asked == path).count());
    assert_eq!(asked, [1, 1, 0, 1, 0], "{paths:?}");
}

#[test]
fn a_rebuild_brings_the_backfill_back() {
    let (server, desk) = (SiteServer::start(), desk());
    outlet(&server);
    assert_eq!(desk.crawl(&server, "2026-06-01T12:00:00Z", &MAY).code, Some(0));
    let state = || {
        [
            "SELECT url_key, first_seen_at FROM link ORDER BY 1",
            "SELECT listing_kind, at, outcome, items FROM v_looks ORDER BY 1, 2, 4",
            "SELECT url, title, first_seen_at FROM article ORDER BY 1",
        ]
        .map(|sql| rows(&desk.data(), sql))
    };
    let before = state();
    assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
    let ended = desk.run(&["doctor", "--rebuild"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(desk.run(&["digest"]).code, Some(0));
    assert_eq!(state(), before);
}
