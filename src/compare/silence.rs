//! A silence is a finding only with its proof: looks planned and made, continuity, a positive control.
//!
//! A silence ends at the last good look; a window still open is "not yet"; a quarter unobserved is "unknown".

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Input, SourceInput, gaps};
use crate::model::Interval;
use crate::model::comparison::{Grade, LookRow, Silence, Status};
use crate::model::look::{Continuity, Outcome, Verdict};
use crate::text::durations;

/// More of the window than this unobserved, and nothing can be said (comparison.md, grade U).
pub const UNKNOWN_ABOVE: f32 = 0.25;
/// Share of listed items that must have a searchable title, and a lead or a text, for grade A.
pub const SEARCHABLE: f32 = 0.95;

/// Below so many items nothing is known of a source's pace.
const FEW: u32 = 5;
/// A weekend is no freeze.
const WEEKEND: SignedDuration = SignedDuration::from_hours(72);
/// The chance below which a pause is told.
const UNLIKELY: f64 = 0.01;

/// So many pages without text are more than a few videos.
const UNREAD: u32 = 3;

/// What the looks of one source say about a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Runs that meant to look at this source in the window.
    pub planned: u32,
    /// Of these, runs in which every living listing answered.
    pub ok: u32,
    pub failed: u32,
    /// Good looks that could not prove that nothing scrolled past.
    pub gaps: u32,
    /// Looks at listings that answered and showed no item: they are none.
    pub empty: u32,
    /// Good looks at listings that broke off.
    pub in_part: u32,
    /// Good looks that no item, but dates alone, tie to the one before.
    pub by_dates: u32,
    pub last_good: Option<Timestamp>,
    /// Share of the window that no good look covers.
    pub unobserved: f32,
    /// The longest stretch without proof.
    pub longest_dark: SignedDuration,
    pub look_ids: Vec<i64>,
    /// Listings that never answered in the window although others did.
    pub dead_listings: u32,
    /// What stood in the way most often.
    pub obstacle: Option<Outcome>,
    /// Good looks that prove continuity, of those that had a good look before them.
    pub proven: (u32, u32),
    /// The fewest items that a look which answered had in common with the one before.
    pub least_common: Option<u32>,
}

/// Reads the ledger for one source and window.
pub fn observed(looks: &[LookRow], planned: &[i64], window: Interval) -> Observed {
    let inside: Vec<&LookRow> = looks
        .iter()
        .filter(|look| look.at >= window.min && look.at < window.max)
        .collect();
    let living: BTreeSet<i64> = inside.iter().filter(|l| l.is_good()).map(|l| l.listing).collect();
    let all: BTreeSet<i64> = inside.iter().map(|l| l.listing).collect();
    // One planned look = one run; it is good when every living listing answered in it.
    let mut runs: BTreeMap<i64, bool> = BTreeMap::new();
    for look in &inside {
        let counts = living.is_empty() || living.contains(&look.listing);
        let good = runs.entry(look.run).or_insert(true);
        *good &= !counts || look.is_good();
    }
    for run in planned {
        runs.entry(*run).or_insert(false);
    }
    let ok = runs.values().filter(|good| **good).count() as u32;
    let count = |of: &dyn Fn(&LookRow) -> bool| inside.iter().filter(|look| of(look)).count() as u32;
    let whole_window = window.max.duration_since(window.min);
    let (unobserved, longest_dark) = living
        .iter()
        .map(|listing| unobserved_by(looks.iter().filter(|look| look.listing == *listing), window))
        .max()
        .unwrap_or((whole_window, whole_window));
    let whole = window.max.duration_since(window.min).as_secs_f64().max(1.0);
    // The earliest of the living listings' last good looks: a silence ends where the first of them went dark.
    let last_good = living
        .iter()
        .filter_map(|listing| {
            inside
                .iter()
                .filter(|l| l.listing == *listing && l.is_good())
                .map(|l| l.at)
                .max()
        })
        .min();
    Observed {
        planned: runs.len() as u32,
        ok,
        failed: runs.len() as u32 - ok,
        gaps: count(&|look| look.is_good() && look.continuity == Continuity::Gap),
        empty: count(&|look| look.outcome.is_good() && !look.is_good()),
        in_part: count(&|look| look.verdict == Verdict::InPart),
        by_dates: count(&|look| look.is_good() && look.continuity == Continuity::Dates),
        last_good,
        unobserved: (unobserved.as_secs_f64() / whole) as f32,
        longest_dark,
        look_ids: inside.iter().map(|look| look.id).collect(),
        dead_listings: (all.len() - living.len()) as u32,
        obstacle: obstacle(&inside),
        proven: proven(&inside),
        // One that says "not modified" lists nothing and has everything in common.
        least_common: (inside.iter())
            .filter(|look| look.outcome == Outcome::Ok && look.continuity == Continuity::Overlap)
            .map(|look| look.known)
            .min(),
    }
}

fn obstacle(looks: &[&LookRow]) -> Option<Outcome> {
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for look in looks.iter().filter(|look| !look.outcome.is_good()) {
        *counts.entry(look.outcome).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(outcome, _)| outcome)
}

/// What the reader should know of an obstacle that is no mere failure.
fn in_words(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::RobotsDisallow => Some("robots.txt disallows it"),
        Outcome::RobotsUnreachable => Some("its robots.txt could not be had, which forbids the rest"),
        Outcome::Blocked => Some("the site blocks this program"),
        Outcome::Reserved => Some("its publisher reserves it"),
        Outcome::Unreadable => Some("what answered was no listing"),
        _ => None,
    }
}

fn proven(looks: &[&LookRow]) -> (u32, u32) {
    let good = || looks.iter().filter(|look| look.is_good());
    let proven = good()
        .filter(|look| matches!(look.continuity, Continuity::Overlap | Continuity::Dates))
        .count();
    let needed = good().filter(|look| look.continuity != Continuity::First).count();
    (proven as u32, needed as u32)
}

/// Time within the window that the good looks at one listing do not vouch for: all of it, and its longest stretch.
fn unobserved_by<'a>(looks: impl Iterator<Item = &'a LookRow>, window: Interval) -> (SignedDuration, SignedDuration) {
    let (mut dark, mut longest) = (SignedDuration::ZERO, SignedDuration::ZERO);
    for span in gaps::of_listing(looks, window) {
        let stretch = span.max.duration_since(span.min);
        dark = dark.saturating_add(stretch);
        longest = longest.max(stretch);
    }
    (dark, longest)
}

/// Status and grade of a source without a matching article.
pub fn judge(input: &Input, source: &SourceInput, observed: &Observed) -> (Status, Option<Grade>, String) {
    if observed.planned == 0 {
        let why = match (&source.source.reason, source.source.enabled) {
            (Some(reason), false) => format!("disabled: {reason}"),
            (_, false) => "disabled".to_owned(),
            _ if source.source.provisional => "imported only: nobody looked at its listings".to_owned(),
            _ => "no look was made in this window".to_owned(),
        };
        return (Status::NotLooked, None, why);
    }
    if let Some(why) = &source.proves_nothing {
        return (Status::Unknown, Some(Grade::U), why.clone());
    }
    // The time still to come is nobody's fault: only what has passed can be unobserved.
    let passed = Interval {
        min: input.window.min,
        max: input.window.max.min(input.now).max(input.window.min),
    };
    let open = input.now < input.window.max;
    let unobserved = if open {
        self::observed(&source.looks, &source.planned, passed).unobserved
    } else {
        observed.unobserved
    };
    let percent = (unobserved * 100.0).round();
    if observed.last_good.is_none() {
        let empty = (observed.empty > 0).then_some("its listing held no items");
        let why = match observed.obstacle.and_then(in_words).or(empty) {
            Some(obstacle) => format!("none of {} looks succeeded: {obstacle}", observed.planned),
            None => format!("none of {} looks succeeded", observed.planned),
        };
        return (Status::Unknown, Some(Grade::U), why);
    }
    // A reader of pages that finds no text on most of them would find no story either.
    let items = source.items;
    if source.unread >= UNREAD && u64::from(source.unread) * 2 > u64::from(items.listed) {
        let why = format!(
            "no text was found on {} of the pages of {} items",
            source.unread, items.listed
        );
        return (Status::Unknown, Some(Grade::U), why);
    }
    if unobserved > UNKNOWN_ABOVE {
        return (
            Status::Unknown,
            Some(Grade::U),
            format!("{percent} % of the window unobserved"),
        );
    }
    let (grade, why) = grade(source, observed);
    if open {
        return (Status::NotYet, Some(grade), why);
    }
    (Status::Silent, Some(grade), why)
}

fn grade(source: &SourceInput, observed: &Observed) -> (Grade, String) {
    let (proven, needed) = observed.proven;
    if observed.failed > 0 || observed.gaps > 0 {
        let mut why = format!(
            "{} failed, {}",
            counted(observed.failed as usize, "look"),
            counted(observed.gaps as usize, "listing gap")
        );
        if observed.empty > 0 {
            why.push_str(&format!(
                "; {} showed no items",
                counted(observed.empty as usize, "look")
            ));
        }
        return (Grade::C, why);
    }
    if observed.in_part > 0 {
        let why = format!(
            "{} saw the listing in part: it broke off",
            counted(observed.in_part as usize, "look")
        );
        return (Grade::C, why);
    }
    if proven < needed {
        return (Grade::C, format!("continuity proven for {proven} of {needed} looks"));
    }
    if observed.dead_listings > 0 {
        let why = format!("{} of its listings never answered", observed.dead_listings);
        return (Grade::C, why);
    }
    let items = source.items;
    if items.listed == 0 {
        return (Grade::B, "published nothing at all".to_owned());
    }
    if (items.searchable as f32) < SEARCHABLE * items.listed as f32 {
        return (
            Grade::B,
            format!(
                "only {} of {} items can be searched beyond their headline",
                items.searchable, items.listed
            ),
        );
    }
    if observed.ok < 2 {
        return (Grade::B, "a single look: continuity cannot be shown".to_owned());
    }
    if let Some(why) = &source.weakened {
        return (Grade::B, why.clone());
    }
    if let Some(frozen) = frozen(source, observed) {
        return (Grade::B, frozen);
    }
    match source.control_hits as usize {
        0 => (
            Grade::B,
            "no other item on the same actors: no positive control".to_owned(),
        ),
        n => (
            Grade::A,
            format!(
                "every look good, listings {}, {} on the same actors",
                tie(observed),
                counted(n, "other item")
            ),
        ),
    }
}

/// What its newest item says where the source's usual pace makes so old a one unlikely: a listing that nobody fills any
/// more is good at every look.
pub fn frozen(source: &SourceInput, observed: &Observed) -> Option<String> {
    let (pace, last) = (source.pace?, observed.last_good?);
    let span = pace.newest.duration_since(pace.oldest).as_secs_f64();
    let quiet = last.duration_since(pace.newest);
    if pace.items < FEW || span <= 0.0 || quiet < WEEKEND {
        return None;
    }
    let a_second = f64::from(pace.items - 1) / span;
    // As chance would have it (Poisson), nothing at all comes for so long with this probability.
    let chance = (-a_second * quiet.as_secs_f64()).exp();
    (chance < UNLIKELY).then(|| {
        let a_day = a_second * 86_400.0;
        format!(
            "its newest item is of {}, and {a_day:.1} a day are usual",
            pace.newest.strftime("%-d %b")
        )
    })
}

/// What ties each look to the one before.
fn tie(observed: &Observed) -> String {
    match (observed.by_dates, observed.proven.0) {
        (0, _) => "overlap".to_owned(),
        (dates, all) if dates == all => "reach back past the look before".to_owned(),
        (dates, _) => format!(
            "overlap or (in {}) reach back past the look before",
            counted(dates as usize, "look")
        ),
    }
}

/// `1 look`, `2 looks`
fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// The evidence row of a source that did not cover the story.
pub fn evidence(input: &Input, source: &SourceInput) -> Option<Silence> {
    if !source.matches.is_empty() {
        return None;
    }
    let observed = observed(&source.looks, &source.planned, input.window);
    let (status, grade, why) = judge(input, source, &observed);
    let grade = grade?;
    let listed = source.items.listed;
    let silent = matches!(status, Status::Silent | Status::NotYet);
    Some(Silence {
        source_id: source.source.id.clone(),
        status,
        grade,
        looks_planned: observed.planned,
        looks_ok: observed.ok,
        last_good_look: observed.last_good,
        items_listed: listed,
        at_most_share: (silent && listed > 0).then(|| at_most(listed)),
        sentence: sentence(source, status, &observed, &why),
        look_ids: observed.look_ids,
        continuity_proven: observed.proven.0,
        continuity_needed: observed.proven.1,
        least_common: observed.least_common,
        near_misses: source.near_misses.clone(),
    })
}

/// With 0 of n, the share is below this at 95 %: 1 − 0.05^(1/n) (Hanley & Lippman-Hand 1983, exact form).
fn at_most(n: u32) -> f64 {
    1.0 - 0.05_f64.powf(1.0 / f64::from(n))
}

fn sentence(source: &SourceInput, status: Status, observed: &Observed, why: &str) -> String {
    let name = source.source.label();
    let looks = format!("{} of {} looks", observed.ok, observed.planned);
    let last = observed.last_good.map_or("never".to_owned(), durations::minute_utc);
    match status {
        Status::Silent | Status::NotYet => {
            let so_far = if status == Status::NotYet { " so far" } else { "" };
            let mut text = format!(
                "{name}: nothing found{so_far} in {}, {looks}, last {last} ({why}).",
                counted(source.items.listed as usize, "new item")
            );
            if source.items.listed > 0 {
                text.push_str(&format!(
                    " At most {:.1} % of its output (95 % confidence).",
                    at_most(source.items.listed) * 100.0
                ));
            }
            text
        }
        _ => format!("{name}: unknown, {looks}, last good look {last} ({why})."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_of_three_for_0_of_611() {
        assert!((at_most(611) * 100.0 - 0.489).abs() < 0.001, "{}", at_most(611));
    }
}
