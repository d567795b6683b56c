//! A suggested story to a spec: something to compare, to keep and to edit.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::model::Lexicon;
use crate::model::story::{Pins, Spec, Window};
use crate::store::{Reader, StoreError};

use super::suggest::Story;

/// Names that a query of a suggested story asks for together. One alone names a person or a place, and no event.
const NAMES: usize = 2;

/// Seconds.
const DAY: i64 = 86_400;

/// The articles of the story as pins, from the day before its first to the day after its last; and a query, where
/// enough names are in most of its articles and in each of its languages. Without one nobody is silent on it.
pub fn spec(reader: &Reader, lexicon: &Lexicon, story: &Story, id: &str) -> Result<Spec, StoreError> {
    let day = SignedDuration::from_secs(DAY);
    let midnight = |at: Timestamp| {
        let seconds = at.as_second();
        Timestamp::from_second(seconds - seconds.rem_euclid(DAY)).unwrap_or(at)
    };
    let since = midnight(story.first);
    let until = midnight(story.last);
    Ok(Spec {
        id: id.to_owned(),
        title: title(story),
        relation: Vec::new(),
        window: Window {
            since: since.saturating_sub(day).unwrap_or(since),
            until: until.saturating_add(day * 2).ok(),
        },
        matches: query(reader, lexicon, story)?,
        topic: None,
        expect: Vec::new(),
        probes: Vec::new(),
        pins: Pins {
            within: story.articles.iter().map(|article| article.id.clone()).collect(),
            out: Vec::new(),
        },
        questions: Vec::new(),
        notes: Vec::new(),
        gloss: BTreeMap::new(),
        sha256: String::new(),
    })
}

/// On one line; a story of pictures may have none.
fn title(story: &Story) -> String {
    let words: Vec<&str> = story.title.split_whitespace().collect();
    let title: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    if title.is_empty() { story.id.clone() } else { title }
}

struct Named {
    common: bool,
    articles: usize,
    languages: BTreeSet<String>,
    written: BTreeSet<String>,
}

fn query(reader: &Reader, lexicon: &Lexicon, story: &Story) -> Result<Option<String>, StoreError> {
    let own: Vec<_> = story
        .articles
        .iter()
        .filter(|article| article.evidence.reprint.is_none())
        .collect();
    let mut names: BTreeMap<String, Named> = BTreeMap::new();
    for article in &own {
        let Some(row) = reader.article_by_id(&article.id)? else {
            continue;
        };
        for name in reader.clues(row)?.unwrap_or_default().names {
            let named = names.entry(name.key).or_insert_with(|| Named {
                common: name.common,
                articles: 0,
                languages: BTreeSet::new(),
                written: BTreeSet::new(),
            });
            named.articles += 1;
            named.languages.insert(article.lang.clone());
            named.written.insert(name.written);
        }
    }
    let languages: BTreeSet<&String> = own.iter().map(|article| &article.lang).collect();
    let mut shared: Vec<(&String, &Named)> = names
        .iter()
        .filter(|(_, named)| named.articles * 3 >= own.len() * 2 && named.articles > 1)
        .filter(|(_, named)| named.languages.len() == languages.len())
        .collect();
    shared.sort_by_key(|(key, named)| (named.common, std::cmp::Reverse(named.articles), (*key).clone()));
    let parts: Vec<String> = shared
        .iter()
        .take(NAMES)
        .filter_map(|(key, named)| part(key, named, lexicon))
        .collect();
    Ok((parts.len() == NAMES).then(|| parts.join(" AND ")))
}

/// `@north-korea`, or `("Lenz" OR "伦茨")`.
fn part(key: &str, named: &Named, lexicon: &Lexicon) -> Option<String> {
    if let Some(id) = key.strip_prefix('@')
        && lexicon.actors.iter().any(|actor| actor.id == id)
    {
        return Some(key.to_owned());
    }
    let quoted: Vec<String> = named
        .written
        .iter()
        .map(|written| {
            written
                .chars()
                .filter(|c| *c != '"' && !c.is_control())
                .collect::<String>()
        })
        .filter(|written| !written.trim().is_empty())
        .map(|written| format!("\"{written}\""))
        .collect();
    match quoted.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(format!("({})", quoted.join(" OR "))),
    }
}
