//! Names that the kept articles give in two scripts and the lexicon lacks.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Lexicon;
use crate::model::query::Condition;
use crate::names::bilingual;
use crate::store::{Order, Reader, StoreError};
use crate::text::plain::plain;

/// A pair of spellings that the lexicon could have.
#[derive(Debug, Serialize)]
pub struct Suggestion {
    pub han: String,
    pub latin: String,
    /// How many articles have it, and one of them.
    pub articles: u32,
    pub example: String,
    /// The actor that one of the two is a name of already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// Texts read at once.
const AT_ONCE: usize = 500;

/// How many articles were read, and the pairs of at least so many of them, the most frequent first.
pub fn unknown(reader: &Reader, lexicon: &Lexicon, least: u32) -> Result<(usize, Vec<Suggestion>), StoreError> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for actor in &lexicon.actors {
        for name in actor.names.values().flatten().chain(&actor.aliases) {
            known.insert(plain(name).text, &actor.id);
        }
    }
    let rows = reader.search(&Condition::Everything, Order::Oldest, u32::MAX)?.rows;
    let mut seen: BTreeMap<(String, String), Suggestion> = BTreeMap::new();
    for some in rows.chunks(AT_ONCE) {
        let rowids: Vec<i64> = some.iter().map(|row| row.rowid).collect();
        let ids: BTreeMap<i64, &str> = some.iter().map(|row| (row.rowid, row.id.as_str())).collect();
        for text in reader.texts(&rowids)? {
            let parts = [
                Some(text.title.as_str()),
                text.standfirst.as_deref(),
                Some(text.text.as_str()),
            ];
            let mut here: Vec<(String, String)> = Vec::new();
            for pair in parts.into_iter().flatten().flat_map(bilingual::pairs) {
                let key = (plain(&pair.han).text, plain(&pair.latin).text);
                let (han, latin) = (known.get(&key.0).copied(), known.get(&key.1).copied());
                if here.contains(&key) || han.is_some() && han == latin {
                    continue;
                }
                here.push(key.clone());
                let entry = seen.entry(key).or_insert_with(|| Suggestion {
                    han: pair.han,
                    latin: pair.latin,
                    articles: 0,
                    example: ids.get(&text.rowid).copied().unwrap_or_default().to_owned(),
                    actor: han.or(latin).map(str::to_owned),
                });
                entry.articles += 1;
            }
        }
    }
    let mut found: Vec<Suggestion> = seen.into_values().filter(|one| one.articles >= least).collect();
    found.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.latin.cmp(&b.latin)));
    Ok((rows.len(), found))
}
