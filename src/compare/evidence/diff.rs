//! What changed between two texts: which words went, which came, and where.
//!
//! Takes two texts, gives the places of the changes in order. Never judges them.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::text::pieces::is_unspaced;

/// Bytes of the old text that became bytes of the new one; one of the two may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    pub before: Range<usize>,
    pub after: Range<usize>,
}

/// Above so many pairs of words, two stretches without a common paragraph are taken as wholly replaced.
const MOST_PAIRS: usize = 25_000_000;

/// The changes, those with nothing but a space between them as one.
pub fn replaced(before: &str, after: &str) -> Vec<Replaced> {
    let mut found: Vec<Replaced> = Vec::new();
    let (old, new) = (lines(before), lines(after));
    for (olds, news) in unequal(before, after, (&old, 0), (&new, 0)) {
        let words = (words(before, olds.clone()), words(after, news.clone()));
        if words.0.len().saturating_mul(words.1.len()) > MOST_PAIRS {
            found.push(Replaced {
                before: olds,
                after: news,
            });
            continue;
        }
        let changed = unequal(before, after, (&words.0, olds.start), (&words.1, news.start)).into_iter();
        for (olds, news) in changed {
            push(before, after, olds, news, &mut found);
        }
    }
    found
}

fn push(before: &str, after: &str, olds: Range<usize>, news: Range<usize>, found: &mut Vec<Replaced>) {
    let blank = |text: &str, from: usize, to: usize| {
        let between = text.get(from..to).unwrap_or("x");
        between.chars().all(char::is_whitespace) && !between.contains('\n')
    };
    if let Some(last) = found.last_mut()
        && blank(before, last.before.end, olds.start)
        && blank(after, last.after.end, news.start)
    {
        last.before.end = olds.end;
        last.after.end = news.end;
        return;
    }
    found.push(Replaced {
        before: olds,
        after: news,
    });
}

/// The stretches in which two sequences differ, as bytes; at an insertion the other side is the empty place of it. Each
/// sequence comes with the byte that it begins at.
fn unequal(
    before: &str,
    after: &str,
    old: (&[Range<usize>], usize),
    new: (&[Range<usize>], usize),
) -> Vec<(Range<usize>, Range<usize>)> {
    let slices = |text: &str, ranges: &[Range<usize>]| -> Vec<String> {
        let slice = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().to_owned();
        ranges.iter().map(slice).collect()
    };
    let bytes = |(ranges, first): (&[Range<usize>], usize), from: usize, length: usize| -> Range<usize> {
        let start = match ranges.get(from) {
            Some(range) => range.start,
            None => ranges.last().map_or(first, |last| last.end),
        };
        let last = (from + length).checked_sub(1).filter(|_| length > 0);
        start..last.and_then(|last| ranges.get(last)).map_or(start, |last| last.end)
    };
    let ops = capture_diff_slices(Algorithm::Myers, &slices(before, old.0), &slices(after, new.0));
    // The places that operations name may be those before another one was done; their lengths are what counts.
    let (mut at_old, mut at_new) = (0, 0);
    let mut changed = Vec::new();
    for op in ops {
        let (olds, news) = (op.old_range().len(), op.new_range().len());
        if op.tag() != DiffTag::Equal {
            changed.push((bytes(old, at_old, olds), bytes(new, at_new, news)));
        }
        at_old += olds;
        at_new += news;
    }
    changed
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let cut = text.split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()..at
    });
    cut.collect()
}

/// Words, characters of unspaced scripts, runs of space, and every other sign alone.
fn words(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    #[derive(PartialEq)]
    enum Sort {
        Letters,
        Space,
        Alone,
    }
    let sort = |c: char| match c {
        c if is_unspaced(c) => Sort::Alone,
        c if c.is_alphanumeric() => Sort::Letters,
        c if c.is_whitespace() => Sort::Space,
        _ => Sort::Alone,
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut last = Sort::Alone;
    for (at, c) in text.get(within.clone()).unwrap_or_default().char_indices() {
        let at = within.start + at;
        let this = sort(c);
        match found.last_mut().filter(|_| this == last && this != Sort::Alone) {
            Some(word) => word.end = at + c.len_utf8(),
            None => found.push(at..at + c.len_utf8()),
        }
        last = this;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changes<'t>(before: &'t str, after: &'t str) -> Vec<(&'t str, &'t str)> {
        let found = replaced(before, after);
        found
            .into_iter()
            .map(|change| (&before[change.before], &after[change.after]))
            .collect()
    }

    #[test]
    fn words_that_went_and_came() {
        assert_eq!(changes("Un accord flou.", "Un accord clair."), [("flou", "clair")]);
        assert_eq!(changes("Un accord.", "Un bel accord."), [("", "bel ")]);
        assert_eq!(
            changes("法国同意加深合作", "法国拟加深文化合作"),
            [("同意", "拟"), ("", "文化")]
        );
        assert_eq!(changes("Un.\n\nTrois.", "Un.\n\nDeux.\n\nTrois."), [("", "Deux.\n\n")]);
        assert_eq!(changes("a b c d", "a x y d"), [("b c", "x y")]);
        assert_eq!(changes("même", "même"), []);
        assert_eq!(changes("", "tout"), [("", "tout")]);
    }

    proptest! {
        #[test]
        fn the_new_text_is_the_old_one_with_its_changes(before in "[ab法国 .\n]{0,30}", after in "[ab法国 .\n]{0,30}") {
            let mut made = String::new();
            let mut at = 0;
            for change in replaced(&before, &after) {
                made.push_str(&before[at..change.before.start]);
                made.push_str(&after[change.after]);
                at = change.before.end;
            }
            made.push_str(&before[at..]);
            prop_assert_eq!(made, after);
        }
    }
}
