//! The document around the tables: head, summary, sections, provenance.

use super::write::Html;
use super::{evidence, tables, timeline};
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
    let found = &comparison.evidence;
    add(!found.headlines.is_empty(), "headlines", "Headlines", &|| {
        evidence::headlines(comparison)
    });
    add(!found.probes.is_empty(), "themes", "Themes", &|| {
        evidence::probes(comparison)
    });
    add(!found.quotes.is_empty(), "quotes", "Quotes", &|| {
        evidence::quotes(comparison)
    });
    add(!found.cites.is_empty(), "cites", "Sources named", &|| {
        evidence::cites(comparison)
    });
    add(!found.naming.is_empty(), "naming", "Names", &|| {
        evidence::naming(comparison)
    });
    add(!found.tone.is_empty(), "tone", "Words that judge", &|| {
        evidence::tone(comparison)
    });
    add(!found.lineage.is_empty(), "lineage", "Whose words", &|| {
        evidence::lineage(comparison)
    });
    add(!found.editions.is_empty(), "editions", "Other editions", &|| {
        evidence::editions(comparison)
    });
    add(edited || !found.deletions.is_empty(), "edits", "Edits", &|| {
        evidence::edits(comparison)
    });
    add(!found.keyness.is_empty(), "keyness", "Preferred words", &|| {
        evidence::keyness(comparison)
    });
    add(!comparison.codes.is_empty(), "codes", "Codes", &|| {
        tables::codes(comparison)
    });
    add(
        !(comparison.background.stories.is_empty() && comparison.background.articles.is_empty()),
        "background",
        "Background",
        &|| tables::background(comparison),
    );
    add(
        !(comparison.notes.is_empty() && comparison.questions.is_empty()),
        "notes",
        "The reader’s own notes",
        &|| remarks(comparison),
    );
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

/// Apart from the evidence, to the eye as well.
fn remarks(comparison: &Comparison) -> Html {
    let mut html = Html::new();
    html.raw("<div class=\"own\"><p>Not evidence: what the reader thinks and asks.</p>");
    for (heading, remarks) in [("Notes", &comparison.notes), ("Open questions", &comparison.questions)] {
        if remarks.is_empty() {
            continue;
        }
        html.leaf("h3", &[], heading).raw("<ul>");
        for remark in remarks {
            html.leaf("li", &[], &remark.text);
        }
        html.raw("</ul>");
    }
    html.raw("</div>");
    html
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
    html.raw(
        "<footer>\n<p class=\"on-paper\">On paper without headlines, quotes, names, words, editions, edits, articles and looks: \
         the page has them on a screen.</p>\n<h2>How this was made</h2>\n<dl>",
    );
    let mut fact = |name: &str, value: &str| {
        if !clean::line(value).is_empty() {
            html.raw("<div>");
            html.leaf("dt", &[], name).leaf("dd", &[], value);
            html.raw("</div>");
        }
    };
    let story = &comparison.story;
    fact("story", &story.id);
    if let Some(sha256) = &story.spec_sha256 {
        fact("written down", &format!("stories/{}.toml, SHA-256 {sha256}", story.id));
    }
    fact("asked", story.query.as_deref().unwrap_or_default());
    fact("run as", story.run.as_deref().unwrap_or_default());
    for asked in story.asked.iter().filter(|_| story.run.is_none()) {
        let query = asked.query.as_deref().unwrap_or("(pinned articles only)");
        fact("asked of", &format!("{}: {query}", asked.sources.join(", ")));
    }
    fact(
        "store",
        &format!(
            "ledger up to look {}, SHA-256 {}",
            comparison.snapshot.look, comparison.snapshot.sha256
        ),
    );
    let numbers = &comparison.thresholds;
    fact(
        "thresholds",
        &format!(
            "unknown above {:.0} % unobserved; grade A from {:.0} % searchable; reprint from {:.0} % of an earlier text; \
             percentile from {} articles, baseline of comments from {}, usual from {} occasions",
            numbers.unknown_above * 100.0,
            numbers.searchable_share * 100.0,
            numbers.reprint_share * 100.0,
            numbers.lengths_needed,
            numbers.comments_needed,
            numbers.occasions_needed
        ),
    );
    for (n, excluded) in comparison.excluded.iter().enumerate() {
        fact(
            if n == 0 { "left out" } else { " " },
            &format!("{}: {}", excluded.source_id, excluded.reason),
        );
    }
    fact(
        "made",
        &format!(
            "{} by vigie {}",
            durations::minute_utc(comparison.generated_at),
            comparison.version
        ),
    );
    fact(
        "times",
        &match comparison.zone.as_str() {
            "UTC" => "UTC".to_owned(),
            zone => format!("UTC; the timeline’s lower axis in {zone}"),
        },
    );
    html.raw("</dl>\n</footer>\n");
}
