//! A query to its articles, with what matched.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use crate::cluster::fit::FitError;
use crate::config::ConfigError;
use crate::encode::EncodeError;
use crate::model::article::Field;
use crate::model::query::{Condition, Expr, Filter, Snippet};
use crate::model::{Interval, Lexicon, Source, TopicTag};
use crate::names::gazetteer;
use crate::query::{self, Context, Query, QueryError};
use crate::read::ask::{self, Answered};
use crate::read::story::SpecFault;
use crate::store::{ArticleRow, Order, Reader, StoreError};
use crate::text::places::Places;

/// Passages shown of one article.
const SNIPPETS: usize = 3;
/// Conditions that are tried to be dropped when nothing was found.
const MOST_DROPPED: usize = 8;

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
    /// Words with what a dictionary calls them: when asked for, and when nothing was found without.
    pub bridge: Bridge,
    pub order: Order,
    pub limit: u32,
}

/// When the dictionary is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bridge {
    Always,
    /// When nothing is found, and no word of the query was searched in another language.
    #[default]
    WhenNothing,
    Never,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Spec(#[from] SpecFault),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{message}")]
    Unanswerable { message: String, hint: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// What was found.
#[derive(Debug)]
pub struct Answer {
    pub query: Query,
    pub scope: Scope,
    /// What each name found, for the actors in the order of `query.expansions`.
    pub names: Vec<NameHits>,
    pub order: Order,
    pub total: u64,
    pub hits: Vec<Hit>,
}

/// Where was searched.
#[derive(Debug, Default)]
pub struct Scope {
    /// Of the text; empty where no word was asked for.
    pub fields: Vec<Field>,
    /// Published then; unbounded ends are the ends of time.
    pub dates: Option<Interval>,
    /// Empty: all.
    pub languages: Vec<String>,
    pub sources: Vec<String>,
    pub groups: Vec<String>,
    /// Zone that days are days of.
    pub zone: String,
}

/// How many articles within the scope hold each name of an actor; a zero may be a name that nobody writes.
#[derive(Debug)]
pub struct NameHits {
    pub actor: String,
    /// Where they were counted; `None` is everywhere.
    pub field: Option<Field>,
    /// How many of them, from the first on, stand in the lexicon.
    pub written: usize,
    /// No actor, but a word with what the dictionary has for it.
    pub bridge: bool,
    pub hits: Vec<(String, u64)>,
}

#[derive(Debug, Serialize)]
pub struct Hit {
    pub article: ArticleRow,
    pub topics: Vec<TopicTag>,
    pub snippets: Vec<Snippet>,
}

/// Parses, runs and cuts the passages.
pub fn find(reader: &Reader, question: &Question<'_>, context: &Context<'_>) -> Result<Answer, ReadError> {
    let context = &Context {
        bridge: question.bridge == Bridge::Always,
        ..*context
    };
    let mut query = query::parse(question.typed, context)?;
    let beside = narrowed(Condition::Everything, question);
    let Answered { mut expr, notes } = ask::answered(reader, &query.expr, &beside, context)?;
    query.warnings.extend(notes);
    let mut found = reader.search(&narrowed(query::plan(&expr), question), question.order, question.limit)?;
    if found.total == 0 && question.bridge == Bridge::WhenNothing && query.expansions.is_empty() && !question.exact {
        let wider = query::parse(
            question.typed,
            &Context {
                bridge: true,
                ..*context
            },
        )?;
        if !wider.expansions.is_empty() {
            let Answered { expr: other, notes } = ask::answered(reader, &wider.expr, &beside, context)?;
            let condition = narrowed(query::plan(&other), question);
            let more = reader.search(&condition, question.order, question.limit)?;
            if more.total > 0 {
                (query, expr, found) = (wider, other, more);
                query.warnings.extend(notes);
                let warning = "nothing was found as typed, so dictionaries (CC-CEDICT, WikDict) were asked for the words of other languages";
                query.warnings.push(warning.to_owned());
            }
        }
    }
    let hits = hits(reader, found.rows, &query.expr)?;
    let names = name_hits(reader, &query, &expr, question)?;
    Ok(Answer {
        scope: scope(&query.expr, question, context.zone),
        query,
        names,
        order: question.order,
        total: found.total,
        hits,
    })
}

/// Articles with their topics and the passages of them that match.
pub fn hits(reader: &Reader, rows: Vec<ArticleRow>, expr: &Expr) -> Result<Vec<Hit>, StoreError> {
    let rowids: Vec<i64> = rows.iter().map(|row| row.rowid).collect();
    let texts: BTreeMap<i64, _> = reader
        .texts(&rowids)?
        .into_iter()
        .map(|text| (text.rowid, text))
        .collect();
    let mut topics = reader.topics(&rowids)?;
    let (needles, tests) = query::marked(expr);
    let of_lead = query::needles(expr)
        .iter()
        .any(|needle| needle.field == Some(Field::Lead));
    Ok(rows
        .into_iter()
        .map(|article| {
            let snippets = texts.get(&article.rowid).map_or(Vec::new(), |text| {
                // A teaser cut from the article's beginning would be shown twice, unless it was asked for.
                let lead = text
                    .standfirst
                    .as_deref()
                    .filter(|lead| of_lead || !text.text.contains(lead.trim()))
                    .unwrap_or_default();
                let fields = [
                    (Field::Title, text.title.as_str()),
                    (Field::Lead, lead),
                    (Field::Body, text.text.as_str()),
                ];
                query::passages(&fields, &needles, &tests, SNIPPETS)
            });
            Hit {
                topics: topics.remove(&article.rowid).unwrap_or_default(),
                snippets,
                article,
            }
        })
        .collect())
}

/// `expr` is the query with its parts found out.
fn name_hits(
    reader: &Reader,
    query: &Query,
    expr: &Expr,
    question: &Question<'_>,
) -> Result<Vec<NameHits>, StoreError> {
    // What is not about words narrows the count of a name too.
    let filters: Vec<Condition> = expr
        .parts()
        .iter()
        .filter(|part| is_filter(part))
        .map(query::plan)
        .collect();
    let around = narrowed(Condition::All(filters), question);
    let mut found = Vec::new();
    for expansion in &query.expansions {
        let mut hits = Vec::new();
        for name in &expansion.names {
            let word = query::plan(&Expr::Word(name.clone()));
            let condition = Condition::All(vec![word, around.clone()]);
            hits.push((name.text.clone(), reader.count(&condition)?));
        }
        found.push(NameHits {
            actor: expansion.actor.clone(),
            field: expansion.field,
            written: expansion.written,
            bridge: expansion.bridge,
            hits,
        });
    }
    Ok(found)
}

/// Is it about the article and not about its words?
pub fn is_filter(expr: &Expr) -> bool {
    match expr {
        Expr::Filter(_) | Expr::Speaker(_) => true,
        Expr::Not(part) => is_filter(part),
        Expr::Or(parts) | Expr::And(parts) => parts.iter().all(is_filter),
        _ => false,
    }
}

fn scope(expr: &Expr, question: &Question<'_>, zone: &str) -> Scope {
    let mut scope = Scope {
        languages: question.langs.to_vec(),
        sources: question.sources.to_vec(),
        groups: question.groups.to_vec(),
        zone: zone.to_owned(),
        ..Scope::default()
    };
    let mut dates = Interval {
        min: question.since.unwrap_or(Timestamp::MIN),
        max: question.until.unwrap_or(Timestamp::MAX),
    };
    for part in expr.parts() {
        match part {
            Expr::Filter(Filter::Published(span)) => {
                dates.min = dates.min.max(span.min);
                dates.max = dates.max.min(span.max);
            }
            Expr::Filter(Filter::Lang(tag)) => scope.languages.push(tag.clone()),
            Expr::Or(ways) => {
                let tags = ways.iter().map(|way| match way {
                    Expr::Filter(Filter::Lang(tag)) => Some(tag.clone()),
                    _ => None,
                });
                scope
                    .languages
                    .extend(tags.collect::<Option<Vec<_>>>().unwrap_or_default());
            }
            _ => {}
        }
    }
    if dates.min > Timestamp::MIN || dates.max < Timestamp::MAX {
        scope.dates = Some(dates);
    }
    let all = [Field::Title, Field::Lead, Field::Body];
    let needles = query::needles(expr);
    let searched = |field: &Field| {
        needles
            .iter()
            .any(|needle| needle.field.is_none_or(|own| own == *field))
    };
    scope.fields = all.into_iter().filter(searched).collect();
    scope
}

/// What is found when one of the conditions is dropped, where that is anything.
pub fn without_one(
    reader: &Reader,
    expr: &Expr,
    question: &Question<'_>,
    context: &Context<'_>,
) -> Result<Vec<(String, u64)>, ReadError> {
    let beside = narrowed(Condition::Everything, question);
    let all = expr.parts();
    let mut found = Vec::new();
    if all.len() < 2 {
        return Ok(found);
    }
    for (dropped, part) in all.iter().enumerate().take(MOST_DROPPED) {
        let rest: Vec<Expr> = all
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != dropped)
            .map(|(_, part)| part.clone())
            .collect();
        let condition = match ask::condition(reader, &Expr::And(rest), &beside, context) {
            // Without this part there is too much to read.
            Err(ReadError::Unanswerable { .. }) => continue,
            condition => condition?,
        };
        let count = reader.count(&narrowed(condition, question))?;
        if count > 0 {
            found.push((query::print(part), count));
        }
    }
    Ok(found)
}

/// Every word, phrase and name of a query that stands in an article: which, where, how often, and the first time in
/// its sentence's words.
pub fn why(reader: &Reader, expr: &Expr, article: &str, context: &Context<'_>) -> Result<Why, ReadError> {
    let shown = reader.show(article)?;
    let rows = [shown.article.rowid];
    let itself = Condition::Filter(Filter::Rows {
        typed: String::new(),
        rows: rows.to_vec(),
    });
    let matches = ask::condition(reader, expr, &itself, context)?;
    let found = reader.which(&matches, &rows)?;
    let mut hits = Vec::new();
    for text in reader.texts(&rows)? {
        let fields = [
            (Field::Title, text.title.as_str()),
            (Field::Lead, text.standfirst.as_deref().unwrap_or_default()),
            (Field::Body, text.text.as_str()),
        ];
        for needle in query::needles(expr) {
            for (field, text) in fields {
                if needle.field.is_some_and(|own| own != field) {
                    continue;
                }
                let count = Places::of(text, &[&needle]).hits(&[&needle]).len();
                if let Some(first) = query::snippets(&[(field, text)], std::slice::from_ref(&needle), 1).pop() {
                    hits.push(Because { field, count, first });
                }
            }
        }
    }
    Ok(Why {
        fulfils: found.contains(&shown.article.rowid),
        article: shown.article,
        hits,
    })
}

/// Why an article is in an answer, or not.
#[derive(Debug, Serialize)]
pub struct Why {
    pub article: ArticleRow,
    /// The whole query holds.
    pub fulfils: bool,
    pub hits: Vec<Because>,
}

#[derive(Debug, Serialize)]
pub struct Because {
    pub field: Field,
    pub count: usize,
    pub first: Snippet,
}

/// The parts of a query that find nothing even alone: what a search without results stumbled over.
pub fn barren<'e>(reader: &Reader, expr: &'e Expr, context: &Context<'_>) -> Result<Vec<&'e Expr>, ReadError> {
    let mut barren = Vec::new();
    for part in expr.parts().iter().filter(|part| !matches!(part, Expr::Not(_))) {
        let condition = match ask::condition(reader, part, &Condition::Everything, context) {
            Err(ReadError::Unanswerable { .. }) => continue,
            condition => condition?,
        };
        if reader.count(&condition)? == 0 {
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

/// Is it among the sources that the options beside the query leave?
pub fn is_chosen(source: &Source, question: &Question<'_>) -> bool {
    (question.sources.is_empty() || question.sources.contains(&source.id))
        && (question.groups.is_empty() || source.groups.iter().any(|group| question.groups.contains(group)))
        && (question.langs.is_empty() || question.langs.iter().any(|lang| base(lang) == base(&source.lang)))
}

/// A tag's language alone.
pub fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// What a query is parsed with.
pub fn context<'a>(
    lexicon: &'a Lexicon,
    now: Timestamp,
    zone: &'a str,
    exact: bool,
    stories: Option<&'a Path>,
) -> Context<'a> {
    Context {
        lexicon,
        places: gazetteer::builtin(),
        names: None,
        now,
        zone,
        exact,
        stories,
        relation: None,
        bridge: false,
    }
}
