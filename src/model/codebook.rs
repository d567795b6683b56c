//! A **codebook**: what people are to judge of each article, and with which values.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Codebook {
    pub title: Option<String>,
    pub variables: Vec<Variable>,
}

/// One thing to judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// The column's heading.
    pub id: String,
    pub name: Option<String>,
    pub kind: Level,
    /// Nominal and ordinal: what may be given, an ordinal's from least to most. Empty of the others: any number.
    pub values: Vec<String>,
    pub instructions: Option<String>,
}

/// What may be done with values (S. S. Stevens, Science 103, 1946).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Names.
    #[default]
    Nominal,
    /// In an order.
    Ordinal,
    /// Numbers whose differences mean something.
    Interval,
    /// With a zero that means none.
    Ratio,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Nominal => "nominal",
            Level::Ordinal => "ordinal",
            Level::Interval => "interval",
            Level::Ratio => "ratio",
        }
    }
}

/// How far coders agree on one variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    pub variable: String,
    pub kind: Level,
    /// Articles with two codes or more.
    pub units: usize,
    /// Codes in them.
    pub values: usize,
    pub coders: usize,
    /// Share of pairs of codes of one article that are equal: what α corrects for chance.
    pub agreement: Option<f64>,
    pub alpha: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub resamples: u32,
    pub seed: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// α ≥ .800.
    Customary,
    /// .667 ≤ α < .800.
    Tentative,
    /// α < .667.
    Unreliable,
    /// No article has two codes.
    NoPairs,
    /// All codes are the same: there is nothing to agree about.
    NoVariation,
}

/// By whom or what codes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Coder,
    /// Of the article, as far as the sheet says; a code counts once, so an article that two coded counts twice.
    Source,
}

/// One variable's codes, counted, with how far they can be relied upon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub by: By,
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
    pub agreement: Agreement,
}

/// A value of a nominal or ordinal variable with its codes a column; of numbers a statistic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    pub value: String,
    /// `None`: no number was given there.
    pub cells: Vec<Option<f64>>,
}
