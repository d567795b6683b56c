//! `codebook.toml`: what coders judge of each article.
//!
//! Takes the file's text, gives variables with their values. Reads no sheet.

use std::collections::HashMap;

use crate::model::codebook::{Codebook, Level, Variable};

use super::fields::{Fields, Key, file};
use super::form;
use super::problem::{ConfigErrors, Fault, quoted};
use super::sources::unique;

const FILE: [Key; 2] = [
    ("title", "title = \"Frames of the visit\""),
    ("variable", "[[variable]]"),
];
const VARIABLE: [Key; 5] = [
    ("id", "id = \"frame\""),
    ("name", "name = \"Main frame\""),
    ("kind", "kind = \"nominal\""),
    ("values", "values = [\"realist\", \"cultural\", \"other\"]"),
    (
        "instructions",
        "instructions = \"The frame of the headline and the first paragraph.\"",
    ),
];

const KINDS: [(&str, Level); 4] = [
    ("nominal", Level::Nominal),
    ("ordinal", Level::Ordinal),
    ("interval", Level::Interval),
    ("ratio", Level::Ratio),
];

/// Columns that a sheet has besides: a variable of that name would hide them.
pub const COLUMNS: [&str; 11] = [
    "article_id",
    "coder",
    "source_id",
    "source_name",
    "source_language",
    "source_country",
    "source_ownership",
    "published",
    "title",
    "url",
    "text",
];

/// Every table of a codebook with its keys.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![("variable", VARIABLE.iter().map(|(key, _)| *key).collect())]
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<Codebook, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &FILE);
        let mut seen = HashMap::new();
        let mut variables = Vec::new();
        for mut fields in fields.tables("variable") {
            let variable = variable(&mut fields);
            unique(&fields, &variable.id, &mut seen);
            fields.close();
            variables.push(variable);
        }
        if fields.place("variable").is_none() {
            let fault = Fault::new("this file has no `[[variable]]`");
            fields.report(0..0, fault.hint("a codebook needs one at least: id, kind and values"));
        }
        Codebook {
            title: fields.optional("title", form::text),
            variables,
        }
    })
}

fn variable(fields: &mut Fields<'_>) -> Variable {
    let label = fields
        .peek("id")
        .map_or("this variable".to_owned(), |id| format!("variable {}", quoted(id)));
    fields.expect(label, &VARIABLE);
    let column = |text: &str| {
        let id = form::id(text)?;
        match COLUMNS.contains(&id.as_str()) {
            true => Err(Fault::new(format!(
                "{} is a column of every sheet already",
                quoted(text)
            ))),
            false => Ok(id),
        }
    };
    let id = fields.required("id", column).unwrap_or_default();
    let kind = fields
        .required("kind", |text| form::choice(text, "a kind of variable", &KINDS))
        .unwrap_or_default();
    let values: Vec<String> = fields
        .list("values", value)
        .into_iter()
        .map(|(value, _)| value)
        .collect();
    let place = fields.place("values").unwrap_or(fields.span());
    match kind {
        Level::Nominal | Level::Ordinal if values.len() < 2 && fields.peek("kind").is_some() => {
            let fault = Fault::new(format!("{} needs two values at least", fields.label()));
            let order = if kind == Level::Ordinal {
                ", from least to most"
            } else {
                ""
            };
            fields.report(
                place,
                fault.hint(format!("for example `values = [\"low\", \"high\"]`{order}")),
            );
        }
        Level::Interval | Level::Ratio if !values.is_empty() => {
            let fault = Fault::new(format!("{} is given numbers, so it has no `values`", fields.label()));
            fields.report(place, fault.hint("leave them out, or make it `kind = \"ordinal\"`"));
        }
        _ => {}
    }
    Variable {
        id,
        name: fields.optional("name", form::text),
        kind,
        values,
        instructions: fields.optional("instructions", form::text),
    }
}

/// A value is typed into a cell: what a spreadsheet would turn into something else is refused.
fn value(text: &str) -> Result<String, Fault> {
    let text = form::text(text)?;
    if text.starts_with(['=', '+', '-', '@', '\'']) {
        let fault = Fault::new(format!("{} would be a formula in a spreadsheet", quoted(&text)));
        return Err(fault.hint("begin it with a letter or a digit"));
    }
    if text.contains(['\n', '\r', '\t']) {
        return Err(Fault::new("a value stands on one line"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_values_fit() {
        let good = "title = \"x\"\n[[variable]]\nid = \"frame\"\nkind = \"nominal\"\nvalues = [\"a\", \"b\"]\n\
            [[variable]]\nid = \"voices\"\nkind = \"ratio\"\n";
        let book = parse("codebook.toml", good).unwrap();
        assert_eq!((book.variables.len(), book.variables[1].kind), (2, Level::Ratio));
        for (text, says) in [
            ("", "has no `[[variable]]`"),
            (
                "[[variable]]\nid = \"a\"\nkind = \"nominl\"\nvalues = [\"a\", \"b\"]",
                "did you mean `nominal`?",
            ),
            (
                "[[variable]]\nid = \"a\"\nkind = \"ordinal\"\nvalues = [\"a\"]",
                "needs two values at least",
            ),
            (
                "[[variable]]\nid = \"a\"\nkind = \"ratio\"\nvalues = [\"1\", \"2\"]",
                "is given numbers",
            ),
            (
                "[[variable]]\nid = \"coder\"\nkind = \"ratio\"",
                "is a column of every sheet already",
            ),
            (
                "[[variable]]\nid = \"a\"\nkind = \"nominal\"\nvalues = [\"=1\", \"b\"]",
                "would be a formula",
            ),
            ("[[variable]]\nid = \"a\"", "lacks `kind`"),
        ] {
            let error = parse("codebook.toml", text).unwrap_err().to_string();
            assert!(error.contains(says), "{says} in {error}");
        }
    }
}
