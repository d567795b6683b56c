//! **Clues** are what tells which story an article is about, whatever its language: names, numbers, and its meaning
//! as the encoder measures it.

use serde::{Deserialize, Serialize};

use super::vector::Vector;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clues {
    /// In the order of their keys, each key once.
    pub names: Vec<Name>,
    /// As `text::numbers` gives them, in order, each once.
    pub numbers: Vec<String>,
    /// Hashes of the words of title and text, in order, the lowest bit set where the title has it; the same for a word's
    /// beginning in all languages that share it, and for a Chinese word as for its English senses.
    pub words: Vec<u32>,
    /// Of the title alone.
    pub title: Option<Vector>,
    /// Of title, standfirst and first sentences: their mean.
    pub text: Option<Vector>,
}

/// A name in an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// The same for every spelling that is known to name the same: `@north-korea`; else the folded word.
    pub key: String,
    /// As this article writes it.
    pub written: String,
    /// A country, or another name that half of a day's news holds, says little of which story it is.
    pub common: bool,
}
