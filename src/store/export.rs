//! Exports: the rows of the public views, as `report` writes them to CSV and JSONL.
//!
//! The views are the contract; this adds only the choice of articles and hands the rows over one by one.

use std::ops::ControlFlow;

use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};

use crate::model::Interval;
use crate::model::query::Condition;

use super::condition::Lowered;
use super::error::StoreError;
use super::open::Reader;

/// What to export.
#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    /// Articles that fulfil a condition, oldest publication first.
    Articles(Condition),
    /// These articles in this order, if wanted with their present text behind the view's columns.
    These { rowids: Vec<i64>, with_text: bool },
    /// Topics on those articles, one row each.
    Topics(Condition),
    /// Looks within a window, in order.
    Looks(Option<Interval>),
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Unknown,
    Integer(i64),
    Real(f64),
    Text(String),
    /// Labels, authors, topics, actors, repairs.
    List(Vec<String>),
}

/// Columns that hold a JSON array of strings.
const LISTS: [&str; 5] = ["source_groups", "authors", "topics", "actors", "repairs"];

impl Reader {
    /// The names of an export's columns, in order.
    pub fn export_columns(&self, export: &Export) -> Result<Vec<String>, StoreError> {
        let (sql, _) = export.statement()?;
        let statement = self.conn.prepare(&sql)?;
        Ok(statement.column_names().map(str::to_owned).collect())
    }

    /// Hands over each row, until `each` breaks. Gives how many there were.
    pub fn export<E: From<StoreError>>(
        &self,
        export: &Export,
        mut each: impl FnMut(&[Cell]) -> Result<ControlFlow<()>, E>,
    ) -> Result<u64, E> {
        let store_error = |error: rusqlite::Error| E::from(StoreError::from(error));
        let (sql, values) = export.statement()?;
        let mut statement = self.conn.prepare(&sql).map_err(store_error)?;
        let lists: Vec<bool> = statement.column_names().map(|name| LISTS.contains(&name)).collect();
        let mut rows = statement.query(params_from_iter(values)).map_err(store_error)?;
        let mut cells = Vec::with_capacity(lists.len());
        let mut count = 0;
        while let Some(row) = rows.next().map_err(store_error)? {
            cells.clear();
            for (n, list) in lists.iter().enumerate() {
                cells.push(cell(row.get_ref(n).map_err(store_error)?, *list));
            }
            count += 1;
            if each(&cells)?.is_break() {
                break;
            }
        }
        Ok(count)
    }
}

impl Export {
    fn view(&self) -> &'static str {
        match self {
            Export::Articles(_) | Export::These { .. } => "v_articles",
            Export::Topics(_) => "v_topics",
            Export::Looks(_) => "v_looks",
        }
    }

    fn statement(&self) -> Result<(String, Vec<Value>), StoreError> {
        let view = self.view();
        Ok(match self {
            Export::Articles(condition) => {
                let chosen = Lowered::of(condition)?;
                let sql = format!(
                    "SELECT v.* FROM article a JOIN {view} v ON v.id = a.id WHERE {} ORDER BY a.published_min, a.id",
                    chosen.sql
                );
                (sql, chosen.values)
            }
            Export::These { rowids, with_text } => {
                let text = match with_text {
                    true => {
                        ", (SELECT t.text FROM version t WHERE t.article = a.rowid ORDER BY t.n DESC LIMIT 1) AS text"
                    }
                    false => "",
                };
                let sql = format!(
                    "SELECT v.*{text} FROM json_each(?1) j JOIN article a ON a.rowid = j.value JOIN {view} v ON v.id = a.id
                     ORDER BY j.key"
                );
                (
                    sql,
                    vec![Value::Text(serde_json::to_string(rowids).unwrap_or_default())],
                )
            }
            Export::Topics(condition) => {
                let chosen = Lowered::of(condition)?;
                let sql = format!(
                    "SELECT v.* FROM article a JOIN {view} v ON v.article_id = a.id WHERE {}
                     ORDER BY v.topic, a.published_min, a.id",
                    chosen.sql
                );
                (sql, chosen.values)
            }
            Export::Looks(None) => (format!("SELECT * FROM {view} ORDER BY id"), Vec::new()),
            Export::Looks(Some(window)) => {
                let sql = format!(
                    "SELECT v.* FROM look k JOIN {view} v ON v.id = k.id WHERE k.at >= ?1 AND k.at < ?2 ORDER BY v.id"
                );
                let ends = [window.min, window.max].map(|at| Value::Integer(at.as_second()));
                (sql, ends.to_vec())
            }
        })
    }
}

fn cell(value: ValueRef<'_>, list: bool) -> Cell {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Cell::Unknown,
        ValueRef::Integer(n) => Cell::Integer(n),
        ValueRef::Real(x) => Cell::Real(x),
        ValueRef::Text(bytes) if list => Cell::List(serde_json::from_slice(bytes).unwrap_or_default()),
        ValueRef::Text(bytes) => Cell::Text(String::from_utf8_lossy(bytes).into_owned()),
    }
}
