//! How much each measure of a pair counts: `linking.toml`, of which bench/linking/fit.py fits the weights.

use serde::Deserialize;

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
    /// Both articles have vectors. Absent: nothing was fitted to them, and they have no part in links.
    pub with_vectors: Option<Weights>,
    /// No encoder has a part in these.
    #[serde(default)]
    pub without_vectors: Weights,
    /// Texts less alike than this are not looked at: no other clue could link them.
    #[serde(default)]
    pub least_cosine: f32,
    /// From here on an article is shown as near a query or another article, and as near a topic's description, which is
    /// wider than an event.
    #[serde(default)]
    pub least_similar: f32,
    #[serde(default)]
    pub least_of_a_topic: f32,
}

impl Params {
    #[inline(always)]
    pub fn weights(&self, vectors: bool) -> &Weights {
        match &self.with_vectors {
            Some(weights) if vectors => weights,
            _ => &self.without_vectors,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cluster::Fit;

    #[test]
    fn the_file_is_read() {
        let read = Fit::on_board().params;
        for weights in [read.with_vectors.unwrap(), read.without_vectors] {
            assert!(weights.attach <= weights.sure);
            assert!(weights.names > 0.0 && weights.days <= 0.0);
        }
        assert!(read.least_cosine > 0.0 && read.least_similar > 0.0 && read.least_of_a_topic > 0.0);
    }
}
