//! A query to its articles, with what matched.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::article::Field;
use crate::model::query::{Condition, Expr, Filter, Snippet};
use crate::model::{Interval, Lexicon, TopicTag};
use crate::query::{self, Context, Query, QueryError};
use crate::store::{ArticleRow, Order, Reader, StoreError};

/// Passages shown of one article.
const SNIPPETS: usize = 3;

/// A question as it was asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    pub typed: &'a str,
    /// Options beside the query: they narrow it, and stand in no expression.
    pub langs: &'a [String],
    pub sources: &'a [String],
    pub groups: &'a [String],
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// No expansion of names.
    pub exact: bool,
    pub order: Order,
    pub limit: u32,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was found.
#[derive(Debug)]
pub struct Answer {
    pub query: Query,
    pub total: u64,
    pub hits: Vec<Hit>,
}

#[derive(Debug, Serialize)]
pub struct Hit {
    pub article: ArticleRow,
    pub topics: Vec<TopicTag>,
    pub snippets: Vec<Snippet>,
}

/// Parses, runs and cuts the passages.
pub fn find(reader: &Reader, question: &Question<'_>, context: &Context<'_>) -> Result<Answer, ReadError> {
    let query = query::parse(question.typed, context)?;
    let condition = narrowed(query::plan(&query.expr), question);
    let found = reader.search(&condition, question.order, question.limit)?;
    let rowids: Vec<i64> = found.rows.iter().map(|row| row.rowid).collect();
    let texts: BTreeMap<i64, _> = reader
        .texts(&rowids)?
        .into_iter()
        .map(|text| (text.rowid, text))
        .collect();
    let mut topics = reader.topics(&rowids)?;
    let needles = query::needles(&query.expr);
    let hits = found
        .rows
        .into_iter()
        .map(|article| {
            let snippets = texts.get(&article.rowid).map_or(Vec::new(), |text| {
                // A teaser cut from the article's beginning would be shown twice.
                let lead = text
                    .standfirst
                    .as_deref()
                    .filter(|lead| !text.text.contains(lead.trim()))
                    .unwrap_or_default();
                let fields = [
                    (Field::Title, text.title.as_str()),
                    (Field::Lead, lead),
                    (Field::Body, text.text.as_str()),
                ];
                query::snippets(&fields, &needles, SNIPPETS)
            });
            Hit {
                topics: topics.remove(&article.rowid).unwrap_or_default(),
                snippets,
                article,
            }
        })
        .collect();
    Ok(Answer {
        query,
        total: found.total,
        hits,
    })
}

/// The parts of a query that find nothing even alone: what a search without results stumbled over.
pub fn barren<'e>(reader: &Reader, expr: &'e Expr) -> Result<Vec<&'e Expr>, StoreError> {
    let parts = match expr {
        Expr::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut barren = Vec::new();
    for part in parts.iter().filter(|part| !matches!(part, Expr::Not(_))) {
        if reader.count(&query::plan(part))? == 0 {
            barren.push(part);
        }
    }
    Ok(barren)
}

/// The query's own condition and the options beside it.
pub fn narrowed(condition: Condition, question: &Question<'_>) -> Condition {
    let mut all = vec![condition];
    let mut any_of = |filters: Vec<Condition>| {
        if !filters.is_empty() {
            all.push(Condition::Any(filters));
        }
    };
    let each = |values: &[String], filter: fn(String) -> Filter| -> Vec<Condition> {
        values
            .iter()
            .map(|value| Condition::Filter(filter(value.clone())))
            .collect()
    };
    any_of(each(question.langs, Filter::Lang));
    any_of(each(question.sources, Filter::Source));
    any_of(each(question.groups, Filter::Group));
    if question.since.is_some() || question.until.is_some() {
        let min = question.since.unwrap_or(Timestamp::MIN);
        let max = question.until.unwrap_or(Timestamp::MAX);
        all.push(Condition::Filter(Filter::Published(Interval { min, max })));
    }
    Condition::All(all)
}

/// What a query is parsed with.
pub fn context<'a>(lexicon: &'a Lexicon, now: Timestamp, zone: &'a str, exact: bool) -> Context<'a> {
    Context {
        lexicon,
        now,
        zone,
        exact,
    }
}
