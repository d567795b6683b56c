//! An expression as text that reads back as the same expression.

use jiff::Timestamp;

use super::lex::{MARKS, holds_operator, is_phrase};
use crate::model::Interval;
use crate::model::LengthUnit;
use crate::model::article::Field;
use crate::model::query::{Expr, Filter, State, Stretch, Word};

/// The loosest operator that may stand here without parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    /// A side of NEAR.
    Atom,
}

/// The expression in canonical form. Depth is bounded by the parser.
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, Level::Or, &mut out);
    out
}

fn write(expr: &Expr, level: Level, out: &mut String) {
    match expr {
        Expr::Everything => {}
        Expr::Word(word) => write_word(word, out),
        Expr::Actor { id, names } => {
            field(names.first().and_then(|name| name.field), out);
            out.push('@');
            out.push_str(id);
        }
        Expr::Filter(filter) => write_filter(filter, out),
        Expr::And(parts) => join(parts, " AND ", Level::And, level, out),
        Expr::Or(parts) => join(parts, " OR ", Level::Or, level, out),
        Expr::Not(part) => {
            out.push_str("NOT ");
            write(part, Level::Not, out);
        }
        Expr::Near {
            left,
            right,
            within,
            ordered,
        } => {
            let closed = level == Level::Atom;
            out.push_str(if closed { "(" } else { "" });
            write(left, Level::Atom, out);
            out.push_str(if *ordered { " w/" } else { " NEAR/" });
            out.push_str(&within.to_string());
            out.push(' ');
            write(right, Level::Atom, out);
            out.push_str(if closed { ")" } else { "" });
        }
        Expr::Within { stretch, part } => {
            out.push_str(match stretch {
                Stretch::Paragraph => "same:(",
                Stretch::Sentence => "sent:(",
                Stretch::Quotation => "quote:(",
            });
            write(part, Level::Or, out);
            out.push(')');
        }
        Expr::AtLeast { times, part } => {
            out.push_str(&format!("atleast{times}:("));
            write(part, Level::Or, out);
            out.push(')');
        }
        Expr::Speaker(part) => {
            out.push_str("speaker:(");
            write(part, Level::Or, out);
            out.push(')');
        }
    }
}

/// The expression as a tree: how deep, what stands there, and the part that it stands for; precedence made visible.
pub fn tree(expr: &Expr) -> Vec<(usize, String, &Expr)> {
    let mut lines = Vec::new();
    branch(expr, 0, &mut lines);
    lines
}

fn branch<'e>(expr: &'e Expr, depth: usize, lines: &mut Vec<(usize, String, &'e Expr)>) {
    let (label, parts): (String, Vec<&Expr>) = match expr {
        Expr::And(parts) => ("AND".to_owned(), parts.iter().collect()),
        Expr::Or(parts) => ("OR".to_owned(), parts.iter().collect()),
        Expr::Not(part) => ("NOT".to_owned(), vec![part]),
        Expr::Near {
            left,
            right,
            within,
            ordered,
        } => {
            let sign = if *ordered { "w" } else { "NEAR" };
            (format!("{sign}/{within}"), vec![left, right])
        }
        Expr::Within { stretch, part } => {
            let name = match stretch {
                Stretch::Paragraph => "same paragraph",
                Stretch::Sentence => "same sentence",
                Stretch::Quotation => "same quotation",
            };
            (name.to_owned(), vec![part])
        }
        Expr::AtLeast { times, part } => (format!("at least {times} times"), vec![part]),
        Expr::Everything => ("everything".to_owned(), Vec::new()),
        Expr::Word(_) | Expr::Actor { .. } | Expr::Filter(_) | Expr::Speaker(_) => (print(expr), Vec::new()),
    };
    lines.push((depth, label, expr));
    for part in parts {
        branch(part, depth + 1, lines);
    }
}

fn join(parts: &[Expr], between: &str, own: Level, level: Level, out: &mut String) {
    let closed = level > own && parts.len() > 1;
    if closed {
        out.push('(');
    }
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            out.push_str(between);
        }
        let inner = if parts.len() > 1 && own == Level::And {
            Level::Not
        } else {
            Level::And
        };
        write(part, if parts.len() > 1 { inner } else { level }, out);
    }
    if closed {
        out.push(')');
    }
}

fn field(field: Option<Field>, out: &mut String) {
    if let Some(field) = field {
        out.push_str(field.as_str());
        out.push(':');
    }
}

fn write_word(word: &Word, out: &mut String) {
    field(word.field, out);
    if word.exact {
        out.push('=');
    }
    if word.phrase || !is_plain(&word.text) {
        out.push_str(&quoted(&word.text));
    } else {
        out.push_str(&word.text);
    }
    if word.prefix {
        out.push('*');
    }
}

/// In the first marks that the text does not close or open itself.
fn quoted(text: &str) -> String {
    let all = || MARKS.iter().map(|(open, close)| format!("{open}{text}{close}"));
    let free = all().find(|quoted| is_phrase(quoted, text));
    free.or_else(|| all().next()).unwrap_or_default()
}

/// Reads back as one word when written without quotation marks.
fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '.' | '+' | '_' | '·' | '・'))
        && !holds_operator(text)
}

fn write_filter(filter: &Filter, out: &mut String) {
    let (name, value) = match filter {
        Filter::Lang(tag) => ("lang", tag.clone()),
        Filter::Source(id) => ("source", id.clone()),
        Filter::Group(id) => ("group", id.clone()),
        Filter::Country(code) => ("country", code.clone()),
        Filter::Topic(id) => ("topic", id.clone()),
        Filter::Published(span) => ("date", range(span)),
        Filter::Seen(span) => ("seen", range(span)),
        Filter::Author(name) => ("author", quoted(name)),
        Filter::Ownership(word) => ("ownership", word.clone()),
        Filter::Kind(kind) => ("kind", kind.as_str().to_owned()),
        Filter::SourceKind(word) => ("type", word.clone()),
        Filter::Url(part) => ("url", quoted(part)),
        Filter::Length { unit, min, max } => {
            let name = match unit {
                LengthUnit::Words => "words",
                LengthUnit::Han => "chars",
            };
            let max = if *max == u32::MAX {
                String::new()
            } else {
                max.to_string()
            };
            (name, format!("{min}..{max}"))
        }
        Filter::Percentile { min, max } => ("pctl", format!("{min}..{max}")),
        Filter::Story(id) => ("story", id.clone()),
        Filter::Formula => ("is", "formula".to_owned()),
        Filter::Rows { typed, .. } => return out.push_str(typed),
        Filter::Is(state) => match state {
            State::CommentsOpen => ("has", "comments-open".to_owned()),
            State::CommentsClosed => ("has", "comments-closed".to_owned()),
            State::CommentsHidden => ("has", "comments-hidden".to_owned()),
            State::Reprint => ("is", "reprint".to_owned()),
            State::Original => ("is", "original".to_owned()),
            State::Edited => ("is", "edited".to_owned()),
            State::Gone => ("is", "gone".to_owned()),
            State::Teaser => ("is", "teaser".to_owned()),
            State::Full => ("is", "full".to_owned()),
        },
    };
    out.push_str(name);
    out.push(':');
    // `country:or` is written in capitals, which would read back as the operator.
    let is_word = matches!(filter, Filter::Author(_) | Filter::Url(_) | Filter::Story(_)) || !holds_operator(&value);
    out.push_str(&if is_word { value } else { quoted(&value) });
}

fn range(span: &Interval) -> String {
    let end = |at: Timestamp, open: Timestamp| if at == open { String::new() } else { at.to_string() };
    format!("{}..{}", end(span.min, Timestamp::MIN), end(span.max, Timestamp::MAX))
}
