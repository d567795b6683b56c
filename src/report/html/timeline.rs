//! The timeline as SVG: a lane for each outlet, so that a silence can be seen to have been looked at.
//!
//! Places along the time are per cent of the picture's width, so that one picture serves a telephone, a screen and a sheet;
//! places across are CSS (`style.css`), so that names stand beside their lanes where there is room (left of the picture's own
//! edge) and above them where not.

use jiff::tz::TimeZone;

use super::axis::{self, percent, place, ticks};
use super::write::Html;
use crate::model::comparison::{Comparison, Coverage, Status, TimelineEntry, TimelineKind};
use crate::report::cells::{self, label};
use crate::report::clean;
use crate::report::table::fit;
use crate::text::durations;

/// Columns of a name beside its lane.
const NAME: usize = 27;

pub fn figure(comparison: &Comparison) -> Html {
    let mut html = Html::new();
    let lanes = comparison.sources.len();
    html.open("figure", &[("class", "timeline")]);
    html.open(
        "svg",
        &[
            ("role", "img"),
            ("aria-labelledby", "timeline-title timeline-desc"),
            ("width", "100%"),
            ("height", &(62 + 30 * lanes).to_string()),
            ("style", &format!("--lanes:{lanes}")),
        ],
    );
    html.leaf(
        "title",
        &[("id", "timeline-title")],
        &format!("Timeline: {}", comparison.story.title),
    );
    html.leaf("desc", &[("id", "timeline-desc")], &description(comparison));
    html.raw(MARKS);
    axes(comparison, &mut html);
    arrows(comparison, &mut html);
    for (lane, row) in comparison.sources.iter().enumerate() {
        html.open("g", &[("class", lane_class(row)), ("style", &format!("--n:{lane}"))]);
        self::lane(comparison, row, &mut html);
        html.raw("</g>");
    }
    // Last, so that nothing is drawn over a name where it stands above its lane.
    names(comparison, &mut html);
    html.raw("</svg>");
    html.add(legend(comparison));
    html.close("figure");
    html
}

/// The signs, once: a look that was good and one that failed, a later item, an edit, a deletion; a hatching; the
/// tips of arrows.
const MARKS: &str = "<defs>\
<g id=\"ok\"><path d=\"M0-5V5\" class=\"ok\"/></g>\
<g id=\"no\"><path d=\"M-3.2-3.2L3.2 3.2M3.2-3.2L-3.2 3.2\" class=\"no\"/></g>\
<g id=\"more\"><circle r=\"3.2\" class=\"more\"/></g>\
<g id=\"edit\"><path d=\"M0-6.5L5.5 0L0 6.5L-5.5 0Z\" class=\"edit\"/></g>\
<g id=\"gone\"><circle r=\"6\" class=\"gone\"/><path d=\"M-4.2-4.2L4.2 4.2M4.2-4.2L-4.2 4.2\" class=\"gone\"/></g>\
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<path d=\"M0 0V6\" class=\"hatch\"/></pattern>\
<g id=\"down\"><path d=\"M-4-17L4-17L0-9.5Z\" class=\"tip\"/></g><g id=\"up\"><path d=\"M-4 17L4 17L0 9.5Z\" class=\"tip\"/></g></defs>";

fn names(comparison: &Comparison, html: &mut Html) {
    for (lane, row) in comparison.sources.iter().enumerate() {
        html.open("g", &[("class", "name"), ("style", &format!("--n:{lane}"))]);
        html.leaf("text", &[("lang", &row.lang)], &fit(&clean::line(&label(row)), NAME));
        if row.status != Status::Covered {
            // Below the name, or at the lane's end where the name stands above the lane.
            html.leaf("text", &[("class", "state beside")], &cells::status(row));
            html.leaf("text", &[("class", "state above"), ("x", "100%")], &cells::status(row));
        }
        html.raw("</g>");
    }
}

/// Days above in UTC; below in the zone of display, where that is another.
fn axes(comparison: &Comparison, html: &mut Html) {
    let window = comparison.window;
    html.raw("<g class=\"axis\">");
    for tick in ticks(window, &TimeZone::UTC) {
        let at = place(tick.at);
        let minor = if tick.minor { "minor" } else { "major" };
        html.empty("rect", &[("x", &at), ("y", "18"), ("width", "1"), ("class", "grid")]);
        html.leaf("text", &[("x", &at), ("y", "12"), ("class", minor)], &tick.label);
    }
    html.raw("</g>");
    html.raw("<text class=\"zone\" y=\"12\">UTC</text>");
    if let Some(zone) = other_zone(comparison) {
        html.raw("<g class=\"axis below\">");
        for tick in ticks(window, &zone) {
            let at = place(tick.at);
            let minor = if tick.minor { "minor" } else { "major" };
            html.leaf("text", &[("x", &at), ("class", minor)], &tick.label);
        }
        html.leaf("text", &[("class", "zone")], &city(&comparison.zone));
        html.raw("</g>");
    }
}

fn other_zone(comparison: &Comparison) -> Option<TimeZone> {
    let zone = TimeZone::get(&comparison.zone).ok()?;
    let apart = zone.to_offset(comparison.window.min) != TimeZone::UTC.to_offset(comparison.window.min);
    apart.then_some(zone)
}

/// `Europe/Paris` → `Paris`
fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

fn lane_class(row: &Coverage) -> &'static str {
    match row.status {
        Status::Covered => "lane covered",
        Status::Silent | Status::NotYet => "lane silent",
        Status::Unknown | Status::NotLooked => "lane unknown",
    }
}

fn lane(comparison: &Comparison, row: &Coverage, html: &mut Html) {
    let window = comparison.window;
    let entries = || {
        comparison
            .timeline
            .iter()
            .filter(|entry| entry.source_id == row.source_id)
    };
    html.raw("<line class=\"base\" x2=\"100%\"/>");
    for entry in entries().filter(|entry| entry.what == TimelineKind::Gap) {
        let (from, to) = ends(comparison, entry);
        span("gap", -8, from, to, html);
    }
    for entry in entries() {
        let mark = match entry.what {
            TimelineKind::LookOk => "#ok",
            TimelineKind::LookFailed => "#no",
            _ => continue,
        };
        html.empty("use", &[("href", mark), ("x", &place(percent(window, entry.at)))]);
    }
    for entry in entries() {
        published(comparison, row, entry, html);
    }
    for entry in entries() {
        let (mark, word) = match entry.what {
            TimelineKind::Edited => ("#edit", "edited, seen"),
            TimelineKind::Gone => ("#gone", "gone, seen"),
            _ => continue,
        };
        html.raw("<g>");
        html.leaf("title", &[], &format!("{word} {}", durations::minute_utc(entry.at)));
        html.empty("use", &[("href", mark), ("x", &place(percent(window, entry.at)))]);
        html.raw("</g>");
    }
}

/// The first item: a disc with its rank, within the bar of what is not known of its time. Later ones are small.
fn published(comparison: &Comparison, row: &Coverage, entry: &TimelineEntry, html: &mut Html) {
    if entry.what != TimelineKind::Published {
        return;
    }
    let (from, to) = ends(comparison, entry);
    let middle = place((from + to) / 2.0);
    let first = entry.article_id.is_some() && entry.article_id == row.first_item_id;
    html.raw("<g>");
    if let Some(span) = entry.until {
        let span = crate::model::Interval {
            min: entry.at,
            max: span,
        };
        html.leaf("title", &[], &format!("{}: {}", label(row), durations::span_utc(span)));
    }
    if to - from > 0.3 {
        span("bar", -6, from, to, html);
    }
    if first {
        html.empty("circle", &[("class", "first"), ("cx", &middle), ("r", "9")]);
        let rank = row.rank_overall.map_or(String::new(), |rank| rank.to_string());
        html.leaf("text", &[("class", "rank"), ("x", &middle), ("y", "3.8")], &rank);
    } else {
        html.empty("use", &[("href", "#more"), ("x", &middle)]);
    }
    html.raw("</g>");
}

/// A stretch of a lane, from `top` above its middle to as much below.
fn span(class: &str, top: i32, from: f64, to: f64, html: &mut Html) {
    html.empty(
        "rect",
        &[
            ("class", class),
            ("x", &place(from)),
            ("width", &place(to - from)),
            ("y", &top.to_string()),
            ("height", &(-2 * top).to_string()),
            ("rx", "2"),
        ],
    );
}

fn ends(comparison: &Comparison, entry: &TimelineEntry) -> (f64, f64) {
    let from = percent(comparison.window, entry.at);
    (
        from,
        percent(comparison.window, entry.until.unwrap_or(entry.at)).max(from),
    )
}

/// From the origin's first item to the reprint's: for reprints only.
fn arrows(comparison: &Comparison, html: &mut Html) {
    let lane = |source: &str| comparison.sources.iter().position(|row| row.source_id == source);
    let middle = |id: &str| {
        let published =
            |entry: &&TimelineEntry| entry.what == TimelineKind::Published && entry.article_id.as_deref() == Some(id);
        let (from, to) = ends(comparison, comparison.timeline.iter().find(published)?);
        Some((from + to) / 2.0)
    };
    for edge in comparison.evidence.lineage.iter().filter(|edge| edge.copied) {
        let (Some(a), Some(b)) = (lane(&edge.from_source), lane(&edge.to_source)) else {
            continue;
        };
        let (Some(from), Some(to)) = (middle(&edge.from), middle(&edge.to)) else {
            continue;
        };
        if a == b {
            continue;
        }
        // Along the origin's lane to the reprint's time, then across to its lane: nothing is crossed at a slant.
        let across = place(to);
        html.open("g", &[("class", "lane arrow"), ("style", &format!("--n:{a}"))]);
        html.empty("line", &[("x1", &place(from)), ("x2", &across)]);
        html.raw("</g>");
        let (top, bottom) = (a.min(b), a.max(b));
        html.empty(
            "rect",
            &[
                ("class", "shaft"),
                ("x", &across),
                ("width", "1.4"),
                ("style", &format!("--a:{top};--b:{bottom}")),
            ],
        );
        html.open("g", &[("class", "lane"), ("style", &format!("--n:{b}"))]);
        html.empty("use", &[("href", if a < b { "#down" } else { "#up" }), ("x", &across)]);
        html.raw("</g>");
    }
}

/// The whole picture in words, for those who do not see it.
fn description(comparison: &Comparison) -> String {
    let mut text = format!(
        "{} lanes over {}, {} to {}. ",
        comparison.sources.len(),
        axis::span_in_words(comparison.window),
        durations::minute_utc(comparison.window.min),
        durations::minute_utc(comparison.window.max),
    );
    for row in &comparison.sources {
        let what = match row.first_pub {
            Some(span) => format!("{}, first item {}", cells::status(row), durations::span_utc(span)),
            None => format!(
                "{}, {} of {} looks good",
                cells::status(row),
                row.looks_ok,
                row.looks_planned
            ),
        };
        text.push_str(&format!("{}: {what}. ", label(row)));
    }
    text.push_str("The tables below hold the same.");
    text
}

/// What the signs mean, as far as they occur.
fn legend(comparison: &Comparison) -> Html {
    let has = |kind| comparison.timeline.iter().any(|entry| entry.what == kind);
    let reprint = comparison.evidence.lineage.iter().any(|edge| edge.copied);
    let mut html = Html::new();
    html.raw("<figcaption><ul class=\"legend\">");
    let mut item = |shown: bool, sign: &'static str, words: &str| {
        if shown {
            html.raw("<li><svg width=\"20\" height=\"16\" aria-hidden=\"true\"><g transform=\"translate(10 8)\">")
                .raw(sign)
                .raw("</g></svg>");
            html.text(words).raw("</li>");
        }
    };
    item(
        has(TimelineKind::Published),
        "<circle class=\"first\" r=\"7.5\"/><text class=\"rank\" y=\"3.5\">1</text>",
        "first item, with its rank",
    );
    item(
        comparison.timeline.iter().any(|entry| {
            let (from, to) = ends(comparison, entry);
            entry.what == TimelineKind::Published && to - from > 0.3
        }),
        "<rect class=\"bar\" x=\"-9\" y=\"-5\" width=\"18\" height=\"10\" rx=\"3\"/>",
        "published within this span",
    );
    item(
        comparison.articles.len() > comparison.sources.iter().filter(|row| row.n_items > 0).count(),
        "<use href=\"#more\"/>",
        "later item",
    );
    item(has(TimelineKind::LookOk), "<use href=\"#ok\"/>", "look");
    item(has(TimelineKind::LookFailed), "<use href=\"#no\"/>", "look that failed");
    item(
        has(TimelineKind::Gap),
        "<rect class=\"gap\" x=\"-9\" y=\"-6\" width=\"18\" height=\"12\"/>",
        "not watched",
    );
    item(has(TimelineKind::Edited), "<use href=\"#edit\"/>", "edit seen");
    item(has(TimelineKind::Gone), "<use href=\"#gone\"/>", "gone");
    item(
        reprint,
        "<path d=\"M-8-5H2V2\" class=\"elbow\"/><path d=\"M-2 1H6L2 8Z\" class=\"tip\"/>",
        "reprint of",
    );
    html.raw("</ul></figcaption>");
    html
}
