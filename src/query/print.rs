//! An expression as text that reads back as the same expression.

use jiff::Timestamp;

use crate::model::Interval;
use crate::model::article::Field;
use crate::model::query::{Expr, Filter, Word};

/// The loosest operator that may stand here without parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
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
    if word.phrase || !is_plain(&word.text) {
        // The only mark that a phrase cannot hold is the one that closes it.
        let (open, close) = if word.text.contains('"') {
            ('“', '”')
        } else {
            ('"', '"')
        };
        out.push(open);
        out.push_str(&word.text);
        out.push(close);
    } else {
        out.push_str(&word.text);
    }
    if word.prefix {
        out.push('*');
    }
}

/// Reads back as one word when written without quotation marks.
fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '.' | '+' | '_' | '·' | '・'))
        && !super::parse::is_operator(text)
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
    };
    out.push_str(name);
    out.push(':');
    // `country:or` is written in capitals, which would read back as the operator.
    if super::parse::is_operator(&value) {
        out.push_str(&format!("\"{value}\""));
    } else {
        out.push_str(&value);
    }
}

fn range(span: &Interval) -> String {
    let end = |at: Timestamp, open: Timestamp| if at == open { String::new() } else { at.to_string() };
    format!("{}..{}", end(span.min, Timestamp::MIN), end(span.max, Timestamp::MAX))
}
