//! Deriving without crawling: what a crash left undone, or everything anew.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::archive;
use crate::clock::Clock;
use crate::config::Config;
use crate::crawl::recorder::{Outcomes, Recorder};
use crate::crawl::rule_tally::RuleLine;
use crate::crawl::run::{self, ARCHIVE, Event, Opened, RunError};
use crate::digest::derive::Deriver;
use crate::digest::measure::Measure;
use crate::model::page::Location;
use crate::model::{Observation, Source};
use crate::store::{DATABASE, Lock, Reader, Store, StoreError};

/// What a digest did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Digested {
    pub pages: u64,
    pub articles: u64,
    pub versions: u64,
    pub reprints: u32,
    pub unreadable: u64,
    /// Parts of site rules that matched nothing on some page, by source.
    pub rule_misses: Vec<SourceMiss>,
    pub seconds: f64,
}

/// A part of one source's rules that missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceMiss {
    pub source: String,
    #[serde(flatten)]
    pub line: RuleLine,
}

impl SourceMiss {
    /// `rivage-fr: rules 1: body missed on 4 of 8 pages (div.texte > p)`
    pub fn words(&self) -> String {
        let SourceMiss { source, line } = self;
        format!("{source}: rules {}: {} ({})", line.rule, line.words(), line.selector)
    }
}

/// Derives the pages that wait for it; with `all`, forgets everything derived first.
pub fn run(
    data: &Path,
    config: &Config,
    clock: &Clock,
    all: bool,
    events: &dyn Fn(Event),
) -> Result<Digested, RunError> {
    let lock = run::lock(data)?;
    // Before anything is opened for writing.
    if all {
        Measure::check(&config.encoder)?;
        if data.join(DATABASE).exists() {
            match Store::reader(data) {
                Ok(reader) => whole(&reader, &data.join(ARCHIVE))?,
                // One of an earlier version is brought up to date first.
                Err(StoreError::Older { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    derive(lock, data, config, clock, all, true, events)
}

/// Everything anew, for somebody who holds the lock and has just made the store of its archive, to which nothing is added.
pub fn of_rebuilt(
    lock: Lock,
    data: &Path,
    config: &Config,
    clock: &Clock,
    events: &dyn Fn(Event),
) -> Result<Digested, RunError> {
    derive(lock, data, config, clock, true, false, events)
}

fn derive(
    lock: Lock,
    data: &Path,
    config: &Config,
    clock: &Clock,
    all: bool,
    declare: bool,
    events: &dyn Fn(Event),
) -> Result<Digested, RunError> {
    let started = std::time::Instant::now();
    let Opened {
        lock,
        mut store,
        folder,
        archive,
    } = run::open_locked(lock, data, clock, events)?;
    if all {
        whole(&store, &data.join(ARCHIVE))?;
        store.batch(|batch| batch.forget_derived())?;
    }
    let redeclared = match declare {
        true => run::redeclared(&store, config, clock.now())?,
        false => None,
    };
    let pages = store.undigested_count()?;
    let sources = sources(&store, config)?;
    let deriver = Deriver::new(sources, &config.topics, &config.lexicon);
    let measure = Measure::of_new(&mut store, &config.encoder)?;
    let deriver = Arc::new(deriver.for_stories(config, measure));
    let archive = redeclared.is_some().then_some(archive);
    let (recorder, writer) = Recorder::start(store, archive, folder, Arc::clone(&deriver));
    if let Some(declared) = redeclared {
        recorder.note(Observation::Declared(declared))?;
    }
    recorder.finish(None)?;
    drop(recorder);
    let outcomes = writer.join()?;
    let reader = Store::reader(data)?;
    drop(lock);
    Ok(Digested {
        pages,
        articles: reader.count(&crate::model::query::Condition::Everything)?,
        versions: outcomes
            .per_source
            .values()
            .map(|derived| u64::from(derived.new + derived.changed))
            .sum(),
        reprints: outcomes.reprints,
        unreadable: outcomes
            .per_source
            .values()
            .map(|derived| u64::from(derived.unreadable))
            .sum(),
        rule_misses: misses(&outcomes, &deriver),
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// What is derived can be forgotten only where all that it was derived from is at hand.
fn whole(store: &Reader, folder: &Path) -> Result<(), RunError> {
    for (file, committed) in store.archive_files()? {
        let end = Location {
            file,
            offset: committed,
            length: 0,
        };
        let bytes = archive::missing(folder, &end).map_err(RunError::Archive)?;
        if bytes > 0 {
            return Err(RunError::Incomplete {
                folder: folder.to_owned(),
                file: end.file,
                bytes,
            });
        }
    }
    Ok(())
}

/// What missed in all that was derived, by source.
pub(super) fn misses(outcomes: &Outcomes, deriver: &Deriver) -> Vec<SourceMiss> {
    let mut missed = Vec::new();
    for (id, derived) in &outcomes.per_source {
        let Some(source) = deriver.source(id) else { continue };
        missed.extend(derived.rules.misses(&source.rules).into_iter().map(|line| SourceMiss {
            source: id.clone(),
            line,
        }));
    }
    missed.sort_by(|a, b| a.source.cmp(&b.source));
    missed
}

/// The configuration's sources, and those that only the store remembers: imported ones, and ones since taken out.
pub fn sources(store: &Store, config: &Config) -> Result<Vec<Source>, StoreError> {
    let mut sources: Vec<Source> = store
        .sources()?
        .into_iter()
        .filter(|source| config.source(&source.id).is_none())
        .collect();
    sources.extend(config.sources.iter().cloned());
    Ok(sources)
}
