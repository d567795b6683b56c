//! What cannot be read in a query: why, where, and what to type instead.

use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the query shown to each side of a mistake; a long query is cut to that.
const AROUND: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("query ends after {0}; a term is missing")]
    EndsAfter(String),
    #[error("a term is missing between {0} and {1}")]
    MissingTerm(String, String),
    #[error("query begins with {0}; a term is missing before it")]
    BeginsWith(String),
    #[error("quotation mark {0} is never closed")]
    OpenQuote(char),
    #[error("quotation mark {0} was never opened")]
    StrayQuote(char),
    #[error("parenthesis is never closed")]
    OpenParenthesis,
    #[error("parenthesis was never opened")]
    StrayParenthesis,
    #[error("nothing between the parentheses")]
    EmptyParentheses,
    #[error("parentheses are nested more than {0} deep")]
    TooDeep(usize),
    #[error("query is longer than {0} bytes")]
    TooLong(usize),
    #[error("more than {0} filters, distances and exact words")]
    TooManyFilters(usize),
    #[error("`{0}:` has no value")]
    EmptyField(&'static str),
    #[error("more than {0} of `speaker:`, `story:`, `pctl:` and `is:formula`, each of which is worked out by itself")]
    TooManyCostly(usize),
    #[error("`{1}:` within `{0}:` asks for nothing that there is")]
    FieldInField(&'static str, &'static str),
    #[error("there is no field `{0}`")]
    UnknownField(String),
    #[error("there is no actor `@{0}` in the lexicon")]
    UnknownActor(String),
    #[error("`@{0}` stands for the actors of a story, and here is none that says who they are")]
    NoRelation(String),
    #[error("@ needs the name of an actor")]
    EmptyActor,
    #[error("`{1}` is no value for `{0}:`")]
    BadValue(&'static str, String),
    #[error("the range `{0}` ends before it begins")]
    Backwards(String),
    #[error("`{0}` is no time zone")]
    Zone(String),
    #[error("{0} joins words, phrases, names and OR groups; this side is {1}")]
    NearSide(String, &'static str),
    #[error("the two sides of {0} are searched in different fields, so they are never near")]
    FieldsApart(String),
    #[error("a distance is a number from 1 to {0}")]
    Distance(u32),
    #[error("more than {0} distances in a row")]
    TooManyNear(usize),
    #[error("`{0}` reaches over words, phrases and names; {1} stands outside it")]
    StretchOf(String, &'static str),
    #[error("atleast5: needs a number from 2 to {0} and a word")]
    Times(u32),
    #[error("`speaker:` takes a name, a phrase or several joined by OR, and `{0}` is none")]
    Speaker(String),
    #[error("`{1}` is no {0} that is known here")]
    NoSuch(&'static str, String),
    #[error("* stands at the end of a word only")]
    MisplacedStar,
    #[error("* needs three letters or more before it")]
    ShortPrefix,
    #[error("* is not used with characters that are written without spaces")]
    StarInRun,
    #[error("NOT takes something away, and here is nothing to take it from")]
    NotAlone,
    #[error("{0} holds no letter or digit, so it cannot be searched")]
    Unsearchable(String),
}

/// A mistake in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    pub problem: Problem,
    /// What is wrong, in characters of the query.
    pub span: Range<usize>,
    /// Where it went wrong, counted in characters from 1.
    pub column: usize,
    pub hint: Option<String>,
    pub typed: String,
}

impl QueryError {
    pub(super) fn new(typed: &str, problem: Problem, span: Range<usize>) -> QueryError {
        QueryError {
            column: span.start + 1,
            problem,
            span,
            hint: None,
            typed: typed.to_owned(),
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> QueryError {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn column(mut self, column: usize) -> QueryError {
        self.column = column;
        self
    }

    /// The error as it is printed: message, query, carets, hint.
    pub fn render(&self) -> String {
        let mut out = format!("error: {self}\n");
        let chars: Vec<char> = self.typed.chars().map(visible).collect();
        let start = self.span.start.min(chars.len());
        let end = self.span.end.clamp(start, chars.len());
        let from = start.saturating_sub(AROUND);
        let to = (end.min(start + AROUND) + AROUND).min(chars.len());
        let text = |range: Range<usize>| chars[range].iter().collect::<String>();
        let before = format!("{}{}", if from > 0 { "…" } else { "" }, text(from..start));
        let line = format!("{before}{}{}", text(start..to), if to < chars.len() { "…" } else { "" });
        // Han characters are two columns wide: carets are set by width, not by count.
        let pad = " ".repeat(before.width());
        let carets = "^".repeat(text(start..end.min(to)).width().max(1));
        if !chars.is_empty() {
            out.push_str(&format!("  {}\n  {pad}{carets}\n", line.trim_end()));
        }
        if let Some(hint) = &self.hint {
            out.push_str(&format!("hint: {hint}\n"));
        }
        out
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (column {})", self.problem, self.column)
    }
}

impl std::error::Error for QueryError {}

/// Control characters and marks without width would move the carets, or the terminal's cursor.
fn visible(c: char) -> char {
    match c.width() {
        None | Some(0) => ' ',
        Some(_) => c,
    }
}

/// The candidate nearest to a misspelt name, if one is near: two edits, or one in a short name.
pub(super) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(40).flat_map(char::to_lowercase).collect();
    let most = if name.len() < 5 { 1 } else { 2 };
    candidates
        .into_iter()
        .map(|candidate| (edits(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance.
fn edits(name: &[char], candidate: &str) -> usize {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (i, c) in candidate.chars().take(40).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, n) in name.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (above + 1).min(row[j] + 1).min(diagonal + usize::from(c != *n));
            diagonal = above;
        }
    }
    row[name.len()]
}
