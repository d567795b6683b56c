//! One JSON document on one line, in which absent means unknown.

use serde::Serialize;
use serde_json::Value;

use crate::report::clean;

/// The value without its nulls: what is not known is not there (docs/machine-interface.md).
pub fn line(value: &impl Serialize) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(value)?;
    drop_nulls(&mut value);
    Ok(escaped(serde_json::to_string(&value)?))
}

/// JSON escapes the C0 controls only; the others that would drive a terminal are written `\u…` too, which
/// reads back as the same text.
pub fn escaped(json: String) -> String {
    let drives = |c: char| c != '\n' && !clean::is_printable(c);
    if !json.contains(drives) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        // All of them lie below U+FFFF, and nowhere but within strings.
        if drives(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_drives_a_terminal_is_escaped_and_reads_back() {
        let value = serde_json::json!({ "title": "a\u{9b}2J\u{202e}\u{7f}\u{1b}文" });
        let line = super::line(&value).unwrap();
        assert_eq!(line, r#"{"title":"a\u009b2J\u202e\u007f\u001b文"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }

    #[test]
    fn what_is_unknown_is_absent() {
        let value = serde_json::json!({ "a": null, "b": [{ "c": null, "d": 0 }], "e": "" });
        assert_eq!(super::line(&value).unwrap(), r#"{"b":[{"d":0}],"e":""}"#);
    }
}
