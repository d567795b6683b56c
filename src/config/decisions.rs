//! `decisions.toml`: what the reader said of suggested stories. `vigie story merge`, `split`, `pin` and `unpin` write it.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table};

use crate::model::decision::{Decision, Decisions};

use super::ConfigError;
use super::fields::{Fields, Key, file};
use super::problem::{ConfigErrors, Fault, quoted};

/// Name of the file, in the folder of `sources.toml`.
pub const FILE: &str = "decisions.toml";

const TABLES: [Key; 1] = [("decision", "[[decision]]")];
const DECISION: [Key; 5] = [
    (
        "together",
        "together = [\"i:0123456789abcdef\", \"i:fedcba9876543210\"]",
    ),
    ("put", "put = [\"i:0123456789abcdef\"]"),
    ("with", "with = [\"i:fedcba9876543210\"]"),
    ("apart", "apart = [\"i:0123456789abcdef\"]"),
    ("from", "from = [\"i:fedcba9876543210\"]"),
];

/// Every table of `decisions.toml` with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![("decision", DECISION.iter().map(|(key, _)| *key).collect())]
}

/// Where the file of that folder lies.
pub fn path(dir: &Path) -> PathBuf {
    super::below(dir, FILE)
}

/// The decisions of a folder; none without a file.
pub fn load(dir: &Path) -> Result<Decisions, ConfigError> {
    Ok(super::optional(&path(dir), parse)??)
}

/// Reads `text`; `name` is what the errors call the file.
pub fn parse(name: &str, text: &str) -> Result<Decisions, ConfigErrors> {
    file(name, text, |fields| {
        fields.expect("this file".to_owned(), &TABLES);
        let mut made = Vec::new();
        for mut fields in fields.tables("decision") {
            made.extend(decision(&mut fields));
            fields.close();
        }
        Decisions { made }
    })
}

fn decision(fields: &mut Fields<'_>) -> Option<Decision> {
    fields.expect("this decision".to_owned(), &DECISION);
    let list = |key| -> Vec<String> { fields.list(key, article).into_iter().map(|(id, _)| id).collect() };
    let [together, put, with, apart, from] = DECISION.map(|(key, _)| list(key));
    match (together.len(), put.len(), with.len(), apart.len(), from.len()) {
        (2.., 0, 0, 0, 0) => Some(Decision::Together(together)),
        (0, 1.., 1.., 0, 0) => Some(Decision::Into(put, with)),
        (0, 0, 0, 1.., 1..) => Some(Decision::Apart(apart, from)),
        _ => {
            let fault = Fault::new(
                "a decision is `together` with at least two articles, or `put` and `with`, or `apart` and `from`",
            );
            fields.report(fields.span(), fault.hint(format!("for example `{}`", DECISION[0].1)));
            None
        }
    }
}

/// An article's whole id.
fn article(text: &str) -> Result<String, Fault> {
    let digits = text.strip_prefix("i:").unwrap_or_default();
    if digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        let fault = Fault::new(format!("{} is no article's id", quoted(text)));
        Err(fault.hint("an id is `i:` and 16 hexadecimal digits, as `vigie story show` prints it"))
    }
}

/// The file's text with one decision more.
pub fn added(text: &str, decision: &Decision, remark: &str) -> String {
    let list = |ids: &[String]| -> String {
        let quoted: Vec<String> = ids.iter().map(|id| format!("    \"{id}\",\n")).collect();
        format!("[\n{}]", quoted.concat())
    };
    let mut out = text.to_owned();
    if out.is_empty() {
        out.push_str(
            "# What was decided of suggested stories; see docs/config.md. A later decision wins over an earlier one.\n",
        );
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let remark: String = remark.chars().filter(|c| !c.is_control()).collect();
    out.push_str(&format!("\n# {remark}\n[[decision]]\n"));
    match decision {
        Decision::Together(articles) => out.push_str(&format!("together = {}\n", list(articles))),
        Decision::Into(one, other) => out.push_str(&format!("put = {}\nwith = {}\n", list(one), list(other))),
        Decision::Apart(one, other) => out.push_str(&format!("apart = {}\nfrom = {}\n", list(one), list(other))),
    }
    out
}

/// The file's text without what it says of these articles; the rest stays as it is, comments included. `None` when it
/// says nothing of them.
pub fn without(name: &str, text: &str, articles: &[String]) -> Result<Option<String>, ConfigErrors> {
    parse(name, text)?;
    // What was just read as a file of decisions is TOML.
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return Ok(None);
    };
    let mut changed = false;
    if let Some(tables) = document.get_mut("decision").and_then(Item::as_array_of_tables_mut) {
        for table in tables.iter_mut() {
            for (key, _) in DECISION {
                if let Some(list) = table.get_mut(key).and_then(Item::as_array_mut) {
                    let before = list.len();
                    list.retain(|id| !id.as_str().is_some_and(|id| articles.iter().any(|one| one == id)));
                    changed |= list.len() != before;
                }
            }
        }
        let len = |table: &Table, key: &str| table.get(key).and_then(Item::as_array).map_or(0, |list| list.len());
        let both = |table: &Table, one: &str, other: &str| len(table, one) > 0 && len(table, other) > 0;
        tables.retain(|table| len(table, "together") > 1 || both(table, "put", "with") || both(table, "apart", "from"));
    }
    Ok(changed.then(|| document.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_read_again() {
        let ids = |digits: &[char]| {
            digits
                .iter()
                .map(|d| format!("i:{}", d.to_string().repeat(16)))
                .collect::<Vec<_>>()
        };
        let made = vec![
            Decision::Together(ids(&['a', 'b'])),
            Decision::Into(ids(&['d']), ids(&['a', 'b'])),
            Decision::Apart(ids(&['c']), ids(&['a', 'b'])),
        ];
        let text = made
            .iter()
            .fold(String::new(), |text, decision| added(&text, decision, "a\nremark"));
        assert_eq!(parse("decisions.toml", &text).unwrap().made, made);
    }

    #[test]
    fn what_is_taken_back_leaves_the_rest() {
        let (a, b, c) = ("i:aaaaaaaaaaaaaaaa", "i:bbbbbbbbbbbbbbbb", "i:cccccccccccccccc");
        let text = format!(
            "# mine\n[[decision]]\ntogether = [\"{a}\", \"{b}\", \"{c}\"]\n\n[[decision]]\napart = [\"{c}\"]\nfrom = [\"{a}\"]\n"
        );
        let left = without("decisions.toml", &text, &[c.to_owned()]).unwrap().unwrap();
        let made = parse("decisions.toml", &left).unwrap().made;
        assert_eq!(made, [Decision::Together(vec![a.to_owned(), b.to_owned()])]);
        assert!(left.starts_with("# mine\n"), "{left}");
        assert_eq!(without("decisions.toml", &left, &[c.to_owned()]).unwrap(), None);
    }

    #[test]
    fn half_a_decision_is_none() {
        for text in [
            "[[decision]]\ntogether = [\"i:0123456789abcdef\"]",
            "[[decision]]\napart = [\"i:0123456789abcdef\"]",
            "[[decision]]\nput = [\"i:0123456789abcdef\"]\nfrom = [\"i:fedcba9876543210\"]",
            "[[decision]]\ntogether = [\"i:1\", \"i:2\"]",
        ] {
            assert!(parse("decisions.toml", text).is_err(), "{text}");
        }
    }
}
