//! What publishers reserve, honoured on the way: whole crawls of small sites, then what was asked for and what was kept.

mod common;

use std::fs;

use common::press::rows;
use common::program::Desk;
use common::{Reply, SiteServer};
use serde_json::Value;

const HOST: &str = "gazette.example";
/// Invented words that stand in the body alone, never in the feed.
const BODY: &str = "The lanterns of the old harbour were counted twice before the council had its supper";

struct Town {
    server: SiteServer,
    desk: Desk,
}

impl Town {
    /// One outlet with a feed of two articles, `/open` and `/kept`; `more` are further lines of its declaration.
    fn new(more: &str) -> Town {
        let (server, desk) = (SiteServer::start(), Desk::new());
        let item = |name: &str| {
            format!(
                "<item><title>Harbour news of {name}</title><link>http://{HOST}/{name}</link><description>A teaser of \
                 {name}.</description><pubDate>Sun, 01 Mar 2026 08:00:00 +0000</pubDate></item>"
            )
        };
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Gazette</title><link>http://{HOST}/</link><description>News\
             </description>{}{}</channel></rss>",
            item("open"),
            item("kept")
        );
        server.put(HOST, "/rss.xml", Reply::xml(feed));
        server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
        server.put(HOST, "/open", page("open", ""));
        server.put(HOST, "/kept", page("kept", ""));
        desk.write(
            "sources.toml",
            format!(
                "[crawler]\ncontact = \"https://vigie.example/tests\"\n\n[[source]]\nid = \"gazette\"\nname = \"Gazette\"\n\
                 home = \"http://{HOST}/\"\ncountry = \"GB\"\nlang = \"en\"\nownership = \"private\"\nkind = \"press\"\n\
                 timezone = \"UTC\"\nfeeds = [\"http://{HOST}/rss.xml\"]\n{more}"
            ),
        );
        Town { server, desk }
    }

    /// A crawl at a time of day of 2026-03, and every path that it asked for.
    fn crawl(&self, now: &str) -> Vec<String> {
        self.server.take_hits();
        let ended = self.desk.crawl(&self.server, now, &["--json"]);
        assert!(matches!(ended.code, Some(0 | 3)), "{ended:?}");
        self.server.take_hits().into_iter().map(|hit| hit.path).collect()
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.desk.data(), sql)
    }

    fn fetches(&self) -> Vec<String> {
        self.rows("SELECT url, outcome, reservations FROM fetch WHERE kind = 'page' ORDER BY url, id")
    }

    /// Does the words of a page's body stand anywhere: in the archive, in the database?
    fn keeps_body_of(&self, name: &str) -> bool {
        let words = format!("{BODY} at {name}");
        let stored = self
            .rows("SELECT text FROM version")
            .iter()
            .any(|body| body.contains(&words));
        stored || self.archive().contains(&words)
    }

    fn archive(&self) -> String {
        let mut all = String::new();
        let mut folders = vec![self.desk.data()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
            {
                if entry.is_dir() {
                    folders.push(entry);
                } else if entry.to_string_lossy().ends_with(".warc.gz") {
                    let packed = fs::File::open(entry).expect("an archive file");
                    let mut bytes = Vec::new();
                    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(packed), &mut bytes)
                        .expect("gzip");
                    all.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
        }
        all
    }

    /// The rows that a rebuild from the archive alone must give again.
    fn state(&self) -> Vec<String> {
        let mut all = self.fetches();
        all.extend(
            self.rows(
                "SELECT origin, outcome, status, CAST(body AS TEXT), unreachable_since FROM robots ORDER BY origin",
            ),
        );
        all.extend(self.rows("SELECT form, url, digest FROM page ORDER BY id"));
        all.extend(self.rows(
            "SELECT a.id, a.url, v.title, v.text FROM article a JOIN version v ON v.article = a.rowid ORDER BY 2",
        ));
        all
    }

    fn rebuilt(&self) -> Vec<String> {
        let ended = self.desk.run(&["doctor", "--rebuild"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        self.state()
    }
}

fn page(name: &str, head: &str) -> Reply {
    let words = "Nobody slept, and the ferries waited at the quay with their lamps out until the morning bell. ";
    Reply::html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Harbour news of {name}</title>{head}</head><body><main><article>\
         <h1>Harbour news of {name}</h1><p>{BODY} at {name}.</p><p>{}</p><p>{}</p></article></main></body></html>",
        words.repeat(4),
        words.repeat(3)
    ))
}

/// Only `/kept` is reserved, found after asking for it.
#[track_caller]
fn kept_off_after_reading(town: &Town, word: &str) {
    let asked = town.crawl("2026-03-01T09:00:00Z");
    assert!(asked.contains(&"/kept".to_owned()), "{asked:?}");
    kept_off(town, word);
    assert!(
        town.archive().contains("WARC-Truncated: unspecified"),
        "the head is kept"
    );
}

#[track_caller]
fn kept_off(town: &Town, word: &str) {
    assert_eq!(
        town.fetches(),
        [
            format!("http://{HOST}/kept | reserved | [\"{word}\"]"),
            format!("http://{HOST}/open | ok | -")
        ]
    );
    assert!(town.keeps_body_of("open") && !town.keeps_body_of("kept"));
    // Title and teaser of the listing remain, and searching finds them.
    let found = town.desk.run(&["query", "teaser kept", "--json"]);
    let found: Value = serde_json::from_str(&found.out).expect("JSON");
    assert_eq!(found["articles"][0]["title"], "Harbour news of kept", "{found}");
    let before = town.state();
    assert_eq!(town.rebuilt(), before);
}

#[test]
fn a_header_reserves_text_and_data_mining() {
    let town = Town::new("");
    town.server
        .put(HOST, "/kept", page("kept", "").header("TDM-Reservation", "1"));
    kept_off_after_reading(&town, "tdm-reservation");
    // It is settled: the next nights do not ask again.
    assert!(!town.crawl("2026-03-02T09:00:00Z").contains(&"/kept".to_owned()));
}

#[test]
fn a_meta_tag_reserves_text_and_data_mining() {
    let town = Town::new("");
    town.server.put(
        HOST,
        "/kept",
        page("kept", "<meta name=\"tdm-reservation\" content=\"1\">").gzip(),
    );
    kept_off_after_reading(&town, "tdm-reservation");
}

#[test]
fn no_archive_means_no_copy() {
    let town = Town::new("");
    town.server.put(
        HOST,
        "/kept",
        page("kept", "<meta name=\"ROBOTS\" content=\"index, NOARCHIVE\">"),
    );
    kept_off_after_reading(&town, "noarchive");
    let town = Town::new("");
    town.server.put(
        HOST,
        "/kept",
        page("kept", "").header("X-Robots-Tag", "otherbot: nosnippet, vigie: noarchive"),
    );
    kept_off_after_reading(&town, "noarchive");
}

#[test]
fn usage_preferences_against_search_are_kept() {
    let town = Town::new("");
    town.server
        .put(HOST, "/kept", page("kept", "").header("Content-Usage", "bots=n"));
    kept_off_after_reading(&town, "content-usage: bots=n");
    let town = Town::new("");
    town.server
        .put(HOST, "/kept", page("kept", "").header("Content-Signal", "search=no"));
    kept_off_after_reading(&town, "content-signal: search=no");
}

#[test]
fn what_concerns_us_not_is_recorded_only() {
    let town = Town::new("");
    let reply = page(
        "kept",
        "<meta name=\"robots\" content=\"noindex\"><meta name=\"otherbot\" content=\"noarchive\">",
    );
    town.server.put(
        HOST,
        "/kept",
        reply
            .header("Content-Usage", "train-ai=n")
            .header("X-Robots-Tag", "otherbot: noarchive"),
    );
    town.crawl("2026-03-01T09:00:00Z");
    assert_eq!(
        town.fetches()[0],
        format!("http://{HOST}/kept | ok | [\"content-usage: train-ai=n\",\"noindex\"]")
    );
    assert!(town.keeps_body_of("kept"));
    let before = town.state();
    assert_eq!(town.rebuilt(), before);
}

#[test]
fn a_source_may_be_set_to_record_only() {
    let town = Town::new("reservations = \"record\"\n");
    town.server
        .put(HOST, "/kept", page("kept", "").header("tdm-reservation", "1"));
    town.crawl("2026-03-01T09:00:00Z");
    assert_eq!(
        town.fetches()[0],
        format!("http://{HOST}/kept | ok | [\"tdm-reservation\"]")
    );
    assert!(town.keeps_body_of("kept"));
}

#[test]
fn the_file_of_the_origin_is_asked_for_once_a_day_and_its_pages_not_at_all() {
    let town = Town::new("");
    let file = r#"[{"location": "/kept", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]"#;
    town.server.put(HOST, "/.well-known/tdmrep.json", Reply::text(file));
    let asked = town.crawl("2026-03-01T09:00:00Z");
    let count = |asked: &[String], path: &str| asked.iter().filter(|hit| *hit == path).count();
    assert_eq!(count(&asked, "/.well-known/tdmrep.json"), 1, "{asked:?}");
    assert_eq!((count(&asked, "/kept"), count(&asked, "/open")), (0, 1));
    kept_off(&town, "tdm-reservation");
    assert_eq!(
        town.rows("SELECT kind, count(*) FROM fetch GROUP BY kind ORDER BY kind"),
        ["page | 2", "robots | 1", "tdmrep | 1"]
    );
    let hours_later = town.crawl("2026-03-01T20:00:00Z");
    assert_eq!(count(&hours_later, "/.well-known/tdmrep.json"), 0, "{hours_later:?}");
}

#[test]
fn a_file_out_of_reach_leaves_its_last_word_in_force() {
    let town = Town::new("");
    let reserve = |path: &str| format!(r#"[{{"location": "{path}", "tdm-reservation": 1}}]"#);
    town.server
        .put(HOST, "/.well-known/tdmrep.json", Reply::text(reserve("/kept")));
    town.server.put(HOST, "/open", Reply::status(503));
    town.crawl("2026-03-01T09:00:00Z");
    town.server.put(HOST, "/.well-known/tdmrep.json", Reply::status(503));
    town.server.put(HOST, "/open", page("open", ""));
    let asked = town.crawl("2026-03-02T10:00:00Z");
    assert!(
        asked.contains(&"/.well-known/tdmrep.json".to_owned()) && asked.contains(&"/open".to_owned()),
        "{asked:?}"
    );
    assert!(!asked.contains(&"/kept".to_owned()));
}

#[test]
fn usage_lines_of_robots_txt_bind_where_they_stand() {
    let town = Town::new("");
    let robots = "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: bots=y\n\
                  Content-Usage: /kept bots=n\nAllow: /\n";
    town.server.put(HOST, "/robots.txt", Reply::text(robots));
    let asked = town.crawl("2026-03-01T09:00:00Z");
    assert!(!asked.contains(&"/kept".to_owned()), "{asked:?}");
    assert_eq!(
        town.fetches(),
        [
            format!("http://{HOST}/kept | reserved | [\"content-signal: ai-train=no\",\"content-usage: bots=n\"]"),
            format!("http://{HOST}/open | ok | [\"content-signal: ai-train=no\"]")
        ]
    );
}

#[test]
fn robots_txt_out_of_reach_binds_for_thirty_days() {
    let town = Town::new("");
    town.server.put(HOST, "/robots.txt", Reply::status(503));
    let asked_for_pages = |now: &str| town.crawl(now).contains(&"/open".to_owned());
    assert!(!asked_for_pages("2026-03-01T09:00:00Z"));
    // Announced anew, since links of two weeks ago are no longer tried.
    let feed = "<rss version=\"2.0\"><channel><title>G</title><item><title>Harbour news of open</title>\
                <link>http://gazette.example/open?2</link></item></channel></rss>";
    town.server.put(HOST, "/open?2", page("open", ""));
    town.server.put(HOST, "/rss.xml", Reply::xml(feed));
    assert!(!town.crawl("2026-03-30T09:00:00Z").contains(&"/open?2".to_owned()));
    let after = town.crawl("2026-03-31T10:00:00Z");
    assert!(after.contains(&"/open?2".to_owned()), "{after:?}");
    let before = town.state();
    assert_eq!(town.rebuilt(), before);
}
