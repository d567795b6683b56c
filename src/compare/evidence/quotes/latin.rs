//! Who said it, in French and English.
//!
//! Takes a quotation and its sentence, finds a verb of speech beside it, and its subject: before the verb (`X a déclaré`,
//! `X said`), or behind it (`« … », a déclaré X`, `assure X,`, `said X`).

use std::ops::Range;

use super::super::lists::List;
use super::super::reading::Laid;
use super::{Attribution, clause, spoken};
use crate::text::quotations::Quoted;

/// Words between a quotation and the verb behind it.
const NEAR: usize = 8;
/// Words of a subject.
const LONGEST: usize = 12;

/// Auxiliaries and the small words that stand between a subject and its verb.
const AUXILIARIES: [&str; 34] = [
    "a", "ont", "avait", "avaient", "aura", "ait", "est", "s", "se", "t", "y", "en", "lui", "leur", "l", "n", "ne",
    "has", "have", "had", "was", "is", "will", "be", "been", "also", "later", "who", "qui", "et", "and", "however",
    "then", "pas",
];

pub fn attribute(
    lang: &str,
    laid: &Laid<'_>,
    spans: &[Quoted],
    span: &Quoted,
    context: &Range<usize>,
) -> Option<Attribution> {
    let end = laid.units(&(span.outside.end..context.end)).start;
    let behind = spoken(laid, List::Say, &(span.outside.end..context.end), spans)
        .find(|mark| mark.units.start < end + NEAR && !clause_ends(laid, end, mark.units.start));
    if let Some(mark) = behind
        && let Some(found) = around(lang, laid, context, mark.units.clone(), Some(end))
    {
        return Some(found);
    }
    let ahead = spoken(laid, List::Say, &(context.start..span.outside.start), spans).next_back();
    if let Some(mark) = ahead
        && let Some(found) = around(lang, laid, context, mark.units.clone(), None)
    {
        return Some(found);
    }
    let source = spoken(laid, List::According, &(context.start..context.end), spans).next();
    source.and_then(|mark| according(laid, context, mark.units.clone()))
}

/// `selon X`
pub fn according(laid: &Laid<'_>, context: &Range<usize>, mark: Range<usize>) -> Option<Attribution> {
    let limit = laid.units(context).end;
    let speaker = behind(laid, mark.end, limit)?;
    Some(Attribution {
        speaker: not_pronoun(laid, speaker),
        verb: mark,
        rule: "according to",
    })
}

/// Further than a comma from the quotation, a verb is of another clause.
fn clause_ends(laid: &Laid<'_>, from: usize, to: usize) -> bool {
    (from + 1..=to).any(|unit| laid.gap(unit).contains([';', ':', '.', '!', '?', '\n', '«', '“', '"']))
}

/// The subject of a verb of speech. `quote_end` is the first unit behind the quotation, where the verb stands behind it.
pub fn around(
    lang: &str,
    laid: &Laid<'_>,
    context: &Range<usize>,
    verb: Range<usize>,
    quote_end: Option<usize>,
) -> Option<Attribution> {
    if noun(laid, verb.start) {
        return None;
    }
    let all = laid.units(context);
    let floor = quote_end.unwrap_or(all.start);
    // The verb with its auxiliaries: a-t-il déclaré, has also said.
    let mut start = verb.start;
    let mut pronoun = false;
    while start > floor && !clause::breaks(laid, start) {
        let before = laid.plain.folded(start - 1);
        let is_pronoun = clause::mark_at(laid, List::Pronoun, start - 1).is_some();
        let small = AUXILIARIES.contains(&before) || clause::mark_at(laid, List::Between, start - 1).is_some();
        if !small && !is_pronoun {
            break;
        }
        pronoun |= is_pronoun;
        start -= 1;
    }
    let attribution = |speaker: Option<Range<usize>>, rule: &'static str| Attribution {
        speaker,
        verb: verb.clone(),
        rule,
    };
    // "dit-il"
    let inverted =
        clause::mark_at(laid, List::Pronoun, verb.end).is_some() && laid.gap(verb.end).trim_matches('-').is_empty();
    let hyphen = laid.gap(verb.end).contains('-');
    if pronoun || inverted && (hyphen || lang == "en") {
        return Some(attribution(None, "pronoun and verb"));
    }
    let open = start == floor || clause::breaks(laid, start);
    if open {
        // Nothing stands before the verb: its subject is behind it, or before an insertion between commas.
        if let Some(speaker) = behind(laid, verb.end, all.end) {
            return Some(attribution(not_pronoun(laid, speaker), "verb and subject"));
        }
        if quote_end.is_none() && clause::comma(laid, start) {
            let insertion = clause::before(laid, floor, start);
            // Behind a colon ("UPDATE: the paper …, and says") it is no insertion.
            if !clause::comma(laid, insertion.start) {
                return None;
            }
            let subject = clause::before(laid, floor, insertion.start);
            let speaker = noun_phrase(laid, subject)?;
            return Some(attribution(not_pronoun(laid, speaker), "subject, insertion, verb"));
        }
        return None;
    }
    let speaker = noun_phrase(laid, clause::before(laid, floor, start))?;
    Some(attribution(not_pronoun(laid, speaker), "subject and verb"))
}

/// Is it a noun here: l'annonce, a report, the claims of?
pub fn noun(laid: &Laid<'_>, unit: usize) -> bool {
    let articles = [
        "la", "le", "les", "une", "un", "des", "cette", "ce", "ces", "sa", "son", "ses", "leur", "leurs", "the", "an",
        "this", "these", "its", "his", "her", "their", "of", "de", "du", "no", "any", "to", "not",
    ];
    let gap = laid.gap(unit);
    let elided = gap.ends_with("l’") || gap.ends_with("l'") || gap.ends_with("d’") || gap.ends_with("d'");
    // "Et Jack Lang d’ajouter" has no form of the list; "d’après" is in another one.
    elided
        || unit
            .checked_sub(1)
            .is_some_and(|before| !clause::breaks(laid, unit) && articles.contains(&laid.plain.folded(before)))
}

/// The subject behind a verb: from the first word that can begin one to where a clause or a noun phrase ends.
fn behind(laid: &Laid<'_>, from: usize, limit: usize) -> Option<Range<usize>> {
    let mut start = from;
    while start < limit && !(start > from && clause::breaks(laid, start)) {
        match clause::mark_at(laid, List::Between, start) {
            Some(mark) => start = mark.units.end,
            None => break,
        }
    }
    if start >= limit || clause::breaks(laid, start) {
        return None;
    }
    let mut end = start;
    while end < limit && end - start < LONGEST && !(end > start && clause::breaks(laid, end)) {
        let stops = clause::mark_at(laid, List::Stop, end).is_some() && !in_a_name(laid, end);
        if stops || is_que(laid, end) || end > start && clause::mark_at(laid, List::Say, end).is_some() {
            break;
        }
        end += 1;
    }
    while end > start && clause::mark_at(laid, List::Between, end - 1).is_some() {
        end -= 1;
    }
    trimmed(laid, start..end)
}

/// The subject before a verb: what its clause ends in.
fn noun_phrase(laid: &Laid<'_>, clause: Range<usize>) -> Option<Range<usize>> {
    let mut start = clause.start;
    // "Mais", "À Paris", "mercredi": what leads the clause in.
    while start < clause.end {
        let conjunction = [
            "mais", "or", "car", "and", "but", "yet", "so", "donc", "puis", "et", "que", "that",
        ];
        if let Some(mark) = clause::mark_at(laid, List::Between, start) {
            start = mark.units.end;
        } else if conjunction.contains(&laid.plain.folded(start)) {
            start += 1;
        } else {
            break;
        }
    }
    let mut units = start..clause.end;
    if units.len() > LONGEST
        || clause::mark_at(laid, List::Stop, units.start).is_some() && !in_a_name(laid, units.start)
    {
        // Too much for a subject: the name that stands last in it, if there is one.
        let bytes = laid.bytes(units.clone());
        let inside = |name: &&crate::model::evidence::NameAt| {
            !name.concept && bytes.start <= name.start && name.end <= bytes.end
        };
        let name = laid.names.iter().rev().find(inside)?;
        units = laid.units(&(name.start..name.end));
    }
    trimmed(laid, units)
}

/// A word where subjects end may stand in a name: Maison de la culture à Pyongyang.
fn in_a_name(laid: &Laid<'_>, unit: usize) -> bool {
    let bytes = laid.bytes(unit..unit + 1);
    laid.names
        .iter()
        .any(|name| !name.concept && name.start < bytes.start && bytes.end < name.end)
}

/// "qu’il": the elided word is no unit of its own.
pub fn is_que(laid: &Laid<'_>, unit: usize) -> bool {
    let gap = laid.gap(unit);
    ["qu’", "qu'", "Qu’", "Qu'"].iter().any(|que| gap.ends_with(que))
}

/// A subject has a letter, and is more than an article.
fn trimmed(laid: &Laid<'_>, units: Range<usize>) -> Option<Range<usize>> {
    let article =
        |unit: usize| ["le", "la", "les", "un", "une", "des", "the", "a", "an"].contains(&laid.plain.folded(unit));
    (units.len() > 1 || units.len() == 1 && !article(units.start)).then_some(units)
}

fn not_pronoun(laid: &Laid<'_>, units: Range<usize>) -> Option<Range<usize>> {
    let pronoun = clause::mark_at(laid, List::Pronoun, units.start).is_some_and(|mark| mark.units.end >= units.end);
    if pronoun { None } else { clause::bytes(laid, units) }
}
