//! A **Look** is one attempt at one Listing. The ledger of looks is append-only, and it is what proves a silence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::listing::ListingKind;

/// How one HTTP attempt ended. A site's failure is data, never an error that stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ok,
    /// 304, or 200 with the very bytes of last time.
    NotModified,
    /// 404 or 410.
    Gone,
    /// Any other 4xx or 5xx.
    HttpError,
    /// 401, 403, 451, 429 or a challenge page.
    Blocked,
    /// robots.txt disallows it.
    RobotsDisallow,
    /// robots.txt answered 5xx or not at all, which RFC 9309 §2.3.1.4 reads as "disallow".
    RobotsUnreachable,
    /// The publisher reserves it: not asked for, or its body not kept.
    Reserved,
    Dns,
    Connect,
    Tls,
    Timeout,
    /// Reset or cut before the end of the body.
    Truncated,
    TooLarge,
    /// A `Content-Encoding` that does not decode, or a bomb.
    BadEncoding,
    RedirectLoop,
    /// A redirect or address to a place that must not be dialled.
    AddressRefused,
    /// 200, but not the kind of document it should be.
    Unreadable,
    /// Not attempted because the run was interrupted or the host was resting.
    Skipped,
}

impl Outcome {
    /// Did this attempt show what the site had to say?
    pub fn is_good(self) -> bool {
        matches!(self, Outcome::Ok | Outcome::NotModified)
    }
}

/// What a look or a run of looks says about a source's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Ok,
    /// Answers, lists nothing new, and that is usual for it.
    Quiet,
    Down,
    Blocked,
    /// Answers, but the newest item is older than usual.
    Stale,
    /// 200 with no item at all.
    Empty,
    /// The document breaks off: what stood further on was not seen.
    InPart,
    HtmlInsteadOfFeed,
    /// Links but no readable text behind them.
    SilentEmpty,
    LyingValidators,
    /// The listing moved on between two looks: items may have scrolled away unseen.
    ListingGap,
    NeverLooked,
    Disabled,
}

/// Whether this look proves that nothing scrolled past since the last good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Continuity {
    /// No good look came before.
    First,
    /// What came last before the last good look still stands, or most of what stood there does.
    Overlap,
    /// No such item, but the listing, in order of date, reaches back past the last good look.
    Dates,
    /// No proof: items may have scrolled away.
    Gap,
    /// The look failed or listed nothing.
    Unknown,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub source: String,
    pub listing_url: String,
    pub listing_kind: ListingKind,
    /// When the answer (or its absence) was known.
    pub at: Timestamp,
    pub outcome: Outcome,
    pub status: Option<u16>,
    /// What robots.txt says of this address, recorded even where it does not bind (a feed is a subscription).
    pub robots: Option<RobotsSay>,
    pub error: Option<String>,
    pub duration_ms: u64,
    /// Bytes over the wire.
    pub bytes: u64,
    /// SHA-256 of the decoded body, hex.
    pub digest: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Items on the listing.
    pub items: u32,
    /// Of these, never announced by this source before.
    pub new: u32,
    /// Of these, already on this listing at the last good look.
    pub known: u32,
    pub newest: Option<Timestamp>,
    pub oldest: Option<Timestamp>,
    pub continuity: Continuity,
    /// Repairs that were needed to read the listing.
    pub repairs: Vec<String>,
    pub verdict: Verdict,
}

/// What robots.txt says of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RobotsSay {
    Allow,
    Disallow,
    /// 5xx or network failure.
    Unreachable,
}
