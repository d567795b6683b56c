//! The one writer: everything that is observed or derived passes through this thread.
//!
//! WARC first, row second: a record is in the archive before its row is committed, and a batch of rows
//! is acknowledged only after its commit. What a crash leaves in between is replayed (`replay`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::archive::{self, HttpResponse};
use crate::config::provisional;
use crate::crawl::continuity;
use crate::crawl::rule_tally::RuleTally;
use crate::digest::derive::{Content, Derivation, Deriver, Material};
use crate::digest::pool::Pool;
use crate::digest::write::Written;
use crate::digest::{self, lineage, load, stories};
use crate::model::look::Continuity;
use crate::model::observation::{Fetch, RunFinished};
use crate::model::page::Location;
use crate::model::{ListingKind, Look, Observation, Outcome, Verdict};
use crate::store::{Announced, Applied, Batch, Gone, LinkRow, PageForm, Reading, Store, StoreError};

/// Messages that share one transaction at most.
const BATCH: usize = 256;

/// What stops a run: the machine's own failures, never a site's.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("the archive cannot be written: {0}")]
    Archive(#[source] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the writer has stopped; its own error says why")]
    Stopped,
}

/// An answer as it came over the wire.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub url: String,
    pub status: u16,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    pub remote: Option<IpAddr>,
    pub truncated: bool,
    /// The body is byte for byte that of the answer of then: the archive need not hold it twice.
    pub same_as: Option<Timestamp>,
}

/// What was read off the record, owned.
#[derive(Debug)]
pub enum Read {
    Nothing,
    Links(Vec<Announced>),
    Address(String),
    Body(Vec<u8>),
}

/// One thing to record.
pub struct Entry {
    pub observation: Observation,
    pub answer: Option<Answer>,
    pub read: Read,
    /// Called back after the commit.
    pub reply: Option<oneshot::Sender<Reply>>,
}

/// What the writer gives back.
#[derive(Debug, Default)]
pub struct Reply {
    /// The look as it was written, with its numbers.
    pub look: Option<Look>,
    pub new: Vec<LinkRow>,
    pub changed: Vec<LinkRow>,
}

/// What was derived for one source in this run.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    pub new: u32,
    pub changed: u32,
    pub gone: u32,
    pub duplicates: u32,
    /// A teaser's place was taken by the full text.
    pub completed: u32,
    /// Pages that showed what was known already.
    pub unchanged: u32,
    pub unreadable: u32,
    /// How each part of its site rules fared.
    pub rules: RuleTally,
}

/// What the writer did by the end.
#[derive(Debug, Default)]
pub struct Outcomes {
    pub per_source: HashMap<String, Derived>,
    /// Articles that turned out to be reprints of another source's.
    pub reprints: u32,
}

enum Message {
    Entry(Box<Entry>),
    Derived(u64, Box<Derivation>),
    /// Derive what is left, settle lineage, write the end of the run, and stop.
    Finish(Option<RunFinished>),
}

/// A handle on the writer's thread; cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    sender: Sender<Message>,
}

/// The thread itself.
pub struct Writer {
    thread: JoinHandle<Result<Outcomes, RecordError>>,
}

impl Recorder {
    /// Takes over the store and the archive until [`Recorder::finish`]; without an archive it only digests.
    pub fn start(
        store: Store,
        archive: Option<archive::Writer>,
        folder: PathBuf,
        deriver: Arc<Deriver>,
    ) -> (Recorder, Writer) {
        let (sender, receiver) = channel();
        let back = sender.clone();
        let thread = std::thread::spawn(move || {
            let pool = Pool::start(Arc::clone(&deriver), move |number, derivation| {
                back.send(Message::Derived(number, derivation)).ok();
            });
            Work {
                store,
                archive,
                folder,
                deriver,
                pool,
                pushed: 0,
                written: 0,
                early: BTreeMap::new(),
                pages: HashMap::new(),
                touched: BTreeSet::new(),
                done: Outcomes::default(),
            }
            .run(&receiver)
        });
        (Recorder { sender }, Writer { thread })
    }

    /// Hands over an entry without waiting for it.
    pub fn push(&self, entry: Entry) -> Result<(), RecordError> {
        self.sender
            .send(Message::Entry(Box::new(entry)))
            .map_err(|_| RecordError::Stopped)
    }

    /// Hands over a fact of the run itself, which no answer came with.
    pub fn note(&self, observation: Observation) -> Result<(), RecordError> {
        self.push(Entry {
            observation,
            answer: None,
            read: Read::Nothing,
            reply: None,
        })
    }

    /// Records and waits until it is committed.
    pub async fn record(
        &self,
        observation: Observation,
        answer: Option<Answer>,
        read: Read,
    ) -> Result<Reply, RecordError> {
        let (reply, committed) = oneshot::channel();
        self.push(Entry {
            observation,
            answer,
            read,
            reply: Some(reply),
        })?;
        committed.await.map_err(|_| RecordError::Stopped)
    }

    /// Digest what is left, settle lineage, write the end of the run where there was one, and stop.
    pub fn finish(&self, end: Option<RunFinished>) -> Result<(), RecordError> {
        self.sender.send(Message::Finish(end)).map_err(|_| RecordError::Stopped)
    }
}

impl Writer {
    /// Waits for the writer; its own error, if any, is the reason for every `Stopped`.
    pub fn join(self) -> Result<Outcomes, RecordError> {
        self.thread.join().unwrap_or(Err(RecordError::Stopped))
    }
}

struct Work {
    store: Store,
    archive: Option<archive::Writer>,
    folder: PathBuf,
    deriver: Arc<Deriver>,
    pool: Pool,
    /// Materials given to the pool, and states written: states are written in the order of their pages.
    pushed: u64,
    written: u64,
    early: BTreeMap<u64, Box<Derivation>>,
    /// Page and source of each number that is under way.
    pages: HashMap<u64, (i64, String)>,
    touched: BTreeSet<i64>,
    done: Outcomes,
}

impl Work {
    fn run(mut self, receiver: &Receiver<Message>) -> Result<Outcomes, RecordError> {
        let mut end = None;
        while let Ok(first) = receiver.recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(next) = receiver.try_recv()
            {
                batch.push(next);
            }
            if let Some(finish) = self.commit(batch)? {
                end = Some(finish);
            }
            if let Some(end) = end.clone()
                && self.written == self.pushed
                && !self.catch_up()?
            {
                return self.close(end);
            }
        }
        Err(RecordError::Stopped)
    }

    /// One transaction for all of these; then the acknowledgements, then the digest's share.
    fn commit(&mut self, messages: Vec<Message>) -> Result<Option<Option<RunFinished>>, RecordError> {
        let mut end = None;
        let mut replies = Vec::new();
        let mut materials = Vec::new();
        let Work {
            store,
            archive,
            early,
            pages,
            touched,
            done,
            written,
            ..
        } = self;
        store.batch(|batch| -> Result<(), RecordError> {
            let mut appended = false;
            for message in messages {
                match message {
                    Message::Entry(entry) => {
                        let archive = archive.as_mut().ok_or(RecordError::Stopped)?;
                        let (reply, material) = enter(batch, archive, done, *entry)?;
                        replies.extend(reply);
                        materials.extend(material);
                        appended = true;
                    }
                    Message::Derived(number, derivation) => {
                        early.insert(number, derivation);
                        while let Some(derivation) = early.remove(written) {
                            if let Some((page, source)) = pages.remove(written) {
                                write_state(batch, done, touched, page, &source, *derivation)?;
                            }
                            *written += 1;
                        }
                    }
                    Message::Finish(finish) => end = Some(finish),
                }
            }
            // A row must not outlive its record in a power cut.
            match archive {
                Some(archive) if appended => archive.sync().map_err(RecordError::Archive),
                _ => Ok(()),
            }
        })?;
        for (sender, reply) in replies {
            // A visit that was cancelled no longer waits.
            sender.send(reply).ok();
        }
        for material in materials {
            self.push(material);
        }
        Ok(end)
    }

    fn push(&mut self, material: Material) {
        self.pages.insert(self.pushed, (material.page, material.source.clone()));
        self.pool.push(self.pushed, material);
        self.pushed += 1;
    }

    /// Pages that nobody has digested: listing items, and what a crash left. True when some are on their way.
    fn catch_up(&mut self) -> Result<bool, RecordError> {
        loop {
            match self.catch_up_some()? {
                // Nothing was given to the pool, so no result would wake the writer: look again at once.
                Some(0) => {}
                found => return Ok(found.is_some()),
            }
        }
    }

    /// How many of the next ones were given to the pool; nothing when none were left.
    fn catch_up_some(&mut self) -> Result<Option<usize>, RecordError> {
        let mut passed_over = Vec::new();
        let mut materials = Vec::new();
        for row in self.store.undigested(BATCH as u32)? {
            // A page that answered says all that its announcement said, and more.
            if row.answered_by.is_some() {
                passed_over.push(row.id);
                continue;
            }
            let page = row.id;
            let claim = row
                .link
                .map(|link| self.store.claim_at(link, page))
                .transpose()?
                .flatten();
            match load::material(&self.folder, row, claim) {
                Ok(material) => materials.push(material),
                Err(error) => {
                    tracing::error!(page, "{error}");
                    passed_over.push(page);
                }
            }
        }
        if passed_over.is_empty() && materials.is_empty() {
            return Ok(None);
        }
        self.store
            .batch(|batch| batch.mark_digested(&passed_over, digest::VERSION))?;
        let found = materials.len();
        for material in materials {
            self.push(material);
        }
        Ok(Some(found))
    }

    fn close(mut self, end: Option<RunFinished>) -> Result<Outcomes, RecordError> {
        let Work {
            store,
            archive,
            touched,
            done,
            deriver,
            ..
        } = &mut self;
        store.batch(|batch| -> Result<(), RecordError> {
            batch.settle_all_gone()?;
            if let (Some(end), Some(archive)) = (end, archive) {
                let observation = Observation::RunFinished(end);
                let location = append(archive, &observation, None)?;
                batch.apply(&observation, &location, Reading::Nothing)?;
                archive.sync().map_err(RecordError::Archive)?;
            }
            Ok(())
        })?;
        // The looks are made and told. What a run that dies in here leaves open, the next one settles.
        touched.extend(store.unsettled()?);
        store.batch(|batch| -> Result<(), RecordError> {
            let lineage = lineage::settle(batch, touched)?;
            done.reprints = lineage.reprints;
            touched.extend(lineage.changed);
            stories::settle(batch, touched, deriver.decisions(), deriver.fit())?;
            batch.settled()?;
            Ok(())
        })?;
        store.optimize()?;
        Ok(std::mem::take(done))
    }
}

type Answered = Option<(oneshot::Sender<Reply>, Reply)>;

/// Archive, then row.
fn enter(
    batch: &Batch<'_>,
    archive: &mut archive::Writer,
    done: &mut Outcomes,
    entry: Entry,
) -> Result<(Answered, Option<Material>), RecordError> {
    let Entry {
        mut observation,
        answer,
        read,
        reply,
    } = entry;
    if let (Observation::Look(look), Read::Links(links)) = (&mut observation, &read) {
        count(batch, look, links)?;
    }
    let location = append(archive, &observation, answer.as_ref())?;
    let applied = apply(batch, done, &observation, &location, &read)?;
    let mut back = Reply::default();
    let mut material = None;
    match (applied, observation) {
        (Applied::Look { new, changed, .. }, Observation::Look(look)) => {
            back = Reply {
                look: Some(look),
                new,
                changed,
            };
        }
        (
            Applied::Fetch {
                page: Some(page), link, ..
            },
            observation,
        ) => {
            material = to_digest(batch, page, link, &observation, answer)?;
        }
        _ => {}
    }
    Ok((reply.map(|sender| (sender, back)), material))
}

/// An observation that lies in the archive becomes rows: the one door for crawl, import, recovery and rebuild.
pub(super) fn apply(
    batch: &Batch<'_>,
    done: &mut Outcomes,
    observation: &Observation,
    location: &Location,
    read: &Read,
) -> Result<Applied, RecordError> {
    if let Observation::Imported(imported) = observation
        && imported.provisional
    {
        batch.ensure_source(&provisional::source(&imported.host))?;
    }
    let reading = match read {
        Read::Nothing => Reading::Nothing,
        Read::Links(links) => Reading::Links(links),
        Read::Address(key) => Reading::Address(key),
        Read::Body(body) => Reading::Body(body),
    };
    let applied = batch.apply(observation, location, reading)?;
    if let (Applied::Fetch { .. }, Observation::Fetch(fetch), Read::Address(key)) = (&applied, observation, read) {
        settle_gone(batch, done, key, fetch)?;
    }
    Ok(applied)
}

fn append(
    archive: &mut archive::Writer,
    observation: &Observation,
    answer: Option<&Answer>,
) -> Result<Location, RecordError> {
    let response = answer.map(|answer| HttpResponse {
        status: answer.status,
        headers: &answer.headers,
        body: &answer.body,
        ip: answer.remote,
        truncated: answer.truncated.then_some(archive::Truncated::Unspecified),
        refers_to: answer.same_as.map(|at| archive::RefersTo { uri: &answer.url, at }),
    });
    let target = answer.map_or(imported_url(observation), |answer| answer.url.as_str());
    archive
        .append(observation, response.as_ref(), target, at(observation))
        .map_err(RecordError::Archive)
}

fn imported_url(observation: &Observation) -> &str {
    match observation {
        Observation::Imported(imported) => &imported.url,
        _ => "",
    }
}

fn at(observation: &Observation) -> Timestamp {
    match observation {
        Observation::Declared(declared) => declared.at,
        Observation::RunStarted(run) => run.at,
        Observation::Robots(fetch) | Observation::Fetch(fetch) => fetch.at,
        Observation::Look(look) => look.at,
        Observation::Imported(imported) => imported.at,
        Observation::RunFinished(run) => run.at,
    }
}

/// The numbers of a look that only the ledger knows: new, known, continuity, and the verdict they make.
fn count(batch: &Batch<'_>, look: &mut Look, links: &[Announced]) -> Result<(), RecordError> {
    let previous = batch.previous(&look.source, &look.listing_url)?;
    let keys: Vec<&str> = links.iter().map(|link| link.url_key.as_str()).collect();
    let known = batch.known_among(&look.source, &look.listing_url, &keys)?;
    if look.outcome == Outcome::Ok {
        look.items = known.distinct;
        look.new = known.distinct - known.ever;
        look.known = known.here;
    }
    // What has not changed is as empty, or as cut, as it was.
    if look.outcome == Outcome::NotModified
        && let Some(previous) = &previous
        && matches!(previous.verdict, Verdict::Empty | Verdict::InPart)
    {
        look.verdict = previous.verdict;
    }
    look.continuity = match (&previous, look.outcome) {
        (_, outcome) if !outcome.is_good() || look.listing_kind == ListingKind::Archive => Continuity::Unknown,
        (None, _) => Continuity::First,
        _ if look.verdict == Verdict::Empty => Continuity::Unknown,
        (Some(_), Outcome::NotModified) => Continuity::Overlap,
        _ if look.items == 0 => Continuity::Unknown,
        (Some(previous), _) => {
            let stood = batch.stood_on(previous.listing)?;
            // An empty listing showed nothing that a later one could reach back past.
            let dated = previous.verdict != Verdict::Empty;
            if continuity::overlaps(look.listing_kind, &stood, links) {
                Continuity::Overlap
            } else if dated && continuity::reaches_back(&stood, links, previous.at) {
                Continuity::Dates
            } else {
                Continuity::Gap
            }
        }
    };
    if look.continuity == Continuity::Gap && look.verdict == Verdict::Ok {
        look.verdict = Verdict::ListingGap;
    }
    Ok(())
}

/// A page that was just recorded, on its way to the workers without a detour through the archive.
fn to_digest(
    batch: &Batch<'_>,
    page: i64,
    link: Option<i64>,
    observation: &Observation,
    answer: Option<Answer>,
) -> Result<Option<Material>, RecordError> {
    let Some(answer) = answer else { return Ok(None) };
    let (source, requested, seen_at, form) = match observation {
        Observation::Fetch(fetch) => (&fetch.source, &fetch.url, fetch.at, PageForm::Response),
        Observation::Imported(imported) => {
            let form = match imported.form {
                crate::model::observation::ImportForm::Response => PageForm::Response,
                crate::model::observation::ImportForm::Row => PageForm::Row,
            };
            (&imported.source, &imported.url, imported.at, form)
        }
        _ => return Ok(None),
    };
    let row = link.map(|link| batch.link(link)).transpose()?.flatten();
    let content = match form {
        PageForm::Row => Content::Row(answer.body),
        _ => Content::Response {
            status: answer.status,
            headers: answer
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.iter().map(|byte| char::from(*byte)).collect()))
                .collect(),
            body: answer.body,
        },
    };
    Ok(Some(Material {
        page,
        source: source.clone(),
        requested: requested.clone(),
        url: if answer.url.is_empty() {
            requested.clone()
        } else {
            answer.url
        },
        seen_at,
        first_seen_at: row.as_ref().map(|row| row.first_seen_at),
        link: row.map(|row| row.link),
        content,
    }))
}

/// Counts an article in the very run that found it gone for the second time, and not in each later one.
fn settle_gone(batch: &Batch<'_>, done: &mut Outcomes, key: &str, fetch: &Fetch) -> Result<(), RecordError> {
    if fetch.outcome != Outcome::Gone && !fetch.outcome.is_good() {
        return Ok(());
    }
    if let Some(rowid) = batch.article_by_key(&fetch.source, key)?
        && let Gone::Confirmed { at } = batch.settle_gone(rowid)?
        && at.as_second() == fetch.at.as_second()
    {
        done.per_source.entry(fetch.source.clone()).or_default().gone += 1;
    }
    Ok(())
}

fn write_state(
    batch: &Batch<'_>,
    done: &mut Outcomes,
    touched: &mut BTreeSet<i64>,
    page: i64,
    source: &str,
    derivation: Derivation,
) -> Result<(), RecordError> {
    let derived = done.per_source.entry(source.to_owned()).or_default();
    derived.rules.count(derivation.rule.as_ref());
    match derivation.state {
        None => derived.unreadable += 1,
        Some(state) => {
            let (rowid, written) = digest::write::state(batch, &state)?;
            match written {
                Written::New => derived.new += 1,
                Written::Edited => derived.changed += 1,
                Written::Moved => derived.duplicates += 1,
                Written::Unchanged | Written::Poorer => derived.unchanged += 1,
                Written::Completed => derived.completed += 1,
            }
            if matches!(written, Written::New | Written::Edited | Written::Completed) {
                batch.unsettle(rowid)?;
                touched.insert(rowid);
            }
        }
    }
    batch.mark_digested(&[page], digest::VERSION)?;
    Ok(())
}
