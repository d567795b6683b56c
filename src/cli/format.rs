//! The forms that a comparison can be written in, and where it is written to.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{bundle, corpus, output};
use crate::model::comparison::Comparison;
use crate::read::kept;
use crate::report;
use crate::report::citation::{self, Copies};
use crate::report::csv::Dialect;
use crate::store::Reader;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table to read
    Terminal,
    /// One page to read, print and hand on: no network, no script
    Html,
    /// Markdown for a blog
    Md,
    /// One row a source; with a folder as --output, every table as a file of its own
    Csv,
    /// Everything, as docs/vigie.compare.schema.json says
    Json,
    /// Citations for Zotero, EndNote and their kin
    Ris,
    /// Citations as BibLaTeX
    Bib,
    /// Citations as plain BibTeX
    Bibtex,
    /// Citations as CSL-JSON
    Csl,
}

/// For which program tables are shaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    // A documented value would make clap's whole page long. R's readtext and quanteda: `text` and `doc_id` first, one value a cell, nothing guarded
    R,
}

/// How a comparison is to be written.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// A table to read, a page, a post, tables of data, everything, or citations
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,
    /// Write to this file instead of stdout; with --format csv, a folder (`out/`) gets every table
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Markdown: only the summary and the table
    #[arg(long)]
    pub brief: bool,
    /// Terminal: all of the evidence below the table, not only the beginning of each part
    #[arg(long)]
    pub all: bool,
    /// CSV for Excel: byte-order mark and CRLF
    #[arg(long)]
    pub excel: bool,
    /// CSV for a program: `r` gives articles.csv `text` and `doc_id` as its first columns
    #[arg(long, value_enum, value_name = "PROGRAM", conflicts_with = "excel")]
    pub profile: Option<Profile>,
    /// CSV: the articles' full texts too, in texts.csv; with --profile r in articles.csv
    #[arg(long)]
    pub with_text: bool,
    /// Also write a ZIP with which a stranger can check it: tables, ledger, digests, records of the archive
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Leave the pages themselves out of the bundle
    #[arg(long, requires = "bundle")]
    pub without_pages: bool,
}

impl Output {
    /// The format asked for, by `--format`, `--json` or the file's own ending.
    pub fn format(&self, common: &Common) -> anyhow::Result<Format> {
        let format = match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, _) if common.json => Format::Json,
            (None, Some(path)) => by_ending(path)?.unwrap_or(Format::Terminal),
            (None, None) => Format::Terminal,
        };
        if self.brief && format != Format::Md {
            return Err(mistake("--brief shortens Markdown only\nhint: add --format md"));
        }
        if (self.excel || self.profile.is_some() || self.with_text) && format != Format::Csv {
            return Err(mistake(
                "--excel, --profile and --with-text shape CSV only\nhint: add --format csv --output FOLDER/",
            ));
        }
        if (self.profile.is_some() || self.with_text) && self.folder(format).is_none() {
            return Err(mistake(
                "--profile and --with-text shape the table of articles, which is a file of a folder\nhint: --output FOLDER/",
            ));
        }
        Ok(format)
    }

    /// The folder that every table is to be written into, if so.
    fn folder(&self, format: Format) -> Option<&Path> {
        let path = self.output.as_deref().filter(|_| format == Format::Csv)?;
        let named = path.as_os_str().to_string_lossy().ends_with('/');
        (named || path.is_dir()).then_some(path)
    }

    fn dialect(&self) -> Dialect {
        match (self.excel, self.profile) {
            (true, _) => Dialect::Excel,
            (_, Some(Profile::R)) => Dialect::Exact,
            _ => Dialect::Plain,
        }
    }

    /// Writes it, and says so where it went into a file.
    pub fn write(&self, common: &Common, reader: &Reader, comparison: &Comparison) -> anyhow::Result<()> {
        let format = self.format(common)?;
        let copies = kept::copies(reader, comparison)?;
        if let Some(path) = &self.bundle {
            let bytes = bundle::pack(common, reader, comparison, &copies, !self.without_pages)?;
            put(path, &bytes)?;
            common.say(format!("wrote {} ({})", path.display(), size(bytes.len())));
            if self.format.is_none() && self.output.is_none() && !common.json {
                return Ok(());
            }
        }
        if let Some(folder) = self.folder(format) {
            return self.write_tables(common, reader, comparison, folder);
        }
        let bytes = match format {
            Format::Csv => {
                let mut out = Vec::new();
                report::csv::sources_in(comparison, &mut out, self.dialect())?;
                out
            }
            other => render(other, self.brief, self.all, comparison, &copies)?,
        };
        let Some(path) = &self.output else {
            std::io::stdout().write_all(&bytes)?;
            return Ok(());
        };
        put(path, &bytes)?;
        let what = if format == Format::Html { ", self-contained" } else { "" };
        common.say(format!(
            "wrote {} ({}{what}, {} sources, {} articles)",
            path.display(),
            size(bytes.len()),
            comparison.sources.len(),
            comparison.articles.len()
        ));
        Ok(())
    }

    fn write_tables(
        &self,
        common: &Common,
        reader: &Reader,
        comparison: &Comparison,
        folder: &Path,
    ) -> anyhow::Result<()> {
        output::folder(folder)?;
        let ledger = bundle::ledger(reader, comparison)?;
        let files = report::sheets::files(comparison, &ledger, self.dialect())?;
        for (name, bytes) in &files {
            put(&folder.join(name), bytes)?;
        }
        if self.profile == Some(Profile::R) || self.with_text {
            let ids: Vec<&str> = comparison.articles.iter().map(|article| article.id.as_str()).collect();
            let mut out = Vec::new();
            corpus::r_table(reader, &corpus::rows_of(reader, &ids)?, self.with_text, &mut out)?;
            // The plain table of articles stays what it is; the texts stand beside it.
            let name = if self.profile.is_some() {
                "articles.csv"
            } else {
                "texts.csv"
            };
            put(&folder.join(name), &out)?;
        }
        common.say(format!(
            "wrote {} tables to {} ({} sources, {} articles, {} looks)",
            files.len(),
            folder.display(),
            comparison.sources.len(),
            comparison.articles.len(),
            ledger.rows.len()
        ));
        Ok(())
    }
}

fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    output::into(Some(path), bytes)
}

/// The whole text of a format.
pub fn render(
    format: Format,
    brief: bool,
    all: bool,
    comparison: &Comparison,
    copies: &Copies,
) -> anyhow::Result<Vec<u8>> {
    let citations = || citation::citations(comparison, copies);
    Ok(match format {
        Format::Terminal => report::comparison::terminal(comparison, width(), all).into_bytes(),
        Format::Html => report::html::page(comparison, copies).into_bytes(),
        Format::Md => report::markdown::markdown(comparison, brief).into_bytes(),
        Format::Json => format!("{}\n", report::json::line(comparison)?).into_bytes(),
        Format::Csv => {
            let mut out = Vec::new();
            report::csv::sources(comparison, &mut out)?;
            out
        }
        Format::Ris => citation::ris(&citations()).into_bytes(),
        Format::Bib => citation::biblatex(&citations()).into_bytes(),
        Format::Bibtex => citation::bibtex(&citations()).into_bytes(),
        Format::Csl => citation::csl(&citations()).into_bytes(),
    })
}

/// `None` for an ending that says nothing.
fn by_ending(path: &Path) -> anyhow::Result<Option<Format>> {
    if path.as_os_str().to_string_lossy().ends_with('/') {
        return Ok(Some(Format::Csv));
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(Some(match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => Format::Html,
        "md" => Format::Md,
        "csv" => Format::Csv,
        "json" => Format::Json,
        "ris" => Format::Ris,
        "bib" => Format::Bib,
        "pdf" => {
            return Err(mistake(
                "vigie writes no PDF\nhint: --output FILE.html, and print that from a browser",
            ));
        }
        "zip" => return Err(mistake("a ZIP is a bundle\nhint: --bundle FILE.zip")),
        "" | "txt" => return Ok(None),
        other => {
            return Err(mistake(format!(
                "`.{other}` is the ending of no format\nhint: html, md, csv, json, ris or bib; or say --format"
            )));
        }
    }))
}

/// Columns of the terminal, where there is one; a pipe gets what a wide one would.
fn width() -> usize {
    let typed = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let widest = report::table::WIDTH;
    typed.or_else(seen).unwrap_or(widest).clamp(60, widest)
}

/// `41 kB`
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
