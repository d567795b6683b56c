//! What the texts of a story say, below the table of a comparison: at most a hundred columns.

use std::collections::HashMap;

use crate::model::comparison::Comparison;
use crate::model::evidence::{
    ChangeClass, Headline, HeadlineSigns, Keyness, ProbeState, Quote, QuoteKind, Reuse, Tone,
};
use crate::report::cells::{self, label};
use crate::report::clean;
use crate::report::comparison::NAME;
use crate::report::table::{Table, fit, wrap_to};
use crate::text::durations;

/// Lines of each part that are shown without `--all`.
const SHOWN: usize = 8;
/// … and of those whose lines are long.
const FEW: usize = 5;
/// Columns of a quotation that are shown; the JSON has 300 characters.
const QUOTE: usize = 110;

pub fn blocks(comparison: &Comparison, all: bool, width: usize, out: &mut String) {
    let (most, few) = if all { (usize::MAX, usize::MAX) } else { (SHOWN, FEW) };
    let names: HashMap<&str, String> = comparison
        .sources
        .iter()
        .map(|row| (row.source_id.as_str(), clean::line(&label(row))))
        .collect();
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| clean::line(id));
    let probes_heading = "probes (hits, and how far down the text the first one stands)";
    block(probes_heading, &probes(comparison, &name), most, width, out);
    headlines(comparison, most, &name, width, out);
    block("naming", &naming(comparison, &name), few, width, out);
    block("agreed", &agreed(comparison, &name), few, width, out);
    block("quotes", &quotes(comparison, &name), most, width, out);
    block("cites", &cites(comparison, &name), most, width, out);
    block("reuse", &reuse(comparison), most, width, out);
    block("keyness", &keyness(comparison, &name, all), most, width, out);
    if all {
        block(
            "words that judge (no measure of tone; not to be compared across languages)",
            &tone(comparison, &name),
            most,
            width,
            out,
        );
    }
    let gaps = comparison.evidence.editions.iter();
    let gaps: Vec<String> = gaps.map(|gap| cells::edition_gap(comparison, gap)).collect();
    block(
        "other editions (what one has and the other lacks, as far as rules find it)",
        &gaps,
        most,
        width,
        out,
    );
    block("versions", &versions(comparison, &name), most, width, out);
}

/// A heading and a paragraph for each line; nothing where there is none.
fn block(heading: &str, lines: &[String], most: usize, width: usize, out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n"));
    for line in lines.iter().take(most) {
        out.push_str(&wrap_to(width, &clean::line(line), 2, 4));
    }
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        out.push_str(&format!("  and {more} more; --all shows them\n"));
    }
}

/// `human rights  own 1 (9%) · Le Monde 5 (9%) · others –`
fn probes(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for row in &comparison.evidence.probes {
        let at = row.first_position.map_or(String::new(), |at| format!(" ({at}%)"));
        let cell = match row.found {
            ProbeState::Found => format!("{} {}{at}", name(&row.source_id), row.hits),
            ProbeState::Absent => format!("{} –", name(&row.source_id)),
            ProbeState::NotInTeaser => format!("{} not in the teaser", name(&row.source_id)),
        };
        match lines.last_mut().filter(|(probe, _)| *probe == row.name) {
            Some((_, cells)) => cells.push(cell),
            None => lines.push((row.name.clone(), vec![cell])),
        }
    }
    lines
        .into_iter()
        .map(|(probe, cells)| format!("{probe}: {}", cells.join(" · ")))
        .collect()
}

fn headlines(comparison: &Comparison, most: usize, name: &dyn Fn(&str) -> String, width: usize, out: &mut String) {
    let rows = &comparison.evidence.headlines;
    if rows.is_empty() {
        return;
    }
    let mut table = Table::new(["headlines", "title", "signs"]);
    // What is left of a line beside the name is shared: four parts to the title, three to its signs.
    let room = width.saturating_sub(NAME + 3);
    let (title, behind) = (room * 4 / 7, room - room * 4 / 7);
    for row in rows.iter().take(most) {
        let shown = row.now.as_ref().unwrap_or(&row.first);
        let signs = clean::line(&signs(&row.signs));
        table.row([
            fit(&name(&row.source_id), NAME),
            fit(&clean::line(shown), title),
            fit(&signs, behind),
        ]);
        if row.now.is_some() {
            let before = format!("first: {}", clean::line(&row.first));
            table.row([String::new(), fit(&before, title), fit(&changed(row), behind)]);
        }
    }
    out.push('\n');
    out.push_str(&table.render());
    let more = rows.len().saturating_sub(most);
    if more > 0 {
        out.push_str(&format!("  and {more} more; --all shows them\n"));
    }
}

fn changed(row: &Headline) -> String {
    row.changed_at.map_or("changed".to_owned(), |at| {
        format!("changed by {}", durations::minute(at))
    })
}

/// `france, north-korea; plan 拟`
fn signs(signs: &HeadlineSigns) -> String {
    let mut parts = Vec::new();
    if !signs.actors.is_empty() {
        let actors: Vec<&str> = signs.actors.iter().map(|sign| sign.kind.as_str()).collect();
        parts.push(actors.join(", "));
    }
    parts.extend(signs.hedges.iter().map(|sign| format!("{} {}", sign.kind, sign.text)));
    parts.extend(signs.quoted.iter().map(|sign| format!("{}…", sign.kind)));
    if signs.question {
        parts.push("question".to_owned());
    }
    if !signs.person_named {
        parts.extend(signs.unnamed.iter().map(|sign| format!("unnamed {}", sign.text)));
    }
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join("; ")
    }
}

/// `north-korea: Le Monde Corée du Nord 3, régime 2 · …`; names that an outlet does not use are in the JSON.
fn naming(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for row in &comparison.evidence.naming {
        let used = row.names.iter().filter(|name| name.count > 0);
        let counts: Vec<String> = used.map(|name| format!("{} {}", name.name, name.count)).collect();
        let cell = format!("{} {}", name(&row.source_id), counts.join(", "));
        match lines.last_mut().filter(|(actor, _)| *actor == row.actor) {
            Some((_, cells)) => cells.push(cell),
            None => lines.push((&row.actor, vec![cell])),
        }
    }
    lines
        .into_iter()
        .map(|(actor, cells)| format!("{actor}: {}", cells.join(" · ")))
        .collect()
}

/// `Le Monde 8 %: l’ancien ministre assure « mécanismes … »`
fn quotes(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let said = comparison
        .evidence
        .quotes
        .iter()
        .filter(|quote| quote.kind == QuoteKind::Quote);
    let mut lines: Vec<String> = said
        .map(|quote| {
            let (open, close) = match quote.lang.as_deref() {
                Some("fr") => ("« ", " »"),
                _ => ("“", "”"),
            };
            let speaker = match (&quote.speaker, &quote.verb) {
                (Some(speaker), Some(verb)) => format!("{speaker} ({verb})"),
                (Some(speaker), None) => speaker.clone(),
                (None, _) => "speaker not found".to_owned(),
            };
            let text = fit(&clean::line(&quote.text), QUOTE);
            format!(
                "{} {} %: {speaker}: {open}{text}{close}",
                name(&quote.source_id),
                quote.place.position
            )
        })
        .collect();
    let direct = lines.len();
    let unattributed: u32 = comparison
        .evidence
        .evidence
        .iter()
        .map(|row| row.quotes_unattributed)
        .sum();
    if direct > 0 {
        lines.insert(
            0,
            format!("{direct} found by rule, {unattributed} of them without a speaker"),
        );
    }
    lines
}

/// What was agreed, side by side; first what only one language says.
fn agreed(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut quotes: Vec<&Quote> = (comparison.evidence.quotes.iter())
        .filter(|quote| quote.kind == QuoteKind::Agreement)
        .collect();
    quotes.sort_by_key(|quote| quote.only_in_group.is_none());
    let line = |quote: &Quote| {
        let only = cells::only_in(comparison, quote).map_or(String::new(), |only| format!(" [{only}]"));
        let text = fit(&clean::line(&quote.text), QUOTE);
        format!("{} {} %{only}: {text}", name(&quote.source_id), quote.place.position)
    };
    quotes.into_iter().map(line).collect()
}

fn tone(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let line = |row: &Tone| {
        let words: Vec<String> = row.words.iter().map(cells::judging).collect();
        format!("{}: {}", name(&row.source_id), words.join(", "))
    };
    comparison.evidence.tone.iter().map(line).collect()
}

fn reuse(comparison: &Comparison) -> Vec<String> {
    let cells = comparison.evidence.reuse.iter().map(|cell| {
        let what = match cell.cell {
            Reuse::CreditedCopied => "credited and copied (80 % or more of an earlier article)",
            Reuse::CreditedRewritten => "credited and rewritten",
            Reuse::UncreditedCopied => "copied without credit",
            Reuse::UncreditedRewritten => "rewritten without credit (10 to 80 % of an earlier article)",
            Reuse::CreditedUnmeasured => "credited, with nothing of that outlet in the story to measure by",
        };
        format!("{} {what}", cell.n)
    });
    let open = comparison.evidence.lineage.iter().filter(|edge| !edge.is_directed());
    let pairs = match open.count() {
        0 => None,
        1 => Some("1 pair with the same words, and who had them first cannot be told".to_owned()),
        n => Some(format!(
            "{n} pairs with the same words, and who had them first cannot be told"
        )),
    };
    cells.chain(pairs).collect()
}

fn keyness(comparison: &Comparison, name: &dyn Fn(&str) -> String, all: bool) -> Vec<String> {
    let most = if all { usize::MAX } else { 6 };
    let line = |row: &Keyness| {
        let side = |label: &str| {
            if row.by == "source" {
                name(label)
            } else {
                label.to_owned()
            }
        };
        let words: Vec<String> = row
            .words
            .iter()
            .take(most)
            .map(|word| format!("{} {:+.1} ({}:{})", word.word, word.log_ratio, word.n, word.n_reference))
            .collect();
        format!(
            "{} {} {} against {} ({} and {} articles; {}): {}",
            row.lang,
            row.by,
            side(&row.target),
            side(&row.reference),
            row.base.articles,
            row.base.reference_articles,
            row.base.tokeniser,
            if words.is_empty() {
                "nothing stands out".to_owned()
            } else {
                words.join(", ")
            }
        )
    };
    let rows = &comparison.evidence.keyness;
    let mut lines: Vec<String> = rows.iter().filter(|row| row.refused.is_none()).map(line).collect();
    lines.extend(cells::too_few(comparison));
    lines
}

fn cites(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for cite in &comparison.evidence.cites {
        let cell = format!("{} ({})", cite.cited, cite.rule);
        match lines.iter_mut().find(|(source, _)| *source == cite.source_id) {
            Some((_, cells)) if cells.contains(&cell) => {}
            Some((_, cells)) => cells.push(cell),
            None => lines.push((&cite.source_id, vec![cell])),
        }
    }
    lines
        .into_iter()
        .map(|(source, cells)| format!("{}: {}", name(source), cells.join(", ")))
        .collect()
}

fn versions(comparison: &Comparison, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let edits = comparison.evidence.versions.iter().filter_map(|row| {
        Some(format!(
            "{} v{} {}: {}, {} (+{} −{}); vigie diff {}",
            name(&row.source_id),
            row.n,
            durations::minute(row.seen_at),
            class(row.class?),
            row.why.as_deref().unwrap_or_default(),
            row.added,
            row.removed,
            row.article_id
        ))
    });
    let deletions = comparison.evidence.deletions.iter().map(|row| {
        format!(
            "{} gone by {}: {}",
            name(&row.source_id),
            durations::minute(row.gone_at),
            row.title
        )
    });
    edits.chain(deletions).collect()
}

pub fn class(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Trivial => "trivial",
        ChangeClass::Minor => "minor",
        ChangeClass::Substantive => "substantive",
        ChangeClass::Correction => "correction",
    }
}
