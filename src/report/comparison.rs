//! The comparison on a terminal: at most a hundred columns, markers are letters and not colours.

use crate::model::comparison::{Comparison, Status};
use crate::report::cells::{self, label, label_of};
use crate::report::table::{Table, fit, fold, wrap_to};
use crate::report::{clean, code, evidence};
use crate::text::durations;

/// Widest line of a name of a source; a longer name goes on below.
pub const NAME: usize = 22;

/// Text of lines of at most `width` columns, as far as the narrowest table fits; with `all`, the whole of the evidence and
/// not only the beginning of each part.
pub fn terminal(comparison: &Comparison, width: usize, all: bool) -> String {
    let mut out = format!("{}\n", clean::line(&comparison.story.title));
    out.push_str(&format!(
        "{} to {}\n{}\n",
        durations::minute_utc(comparison.window.min),
        durations::minute_utc(comparison.window.max),
        wrap_to(width, &clean::line(&comparison.summary), 0, 0)
    ));
    out.push_str(&table(comparison).render_within(width, &SQUEEZE, FOLD));
    list("notes", &cells::notes(comparison), width, &mut out);
    list("first published, by other clocks", &clocks(comparison), width, &mut out);
    list("silences", &silences(comparison), width, &mut out);
    instead(comparison, width, &mut out);
    evidence::blocks(comparison, all, width, &mut out);
    if !comparison.codes.is_empty() {
        out.push_str(&format!(
            "\ncodes (people's own judgement)\n{}",
            code::tables(&comparison.codes)
        ));
    }
    list("limits", &comparison.limits, width, &mut out);
    out
}

/// A heading and a paragraph for each line; nothing where there is none.
fn list(heading: &str, lines: &[String], width: usize, out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n"));
    for line in lines {
        out.push_str(&wrap_to(width, &clean::line(line), 2, 4));
    }
}

/// Where times are asked for in another zone than UTC: what the outlets' own clocks said, and the reader's.
fn clocks(comparison: &Comparison) -> Vec<String> {
    let covered = comparison.sources.iter().filter(|row| row.first_pub.is_some());
    let lines = covered.map(|row| format!("{}: {}", label(row), cells::clocks(comparison, row)));
    lines.filter(|_| comparison.zone != "UTC").collect()
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

/// The column that begins the second line of a row where one line is too narrow: `lag`.
const FOLD: usize = 5;

/// `first published` and `reuse`: what is silent has nothing in the column behind, and most credits are short.
const SQUEEZE: [usize; 2] = [4, 7];

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
            cells::rank(row),
            fold(&clean::line(&label(row)), NAME, 3),
            row.lang.split('-').next().unwrap_or_default().to_owned(),
            cells::status(row),
            cells::first(row),
            cells::lag(row),
            cells::length(row),
            fold(&clean::line(&cells::reuse(comparison, row)), NAME, 2),
            cells::comments(row),
        ]);
    }
    table
}

fn instead(comparison: &Comparison, width: usize, out: &mut String) {
    let mut table = Table::new(["instead", "published (UTC)", "title", ""]);
    let mut last = "";
    for item in &comparison.instead {
        let shown = if last == item.source_id {
            String::new()
        } else {
            fold(&clean::line(&label_of(comparison, &item.source_id)), NAME, 3)
        };
        let length = || item.length_pctl_outlet.map(|percentile| format!("p{percentile}"));
        let mark = cells::formula(item).or_else(length).unwrap_or_default();
        let room = width.saturating_sub(NAME + 17 + 11).min(60);
        table.row([
            shown,
            cells::published(item),
            fit(&clean::line(&item.title), room),
            mark,
        ]);
        last = &item.source_id;
    }
    if !table.is_empty() {
        out.push('\n');
        out.push_str(&table.render());
    }
}
