//! `vigie code`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use crate::cli::exit::mistake;
use crate::cli::narrow::{self, Window};
use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::code::sheet::Problems;
use crate::code::{self, Codes, sheet};
use crate::config::{Config, codebook};
use crate::model::Source;
use crate::model::codebook::{By, Codebook};
use crate::model::query::Condition;
use crate::read::ask;
use crate::read::search::{self, Bridge, Question};
use crate::report;
use crate::report::csv::guard;
use crate::store::Order;

/// Largest sheet read, in bytes: a million rows of codes.
const MOST_BYTES: u64 = 256 << 20;

#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Write a sheet of articles × variables, for a coder to fill in
    #[command(after_help = "\
Examples:
  vigie code sheet codebook.toml --query '@jack-lang' --coder ann -o ann.csv
  vigie code sheet codebook.toml --query '@jack-lang' --coder ben --excel --with-text -o ben.csv
codebook.toml has a [[variable]] for each thing to judge: id, kind (nominal, ordinal, interval, ratio), values, instructions.")]
    Sheet(SheetArgs),
    /// The codebook in Markdown, for those who code by it
    #[command(after_help = "Examples:\n  vigie code book codebook.toml > codebook.md")]
    Book {
        #[arg(value_name = "CODEBOOK")]
        codebook: PathBuf,
    },
    /// Read coders' sheets back: a table of each variable, with how far the coders agree beside it
    #[command(after_help = "\
Examples:
  vigie code read codebook.toml ann.csv ben.csv
  vigie code read codebook.toml ann.csv ben.csv --by source --json
Sheets are CSV as spreadsheets save it: commas, semicolons or tabs, any line ends, a byte-order mark. An empty cell is no
code. A coder is who stands in the column `coder`, else the file's name.")]
    Read(ReadArgs),
    /// Krippendorff's α of each variable, with a 95 % interval
    #[command(
        after_help = "Examples:\n  vigie code agreement codebook.toml ann.csv ben.csv\n  vigie code agreement codebook.toml *.csv --json"
    )]
    Agreement(SheetsArgs),
}

#[derive(Debug, clap::Args)]
pub struct SheetArgs {
    #[arg(value_name = "CODEBOOK")]
    pub codebook: PathBuf,
    /// The articles to code, as for `vigie query`
    #[arg(long, value_name = "QUERY", default_value = "")]
    pub query: String,
    #[command(flatten)]
    pub narrow: query::Narrow,
    /// At most this many articles, the oldest first
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub limit: u32,
    /// Name of who will code, in every row
    #[arg(long, default_value = "", value_name = "NAME")]
    pub coder: String,
    /// With the text of each article
    #[arg(long)]
    pub with_text: bool,
    /// For Excel: a byte-order mark, and lines that end in CRLF
    #[arg(long)]
    pub excel: bool,
    /// Write there instead of to the terminal; a file that is there is not replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct SheetsArgs {
    #[arg(value_name = "CODEBOOK")]
    pub codebook: PathBuf,
    /// Filled-in sheets of two coders or more
    #[arg(required = true, value_name = "SHEET")]
    pub sheets: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    #[command(flatten)]
    pub sheets: SheetsArgs,
    /// What the columns of a table are
    #[arg(long, value_enum, default_value = "coder", value_name = "WHAT")]
    pub by: Columns,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Columns {
    Coder,
    /// Of the article; one that two coded counts twice
    Source,
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::Sheet(args) => write(common, &args),
        Action::Book { codebook } => {
            output::text(&report::code::instructions(&Config::codebook(&codebook)?))?;
            Ok(Exit::Done)
        }
        Action::Read(args) => {
            let (book, codes) = read(common, &args.sheets)?;
            let by = match args.by {
                Columns::Coder => By::Coder,
                Columns::Source => By::Source,
            };
            let tables = code::tables(&book, &codes, by);
            if common.json {
                output::json(&json!({
                    "articles": codes.articles(), "coders": codes.coders(), "bounds": bounds(), "tables": tables,
                }))?;
            } else {
                output::text(&report::code::tables(&tables))?;
            }
            Ok(found(&codes))
        }
        Action::Agreement(args) => {
            let (book, codes) = read(common, &args)?;
            let all = code::agreement(&book, &codes);
            if common.json {
                output::json(&json!({
                    "articles": codes.articles(), "coders": codes.coders(), "bounds": bounds(), "variables": all,
                }))?;
            } else {
                output::text(&report::code::agreement(&all))?;
            }
            Ok(found(&codes))
        }
    }
}

fn bounds() -> serde_json::Value {
    json!({ "customary": code::CUSTOMARY, "tentative": code::TENTATIVE })
}

fn found(codes: &Codes) -> Exit {
    if codes.rows.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    }
}

/// Every sheet, whole; the mistakes of all of them come together.
pub fn read(common: &Common, args: &SheetsArgs) -> anyhow::Result<(Codebook, Codes)> {
    let book = Config::codebook(&args.codebook)?;
    let mut problems = Problems::default();
    let mut sheets = Vec::new();
    let mut known: BTreeMap<String, &Path> = BTreeMap::new();
    for path in &args.sheets {
        let bytes = bytes(path)?;
        // The same bytes under two names would agree with themselves.
        if let Some(first) = known.insert(crate::text::hash::sha256_hex(&bytes), path) {
            let what = if first == path {
                "is given twice".to_owned()
            } else {
                format!("is the same file as {}", first.display())
            };
            return Err(mistake(format!(
                "{} {what}\nhint: each coder has a sheet of their own",
                path.display()
            )));
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = path.display().to_string();
        let read = sheet::read(&name, &stem, &bytes, &book, &mut problems);
        sheets.push((name, read));
    }
    let codes = code::gather(sheets, &mut problems);
    if !problems.is_empty() {
        return Err(mistake(problems.to_string()));
    }
    if codes.coders().len() < 2 {
        common.say("note: these are the codes of one coder; agreement needs two");
    }
    Ok((book, codes))
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let unreadable = |error: std::io::Error| mistake(format!("cannot read {}: {error}", path.display()));
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_BYTES {
        return Err(mistake(format!(
            "{} is larger than {} MiB",
            path.display(),
            MOST_BYTES >> 20
        )));
    }
    fs::read(path).map_err(unreadable)
}

fn write(common: &Common, args: &SheetArgs) -> anyhow::Result<Exit> {
    let book = Config::codebook(&args.codebook)?;
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let narrow = &args.narrow;
    query::check_names(common, &reader, &config, &narrow.source, &narrow.group)?;
    common.zone()?;
    let langs = narrow::langs(&narrow.lang)?;
    let Window { since, until } = common.window(narrow.since.as_deref(), narrow.until.as_deref())?;
    let context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        false,
        Some(&common.config),
    );
    let read = query::read(common, &reader, &config, &args.query, &context)?;
    let question = Question {
        typed: &args.query,
        langs: &langs,
        sources: &narrow.source,
        groups: &narrow.group,
        since,
        until,
        exact: false,
        bridge: Bridge::Never,
        order: Order::Oldest,
        limit: args.limit,
    };
    let beside = search::narrowed(Condition::Everything, &question);
    let found_out = ask::condition(&reader, &read.expr, &beside, &context).map_err(query::misread)?;
    let condition = search::narrowed(found_out, &question);
    let found = reader.search(&condition, question.order, question.limit)?;
    let sources: BTreeMap<String, Source> = reader
        .sources()?
        .into_iter()
        .map(|source| (source.id.clone(), source))
        .collect();
    let rowids: Vec<i64> = found.rows.iter().map(|row| row.rowid).collect();
    let texts: BTreeMap<i64, String> = match args.with_text {
        true => reader
            .texts(&rowids)?
            .into_iter()
            .map(|text| (text.rowid, text.text))
            .collect(),
        false => BTreeMap::new(),
    };
    let mut header: Vec<&str> = codebook::COLUMNS.to_vec();
    header.retain(|column| *column != "text" || args.with_text);
    header.extend(book.variables.iter().map(|variable| variable.id.as_str()));
    let mut out = Vec::new();
    if args.excel {
        out.extend("\u{feff}".as_bytes());
    }
    let end = if args.excel {
        csv::Terminator::CRLF
    } else {
        csv::Terminator::Any(b'\n')
    };
    let mut sheet = csv::WriterBuilder::new().terminator(end).from_writer(out);
    sheet.write_record(&header)?;
    for row in &found.rows {
        let source = sources.get(&row.source);
        let published = row
            .published
            .as_ref()
            .map_or(String::new(), |claim| claim.to_published());
        let ownership = source.map_or(String::new(), |source| {
            let word = serde_json::to_value(source.ownership).unwrap_or_default();
            word.as_str().unwrap_or_default().to_owned()
        });
        let mut cells: Vec<Cow<'_, str>> = vec![
            row.id.as_str().into(),
            args.coder.as_str().into(),
            row.source.as_str().into(),
            source.map_or("", |source| source.name.as_str()).into(),
            source.map_or("", |source| source.lang.as_str()).into(),
            source.map_or("", |source| source.country.as_str()).into(),
            ownership.into(),
            published.into(),
            row.title.as_str().into(),
            row.url.as_str().into(),
        ];
        if args.with_text {
            cells.push(texts.get(&row.rowid).map_or("", String::as_str).into());
        }
        cells.extend(book.variables.iter().map(|_| Cow::from("")));
        sheet.write_record(cells.iter().map(|cell| guard(cell)))?;
    }
    let bytes = sheet.into_inner().context("the sheet is written")?;
    match &args.output {
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(&bytes)?;
            out.flush()?;
        }
        Some(path) => {
            // A sheet that somebody has begun to fill in is hours of work.
            let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
            file.and_then(|mut file| file.write_all(&bytes))
                .map_err(|error| match error.kind() {
                    std::io::ErrorKind::AlreadyExists => mistake(format!(
                        "{} is there already\nhint: it may hold codes; move it away, or write to another name",
                        path.display()
                    )),
                    _ => mistake(format!("cannot write {}: {error}", path.display())),
                })?;
        }
    }
    common.say(format!("{} articles, showing {}", found.total, found.rows.len()));
    Ok(if found.total == 0 {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}
