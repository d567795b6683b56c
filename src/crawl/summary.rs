//! What a run did, source by source: the numbers of `vigie crawl --json`.

use serde::Serialize;

use crate::crawl::backfill::Backfilled;
use crate::crawl::rule_tally::RuleLine;
use crate::model::{Outcome, Verdict};

/// One run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    pub run: i64,
    pub sources: u32,
    pub ok: u32,
    pub failed: u32,
    pub looks: u32,
    pub new: u32,
    pub changed: u32,
    pub gone: u32,
    /// Pages whose words were had before: moved addresses and reprints.
    pub duplicates: u32,
    /// Of these, in the words of another source.
    pub reprints: u32,
    pub gaps: u32,
    pub bytes: u64,
    pub seconds: f64,
    pub interrupted: bool,
    /// No source at all could be reached.
    pub offline: bool,
    pub per_source: Vec<SourceSummary>,
    pub alarms: Vec<String>,
}

/// One source's part in a run.
#[derive(Debug, Clone, Serialize)]
pub struct SourceSummary {
    pub id: String,
    /// A good look's where there was one: one dead feed beside a living one does not fail a source.
    pub outcome: Outcome,
    pub verdict: Verdict,
    pub looks: u32,
    pub listed: u32,
    pub new: u32,
    pub changed: u32,
    pub gone: u32,
    pub duplicates: u32,
    pub gaps: u32,
    /// Pages that were asked for and did not answer well.
    pub pages_failed: u32,
    /// Pages without readable text.
    pub unreadable: u32,
    /// Parts of its site rules that matched nothing on some page.
    pub rule_misses: Vec<RuleLine>,
    pub bytes: u64,
    pub seconds: f64,
    pub error: Option<String>,
    /// What a backfill did here; absent from every other run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfilled>,
}

impl SourceSummary {
    pub fn new(id: &str) -> SourceSummary {
        SourceSummary {
            id: id.to_owned(),
            outcome: Outcome::Skipped,
            verdict: Verdict::NeverLooked,
            looks: 0,
            listed: 0,
            new: 0,
            changed: 0,
            gone: 0,
            duplicates: 0,
            gaps: 0,
            pages_failed: 0,
            unreadable: 0,
            rule_misses: Vec::new(),
            bytes: 0,
            seconds: 0.0,
            error: None,
            backfill: None,
        }
    }

    /// Did at least one listing show what the source had to say?
    pub fn is_ok(&self) -> bool {
        self.outcome.is_good()
    }
}

impl Summary {
    /// Adds up the sources.
    pub fn close(&mut self) {
        let sum = |count: fn(&SourceSummary) -> u32| self.per_source.iter().map(count).sum::<u32>();
        self.looks = sum(|source| source.looks);
        self.new = sum(|source| source.new);
        self.changed = sum(|source| source.changed);
        self.gone = sum(|source| source.gone);
        self.gaps = sum(|source| source.gaps);
        self.duplicates = sum(|source| source.duplicates) + self.reprints;
        self.ok = sum(|source| u32::from(source.is_ok()));
        self.bytes = self.per_source.iter().map(|source| source.bytes).sum();
        self.sources = self.per_source.len() as u32;
        self.failed = self.sources - self.ok;
    }
}
