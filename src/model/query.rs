//! A **Query** as three values: what was typed and understood (`Expr`), what the store is to evaluate
//! (`Condition`), and what to mark in the original text (`Needle`).

use serde::{Deserialize, Serialize};

use super::article::Field;
use super::date::Interval;

/// The expression tree, after parsing and expansion.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// The empty query: everything.
    Everything,
    Word(Word),
    /// An actor of the lexicon, with the names it stands for.
    Actor {
        id: String,
        names: Vec<Word>,
    },
    Filter(Filter),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

/// A word or phrase to find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// As typed, quotation marks taken off.
    pub text: String,
    pub phrase: bool,
    /// `cultur*`
    pub prefix: bool,
    /// `None` = title, lead and body.
    pub field: Option<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `fr`, `zh`, `zh-Hant`
    Lang(String),
    Source(String),
    Group(String),
    Country(String),
    Topic(String),
    /// The claimed publication interval overlaps this one (first seen where nothing was claimed).
    Published(Interval),
    /// First seen within.
    Seen(Interval),
}

/// What the store evaluates. Text is already folded and quoted for FTS5.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Everything,
    /// An FTS5 MATCH expression over the columns `title`, `lead`, `body`.
    Match(String),
    Filter(Filter),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

/// A run of folded tokens to mark in a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    pub tokens: Vec<String>,
    pub prefix: bool,
    pub field: Option<Field>,
}

/// A passage of the original text around what matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub field: Field,
    pub text: String,
    /// Spans to mark, in Unicode scalar values of `text`: `[start, end)`.
    pub marks: Vec<(usize, usize)>,
    /// Where `text` begins in the field, in bytes and in Unicode scalar values.
    pub byte_start: usize,
    pub char_start: usize,
}
