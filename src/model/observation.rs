//! An **Observation** is one thing that a crawl or an import learned, whole enough to be written
//! once into the archive and replayed from there: the database's observed half is nothing but the
//! observations applied in archive order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::look::{Look, Outcome};
use super::source::Source;

/// What one WARC record stands for. The response itself, where there was one, is the record's block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "observed", rename_all = "snake_case")]
pub enum Observation {
    /// The sources as they were configured, whenever that changed: without it nobody could say later what was looked at.
    Declared(Declared),
    RunStarted(RunStarted),
    /// One attempt at a file in which an origin tells crawlers what it wants: `/robots.txt`, `/.well-known/tdmrep.json`.
    Robots(Fetch),
    /// One attempt at one listing; the block is the listing's body.
    Look(Look),
    /// One attempt at one article page.
    Fetch(Fetch),
    /// A row or page that somebody brought: JSONL rows, foreign WARC records.
    Imported(Imported),
    RunFinished(RunFinished),
}

impl Observation {
    /// Does its row say where in the archive it lies? Runs and declarations are known by their number and day.
    pub fn is_placed(&self) -> bool {
        !matches!(
            self,
            Observation::Declared(_) | Observation::RunStarted(_) | Observation::RunFinished(_)
        )
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Declared {
    pub at: Timestamp,
    pub sources: Vec<Source>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStarted {
    pub run: i64,
    pub kind: RunKind,
    pub at: Timestamp,
    /// Version of vigie.
    pub version: String,
    /// Sources that this run means to visit, so that "planned" has a denominator.
    pub planned: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFinished {
    pub run: i64,
    pub at: Timestamp,
    /// Stopped by a signal before every source was visited.
    pub interrupted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    Crawl,
    Import,
    /// What sources published before they were watched, read off their archives.
    Backfill,
}

/// One HTTP attempt at a page or a robots.txt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    pub source: String,
    /// The address asked for (of the robots.txt, or as the listing announced it).
    pub url: String,
    /// The address that answered.
    pub final_url: Option<String>,
    pub at: Timestamp,
    pub outcome: Outcome,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub duration_ms: u64,
    /// Bytes over the wire.
    pub bytes: u64,
    /// SHA-256 of the decoded body, hex.
    pub digest: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// What the publisher reserves of it, see `model::reservation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub source: String,
    /// A host that no configured source claims: the source is named after it.
    pub provisional: bool,
    pub host: String,
    pub url: String,
    /// When it was seen by whoever made the file (`WARC-Date`), else when it was imported.
    pub at: Timestamp,
    pub imported_at: Timestamp,
    pub form: ImportForm,
    pub status: Option<u16>,
    pub digest: Option<String>,
    /// File it came from, name only.
    pub file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportForm {
    /// The block is an HTTP response.
    Response,
    /// The block is one JSON object of article fields.
    Row,
}
