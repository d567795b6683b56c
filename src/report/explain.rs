//! One source of a comparison, with the proof of what is said of it: how it was asked, who looked when, what was there
//! to be found, what came nearest, and what all this does not say.

use jiff::SignedDuration;

use crate::model::comparison::{Asked, Comparison, Coverage, Grade, Silence, Status, TimelineKind};
use crate::report::cells::label;
use crate::report::clean;
use crate::report::table::wrap;
use crate::text::durations;

/// Column at which the facts stand.
const FACTS: usize = 14;
/// Longer parts of a query are cut where they are only named.
const PART: usize = 60;

/// `None` where the comparison has no such source.
pub fn terminal(comparison: &Comparison, source: &str) -> Option<String> {
    let row = comparison.sources.iter().find(|row| row.source_id == source)?;
    let silence = comparison.silences.iter().find(|silence| silence.source_id == source);
    let asked = comparison
        .story
        .asked
        .iter()
        .find(|form| form.sources.iter().any(|id| id == source));
    let mut out = format!(
        "{}  {}  ({} – {})\n",
        clean::line(&label(row)),
        status(row),
        durations::minute_utc(comparison.window.min),
        durations::minute_utc(comparison.window.max)
    );
    let mut fact = |name: &str, text: String| {
        let line = wrap(&clean::line(&text), FACTS, FACTS);
        out.push_str(&format!("{:FACTS$}{}", format!(" {name}"), line.trim_start()));
    };
    if let Some(asked) = asked {
        asked_lines(asked).into_iter().for_each(|(name, text)| fact(name, text));
    }
    fact("looks", looks(comparison, row, silence));
    if let Some(silence) = silence {
        fact(
            "continuity",
            format!(
                "{}/{} listings overlap with the one before, or reach back past it{}",
                silence.continuity_proven,
                silence.continuity_needed,
                silence.least_common.map_or(String::new(), |n| format!(
                    "; at least {} in common",
                    counted(n, "item")
                ))
            ),
        );
    }
    fact(
        "denominator",
        format!(
            "{}; {} with more than a title to search; {} held in full",
            counted(row.items_listed, "new item"),
            row.items_searchable,
            row.items_full_text
        ),
    );
    // What covered the story needs no proof that it could have been found.
    if row.status != Status::Covered {
        fact("control", control(row, asked));
    }
    match row.expected_rate.as_deref() {
        Some(rate) => fact("usual", format!("covered this relation in {rate}: {}", surprise(row))),
        None => fact("usual", "unknown: nothing earlier on this relation is held".to_owned()),
    }
    if let Some(silence) = silence {
        for (at, miss) in silence.near_misses.iter().enumerate() {
            let lacks: Vec<String> = miss.lacks.iter().map(|part| cut(part)).collect();
            let text = format!("{:.2} {} (lacks {})", miss.score, miss.title, lacks.join("; "));
            fact(if at == 0 { "near misses" } else { "" }, text);
        }
        if silence.near_misses.is_empty() {
            fact("near misses", "none".to_owned());
        }
    }
    fact("says", says(row, silence));
    for (at, text) in does_not_say(comparison, row).into_iter().enumerate() {
        fact(if at == 0 { "does not say" } else { "" }, text);
    }
    Some(out)
}

fn status(row: &Coverage) -> String {
    let word = match row.status {
        Status::Covered => "covered",
        Status::Silent => "SILENT",
        Status::NotYet => "not yet",
        Status::Unknown => "UNKNOWN",
        Status::NotLooked => "not looked at",
    };
    match row.silence_grade {
        Some(Grade::A) => format!("{word}  grade A"),
        Some(Grade::B) => format!("{word}  grade B"),
        Some(Grade::C) => format!("{word}  grade C"),
        Some(Grade::U) | None => word.to_owned(),
    }
}

fn asked_lines(asked: &Asked) -> Vec<(&'static str, String)> {
    let at_home = match asked.implicit.as_slice() {
        [] => String::new(),
        ids => format!("   ({} goes without saying here)", ids.join(", ")),
    };
    let query = asked
        .query
        .as_deref()
        .unwrap_or("nothing: only pinned articles are in the story");
    let mut lines = vec![("asked", format!("{query}{at_home}"))];
    if let Some(topic) = &asked.topic {
        lines.push(("control by", topic.clone()));
    }
    lines
}

fn looks(comparison: &Comparison, row: &Coverage, silence: Option<&Silence>) -> String {
    let mut text = format!(
        "{} planned, {} good, {} failed",
        row.looks_planned, row.looks_ok, row.looks_failed
    );
    let mut times: Vec<_> = (comparison.timeline.iter())
        .filter(|entry| entry.source_id == row.source_id)
        .filter(|entry| matches!(entry.what, TimelineKind::LookOk | TimelineKind::LookFailed))
        .map(|entry| entry.at)
        .collect();
    times.dedup();
    let mut apart: Vec<SignedDuration> = times.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect();
    apart.sort();
    if let Some(usual) = apart.get(apart.len() / 2) {
        text.push_str(&format!(", one in {}", durations::short(*usual)));
    }
    if let Some((first, last)) = silence.and_then(|silence| silence.look_ids.first().zip(silence.look_ids.last())) {
        text.push_str(&format!("; ledger ids {first}–{last}"));
    }
    if let Some(last) = row.last_good_look {
        text.push_str(&format!("; last good look {}", durations::minute_utc(last)));
    }
    text.push_str(&format!(
        "; {:.0} % of the window unobserved, at most {} at a time",
        row.unobserved_share * 100.0,
        durations::minutes(row.longest_gap_minutes)
    ));
    text
}

fn control(row: &Coverage, asked: Option<&Asked>) -> String {
    let topic = asked.and_then(|asked| asked.topic.as_deref()).map(cut);
    match (row.control_hits.unwrap_or(0), topic) {
        (_, None) => "nothing to control by: the query names no actor and no word".to_owned(),
        (0, Some(topic)) => format!("no other item matches {topic}: nothing shows that it could have been found"),
        (n, Some(topic)) => format!(
            "{} {} {topic}: {}",
            counted(n, "other item"),
            if n == 1 { "matches" } else { "match" },
            // Where no page was read, nothing is known of the reading of pages.
            match row.items_full_text {
                0 => "language and names work; no page of it was read",
                _ => "language, names and reading of pages work",
            }
        ),
    }
}

fn surprise(row: &Coverage) -> &'static str {
    use crate::model::comparison::Surprise;
    match (row.surprise, row.status == Status::Covered) {
        (Surprise::Expected, true) => "to be expected",
        (Surprise::Expected, false) => "its silence is usual",
        (Surprise::Unusual, true) => "that it covered this is unusual",
        (Surprise::Unusual, false) => "its silence is unusual",
        (Surprise::Unknown, _) => "too few to say what is usual",
    }
}

fn says(row: &Coverage, silence: Option<&Silence>) -> String {
    match (row.status, silence) {
        (Status::Covered, _) => format!(
            "{} in the story, the first {}",
            counted(row.n_items, "item"),
            row.first_pub
                .map_or("at an unknown time".to_owned(), durations::span_utc)
        ),
        (Status::Silent | Status::NotYet, Some(silence)) => {
            let so_far = if row.status == Status::NotYet { " so far" } else { "" };
            let share = silence.at_most_share.map_or(String::new(), |share| {
                format!(": at most {:.1} % of its output (95 % confidence)", share * 100.0)
            });
            match silence.items_listed {
                0 => format!("nothing on this story{so_far}: it published nothing at all"),
                n => format!("no item on this story{so_far} among {n}{share}"),
            }
        }
        _ => format!("nothing: {}", row.reason),
    }
}

/// What no evidence of this kind can show.
fn does_not_say(comparison: &Comparison, row: &Coverage) -> Vec<String> {
    let mut lines = Vec::new();
    if row.status == Status::NotLooked {
        return vec!["whether it covered the story: nobody looked".to_owned()];
    }
    lines.push("why: no cause follows from any of this".to_owned());
    let others = |other: &&Coverage| other.outlet == row.outlet && other.source_id != row.source_id;
    if row.edition.is_some() && !comparison.sources.iter().any(|other| others(&other)) {
        lines.push("other editions of the same outlet: none was looked at".to_owned());
    }
    lines.push("print edition, newsletters, social media".to_owned());
    lines.push("items put up and taken down between two looks".to_owned());
    if row.items_full_text < row.items_listed {
        lines.push(format!(
            "what stands in the text of {} held by title or teaser only",
            counted(row.items_listed - row.items_full_text, "item")
        ));
    }
    lines
}

/// "1 item", "2 items".
pub fn counted(n: u32, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn cut(part: &str) -> String {
    match part.char_indices().nth(PART) {
        Some((at, _)) => format!("{}…", &part[..at]),
        None => part.to_owned(),
    }
}
