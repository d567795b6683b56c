//! Headlines side by side: who stands first, what is hedged, what stands in quotation marks.
//!
//! Takes a title with its list words and names, gives signs at their places. Never says what they are worth.

use super::lists::List;
use super::reading::Laid;
use crate::compare::{Input, Matched, matches};
use crate::model::LengthUnit;
use crate::model::evidence::{Headline, HeadlineSigns, Sign};
use crate::text::quotations::quoted;
use crate::text::script::{han_count, words};

pub fn signs(lang: &str, title: &Laid<'_>) -> HeadlineSigns {
    let sign = |kind: &str, bytes: std::ops::Range<usize>| Sign {
        kind: kind.to_owned(),
        text: title.text.get(bytes.clone()).unwrap_or_default().to_owned(),
        start: title.chars.at(bytes.start),
        end: title.chars.at(bytes.end),
    };
    let of_list = |list: List| {
        let marks = title.marks.iter().filter(move |mark| mark.list == list);
        marks.map(|mark| sign(mark.sort, title.bytes(mark.units.clone())))
    };
    let mut hedges: Vec<Sign> = of_list(List::Hedge).collect();
    for unit in conditionals(lang, title) {
        let sign = sign("conditional", title.bytes(unit..unit + 1));
        if !hedges.iter().any(|known| known.start == sign.start) {
            hedges.push(sign);
        }
    }
    hedges.sort_by_key(|sign| sign.start);
    let named = |concepts: bool| {
        let mut signs: Vec<Sign> = Vec::new();
        for name in title.names.iter().filter(|name| name.concept == concepts) {
            if !signs.iter().any(|known| known.kind == name.actor) {
                signs.push(sign(&name.actor, name.start..name.end));
            }
        }
        signs
    };
    let (length, length_unit) = length(lang, title);
    HeadlineSigns {
        actors: named(false),
        concepts: named(true),
        hedges,
        quoted: quoted(title.text)
            .into_iter()
            .map(|span| sign(span.kind, span.inside))
            .collect(),
        question: is_question(lang, title.text),
        unnamed: of_list(List::Unnamed).collect(),
        person_named: title.names.iter().any(|name| name.person),
        length,
        length_unit,
    }
}

fn length(lang: &str, title: &Laid<'_>) -> (u32, LengthUnit) {
    if matches!(lang, "zh" | "ja") {
        return (han_count(title.text), LengthUnit::Han);
    }
    (words(title.text), LengthUnit::Words)
}

fn is_question(lang: &str, title: &str) -> bool {
    let closing = |c: char| c.is_whitespace() || matches!(c, '»' | '”' | '"' | '」' | '』' | '’');
    let end = title.trim_end_matches(closing);
    let asks = match lang {
        "zh" => ["是否", "为何", "為何", "为什么", "為什麼", "吗", "嗎", "能否", "会否"]
            .iter()
            .any(|word| title.contains(word)),
        "ko" => end.ends_with('까') || end.starts_with("왜 "),
        _ => false,
    };
    asks || end.ends_with(['?', '？', '؟'])
}

/// French conditionals, by their endings: "aurait", "serait", "ouvriraient". An imperfect of a verb whose stem ends in r
/// looks alike, and is told by the letter before: "préparait", "considérait".
fn conditionals(lang: &str, title: &Laid<'_>) -> Vec<usize> {
    if lang != "fr" {
        return Vec::new();
    }
    let is_one = |unit: &usize| {
        let bytes = title.bytes(*unit..*unit + 1);
        let word = title.text.get(bytes).unwrap_or_default().to_lowercase();
        let Some(stem) = word.strip_suffix("ait").or_else(|| word.strip_suffix("aient")) else {
            return false;
        };
        let whole = [
            "aur",
            "saur",
            "ir",
            "finir",
            "choisir",
            "agir",
            "réunir",
            "partir",
            "sortir",
            "servir",
            "établir",
            "fournir",
            "réussir",
            "garantir",
            "offrir",
            "ouvrir",
            "souffrir",
            "découvrir",
        ];
        let imperfect = [
            "livr", "délivr", "ouvr", "couvr", "découvr", "entr", "montr", "rencontr",
        ];
        whole.contains(&stem)
            || ["er", "dr", "vr", "rr", "ttr", "croîtr", "naîtr", "paraîtr"]
                .iter()
                .any(|end| stem.ends_with(end))
                && !imperfect.iter().any(|end| stem.ends_with(end))
                && stem.chars().count() > 2
    };
    (0..title.plain.units().len()).filter(is_one).collect()
}

pub fn rows(input: &Input) -> Vec<Headline> {
    let row = |matched: &Matched| {
        let article = &matched.article;
        let first = matched
            .versions
            .first()
            .map_or(&article.title, |version| &version.title);
        let changed = *first != article.title;
        // The latest run of versions with the present title began when that was put up.
        let other = matched
            .versions
            .iter()
            .rposition(|version| version.title != article.title);
        let put_up = other.and_then(|at| matched.versions.get(at + 1));
        Headline {
            source_id: article.source.clone(),
            article_id: article.id.clone(),
            lang: article.lang.clone(),
            first: first.clone(),
            now: changed.then(|| article.title.clone()),
            changed_at: put_up.filter(|_| changed).map(|version| version.seen_at),
            signs: matched.facts.signs.clone(),
            first_signs: matched.facts.first_signs.clone().filter(|_| changed),
        }
    };
    matches(input).map(row).collect()
}
