//! The `sources.toml` that is added to: read whole, checked whole, replaced whole.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::edit::{self, NewSource};
use crate::config::whole;
use crate::config::{Config, ConfigErrors, sources};

/// What a file begins with that `import` makes where there is none.
const HEAD: &str = "\
[crawler]
contact = \"https://vigie.example/about\"   # goes into the User-Agent: put an address where you can be reached
";

pub struct SourcesToml {
    pub path: PathBuf,
    pub text: String,
    pub config: Config,
}

impl SourcesToml {
    /// The configured file; one with faults is an error, and so is none.
    pub fn read(common: &Common) -> anyhow::Result<SourcesToml> {
        let config = common.config()?;
        let path = path(common);
        let text =
            fs::read_to_string(&path).map_err(|error| mistake(format!("cannot read {}: {error}", path.display())))?;
        Ok(SourcesToml { path, text, config })
    }

    /// A file with no source in it yet.
    pub fn fresh(common: &Common) -> SourcesToml {
        SourcesToml {
            path: path(common),
            text: HEAD.to_owned(),
            config: Config::empty(),
        }
    }

    /// Ids that are taken.
    pub fn ids(&self) -> HashSet<String> {
        self.config.sources.iter().map(|source| source.id.clone()).collect()
    }

    /// The source that has this listing already.
    pub fn has_listing(&self, url: &str) -> Option<&str> {
        let same = |source: &&crate::model::Source| source.listings.iter().any(|listing| listing.url == url);
        self.config.sources.iter().find(same).map(|source| source.id.as_str())
    }

    /// The text with these sources at its end. Changes nothing on disk.
    pub fn with(&self, added: &[NewSource]) -> Result<String, ConfigErrors> {
        let Some((first, rest)) = added.split_first() else {
            return Ok(self.text.clone());
        };
        let mut text = edit::append_source(&self.text, first)?;
        // Each block by itself and then all at once: appended one by one, the whole would be parsed for each.
        let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        for source in rest {
            text.push_str(newline);
            text.push_str(&block(source)?.replace('\n', newline));
        }
        sources::parse("sources.toml", &text)?;
        Ok(text)
    }

    /// Puts `text` in the file's place, whole or not at all.
    pub fn replace(&self, text: &str) -> anyhow::Result<()> {
        whole::replace(&self.path, text)
            .map_err(|error| mistake(format!("cannot write {}: {error}", self.path.display())))
    }
}

/// As the errors of the configuration name it: `sources.toml` in the folder that one is in.
fn path(common: &Common) -> PathBuf {
    match common.config == Path::new(".") {
        true => PathBuf::from("sources.toml"),
        false => common.config.join("sources.toml"),
    }
}

/// The `[[source]]` table of one source.
pub fn block(source: &NewSource) -> Result<String, ConfigErrors> {
    edit::append_source("", source)
}

/// What is wrong with a source by itself, if anything is.
pub fn fault(source: &NewSource) -> Option<String> {
    let checked = block(source).and_then(|block| sources::parse("sources.toml", &format!("{HEAD}\n{block}")));
    let errors = checked.err()?;
    let first = errors.problems.first()?;
    Some(first.message.clone())
}
