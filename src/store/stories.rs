//! What tells of stories: clues and vectors of articles, the links between them, and the suggested stories.
//!
//! Takes and gives values. Never decides what belongs together: `digest` does, with `cluster`.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use crate::model::decision::Decision;
use crate::model::query::Condition;
use crate::model::suggestion::{Evidence, Member, SuggestionId};
use crate::model::{Clues, Interval, Vector};

use super::columns::{At, Json};
use super::condition::Lowered;
use super::error::StoreError;
use super::open::{Batch, Reader};

/// An article as linking needs it.
#[derive(Debug, Clone)]
pub struct Linkable {
    pub rowid: i64,
    pub id: String,
    pub lang: Option<String>,
    pub published: Interval,
    pub clues: Clues,
}

/// A kept link; `above` as in `cluster::Link`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoryLink {
    pub one: i64,
    pub other: i64,
    pub above: i32,
}

/// Where an article stands among stories.
#[derive(Debug, Clone, PartialEq)]
pub struct InStory {
    pub rowid: i64,
    pub id: String,
    pub source: String,
    pub lang: Option<String>,
    pub title: String,
    pub published: Interval,
    pub first_seen_at: Timestamp,
    pub reprint_of: Option<i64>,
    pub reprint_share: Option<f32>,
    pub story: Option<SuggestionId>,
}

/// An article that is in a story, as far as rates need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub story: SuggestionId,
    pub source: String,
    pub published: Timestamp,
}

/// The vectors of an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    pub title: Option<Vector>,
    pub text: Option<Vector>,
}

impl Batch<'_> {
    /// The clues of an article, in place of those it had.
    pub fn write_clues(&self, article: i64, clues: &Clues) -> Result<(), StoreError> {
        let words: Vec<u8> = clues.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let sql = "INSERT OR REPLACE INTO clue (article, names, numbers, words) VALUES (?1, ?2, ?3, ?4)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![article, Json(&clues.names), Json(&clues.numbers), words])?;
        self.conn
            .prepare_cached("DELETE FROM vector WHERE article = ?1")?
            .execute([article])?;
        let sql = "INSERT INTO vector (article, part, scale, steps) VALUES (?1, ?2, ?3, ?4)";
        let mut write = self.conn.prepare_cached(sql)?;
        for (part, vector) in [("title", &clues.title), ("text", &clues.text)] {
            if let Some(vector) = vector {
                write.execute(params![article, part, f64::from(vector.scale), vector.bytes()])?;
            }
        }
        Ok(())
    }

    /// Forgets the links of these articles.
    pub fn unlink(&self, articles: &BTreeSet<i64>) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM story_link WHERE one = ?1",
            "DELETE FROM story_link WHERE other = ?1",
        ] {
            let mut delete = self.conn.prepare_cached(sql)?;
            for article in articles {
                delete.execute([article])?;
            }
        }
        Ok(())
    }

    pub fn write_links(&self, links: impl IntoIterator<Item = StoryLink>) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO story_link (one, other, above) VALUES (min(?1, ?2), max(?1, ?2), ?3)";
        let mut write = self.conn.prepare_cached(sql)?;
        for link in links {
            write.execute(params![link.one, link.other, link.above])?;
        }
        Ok(())
    }

    pub fn forget_link(&self, link: &StoryLink) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM story_link WHERE one = ?1 AND other = ?2")?
            .execute([link.one, link.other])?;
        Ok(())
    }

    /// Takes these articles out of whatever story they were in.
    pub fn forget_stories_of(&self, articles: &BTreeSet<i64>) -> Result<(), StoreError> {
        let mut delete = self
            .conn
            .prepare_cached("DELETE FROM story_article WHERE article = ?1")?;
        for article in articles {
            delete.execute([article])?;
        }
        Ok(())
    }

    pub fn write_story_article(&self, article: i64, story: &str, score: f32, why: &Evidence) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO story_article (article, story, score, why) VALUES (?1, ?2, ?3, ?4)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![article, story, f64::from(score), Json(why)])?;
        Ok(())
    }

    /// Stories are grouped again: what they were called before is settled.
    pub fn forget_before(&self) -> Result<(), StoreError> {
        self.conn.prepare_cached("DELETE FROM story_before")?.execute([])?;
        Ok(())
    }

    /// The decisions that are heeded from now on; gives those that were before.
    pub fn replace_decisions(&self, decisions: &BTreeSet<Decision>) -> Result<BTreeSet<Decision>, StoreError> {
        let before: BTreeSet<Decision> = {
            let mut read = self.conn.prepare_cached("SELECT decision FROM story_decision")?;
            let rows = read.query_map([], |row| row.get::<_, Json<Decision>>(0))?;
            rows.map(|row| row.map(|decision| decision.0))
                .collect::<Result<_, _>>()?
        };
        if before != *decisions {
            self.conn.execute("DELETE FROM story_decision", [])?;
            let mut write = self
                .conn
                .prepare_cached("INSERT INTO story_decision (decision) VALUES (?1)")?;
            for decision in decisions {
                write.execute([Json(decision)])?;
            }
        }
        Ok(before)
    }
}

const IN_STORY: &str = "SELECT a.rowid, a.id, a.source, a.lang, a.published_min, a.published_max, a.first_seen_at,
    a.reprint_of, a.reprint_share, coalesce(s.story, b.story), a.title
    FROM article a LEFT JOIN story_article s ON s.article = a.rowid LEFT JOIN story_before b ON b.article = a.id";

impl Reader {
    /// The articles that fulfil the condition and are in a story, with its id; the time is the beginning of the claim.
    pub fn told(&self, condition: &Condition) -> Result<Vec<Told>, StoreError> {
        let lowered = Lowered::of(condition)?;
        let sql = format!(
            "SELECT t.story, a.source, a.published_min FROM article a JOIN story_article t ON t.article = a.rowid WHERE {}",
            lowered.sql
        );
        let mut statement = self.conn.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(lowered.values), |row| {
            Ok(Told {
                story: row.get(0)?,
                source: row.get(1)?,
                published: row.get::<_, At>(2)?.0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands over the articles that reprint nothing and were published between these times, with their clues.
    pub fn linkable(
        &self,
        since: Timestamp,
        until: Timestamp,
        mut each: impl FnMut(Linkable),
    ) -> Result<(), StoreError> {
        let sql = "SELECT a.rowid, a.id, a.lang, a.published_min, a.published_max, c.names, c.numbers, c.words,
                t.scale, t.steps, x.scale, x.steps
            FROM article a JOIN clue c ON c.article = a.rowid
            LEFT JOIN vector t ON t.article = a.rowid AND t.part = 'title'
            LEFT JOIN vector x ON x.article = a.rowid AND x.part = 'text'
            WHERE a.published_max >= ?1 AND a.published_min < ?2 AND a.reprint_of IS NULL";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([At(since), At(until)])?;
        while let Some(row) = rows.next()? {
            let mut clues = clues(row, 5)?;
            clues.title = vector(row, 8)?;
            clues.text = vector(row, 10)?;
            each(Linkable {
                rowid: row.get(0)?,
                id: row.get(1)?,
                lang: row.get(2)?,
                published: Interval {
                    min: row.get::<_, At>(3)?.0,
                    max: row.get::<_, At>(4)?.0,
                },
                clues,
            });
        }
        Ok(())
    }

    /// The clues of one article, with its vectors.
    pub fn clues(&self, article: i64) -> Result<Option<Clues>, StoreError> {
        let sql = "SELECT names, numbers, words FROM clue WHERE article = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([article], |row| clues(row, 0))
            .optional()?;
        let Some(clues) = found else { return Ok(None) };
        let Vectors { title, text } = self.vectors(article)?;
        Ok(Some(Clues { title, text, ..clues }))
    }

    pub fn vectors(&self, article: i64) -> Result<Vectors, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT part, scale, steps FROM vector WHERE article = ?1")?;
        let mut rows = statement.query([article])?;
        let mut vectors = Vectors::default();
        while let Some(row) = rows.next()? {
            match row.get_ref(0)?.as_str() {
                Ok("title") => vectors.title = vector(row, 1)?,
                Ok("text") => vectors.text = vector(row, 1)?,
                _ => {}
            }
        }
        Ok(vectors)
    }

    /// The links of one article, whichever side it stands on.
    pub fn story_links(&self, article: i64) -> Result<Vec<StoryLink>, StoreError> {
        let sql = "SELECT one, other, above FROM story_link WHERE one = ?1
            UNION ALL SELECT one, other, above FROM story_link WHERE other = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([article], |row| {
            Ok(StoryLink {
                one: row.get(0)?,
                other: row.get(1)?,
                above: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn in_story(&self, article: i64) -> Result<Option<InStory>, StoreError> {
        let sql = format!("{IN_STORY} WHERE a.rowid = ?1");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([article], in_story)
            .optional()?)
    }

    /// The rows of the articles of one suggested story.
    pub fn story_rows(&self, story: &str) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT article FROM story_article WHERE story = ?1 ORDER BY article";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement
            .query_map([story], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    pub fn reprints(&self, article: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT rowid FROM article WHERE reprint_of = ?1 ORDER BY rowid";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement
            .query_map([article], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    pub fn has_story(&self, story: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM story_article WHERE story = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([story], |row| row.get(0))?)
    }

    /// The articles of stories that have at least one in the window, story by story; with `alone`, also those of the
    /// window that are in none.
    pub fn story_members(
        &self,
        window: Interval,
        alone: bool,
    ) -> Result<Vec<(Option<SuggestionId>, Member)>, StoreError> {
        let sql = format!(
            "{MEMBER} WHERE s.story IN (SELECT t.story FROM article b JOIN story_article t ON t.article = b.rowid
                WHERE b.published_max > ?1 AND b.published_min < ?2)
            {} ORDER BY s.story IS NULL, s.story, a.published_min, a.id",
            if alone {
                "OR (s.story IS NULL AND a.published_max > ?1 AND a.published_min < ?2)"
            } else {
                ""
            }
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([At(window.min), At(window.max)], member)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The articles of one suggested story, oldest first.
    pub fn story(&self, story: &str) -> Result<Vec<Member>, StoreError> {
        let sql = format!("{MEMBER} WHERE s.story = ?1 ORDER BY a.published_min, a.id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([story], member)?;
        Ok(rows
            .map(|row| row.map(|(_, member)| member))
            .collect::<Result<_, _>>()?)
    }

    /// The story each of these articles is in, by row.
    pub fn stories_of(&self, rows: &[i64]) -> Result<HashMap<i64, SuggestionId>, StoreError> {
        let sql = "SELECT s.article, s.story FROM json_each(?1) j JOIN story_article s ON s.article = j.value";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([Json(rows)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

const MEMBER: &str =
    "SELECT a.rowid, a.id, a.source, a.lang, a.script, a.url, a.title, a.published_min, a.published_max,
    a.first_seen_at, s.story, s.score, s.why, a.published_claim
    FROM article a LEFT JOIN story_article s ON s.article = a.rowid";

fn member(row: &Row<'_>) -> rusqlite::Result<(Option<SuggestionId>, Member)> {
    let (lang, script): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let lang = lang.map(|lang| match script {
        Some(script) => format!("{lang}-{script}"),
        None => lang,
    });
    let why = row.get::<_, Option<Json<Evidence>>>(12)?;
    let member = Member {
        rowid: row.get(0)?,
        article: row.get(1)?,
        source: row.get(2)?,
        lang,
        url: row.get(5)?,
        title: row.get(6)?,
        published: Interval {
            min: row.get::<_, At>(7)?.0,
            max: row.get::<_, At>(8)?.0,
        },
        claim: row.get::<_, Option<Json<_>>>(13)?.map(|claim| claim.0),
        first_seen_at: row.get::<_, At>(9)?.0,
        score: row.get::<_, Option<f64>>(11)?.map_or(1.0, |score| score as f32),
        why: why.map(|why| why.0).unwrap_or_default(),
    };
    Ok((row.get(10)?, member))
}

fn clues(row: &Row<'_>, at: usize) -> rusqlite::Result<Clues> {
    let words = row.get_ref(at + 2)?.as_blob().unwrap_or_default();
    Ok(Clues {
        names: row.get::<_, Json<_>>(at)?.0,
        numbers: row.get::<_, Json<_>>(at + 1)?.0,
        words: words
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word))
            .collect(),
        title: None,
        text: None,
    })
}

pub(super) fn vector(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Vector>> {
    let Some(scale) = row.get::<_, Option<f64>>(at)? else {
        return Ok(None);
    };
    let steps = row.get_ref(at + 1)?.as_blob().unwrap_or_default();
    Ok(Some(Vector::from_bytes(scale as f32, steps)))
}

fn in_story(row: &Row<'_>) -> rusqlite::Result<InStory> {
    Ok(InStory {
        rowid: row.get(0)?,
        id: row.get(1)?,
        source: row.get(2)?,
        lang: row.get(3)?,
        published: Interval {
            min: row.get::<_, At>(4)?.0,
            max: row.get::<_, At>(5)?.0,
        },
        first_seen_at: row.get::<_, At>(6)?.0,
        reprint_of: row.get(7)?,
        reprint_share: row.get::<_, Option<f64>>(8)?.map(|share| share as f32),
        story: row.get(9)?,
        title: row.get(10)?,
    })
}
