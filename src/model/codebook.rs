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
