//! A **Comparison** is a Story laid out by Source: schema `vigie.compare/1`.
//!
//! **Coverage** is one Source's part in one Story: covered, silent (graded), not yet, unknown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::{ArticleId, CommentState, ItemKind, LengthUnit, TextAccess};
use super::codebook::Table;
use super::date::{DateClaim, Interval};
use super::evidence::Evidence;
use super::look::{Continuity, Outcome, Verdict};

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
    /// The state of the store that this was made from.
    pub snapshot: Snapshot,
    pub thresholds: Thresholds,
    /// One sentence or two, templated.
    pub summary: String,
    pub sources: Vec<Coverage>,
    pub articles: Vec<StoryArticle>,
    pub silences: Vec<Silence>,
    pub instead: Vec<Instead>,
    /// `headlines`, `probes`, `lineage`, `versions` and the other keys of what the texts say.
    #[serde(flatten)]
    pub evidence: Evidence,
    pub timeline: Vec<TimelineEntry>,
    pub background: Background,
    /// What people coded of the story’s articles, by source, each variable with its α. Empty: no sheets were given.
    #[serde(default)]
    pub codes: Vec<Table>,
    /// Sources that were not laid out, and why.
    pub excluded: Vec<Excluded>,
    /// The reader's own remarks and open questions: never evidence.
    pub notes: Vec<Remark>,
    pub questions: Vec<Remark>,
    /// What this comparison cannot say, written by the program itself.
    pub limits: Vec<String>,
}

/// The state of a store: the same snapshot and the same spec give the same comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The highest id in the ledger of looks; 0 = nobody ever looked.
    pub look: i64,
    /// SHA-256 of the ledger up to it, as docs/machine-interface.md says.
    pub sha256: String,
}

/// The numbers that decide: printed with every comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// More of the window than this unobserved: unknown.
    pub unknown_above: f32,
    /// At least this share of the items must have a title to search for grade A.
    pub searchable_share: f32,
    /// At and above this containment a text is a reprint.
    pub reprint_share: f32,
    /// Below this containment no reuse is shown.
    pub reuse_shown: f32,
    /// So many articles make a percentile of length.
    pub lengths_needed: u32,
    /// So many articles with a known state make a baseline of comments.
    pub comments_needed: u32,
    /// So many occasions make a silence expected or unusual.
    pub occasions_needed: u32,
}

/// A source that is not among the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    pub source_id: String,
    pub reason: String,
}

/// A text of the reader's own under a name of the reader's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub id: String,
    pub text: String,
}

/// What came before, on the same relation: the reader's own posts first, then newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    pub stories: Vec<EarlierStory>,
    pub articles: Vec<EarlierArticle>,
}

/// Another spec on the same relation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierStory {
    pub id: String,
    pub title: String,
    pub window: Interval,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierArticle {
    pub article_id: ArticleId,
    pub source_id: String,
    /// The reader's own post.
    pub own: bool,
    pub title: String,
    pub url: String,
    pub published: Option<DateClaim>,
    pub first_seen_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    pub id: String,
    pub title: String,
    /// The query as typed.
    pub query: Option<String>,
    /// The query as run; where sources are asked differently, see `asked`.
    pub run: Option<String>,
    /// The spec's file: SHA-256 of its bytes.
    pub spec_sha256: Option<String>,
    /// The actors between whom it happens.
    pub relation: Vec<String>,
    /// What the control and the "instead" are sought by, as typed.
    pub topic: Option<String>,
    /// How each source was asked.
    pub asked: Vec<Asked>,
    /// Sources that the reader would expect to cover it.
    pub expect: Vec<String>,
}

/// How the story was asked of some sources: the actor at home in a source's country is implicit there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub sources: Vec<String>,
    /// Actors that these sources need not name.
    pub implicit: Vec<String>,
    /// The query as run; absent where only pinned or gathered articles are in the story.
    pub query: Option<String>,
    /// The control as run.
    pub topic: Option<String>,
}

/// Who decided that an article is in the story, or that a source has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    #[default]
    Rule,
    User,
}

/// Is it usual for this source to cover, or not to cover, such a story?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surprise {
    Expected,
    Unusual,
    #[default]
    Unknown,
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
    /// The same for all editions of one outlet.
    pub outlet: String,
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
    /// Among the sources that share its first group.
    pub rank_in_group: Option<u32>,
    pub rank_note: Option<String>,
    pub n_items: u32,
    pub n_original: u32,
    pub n_reprint: u32,
    pub first_item_id: Option<ArticleId>,
    pub first_url: Option<String>,
    pub first_title: Option<String>,
    /// The reader's own translation.
    pub first_title_gloss: Option<String>,
    pub first_pub_claim: Option<DateClaim>,
    /// The claim narrowed by the looks.
    pub first_pub: Option<Interval>,
    /// When the outlet's own clock said so.
    pub first_local: Option<String>,
    /// … and the reader's, in `zone`.
    pub first_here: Option<String>,
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
    /// Its place on the listing when it was first seen there; 1 = top.
    pub feed_rank_first: Option<u32>,
    pub section: Option<String>,
    pub item_kind: Option<ItemKind>,
    /// Best earlier match among the story's articles: source id and share of its shingles found there.
    pub reuse_of: Option<String>,
    pub reuse_share: Option<f32>,
    pub credit: Option<String>,
    pub comments_state: CommentState,
    pub comments_count: Option<u32>,
    /// When the page was last read that said so.
    pub comments_seen_at: Option<Timestamp>,
    /// "31/34": other articles of this source with comments open, of those whose state is known.
    pub comments_open_base: Option<String>,
    /// Closed here although this outlet usually has them open.
    pub comments_flag: bool,
    pub n_versions: u32,
    /// The headline of the first item is another now than when it was first seen.
    pub title_changed: Option<bool>,
    pub gone_at: Option<Timestamp>,
    pub looks_planned: u32,
    pub looks_ok: u32,
    pub looks_failed: u32,
    pub listing_gaps: u32,
    /// The longest stretch of the window without proof.
    pub longest_gap_minutes: i64,
    pub last_good_look: Option<Timestamp>,
    /// Share of the window that no good look covers.
    pub unobserved_share: f32,
    /// New items listed in the window: the denominator.
    pub items_listed: u32,
    /// Of these, with a title and a lead or a text to search.
    pub items_searchable: u32,
    pub items_full_text: u32,
    /// Of these, naming the same actors or topic without being the story.
    pub control_hits: Option<u32>,
    /// What came nearest to being the story, for a person to overrule: share of the query's parts that it fulfils.
    pub best_near_miss_score: Option<f32>,
    pub best_near_miss_title: Option<String>,
    /// How often this source covered this relation before: "7/9 stories in 365 d".
    pub expected_rate: Option<String>,
    pub surprise: Surprise,
    /// The reader's spec expects it.
    pub expected_by_user: bool,
    /// The copy of the first item's page: SHA-256 of what was answered, file and place in the archive.
    pub archive_sha256: Option<String>,
    pub archive_path: Option<String>,
    pub archive_offset: Option<u64>,
    /// The address that answered with that copy, and when.
    pub snapshot_url: Option<String>,
    pub snapshot_at: Option<Timestamp>,
    pub decided_by: DecidedBy,
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
    /// `Hans` or `Hant`.
    pub script: Option<String>,
    pub title: String,
    pub published: Option<DateClaim>,
    pub pub_min: Timestamp,
    pub pub_max: Timestamp,
    pub first_seen_at: Timestamp,
    pub last_absent_at: Option<Timestamp>,
    /// When its page was last read: the day of access in a citation.
    pub read_at: Timestamp,
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
    /// The copy of its page, as of a row.
    pub archive_sha256: Option<String>,
    pub archive_path: Option<String>,
    pub archive_offset: Option<u64>,
    pub snapshot_url: Option<String>,
    pub snapshot_at: Option<Timestamp>,
    /// The reader's own translation of the headline.
    pub gloss: Option<String>,
    pub decided_by: DecidedBy,
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
    /// Good looks that prove that nothing scrolled past, of those that had a good look before them.
    pub continuity_proven: u32,
    pub continuity_needed: u32,
    /// The fewest items that such a look had in common with the one before.
    pub least_common: Option<u32>,
    /// What came nearest, best first.
    pub near_misses: Vec<NearMiss>,
    pub sentence: String,
}

/// An article that is not the story, and what it lacks for that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearMiss {
    pub article_id: ArticleId,
    pub title: String,
    pub url: String,
    /// Share of the query's parts that it fulfils.
    pub score: f32,
    /// The parts that it does not fulfil, as queries.
    pub lacks: Vec<String>,
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
    /// Share of the parts of the topic that it fulfils, by which it was found.
    pub topic_score: Option<f32>,
    /// Share of the story's query that it fulfils.
    pub story_score: Option<f32>,
    pub length: u32,
    pub length_unit: LengthUnit,
    /// Within the outlet, as in the table of sources.
    pub length_pctl_outlet: Option<u8>,
    pub feed_rank_first: Option<u32>,
    pub kind: ItemKind,
    /// Headlines of this outlet made by the same formula in the 365 days before the window's end.
    pub formula_id: Option<String>,
    pub formula_count_365d: Option<u32>,
    pub genre: Genre,
}

/// Routine, such as praise of a leader's works from abroad, or anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Genre {
    Ritual,
    #[default]
    News,
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
    /// Not watched: no good look vouches for this span.
    Gap,
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
    pub verdict: Verdict,
    pub items: u32,
    pub new: u32,
    /// Of the items, on this listing at its last good look.
    pub known: u32,
    pub error: Option<String>,
}

impl LookRow {
    /// Did it show what the source had to say? A listing without any item says nothing.
    pub fn is_good(&self) -> bool {
        self.outcome.is_good() && self.verdict != Verdict::Empty
    }
}
