//! Blind spots as text, as rows, and as a page that needs nothing else.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::read::blindspots::{BlindSpots, Part, Spot, Status};
use crate::report::clean;
use crate::report::csv::Sheet;
use crate::report::table::{fit, wrap};

const WIDTH: usize = 100;

pub fn terminal(spots: &BlindSpots) -> String {
    let mut out = String::new();
    for spot in &spots.stories {
        writeln!(out, "{}", fit(&clean::line(&spot.title), WIDTH)).ok();
        writeln!(
            out,
            "  {}  {} articles, first {}",
            spot.id,
            spot.articles,
            spot.first.strftime("%Y-%m-%d %H:%MZ")
        )
        .ok();
        for (status, heading) in [
            (Status::Ran, "ran"),
            (Status::Silent, "silent"),
            (Status::Unknown, "not looked at"),
        ] {
            let parts: Vec<String> = spot
                .groups
                .iter()
                .filter(|part| part.status == status)
                .map(words)
                .collect();
            if !parts.is_empty() {
                out.push_str(&wrap(&format!("{heading}: {}", parts.join("; ")), 2, 4));
            }
        }
        out.push('\n');
    }
    writeln!(
        out,
        "{} of {} stories have a blind spot by {}; a story is what vigie linked, and silent means looked at without a \
         link to it",
        spots.stories.len(),
        spots.stories_seen,
        by(spots)
    )
    .ok();
    out
}

fn by(spots: &BlindSpots) -> String {
    format!("{:?}", spots.by).to_lowercase()
}

/// `zh 2 of 5 (xinhua-zh, people-zh)`
fn words(part: &Part) -> String {
    let group = clean::line(&part.group);
    match part.status {
        Status::Ran => format!(
            "{group} {} of {} ({})",
            part.ran.len(),
            part.sources,
            part.ran.join(", ")
        ),
        Status::Silent => format!("{group} 0 of {} looked at", part.looked_at),
        Status::Unknown => format!("{group} ({})", part.sources),
    }
}

/// One row a story and group.
pub fn csv<W: Write>(spots: &BlindSpots, out: W) -> io::Result<()> {
    let header = [
        "story_id",
        "title",
        "first",
        "articles",
        "by",
        "group",
        "status",
        "ran",
        "looked_at",
        "sources",
        "ran_sources",
    ];
    let mut sheet = Sheet::new(out, &header)?;
    let by = by(spots);
    for spot in &spots.stories {
        for part in &spot.groups {
            sheet.row([
                Cow::from(spot.id.as_str()),
                Cow::from(spot.title.as_str()),
                Cow::from(spot.first.to_string()),
                Cow::from(spot.articles.to_string()),
                Cow::from(by.as_str()),
                Cow::from(part.group.as_str()),
                Cow::from(part.status.as_str()),
                Cow::from(part.ran.len().to_string()),
                Cow::from(part.looked_at.to_string()),
                Cow::from(part.sources.to_string()),
                Cow::from(part.ran.join(" ")),
            ])?;
        }
    }
    sheet.finish()
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}\
main{max-width:70rem;margin:0 auto;padding:1rem}table{border-collapse:collapse;width:100%}\
th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}\
.silent{font-weight:bold}.unknown{color:#595959}\
@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#555}.unknown{color:#aaa}}\
@media print{main{max-width:none}tr{break-inside:avoid}}";

/// A page with one table: a row a story, a column a group.
pub fn html(spots: &BlindSpots) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Blind spots by {by}</title>\
        <style>{STYLE}</style></head><body><main>\n<h1>Blind spots by {by}</h1>\n<p>{since} to {until}. A story is what \
        vigie linked; <b>silent</b> means looked at without a link to it, and a group that was not looked at is unknown.</p>\n\
        <table><caption>{n} of {all} stories</caption>\n<thead><tr><th scope=\"col\">story</th>",
        by = by(spots),
        since = spots.since,
        until = spots.until,
        n = spots.stories.len(),
        all = spots.stories_seen,
    );
    for group in &spots.groups {
        write!(
            out,
            "<th scope=\"col\">{}<br><small>{} of {} looked at</small></th>",
            clean::html(&group.id),
            group.looked_at,
            group.sources
        )
        .ok();
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for spot in &spots.stories {
        row(&mut out, spot);
    }
    out.push_str("</tbody></table>\n</main></body></html>\n");
    out
}

fn row(out: &mut String, spot: &Spot) {
    let lang = spot
        .titles
        .iter()
        .find(|(_, title)| **title == spot.title)
        .map(|(lang, _)| lang.as_str());
    write!(
        out,
        "<tr><th scope=\"row\"><span lang=\"{}\">{}</span><br><small>{}</small></th>",
        clean::html(lang.unwrap_or("und")),
        clean::html(&spot.title),
        clean::html(&spot.id)
    )
    .ok();
    for part in &spot.groups {
        let text = match part.status {
            Status::Ran => format!(
                "{} of {}<br><small>{}</small>",
                part.ran.len(),
                part.sources,
                clean::html(&part.ran.join(", "))
            ),
            Status::Silent => format!("silent<br><small>0 of {} looked at</small>", part.looked_at),
            Status::Unknown => "unknown".to_owned(),
        };
        write!(out, "<td class=\"{}\">{text}</td>", part.status.as_str()).ok();
    }
    out.push_str("</tr>\n");
}
