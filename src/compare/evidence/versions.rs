//! What changed in an article, and how much that is: trivial, minor, substantive, a correction.
//!
//! Takes two states of an article, gives the change with its class and the reason of it. Never compares what is not held:
//! a teaser beside a whole text is no edit.

use std::collections::BTreeMap;

use super::diff::replaced;
use super::lists::{List, Lists};
use super::reading::{Folded, primary};
use crate::compare::{Input, matches};
use crate::model::evidence::{Change, ChangeClass, Deletion, NameAt, VersionChange};
use crate::text::chars::Chars;
use crate::text::plain::{Plain, UnitKind, plain};
use crate::text::quotations::quoted;

/// Changes that are listed of one version.
const SHOWN: usize = 12;
/// Characters of each.
pub const LONGEST: usize = 300;
/// A change of at most so many words …
const FEW: u32 = 12;
/// … and at most this share of the text is a minor one.
const SMALL: f64 = 0.05;

/// Of two states of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub class: ChangeClass,
    pub why: String,
    pub title_changed: bool,
    /// In words, or characters of an unspaced script.
    pub added: u32,
    pub removed: u32,
    /// Each in full.
    pub changes: Vec<Change>,
}

/// The older state and the newer one, each with the names in it.
pub fn change(
    lang: Option<&str>,
    (before, names_before): (&Folded<'_>, &[NameAt]),
    (after, names_after): (&Folded<'_>, &[NameAt]),
) -> Changed {
    let mut changes = Vec::new();
    let (mut added, mut removed) = (0, 0);
    let mut came = String::new();
    for ((field, old, _), (_, new, _)) in before.fields.iter().zip(&after.fields) {
        let chars = Chars::of(new);
        for edit in replaced(old, new) {
            let (went, here) = (&old[edit.before.clone()], &new[edit.after.clone()]);
            removed += plain(went).units().len() as u32;
            added += plain(here).units().len() as u32;
            came.push_str(here);
            came.push('\n');
            changes.push(Change {
                field: *field,
                before: went.to_owned(),
                after: here.to_owned(),
                start: chars.at(edit.after.start),
                end: chars.at(edit.after.end),
            });
        }
    }
    let whole: usize = before.fields.iter().map(|(_, _, plain)| plain.units().len()).sum();
    let title_changed = before.fields.first().map(|field| field.1) != after.fields.first().map(|field| field.1);
    let (class, why) = judged(
        lang,
        before,
        after,
        (names_before, names_after),
        &came,
        added.max(removed),
        whole,
    );
    Changed {
        class,
        why,
        title_changed,
        added,
        removed,
        changes,
    }
}

fn judged(
    lang: Option<&str>,
    before: &Folded<'_>,
    after: &Folded<'_>,
    names: (&[NameAt], &[NameAt]),
    came: &str,
    changed: u32,
    whole: usize,
) -> (ChangeClass, String) {
    let say = |class: ChangeClass, why: &str| (class, why.to_owned());
    let differs = |of: &dyn Fn(&str, &Plain) -> Vec<String>| {
        let all = |folded: &Folded<'_>| {
            let mut all: Vec<String> = folded
                .fields
                .iter()
                .flat_map(|(_, text, plain)| of(text, plain))
                .collect();
            all.sort_unstable();
            all
        };
        all(before) != all(after)
    };
    let same_words = before
        .fields
        .iter()
        .zip(&after.fields)
        .all(|(old, new)| old.2.text == new.2.text);
    let quotes = |text: &str, _: &Plain| {
        quoted(text)
            .into_iter()
            .map(|span| plain(&text[span.inside]).text)
            .collect()
    };
    let requoted = differs(&quotes);
    if same_words && !requoted {
        return say(ChangeClass::Trivial, "only punctuation, spaces, capitals or accents");
    }
    if let Some(words) = notice(lang, came) {
        return (ChangeClass::Correction, format!("the outlet says so: “{words}”"));
    }
    let title = |folded: &Folded<'_>| folded.fields.first().map(|(_, _, plain)| plain.text.clone());
    if title(before) != title(after) {
        return say(ChangeClass::Substantive, "the title says something else");
    }
    if differs(&|_, plain| numbers(plain)) {
        return say(ChangeClass::Substantive, "a number came, went or changed");
    }
    if requoted {
        return say(
            ChangeClass::Substantive,
            "words in quotation marks came, went or changed",
        );
    }
    if counted(names.0) != counted(names.1) {
        return say(ChangeClass::Substantive, "a name of the lexicon came or went");
    }
    if changed > FEW {
        return (ChangeClass::Substantive, format!("{changed} words or characters"));
    }
    if f64::from(changed) > SMALL * whole as f64 {
        return (
            ChangeClass::Substantive,
            format!("{changed} of {whole} words or characters"),
        );
    }
    (ChangeClass::Minor, format!("{changed} of {whole} words or characters"))
}

fn numbers(plain: &Plain) -> Vec<String> {
    let units = plain.units().iter().enumerate();
    let numbers = units.filter(|(_, unit)| unit.kind == UnitKind::Number);
    numbers.map(|(n, _)| plain.folded(n).to_owned()).collect()
}

fn counted(names: &[NameAt]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for name in names.iter().filter(|name| !name.concept) {
        *counted.entry(name.actor.as_str()).or_default() += 1;
    }
    counted
}

/// The words by which what came says that it corrects: at the beginning of a line, or several of them.
fn notice(lang: Option<&str>, came: &str) -> Option<String> {
    let lists = Lists::of(lang.map(primary)?)?;
    came.lines().find_map(|line| {
        let plain = plain(line);
        let marks = lists.marks(&plain).into_iter().filter(|mark| mark.list == List::Notice);
        let mark = marks
            .into_iter()
            .find(|mark| mark.units.start < 2 || mark.units.len() > 3)?;
        Some(plain.stretch(mark.units.start, mark.units.end).to_owned())
    })
}

pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

pub fn rows(input: &Input) -> Vec<VersionChange> {
    let mut rows = Vec::new();
    for matched in matches(input) {
        for version in &matched.versions {
            let change = matched.facts.changes.get(&version.n);
            rows.push(VersionChange {
                article_id: matched.article.id.clone(),
                source_id: matched.article.source.clone(),
                n: version.n,
                seen_at: version.seen_at,
                title: version.title.clone(),
                length: version.length,
                class: change.map(|change| change.class),
                why: change.map(|change| change.why.clone()),
                title_changed: change.is_some_and(|change| change.title_changed),
                added: change.map_or(0, |change| change.added),
                removed: change.map_or(0, |change| change.removed),
                changes: change.map_or_else(Vec::new, |change| first(&change.changes)),
                more_changes: change.map_or(0, |change| change.changes.len().saturating_sub(SHOWN) as u32),
            });
        }
    }
    rows
}

fn first(changes: &[Change]) -> Vec<Change> {
    let short = |change: &Change| Change {
        before: shortened(&change.before),
        after: shortened(&change.after),
        ..change.clone()
    };
    changes.iter().take(SHOWN).map(short).collect()
}

pub fn deletions(input: &Input) -> Vec<Deletion> {
    let gone = matches(input).filter_map(|matched| {
        Some(Deletion {
            article_id: matched.article.id.clone(),
            source_id: matched.article.source.clone(),
            title: matched.article.title.clone(),
            url: matched.article.url.clone(),
            first_seen_at: matched.first_seen_at,
            gone_at: matched.gone_at?,
        })
    });
    gone.collect()
}
