//! What the ledger proves, and the facts that status and the planner work from.

use super::super::{Cell, Export};
use super::*;
use crate::model::query::Condition;

/// Four runs, six hours apart: good, failed, good, failed.
fn two_days() -> Desk {
    let mut desk = Desk::open();
    desk.batch(|tx| tx.mirror_sources(&["gazette", "courier"].map(super::observed::source)));
    desk.run(1, 0, &["gazette", "courier"]);
    desk.lists(0, &["a", "b"]);
    desk.run(2, 6, &["gazette", "courier"]);
    desk.apply(
        &Observation::Look(look("gazette", 6, Outcome::Timeout, 0)),
        Reading::Nothing,
    );
    desk.run(3, 12, &["gazette"]);
    let gap = Look {
        continuity: Continuity::Gap,
        ..look("gazette", 12, Outcome::Ok, 2)
    };
    desk.lists_links(&gap, &[announced("b", "b"), announced("c", "c")]);
    desk.run(4, 30, &["gazette"]);
    desk.apply(
        &Observation::Look(look("gazette", 30, Outcome::Dns, 0)),
        Reading::Nothing,
    );
    desk
}

#[test]
fn looks_in_a_window() {
    let desk = two_days();
    let looks = desk.store.looks(span(0, 30), Some("gazette")).unwrap();
    let told: Vec<_> = looks
        .iter()
        .map(|look| (look.run, look.outcome, look.continuity))
        .collect();
    assert_eq!(
        told,
        [
            (1, Outcome::Ok, Continuity::Unknown),
            (2, Outcome::Timeout, Continuity::Unknown),
            (3, Outcome::Ok, Continuity::Gap),
        ]
    );
    assert_eq!(looks[1].error.as_deref(), Some("no answer"));
    assert_eq!(desk.store.looks(span(0, 31), None).unwrap().len(), 4);
    assert!(desk.store.looks(span(0, 31), Some("courier")).unwrap().is_empty());
    let runs = desk.store.planned_runs(span(0, 12)).unwrap();
    assert_eq!(runs.iter().map(|run| run.sources.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn status_counts_planned_looks_not_attempts() {
    let mut desk = two_days();
    desk.insert(&article("a", "a", "words"), 0);
    let status = desk.store.status(span(0, 48)).unwrap();
    let (courier, gazette) = (&status[0], &status[1]);
    assert_eq!(
        (
            courier.id.as_str(),
            courier.looks_planned,
            courier.looks_ok,
            courier.last_ok
        ),
        ("courier", 2, 0, None)
    );
    assert_eq!(
        (gazette.looks_planned, gazette.looks_ok, gazette.gaps, gazette.new),
        (4, 2, 1, 3)
    );
    assert_eq!((gazette.articles, gazette.full_text), (1, 1));
    // Two of the three were there at the first look: one arrived, in two days.
    assert_eq!(gazette.new_per_day, 0.5);
    assert_eq!((gazette.last_ok, gazette.last_new), (Some(hours(12)), Some(hours(12))));
    assert_eq!((gazette.failing_runs, gazette.last_outcome), (1, Some(Outcome::Dns)));
}

#[test]
fn the_denominators_of_a_window() {
    let mut desk = two_days();
    desk.insert(&article("a", "a", "words"), 0);
    let mut headline = article("c", "c", "");
    headline.text_access = TextAccess::HeadlineOnly;
    desk.insert(&headline, 12);
    let counts = desk.store.item_counts(span(0, 24)).unwrap()["gazette"];
    // A headline alone is not enough to search.
    assert_eq!((counts.listed, counts.searchable, counts.full_text), (2, 1, 1));
    assert!(!desk.store.item_counts(span(24, 48)).unwrap().contains_key("gazette"));
}

#[test]
fn first_seen_comes_with_the_last_look_that_lacked_it() {
    let mut desk = two_days();
    let a = desk.insert(&article("a", "a", "words"), 0);
    let c = desk.insert(&article("c", "c", "words"), 12);
    let unlisted = desk.insert(&article("z", "z", "words"), 12);
    // Another listing that saw `c` only later proves nothing about the first one.
    let front = Look {
        listing_url: "https://gazette.example/".into(),
        listing_kind: ListingKind::Page,
        ..look("gazette", 40, Outcome::Ok, 1)
    };
    desk.lists_links(&front, &[announced("c", "c")]);
    let seen = desk.store.first_seen(&[a, c, unlisted]).unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[&a].at, seen[&a].last_absent), (hours(0), None));
    assert_eq!((seen[&c].at, seen[&c].last_absent.unwrap().at), (hours(12), hours(0)));
}

#[test]
fn baselines_of_length_and_comments() {
    let mut desk = two_days();
    let mut rows = Vec::new();
    for (key, text, state) in [
        ("a", "one two three", crate::model::CommentState::Open),
        ("b", "one", crate::model::CommentState::Closed),
        ("c", "one two", crate::model::CommentState::Unknown),
    ] {
        let mut article = article(key, key, text);
        article.comments.state = state;
        rows.push(desk.insert(&article, 1));
    }
    let lengths = |since, unit| {
        let mut lengths = desk.store.lengths("gazette", since, unit).unwrap();
        lengths.sort_unstable();
        lengths
    };
    assert_eq!(lengths(hours(0), LengthUnit::Words), [1, 2, 3]);
    assert!(lengths(hours(2), LengthUnit::Words).is_empty());
    assert!(lengths(hours(0), LengthUnit::Han).is_empty());
    let base = desk.store.comment_baseline("gazette", hours(0), &[]).unwrap();
    assert_eq!((base.open, base.known), (1, 2));
    let base = desk.store.comment_baseline("gazette", hours(0), &rows[1..2]).unwrap();
    assert_eq!((base.open, base.known), (1, 1));
}

#[test]
fn the_planner_gets_facts() {
    let mut desk = two_days();
    let pulses = desk.store.pulses().unwrap();
    assert_eq!(pulses.len(), 1);
    assert_eq!(
        (pulses[0].last_look_at, pulses[0].last_good_at),
        (Some(hours(30)), Some(hours(12)))
    );
    assert_eq!(pulses[0].failures, [Outcome::Dns]);

    desk.fetches("a", 31, Outcome::Ok);
    desk.fetches("b", 31, Outcome::Timeout);
    let waiting = desk.store.unfetched("gazette", hours(0), 3, hours(1_000), 10).unwrap();
    let told: Vec<_> = waiting
        .iter()
        .map(|w| (w.link.url_key.as_str(), w.link.attempts, w.last_outcome))
        .collect();
    assert_eq!(told, [("c", 0, None), ("b", 1, Some(Outcome::Timeout))]);
    assert!(
        desk.store
            .unfetched("gazette", hours(13), 3, hours(1_000), 10)
            .unwrap()
            .is_empty()
    );

    desk.fetches("a", 55, Outcome::NotModified);
    let watched = desk.store.watched("gazette", hours(0), 10).unwrap();
    assert_eq!(watched.len(), 1);
    assert_eq!(
        (
            watched[0].rechecks,
            watched[0].first_fetch_at,
            watched[0].last_attempt_at
        ),
        (1, hours(31), hours(55))
    );
    assert_eq!(
        (watched[0].etag.as_deref(), watched[0].article.as_ref()),
        (Some("\"page-31\""), None)
    );
}

#[test]
fn looks_are_exported_with_their_place_in_the_archive() {
    let desk = two_days();
    let export = Export::Looks(Some(span(6, 12)));
    let columns = desk.store.export_columns(&export).unwrap();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let mut seen = Vec::new();
    let _ = desk
        .store
        .export(&export, |cells| {
            seen.push([
                cells[at("outcome")].clone(),
                cells[at("at")].clone(),
                cells[at("archive_file")].clone(),
            ]);
            Ok::<_, StoreError>(std::ops::ControlFlow::Break(()))
        })
        .unwrap();
    let text = |text: &str| Cell::Text(text.into());
    assert_eq!(
        seen,
        [[text("timeout"), text("2009-12-14T06:00:00Z"), text("night-1.warc.gz")]]
    );
    assert_eq!(desk.store.count(&Condition::Everything).unwrap(), 0);
}
