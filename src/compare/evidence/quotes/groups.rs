//! What only one part of the press says was agreed.
//!
//! Takes the agreement sentences of all outlets, marks those with a concept that no outlet of another language has in
//! one. Concepts are the lexicon's, so that 建交 and "relations diplomatiques" are one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::reading::primary;
use crate::model::evidence::{Quote, QuoteKind};

/// Those by which a sentence is found, or that say nothing of what was agreed.
const GENERIC: [&str; 5] = ["agreement", "treaty", "cooperation", "government", "journalist"];

pub fn set_apart(quotes: &mut [Quote]) {
    let lang = |quote: &Quote| quote.lang.as_deref().map(|lang| primary(lang).to_owned());
    let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut langs: BTreeSet<String> = BTreeSet::new();
    for quote in quotes.iter().filter(|quote| quote.kind == QuoteKind::Agreement) {
        let Some(lang) = lang(quote) else { continue };
        for concept in &quote.concepts {
            holders.entry(concept.clone()).or_default().insert(lang.clone());
        }
        langs.insert(lang);
    }
    if langs.len() < 2 {
        return;
    }
    for quote in quotes.iter_mut().filter(|quote| quote.kind == QuoteKind::Agreement) {
        let alone = |concept: &&String| {
            !GENERIC.contains(&concept.as_str()) && holders.get(*concept).is_some_and(|langs| langs.len() == 1)
        };
        quote.only_concepts = quote.concepts.iter().filter(alone).cloned().collect();
        if !quote.only_concepts.is_empty() {
            quote.only_in_group = lang(quote).map(|lang| format!("lang:{lang}"));
        }
    }
}
