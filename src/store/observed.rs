//! The single door of the observed half: an observation, where it lies in the archive, and what was read off it.
//!
//! Takes observations in archive order. The same observation at the same place a second time changes nothing, so that
//! recovery may replay from any point at or before the last committed one. Never decides, never reads the archive.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::model::observation::{Fetch, ImportForm, Imported, RunFinished, RunStarted};
use crate::model::page::Location;
use crate::model::{ListingKind, Look, Observation, Outcome};

use super::columns::{At, Json, Word, signed, unsigned};
use super::error::StoreError;
use super::links::{Announced, LinkRow};
use super::open::{Batch, Reader};
use super::sightings::ThisLook;

/// What `discover` and `identify` read off the record, which the store cannot: computed alike by crawl, recovery and rebuild.
#[derive(Debug, Clone, Copy)]
pub enum Reading<'a> {
    /// Nothing could or need be read.
    Nothing,
    /// Of a look: the links of the listing.
    Links(&'a [Announced]),
    /// Of a fetch or an import: the canonical form of the address that was asked for, so that its link is found.
    Address(&'a str),
    /// Of a robots.txt: its body.
    Body(&'a [u8]),
}

/// What an observation changed.
#[derive(Debug)]
pub enum Applied {
    /// This record was applied before.
    Already,
    Declared,
    Run,
    Robots,
    Look {
        look: i64,
        listing: i64,
        /// Links that this source never announced before.
        new: Vec<LinkRow>,
        /// Links about which more or something else is said now.
        changed: Vec<LinkRow>,
    },
    Fetch {
        fetch: i64,
        /// To be digested.
        page: Option<i64>,
        /// The announcement that led there.
        link: Option<i64>,
    },
}

/// What one batch has looked up already.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Archive file → its id, and the end of its last applied record.
    files: HashMap<String, (i64, u64)>,
    /// The run that observations belong to.
    run: Option<i64>,
    /// Articles whose words are not in the index yet: title, lead, body.
    pub(super) index: BTreeMap<i64, [String; 3]>,
}

impl Batch<'_> {
    /// Applies one observation.
    pub fn apply(&self, seen: &Observation, at: &Location, read: Reading<'_>) -> Result<Applied, StoreError> {
        let file = self.archive_file(at)?;
        match seen {
            Observation::Declared(declared) => {
                self.mirror_sources(&declared.sources)?;
                Ok(Applied::Declared)
            }
            Observation::RunStarted(run) => self.start_run(run),
            Observation::RunFinished(run) => self.finish_run(run),
            Observation::Look(look) => self.apply_look(look, file, at, read),
            Observation::Fetch(fetch) => self.apply_fetch(fetch, file, at, read),
            Observation::Robots(fetch) => self.apply_robots(fetch, file, at, read),
            Observation::Imported(imported) => self.apply_import(imported, file, at, read),
        }
    }

    fn start_run(&self, run: &RunStarted) -> Result<Applied, StoreError> {
        let sql = "INSERT INTO run (id, kind, started_at, planned, version) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO NOTHING";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            run.run,
            Word(run.kind),
            At(run.at),
            Json(&run.planned),
            run.version
        ])?;
        self.memo.borrow_mut().run = None;
        Ok(if written == 0 { Applied::Already } else { Applied::Run })
    }

    fn finish_run(&self, run: &RunFinished) -> Result<Applied, StoreError> {
        let sql = "UPDATE run SET finished_at = ?2, interrupted = ?3 WHERE id = ?1 AND finished_at IS NULL";
        let written = self
            .conn
            .prepare_cached(sql)?
            .execute(params![run.run, At(run.at), run.interrupted])?;
        Ok(if written == 0 { Applied::Already } else { Applied::Run })
    }

    fn apply_look(&self, look: &Look, file: i64, at: &Location, read: Reading<'_>) -> Result<Applied, StoreError> {
        let listing = self.know_listing(look)?;
        let sql =
            "INSERT INTO look (run, source, listing, at, outcome, good, status, robots, error, duration_ms, bytes,
                digest, etag, last_modified, items, new, known, newest, oldest, continuity, repairs, verdict,
                file, offset, length)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                ?23, ?24, ?25)
            ON CONFLICT (file, offset) DO NOTHING";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            self.current_run()?,
            look.source,
            listing,
            At(look.at),
            Word(look.outcome),
            // What an archive lists says nothing of what the source listed at that hour.
            look.outcome.is_good() && look.listing_kind != ListingKind::Archive,
            look.status,
            look.robots.map(Word),
            look.error,
            signed(look.duration_ms),
            signed(look.bytes),
            look.digest,
            look.etag,
            look.last_modified,
            look.items,
            look.new,
            look.known,
            look.newest.map(At),
            look.oldest.map(At),
            Word(look.continuity),
            Json(&look.repairs),
            Word(look.verdict),
            file,
            signed(at.offset),
            signed(at.length),
        ])?;
        if written == 0 {
            return Ok(Applied::Already);
        }
        let id = self.conn.last_insert_rowid();
        if look.outcome == Outcome::Ok {
            let sql = "UPDATE listing SET last_ok = ?2, kind = ?3 WHERE id = ?1";
            self.conn
                .prepare_cached(sql)?
                .execute(params![listing, id, Word(look.listing_kind)])?;
        }
        let noticed = match (look.outcome, read) {
            // A 304 says that the links of last time are all still there: their stays simply go on.
            (Outcome::Ok, Reading::Links(announced)) => {
                let this = ThisLook {
                    look: id,
                    listing,
                    kind: look.listing_kind,
                    source: &look.source,
                    at: look.at,
                    file,
                    offset: signed(at.offset),
                    length: signed(at.length),
                };
                self.list(&this, announced)?
            }
            _ => Default::default(),
        };
        Ok(Applied::Look {
            look: id,
            listing,
            new: noticed.new,
            changed: noticed.changed,
        })
    }

    fn apply_fetch(&self, fetch: &Fetch, file: i64, at: &Location, read: Reading<'_>) -> Result<Applied, StoreError> {
        self.know_source(&fetch.source, false)?;
        let link = self.link_of(&fetch.source, read)?;
        let attempt = Attempt {
            kind: "page",
            link,
            imported: None,
            fetch,
        };
        let Some(id) = self.write_fetch(&attempt, file, at)? else {
            return Ok(Applied::Already);
        };
        let body = fetch.outcome == Outcome::Ok && fetch.status.is_none_or(|status| (200..300).contains(&status));
        if let Some(link) = link {
            self.count_attempt(link, fetch, body.then_some(id))?;
        }
        let page = if body {
            Some(self.write_page("response", &attempt, id, file, at)?)
        } else {
            None
        };
        Ok(Applied::Fetch { fetch: id, page, link })
    }

    fn apply_import(&self, row: &Imported, file: i64, at: &Location, read: Reading<'_>) -> Result<Applied, StoreError> {
        self.know_source(&row.source, row.provisional)?;
        let link = self.link_of(&row.source, read)?;
        let good = row.status.is_none_or(|status| (200..300).contains(&status));
        let fetch = Fetch {
            source: row.source.clone(),
            url: row.url.clone(),
            final_url: None,
            at: row.at,
            outcome: if good { Outcome::Ok } else { Outcome::HttpError },
            status: row.status,
            error: None,
            duration_ms: 0,
            bytes: at.length,
            digest: row.digest.clone(),
            etag: None,
            last_modified: None,
            reservations: Vec::new(),
        };
        let attempt = Attempt {
            kind: "import",
            link,
            imported: Some((row.imported_at, &row.file)),
            fetch: &fetch,
        };
        let Some(id) = self.write_fetch(&attempt, file, at)? else {
            return Ok(Applied::Already);
        };
        let form = match row.form {
            ImportForm::Response => "response",
            ImportForm::Row => "row",
        };
        let page = if good {
            Some(self.write_page(form, &attempt, id, file, at)?)
        } else {
            None
        };
        Ok(Applied::Fetch { fetch: id, page, link })
    }

    pub(super) fn write_fetch(
        &self,
        attempt: &Attempt<'_>,
        file: i64,
        at: &Location,
    ) -> Result<Option<i64>, StoreError> {
        let fetch = attempt.fetch;
        let sql = "INSERT INTO fetch (run, kind, source, link, url, final_url, at, outcome, good, status, error,
                duration_ms, bytes, digest, etag, last_modified, imported_at, import_file, file, offset, length,
                reservations)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
            ON CONFLICT (file, offset) DO NOTHING";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            self.current_run()?,
            attempt.kind,
            fetch.source,
            attempt.link,
            fetch.url,
            fetch.final_url,
            At(fetch.at),
            Word(fetch.outcome),
            fetch.outcome.is_good(),
            fetch.status,
            fetch.error,
            signed(fetch.duration_ms),
            signed(fetch.bytes),
            fetch.digest,
            fetch.etag,
            fetch.last_modified,
            attempt.imported.map(|(at, _)| At(at)),
            attempt.imported.map(|(_, file)| file),
            file,
            signed(at.offset),
            signed(at.length),
            Some(Json(&fetch.reservations)).filter(|_| !fetch.reservations.is_empty()),
        ])?;
        Ok((written > 0).then(|| self.conn.last_insert_rowid()))
    }

    fn write_page(
        &self,
        form: &str,
        attempt: &Attempt<'_>,
        id: i64,
        file: i64,
        at: &Location,
    ) -> Result<i64, StoreError> {
        let fetch = attempt.fetch;
        let sql =
            "INSERT INTO page (form, source, link, fetch, url, final_url, at, status, digest, file, offset, length)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        Ok(self.conn.prepare_cached(sql)?.insert(params![
            form,
            fetch.source,
            attempt.link,
            id,
            fetch.url,
            fetch.final_url,
            At(fetch.at),
            fetch.status,
            fetch.digest,
            file,
            signed(at.offset),
            signed(at.length),
        ])?)
    }

    fn count_attempt(&self, link: i64, fetch: &Fetch, body: Option<i64>) -> Result<(), StoreError> {
        let sql = "UPDATE link SET attempts = attempts + 1, fetches = fetches + ?2, last_attempt_at = ?3,
                last_outcome = ?4, last_fetch = coalesce(?5, last_fetch),
                first_fetch_at = coalesce(first_fetch_at, CASE WHEN ?2 THEN ?3 END)
            WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![
            link,
            fetch.outcome.is_good(),
            At(fetch.at),
            Word(fetch.outcome),
            body,
        ])?;
        Ok(())
    }

    fn link_of(&self, source: &str, read: Reading<'_>) -> Result<Option<i64>, StoreError> {
        let Reading::Address(key) = read else {
            return Ok(None);
        };
        let sql = "SELECT id FROM link WHERE source = ?1 AND url_key = ?2";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([source, key], |row| row.get(0))
            .optional()?)
    }

    fn know_listing(&self, look: &Look) -> Result<i64, StoreError> {
        if let Some(id) = self.listing_id(&look.source, &look.listing_url)? {
            return Ok(id);
        }
        self.know_source(&look.source, false)?;
        let sql = "INSERT INTO listing (source, kind, url) VALUES (?1, ?2, ?3)";
        let kind = Word(look.listing_kind);
        Ok(self
            .conn
            .prepare_cached(sql)?
            .insert(params![look.source, kind, look.listing_url])?)
    }

    /// The run that was started last, which every observation after it belongs to: one run holds the lock at a time.
    fn current_run(&self) -> Result<Option<i64>, StoreError> {
        if let Some(run) = self.memo.borrow().run {
            return Ok(Some(run));
        }
        let run = self
            .conn
            .prepare_cached("SELECT max(id) FROM run")?
            .query_row([], |row| row.get(0))?;
        self.memo.borrow_mut().run = run;
        Ok(run)
    }

    fn archive_file(&self, at: &Location) -> Result<i64, StoreError> {
        let end = at.offset.saturating_add(at.length);
        let mut memo = self.memo.borrow_mut();
        if let Some((id, committed)) = memo.files.get_mut(&at.file) {
            *committed = end.max(*committed);
            return Ok(*id);
        }
        let sql = "INSERT INTO archive_file (name, committed) VALUES (?1, 0)
            ON CONFLICT (name) DO UPDATE SET name = name RETURNING id";
        let id = self.conn.prepare_cached(sql)?.query_row([&at.file], |row| row.get(0))?;
        memo.files.insert(at.file.clone(), (id, end));
        Ok(id)
    }

    /// Writes down how far each archive file has been applied; once a batch, just before it is committed.
    pub(super) fn settle_archive(&self) -> Result<(), StoreError> {
        let sql = "UPDATE archive_file SET committed = max(committed, ?2) WHERE id = ?1";
        let mut update = self.conn.prepare_cached(sql)?;
        for (id, end) in self.memo.borrow().files.values() {
            update.execute(params![id, signed(*end)])?;
        }
        Ok(())
    }
}

/// One row of `fetch`, before it has an id.
pub(super) struct Attempt<'a> {
    pub kind: &'static str,
    pub link: Option<i64>,
    /// When it was brought, and in which file.
    pub imported: Option<(Timestamp, &'a String)>,
    pub fetch: &'a Fetch,
}

impl Reader {
    /// How far each archive file has been applied, by name: what lies beyond is to be replayed.
    pub fn archive_files(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut all = self
            .conn
            .prepare_cached("SELECT name, committed FROM archive_file ORDER BY name")?;
        let rows = all.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The number that the next run should carry.
    pub fn next_run(&self) -> Result<i64, StoreError> {
        let last: Option<i64> = self.conn.query_row("SELECT max(id) FROM run", [], |row| row.get(0))?;
        Ok(last.unwrap_or(0).saturating_add(1))
    }
}
