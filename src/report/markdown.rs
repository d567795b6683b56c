//! The comparison as Markdown, to paste into a blog: CommonMark with the tables of GitHub's dialect.

use crate::model::comparison::{Comparison, Coverage};
use crate::report::cells::{self, label, label_of};
use crate::report::{clean, code};
use crate::text::durations;

/// The whole, or with `brief` what a post begins with: the summary, the table, a place for the writer's own words.
pub fn markdown(comparison: &Comparison, brief: bool) -> String {
    let mut out = String::new();
    if !brief {
        out.push_str(&format!("# {}\n\n", clean::markdown(&comparison.story.title)));
    }
    out.push_str(&format!(
        "**{} – {}.** {}\n\n",
        durations::minute_utc(comparison.window.min),
        durations::minute_utc(comparison.window.max),
        clean::markdown(&comparison.summary)
    ));
    coverage(comparison, brief, &mut out);
    if brief {
        out.push_str("\n<!-- your note: what this shows, and what it does not -->\n\n");
        out.push_str(&format!("*{}*\n", provenance(comparison)));
        return out;
    }
    lines("", &cells::notes(comparison), &mut out);
    let silences: Vec<String> = comparison
        .silences
        .iter()
        .map(|silence| silence.sentence.clone())
        .collect();
    lines("Silences", &silences, &mut out);
    instead(comparison, &mut out);
    headlines(comparison, &mut out);
    lineage(comparison, &mut out);
    evidence(comparison, &mut out);
    codes(comparison, &mut out);
    out.push_str("\n## Notes\n\n<!-- your own reading, apart from the evidence above -->\n");
    for remark in &comparison.notes {
        out.push_str(&format!("\n{}\n", clean::markdown(&remark.text)));
    }
    let questions: Vec<String> = comparison.questions.iter().map(|remark| remark.text.clone()).collect();
    lines("Open questions", &questions, &mut out);
    lines("Limits", &comparison.limits, &mut out);
    out.push_str(&format!("\n---\n\n*{}*\n", provenance(comparison)));
    out
}

fn coverage(comparison: &Comparison, brief: bool, out: &mut String) {
    if brief {
        table(out, &["#", "Outlet", "When (UTC)", "Length", "Note"]);
    } else {
        table(
            out,
            &[
                "#",
                "Outlet",
                "",
                "Status",
                "First published (UTC)",
                "Lag",
                "Length",
                "Whose words",
                "Comments",
            ],
        );
    }
    for row in &comparison.sources {
        let outlet = match &row.first_url {
            Some(url) => link(&label(row), url),
            None => clean::markdown(&label(row)),
        };
        let lang = row.lang.split('-').next().unwrap_or_default().to_owned();
        let cells = if brief {
            vec![
                cells::rank(row),
                outlet,
                cells::first(row),
                brief_length(row),
                clean::markdown(&note(comparison, row)),
            ]
        } else {
            vec![
                cells::rank(row),
                outlet,
                lang,
                cells::status(row),
                cells::first(row),
                cells::lag(row),
                cells::length(row),
                clean::markdown(&cells::reuse(comparison, row)),
                cells::comments(row),
            ]
        };
        line(out, &cells);
    }
}

/// `412 字 (p38)`
fn brief_length(row: &Coverage) -> String {
    match (row.length, row.length_unit, row.length_pctl_outlet) {
        (Some(n), Some(unit), Some(p)) => format!("{} (p{p})", cells::measure(n, unit)),
        (Some(n), Some(unit), None) => cells::measure(n, unit),
        _ => "–".to_owned(),
    }
}

/// What is worth a word beside the figures.
fn note(comparison: &Comparison, row: &Coverage) -> String {
    let words = [
        (row.first_pub.is_none()).then(|| cells::status(row)),
        Some(cells::reuse(comparison, row)).filter(|words| words != "–"),
        row.comments_flag.then(|| "comments closed ⚑".to_owned()),
        (row.n_versions > 1).then(|| format!("{} versions", row.n_versions)),
        row.gone_at.map(|at| format!("gone {}", durations::minute(at))),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    if words.is_empty() {
        "–".to_owned()
    } else {
        words.join(", ")
    }
}

fn instead(comparison: &Comparison, out: &mut String) {
    if comparison.instead.is_empty() {
        return;
    }
    out.push_str("\n## Instead\n\n");
    table(out, &["Outlet", "Published (UTC)", "Headline", "Length", "Routine"]);
    for item in &comparison.instead {
        line(
            out,
            &[
                clean::markdown(&label_of(comparison, &item.source_id)),
                cells::published(item),
                link(&item.title, &item.url),
                cells::measure(item.length, item.length_unit),
                cells::formula(item).unwrap_or_else(|| "–".to_owned()),
            ],
        );
    }
}

fn headlines(comparison: &Comparison, out: &mut String) {
    if comparison.evidence.headlines.is_empty() {
        return;
    }
    out.push_str("\n## Headlines\n\n");
    table(out, &["Outlet", "Headline", "At first"]);
    for headline in &comparison.evidence.headlines {
        let url = comparison
            .articles
            .iter()
            .find(|article| article.id == headline.article_id)
            .map_or("", |article| &article.url);
        let first = headline
            .now
            .as_ref()
            .map_or("–".to_owned(), |_| clean::markdown(&headline.first));
        let now = headline.now.as_deref().unwrap_or(&headline.first);
        line(
            out,
            &[
                clean::markdown(&label_of(comparison, &headline.source_id)),
                link(now, url),
                first,
            ],
        );
    }
}

fn lineage(comparison: &Comparison, out: &mut String) {
    if comparison.evidence.lineage.is_empty() {
        return;
    }
    out.push_str("\n## Whose words\n\n");
    for edge in &comparison.evidence.lineage {
        if !edge.is_directed() {
            out.push_str(&format!(
                "- {} and {}: {:.0} % the same, who had it first cannot be told\n",
                clean::markdown(&label_of(comparison, &edge.from_source)),
                clean::markdown(&label_of(comparison, &edge.to_source)),
                edge.share * 100.0
            ));
            continue;
        }
        out.push_str(&format!(
            "- {}: {:.0} % stands in {}{}\n",
            clean::markdown(&label_of(comparison, &edge.to_source)),
            edge.share * 100.0,
            clean::markdown(&label_of(comparison, &edge.from_source)),
            edge.credit.as_ref().map_or(String::new(), |credit| format!(
                " (credits {})",
                clean::markdown(credit)
            ))
        ));
    }
}

/// What the texts say, by rule: themes, quotes, sources named, names, edits, preferred words.
fn evidence(comparison: &Comparison, out: &mut String) {
    let found = &comparison.evidence;
    let label = |source: &str| clean::markdown(&label_of(comparison, source));
    if !found.probes.is_empty() {
        out.push_str("\n## Themes\n\n");
        table(out, &["Theme", "Outlet", "Hits", "First at"]);
        for probe in found.probes.iter().filter(|probe| probe.hits > 0) {
            let at = probe.first_position.map_or("–".to_owned(), |at| format!("{at} %"));
            line(
                out,
                &[
                    clean::markdown(&probe.name),
                    label(&probe.source_id),
                    probe.hits.to_string(),
                    at,
                ],
            );
        }
    }
    if !found.quotes.is_empty() {
        out.push_str("\n## Quotes and agreements\n\n");
        for told in cells::told(comparison) {
            let quote = told.quote;
            let who = quote
                .speaker
                .as_deref()
                .map_or(String::new(), |who| format!(", {}", clean::markdown(who)));
            let only = told
                .only
                .map_or(String::new(), |only| format!("; {}", clean::markdown(&only)));
            let cut = if quote.cut { "…" } else { "" };
            out.push_str(&format!(
                "- {}{who}: {}{cut} *({}{only})*\n",
                label(&quote.source_id),
                clean::markdown(&quote.text),
                told.kinds.join(", ")
            ));
        }
    }
    if !found.cites.is_empty() {
        out.push_str("\n## Sources named\n\n");
        for cite in &found.cites {
            out.push_str(&format!(
                "- {}: {}, “{}”\n",
                label(&cite.source_id),
                clean::markdown(&cite.cited),
                clean::markdown(&cite.text)
            ));
        }
    }
    if !found.naming.is_empty() {
        out.push_str("\n## Names\n\n");
        for naming in &found.naming {
            let names: Vec<String> = naming
                .names
                .iter()
                .map(|name| format!("{} {}", clean::markdown(&name.name), name.count))
                .collect();
            out.push_str(&format!(
                "- {}, {}: {}\n",
                label(&naming.source_id),
                clean::markdown(&naming.actor),
                names.join(" · ")
            ));
        }
    }
    if !found.tone.is_empty() {
        out.push_str("\n## Words that judge\n\n");
        out.push_str(
            "No measure of tone, and not to be compared across languages; quoted speech and names are left out.\n\n",
        );
        for tone in &found.tone {
            let words: Vec<String> = tone
                .words
                .iter()
                .map(|word| clean::markdown(&cells::judging(word)))
                .collect();
            out.push_str(&format!("- {}: {}\n", label(&tone.source_id), words.join(", ")));
        }
    }
    if !found.editions.is_empty() {
        out.push_str("\n## Other editions\n\nWhat one has and the other lacks, as far as rules find it.\n\n");
        for gap in &found.editions {
            out.push_str(&format!(
                "- {}\n",
                clean::markdown(&cells::edition_gap(comparison, gap))
            ));
        }
    }
    let edits: Vec<_> = found.versions.iter().filter(|version| version.n > 1).collect();
    if !(edits.is_empty() && found.deletions.is_empty()) {
        out.push_str("\n## Edits\n\n");
        for edit in edits {
            let why = edit
                .why
                .as_deref()
                .map_or(String::new(), |why| format!(" ({})", clean::markdown(why)));
            out.push_str(&format!(
                "- {}: version {}, seen {}: +{} −{}{why}\n",
                label(&edit.source_id),
                edit.n,
                durations::minute_utc(edit.seen_at),
                edit.added,
                edit.removed
            ));
        }
        for gone in &found.deletions {
            let at = durations::minute_utc(gone.gone_at);
            out.push_str(&format!(
                "- {}: gone {at}: {}\n",
                label(&gone.source_id),
                link(&gone.title, &gone.url)
            ));
        }
    }
    if !found.keyness.is_empty() {
        out.push_str("\n## Preferred words\n\n");
        for keyness in found.keyness.iter().filter(|row| row.refused.is_none()) {
            let words: Vec<String> = keyness
                .words
                .iter()
                .map(|word| format!("{} {:+.1}", clean::markdown(&word.word), word.log_ratio))
                .collect();
            out.push_str(&format!(
                "- {} against {}: {}\n",
                clean::markdown(&keyness.target),
                clean::markdown(&keyness.reference),
                words.join(" · ")
            ));
        }
        if let Some(few) = cells::too_few(comparison) {
            out.push_str(&format!("- {}\n", clean::markdown(&few)));
        }
    }
}

/// What people coded, each variable with its α.
fn codes(comparison: &Comparison, out: &mut String) {
    if comparison.codes.is_empty() {
        return;
    }
    out.push_str("\n## Codes\n");
    for counted in &comparison.codes {
        out.push_str(&format!(
            "\n{}\n\n",
            clean::markdown(&code::heading(&counted.agreement))
        ));
        let names = counted
            .columns
            .iter()
            .map(|id| clean::markdown(&label_of(comparison, id)));
        let header: Vec<String> = std::iter::once(String::new()).chain(names).collect();
        table(out, &header.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &counted.rows {
            let cells = row
                .cells
                .iter()
                .map(|cell| code::number(counted.agreement.kind, &row.value, *cell));
            line(
                out,
                &std::iter::once(clean::markdown(&row.value))
                    .chain(cells)
                    .collect::<Vec<_>>(),
            );
        }
    }
    out.push_str(&format!("\n{}\n", clean::markdown(code::BOUNDS)));
}

fn lines(heading: &str, lines: &[String], out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push('\n');
    if !heading.is_empty() {
        out.push_str(&format!("## {heading}\n\n"));
    }
    for line in lines {
        out.push_str(&format!("- {}\n", clean::markdown(line)));
    }
}

fn table(out: &mut String, columns: &[&str]) {
    out.push_str(&format!(
        "| {} |\n|{}\n",
        columns.join(" | "),
        "---|".repeat(columns.len())
    ));
}

fn line(out: &mut String, cells: &[String]) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// What was asked, and of what.
fn provenance(comparison: &Comparison) -> String {
    let asked = comparison.story.query.as_deref().unwrap_or(&comparison.story.id);
    format!(
        "Asked: {}. Made {} by vigie {}.",
        clean::markdown(asked),
        durations::minute_utc(comparison.generated_at),
        clean::markdown(&comparison.version)
    )
}

/// A link, where the address is one to follow.
fn link(text: &str, url: &str) -> String {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return clean::markdown(text);
    }
    let mut address = String::new();
    for c in clean::line(url).chars() {
        match c {
            ' ' => address.push_str("%20"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '|' => address.push_str("%7C"),
            '\\' => address.push_str("%5C"),
            c => address.push(c),
        }
    }
    format!("[{}]({address})", clean::markdown(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_from_outside_becomes_markup() {
        assert_eq!(
            crate::report::clean::markdown("a|b <i> & [x](y) *z*"),
            "a\\|b &lt;i&gt; &amp; \\[x\\](y) \\*z\\*"
        );
        assert_eq!(
            super::link("a]b", "https://x.example/a)|b c"),
            "[a\\]b](https://x.example/a%29%7Cb%20c)"
        );
        assert_eq!(super::link("x", "javascript:alert(1)"), "x");
    }
}
