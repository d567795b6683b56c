//! The sources' health on a terminal.

use crate::read::status::{Row, Status, word};
use crate::report::clean;
use crate::report::table::Table;
use crate::text::durations;

pub fn terminal(status: &Status) -> String {
    let mut table = Table::new([
        "source",
        "looks ok/plan",
        "gaps",
        "new",
        "new/day",
        "full text",
        "last new (UTC)",
        "verdict",
    ])
    .numbers(1..=5);
    for row in &status.sources {
        let counts = &row.counts;
        table.row([
            counts.id.clone(),
            format!("{}/{}", counts.looks_ok, counts.looks_planned),
            counts.gaps.to_string(),
            counts.new.to_string(),
            format!("{:.1}", counts.new_per_day),
            full_text(row),
            counts.last_new.map_or("–".to_owned(), durations::minute),
            word(row.verdict),
        ]);
    }
    let mut out = format!(
        "{} to {}\n\n{}{}",
        durations::minute_utc(status.since),
        durations::minute_utc(status.until),
        before(status),
        table.render()
    );
    out.push_str("\nby language:");
    for language in &status.languages {
        let missing = match language.missing {
            0 => String::new(),
            n => format!(" ({n} of {} sources missing)", language.sources),
        };
        out.push_str(&format!("  {} {:.0}/day{missing}", language.lang, language.new_per_day));
    }
    out.push('\n');
    for alarm in &status.alarms {
        out.push_str(&format!("alarm: {}\n", clean::line(alarm)));
    }
    out
}

/// A store of long ago shows nothing but zeros in a window of now: where its looks are to be found.
fn before(status: &Status) -> String {
    let looked = status.sources.iter().any(|row| row.counts.looks_planned > 0);
    match status.sources.iter().filter_map(|row| row.counts.last_ok).max() {
        Some(last) if !looked => format!(
            "no look in this time; the last good one was on {}: `vigie status --since {}`\n\n",
            durations::minute_utc(last),
            last.strftime("%F")
        ),
        _ => String::new(),
    }
}

fn full_text(row: &Row) -> String {
    match row.counts.articles {
        0 => "–".to_owned(),
        all => format!(
            "{} %",
            (f64::from(row.counts.full_text) / f64::from(all) * 100.0).round()
        ),
    }
}
