//! Whose words: how much of each article's text stands in an earlier one of the story.
//!
//! Containment, not Jaccard: a short brief cut from a long wire is wholly contained in it. Who copied follows from who was
//! first, and where that is not known nobody is called the copy.

use std::collections::BTreeMap;

use super::{Input, Matched, firstness, matches};
use crate::compare::evidence::{cites, outlets};
use crate::model::ArticleId;
use crate::model::Source;
use crate::model::evidence::{Lineage, LineageOrder};
use crate::model::narrowed::Narrowed;

/// At and above this share a text is a reprint (comparison.md: containment ≥ 0.80).
pub const REPRINT: f32 = 0.80;
/// Below this share common phrases and names explain the overlap, and nothing is shown.
pub const SHOWN: f32 = 0.10;

/// Article → its best earlier match, or the one with which it shares its text in no known order.
pub type Reuse = BTreeMap<ArticleId, Lineage>;

/// An article with what it is measured by.
struct Text<'i> {
    matched: &'i Matched,
    span: Narrowed,
}

pub fn trace(input: &Input) -> Reuse {
    let mut texts: Vec<Text<'_>> = matches(input)
        .map(|matched| Text {
            matched,
            span: firstness::narrow(matched),
        })
        .collect();
    // The earliest wins a tie, as the one that the others had it from.
    texts.sort_by_key(|text| {
        let Matched { article, .. } = text.matched;
        (text.span.interval.min, text.matched.first_seen_at, article.id.clone())
    });
    let mut reuse = Reuse::new();
    for later in &texts {
        let mut best: Option<Lineage> = None;
        for earlier in &texts {
            let Some(edge) = edge(input, earlier, later) else {
                continue;
            };
            if best.as_ref().is_none_or(|best| telling(&edge) > telling(best)) {
                best = Some(edge);
            }
        }
        reuse.extend(best.map(|edge| (later.matched.article.id.clone(), edge)));
    }
    reuse
}

/// The edges of a story, those without direction once.
pub fn edges(reuse: &Reuse) -> Vec<Lineage> {
    let mirrored = |edge: &Lineage| {
        let other = reuse.get(&edge.from);
        !edge.is_directed() && edge.from < edge.to && other.is_some_and(|other| other.from == edge.to)
    };
    reuse.values().filter(|edge| !mirrored(edge)).cloned().collect()
}

/// A whole text before a part of one; a known order before an open one; then the larger share.
fn telling(edge: &Lineage) -> (bool, bool, f32) {
    (edge.share >= REPRINT, edge.is_directed(), edge.share)
}

fn edge(input: &Input, earlier: &Text<'_>, later: &Text<'_>) -> Option<Lineage> {
    let (first, second) = (earlier.matched, later.matched);
    let of_one_language = first.article.lang == second.article.lang;
    if first.article.id == second.article.id || !of_one_language || later.span.whole.is_before(earlier.span.whole) {
        return None;
    }
    let ordered = earlier.span.whole.is_before(later.span.whole);
    let mut share = second.facts.shingles.contained_in(&first.facts.shingles);
    let order = if ordered {
        LineageOrder::Time
    } else {
        match (names(input, second, first), names(input, first, second)) {
            (true, false) => LineageOrder::Credit,
            (false, true) => return None,
            // An outlet owes itself no credit.
            _ if first.article.source == second.article.source => return None,
            _ => {
                share = share.max(first.facts.shingles.contained_in(&second.facts.shingles));
                LineageOrder::Open
            }
        }
    };
    let directed = order != LineageOrder::Open;
    let (from, to) = (earlier.span.interval, later.span.interval);
    (share >= SHOWN).then(|| Lineage {
        from: first.article.id.clone(),
        to: second.article.id.clone(),
        from_source: first.article.source.clone(),
        to_source: second.article.source.clone(),
        share,
        credit: second.article.credit.clone(),
        credited: directed && credited(input, second, first),
        copied: directed && share >= REPRINT,
        lag_min_minutes: to.min.duration_since(from.max).as_mins(),
        lag_max_minutes: to.max.duration_since(from.min).as_mins(),
        order,
    })
}

/// Does the later one say, in its credit line or its text, that the earlier outlet had it first?
fn credited(input: &Input, later: &Matched, earlier: &Matched) -> bool {
    let line = later.article.credit.as_deref();
    names(input, later, earlier) || line.is_some() && line == earlier.article.credit.as_deref()
}

/// Does an article name the outlet of the other as its source?
fn names(input: &Input, article: &Matched, other: &Matched) -> bool {
    let source = |id: &str| -> Option<&Source> {
        let found = input.sources.iter().find(|source| source.source.id == id);
        found.map(|source| &source.source)
    };
    let outlet = source(&other.article.source).and_then(outlets::of_source);
    outlet.is_some_and(|outlet| cites::names(&article.facts, outlet))
}
