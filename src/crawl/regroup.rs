//! A decision of the reader carried out: written down, and the stories it is about grouped anew.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::cluster::Fit;
use crate::config::{ConfigError, ConfigErrors, WhichEncoder, decisions, whole};
use crate::crawl::run::{self, Event, Opened, RunError};
use crate::digest::measure::{Measure, MeasureError};
use crate::digest::stories;
use crate::encode::Encoder;
use crate::store::Store;

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
    which: &WhichEncoder,
    clock: &Clock,
    edit: impl FnOnce(&str, &str) -> Result<Option<String>, ConfigErrors>,
    events: &dyn Fn(Event),
) -> Result<bool, DecideError> {
    let Opened { lock, mut store, .. } = run::open(data, clock, events)?;
    let fit = fit(&store, which).map_err(RunError::from)?;
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
        .batch(|batch| stories::settle(batch, &BTreeSet::new(), &decisions, &fit))
        .map_err(RunError::from)?;
    drop(lock);
    Ok(true)
}

/// That on board need not be opened for it.
fn fit(store: &Store, which: &WhichEncoder) -> Result<Arc<Fit>, MeasureError> {
    let encoder = match which {
        WhichEncoder::Supplied(_) => Encoder::open(which)?,
        _ => None,
    };
    Ok(Measure::of_kept(store, encoder)?.fit)
}
