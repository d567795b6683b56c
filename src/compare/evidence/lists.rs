//! The word lists of a language, and where their words stand in a text.
//!
//! Takes plain text, gives marks in its order. Never judges what a mark means: the rules that use them do. The lists are
//! own knowledge, in `words/`; a language without one has no marks, and the comparison says so.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::text::pieces::is_unspaced;
use crate::text::plain::{Plain, plain};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    Hedge,
    /// People by what they are.
    Unnamed,
    /// Verbs of speech.
    Say,
    /// Before whoever is quoted: `selon`, `according to`, `据`.
    According,
    /// Verbs by which an outlet is named as a source.
    Report,
    /// A press without a name.
    Press,
    /// Verbs of agreeing.
    Agree,
    /// What is agreed.
    Deal,
    /// By which an outlet says that it corrects.
    Notice,
    /// Between a verb and its subject, and part of neither.
    Between,
    Pronoun,
    /// Where a subject ends.
    Stop,
    /// Longer words that hold one of the others by chance.
    Never,
    Positive,
    Negative,
}

/// A word of a list at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub list: List,
    /// Of a hedge: `source`, `doubt`, `modal`, `plan`.
    pub sort: &'static str,
    pub units: Range<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    unnamed: Vec<String>,
    say: Vec<String>,
    /// French infinitives in -er, of which all forms are made.
    say_er: Vec<String>,
    according: Vec<String>,
    report: Vec<String>,
    press: Vec<String>,
    agree: Vec<String>,
    deal: Vec<String>,
    notice: Vec<String>,
    between: Vec<String>,
    pronoun: Vec<String>,
    stop: Vec<String>,
    never: Vec<String>,
    positive: Vec<String>,
    negative: Vec<String>,
    hedge: BTreeMap<String, Vec<String>>,
}

/// The lists of one language, compiled.
#[derive(Debug)]
pub struct Lists {
    automaton: Option<AhoCorasick>,
    /// For each pattern, the lists that it is in.
    owners: Vec<Vec<(List, &'static str)>>,
    /// Patterns whose last word may go on.
    open: Vec<bool>,
}

const FILES: [(&str, &str); 4] = [
    ("fr", include_str!("words/fr.toml")),
    ("en", include_str!("words/en.toml")),
    ("zh", include_str!("words/zh.toml")),
    ("ko", include_str!("words/ko.toml")),
];

static LISTS: LazyLock<Vec<(&str, Lists)>> = LazyLock::new(|| {
    let compiled = FILES.iter().map(|(lang, text)| (*lang, Lists::compile(&read(text))));
    compiled.collect()
});

/// Shipped with the program and read by a test; a file that could not be read would leave its language without lists.
fn read(text: &str) -> File {
    toml::from_str(text).unwrap_or_default()
}

impl Lists {
    /// Of a language by its primary tag.
    pub fn of(lang: &str) -> Option<&'static Lists> {
        LISTS.iter().find(|(own, _)| *own == lang).map(|(_, lists)| lists)
    }

    fn compile(file: &File) -> Lists {
        let mut patterns: Vec<String> = Vec::new();
        let mut places: HashMap<(String, bool), usize> = HashMap::new();
        let (mut owners, mut open) = (Vec::<Vec<(List, &'static str)>>::new(), Vec::new());
        let mut add = |words: &[String], list: List, sort: &'static str| {
            for word in words {
                let form = plain(word).text;
                let goes_on = word.ends_with('*');
                if form.is_empty() {
                    continue;
                }
                let place = *places.entry((form.clone(), goes_on)).or_insert_with(|| {
                    patterns.push(form);
                    owners.push(Vec::new());
                    open.push(goes_on);
                    patterns.len() - 1
                });
                if let Some(known) = owners.get_mut(place)
                    && !known.contains(&(list, sort))
                {
                    known.push((list, sort));
                }
            }
        };
        for (list, words) in [
            (List::Unnamed, &file.unnamed),
            (List::Say, &file.say),
            (List::According, &file.according),
            (List::Report, &file.report),
            (List::Press, &file.press),
            (List::Agree, &file.agree),
            (List::Deal, &file.deal),
            (List::Notice, &file.notice),
            (List::Between, &file.between),
            (List::Pronoun, &file.pronoun),
            (List::Stop, &file.stop),
            (List::Never, &file.never),
            (List::Positive, &file.positive),
            (List::Negative, &file.negative),
        ] {
            add(words, list, "");
        }
        let forms: Vec<String> = file.say_er.iter().flat_map(|verb| forms_of(verb)).collect();
        add(&forms, List::Say, "");
        for (sort, words) in &file.hedge {
            let sort = ["source", "doubt", "modal", "plan"]
                .into_iter()
                .find(|known| known == sort);
            add(words, List::Hedge, sort.unwrap_or_default());
        }
        Lists {
            automaton: AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty()),
            owners,
            open,
        }
    }

    /// Every word of the lists, in the order of the text; of one list, the longest wins over those inside it.
    pub fn marks(&self, text: &Plain) -> Vec<Mark> {
        let mut found: Vec<(usize, usize, List, &'static str)> = Vec::new();
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        for hit in automaton.find_overlapping_iter(&text.text) {
            let pattern = hit.pattern().as_usize();
            if fits(
                &text.text,
                hit.start(),
                hit.end(),
                self.open.get(pattern) == Some(&true),
            ) {
                let owners = self.owners.get(pattern).into_iter().flatten();
                found.extend(owners.map(|(list, sort)| (hit.start(), hit.end(), *list, *sort)));
            }
        }
        found.sort_by_key(|(start, end, list, sort)| (*start, std::cmp::Reverse(*end), *list, *sort));
        let never: Vec<(usize, usize)> = found
            .iter()
            .filter(|mark| mark.2 == List::Never)
            .map(|mark| (mark.0, mark.1))
            .collect();
        let mut reach: HashMap<List, usize> = HashMap::new();
        let mut marks = Vec::new();
        for (start, end, list, sort) in found {
            let by_chance = never.iter().any(|(from, to)| *from <= start && end <= *to);
            let inside = reach.get(&list).is_some_and(|furthest| *furthest >= end);
            if list == List::Never || by_chance || inside {
                continue;
            }
            reach.insert(list, end);
            marks.push(Mark {
                list,
                sort,
                units: text.units_of(start, end),
            });
        }
        marks
    }
}

/// Whole words; anywhere within a run of Han or Hangul.
pub(super) fn fits(text: &str, start: usize, end: usize, open: bool) -> bool {
    let (Some(inside), Some(before), Some(after)) = (text.get(start..end), text.get(..start), text.get(end..)) else {
        return false;
    };
    let edge = |c: Option<char>| c.is_none_or(|c| c == ' ');
    let left = inside.starts_with(is_unspaced) || edge(before.chars().next_back());
    let right = open || inside.ends_with(is_unspaced) || edge(after.chars().next());
    left && right
}

/// The forms of a French verb in -er that tell of speech, folded: déclare, déclaré, déclaraient.
fn forms_of(infinitive: &str) -> Vec<String> {
    let Some(stem) = infinitive.strip_suffix("er") else {
        return vec![infinitive.to_owned()];
    };
    let endings = [
        "e", "es", "ent", "ait", "aient", "a", "erent", "era", "eront", "ees", "ant",
    ];
    let mut forms: Vec<String> = endings.iter().map(|ending| format!("{stem}{ending}")).collect();
    // jugeait, annonçait (which folds to annoncait)
    if stem.ends_with('g') {
        forms.extend(["eait", "eaient", "ea", "eant"].map(|ending| format!("{stem}{ending}")));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(lang: &str, text: &str, list: List) -> Vec<String> {
        let plain = plain(text);
        let marks = Lists::of(lang).unwrap().marks(&plain);
        let of_list = marks.iter().filter(|mark| mark.list == list);
        of_list
            .map(|mark| plain.stretch(mark.units.start, mark.units.end).to_owned())
            .collect()
    }

    #[test]
    fn every_file_can_be_read_and_says_nothing_twice() {
        for (lang, text) in FILES {
            let file: File = toml::from_str(text).unwrap_or_else(|error| panic!("{lang}: {error}"));
            let lists = [
                &file.unnamed,
                &file.say,
                &file.say_er,
                &file.according,
                &file.report,
                &file.press,
                &file.agree,
                &file.deal,
                &file.notice,
                &file.between,
                &file.pronoun,
                &file.stop,
                &file.never,
                &file.positive,
                &file.negative,
            ];
            for words in lists.into_iter().chain(file.hedge.values()) {
                assert!(
                    words.iter().all(|word| !plain(word).text.is_empty()),
                    "{lang}: {words:?}"
                );
                let mut sorted: Vec<&String> = words.iter().collect();
                sorted.sort_unstable();
                let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
                assert_eq!(twice, None, "{lang}");
            }
            assert!(
                file.say.len() > 20 && file.agree.len() > 5 && file.hedge.len() == 4,
                "{lang}"
            );
        }
    }

    #[test]
    fn words_are_whole_and_characters_are_not() {
        assert_eq!(
            marked("fr", "Il DÉCLARAIT, redéclare, a jugé et jugeait", List::Say),
            ["declarait", "juge", "jugeait"]
        );
        assert_eq!(marked("zh", "他說，小說中的官員表示", List::Say), ["说", "表示"]);
        assert_eq!(marked("zh", "模拟与拟设", List::Hedge), ["拟"]);
        assert_eq!(marked("ko", "그는 “좋다”고 말했다", List::Say), ["말했"]);
        assert_eq!(
            marked("en", "Former minister said ministers said so", List::Unnamed),
            ["former minister"]
        );
    }
}
