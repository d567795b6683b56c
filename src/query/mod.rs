//! The query language: text to expression to condition; snippets.
//!
//! Takes what was typed, gives values for the store to evaluate. Never runs SQL.
//!
//! ```text
//! or   = and {("OR" | "|") and}
//! and  = not {["AND" | "&"] not}
//! not  = ["NOT" | "-" | "!"] near
//! near = atom {("NEAR/"n | "near"n | "N"n | "w/"n | "adj"n) atom}
//! atom = word | prefix* | "phrase" | "=" word | "(" or ")" | field ":" atom | "@" actor
//!      | "same:(" or ")" | "sent:(" or ")" | "quote:(" or ")" | "atleast"n ":" atom | "speaker:" atom
//! ```

mod closely;
mod error;
mod expand;
mod known;
mod lex;
mod parse;
mod plan;
mod print;
mod snippets;
mod terms;
pub mod when;

use std::path::Path;

use jiff::Timestamp;

use crate::model::Lexicon;
use crate::model::article::Field;
use crate::model::query::{Expr, Word};
use crate::names::Gazetteer;

pub use closely::{test, tests, wider};
pub use error::{Problem, QueryError};
pub use expand::{Names, with_concepts};
pub use known::{Known, check};
pub use plan::{marked, needles, plan};
pub use print::{print, tree};
pub use snippets::{passages, snippets};
pub use terms::lang;

/// What a query is read against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub lexicon: &'a Lexicon,
    /// The places that names may mean besides.
    pub places: &'static Gazetteer,
    /// Both of them made ready, where more than one query is read. `None`: made for this one.
    pub names: Option<&'a Names>,
    pub now: Timestamp,
    /// IANA zone that days are days of.
    pub zone: &'a str,
    /// Names stand for themselves: nothing is expanded but an explicit `@actor`.
    pub exact: bool,
    /// Words that are no names are searched with what a dictionary calls them in the other language.
    pub bridge: bool,
    /// The folder in whose `stories/` the written stories stand that `story:` may name. `None`: none may be named here.
    pub stories: Option<&'a Path>,
    /// What `@relation` (all of them) and `@relation-other` (any of them) stand for in the query of a story: the actors
    /// that an article of one source must name. `None` outside a story.
    pub relation: Option<&'a [String]>,
}

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub typed: String,
    pub expr: Expr,
    /// The actors that were searched under all their names.
    pub expansions: Vec<Expansion>,
    /// The expression in canonical form; reading it again gives the same expression.
    pub run: String,
    /// What the reader should know about how it was read.
    pub warnings: Vec<String>,
    /// The values of its filters as typed, each with its place.
    pub values: Vec<Value>,
}

/// The value of a filter, such as `lemonde-fr` in `source:lemonde-fr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub field: &'static str,
    pub value: String,
    /// In characters of the query.
    pub span: std::ops::Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    pub actor: String,
    /// Where its names were searched; `None` is everywhere.
    pub field: Option<Field>,
    pub names: Vec<Word>,
    /// How many of them, from the first on, somebody wrote into the lexicon; the others are the gazetteer's.
    pub written: usize,
    /// No actor, but a word with what the dictionary has for it.
    pub bridge: bool,
}

/// Reads a query. No input makes it panic; what cannot be meant is an error that says why and where.
pub fn parse(text: &str, ctx: &Context<'_>) -> Result<Query, QueryError> {
    let made;
    let names = match ctx.names {
        Some(names) => names,
        None => {
            made = Names::of(ctx.lexicon, ctx.places);
            &made
        }
    };
    let outcome = parse::parse(text, ctx, names)?;
    Ok(Query {
        typed: text.to_owned(),
        run: print::print(&outcome.expr),
        expr: outcome.expr,
        expansions: outcome.expansions,
        warnings: outcome.warnings,
        values: outcome.values,
    })
}
