//! The silence rules on small invented ledgers.

use jiff::{SignedDuration, Timestamp};

use super::silence::observed;
use crate::model::Interval;
use crate::model::comparison::LookRow;
use crate::model::look::{Continuity, Outcome};

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
            items: 24,
            new: 5,
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
