//! What an earlier run left, and what grows behind an unchanged page: found again by the next crawl.

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::press::{rows, value};
use common::{Reply, SiteServer};
use tokio_util::sync::CancellationToken;
use vigie::clock::Clock;
use vigie::config::{Config, builtin, sources};
use vigie::crawl::run::{self, Order};
use vigie::crawl::{import, summary::Summary};
use vigie::fetch::{Client, Options, ResolveMap};
use vigie::store::Store;

const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/tests"

[[source]]
id = "index-en"
name = "The Index"
home = "http://index.example/"
country = "GB"
lang = "en"
ownership = "private"
kind = "press"
timezone = "Europe/London"
sitemaps = ["http://index.example/index.xml"]
"#;

fn config() -> Config {
    let built_in = builtin::config().expect("shipped configuration");
    let file = sources::parse("sources.toml", SOURCES).unwrap_or_else(|errors| panic!("{errors}"));
    Config::new(file, built_in.topics, built_in.lexicon)
}

fn crawl(server: &SiteServer, data: &Path, now: &str) -> Summary {
    let config = Arc::new(config());
    run::run(Order {
        data: data.to_owned(),
        sources: config.sources.clone(),
        config,
        client: Client::new(Options {
            user_agent: "vigie/test".to_owned(),
            resolve: ResolveMap::every(server.addr()),
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
    .unwrap_or_else(|error| panic!("{error}"))
}

fn child(articles: &[u32]) -> Reply {
    let urls: String = articles
        .iter()
        .map(|n| format!("<url><loc>http://index.example/a/{n}</loc><lastmod>2026-03-0{n}</lastmod></url>"))
        .collect();
    Reply::xml(format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
    ))
}

fn article(n: u32) -> Reply {
    Reply::html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Piece {n} of the index</title></head><body><article><h1>Piece {n} of the index</h1>\
         <p>The {n}. piece tells of a bridge that was opened on a rainy morning before {n}0 guests and a band.</p>\
         <p>A speaker thanked the builders, and the first tram crossed at noon, somewhat late.</p></article></body></html>"
    ))
}

/// The index itself says the same every night: by its bytes, or by a 304.
fn unchanged_index(index: Reply) {
    let server = SiteServer::start();
    let folder = tempfile::tempdir().expect("a folder");
    server.put("index.example", "/index.xml", index);
    server.put("index.example", "/march.xml", child(&[1]));
    for n in 1..=2 {
        server.put("index.example", &format!("/a/{n}"), article(n));
    }
    assert_eq!(crawl(&server, folder.path(), "2026-03-01T12:00:00Z").new, 1);
    server.put("index.example", "/march.xml", child(&[1, 2]));
    let second = crawl(&server, folder.path(), "2026-03-02T12:00:00Z");
    assert_eq!(second.new, 1, "{second:?}");
    let looks = rows(
        folder.path(),
        "SELECT l.url || ' ' || k.outcome FROM look k JOIN listing l ON l.id = k.listing ORDER BY k.id",
    );
    assert_eq!(looks.len(), 4, "{looks:?}");
}

fn index() -> Reply {
    Reply::xml(
        "<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
         <sitemap><loc>http://index.example/march.xml</loc></sitemap></sitemapindex>",
    )
}

#[test]
fn a_child_that_grows_behind_an_index_of_the_same_bytes_is_looked_at() {
    unchanged_index(index());
}

#[test]
fn a_child_that_grows_behind_an_index_with_validators_is_looked_at() {
    unchanged_index(index().etag("\"forever\""));
}

#[test]
fn a_crawl_derives_what_an_interrupted_import_left() {
    let server = SiteServer::start();
    server.put("index.example", "/index.xml", index());
    server.put("index.example", "/march.xml", child(&[1]));
    server.put("index.example", "/a/1", article(1));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.jsonl");
    let lines: Vec<String> = (0..5)
        .map(|n| format!("{{\"url\": \"http://elsewhere.example/{n}\", \"title\": \"Row {n}\", \"text\": \"A short text of row {n}, which says little.\"}}"))
        .collect();
    std::fs::write(&file, lines.join("\n")).expect("rows");
    let data = folder.path().join("data");
    let clock = Clock::manual("2026-03-01T08:00:00Z".parse().expect("a moment"));
    import::run(&data, &config(), &clock, &[file], None, &|_| {}).unwrap_or_else(|error| panic!("{error}"));
    // As if the import had died after the rows were archived and before they were read.
    let mut store = Store::open(&data).expect("the store");
    store.batch(|batch| batch.forget_derived()).expect("nothing derived");
    assert_eq!(store.undigested_count().expect("a count"), 5);
    drop(store);
    crawl(&server, &data, "2026-03-01T12:00:00Z");
    assert_eq!(
        value(&data, "SELECT count(*) FROM article WHERE source = 'elsewhere-example'"),
        "5"
    );
}
