//! `vigie cite`: the articles of a story as citations.

use std::path::PathBuf;

use crate::cli::compare::{self, StoryArgs};
use crate::cli::exit::mistake;
use crate::cli::format::{Format, render};
use crate::cli::options::Common;
use crate::cli::story::spec;
use crate::cli::{Exit, output};
use crate::read::kept;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie cite lang-pyongyang > lang.ris
  vigie cite --story lang-pyongyang --format bib -o lang.bib
  vigie cite --query '@north-korea @france' --since 2009-12 --until 2009-12 --format csl

Each citation gives the day that the outlet's readers had, the day on which the page was last read, when it was
first seen, the SHA-256 of its words, and where the archive keeps the page.")]
pub struct Args {
    #[command(flatten)]
    pub subject: StoryArgs,
    /// The id of a story in stories/
    #[arg(long = "story", value_name = "ID", conflicts_with_all = ["story", "query"], id = "story_id")]
    pub id: Option<String>,
    /// A query
    #[arg(long, value_name = "QUERY", conflicts_with = "story")]
    pub query: Option<String>,
    /// For which program
    #[arg(long, value_enum, default_value = "ris", value_name = "FORMAT")]
    pub format: Style,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Style {
    /// Zotero, EndNote, Mendeley
    Ris,
    /// BibLaTeX
    Bib,
    /// Plain BibTeX
    Bibtex,
    /// CSL-JSON
    Csl,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let mut subject = args.subject;
    if let Some(id) = &args.id {
        spec::get(common, id)?;
    }
    subject.story.extend(args.id.into_iter().chain(args.query));
    if subject.story.is_empty() {
        return Err(mistake(
            "no story to cite\nhint: `vigie cite ID`, `vigie cite --query QUERY --since 7d`; `vigie story list` shows ids",
        ));
    }
    let comparison = compare::compare(common, &subject)?;
    let copies = kept::copies(&common.reader()?, &comparison)?;
    let format = match (args.format, common.json) {
        (_, true) | (Style::Csl, _) => Format::Csl,
        (Style::Ris, _) => Format::Ris,
        (Style::Bib, _) => Format::Bib,
        (Style::Bibtex, _) => Format::Bibtex,
    };
    let bytes = render(format, false, false, &comparison, &copies)?;
    output::into(args.output.as_deref(), &bytes)?;
    common.say(format!("{} citations", comparison.articles.len()));
    Ok(match comparison.articles.is_empty() {
        true => Exit::NothingFound,
        false => Exit::Done,
    })
}
