//! **Decisions** are what a reader said of suggested stories. They name articles, not stories, and so outlive every
//! grouping.

use serde::{Deserialize, Serialize};

use super::article::ArticleId;

/// In the order in which they were made: a later one wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    pub made: Vec<Decision>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// These are of one story.
    Together(Vec<ArticleId>),
    /// The first are of the story that the second are of.
    Into(Vec<ArticleId>, Vec<ArticleId>),
    /// The first are not of one story with the second.
    Apart(Vec<ArticleId>, Vec<ArticleId>),
}

impl Decision {
    pub fn articles(&self) -> impl Iterator<Item = &str> {
        let (one, other): (&[String], &[String]) = match self {
            Decision::Together(articles) => (articles, &[]),
            Decision::Into(one, other) | Decision::Apart(one, other) => (one, other),
        };
        one.iter().chain(other).map(String::as_str)
    }
}

impl Decisions {
    /// Whether any of them names the article.
    pub fn name(&self, article: &str) -> bool {
        self.made
            .iter()
            .any(|decision| decision.articles().any(|named| named == article))
    }
}
