//! Where the archive keeps what a comparison rests on.

use std::collections::BTreeMap;

use crate::model::ArticleId;
use crate::model::comparison::Comparison;
use crate::model::page::Location;
use crate::store::{Reader, StoreError};

/// The record of each article's present words, as far as one is kept.
pub fn copies(reader: &Reader, comparison: &Comparison) -> Result<BTreeMap<ArticleId, Location>, StoreError> {
    let ids: Vec<&str> = comparison.articles.iter().map(|article| article.id.as_str()).collect();
    let mut copies = BTreeMap::new();
    // Oldest first, so that the last one stays.
    for kept in reader.kept_versions(&ids)? {
        copies.insert(kept.article, kept.location);
    }
    Ok(copies)
}
