//! A decision of the reader carried out: written down, and the stories it is about grouped anew.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::config::{ConfigError, ConfigErrors, decisions, whole};
use crate::crawl::run::{self, Event, Opened, RunError};
use crate::digest::stories;

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Changes decisions.toml by `edit`, and groups anew what the change is about. The lock is taken first, so that
/// nothing is written down which cannot be carried out now. False when the edit changed nothing.
pub fn decide(
    data: &Path,
    config: &Path,
    clock: &Clock,
    edit: impl FnOnce(&str, &str) -> Result<Option<String>, ConfigErrors>,
    events: &dyn Fn(Event),
) -> Result<bool, DecideError> {
    let Opened { lock, mut store, .. } = run::open(data, clock, events)?;
    let path = decisions::path(config);
    let name = path.display().to_string();
    let failed = |source| DecideError::Write {
        path: path.clone(),
        source,
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    let Some(text) = edit(&name, &text).map_err(ConfigError::from)? else {
        return Ok(false);
    };
    // What is written must be read again tomorrow.
    let decisions = decisions::parse(&name, &text).map_err(ConfigError::from)?;
    whole::replace(&path, &text).map_err(failed)?;
    store
        .batch(|batch| stories::settle(batch, &BTreeSet::new(), &decisions))
        .map_err(RunError::from)?;
    drop(lock);
    Ok(true)
}
