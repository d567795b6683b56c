//! The derived half: versions, aliases, reprints, disappearance, near-duplicates.

use super::super::{Gone, Order};
use super::*;
use crate::model::article::{Field, TermHit};
use crate::model::query::{Condition, Filter};
use crate::model::{Mention, TopicTag, Vector};

fn tags(topic: &str) -> Vec<TopicTag> {
    vec![TopicTag {
        topic: topic.into(),
        hits: vec![TermHit {
            term: "quay".into(),
            field: Field::Title,
            count: 2,
            at: vec![(4, 8)],
        }],
    }]
}

/// A store has vectors of one encoder.
#[test]
fn vectors_are_of_one_encoder() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let measured = |desk: &mut Desk, name: &str| desk.store.batch(|tx| tx.measured_by(name)).unwrap();
    assert_eq!(desk.store.encoder().unwrap(), None);
    // Of another, as long as there is nothing to mix it with.
    assert!(measured(&mut desk, "one@1") && measured(&mut desk, "other@2"));
    let rowid = desk.insert(&article("a", "A", "words"), 0);
    let clues = Clues {
        text: Some(Vector::of(&[1.0])),
        ..Clues::default()
    };
    desk.batch(|tx| tx.write_clues(rowid, &clues));
    assert!(measured(&mut desk, "other@2") && !measured(&mut desk, "one@1"));
    assert_eq!(desk.store.encoder().unwrap().unwrap(), "other@2");
    desk.batch(|tx| tx.forget_derived());
    assert_eq!(desk.store.encoder().unwrap(), None);
}

#[test]
fn an_edit_is_a_new_version_and_replaces_what_is_looked_up() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let before = article("a", "Quay closed", "the quay is closed");
    let topics = tags("harbour");
    let named = [Mention {
        actor: "port-authority".into(),
        hits: vec![],
    }];
    let first = Derived {
        topics: &topics,
        mentions: &named,
        bands: &[1, 2, 3, 4],
        ..derived(&before)
    };
    let rowid = desk.batch(|tx| tx.insert_article(&first, hours(0)));

    let mut after = article("a", "Quay open again", "the quay was opened again");
    after.seen_at = hours(9);
    let topics = tags("ships");
    let second = Derived {
        topics: &topics,
        bands: &[1, 9, 9, 9],
        ..derived(&after)
    };
    assert_eq!(desk.batch(|tx| tx.add_version(rowid, &second)), 2);

    let shown = desk.store.show("a").unwrap();
    assert_eq!(
        shown.versions.iter().map(|v| v.title.as_str()).collect::<Vec<_>>(),
        ["Quay closed", "Quay open again"]
    );
    let heads = desk.store.version_heads(&[rowid]).unwrap();
    let lengths: Vec<_> = heads[&rowid].iter().map(|head| (head.n, head.length)).collect();
    assert_eq!(lengths, [(1, 4), (2, 5)]);
    assert_eq!((shown.article.versions, shown.article.last_seen_at), (2, hours(9)));
    assert_eq!(
        (shown.article.first_seen_at, &shown.article.title),
        (hours(0), &after.title)
    );
    assert_eq!((shown.topics, shown.mentions.len()), (tags("ships"), 0));
    let found = |word: &str| desk.store.count(&Condition::Match(format!("\"{word}\""))).unwrap();
    assert_eq!((found("closed"), found("opened")), (0, 1));
    assert_eq!(desk.one("SELECT count(*) FROM band"), 4);
    assert_eq!(desk.store.texts(&[rowid]).unwrap()[0].text, after.text);
    assert_eq!(desk.store.article_by_digest(&after.digest).unwrap().len(), 1);
    assert!(desk.store.article_by_digest(&before.digest).unwrap().is_empty());
}

#[test]
fn a_teaser_is_replaced_by_the_full_text_without_a_new_version() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let mut teaser = article("a", "Quay closed", "");
    teaser.text_access = TextAccess::Teaser;
    let rowid = desk.insert(&teaser, 0);
    let full = article("a", "Quay closed", "the quay is closed for good");
    desk.batch(|tx| tx.replace_version(rowid, &derived(&full)));
    let shown = desk.store.show("i:a").unwrap();
    assert_eq!(shown.versions.len(), 1);
    assert_eq!(
        (shown.versions[0].n, shown.versions[0].text_access),
        (1, TextAccess::Full)
    );
    assert_eq!(
        desk.store.count(&Condition::Match("body:\"closed\"".into())).unwrap(),
        1
    );
}

#[test]
fn an_article_that_moved_is_known_under_both_addresses() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let rowid = desk.insert(&article("a", "A", "words"), 0);
    desk.batch(|tx| tx.add_alias("gazette", "new-place", rowid));
    assert_eq!(desk.store.article_by_key("gazette", "a").unwrap(), Some(rowid));
    assert_eq!(desk.store.article_by_key("gazette", "new-place").unwrap(), Some(rowid));
    assert_eq!(desk.store.article_by_key("courier", "new-place").unwrap(), None);
    assert_eq!(desk.store.article_by_id("i:a").unwrap(), Some(rowid));
}

#[test]
fn gone_takes_two_failures_twelve_hours_apart() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let rowid = desk.insert(&article("a", "A", "words"), 0);
    desk.fetches("a", 0, Outcome::Ok);
    let mut settle = |hour, outcome| {
        desk.fetches("a", hour, outcome);
        desk.batch(|tx| tx.settle_gone(rowid))
    };
    assert_eq!(settle(10, Outcome::Gone), Gone::Suspected { since: hours(10) });
    assert_eq!(settle(21, Outcome::Gone), Gone::Suspected { since: hours(10) });
    assert_eq!(settle(22, Outcome::Timeout), Gone::Suspected { since: hours(10) });
    // It answers again: what was suspected is forgotten.
    assert_eq!(settle(30, Outcome::NotModified), Gone::No);
    assert_eq!(settle(40, Outcome::Gone), Gone::Suspected { since: hours(40) });
    assert_eq!(settle(52, Outcome::Gone), Gone::Confirmed { at: hours(52) });
    assert_eq!(settle(90, Outcome::Gone), Gone::Confirmed { at: hours(52) });
    assert_eq!(desk.store.articles(&[rowid]).unwrap()[0].gone_at, Some(hours(52)));

    // The same facts after a rebuild.
    desk.batch(|tx| tx.forget_derived());
    let rowid = desk.insert(&article("a", "A", "words"), 0);
    assert_eq!(desk.batch(|tx| tx.settle_all_gone()), 1);
    assert_eq!(desk.store.articles(&[rowid]).unwrap()[0].gone_at, Some(hours(52)));
}

#[test]
fn near_candidates_share_a_band_and_a_window() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let words = ["a", "b", "c", "d"].map(|key| article(key, key, "words"));
    let bands: [&[u64]; 4] = [&[7, 1, 1, u64::MAX], &[7, 2, 2, 2], &[1, 7, 3, 3], &[7, 4, 4, 4]];
    let mut rows = Vec::new();
    for ((article, bands), hour) in words.iter().zip(bands).zip([0, 10, 10, 99]) {
        rows.push(desk.batch(|tx| {
            tx.insert_article(
                &Derived {
                    bands,
                    ..derived(article)
                },
                hours(hour),
            )
        }));
    }
    let near = |bands: &[u64]| -> Vec<i64> {
        let found = desk.store.near_candidates(bands, hours(0), hours(48)).unwrap();
        assert!(found.iter().all(|near| near.simhash == words[0].simhash));
        found.into_iter().map(|near| near.rowid).collect()
    };
    assert_eq!(near(&[7, 2, 2, u64::MAX]), rows[..2]);
    assert_eq!(near(&[8, 8, 8, 8]), Vec::<i64>::new());
}

#[test]
fn a_reprint_points_at_what_was_there_before() {
    let mut desk = Desk::open();
    desk.lists(0, &["a", "b"]);
    let first = desk.insert(&article("a", "A", "words"), 0);
    let second = desk.insert(&article("b", "B", "words"), 3);
    desk.batch(|tx| tx.set_reprint(second, Some((first, 0.97))));
    let row = &desk.store.articles(&[second, first, 999]).unwrap()[0];
    assert_eq!(
        (row.reprint_of.as_deref(), row.reprint_share),
        (Some("i:a"), Some(0.97))
    );
    assert_eq!(desk.store.near(second).unwrap().unwrap().reprint_of, Some(first));
}

#[test]
fn forgetting_empties_the_derived_half_and_nothing_else() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let (page, _) = desk.fetches("a", 0, Outcome::Ok);
    let page = page.unwrap();
    let topics = tags("harbour");
    let words = article("a", "A", "words");
    let whole = Derived {
        topics: &topics,
        bands: &[1, 2, 3, 4],
        page: Some(page),
        ..derived(&words)
    };
    let rowid = desk.batch(|tx| tx.insert_article(&whole, hours(0)));
    desk.batch(|tx| {
        tx.set_reprint(rowid, Some((rowid, 1.0)))?;
        tx.mark_digested(&[page], 1)?;
        tx.forget_derived()
    });
    for table in [
        "article",
        "article_url",
        "version",
        "band",
        "article_topic",
        "mention",
        "search",
    ] {
        assert_eq!(desk.one(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(desk.store.undigested_count().unwrap(), 2);
    assert_eq!(desk.one("SELECT count(*) FROM look"), 1);
    desk.store.integrity().unwrap();
}

#[test]
fn an_id_may_be_shortened_while_it_is_the_only_one() {
    let mut desk = Desk::open();
    desk.lists(0, &["3f2a"]);
    for key in ["3f2a", "3f2b", "9c01"] {
        desk.insert(&article(key, key, "words"), 0);
    }
    let shown = desk.store.show("9c").unwrap();
    assert_eq!(shown.article.id, "i:9c01");
    assert!(shown.stays.is_empty());
    assert!(matches!(desk.store.show("i:3f2"), Err(StoreError::Ambiguous(_))));
    assert!(matches!(desk.store.show("77"), Err(StoreError::NoArticle(_))));
    let shown = desk.store.show("i:3f2a").unwrap();
    assert_eq!(
        (shown.stays.len(), shown.stays[0].first_at, shown.stays[0].left),
        (1, hours(0), false)
    );
}

#[test]
fn what_was_claimed_comes_back_as_it_was() {
    let mut desk = Desk::open();
    desk.lists(0, &["a"]);
    let mut words = article("a", "A", "words");
    words.published = Some(day_claim(24));
    words.modified = Some(day_claim(48));
    words.comments = Comments {
        state: crate::model::CommentState::Closed,
        count: Some(3),
        signal: Some("closed".into()),
    };
    let rowid = desk.insert(&words, 30);
    let row = desk.store.articles(&[rowid]).unwrap().remove(0);
    assert_eq!((&row.published, &row.modified), (&words.published, &words.modified));
    assert_eq!((row.published_span, &row.comments), (span(24, 48), &words.comments));
    let all = desk
        .store
        .search(&Condition::Filter(Filter::Published(span(47, 60))), Order::Newest, 9)
        .unwrap();
    assert_eq!(all.rows, [row]);
}
