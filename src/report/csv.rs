//! Rows for spreadsheets: RFC 4180, UTF-8, LF; text cells guarded against formulas.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::comparison::Comparison;
use crate::report::{clean, json};

/// For whom a sheet is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 4180 but for LF; cells that a spreadsheet would run are guarded.
    #[default]
    Plain,
    /// The same with a byte-order mark and CRLF, without which Excel takes UTF-8 for something else.
    Excel,
    /// Cells exactly as they are, for a program that counts words: nothing is guarded.
    Exact,
}

/// Writes a header and rows of text cells.
pub struct Sheet<W: Write> {
    writer: csv::Writer<W>,
    dialect: Dialect,
}

impl<W: Write> Sheet<W> {
    pub fn new(out: W, header: &[&str]) -> io::Result<Sheet<W>> {
        Sheet::with(out, header, Dialect::Plain)
    }

    pub fn with(mut out: W, header: &[&str], dialect: Dialect) -> io::Result<Sheet<W>> {
        let terminator = match dialect {
            Dialect::Excel => {
                out.write_all("\u{feff}".as_bytes())?;
                csv::Terminator::CRLF
            }
            _ => csv::Terminator::Any(b'\n'),
        };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(out);
        writer.write_record(header).map_err(io_error)?;
        Ok(Sheet { writer, dialect })
    }

    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cow<'a, str>>) -> io::Result<()> {
        let written = |cell: Cow<'_, str>| match self.dialect {
            Dialect::Exact => clean::text(&cell),
            _ => guard(&cell),
        };
        let cells: Vec<String> = cells.into_iter().map(written).collect();
        self.writer.write_record(&cells).map_err(io_error)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The error below: who closed the pipe must stay to be seen.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that a spreadsheet would run as a formula gets a quote before it (OWASP, "CSV Injection");
/// plain numbers and offsets of time zones (`+02:00`) are left alone.
pub fn guard(cell: &str) -> String {
    let text = clean::text(cell);
    let suspicious =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() && !is_offset(&text);
    if suspicious { format!("'{text}") } else { text }
}

fn is_offset(text: &str) -> bool {
    let shape: Vec<u8> = text
        .bytes()
        .map(|b| if b.is_ascii_digit() { b'0' } else { b })
        .collect();
    matches!(shape.as_slice(), b"+00:00" | b"-00:00")
}

/// One row per source edition: the columns of `sources.csv`.
pub fn sources<W: Write>(comparison: &Comparison, out: W) -> io::Result<()> {
    sources_in(comparison, out, Dialect::Plain)
}

pub fn sources_in<W: Write>(comparison: &Comparison, out: W, dialect: Dialect) -> io::Result<()> {
    // The JSON of a row is the one list of its fields; nested values are left to their own files.
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = comparison
        .sources
        .iter()
        .filter_map(|row| {
            let mut row_of = serde_json::to_value(row).ok()?;
            json::shorten(&mut row_of);
            let mut flat = flat(row_of.as_object().cloned()?);
            said(comparison, &row.source_id, &mut flat);
            Some(flat)
        })
        .collect();
    let Some(first) = rows.first() else { return Ok(()) };
    let mut header = vec!["story_id"];
    header.extend(first.keys().map(String::as_str));
    let mut sheet = Sheet::with(out, &header, dialect)?;
    for row in &rows {
        let cells = std::iter::once(Cow::from(comparison.story.id.as_str())).chain(row.values().map(cell));
        sheet.row(cells)?;
    }
    sheet.finish()
}

/// The cells of what the texts say, the same columns in every row: `probe:NAME` and `probe_pos:NAME` for each theme.
fn said(comparison: &Comparison, source: &str, row: &mut serde_json::Map<String, serde_json::Value>) {
    let said = comparison
        .evidence
        .evidence
        .iter()
        .find(|said| said.source_id == source);
    row.insert("cites".to_owned(), said.map(|said| said.cites.clone()).into());
    row.insert("n_quotes".to_owned(), said.map(|said| said.n_quotes).into());
    row.insert("n_speakers".to_owned(), said.map(|said| said.n_speakers).into());
    row.insert(
        "top_speaker".to_owned(),
        said.and_then(|said| said.top_speaker.clone()).into(),
    );
    row.insert(
        "quotes_unattributed".to_owned(),
        said.map(|said| said.quotes_unattributed).into(),
    );
    row.insert("naming".to_owned(), said.map(|said| said.naming.clone()).into());
    let mut themes: Vec<&str> = Vec::new();
    for probe in &comparison.evidence.probes {
        if !themes.contains(&probe.name.as_str()) {
            themes.push(&probe.name);
        }
    }
    for theme in themes {
        let hits = said.and_then(|said| said.probes.get(theme).copied());
        let position = said.and_then(|said| said.probe_positions.get(theme).copied());
        row.insert(format!("probe:{theme}"), hits.into());
        row.insert(format!("probe_pos:{theme}"), position.into());
    }
}

/// Intervals and claims become `…_min`, `…_max` and `…_evidence` columns.
fn flat(row: serde_json::Map<String, serde_json::Value>) -> serde_json::Map<String, serde_json::Value> {
    use serde_json::Value;
    let mut out = serde_json::Map::new();
    for (key, value) in row {
        match key.as_str() {
            "first_pub" => {
                for part in ["min", "max"] {
                    out.insert(
                        format!("first_pub_{part}"),
                        value.get(part).cloned().unwrap_or(Value::Null),
                    );
                }
            }
            "first_pub_claim" => {
                for part in ["raw", "evidence", "precision", "zone", "zone_assumed"] {
                    out.insert(
                        format!("first_pub_{part}"),
                        value.get(part).cloned().unwrap_or(Value::Null),
                    );
                }
            }
            _ => {
                out.insert(key, value);
            }
        }
    }
    out
}

/// A JSON value as a cell: lists joined by `;`, nothing for null.
pub fn cell(value: &serde_json::Value) -> Cow<'_, str> {
    use serde_json::Value;
    match value {
        Value::Null => Cow::from(""),
        Value::String(text) => Cow::from(text.as_str()),
        Value::Array(items) => Cow::from(items.iter().map(cell).collect::<Vec<_>>().join(";")),
        other => Cow::from(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        assert_eq!(guard("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(guard("-12.5"), "-12.5");
        assert_eq!(guard("+33 1"), "'+33 1");
        assert_eq!(guard("+02:00"), "+02:00");
        assert_eq!(guard("-12:3x"), "'-12:3x");
    }
}
