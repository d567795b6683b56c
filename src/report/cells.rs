//! The cells of the table in words: one copy for the terminal, the page and the post.

use crate::model::comparison::{Comparison, Coverage, Grade, Instead, Status};
use crate::model::evidence::{EditionGap, EditionOnly, OnlyKind, Quote, QuoteKind, ToneWord};
use crate::model::{CommentState, LengthUnit, TextAccess};
use crate::text::durations;

/// `KCNA (English page)`
pub fn label(row: &Coverage) -> String {
    match &row.edition {
        Some(edition) => format!("{} ({edition})", row.source_name),
        None => row.source_name.clone(),
    }
}

/// The label of a source of this comparison; its id where it has no row.
pub fn label_of(comparison: &Comparison, source: &str) -> String {
    row_of(comparison, source).map_or_else(|| source.to_owned(), label)
}

pub fn row_of<'a>(comparison: &'a Comparison, source: &str) -> Option<&'a Coverage> {
    comparison.sources.iter().find(|row| row.source_id == source)
}

/// The word for a status, and the grade's letter behind it: `SILENT A`.
pub fn status(row: &Coverage) -> String {
    let grade = match row.silence_grade {
        Some(Grade::A) => " A",
        Some(Grade::B) => " B",
        Some(Grade::C) => " C",
        _ => "",
    };
    match row.status {
        Status::Covered => "covered".to_owned(),
        Status::Silent => format!("SILENT{grade}"),
        Status::NotYet => format!("not yet{grade}"),
        Status::Unknown => "UNKNOWN".to_owned(),
        Status::NotLooked => "not looked".to_owned(),
    }
}

/// When it was first published; for a source without an article, what was looked at.
pub fn first(row: &Coverage) -> String {
    match (row.first_pub, row.status) {
        (Some(span), _) => durations::span(span),
        (None, Status::NotLooked) => "–".to_owned(),
        (None, Status::Unknown) => {
            format!(
                "looked {}/{}, {} failed",
                row.looks_ok, row.looks_planned, row.looks_failed
            )
        }
        (None, _) => format!(
            "looked {}/{}, {} new",
            row.looks_ok, row.looks_planned, row.items_listed
        ),
    }
}

pub fn rank(row: &Coverage) -> String {
    row.rank_overall.map_or("–".to_owned(), |rank| rank.to_string())
}

pub fn lag(row: &Coverage) -> String {
    match (row.rank_overall, row.lag_min_minutes, row.lag_max_minutes) {
        (Some(1), ..) => "first".to_owned(),
        (_, Some(min), Some(max)) if min == max => format!("+{}", durations::minutes(min)),
        (_, Some(min), Some(max)) => format!("+{}…{}", durations::minutes(min), durations::minutes(max)),
        _ => "–".to_owned(),
    }
}

/// What the outlet's own clock said, and the reader's where that is set to another zone than UTC:
/// `15 Dec 21:40 Asia/Shanghai, 15 Dec 14:40 Europe/Paris`.
pub fn clocks(comparison: &Comparison, row: &Coverage) -> String {
    let here = row.first_here.as_deref().filter(|_| comparison.zone != "UTC");
    let clocks: Vec<&str> = row.first_local.as_deref().into_iter().chain(here).collect();
    match clocks.as_slice() {
        [there, here] if there == here => (*there).to_owned(),
        clocks => clocks.join(", "),
    }
}

/// `412 字 p38`
pub fn length(row: &Coverage) -> String {
    let (Some(n), Some(unit)) = (row.length, row.length_unit) else {
        return "–".to_owned();
    };
    let percentile = row.length_pctl_outlet.map_or(String::new(), |p| format!(" p{p}"));
    format!("{}{percentile}", measure(n, unit))
}

/// `1,184 w`, `412 字`
pub fn measure(n: u32, unit: LengthUnit) -> String {
    let unit = match unit {
        LengthUnit::Words => "w",
        LengthUnit::Han => "字",
    };
    format!("{} {unit}", thousands(n))
}

/// `1,184`
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whose words: the share found in an earlier article, or the credit line.
pub fn reuse(comparison: &Comparison, row: &Coverage) -> String {
    if row.status != Status::Covered {
        return "–".to_owned();
    }
    let share = row.reuse_share.map(|share| (share * 100.0).round());
    if let (Some(from), Some(share)) = (&row.reuse_of, share) {
        let rank = row_of(comparison, from).and_then(|other| other.rank_overall);
        return match rank {
            Some(rank) => format!("{share}% of #{rank}"),
            None => format!("{share}% of {from}"),
        };
    }
    let lineage = &comparison.evidence.lineage;
    // The same words, and no order: the share without a "from".
    let open = lineage.iter().filter(|edge| !edge.is_directed()).find_map(|edge| {
        let mine = |article| row.first_item_id.as_ref() == Some(article);
        let other = match (mine(&edge.from), mine(&edge.to)) {
            (true, _) => &edge.to_source,
            (_, true) => &edge.from_source,
            _ => return None,
        };
        Some((other, edge.share))
    });
    if let Some((other, share)) = open {
        let rank = row_of(comparison, other)
            .and_then(|other| other.rank_overall)
            .filter(|rank| row.rank_overall != Some(*rank));
        let other = rank.map_or(other.clone(), |rank| format!("#{rank}"));
        return format!("{:.0}% as {other}", share * 100.0);
    }
    let reused = lineage
        .iter()
        .any(|edge| edge.from_source == row.source_id && edge.is_directed());
    match (&row.credit, reused) {
        (_, true) => "origin".to_owned(),
        (Some(credit), false) => format!("credits {credit}"),
        (None, false) => "–".to_owned(),
    }
}

pub fn comments(row: &Coverage) -> String {
    let flag = if row.comments_flag { " ⚑" } else { "" };
    let count = row.comments_count.map_or(String::new(), |n| format!(" {n}"));
    match row.comments_state {
        CommentState::Open => format!("open{count}"),
        CommentState::Closed => format!("closed{flag}"),
        CommentState::Hidden => "hidden".to_owned(),
        CommentState::None => "none".to_owned(),
        CommentState::Unknown => "–".to_owned(),
    }
}

/// The claim as far as it goes; where there is none, when it was seen.
pub fn published(item: &Instead) -> String {
    match &item.published {
        Some(claim) => durations::claimed(claim),
        None => format!("seen {}", durations::minute(item.first_seen_at)),
    }
}

/// What one edition has and another lacks: `KCNA (Korean page) against KCNA (English page): places 남포; numbers 30000`.
pub fn edition_gap(comparison: &Comparison, gap: &EditionGap) -> String {
    let names = format!(
        "{} against {}",
        label_of(comparison, &gap.source_id),
        label_of(comparison, &gap.other_id)
    );
    if gap.other_article_id.is_none() {
        let title = comparison.articles.iter().find(|article| article.id == gap.article_id);
        let title = title.map_or(gap.article_id.as_str(), |article| &article.title);
        return format!(
            "{names}: no counterpart of “{title}” ({})",
            edition_status(comparison, gap)
        );
    }
    let parts = edition_parts(gap);
    let said = if parts.is_empty() {
        "nothing that a rule would find".to_owned()
    } else {
        let parts = parts
            .into_iter()
            .map(|(name, texts)| format!("{name} {}", texts.join(", ")));
        parts.collect::<Vec<_>>().join("; ")
    };
    format!("{names}: {said}{}", edition_doubt(gap))
}

/// What the other edition did, where it has no counterpart.
pub fn edition_status(comparison: &Comparison, gap: &EditionGap) -> String {
    match row_of(comparison, &gap.other_id) {
        Some(row) if row.status == Status::Covered => "it has other articles of the story".to_owned(),
        Some(row) => status(row),
        None => "not laid out".to_owned(),
    }
}

/// Why something that was not found may stand there all the same.
pub fn edition_doubt(gap: &EditionGap) -> String {
    let mut doubts = Vec::new();
    if gap.other_text_access.is_some_and(|access| access != TextAccess::Full) {
        doubts.push("of the other no full text is held".to_owned());
    }
    if gap.quotes_untold > 0 {
        doubts.push(format!("{} quotations cannot be told", gap.quotes_untold));
    }
    if doubts.is_empty() {
        String::new()
    } else {
        format!(" ({})", doubts.join("; "))
    }
}

/// Each kind of thing with what of it one edition alone has.
pub fn edition_parts(gap: &EditionGap) -> Vec<(&'static str, Vec<String>)> {
    let kinds = [
        (OnlyKind::Actor, "names"),
        (OnlyKind::Place, "places"),
        (OnlyKind::Concept, "words for"),
        (OnlyKind::Number, "numbers"),
        (OnlyKind::Quote, "quotations"),
    ];
    let text = |only: &EditionOnly| {
        let text = match (only.kind, &only.speaker) {
            (OnlyKind::Concept, _) => only.id.clone().unwrap_or_default(),
            (OnlyKind::Quote, Some(speaker)) => format!("“{}” ({speaker})", only.text),
            (OnlyKind::Quote, None) => format!("“{}”", only.text),
            _ => only.text.clone(),
        };
        match only.elsewhere {
            Some(_) => format!("{text} (in another of its articles)"),
            None => text,
        }
    };
    let mut parts = Vec::new();
    for (kind, name) in kinds {
        let texts: Vec<String> = gap.only.iter().filter(|only| only.kind == kind).map(text).collect();
        if !texts.is_empty() {
            parts.push((name, texts));
        }
    }
    parts
}

/// Of which languages too little is held to say which words an outlet prefers.
pub fn too_few(comparison: &Comparison) -> Option<String> {
    let rows = comparison.evidence.keyness.iter().filter(|row| row.refused.is_some());
    let refused: Vec<String> = rows.map(|row| format!("{} {}", row.lang, row.base.articles)).collect();
    (!refused.is_empty()).then(|| {
        format!(
            "too few articles to say anything of: {} (5 on either side are needed, reprints left out)",
            refused.join(", ")
        )
    })
}

/// A sentence that is told: one that both quotes and says what was agreed is one.
pub struct Told<'a> {
    pub quote: &'a Quote,
    pub kinds: Vec<&'static str>,
    /// What one part of the press alone says in it.
    pub only: Option<String>,
}

/// What is quoted, told and agreed, each sentence once, in the order of the articles and their texts.
pub fn told(comparison: &Comparison) -> Vec<Told<'_>> {
    let mut all: Vec<Told<'_>> = Vec::new();
    for quote in &comparison.evidence.quotes {
        let kind = match quote.kind {
            QuoteKind::Quote => "quoted",
            QuoteKind::Indirect => "indirect",
            QuoteKind::Agreement => "agreement",
            QuoteKind::Words => continue,
        };
        let only = only_in(comparison, quote);
        match all.last_mut().filter(|last| last.quote.place == quote.place) {
            Some(last) => {
                last.kinds.push(kind);
                last.only = only.or(last.only.take());
                if last.quote.speaker.is_none() {
                    last.quote = quote;
                }
            }
            None => all.push(Told {
                quote,
                kinds: vec![kind],
                only,
            }),
        }
    }
    all
}

/// What one part of the press alone says was agreed: `only in zh: diplomatic-relations`.
pub fn only_in(comparison: &Comparison, quote: &Quote) -> Option<String> {
    let part = quote.only_in_group.as_deref()?;
    let whose = match part.split_once(':') {
        Some(("source", id)) => label_of(comparison, id),
        Some(("group", group)) => format!("the group {group}"),
        Some(("ownership", kind)) => format!("outlets of ownership {kind}"),
        Some((_, name)) => name.to_owned(),
        None => part.to_owned(),
    };
    Some(format!("only in {whose}: {}", quote.only_concepts.join(", ")))
}

/// `+cordial 2`, `−bizarre 1`
pub fn judging(word: &ToneWord) -> String {
    let sign = if word.positive { '+' } else { '−' };
    format!("{sign}{} {}", word.word, word.count)
}

/// `formula ×5`, where its headline is one of several made alike.
pub fn formula(item: &Instead) -> Option<String> {
    item.formula_count_365d.map(|n| format!("formula ×{n}"))
}

/// What the signs in the table mean, as far as they occur in it.
pub fn notes(comparison: &Comparison) -> Vec<String> {
    let rows = &comparison.sources;
    let mut notes = Vec::new();
    if let Some(p) = rows.iter().find_map(|row| row.length_pctl_outlet) {
        notes.push(format!(
            "p{p}: longer than {p} % of what the outlet itself ran in the last 90 days"
        ));
    }
    if rows
        .iter()
        .any(|row| matches!(row.status, Status::Silent | Status::NotYet))
    {
        notes.push(
            "A: silence proven; B: every look was good, but something is missing from the proof; C: looks failed or items may \
             have scrolled away"
                .to_owned(),
        );
    }
    if let Some(n) = comparison.instead.iter().find_map(|item| item.formula_count_365d) {
        notes.push(format!(
            "formula ×{n}: one of {n} headlines of the outlet by the same formula within 365 days"
        ));
    }
    for row in rows.iter().filter(|row| row.comments_flag) {
        let base = row.comments_open_base.as_deref().unwrap_or_default();
        let (open, known) = base.split_once('/').unwrap_or((base, base));
        notes.push(format!(
            "⚑ {}: comments are closed here, and open on {open} of its {known} other articles",
            label(row)
        ));
    }
    notes
}
