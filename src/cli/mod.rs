//! One file per command: parse, open, call, print.
//!
//! Never holds logic of its own. Data goes to stdout, everything else to stderr.

mod attention;
mod backup;
mod blindspots;
mod bundle;
mod cite;
mod code;
mod compare;
mod corpus;
mod crawl;
mod demo;
mod diff;
mod digest;
mod doctor;
mod embed;
mod exit;
mod export;
mod format;
mod help;
mod import;
mod init;
mod inspect;
mod lexicon;
mod narrow;
mod options;
mod output;
mod progress;
mod query;
mod saved;
mod schedule;
mod show;
mod sources;
mod status;
mod story;
mod topics;
mod typed;
mod watch;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use exit::Exit;
use options::Common;

/// Keeps watch over the press of several languages: who covered a story, when, at what length, in whose
/// words, and who stayed silent.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, about, max_term_width = 100, arg_required_else_help = true, after_help = AFTER)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What was typed. Ends the program with help, version or the mistake where that is what was asked for.
    pub fn read() -> Cli {
        let matches = Cli::command_line().get_matches_from(typed::arguments(std::env::args_os()));
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    pub fn command_line() -> clap::Command {
        help::flowing(Cli::command())
    }
}

const AFTER: &str = "\
First steps:
  vigie demo                     a complete comparison on invented newspapers, no network needed
  vigie init --preset seed       write sources.toml, topics.toml and lexicon.toml
  vigie crawl                    visit every source once
  vigie query 朝鲜               search what was kept, in any of the languages
  vigie compare 'Pyongyang' --since 7d

Exit codes: 0 done, 1 internal failure, 2 usage or configuration, 3 some sources failed,
4 nothing found, 5 another run holds the lock, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write sources.toml, topics.toml and lexicon.toml to begin with
    Init(init::Args),
    /// List, check, add and export the sources
    #[command(subcommand)]
    Sources(sources::Action),
    /// Visit every enabled source once
    Crawl(crawl::Args),
    /// Visit each source whenever it is due, until stopped
    Watch(watch::Args),
    /// Crawl, and what follows it: the one verb for a timer
    Nightly(crawl::NightlyArgs),
    /// Derive articles from kept pages, without a network
    Digest(digest::Args),
    /// Bring in WARC files, rows of articles (JSONL) or a list of feeds (OPML)
    Import(import::Args),
    /// Search what was kept
    Query(query::Args),
    /// How much attention each source gave to it, by day, week or month
    Attention(attention::Args),
    /// The topics that articles are tagged with; what a changed topics.toml would tag and untag
    #[command(subcommand)]
    Topics(topics::Action),
    /// Searches that every crawl asks again: what is new, and what has fallen silent
    #[command(subcommand)]
    Saved(saved::Action),
    /// Lay the coverage of one story out by source
    Compare(compare::Args),
    /// Stories that one group of outlets ran and another, looked at, did not
    Blindspots(blindspots::Args),
    /// The articles of a story as citations, for Zotero, LaTeX and their kin
    Cite(cite::Args),
    /// Stories: those that vigie suggests, and yours as plain files
    #[command(subcommand)]
    Story(story::Action),
    /// Sheets for coders, and how far they agree
    #[command(subcommand)]
    Code(code::Action),
    /// One article with its versions, tags and the looks that saw it
    Show(show::Args),
    /// What changed between two versions of an article
    Diff(diff::Args),
    /// How the sources are: verdicts, looks made of looks planned, volume
    Status(status::Args),
    /// Write articles, looks or topics as CSV or JSONL
    Export(export::Args),
    /// Which names stand in a text and why, and names that the lexicon lacks
    #[command(subcommand)]
    Lexicon(lexicon::Action),
    /// What vigie reads off one page, feed, robots.txt, address or text
    #[command(subcommand)]
    Inspect(inspect::What),
    /// Vectors of texts, alike where texts of any language mean alike
    Embed(embed::Args),
    /// Print timer and cron lines for a nightly run; installs nothing
    Schedule(schedule::Args),
    /// Copy the database while it is in use
    Backup(backup::Args),
    /// Check the store against the archive, or make it anew from there
    Doctor(doctor::Args),
    /// Ten invented newspapers on this machine, crawled and compared: no network needed
    Demo(demo::Args),
}

/// Runs one command. The error is for a person: its text is whole, with the next step where there is one.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    let common = &cli.common;
    match cli.command {
        Command::Init(args) => init::run(common, args),
        Command::Sources(action) => sources::run(common, action),
        Command::Crawl(args) => crawl::run(common, args),
        Command::Watch(args) => watch::run(common, args),
        Command::Nightly(args) => crawl::nightly(common, args),
        Command::Digest(args) => digest::run(common, args),
        Command::Import(args) => import::run(common, args),
        Command::Query(args) => query::run(common, args),
        Command::Attention(args) => attention::run(common, args),
        Command::Topics(action) => topics::run(common, action),
        Command::Saved(action) => saved::run(common, action),
        Command::Compare(args) => compare::run(common, args),
        Command::Blindspots(args) => blindspots::run(common, args),
        Command::Cite(args) => cite::run(common, args),
        Command::Story(action) => story::run(common, action),
        Command::Code(action) => code::run(common, action),
        Command::Show(args) => show::run(common, args),
        Command::Diff(args) => diff::run(common, args),
        Command::Status(args) => status::run(common, args),
        Command::Export(args) => export::run(common, args),
        Command::Lexicon(action) => lexicon::run(common, action),
        Command::Inspect(what) => inspect::run(common, what),
        Command::Embed(args) => embed::run(common, args),
        Command::Schedule(args) => schedule::run(common, args),
        Command::Backup(args) => backup::run(common, args),
        Command::Doctor(args) => doctor::run(common, args),
        Command::Demo(args) => demo::run(common, args),
    }
}
