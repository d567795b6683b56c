//! Themes that were asked for: how often each source's articles hold them, and how far down.
//!
//! Takes the hits of each article, gives one row for each probe and source. Never calls a theme absent from a text of
//! which only the beginning is held.

use super::reading::Reading;
use super::{Facts, story_sources};
use crate::compare::Input;
use crate::model::TextAccess;
use crate::model::article::Field;
use crate::model::evidence::{Place, Probe, ProbeState};
use crate::model::query::Test;
use crate::text::holds::each_marked;
use crate::text::plain::Plain;

/// What is looked for: all probes as one test, so that a text is searched once.
#[derive(Debug, Default)]
pub struct Probes {
    /// Name and query as typed.
    pub names: Vec<(String, String)>,
    pub test: Test,
    /// The rule of each.
    pub roots: Vec<usize>,
}

/// One probe in one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    pub n: u32,
    pub first: Option<Place>,
}

pub fn find(reading: &Reading<'_>, probes: &Probes) -> Vec<Hits> {
    if probes.roots.is_empty() {
        return Vec::new();
    }
    let fields: Vec<(Field, &str, &Plain)> = (reading.fields.iter())
        .map(|laid| (laid.field, laid.text, laid.plain))
        .collect();
    let found = each_marked(&probes.test, &probes.roots, &fields);
    let hits = found.into_iter().map(|spans| {
        let first = spans.first().and_then(|(field, bytes)| {
            let laid = reading.fields.get(*field)?;
            Some(reading.place(laid, bytes.clone()))
        });
        Hits {
            n: spans.len() as u32,
            first,
        }
    });
    hits.collect()
}

pub fn rows(input: &Input) -> Vec<Probe> {
    let mut rows = Vec::new();
    for (n, (name, query)) in input.probes.names.iter().enumerate() {
        for source in story_sources(input) {
            let of = |facts: &Facts| facts.probes.get(n).cloned();
            let hits: Vec<Hits> = source.matches.iter().filter_map(|m| of(&m.facts)).collect();
            let places: Vec<Place> = hits.iter().filter_map(|hits| hits.first.clone()).collect();
            let sum = hits.iter().map(|hits| hits.n).sum();
            let whole = source.matches.iter().all(|m| m.article.text_access == TextAccess::Full);
            rows.push(Probe {
                name: name.clone(),
                query: query.clone(),
                source_id: source.source.id.clone(),
                hits: sum,
                first_position: places.first().map(|place| place.position),
                found: match (sum, whole) {
                    (1.., _) => ProbeState::Found,
                    (0, true) => ProbeState::Absent,
                    (0, false) => ProbeState::NotInTeaser,
                },
                articles: places.len() as u32,
                n_items: source.matches.len() as u32,
                places,
            });
        }
    }
    rows
}

/// "Le Monde body is teaser-only for 1 of 1 items: probe zeros mean *not in the teaser*."
pub fn limits(input: &Input, rows: &[Probe]) -> Vec<String> {
    let mut limits = Vec::new();
    for source in story_sources(input) {
        let zeros: Vec<&str> = rows
            .iter()
            .filter(|row| row.source_id == source.source.id && row.found == ProbeState::NotInTeaser)
            .map(|row| row.name.as_str())
            .collect();
        if !zeros.is_empty() {
            limits.push(format!(
                "{}: that a probe found nothing ({}) means not in the teaser.",
                source.source.label(),
                zeros.join(", ")
            ));
        }
    }
    limits
}
