//! A [`Condition`] lowered to SQL.
//!
//! Takes plans made by `query`, whose text is folded and quoted already. Every value is bound, none is spliced in.

use jiff::Timestamp;
use rusqlite::types::Value;

use crate::model::query::{Condition, Filter};

use super::error::StoreError;

/// Deeper than anybody types; SQLite itself stops at 1,000.
const MAX_DEPTH: usize = 100;

/// A condition as the text and the values of a WHERE clause over `article a`.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub sql: String,
    pub values: Vec<Value>,
    /// The MATCH expressions that may hold (not those under a NOT), to rank by.
    pub matches: Vec<String>,
}

impl Lowered {
    pub(super) fn of(condition: &Condition) -> Result<Lowered, StoreError> {
        let mut lowered = Lowered::default();
        lowered.push(condition, true, 0)?;
        Ok(lowered)
    }

    /// Two conditions whose parameters follow one another: the SQL of each, and the values of both.
    pub(super) fn pair(one: &Condition, other: &Condition) -> Result<(String, String, Vec<Value>), StoreError> {
        let mut lowered = Lowered::default();
        lowered.push(one, true, 0)?;
        let first = std::mem::take(&mut lowered.sql);
        lowered.push(other, true, 0)?;
        Ok((first, lowered.sql, lowered.values))
    }

    fn push(&mut self, condition: &Condition, positive: bool, depth: usize) -> Result<(), StoreError> {
        if depth > MAX_DEPTH {
            return Err(StoreError::TooDeep(MAX_DEPTH));
        }
        match condition {
            Condition::Everything => self.sql.push('1'),
            Condition::Match(expression) => {
                if positive {
                    self.matches.push(expression.clone());
                }
                self.test(
                    "a.rowid IN (SELECT rowid FROM search WHERE search MATCH ?)",
                    [text(expression)],
                );
            }
            Condition::Filter(filter) => self.filter(filter),
            Condition::All(parts) => self.join(parts, " AND ", "1", positive, depth)?,
            Condition::Any(parts) => self.join(parts, " OR ", "0", positive, depth)?,
            Condition::Not(part) => {
                self.sql.push_str("NOT (");
                self.push(part, !positive, depth + 1)?;
                self.sql.push(')');
            }
        }
        Ok(())
    }

    fn join(
        &mut self,
        parts: &[Condition],
        word: &str,
        none: &str,
        positive: bool,
        depth: usize,
    ) -> Result<(), StoreError> {
        if parts.is_empty() {
            self.sql.push_str(none);
            return Ok(());
        }
        self.sql.push('(');
        for (n, part) in parts.iter().enumerate() {
            if n > 0 {
                self.sql.push_str(word);
            }
            self.push(part, positive, depth + 1)?;
        }
        self.sql.push(')');
        Ok(())
    }

    /// Every test is true or false, never NULL, so that NOT means what it says.
    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::Lang(tag) => match tag.split_once('-') {
                Some((lang, script)) => self.test("(a.lang IS ? AND a.script IS ?)", [text(lang), text(script)]),
                None => self.test("a.lang IS ?", [text(tag)]),
            },
            Filter::Source(id) => self.test("a.source = ?", [text(id)]),
            Filter::Group(group) => self.test(
                "a.source IN (SELECT s.id FROM source s, json_each(s.groups) g WHERE g.value = ?)",
                [text(group)],
            ),
            Filter::Country(country) => self.test(
                "a.source IN (SELECT s.id FROM source s WHERE s.country = ?)",
                [text(&country.to_uppercase())],
            ),
            Filter::Topic(topic) => {
                self.test(
                    "a.rowid IN (SELECT t.article FROM article_topic t WHERE t.topic = ?)",
                    [text(topic)],
                );
            }
            Filter::Published(span) => {
                self.test(
                    "(a.published_max > ? AND a.published_min < ?)",
                    [seconds(span.min), seconds(span.max)],
                );
            }
            Filter::Seen(span) => {
                self.test(
                    "(a.first_seen_at >= ? AND a.first_seen_at < ?)",
                    [seconds(span.min), seconds(span.max)],
                );
            }
        }
    }

    /// Adds a test, giving each `?` the next number, since other parts of the statement follow with their own.
    fn test<const N: usize>(&mut self, sql: &str, values: [Value; N]) {
        let mut values = values.into_iter();
        for piece in sql.split_inclusive('?') {
            self.sql.push_str(piece);
            if piece.ends_with('?')
                && let Some(value) = values.next()
            {
                self.values.push(value);
                self.sql.push_str(&self.values.len().to_string());
            }
        }
    }

    /// One MATCH expression that holds where any of them does.
    pub(super) fn anything(&self) -> String {
        let parts: Vec<String> = self.matches.iter().map(|part| format!("({part})")).collect();
        parts.join(" OR ")
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn seconds(at: Timestamp) -> Value {
    Value::Integer(at.as_second())
}
