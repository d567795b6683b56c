//! A **saved search**: a query that is asked again after every run, and that is missed when it finds nothing.

use serde::{Deserialize, Serialize};

/// Days without a hit after which silence is told, unless said otherwise.
pub const SILENCE_ALERT_DAYS: u32 = 3;

/// One `[[search]]` of `saved.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub id: String,
    pub query: String,
    /// Why it is asked.
    pub note: Option<String>,
    pub lang: Vec<String>,
    pub source: Vec<String>,
    pub group: Vec<String>,
    /// No name stands for its other names.
    pub exact: bool,
    /// 0 = never.
    pub silence_alert_days: u32,
}
