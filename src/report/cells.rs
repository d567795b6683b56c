//! The cells of the table in words: one copy for the terminal, the page and the post.

use crate::model::comparison::{Comparison, Coverage, Grade, Instead, Status};
use crate::model::{CommentState, LengthUnit};
use crate::text::durations;

/// `KCNA (English page)`
pub fn label(row: &Coverage) -> String {
    match &row.edition {
        Some(edition) => format!("{} ({edition})", row.source_name),
        None => row.source_name.clone(),
    }
}

/// The label of a source of this comparison; its id where it has no row.
pub fn label_of(comparison: &Comparison, source: &str) -> String {
    row_of(comparison, source).map_or_else(|| source.to_owned(), label)
}

pub fn row_of<'a>(comparison: &'a Comparison, source: &str) -> Option<&'a Coverage> {
    comparison.sources.iter().find(|row| row.source_id == source)
}

/// The word for a status, and the grade's letter behind it: `SILENT A`.
pub fn status(row: &Coverage) -> String {
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

/// When it was first published; for a source without an article, what was looked at.
pub fn first(row: &Coverage) -> String {
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

pub fn rank(row: &Coverage) -> String {
    row.rank_overall.map_or("–".to_owned(), |rank| rank.to_string())
}

pub fn lag(row: &Coverage) -> String {
    match (row.rank_overall, row.lag_min_minutes, row.lag_max_minutes) {
        (Some(1), ..) => "first".to_owned(),
        (_, Some(min), Some(max)) if min == max => format!("+{}", durations::minutes(min)),
        (_, Some(min), Some(max)) => format!("+{}…{}", durations::minutes(min), durations::minutes(max)),
        _ => "–".to_owned(),
    }
}

/// `412 字 p38`
pub fn length(row: &Coverage) -> String {
    let (Some(n), Some(unit)) = (row.length, row.length_unit) else {
        return "–".to_owned();
    };
    let percentile = row.length_pctl_outlet.map_or(String::new(), |p| format!(" p{p}"));
    format!("{}{percentile}", measure(n, unit))
}

/// `1,184 w`, `412 字`
pub fn measure(n: u32, unit: LengthUnit) -> String {
    let unit = match unit {
        LengthUnit::Words => "w",
        LengthUnit::Han => "字",
    };
    format!("{} {unit}", thousands(n))
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

/// Whose words: the share found in an earlier article, or the credit line.
pub fn reuse(comparison: &Comparison, row: &Coverage) -> String {
    if row.status != Status::Covered {
        return "–".to_owned();
    }
    let share = row.reuse_share.map(|share| (share * 100.0).round());
    if let (Some(from), Some(share)) = (&row.reuse_of, share) {
        let rank = row_of(comparison, from).and_then(|other| other.rank_overall);
        return match rank {
            Some(rank) => format!("{share}% of #{rank}"),
            None => format!("{share}% of {from}"),
        };
    }
    let reused = comparison
        .evidence
        .lineage
        .iter()
        .any(|edge| edge.from_source == row.source_id);
    match (&row.credit, reused) {
        (_, true) => "origin".to_owned(),
        (Some(credit), false) => format!("credits {credit}"),
        (None, false) => "–".to_owned(),
    }
}

pub fn comments(row: &Coverage) -> String {
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
pub fn published(item: &Instead) -> String {
    match &item.published {
        Some(claim) => durations::claimed(claim),
        None => format!("seen {}", durations::minute(item.first_seen_at)),
    }
}

/// What the signs in the table mean, as far as they occur in it.
pub fn notes(comparison: &Comparison) -> Vec<String> {
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
    if let Some(n) = comparison.instead.iter().find_map(|item| item.formula_count_365d) {
        notes.push(format!(
            "formula ×{n}: one of {n} headlines of the outlet by the same formula within 365 days"
        ));
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
