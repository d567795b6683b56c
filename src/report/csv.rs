//! Rows for spreadsheets: RFC 4180, UTF-8, LF; text cells guarded against formulas.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::comparison::Comparison;
use crate::report::clean;

/// Writes a header and rows of text cells.
pub struct Sheet<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    pub fn new(out: W, header: &[&str]) -> io::Result<Sheet<W>> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(out);
        writer.write_record(header).map_err(io_error)?;
        Ok(Sheet { writer })
    }

    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cow<'a, str>>) -> io::Result<()> {
        let cells: Vec<String> = cells.into_iter().map(|cell| guard(&cell)).collect();
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
    // The JSON of a row is the one list of its fields; nested values are left to their own files.
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = comparison
        .sources
        .iter()
        .filter_map(|row| serde_json::to_value(row).ok()?.as_object().cloned().map(flat))
        .collect();
    let Some(first) = rows.first() else { return Ok(()) };
    let mut header = vec!["story_id"];
    header.extend(first.keys().map(String::as_str));
    let mut sheet = Sheet::new(out, &header)?;
    for row in &rows {
        let cells = std::iter::once(Cow::from(comparison.story.id.as_str())).chain(row.values().map(cell));
        sheet.row(cells)?;
    }
    sheet.finish()
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
