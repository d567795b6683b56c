//! A saved search as an Atom feed (RFC 4287) for a reader on the same machine.
//!
//! Ids come from the search and the article, so that an entry stays the same entry however often the feed is written.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::read::saved::Report;
use crate::read::search::Hit;
use crate::report::saved::{heartbeat, passages, silent};
use crate::report::{clean, query};
use crate::text::hash::sha256_hex;

/// The feed of one search: its hits, newest found first, and an entry for a silence that is due to be told.
pub fn feed(report: &Report, hits: &[(Timestamp, Hit)], name_of: &dyn Fn(&str) -> String, now: Timestamp) -> String {
    let newest = hits.iter().map(|(found, _)| *found).max();
    let silence = report.silence;
    let silent_since = silence.map(|silence| silence.since);
    // Nothing new, no new date: a reader fetches it for nothing.
    let updated = newest.max(silent_since).unwrap_or(now);
    let title = match &report.note {
        Some(note) => format!("{}: {note}", report.id),
        None => report.id.clone(),
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
    _ = writeln!(out, "  <id>{}</id>", uuid(&["saved", &report.id]));
    _ = writeln!(out, "  <title>{}</title>", text(&title));
    _ = writeln!(out, "  <subtitle>{}</subtitle>", text(&heartbeat(report, "new")));
    _ = writeln!(out, "  <updated>{updated}</updated>");
    _ = writeln!(out, "  <author><name>vigie</name></author>");
    _ = writeln!(
        out,
        "  <generator version=\"{}\">vigie</generator>",
        env!("CARGO_PKG_VERSION")
    );
    if let Some(silence) = silence {
        out.push_str("  <entry>\n");
        let since = silence.since.to_string();
        _ = writeln!(out, "    <id>{}</id>", uuid(&["silence", &report.id, &since]));
        _ = writeln!(out, "    <title>{}</title>", text(&format!("Silence: {}", report.id)));
        _ = writeln!(out, "    <updated>{since}</updated>");
        _ = writeln!(out, "    <content type=\"text\">{}</content>", text(&silent(&silence)));
        out.push_str("  </entry>\n");
    }
    for (found, hit) in hits {
        entry(&mut out, &report.id, *found, hit, name_of);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, search: &str, found: Timestamp, hit: &Hit, name_of: &dyn Fn(&str) -> String) {
    let article = &hit.article;
    let lang = match (&article.lang, &article.script) {
        (Some(lang), Some(script)) => format!(" xml:lang=\"{}-{}\"", text(lang), text(script)),
        (Some(lang), None) => format!(" xml:lang=\"{}\"", text(lang)),
        (None, _) => String::new(),
    };
    _ = writeln!(out, "  <entry{lang}>");
    _ = writeln!(out, "    <id>{}</id>", uuid(&["hit", search, &article.id]));
    _ = writeln!(out, "    <title>{}</title>", text(&article.title));
    _ = writeln!(out, "    <link rel=\"alternate\" href=\"{}\"/>", text(&article.url));
    _ = writeln!(out, "    <updated>{found}</updated>");
    // A day or a month is no moment, and Atom knows no other date.
    if let Some(claim) = &article.published
        && claim.interval.max.as_second() - claim.interval.min.as_second() <= 60
    {
        _ = writeln!(out, "    <published>{}</published>", claim.interval.min);
    }
    _ = writeln!(
        out,
        "    <author><name>{}</name></author>",
        text(&name_of(&article.source))
    );
    let words: Vec<String> = passages(hit)
        .map(|snippet| format!("…{}…", query::marked(snippet)))
        .collect();
    // An entry without passages is found by its headline, which stands above.
    _ = writeln!(out, "    <summary type=\"text\">{}</summary>", text(&words.join(" ")));
    out.push_str("  </entry>\n");
}

/// Text of an element or attribute: what XML 1.0 allows, on one line.
fn text(text: &str) -> String {
    let line: String = clean::line(text)
        .chars()
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    clean::html(&line)
}

/// A name-based UUID of version 8 (RFC 9562 §5.8), from SHA-256.
fn uuid(parts: &[&str]) -> String {
    let hex = sha256_hex(parts.join("\n").as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // The variant's two bits make its digit 8 to b.
    let variant = match hex.as_bytes().get(16).copied().unwrap_or(b'0') % 4 {
        0 => '8',
        1 => '9',
        2 => 'a',
        _ => 'b',
    };
    format!(
        "urn:uuid:{}-{}-8{}-{variant}{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_and_differ() {
        let id = uuid(&["hit", "office", "i:1"]);
        assert_eq!(id, uuid(&["hit", "office", "i:1"]));
        assert_ne!(id, uuid(&["hit", "office", "i:2"]));
        assert_eq!(id.len(), "urn:uuid:".len() + 36);
        assert_eq!(id.as_bytes()["urn:uuid:".len() + 14], b'8', "{id}");
    }

    #[test]
    fn nothing_breaks_out_of_its_element() {
        assert_eq!(text("a\u{0}<b>&\u{ffff}\n\"c\""), "a&lt;b&gt;&amp; &quot;c&quot;");
    }
}
