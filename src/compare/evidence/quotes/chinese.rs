//! Who said it, in Chinese: X说：“…”, X在平壤对记者表示，“…”, “…”，X说。
//!
//! Takes a quotation and its sentence, finds a verb of speech that a mark of punctuation follows, and before it its
//! subject, which ends where an adverbial begins (在, 对, 15日).

use std::ops::Range;

use super::super::lists::List;
use super::super::reading::Laid;
use super::{Attribution, clause, spoken};
use crate::text::plain::UnitKind;
use crate::text::quotations::Quoted;

/// Characters of a subject.
const LONGEST: usize = 24;
/// Characters between a quotation and the verb behind it.
const NEAR: usize = 16;

pub fn attribute(laid: &Laid<'_>, spans: &[Quoted], span: &Quoted, context: &Range<usize>) -> Option<Attribution> {
    let ahead = spoken(laid, List::Say, &(context.start..span.outside.start), spans).next_back();
    let found = ahead.filter(|mark| speaks(laid, &mark.units)).and_then(|mark| {
        subject(laid, context, &mark.units).map(|speaker| Attribution {
            speaker,
            verb: mark.units.clone(),
            rule: "subject and verb",
        })
    });
    if found.is_some() {
        return found;
    }
    let end = laid.units(&(span.outside.end..context.end)).start;
    let behind = spoken(laid, List::Say, &(span.outside.end..context.end), spans)
        .find(|mark| mark.units.start < end + NEAR && speaks(laid, &mark.units))?;
    let after = span.outside.end..context.end;
    Some(Attribution {
        speaker: subject(laid, &after, &behind.units)?,
        verb: behind.units.clone(),
        rule: "quotation, subject and verb",
    })
}

/// A verb of one character (说, 称) tells of speech where a mark follows it; longer ones where no noun ending does.
pub fn speaks(laid: &Laid<'_>, verb: &Range<usize>) -> bool {
    let marked = verb.end >= laid.plain.units().len() || clause::breaks(laid, verb.end);
    marked || verb.len() > 1 && !["的", "了", "过", "书", "中", "会", "和", "与"].contains(&laid.plain.folded(verb.end))
}

/// The bytes of the subject; `Some(None)` for a pronoun, `None` where there is no subject.
pub fn subject(laid: &Laid<'_>, context: &Range<usize>, verb: &Range<usize>) -> Option<Option<Range<usize>>> {
    let floor = laid.units(context).start;
    // 发言人15日发表谈话，表示: the subject may stand a clause before.
    let clause = clause::before(laid, floor, verb.start);
    let mut start = clause.start;
    for lead in [
        "但是", "不过", "此外", "另外", "同时", "对此", "其中", "有", "但", "而", "据悉",
    ] {
        let length = lead.chars().count();
        if laid.plain.stretch(start, (start + length).min(clause.end)) == lead {
            // 有评论称: somebody, and nobody in particular.
            start += length;
            break;
        }
    }
    let cut = |unit: usize| {
        let number = laid
            .plain
            .units()
            .get(unit)
            .is_some_and(|unit| unit.kind == UnitKind::Number);
        number || clause::mark_at(laid, List::Stop, unit).is_some() && !in_a_name(laid, unit)
    };
    if start >= clause.end && start > clause.start {
        return None;
    }
    let end = (start + 1..clause.end).find(|unit| cut(*unit)).unwrap_or(clause.end);
    let units = start..end;
    if units.is_empty() || units.start >= clause.end {
        return None;
    }
    if clause::mark_at(laid, List::Pronoun, units.start).is_some_and(|mark| mark.units.end >= units.end) {
        return Some(None);
    }
    if units.len() > LONGEST {
        let bytes = laid.bytes(units);
        let inside = |name: &&crate::model::evidence::NameAt| {
            !name.concept && bytes.start <= name.start && name.end <= bytes.end
        };
        let name = laid.names.iter().rev().find(inside)?;
        return Some(Some(name.start..name.end));
    }
    Some(Some(laid.bytes(units)))
}

fn in_a_name(laid: &Laid<'_>, unit: usize) -> bool {
    let bytes = laid.bytes(unit..unit + 1);
    laid.names
        .iter()
        .any(|name| !name.concept && name.start <= bytes.start && bytes.end <= name.end)
}
