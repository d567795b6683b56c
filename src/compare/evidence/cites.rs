//! Who cites whom: outlets and agencies that an article names as where it has it from.
//!
//! Takes an article with its list words, gives each outlet with the words that make it a source. Naming an outlet is not
//! citing it: a word of reporting must stand beside the name, in the same sentence.

use std::ops::Range;

use super::lists::{List, Mark};
use super::outlets::{self, OutletAt};
use super::reading::{Laid, Reading};
use super::{Facts, SourceInput};
use crate::model::article::Field;
use crate::model::evidence::{Cite, CiteKind, Place};

/// Words, or characters of an unspaced script, that may stand between a name and the word of reporting beside it.
const WORDS: usize = 3;
const CHARS: usize = 8;

/// `own` is the outlet that the article is itself of.
pub fn find(reading: &Reading<'_>, own: Option<&str>) -> Vec<Cite> {
    let mut found: Vec<Cite> = Vec::new();
    for laid in &reading.fields {
        let named = outlets::named(laid.text, laid.plain);
        let press = laid
            .marks
            .iter()
            .filter(|mark| mark.list == List::Press)
            .map(|mark| OutletAt {
                id: "",
                units: mark.units.clone(),
            });
        for outlet in named.into_iter().filter(|outlet| Some(outlet.id) != own).chain(press) {
            let Some(rule) = beside(laid, &outlet.units) else {
                continue;
            };
            let bytes = laid.bytes(outlet.units.clone());
            let text = laid.text.get(bytes.clone()).unwrap_or_default();
            let (cited, kind) = match outlet.id {
                "" => (text, CiteKind::Unnamed),
                id => (id, CiteKind::Named),
            };
            found.push(Cite {
                source_id: reading.article.source.clone(),
                cited: cited.to_owned(),
                text: text.to_owned(),
                kind,
                rule: rule.to_owned(),
                place: reading.place(laid, bytes),
            });
        }
    }
    found.sort_by_key(|cite| (cite.place.field, cite.place.start));
    found.extend(credit(reading, own));
    found
}

/// The credit line: found by the reader of pages, which keeps the name and not the place.
fn credit(reading: &Reading<'_>, own: Option<&str>) -> Option<Cite> {
    let credit = reading.article.credit.as_ref()?;
    let id = outlets::by_name(credit).unwrap_or(credit);
    (Some(id) != own).then(|| Cite {
        source_id: reading.article.source.clone(),
        cited: id.to_owned(),
        text: credit.clone(),
        kind: CiteKind::Credit,
        rule: "credit line".to_owned(),
        place: Place {
            article_id: reading.article.id.clone(),
            version: reading.version,
            field: Field::Body,
            start: 0,
            end: 0,
            position: 0,
        },
    })
}

/// The rule by which these units are a source: `selon X`, `X reported`, `told X`.
fn beside(laid: &Laid<'_>, units: &Range<usize>) -> Option<&'static str> {
    let sentence = laid.sentence_at(laid.bytes(units.clone()).start)?;
    let within = laid.units(laid.sentences.get(sentence)?);
    let chars = laid
        .plain
        .units()
        .get(units.start)
        .is_some_and(|unit| unit.kind.is_char());
    let most = if chars { CHARS } else { WORDS };
    let near = |mark: &&Mark| within.start <= mark.units.start && mark.units.end <= within.end;
    let marks = || laid.marks.iter().filter(near);
    let before = |mark: &Mark| mark.units.end <= units.start && units.start - mark.units.end <= most;
    let after = |mark: &Mark| mark.units.start >= units.end && mark.units.start - units.end <= most;
    // Between the two, the clause must not end.
    let joined =
        |from: usize, to: usize| (from..=to).all(|unit| !laid.gap(unit).contains([',', ';', '，', '；', ':', '：']));
    if marks().any(|mark| mark.list == List::According && before(mark) && joined(mark.units.end, units.start)) {
        return Some("according to");
    }
    if marks().any(|mark| mark.list == List::Report && before(mark) && joined(mark.units.end, units.start)) {
        return Some("reported to or cited");
    }
    let says = |mark: &&Mark| matches!(mark.list, List::Report | List::Say | List::According);
    // Korean sets "according to" behind the name.
    if marks()
        .filter(says)
        .any(|mark| after(mark) && joined(units.end, mark.units.start))
    {
        return Some("reports");
    }
    None
}

/// `AFP;Xinhua`: each once, in the order of the articles.
pub fn cell(source: &SourceInput) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let all = source.matches.iter().flat_map(|matched| &matched.facts.cites);
    for cite in all {
        if !seen.contains(&cite.cited.as_str()) {
            seen.push(&cite.cited);
        }
    }
    seen.join(";")
}

/// Does an article name this outlet as its source?
pub fn names(facts: &Facts, outlet: &str) -> bool {
    facts.cites.iter().any(|cite| cite.cited == outlet)
}
