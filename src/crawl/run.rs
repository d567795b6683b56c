//! One run: opens store and archive, visits every source once, closes both. The only place that waits.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use crate::archive;
use crate::clock::Clock;
use crate::config::Config;
use crate::crawl::backfill::Wanted;
use crate::crawl::recorder::{Outcomes, RecordError, Recorder};
use crate::crawl::rederive;
use crate::crawl::replay::{self, ReplayError};
use crate::crawl::summary::{SourceSummary, Summary};
use crate::crawl::visit::{self, Means, Shared};
use crate::crawl::{alarm, offline};
use crate::digest::derive::Deriver;
use crate::digest::measure::{Measure, MeasureError};
use crate::fetch::client::{Client, ClientError};
use crate::model::observation::{Declared, RunFinished, RunKind, RunStarted};
use crate::model::{Observation, Source};
use crate::store::{Lock, LockError, Store, StoreError};

/// Folder of the archive below the data folder.
pub const ARCHIVE: &str = "archive";

/// What a run is asked to do.
pub struct Order {
    pub data: PathBuf,
    pub config: Arc<Config>,
    /// The sources to visit, in the order of the file.
    pub sources: Vec<Source>,
    pub client: Client,
    pub clock: Arc<Clock>,
    /// Instead of every source's own delay: tests, demos, benches.
    pub delay: Option<Duration>,
    /// Whether the network is tried for before the first source is.
    pub may_be_offline: bool,
    pub cancel: CancellationToken,
    pub events: Arc<dyn Fn(Event) + Send + Sync>,
}

/// What a progress display may want to know.
#[derive(Debug, Clone)]
pub enum Event {
    Looked,
    Fetched,
    Visited {
        summary: SourceSummary,
    },
    /// Something was mended on opening.
    Recovered(String),
}

/// Why a run could not be made. A site's failure is never here.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Measure(#[from] MeasureError),
    #[error("{} cannot be imported: {source}", file.display())]
    Import { file: PathBuf, source: std::io::Error },
    #[error("the archive cannot be opened: {0}")]
    Archive(std::io::Error),
    #[error(
        "{} lacks {bytes} bytes of {file}, from which articles of the database were read; nothing was changed\n\
         hint: bring the archive's files back; deriving anew without them would lose what the database has of them",
        folder.display()
    )]
    Incomplete { folder: PathBuf, file: String, bytes: u64 },
}

/// A store and an archive that agree with each other, locked for one writer.
pub struct Opened {
    pub lock: Lock,
    pub store: Store,
    pub archive: archive::Writer,
    pub folder: PathBuf,
}

/// Takes the lock of one writer.
pub fn lock(data: &Path) -> Result<Lock, RunError> {
    std::fs::create_dir_all(data).map_err(RunError::Archive)?;
    Ok(Lock::take(data)?)
}

/// Opens for writing: takes the lock, cuts a partial last record, replays what was not committed.
pub fn open(data: &Path, clock: &Clock, events: &dyn Fn(Event)) -> Result<Opened, RunError> {
    open_locked(lock(data)?, data, clock, events)
}

/// The same for somebody who holds the lock already.
pub fn open_locked(lock: Lock, data: &Path, clock: &Clock, events: &dyn Fn(Event)) -> Result<Opened, RunError> {
    let mut store = Store::open(data)?;
    let folder = data.join(ARCHIVE);
    let recovered = replay::recover(&mut store, &folder)?;
    if let Some(words) = recovered.words() {
        events(Event::Recovered(words));
    }
    let applied = replay::applied(&store)?;
    let archive = archive::Writer::open(&folder, applied.as_ref(), clock.now()).map_err(RunError::Archive)?;
    Ok(Opened {
        lock,
        store,
        archive,
        folder,
    })
}

/// Visits the sources. Blocks until all are done or the run is cancelled.
pub fn run(order: Order) -> Result<Summary, RunError> {
    go(order, None)
}

/// Opens the archives of the sources instead, and fetches what they published within a window.
pub fn backfill(order: Order, wanted: Wanted) -> Result<Summary, RunError> {
    go(order, Some(wanted))
}

fn go(order: Order, wanted: Option<Wanted>) -> Result<Summary, RunError> {
    let started = Instant::now();
    let Opened {
        lock,
        mut store,
        archive,
        folder,
    } = open(&order.data, &order.clock, &*order.events)?;
    let run = store.next_run()?;
    let redeclared = declared(&store, &order.config, order.clock.now())?;
    let reader = Store::reader(&order.data)?;
    let known = rederive::sources(&store, &order.config)?;
    let deriver = Deriver::new(known, &order.config.topics, &order.config.lexicon);
    let measure = Measure::of_night(&mut store, &order.config.encoder)?;
    let deriver = Arc::new(deriver.for_stories(&order.config, measure));
    let (recorder, writer) = Recorder::start(store, Some(archive), folder, Arc::clone(&deriver));
    if let Some(declared) = redeclared {
        recorder.note(Observation::Declared(declared))?;
    }
    recorder.note(Observation::RunStarted(RunStarted {
        run,
        kind: match wanted {
            Some(_) => RunKind::Backfill,
            None => RunKind::Crawl,
        },
        at: order.clock.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        planned: order.sources.iter().map(|source| source.id.clone()).collect(),
    }))?;
    let mut summary = Summary {
        run,
        ..Summary::default()
    };
    let clock = Arc::clone(&order.clock);
    let cancel = order.cancel.clone();
    let data = order.data.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(RunError::Archive)?;
    let visited = runtime.block_on(visits(order, wanted, reader, recorder.clone()));
    // A name server that does not answer holds its thread for long after we have stopped waiting for it.
    runtime.shutdown_background();
    let interrupted = cancel.is_cancelled();
    // The writer is closed even when a visit failed: its own error is the reason then.
    recorder
        .finish(Some(RunFinished {
            run,
            at: clock.now(),
            interrupted,
        }))
        .ok();
    drop(recorder);
    let outcomes = writer.join()?;
    let (per_source, offline) = visited?;
    summary.per_source = per_source;
    summary.offline = offline;
    summary.interrupted = interrupted;
    add(&mut summary, &outcomes, &deriver);
    summary.close();
    // A backfill says nothing of how a source is today.
    if wanted.is_none() {
        summary.alarms = alarm::raise(&Store::reader(&data)?, &summary)?;
    }
    summary.seconds = started.elapsed().as_secs_f64();
    drop(lock);
    Ok(summary)
}

/// What must be told to the archive because it changed since the last run: an archive read back in ten
/// years must know what was looked at, and how.
pub(super) fn declared(store: &Store, config: &Config, at: Timestamp) -> Result<Option<Declared>, StoreError> {
    let known = store.declared_sources()?;
    let mut sources = config.sources.clone();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    Ok((known != sources).then_some(Declared { at, sources }))
}

/// The same where no source need be visited: a folder without `sources.toml` says nothing of those that are known.
pub(super) fn redeclared(store: &Store, config: &Config, at: Timestamp) -> Result<Option<Declared>, StoreError> {
    if config.sources.is_empty() {
        return Ok(None);
    }
    declared(store, config, at)
}

type Visited = (Vec<SourceSummary>, bool);

async fn visits(
    order: Order,
    wanted: Option<Wanted>,
    reader: crate::store::Reader,
    recorder: Recorder,
) -> Result<Visited, RecordError> {
    let offline = order.may_be_offline && offline::seems(&order.sources).await;
    let shared = Rc::new(Shared::new(Means {
        client: order.client,
        clock: order.clock,
        reader,
        recorder,
        cancel: order.cancel,
        delay: order.delay,
        events: order.events,
        offline,
    }));
    let local = LocalSet::new();
    let visits: Vec<_> = order
        .sources
        .into_iter()
        .map(|source| {
            let shared = Rc::clone(&shared);
            local.spawn_local(async move {
                match wanted {
                    Some(wanted) => visit::backfill(&shared, &source, wanted).await,
                    None => visit::visit(&shared, &source).await,
                }
            })
        })
        .collect();
    let mut done = Vec::with_capacity(visits.len());
    let mut failed = None;
    local
        .run_until(async {
            for visit in visits {
                match visit.await {
                    Ok(Ok(summary)) => done.push(summary),
                    Ok(Err(error)) => {
                        // The machine cannot record: no use in asking anybody for more.
                        shared.cancel.cancel();
                        failed.get_or_insert(error);
                    }
                    Err(_) => {
                        shared.cancel.cancel();
                        failed.get_or_insert(RecordError::Stopped);
                    }
                }
            }
        })
        .await;
    match failed {
        Some(error) => Err(error),
        None => Ok((done, offline)),
    }
}

/// Adds what the digest made of the pages to the sources' lines.
fn add(summary: &mut Summary, outcomes: &Outcomes, deriver: &Deriver) {
    for source in &mut summary.per_source {
        if let Some(derived) = outcomes.per_source.get(&source.id) {
            source.new = derived.new;
            source.changed = derived.changed;
            source.gone = derived.gone;
            source.duplicates = derived.duplicates;
            source.unreadable = derived.unreadable;
            if let Some(declared) = deriver.source(&source.id) {
                source.rule_misses = derived.rules.misses(&declared.rules);
            }
        }
    }
    summary.reprints = outcomes.reprints;
}
