//! An article to its clues, but for the vectors, which the encoder makes of `passages`.
//!
//! Takes an Article and the actors named in it, gives names, numbers and words. Names that no list knows are told by
//! their capital letter, which holds in most scripts that have one; a foreign name in a text without capitals, by its
//! Latin letters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Article, Clues, Mention, Name};
use crate::names::bridge;
use crate::text::fold::fold;
use crate::text::numbers::numbers;
use crate::text::pieces::is_unspaced;
use crate::text::sentences::sentences;
use crate::text::tokens::{TokenKind, each_token};

/// Sentences of the text that count: the news stands at the top, and further ones changed nothing (bench/linking).
pub const SENTENCES: usize = 8;
/// Bytes of standfirst and text that names and numbers are read from.
const READ: usize = 6_000;
/// Names and numbers kept of one article; a list of five hundred results tells of no story.
const MOST_NAMES: usize = 60;
const MOST_NUMBERS: usize = 40;
/// Words kept of one article.
const MOST_WORDS: usize = 400;
/// Letters of a word's beginning, and of the shortest that counts: shorter ones are in every text.
const WORD: usize = 5;
/// Senses that the dictionary gives first.
const SENSES: usize = 3;
/// Longer words that are in every text.
const COMMON: &str = "about after again against among another around because before being between could during every \
    first found their there these thing think those three through under until where which while would other people \
    years should according still since including without group making later might never";
/// Letters of a name that is found by its capital.
const SHORTEST: usize = 3;

/// Words with a capital that name nobody: courtesies, offices, days, months, and beginnings after a quotation mark.
const NO_NAMES: &str = "the this that there they them then than these those with what when where who why how and but for from \
    not now you your she his her him its our one all also after before while some such even just only can could would \
    have has had was were are will more most many much very over into under about as at by if in is it no of on or so to \
    up we he an mr mrs ms dr sir lord lady miss professor prof president minister prime chief king queen prince princess \
    secretary general colonel captain judge senator governor mayor director doctor \
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september \
    october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec \
    le la les un une des du de et ou mais donc car que qui quoi dont au aux ce cet cette ces il elle ils elles on nous \
    vous je tu se son sa ses leur leurs notre nos mon ma mes pour par sur sous dans avec sans plus pas en est sont \
    mme mlle madame monsieur docteur lundi mardi mercredi jeudi vendredi samedi dimanche \
    el los las una uno y pero por para con sin del al lo su sus il lo gli una per con che di da nel della \
    internet covid covid19 coronavirus reuters afp ap xinhua photo image getty images twitter facebook";

/// What an article is read by, in the order in which the encoder is given it: the title first, where there is one.
pub fn passages(article: &Article) -> (Option<&str>, Vec<&str>) {
    let title = Some(article.title.trim()).filter(|title| !title.is_empty());
    let mut found: Vec<&str> = Vec::with_capacity(SENTENCES);
    let lead = article.standfirst.as_deref().unwrap_or_default();
    for text in [lead, article.text.as_str()] {
        for range in sentences(head(text, READ)) {
            let sentence = text.get(range).unwrap_or_default();
            if found.len() == SENTENCES {
                break;
            }
            // A standfirst is often the first sentence again.
            if sentence.chars().any(char::is_alphabetic) && !found.contains(&sentence) && title != Some(sentence) {
                found.push(sentence);
            }
        }
    }
    (title, found)
}

/// Everything but the vectors.
pub fn clues(article: &Article, mentions: &[Mention], is_common: impl Fn(&str) -> bool) -> Clues {
    let lang = article.lang.as_deref().unwrap_or_default();
    let lead = article.standfirst.as_deref().unwrap_or_default();
    let parts = [article.title.as_str(), lead, head(&article.text, READ)];
    let mut names: BTreeMap<String, Name> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for mention in mentions {
        for hit in &mention.hits {
            each_token(&hit.term, |token, _, _, _| {
                known.insert(token.to_owned());
            });
        }
        let Some(written) = mention.hits.first().map(|hit| hit.term.clone()) else {
            continue;
        };
        let key = format!("@{}", mention.actor);
        let name = Name {
            common: is_common(&mention.actor),
            key: key.clone(),
            written,
        };
        names.insert(key, name);
    }
    for (key, written) in capitalised(&parts, lang) {
        // A word of a listed name is that name, which is there already.
        if !known.contains(&key) && names.len() < MOST_NAMES {
            names.entry(key.clone()).or_insert(Name {
                key,
                written,
                common: false,
            });
        }
    }
    let mut told: Vec<String> = parts
        .iter()
        .flat_map(|part| numbers(part))
        .filter(|number| tells(number))
        .collect();
    told.sort();
    told.dedup();
    told.truncate(MOST_NUMBERS);
    Clues {
        names: names.into_values().collect(),
        numbers: told,
        words: words(&article.title, &[lead, &article.text], lang),
        title: None,
        text: None,
    }
}

/// One digit is in every text, and so is the year.
fn tells(number: &str) -> bool {
    let year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    number.len() >= 2 && number.len() <= 12 && !year
}

/// Folded word and first spelling of what stands with a capital inside a sentence.
fn capitalised(parts: &[&str], lang: &str) -> Vec<(String, String)> {
    // German writes every noun so.
    if lang == "de" {
        return Vec::new();
    }
    // Written with a capital inside a sentence, at its beginning, and without one.
    let mut seen: HashMap<String, (u32, u32, u32, String)> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        for range in sentences(part) {
            let sentence = part.get(range).unwrap_or_default();
            let mut row: Vec<(String, String, bool, bool)> = Vec::new();
            let mut end_before = 0;
            let mut first = true;
            each_token(sentence, |token, start, end, kind| {
                let opened = sentence
                    .get(end_before..start)
                    .is_some_and(|between| between.contains(['"', '“', '«', '‘', ':', '(', '「', '《']));
                let written = sentence.get(start..end).unwrap_or_default();
                // Chinese, Japanese and Korean begin no sentence with a capital.
                let begins = (first || opened) && !matches!(lang, "zh" | "ja" | "ko");
                if kind == TokenKind::Word {
                    let capital = written
                        .chars()
                        .find(|c| c.is_alphabetic())
                        .is_some_and(char::is_uppercase);
                    row.push((token.to_owned(), written.to_owned(), capital, begins));
                }
                first = false;
                end_before = end;
            });
            // In a headline that capitalises its words, a capital says nothing.
            let capitals = row.iter().filter(|(.., capital, _)| *capital).count();
            let styled = row.len() >= 3 && capitals * 5 >= row.len() * 3 && (n == 0 || row.len() >= 6);
            for (token, written, capital, begins) in row {
                let entry = seen.entry(token.clone()).or_insert_with(|| {
                    order.push(token);
                    (0, 0, 0, written)
                });
                match (capital, begins || styled) {
                    (true, false) => entry.0 += 1,
                    (true, true) => entry.1 += 1,
                    (false, _) => entry.2 += 1,
                }
            }
        }
    }
    let none: BTreeSet<&str> = NO_NAMES.split_whitespace().collect();
    let names = order.into_iter().filter_map(|token| {
        let (inside, _, plain, written) = seen.get(&token)?;
        let name = *inside > 0 && inside > plain && token.chars().count() >= SHORTEST && !none.contains(token.as_str());
        name.then(|| (token, written.clone()))
    });
    names.collect()
}

/// Hashes of the words of title and text, sorted; the lowest bit is set where the word stands in the title.
fn words(title: &str, texts: &[&str], lang: &str) -> Vec<u32> {
    let titled: BTreeSet<u32> = title_words(title, lang).into_keys().collect();
    let mut all = titled.clone();
    for text in texts {
        each_word(head(text, READ), lang, |key, _| {
            if all.len() < MOST_WORDS {
                all.insert(hash(key));
            }
        });
    }
    let marked = |word: u32| word & !1 | u32::from(titled.contains(&word));
    let mut words: Vec<u32> = all.into_iter().map(marked).collect();
    words.sort_unstable();
    words
}

/// The words of a title in the form in which they are compared, with the first spelling of each.
pub fn title_words(title: &str, lang: &str) -> BTreeMap<u32, String> {
    let mut words = BTreeMap::new();
    each_word(title, lang, |key, written| {
        words.entry(hash(key)).or_insert_with(|| written.to_owned());
    });
    words
}

/// Half of a good hash is a good hash; its lowest bit is kept for another use.
fn hash(key: &str) -> u32 {
    (xxh3_64(key.as_bytes()) as u32) & !1
}

/// The beginnings of longer words, which many languages share (`referendum`, `référendum`); of Chinese words, of what
/// the dictionary calls them in English; of other scripts without spaces, pairs of characters.
fn each_word(text: &str, lang: &str, mut each: impl FnMut(&str, &str)) {
    let mut latin = |word: &str, written: &str| {
        let letters = word.chars().count();
        let end = word.char_indices().nth(WORD).map_or(word.len(), |(at, _)| at);
        if letters >= WORD && !COMMON.split_whitespace().any(|common| common == word) {
            each(&word[..end], written);
        }
    };
    if lang == "zh" {
        let plain = fold(text);
        let mut rest: &str = &plain;
        while let Some(first) = rest.chars().next() {
            if is_unspaced(first)
                && let Some((length, senses)) = bridge::beginning(rest)
            {
                let (word, after) = rest.split_at(length);
                for sense in senses.take(SENSES) {
                    each_token(sense, |token, _, _, kind| {
                        if kind == TokenKind::Word {
                            latin(token, word);
                        }
                    });
                }
                rest = after;
                continue;
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    each_token(text, |token, start, end, kind| match kind {
        TokenKind::Word => latin(token, text.get(start..end).unwrap_or(token)),
        TokenKind::Bigram if lang != "zh" => pairs.push((token.to_owned(), token.to_owned())),
        _ => {}
    });
    for (pair, written) in pairs {
        each(&pair, &written);
    }
}

/// As many bytes from the start as end a character.
fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str, text: &str, lang: &str) -> Vec<String> {
        let found = capitalised(&[title, "", text], lang);
        found.into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn names_are_told_by_their_capital() {
        for (title, text, lang, expected) in [
            (
                "Mayor Visits The Old Bridge",
                "On Monday the mayor, Ilse Brandt, met Mr. Okoro at the bridge of Lenz. Brandt smiled.",
                "en",
                vec!["brandt", "okoro", "lenz", "ilse"],
            ),
            (
                "Le maire de Lenz inaugure un pont",
                "« Il tiendra », a dit Ilse Brandt. Lundi, il pleuvait.",
                "fr",
                vec!["lenz", "ilse", "brandt"],
            ),
            (
                "市长访问旧桥",
                "市长布兰特（Ilse Brandt）说，这座桥很旧。",
                "zh",
                vec!["brandt", "ilse"],
            ),
            (
                "Der Bürgermeister",
                "Am Montag besuchte der Bürgermeister die Brücke.",
                "de",
                vec![],
            ),
        ] {
            let mut found = names(title, text, lang);
            found.sort();
            let mut expected = expected;
            expected.sort_unstable();
            assert_eq!(found, expected, "{title}");
        }
    }

    #[test]
    fn years_and_single_digits_tell_nothing() {
        let told: Vec<&str> = ["7", "12", "2009", "1874", "3.5", "1999"]
            .into_iter()
            .filter(|n| tells(n))
            .collect();
        assert_eq!(told, ["12", "1874", "3.5"]);
    }
}
