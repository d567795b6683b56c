//! `vigie export`.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, query};
use crate::model::Interval;
use crate::model::query::Condition;
use crate::query as language;
use crate::read::search;
use crate::report;
use crate::report::csv::Sheet;
use crate::store::{Cell, Export};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie export articles --format csv > articles.csv
  vigie export articles --query 'lang:zh 文化' --format jsonl
  vigie export looks --since 7d --format csv > ledger.csv
Every row carries source id, name, language, country and ownership; the row count goes to stderr.")]
pub struct Args {
    #[arg(value_enum)]
    pub what: What,
    #[arg(long, value_enum, default_value = "csv", value_name = "FORMAT")]
    pub format: Format,
    /// Only articles that this query finds (articles and topics)
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
    /// From then on (looks)
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Until the end of then (looks)
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum What {
    Articles,
    Looks,
    Topics,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let export = what(common, &args)?;
    let columns = reader.export_columns(&export)?;
    let out = BufWriter::new(std::io::stdout().lock());
    let format = if common.json { Format::Jsonl } else { args.format };
    let rows = match format {
        Format::Csv => {
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            let mut sheet = Sheet::new(out, &names)?;
            let rows = reader.export(&export, |cells| -> anyhow::Result<ControlFlow<()>> {
                sheet.row(cells.iter().map(text))?;
                Ok(ControlFlow::Continue(()))
            })?;
            sheet.finish()?;
            rows
        }
        Format::Jsonl => {
            let mut out = out;
            let rows = reader.export(&export, |cells| -> anyhow::Result<ControlFlow<()>> {
                let object: serde_json::Map<String, serde_json::Value> = columns
                    .iter()
                    .zip(cells)
                    .filter_map(|(name, cell)| Some((name.clone(), json(cell)?)))
                    .collect();
                writeln!(out, "{}", report::json::escaped(serde_json::to_string(&object)?))?;
                Ok(ControlFlow::Continue(()))
            })?;
            out.flush()?;
            rows
        }
    };
    common.say(format!("{rows} rows"));
    Ok(if rows == 0 { Exit::NothingFound } else { Exit::Done })
}

fn what(common: &Common, args: &Args) -> anyhow::Result<Export> {
    let looks = matches!(args.what, What::Looks);
    if looks && args.query.is_some() {
        return Err(mistake(
            "looks have no words to query\nhint: --since and --until narrow them",
        ));
    }
    if !looks && (args.since.is_some() || args.until.is_some()) {
        return Err(mistake(
            "--since and --until narrow looks only\nhint: --query 'since:7d' narrows articles",
        ));
    }
    if let What::Looks = args.what {
        let min = args
            .since
            .as_deref()
            .map(|text| common.moment(text, false))
            .transpose()?;
        let max = args
            .until
            .as_deref()
            .map(|text| common.moment(text, true))
            .transpose()?;
        let window = (min.is_some() || max.is_some()).then(|| Interval {
            min: min.unwrap_or(jiff::Timestamp::MIN),
            max: max.unwrap_or(jiff::Timestamp::MAX),
        });
        return Ok(Export::Looks(window));
    }
    let condition = match &args.query {
        None => Condition::Everything,
        Some(typed) => {
            let config = query::config_or_builtin(common)?;
            let context = search::context(&config.lexicon, common.clock().now(), &common.tz, false);
            let parsed = language::parse(typed, &context).map_err(|error| query::misread(error.into()))?;
            language::plan(&parsed.expr)
        }
    };
    Ok(match args.what {
        What::Topics => Export::Topics(condition),
        _ => Export::Articles(condition),
    })
}

/// A list in one cell is joined by `;`.
fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Unknown => Cow::from(""),
        Cell::Text(text) => Cow::from(text.as_str()),
        Cell::Integer(n) => Cow::from(n.to_string()),
        Cell::Real(n) => Cow::from(n.to_string()),
        Cell::List(items) => Cow::from(items.join(";")),
    }
}

/// Absent = unknown.
fn json(cell: &Cell) -> Option<serde_json::Value> {
    match cell {
        Cell::Unknown => None,
        Cell::Text(text) => Some(text.as_str().into()),
        Cell::Integer(n) => Some((*n).into()),
        Cell::Real(n) => Some((*n).into()),
        Cell::List(items) => Some(items.clone().into()),
    }
}
