//! A decision carried out: reads what is kept, decides, writes, and counts.

use std::collections::BTreeSet;

use crate::digest::decide::{Decision, Fresh, Kept, decide};
use crate::digest::derive::State;
use crate::store::{self, Batch, StoreError};

/// What became of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    New,
    Unchanged,
    Edited,
    Completed,
    Moved,
    Poorer,
}

/// Writes one state. Gives its article's row.
pub fn state(batch: &Batch<'_>, state: &State) -> Result<(i64, Written), StoreError> {
    let article = &state.article;
    let by_address = kept_by_address(batch, state)?;
    let by_words = batch
        .article_by_digest(&article.digest)?
        .into_iter()
        .find(|near| near.source == article.source);
    let by_words = by_words.map(|near| Kept {
        rowid: near.rowid,
        digest: near.digest,
        text_access: near.text_access,
    });
    let fresh = Fresh {
        digest: &article.digest,
        text_access: article.text_access,
        from_listing: state.from_listing,
        length: article.length.n,
    };
    let derived = derived(state);
    let (rowid, written) = match decide(by_address.as_ref(), by_words.as_ref(), &fresh) {
        Decision::New => (batch.insert_article(&derived, state.first_seen_at)?, Written::New),
        Decision::Edited(rowid) => {
            batch.add_version(rowid, &derived)?;
            (rowid, Written::Edited)
        }
        Decision::Completed(rowid) => {
            batch.replace_version(rowid, &derived)?;
            (rowid, Written::Completed)
        }
        Decision::Unchanged(rowid) => (rowid, Written::Unchanged),
        Decision::Moved(rowid) => (rowid, Written::Moved),
        Decision::Poorer(rowid) => (rowid, Written::Poorer),
    };
    if written != Written::New {
        batch.touch_article(rowid, article.seen_at, Some(state.page))?;
        batch.add_alias(&article.source, &state.url_key, rowid)?;
    }
    for alias in &state.aliases {
        batch.add_alias(&article.source, alias, rowid)?;
    }
    Ok((rowid, written))
}

/// The article kept under any of the state's addresses; its own address counts first.
fn kept_by_address(batch: &Batch<'_>, state: &State) -> Result<Option<Kept>, StoreError> {
    let mut seen = BTreeSet::new();
    for key in std::iter::once(&state.url_key)
        .chain(&state.aliases)
        .filter(|key| seen.insert(key.as_str()))
    {
        if let Some(rowid) = batch.article_by_key(&state.article.source, key)?
            && let Some(near) = batch.near(rowid)?
        {
            return Ok(Some(Kept {
                rowid,
                digest: near.digest,
                text_access: near.text_access,
            }));
        }
    }
    Ok(None)
}

fn derived(state: &State) -> store::Derived<'_> {
    store::Derived {
        article: &state.article,
        url_key: &state.url_key,
        topics: &state.topics,
        mentions: &state.mentions,
        clues: &state.clues,
        index: store::IndexText {
            title: &state.title_index,
            lead: &state.lead_index,
            body: &state.body_index,
        },
        bands: &state.bands,
        page: Some(state.page),
    }
}
