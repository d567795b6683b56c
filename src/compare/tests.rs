//! The rules of silence and first-ness on small invented ledgers.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::evidence::{Facts, Probes, Vocabulary};
use super::silence::observed;
use super::{Input, ItemCounts, Matched, Pace, SourceInput, Version, story};
use crate::model::article::Comments;
use crate::model::article::Field;
use crate::model::comparison::{Background, Comparison, DecidedBy, Grade, LookRow, Snapshot, Status, Story};
use crate::model::evidence::{Cite, CiteKind, HeadlineSigns, LineageOrder, Place, Reuse};
use crate::model::look::{Continuity, Outcome, Verdict};
use crate::model::{
    Article, DateClaim, DateEvidence, Interval, ItemKind, Length, LengthUnit, Precision, Source, TextAccess,
};
use crate::text::shingles::Shingles;

fn start() -> Timestamp {
    "2009-12-14T00:00:00Z".parse().unwrap()
}

fn after(hours: f64) -> Timestamp {
    start()
        .checked_add(SignedDuration::from_secs((hours * 3600.0) as i64))
        .unwrap()
}

/// Seventeen looks, one every six hours from ten past midnight.
fn looks(outcome: impl Fn(usize) -> Outcome, continuity: impl Fn(usize) -> Continuity) -> Vec<LookRow> {
    (0..17)
        .map(|n| LookRow {
            id: n as i64 + 1,
            source: "kcna-en".into(),
            listing: 1,
            run: n as i64 + 1,
            at: after(n as f64 * 6.0 + 1.0 / 6.0),
            outcome: outcome(n),
            continuity: if outcome(n).is_good() {
                continuity(n)
            } else {
                Continuity::Unknown
            },
            verdict: Verdict::Ok,
            items: 24,
            new: 5,
            known: 19,
            error: None,
        })
        .collect()
}

fn overlap(n: usize) -> Continuity {
    if n == 0 { Continuity::First } else { Continuity::Overlap }
}

fn window() -> Interval {
    Interval {
        min: start(),
        max: after(102.0),
    }
}

#[test]
fn seventeen_good_looks_leave_only_the_end_of_the_window_open() {
    let seen = observed(&looks(|_| Outcome::Ok, overlap), &[], window());
    assert_eq!((seen.planned, seen.ok, seen.failed, seen.gaps), (17, 17, 0, 0));
    // Ten minutes before the first look, and from the last one to the end: 6 h in all of 102.
    assert!((seen.unobserved - 6.0 / 102.0).abs() < 0.001, "{}", seen.unobserved);
    assert_eq!(seen.last_good, Some(after(96.0 + 1.0 / 6.0)));
}

#[test]
fn a_source_that_went_dark_is_mostly_unobserved() {
    let seen = observed(
        &looks(|n| if n < 8 { Outcome::Ok } else { Outcome::HttpError }, overlap),
        &[],
        window(),
    );
    assert_eq!((seen.planned, seen.ok, seen.failed), (17, 8, 9));
    assert!(seen.unobserved > 0.25, "{}", seen.unobserved);
}

#[test]
fn a_failed_look_is_healed_by_an_overlapping_one_and_not_by_a_gap() {
    let failing = |n| if n == 5 { Outcome::Timeout } else { Outcome::Ok };
    let healed = observed(&looks(failing, overlap), &[], window());
    let gap = observed(
        &looks(failing, |n| if n == 6 { Continuity::Gap } else { overlap(n) }),
        &[],
        window(),
    );
    assert!(
        gap.unobserved > healed.unobserved + 0.1,
        "{} against {}",
        gap.unobserved,
        healed.unobserved
    );
    assert_eq!(gap.gaps, 1);
}

#[test]
fn every_look_taken_away_can_only_lower_what_was_observed() {
    let all = looks(|_| Outcome::Ok, overlap);
    let whole = observed(&all, &[], window());
    for missing in 0..all.len() {
        let mut fewer = all.clone();
        // A look that never happened cannot vouch for the link between its neighbours.
        fewer.remove(missing);
        if missing < fewer.len() {
            fewer[missing].continuity = if missing == 0 {
                Continuity::First
            } else {
                Continuity::Gap
            };
        }
        let seen = observed(&fewer, &[], window());
        assert!(seen.unobserved > whole.unobserved - 1e-6, "look {missing}");
        assert!(seen.ok < whole.ok);
    }
}

fn source(id: &str, lang: &str, groups: &[&str]) -> Source {
    Source {
        id: id.to_owned(),
        name: id.to_owned(),
        lang: lang.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        provisional: false,
        enabled: true,
        country: "GB".to_owned(),
        timezone: "Asia/Pyongyang".to_owned(),
        ..crate::config::provisional::source("paper.example")
    }
}

/// A source that was looked at seventeen times, with ten other items, two of them on the same actors.
fn silent(looks: Vec<LookRow>) -> SourceInput {
    SourceInput {
        source: source("kcna-en", "en", &[]),
        looks,
        planned: Vec::new(),
        matches: Vec::new(),
        control_hits: 2,
        instead: Vec::new(),
        near_misses: Vec::new(),
        proves_nothing: None,
        weakened: None,
        unread: 0,
        rate: None,
        pinned_out: false,
        items: ItemCounts {
            listed: 10,
            searchable: 10,
            full_text: 10,
        },
        pace: None,
        lengths: Vec::new(),
        comments_open: (0, 0),
    }
}

fn matched(claim: Option<(f64, f64, Precision)>, seen: f64, absent: Option<f64>, newest_then: Option<f64>) -> Matched {
    let published = claim.map(|(min, max, precision)| DateClaim {
        interval: Interval {
            min: after(min),
            max: after(max),
        },
        precision,
        evidence: DateEvidence::Meta,
        zone: "UTC".to_owned(),
        zone_assumed: false,
        raw: String::new(),
    });
    Matched {
        article: Article {
            id: "i:0123456789abcdef".to_owned(),
            source: "kcna-en".to_owned(),
            url: "http://paper.example/1".to_owned(),
            lang: Some("en".to_owned()),
            script: None,
            title: "An agreement".to_owned(),
            standfirst: None,
            text: String::new(),
            authors: Vec::new(),
            published,
            modified: None,
            section: None,
            kind: ItemKind::Article,
            credit: None,
            text_access: TextAccess::Full,
            comments: Comments::default(),
            length: Length {
                n: 100,
                unit: LengthUnit::Words,
            },
            digest: String::new(),
            simhash: 0,
            seen_at: after(seen),
        },
        first_seen_at: after(seen),
        last_absent_at: absent.map(after),
        newest_then: newest_then.map(after),
        position: Some(1),
        decided_by: DecidedBy::Rule,
        earlier: None,
        gone_at: None,
        versions: vec![Version {
            n: 1,
            seen_at: after(seen),
            title: "An agreement".to_owned(),
            length: 100,
        }],
        facts: Facts {
            shingles: Shingles::default(),
            signs: HeadlineSigns {
                actors: Vec::new(),
                concepts: Vec::new(),
                hedges: Vec::new(),
                quoted: Vec::new(),
                question: false,
                unnamed: Vec::new(),
                person_named: false,
                length: 2,
                length_unit: LengthUnit::Words,
            },
            first_signs: None,
            probes: Vec::new(),
            names: Vec::new(),
            cites: Vec::new(),
            quotes: Vec::new(),
            tone: Vec::new(),
            words: Vec::new(),
            mentioned: Vec::new(),
            figures: Vec::new(),
            changes: BTreeMap::new(),
        },
        copy: None,
    }
}

fn compared(sources: Vec<SourceInput>, now: f64) -> Comparison {
    story(&Input {
        story: Story {
            id: "a".to_owned(),
            title: "A".to_owned(),
            query: None,
            run: None,
            spec_sha256: None,
            relation: Vec::new(),
            topic: None,
            asked: Vec::new(),
            expect: Vec::new(),
        },
        window: window(),
        now: after(now),
        version: String::new(),
        zone: "UTC".to_owned(),
        snapshot: Snapshot {
            look: 0,
            sha256: String::new(),
        },
        excluded: Vec::new(),
        cut: None,
        glosses: BTreeMap::new(),
        notes: Vec::new(),
        questions: Vec::new(),
        background: Background::default(),
        sources,
        actors: Vec::new(),
        probes: Probes::default(),
        vocabulary: Vocabulary::default(),
    })
}

#[test]
fn what_forbids_a_silence_is_said_and_makes_it_unknown() {
    let good = || looks(|_| Outcome::Ok, overlap);
    let judged = |source: SourceInput| {
        let row = compared(vec![source], 120.0).sources.remove(0);
        (row.status, row.silence_grade, row.reason)
    };
    let (status, grade, _) = judged(silent(good()));
    assert_eq!((status, grade), (Status::Silent, Some(Grade::A)));
    for (outcome, why) in [
        (Outcome::RobotsDisallow, "robots.txt disallows it"),
        (Outcome::Blocked, "the site blocks this program"),
        (Outcome::Reserved, "its publisher reserves it"),
    ] {
        let (status, grade, reason) = judged(silent(looks(|_| outcome, overlap)));
        assert_eq!((status, grade), (Status::Unknown, Some(Grade::U)), "{reason}");
        assert!(reason.ends_with(why), "{reason}");
    }
    // An extractor that finds no text on most pages would not have found the story.
    let (status, grade, reason) = judged(SourceInput {
        unread: 6,
        ..silent(good())
    });
    assert_eq!((status, grade), (Status::Unknown, Some(Grade::U)));
    assert_eq!(reason, "no text was found on 6 of the pages of 10 items");
    let (status, ..) = judged(SourceInput {
        unread: 5,
        ..silent(good())
    });
    assert_eq!(status, Status::Silent, "half is not most");
    let (status, grade, reason) = judged(SourceInput {
        proves_nothing: Some("no query".to_owned()),
        ..silent(good())
    });
    assert_eq!(
        (status, grade, reason.as_str()),
        (Status::Unknown, Some(Grade::U), "no query")
    );
    let (_, grade, reason) = judged(SourceInput {
        weakened: Some("the query also asks for words:5001..".to_owned()),
        ..silent(good())
    });
    assert_eq!(
        (grade, reason.as_str()),
        (Some(Grade::B), "the query also asks for words:5001..")
    );
    let (_, grade, _) = judged(SourceInput {
        control_hits: 0,
        ..silent(good())
    });
    assert_eq!(grade, Some(Grade::B));
}

#[test]
fn a_claim_before_a_look_with_newer_items_is_backdated_and_no_first() {
    let narrow = |m: &Matched| {
        let narrowed = super::firstness::narrow(m);
        (narrowed.interval.min, narrowed.interval.max, narrowed.backdated)
    };
    let minute = |at: f64| Some((at, at, Precision::Minute));
    // The look at 12 h listed an item of 11 h, and not this one, which says 10 h.
    let backdated = matched(minute(10.0), 18.0, Some(12.0), Some(11.0));
    assert_eq!(narrow(&backdated), (after(10.0), after(18.0), Some(true)));
    // It listed nothing newer: the listing was late.
    let late = matched(minute(10.0), 18.0, Some(12.0), Some(9.0));
    assert_eq!(narrow(&late), (after(10.0), after(10.0), Some(false)));
    // It gave no dates: nothing can be said.
    assert_eq!(narrow(&matched(minute(10.0), 18.0, Some(12.0), None)).2, None);
    assert_eq!(
        narrow(&matched(minute(13.0), 18.0, Some(12.0), Some(11.0))).2,
        Some(false)
    );
    // A day is narrowed by the looks around it, and nothing at all to them.
    let day = Some((0.0, 24.0, Precision::Day));
    assert_eq!(
        narrow(&matched(day, 18.0, Some(12.0), None)),
        (after(12.0), after(18.0), Some(false))
    );
    assert_eq!(
        narrow(&matched(None, 18.0, Some(12.0), None)),
        (after(12.0), after(18.0), None)
    );
    // A day that ended before the look that lacked it: anything from its beginning on.
    let past = matched(Some((0.0, 6.0, Precision::Day)), 18.0, Some(12.0), Some(11.0));
    assert_eq!(narrow(&past), (after(0.0), after(18.0), Some(true)));
}

#[test]
fn ranks_are_told_as_far_as_intervals_allow() {
    let at = |id: &str, lang: &str, groups: &[&str], from: f64, to: f64| {
        let precision = if from == to { Precision::Minute } else { Precision::Day };
        SourceInput {
            source: source(id, lang, groups),
            matches: vec![matched(Some((from, to, precision)), 90.0, None, None)],
            ..silent(Vec::new())
        }
    };
    let rows = compared(
        vec![
            at("a", "fr", &["north"], 1.0, 1.0),
            at("b", "fr", &["south"], 1.0, 1.0),
            at("c", "en", &["north"], 5.0, 29.0),
            at("d", "fr", &["north"], 12.0, 12.0),
            at("e", "en", &[], 40.0, 40.0),
        ],
        120.0,
    )
    .sources;
    let ranks: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.source_id.as_str(),
                row.rank_overall,
                row.rank_in_lang,
                row.rank_in_group,
            )
        })
        .collect();
    assert_eq!(
        ranks,
        [
            ("a", Some(1), Some(1), Some(1)),
            ("b", Some(1), Some(1), Some(1)),
            ("c", None, Some(1), None),
            ("d", None, Some(3), None),
            ("e", Some(5), Some(2), None),
        ]
    );
    assert_eq!(rows[2].rank_note.as_deref(), Some("undetermined against d"));
}

/// Pyongyang kept its clocks half an hour behind Seoul's from August 2015 to May 2018.
#[test]
fn local_times_follow_the_clocks_of_their_day() {
    let local = |text: &str| {
        let at: Timestamp = text.parse().unwrap();
        crate::text::durations::local_span(Interval { min: at, max: at }, "Asia/Pyongyang")
    };
    assert_eq!(local("2015-08-01T00:00:00Z"), "1 Aug 09:00 Asia/Pyongyang");
    assert_eq!(local("2016-01-06T03:00:00Z"), "6 Jan 11:30 Asia/Pyongyang");
    assert_eq!(local("2018-06-12T01:00:00Z"), "12 Jun 10:00 Asia/Pyongyang");
}

/// Two sources with the same words, published at these hours; the second has this in its text.
fn twins(first: (f64, f64), second: (f64, f64), cites: Vec<Cite>) -> Comparison {
    let text = "the envoy left the capital on a grey morning and said that the talks had been frank and long";
    let with = |id: &str, article: &str, (min, max): (f64, f64), cites: Vec<Cite>| {
        let precision = if max - min > 1.0 {
            Precision::Day
        } else {
            Precision::Minute
        };
        let mut item = matched(Some((min, max, precision)), 60.0, None, None);
        item.article.source = id.to_owned();
        item.article.id = article.to_owned();
        item.facts.shingles = Shingles::of(text);
        item.facts.cites = cites;
        SourceInput {
            source: source(id, "en", &[]),
            matches: vec![item],
            ..silent(looks(|_| Outcome::Ok, overlap))
        }
    };
    compared(
        vec![
            with("kcna-en", "i:b", first, Vec::new()),
            with("xinhua-en", "i:a", second, cites),
        ],
        120.0,
    )
}

fn cite(cited: &str) -> Cite {
    Cite {
        source_id: "xinhua-en".to_owned(),
        cited: cited.to_owned(),
        text: "KCNA reported".to_owned(),
        kind: CiteKind::Named,
        rule: "test".to_owned(),
        place: Place {
            article_id: "i:a".to_owned(),
            version: 1,
            field: Field::Body,
            start: 0,
            end: 4,
            position: 0,
        },
    }
}

#[test]
fn a_credit_tells_who_copied_where_the_times_do_not() {
    let day = (24.0, 48.0);
    let open = twins(day, day, Vec::new());
    assert_eq!(open.evidence.lineage[0].order, LineageOrder::Open);
    assert!(open.evidence.reuse.is_empty());
    let credited = twins(day, day, vec![cite("kcna")]);
    let edge = &credited.evidence.lineage[0];
    assert_eq!(
        (edge.order, edge.from.as_str(), edge.to.as_str()),
        (LineageOrder::Credit, "i:b", "i:a")
    );
    assert!(edge.copied && edge.credited);
    // The lag says what the times say: a day either way.
    assert_eq!((edge.lag_min_minutes, edge.lag_max_minutes), (-1440, 1440));
    assert_eq!(credited.evidence.reuse[0].cell, Reuse::CreditedCopied);
    // A certain order needs no credit, and none turns it round.
    let timed = twins((50.0, 50.0), (30.0, 30.0), vec![cite("kcna")]);
    let edge = &timed.evidence.lineage[0];
    assert_eq!(
        (edge.order, edge.from.as_str(), edge.to.as_str()),
        (LineageOrder::Time, "i:a", "i:b")
    );
}

#[test]
fn what_no_look_proves_is_no_grade_a() {
    let judged = |looks: Vec<LookRow>| {
        let compared = compared(vec![silent(looks)], 120.0);
        let row = &compared.sources[0];
        (
            row.status,
            row.silence_grade,
            row.reason.clone(),
            compared.limits.join("\n"),
        )
    };
    // A listing that answers and shows nothing is not looked at.
    let empty = |from: usize| {
        let mut looks = looks(|_| Outcome::Ok, overlap);
        for look in looks.iter_mut().skip(from) {
            look.verdict = Verdict::Empty;
            look.continuity = Continuity::Unknown;
            look.items = 0;
        }
        looks
    };
    let (status, grade, reason, limits) = judged(empty(15));
    assert_eq!((status, grade), (Status::Silent, Some(Grade::C)), "{reason}");
    assert!(reason.contains("2 looks showed no items"), "{reason}");
    assert!(limits.contains("held no items in 2 of 17 looks"), "{limits}");
    assert_eq!(judged(empty(8)).0, Status::Unknown);
    let (status, _, reason, _) = judged(empty(0));
    assert_eq!(
        (status, reason.as_str()),
        (Status::Unknown, "none of 17 looks succeeded: its listing held no items")
    );
    // One that breaks off was seen in part.
    let mut cut = looks(|_| Outcome::Ok, overlap);
    cut[3].verdict = Verdict::InPart;
    let (_, grade, reason, limits) = judged(cut);
    assert_eq!(
        (grade, reason.as_str()),
        (Some(Grade::C), "1 look saw the listing in part: it broke off")
    );
    assert!(limits.contains("broke off in 1 of 17 looks"), "{limits}");
    // A good look that proves nothing is enough to spoil it.
    let unknown = |n| if n == 16 { Continuity::Unknown } else { overlap(n) };
    let (_, grade, reason, _) = judged(looks(|_| Outcome::Ok, unknown));
    assert_eq!(
        (grade, reason.as_str()),
        (Some(Grade::C), "continuity proven for 15 of 16 looks")
    );
    let dates = |n| if n == 4 { Continuity::Dates } else { overlap(n) };
    let (_, grade, reason, _) = judged(looks(|_| Outcome::Ok, dates));
    assert_eq!(grade, Some(Grade::A));
    assert!(
        reason.contains("overlap or (in 1 look) reach back past the look before"),
        "{reason}"
    );
}

#[test]
fn a_listing_that_stands_still_is_told() {
    let judged = |items: u32, newest: f64| {
        let pace = Some(Pace {
            items,
            oldest: after(-240.0),
            newest: after(newest),
        });
        let source = SourceInput {
            pace,
            ..silent(looks(|_| Outcome::Ok, overlap))
        };
        let compared = compared(vec![source], 120.0);
        (
            compared.sources[0].silence_grade,
            compared.sources[0].reason.clone(),
            compared.limits.join("\n"),
        )
    };
    let (grade, reason, limits) = judged(121, 0.0);
    assert_eq!(
        (grade, reason.as_str()),
        (Some(Grade::B), "its newest item is of 14 Dec, and 12.0 a day are usual")
    );
    assert!(limits.contains("its newest item is of 14 Dec"), "{limits}");
    // A weekend is none, and a slow blog pauses.
    assert_eq!(judged(121, 40.0).0, Some(Grade::A));
    assert_eq!(judged(6, 0.0).0, Some(Grade::A));
}
