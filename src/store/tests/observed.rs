//! The single door: nothing doubled, nothing lost, and what counts as new, known, changed, left.

use super::super::PageForm;
use super::*;
use crate::model::observation::{ImportForm, Imported, RunFinished};

#[test]
fn three_looks_tell_new_known_and_changed() {
    let mut desk = Desk::open();
    let (_, new, changed) = desk.lists(0, &["a", "b"]);
    assert_eq!((new, changed.len()), (vec!["a".to_owned(), "b".to_owned()], 0));

    let known = desk.store.known_among("gazette", FEED, &["b", "c", "b"]).unwrap();
    assert_eq!((known.distinct, known.here, known.ever), (2, 1, 1));
    let (_, new, changed) = desk.lists(6, &["b", "c"]);
    assert_eq!((new, changed.len()), (vec!["c".to_owned()], 0));

    // `a` comes back, `b` has another headline, `c` is gone.
    let known = desk.store.known_among("gazette", FEED, &["a", "b"]).unwrap();
    assert_eq!((known.here, known.ever), (1, 2));
    let links = [announced("a", "a"), announced("b", "b, corrected")];
    let (_, new, changed) = desk.lists_links(&look("gazette", 12, Outcome::Ok, 2), &links);
    assert_eq!((new.len(), changed), (0, vec!["b".to_owned()]));
    let row = desk.store.link_by_key("gazette", "b").unwrap().unwrap();
    assert_eq!(row.link.title.as_deref(), Some("b, corrected"));
    assert_eq!(row.first_seen_at, hours(0));
    // Two stays of `a`, one each of `b` and `c`; `b` alone was there without a break.
    assert_eq!(desk.one("SELECT count(*) FROM sighting"), 4);
    assert_eq!(desk.one("SELECT count(*) FROM sighting WHERE left_look IS NULL"), 2);
}

#[test]
fn the_same_record_twice_changes_nothing() {
    let mut desk = Desk::open();
    desk.run(1, 0, &["gazette"]);
    let counts = |desk: &Desk| {
        [
            "run", "look", "link", "sighting", "fetch", "page", "robots", "source", "listing",
        ]
        .map(|table| desk.one(&format!("SELECT count(*) FROM {table}")))
    };
    let first = Observation::Look(look("gazette", 0, Outcome::Ok, 1));
    let links = [announced("a", "A")];
    let page = Observation::Fetch(fetch("a", 1, Outcome::Ok));
    let mut robots = fetch("robots.txt", 0, Outcome::Ok);
    robots.url = "https://gazette.example:8443/robots.txt".into();
    let robots = Observation::Robots(robots);
    let brought = Observation::Imported(imported("z", Some(200)));
    let records = [
        (&first, desk.next(), Reading::Links(&links)),
        (&page, desk.next(), Reading::Address("a")),
        (&robots, desk.next(), Reading::Body(b"User-agent: *\nDisallow:")),
        (&brought, desk.next(), Reading::Address("z")),
    ];
    for (seen, at, read) in &records {
        assert!(!matches!(desk.apply_at(seen, at, *read), Applied::Already));
    }
    let before = counts(&desk);
    assert_eq!(before, [1, 1, 1, 1, 3, 3, 1, 1, 1]);
    for (seen, at, read) in &records {
        assert!(matches!(desk.apply_at(seen, at, *read), Applied::Already));
    }
    assert_eq!(before, counts(&desk));
    assert_eq!(desk.one("SELECT attempts FROM link"), 1);
    assert_eq!(
        desk.store.archive_files().unwrap(),
        [("night-1.warc.gz".to_owned(), 500)]
    );
    let robots = desk.store.robots("https://gazette.example:8443").unwrap().unwrap();
    assert_eq!(robots.body, Some((b"User-agent: *\nDisallow:".to_vec(), hours(0))));
}

#[test]
fn a_batch_that_fails_may_be_applied_again() {
    let mut desk = Desk::open();
    let seen = Observation::Look(look("gazette", 0, Outcome::Ok, 1));
    let links = [announced("a", "A")];
    let at = desk.next();
    let failed: Result<(), StoreError> = desk.store.batch(|tx| {
        tx.apply(&seen, &at, Reading::Links(&links))?;
        Err(StoreError::Full)
    });
    assert!(matches!(failed, Err(StoreError::Full)));
    assert!(desk.store.archive_files().unwrap().is_empty());
    assert!(matches!(desk.apply_at(&seen, &at, Reading::Links(&links)), Applied::Look { new, .. } if new.len() == 1));
}

#[test]
fn not_modified_carries_the_list_forward() {
    let mut desk = Desk::open();
    let (first, ..) = desk.lists(0, &["a", "b"]);
    let quiet = Look {
        status: Some(304),
        etag: None,
        digest: None,
        ..look("gazette", 6, Outcome::NotModified, 0)
    };
    let quiet = Observation::Look(quiet);
    desk.apply(&quiet, Reading::Nothing);
    let Applied::Look { look: second, .. } = desk.apply(&quiet, Reading::Nothing) else {
        panic!()
    };

    let previous = desk.store.previous("gazette", FEED).unwrap().unwrap();
    assert_eq!(
        (previous.id, previous.at, previous.not_modified_since),
        (second, hours(6), 2)
    );
    assert_eq!((previous.etag.as_deref(), previous.items), (Some("\"0\""), 2));
    assert_eq!(desk.store.known_among("gazette", FEED, &["a", "b"]).unwrap().here, 2);

    // `a` was there until the second of the quiet looks, not only until the first look.
    let (third, ..) = desk.lists(12, &["b", "c"]);
    let last = desk.one("SELECT last_look FROM sighting JOIN link ON link.id = link WHERE url_key = 'a'");
    let left = desk.one("SELECT left_look FROM sighting JOIN link ON link.id = link WHERE url_key = 'a'");
    assert_eq!((last, left), (second, third));
    assert!(first < second);
    assert_eq!(
        desk.store
            .previous("gazette", FEED)
            .unwrap()
            .unwrap()
            .not_modified_since,
        0
    );
}

#[test]
fn neither_a_failed_look_nor_an_empty_listing_makes_anything_leave() {
    let mut desk = Desk::open();
    desk.lists(0, &["a", "b"]);
    desk.apply(
        &Observation::Look(look("gazette", 6, Outcome::Timeout, 0)),
        Reading::Nothing,
    );
    desk.lists(12, &[]);
    assert_eq!(desk.one("SELECT count(*) FROM sighting WHERE left_look IS NULL"), 2);
    let (_, new, changed) = desk.lists(18, &["a", "b"]);
    assert_eq!((new.len(), changed.len()), (0, 0));
    assert_eq!(desk.one("SELECT count(*) FROM sighting"), 2);

    // What leaves after an empty look was last seen before it.
    let (last, ..) = desk.lists(24, &["a", "b"]);
    desk.lists(30, &[]);
    desk.lists(36, &["b"]);
    assert_eq!(
        desk.one("SELECT last_look FROM sighting WHERE left_look IS NOT NULL"),
        last
    );
}

#[test]
fn a_link_twice_on_one_listing_is_one_link() {
    let mut desk = Desk::open();
    let (_, new, _) = desk.lists_links(
        &look("gazette", 0, Outcome::Ok, 2),
        &[announced("a", "first"), announced("a", "second")],
    );
    assert_eq!(new, ["a"]);
    let (_, _, changed) = desk.lists_links(
        &look("gazette", 1, Outcome::Ok, 2),
        &[announced("a", "first"), announced("a", "third")],
    );
    assert!(changed.is_empty());
}

#[test]
fn a_feed_outweighs_a_page_of_headlines_and_gaps_are_filled() {
    let mut desk = Desk::open();
    let front = Look {
        listing_url: "https://gazette.example/".into(),
        listing_kind: ListingKind::Page,
        ..look("gazette", 0, Outcome::Ok, 1)
    };
    let mut on_front = announced("a", "Short form");
    on_front.link.section = Some("World".into());
    desk.lists_links(&front, std::slice::from_ref(&on_front));

    let mut in_feed = announced("a", "The long form of the headline");
    in_feed.link.teaser = Some("And a teaser.".into());
    let (_, new, changed) = desk.lists_links(&look("gazette", 0, Outcome::Ok, 1), std::slice::from_ref(&in_feed));
    assert_eq!((new.len(), changed), (0, vec!["a".to_owned()]));
    let row = desk.store.link_by_key("gazette", "a").unwrap().unwrap();
    assert_eq!(row.link.title.as_deref(), Some("The long form of the headline"));
    assert_eq!(row.link.section.as_deref(), Some("World"));

    // From now on the two disagree at every look, and that is no change.
    for hour in 1..4 {
        let (_, _, changed) = desk.lists_links(
            &Look {
                at: hours(hour),
                ..front.clone()
            },
            std::slice::from_ref(&on_front),
        );
        assert!(changed.is_empty());
        let (_, _, changed) = desk.lists_links(&look("gazette", hour, Outcome::Ok, 1), std::slice::from_ref(&in_feed));
        assert!(changed.is_empty());
    }
    // Each claim that said more is a thing to digest, with its own words.
    let pages = desk.store.undigested(10).unwrap();
    let titles: Vec<_> = pages
        .iter()
        .map(|page| page.claim.as_ref().unwrap().title.as_deref().unwrap())
        .collect();
    assert_eq!(titles, ["Short form", "The long form of the headline"]);
}

#[test]
fn pages_are_digested_once_and_in_order() {
    let mut desk = Desk::open();
    desk.lists(0, &["a", "b"]);
    let (page, link) = desk.fetches("b", 1, Outcome::Ok);
    assert!(link.is_some());
    assert_eq!(desk.fetches("a", 1, Outcome::Gone).0, None);
    assert_eq!(desk.fetches("nowhere-announced", 1, Outcome::Ok).1, None);

    let waiting = desk.store.undigested(10).unwrap();
    let forms: Vec<_> = waiting.iter().map(|page| page.form).collect();
    assert_eq!(
        forms,
        [
            PageForm::ListingItem,
            PageForm::ListingItem,
            PageForm::Response,
            PageForm::Response
        ]
    );
    assert_eq!(
        waiting.iter().map(|page| page.answered_by).collect::<Vec<_>>(),
        [None, page, None, None]
    );
    assert_eq!(waiting[2].first_seen_at, Some(hours(0)));
    assert_eq!(waiting[2].location.offset, 100);

    let done: Vec<i64> = waiting.iter().take(3).map(|page| page.id).collect();
    desk.batch(|tx| tx.mark_digested(&done, 1));
    assert_eq!(desk.store.undigested(10).unwrap(), waiting[3..]);
    assert_eq!(desk.store.undigested_count().unwrap(), 1);
    assert!(
        desk.store
            .has_page("gazette", "https://gazette.example/b", "page-b-1")
            .unwrap()
    );
}

#[test]
fn an_import_makes_its_source_known_but_never_overrules_a_declared_one() {
    let mut desk = Desk::open();
    desk.apply(&Observation::Imported(imported("z", None)), Reading::Address("z"));
    let Applied::Fetch { page, .. } = desk.apply(&Observation::Imported(imported("y", Some(500))), Reading::Nothing)
    else {
        panic!()
    };
    assert_eq!(page, None);
    assert_eq!(desk.one("SELECT provisional FROM source WHERE id = 'gazette'"), 1);
    assert!(desk.store.source("gazette").unwrap().is_none());

    let mut declared = source("gazette");
    desk.batch(|tx| tx.mirror_sources(std::slice::from_ref(&declared)));
    declared.name = "Something else".into();
    desk.batch(|tx| tx.ensure_source(&declared));
    let kept = desk.store.source("gazette").unwrap().unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.groups),
        ("gazette", vec!["harbour-watch".to_owned()])
    );
    desk.batch(|tx| tx.mirror_sources(&[]));
    assert_eq!(desk.one("SELECT declared FROM source"), 0);
    assert_eq!(desk.store.sources().unwrap().len(), 1);

    let found = crate::model::Source {
        provisional: true,
        ..source("found.example")
    };
    desk.batch(|tx| tx.mirror_sources(std::slice::from_ref(&found)));
    assert_eq!(desk.one("SELECT count(*) FROM source WHERE declared"), 0);
}

#[test]
fn a_run_ends_once_and_the_next_has_the_next_number() {
    let mut desk = Desk::open();
    assert_eq!(desk.store.next_run().unwrap(), 1);
    desk.run(1, 0, &["gazette"]);
    desk.lists(0, &["a"]);
    let end = |hour| {
        Observation::RunFinished(RunFinished {
            run: 1,
            at: hours(hour),
            interrupted: true,
        })
    };
    assert!(matches!(desk.apply(&end(1), Reading::Nothing), Applied::Run));
    assert!(matches!(desk.apply(&end(2), Reading::Nothing), Applied::Already));
    assert_eq!(desk.one("SELECT interrupted FROM run WHERE finished_at IS NOT NULL"), 1);
    assert_eq!(desk.store.next_run().unwrap(), 2);
    assert_eq!(desk.one("SELECT run FROM look"), 1);
}

#[test]
fn an_unreachable_robots_keeps_the_rules_that_were_had() {
    let mut desk = Desk::open();
    let at = |hour, outcome, status| {
        let mut seen = fetch("robots.txt", hour, outcome);
        seen.status = status;
        Observation::Robots(seen)
    };
    desk.apply(&at(0, Outcome::Ok, Some(200)), Reading::Body(b"Disallow: /x"));
    desk.apply(&at(24, Outcome::HttpError, Some(503)), Reading::Body(b"sorry"));
    desk.apply(&at(48, Outcome::Timeout, None), Reading::Nothing);
    let row = desk.store.robots("https://gazette.example").unwrap().unwrap();
    assert_eq!(row.body, Some((b"Disallow: /x".to_vec(), hours(0))));
    assert_eq!((row.at, row.unreachable_since), (hours(48), Some(hours(24))));
    desk.apply(&at(72, Outcome::Gone, Some(404)), Reading::Nothing);
    assert_eq!(
        desk.store
            .robots("https://gazette.example")
            .unwrap()
            .unwrap()
            .unreachable_since,
        None
    );
}

/// Every observed table, row by row.
fn dump(store: &Store) -> Vec<String> {
    let tables = [
        "source",
        "run",
        "archive_file",
        "listing",
        "look",
        "link",
        "sighting",
        "fetch",
        "page",
        "robots",
    ];
    let mut lines = Vec::new();
    for table in tables {
        let mut all = store.conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = all.column_count();
        let rows = all.query_map([], |row| {
            (0..width)
                .map(|n| row.get::<_, rusqlite::types::Value>(n))
                .collect::<Result<Vec<_>, _>>()
        });
        lines.extend(rows.unwrap().map(|row| format!("{table} {:?}", row.unwrap())));
    }
    lines
}

/// Two nights with everything in them, each record with its place and what was read off it.
fn nights() -> Vec<(Observation, Location, Option<Vec<Announced>>)> {
    let end = Cell::new(0);
    let place = || {
        let offset = end.get();
        end.set(offset + 50);
        Location {
            file: format!("night-{}.warc.gz", offset / 400),
            offset: offset % 400,
            length: 50,
        }
    };
    let run = |run, hour| RunStarted {
        run,
        kind: RunKind::Crawl,
        at: hours(hour),
        version: "0".into(),
        planned: vec![],
    };
    let mut all = Vec::new();
    for night in 0..2 {
        let hour = night * 24;
        let titles = if night == 0 {
            vec!["a", "b", "c"]
        } else {
            vec!["b", "c", "d"]
        };
        let links = titles
            .iter()
            .map(|key| announced(key, &format!("{key} {night}")))
            .collect();
        all.push((Observation::RunStarted(run(night + 1, hour)), place(), None));
        all.push((
            Observation::Robots(fetch("robots.txt", hour, Outcome::Ok)),
            place(),
            None,
        ));
        all.push((
            Observation::Look(look("gazette", hour, Outcome::Ok, 3)),
            place(),
            Some(links),
        ));
        for key in titles {
            all.push((
                Observation::Fetch(fetch(key, hour + 1, Outcome::Ok)),
                place(),
                Some(vec![announced(key, key)]),
            ));
        }
        all.push((
            Observation::Look(look("gazette", hour + 6, Outcome::NotModified, 0)),
            place(),
            None,
        ));
        all.push((
            Observation::Imported(imported(&format!("old-{night}"), None)),
            place(),
            None,
        ));
        let over = RunFinished {
            run: night + 1,
            at: hours(hour + 7),
            interrupted: false,
        };
        all.push((Observation::RunFinished(over), place(), None));
    }
    all
}

fn replay(store: &mut Store, records: &[(Observation, Location, Option<Vec<Announced>>)]) {
    let applied: Result<(), StoreError> = store.batch(|tx| {
        for (seen, at, links) in records {
            let read = match (seen, links) {
                (Observation::Look(_), Some(links)) => Reading::Links(links),
                (_, Some(links)) => Reading::Address(&links[0].url_key),
                (Observation::Robots(_), None) => Reading::Body(b"Disallow:"),
                _ => Reading::Nothing,
            };
            tx.apply(seen, at, read)?;
        }
        Ok(())
    });
    applied.unwrap();
}

#[test]
fn whatever_was_committed_before_a_crash_a_replay_ends_in_the_same_rows() {
    let records = nights();
    let mut straight = Desk::open();
    replay(&mut straight.store, &records);
    let expected = dump(&straight.store);
    assert!(expected.len() > 40, "{}", expected.len());
    for committed in 0..=records.len() {
        for from in [0, committed / 2, committed] {
            let mut desk = Desk::open();
            replay(&mut desk.store, &records[..committed]);
            replay(&mut desk.store, &records[from..]);
            assert_eq!(
                expected,
                dump(&desk.store),
                "{committed} committed, replayed from {from}"
            );
        }
    }
}

#[test]
fn a_full_disk_is_said_so_and_costs_only_the_last_batch() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let pages = desk.one("PRAGMA page_count");
    desk.store
        .conn
        .pragma_update_and_check(None, "max_page_count", pages + 8, |_| Ok(()))
        .unwrap();
    let mut huge = announced("b", "b");
    huge.link.text = Some("word ".repeat(100_000));
    let at = desk.next();
    let seen = Observation::Look(look("gazette", 6, Outcome::Ok, 1));
    let full = desk
        .store
        .batch(|tx| tx.apply(&seen, &at, Reading::Links(std::slice::from_ref(&huge))));
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(
        (
            desk.one("SELECT count(*) FROM look"),
            desk.one("SELECT count(*) FROM link")
        ),
        (1, 1)
    );
    desk.store.integrity().unwrap();
}

#[test]
fn a_reader_sees_whole_batches_only() {
    let mut desk = Desk::open();
    let reader = Store::reader(desk.dir.path()).unwrap();
    let at = desk.next();
    let seen = Observation::Look(look("gazette", 0, Outcome::Ok, 1));
    let links = [announced("a", "A")];
    desk.batch(|tx| {
        tx.apply(&seen, &at, Reading::Links(&links))?;
        assert!(tx.link_by_key("gazette", "a")?.is_some());
        assert!(reader.link_by_key("gazette", "a")?.is_none());
        Ok(())
    });
    assert!(reader.link_by_key("gazette", "a").unwrap().is_some());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Whatever comes and goes, the stays tell of every good look exactly what it listed.
    #[test]
    fn stays_tell_what_each_look_listed(nights in proptest::collection::vec(
        (proptest::sample::select(vec![Outcome::Ok, Outcome::Ok, Outcome::NotModified, Outcome::Timeout]),
         proptest::collection::btree_set(0_u8..6, 0..5)), 1..12)) {
        let mut desk = Desk::open();
        desk.store.conn.execute("CREATE TEMP TABLE told (look, keys)", []).unwrap();
        let mut on_it: Vec<String> = Vec::new();
        // An empty listing tells nothing, nor does a 304 after it.
        let mut blank = false;
        for (hour, (outcome, keys)) in (0..).zip(&nights) {
            let keys: Vec<String> = keys.iter().map(|key| format!("k{key}")).collect();
            if *outcome == Outcome::Ok {
                let names: Vec<&str> = keys.iter().map(String::as_str).collect();
                desk.lists(hour, &names);
                blank = keys.is_empty();
                if !blank {
                    on_it = keys;
                }
            } else {
                desk.apply(&Observation::Look(look("gazette", hour, *outcome, 0)), Reading::Nothing);
            }
            // The look just made, and every one before it, still tells the same.
            let id = desk.one("SELECT max(id) FROM look");
            if outcome.is_good() && !blank {
                desk.store.conn.execute("INSERT INTO told VALUES (?1, ?2)", (id, on_it.join(","))).unwrap();
            }
        }
        let wrong = "SELECT count(*) FROM temp.told t WHERE t.keys <> coalesce((SELECT group_concat(url_key) FROM (
                SELECT DISTINCT l.url_key FROM sighting s JOIN link l ON l.id = s.link
                WHERE s.first_look <= t.look AND (s.last_look IS NULL OR s.last_look >= t.look) ORDER BY l.url_key)), '')";
        proptest::prop_assert_eq!(desk.one(wrong), 0);
    }
}

fn imported(key: &str, status: Option<u16>) -> Imported {
    Imported {
        source: "gazette".into(),
        provisional: true,
        host: "gazette.example".into(),
        url: format!("https://gazette.example/{key}"),
        at: hours(-500),
        imported_at: hours(3),
        form: ImportForm::Row,
        status,
        digest: None,
        file: "old-posts.jsonl".into(),
    }
}

pub(super) fn source(id: &str) -> crate::model::Source {
    use crate::model::source::{Ownership, PagePolicy, Schedule, Source, SourceKind};
    use std::time::Duration;
    Source {
        id: id.into(),
        name: id.into(),
        edition: None,
        home: format!("https://{id}.example/"),
        country: "FR".into(),
        lang: "en".into(),
        ownership: Ownership::Private,
        kind: SourceKind::PartyPress,
        groups: vec!["harbour-watch".into()],
        timezone: "Europe/Paris".into(),
        hosts: vec![],
        listings: vec![],
        rules: vec![],
        identity_query: vec![],
        schedule: Schedule::Every(Duration::from_secs(6 * 3600)),
        delay: Duration::from_secs(5),
        max_pages: 50,
        pages: PagePolicy::Fetch,
        reservations: Default::default(),
        proxy: None,
        enabled: true,
        reason: None,
        obstacles: vec![],
        provisional: false,
    }
}
