//! Saved searches told: on a terminal, and as a digest in Markdown. What was checked is said even when nothing was found.

use jiff::Timestamp;

use crate::model::article::Field;
use crate::model::query::Snippet;
use crate::read::saved::{Report, Silence};
use crate::read::search::Hit;
use crate::report::clean;
use crate::report::query::{article, marked};
use crate::report::table::wrap;
use crate::store::ArticleRow;
use crate::text::durations;

/// Passages of one article in a digest.
const PASSAGES: usize = 2;

/// Every search with its line, and its new articles below.
pub fn terminal(reports: &[Report], what: &str) -> String {
    let mut out = String::new();
    for report in reports {
        out.push_str(&wrap(&heartbeat(report, what), 0, 4));
        for hit in &report.articles {
            for line in article(hit).lines() {
                out.push_str(&format!("  {line}\n"));
            }
        }
        if report.new > report.articles.len() as u64 {
            out.push_str(&format!(
                "  {} more: vigie query {}\n",
                report.new - report.articles.len() as u64,
                clean::line(&quoted(&report.query))
            ));
        }
    }
    out.push_str(&alarms(reports));
    out
}

/// One line each, without the articles: what a crawl says at its end.
pub fn lines(reports: &[Report]) -> String {
    let mut out: String = reports
        .iter()
        .map(|report| wrap(&format!("saved: {}", heartbeat(report, "untold")), 0, 4))
        .collect();
    out.push_str(&alarms(reports));
    out
}

/// `office   0 new since 2009-12-17 03:40 UTC (last hit …); 148 articles checked, 13/14 sources ok`
pub fn heartbeat(report: &Report, what: &str) -> String {
    let since = report.since.map_or(String::new(), |since| {
        format!(" since {}", durations::minute_utc(since))
    });
    let last = match &report.last_hit {
        None => "no hit yet".to_owned(),
        Some(last) => format!("last hit {} {}", when(last), last.source),
    };
    let found = match (report.changed, report.first) {
        (true, _) => format!(
            "changed: finds {} from before, tells what is new from now on",
            articles(report.total)
        ),
        (_, true) => format!(
            "first run: finds {} from before, tells what is new from now on",
            articles(report.total)
        ),
        _ => format!("{} {what}{since}", report.new),
    };
    let checked = match report.sources {
        0 if report.first || report.changed => String::new(),
        0 => "; no source was looked at since then".to_owned(),
        sources => format!(
            "; {} checked, {}/{sources} sources ok",
            articles(report.checked),
            report.sources_ok
        ),
    };
    format!("{}  {found} ({last}){checked}", report.id)
}

fn articles(n: u64) -> String {
    format!("{n} article{}", if n == 1 { "" } else { "s" })
}

fn when(article: &ArticleRow) -> String {
    match &article.published {
        Some(claim) => durations::claimed_utc(claim),
        None => format!("seen {}", durations::minute_utc(article.first_seen_at)),
    }
}

/// Silences that were not told before in the same episode.
fn alarms(reports: &[Report]) -> String {
    reports
        .iter()
        .filter_map(|report| Some((report, report.silence.filter(|silence| !silence.told)?)))
        .map(|(report, silence)| wrap(&format!("alarm: {}: {}", report.id, silent(&silence)), 0, 4))
        .collect()
}

/// A silence is said with what was looked at; without a look nothing can be said.
pub fn silent(silence: &Silence) -> String {
    let since = durations::minute_utc(silence.since);
    let plural = if silence.days == 1 { "" } else { "s" };
    match silence.sources_ok {
        0 => format!(
            "no source answered for {} day{plural} (since {since}), so nothing can be said",
            silence.days
        ),
        ok => format!(
            "nothing for {} day{plural} (since {since}); {} checked, {ok}/{} sources ok",
            silence.days,
            articles(silence.checked),
            silence.sources
        ),
    }
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A section of a digest: one run.
pub fn markdown(reports: &[Report], now: Timestamp) -> String {
    let mut out = format!("## Saved searches, {}\n", durations::minute_utc(now));
    for report in reports {
        let note = report
            .note
            .as_deref()
            .map_or(String::new(), |note| format!(": {}", clean::markdown(note)));
        out.push_str(&format!("\n### {}{note}\n\n", report.id));
        out.push_str(&format!("Asked: {}\n\n", code(&report.query)));
        let line = heartbeat(report, "new");
        let line = line.strip_prefix(report.id.as_str()).unwrap_or(&line).trim_start();
        out.push_str(&format!("{}\n", clean::markdown(line)));
        if let Some(silence) = report.silence.filter(|silence| !silence.told) {
            out.push_str(&format!("\n**Silence**: {}\n", clean::markdown(&silent(&silence))));
        }
        if !report.articles.is_empty() {
            out.push('\n');
        }
        for hit in &report.articles {
            out.push_str(&item(hit));
        }
        if report.new > report.articles.len() as u64 {
            out.push_str(&format!("- and {} more\n", report.new - report.articles.len() as u64));
        }
    }
    out
}

fn item(hit: &Hit) -> String {
    let row = &hit.article;
    let lang = row.lang.as_deref().unwrap_or("und");
    let mut out = format!(
        "- {} [{}](<{}>), {} ({lang}), `{}`\n",
        when(row),
        clean::markdown(&row.title),
        address(&row.url),
        clean::markdown(&row.source),
        row.id
    );
    for snippet in passages(hit) {
        out.push_str(&format!("  > …{}…\n", clean::markdown(&marked(snippet))));
    }
    out
}

/// What matched beside the headline.
pub fn passages(hit: &Hit) -> impl Iterator<Item = &Snippet> {
    let title = &hit.article.title;
    hit.snippets
        .iter()
        .filter(move |snippet| snippet.field != Field::Title || snippet.text != *title)
        .take(PASSAGES)
}

/// An address between angle brackets.
fn address(url: &str) -> String {
    clean::line(url)
        .replace('<', "%3C")
        .replace('>', "%3E")
        .replace('\\', "%5C")
        .replace(' ', "%20")
}

/// A span of code, fenced by more back quotes than stand in it.
fn code(text: &str) -> String {
    let text = clean::line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match longest {
        0 => format!("`{text}`"),
        _ => format!("{fence} {text} {fence}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_text() {
        assert_eq!(
            clean::markdown("[a](x) <b> *c* `d`\n# e"),
            "\\[a\\](x) &lt;b&gt; \\*c\\* \\`d\\` \\# e"
        );
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(address("https://a.example/x y>"), "https://a.example/x%20y%3E");
        assert_eq!(quoted("l'accord"), "'l'\\''accord'");
    }
}
