//! What only one part of the press says was agreed.
//!
//! Takes the agreement sentences of all outlets, marks those with a concept that outlets outside of one language, group,
//! country, kind of ownership, or outlet have in none. Concepts are the lexicon's, so that 建交 and "relations
//! diplomatiques" are one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::reading::primary;
use crate::model::Source;
use crate::model::evidence::{OnlyIn, Quote, QuoteKind};

/// Those by which a sentence is found, or that say nothing of what was agreed.
const GENERIC: [&str; 5] = ["agreement", "treaty", "cooperation", "government", "journalist"];

/// `sources` are those of the story, in any order.
pub fn set_apart<'s>(quotes: &mut [Quote], sources: impl Iterator<Item = &'s Source>) {
    let sources: BTreeMap<&str, &Source> = sources.map(|source| (source.id.as_str(), source)).collect();
    let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut saying: BTreeSet<String> = BTreeSet::new();
    for quote in quotes.iter().filter(|quote| quote.kind == QuoteKind::Agreement) {
        for concept in quote
            .concepts
            .iter()
            .filter(|concept| !GENERIC.contains(&concept.as_str()))
        {
            holders
                .entry(concept.clone())
                .or_default()
                .insert(quote.source_id.clone());
        }
        saying.insert(quote.source_id.clone());
    }
    let of = |ids: &BTreeSet<String>| -> Vec<Vec<String>> {
        ids.iter()
            .map(|id| sources.get(id.as_str()).map_or_else(Vec::new, |source| parts(source)))
            .collect()
    };
    let everybody = of(&saying);
    let alone: BTreeMap<String, Vec<String>> = holders
        .into_iter()
        .map(|(concept, ids)| {
            let theirs = of(&ids);
            let first = theirs.first().cloned().unwrap_or_default();
            // All who have it are in this part of the press, and somebody with an agreement sentence is not.
            let alone = first.into_iter().filter(|part| {
                theirs.iter().all(|own| own.contains(part)) && everybody.iter().any(|own| !own.contains(part))
            });
            (concept, alone.collect())
        })
        .collect();
    for quote in quotes.iter_mut().filter(|quote| quote.kind == QuoteKind::Agreement) {
        let only = quote.concepts.iter().filter_map(|concept| {
            let within = alone.get(concept).filter(|within| !within.is_empty())?;
            Some(OnlyIn {
                concept: concept.clone(),
                within: within.clone(),
            })
        });
        quote.only = only.collect();
        // The widest part first: what a whole language says alone is more than what one outlet does.
        quote.only_in_group = WIDEST.iter().find_map(|kind| {
            let within = quote.only.iter().flat_map(|only| &only.within);
            within.filter(|part| part.starts_with(kind)).min().cloned()
        });
        quote.only_concepts = (quote.only.iter())
            .filter(|only| {
                quote
                    .only_in_group
                    .as_ref()
                    .is_some_and(|group| only.within.contains(group))
            })
            .map(|only| only.concept.clone())
            .collect();
    }
}

const WIDEST: [&str; 5] = ["lang:", "group:", "country:", "ownership:", "source:"];

/// The parts of the press that a source is of.
fn parts(source: &Source) -> Vec<String> {
    let ownership = serde_json::to_value(source.ownership).unwrap_or_default();
    let mut parts = vec![format!("lang:{}", primary(&source.lang))];
    parts.extend(source.groups.iter().map(|group| format!("group:{group}")));
    parts.push(format!("country:{}", source.country));
    parts.push(format!("ownership:{}", ownership.as_str().unwrap_or_default()));
    parts.push(format!("source:{}", source.id));
    parts
}
