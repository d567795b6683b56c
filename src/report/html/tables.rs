//! The tables of the page: who covered it, who did not and how that is known, and the same data as the timeline.

use super::coins;
use super::grid::{Grid, with_small, words};
use super::lang_of;
use super::write::Html;
use crate::model::LengthUnit;
use crate::model::comparison::{Comparison, Coverage, LengthClass, Status, TimelineKind};
use crate::report::cells::{self, label, label_of, row_of};
use crate::report::citation::Citation;
use crate::report::code;
use crate::text::durations;

/// One row an outlet, its first headline below its name.
pub fn coverage(comparison: &Comparison, citations: &[Citation]) -> Html {
    let mut grid = Grid::new(
        "cards coverage",
        "Coverage by outlet, in the order of first publication",
        &[
            "#",
            "Outlet",
            "Status",
            "First published (UTC)",
            "Lag",
            "Length",
            "Whose words",
            "Comments",
        ],
        1,
    );
    for row in &comparison.sources {
        let mut name = Html::new();
        name.leaf("b", &[("lang", &row.lang)], &label(row));
        if let (Some(title), Some(url), Some(id)) = (&row.first_title, &row.first_url, &row.first_item_id) {
            name.raw("<span class=\"title\">");
            name.link(url, &lang_of(comparison, id, &row.source_id), title);
            gloss(row.first_title_gloss.as_deref(), &mut name);
            let cited = comparison.articles.iter().position(|article| article.id == *id);
            if let Some(citation) = cited.and_then(|at| citations.get(at)) {
                coins::span(citation, &mut name);
            }
            name.raw("</span>");
        }
        let class = match row.status {
            Status::Covered => "covered",
            Status::Silent | Status::NotYet => "silent",
            Status::Unknown | Status::NotLooked => "unknown",
        };
        grid.row(
            class,
            [
                words(&cells::rank(row)),
                name,
                status(row),
                with_small(&cells::first(row), &first_evidence(comparison, row)),
                words(&cells::lag(row)),
                length(row),
                words(&cells::reuse(comparison, row)),
                words(&cells::comments(row)),
            ],
        );
    }
    grid.finish()
}

/// The reader's own translation.
fn gloss(text: Option<&str>, html: &mut Html) {
    if let Some(text) = text {
        html.leaf(
            "small",
            &[("class", "gloss")],
            &format!("“{text}” (reader’s translation)"),
        );
    }
}

fn status(row: &Coverage) -> Html {
    let mut html = Html::new();
    html.leaf("span", &[("class", "status")], &cells::status(row));
    html.leaf("small", &[], &format!("{}, {}", row.lang, row.country));
    html
}

/// The outlet's own clock, and where the date was read.
fn first_evidence(comparison: &Comparison, row: &Coverage) -> String {
    let Some(claim) = &row.first_pub_claim else {
        return match (&row.first_local, row.first_pub) {
            (Some(_), Some(_)) => "no date given: first seen".to_owned(),
            _ => String::new(),
        };
    };
    let evidence = serde_json::to_value(claim.evidence)
        .ok()
        .and_then(|word| word.as_str().map(|word| word.replace('_', " ")))
        .unwrap_or_default();
    let local = cells::clocks(comparison, row);
    let assumed = if claim.zone_assumed { ", zone assumed" } else { "" };
    format!("{local}; {evidence}{assumed}")
}

fn length(row: &Coverage) -> Html {
    let (Some(n), Some(unit)) = (row.length, row.length_unit) else {
        return words("–");
    };
    let class = row.length_class.map_or("", |class| match class {
        LengthClass::Brief => "brief",
        LengthClass::Short => "short",
        LengthClass::Standard => "standard",
        LengthClass::Long => "long",
    });
    let place = row
        .length_pctl_outlet
        .map_or(String::new(), |p| format!("p{p}, {class}"));
    with_small(&measure(n, unit), &place)
}

fn measure(n: u32, unit: LengthUnit) -> String {
    match unit {
        LengthUnit::Words => format!("{} words", cells::thousands(n)),
        LengthUnit::Han => format!("{} 字", cells::thousands(n)),
    }
}

/// Each silence with its proof.
pub fn silences(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Outlets without an article on it, and what was looked at",
        &[
            "Outlet",
            "Status",
            "Looks",
            "New items",
            "Share of output, at most (95 %)",
            "Finding",
        ],
        0,
    );
    for silence in &comparison.silences {
        let Some(row) = row_of(comparison, &silence.source_id) else {
            continue;
        };
        grid.row(
            "",
            [
                name(row),
                firm(&cells::status(row)),
                firm(&format!("{} of {}", silence.looks_ok, silence.looks_planned)),
                words(&cells::thousands(silence.items_listed)),
                words(&silence.at_most_share.map_or("–".to_owned(), |share| {
                    format!("{:.1} % of its output", share * 100.0)
                })),
                words(&silence.sentence),
            ],
        );
    }
    grid.finish()
}

/// Words that stay on one line.
fn firm(text: &str) -> Html {
    let mut html = Html::new();
    html.leaf("span", &[("class", "firm")], text);
    html
}

fn name(row: &Coverage) -> Html {
    let mut html = Html::new();
    html.leaf("span", &[("lang", &row.lang)], &label(row));
    html
}

pub fn named(comparison: &Comparison, source: &str) -> Html {
    row_of(comparison, source).map_or_else(|| words(source), name)
}

pub fn instead(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "What those outlets ran on the same actors instead",
        &[
            "Outlet",
            "Published (UTC)",
            "Headline",
            "Length",
            "Routine",
            "Of the story’s query",
        ],
        0,
    );
    for item in &comparison.instead {
        let mut title = Html::new();
        title.link(
            &item.url,
            &lang_of(comparison, &item.article_id, &item.source_id),
            &item.title,
        );
        grid.row(
            "",
            [
                named(comparison, &item.source_id),
                words(&cells::published(item)),
                title,
                words(&format!(
                    "{}{}",
                    measure(item.length, item.length_unit),
                    item.length_pctl_outlet.map_or(String::new(), |p| format!(" p{p}"))
                )),
                words(&cells::formula(item).unwrap_or_else(|| "–".to_owned())),
                words(
                    &item
                        .story_score
                        .map_or("–".to_owned(), |share| format!("{:.0} %", share * 100.0)),
                ),
            ],
        );
    }
    grid.finish()
}

/// What came before on the same relation.
pub fn background(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Earlier on the same relation: the reader’s own posts first",
        &["Outlet", "Published (UTC)", "Headline"],
        0,
    );
    for story in &comparison.background.stories {
        let window = format!(
            "{} – {}",
            durations::minute_utc(story.window.min),
            durations::minute_utc(story.window.max)
        );
        grid.row("", [words("(story)"), words(&window), words(&story.title)]);
    }
    for item in &comparison.background.articles {
        let mut title = Html::new();
        title.link(
            &item.url,
            &lang_of(comparison, &item.article_id, &item.source_id),
            &item.title,
        );
        let published = match &item.published {
            Some(claim) => durations::claimed_utc(claim),
            None => format!("seen {}", durations::minute_utc(item.first_seen_at)),
        };
        grid.row("", [named(comparison, &item.source_id), words(&published), title]);
    }
    grid.finish()
}

/// What people coded: a table for each variable, its α in the caption.
pub fn codes(comparison: &Comparison) -> Html {
    let mut html = Html::new();
    for counted in &comparison.codes {
        html.raw("<div class=\"codes\"><table>");
        html.leaf("caption", &[], &code::heading(&counted.agreement));
        html.raw("<thead><tr>").leaf("th", &[("scope", "col")], "Value");
        for id in &counted.columns {
            html.leaf("th", &[("scope", "col")], &label_of(comparison, id));
        }
        html.raw("</tr></thead><tbody>");
        for row in &counted.rows {
            html.raw("<tr>").leaf("th", &[("scope", "row")], &row.value);
            for cell in &row.cells {
                html.leaf("td", &[], &code::number(counted.agreement.kind, &row.value, *cell));
            }
            html.raw("</tr>");
        }
        html.raw("</tbody></table></div>");
    }
    html.leaf("p", &[("class", "more-rows")], code::BOUNDS);
    html
}

/// What the timeline draws.
pub fn timeline(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "The data of the timeline",
        &[
            "Outlet",
            "Looks good",
            "Failed",
            "Not watched (UTC)",
            "Items (UTC)",
            "Edits and deletions (UTC)",
        ],
        0,
    );
    for row in &comparison.sources {
        let of = |kind: TimelineKind| {
            let entries = comparison.timeline.iter();
            entries.filter(move |entry| entry.source_id == row.source_id && entry.what == kind)
        };
        let spans = |kind: TimelineKind| {
            listed(of(kind).map(|entry| {
                durations::span(crate::model::Interval {
                    min: entry.at,
                    max: entry.until.unwrap_or(entry.at),
                })
            }))
        };
        let ends: Vec<_> = of(TimelineKind::LookOk).map(|entry| entry.at).collect();
        let looks = match (ends.first(), ends.last()) {
            (Some(first), Some(last)) => with_small(
                &ends.len().to_string(),
                &format!("{} – {}", durations::minute(*first), durations::minute(*last)),
            ),
            _ => words("0"),
        };
        let edits = of(TimelineKind::Edited).map(|entry| format!("edited {}", durations::minute(entry.at)));
        let gone = of(TimelineKind::Gone).map(|entry| format!("gone {}", durations::minute(entry.at)));
        grid.row(
            "",
            [
                name(row),
                looks,
                words(&of(TimelineKind::LookFailed).count().to_string()),
                words(&spans(TimelineKind::Gap)),
                words(&spans(TimelineKind::Published)),
                words(&listed(edits.chain(gone))),
            ],
        );
    }
    grid.finish()
}

fn listed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join("; ")
    }
}

/// Every article of the story with its address and digest: what a reader cites and checks.
pub fn articles(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards articles",
        "Articles of the story",
        &[
            "Outlet",
            "Headline and address",
            "Published",
            "First seen (UTC)",
            "Length",
            "SHA-256 of the words",
        ],
        0,
    );
    for article in &comparison.articles {
        let mut title = Html::new();
        title.link(
            &article.url,
            &lang_of(comparison, &article.id, &article.source_id),
            &article.title,
        );
        title.leaf("small", &[("class", "url")], &article.url);
        let published = article.published.as_ref().map_or("–".to_owned(), durations::claimed);
        let mut digest = Html::new();
        digest.leaf("code", &[], &article.sha256);
        grid.row(
            "",
            [
                words(&label_of(comparison, &article.source_id)),
                title,
                words(&published),
                words(&durations::minute(article.first_seen_at)),
                words(&measure(article.length, article.length_unit)),
                digest,
            ],
        );
    }
    grid.finish()
}
