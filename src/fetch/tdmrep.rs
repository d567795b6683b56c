//! `/.well-known/tdmrep.json`: for which addresses of an origin text and data mining is reserved (W3C Community Group,
//! TDM Reservation Protocol, final report of 10 May 2024).
//!
//! Takes the bytes of the file, gives what it says of an address. Pure: never fetches; a file that cannot be read says
//! nothing.

use serde_json::Value;

use super::robots::pattern::{Path, Pattern};

/// Rules read; the largest files known have a dozen.
const MOST: usize = 1_000;

/// What one origin reserves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tdmrep {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    location: Pattern,
    reserved: bool,
    policy: Option<String>,
}

impl Tdmrep {
    pub const PATH: &str = "/.well-known/tdmrep.json";

    pub fn parse(bytes: &[u8]) -> Tdmrep {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let rules = match serde_json::from_slice(bytes) {
            Ok(Value::Array(rules)) => rules,
            // One rule without its list is a mistake whose meaning is plain.
            Ok(rule @ Value::Object(_)) => vec![rule],
            _ => Vec::new(),
        };
        Tdmrep {
            rules: rules.iter().take(MOST).filter_map(rule).collect(),
        }
    }

    /// Words for what is reserved of this address, none where nothing is. The most specific location decides, as in
    /// robots.txt, whose patterns these are; of two equally specific ones the reserving.
    pub fn reserves(&self, url: &str) -> Vec<String> {
        let path = Path::of(url);
        let best = self
            .rules
            .iter()
            .filter(|rule| rule.location.matches(&path))
            .max_by_key(|rule| (rule.location.octets, rule.reserved));
        match best.filter(|rule| rule.reserved) {
            Some(rule) => std::iter::once("tdm-reservation".to_owned())
                .chain(rule.policy.as_ref().map(|policy| format!("tdm-policy: {policy}")))
                .collect(),
            None => Vec::new(),
        }
    }
}

fn rule(value: &Value) -> Option<Rule> {
    let reserved = match value.get("tdm-reservation")? {
        Value::Number(number) => number.as_u64() == Some(1),
        Value::String(text) => text.trim() == "1",
        Value::Bool(reserved) => *reserved,
        _ => return None,
    };
    let location = value.get("location").and_then(Value::as_str).unwrap_or("/").trim();
    // A whole address is held against its path, as robots.txt patterns know nothing else.
    let location = match location.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => location,
    };
    let policy = value.get("tdm-policy").and_then(Value::as_str);
    Some(Rule {
        location: Pattern::parse(location.as_bytes())?,
        reserved,
        policy: policy.map(|policy| policy.chars().take(200).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(json: &str, url: &str) -> bool {
        !Tdmrep::parse(json.as_bytes()).reserves(url).is_empty()
    }

    #[test]
    fn the_most_specific_location_decides() {
        let json = r#"[{"location": "/", "tdm-reservation": 1},
            {"location": "/open/", "tdm-reservation": 0},
            {"location": "/open/*.pdf$", "tdm-reservation": 1, "tdm-policy": "https://a.example/p.json"}]"#;
        assert!(reserved(json, "https://a.example/news/1"));
        assert!(!reserved(json, "https://a.example/open/1"));
        let pdf = Tdmrep::parse(json.as_bytes()).reserves("https://a.example/open/x/1.pdf");
        assert_eq!(pdf, ["tdm-reservation", "tdm-policy: https://a.example/p.json"]);
    }

    #[test]
    fn careless_files_are_read_where_their_meaning_is_plain() {
        assert!(reserved(r#"{"tdm-reservation": "1"}"#, "/x"));
        assert!(reserved(
            "\u{feff}[{\"location\":\"https://a.example/n/\",\"tdm-reservation\":true}]",
            "/n/1"
        ));
        for nothing in [
            "",
            "<html>",
            "[]",
            "[1,null,{}]",
            r#"[{"location":"/","tdm-reservation":null}]"#,
            "[[[[",
        ] {
            assert!(!reserved(nothing, "/x"), "{nothing}");
        }
        assert!(!reserved(r#"[{"location":"","tdm-reservation":1}]"#, "/x"));
    }
}
