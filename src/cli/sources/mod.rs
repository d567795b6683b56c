//! `vigie sources`: what is watched, whether it can be read, and how it is added to or taken along.

mod add;
mod check;
mod export;
mod file;
mod guess;
mod list;
mod look;
mod opml;
pub(in crate::cli) mod visitor;

use std::path::Path;

use crate::cli::Exit;
use crate::cli::options::Common;

#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Every source with its language, country and listings, and why it is off
    List,
    /// Look at sources as a crawl would, and store nothing
    Check(check::Args),
    /// Find the feeds of a site and add it to sources.toml
    Add(add::Args),
    /// The sources as OPML (all feeds), TOML or JSON
    Export(export::Args),
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::List => list::run(common),
        Action::Check(args) => check::run(common, args),
        Action::Add(args) => add::run(common, args),
        Action::Export(args) => export::run(common, args),
    }
}

/// Adds the feeds of an OPML file to sources.toml.
pub fn import_opml(common: &Common, path: &Path) -> anyhow::Result<()> {
    opml::import(common, path)
}

/// `"state"`, `"party-press"`: a value as its own serialisation writes it.
fn word<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
