//! What two articles share, in words that a person can check.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::suggestion::Evidence;
use crate::model::{Clues, Interval};

use super::centre::{Space, cosine};
use super::clues::title_words;

/// Names and numbers told of one link; the rest are in the articles.
const MOST: usize = 6;

/// An article as evidence is drawn from it.
pub struct Side<'a> {
    pub lang: &'a str,
    pub published: Interval,
    pub title: &'a str,
    pub clues: &'a Clues,
}

/// What the article `here` shares with the one `there`; vectors only where they have a part in links.
pub fn shared(here: &Side<'_>, there: &Side<'_>, space: Option<&Space>) -> Evidence {
    let cosine_of = |a: &Option<_>, b: &Option<_>| {
        let (space, a, b) = (space?, a.as_ref()?, b.as_ref()?);
        let cosine = cosine(&space.centred(a, here.lang)?, &space.centred(b, there.lang)?);
        Some((cosine * 100.0).round() / 100.0)
    };
    let theirs: BTreeMap<&str, &str> = there
        .clues
        .names
        .iter()
        .map(|name| (name.key.as_str(), name.written.as_str()))
        .collect();
    // Rare names first: they say more.
    let mut both: Vec<(bool, (String, String))> = here
        .clues
        .names
        .iter()
        .filter_map(|name| {
            let written = *theirs.get(name.key.as_str())?;
            Some((name.common, (name.written.clone(), written.to_owned())))
        })
        .collect();
    both.sort();
    let names = both.into_iter().take(MOST).map(|(_, pair)| pair).collect();
    let numbers = here
        .clues
        .numbers
        .iter()
        .filter(|number| there.clues.numbers.contains(number));
    let seconds = (here.published.min.as_second() - there.published.max.as_second() + 1)
        .max(there.published.min.as_second() - here.published.max.as_second() + 1)
        .max(0);
    let there_words = title_words(there.title, there.lang);
    // A Chinese word stands there once for each of its senses.
    let mut told = BTreeSet::new();
    let words = title_words(here.title, here.lang)
        .into_iter()
        .filter_map(|(word, written)| Some((written, there_words.get(&word)?.clone())))
        .filter(|(here, _)| told.insert(here.clone()));
    Evidence {
        words: words.take(MOST).collect(),
        similarity: cosine_of(&here.clues.text, &there.clues.text),
        titles: cosine_of(&here.clues.title, &there.clues.title),
        names,
        numbers: numbers.take(MOST).cloned().collect(),
        hours: (seconds as f32 / 360.0).round() / 10.0,
        ..Evidence::default()
    }
}
