//! A coder's sheet: CSV as spreadsheets save it, to codes; every mistake with its line.
//!
//! Takes the file's bytes and the codebook. Spreadsheets write a byte-order mark, CRLF, and semicolons or tabs where a
//! comma is the decimal sign; a cell in quotation marks may hold line breaks. Lines are counted as an editor counts them.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::codebook::{Codebook, Level, Variable};

/// Problems past this many are counted, not kept.
const MOST_PROBLEMS: usize = 50;

/// Codes of one sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// In the order of the file.
    pub rows: Vec<Row>,
}

/// One coder's codes of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub line: usize,
    pub article: String,
    pub coder: String,
    /// As far as the sheet says.
    pub source: Option<String>,
    /// In the order of the codebook; `None` = not coded. Of a nominal or ordinal variable the place among its values.
    pub codes: Vec<Option<f64>>,
}

/// What is wrong in a sheet, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub message: String,
    pub hint: Option<String>,
}

/// All of one or several sheets; never empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    pub found: Vec<Problem>,
    pub more: usize,
}

impl Problems {
    pub fn push(&mut self, problem: Problem) {
        match self.found.len() < MOST_PROBLEMS {
            true => self.found.push(problem),
            false => self.more += 1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.found.iter().enumerate() {
            if at > 0 {
                f.write_str("\nerror: ")?;
            }
            problem.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "\nerror: and {} more", self.more)?;
        }
        Ok(())
    }
}

/// Reads one sheet. `file` is what the problems call it, `stem` the coder's name where no cell gives one.
pub fn read(file: &str, stem: &str, bytes: &[u8], book: &Codebook, problems: &mut Problems) -> Sheet {
    let mut reading = Reading {
        file,
        problems,
        line: 1,
    };
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(line) => {
            reading.line = line;
            reading.say(
                "this is not UTF-8".to_owned(),
                Some("save it from the spreadsheet as “CSV UTF-8”".to_owned()),
            );
            return Sheet::default();
        }
    };
    reading.sheet(&text, stem, book)
}

/// UTF-8 with or without a mark, or UTF-16 with one, with line breaks of one kind; else the line of the first fault.
fn decode(bytes: &[u8]) -> Result<String, usize> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16(&units.collect::<Vec<u16>>()).map_err(|_| 1_usize)
    };
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        _ => std::str::from_utf8(bytes)
            .map_err(|error| line_of(bytes.get(..error.valid_up_to()).unwrap_or_default()))?
            .trim_start_matches('\u{feff}')
            .to_owned(),
    };
    // One kind of line break, so that a line is a line: the reader of CSV counts CRLF by its own lights.
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn line_of(before: &[u8]) -> usize {
    let feeds = before.iter().filter(|byte| **byte == b'\n').count();
    let returns = before.iter().filter(|byte| **byte == b'\r').count();
    feeds.max(returns) + 1
}

/// The sign between cells: the one that the heading has most of, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(0, b','), (0, b';'), (0, b'\t')];
    for byte in heading.bytes() {
        quoted ^= byte == b'"';
        for (count, sign) in &mut counts {
            *count += usize::from(!quoted && byte == *sign);
        }
    }
    // The first of equals.
    counts
        .iter()
        .rev()
        .max_by_key(|(count, _)| *count)
        .map_or(b',', |(_, sign)| *sign)
}

struct Reading<'r> {
    file: &'r str,
    problems: &'r mut Problems,
    line: usize,
}

impl Reading<'_> {
    fn say(&mut self, message: String, hint: Option<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: self.line,
            message,
            hint,
        });
    }

    fn sheet(&mut self, text: &str, stem: &str, book: &Codebook) -> Sheet {
        let sign = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(sign)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut sheet = Sheet::default();
        let mut columns: Option<Columns> = None;
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        let (mut counted, mut lines) = (0, 1);
        for record in reader.records() {
            let Ok(record) = record else {
                self.say("this row cannot be read as CSV".to_owned(), None);
                return sheet;
            };
            // Where the record begins, behind blank lines: counted on from the last one.
            let mut start = record.position().map_or(counted, |at| at.byte() as usize).max(counted);
            while text.as_bytes().get(start) == Some(&b'\n') {
                start += 1;
            }
            lines += text
                .as_bytes()
                .get(counted..start)
                .map_or(0, |part| part.iter().filter(|b| **b == b'\n').count());
            counted = start;
            self.line = lines;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let Some(columns) = &columns else {
                match self.heading(&record, book) {
                    Some(found) => columns = Some(found),
                    None => return sheet,
                }
                continue;
            };
            if let Some(row) = self.row(&record, columns, stem, book, sign == b';') {
                let key = (row.article.clone(), row.coder.clone());
                if let Some(first) = seen.insert(key, row.line) {
                    let message = format!(
                        "{} coded {} on line {first} already",
                        quoted(&row.coder),
                        quoted(&row.article)
                    );
                    self.say(message, Some("one row for each article and coder".to_owned()));
                } else {
                    sheet.rows.push(row);
                }
            }
        }
        if columns.is_none() {
            self.say(
                "this sheet is empty".to_owned(),
                Some("`vigie code sheet` writes one".to_owned()),
            );
        }
        sheet
    }

    fn heading(&mut self, record: &csv::StringRecord, book: &Codebook) -> Option<Columns> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (at, cell) in record.iter().enumerate() {
            let name = cell.trim().to_lowercase();
            if !name.is_empty() && places.insert(name, at).is_some() {
                self.say(format!("two columns are called {}", quoted(cell.trim())), None);
                return None;
            }
        }
        let variables: Vec<Option<usize>> = book.variables.iter().map(|one| places.get(&one.id).copied()).collect();
        let article = places.get("article_id").copied();
        let mut missing: Vec<&str> = Vec::new();
        if article.is_none() {
            missing.push("article_id");
        }
        let without = book
            .variables
            .iter()
            .zip(&variables)
            .filter(|(_, place)| place.is_none());
        missing.extend(without.map(|(variable, _)| variable.id.as_str()));
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            self.say(
                format!("the heading lacks the column{plural} {}", missing.join(", ")),
                Some("`vigie code sheet` writes the heading; keep it as it is".to_owned()),
            );
            return None;
        }
        Some(Columns {
            article: article?,
            coder: places.get("coder").copied(),
            source: places.get("source_id").copied(),
            variables: variables.into_iter().flatten().collect(),
        })
    }

    fn row(
        &mut self,
        record: &csv::StringRecord,
        columns: &Columns,
        stem: &str,
        book: &Codebook,
        decimal_comma: bool,
    ) -> Option<Row> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let article = cell(columns.article);
        if article.is_empty() {
            self.say("this row has no article_id".to_owned(), None);
            return None;
        }
        let named = columns.coder.map(cell).filter(|coder| !coder.is_empty());
        let mut codes = Vec::with_capacity(book.variables.len());
        for (variable, at) in book.variables.iter().zip(&columns.variables) {
            codes.push(self.code(variable, cell(*at), decimal_comma));
        }
        Some(Row {
            line: self.line,
            article: article.to_owned(),
            coder: named.unwrap_or(stem).to_owned(),
            source: columns.source.map(cell).filter(|id| !id.is_empty()).map(str::to_owned),
            codes,
        })
    }

    /// An empty cell is no code; what is no value of the variable is a problem and no code.
    fn code(&mut self, variable: &Variable, cell: &str, decimal_comma: bool) -> Option<f64> {
        // The guard that keeps a spreadsheet from calculating.
        let cell = cell.strip_prefix('\'').unwrap_or(cell);
        if cell.is_empty() {
            return None;
        }
        let id = &variable.id;
        match variable.kind {
            Level::Nominal | Level::Ordinal => {
                let same = |value: &&String| value.to_lowercase() == cell.to_lowercase();
                let at = variable.values.iter().position(|value| same(&value));
                if at.is_none() {
                    let near = variable
                        .values
                        .iter()
                        .min_by_key(|value| strsim::osa_distance(value, cell));
                    let near =
                        near.filter(|value| strsim::osa_distance(value, cell) <= (value.chars().count() / 3).max(1));
                    let hint = match near {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("its values are {}", variable.values.join(", ")),
                    };
                    self.say(format!("{} is no value of {id}", quoted(cell)), Some(hint));
                }
                at.map(|at| at as f64)
            }
            Level::Interval | Level::Ratio => {
                let written = if decimal_comma {
                    cell.replace(',', ".")
                } else {
                    cell.to_owned()
                };
                let number = written.parse::<f64>().ok().filter(|number| number.is_finite());
                let Some(number) = number else {
                    let hint = match cell.contains(',') {
                        true => "write a decimal point, or separate the cells by semicolons".to_owned(),
                        false => format!("{id} is given numbers"),
                    };
                    self.say(format!("{} is no number for {id}", quoted(cell)), Some(hint));
                    return None;
                };
                if variable.kind == Level::Ratio && number < 0.0 {
                    let hint = "a ratio has a zero that means none; for numbers below it say kind = \"interval\"";
                    self.say(
                        format!("{} is below zero for {id}", quoted(cell)),
                        Some(hint.to_owned()),
                    );
                    return None;
                }
                // Negative zero is zero.
                Some(number + 0.0)
            }
        }
    }
}

/// Where the cells stand.
struct Columns {
    article: usize,
    coder: Option<usize>,
    source: Option<usize>,
    /// In the order of the codebook.
    variables: Vec<usize>,
}

/// A cell as messages show it.
fn quoted(cell: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = cell.chars().filter(|c| !c.is_control()).take(MOST).collect();
    if cell.chars().count() > MOST {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Codebook {
        let variable = |id: &str, kind, values: &[&str]| Variable {
            id: id.to_owned(),
            kind,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            ..Variable::default()
        };
        Codebook {
            title: None,
            variables: vec![
                variable("frame", Level::Nominal, &["realist", "cultural"]),
                variable("voices", Level::Ratio, &[]),
            ],
        }
    }

    fn sheet(text: &str) -> (Sheet, Vec<String>) {
        let mut problems = Problems::default();
        let sheet = read("ann.csv", "ann", text.as_bytes(), &book(), &mut problems);
        (sheet, problems.found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn as_spreadsheets_save_it() {
        let plain = "article_id,title,frame,voices,coder\ni:1,\"a, b\",realist,2,ben\ni:2,,Cultural,,\n";
        let (read, problems) = sheet(plain);
        assert_eq!(problems, [""; 0]);
        let found: Vec<_> = read
            .rows
            .iter()
            .map(|row| (row.article.as_str(), row.coder.as_str(), row.codes.clone()))
            .collect();
        assert_eq!(
            found,
            [
                ("i:1", "ben", vec![Some(0.0), Some(2.0)]),
                ("i:2", "ann", vec![Some(1.0), None])
            ]
        );
        let semicolons = plain.replace("\"a, b\"", "a").replace(',', ";").replace(";2;", ";2,5;");
        let excel = format!("\u{feff}{}", semicolons.replace('\n', "\r\n"));
        let (from_excel, problems) = sheet(&excel);
        assert_eq!(problems, [""; 0]);
        assert_eq!(from_excel.rows[0].codes, [Some(0.0), Some(2.5)]);
        assert_eq!(from_excel.rows[1], read.rows[1]);
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(plain.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let mut problems = Problems::default();
        assert_eq!(super::read("ann.csv", "ann", &wide, &book(), &mut problems), read);
    }

    #[test]
    fn lines_are_those_of_an_editor_whatever_ends_them() {
        let text =
            "article_id,title,frame,voices\n\ni:1,\"two\nlines\",realist,1\n\n\ni:2,x,realst,x\ni:1,x,realist,-1\n";
        let expected = [
            "ann.csv:7: `realst` is no value of frame\nhint: did you mean realist?",
            "ann.csv:7: `x` is no number for voices\nhint: voices is given numbers",
            "ann.csv:8: `-1` is below zero for voices\nhint: a ratio has a zero that means none; for numbers below it say \
            kind = \"interval\"",
            "ann.csv:8: `ann` coded `i:1` on line 3 already\nhint: one row for each article and coder",
        ];
        assert_eq!(sheet(text).1, expected);
        assert_eq!(sheet(&text.replace('\n', "\r\n")).1, expected);
        assert_eq!(sheet(&text.replace('\n', "\r")).1, expected);
    }

    #[test]
    fn what_is_no_sheet_says_so() {
        for (text, says) in [
            ("", "ann.csv:1: this sheet is empty"),
            (
                "a,b\n1,2\n",
                "ann.csv:1: the heading lacks the columns article_id, frame, voices",
            ),
            ("article_id,frame,frame\n", "ann.csv:1: two columns are called `frame`"),
            (
                "article_id,frame,voices\n,realist,1\n",
                "ann.csv:2: this row has no article_id",
            ),
        ] {
            let (_, problems) = sheet(text);
            assert!(problems[0].starts_with(says), "{problems:?}");
        }
        let mut problems = Problems::default();
        read("ann.csv", "ann", b"article_id\r\n\xE9t\xE9", &book(), &mut problems);
        assert!(
            problems.to_string().starts_with("ann.csv:2: this is not UTF-8"),
            "{problems}"
        );
    }
}
