//! The four cells credited/uncredited × copied/rewritten, and what cannot be measured.
//!
//! Takes the lineage of a story, gives each cell with its articles. An agency whose own text is not in the story leaves
//! its customers unmeasured: neither copied nor rewritten. So does an order that nobody knows.

use std::collections::BTreeMap;

use crate::compare::{Input, Matched, matches};
use crate::model::evidence::{CiteKind, Lineage, Reuse, ReuseCell};

pub fn cells(input: &Input, lineage: &[Lineage]) -> Vec<ReuseCell> {
    let mut cells: BTreeMap<Reuse, Vec<String>> = BTreeMap::new();
    for matched in matches(input) {
        let id = &matched.article.id;
        let cell = match lineage.iter().find(|edge| edge.to == *id && edge.is_directed()) {
            Some(edge) => match (edge.credited, edge.copied) {
                (true, true) => Reuse::CreditedCopied,
                (true, false) => Reuse::CreditedRewritten,
                (false, true) => Reuse::UncreditedCopied,
                (false, false) => Reuse::UncreditedRewritten,
            },
            None if credits(matched) => Reuse::CreditedUnmeasured,
            None => continue,
        };
        cells.entry(cell).or_default().push(id.clone());
    }
    let cell = |(cell, articles): (Reuse, Vec<String>)| ReuseCell {
        cell,
        n: articles.len() as u32,
        articles,
    };
    cells.into_iter().map(cell).collect()
}

/// Articles with the same words of which none is called the copy.
pub fn limits(input: &Input, lineage: &[Lineage]) -> Vec<String> {
    let label = |id: &str| {
        let source = input.sources.iter().find(|source| source.source.id == id);
        source.map_or(id.to_owned(), |source| source.source.label())
    };
    let open = lineage.iter().filter(|edge| !edge.is_directed());
    open.map(|edge| {
        format!(
            "{} and {} share {:.0} % of a text, and their times overlap: who had it first cannot be told, and neither is \
             counted as a copy of the other.",
            label(&edge.from_source),
            label(&edge.to_source),
            edge.share * 100.0
        )
    })
    .collect()
}

/// An outlet that signs its own article credits nobody.
fn credits(matched: &Matched) -> bool {
    matched.facts.cites.iter().any(|cite| cite.kind == CiteKind::Credit)
}
