//! The articles that fulfil a [`Condition`], and what is shown of them.
//!
//! Takes plans made by `query`, gives rows in an explicit order. Never folds or quotes text: that was done before.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::model::query::{Condition, Filter};
use crate::model::{
    ArticleId, CommentState, Comments, DateClaim, Interval, ItemKind, Length, LengthUnit, Mention, TextAccess, TopicTag,
};

use super::columns::{At, Json, Word, unsigned};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;

/// In what order articles come. Ties are broken by id, so that no order is ever left to chance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// By claimed publication (first seen where nothing was claimed), newest first.
    #[default]
    Newest,
    Oldest,
    /// By when we first saw it, newest first.
    Seen,
    /// By BM25 over everything that is to match, a hit in the title weighing most.
    Relevance,
}

/// An article without its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    pub rowid: i64,
    pub id: ArticleId,
    pub source: String,
    pub url: String,
    pub lang: Option<String>,
    pub script: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<DateClaim>,
    /// The claim, or first seen where there is none.
    pub published_span: Interval,
    pub modified: Option<DateClaim>,
    pub section: Option<String>,
    pub kind: ItemKind,
    pub credit: Option<String>,
    pub text_access: TextAccess,
    pub comments: Comments,
    pub length: Length,
    pub digest: String,
    pub simhash: u64,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
    pub reprint_of: Option<ArticleId>,
    pub reprint_share: Option<f32>,
    pub versions: u32,
}

/// An answer: how many there are, and the first of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub total: u64,
    pub rows: Vec<ArticleRow>,
}

/// The present text of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub rowid: i64,
    pub title: String,
    pub standfirst: Option<String>,
    pub text: String,
}

pub(super) const ARTICLE_COLUMNS: &str =
    "a.rowid, a.id, a.source, a.url, a.lang, a.script, a.title, a.standfirst, a.authors,
    a.published_claim, a.published_min, a.published_max, a.modified_claim, a.section, a.kind, a.credit, a.text_access,
    a.comments_state, a.comments_count, a.comments_signal, a.length_n, a.length_unit, a.digest, a.simhash,
    a.first_seen_at, a.last_seen_at, a.gone_at, (SELECT r.id FROM article r WHERE r.rowid = a.reprint_of) AS reprint_of,
    a.reprint_share, a.versions";

/// Ranks by BM25, title over lead over body as 8 : 3 : 1 (smaller is better). Materialised, since it must not be
/// computed anew for every article.
fn scored(parameter: usize) -> String {
    format!(
        "WITH scored (hit, score) AS MATERIALIZED (
            SELECT rowid, bm25(search, 8.0, 3.0, 1.0) FROM search WHERE search MATCH ?{parameter})"
    )
}

/// Hits are looked up one by one where their square is below the articles divided by this: then reading them costs less
/// than walking over the index of times until enough of them have come by (docs/benchmarks.md).
const LOOK_UP: u64 = 8;
/// Hits are asked of each article walked over, where their square is above the articles times the rows to show times this:
/// then gathering them costs more than walking past the articles without the word, each of which costs a look at the index.
const ASK: u64 = 128;
/// Phrases of an expression that is asked of one article after another.
const MOST_ASKED: usize = 32;

/// How the first of many articles with a word are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each hit's article is read, all are sorted.
    LookUp,
    /// The hits are gathered, then the articles walked in order.
    Gather,
    /// The articles are walked in order, and the index asked of each.
    Ask,
}

impl Way {
    fn of(total: u64, articles: u64, limit: u32) -> Way {
        if total < 10 * u64::from(limit) || total.saturating_mul(total) < articles / LOOK_UP {
            Way::LookUp
        } else if total.saturating_mul(total) >= articles.saturating_mul(u64::from(limit)).saturating_mul(ASK) {
            Way::Ask
        } else {
            Way::Gather
        }
    }
}

/// Longer windows have so many rows that it is as well to ask the whole index.
const WINDOW: SignedDuration = SignedDuration::from_hours(62 * 24);

/// The window that whatever fulfils the condition was published in, where it is a short one.
fn window(condition: &Condition) -> Option<Interval> {
    match condition {
        Condition::Filter(Filter::Published(span)) => (span.max.duration_since(span.min) <= WINDOW).then_some(*span),
        Condition::All(parts) => parts.iter().find_map(window),
        _ => None,
    }
}

/// What the index is asked where nothing else is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Words<'a> {
    One(&'a str),
    /// Any of many expressions, one after another.
    Each(&'a [String]),
}

impl Words<'_> {
    /// The rows that hold them, each once or more, by the value bound to ?1.
    fn rows(self) -> &'static str {
        match self {
            Words::One(_) => "SELECT search.rowid AS hit FROM search WHERE search MATCH ?1",
            Words::Each(_) => {
                "SELECT search.rowid AS hit FROM json_each(?1) j CROSS JOIN search WHERE search MATCH j.value"
            }
        }
    }

    fn value(self) -> Value {
        Value::Text(match self {
            Words::One(expression) => expression.to_owned(),
            Words::Each(each) => serde_json::to_string(each).unwrap_or_default(),
        })
    }

    /// Can the index say of one article whether it holds them, without walking over others? Each phrase costs a look, and
    /// a prefix all articles that hold a word with it.
    fn are_asked_of_one(self) -> bool {
        match self {
            Words::One(expression) => !expression.contains("\" *") && expression.matches('"').count() <= 2 * MOST_ASKED,
            Words::Each(_) => false,
        }
    }
}

/// The words, where a condition is nothing else.
fn alone(condition: &Condition) -> Option<Words<'_>> {
    match condition {
        Condition::Match(expression) => Some(Words::One(expression)),
        Condition::Matches(each) => Some(Words::Each(each)),
        Condition::All(parts) | Condition::Any(parts) => match parts.as_slice() {
            [one] => alone(one),
            _ => None,
        },
        _ => None,
    }
}

impl Reader {
    /// The first `limit` articles that fulfil the condition, and how many there are in all.
    pub fn search(&self, condition: &Condition, order: Order, limit: u32) -> Result<Found, StoreError> {
        let lowered = self.lowered(condition)?;
        let ranked = order == Order::Relevance && !lowered.matches.is_empty();
        let order = match order {
            Order::Relevance if ranked => "score IS NULL, score, a.id",
            Order::Newest | Order::Relevance => "a.published_min DESC, a.id",
            Order::Oldest => "a.published_min, a.id",
            Order::Seen => "a.first_seen_at DESC, a.id",
        };
        if let Some(words) = alone(condition)
            && !ranked
        {
            return self.search_words(words, order, limit);
        }
        if lowered.reads && !ranked {
            return self.search_read(&lowered, order, limit);
        }
        let rows = self.select(&lowered, order, ranked, limit)?;
        let total = if rows.len() < limit as usize {
            rows.len() as u64
        } else {
            self.count_lowered(lowered)?
        };
        Ok(Found { total, rows })
    }

    /// The same where texts are read: all of them once, and not again to be counted.
    fn search_read(&self, lowered: &Lowered, order: &str, limit: u32) -> Result<Found, StoreError> {
        let sql = format!("SELECT a.rowid FROM article a WHERE {}", lowered.sql);
        let mut statement = self.conn.prepare(&sql)?;
        let rowids = statement.query_map(params_from_iter(&lowered.values), |row| row.get(0))?;
        let rowids: Vec<i64> = rowids.collect::<Result<_, _>>()?;
        let sql = format!(
            "SELECT {ARTICLE_COLUMNS} FROM json_each(?1) j JOIN article a ON a.rowid = j.value ORDER BY {order} LIMIT ?2"
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map((Json(&rowids), limit), article_row)?;
        Ok(Found {
            total: rowids.len() as u64,
            rows: rows.collect::<Result<_, _>>()?,
        })
    }

    /// The newest `limit` articles that fulfil the condition, uncounted.
    pub fn newest(&self, condition: &Condition, limit: u32) -> Result<Vec<ArticleRow>, StoreError> {
        self.select(&self.lowered(condition)?, "a.published_min DESC, a.id", false, limit)
    }

    fn select(&self, lowered: &Lowered, order: &str, ranked: bool, limit: u32) -> Result<Vec<ArticleRow>, StoreError> {
        let (limit_at, ranked_at) = (lowered.values.len() + 1, lowered.values.len() + 2);
        let mut values = lowered.values.clone();
        values.push(Value::Integer(i64::from(limit)));
        let (with, join) = if ranked {
            values.push(Value::Text(lowered.anything()));
            (scored(ranked_at), "LEFT JOIN scored ON scored.hit = a.rowid")
        } else {
            (String::new(), "")
        };
        let sql = format!(
            "{with} SELECT {ARTICLE_COLUMNS} FROM article a {join} WHERE {} ORDER BY {order} LIMIT ?{limit_at}",
            lowered.sql
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), article_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same for words alone. The index knows how many hold them without a look at any article; where they are
    /// many, the articles are walked in order until enough of them do, and are not all read to be sorted.
    fn search_words(&self, words: Words<'_>, order: &str, limit: u32) -> Result<Found, StoreError> {
        let total = self.count_words(words)?;
        let newest: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(rowid), 0) FROM article")?
            .query_row([], |row| row.get(0))?;
        let way = match Way::of(total, unsigned(newest), limit) {
            Way::Ask if !words.are_asked_of_one() => Way::Gather,
            way => way,
        };
        Ok(Found {
            total,
            rows: self.first_with_words(words, order, limit, way)?,
        })
    }

    pub(super) fn first_with_words(
        &self,
        words: Words<'_>,
        order: &str,
        limit: u32,
        way: Way,
    ) -> Result<Vec<ArticleRow>, StoreError> {
        let hits = words.rows();
        let test = match way {
            Way::LookUp => format!("a.rowid IN ({hits})"),
            // The plus keeps SQLite from looking the hits up one by one.
            Way::Gather => format!("+a.rowid IN ({hits})"),
            Way::Ask => format!("EXISTS ({hits} AND search.rowid = a.rowid)"),
        };
        let sql = format!("SELECT {ARTICLE_COLUMNS} FROM article a WHERE {test} ORDER BY {order} LIMIT ?2");
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map((words.value(), limit), article_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn count_words(&self, words: Words<'_>) -> Result<u64, StoreError> {
        let sql = match words {
            Words::One(_) => format!("SELECT count(*) FROM ({})", words.rows()),
            Words::Each(_) => format!("SELECT count(DISTINCT hit) FROM ({})", words.rows()),
        };
        let n: i64 = self
            .conn
            .prepare_cached(&sql)?
            .query_row([words.value()], |row| row.get(0))?;
        Ok(unsigned(n))
    }

    /// How many articles fulfil the condition.
    pub fn count(&self, condition: &Condition) -> Result<u64, StoreError> {
        if let Some(words) = alone(condition) {
            return self.count_words(words);
        }
        self.count_lowered(self.lowered(condition)?)
    }

    /// Those of these articles that fulfil the condition.
    pub fn which(&self, condition: &Condition, rowids: &[i64]) -> Result<HashSet<i64>, StoreError> {
        let Some(rows) = rowids.iter().min().copied().zip(rowids.iter().max().copied()) else {
            return Ok(HashSet::new());
        };
        let lowered = Lowered::among(condition, Some(rows))?;
        let at = lowered.values.len() + 1;
        // The articles come first, so that a test of the text reads theirs only.
        let sql = format!(
            "SELECT a.rowid FROM json_each(?{at}) j CROSS JOIN article a ON a.rowid = j.value WHERE {}",
            lowered.sql
        );
        let mut values = lowered.values;
        values.push(Value::Text(serde_json::to_string(rowids).unwrap_or_default()));
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the oldest article of a source that is held was published.
    pub fn first_published(&self, source: &str) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(published_min) FROM article WHERE source = ?1";
        let oldest: Option<At> = self.conn.prepare_cached(sql)?.query_row([source], |row| row.get(0))?;
        Ok(oldest.map(|at| at.0))
    }

    /// How many articles of each source fulfil the condition, by source id; sources without any are left out.
    pub fn count_by_source(&self, condition: &Condition) -> Result<HashMap<String, u64>, StoreError> {
        let lowered = self.lowered(condition)?;
        let sql = format!(
            "SELECT a.source, count(*) FROM article a WHERE {} GROUP BY a.source",
            lowered.sql
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(lowered.values), |row| {
            Ok((row.get(0)?, unsigned(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rows of these articles, in the order asked for; unknown ones are left out.
    pub fn articles(&self, rowids: &[i64]) -> Result<Vec<ArticleRow>, StoreError> {
        let sql =
            format!("SELECT {ARTICLE_COLUMNS} FROM json_each(?1) j JOIN article a ON a.rowid = j.value ORDER BY j.key");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_map([Json(rowids)], article_row)?
            .collect::<Result<_, _>>()?)
    }

    /// The present texts of these articles, in the order asked for; for snippets, reuse, probes.
    pub fn texts(&self, rowids: &[i64]) -> Result<Vec<Text>, StoreError> {
        let sql =
            "SELECT a.rowid, v.title, v.standfirst, v.text FROM json_each(?1) j JOIN article a ON a.rowid = j.value
            JOIN version v ON v.article = a.rowid AND v.n = a.versions ORDER BY j.key";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([Json(rowids)], |row| {
            Ok(Text {
                rowid: row.get(0)?,
                title: row.get(1)?,
                standfirst: row.get(2)?,
                text: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The topics of these articles, by row.
    pub fn topics(&self, rowids: &[i64]) -> Result<HashMap<i64, Vec<TopicTag>>, StoreError> {
        let sql = "SELECT t.article, t.topic, t.hits FROM json_each(?1) j JOIN article_topic t ON t.article = j.value
            ORDER BY t.article, t.topic";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([Json(rowids)])?;
        let mut topics: HashMap<i64, Vec<TopicTag>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let tag = TopicTag {
                topic: row.get(1)?,
                hits: row.get::<_, Json<_>>(2)?.0,
            };
            topics.entry(row.get(0)?).or_default().push(tag);
        }
        Ok(topics)
    }

    /// The ids of all topics that articles carry.
    pub fn topic_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT DISTINCT topic FROM article_topic ORDER BY topic")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// The actors named in these articles, by row.
    pub fn mentions(&self, rowids: &[i64]) -> Result<HashMap<i64, Vec<Mention>>, StoreError> {
        let sql = "SELECT m.article, m.actor, m.hits FROM json_each(?1) j JOIN mention m ON m.article = j.value
            ORDER BY m.article, m.actor";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([Json(rowids)])?;
        let mut mentions: HashMap<i64, Vec<Mention>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let mention = Mention {
                actor: row.get(1)?,
                hits: row.get::<_, Json<_>>(2)?.0,
            };
            mentions.entry(row.get(0)?).or_default().push(mention);
        }
        Ok(mentions)
    }

    /// The condition as SQL. Where it asks for a window, the index is asked for that window's rows only: articles come in
    /// as they are published, so that these lie close together.
    pub(super) fn lowered(&self, condition: &Condition) -> Result<Lowered, StoreError> {
        let rows = match window(condition) {
            Some(span) => Some(self.rows_of(span)?),
            None => None,
        };
        Lowered::among(condition, rows)
    }

    /// The first and the last row that can be of this window.
    fn rows_of(&self, span: Interval) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT coalesce(min(row), 0), coalesce(max(row), -1) FROM (
            SELECT min(rowid) AS row FROM article WHERE published_min > ?1 - 86400 AND published_min < ?2
            UNION ALL SELECT max(rowid) FROM article WHERE published_min > ?1 - 86400 AND published_min < ?2
            UNION ALL SELECT rowid FROM article WHERE published_max - published_min > 86400 AND published_max > ?1)";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row([At(span.min), At(span.max)], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    fn count_lowered(&self, lowered: Lowered) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM article a WHERE {}", lowered.sql);
        let n: i64 = self
            .conn
            .prepare(&sql)?
            .query_row(params_from_iter(lowered.values), |row| row.get(0))?;
        Ok(unsigned(n))
    }
}

pub(super) fn article_row(row: &Row<'_>) -> rusqlite::Result<ArticleRow> {
    Ok(ArticleRow {
        rowid: row.get("rowid")?,
        id: row.get("id")?,
        source: row.get("source")?,
        url: row.get("url")?,
        lang: row.get("lang")?,
        script: row.get("script")?,
        title: row.get("title")?,
        standfirst: row.get("standfirst")?,
        authors: row.get::<_, Json<_>>("authors")?.0,
        published: row.get::<_, Option<Json<_>>>("published_claim")?.map(|claim| claim.0),
        published_span: Interval {
            min: row.get::<_, At>("published_min")?.0,
            max: row.get::<_, At>("published_max")?.0,
        },
        modified: row.get::<_, Option<Json<_>>>("modified_claim")?.map(|claim| claim.0),
        section: row.get("section")?,
        kind: row.get::<_, Word<ItemKind>>("kind")?.0,
        credit: row.get("credit")?,
        text_access: row.get::<_, Word<TextAccess>>("text_access")?.0,
        comments: Comments {
            state: row.get::<_, Word<CommentState>>("comments_state")?.0,
            count: row.get("comments_count")?,
            signal: row.get("comments_signal")?,
        },
        length: Length {
            n: row.get("length_n")?,
            unit: row.get::<_, Word<LengthUnit>>("length_unit")?.0,
        },
        digest: row.get("digest")?,
        simhash: row.get::<_, i64>("simhash")?.cast_unsigned(),
        first_seen_at: row.get::<_, At>("first_seen_at")?.0,
        last_seen_at: row.get::<_, At>("last_seen_at")?.0,
        gone_at: row.get::<_, Option<At>>("gone_at")?.map(|at| at.0),
        reprint_of: row.get("reprint_of")?,
        reprint_share: row.get("reprint_share")?,
        versions: row.get("versions")?,
    })
}
