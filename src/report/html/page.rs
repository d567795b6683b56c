//! The document around the tables: head, summary, sections, provenance.

use super::write::Html;
use super::{tables, timeline};
use crate::model::comparison::Comparison;
use crate::report::cells;
use crate::report::citation::{self, Citation, Copies};
use crate::report::clean;
use crate::text::durations;

const STYLE: &str = include_str!("style.css");

/// The whole file.
pub fn page(comparison: &Comparison, copies: &Copies) -> String {
    let citations = citation::citations(comparison, copies);
    let mut html = Html::new();
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    html.empty(
        "meta",
        &[
            ("name", "generator"),
            ("content", &format!("vigie {}", comparison.version)),
        ],
    );
    html.empty("meta", &[("name", "description"), ("content", &comparison.summary)]);
    html.leaf("title", &[], &format!("{}: who covered it", comparison.story.title));
    html.raw("\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    html.raw("<a class=\"skip\" href=\"#coverage\">Skip to the table</a>\n");
    header(comparison, &mut html);
    let sections = sections(comparison, &citations);
    html.raw("<nav aria-label=\"Contents\"><ul>");
    for section in &sections {
        html.raw("<li>");
        html.leaf("a", &[("href", &format!("#{}", section.id))], section.heading);
        html.raw("</li>");
    }
    html.raw("</ul></nav>\n<main>\n");
    for section in sections {
        html.open(
            "section",
            &[("id", section.id), ("aria-labelledby", &format!("{}-h", section.id))],
        );
        html.leaf("h2", &[("id", &format!("{}-h", section.id))], section.heading);
        html.add(section.body).raw("</section>\n");
    }
    html.raw("</main>\n");
    footer(comparison, &mut html);
    html.raw("</body>\n</html>\n");
    html.into_string()
}

fn header(comparison: &Comparison, html: &mut Html) {
    html.raw("<header>\n");
    html.leaf("h1", &[], &comparison.story.title);
    html.leaf(
        "p",
        &[("class", "window")],
        &format!(
            "{} to {}",
            durations::minute_utc(comparison.window.min),
            durations::minute_utc(comparison.window.max)
        ),
    );
    html.leaf("p", &[("class", "summary")], &comparison.summary);
    html.raw("</header>\n");
}

struct Section {
    id: &'static str,
    heading: &'static str,
    body: Html,
}

/// Those that have something to say, in the order of reading.
fn sections(comparison: &Comparison, citations: &[Citation]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut add = |shown: bool, id, heading, body: &dyn Fn() -> Html| {
        if shown {
            sections.push(Section {
                id,
                heading,
                body: body(),
            });
        }
    };
    let rows = !comparison.sources.is_empty();
    let edited = comparison.evidence.versions.iter().any(|version| version.n > 1);
    add(rows, "timeline", "Timeline", &|| timeline::figure(comparison));
    add(rows, "coverage", "Coverage", &|| {
        let mut html = tables::coverage(comparison, citations);
        list("notes", &cells::notes(comparison), &mut html);
        html
    });
    add(!comparison.silences.is_empty(), "silences", "Silences", &|| {
        tables::silences(comparison)
    });
    add(!comparison.instead.is_empty(), "instead", "Instead", &|| {
        tables::instead(comparison)
    });
    add(
        !comparison.evidence.headlines.is_empty(),
        "headlines",
        "Headlines",
        &|| tables::headlines(comparison),
    );
    add(
        !comparison.evidence.lineage.is_empty(),
        "lineage",
        "Whose words",
        &|| tables::lineage(comparison),
    );
    add(edited, "edits", "Edits", &|| tables::versions(comparison));
    add(!comparison.limits.is_empty(), "limits", "Limits", &|| {
        let mut html = Html::new();
        list("limits", &comparison.limits, &mut html);
        html
    });
    add(!comparison.articles.is_empty(), "articles", "Articles", &|| {
        tables::articles(comparison)
    });
    add(rows, "looks", "Looks", &|| tables::timeline(comparison));
    sections
}

fn list(class: &str, lines: &[String], html: &mut Html) {
    if lines.is_empty() {
        return;
    }
    html.open("ul", &[("class", class)]);
    for line in lines {
        html.leaf("li", &[], line);
    }
    html.raw("</ul>");
}

/// What this was made of, so that it can be made again.
fn footer(comparison: &Comparison, html: &mut Html) {
    html.raw("<footer>\n<h2>How this was made</h2>\n<dl>");
    let mut fact = |name: &str, value: &str| {
        if !clean::line(value).is_empty() {
            html.raw("<div>");
            html.leaf("dt", &[], name).leaf("dd", &[], value);
            html.raw("</div>");
        }
    };
    fact("story", &comparison.story.id);
    fact("asked", comparison.story.query.as_deref().unwrap_or_default());
    fact("run as", comparison.story.run.as_deref().unwrap_or_default());
    fact("made", &durations::minute_utc(comparison.generated_at));
    fact(
        "by",
        &format!(
            "vigie {}, without a model or a judgement of its own",
            comparison.version
        ),
    );
    fact("times", &format!("UTC; second axis in {}", comparison.zone));
    html.raw("</dl>\n</footer>\n");
}
