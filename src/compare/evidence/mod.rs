//! What a story's texts themselves say: probes, headlines, names, quotations, sources named, key words, edits.
//!
//! Takes articles as they were read, gives evidence by rule: each article is folded once and leaves its facts, and the
//! facts of all are laid side by side. Never the store, never a model, never one number for tone or leaning.

pub mod cites;
pub mod diff;
pub mod editions;
mod headlines;
mod keyness;
mod lists;
mod naming;
pub mod outlets;
mod probes;
mod quotes;
mod reading;
mod reuse;
mod tone;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use super::{Input, SourceInput};
use crate::model::Article;
use crate::model::article::Field;
use crate::model::comparison::Coverage;
use crate::model::evidence::{Cite, Evidence, HeadlineSigns, Lineage, NameAt, Quote, SourceEvidence, ToneWord};
use crate::text::shingles::Shingles;

pub use keyness::Vocabulary;
pub use probes::Probes;
pub use reading::Folded;
pub use versions::{Changed, change};

/// What one article leaves behind when it has been read.
#[derive(Debug, Clone)]
pub struct Facts {
    pub shingles: Shingles,
    pub signs: HeadlineSigns,
    /// Of the first title, where it was another.
    pub first_signs: Option<HeadlineSigns>,
    /// In the order of the probes.
    pub probes: Vec<probes::Hits>,
    pub names: Vec<naming::Named>,
    pub cites: Vec<Cite>,
    pub quotes: Vec<Quote>,
    pub tone: Vec<ToneWord>,
    /// Words of the vocabulary, each with how often it stands here.
    pub words: Vec<(u32, u32)>,
    /// What has no language, for other editions of the outlet: names, concepts and places by their ids …
    pub mentioned: Vec<editions::Mentioned>,
    /// … and numbers.
    pub figures: Vec<editions::Figure>,
    /// By the number of the version that it made.
    pub changes: BTreeMap<u32, Changed>,
}

/// Reads one article. `outlet` is the one that it is itself of; `version` the number of its present state; `names` are
/// those of the lexicon found in it.
pub fn facts(
    article: &Article,
    outlet: Option<&str>,
    version: u32,
    folded: &Folded<'_>,
    names: Vec<NameAt>,
    probes: &Probes,
    vocabulary: &mut Vocabulary,
) -> Facts {
    let reading = reading::Reading::new(article, version, folded, names);
    let mut named = Vec::new();
    for laid in &reading.fields {
        for name in laid.names.iter().filter(|name| !name.concept) {
            naming::count(&mut named, name, || reading.place(laid, name.start..name.end));
        }
    }
    let body = folded.fields.iter().find(|(field, ..)| *field == Field::Body);
    Facts {
        shingles: body.map_or_else(Shingles::default, |(_, _, plain)| Shingles::of_plain(plain)),
        signs: headlines::signs(reading.lang, reading.title()),
        first_signs: None,
        probes: probes::find(&reading, probes),
        names: named,
        cites: cites::find(&reading, outlet),
        quotes: quotes::find(&reading),
        tone: tone::find(&reading),
        words: keyness::words(&reading.fields, vocabulary),
        mentioned: Vec::new(),
        figures: Vec::new(),
        changes: BTreeMap::new(),
    }
}

/// The quotes of one article alone, in its present state.
pub fn quotes(article: &Article, folded: &Folded<'_>, names: Vec<NameAt>) -> Vec<Quote> {
    quotes::find(&reading::Reading::new(article, 1, folded, names))
}

/// The signs of a title alone, with the names found in it.
pub fn title_signs(lang: Option<&str>, folded: &Folded<'_>, names: Vec<NameAt>) -> Option<HeadlineSigns> {
    let lang = lang.map_or("", reading::primary);
    let (field, text, plain) = folded.fields.first()?;
    let names = names.into_iter().filter(|name| name.field == *field).collect();
    let laid = reading::Laid::new(lists::Lists::of(lang), *field, text, plain, names);
    Some(headlines::signs(lang, &laid))
}

/// All evidence of a story, and what it cannot say.
pub fn gather(input: &Input, coverage: &[Coverage], lineage: Vec<Lineage>) -> (Evidence, Vec<String>) {
    let probes = probes::rows(input);
    let limits = probes::limits(input, &probes);
    let mut limits = limits;
    limits.extend(unread(input));
    limits.extend(reuse::limits(input, &lineage));
    let mut evidence = Evidence {
        headlines: headlines::rows(input),
        probes,
        naming: naming::rows(input),
        quotes: quotes::all(input),
        keyness: keyness::rows(input, &lineage),
        reuse: reuse::cells(input, &lineage),
        cites: super::matches(input)
            .flat_map(|matched| matched.facts.cites.clone())
            .collect(),
        lineage,
        versions: versions::rows(input),
        tone: tone::rows(input),
        deletions: versions::deletions(input),
        editions: editions::rows(input, coverage),
        evidence: Vec::new(),
    };
    evidence.evidence = story_sources(input)
        .map(|source| cells(input, source, &evidence))
        .collect();
    (evidence, limits)
}

/// What of all this goes into the row of one source.
fn cells(input: &Input, source: &SourceInput, evidence: &Evidence) -> SourceEvidence {
    let id = source.source.id.as_str();
    let probes = || evidence.probes.iter().filter(|row| row.source_id == id);
    let quotes: Vec<&Quote> = evidence.quotes.iter().filter(|quote| quote.source_id == id).collect();
    let (n_quotes, n_speakers, top_speaker, quotes_unattributed) = quotes::counts(&quotes);
    SourceEvidence {
        source_id: id.to_owned(),
        n_quotes,
        n_speakers,
        top_speaker,
        quotes_unattributed,
        cites: cites::cell(source),
        naming: naming::foreign(input, source, &evidence.naming)
            .map(naming::cell)
            .unwrap_or_default(),
        probes: probes().map(|row| (row.name.clone(), row.hits)).collect(),
        probe_positions: probes()
            .filter_map(|row| Some((row.name.clone(), row.first_position?)))
            .collect(),
        title_changed: evidence
            .headlines
            .iter()
            .any(|row| row.source_id == id && row.now.is_some()),
        deleted_at: evidence
            .deletions
            .iter()
            .filter(|row| row.source_id == id)
            .map(|row| row.gone_at)
            .min(),
    }
}

/// Languages of which nothing can be said of quotations and hedges.
fn unread(input: &Input) -> Vec<String> {
    let langs: BTreeSet<&str> = super::matches(input)
        .filter_map(|matched| matched.article.lang.as_deref().map(reading::primary))
        .filter(|lang| lists::Lists::of(lang).is_none())
        .collect();
    let limit = |lang: &str| {
        format!("There is no list of words for {lang}: its hedges, speakers and sources named are not found.")
    };
    langs.into_iter().map(limit).collect()
}

/// The sources that have an article of the story.
fn story_sources(input: &Input) -> impl Iterator<Item = &SourceInput> {
    input.sources.iter().filter(|source| !source.matches.is_empty())
}

#[cfg(test)]
mod tests;
