//! The CSV bundle: a file for each table of a comparison, so that each can be read alone.
//!
//! The JSON document is the one list of what there is; a sheet says which of it stands in which column. Every row repeats
//! what its source is, so that no table has to be joined before it can be counted.

use std::borrow::Cow;
use std::io;

use serde_json::Value;

use crate::model::comparison::Comparison;
use crate::report::csv::{Dialect, Sheet, cell};
use crate::report::json;

/// One table: the list of the document that it shows, and where each column stands in an element of it.
pub struct Plan {
    pub file: &'static str,
    /// The list; a second part is a list within each of its elements, whose keys then begin with `*`.
    list: &'static str,
    columns: &'static [(&'static str, &'static str)],
    /// Does a row belong to a source?
    sourced: bool,
}

/// What every row of a source repeats, and where it stands in the source's own row.
const SOURCE: [(&str, &str); 8] = [
    ("source_id", "source_id"),
    ("source_name", "source_name"),
    ("source_edition", "edition"),
    ("source_language", "lang"),
    ("source_country", "country"),
    ("source_kind", "kind"),
    ("source_ownership", "ownership"),
    ("source_groups", "groups"),
];

const PUBLISHED: [(&str, &str); 7] = [
    ("published_min", "published.min"),
    ("published_max", "published.max"),
    ("published_precision", "published.precision"),
    ("published_evidence", "published.evidence"),
    ("published_zone", "published.zone"),
    ("published_zone_assumed", "published.zone_assumed"),
    ("published_raw", "published.raw"),
];

macro_rules! plans {
    ($($file:literal $list:literal $sourced:literal [$($name:literal $path:literal),* $(,)?];)*) => {
        /// Every table but `sources.csv`, which has its columns from its rows, and `looks.csv`, which is the ledger's.
        pub const PLANS: &[Plan] = &[$(Plan {
            file: $file, list: $list, sourced: $sourced, columns: &[$(($name, $path)),*],
        }),*];
    };
}

plans! {
    "articles.csv" "articles" true [
        "article_id" "id", "url" "url", "language" "lang", "script" "script", "title" "title", "gloss" "gloss",
        "published" "published", "pub_min" "pub_min", "pub_max" "pub_max",
        "first_seen_at" "first_seen_at", "last_absent_at" "last_absent_at", "read_at" "read_at", "length" "length",
        "length_unit" "length_unit", "text_access" "text_access", "kind" "kind", "credit" "credit", "authors" "authors",
        "reuse_of" "reuse_of", "reuse_share" "reuse_share", "n_versions" "n_versions", "gone_at" "gone_at",
        "sha256" "sha256", "archive_sha256" "archive_sha256", "archive_path" "archive_path",
        "archive_offset" "archive_offset", "snapshot_url" "snapshot_url", "snapshot_at" "snapshot_at",
        "decided_by" "decided_by",
    ];
    "silence.csv" "silences" true [
        "status" "status", "grade" "grade", "looks_planned" "looks_planned", "looks_ok" "looks_ok",
        "last_good_look" "last_good_look", "items_listed" "items_listed", "at_most_share" "at_most_share",
        "look_ids" "look_ids", "continuity_proven" "continuity_proven",
        "continuity_needed" "continuity_needed", "least_common" "least_common", "sentence" "sentence",
    ];
    "near_misses.csv" "silences/near_misses" true [
        "article_id" "*.article_id", "title" "*.title", "url" "*.url", "score" "*.score", "lacks" "*.lacks",
    ];
    "instead.csv" "instead" true [
        "article_id" "article_id", "title" "title", "url" "url", "published" "published",
        "first_seen_at" "first_seen_at", "topic_score" "topic_score", "story_score" "story_score", "length" "length",
        "length_unit" "length_unit", "length_pctl_outlet" "length_pctl_outlet", "feed_rank_first" "feed_rank_first", "kind" "kind",
        "formula_id" "formula_id", "formula_count_365d" "formula_count_365d", "genre" "genre",
    ];
    "headlines.csv" "headlines" true [
        "article_id" "article_id", "language" "lang", "first" "first", "now" "now", "changed_at" "changed_at",
        "actors" "signs.actors.kind", "hedges" "signs.hedges.text", "quoted" "signs.quoted.text",
        "question" "signs.question", "unnamed" "signs.unnamed.text", "person_named" "signs.person_named",
        "length" "signs.length", "length_unit" "signs.length_unit",
    ];
    "quotes.csv" "quotes" true [
        "article_id" "article_id", "version" "version", "field" "field", "start" "start", "end" "end",
        "position" "position", "language" "lang", "kind" "kind", "text" "text", "cut" "cut", "speaker" "speaker",
        "speaker_actor" "speaker_actor", "speaker_from_before" "speaker_from_before", "verb" "verb", "rule" "rule",
        "concepts" "concepts", "only" "only.concept", "only_within" "only.within", "only_concepts" "only_concepts", "only_in_group" "only_in_group",
    ];
    "cites.csv" "cites" true [
        "article_id" "article_id", "version" "version", "field" "field", "start" "start", "end" "end",
        "position" "position", "cited" "cited", "text" "text", "kind" "kind", "rule" "rule",
    ];
    "probes.csv" "probes" true [
        "probe" "name", "query" "query", "hits" "hits", "first_position" "first_position", "found" "found",
        "articles" "articles", "n_items" "n_items",
    ];
    "naming.csv" "naming/names" true [
        "actor" "actor", "n_items" "n_items", "name" "*.name", "kind" "*.kind", "count" "*.count",
        "articles" "*.articles", "first_article" "*.first.article_id", "first_position" "*.first.position",
    ];
    "lineage.csv" "lineage" false [
        "from" "from", "to" "to", "from_source" "from_source", "to_source" "to_source", "share" "share",
        "credit" "credit", "credited" "credited", "copied" "copied", "lag_min_minutes" "lag_min_minutes",
        "lag_max_minutes" "lag_max_minutes", "order" "order",
    ];
    "reuse.csv" "reuse" false ["cell" "cell", "n" "n", "articles" "articles"];
    "versions.csv" "versions" true [
        "article_id" "article_id", "n" "n", "seen_at" "seen_at", "title" "title", "length" "length", "class" "class",
        "why" "why", "title_changed" "title_changed", "added" "added", "removed" "removed",
        "more_changes" "more_changes",
    ];
    "changes.csv" "versions/changes" true [
        "article_id" "article_id", "n" "n", "field" "*.field", "before" "*.before", "after" "*.after",
        "start" "*.start", "end" "*.end",
    ];
    "deletions.csv" "deletions" true [
        "article_id" "article_id", "title" "title", "url" "url", "first_seen_at" "first_seen_at", "gone_at" "gone_at",
    ];
    "keyness.csv" "keyness/words" false [
        "by" "by", "lang" "lang", "target" "target", "reference" "reference", "articles" "base.articles",
        "reference_articles" "base.reference_articles", "tokens" "base.tokens",
        "reference_tokens" "base.reference_tokens", "fields" "base.fields", "tokeniser" "base.tokeniser",
        "word" "*.word", "n" "*.n", "n_reference" "*.n_reference", "documents" "*.documents",
        "documents_reference" "*.documents_reference", "log_ratio" "*.log_ratio", "g2" "*.g2", "z" "*.z",
    ];
    "tone.csv" "tone/words" true [
        "article_id" "*.article_id", "version" "*.version", "field" "*.field", "start" "*.start", "end" "*.end",
        "position" "*.position", "word" "*.word", "positive" "*.positive", "count" "*.count", "context" "*.context",
    ];
    "editions.csv" "editions" true [
        "outlet" "outlet", "other_id" "other_id", "other_status" "other_status", "article_id" "article_id",
        "other_article_id" "other_article_id", "other_text_access" "other_text_access", "shared" "shared",
        "quotes_untold" "quotes_untold",
    ];
    "editions_only.csv" "editions/only" true [
        "outlet" "outlet", "other_id" "other_id", "other_article_id" "other_article_id", "kind" "*.kind", "id" "*.id",
        "text" "*.text", "count" "*.count", "speaker" "*.speaker", "elsewhere" "*.elsewhere",
        "article_id" "*.article_id", "version" "*.version", "field" "*.field", "start" "*.start", "end" "*.end",
        "position" "*.position",
    ];
    "timeline.csv" "timeline" true ["at" "at", "until" "until", "what" "what", "article_id" "article_id"];
    "background.csv" "background/articles" true [
        "article_id" "*.article_id", "own" "*.own", "title" "*.title", "url" "*.url", "published" "*.published",
        "first_seen_at" "*.first_seen_at",
    ];
    "excluded.csv" "excluded" false ["source_id" "source_id", "reason" "reason"];
    "notes.csv" "notes" false ["id" "id", "text" "text"];
    "questions.csv" "questions" false ["id" "id", "text" "text"];
    "limits.csv" "limits" false ["limit" "."];
}

/// A row of the ledger, with the names of its columns.
pub struct Ledger {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Every file of the bundle, by name.
pub fn files(comparison: &Comparison, ledger: &Ledger, dialect: Dialect) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    // A comparison always serialises: its keys are texts.
    let mut document = serde_json::to_value(comparison).map_err(io::Error::other)?;
    json::shorten(&mut document);
    let mut files = Vec::new();
    let mut sources = Vec::new();
    crate::report::csv::sources_in(comparison, &mut sources, dialect)?;
    files.push(("sources.csv", sources));
    for plan in PLANS {
        files.push((plan.file, plan.write(&document, &comparison.story.id, dialect)?));
    }
    files.push(("codes.csv", codes(comparison, dialect)?));
    let mut looks = Vec::new();
    let header: Vec<&str> = std::iter::once("story_id")
        .chain(ledger.columns.iter().map(String::as_str))
        .collect();
    let mut sheet = Sheet::with(&mut looks, &header, dialect)?;
    for row in &ledger.rows {
        let cells = row.iter().map(|cell| Cow::from(cell.as_str()));
        sheet.row(std::iter::once(Cow::from(comparison.story.id.as_str())).chain(cells))?;
    }
    sheet.finish()?;
    files.push(("looks.csv", looks));
    Ok(files)
}

/// One row for each variable, value and source, every one with the α of its variable.
fn codes(comparison: &Comparison, dialect: Dialect) -> io::Result<Vec<u8>> {
    let header = [
        "story_id",
        "variable",
        "kind",
        "source_id",
        "value",
        "n",
        "alpha",
        "alpha_low",
        "alpha_high",
        "units",
        "coders",
        "verdict",
    ];
    let mut out = Vec::new();
    let mut sheet = Sheet::with(&mut out, &header, dialect)?;
    for counted in &comparison.codes {
        let one = serde_json::to_value(&counted.agreement).map_err(io::Error::other)?;
        let of = |key: &str| one.get(key).map(cell).unwrap_or_default();
        for row in &counted.rows {
            for (id, n) in counted.columns.iter().zip(&row.cells) {
                sheet.row([
                    Cow::from(comparison.story.id.as_str()),
                    of("variable"),
                    of("kind"),
                    Cow::from(id.as_str()),
                    Cow::from(row.value.as_str()),
                    Cow::from(n.map_or(String::new(), |n| n.to_string())),
                    of("alpha"),
                    of("low"),
                    of("high"),
                    of("units"),
                    of("coders"),
                    of("verdict"),
                ])?;
            }
        }
    }
    sheet.finish()?;
    Ok(out)
}

impl Plan {
    fn write(&self, document: &Value, story: &str, dialect: Dialect) -> io::Result<Vec<u8>> {
        let mut header = vec!["story_id"];
        if self.sourced {
            header.extend(SOURCE.iter().map(|(name, _)| *name));
        }
        header.extend(self.columns().map(|(name, _)| name));
        let mut out = Vec::new();
        let mut sheet = Sheet::with(&mut out, &header, dialect)?;
        for (outer, inner) in self.rows(document) {
            let mut cells = vec![Cow::from(story)];
            if self.sourced {
                let id = at(outer, "source_id").or_else(|| at(inner, "source_id"));
                let row = source_row(document, id);
                for (name, path) in SOURCE {
                    cells.push(match (name, row) {
                        ("source_id", _) => id.map(cell).unwrap_or_default(),
                        (_, Some(row)) => at(row, path).map(cell).unwrap_or_default(),
                        _ => Cow::from(""),
                    });
                }
            }
            for (_, path) in self.columns() {
                let value = match path.strip_prefix("*.") {
                    Some(path) => gathered(inner, path),
                    None => gathered(outer, path),
                };
                cells.push(Cow::from(value));
            }
            sheet.row(cells)?;
        }
        sheet.finish()?;
        Ok(out)
    }

    /// A claimed date is seven columns.
    fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let spread = |column: &(&'static str, &'static str)| match column.1 {
            "published" => PUBLISHED.to_vec(),
            "*.published" => vec![
                ("published_min", "*.published.min"),
                ("published_max", "*.published.max"),
            ],
            _ => vec![*column],
        };
        self.columns.iter().flat_map(spread)
    }

    /// Each element, and each element within it; one that has no list within is its own.
    fn rows<'a>(&self, document: &'a Value) -> Vec<(&'a Value, &'a Value)> {
        let (list, within) = match self.list.split_once('/') {
            Some((list, within)) => (list, Some(within)),
            None => (self.list, None),
        };
        let elements: Vec<&Value> = match document.get(list) {
            Some(Value::Array(elements)) => elements.iter().collect(),
            Some(object @ Value::Object(_)) => vec![object],
            _ => Vec::new(),
        };
        let Some(within) = within else {
            return elements.into_iter().map(|element| (element, element)).collect();
        };
        let inner = |outer: &'a Value| {
            let list = outer.get(within).and_then(Value::as_array).into_iter().flatten();
            list.map(move |inner| (outer, inner))
        };
        elements.into_iter().flat_map(inner).collect()
    }
}

fn source_row<'a>(document: &'a Value, id: Option<&Value>) -> Option<&'a Value> {
    let rows = document.get("sources")?.as_array()?;
    rows.iter().find(|row| row.get("source_id") == id)
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// The value at a path as a cell; a list on the way gives one part for each of its elements.
fn gathered(value: &Value, path: &str) -> String {
    if path == "." {
        return cell(value).into_owned();
    }
    let (key, rest) = path
        .split_once('.')
        .map_or((path, None), |(key, rest)| (key, Some(rest)));
    match (value, value.get(key), rest) {
        (Value::Array(items), ..) => {
            let parts: Vec<String> = items.iter().map(|item| gathered(item, path)).collect();
            parts.join(";")
        }
        (_, Some(found), Some(rest)) => gathered(found, rest),
        (_, Some(found), None) => cell(found).into_owned(),
        (_, None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_repeat_their_source_and_lists_are_joined() {
        let document = json!({
            "sources": [{ "source_id": "a", "source_name": "Gazette", "lang": "fr", "groups": ["x", "y"] }],
            "silences": [
                { "source_id": "a", "near_misses": [{ "title": "=1+1", "score": 0.5, "lacks": ["p", "q"] }] },
                { "source_id": "b", "near_misses": [] },
            ],
        });
        let plan = PLANS.iter().find(|plan| plan.file == "near_misses.csv").unwrap();
        let csv = String::from_utf8(plan.write(&document, "s", Dialect::default()).unwrap()).unwrap();
        assert_eq!(
            csv,
            "story_id,source_id,source_name,source_edition,source_language,source_country,source_kind,source_ownership,\
             source_groups,article_id,title,url,score,lacks\ns,a,Gazette,,fr,,,,x;y,,'=1+1,,0.5,p;q\n"
        );
        let gathered = gathered(
            &json!({ "signs": { "actors": [{ "kind": "a" }, { "kind": "b" }] } }),
            "signs.actors.kind",
        );
        assert_eq!(gathered, "a;b");
    }
}
