//! What may be claimed of two small papers, and what may not: a copy only where the order is known, a silence only where
//! nothing can have scrolled past.

mod common;
#[path = "common/run.rs"]
mod program;

use std::sync::Arc;
use std::time::Duration;

use common::press::{rows, value};
use common::{Reply, SiteServer};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use vigie::clock::Clock;
use vigie::config::{Config, builtin, sources};
use vigie::crawl::run::{self, Order};
use vigie::fetch::{Client, Options, ResolveMap};

const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/tests"

[[source]]
id = "one-en"
name = "The One"
home = "http://one.example/"
country = "GB"
lang = "en"
ownership = "private"
kind = "press"
timezone = "UTC"
feeds = ["http://one.example/rss.xml"]

[[source]]
id = "two-en"
name = "The Two"
home = "http://two.example/"
country = "GB"
lang = "en"
ownership = "private"
kind = "press"
timezone = "UTC"
feeds = ["http://two.example/rss.xml"]
"#;

/// Address, headline, date as the feed writes it (nothing where it writes none), teaser.
type Item<'a> = (&'a str, &'a str, &'a str, &'a str);

struct Papers {
    server: SiteServer,
    folder: TempDir,
}

impl Papers {
    fn new() -> Papers {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("sources.toml"), SOURCES).expect("sources.toml");
        let papers = Papers {
            server: SiteServer::start(),
            folder,
        };
        papers.feed("one.example", &[]);
        papers.feed("two.example", &[]);
        papers
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn feed(&self, host: &str, items: &[Item<'_>]) {
        self.server.put(host, "/rss.xml", Reply::xml(feed(host, items)));
    }

    /// The page of an article, and the words that all papers print.
    fn page(&self, host: &str, path: &str, title: &str) {
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title></head><body><article><h1>{title}</h1>\
             <p>The envoy left the capital on a grey morning and said that the talks about a cultural office had been \
             frank, long and useful, and that both sides would meet again before the spring.</p>\
             <p>A spokesman thanked him for the visit and named neither a day nor a place for the next round, but the \
             band played twice and the flags stayed up until the evening.</p></article></body></html>"
        );
        self.server.put(host, path, Reply::html(html));
    }

    fn look(&self, now: &str) {
        let built_in = builtin::config().expect("shipped configuration");
        let file = sources::parse("sources.toml", SOURCES).unwrap_or_else(|errors| panic!("{errors}"));
        let config = Arc::new(Config::new(file, built_in.topics, built_in.lexicon));
        run::run(Order {
            data: self.data(),
            sources: config.sources.clone(),
            config,
            client: Client::new(Options {
                user_agent: "vigie/test".to_owned(),
                resolve: ResolveMap::every(self.server.addr()),
                allow_private: true,
                ..Options::default()
            })
            .expect("a client"),
            clock: Arc::new(Clock::manual(now.parse().expect("a moment"))),
            delay: Some(Duration::ZERO),
            may_be_offline: false,
            cancel: CancellationToken::new(),
            events: Arc::new(|_| {}),
        })
        .unwrap_or_else(|error| panic!("{error}"));
    }

    fn vigie(&self, args: &[&str]) -> String {
        let mut command = program::command();
        command.current_dir(self.folder.path());
        let ran = command
            .args(["--now", "2009-12-20T00:00Z"])
            .args(args)
            .output()
            .expect("the program starts");
        let (out, err) = (ran.stdout, String::from_utf8_lossy(&ran.stderr).into_owned());
        // 4: nothing was found.
        assert!(matches!(ran.status.code(), Some(0 | 4)), "{err}");
        String::from_utf8(out).expect("UTF-8")
    }

    fn compare(&self, query: &str, since: &str, until: &str) -> Value {
        let args = ["compare", query, "--since", since, "--until", until, "--format", "json"];
        serde_json::from_str(&self.vigie(&args)).expect("JSON")
    }
}

fn feed(host: &str, items: &[Item<'_>]) -> String {
    let item = |(path, title, date, teaser): &Item<'_>| {
        let date = match date.is_empty() {
            true => String::new(),
            false => format!("<dc:date>{date}</dc:date>"),
        };
        let teaser = match teaser.is_empty() {
            true => String::new(),
            false => format!("<description>{teaser}</description>"),
        };
        format!("<item><title>{title}</title><link>http://{host}{path}</link>{teaser}{date}</item>\n")
    };
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{host}</title>\
         <link>http://{host}/</link><description>{host}</description>\n{}</channel></rss>",
        items.iter().map(item).collect::<String>()
    )
}

fn row<'a>(comparison: &'a Value, source: &str) -> &'a Value {
    let rows = comparison["sources"].as_array().expect("rows");
    let found = rows.iter().find(|row| row["source_id"] == source);
    found.unwrap_or_else(|| panic!("{source} in {comparison:#}"))
}

/// Both papers print the same words, with these dates.
fn copies(one: &str, two: &str) -> (Papers, Value) {
    let papers = Papers::new();
    let title = "Jack Lang in Pyongyang";
    for host in ["one.example", "two.example"] {
        papers.page(host, "/lang", title);
    }
    papers.look("2009-12-15T18:30:00Z");
    papers.feed("one.example", &[("/lang", title, one, "The envoy left.")]);
    papers.feed("two.example", &[("/lang", title, two, "The envoy left.")]);
    papers.look("2009-12-16T18:30:00Z");
    let comparison = papers.compare("\"Jack Lang\"", "2009-12-15", "2009-12-18");
    (papers, comparison)
}

#[test]
fn who_copied_is_said_where_it_is_known_who_was_first() {
    let (papers, comparison) = copies("2009-12-16T05:30:00Z", "2009-12-16T07:30:00Z");
    assert_eq!(row(&comparison, "two-en")["reuse_of"], "one-en");
    assert_eq!(row(&comparison, "two-en")["n_reprint"], 1);
    assert_eq!(comparison["lineage"][0]["order"], "time");
    assert_eq!(comparison["lineage"][0]["lag_min_minutes"], 120);
    assert_eq!(comparison["reuse"][0]["cell"], "uncredited_copied");
    let reprint = "SELECT a.source, o.source FROM article a JOIN article o ON o.rowid = a.reprint_of";
    assert_eq!(rows(&papers.data(), reprint), ["two-en | one-en"]);
}

#[test]
fn nobody_is_called_a_copy_where_the_order_is_open() {
    for (one, two) in [
        ("2009-12-16T05:30:00Z", "2009-12-16T05:30:00Z"),
        // The day holds the minute.
        ("2009-12-16T05:30:00Z", "2009-12-16"),
        ("2009-12-16", "2009-12-16T05:30:00Z"),
        ("2009-12-16", "2009-12-16"),
    ] {
        let (papers, comparison) = copies(one, two);
        for source in ["one-en", "two-en"] {
            let row = row(&comparison, source);
            assert_eq!(row["reuse_of"], Value::Null, "{one} and {two}: {row:#}");
            assert_eq!((&row["n_original"], &row["n_reprint"]), (&1.into(), &0.into()));
        }
        let lineage = comparison["lineage"].as_array().expect("edges");
        assert_eq!(lineage.len(), 1, "{lineage:#?}");
        assert_eq!(lineage[0]["order"], "open");
        assert_eq!(
            (&lineage[0]["copied"], &lineage[0]["credited"]),
            (&false.into(), &false.into())
        );
        assert_eq!(comparison["reuse"].as_array().expect("cells").len(), 0);
        let limits = comparison["limits"].to_string();
        assert!(limits.contains("who had it first cannot be told"), "{limits}");
        assert_eq!(
            value(
                &papers.data(),
                "SELECT count(*) FROM article WHERE reprint_of IS NOT NULL"
            ),
            "0"
        );
        let table = papers.vigie(&[
            "compare",
            "\"Jack Lang\"",
            "--since",
            "2009-12-15",
            "--until",
            "2009-12-18",
        ]);
        assert!(table.contains("100% as ") && !table.contains("% of #"), "{table}");
    }
}

/// Three days of looks at what the first paper lists on each, with teasers.
fn listings(days: &[&[&str]]) -> Papers {
    let papers = Papers::new();
    for (n, day) in days.iter().enumerate() {
        let titles: Vec<(String, String)> = day
            .iter()
            .map(|key| (format!("/{key}"), format!("The envoy and the story {key}")))
            .collect();
        let items: Vec<Item<'_>> = titles
            .iter()
            .map(|(path, title)| (path.as_str(), title.as_str(), "", "A teaser of some length."))
            .collect();
        papers.feed("one.example", &items);
        papers.look(&format!("2009-12-{}T06:00:00Z", 10 + n));
    }
    papers
}

fn continuity(papers: &Papers) -> Vec<String> {
    let sql = "SELECT continuity || ' ' || verdict FROM look WHERE source = 'one-en' ORDER BY id";
    rows(&papers.data(), sql)
}

#[test]
fn an_empty_listing_is_no_look_however_often_it_is_the_same() {
    let papers = listings(&[&["a", "b"], &[], &[], &["c", "a", "b"]]);
    assert_eq!(
        continuity(&papers),
        ["first ok", "unknown empty", "unknown empty", "overlap ok"]
    );
    let papers = listings(&[&["a", "b"], &[], &[], &[]]);
    let comparison = papers.compare("kakapo", "2009-12-10", "2009-12-14");
    assert_eq!(row(&comparison, "one-en")["status"], "unknown");
    assert_eq!(row(&comparison, "one-en")["looks_ok"], 1);
}

#[test]
fn a_listing_that_breaks_off_is_seen_in_part() {
    let papers = listings(&[&["a", "b"]]);
    let whole = feed(
        "one.example",
        &[("/c", "C", "", "C."), ("/a", "A", "", "A."), ("/b", "B", "", "B.")],
    );
    let half = &whole[..whole.find("/b<").expect("the last item")];
    papers.server.put("one.example", "/rss.xml", Reply::xml(half));
    papers.look("2009-12-11T06:00:00Z");
    papers.look("2009-12-12T06:00:00Z");
    // The same half again is no more.
    assert_eq!(continuity(&papers), ["first ok", "overlap in-part", "overlap in-part"]);
    let comparison = papers.compare("kakapo", "2009-12-10T05:00Z", "2009-12-12T07:00Z");
    let row = row(&comparison, "one-en");
    assert_eq!(
        (&row["status"], &row["silence_grade"]),
        (&"silent".into(), &"C".into()),
        "{row:#}"
    );
}

#[test]
fn what_is_pinned_ties_no_looks_together() {
    for (what, days) in [
        (
            "pinned",
            [
                &["pin", "a", "b", "c"][..],
                &["pin", "d", "e", "f"],
                &["pin", "g", "h", "i"],
            ],
        ),
        (
            "evergreen",
            [
                &["a", "b", "c", "old"][..],
                &["d", "e", "f", "old"],
                &["g", "h", "i", "old"],
            ],
        ),
    ] {
        let papers = listings(&days);
        assert_eq!(
            continuity(&papers),
            ["first ok", "gap listing-gap", "gap listing-gap"],
            "{what}"
        );
    }
    let slow = listings(&[&["c", "b", "a"], &["c", "b", "a"], &["d", "c", "b"]]);
    assert_eq!(continuity(&slow), ["first ok", "overlap ok", "overlap ok"]);
}

#[test]
fn a_day_without_an_hour_reaches_back_past_no_look_of_that_day() {
    for (date, proven) in [("2009-12-10", "gap listing-gap"), ("2009-12-10T02:00:00Z", "dates ok")] {
        let papers = Papers::new();
        papers.feed(
            "one.example",
            &[("/a", "A", "2009-12-10", "A."), ("/b", "B", "2009-12-10", "B.")],
        );
        papers.look("2009-12-10T06:00:00Z");
        papers.feed(
            "one.example",
            &[("/c", "C", "2009-12-10T16:00:00Z", "C."), ("/d", "D", date, "D.")],
        );
        papers.look("2009-12-10T18:00:00Z");
        assert_eq!(continuity(&papers), ["first ok", proven], "{date}");
    }
}

#[test]
fn bare_headlines_are_not_all_that_can_be_searched() {
    let papers = Papers::new();
    for (n, key) in ["a", "b", "c"].into_iter().enumerate() {
        let title = format!("Jack Lang and the story {key}");
        papers.feed(
            "one.example",
            &[
                ("/pin", "Jack Lang", "2009-12-09", ""),
                (&format!("/{key}"), &title, "", ""),
            ],
        );
        papers.look(&format!("2009-12-{}T06:00:00Z", 10 + n));
    }
    let comparison = papers.compare("\"Jack Lang\" AND kakapo", "2009-12-10T05:00Z", "2009-12-12T07:00Z");
    let row = row(&comparison, "one-en");
    assert_eq!(row["items_searchable"], 0, "{row:#}");
    assert_ne!(row["silence_grade"], "A");
}
