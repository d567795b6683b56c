//! Found articles on a terminal: the interpretation first, then each with its passages.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::model::article::Field;
use crate::model::query::Snippet;
use crate::read::search::{Answer, Hit, NameHits, Scope, Why};
use crate::report::clean;
use crate::report::table::{fit, wrap};
use crate::store::Order;
use crate::text::durations;

/// Columns of a query that are repeated to who typed it.
const LONGEST: usize = 1_000;

pub fn terminal(answer: &Answer) -> String {
    let run = match answer.query.run.as_str() {
        "" => "everything",
        // Ten thousand letters were typed; nobody reads them all.
        run => &fit(run, LONGEST),
    };
    let read = format!("read as: {}   {}", clean::line(run), scope(&answer.scope));
    let mut out = wrap(&read, 0, 9).replace('\u{a0}', " ");
    for (n, names) in answer.names.iter().enumerate() {
        // A name stays whole, with its number: its own blanks do not break.
        let mut hits: Vec<String> = Vec::new();
        // A zero shows what nobody writes, or what the lexicon lacks; of the gazetteer's many spellings it shows nothing.
        let mut without = 0;
        for (n, (name, count)) in names.hits.iter().enumerate() {
            if n < names.written || *count > 0 {
                hits.push(format!("{name} {count}").replace(' ', "\u{a0}"));
            } else {
                without += 1;
            }
        }
        if hits.is_empty() {
            hits.extend(
                names
                    .hits
                    .first()
                    .map(|(name, count)| format!("{name} {count}").replace(' ', "\u{a0}")),
            );
            without -= hits.len();
        }
        if without > 0 {
            let plural = if without == 1 { "spelling" } else { "spellings" };
            hits.push(format!("{without}\u{a0}more\u{a0}{plural}\u{a0}0"));
        }
        // An actor that was asked for by its id stays one.
        let automatic = |names: &NameHits| !answer.query.typed.contains(&format!("@{}", names.actor));
        let off = if n + 1 == answer.names.len() && answer.names.iter().any(automatic) {
            "   (--exact\u{a0}turns\u{a0}this\u{a0}off)"
        } else {
            ""
        };
        let field = names
            .field
            .map_or(String::new(), |field| format!("{}:", field.as_str()));
        let (sign, source) = match names.bridge {
            true => ("", "   (CC-CEDICT, WikDict)"),
            false => ("@", ""),
        };
        let line = format!("{field}{sign}{} = {}{source}{off}", names.actor, hits.join(" · "));
        out.push_str(&wrap(&line, 2, 4).replace('\u{a0}', " "));
    }
    let total = answer.total;
    let plural = if total == 1 { "" } else { "s" };
    let order = match answer.order {
        Order::Newest => "newest first",
        Order::Oldest => "oldest first",
        Order::Seen => "last seen first",
        Order::Relevance => "best first",
    };
    if answer.hits.len() as u64 != total {
        out.push_str(&format!(
            "{total} article{plural}, showing {}, {order}\n",
            answer.hits.len()
        ));
    } else if total > 1 {
        out.push_str(&format!("{total} articles, {order}\n"));
    } else {
        out.push_str(&format!("{total} article{plural}\n"));
    }
    for hit in &answer.hits {
        out.push_str(&article(hit));
    }
    out
}

/// Where was searched, in a line; blanks within an entry do not break.
fn scope(scope: &Scope) -> String {
    let mut parts = Vec::new();
    if !scope.fields.is_empty() {
        let fields: Vec<&str> = scope.fields.iter().map(|field| field.as_str()).collect();
        parts.push(format!("scope: {}", fields.join("+")));
    }
    parts.push(match scope.dates {
        None => "all dates".to_owned(),
        Some(dates) => {
            let open = |at: Timestamp| at == Timestamp::MIN || at == Timestamp::MAX;
            let end = |at: Timestamp, last: bool| {
                if open(at) {
                    String::new()
                } else {
                    date(at, &scope.zone, last)
                }
            };
            format!("{}..{} {}", end(dates.min, false), end(dates.max, true), scope.zone)
        }
    });
    parts.push(match scope.languages.as_slice() {
        [] => "all languages".to_owned(),
        [one] => format!("language {one}"),
        several => format!("languages {}", several.join(", ")),
    });
    for (name, values) in [("sources", &scope.sources), ("groups", &scope.groups)] {
        if !values.is_empty() {
            parts.push(format!("{name} {}", values.join(", ")));
        }
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|part| clean::line(part).replace(' ', "\u{a0}"))
        .collect();
    parts.join("   ")
}

/// A day of the zone where it begins or ends there, else the minute.
fn date(at: Timestamp, zone: &str, last: bool) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let there = at.to_zoned_datetime(zone);
    if there.time() != Time::midnight() {
        return there.strftime("%Y-%m-%dT%H:%M").to_string();
    }
    let day = there.date();
    let shown = if last { day.yesterday().unwrap_or(day) } else { day };
    shown.to_string()
}

/// The tree of an expression with what each part finds alone.
pub fn tree(lines: &[(usize, String, u64)]) -> String {
    let mut out = String::new();
    for (depth, label, count) in lines {
        let plural = if *count == 1 { "" } else { "s" };
        let line = format!("{}   {count} article{plural}", clean::line(label));
        out.push_str(&wrap(&line, depth * 2, depth * 2 + 4));
    }
    out.push_str("NEAR binds before NOT, NOT before AND, AND before OR; parentheses before all.\n");
    out
}

/// What of a query stands in one article, and where.
pub fn why(why: &Why) -> String {
    let article = &why.article;
    let verdict = if why.fulfils {
        "fulfils the query"
    } else {
        "does not fulfil the query"
    };
    let head = format!("{}  {}  {}", article.id, article.source, clean::line(&article.title));
    let mut out = format!("{head}\n{verdict}\n");
    for because in &why.hits {
        let words: Vec<String> = because
            .first
            .marks
            .iter()
            .map(|(start, end)| because.first.text.chars().skip(*start).take(end - start).collect())
            .collect();
        let first = words.first().cloned().unwrap_or_default();
        let line = format!(
            "{} {}×  {}  …{}…",
            because.field.as_str(),
            because.count,
            clean::line(&first),
            clean::line(&marked(&because.first))
        );
        out.push_str(&wrap(&line, 2, 6));
    }
    if why.hits.is_empty() {
        out.push_str("  none of its words and names stand there\n");
    }
    out
}

pub fn article(hit: &Hit) -> String {
    let article = &hit.article;
    let when = match &article.published {
        Some(claim) => durations::claimed_utc(claim),
        None => format!("seen {}", durations::minute_utc(article.first_seen_at)),
    };
    let mut marks = String::new();
    if article.reprint_of.is_some() {
        marks.push_str("  [reprint]");
    }
    if article.versions > 1 {
        marks.push_str(&format!("  [{} versions]", article.versions));
    }
    if article.gone_at.is_some() {
        marks.push_str("  [gone]");
    }
    // What matched in the headline is marked there, and not said again below it.
    let (headline, passages): (Vec<&Snippet>, Vec<&Snippet>) = hit
        .snippets
        .iter()
        .partition(|snippet| snippet.field == Field::Title && snippet.text == article.title);
    let title = headline
        .first()
        .map_or(article.title.clone(), |snippet| marked(snippet));
    let mut out = format!(
        "{}  {when}  {}  {}{marks}\n",
        article.id,
        article.source,
        clean::line(&title)
    );
    for snippet in passages {
        let passage = format!("…{}…", clean::line(&marked(snippet)));
        out.push_str(&wrap(&passage, 4, 5));
    }
    out
}

/// The passage with `[ ]` around what matched.
pub fn marked(snippet: &Snippet) -> String {
    let mut out = String::with_capacity(snippet.text.len() + 8);
    for (at, c) in snippet.text.chars().enumerate() {
        if snippet.marks.iter().any(|(start, _)| *start == at) {
            out.push('[');
        }
        out.push(c);
        if snippet.marks.iter().any(|(_, end)| *end == at + 1) {
            out.push(']');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_in_characters() {
        let snippet = Snippet {
            field: Field::Body,
            text: "法国与朝鲜同意".to_owned(),
            marks: vec![(0, 2), (3, 5)],
            byte_start: 0,
            char_start: 0,
        };
        assert_eq!(marked(&snippet), "[法国]与[朝鲜]同意");
    }
}
