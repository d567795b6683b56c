//! The spine: nine nights of an invented press. New, unchanged, edited, moved, reprinted, gone; the rows that each
//! night leaves, the requests that are made, and those that are not.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::Reply;
use common::press::{Press, crawl, rows, set, start_of, value};
use serde_json::Value;
use vigie::crawl::summary::Summary;
use vigie::model::{Observation, Outcome};

/// Every request of the night but those for robots.txt and tdmrep.json, `?` before those that carried a validator.
fn requests(press: &Press) -> Vec<String> {
    let mut asked: Vec<String> = press
        .server
        .hits()
        .iter()
        .filter(|hit| !["/robots.txt", "/.well-known/tdmrep.json"].contains(&hit.path.as_str()))
        .map(|hit| {
            let is_conditional = hit.header("if-none-match").is_some() || hit.header("if-modified-since").is_some();
            format!("{}{}{}", if is_conditional { "?" } else { "" }, hit.host, hit.path)
        })
        .collect();
    asked.sort_by(|a, b| a.trim_start_matches('?').cmp(b.trim_start_matches('?')));
    asked
}

/// The listings are asked for every night; only the pages differ.
fn assert_pages_asked(press: &Press, expected: &[&str]) {
    let listing = |line: &str| line.ends_with(".xml") || line.ends_with("/list.html");
    let (listings, pages): (Vec<String>, Vec<String>) = requests(press).into_iter().partition(|line| listing(line));
    assert_eq!(pages, expected);
    assert_eq!(listings.len(), 9, "{listings:#?}");
}

fn night(press: &mut Press) -> Summary {
    let summary = press.next_night();
    assert_eq!((summary.sources, summary.ok, summary.failed), (9, 8, 1), "{summary:#?}");
    assert_eq!(summary.looks, 9);
    summary
}

/// new, changed, gone, duplicates, reprints, gaps.
fn counts(summary: &Summary) -> [u32; 6] {
    [
        summary.new,
        summary.changed,
        summary.gone,
        summary.duplicates,
        summary.reprints,
        summary.gaps,
    ]
}

fn article(press: &Press, url: &str, columns: &str) -> String {
    let url = format!("http://{url}");
    value(
        &press.data(),
        &format!("SELECT {columns} FROM article WHERE url = '{url}'"),
    )
}

#[test]
fn nine_nights() {
    let mut press = Press::new();

    // Night 1: everything is new. What may not be fetched is known from its listing.
    let one = night(&mut press);
    assert_eq!(counts(&one), [14, 0, 0, 0, 0, 0]);
    assert_pages_asked(
        &press,
        &[
            "courrier.example/2026/03/01/marche.html",
            "courrier.example/2026/03/01/pont.html",
            "depeche.example/d/neige.html",
            "gazette.example/news/ferry.html",
            "gazette.example/news/lighthouse.html",
            "gazette.example/news/regatta.html",
            "ribao.example/a/1.html",
            "ribao.example/a/2.html",
            "ribao.example/a/3.html",
            "sinmun.example/news/101.html",
        ],
    );
    what_may_not_be_fetched(&press);
    four_languages(&press);
    a_failing_source(&press, &one);

    // Night 2: unchanged. Pages are asked once more, conditionally where the server gave something to ask with.
    let two = night(&mut press);
    assert_eq!(counts(&two), [2, 0, 0, 0, 0, 0]);
    assert_pages_asked(
        &press,
        &[
            "?courrier.example/2026/03/01/marche.html",
            "?courrier.example/2026/03/01/pont.html",
            "depeche.example/d/neige.html",
            "gazette.example/news/ferry.html",
            "gazette.example/news/lighthouse.html",
            "gazette.example/news/regatta.html",
            "?ribao.example/a/1.html",
            "?ribao.example/a/2.html",
            "?ribao.example/a/3.html",
            "?sinmun.example/news/101.html",
            "sinmun.example/news/102.html",
        ],
    );
    unchanged_is_304_or_the_same_bytes(&press);

    // Night 3: the Gazette says "updated" in its feed, so the page is asked at once; the Dépêche moved its date. The
    // Courrier corrects a figure and tells nobody: its page is not due.
    let three = night(&mut press);
    assert_eq!(counts(&three), [2, 1, 0, 0, 0, 1]);
    assert_pages_asked(
        &press,
        &[
            "depeche.example/d/neige.html",
            "gazette.example/news/lighthouse.html",
            "?sinmun.example/news/102.html",
        ],
    );
    versions(
        &press,
        "gazette.example/news/lighthouse.html",
        &["More than three hundred people", "Nearly nine hundred people"],
    );
    a_listing_that_moved_on(&press, &three);

    // Night 4: the second rung of the ladder finds the quiet correction, an address that moved, two pages gone.
    let four = night(&mut press);
    assert_eq!(counts(&four), [0, 1, 0, 0, 0, 0]);
    assert_pages_asked(
        &press,
        &[
            "?courrier.example/2026/03/01/marche.html",
            "?courrier.example/2026/03/01/pont.html",
            "depeche.example/d/neige.html",
            "gazette.example/news/ferry.html",
            "gazette.example/news/lighthouse.html",
            "gazette.example/news/regatta.html",
            "?ribao.example/a/1.html",
            "?ribao.example/a/2.html",
            "?ribao.example/a/3.html",
            // Where a/2.html went; its validators mean nothing here (RFC 9110 §13.1).
            "ribao.example/b/2.html",
            "?sinmun.example/news/101.html",
        ],
    );
    versions(
        &press,
        "courrier.example/2026/03/01/pont.html",
        &["quatre millions", "cinq millions"],
    );
    assert_eq!(
        addresses(&press, "ribao.example/a/2.html"),
        ["ribao.example/a/2.html", "ribao.example/b/2.html"]
    );
    // Once is not gone.
    for url in ["gazette.example/news/ferry.html", "gazette.example/news/regatta.html"] {
        assert_eq!(article(&press, url, "gone_first_at IS NOT NULL, gone_at"), "1 | -");
    }

    // Night 5: the ferry is gone for good, the regatta is back; the new address is announced; the Courrier reprints.
    let five = night(&mut press);
    assert_eq!(counts(&five), [2, 0, 1, 1, 1, 0]);
    assert_pages_asked(
        &press,
        &[
            "courrier.example/2026/03/05/accord.html",
            "depeche.example/d/accord.html",
            "gazette.example/news/ferry.html",
            "gazette.example/news/regatta.html",
            "ribao.example/b/2.html",
            "?sinmun.example/news/102.html",
        ],
    );
    let (first, second) = gone(&press, "gazette.example/news/ferry.html");
    assert!(second - first >= 12 * 3600, "{first} {second}");
    assert_eq!(
        article(&press, "gazette.example/news/regatta.html", "gone_first_at, gone_at"),
        "- | -"
    );
    a_reprint(&press);

    // Night 6: the same words under another address, without a redirect. Whoever is gone is left alone.
    let six = night(&mut press);
    assert_eq!(counts(&six), [0, 0, 0, 1, 0, 0]);
    assert_pages_asked(
        &press,
        &[
            "?courrier.example/2026/03/05/accord.html",
            "depeche.example/d/accord.html",
            "?ribao.example/b/2.html",
            "ribao.example/c/3.html",
        ],
    );
    assert_eq!(
        addresses(&press, "ribao.example/a/3.html"),
        ["ribao.example/a/3.html", "ribao.example/c/3.html"]
    );

    // Night 7: nothing happens.
    let seven = night(&mut press);
    assert_eq!(counts(&seven), [0; 6]);
    assert_pages_asked(&press, &["?ribao.example/c/3.html"]);

    // Night 8: the last rung; night 9: the old address of a moved article has died, the article has not.
    let eight = night(&mut press);
    assert_eq!(counts(&eight), [0; 6]);
    let nine = night(&mut press);
    assert_eq!(counts(&nine), [0; 6]);
    assert_eq!(
        value(
            &press.data(),
            "SELECT count(*) FROM fetch WHERE url = 'http://ribao.example/a/3.html' AND outcome = 'gone'"
        ),
        "2"
    );
    assert_eq!(
        article(&press, "ribao.example/a/3.html", "gone_first_at, gone_at"),
        "- | -"
    );

    // Night 10 on: the ladder is climbed, and only listings and the youngest pages are asked for.
    let ten = night(&mut press);
    assert_eq!(counts(&ten), [0; 6]);
    assert_pages_asked(&press, &[]);

    the_sum(&press);
}

fn what_may_not_be_fetched(press: &Press) {
    let hosts = ["bulletin.example", "ferme.example", "tirage.example"];
    for hit in press
        .server
        .hits()
        .iter()
        .filter(|hit| hosts.contains(&hit.host.as_str()))
    {
        assert!(
            ["/robots.txt", "/rss.xml"].contains(&hit.path.as_str()),
            "{}{}",
            hit.host,
            hit.path
        );
    }
    assert_eq!(
        article(
            press,
            "ferme.example/articles/vendanges.html",
            "text_access, standfirst, versions"
        ),
        "teaser | Trois vignerons couvrent leurs rangs de voiles légers contre la grêle et le soleil, sous l'œil des \
         agronomes. | 1"
    );
    assert_eq!(
        article(press, "bulletin.example/items/tide.html", "text_access"),
        "teaser"
    );
    // The refusal is on record, with the rule; what nobody wanted to fetch has no record.
    let asked = "SELECT outcome, status, error FROM fetch WHERE kind = 'page' AND source =";
    assert_eq!(
        rows(&press.data(), &format!("{asked} 'ferme-fr'")),
        ["robots_disallow | - | Disallow: /articles/"]
    );
    assert!(rows(&press.data(), &format!("{asked} 'bulletin-en'")).is_empty());
    // A feed is a subscription: robots.txt's word on it is recorded and does not bind.
    assert_eq!(
        rows(
            &press.data(),
            "SELECT outcome, robots FROM look WHERE source = 'depeche-fr'"
        ),
        ["ok | disallow"]
    );
}

fn four_languages(press: &Press) {
    let read = rows(
        &press.data(),
        "SELECT lang, script, text_access, title FROM article WHERE source IN ('ribao-zh', 'sinmun-ko') ORDER BY url",
    );
    assert_eq!(
        read,
        [
            "zh | Hans | full | 江畔老茶馆重新开张 街坊排队喝头道茶",
            "zh | Hans | full | 山村小学迎来第一位音乐老师",
            "zh | Hans | full | 港口引进无人拖车 夜间装卸效率提高两成",
            "ko | - | full | 한강변 헌책방 거리에 야간 독서등 켜진다",
        ]
    );
    // GB 18030 under the label gb2312, whole to the last character.
    let text = value(
        &press.data(),
        "SELECT v.text FROM version v JOIN article a ON a.rowid = v.article WHERE a.url = 'http://ribao.example/a/1.html'",
    );
    assert!(text.ends_with("把它们连接起来。"), "{text}");
}

fn a_failing_source(press: &Press, summary: &Summary) {
    let failed: Vec<_> = summary.per_source.iter().filter(|source| !source.is_ok()).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (failed[0].id.as_str(), failed[0].outcome),
        ("panne-fr", Outcome::HttpError)
    );
    assert!(
        failed[0].error.as_deref().is_some_and(|why| why.contains("503")),
        "{failed:?}"
    );
    assert_eq!(
        rows(
            &press.data(),
            "SELECT outcome, good, status, verdict FROM look WHERE source = 'panne-fr'"
        ),
        ["http_error | 0 | 503 | down"]
    );
    assert!(
        summary.alarms.iter().any(|line| line.starts_with("panne-fr")),
        "{:?}",
        summary.alarms
    );
}

fn unchanged_is_304_or_the_same_bytes(press: &Press) {
    let since = start_of(2).as_second();
    let outcomes = rows(
        &press.data(),
        &format!("SELECT source, outcome, status FROM fetch WHERE kind = 'page' AND at >= {since} AND attempt_again ORDER BY url")
            .replace("attempt_again", "link IN (SELECT link FROM fetch GROUP BY link HAVING count(*) > 1)"),
    );
    let good: Vec<&String> = outcomes
        .iter()
        .filter(|line| !line.contains("robots_disallow"))
        .collect();
    assert_eq!(
        good,
        [
            "courrier-fr | not_modified | 304",
            "courrier-fr | not_modified | 304",
            "depeche-fr | not_modified | 200",
            "gazette-en | not_modified | 200",
            "gazette-en | not_modified | 200",
            "gazette-en | not_modified | 200",
            "ribao-zh | not_modified | 304",
            "ribao-zh | not_modified | 304",
            "ribao-zh | not_modified | 304",
            "sinmun-ko | not_modified | 304",
        ]
    );
    assert_eq!(
        rows(
            &press.data(),
            &format!(
                "SELECT source, outcome, status, continuity FROM look WHERE at >= {since} AND good ORDER BY source"
            )
        ),
        [
            "bulletin-en | ok | 200 | overlap",
            "courrier-fr | not_modified | 304 | overlap",
            "depeche-fr | not_modified | 200 | overlap",
            "ferme-fr | not_modified | 200 | overlap",
            "gazette-en | not_modified | 200 | overlap",
            "ribao-zh | not_modified | 304 | overlap",
            "sinmun-ko | ok | 200 | overlap",
            "tirage-fr | not_modified | 200 | overlap",
        ]
    );
    assert_eq!(value(&press.data(), "SELECT max(versions) FROM article"), "1");
}

fn versions(press: &Press, url: &str, each_says: &[&str]) {
    let texts = rows(
        &press.data(),
        &format!(
            "SELECT v.text FROM version v JOIN article a ON a.rowid = v.article WHERE a.url = 'http://{url}' ORDER BY v.n"
        ),
    );
    assert_eq!(texts.len(), each_says.len(), "{url}");
    for (text, says) in texts.iter().zip(each_says) {
        assert!(text.contains(says), "{url}: {text}");
    }
    assert_eq!(article(press, url, "versions"), each_says.len().to_string());
}

fn a_listing_that_moved_on(press: &Press, summary: &Summary) {
    let source = summary.per_source.iter().find(|source| source.id == "tirage-fr");
    assert_eq!(source.map(|source| source.gaps), Some(1));
    assert_eq!(
        rows(
            &press.data(),
            "SELECT continuity, verdict, new, known FROM look WHERE source = 'tirage-fr' ORDER BY id"
        ),
        [
            "first | ok | 2 | 0",
            "overlap | ok | 0 | 0",
            "gap | listing-gap | 2 | 0"
        ]
    );
    assert_eq!(
        value(
            &press.data(),
            "SELECT count(*) FROM sighting s JOIN link l ON l.id = s.link WHERE l.source = 'tirage-fr' AND left_look IS NOT NULL"
        ),
        "2"
    );
}

fn addresses(press: &Press, url: &str) -> Vec<String> {
    rows(
        &press.data(),
        &format!(
            "SELECT u.url_key FROM article_url u JOIN article_url me ON me.article = u.article
             WHERE me.url_key = '{url}' ORDER BY 1"
        ),
    )
}

fn gone(press: &Press, url: &str) -> (i64, i64) {
    let both = article(press, url, "gone_first_at, gone_at");
    let (first, second) = both.split_once(" | ").expect("two columns");
    let at = |text: &str| text.parse().unwrap_or_else(|_| panic!("{url}: {both}"));
    (at(first), at(second))
}

fn a_reprint(press: &Press) {
    let copies = rows(
        &press.data(),
        "SELECT a.source, o.source, a.reprint_share >= 0.8, a.reprint_share <= 1.0
         FROM article a JOIN article o ON o.rowid = a.reprint_of",
    );
    assert_eq!(copies, ["courrier-fr | depeche-fr | 1 | 1"]);
    let tagged = rows(
        &press.data(),
        "SELECT DISTINCT a.source FROM article a JOIN mention m ON m.article = a.rowid WHERE m.actor = 'north-korea'",
    );
    assert_eq!(tagged.len(), 2, "{tagged:?}");
}

/// What must hold of all nights together.
fn the_sum(press: &Press) {
    let data = press.data();
    assert_eq!(value(&data, "SELECT count(*) FROM article"), "20");
    // 22 announced addresses, two of them of articles that were known under another.
    assert_eq!(value(&data, "SELECT count(*) FROM link"), "22");
    assert_eq!(value(&data, "SELECT count(*) FROM article_url"), "22");
    assert_eq!(value(&data, "SELECT sum(versions) FROM article"), "22");
    assert_eq!(value(&data, "SELECT count(*) FROM version"), "22");
    assert_eq!(value(&data, "SELECT count(*) FROM look"), "90");
    assert_eq!(
        value(&data, "SELECT count(*) FROM run WHERE finished_at IS NOT NULL"),
        "10"
    );
    assert_eq!(value(&data, "SELECT count(*) FROM page WHERE digested IS NULL"), "0");
    // No page is asked for more often than the ladder has rungs, and once more where its announcement changed.
    let most = "SELECT max(n) FROM (SELECT count(*) AS n FROM fetch WHERE kind = 'page' GROUP BY link)";
    assert_eq!(value(&data, most), "5");
    // robots.txt: at most once in 24 hours and origin.
    let asked = rows(
        &data,
        "SELECT url, at FROM fetch WHERE kind = 'robots' ORDER BY url, at",
    );
    assert!(asked.len() >= 9 * 5, "{}", asked.len());
    for pair in asked.windows(2) {
        let [(url, at), (next_url, next_at)] = [&pair[0], &pair[1]].map(|line| line.split_once(" | ").expect("two"));
        let apart: i64 = next_at.parse::<i64>().expect("a second") - at.parse::<i64>().expect("a second");
        // Ten seconds: the answer is dated when it came, and was asked for when another host was waited for.
        assert!(url != next_url || apart >= 24 * 3600 - 120, "{url}: {apart} s");
    }
    // Every observation is in the archive, where its row says.
    let reader = vigie::store::Store::reader(&data).expect("a reader");
    let found = vigie::crawl::check::check(&reader, &data, &|_| {}).expect("a check");
    assert!(found.healthy(), "{found:?}");
}

#[test]
fn requests_to_one_host_keep_their_distance() {
    let mut press = Press::new();
    press.dawn();
    // Alone, so that nobody else's waiting moves the clock: five seconds by default, eight where robots.txt asks.
    for (source, least) in [("gazette-en", 5_000), ("courrier-fr", 5_000), ("ribao-zh", 8_000)] {
        set(&press.clock, start_of(1));
        press.server.take_hits();
        crawl(&press, &press.data(), &[source], None);
        let hits = press.server.take_hits();
        assert!(hits.len() >= 4, "{source}: {} requests", hits.len());
        // Only after robots.txt is it known what it asks for.
        let moments: Vec<i64> = hits.iter().skip(1).map(|hit| hit.moment).collect();
        for pair in moments.windows(2) {
            assert!(pair[1] - pair[0] >= least, "{source}: {moments:?}");
        }
        let at = rows(
            &press.data(),
            &format!("SELECT at FROM fetch WHERE source = '{source}' ORDER BY id"),
        );
        let at: Vec<i64> = at.iter().map(|at| at.parse().expect("a second")).collect();
        assert!(
            at.windows(2).skip(1).all(|pair| (pair[1] - pair[0]) * 1000 >= least),
            "{source}: {at:?}"
        );
    }
}

#[test]
fn another_look_within_hours_asks_for_listings_only() {
    let mut press = Press::new();
    press.next_night();
    set(&press.clock, start_of(1) + Duration::from_secs(6 * 3600));
    press.server.take_hits();
    let again = press.crawl();
    assert_eq!(counts(&again), [0; 6]);
    // Not even robots.txt.
    assert!(press.server.hits().iter().all(|hit| hit.path != "/robots.txt"));
    assert_pages_asked(&press, &[]);
}

#[test]
fn a_feed_that_calls_everything_updated_does_not_double_the_requests() {
    let mut press = Press::new();
    press.next_night();
    let feed = |minute: u32| {
        let url = "http://gazette.example/news/ferry.html";
        Reply::xml(format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Gazette</title><id>g</id><entry><title>Island ferry to \
             sail twice a day through spring</title><id>{url}</id><link href=\"{url}\"/>\
             <updated>2026-03-02T03:{minute:02}:00Z</updated></entry></feed>"
        ))
    };
    let asked = |hours: u64, minute: u32| {
        set(&press.clock, start_of(1) + Duration::from_secs(hours * 3600));
        press.server.put("gazette.example", "/atom.xml", feed(minute));
        press.server.take_hits();
        crawl(&press, &press.data(), &["gazette-en"], None);
        press
            .server
            .hits()
            .iter()
            .filter(|hit| hit.path.starts_with("/news/"))
            .count()
    };
    assert_eq!(asked(1, 1), 0, "an hour after the page was had");
    assert_eq!(asked(4, 2), 1, "four hours after");
    assert_eq!(asked(5, 3), 0, "an hour after that");
}

#[test]
fn an_address_that_now_leads_home_is_not_unchanged() {
    let mut press = Press::new();
    press.next_night();
    press.dawn();
    // The front page is older than the article was: asked with the article's date it would answer "not modified".
    let home = Reply::html("<html><head><title>江城日报</title></head><body><h1>江城日报</h1></body></html>");
    press.server.put(
        "ribao.example",
        "/",
        home.last_modified("Sat, 28 Feb 2026 10:00:00 GMT"),
    );
    press
        .server
        .put("ribao.example", "/a/1.html", Reply::redirect(302, "/"));
    press.crawl();
    let hits = press.server.hits();
    let home = hits
        .iter()
        .find(|hit| hit.host == "ribao.example" && hit.path == "/")
        .expect("a request");
    assert_eq!(home.header("if-modified-since"), None);
    assert_eq!(
        value(
            &press.data(),
            "SELECT outcome, final_url FROM fetch WHERE url LIKE '%/a/1.html' ORDER BY id DESC LIMIT 1"
        ),
        "ok | http://ribao.example/"
    );
    assert_eq!(
        article(&press, "ribao.example/a/1.html", "versions, title"),
        "1 | 江畔老茶馆重新开张 街坊排队喝头道茶"
    );
    assert_eq!(
        value(
            &press.data(),
            "SELECT count(*) FROM article WHERE url = 'http://ribao.example/'"
        ),
        "0"
    );
}

#[test]
fn what_cannot_be_read_is_still_known_from_its_listing() {
    let mut press = Press::new();
    press.dawn();
    let pdf = Reply::new(200, b"%PDF-1.4 \x00\x01").header("content-type", "application/pdf");
    press.server.put("courrier.example", "/2026/03/01/marche.html", pdf);
    press
        .server
        .put("gazette.example", "/news/ferry.html", Reply::status(500));
    press
        .server
        .put("gazette.example", "/news/regatta.html", Reply::status(403));
    press.crawl();
    for url in [
        "courrier.example/2026/03/01/marche.html",
        "gazette.example/news/ferry.html",
        "gazette.example/news/regatta.html",
    ] {
        assert_eq!(article(&press, url, "text_access, versions"), "teaser | 1", "{url}");
    }
    // The page comes back: the same document, better read, and no second version.
    press.dawn();
    press.crawl();
    assert_eq!(
        article(&press, "gazette.example/news/ferry.html", "text_access, versions"),
        "full | 1"
    );
}

#[test]
fn sources_are_declared_to_the_archive_when_they_change() {
    let mut press = Press::new();
    let declared = |press: &Press| {
        let all = vigie::archive::replay(&press.data().join(vigie::crawl::run::ARCHIVE), None).expect("an archive");
        all.filter(|step| matches!(step, Ok((Observation::Declared(_), _, _))))
            .count()
    };
    press.next_night();
    press.next_night();
    assert_eq!(declared(&press), 1, "nothing changed");
    // Taken out of sources.toml: told once, and its rows stay.
    press.config = press.without("tirage-fr");
    press.next_night();
    press.next_night();
    assert_eq!(declared(&press), 2);
    assert_eq!(
        value(&press.data(), "SELECT declared FROM source WHERE id = 'tirage-fr'"),
        "0"
    );
    assert_eq!(
        value(&press.data(), "SELECT count(*) FROM look WHERE source = 'tirage-fr'"),
        "2"
    );
}

#[test]
fn rules_that_are_long_or_do_not_unpack_bind() {
    let mut press = Press::new();
    press.dawn();
    // RFC 9309 §2.5: 500 KiB are read, whatever follows; and what cannot be read is a refusal (§2.3.1.4).
    let long = format!("User-agent: *\nDisallow: /news/\n{}", "# and so on\n".repeat(60_000));
    press.server.put("gazette.example", "/robots.txt", Reply::text(&long));
    press
        .server
        .put("sinmun.example", "/robots.txt", Reply::text(&long).gzip());
    let broken = Reply::text("User-agent: *\nDisallow:\n".repeat(99))
        .gzip()
        .shortened(40);
    press.server.put("courrier.example", "/robots.txt", broken);
    press.crawl();
    let asked = rows(
        &press.data(),
        "SELECT DISTINCT source, outcome, error FROM fetch WHERE kind = 'page'
            AND source IN ('gazette-en', 'sinmun-ko', 'courrier-fr') ORDER BY 1",
    );
    assert_eq!(
        asked,
        [
            "courrier-fr | robots_unreachable | robots.txt is out of reach",
            "gazette-en | robots_disallow | Disallow: /news/",
            "sinmun-ko | robots_disallow | Disallow: /news/",
        ]
    );
}

#[test]
fn a_summary_has_the_keys_that_scripts_rely_on() {
    let mut press = Press::new();
    let summary = serde_json::to_value(press.next_night()).expect("JSON");
    let keys = |value: &Value| -> BTreeSet<String> {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, _)| k.clone())
            .collect()
    };
    let promised = [
        "run",
        "sources",
        "ok",
        "failed",
        "looks",
        "new",
        "changed",
        "gone",
        "duplicates",
        "gaps",
        "bytes",
        "seconds",
        "per_source",
    ];
    for key in promised {
        assert!(keys(&summary).contains(key), "{key}");
    }
    let lines = summary["per_source"].as_array().expect("a list");
    for key in ["id", "outcome", "verdict", "listed", "new", "changed", "gone", "error"] {
        assert!(lines.iter().all(|line| keys(line).contains(key)), "{key}");
    }
    let outcomes: BTreeMap<&str, (&str, &str)> = lines
        .iter()
        .filter_map(|line| {
            Some((
                line["id"].as_str()?,
                (line["outcome"].as_str()?, line["verdict"].as_str()?),
            ))
        })
        .collect();
    assert_eq!(outcomes["courrier-fr"], ("ok", "ok"));
    assert_eq!(outcomes["panne-fr"], ("http_error", "down"));
}
