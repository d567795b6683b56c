//! What was fitted: `linking.toml`, written by bench/linking/fit.py.

use std::sync::OnceLock;

use serde::Deserialize;

const FILE: &str = include_str!("linking.toml");

/// Weights of a logistic model; a score is in log odds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub bias: f32,
    /// Cosine of the texts, and of the titles where both have one.
    #[serde(default)]
    pub text: f32,
    #[serde(default)]
    pub title: f32,
    /// Both have a title.
    #[serde(default)]
    pub titles: f32,
    /// Cosine of title against text, both ways.
    #[serde(default)]
    pub across: f32,
    /// Shared names that are not common, of those that both have: the cosine of the two lists; and how many (log).
    pub names: f32,
    pub named: f32,
    /// The same of countries and other common names.
    pub common: f32,
    /// Shared numbers (log).
    pub numbers: f32,
    /// Shared words of the texts, and of the titles, Chinese ones by the dictionary: the cosine of the two lists.
    pub words: f32,
    #[serde(default)]
    pub title_words: f32,
    /// One of the two is Chinese, of which less is found.
    #[serde(default)]
    pub chinese: f32,
    /// Days between the claimed times.
    pub days: f32,
    pub other_language: f32,
    /// Linked from here on, on average within a story.
    pub attach: f32,
    /// Between `attach` and this, only with a shared name or two words of the titles.
    pub sure: f32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Both articles have vectors.
    pub with_vectors: Weights,
    pub without_vectors: Weights,
    /// Texts less alike than this are not looked at: no other clue could link them.
    pub least_cosine: f32,
}

impl Params {
    pub fn weights(&self, vectors: bool) -> &Weights {
        if vectors {
            &self.with_vectors
        } else {
            &self.without_vectors
        }
    }
}

/// The parameters that vigie comes with.
pub fn params() -> &'static Params {
    static PARAMS: OnceLock<Params> = OnceLock::new();
    // The file is part of the program, and a test reads it.
    PARAMS.get_or_init(|| toml::from_str(FILE).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        let read: Params = toml::from_str(FILE).unwrap();
        assert_eq!(read, *params());
        for weights in [read.with_vectors, read.without_vectors] {
            assert!(weights.attach <= weights.sure);
            assert!(weights.names > 0.0 && weights.days <= 0.0);
        }
    }
}
