//! What was last exported of a story, as far as a later comparison can differ from it: kept beside the store in
//! `exports/`, neither observed nor derived, since it says what the reader has shown to others.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::{ArticleId, CommentState};
use super::comparison::{Grade, Snapshot, Status};
use super::source::SourceId;

pub const SCHEMA: &str = "vigie.export/1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub schema: String,
    pub story: String,
    /// When it was exported.
    pub at: Timestamp,
    pub spec_sha256: Option<String>,
    pub query: Option<String>,
    pub snapshot: Snapshot,
    pub sources: BTreeMap<SourceId, ExportedSource>,
    pub articles: BTreeMap<ArticleId, ExportedArticle>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedSource {
    pub status: Status,
    pub grade: Option<Grade>,
    pub looks_ok: u32,
    pub looks_planned: u32,
    pub comments: CommentState,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedArticle {
    pub source: SourceId,
    pub title: String,
    pub versions: u32,
    pub length: u32,
    pub gone: bool,
}

/// One thing that is not as it was, or a silence that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub what: What,
    /// The sources it is about; several only where nothing changed.
    pub sources: Vec<SourceId>,
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An outlet, or an article, that was not there.
    New,
    Changed,
    /// An outlet or an article that is there no longer.
    Left,
    Same,
}
