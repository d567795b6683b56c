//! The archive read back into the database: the tail that a crash kept from it, or all of it.

use std::collections::HashMap;
use std::path::Path;

use crate::archive::{self, Record};
use crate::crawl::reading;
use crate::crawl::recorder::{self, Outcomes, Read, RecordError};
use crate::digest::derive::PAGE_CAP;
use crate::fetch::limits;
use crate::model::page::Location;
use crate::model::{Observation, Outcome, Source};
use crate::store::{Batch, Store, StoreError};

/// Records applied in one transaction.
const BATCH: usize = 512;

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("the archive cannot be read: {0}")]
    Archive(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// What a replay found.
#[derive(Debug, Default)]
pub struct Replayed {
    /// Bytes of a partial last record that were cut off.
    pub cut: u64,
    /// Observations that were applied (again).
    pub observations: u64,
    /// Damage met on the way, one line each.
    pub damage: Vec<String>,
    /// The newest archive file that the database knows, and how many bytes of it are no longer there.
    pub missing: Option<(String, u64)>,
}

impl Replayed {
    /// What a person should be told, if anything.
    pub fn words(&self) -> Option<String> {
        if let Some((file, bytes)) = &self.missing {
            return Some(format!(
                "the archive is older than the database: {bytes} bytes of {file} are not there, a new file is begun; \
                 `vigie doctor` counts what is lost, a copy of the file brings it back"
            ));
        }
        (self.cut > 0 || self.observations > 0).then(|| {
            format!(
                "the last run was cut off: {} observations taken from the archive, {} bytes of a partial record cut",
                self.observations, self.cut
            )
        })
    }
}

/// The place in the archive up to which the database has everything.
pub fn applied(store: &Store) -> Result<Option<Location>, StoreError> {
    Ok(store.archive_files()?.pop().map(|(file, committed)| Location {
        file,
        offset: committed,
        length: 0,
    }))
}

/// Brings the database up to the archive after a crash.
pub fn recover(store: &mut Store, folder: &Path) -> Result<Replayed, ReplayError> {
    let applied = applied(store)?;
    let missing = match &applied {
        Some(applied) => archive::missing(folder, applied)?,
        None => 0,
    };
    let (cut, records) = archive::recover(folder, applied.as_ref())?;
    let mut replayed = apply_all(store, records, &|_| {})?;
    replayed.cut = cut.map_or(0, |cut| cut.bytes);
    replayed.missing = applied.filter(|_| missing > 0).map(|applied| (applied.file, missing));
    Ok(replayed)
}

/// Fills an empty database from the archive alone.
pub fn rebuild(store: &mut Store, folder: &Path, progress: &dyn Fn(u64)) -> Result<Replayed, ReplayError> {
    let records = archive::replay(folder, None)?;
    apply_all(store, records, progress)
}

fn apply_all(store: &mut Store, records: archive::Replay, progress: &dyn Fn(u64)) -> Result<Replayed, ReplayError> {
    let mut sources: HashMap<String, Source> = store
        .sources()?
        .into_iter()
        .map(|source| (source.id.clone(), source))
        .collect();
    let mut replayed = Replayed::default();
    let mut records = records.peekable();
    while records.peek().is_some() {
        store.batch(|batch| -> Result<(), ReplayError> {
            for step in records.by_ref().take(BATCH) {
                match step {
                    Ok((observation, location, record)) => {
                        apply(batch, &mut sources, observation, &location, &record)?;
                        replayed.observations += 1;
                    }
                    Err(damaged) => replayed.damage.push(damaged.to_string()),
                }
            }
            Ok(())
        })?;
        progress(replayed.observations);
    }
    Ok(replayed)
}

fn apply(
    batch: &Batch<'_>,
    sources: &mut HashMap<String, Source>,
    observation: Observation,
    location: &Location,
    record: &Record,
) -> Result<(), ReplayError> {
    if let Observation::Declared(declared) = &observation {
        sources.extend(
            declared
                .sources
                .iter()
                .map(|source| (source.id.clone(), source.clone())),
        );
    }
    let read = read(sources, &observation, record);
    recorder::apply(batch, &mut Outcomes::default(), &observation, location, &read)?;
    Ok(())
}

/// The same reading that the run made when it looked.
fn read(sources: &HashMap<String, Source>, observation: &Observation, record: &Record) -> Read {
    let source = |id: &str| {
        sources
            .get(id)
            .cloned()
            .unwrap_or_else(|| crate::config::provisional::source(id))
    };
    match observation {
        Observation::Look(look) if look.outcome == Outcome::Ok => {
            let Ok(page) = record.listing(limits::SITEMAP_BODY) else {
                return Read::Links(Vec::new());
            };
            let source = source(&look.source);
            let remembered = reading::remembered(&look.listing_url, look.listing_kind);
            let listing = reading::declared(&source, &look.listing_url).unwrap_or(&remembered);
            Read::Links(reading::listing(&page, &source, listing, look.at).1)
        }
        Observation::Look(_) => Read::Links(Vec::new()),
        Observation::Fetch(fetch) => address(&source(&fetch.source), &fetch.url),
        Observation::Imported(imported) => address(&source(&imported.source), &imported.url),
        Observation::Robots(_) => Read::Body(reading::rules(
            record.page(PAGE_CAP).map(|page| page.body).unwrap_or_default(),
        )),
        _ => Read::Nothing,
    }
}

fn address(source: &Source, url: &str) -> Read {
    reading::address(url, source).map_or(Read::Nothing, Read::Address)
}
