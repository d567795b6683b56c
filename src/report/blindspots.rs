//! Blind spots as text, as rows, and as a page that needs nothing else.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::read::blindspots::{BlindSpots, Edition, Part, Spot, Status};
use crate::report::clean;
use crate::report::csv::Sheet;
use crate::report::table::{fit, wrap};
use crate::text::durations::minute_utc;

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
            (Status::Unknown, "not watched"),
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
        "{} of {} stories from {} to {} have a blind spot by {}; a story is what vigie linked, and silent means watched \
         from its beginning to the look that is named, without a link to it",
        spots.stories.len(),
        spots.stories_seen,
        minute_utc(spots.since),
        minute_utc(spots.until),
        by(spots)
    )
    .ok();
    out
}

fn by(spots: &BlindSpots) -> String {
    format!("{:?}", spots.by).to_lowercase()
}

/// `zh 2 of 5 (xinhua-zh, people-zh)`; `fr 0 of 3 outlets watched, of 5: aube-fr (8 of 8 looks, last 2 Mar 2026 04:10 UTC)`
fn words(part: &Part) -> String {
    let group = clean::line(&part.group);
    match part.status {
        Status::Ran => format!(
            "{group} {} of {} ({})",
            part.ran.len(),
            part.sources,
            part.ran.join(", ")
        ),
        Status::Silent => format!("{group} {}: {}", counted(part), looks(part).join(", ")),
        Status::Unknown => format!("{group} ({})", part.sources),
    }
}

fn counted(part: &Part) -> String {
    format!("0 of {} outlets watched, of {}", part.outlets_looked_at, part.outlets)
}

fn silent(part: &Part) -> impl Iterator<Item = &Edition> {
    part.editions.iter().filter(|edition| edition.status == Status::Silent)
}

/// The editions that are silent, each with what that rests on.
fn looks(part: &Part) -> Vec<String> {
    let look = |edition: &Edition| {
        let last = edition.last_look.map(minute_utc).unwrap_or_default();
        let (ok, planned) = (edition.looks_ok, edition.looks_planned);
        format!(
            "{} ({ok} of {planned} looks, last {last})",
            clean::line(&edition.source)
        )
    };
    silent(part).map(look).collect()
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
        "since",
        "until",
        "outlets",
        "outlets_looked_at",
        "silent_sources",
        "last_looks",
        "unknown_sources",
    ];
    let mut sheet = Sheet::new(out, &header)?;
    let by = by(spots);
    for spot in &spots.stories {
        for part in &spot.groups {
            let joined = |values: Vec<String>| Cow::from(values.join(";"));
            let unknown = part.editions.iter().filter(|edition| edition.status == Status::Unknown);
            let last = |edition: &Edition| edition.last_look.map(|at| at.to_string()).unwrap_or_default();
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
                Cow::from(part.ran.join(";")),
                Cow::from(spot.since.to_string()),
                Cow::from(spots.until.to_string()),
                Cow::from(part.outlets.to_string()),
                Cow::from(part.outlets_looked_at.to_string()),
                joined(silent(part).map(|edition| edition.source.clone()).collect()),
                joined(silent(part).map(last).collect()),
                joined(unknown.map(|edition| edition.source.clone()).collect()),
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
        vigie linked; <b>silent</b> means watched from its beginning to the look that is named, without a link to it; a group that was not \
        watched is unknown.</p>\n\
        <table><caption>{n} of {all} stories</caption>\n<thead><tr><th scope=\"col\">story</th>",
        by = by(spots),
        since = minute_utc(spots.since),
        until = minute_utc(spots.until),
        n = spots.stories.len(),
        all = spots.stories_seen,
    );
    for group in &spots.groups {
        write!(
            out,
            "<th scope=\"col\">{}<br><small>{} of {} outlets looked at</small></th>",
            clean::html(&group.id),
            group.outlets_looked_at,
            group.outlets
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
        "<tr><th scope=\"row\"><span lang=\"{}\">{}</span><br><small>{}, from {}</small></th>",
        clean::html(lang.unwrap_or("und")),
        clean::html(&spot.title),
        clean::html(&spot.id),
        minute_utc(spot.since)
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
            Status::Silent => format!(
                "silent<br><small>{}<br>{}</small>",
                counted(part),
                clean::html(&looks(part).join(", "))
            ),
            Status::Unknown => "unknown".to_owned(),
        };
        write!(out, "<td class=\"{}\">{text}</td>", part.status.as_str()).ok();
    }
    out.push_str("</tr>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::blindspots::By;
    use std::collections::BTreeMap;

    #[test]
    fn a_silence_says_what_it_rests_on_in_every_form() {
        let edition = |source: &str, status, last: Option<&str>| Edition {
            source: source.to_owned(),
            name: source.to_owned(),
            outlet: source.to_owned(),
            status,
            looks_planned: 4,
            looks_ok: 3,
            last_look: last.map(|at| at.parse().unwrap()),
            unobserved: last.map(|_| 0.1),
            unknown: last.is_none().then_some("no look succeeded since the story began"),
        };
        let part = |group: &str, status, ran: &[&str], editions: Vec<Edition>| Part {
            group: group.to_owned(),
            status,
            ran: ran.iter().map(|source| (*source).to_owned()).collect(),
            looked_at: 1,
            sources: editions.len(),
            outlets_looked_at: 1,
            outlets: editions.len(),
            editions,
        };
        let silent = vec![
            edition("aube", Status::Silent, Some("2026-03-02T20:00:00Z")),
            edition("zenith", Status::Unknown, None),
        ];
        let spots = BlindSpots {
            by: By::Language,
            since: "2026-03-02T00:00:00Z".parse().unwrap(),
            until: "2026-03-03T00:00:00Z".parse().unwrap(),
            stories_seen: 1,
            groups: Vec::new(),
            stories: vec![Spot {
                id: "s:0123456789".to_owned(),
                title: "Ferry aground".to_owned(),
                titles: BTreeMap::new(),
                first: "2026-03-02T10:00:00Z".parse().unwrap(),
                since: "2026-03-02T10:00:00Z".parse().unwrap(),
                articles: 2,
                groups: vec![
                    part(
                        "en",
                        Status::Ran,
                        &["anzeiger"],
                        vec![edition("anzeiger", Status::Ran, None)],
                    ),
                    part("fr", Status::Silent, &[], silent),
                ],
            }],
        };
        let rests = "aube (3 of 4 looks, last 2 Mar 2026 20:00 UTC)";
        let told = terminal(&spots);
        for part in [
            "fr 0 of 1 outlets watched, of 2",
            rests,
            "2 Mar 2026 00:00 UTC to 3 Mar 2026 00:00 UTC",
        ] {
            assert!(told.contains(part), "{part}\n{told}");
        }
        let page = html(&spots);
        for part in ["0 of 1 outlets watched, of 2", rests, "from 2 Mar 2026 10:00 UTC"] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        let mut rows = Vec::new();
        csv(&spots, &mut rows).unwrap();
        let rows = String::from_utf8(rows).unwrap();
        let row = rows.lines().last().unwrap();
        let end = "2026-03-02T10:00:00Z,2026-03-03T00:00:00Z,2,1,aube,2026-03-02T20:00:00Z,zenith";
        assert!(row.ends_with(end), "{row}");
    }
}
