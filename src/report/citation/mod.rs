//! Citations: one for each article of the story, as reference managers read them.
//!
//! Every format carries the same facts: the day that the outlet's readers had, the look that last read the page, when it was
//! first seen, the digest of its words, and where its copy lies.

mod bib;
mod csl;
mod ris;

pub use bib::{biblatex, bibtex};
pub use csl::csl;
pub use ris::ris;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::comparison::{Comparison, StoryArticle};
use crate::model::page::Location;
use crate::model::{ItemKind, Precision};
use crate::report::cells::{label_of, row_of};
use crate::report::clean;
use crate::text::durations;

/// Where the copies of the articles lie, by article.
pub type Copies = BTreeMap<String, Location>;

/// What is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Newspaper,
    Blog,
    /// A government's or an association's page.
    Page,
}

/// One article as a reference manager needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// `lemonde-fr-2009-35372c`: the same for the same article on every machine.
    pub key: String,
    pub kind: Kind,
    pub title: String,
    pub authors: Vec<String>,
    pub publication: String,
    /// `2009-12-17`, `2009-12` or `2009`, by the publisher's own clock; absent where nothing was claimed.
    pub date: Option<String>,
    pub url: String,
    /// BCP 47.
    pub lang: Option<String>,
    /// The day on which the page was last read, in UTC.
    pub accessed: String,
    /// First seen, digest, and whatever else must stand by.
    pub note: String,
    /// File of the archive and the record's place in it.
    pub copy: Option<String>,
}

/// What the archive is called in a citation.
pub const ARCHIVE: &str = "vigie local archive";

/// The articles of a story in the order of the comparison.
pub fn citations(comparison: &Comparison, copies: &Copies) -> Vec<Citation> {
    let mut keys = BTreeSet::new();
    comparison
        .articles
        .iter()
        .map(|article| {
            let mut citation = citation(comparison, article, copies.get(&article.id));
            // Two articles of one source whose ids begin alike: as rare as it is fatal to a bibliography.
            while !keys.insert(citation.key.clone()) {
                citation.key.push('x');
            }
            citation
        })
        .collect()
}

fn citation(comparison: &Comparison, article: &StoryArticle, copy: Option<&Location>) -> Citation {
    let row = row_of(comparison, &article.source_id);
    let date = article.published.as_ref().map(|claim| {
        let local = claim.to_local();
        let day = match claim.precision {
            Precision::Second | Precision::Minute => local.split('T').next().unwrap_or(&local),
            _ => &local,
        };
        day.to_owned()
    });
    let kind = match (row.map(|row| row.kind.as_str()), article.kind) {
        (Some("blog" | "own"), _) | (_, ItemKind::Blog) => Kind::Blog,
        (Some("government" | "think-tank" | "association"), _) | (_, ItemKind::Release) => Kind::Page,
        _ => Kind::Newspaper,
    };
    let year = date.as_deref().and_then(|date| date.get(..4)).unwrap_or("nd");
    let short: String = article.id.trim_start_matches("i:").chars().take(6).collect();
    let mut note = format!("First seen {}", durations::minute_utc(article.first_seen_at));
    if date.is_none() {
        note.push_str("; no date given by the publisher");
    }
    if let Some(gone) = article.gone_at {
        note.push_str(&format!("; gone since {}", durations::minute_utc(gone)));
    }
    if article.n_versions > 1 {
        note.push_str(&format!("; {} versions", article.n_versions));
    }
    note.push_str(&format!("; sha256 {}", article.sha256));
    Citation {
        key: format!("{}-{year}-{short}", key(&article.source_id)),
        kind,
        title: clean::line(&article.title),
        authors: article.authors.iter().map(|author| clean::line(author)).collect(),
        publication: clean::line(&label_of(comparison, &article.source_id)),
        date,
        url: article.url.clone(),
        lang: tag(article, row.map(|row| row.lang.as_str())),
        accessed: article.read_at.strftime("%Y-%m-%d").to_string(),
        note,
        copy: copy.map(|copy| format!("{}, byte {}", copy.file, copy.offset)),
    }
}

fn tag(article: &StoryArticle, source: Option<&str>) -> Option<String> {
    match (&article.lang, &article.script) {
        (Some(lang), Some(script)) => Some(format!("{lang}-{script}")),
        (Some(lang), None) => Some(lang.clone()),
        (None, _) => source.map(str::to_owned),
    }
}

/// Letters, digits and hyphens: what every format takes for a key.
fn key(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

/// Year, month and day as far as they are known.
fn parts(date: &str) -> Vec<&str> {
    date.split('-').collect()
}
