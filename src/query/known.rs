//! Ids in filters against those that there are.
//!
//! Takes a query that was read and the ids known to the configuration and the store; gives the first that nobody has.
//! A slip of the fingers is never an empty answer.

use super::Query;
use super::error::{Problem, QueryError, nearest};

/// What a filter may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub sources: Vec<String>,
    pub groups: Vec<String>,
    pub topics: Vec<String>,
    pub stories: Vec<String>,
}

/// An error for the first value of `source:`, `group:`, `topic:` or `story:` that is not known, with the nearest that is.
pub fn check(query: &Query, known: &Known) -> Result<(), QueryError> {
    for value in &query.values {
        let (what, ids) = match value.field {
            "source" => ("source", &known.sources),
            "group" => ("group", &known.groups),
            "topic" => ("topic", &known.topics),
            "story" => ("story", &known.stories),
            _ => continue,
        };
        if ids.contains(&value.value) {
            continue;
        }
        let lower = value.value.to_lowercase();
        let begins = || {
            let alike = ids
                .iter()
                .filter(|id| lower.chars().count() > 2 && id.to_lowercase().starts_with(&lower));
            alike.map(String::as_str).min()
        };
        let meant = nearest(&value.value, ids.iter().map(String::as_str)).or_else(begins);
        let error = QueryError::new(
            &query.typed,
            Problem::NoSuch(what, value.value.clone()),
            value.span.clone(),
        );
        return Err(match meant {
            Some(meant) => error.hint(format!("did you mean {what}:{meant}?")),
            None if what == "story" => error
                .hint("`vigie story list` shows the written stories, `vigie story suggest` the suggested ones (s:…)"),
            None if what == "topic" => error.hint("topics are declared in topics.toml"),
            None => error.hint("`vigie sources list` shows ids, groups and languages"),
        });
    }
    Ok(())
}
