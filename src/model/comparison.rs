//! A **Comparison** is a Story laid out by Source: schema `vigie.compare/1`.
//!
//! **Coverage** is one Source's part in one Story: covered, silent (graded), not yet, unknown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::{ArticleId, CommentState, ItemKind, LengthUnit, TextAccess};
use super::date::{DateClaim, Interval};
use super::look::{Continuity, Outcome};

pub const SCHEMA: &str = "vigie.compare/1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub schema: String,
    pub story: Story,
    pub window: Interval,
    pub generated_at: Timestamp,
    /// Version of vigie.
    pub version: String,
    /// Zone that local times are shown in.
    pub zone: String,
    /// One sentence or two, templated.
    pub summary: String,
    pub sources: Vec<Coverage>,
    pub articles: Vec<StoryArticle>,
    pub silences: Vec<Silence>,
    pub instead: Vec<Instead>,
    pub headlines: Vec<Headline>,
    pub probes: Vec<Probe>,
    pub lineage: Vec<Lineage>,
    pub versions: Vec<VersionChange>,
    pub timeline: Vec<TimelineEntry>,
    /// What this comparison cannot say, written by the program itself.
    pub limits: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    pub id: String,
    pub title: String,
    /// The query as typed.
    pub query: Option<String>,
    /// The query as run.
    pub run: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Covered,
    Silent,
    /// Nothing so far, and the window is still open.
    NotYet,
    Unknown,
    NotLooked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    A,
    B,
    C,
    U,
}

/// One edition's part in the story: a row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    pub source_id: String,
    pub source_name: String,
    pub edition: Option<String>,
    pub lang: String,
    pub country: String,
    pub ownership: String,
    pub kind: String,
    pub groups: Vec<String>,
    pub status: Status,
    pub silence_grade: Option<Grade>,
    /// By definite interval order; ties share; absent if it cannot be told.
    pub rank_overall: Option<u32>,
    pub rank_in_lang: Option<u32>,
    pub rank_note: Option<String>,
    pub n_items: u32,
    pub n_reprint: u32,
    pub first_item_id: Option<ArticleId>,
    pub first_url: Option<String>,
    pub first_title: Option<String>,
    pub first_pub_claim: Option<DateClaim>,
    /// The claim narrowed by the looks.
    pub first_pub: Option<Interval>,
    /// When the outlet's own clock said so.
    pub first_local: Option<String>,
    pub first_seen_at: Option<Timestamp>,
    /// Last good look that did not list it.
    pub last_absent_at: Option<Timestamp>,
    /// The claim lies before a look that listed newer items without it.
    pub backdated: Option<bool>,
    pub lag_min_minutes: Option<i64>,
    pub lag_max_minutes: Option<i64>,
    pub length: Option<u32>,
    pub length_unit: Option<LengthUnit>,
    /// Within this source's own articles of the last 90 days; absent below 30 of them.
    pub length_pctl_outlet: Option<u8>,
    pub length_class: Option<LengthClass>,
    pub text_access: Option<TextAccess>,
    pub item_kind: Option<ItemKind>,
    /// Best earlier match among the story's articles: source id and share of its shingles found there.
    pub reuse_of: Option<String>,
    pub reuse_share: Option<f32>,
    pub credit: Option<String>,
    pub comments_state: CommentState,
    pub comments_count: Option<u32>,
    /// "31/34": other articles of this source with comments open, of those whose state is known.
    pub comments_open_base: Option<String>,
    /// Closed here although this outlet usually has them open.
    pub comments_flag: bool,
    pub n_versions: u32,
    pub gone_at: Option<Timestamp>,
    pub looks_planned: u32,
    pub looks_ok: u32,
    pub looks_failed: u32,
    pub listing_gaps: u32,
    pub last_good_look: Option<Timestamp>,
    /// Share of the window that no good look covers.
    pub unobserved_share: f32,
    /// New items listed in the window: the denominator.
    pub items_listed: u32,
    /// Of these, with at least a title to search.
    pub items_searchable: u32,
    pub items_full_text: u32,
    /// Of these, naming the same actors or topic without being the story.
    pub control_hits: Option<u32>,
    /// Why the status is what it is.
    pub reason: String,
}

/// Percentile classes: brief ≤ 20 < short ≤ 50 < standard ≤ 85 < long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthClass {
    Brief,
    Short,
    Standard,
    Long,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryArticle {
    pub id: ArticleId,
    pub source_id: String,
    pub url: String,
    pub lang: Option<String>,
    pub title: String,
    pub published: Option<DateClaim>,
    pub pub_min: Timestamp,
    pub pub_max: Timestamp,
    pub first_seen_at: Timestamp,
    pub last_absent_at: Option<Timestamp>,
    pub length: u32,
    pub length_unit: LengthUnit,
    pub text_access: TextAccess,
    pub kind: ItemKind,
    pub credit: Option<String>,
    pub authors: Vec<String>,
    pub reuse_of: Option<ArticleId>,
    pub reuse_share: Option<f32>,
    pub n_versions: u32,
    pub gone_at: Option<Timestamp>,
    pub sha256: String,
}

/// A silence with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    pub source_id: String,
    pub status: Status,
    pub grade: Grade,
    pub looks_planned: u32,
    pub looks_ok: u32,
    /// Ids in the ledger of looks.
    pub look_ids: Vec<i64>,
    pub last_good_look: Option<Timestamp>,
    pub items_listed: u32,
    /// Rule of three, exact: with 0 of n, at most this share of its output (95 %).
    pub at_most_share: Option<f64>,
    pub sentence: String,
}

/// What a silent outlet ran on the same actors or topic in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instead {
    pub source_id: String,
    pub article_id: ArticleId,
    pub title: String,
    pub url: String,
    pub published: Option<DateClaim>,
    pub first_seen_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    pub source_id: String,
    pub article_id: ArticleId,
    pub lang: Option<String>,
    /// As first seen.
    pub first: String,
    /// As last seen, where it changed.
    pub now: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    pub name: String,
    pub source_id: String,
    pub hits: u32,
    /// Position of the first hit in the text, per cent.
    pub first_position: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    pub from: ArticleId,
    pub to: ArticleId,
    pub from_source: String,
    pub to_source: String,
    /// Containment: share of the later article's shingles found in the earlier.
    pub share: f32,
    pub credit: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionChange {
    pub article_id: ArticleId,
    pub source_id: String,
    pub n: u32,
    pub seen_at: Timestamp,
    pub title: String,
    pub length: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    pub source_id: String,
    pub at: Timestamp,
    pub until: Option<Timestamp>,
    pub what: TimelineKind,
    pub article_id: Option<ArticleId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    LookOk,
    LookFailed,
    Published,
    FirstSeen,
    Edited,
    Gone,
}

/// A look as the comparison needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct LookRow {
    pub id: i64,
    pub source: String,
    /// Identifies the listing within the ledger.
    pub listing: i64,
    /// All listings of one source visited in one run make one planned look.
    pub run: i64,
    pub at: Timestamp,
    pub outcome: Outcome,
    pub continuity: Continuity,
    pub items: u32,
    pub new: u32,
    pub error: Option<String>,
}
