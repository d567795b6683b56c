//! Expression to condition: text leaves become MATCH expressions of SQLite's FTS5.
//!
//! Takes an expression, gives a condition and the needles to mark. Every token is quoted here, so nothing
//! that was typed reaches FTS5 as syntax.

use std::collections::HashSet;

use super::closely;
use super::print::print;
use crate::model::query::{Asked, Condition, Expr, Filter, Needle, Only, Test, Word};
use crate::text::signs::{capitals_sign, pair_sign};
use crate::text::tokens::query_tokens;

/// Parentheses within one MATCH expression: FTS5's parser has a stack of 100 entries, three to a level.
const MAX_NESTING: usize = 16;
/// Words joined by OR that are asked of the index at once. FTS5 asks each of every article that any of them finds, so
/// that more are quicker asked one after another.
const MOST_TOGETHER: usize = 64;
/// More needles than anybody can look at.
const MAX_NEEDLES: usize = 2000;

/// What the store is to evaluate.
pub fn plan(expr: &Expr) -> Condition {
    if let Some(text) = Text::of(expr) {
        return Condition::Match(text.expression);
    }
    match expr {
        Expr::Everything => Condition::Everything,
        Expr::Filter(Filter::Story(_)) => Condition::Unanswered("story:"),
        Expr::Filter(Filter::Formula) => Condition::Unanswered("is:formula"),
        Expr::Filter(filter) => Condition::Filter(filter.clone()),
        Expr::Speaker(_) => Condition::Unanswered("speaker:"),
        Expr::Not(part) => Condition::Not(Box::new(plan(part))),
        Expr::And(parts) => all(parts),
        Expr::Or(parts) => any(parts),
        // Without a token there is nothing to find. The parser leaves such words out.
        Expr::Word(word) if !word.exact => Condition::Any(Vec::new()),
        Expr::Actor { .. } => Condition::Any(Vec::new()),
        Expr::Word(_) | Expr::Near { .. } | Expr::Within { .. } | Expr::AtLeast { .. } => {
            at_one_reading(std::slice::from_ref(expr), true)
        }
    }
}

/// Text goes into one MATCH, with what is to be taken from it; what is asked of the texts is asked at one reading; the
/// rest is evaluated beside them.
fn all(parts: &[Expr]) -> Condition {
    let (mut found, mut taken) = (Vec::new(), Vec::new());
    let (mut read, mut rest) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Expr::Not(inner) => match Text::of(inner) {
                Some(text) => taken.push(text),
                None => rest.push(plan(part)),
            },
            _ if closely::is_read(part) => read.push(part.clone()),
            _ => match Text::of(part) {
                Some(text) => found.push(text),
                None => rest.push(plan(part)),
            },
        }
    }
    let mut conditions = Vec::new();
    match (Text::join(found, " AND "), Text::join(taken, " OR ")) {
        (Some(found), Some(taken)) => conditions.push(Condition::Match(found.without(taken).expression)),
        (Some(found), None) => conditions.push(Condition::Match(found.expression)),
        // FTS5's NOT takes from something; alone it is a syntax error.
        (None, Some(taken)) => conditions.push(Condition::Not(Box::new(Condition::Match(taken.expression)))),
        (None, None) => {}
    }
    conditions.append(&mut rest);
    if !read.is_empty() {
        conditions.push(at_one_reading(&read, true));
    }
    single(conditions, Condition::All)
}

fn any(parts: &[Expr]) -> Condition {
    let (mut found, mut read, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        if closely::is_read(part) {
            read.push(part.clone());
            continue;
        }
        match Text::of(part) {
            Some(text) => found.push(text),
            None => rest.push(plan(part)),
        }
    }
    let text = if found.iter().map(|text| text.words).sum::<usize>() > MOST_TOGETHER {
        let mut seen = HashSet::new();
        let each = found.into_iter().map(|text| text.expression);
        Some(Condition::Matches(
            each.filter(|each| seen.insert(each.clone())).collect(),
        ))
    } else {
        Text::join(found, " OR ").map(|text| Condition::Match(text.expression))
    };
    let mut conditions: Vec<Condition> = text.into_iter().chain(rest).collect();
    if !read.is_empty() {
        conditions.push(at_one_reading(&read, false));
    }
    single(conditions, Condition::Any)
}

/// Parts that are read in the texts, all of them or one: each text is read once, whatever is asked of it.
fn at_one_reading(parts: &[Expr], all: bool) -> Condition {
    let mut seen = HashSet::new();
    let parts: Vec<&Expr> = parts.iter().filter(|part| seen.insert(print(part))).collect();
    let (test, rules) = closely::tests(parts.iter().copied());
    let mut wider: Vec<Expr> = Vec::new();
    for part in parts {
        match closely::wider(part) {
            Expr::And(words) if all => wider.extend(words),
            Expr::Or(words) if !all => wider.extend(words),
            word => wider.push(word),
        }
    }
    let whole = match wider.len() {
        1 => wider.remove(0),
        _ if all => Expr::And(wider),
        _ => Expr::Or(wider),
    };
    Condition::Holds {
        among: Box::new(plan(&whole)),
        asked: Asked { test, rules, all },
    }
}

fn single(mut conditions: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match conditions.len() {
        1 => conditions.pop().unwrap_or(Condition::Everything),
        _ => several(conditions),
    }
}

/// A MATCH expression.
struct Text {
    expression: String,
    /// Depth of its parentheses.
    depth: usize,
    /// One operand, that needs no parentheses beside an operator.
    atomic: bool,
    /// Words and phrases in it.
    words: usize,
}

impl Text {
    /// The whole of an expression as one MATCH, where FTS5 can say it.
    fn of(expr: &Expr) -> Option<Text> {
        if !closely::is_indexed(expr) {
            return None;
        }
        match expr {
            Expr::Word(word) => Text::word(word),
            Expr::Actor { names, .. } => Text::join(names.iter().filter_map(Text::word).collect(), " OR "),
            Expr::Or(parts) => {
                let parts: Option<Vec<Text>> = parts.iter().map(Text::of).collect();
                Text::join(parts?, " OR ").filter(|text| text.words <= MOST_TOGETHER)
            }
            Expr::And(parts) => {
                let (mut found, mut taken) = (Vec::new(), Vec::new());
                for part in parts {
                    match part {
                        Expr::Not(inner) => taken.push(Text::of(inner)?),
                        _ => found.push(Text::of(part)?),
                    }
                }
                let found = Text::join(found, " AND ")?;
                match Text::join(taken, " OR ") {
                    Some(taken) => Some(found.without(taken)),
                    None => Some(found),
                }
                .filter(|text| text.depth <= MAX_NESTING)
            }
            Expr::Everything | Expr::Filter(_) | Expr::Not(_) => None,
            Expr::Near { .. } | Expr::Within { .. } | Expr::AtLeast { .. } | Expr::Speaker(_) => None,
        }
        .filter(|text| text.depth <= MAX_NESTING)
    }

    fn word(word: &Word) -> Option<Text> {
        let query = query_tokens(&word.text);
        if query.tokens.is_empty() {
            return None;
        }
        let column = word
            .field
            .map_or(String::new(), |field| format!("{{{}}}: ", field.as_str()));
        let phrase = match word.only {
            None => query.tokens.join(" ").replace('"', "\"\""),
            Some(Only::Pair) => pair_sign(&query.tokens.concat()),
            Some(Only::Capitals) => capitals_sign(&query.tokens.concat()),
        };
        let star = if word.prefix || query.prefix { " *" } else { "" };
        Some(Text {
            expression: format!("{column}\"{phrase}\"{star}"),
            depth: 0,
            atomic: true,
            words: 1,
        })
    }

    fn join(mut parts: Vec<Text>, operator: &str) -> Option<Text> {
        let mut seen = HashSet::new();
        parts.retain(|part| seen.insert(part.expression.clone()));
        if parts.len() < 2 {
            return parts.pop();
        }
        let words = parts.iter().map(|part| part.words).sum();
        let depth = parts.iter().map(Text::depth_as_operand).max().unwrap_or(0);
        let parts: Vec<String> = parts.into_iter().map(Text::operand).collect();
        Some(Text {
            expression: parts.join(operator),
            depth,
            atomic: false,
            words,
        })
    }

    fn without(self, taken: Text) -> Text {
        Text {
            depth: self.depth_as_operand().max(taken.depth_as_operand()),
            words: self.words + taken.words,
            expression: format!("{} NOT {}", self.operand(), taken.operand()),
            atomic: false,
        }
    }

    fn depth_as_operand(&self) -> usize {
        self.depth + usize::from(!self.atomic)
    }

    fn operand(self) -> String {
        if self.atomic {
            self.expression
        } else {
            format!("({})", self.expression)
        }
    }
}

/// What to mark in the articles found: every word and name that is not excluded.
pub fn needles(expr: &Expr) -> Vec<Needle> {
    let mut found = Vec::new();
    collect(expr, &mut HashSet::new(), &mut found);
    found
}

/// What to mark where it matters where it stands: the words that may stand anywhere, and tests whose own places are
/// the ones to show.
pub fn marked(expr: &Expr) -> (Vec<Needle>, Vec<Test>) {
    let (mut needles, mut tests) = (Vec::new(), Vec::new());
    part(expr, &mut HashSet::new(), &mut needles, &mut tests);
    (needles, tests)
}

fn part(expr: &Expr, seen: &mut HashSet<Needle>, needles: &mut Vec<Needle>, tests: &mut Vec<Test>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|one| part(one, seen, needles, tests)),
        Expr::Near { .. } | Expr::Within { .. } => tests.push(closely::test(expr)),
        _ => collect(expr, seen, needles),
    }
}

fn collect(expr: &Expr, seen: &mut HashSet<Needle>, found: &mut Vec<Needle>) {
    let mut push = |word: &Word| {
        if let Some(needle) = closely::needle(word)
            && found.len() < MAX_NEEDLES
            && seen.insert(needle.clone())
        {
            found.push(needle);
        }
    };
    match expr {
        Expr::Word(word) => push(word),
        Expr::Actor { names, .. } => names.iter().for_each(push),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, seen, found)),
        Expr::Near { left, right, .. } => {
            collect(left, seen, found);
            collect(right, seen, found);
        }
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } | Expr::Speaker(part) => collect(part, seen, found),
        Expr::Everything | Expr::Filter(_) | Expr::Not(_) => {}
    }
}
