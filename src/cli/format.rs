//! The forms that a comparison can be written in, and where it is written to.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::model::comparison::Comparison;
use crate::report;
use crate::report::citation::{self, Copies};

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

/// How a comparison is to be written.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// A table to read, a page, a post, tables of data, everything, or citations
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Markdown: only the summary and the table
    #[arg(long)]
    pub brief: bool,
    /// Terminal: all of the evidence below the table, not only the beginning of each part
    #[arg(long)]
    pub all: bool,
}

impl Output {
    /// The format asked for, by `--format`, `--json` or the file's own ending.
    pub fn format(&self, common: &Common) -> anyhow::Result<Format> {
        let format = match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, _) if common.json => Format::Json,
            (None, Some(path)) => by_ending(path).unwrap_or(Format::Terminal),
            (None, None) => Format::Terminal,
        };
        if self.brief && format != Format::Md {
            return Err(mistake("--brief shortens Markdown only\nhint: add --format md"));
        }
        Ok(format)
    }

    /// Writes it, and says so where it went into a file.
    pub fn write(&self, common: &Common, comparison: &Comparison, copies: &Copies) -> anyhow::Result<()> {
        let format = self.format(common)?;
        let bytes = render(format, self.brief, self.all, comparison, copies)?;
        let Some(path) = &self.output else {
            std::io::stdout().write_all(&bytes)?;
            return Ok(());
        };
        std::fs::write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
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

fn by_ending(path: &Path) -> Option<Format> {
    Some(match path.extension()?.to_str()? {
        "html" | "htm" => Format::Html,
        "md" => Format::Md,
        "csv" => Format::Csv,
        "json" => Format::Json,
        "ris" => Format::Ris,
        "bib" => Format::Bib,
        _ => return None,
    })
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
