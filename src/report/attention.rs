//! Attention over time as a table with sparklines, as CSV, and as a page that needs nothing else.
//!
//! Takes the counts, gives text. A period that was not observed is drawn as a gap in every form.

mod page;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::read::attention::{Attention, Cell, Share};
use crate::report::clean;
use crate::report::csv::Sheet;
use crate::report::table::{Table, fit, wrap};

pub use page::html;

/// Periods that fit on a line beside the numbers.
const SPARKS: usize = 28;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A share of fewer articles than this says too little to set the scale for all: one of one is 100 %.
const TELLING: u64 = 10;

/// The share that the highest bar stands for; what is above it is cut off there.
fn largest(attention: &Attention) -> f64 {
    let cells = attention.series.iter().flat_map(|series| &series.periods);
    let telling = cells
        .clone()
        .any(|cell| cell.share.is_some() && cell.all >= TELLING && cell.matching > 0);
    cells
        .filter(|cell| !telling || cell.all >= TELLING)
        .filter_map(|cell| cell.share)
        .map(|share| share.share)
        .fold(0.0, f64::max)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7")]
fn spark(cell: &Cell, most: f64) -> char {
    match cell.share {
        _ if !cell.observed => '×',
        None => '-',
        Some(share) if share.share <= 0.0 || most <= 0.0 => LEVELS[0],
        Some(share) => LEVELS[((share.share / most * 7.0).ceil() as usize).clamp(1, 7)],
    }
}

fn percent(share: Option<Share>) -> (String, String) {
    share.map_or(("–".to_owned(), "–".to_owned()), |s| {
        (
            format!("{:.1} %", s.share * 100.0),
            format!("{:.1}–{:.1}", s.low * 100.0, s.high * 100.0),
        )
    })
}

/// Where the query is no word of it, everything was asked for.
fn title(attention: &Attention) -> String {
    match attention.query.as_str() {
        "" => "every article".to_owned(),
        query => clean::line(query),
    }
}

/// How much of the days was observed: never more than there was, so that only all of them is 100 %.
fn observed(days_observed: u32, days: u32) -> String {
    match (days_observed, days) {
        (_, 0) => "–".to_owned(),
        (some, all) if some >= all => "100 %".to_owned(),
        (some, all) => format!("{} %", u64::from(some) * 100 / u64::from(all)),
    }
}

/// At most 100 columns.
pub fn terminal(attention: &Attention) -> String {
    let most = largest(attention);
    let mut table = Table::new(["series", "found", "of all", "share", "95 %", "days seen", "over time"])
        .ruled()
        .numbers([1, 2, 3, 4, 5]);
    for series in &attention.series {
        let (share, interval) = percent(series.share);
        let skip = series.periods.len().saturating_sub(SPARKS);
        let sparks: String = series.periods.iter().skip(skip).map(|cell| spark(cell, most)).collect();
        table.row([
            fit(&clean::line(&series.name), 22),
            series.matching.to_string(),
            series.all.to_string(),
            share,
            interval,
            observed(series.days_observed, series.days),
            sparks,
        ]);
    }
    let mut out = table.render();
    if attention.total > attention.series.len() {
        out.push_str(&format!(
            "{} series, showing {}, most found first\n",
            attention.total,
            attention.series.len()
        ));
    }
    let shown = attention.series.first().map(|series| &series.periods);
    if let Some(periods) = shown
        && let (Some(first), Some(last)) = (periods.get(periods.len().saturating_sub(SPARKS)), periods.last())
    {
        let scale = format!(
            "\n{} to {}: ▁ none, █ {:.1} % or more, - nothing published, × not observed",
            first.period,
            last.period,
            most * 100.0
        );
        out.push_str(&scale);
        out.push('\n');
    }
    for note in &attention.notes {
        out.push_str(&wrap(note, 0, 2));
    }
    out
}

fn number(share: Option<f64>) -> Cow<'static, str> {
    share.map_or(Cow::from(""), |x| Cow::from(format!("{x:.6}")))
}

/// One row per series and period.
pub fn long<W: Write>(attention: &Attention, out: W) -> io::Result<()> {
    let header = [
        "series",
        "name",
        "period",
        "start",
        "matching",
        "all",
        "share",
        "low",
        "high",
        "observed",
        "observed_share",
        "days",
        "days_observed",
        "sources",
        "sources_observed",
        "looks_good",
        "looks_made",
    ];
    let mut sheet = Sheet::new(out, &header)?;
    for series in &attention.series {
        for cell in &series.periods {
            sheet.row([
                Cow::from(series.id.as_str()),
                Cow::from(series.name.as_str()),
                Cow::from(cell.period.as_str()),
                Cow::from(cell.start.to_string()),
                Cow::from(cell.matching.to_string()),
                Cow::from(cell.all.to_string()),
                number(cell.share.map(|s| s.share)),
                number(cell.share.map(|s| s.low)),
                number(cell.share.map(|s| s.high)),
                Cow::from(if cell.observed { "true" } else { "false" }),
                number(Some(cell.observed_share)),
                Cow::from(cell.days.to_string()),
                Cow::from(cell.days_observed.to_string()),
                Cow::from(series.sources.to_string()),
                Cow::from(cell.sources_observed.to_string()),
                Cow::from(cell.looks_good.to_string()),
                Cow::from(cell.looks_made.to_string()),
            ])?;
        }
    }
    sheet.finish()
}

/// One row per period; of each series what matched, of how many, the share, and how much was observed. A period that
/// was not observed has no share, and no counts where nothing is held of it: a zero is something that somebody looked
/// for and did not find.
pub fn wide<W: Write>(attention: &Attention, out: W) -> io::Result<()> {
    let Some(first) = attention.series.first() else {
        return Ok(());
    };
    let mut header = vec!["period".to_owned()];
    for series in &attention.series {
        header.extend(["matching", "all", "share", "observed"].map(|column| format!("{}_{column}", series.id)));
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut sheet = Sheet::new(out, &header)?;
    for (at, period) in first.periods.iter().enumerate() {
        let mut row = vec![Cow::from(period.period.as_str())];
        for series in &attention.series {
            let Some(cell) = series.periods.get(at) else { continue };
            let counted = |n: u64| match cell.observed || cell.all > 0 {
                true => Cow::from(n.to_string()),
                false => Cow::from(""),
            };
            row.extend([
                counted(cell.matching),
                counted(cell.all),
                number(cell.share.map(|s| s.share)),
                number(Some(cell.observed_share)),
            ]);
        }
        sheet.row(row)?;
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::attention::{By, Held, Series};
    use crate::read::periods::Per;

    fn cell(period: &str, matching: u64, observed: bool) -> Cell {
        Cell {
            period: period.to_owned(),
            start: jiff::Timestamp::UNIX_EPOCH,
            matching,
            all: 4,
            observed,
            observed_share: f64::from(u8::from(observed)),
            days: 1,
            days_observed: u32::from(observed),
            sources_observed: usize::from(observed),
            looks_good: u64::from(observed),
            looks_made: 1,
            share: observed.then_some(Share {
                share: 0.25 * matching as f64,
                low: 0.0,
                high: 1.0,
            }),
        }
    }

    fn sample() -> Attention {
        let periods = vec![
            cell("2009-12-14", 2, true),
            cell("2009-12-15", 0, false),
            cell("2009-12-16", 0, true),
            Cell {
                all: 0,
                ..cell("2009-12-17", 0, false)
            },
        ];
        Attention {
            query: "<script>alert('x')</script>".to_owned(),
            by: By::Source,
            per: Per::Day,
            zone: "UTC".to_owned(),
            notes: vec!["Dates: claimed.".to_owned()],
            total: 1,
            series: vec![Series {
                id: "a".to_owned(),
                name: "新华网 <b>".to_owned(),
                lang: Some("zh-Hans".to_owned()),
                sources: 1,
                matching: 2,
                all: 8,
                share: None,
                in_gaps: Held { matching: 0, all: 4 },
                unwatched: Held::default(),
                days: 4,
                days_observed: 2,
                periods,
            }],
        }
    }

    #[test]
    fn a_night_without_looks_is_a_gap() {
        let text = terminal(&sample());
        assert!(text.contains("█×▁×"), "{text}");
        let mut sheet = Vec::new();
        wide(&sample(), &mut sheet).unwrap();
        assert_eq!(
            String::from_utf8(sheet).unwrap(),
            "period,a_matching,a_all,a_share,a_observed\n2009-12-14,2,4,0.500000,1.000000\n\
            2009-12-15,0,4,,0.000000\n2009-12-16,0,4,0.000000,1.000000\n2009-12-17,,,,0.000000\n"
        );
        let mut sheet = Vec::new();
        long(&sample(), &mut sheet).unwrap();
        let rows = csv::Reader::from_reader(sheet.as_slice())
            .into_records()
            .map(Result::unwrap)
            .collect::<Vec<_>>();
        assert_eq!((rows.len(), &rows[1][6], &rows[1][9]), (4, "", "false"));
        assert_eq!((&rows[1][4], &rows[1][5]), ("0", "4"));
    }

    #[test]
    fn the_page_runs_nothing_and_asks_nobody() {
        let page = html(&sample());
        assert!(
            !page.contains("<script") && !page.contains("<b>") && !page.contains("http:") && !page.contains("src=")
        );
        assert!(page.contains("not observed") && page.contains("class=\"gap\"") && page.contains("lang=\"zh-Hans\""));
    }
}
