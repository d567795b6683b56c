//! `kill -9` in the middle of a crawl, and the next crawl: nothing lost, nothing doubled.

mod common;

use std::time::{Duration, Instant};

use common::press::{rows, value};
use common::program::{self, Desk, Ended};
use common::{SiteServer, shelf};
use vigie::crawl::check;
use vigie::store::Store;

/// How many kills: `VIGIE_TEST_KILLS`, few by default.
fn kills() -> usize {
    number("VIGIE_TEST_KILLS", 8)
}

/// Pages on each host: `VIGIE_TEST_PAGES`, few by default.
fn pages() -> usize {
    number("VIGIE_TEST_PAGES", 15)
}

/// For each host robots.txt, the feed, the pages.
fn requests() -> usize {
    shelf::HOSTS * (pages() + 2)
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn crawl(server: &SiteServer, hour: usize) -> Vec<String> {
    let mut args = program::crawl(server, &format!("2026-03-02T{hour:02}:00:00Z"));
    args.push("--json".to_owned());
    args
}

fn run(desk: &Desk, args: &[String]) -> Ended {
    desk.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Kills a crawl as soon as the server has had so many requests of it, or at once. Says whether it was still running.
fn killed(desk: &Desk, server: &SiteServer, hour: usize, after: usize, pause: Duration) -> bool {
    server.take_hits();
    let args = crawl(server, hour);
    let mut running = desk.start(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let patience = Instant::now() + Duration::from_secs(30);
    while server.hits().len() < after && running.is_running() {
        assert!(
            Instant::now() < patience,
            "the crawl stands still at {} requests",
            server.hits().len()
        );
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(pause);
    running.kill().code.is_none()
}

/// Nothing lost, nothing doubled, and every row's record is in its place.
fn assert_whole(desk: &Desk, when: &str) {
    let data = desk.data();
    let announced = (shelf::HOSTS * pages()).to_string();
    for (sql, expected) in [
        ("SELECT count(*) FROM link", announced.as_str()),
        ("SELECT count(*) FROM article", &announced),
        ("SELECT count(DISTINCT source || url) FROM article", &announced),
        ("SELECT count(*) FROM article WHERE text_access = 'full'", &announced),
        ("SELECT count(*) FROM version", &announced),
        ("SELECT count(*) FROM article_url", &announced),
        (
            "SELECT count(*) FROM link WHERE fetches = 1 AND attempts = 1",
            &announced,
        ),
        ("SELECT count(*) FROM page WHERE form = 'response'", &announced),
        ("SELECT count(*) FROM page WHERE form = 'listing_item'", &announced),
        ("SELECT count(*) FROM page WHERE digested IS NULL", "0"),
        ("SELECT count(*) FROM article_topic", "0"),
        (
            "SELECT count(*) FROM search WHERE search MATCH 'harbour OR lantern OR market'",
            &announced,
        ),
    ] {
        assert_eq!(value(&data, sql), expected, "{when}: {sql}");
    }
    let reader = Store::reader(&data).expect("a reader");
    let found = check::check(&reader, &data, &|_| {}).expect("a check");
    assert!(found.healthy() && found.undigested == 0, "{when}: {found:?}");
}

#[test]
fn a_killed_crawl_loses_and_doubles_nothing() {
    let server = SiteServer::start();
    shelf::fill(&server, pages());
    let (mut kills_made, mut recovered, mut slowest) = (0, 0, Duration::ZERO);
    for kill in 0..kills() {
        let desk = Desk::new();
        shelf::declare(desk.path());
        // Over the whole of the crawl, and each time a little later after the request was seen.
        let after = 1 + requests() * kill / kills();
        let pause = Duration::from_micros((kill as u64 * 1_700) % 12_000);
        let was_running = killed(&desk, &server, 3, after, pause);
        kills_made += usize::from(was_running);
        let when = format!("killed after {after} requests and {pause:?}");
        // What was acknowledged is there before anything is mended.
        if desk.data().join("vigie.db").exists()
            && let Ok(reader) = Store::reader(&desk.data())
        {
            reader.integrity().unwrap_or_else(|error| panic!("{when}: {error}"));
            let found = check::check(&reader, &desk.data(), &|_| {}).expect("a check");
            assert_eq!(found.rows_without_record, 0, "{when}: {found:?}");
        }
        let again = run(&desk, &crawl(&server, 10));
        assert_eq!(again.code, Some(0), "{when}: {}", again.err);
        recovered += usize::from(again.err.contains("the last run was cut off"));
        slowest = slowest.max(again.took);
        assert_whole(&desk, &when);
        assert_eq!(
            value(&desk.data(), "SELECT count(*) FROM run WHERE finished_at IS NULL"),
            (rows(&desk.data(), "SELECT 1 FROM run").len() - 1).to_string(),
            "{when}"
        );
    }
    assert!(
        kills_made * 4 >= kills() * 3,
        "only {kills_made} of {} crawls were killed under way",
        kills()
    );
    println!(
        "{kills_made} kills over a crawl of {} requests: 0 lost, 0 doubled, integrity ok; {recovered} recoveries \
         from the archive, slowest second crawl {:.1} s",
        requests(),
        slowest.as_secs_f64()
    );
}

#[test]
fn one_store_survives_kill_after_kill() {
    let server = SiteServer::start();
    shelf::fill(&server, pages());
    let desk = Desk::new();
    shelf::declare(desk.path());
    let mut made = 0;
    for kill in 0..kills() {
        // Some come before the first request: in the middle of opening and recovering.
        let (after, pause) = if kill % 3 == 2 {
            (0, Duration::from_millis(5 + 9 * kill as u64 % 60))
        } else {
            (
                1 + requests() / (kills() + 1),
                Duration::from_micros(kill as u64 * 900 % 5_000),
            )
        };
        made += usize::from(killed(&desk, &server, 2 + kill % 8, after, pause));
    }
    let last = run(&desk, &crawl(&server, 20));
    assert_eq!(last.code, Some(0), "{}", last.err);
    assert_whole(&desk, "after all kills");
    println!("{made} kills of one store: 0 lost, 0 doubled, integrity ok");
}
