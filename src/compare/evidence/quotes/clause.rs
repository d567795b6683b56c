//! Clauses of a sentence, as far as punctuation tells them.

use std::ops::Range;

use super::super::lists::{List, Mark};
use super::super::reading::Laid;

/// Does a clause end between the unit before and this one?
pub fn breaks(laid: &Laid<'_>, unit: usize) -> bool {
    laid.gap(unit).contains(|c: char| {
        matches!(
            c,
            ',' | ';'
                | ':'
                | '.'
                | '!'
                | '?'
                | '…'
                | '('
                | ')'
                | '«'
                | '»'
                | '“'
                | '”'
                | '"'
                | '„'
                | '—'
                | '–'
                | '\n'
                | '，'
                | '；'
                | '：'
                | '。'
                | '！'
                | '？'
                | '（'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '\u{3000}'
        )
    })
}

/// Is there a comma between the unit before and this one?
pub fn comma(laid: &Laid<'_>, unit: usize) -> bool {
    laid.gap(unit).contains([',', '，'])
}

/// The units of the clause that ends before `end` (whether a mark stands there or not) and begins no earlier than `from`.
pub fn before(laid: &Laid<'_>, from: usize, end: usize) -> Range<usize> {
    let mut start = end;
    while start > from && !(start < end && breaks(laid, start)) {
        start -= 1;
    }
    start..end
}

/// The mark of a list that begins at this unit.
pub fn mark_at<'l>(laid: &'l Laid<'_>, list: List, unit: usize) -> Option<&'l Mark> {
    let from = laid.marks.partition_point(|mark| mark.units.start < unit);
    let here = laid
        .marks
        .get(from..)?
        .iter()
        .take_while(|mark| mark.units.start == unit);
    here.into_iter().find(|mark| mark.list == list)
}

/// The bytes of these units, with an elided article before them: l’ancien ministre.
pub fn bytes(laid: &Laid<'_>, units: Range<usize>) -> Option<Range<usize>> {
    if units.is_empty() {
        return None;
    }
    let mut bytes = laid.bytes(units.clone());
    let gap = laid.gap(units.start);
    let elided = ["l’", "l'", "L’", "L'"]
        .into_iter()
        .find(|article| gap.ends_with(article));
    bytes.start -= elided.map_or(0, str::len);
    Some(bytes)
}
