//! What a person must know after a run, in one line each. Said once per episode: the first failed look
//! after a good one, then each time the silence has doubled. A site rule that no page matches is said each time:
//! the text is still read, but nobody has looked at how.

use crate::crawl::rule_tally::RuleLine;
use crate::crawl::summary::{SourceSummary, Summary};
use crate::model::Outcome;
use crate::store::{Reader, StoreError};
use crate::text::durations;

/// Failed looks in a row at which an alarm is said (again).
const SAID_AT: [usize; 6] = [1, 3, 7, 14, 30, 50];

pub fn raise(reader: &Reader, summary: &Summary) -> Result<Vec<String>, StoreError> {
    let pulses = reader.pulses()?;
    let mut alarms = Vec::new();
    for source in &summary.per_source {
        let pulse = pulses.iter().find(|pulse| pulse.source == source.id);
        if source.outcome == Outcome::Skipped {
            // The run was stopped, or this machine is offline: that is no fault of the source.
        } else if !source.is_ok() {
            let row = pulse.map_or(1, |pulse| {
                pulse.failures.iter().filter(|o| **o != Outcome::Skipped).count()
            });
            if SAID_AT.contains(&row) {
                let last = pulse.and_then(|pulse| pulse.last_good_at);
                let last = last.map_or("no good look yet".to_owned(), |at| {
                    format!("last good look {}", durations::minute_utc(at))
                });
                let times = if row == 1 {
                    "".to_owned()
                } else {
                    format!(" for {row} looks in a row")
                };
                alarms.push(format!("{} failed{times}, {last}", source.id));
            }
        } else if source.gaps > 0 {
            alarms.push(format!(
                "{}: the listing moved on between two looks; items may have been missed (look more often)",
                source.id
            ));
        }
        alarms.extend(layout(source));
    }
    Ok(alarms)
}

/// A part of the rules that every piece should have, and none had.
fn layout(source: &SourceSummary) -> Option<String> {
    let gone: Vec<&RuleLine> = source
        .rule_misses
        .iter()
        .filter(|miss| miss.is_essential() && miss.never())
        .collect();
    let first = gone.first()?;
    let fields: Vec<String> = gone.iter().map(|miss| format!("`{}`", miss.field)).collect();
    Some(format!(
        "{}: its rules for {} matched on none of {} pages, so these were read without them; has the layout changed? \
         (`vigie sources check {}`)",
        source.id,
        fields.join(", "),
        first.of,
        source.id
    ))
}
