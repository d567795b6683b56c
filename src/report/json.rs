//! One JSON document on one line, in which absent means unknown.

use serde::Serialize;
use serde_json::{Number, Value};

use crate::report::clean;

/// The value without its nulls: what is not known is not there (docs/machine-interface.md). Numbers of single precision
/// are written as short as they are: 0.95, not 0.949999988079071.
pub fn line(value: &impl Serialize) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(value)?;
    drop_nulls(&mut value);
    shorten(&mut value);
    Ok(escaped(serde_json::to_string(&value)?))
}

/// A number that single precision holds, by its shortest decimal; any other as it is.
pub fn short(number: f64) -> f64 {
    let single = number as f32;
    match f64::from(single) == number {
        true => single.to_string().parse().unwrap_or(number),
        false => number,
    }
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

/// The same for every number of a document.
pub fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Number(number) if number.is_f64() => {
            if let Some(short) = number.as_f64().map(short).and_then(Number::from_f64) {
                *number = short;
            }
        }
        _ => {}
    }
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
    fn single_precision_is_not_written_as_double() {
        let value =
            serde_json::json!({ "share": f64::from(0.95_f32), "least": 0.1_f64, "half": 0.5, "n": 3, "tiny": 1e-300 });
        let line = super::line(&value).unwrap();
        assert_eq!(line, r#"{"share":0.95,"least":0.1,"half":0.5,"n":3,"tiny":1e-300}"#);
    }

    #[test]
    fn what_drives_a_terminal_is_escaped_and_reads_back() {
        let value = serde_json::json!({ "title": "a\u{9b}2J\u{202e}\u{7f}\u{1b}文" });
        let line = super::line(&value).unwrap();
        assert_eq!(line, r#"{"title":"a\u009b2J\u202e\u007f\u001b文"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }

    #[test]
    fn a_number_has_as_many_digits_as_it_was_kept_with() {
        let value =
            serde_json::json!({ "a": 0.95_f32, "b": [0.1_f32, 0.25], "c": 0.489_999_999_1, "d": 1e300, "e": 3 });
        assert_eq!(
            super::line(&value).unwrap(),
            r#"{"a":0.95,"b":[0.1,0.25],"c":0.4899999991,"d":1e+300,"e":3}"#
        );
    }

    #[test]
    fn what_is_unknown_is_absent() {
        let value = serde_json::json!({ "a": null, "b": [{ "c": null, "d": 0 }], "e": "" });
        assert_eq!(super::line(&value).unwrap(), r#"{"b":[{"d":0}],"e":""}"#);
    }
}
