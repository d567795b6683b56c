//! Agencies and outlets by the names that others give them.
//!
//! Takes plain text, gives the outlets named in it. Never decides whether one is cited.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::lists::fits;
use crate::model::Source;
use crate::text::plain::{Plain, plain};

/// Names so short are words of some language when they are not in capitals.
const ACRONYM: usize = 4;

#[derive(Debug, Default, Deserialize)]
struct File {
    outlets: Vec<Outlet>,
}

#[derive(Debug, Deserialize)]
struct Outlet {
    id: String,
    names: Vec<String>,
}

struct Outlets {
    ids: Vec<String>,
    automaton: Option<AhoCorasick>,
    /// For each pattern, the outlet, and whether it counts in capitals only.
    owners: Vec<(usize, bool)>,
}

/// Shipped with the program and read by a test.
static OUTLETS: LazyLock<Outlets> =
    LazyLock::new(|| Outlets::compile(toml::from_str(include_str!("words/outlets.toml")).unwrap_or_default()));

/// An outlet named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutletAt {
    pub id: &'static str,
    pub units: Range<usize>,
}

/// The outlets named in a text, in its order; the longest name wins over those inside it.
pub fn named(original: &str, text: &Plain) -> Vec<OutletAt> {
    let outlets = &*OUTLETS;
    let Some(automaton) = &outlets.automaton else {
        return Vec::new();
    };
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    for hit in automaton.find_overlapping_iter(&text.text) {
        let Some((outlet, capitals)) = outlets.owners.get(hit.pattern().as_usize()) else {
            continue;
        };
        let Some(id) = outlets.ids.get(*outlet) else { continue };
        let word = original.get(text.original(hit.start(), hit.end())).unwrap_or_default();
        let shouted = word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        if fits(&text.text, hit.start(), hit.end(), false) && (!capitals || shouted) {
            found.push((hit.start(), hit.end(), id));
        }
    }
    found.sort_by_key(|(start, end, id)| (*start, std::cmp::Reverse(*end), *id));
    let mut reach = 0;
    let mut kept = Vec::new();
    for (start, end, id) in found {
        if end > reach {
            reach = end;
            kept.push(OutletAt {
                id,
                units: text.units_of(start, end),
            });
        }
    }
    kept
}

/// The outlet that a name stands for.
pub fn by_name(name: &str) -> Option<&'static str> {
    named(name, &plain(name)).first().map(|outlet| outlet.id)
}

/// The outlet that a source is an edition of.
pub fn of_source(source: &Source) -> Option<&'static str> {
    let by_id = OUTLETS.ids.iter().find(|id| {
        let rest = source.id.strip_prefix(id.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    by_id.map(String::as_str).or_else(|| by_name(&source.name))
}

/// What all editions of one outlet have in common: the outlet that the source is known to be of, else its id without the
/// language at its end. `vok-fr` and `vok-zh` are of one outlet, whatever each calls itself.
pub fn key(source: &Source) -> String {
    if let Some(outlet) = of_source(source) {
        return outlet.to_owned();
    }
    let tag = source.lang.to_ascii_lowercase();
    let primary = tag.split('-').next().unwrap_or(&tag);
    let stem = [tag.as_str(), primary]
        .iter()
        .find_map(|tag| source.id.strip_suffix(tag)?.strip_suffix('-'));
    stem.unwrap_or(&source.id).to_owned()
}

impl Outlets {
    fn compile(file: File) -> Outlets {
        let (mut patterns, mut owners) = (Vec::new(), Vec::new());
        for (n, outlet) in file.outlets.iter().enumerate() {
            for name in &outlet.names {
                let short = name.len() <= ACRONYM && name.chars().all(|c| c.is_ascii_uppercase());
                patterns.push(plain(name).text);
                owners.push((n, short));
            }
        }
        Outlets {
            automaton: AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty()),
            ids: file.outlets.into_iter().map(|outlet| outlet.id).collect(),
            owners,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<&'static str> {
        named(text, &plain(text)).into_iter().map(|outlet| outlet.id).collect()
    }

    #[test]
    fn the_file_can_be_read_and_no_id_stands_twice() {
        let file: File = toml::from_str(include_str!("words/outlets.toml")).unwrap();
        let mut ids: Vec<&str> = file.outlets.iter().map(|outlet| outlet.id.as_str()).collect();
        assert!(ids.len() > 40);
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn names_are_those_of_outlets() {
        assert_eq!(
            ids("Selon l’AFP et l’agence Chine nouvelle, un ap de plus"),
            ["afp", "xinhua"]
        );
        assert_eq!(ids("據法新社報道，朝鲜中央通讯社"), ["afp", "kcna"]);
        assert_eq!(ids("the map of le monde, Le Monde"), ["le-monde", "le-monde"]);
    }
}
