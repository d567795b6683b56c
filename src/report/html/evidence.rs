//! What the texts themselves say: quotes, themes, names, sources cited, preferred words, edits. All of it made by rules.

use std::collections::BTreeMap;

use super::grid::{Grid, with_small, words};
use super::lang_of;
use super::tables::named;
use super::write::Html;
use crate::model::comparison::Comparison;
use crate::model::evidence::{ChangeClass, CiteKind, HeadlineSigns, LineageOrder, NameKind, ProbeState, Reuse, Sign};
use crate::report::cells::{self, label_of};
use crate::text::durations;

/// Quotes of one outlet that a page shows; the JSON and `quotes.csv` have all.
const QUOTES: usize = 3;
/// Changes of one edit.
const CHANGES: usize = 3;
/// Sentences with words that judge.
const SENTENCES: usize = 3;
/// Preferred words of one outlet.
const WORDS: usize = 8;

/// Every headline, what can be read off it, and how it read at first where it was changed.
pub fn headlines(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Headlines side by side: what can be read off them by rule",
        &["Outlet", "Headline", "Actors in order", "Distance", "At first"],
        0,
    );
    for headline in &comparison.evidence.headlines {
        let lang = lang_of(comparison, &headline.article_id, &headline.source_id);
        let mut now = Html::new();
        now.foreign(&lang, headline.now.as_deref().unwrap_or(&headline.first));
        let gloss = comparison.articles.iter().find(|row| row.id == headline.article_id);
        if let Some(gloss) = gloss.and_then(|row| row.gloss.as_ref()) {
            now.leaf("small", &[], &format!("“{gloss}” (reader’s translation)"));
        }
        let mut first = Html::new();
        match headline.now {
            Some(_) => first.foreign(&lang, &headline.first),
            None => first.text("–"),
        };
        let actors: Vec<&str> = headline.signs.actors.iter().map(|sign| sign.kind.as_str()).collect();
        grid.row(
            "",
            [
                named(comparison, &headline.source_id),
                now,
                words(&or_dash(actors.join(" · "))),
                words(&or_dash(distance(&headline.signs))),
                first,
            ],
        );
    }
    grid.finish()
}

/// Hedges, quotation marks, a question, people without a name.
fn distance(signs: &HeadlineSigns) -> String {
    let quoted = |name: &str, signs: &[Sign]| {
        let texts: Vec<String> = signs.iter().map(|sign| format!("“{}”", sign.text)).collect();
        (!texts.is_empty()).then(|| format!("{name} {}", texts.join(", ")))
    };
    let parts = [
        quoted("hedge", &signs.hedges),
        quoted("in quotation marks", &signs.quoted),
        quoted("unnamed", &signs.unnamed),
        signs.question.then(|| "question".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

pub fn quotes(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Who is quoted, and what is said to be agreed, found by rules; “only” marks what one group of outlets alone says",
        &["Outlet", "Words", "Speaker", "Kind", "Place"],
        0,
    );
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for told in cells::told(comparison) {
        let quote = told.quote;
        let count = shown.entry(&quote.source_id).or_default();
        *count += 1;
        if *count > QUOTES {
            continue;
        }
        let lang = lang_of(comparison, &quote.place.article_id, &quote.source_id);
        let mut text = Html::new();
        let cut = if quote.cut { "…" } else { "" };
        text.foreign(&lang, &format!("{}{cut}", quote.text));
        if let Some(only) = &told.only {
            text.leaf("small", &[], only);
        }
        let mut speaker = Html::new();
        match (&quote.speaker, &quote.verb) {
            (Some(who), Some(verb)) => speaker.foreign(&lang, who).leaf("small", &[], verb),
            (Some(who), None) => speaker.foreign(&lang, who),
            _ => speaker.text("–"),
        };
        grid.row(
            "",
            [
                named(comparison, &quote.source_id),
                text,
                speaker,
                words(&told.kinds.join(", ")),
                words(&format!("{}%", quote.place.position)),
            ],
        );
    }
    let mut html = grid.finish();
    let more: Vec<String> = shown
        .iter()
        .filter(|(_, count)| **count > QUOTES)
        .map(|(source, count)| format!("{} {}", label_of(comparison, source), *count - QUOTES))
        .collect();
    if !more.is_empty() {
        html.leaf(
            "p",
            &[("class", "more-rows")],
            &format!("More in quotes.csv: {}.", more.join(", ")),
        );
    }
    html
}

/// Each theme, where it was found and how late, and where it is absent.
pub fn probes(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Themes that were looked for: hits, and how far into the text the first one stands",
        &[
            "Theme",
            "Found",
            "Absent from the whole text",
            "Not in the part that is held",
        ],
        0,
    );
    let mut names: Vec<&str> = Vec::new();
    for probe in &comparison.evidence.probes {
        if !names.contains(&probe.name.as_str()) {
            names.push(&probe.name);
        }
    }
    for name in names {
        let of = |state| {
            let probes = comparison.evidence.probes.iter();
            probes.filter(move |probe| probe.name == name && probe.found == state)
        };
        let found: Vec<String> = of(ProbeState::Found)
            .map(|probe| {
                let at = probe.first_position.map_or(String::new(), |at| format!(" ({at}%)"));
                format!("{} {}{at}", label_of(comparison, &probe.source_id), probe.hits)
            })
            .collect();
        let labels = |state| {
            or_dash(
                of(state)
                    .map(|probe| label_of(comparison, &probe.source_id))
                    .collect::<Vec<_>>()
                    .join(" · "),
            )
        };
        let query = comparison
            .evidence
            .probes
            .iter()
            .find(|probe| probe.name == name)
            .map_or("", |probe| &probe.query);
        grid.row(
            "",
            [
                with_small(name, query),
                words(&or_dash(found.join(" · "))),
                words(&labels(ProbeState::Absent)),
                words(&labels(ProbeState::NotInTeaser)),
            ],
        );
    }
    grid.finish()
}

/// What each outlet calls each actor.
pub fn naming(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Names: what each outlet calls the same actor, and how often; 0 is a name that others of its language use",
        &["Actor", "Names"],
        0,
    );
    let rows = &comparison.evidence.naming;
    for of_actor in rows.chunk_by(|a, b| a.actor == b.actor) {
        let mut names = Html::new();
        for naming in of_actor {
            names.raw("<span class=\"change\">");
            names.text(&format!("{}: ", label_of(comparison, &naming.source_id)));
            for (n, name) in naming.names.iter().enumerate() {
                if n > 0 {
                    names.text(" · ");
                }
                let sign = match name.kind {
                    NameKind::Epithet => " (epithet)",
                    NameKind::Name | NameKind::Ambiguous => "",
                };
                names.foreign(&lang_of(comparison, "", &naming.source_id), &name.name);
                names.text(&format!(" {}{sign}", name.count));
            }
            names.raw("</span>");
        }
        let actor = of_actor.first().map_or("", |naming| &naming.actor);
        grid.row("", [words(actor), names]);
    }
    grid.finish()
}

/// Words that judge in each outlet's own prose, each with its first sentence.
pub fn tone(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Words that judge, in the outlets’ own prose without quoted speech and names: no measure of tone, and not to be \
         compared across languages",
        &["Outlet", "Words", "In their sentences"],
        0,
    );
    for tone in &comparison.evidence.tone {
        let lang = lang_of(comparison, "", &tone.source_id);
        let (mut words, mut sentences) = (Html::new(), Html::new());
        for (n, word) in tone.words.iter().enumerate() {
            if n > 0 {
                words.text(" · ");
            }
            words.foreign(&lang, &cells::judging(word));
        }
        for word in tone.words.iter().take(SENTENCES) {
            sentences.raw("<span class=\"change\">");
            sentences.foreign(&lang, &word.context);
            sentences.raw("</span>");
        }
        let more = tone.words.len().saturating_sub(SENTENCES) + tone.more_words as usize;
        if more > 0 {
            sentences.leaf("small", &[], &format!("{more} more in tone.csv"));
        }
        grid.row("", [named(comparison, &tone.source_id), words, sentences]);
    }
    grid.finish()
}

/// Whom each outlet names as where it has it from.
pub fn cites(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Sources that the articles name",
        &["Outlet", "Cites", "In these words", "Kind", "Place"],
        0,
    );
    for cite in &comparison.evidence.cites {
        let lang = lang_of(comparison, &cite.place.article_id, &cite.source_id);
        let mut text = Html::new();
        text.foreign(&lang, &cite.text);
        let kind = match cite.kind {
            CiteKind::Named => "named",
            CiteKind::Unnamed => "a press without a name",
            CiteKind::Credit => "credit line",
        };
        grid.row(
            "",
            [
                named(comparison, &cite.source_id),
                words(&cite.cited),
                text,
                words(kind),
                words(&format!("{}%", cite.place.position)),
            ],
        );
    }
    grid.finish()
}

/// The words that each part of the press prefers, with effect size and documents.
pub fn keyness(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Preferred words, within one language: log₂ ratio (G²; documents)",
        &["Whose", "Against", "Words", "Base"],
        0,
    );
    for keyness in comparison.evidence.keyness.iter().filter(|row| row.refused.is_none()) {
        let mut listed = Html::new();
        for (n, word) in keyness.words.iter().take(WORDS).enumerate() {
            if n > 0 {
                listed.text(" · ");
            }
            listed.foreign(&Some(keyness.lang.clone()), &word.word);
            listed.text(&format!(
                " {:+.1} ({:.1}; {}/{})",
                word.log_ratio, word.g2, word.documents, word.documents_reference
            ));
        }
        let base = &keyness.base;
        grid.row(
            "",
            [
                with_small(&keyness.target, &format!("{}, {}", keyness.by, keyness.lang)),
                words(&keyness.reference),
                listed,
                words(&format!(
                    "{} and {} articles; {}",
                    base.articles, base.reference_articles, base.fields
                )),
            ],
        );
    }
    let mut html = if comparison.evidence.keyness.iter().any(|row| row.refused.is_none()) {
        grid.finish()
    } else {
        Html::new()
    };
    if let Some(few) = cells::too_few(comparison) {
        html.leaf("p", &[("class", "more-rows")], &few);
    }
    html
}

/// Whose words: every article with text of an earlier one in it, and the four cells.
pub fn lineage(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Whose words: the share of an article that stands in an earlier one",
        &["Article of", "Stands in one of", "Share", "Later by", "Credited"],
        0,
    );
    for edge in &comparison.evidence.lineage {
        let (min, max) = (
            durations::minutes(edge.lag_min_minutes),
            durations::minutes(edge.lag_max_minutes),
        );
        let lag = match edge.order {
            LineageOrder::Time if min == max => min,
            LineageOrder::Time => format!("{min}…{max}"),
            LineageOrder::Credit => "its times leave it open".to_owned(),
            LineageOrder::Open => "cannot be told".to_owned(),
        };
        let credited = match (&edge.credit, edge.credited) {
            _ if !edge.is_directed() => "–",
            (_, true) => "yes",
            (Some(_), false) => "another",
            (None, false) => "no",
        };
        grid.row(
            "",
            [
                named(comparison, &edge.to_source),
                named(comparison, &edge.from_source),
                words(&format!(
                    "{:.0} %, {}",
                    edge.share * 100.0,
                    match (edge.is_directed(), edge.copied) {
                        (false, _) => "who had it first cannot be told",
                        (true, true) => "copied",
                        (true, false) => "rewritten",
                    }
                )),
                words(&lag),
                with_small(credited, edge.credit.as_deref().unwrap_or_default()),
            ],
        );
    }
    let mut html = grid.finish();
    let cells: Vec<String> = comparison
        .evidence
        .reuse
        .iter()
        .filter(|cell| cell.n > 0)
        .map(|cell| {
            let name = match cell.cell {
                Reuse::CreditedCopied => "credited and copied",
                Reuse::CreditedRewritten => "credited and rewritten",
                Reuse::UncreditedCopied => "copied without credit",
                Reuse::UncreditedRewritten => "rewritten without credit",
                Reuse::CreditedUnmeasured => "credit an outlet whose text is not here",
            };
            format!("{name}: {}", cell.n)
        })
        .collect();
    if !cells.is_empty() {
        html.leaf(
            "p",
            &[("class", "more-rows")],
            &format!("Articles {}.", cells.join("; ")),
        );
    }
    html
}

/// What one edition of an outlet has on the story and another lacks.
pub fn editions(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "What one edition of an outlet has and another lacks, as far as rules find it: names, places and words of lexicon and \
         gazetteer, numbers in digits, who is quoted",
        &["Edition", "Against", "Has alone", "Paired by"],
        0,
    );
    for gap in &comparison.evidence.editions {
        let lang = lang_of(comparison, &gap.article_id, &gap.source_id);
        let mut alone = Html::new();
        if gap.other_article_id.is_none() {
            let title = comparison.articles.iter().find(|article| article.id == gap.article_id);
            alone.text("no counterpart of ");
            alone.foreign(&lang, title.map_or(gap.article_id.as_str(), |article| &article.title));
            alone.leaf("small", &[], &cells::edition_status(comparison, gap));
        }
        for (name, texts) in cells::edition_parts(gap) {
            alone.raw("<span class=\"change\">");
            alone.text(name).text(" ").foreign(&lang, &texts.join(", "));
            alone.raw("</span>");
        }
        if gap.other_article_id.is_some() && gap.only.is_empty() {
            alone.text("nothing that a rule would find");
        }
        let doubt = cells::edition_doubt(gap);
        if !doubt.is_empty() {
            alone.leaf("small", &[], doubt.trim());
        }
        grid.row(
            "",
            [
                named(comparison, &gap.source_id),
                named(comparison, &gap.other_id),
                alone,
                words(&or_dash(gap.shared.join(" · "))),
            ],
        );
    }
    grid.finish()
}

/// The edits that were seen, with their class and first changes.
pub fn edits(comparison: &Comparison) -> Html {
    let mut grid = Grid::new(
        "cards",
        "Edits and deletions that were seen",
        &["Outlet", "Seen (UTC)", "Class", "What changed"],
        0,
    );
    for version in comparison.evidence.versions.iter().filter(|version| version.n > 1) {
        let lang = lang_of(comparison, &version.article_id, &version.source_id);
        let class = match version.class {
            Some(ChangeClass::Trivial) => "trivial",
            Some(ChangeClass::Minor) => "minor",
            Some(ChangeClass::Substantive) => "substantive",
            Some(ChangeClass::Correction) => "correction",
            None => "–",
        };
        let mut changes = Html::new();
        changes.text(&format!("+{} −{}", version.added, version.removed));
        for change in version.changes.iter().take(CHANGES) {
            changes.raw("<span class=\"change\">");
            if !change.before.is_empty() {
                let mut gone = vec![];
                if let Some(lang) = lang.as_deref() {
                    gone.push(("lang", lang));
                }
                changes.leaf("del", &gone, &change.before).text(" ");
            }
            if !change.after.is_empty() {
                let mut come = vec![];
                if let Some(lang) = lang.as_deref() {
                    come.push(("lang", lang));
                }
                changes.leaf("ins", &come, &change.after);
            }
            changes.raw("</span>");
        }
        let more = version.more_changes as usize + version.changes.len().saturating_sub(CHANGES);
        if more > 0 {
            changes.leaf("small", &[], &format!("{more} more in changes.csv"));
        }
        grid.row(
            "",
            [
                named(comparison, &version.source_id),
                with_small(&durations::minute(version.seen_at), &format!("version {}", version.n)),
                with_small(class, version.why.as_deref().unwrap_or_default()),
                changes,
            ],
        );
    }
    for gone in &comparison.evidence.deletions {
        let mut title = Html::new();
        title.link(
            &gone.url,
            &lang_of(comparison, &gone.article_id, &gone.source_id),
            &gone.title,
        );
        grid.row(
            "",
            [
                named(comparison, &gone.source_id),
                words(&durations::minute(gone.gone_at)),
                words("gone"),
                title,
            ],
        );
    }
    grid.finish()
}
