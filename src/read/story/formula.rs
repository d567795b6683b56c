//! Headlines made by a formula: "Kim Jong Il's Works Praised by French Figure" is the fourth of its kind this year.
//!
//! Names of the lexicon and numbers are taken out of a headline; what is left is the formula. Other headlines of the
//! same outlet with all of it but one word, in its order and about its length, are made by it too.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::article::Field;
use crate::model::comparison::{Genre, Instead};
use crate::model::query::{Condition, Expr, Filter, Word};
use crate::model::{Interval, Mention};
use crate::query;
use crate::read::search::ReadError;
use crate::store::{ArticleRow, Order, Reader};
use crate::text::hash::sha256_hex;
use crate::text::tokens::{TokenKind, tokens};

/// The year that is counted.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// A formula has so many words of its own, or characters in Chinese and Korean.
const WORDS: usize = 4;
const CHARACTERS: usize = 6;
/// So many headlines of a year make a formula.
const ENOUGH: usize = 3;
/// So many words more or less may stand in another headline by the same formula.
const SLACK: usize = 2;
/// Headlines that are counted at one source, and in all: a person reads no more.
const EACH: usize = 8;
const ALL: usize = 200;
/// More of a kind than anybody counts.
const MOST: u32 = 500;

/// Marks those of the rows that are made by a formula.
pub fn mark<'r>(
    reader: &Reader,
    rows: impl Iterator<Item = &'r mut Instead>,
    until: Timestamp,
) -> Result<(), ReadError> {
    let year = Interval {
        min: until.saturating_sub(YEAR).unwrap_or(Timestamp::MIN),
        max: until,
    };
    let mut counted: HashMap<String, usize> = HashMap::new();
    for row in rows.take(ALL) {
        let at_source = counted.entry(row.source_id.clone()).or_default();
        if *at_source >= EACH {
            continue;
        }
        *at_source += 1;
        if let Some(found) = formula(reader, &row.article_id, &row.title, &row.source_id, year)? {
            row.formula_id = Some(found.id);
            row.formula_count_365d = Some(found.count);
            row.genre = Genre::Ritual;
        }
    }
    Ok(())
}

struct Formula {
    id: String,
    count: u32,
}

/// Is this headline one of several within a year of it that are made by a formula?
pub fn is_formula(reader: &Reader, row: &ArticleRow) -> Result<bool, ReadError> {
    let span = row.published_span;
    let year = Interval {
        min: span.min.saturating_sub(YEAR).unwrap_or(Timestamp::MIN),
        max: span.max.saturating_add(YEAR).unwrap_or(Timestamp::MAX),
    };
    Ok(formula(reader, &row.id, &row.title, &row.source, year)?.is_some())
}

fn formula(
    reader: &Reader,
    article: &str,
    title: &str,
    source: &str,
    year: Interval,
) -> Result<Option<Formula>, ReadError> {
    let rowid = reader.article_by_prefix(article)?;
    let mentions = reader.mentions(&[rowid])?.remove(&rowid).unwrap_or_default();
    let own = skeleton(title, &names(&mentions));
    if !is_long_enough(&own) {
        return Ok(None);
    }
    // Its own words but one: what the index can say of "nearly the same headline".
    let without = |left_out: usize| {
        let others = own.iter().enumerate().filter(|(at, _)| *at != left_out);
        Expr::And(others.map(|(_, part)| Expr::Word(word(part))).collect())
    };
    let near = Expr::Or((0..own.len()).map(without).collect());
    let condition = Condition::All(vec![
        query::plan(&near),
        Condition::Filter(Filter::Source(source.to_owned())),
        Condition::Filter(Filter::Published(year)),
    ]);
    let found = reader.search(&condition, Order::Oldest, MOST)?.rows;
    let mut alike = Vec::new();
    for other in &found {
        let theirs = skeleton(&other.title, &[]);
        if in_order(&own, &theirs) + 1 >= own.len() && theirs.len() <= own.len() + names(&mentions).len() + SLACK {
            alike.push(theirs);
        }
    }
    if alike.len() < ENOUGH {
        return Ok(None);
    }
    // What most of them share names the formula, so that each of them leads to the same one.
    let shared: Vec<&str> = own
        .iter()
        .filter(|part| alike.iter().filter(|theirs| theirs.contains(part)).count() * 2 > alike.len())
        .map(String::as_str)
        .collect();
    let digest = sha256_hex(format!("{source}\n{}", shared.join(" ")).as_bytes());
    Ok(Some(Formula {
        id: format!("f:{}", digest.get(..8).unwrap_or(&digest)),
        count: u32::try_from(alike.len()).unwrap_or(u32::MAX),
    }))
}

/// The names found in the headline, as they stand in the lexicon.
fn names(mentions: &[Mention]) -> Vec<String> {
    let hits = mentions.iter().flat_map(|mention| &mention.hits);
    hits.filter(|hit| hit.field == Field::Title)
        .map(|hit| hit.term.clone())
        .collect()
}

/// The words of a headline in order, without these names and without numbers; a run of Chinese or Korean is cut by them.
fn skeleton(title: &str, names: &[String]) -> Vec<String> {
    let mut taken: Vec<Vec<String>> = names.iter().map(|name| plain(name)).collect();
    taken.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let words = plain(title);
    let mut left = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let name = taken
            .iter()
            .find(|name| !name.is_empty() && words[at..].starts_with(name));
        match name {
            Some(name) => at += name.len(),
            None => {
                // A possessive s, or another single letter, is no word.
                if word.chars().count() > 1 || !word.is_ascii() {
                    left.push(word.clone());
                }
                at += 1;
            }
        }
    }
    left
}

fn plain(text: &str) -> Vec<String> {
    let words = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Number);
    // Of a run, its pairs say everything; its last character alone would be said twice.
    words
        .filter(|token| token.kind != TokenKind::Last)
        .map(|token| token.text)
        .collect()
}

fn is_long_enough(skeleton: &[String]) -> bool {
    let (words, pairs): (Vec<&String>, Vec<&String>) = skeleton.iter().partition(|word| word.is_ascii());
    words.len() >= WORDS || pairs.len() + 1 >= CHARACTERS || words.len() + pairs.len() / 2 >= WORDS
}

fn word(text: &str) -> Word {
    Word {
        text: text.to_owned(),
        phrase: true,
        prefix: false,
        field: Some(Field::Title),
        exact: false,
        only: None,
    }
}

/// How many of the one's words stand in the other in the same order (longest common subsequence).
fn in_order(own: &[String], theirs: &[String]) -> usize {
    let mut best = vec![0; theirs.len() + 1];
    for word in own {
        let mut before = 0;
        for (at, other) in theirs.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = if word == other { before + 1 } else { above.max(best[at]) };
            before = above;
        }
    }
    best.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_taken_out() {
        let names = ["Kim Jong Il".to_owned(), "French".to_owned()];
        let left = skeleton("Kim Jong Il's 12 Works Praised by French Figure", &names);
        assert_eq!(left, ["works", "praised", "by", "figure"]);
        assert!(is_long_enough(&left));
        assert!(!is_long_enough(&skeleton("Kim Jong Il in Moscow", &names)));
        assert!(is_long_enough(&skeleton(
            "朝鲜领导人接见外国代表团",
            &["朝鲜".to_owned()]
        )));
    }

    #[test]
    fn the_order_counts() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let own = words("works praised by figure");
        assert_eq!(in_order(&own, &words("leader works praised by nepalese figure")), 4);
        assert_eq!(in_order(&own, &words("figure by praised works")), 1);
    }
}
