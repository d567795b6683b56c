//! The comparison on a terminal: at most a hundred columns, markers are letters and not colours.

use crate::model::CommentState;
use crate::model::LengthUnit;
use crate::model::comparison::{Comparison, Coverage, Grade, Instead, Status};
use crate::report::clean;
use crate::report::table::{Table, fit, wrap};
use crate::text::durations;

/// Width of the source column, so that the table stays within a hundred columns.
const NAME: usize = 22;

pub fn terminal(comparison: &Comparison) -> String {
    let mut out = format!("{}\n", clean::line(&comparison.story.title));
    out.push_str(&format!(
        "{} to {}\n{}\n",
        durations::minute_utc(comparison.window.min),
        durations::minute_utc(comparison.window.max),
        wrap(&clean::line(&comparison.summary), 0, 0)
    ));
    out.push_str(&table(comparison).render());
    list("notes", &notes(comparison), &mut out);
    list("silences", &silences(comparison), &mut out);
    instead(comparison, &mut out);
    list("limits", &comparison.limits, &mut out);
    out
}

/// A heading and a paragraph for each line; nothing where there is none.
fn list(heading: &str, lines: &[String], out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n"));
    for line in lines {
        out.push_str(&wrap(&clean::line(line), 2, 4));
    }
}

/// What the signs in the table mean, as far as they occur in it.
fn notes(comparison: &Comparison) -> Vec<String> {
    let rows = &comparison.sources;
    let mut notes = Vec::new();
    if let Some(p) = rows.iter().find_map(|row| row.length_pctl_outlet) {
        notes.push(format!(
            "p{p}: longer than {p} % of what the outlet itself ran in the last 90 days"
        ));
    }
    if rows
        .iter()
        .any(|row| matches!(row.status, Status::Silent | Status::NotYet))
    {
        notes.push(
            "A: silence proven; B: every look was good, but something is missing from the proof; C: looks failed or items may \
             have scrolled away"
                .to_owned(),
        );
    }
    for row in rows.iter().filter(|row| row.comments_flag) {
        let base = row.comments_open_base.as_deref().unwrap_or_default();
        let (open, known) = base.split_once('/').unwrap_or((base, base));
        notes.push(format!(
            "⚑ {}: comments are closed here, and open on {open} of its {known} other articles",
            label(row)
        ));
    }
    notes
}

/// More sentences than a person reads; the JSON has them all.
const SILENCES: usize = 12;

/// The sentence of each silence: what was looked at, and how often.
fn silences(comparison: &Comparison) -> Vec<String> {
    let silent = || {
        comparison
            .silences
            .iter()
            .filter(|silence| matches!(silence.status, Status::Silent | Status::NotYet))
    };
    let mut lines: Vec<String> = silent()
        .take(SILENCES)
        .map(|silence| silence.sentence.clone())
        .collect();
    let more = silent().count().saturating_sub(SILENCES);
    if more > 0 {
        lines.push(format!("and {more} more, which --format json has"));
    }
    lines
}

fn table(comparison: &Comparison) -> Table {
    let mut table = Table::new([
        "#",
        "source",
        "lg",
        "status",
        "first published (UTC)",
        "lag",
        "length",
        "reuse",
        "comments",
    ])
    .ruled();
    for row in &comparison.sources {
        table.row([
            row.rank_overall.map_or("–".to_owned(), |rank| rank.to_string()),
            fit(&clean::line(&label(row)), NAME),
            row.lang.split('-').next().unwrap_or_default().to_owned(),
            status(row),
            first(row),
            lag(row),
            length(row),
            clean::line(&reuse(comparison, row)),
            comments(row),
        ]);
    }
    table
}

fn label(row: &Coverage) -> String {
    match &row.edition {
        Some(edition) => format!("{} ({edition})", row.source_name),
        None => row.source_name.clone(),
    }
}

fn status(row: &Coverage) -> String {
    let grade = match row.silence_grade {
        Some(Grade::A) => " A",
        Some(Grade::B) => " B",
        Some(Grade::C) => " C",
        _ => "",
    };
    match row.status {
        Status::Covered => "covered".to_owned(),
        Status::Silent => format!("SILENT{grade}"),
        Status::NotYet => format!("not yet{grade}"),
        Status::Unknown => "UNKNOWN".to_owned(),
        Status::NotLooked => "not looked".to_owned(),
    }
}

fn first(row: &Coverage) -> String {
    match (row.first_pub, row.status) {
        (Some(span), _) => durations::span(span),
        (None, Status::NotLooked) => "–".to_owned(),
        (None, Status::Unknown) => {
            format!(
                "looked {}/{}, {} failed",
                row.looks_ok, row.looks_planned, row.looks_failed
            )
        }
        (None, _) => format!(
            "looked {}/{}, {} new",
            row.looks_ok, row.looks_planned, row.items_listed
        ),
    }
}

fn lag(row: &Coverage) -> String {
    match (row.rank_overall, row.lag_min_minutes, row.lag_max_minutes) {
        (Some(1), ..) => "first".to_owned(),
        (_, Some(min), Some(max)) if min == max => format!("+{}", durations::minutes(min)),
        (_, Some(min), Some(max)) => format!("+{}…{}", durations::minutes(min), durations::minutes(max)),
        _ => "–".to_owned(),
    }
}

fn length(row: &Coverage) -> String {
    let (Some(n), Some(unit)) = (row.length, row.length_unit) else {
        return "–".to_owned();
    };
    let unit = match unit {
        LengthUnit::Words => "w",
        LengthUnit::Han => "字",
    };
    let percentile = row.length_pctl_outlet.map_or(String::new(), |p| format!(" p{p}"));
    format!("{} {unit}{percentile}", thousands(n))
}

/// `1,184`
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn reuse(comparison: &Comparison, row: &Coverage) -> String {
    if row.status != Status::Covered {
        return "–".to_owned();
    }
    let share = row.reuse_share.map(|share| (share * 100.0).round());
    if let (Some(from), Some(share)) = (&row.reuse_of, share) {
        let rank = comparison
            .sources
            .iter()
            .find(|other| other.source_id == *from)
            .and_then(|other| other.rank_overall);
        return match rank {
            Some(rank) => format!("{share}% of #{rank}"),
            None => format!("{share}% of {from}"),
        };
    }
    let reused = comparison.lineage.iter().any(|edge| edge.from_source == row.source_id);
    match (&row.credit, reused) {
        (_, true) => "origin".to_owned(),
        (Some(credit), false) => format!("credits {credit}"),
        (None, false) => "–".to_owned(),
    }
}

fn comments(row: &Coverage) -> String {
    let flag = if row.comments_flag { " ⚑" } else { "" };
    let count = row.comments_count.map_or(String::new(), |n| format!(" {n}"));
    match row.comments_state {
        CommentState::Open => format!("open{count}"),
        CommentState::Closed => format!("closed{flag}"),
        CommentState::Hidden => "hidden".to_owned(),
        CommentState::None => "none".to_owned(),
        CommentState::Unknown => "–".to_owned(),
    }
}

/// The claim as far as it goes; where there is none, when it was seen.
fn published(item: &Instead) -> String {
    match &item.published {
        Some(claim) => durations::claimed(claim),
        None => format!("seen {}", durations::minute(item.first_seen_at)),
    }
}

fn instead(comparison: &Comparison, out: &mut String) {
    let mut table = Table::new(["instead", "published (UTC)", "title"]);
    let mut last = "";
    for item in &comparison.instead {
        let name = comparison
            .sources
            .iter()
            .find(|row| row.source_id == item.source_id)
            .map(label)
            .unwrap_or_default();
        let shown = if last == item.source_id {
            String::new()
        } else {
            fit(&clean::line(&name), NAME)
        };
        table.row([shown, published(item), fit(&clean::line(&item.title), 60)]);
        last = &item.source_id;
    }
    if !table.is_empty() {
        out.push('\n');
        out.push_str(&table.render());
    }
}
