//! Whose words: how much of each article's text stands in an earlier one of the story.
//!
//! Containment, not Jaccard: a short brief cut from a long wire is wholly contained in it.

use std::collections::BTreeMap;

use super::{Input, Matched, firstness, matches};
use crate::compare::evidence::{cites, outlets};
use crate::model::ArticleId;
use crate::model::Source;
use crate::model::evidence::Lineage;
use crate::text::shingles::Shingles;

/// At and above this share a text is a reprint (comparison.md: containment ≥ 0.80).
pub const REPRINT: f32 = 0.80;
/// Below this share common phrases and names explain the overlap, and nothing is shown.
pub const SHOWN: f32 = 0.10;

/// Later article → its best earlier match.
pub type Reuse = BTreeMap<ArticleId, Lineage>;

pub fn trace(input: &Input) -> Reuse {
    let mut ordered: Vec<(&Matched, &Shingles)> = matches(input).map(|m| (m, &m.facts.shingles)).collect();
    ordered.sort_by_key(|(m, _)| (firstness::narrow(m).interval.min, m.first_seen_at, m.article.id.clone()));
    let mut reuse = Reuse::new();
    for (at, (later, shingles)) in ordered.iter().enumerate() {
        let best = ordered[..at]
            .iter()
            .filter(|(earlier, _)| earlier.article.lang == later.article.lang)
            .map(|(earlier, theirs)| (shingles.contained_in(theirs), earlier))
            // The earliest wins a tie, as the one that the others had it from.
            .fold(None::<(f32, &&Matched)>, |best, (share, earlier)| match best {
                Some((highest, _)) if highest >= share => best,
                _ => Some((share, earlier)),
            });
        let Some((share, earlier)) = best.filter(|(share, _)| *share >= SHOWN) else {
            continue;
        };
        let (first, second) = (firstness::narrow(earlier).interval, firstness::narrow(later).interval);
        reuse.insert(
            later.article.id.clone(),
            Lineage {
                from: earlier.article.id.clone(),
                to: later.article.id.clone(),
                from_source: earlier.article.source.clone(),
                to_source: later.article.source.clone(),
                share,
                credit: later.article.credit.clone(),
                credited: credited(input, later, earlier),
                copied: share >= REPRINT,
                lag_min_minutes: second.min.duration_since(first.max).as_mins().max(0),
                lag_max_minutes: second.max.duration_since(first.min).as_mins().max(0),
            },
        );
    }
    reuse
}

/// Does the later one say, in its credit line or its text, that the earlier outlet had it first?
fn credited(input: &Input, later: &Matched, earlier: &Matched) -> bool {
    let source = |id: &str| -> Option<&Source> {
        let found = input.sources.iter().find(|source| source.source.id == id);
        found.map(|source| &source.source)
    };
    let outlet = source(&earlier.article.source).and_then(outlets::of_source);
    let line = later.article.credit.as_deref();
    outlet.is_some_and(|outlet| cites::names(&later.facts, outlet))
        || line.is_some() && line == earlier.article.credit.as_deref()
}
