//! Found articles on a terminal: the interpretation first, then each with its passages.

use crate::model::article::Field;
use crate::model::query::Snippet;
use crate::read::search::{Answer, Hit};
use crate::report::clean;
use crate::report::table::wrap;
use crate::text::durations;

pub fn terminal(answer: &Answer) -> String {
    let run = match answer.query.run.as_str() {
        "" => "everything",
        run => run,
    };
    let mut out = wrap(&format!("read as: {}", clean::line(run)), 0, 9);
    for expansion in &answer.query.expansions {
        // A name stays whole: its own blanks do not break.
        let names: Vec<String> = expansion.names.iter().map(|name| name.replace(' ', "\u{a0}")).collect();
        let line = format!("@{} = {}", expansion.actor, names.join(" · "));
        out.push_str(&wrap(&line, 2, 4).replace('\u{a0}', " "));
    }
    let total = answer.total;
    let plural = if total == 1 { "" } else { "s" };
    if answer.hits.len() as u64 == total {
        out.push_str(&format!("{total} article{plural}\n"));
    } else {
        out.push_str(&format!("{total} article{plural}, showing {}\n", answer.hits.len()));
    }
    for hit in &answer.hits {
        out.push_str(&article(hit));
    }
    out
}

fn article(hit: &Hit) -> String {
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
fn marked(snippet: &Snippet) -> String {
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
