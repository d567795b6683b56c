//! A [`Condition`] lowered to SQL.
//!
//! Takes plans made by `query`, whose text is folded and quoted already. Every value is bound, none is spliced in.

use jiff::Timestamp;
use rusqlite::types::Value;

use crate::model::query::{Condition, Filter, State};

use crate::text::tokens::query_tokens;

use super::error::StoreError;

/// Deeper than anybody types; SQLite itself stops at 1,000.
const MAX_DEPTH: usize = 100;

/// Expressions that articles are ranked by: FTS5 asks each of them of every article.
const MOST_RANKED: usize = 64;

/// Lengths of a source that make a percentile, as in a comparison.
const FEWEST_LENGTHS: i64 = 30;

/// The mid-rank percentile of each whole text among those of its source that are measured alike: computed once.
const PERCENTILE: &str = "a.rowid IN (SELECT p.rowid FROM (
    SELECT l.rowid AS rowid, count(*) OVER own AS n, round(100.0 * (
            rank() OVER (PARTITION BY l.source, l.length_unit ORDER BY l.length_n) - 1
            + count(*) OVER (PARTITION BY l.source, l.length_unit, l.length_n) / 2.0
        ) / count(*) OVER own) AS percentile
    FROM article l WHERE l.text_access = 'full' WINDOW own AS (PARTITION BY l.source, l.length_unit)
    ) p WHERE p.n >= ? AND p.percentile BETWEEN ? AND ?)";

/// A condition as the text and the values of a WHERE clause over `article a`.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub sql: String,
    pub values: Vec<Value>,
    /// The MATCH expressions that may hold (not those under a NOT), to rank by.
    pub matches: Vec<String>,
    /// Texts are read to find it out.
    pub reads: bool,
    /// The rows among which all that fulfil the condition are: the index need not tell of any other.
    rows: Option<(i64, i64)>,
}

impl Lowered {
    pub(super) fn of(condition: &Condition) -> Result<Lowered, StoreError> {
        Lowered::among(condition, None)
    }

    /// For a condition that holds of no row outside of these, the first and the last.
    pub(super) fn among(condition: &Condition, rows: Option<(i64, i64)>) -> Result<Lowered, StoreError> {
        let mut lowered = Lowered {
            rows,
            ..Lowered::default()
        };
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
                match self.rows {
                    None => self.test(
                        "a.rowid IN (SELECT rowid FROM search WHERE search MATCH ?)",
                        [text(expression)],
                    ),
                    Some((first, last)) => self.test(
                        "a.rowid IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?)",
                        [text(expression), Value::Integer(first), Value::Integer(last)],
                    ),
                }
            }
            Condition::Matches(expressions) => {
                if positive {
                    let room = MOST_RANKED.saturating_sub(self.matches.len());
                    self.matches.extend(expressions.iter().take(room).cloned());
                }
                let each = Value::Text(serde_json::to_string(expressions).unwrap_or_default());
                // The expressions come first, each of which walks over its own hits only.
                match self.rows {
                    None => self.test(
                        "a.rowid IN (SELECT search.rowid FROM json_each(?) j CROSS JOIN search
                            WHERE search MATCH j.value)",
                        [each],
                    ),
                    Some((first, last)) => self.test(
                        "a.rowid IN (SELECT search.rowid FROM json_each(?) j CROSS JOIN search
                            WHERE search MATCH j.value AND search.rowid BETWEEN ? AND ?)",
                        [each, Value::Integer(first), Value::Integer(last)],
                    ),
                }
            }
            Condition::Filter(filter) => self.filter(filter)?,
            Condition::Unanswered(part) => return Err(StoreError::Unanswered(part)),
            Condition::Holds { among, asked } => {
                self.reads = true;
                // AND from left to right: what the index does not find is not read.
                self.sql.push('(');
                self.push(among, positive, depth + 1)?;
                self.sql.push_str(" AND ");
                let asked =
                    serde_json::to_string(asked).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
                self.test(
                    "coalesce((SELECT vigie_holds(?, v.title, v.standfirst, v.text) FROM version v
                        WHERE v.article = a.rowid AND v.n = a.versions), 0)",
                    [text(&asked)],
                );
                self.sql.push(')');
            }
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
    fn filter(&mut self, filter: &Filter) -> Result<(), StoreError> {
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
            Filter::Author(name) => {
                // Tokens between spaces, so that the beginning and the end of a word are seen.
                let query = query_tokens(name);
                let end = if query.prefix { "" } else { " " };
                let wanted = format!(" {}{end}", query.tokens.join(" "));
                self.test(
                    "EXISTS (SELECT 1 FROM json_each(a.authors) j WHERE instr(vigie_tokens(j.value), ?) > 0)",
                    [text(&wanted)],
                );
            }
            Filter::Ownership(word) => self.test(
                "a.source IN (SELECT s.id FROM source s WHERE s.ownership = ?)",
                [text(word)],
            ),
            Filter::SourceKind(word) => {
                self.test("a.source IN (SELECT s.id FROM source s WHERE s.kind = ?)", [text(word)]);
            }
            Filter::Kind(kind) => self.test("a.kind = ?", [text(kind.as_str())]),
            Filter::Url(part) => self.test("instr(lower(a.url), ?) > 0", [text(part)]),
            Filter::Length { unit, min, max } => self.test(
                "(a.length_unit = ? AND a.length_n BETWEEN ? AND ?)",
                [
                    text(unit.as_str()),
                    Value::Integer(i64::from(*min)),
                    Value::Integer(i64::from(*max)),
                ],
            ),
            Filter::Is(state) => self.sql.push_str(match state {
                State::Reprint => "a.reprint_of IS NOT NULL",
                State::Original => "a.reprint_of IS NULL",
                State::Edited => "a.versions > 1",
                State::Gone => "a.gone_at IS NOT NULL",
                State::Teaser => "a.text_access = 'teaser'",
                State::Full => "a.text_access = 'full'",
                State::CommentsOpen => "a.comments_state = 'open'",
                State::CommentsClosed => "a.comments_state = 'closed'",
                State::CommentsHidden => "a.comments_state = 'hidden'",
            }),
            Filter::Percentile { min, max } => self.test(
                PERCENTILE,
                [
                    Value::Integer(FEWEST_LENGTHS),
                    Value::Integer(i64::from(*min)),
                    Value::Integer(i64::from(*max)),
                ],
            ),
            Filter::Rows { rows, .. } => {
                let rows = serde_json::to_string(rows).unwrap_or_default();
                self.test("a.rowid IN (SELECT j.value FROM json_each(?) j)", [text(&rows)]);
            }
            Filter::Story(_) => return Err(StoreError::Unanswered("story:")),
            Filter::Formula => return Err(StoreError::Unanswered("is:formula")),
        }
        Ok(())
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
