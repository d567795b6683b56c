//! Topics on a terminal: the list, one of them, and what other ones would change; and shares as rows.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::model::article::TermHit;
use crate::read::attention::Share;
use crate::read::retag::{Change, Does, Retag};
use crate::read::topics::{Detail, Line, List, ShareRow};
use crate::report::csv::{Sheet, cell};
use crate::report::table::{Table, fit, wrap};
use crate::report::{clean, json};
use crate::text::durations;

/// Places of a term that are printed; the rest are in `--json`.
const MOST_PLACES: usize = 3;

fn percent(share: Option<Share>) -> [String; 2] {
    match share {
        None => ["–".to_owned(), "–".to_owned()],
        Some(share) => [
            format!("{:.1} %", share.share * 100.0),
            format!("{:.1}–{:.1}", share.low * 100.0, share.high * 100.0),
        ],
    }
}

/// `en 4  fr 4  zh 3`
fn sizes(line: &Line) -> String {
    let sizes: Vec<String> = line
        .any
        .iter()
        .map(|(lang, terms)| format!("{} {}", clean::line(lang), terms.len()))
        .collect();
    match sizes.is_empty() {
        true => "–".to_owned(),
        false => sizes.join("  "),
    }
}

pub fn list(list: &List) -> String {
    let mut table = Table::new(["topic", "terms", "articles", "share", "95 %", ""])
        .ruled()
        .numbers([2, 3, 4]);
    for line in &list.topics {
        let [share, interval] = percent(line.share);
        let note = if line.configured { "" } else { "not in topics.toml" };
        table.row([
            fit(&line.id, 28),
            sizes(line),
            line.tagged.to_string(),
            share,
            interval,
            note.to_owned(),
        ]);
    }
    format!(
        "{}shares are of all {} articles, with Wilson's 95 % interval\n",
        table.render(),
        list.articles
    )
}

pub fn detail(detail: &Detail) -> String {
    let line = &detail.line;
    let names: Vec<String> = line
        .name
        .iter()
        .map(|(lang, name)| format!("{} {}", clean::line(lang), clean::line(name)))
        .collect();
    let mut out = wrap(&format!("{}  {}", line.id, names.join(" · ")), 0, 2);
    let [share, interval] = percent(line.share);
    out.push_str(&format!("{} articles, {share} of all ({interval})\n", line.tagged));
    if !line.configured {
        out.push_str("not in topics.toml: its tags are left from an earlier one until `vigie digest --all`\n");
    } else if line.min_hits > 1 {
        out.push_str(&format!("needs {} hits in an article\n", line.min_hits));
    }
    if let Some(description) = &line.description {
        out.push_str(&wrap(&format!("about: {}", clean::line(description)), 0, 7));
    }
    let mut table = Table::new(["term", "lang", "articles", "hits"]).ruled().numbers([2, 3]);
    for term in &detail.terms {
        table.row([
            fit(&clean::line(&term.count.term), 44),
            term.lang.clone().unwrap_or_else(|| "no longer".to_owned()),
            term.count.articles.to_string(),
            term.count.hits.to_string(),
        ]);
    }
    out.push_str(&format!("\n{}", table.render()));
    for (lang, terms) in &line.none {
        let terms: Vec<String> = terms.iter().map(|term| clean::line(term)).collect();
        out.push_str(&wrap(&format!("never with ({lang}): {}", terms.join(" · ")), 0, 4));
    }
    let mut table = Table::new(["sources in", "articles", "of all", "share", "95 %"])
        .ruled()
        .numbers([1, 2, 3, 4]);
    for language in &detail.languages {
        let [share, interval] = percent(language.share);
        table.row([
            clean::line(&language.lang),
            language.tagged.to_string(),
            language.articles.to_string(),
            share,
            interval,
        ]);
    }
    out.push_str(&format!("\n{}", table.render()));
    if !detail.newest.is_empty() {
        out.push_str("\nnewest\n");
    }
    for article in &detail.newest {
        let when = match &article.published {
            Some(claim) => durations::claimed_utc(claim),
            None => format!("seen {}", durations::minute_utc(article.first_seen_at)),
        };
        let title = clean::line(&article.title);
        out.push_str(&wrap(
            &format!("{}  {when}  {}  {title}", article.id, article.source),
            2,
            6,
        ));
    }
    out
}

/// What would change; of each topic and kind of change at most `most` articles.
pub fn retag(retag: &Retag, file: &str, most: usize) -> String {
    let mut out = format!("{} articles read with {}\n", retag.articles, clean::line(file));
    let changed = |topic: &&crate::read::retag::TopicChange| topic.tags + topic.untags + topic.otherwise > 0;
    let mut table = Table::new(["topic", "now", "then", "+", "-", "by other terms", ""])
        .ruled()
        .numbers([1, 2, 3, 4, 5]);
    for topic in retag.topics.iter().filter(changed) {
        let note = if topic.configured { "" } else { "not in that file" };
        table.row([
            fit(&topic.id, 28),
            topic.now.to_string(),
            topic.then.to_string(),
            topic.tags.to_string(),
            topic.untags.to_string(),
            topic.otherwise.to_string(),
            note.to_owned(),
        ]);
    }
    if table.is_empty() {
        out.push_str("nothing would change\n");
        return out;
    }
    out.push_str(&table.render());
    let same = retag.topics.iter().filter(|topic| !changed(topic)).count();
    if same > 0 {
        let plural = if same == 1 { "" } else { "s" };
        out.push_str(&format!("{same} other topic{plural} as before\n"));
    }
    for group in retag.changes.chunk_by(|a, b| (&a.topic, a.does) == (&b.topic, b.does)) {
        let Some(first) = group.first() else { continue };
        let does = match first.does {
            Does::Tag => "would be tagged",
            Does::Untag => "would lose the tag",
        };
        let shown = group.len().min(most);
        let some = match shown == group.len() {
            true => String::new(),
            false => format!(", showing {shown} (--limit)"),
        };
        let plural = if group.len() == 1 { "" } else { "s" };
        out.push_str(&format!(
            "\n{}: {} article{plural} {does}{some}\n",
            first.topic,
            group.len()
        ));
        group.iter().take(most).for_each(|change| out.push_str(&one(change)));
    }
    out
}

fn one(change: &Change) -> String {
    let sign = match change.does {
        Does::Tag => '+',
        Does::Untag => '-',
    };
    let title = clean::line(&change.title);
    let mut out = wrap(&format!("{sign} {}  {}  {title}", change.article, change.source), 2, 6);
    let made = match change.does {
        Does::Tag => "made by",
        Does::Untag => "was made by",
    };
    for (said, hits) in [(made, &change.hits), ("forbidden by", &change.forbidden)] {
        if !hits.is_empty() {
            let hits: Vec<String> = hits.iter().map(hit).collect();
            out.push_str(&wrap(&format!("{said} {}", hits.join(", ")), 6, 8));
        }
    }
    out
}

/// `文化交流 title 4–8`, `sanctions 5× body 12–21, 40–49, …`
fn hit(hit: &TermHit) -> String {
    let mut places: Vec<String> = hit
        .at
        .iter()
        .take(MOST_PLACES)
        .map(|(start, end)| format!("{start}–{end}"))
        .collect();
    if !places.is_empty() && hit.count as usize > places.len() {
        places.push("…".to_owned());
    }
    let times = if hit.count > 1 {
        format!(" {}×", hit.count)
    } else {
        String::new()
    };
    let place = if places.is_empty() {
        String::new()
    } else {
        format!(" {}", places.join(", "))
    };
    format!("{}{times} {}{place}", clean::line(&hit.term), hit.field.as_str())
}

/// Columns of shares by topic, source and period.
pub const SHARE_COLUMNS: [&str; 21] = [
    "topic",
    "period",
    "source_id",
    "source_name",
    "source_edition",
    "source_language",
    "source_country",
    "source_ownership",
    "source_kind",
    "source_groups",
    "matching",
    "all",
    "share",
    "share_low",
    "share_high",
    "days",
    "days_observed",
    "observed_share",
    "looks_good",
    "looks_made",
    "observed",
];

fn values(row: &ShareRow<'_>) -> [Value; 21] {
    let part = |x: f64| json!((x * 1e6).round() / 1e6);
    let share = |of: fn(&Share) -> f64| row.share.as_ref().map_or(Value::Null, |share| part(of(share)));
    let source = row.source;
    [
        json!(row.topic),
        json!(row.period),
        json!(source.id),
        json!(source.name),
        json!(source.edition),
        json!(source.lang),
        json!(source.country),
        json!(source.ownership),
        json!(source.kind),
        json!(source.groups),
        json!(row.matching),
        json!(row.all),
        share(|share| share.share),
        share(|share| share.low),
        share(|share| share.high),
        json!(row.days),
        json!(row.days_observed),
        part(row.observed_share),
        json!(row.looks_good),
        json!(row.looks_made),
        json!(row.observed),
    ]
}

/// One row of shares as CSV.
pub fn share_cells<W: Write>(sheet: &mut Sheet<W>, row: &ShareRow<'_>) -> io::Result<()> {
    let values = values(row);
    sheet.row(values.iter().map(cell).collect::<Vec<Cow<'_, str>>>())
}

/// The same as one JSON object, in which absent is unknown.
pub fn share_object(row: &ShareRow<'_>) -> serde_json::Result<String> {
    let names = SHARE_COLUMNS.iter().map(|name| (*name).to_owned());
    let object: Map<String, Value> = names.zip(values(row)).collect();
    json::line(&object)
}
