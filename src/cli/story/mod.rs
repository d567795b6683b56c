//! `vigie story`: stories as plain files in `stories/`, and those that vigie suggests.

mod accept;
pub mod last;
mod list;
mod merge;
mod new;
mod pin;
mod show;
pub mod spec;
mod suggest;
pub mod suggested;

use clap::Subcommand;

use crate::cli::Exit;
use crate::cli::options::Common;

#[derive(Debug, Subcommand)]
#[command(after_help = "\
A story is a file, stories/ID.toml: its actors, its window, the query that makes an article part of it, themes to look
for, pins, questions and notes of yours. Edit it by hand; `vigie compare ID` lays it out by source.")]
pub enum Action {
    /// Stories that vigie found in several languages or groups of outlets, newest first
    Suggest(suggest::Args),
    /// Make a story of yours of one that vigie suggests
    Accept(accept::Args),
    /// Say that suggested stories are one
    Merge(merge::MergeArgs),
    /// Say that articles of a suggested story are of another one
    Split(merge::SplitArgs),
    /// Write a story's file from a query
    New(new::Args),
    /// The stories of the folder
    List,
    /// The articles of a story, and who decided so
    Show(show::Args),
    /// Read stories' files and say what is wrong with them
    Check(list::CheckArgs),
    /// Put an article into a story, or keep it out, whatever the query says
    Pin(pin::Args),
    /// Leave an article to the query again
    Unpin(pin::UnpinArgs),
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::Suggest(args) => suggest::run(common, args),
        Action::Accept(args) => accept::run(common, args),
        Action::Merge(args) => merge::run(common, args),
        Action::Split(args) => merge::split(common, args),
        Action::New(args) => new::run(common, args),
        Action::List => list::run(common),
        Action::Show(args) => show::run(common, args),
        Action::Check(args) => list::check(common, args),
        Action::Pin(args) => pin::run(common, args),
        Action::Unpin(args) => pin::unpin(common, args),
    }
}
