//! Is it alive, is it complete: every source with what the ledger says of it, and a verdict in one word.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::{Interval, Outcome, Source, Verdict};
use crate::store::{Reader, SourceStatus, StoreError};

/// A source that usually brings something new and brought nothing for this long is stale.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);
/// New items a day above which a silence of days is not usual.
const LIVELY: f64 = 1.0;

/// All sources over a window.
#[derive(Debug, Serialize)]
pub struct Status {
    pub since: Timestamp,
    pub until: Timestamp,
    pub sources: Vec<Row>,
    pub languages: Vec<Language>,
    pub alarms: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub verdict: Verdict,
    pub lang: String,
    #[serde(flatten)]
    pub counts: SourceStatus,
}

#[derive(Debug, Serialize)]
pub struct Language {
    pub lang: String,
    pub new: u32,
    pub new_per_day: f64,
    pub sources: u32,
    /// Of these, down or blocked.
    pub missing: u32,
}

/// Looks the sources over. Enabled sources that were never looked at are in, disabled ones are out.
pub fn status(reader: &Reader, sources: &[Source], window: Interval) -> Result<Status, StoreError> {
    let mut counts = reader.status(window)?;
    let mut rows = Vec::new();
    for source in sources.iter().filter(|source| source.enabled) {
        let found = counts
            .iter()
            .position(|count| count.id == source.id)
            .map(|at| counts.swap_remove(at));
        let counts = found.unwrap_or_else(|| SourceStatus {
            id: source.id.clone(),
            ..SourceStatus::default()
        });
        rows.push(Row {
            verdict: verdict(&counts, window.max),
            lang: source.lang.clone(),
            counts,
        });
    }
    let languages = languages(&rows);
    let alarms = rows.iter().filter_map(alarm).collect();
    Ok(Status {
        since: window.min,
        until: window.max,
        sources: rows,
        languages,
        alarms,
    })
}

fn verdict(counts: &SourceStatus, now: Timestamp) -> Verdict {
    match counts.last_outcome {
        None => Verdict::NeverLooked,
        Some(Outcome::Blocked | Outcome::RobotsDisallow) => Verdict::Blocked,
        Some(outcome) if !outcome.is_good() => match counts.last_verdict {
            Some(Verdict::Ok | Verdict::Quiet) | None => Verdict::Down,
            Some(verdict) => verdict,
        },
        Some(_) => {
            let last = counts.last_verdict.unwrap_or(Verdict::Ok);
            let silent = counts.last_new.is_none_or(|at| now.duration_since(at) > STALE_AFTER);
            match last {
                Verdict::Ok if silent && counts.new_per_day >= LIVELY => Verdict::Stale,
                Verdict::Ok if silent => Verdict::Quiet,
                other => other,
            }
        }
    }
}

fn alarm(row: &Row) -> Option<String> {
    let id = &row.counts.id;
    let no_answer = match row.verdict {
        Verdict::Empty => "it lists no items",
        _ => "no answer",
    };
    let why = row.counts.last_error.as_deref().unwrap_or(no_answer);
    match row.verdict {
        Verdict::Down | Verdict::Blocked | Verdict::HtmlInsteadOfFeed | Verdict::Empty => Some(format!(
            "{id} {}: {why}; {} runs without a good look",
            word(row.verdict),
            row.counts.failing_runs
        )),
        Verdict::InPart => Some(format!(
            "{id} answers, but its listing breaks off: not all of it was seen"
        )),
        Verdict::Stale => Some(format!("{id} answers, but brought nothing new for days")),
        _ => None,
    }
}

/// The verdict as `--json` writes it.
pub fn word(verdict: Verdict) -> String {
    serde_json::to_value(verdict)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn languages(rows: &[Row]) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    for row in rows {
        let lang = row.lang.split('-').next().unwrap_or(&row.lang);
        let at = languages
            .iter()
            .position(|language| language.lang == lang)
            .unwrap_or_else(|| {
                languages.push(Language {
                    lang: lang.to_owned(),
                    new: 0,
                    new_per_day: 0.0,
                    sources: 0,
                    missing: 0,
                });
                languages.len() - 1
            });
        let language = &mut languages[at];
        language.new += row.counts.new;
        language.new_per_day += row.counts.new_per_day;
        language.sources += 1;
        language.missing += u32::from(matches!(row.verdict, Verdict::Down | Verdict::Blocked));
    }
    languages.sort_by(|a, b| b.new.cmp(&a.new).then_with(|| a.lang.cmp(&b.lang)));
    languages
}
