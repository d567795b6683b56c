//! What articles are tagged with, counted; and their texts, for whoever would tag them otherwise.
//!
//! Takes topics and conditions, gives counts and rows. Never matches a term.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};
use serde::Serialize;

use crate::model::query::Condition;
use crate::model::{ArticleId, Interval, TopicTag};

use super::attention::QUARTER;
use super::columns::{Json, unsigned};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;

/// How many articles one term of a topic stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermCount {
    pub term: String,
    pub articles: u64,
    pub hits: u64,
}

impl TermCount {
    /// A term that stands nowhere.
    pub fn none(term: &str) -> TermCount {
        TermCount {
            term: term.to_owned(),
            articles: 0,
            hits: 0,
        }
    }
}

/// Articles of one topic and source whose (earliest) publication lies in one quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPublished {
    pub topic: String,
    pub source: String,
    /// Unix seconds at which the quarter begins.
    pub at: i64,
    pub articles: u64,
}

/// What of an article is tagged, and the tags that it carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged {
    pub rowid: i64,
    pub id: ArticleId,
    pub source: String,
    pub lang: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub text: String,
    /// In the order of their ids.
    pub topics: Vec<TopicTag>,
}

impl Reader {
    /// How many articles carry each topic; topics without any are left out.
    pub fn topic_counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let sql = "SELECT topic, count(*) FROM article_topic GROUP BY topic";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many articles of each source carry the topic; sources without any are left out.
    pub fn topic_sources(&self, topic: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let sql = "SELECT a.source, count(*) FROM article_topic t JOIN article a ON a.rowid = t.article
            WHERE t.topic = ?1 GROUP BY a.source";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([topic], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The terms that made a topic's tags, those of most articles first.
    pub fn topic_terms(&self, topic: &str) -> Result<Vec<TermCount>, StoreError> {
        let sql = "SELECT h.value ->> 'term' AS term, count(DISTINCT t.article) AS articles, sum(h.value ->> 'count')
            FROM article_topic t, json_each(t.hits) h WHERE t.topic = ?1 GROUP BY term ORDER BY articles DESC, term";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([topic], |row| {
            Ok(TermCount {
                term: row.get(0)?,
                articles: unsigned(row.get(1)?),
                hits: unsigned(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tagged articles within the window (by the lower bound of their dates) that fulfil the condition.
    pub fn topics_by_quarter(&self, window: Interval, among: &Condition) -> Result<Vec<TopicPublished>, StoreError> {
        let Lowered { sql, mut values, .. } = Lowered::of(among)?;
        let n = values.len();
        values.extend([window.min.as_second(), window.max.as_second()].map(Value::Integer));
        let sql = format!(
            "SELECT t.topic, a.source, a.published_min - ((a.published_min % {QUARTER}) + {QUARTER}) % {QUARTER} AS quarter,
                count(*)
            FROM article a JOIN article_topic t ON t.article = a.rowid
            WHERE a.published_min >= ?{} AND a.published_min < ?{} AND {sql} GROUP BY 1, 2, 3",
            n + 1,
            n + 2
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok(TopicPublished {
                topic: row.get(0)?,
                source: row.get(1)?,
                at: row.get(2)?,
                articles: unsigned(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The present texts of the next `most` articles behind a row, with their topics.
    pub fn tagged(&self, after: i64, most: u32) -> Result<Vec<Tagged>, StoreError> {
        let sql = "SELECT a.rowid, a.id, a.source, a.lang, v.title, v.standfirst, v.text FROM article a
            JOIN version v ON v.article = a.rowid AND v.n = a.versions WHERE a.rowid > ?1 ORDER BY a.rowid LIMIT ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params![after, most], |row| {
            Ok(Tagged {
                rowid: row.get(0)?,
                id: row.get(1)?,
                source: row.get(2)?,
                lang: row.get(3)?,
                title: row.get(4)?,
                standfirst: row.get(5)?,
                text: row.get(6)?,
                topics: Vec::new(),
            })
        })?;
        let mut tagged: Vec<Tagged> = rows.collect::<Result<_, _>>()?;
        let (Some(first), Some(last)) = (tagged.first(), tagged.last()) else {
            return Ok(tagged);
        };
        let sql =
            "SELECT article, topic, hits FROM article_topic WHERE article BETWEEN ?1 AND ?2 ORDER BY article, topic";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([first.rowid, last.rowid])?;
        while let Some(row) = rows.next()? {
            let article: i64 = row.get(0)?;
            if let Ok(at) = tagged.binary_search_by_key(&article, |tagged| tagged.rowid) {
                tagged[at].topics.push(TopicTag {
                    topic: row.get(1)?,
                    hits: row.get::<_, Json<_>>(2)?.0,
                });
            }
        }
        Ok(tagged)
    }
}
