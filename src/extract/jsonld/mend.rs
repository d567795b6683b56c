//! JSON as pages have it: broken in the few ways that templates break it.
//!
//! Takes the source of a script, gives the values in it; nothing where it cannot be told what was meant.

use serde_json::{Deserializer, Value};

/// Deeper nesting is no description of an article; the parser's own limit is near.
const DEEPEST: usize = 100;

/// The values that stand in the source one after another. Mended are raw line breaks and quotes inside strings, commas
/// before a closing bracket, and an end that was cut off.
pub fn values(source: &str) -> Vec<Value> {
    parse(source)
        .or_else(|| {
            let (mended, closing) = mended(source)?;
            // Cut after a value, after a colon, after a key.
            let ends = ["", "null", ":null"];
            ends.iter().find_map(|end| parse(&format!("{mended}{end}{closing}")))
        })
        .unwrap_or_default()
}

fn parse(source: &str) -> Option<Vec<Value>> {
    Deserializer::from_str(source)
        .into_iter()
        .collect::<Result<_, _>>()
        .ok()
}

/// The source as it was meant, and the brackets that it leaves open.
fn mended(source: &str) -> Option<(String, String)> {
    let mut out = String::with_capacity(source.len());
    let mut open: Vec<char> = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in source.char_indices() {
        if quoted {
            match c {
                c if c.is_control() => out.push(' '),
                c if escaped => out.push(c),
                '"' if ends_a_string(&source[at + 1..]) => {
                    quoted = false;
                    out.push('"');
                }
                '"' => out.push_str("\\\""),
                c => out.push(c),
            }
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => quoted = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                drop_comma(&mut out);
                open.pop().filter(|wanted| *wanted == c)?;
            }
            // Between whole values.
            ',' | ';' if open.is_empty() => continue,
            _ => {}
        }
        out.push(if c.is_control() { ' ' } else { c });
        if open.len() > DEEPEST {
            return None;
        }
    }
    if quoted {
        if escaped {
            out.pop();
        }
        out.push('"');
    }
    drop_comma(&mut out);
    Some((out, open.into_iter().rev().collect()))
}

/// What follows a quote says whether it closes its string: a colon, a bracket's end, or a comma with the next piece.
fn ends_a_string(rest: &str) -> bool {
    let mut rest = rest.trim_start().chars();
    match rest.next() {
        None | Some(':' | '}' | ']') => true,
        Some(',') => {
            let next = rest.find(|c| !c.is_whitespace());
            next.is_none_or(|c| matches!(c, '"' | '{' | '[' | '}' | ']'))
        }
        Some(_) => false,
    }
}

fn drop_comma(out: &mut String) {
    let kept = out.trim_end();
    if let Some(kept) = kept.strip_suffix(',') {
        out.truncate(kept.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_templates_break_is_mended() {
        for (source, wanted) in [
            (r#"{"a":1}{"b":2}"#, r#"[{"a":1},{"b":2}]"#),
            (r#"{"a":1},{"b":[2,],}"#, r#"[{"a":1},{"b":[2]}]"#),
            ("{\"a\":\"un\ndeux\"}", r#"[{"a":"un deux"}]"#),
            (r#"{"a":"le "bac" part","b":2}"#, r#"[{"a":"le \"bac\" part","b":2}]"#),
            (r#"{"a":{"b":"c"},"d":"le ba"#, r#"[{"a":{"b":"c"},"d":"le ba"}]"#),
            (r#"{"a":1,"b"#, r#"[{"a":1,"b":null}]"#),
            (r#"{"a":1,"b": "#, r#"[{"a":1,"b":null}]"#),
            (r#"{"a":["b","#, r#"[{"a":["b"]}]"#),
            (r#"{"a":"b\"#, r#"[{"a":"b"}]"#),
            ("no JSON", "[]"),
            ("{]", "[]"),
        ] {
            assert_eq!(Value::Array(values(source)).to_string(), wanted, "{source}");
        }
        assert!(values(&"[".repeat(100_000)).is_empty());
    }
}
