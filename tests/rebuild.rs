//! The database is nothing but the archive's observations applied in order, and what follows from them: made anew, or
//! mended after a crash, it says the same.

mod common;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::Path;

use common::Reply;
use common::press::{Press, rows, value};
use tempfile::TempDir;
use vigie::crawl::check::{self, rebuild};
use vigie::crawl::rederive;
use vigie::crawl::run::{self, ARCHIVE, Event};
use vigie::store::{DATABASE, Store};

/// The observed half by natural keys, and with it the numbers that rows refer to each other by: looks, fetches and
/// pages are numbered in archive order, so even those must come out alike.
const OBSERVED: [(&str, &str); 10] = [
    ("source", "SELECT * FROM source ORDER BY id"),
    ("run", "SELECT * FROM run ORDER BY id"),
    ("archive_file", "SELECT name, committed FROM archive_file ORDER BY name"),
    (
        "listing",
        "SELECT source, kind, url, last_ok FROM listing ORDER BY source, url",
    ),
    (
        "look",
        "SELECT k.*, l.url FROM look k JOIN listing l ON l.id = k.listing ORDER BY k.id",
    ),
    (
        "link",
        "SELECT l.*, g.url FROM link l JOIN listing g ON g.id = l.claim_listing ORDER BY l.source, l.url_key",
    ),
    (
        "sighting",
        "SELECT l.source, l.url_key, s.first_look, s.position, s.last_look, s.left_look
            FROM sighting s JOIN link l ON l.id = s.link ORDER BY 1, 2, 3",
    ),
    ("fetch", "SELECT * FROM fetch ORDER BY id"),
    ("page", "SELECT * FROM page ORDER BY id"),
    ("robots", "SELECT * FROM robots ORDER BY origin"),
];

/// The derived half, by the names that other programs know: an article's row number may differ, nothing else.
const DERIVED: [(&str, &str); 7] = [
    (
        "article",
        "SELECT a.id, a.source, a.url, a.lang, a.script, a.title, a.standfirst, a.authors, a.published, a.published_min,
            a.published_max, a.published_claim, a.modified_claim, a.section, a.kind, a.credit, a.text_access,
            a.comments_state, a.comments_count, a.comments_signal, a.length_n, a.length_unit, a.digest, a.simhash,
            a.first_seen_at, a.last_seen_at, a.first_page, a.versions, a.gone_first_at, a.gone_at, o.id, a.reprint_share
            FROM article a LEFT JOIN article o ON o.rowid = a.reprint_of ORDER BY a.id",
    ),
    (
        "article_url",
        "SELECT u.source, u.url_key, a.id FROM article_url u JOIN article a ON a.rowid = u.article ORDER BY 1, 2",
    ),
    (
        "version",
        "SELECT a.id, v.n, v.page, v.seen_at, v.title, v.standfirst, v.text, v.text_access, v.digest, v.length_n
            FROM version v JOIN article a ON a.rowid = v.article ORDER BY 1, 2",
    ),
    (
        "band",
        "SELECT b.band, b.value, a.id FROM band b JOIN article a ON a.rowid = b.article ORDER BY 1, 2, 3",
    ),
    (
        "article_topic",
        "SELECT a.id, t.topic, t.hits FROM article_topic t JOIN article a ON a.rowid = t.article ORDER BY 1, 2",
    ),
    (
        "mention",
        "SELECT a.id, m.actor, m.hits FROM mention m JOIN article a ON a.rowid = m.article ORDER BY 1, 2",
    ),
    (
        "search",
        "SELECT a.id FROM search JOIN article a ON a.rowid = search.rowid WHERE search MATCH 'pont OR ferry OR accord'
            ORDER BY 1",
    ),
];

fn dump(data: &Path) -> Vec<(&'static str, Vec<String>)> {
    let all = OBSERVED.iter().chain(&DERIVED);
    all.map(|(table, sql)| (*table, rows(data, sql))).collect()
}

fn assert_same(before: &[(&str, Vec<String>)], after: &[(&str, Vec<String>)]) {
    for ((table, before), (_, after)) in before.iter().zip(after) {
        let (was, is): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
        let lost: Vec<_> = was.difference(&is).collect();
        let came: Vec<_> = is.difference(&was).collect();
        assert!(
            before == after,
            "{table}: {} rows before, {} after\nlost {lost:#?}\ncame {came:#?}",
            before.len(),
            after.len()
        );
    }
}

fn quiet(_: Event) {}

/// Seven nights, with the pages that make a digest think twice: one that fails first, one without words, one that
/// is announced with ever other dates, one edited after its teaser was.
fn seven_nights() -> Press {
    let mut press = Press::new();
    for night in 1..=7 {
        press.dawn();
        let server = &press.server;
        if night == 1 {
            server.put("gazette.example", "/news/ferry.html", Reply::status(500));
            server.put("sinmun.example", "/news/101.html", Reply::status(503));
        }
        if night == 2 {
            let old = "<rss version=\"2.0\"><channel><title>D</title><link>http://depeche.example/</link>\
                <description>D</description><item><title>La neige bloque quatre cols</title>\
                <link>http://depeche.example/d/neige.html</link><pubDate>Sun, 01 Mar 2026 19:00:00 +0000</pubDate></item>\
                </channel></rss>";
            server.put("depeche.example", "/rss.xml", Reply::xml(old));
        }
        if night >= 6 {
            // "Updated", it says; the page has not changed.
            let updated = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>G</title><id>g</id><entry><title>Regatta \
                committee draws up rules</title><id>r</id><link href=\"http://gazette.example/news/regatta.html\"/>\
                <updated>2026-03-06T23:00:00Z</updated></entry></feed>";
            server.put("gazette.example", "/atom.xml", Reply::xml(updated));
        }
        if night <= 3 {
            let pdf = Reply::new(200, b"%PDF-1.7 \x00").header("content-type", "application/pdf");
            server.put("courrier.example", "/2026/03/01/marche.html", pdf);
        }
        press.crawl();
    }
    press
}

#[test]
fn the_archive_alone_makes_the_same_database() {
    let press = seven_nights();
    let before = dump(&press.data());
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "nothing to compare in {table}");
    }
    let lock = run::lock(&press.data()).expect("the lock");
    let (replayed, previous) = rebuild(&lock, &press.data(), press.clock.now(), &|_| {}).expect("a rebuild");
    assert!(replayed.damage.is_empty(), "{:?}", replayed.damage);
    assert!(previous.expect("the old database is kept").is_file());
    rederive::of_rebuilt(lock, &press.data(), &press.config, &press.clock, &quiet).expect("a digest");
    assert_same(&before, &dump(&press.data()));
    assert_healthy(&press.data());
}

#[test]
fn everything_derived_anew_is_the_same_every_time() {
    let press = seven_nights();
    let before = dump(&press.data());
    let again = || {
        rederive::run(&press.data(), &press.config, &press.clock, true, &quiet).expect("a digest");
        let all = dump(&press.data());
        // Row numbers, too: they are given in archive order.
        let numbers = rows(
            &press.data(),
            "SELECT rowid, id, reprint_of FROM article ORDER BY rowid",
        );
        (all, numbers)
    };
    let (first, first_numbers) = again();
    let (second, second_numbers) = again();
    assert_same(&before, &first);
    assert_same(&first, &second);
    assert_eq!(first_numbers, second_numbers);
}

#[test]
fn an_older_copy_of_the_database_catches_up_with_the_archive() {
    let mut press = Press::new();
    for _ in 1..=3 {
        press.next_night();
    }
    let copy = press.data().join("copy.db");
    Store::reader(&press.data())
        .and_then(|reader| reader.backup_to(&copy))
        .expect("a copy");
    for _ in 4..=7 {
        press.next_night();
    }
    let before = dump(&press.data());
    for suffix in ["-wal", "-shm"] {
        fs::remove_file(press.data().join(format!("{DATABASE}{suffix}"))).ok();
    }
    fs::rename(&copy, press.data().join(DATABASE)).expect("the old copy in its place");
    rederive::run(&press.data(), &press.config, &press.clock, false, &quiet).expect("a digest");
    assert_same(&before, &dump(&press.data()));
    assert_healthy(&press.data());
}

/// The crash that can happen at any byte: the archive's last file ends there, and the database may or may not have
/// heard of what is before it.
#[test]
fn an_archive_cut_at_any_byte_loses_nothing_that_is_whole() {
    let mut press = Press::new();
    press.next_night();
    let copy = press.data().join("copy.db");
    Store::reader(&press.data())
        .and_then(|reader| reader.backup_to(&copy))
        .expect("a copy");
    press.next_night();
    let whole = copy_of(&press.data());
    let archive = whole.path().join(ARCHIVE);
    let newest = fs::read_dir(&archive)
        .expect("files")
        .map(|file| file.expect("a file").path())
        .max()
        .expect("a file");
    let length = fs::metadata(&newest).expect("its length").len();
    let mut ends: Vec<u64> = rows(
        whole.path(),
        "SELECT r.offset + r.length FROM archive_file f JOIN (SELECT file, offset, length FROM look
            UNION ALL SELECT file, offset, length FROM fetch) r ON r.file = f.id
         WHERE f.name = (SELECT max(name) FROM archive_file) ORDER BY 1",
    )
    .iter()
    .map(|end| end.parse().expect("a number"))
    .collect();
    ends.insert(0, 0);
    // Record ends, the bytes beside them, and a spread of places within.
    let beside = ends.iter().flat_map(|end| [end.saturating_sub(1), *end, end + 1]);
    let spread = (0..24).map(|n| length * n / 24 + n * 7 % 5);
    let cuts: BTreeSet<u64> = beside.chain(spread).filter(|cut| *cut <= length).collect();
    assert!(cuts.len() > 80, "{}", cuts.len());
    for cut in cuts.into_iter().step_by(step()) {
        let crashed = copy_of(whole.path());
        let file = crashed.path().join(ARCHIVE).join(newest.file_name().expect("a name"));
        let file = OpenOptions::new().write(true).open(file).expect("the file");
        file.set_len(cut).expect("a cut");
        // The database of the night before: everything of this night that is whole must come from the archive.
        fs::rename(crashed.path().join("copy.db"), crashed.path().join(DATABASE)).expect("the old copy");
        rederive::run(crashed.path(), &press.config, &press.clock, false, &quiet).expect("a digest");
        let kept = value(
            crashed.path(),
            "SELECT (SELECT count(*) FROM look) + (SELECT count(*) FROM fetch)
                - (SELECT count(*) FROM look k JOIN run r ON r.id = k.run WHERE r.id = 1)
                - (SELECT count(*) FROM fetch k JOIN run r ON r.id = k.run WHERE r.id = 1)",
        );
        let whole_records = ends.iter().filter(|end| **end > 0 && **end <= cut).count();
        assert_eq!(kept, whole_records.to_string(), "cut at {cut} of {length}");
        assert_healthy(crashed.path());
        // The next run goes on in the same archive, and ends where an undisturbed one does.
        press.crawl_into(crashed.path());
        for table in ["link", "article", "article_url", "version"] {
            let count = format!("SELECT count(*) FROM {table}");
            assert_eq!(
                value(crashed.path(), &count),
                value(whole.path(), &count),
                "{table}, cut at {cut} of {length}"
            );
        }
        assert_healthy(crashed.path());
    }
}

/// `VIGIE_TEST_ALL=1` tries every place.
fn step() -> usize {
    if std::env::var_os("VIGIE_TEST_ALL").is_some() {
        1
    } else {
        5
    }
}

fn copy_of(data: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    fs::create_dir(copy.path().join(ARCHIVE)).expect("a folder");
    for name in [DATABASE, "copy.db"] {
        fs::copy(data.join(name), copy.path().join(name)).expect("a copy");
    }
    for file in fs::read_dir(data.join(ARCHIVE)).expect("the archive") {
        let file = file.expect("a file").path();
        fs::copy(&file, copy.path().join(ARCHIVE).join(file.file_name().expect("a name"))).expect("a copy");
    }
    copy
}

fn assert_healthy(data: &Path) {
    let reader = Store::reader(data).expect("a reader");
    let found = check::check(&reader, data, &|_| {}).expect("a check");
    assert!(found.healthy() && found.undigested == 0, "{found:?}");
}
