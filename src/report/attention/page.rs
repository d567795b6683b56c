//! Attention as a page of its own: a chart of each series, and the same numbers as a table.
//!
//! Nothing in it runs, and nothing is asked of anybody: no script, no font, no address.

use std::fmt::Write as _;

use crate::read::attention::{Attention, By, Series};
use crate::report::clean;
use crate::text::script::{self, Script};

use super::{largest, observed, percent, title};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem}\
:root{color-scheme:light dark}figure{margin:0}svg{width:100%;height:5rem;color:#1f6fb2}.gap{fill:#888;opacity:.35}\
.part{opacity:.6}.interval{fill:#b3541e}figcaption{display:flex;justify-content:space-between;font-size:.85rem}\
.scroll{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.1rem .6rem;text-align:right;\
border-bottom:1px solid #8886}th:first-child,caption{text-align:left}h1,h2{overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){svg{color:#7db8e8}.interval{fill:#f0a070}}\
@media print{@page{size:A4}body{max-width:none;margin:0;font-size:10pt}.scroll{overflow:visible}\
thead{display:table-header-group}tr,figure{break-inside:avoid}h2{break-after:avoid}}";

/// Height of a chart in its own units, in which a period is ten wide.
const HEIGHT: f64 = 50.0;

/// A page without scripts, addresses or fonts of others.
pub fn html(attention: &Attention) -> String {
    let heading = clean::html(&title(attention));
    let lang = spoken(&attention.query).map_or(String::new(), |lang| format!(" lang=\"{lang}\""));
    let most = largest(attention);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Attention: {heading}</title>\n\
        <style>{STYLE}</style></head><body><main>\n<h1>Attention: <span{lang}>{heading}</span></h1>\n<ul>"
    );
    for note in &attention.notes {
        _ = write!(out, "<li>{}</li>", clean::html(note));
    }
    if attention.total > attention.series.len() {
        _ = write!(
            out,
            "<li>{} series; these are the {} with most articles found.</li>",
            attention.total,
            attention.series.len()
        );
    }
    _ = writeln!(
        out,
        "<li>The highest bar stands for {:.1} % or more, the thin line within it for the 95 % interval. Pale: partly \
        observed. Grey from top to bottom: not observed.</li></ul>",
        most * 100.0
    );
    for series in &attention.series {
        section(&mut out, attention, series, most);
    }
    out.push_str("</main></body></html>\n");
    out
}

fn section(out: &mut String, attention: &Attention, series: &Series, most: f64) {
    let name = clean::html(&clean::line(&series.name));
    let lang = series
        .lang
        .as_deref()
        .or_else(|| spoken(&series.name))
        .map_or(String::new(), |lang| format!(" lang=\"{}\"", clean::html(lang)));
    let (share, interval) = percent(series.share);
    let id = match attention.by {
        By::Source | By::Topic if series.id != series.name => format!(" <small>{}</small>", clean::html(&series.id)),
        _ => String::new(),
    };
    _ = writeln!(
        out,
        "<section><h2><span{lang}>{name}</span>{id}</h2>\n<p>{} of {}: {share} ({interval}); {} of the days observed</p>",
        series.matching,
        series.all,
        observed(series.days_observed, series.days)
    );
    chart(out, series, most);
    _ = write!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers per period\"><table><caption>\
        <span{lang}>{name}</span>, per period</caption><thead><tr>\
        <th scope=\"col\">Period</th><th scope=\"col\">Found</th><th scope=\"col\">Of all</th>\
        <th scope=\"col\">Share</th><th scope=\"col\">95 %</th><th scope=\"col\">Days observed</th>\
        <th scope=\"col\">Good looks</th></tr></thead><tbody>"
    );
    for cell in &series.periods {
        let (share, interval) = if cell.observed {
            percent(cell.share)
        } else {
            ("not observed".to_owned(), String::new())
        };
        _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{share}</td><td>{interval}</td><td>{}/{}</td>\
            <td>{}/{}</td></tr>",
            cell.period, cell.matching, cell.all, cell.days_observed, cell.days, cell.looks_good, cell.looks_made
        );
    }
    out.push_str("</tbody></table></div></section>\n");
}

/// What a voice or a font must know of a text that says no language: that of a script which one language writes.
fn spoken(text: &str) -> Option<&'static str> {
    match script::letters(text).dominant()? {
        Script::Han => Some(match script::chinese_script(text) {
            Some("Hans") => "zh-Hans",
            Some("Hant") => "zh-Hant",
            _ => "zh",
        }),
        Script::Kana => Some("ja"),
        Script::Hangul => Some("ko"),
        _ => None,
    }
}

fn chart(out: &mut String, series: &Series, most: f64) {
    let (Some(first), Some(last)) = (series.periods.first(), series.periods.last()) else {
        return;
    };
    _ = write!(
        out,
        "<figure><svg viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" \
        aria-label=\"Share per period from {} to {}; the same numbers stand in the table below\">",
        series.periods.len() * 10,
        first.period,
        last.period
    );
    let up = |share: f64| (share / most).min(1.0) * (HEIGHT - 1.0);
    for (at, cell) in series.periods.iter().enumerate() {
        let x = at * 10 + 1;
        if !cell.observed {
            _ = write!(
                out,
                "<rect class=\"gap\" x=\"{x}\" y=\"0\" width=\"8\" height=\"{HEIGHT}\"/>"
            );
        } else if let Some(share) = cell.share.filter(|_| most > 0.0) {
            let height = up(share.share) + 1.0;
            let class = if cell.days_observed < cell.days {
                " class=\"part\""
            } else {
                ""
            };
            let (low, high) = (up(share.low), up(share.high));
            _ = write!(
                out,
                "<rect fill=\"currentColor\"{class} x=\"{x}\" y=\"{:.2}\" width=\"8\" height=\"{height:.2}\"/>\
                <rect class=\"interval\" x=\"{}\" y=\"{:.2}\" width=\"1\" height=\"{:.2}\"/>",
                HEIGHT - height,
                at as f64 * 10.0 + 4.5,
                HEIGHT - high,
                (high - low).max(0.2)
            );
        }
    }
    _ = writeln!(
        out,
        "</svg><figcaption><span>{}</span><span>{}</span></figcaption></figure>",
        first.period, last.period
    );
}
