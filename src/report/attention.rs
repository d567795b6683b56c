//! Attention over time as a table with sparklines, as CSV, and as a page that needs nothing else.
//!
//! Takes the counts, gives text. A period that was not observed is drawn as a gap in every form.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::read::attention::{Attention, Cell, Series, Share};
use crate::report::clean;
use crate::report::csv::Sheet;
use crate::report::table::{Table, fit, wrap};

/// Periods that fit on a line beside the numbers.
const SPARKS: usize = 28;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A share of fewer articles than this says too little to set the scale for all: one of one is 100 %.
const TELLING: u64 = 10;

/// The share that the highest bar stands for; what is above it is cut off there.
fn largest(attention: &Attention) -> f64 {
    let cells = attention.series.iter().flat_map(|series| &series.periods);
    let telling = cells.clone().any(|cell| cell.all >= TELLING && cell.matching > 0);
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

fn observed(series: &Series) -> String {
    let seen = series.periods.iter().filter(|cell| cell.observed).count();
    format!("{seen}/{}", series.periods.len())
}

/// At most 100 columns.
pub fn terminal(attention: &Attention) -> String {
    let most = largest(attention);
    let mut table = Table::new(["series", "found", "of all", "share", "95 %", "observed", "over time"])
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
            observed(series),
            sparks,
        ]);
    }
    let mut out = table.render();
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
                Cow::from(cell.observed.to_string()),
                Cow::from(series.sources.to_string()),
                Cow::from(cell.sources_observed.to_string()),
                Cow::from(cell.looks_good.to_string()),
                Cow::from(cell.looks_made.to_string()),
            ])?;
        }
    }
    sheet.finish()
}

/// One row per period, a column of shares per series; an empty cell is no share.
pub fn wide<W: Write>(attention: &Attention, out: W) -> io::Result<()> {
    let mut header = vec!["period"];
    header.extend(attention.series.iter().map(|series| series.id.as_str()));
    let mut sheet = Sheet::new(out, &header)?;
    let Some(first) = attention.series.first() else {
        return sheet.finish();
    };
    for (at, cell) in first.periods.iter().enumerate() {
        let shares = attention
            .series
            .iter()
            .map(|series| number(series.periods.get(at).and_then(|cell| cell.share).map(|s| s.share)));
        sheet.row(std::iter::once(Cow::from(cell.period.as_str())).chain(shares))?;
    }
    sheet.finish()
}

fn escape(text: &str) -> String {
    let text = clean::line(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem}\
:root{color-scheme:light dark}svg{width:100%;height:4rem;color:#1f6fb2}.gap{fill:#888;opacity:.35}\
.scroll{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.1rem .6rem;text-align:right;\
border-bottom:1px solid #8886}th:first-child,caption{text-align:left}h1,h2{overflow-wrap:anywhere}\
@media print{@page{size:A4}.scroll{overflow:visible}tr,svg{break-inside:avoid}}";

/// A page without scripts, addresses or fonts of others.
pub fn html(attention: &Attention) -> String {
    let title = escape(&attention.query);
    let most = largest(attention);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Attention: {title}</title>\n\
        <style>{STYLE}</style></head><body><main>\n<h1>Attention: {title}</h1>\n<ul>"
    );
    for note in &attention.notes {
        _ = write!(out, "<li>{}</li>", escape(note));
    }
    _ = writeln!(
        out,
        "<li>Highest bar: {:.1} % or more. Grey: not observed.</li></ul>",
        most * 100.0
    );
    for series in &attention.series {
        let name = escape(&series.name);
        let lang = series
            .lang
            .as_deref()
            .map_or(String::new(), |lang| format!(" lang=\"{}\"", escape(lang)));
        let (share, interval) = percent(series.share);
        _ = write!(
            out,
            "<section><h2{lang}>{name}</h2>\n<p>{} of {}: {share} ({interval}), observed {}</p>\n\
            <svg viewBox=\"0 0 {} 40\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Share per period; the same \
            numbers stand in the table\">",
            series.matching,
            series.all,
            observed(series),
            series.periods.len() * 10
        );
        for (at, cell) in series.periods.iter().enumerate() {
            let x = at * 10 + 1;
            if !cell.observed {
                _ = write!(out, "<rect class=\"gap\" x=\"{x}\" y=\"0\" width=\"8\" height=\"40\"/>");
            } else if let Some(share) = cell.share.filter(|_| most > 0.0) {
                let height = (share.share / most).min(1.0) * 39.0 + 1.0;
                let y = 40.0 - height;
                _ = write!(
                    out,
                    "<rect fill=\"currentColor\" x=\"{x}\" y=\"{y:.2}\" width=\"8\" height=\"{height:.2}\"/>"
                );
            }
        }
        _ = write!(
            out,
            "</svg>\n<div class=\"scroll\" tabindex=\"0\"><table><caption>{name}, per period</caption><thead><tr>\
            <th scope=\"col\">Period</th><th scope=\"col\">Found</th><th scope=\"col\">Of all</th>\
            <th scope=\"col\">Share</th><th scope=\"col\">95 %</th><th scope=\"col\">Good looks</th></tr></thead><tbody>"
        );
        for cell in &series.periods {
            let (share, interval) = if cell.observed {
                percent(cell.share)
            } else {
                ("not observed".to_owned(), String::new())
            };
            _ = writeln!(
                out,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{share}</td><td>{interval}</td><td>{}/{}</td></tr>",
                cell.period, cell.matching, cell.all, cell.looks_good, cell.looks_made
            );
        }
        out.push_str("</tbody></table></div></section>\n");
    }
    out.push_str("</main></body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::attention::{By, Per};

    fn cell(period: &str, matching: u64, observed: bool) -> Cell {
        Cell {
            period: period.to_owned(),
            start: jiff::Timestamp::UNIX_EPOCH,
            matching,
            all: 4,
            observed,
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
        ];
        Attention {
            query: "<script>alert('x')</script>".to_owned(),
            by: By::Source,
            per: Per::Day,
            zone: "UTC".to_owned(),
            notes: vec!["Dates: claimed.".to_owned()],
            series: vec![Series {
                id: "a".to_owned(),
                name: "新华网 <b>".to_owned(),
                lang: Some("zh-Hans".to_owned()),
                sources: 1,
                matching: 2,
                all: 8,
                share: None,
                periods,
            }],
        }
    }

    #[test]
    fn a_night_without_looks_is_a_gap() {
        let text = terminal(&sample());
        assert!(text.contains("█×▁"), "{text}");
        let mut sheet = Vec::new();
        wide(&sample(), &mut sheet).unwrap();
        assert_eq!(
            String::from_utf8(sheet).unwrap(),
            "period,a\n2009-12-14,0.500000\n2009-12-15,\n2009-12-16,0.000000\n"
        );
        let mut sheet = Vec::new();
        long(&sample(), &mut sheet).unwrap();
        let rows = csv::Reader::from_reader(sheet.as_slice())
            .into_records()
            .map(Result::unwrap)
            .collect::<Vec<_>>();
        assert_eq!((rows.len(), &rows[1][6], &rows[1][9]), (3, "", "false"));
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
