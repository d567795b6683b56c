//! A **Query** as three values: what was typed and understood (`Expr`), what the store is to evaluate
//! (`Condition`), and what to mark in the original text (`Needle`).

use serde::{Deserialize, Serialize};

use super::article::{Field, ItemKind, LengthUnit};
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
    /// Both sides, so many words (or twice as many characters of a script without spaces) apart at most.
    Near {
        left: Box<Expr>,
        right: Box<Expr>,
        within: u32,
        /// The left side comes first.
        ordered: bool,
    },
    /// All of it in one paragraph or sentence.
    Within {
        stretch: Stretch,
        part: Box<Expr>,
    },
    /// A word so many times or more.
    AtLeast {
        times: u32,
        part: Box<Expr>,
    },
    /// Somebody of that name is quoted.
    Speaker(Box<Expr>),
}

impl Expr {
    /// The parts that must all hold.
    pub fn parts(&self) -> &[Expr] {
        match self {
            Expr::And(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}

/// What `same:`, `sent:` and `quote:` reach over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    Paragraph,
    Sentence,
    /// What stands between two quotation marks.
    Quotation,
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
    /// `=Lang`: case, accents and script as typed.
    pub exact: bool,
    /// What it is told by from words that look like it.
    pub only: Option<Only>,
}

/// What a spelling must be to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// Two countries side by side, no part of longer words: 法朝.
    Pair,
    /// In capitals, where not everything is: UN.
    Capitals,
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
    /// One of the signed names holds these words in a row.
    Author(String),
    /// `private`, `state`, …: who owns the source.
    Ownership(String),
    /// `wire`, `editorial`, …: what the article is.
    Kind(ItemKind),
    /// `press`, `blog`, …: what the source is.
    SourceKind(String),
    /// A part of the address, lower case.
    Url(String),
    /// Articles measured in this unit, from `min` to `max`, both included.
    Length {
        unit: LengthUnit,
        min: u32,
        max: u32,
    },
    /// Mid-rank percentile of the length among the whole texts of its source, from `min` to `max`, both included.
    Percentile {
        min: u32,
        max: u32,
    },
    Is(State),
    /// Articles of the story with that id, a written one or a suggested one.
    Story(String),
    /// The headline is made by a formula.
    Formula,
    /// What `typed` stands for, found out beforehand: the rows of the articles.
    Rows {
        typed: String,
        rows: Vec<i64>,
    },
}

/// What `is:` and `has:` ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Reprint,
    Original,
    /// More than one version was seen.
    Edited,
    Gone,
    Teaser,
    /// The whole text is held.
    Full,
    CommentsOpen,
    CommentsClosed,
    CommentsHidden,
}

/// What the store evaluates. Text is already folded and quoted for FTS5.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Everything,
    /// An FTS5 MATCH expression over the columns `title`, `lead`, `body`.
    Match(String),
    /// Any of many such expressions, each asked of the index by itself: in one, FTS5 would ask all of them of each article.
    Matches(Vec<String>),
    Filter(Filter),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// A part that has to be found out before the store can be asked; whoever forgets to gets an error.
    Unanswered(&'static str),
    /// What the index cannot tell: of the articles that `among` finds, those whose text passes.
    Holds {
        among: Box<Condition>,
        asked: Asked,
    },
}

/// What is asked at one reading of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub test: Test,
    /// The rules of the test that are to hold, each somewhere in the article.
    pub rules: Vec<usize>,
    /// All of them; otherwise one.
    pub all: bool,
}

impl Asked {
    /// The whole test, which is its last rule.
    pub fn whole(test: Test) -> Asked {
        Asked {
            rules: test.rules.len().checked_sub(1).into_iter().collect(),
            test,
            all: true,
        }
    }
}

/// What is asked of the text itself. Rules refer to those before them; the last one is the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    pub needles: Vec<Needle>,
    pub rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// One of these needles stands here.
    Seek(Vec<usize>),
    Any(Vec<usize>),
    All(Vec<usize>),
    Not(usize),
    Near {
        left: usize,
        right: usize,
        within: u32,
        ordered: bool,
    },
    Within {
        stretch: Stretch,
        rule: usize,
    },
    AtLeast {
        times: u32,
        rule: usize,
    },
}

/// A run of folded tokens to mark in a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Needle {
    pub tokens: Vec<String>,
    pub prefix: bool,
    pub field: Option<Field>,
    /// The letters as they must stand, case, accents and script included.
    pub exact: Option<String>,
    #[serde(default)]
    pub only: Option<Only>,
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
