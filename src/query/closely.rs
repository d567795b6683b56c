//! What the index cannot tell, as a test of the text.
//!
//! Takes an expression with distances, stretches, numbers or exact words; gives the test, and the wider question that
//! the index can answer first. Never looks at a text.

use crate::model::query::{Expr, Needle, Rule, Test, Word};
use crate::text::places::typed_spelling;
use crate::text::tokens::query_tokens;

/// Does the index answer this in full?
pub(super) fn is_indexed(expr: &Expr) -> bool {
    match expr {
        Expr::Word(word) => !word.exact,
        Expr::Near { .. } | Expr::Within { .. } | Expr::AtLeast { .. } | Expr::Speaker(_) => false,
        Expr::Everything | Expr::Actor { .. } | Expr::Filter(_) | Expr::And(_) | Expr::Or(_) | Expr::Not(_) => true,
    }
}

/// Is it found out by reading the texts that the index finds, and by nothing else?
pub(super) fn is_read(expr: &Expr) -> bool {
    match expr {
        Expr::Word(word) => word.exact,
        Expr::Near { .. } | Expr::Within { .. } | Expr::AtLeast { .. } => true,
        _ => false,
    }
}

/// What must hold of every article that passes: the same without distances and letters.
pub fn wider(expr: &Expr) -> Expr {
    match expr {
        Expr::Near { left, right, .. } => Expr::And(vec![wider(left), wider(right)]),
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } | Expr::Speaker(part) => wider(part),
        Expr::Word(word) => Expr::Word(Word {
            exact: false,
            ..word.clone()
        }),
        // What one sentence must not hold, the article may.
        Expr::And(parts) => {
            let parts = parts.iter().filter(|part| !matches!(part, Expr::Not(_)));
            Expr::And(parts.map(wider).collect())
        }
        Expr::Or(parts) => Expr::Or(parts.iter().map(wider).collect()),
        Expr::Everything | Expr::Actor { .. } | Expr::Filter(_) | Expr::Not(_) => expr.clone(),
    }
}

/// The expression as a test. Depth is bounded by the parser.
pub fn test(expr: &Expr) -> Test {
    let mut test = Test::default();
    push(expr, &mut test);
    test
}

/// Several expressions as one test, and the rule that stands for each.
pub fn tests<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> (Test, Vec<usize>) {
    let mut test = Test::default();
    let roots = exprs.into_iter().map(|expr| push(expr, &mut test)).collect();
    (test, roots)
}

fn push(expr: &Expr, test: &mut Test) -> usize {
    let rule = match expr {
        Expr::Word(word) => Rule::Seek(seek(std::slice::from_ref(word), test)),
        Expr::Actor { names, .. } => Rule::Seek(seek(names, test)),
        Expr::And(parts) => Rule::All(parts.iter().map(|part| push(part, test)).collect()),
        Expr::Or(parts) => Rule::Any(parts.iter().map(|part| push(part, test)).collect()),
        Expr::Not(part) => Rule::Not(push(part, test)),
        Expr::Near {
            left,
            right,
            within,
            ordered,
        } => Rule::Near {
            left: push(left, test),
            right: push(right, test),
            within: *within,
            ordered: *ordered,
        },
        Expr::Within { stretch, part } => Rule::Within {
            stretch: *stretch,
            rule: push(part, test),
        },
        Expr::AtLeast { times, part } => Rule::AtLeast {
            times: *times,
            rule: push(part, test),
        },
        // The parser lets no filter in; of the text it says nothing.
        Expr::Everything | Expr::Filter(_) | Expr::Speaker(_) => Rule::All(Vec::new()),
    };
    test.rules.push(rule);
    test.rules.len() - 1
}

fn seek(words: &[Word], test: &mut Test) -> Vec<usize> {
    let mut numbers = Vec::new();
    for needle in words.iter().filter_map(needle) {
        let known = test.needles.iter().position(|known| *known == needle);
        numbers.push(known.unwrap_or(test.needles.len()));
        if known.is_none() {
            test.needles.push(needle);
        }
    }
    numbers
}

/// A word as the tokens to look for; `None` without one.
pub(super) fn needle(word: &Word) -> Option<Needle> {
    let query = query_tokens(&word.text);
    (!query.tokens.is_empty()).then(|| Needle {
        prefix: word.prefix || query.prefix,
        tokens: query.tokens,
        field: word.field,
        exact: if word.exact { typed_spelling(&word.text) } else { None },
        only: word.only,
    })
}
