//! Codes counted, and how far coders agree, on a terminal; sheets to code in.

use std::fmt::Write as _;

use crate::model::codebook::{Agreement, Codebook, Level, Table as Counted, Verdict};
use crate::report::clean;
use crate::report::table::{Table, fit, wrap};

/// Stands below every table made of codes.
pub const BOUNDS: &str = "Krippendorff's α: .800 customary, .667 tentative";

/// `.743`, `1`, `−.120`
pub fn decimals(x: f64) -> String {
    let text = format!("{x:.3}");
    match text.strip_prefix("0.").map(|rest| format!(".{rest}")) {
        Some(short) => short,
        None => match text.strip_prefix("-0.") {
            Some(rest) => format!("-.{rest}"),
            None => text,
        },
    }
}

pub fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Customary => "ok",
        Verdict::Tentative => "tentative (below .800)",
        Verdict::Unreliable => "not reliable (below .667)",
        Verdict::NoPairs => "no article has two codes",
        Verdict::NoVariation => "all codes are the same",
    }
}

pub fn interval(agreement: &Agreement) -> String {
    match (agreement.low, agreement.high) {
        (Some(low), Some(high)) => format!("{}–{}", decimals(low), decimals(high)),
        _ => "–".to_owned(),
    }
}

pub fn agreement(all: &[Agreement]) -> String {
    let mut table = Table::new(["variable", "type", "units", "coders", "equal", "alpha", "95 %", "note"])
        .ruled()
        .numbers([2, 3, 4, 5, 6]);
    for one in all {
        table.row([
            fit(&one.variable, 24),
            one.kind.as_str().to_owned(),
            one.units.to_string(),
            one.coders.to_string(),
            one.agreement
                .map_or("–".to_owned(), |share| format!("{:.0} %", share * 100.0)),
            one.alpha.map_or("–".to_owned(), decimals),
            interval(one),
            said(one.verdict).to_owned(),
        ]);
    }
    let mut out = table.render();
    _ = writeln!(out, "{BOUNDS}");
    let resamples = all.iter().map(|one| one.resamples).max().unwrap_or(0);
    if resamples > 0 {
        out.push_str(&wrap(
            &format!(
                "95 %: {resamples} resamples of the units, drawn by a seed that the codes themselves give (--json)"
            ),
            0,
            2,
        ));
    }
    out
}

/// `frame (nominal)  α .743 (.41–.96), 12 units, 2 coders: tentative (below .800)`
pub fn heading(one: &Agreement) -> String {
    format!(
        "{} ({})  α {} ({}), {} units, {} coders: {}",
        one.variable,
        one.kind.as_str(),
        one.alpha.map_or("undefined".to_owned(), decimals),
        interval(one),
        one.units,
        one.coders,
        said(one.verdict)
    )
}

/// A cell of a table of codes: counts are whole, means are not.
pub fn number(kind: Level, value: &str, cell: Option<f64>) -> String {
    let whole = matches!(kind, Level::Nominal | Level::Ordinal) || value == "codes";
    match cell {
        None => "–".to_owned(),
        Some(n) if whole => format!("{n:.0}"),
        Some(n) => format!("{n:.2}"),
    }
}

/// Every table with its α beside it.
pub fn tables(all: &[Counted]) -> String {
    let mut out = String::new();
    for counted in all {
        let one = &counted.agreement;
        if !out.is_empty() {
            out.push('\n');
        }
        _ = writeln!(out, "{}", heading(one));
        let header =
            std::iter::once(String::new()).chain(counted.columns.iter().map(|name| fit(&clean::line(name), 18)));
        let mut table = Table::new(header).ruled().numbers(1..=counted.columns.len());
        for row in &counted.rows {
            let cells = row.cells.iter().map(|cell| number(one.kind, &row.value, *cell));
            table.row(std::iter::once(fit(&clean::line(&row.value), 30)).chain(cells));
        }
        out.push_str(&table.render());
    }
    _ = writeln!(out, "{BOUNDS}");
    out
}

/// The codebook for those who code, in Markdown.
pub fn instructions(book: &Codebook) -> String {
    let mut out = format!("# {}\n", clean::line(book.title.as_deref().unwrap_or("Codebook")));
    for variable in &book.variables {
        let name = variable
            .name
            .as_deref()
            .map_or(String::new(), |name| format!(": {}", clean::line(name)));
        _ = writeln!(out, "\n## `{}`{name}\n", variable.id);
        _ = match variable.kind {
            Level::Nominal => writeln!(out, "One of: {}.", clean::line(&variable.values.join(", "))),
            Level::Ordinal => writeln!(out, "From least to most: {}.", clean::line(&variable.values.join(", "))),
            Level::Interval => writeln!(out, "A number."),
            Level::Ratio => writeln!(out, "A number from 0 on."),
        };
        out.push_str("Leave the cell empty where it cannot be said.\n");
        if let Some(text) = &variable.instructions {
            _ = writeln!(out, "\n{}", clean::text(text));
        }
    }
    out
}
