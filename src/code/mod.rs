//! What people judged of articles: their sheets read, counted, and how far they agree.
//!
//! Takes bytes and a codebook, gives codes, tables and α. Never opens a file, never sees the store.

pub mod alpha;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::codebook::{Agreement, By, Codebook, Level, Table, TableRow, Variable, Verdict};
use crate::text::hash::sha256_hex;

use sheet::{Problem, Problems, Row, Sheet};

/// Krippendorff's customary bounds: from the first on α is relied upon, from the second on conclusions are tentative.
pub const CUSTOMARY: f64 = 0.8;
pub const TENTATIVE: f64 = 0.667;

/// Codes of all sheets.
#[derive(Debug, Default)]
pub struct Codes {
    /// By article, then coder.
    pub rows: Vec<Row>,
}

/// Brings sheets together; `names` are what problems call them. Nobody codes an article twice.
pub fn gather(sheets: Vec<(String, Sheet)>, problems: &mut Problems) -> Codes {
    let mut seen: BTreeMap<(String, String), (String, usize)> = BTreeMap::new();
    let mut rows = Vec::new();
    for (name, sheet) in sheets {
        for row in sheet.rows {
            let key = (row.article.clone(), row.coder.clone());
            if let Some((file, line)) = seen.get(&key) {
                problems.push(Problem {
                    file: name.clone(),
                    line: row.line,
                    message: format!("{} coded {} in {file}:{line} already", row.coder, row.article),
                    hint: Some("each coder needs a name of their own in the column `coder`".to_owned()),
                });
                continue;
            }
            seen.insert(key, (name.clone(), row.line));
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| (&a.article, &a.coder).cmp(&(&b.article, &b.coder)));
    Codes { rows }
}

impl Codes {
    /// Those of articles that `is_wanted`.
    pub fn only(mut self, is_wanted: impl Fn(&str) -> bool) -> Codes {
        self.rows.retain(|row| is_wanted(&row.article));
        self
    }

    pub fn coders(&self) -> Vec<&str> {
        let coders: BTreeSet<&str> = self.rows.iter().map(|row| row.coder.as_str()).collect();
        coders.into_iter().collect()
    }

    pub fn articles(&self) -> usize {
        self.rows.chunk_by(|a, b| a.article == b.article).count()
    }

    /// The values that each article was given for the variable at `place` of the codebook.
    fn units(&self, place: usize) -> Vec<Vec<f64>> {
        let code = |row: &Row| row.codes.get(place).copied().flatten();
        let articles = self.rows.chunk_by(|a, b| a.article == b.article);
        articles.map(|rows| rows.iter().filter_map(code).collect()).collect()
    }

    /// A number that these codes and no others give, so that an interval can be had again.
    fn seed(&self, place: usize, variable: &Variable) -> u64 {
        let mut text = format!("{}\n{}\n", variable.id, variable.kind.as_str());
        for row in &self.rows {
            if let Some(code) = row.codes.get(place).copied().flatten() {
                text.push_str(&format!("{}\t{}\t{code}\n", row.article, row.coder));
            }
        }
        u64::from_str_radix(sha256_hex(text.as_bytes()).get(..16).unwrap_or("0"), 16).unwrap_or(0)
    }
}

/// α of every variable, in the order of the codebook.
pub fn agreement(book: &Codebook, codes: &Codes) -> Vec<Agreement> {
    let each = book.variables.iter().enumerate();
    each.map(|(place, variable)| of_variable(codes, place, variable))
        .collect()
}

fn of_variable(codes: &Codes, place: usize, variable: &Variable) -> Agreement {
    let units = codes.units(place);
    let found = alpha::alpha(variable.kind, &units);
    let seed = codes.seed(place, variable);
    let spread = found.alpha.and_then(|_| alpha::spread(variable.kind, &units, seed));
    let coded = |row: &&Row| row.codes.get(place).copied().flatten().is_some();
    let coders: BTreeSet<&str> = codes.rows.iter().filter(coded).map(|row| row.coder.as_str()).collect();
    Agreement {
        variable: variable.id.clone(),
        kind: variable.kind,
        units: found.units,
        values: found.values,
        coders: coders.len(),
        agreement: found.agreement,
        alpha: found.alpha,
        low: spread.map(|spread| spread.low),
        high: spread.map(|spread| spread.high),
        resamples: spread.map_or(0, |spread| spread.resamples),
        seed: format!("{seed:016x}"),
        verdict: match found.alpha {
            None if found.units == 0 => Verdict::NoPairs,
            None => Verdict::NoVariation,
            // As it is printed: .7996 is read as .800.
            Some(alpha) if (alpha * 1000.0).round() >= CUSTOMARY * 1000.0 => Verdict::Customary,
            Some(alpha) if (alpha * 1000.0).round() >= TENTATIVE * 1000.0 => Verdict::Tentative,
            Some(_) => Verdict::Unreliable,
        },
    }
}

/// A table of every variable.
pub fn tables(book: &Codebook, codes: &Codes, by: By) -> Vec<Table> {
    let key = |row: &Row| match by {
        By::Coder => row.coder.clone(),
        By::Source => row.source.clone().unwrap_or_else(|| "unknown".to_owned()),
    };
    let columns: BTreeSet<String> = codes.rows.iter().map(key).collect();
    let columns: Vec<String> = columns.into_iter().collect();
    let each = book.variables.iter().enumerate();
    each.map(|(place, variable)| {
        let mut given: Vec<Vec<f64>> = vec![Vec::new(); columns.len()];
        for row in &codes.rows {
            let at = columns.binary_search(&key(row)).ok();
            if let (Some(code), Some(cell)) = (
                row.codes.get(place).copied().flatten(),
                at.and_then(|at| given.get_mut(at)),
            ) {
                cell.push(code);
            }
        }
        Table {
            by,
            columns: columns.clone(),
            rows: rows(variable, &mut given),
            agreement: of_variable(codes, place, variable),
        }
    })
    .collect()
}

fn rows(variable: &Variable, given: &mut [Vec<f64>]) -> Vec<TableRow> {
    let row = |value: &str, cells: Vec<Option<f64>>| TableRow {
        value: value.to_owned(),
        cells,
    };
    match variable.kind {
        Level::Nominal | Level::Ordinal => {
            let values = variable.values.iter().enumerate();
            let count = |at: usize, codes: &Vec<f64>| codes.iter().filter(|code| **code == at as f64).count() as f64;
            values
                .map(|(at, value)| row(value, given.iter().map(|codes| Some(count(at, codes))).collect()))
                .collect()
        }
        Level::Interval | Level::Ratio => {
            given.iter_mut().for_each(|codes| codes.sort_by(f64::total_cmp));
            let each = |of: fn(&[f64]) -> Option<f64>| given.iter().map(|codes| of(codes)).collect();
            vec![
                row("codes", each(|codes| Some(codes.len() as f64))),
                row(
                    "mean",
                    each(|codes| (!codes.is_empty()).then(|| codes.iter().sum::<f64>() / codes.len() as f64)),
                ),
                row("median", each(median)),
                row("least", each(|codes| codes.first().copied())),
                row("most", each(|codes| codes.last().copied())),
            ]
        }
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (
        sorted.get(sorted.len().checked_sub(1)? / 2)?,
        sorted.get(sorted.len() / 2)?,
    );
    Some(f64::midpoint(*low, *high))
}
