//! Other people's records by our own door: WARC files, rows of articles, the reader's own feed. OPML only adds sources.

mod feed;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::archive::{self, Kind, Record, decode};
use crate::clock::Clock;
use crate::config::{Config, provisional};
use crate::crawl::reading;
use crate::crawl::recorder::{Answer, Entry, Read, RecordError, Recorder};
use crate::crawl::rederive::{self, SourceMiss};
use crate::crawl::run::{self, Event, Opened, RunError};
use crate::digest::derive::{Deriver, PAGE_CAP, Row};
use crate::digest::measure::Measure;
use crate::model::observation::{ImportForm, Imported, RunFinished, RunKind, RunStarted};
use crate::model::query::Condition;
use crate::model::{Observation, Source};
use crate::store::{Reader, Store};
use crate::text::hash::sha256_hex;

/// A row longer than this is no article.
const LONGEST_ROW: usize = 4 << 20;
/// Entries on their way to the writer at once; a bigger file waits for it.
const UNDER_WAY: usize = 512;

/// What an import did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Imports {
    /// Records or rows that could be an article.
    pub read: u64,
    /// Articles that the store holds of them.
    pub articles: u64,
    pub new: u64,
    /// Other words, or more of them, for an article that was had before.
    pub changed: u64,
    /// Had before: the same body from the same address, or the same words.
    pub duplicates: u64,
    /// Not an article by nature: requests, redirects, errors, pictures.
    pub skipped: u64,
    /// Could be an article, but nothing readable was in it, or the record was damaged.
    pub failed: u64,
    /// Rows whose `published` says no date that can be read, or one that had not come. They are articles all the same.
    pub dates_unread: u64,
    pub seconds: f64,
    /// Sources named after hosts that no configured source claims.
    pub provisional: Vec<String>,
    /// The first of the damage met, one line each.
    pub damage: Vec<String>,
    /// Parts of site rules that matched nothing on some page, by source.
    pub rule_misses: Vec<SourceMiss>,
}

/// Damage is counted in full and told in part.
const TOLD: usize = 20;
const DATES_TOLD: u64 = 10;

/// Imports files. Each `*.jsonl` is rows, what begins as XML is a feed, everything else is WARC. `owner`: the source whose
/// all of it is; a feed needs one.
pub fn run(
    data: &Path,
    config: &Config,
    clock: &Clock,
    files: &[PathBuf],
    owner: Option<&str>,
    events: &dyn Fn(Event),
) -> Result<Imports, RunError> {
    let started = std::time::Instant::now();
    let Opened {
        lock,
        mut store,
        archive,
        folder,
    } = run::open(data, clock, events)?;
    let run = store.next_run()?;
    let now = clock.now();
    let redeclared = run::redeclared(&store, config, now)?;
    let reader = Store::reader(data)?;
    let before = reader.count(&Condition::Everything)?;
    let mut names = Names::new(config, store.sources()?);
    let mut imports = Imports::default();
    let deriver = Deriver::new(names.known.values().cloned(), &config.topics, &config.lexicon);
    let measure = Measure::of_new(&mut store, &config.encoder)?;
    let deriver = Arc::new(deriver.for_stories(config, measure));
    let (recorder, writer) = Recorder::start(store, Some(archive), folder, Arc::clone(&deriver));
    // Else nobody could ask for what a country's or a group's papers wrote before the first night.
    if let Some(declared) = redeclared {
        recorder.note(Observation::Declared(declared))?;
    }
    recorder.note(Observation::RunStarted(RunStarted {
        run,
        kind: RunKind::Import,
        at: now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        planned: Vec::new(),
    }))?;
    let result = Door {
        recorder: &recorder,
        reader: &reader,
        names: &mut names,
        owner,
        deriver: &deriver,
        now,
        imports: &mut imports,
        seen: BTreeSet::new(),
        under_way: Vec::new(),
        events,
    }
    .files(files);
    recorder
        .finish(Some(RunFinished {
            run,
            at: clock.now(),
            interrupted: false,
        }))
        .ok();
    let outcomes = writer.join()?;
    result?;
    let unreadable: u64 = outcomes
        .per_source
        .values()
        .map(|derived| u64::from(derived.unreadable))
        .sum();
    let copies: u64 = outcomes
        .per_source
        .values()
        .map(|derived| u64::from(derived.duplicates + derived.unchanged))
        .sum();
    imports.new = reader.count(&Condition::Everything)?.saturating_sub(before);
    imports.changed = outcomes
        .per_source
        .values()
        .map(|derived| u64::from(derived.changed + derived.completed))
        .sum();
    imports.failed += unreadable;
    imports.duplicates += copies;
    imports.articles = imports.read.saturating_sub(imports.failed);
    imports.provisional = names.provisional();
    imports.provisional.retain(|id| outcomes.per_source.contains_key(id));
    imports.rule_misses = rederive::misses(&outcomes, &deriver);
    imports.seconds = started.elapsed().as_secs_f64();
    drop(lock);
    Ok(imports)
}

/// Which source an address belongs to.
struct Names<'a> {
    config: &'a Config,
    known: BTreeMap<String, Source>,
}

impl<'a> Names<'a> {
    fn new(config: &'a Config, stored: Vec<Source>) -> Names<'a> {
        let mut known: BTreeMap<String, Source> =
            stored.into_iter().map(|source| (source.id.clone(), source)).collect();
        known.extend(config.sources.iter().map(|source| (source.id.clone(), source.clone())));
        Names { config, known }
    }

    /// The source that claims the address, or one named after its host. A row may name its own.
    fn of(&self, url: &str, named: Option<&str>) -> Option<(Source, String)> {
        let host = Url::parse(url).ok()?.host_str()?.to_owned();
        if let Some(source) = named
            .and_then(|id| self.known.get(id))
            .or_else(|| self.config.source_for_url(url))
        {
            return Some((source.clone(), host));
        }
        // A name that the row's author gave is kept, in the form that ids have.
        let host = named.filter(|name| is_id(name)).map_or(host, str::to_owned);
        Some((self.newcomer(&host), host))
    }

    /// The provisional source of a host. `aafc.example` is not the configured `aafc-example`, nor `a-b.example` the
    /// imported `a.b.example`: an id that is somebody else's gets a number.
    fn newcomer(&self, host: &str) -> Source {
        let plain = provisional::source(host);
        let is_free = |id: &str| match self.known.get(id) {
            Some(known) => known.provisional && known.name == plain.name,
            None => true,
        };
        let numbered = (2..).map(|n| format!("{}-{n}", plain.id));
        let id = std::iter::once(plain.id.clone()).chain(numbered).find(|id| is_free(id));
        Source {
            id: id.unwrap_or_else(|| plain.id.clone()),
            ..plain
        }
    }

    fn provisional(&self) -> Vec<String> {
        self.known
            .values()
            .filter(|source| source.provisional)
            .map(|source| source.id.clone())
            .collect()
    }
}

fn is_id(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_rows(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

/// Does the file begin as XML? Archives and rows never do.
pub fn is_feed(file: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(file)?.take(256).read_to_end(&mut head)?;
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    Ok(head.trim_ascii_start().starts_with(b"<"))
}

struct Door<'a, 'c> {
    recorder: &'a Recorder,
    reader: &'a Reader,
    names: &'a mut Names<'c>,
    owner: Option<&'a str>,
    deriver: &'a Deriver,
    now: Timestamp,
    imports: &'a mut Imports,
    /// Bodies met in this very import.
    seen: BTreeSet<(String, String)>,
    under_way: Vec<tokio::sync::oneshot::Receiver<crate::crawl::recorder::Reply>>,
    events: &'a dyn Fn(Event),
}

impl Door<'_, '_> {
    fn files(mut self, files: &[PathBuf]) -> Result<(), RunError> {
        for file in files {
            self.file(file)?;
        }
        Ok(self.wait()?)
    }

    fn file(&mut self, file: &Path) -> Result<(), RunError> {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let failed = |source| RunError::Import {
            file: file.to_owned(),
            source,
        };
        if is_rows(file) {
            let mut stopped = Ok(());
            rows(file, |row| {
                if stopped.is_ok() {
                    stopped = self.row(row, &name);
                }
                Ok(())
            })
            .map_err(failed)?;
            return stopped;
        }
        if is_feed(file).map_err(failed)? {
            return self.feed(std::fs::read(file).map_err(failed)?, &name);
        }
        for step in archive::Reader::open(file).map_err(failed)? {
            match step {
                Ok(record) => self.record(record, &name)?,
                Err(damage) => {
                    self.imports.failed += 1;
                    self.damaged(format!("{name}: {damage}"));
                }
            }
        }
        Ok(())
    }

    fn feed(&mut self, body: Vec<u8>, name: &str) -> Result<(), RunError> {
        let source = self.owner.and_then(|id| self.names.known.get(id)).cloned();
        let read = match &source {
            Some(source) => feed::rows(body, source, self.now),
            None => Err("whose feed this is was not said".to_owned()),
        };
        let read = match read {
            Ok(read) => read,
            Err(why) => {
                self.imports.failed += 1;
                self.damaged(format!("{name}: {why}"));
                return Ok(());
            }
        };
        self.imports.skipped += read.skipped;
        for row in read.rows {
            self.row(Ok(row), name)?;
        }
        Ok(())
    }

    fn damaged(&mut self, line: String) {
        if self.imports.damage.len() < TOLD {
            self.imports.damage.push(line);
        }
    }

    fn record(&mut self, record: Record, file: &str) -> Result<(), RunError> {
        let address = record.target_uri().map(str::to_owned);
        let (Some(url), Kind::Response | Kind::Resource) = (address, &record.kind) else {
            self.imports.skipped += u64::from(!matches!(record.kind, Kind::Warcinfo));
            return Ok(());
        };
        let Some(parts) = record.http() else {
            self.imports.skipped += 1;
            return Ok(());
        };
        let wanted = parts.status == 200 && !is_manners(&url) && is_page(parts.header("content-type"), &parts.body);
        let Some((source, host)) = self.names.of(&url, self.owner).filter(|_| wanted) else {
            self.imports.skipped += 1;
            return Ok(());
        };
        self.imports.read += 1;
        let Ok(body) = decode::decode(&parts.headers, &parts.body, PAGE_CAP) else {
            self.imports.failed += 1;
            self.damaged(format!("{file}: {url}: the body does not unpack"));
            return Ok(());
        };
        let imported = Imported {
            source: source.id.clone(),
            provisional: source.provisional,
            host,
            at: record.date().unwrap_or(self.now),
            imported_at: self.now,
            form: ImportForm::Response,
            status: Some(parts.status),
            digest: Some(sha256_hex(&body.body)),
            file: file.to_owned(),
            url,
        };
        let answer = Answer {
            url: imported.url.clone(),
            status: parts.status,
            // Latin-1 both ways: the bytes of a header are what they were.
            headers: parts
                .headers
                .iter()
                .map(|(n, v)| (n.clone(), v.chars().map(|c| c as u8).collect()))
                .collect(),
            body: parts.body.into_owned(),
            ..Answer::default()
        };
        self.enter(imported, answer, &source)
    }

    fn row(&mut self, row: Result<(String, Row), String>, file: &str) -> Result<(), RunError> {
        self.imports.read += 1;
        let (json, row) = match row {
            Ok(row) => row,
            Err(why) => {
                self.imports.failed += 1;
                self.damaged(format!("{file}: {why}"));
                return Ok(());
            }
        };
        let Some((source, host)) = self.names.of(&row.url, row.source.as_deref().or(self.owner)) else {
            self.imports.failed += 1;
            self.damaged(format!("{file}: `{}` is no address", row.url));
            return Ok(());
        };
        if let Err(why) = row.written(&source.timezone, self.now) {
            let raw: String = row.published.iter().flat_map(|raw| raw.chars()).take(80).collect();
            self.imports.dates_unread += 1;
            // No row that failed goes untold for dates.
            if self.imports.dates_unread <= DATES_TOLD {
                self.damaged(format!("{file}: {}: {why}: {raw:?}", row.url));
            }
        }
        // A row without a date of its own was seen when it was brought; one with a date was seen by then at the latest.
        let imported = Imported {
            source: source.id.clone(),
            provisional: source.provisional,
            host,
            url: row.url,
            at: self.now,
            imported_at: self.now,
            form: ImportForm::Row,
            status: None,
            digest: Some(sha256_hex(json.as_bytes())),
            file: file.to_owned(),
        };
        let answer = Answer {
            url: imported.url.clone(),
            body: json.into_bytes(),
            ..Answer::default()
        };
        self.enter(imported, answer, &source)
    }

    fn enter(&mut self, imported: Imported, answer: Answer, source: &Source) -> Result<(), RunError> {
        let digest = imported.digest.clone().unwrap_or_default();
        let key = (format!("{} {}", imported.source, imported.url), digest.clone());
        if !self.seen.insert(key) || self.reader.has_page(&imported.source, &imported.url, &digest)? {
            self.imports.duplicates += 1;
            return Ok(());
        }
        let Some(address) = reading::address(&imported.url, source) else {
            self.imports.failed += 1;
            return Ok(());
        };
        // A source comes into being with the first page of its host.
        if !self.names.known.contains_key(&source.id) {
            self.names.known.insert(source.id.clone(), source.clone());
            self.deriver.learn(source.clone());
        }
        let (reply, committed) = tokio::sync::oneshot::channel();
        let entry = Entry {
            observation: Observation::Imported(imported),
            answer: Some(answer),
            read: Read::Address(address),
            reply: Some(reply),
        };
        self.recorder.push(entry)?;
        self.under_way.push(committed);
        if self.under_way.len() >= UNDER_WAY {
            self.wait()?;
        }
        (self.events)(Event::Fetched);
        Ok(())
    }

    fn wait(&mut self) -> Result<(), RecordError> {
        for committed in self.under_way.drain(..) {
            committed.blocking_recv().map_err(|_| RecordError::Stopped)?;
        }
        Ok(())
    }
}

/// What an archive of a crawl holds beside pages, and labels as plain text.
fn is_manners(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.path() == "/robots.txt" || url.path().starts_with("/.well-known/"))
}

/// HTML by its label, or by its look where there is none.
fn is_page(content_type: Option<&str>, body: &[u8]) -> bool {
    match content_type.map(str::to_ascii_lowercase) {
        Some(kind) => kind.contains("html") || kind.starts_with("text/plain") || kind.is_empty(),
        None => body.iter().take(1024).any(|byte| *byte == b'<'),
    }
}

/// Every line as a row, or why it is none, with its number.
fn rows(file: &Path, mut each: impl FnMut(Result<(String, Row), String>) -> io::Result<()>) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(file)?);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if reader.by_ref().take(LONGEST_ROW as u64).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let whole = line.len() < LONGEST_ROW || line.ends_with(b"\n");
        if !whole {
            reader.skip_until(b'\n')?;
        } else if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let row = if whole {
            row(&line)
        } else {
            Err(format!("longer than {LONGEST_ROW} bytes"))
        };
        each(row.map_err(|why| format!("line {number}: {why}")))?;
    }
    Ok(())
}

fn row(line: &[u8]) -> Result<(String, Row), String> {
    let text =
        std::str::from_utf8(line).map_err(|error| format!("no UTF-8 from byte {} on", error.valid_up_to() + 1))?;
    let text = text.trim().trim_start_matches('\u{FEFF}');
    match serde_json::from_str::<Row>(text) {
        Ok(row) => Ok((text.to_owned(), row)),
        Err(error) => {
            // The parser counts lines within this one.
            let (said, place) = (
                error.to_string(),
                format!(" at line {} column {}", error.line(), error.column()),
            );
            Err(format!("column {}: {}", error.column(), said.trim_end_matches(&place)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_row_says_where_and_the_next_one_counts() {
        let good = r#"{"url":"https://paper.example/a","text":"Le bac passe."}"#;
        let mut lines = format!("{good}\n\n{{\"text\":\"Le bac.\"}}\n").into_bytes();
        lines.extend_from_slice(b"{\"url\":\"https://paper.example/\xE9\"}\n");
        lines.resize(lines.len() + LONGEST_ROW + 100, b'x');
        lines.extend_from_slice(format!("\n\u{FEFF}{good}").as_bytes());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rows.jsonl");
        std::fs::write(&file, lines).unwrap();
        let mut told = Vec::new();
        rows(&file, |row| {
            told.push(row.map(|(text, _)| text));
            Ok(())
        })
        .unwrap();
        let told: Vec<&str> = told
            .iter()
            .map(|row| row.as_ref().map_or_else(String::as_str, String::as_str))
            .collect();
        assert_eq!(
            told,
            [
                good,
                "line 3: column 18: missing field `url`",
                "line 4: no UTF-8 from byte 31 on",
                "line 5: longer than 4194304 bytes",
                good,
            ]
        );
    }
}
