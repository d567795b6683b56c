//! Entering what a listing said: who is new, whose claim changed, who has left.
//!
//! A look costs one query for what stood on the listing before and then only what changed: a link that is still there
//! with the same claim is not touched at all.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use xxhash_rust::xxh3::Xxh3;

use crate::model::{DateClaim, Link, ListingKind};

use super::columns::{At, Json, Word};
use super::error::StoreError;
use super::links::{Announced, LinkRow, Standing};
use super::open::Batch;

/// What one listing said at one look.
pub(super) struct ThisLook<'a> {
    pub look: i64,
    pub listing: i64,
    pub kind: ListingKind,
    pub source: &'a str,
    pub at: Timestamp,
    pub file: i64,
    pub offset: i64,
    pub length: i64,
}

#[derive(Debug, Default)]
pub(super) struct Noticed {
    pub new: Vec<LinkRow>,
    pub changed: Vec<LinkRow>,
}

impl Batch<'_> {
    /// Enters what a good look listed.
    pub(super) fn list(&self, this: &ThisLook<'_>, announced: &[Announced]) -> Result<Noticed, StoreError> {
        let mut noticed = Noticed::default();
        // A listing that answers with nothing at all is broken far more often than emptied: nobody has left it.
        if announced.is_empty() {
            return Ok(noticed);
        }
        let mut standing = self.standing(this.listing)?;
        let mut done: HashSet<&str> = HashSet::with_capacity(announced.len());
        for item in announced {
            if !done.insert(&item.url_key) {
                continue;
            }
            let digest = claim_digest(&item.link);
            match standing.remove(&item.url_key) {
                Some(row) if row.claim_listing == this.listing && row.claim_digest != digest => {
                    if let Some(row) = self.reclaim(this, row.link, &item.link, digest, Weight::Owner)? {
                        noticed.changed.push(row);
                    }
                }
                Some(_) => {}
                None => self.arrive(this, item, digest, &mut noticed)?,
            }
        }
        self.leave(this, standing.into_values())?;
        Ok(noticed)
    }

    /// A link that did not stand on this listing at its last good look.
    fn arrive(
        &self,
        this: &ThisLook<'_>,
        item: &Announced,
        digest: i64,
        noticed: &mut Noticed,
    ) -> Result<(), StoreError> {
        let sql =
            "SELECT l.id, l.claim_listing, l.claim_digest, g.kind FROM link l JOIN listing g ON g.id = l.claim_listing
            WHERE l.source = ?1 AND l.url_key = ?2";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![this.source, item.url_key], |row| {
                let (id, owner, before): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((id, owner, before, row.get::<_, Word<ListingKind>>(3)?.0))
            })
            .optional()?;
        let id = match found {
            None => {
                let row = self.announce(this, item, digest)?;
                let id = row.id;
                noticed.new.push(row);
                id
            }
            Some((id, owner, before, kind)) => {
                let weight = if owner == this.listing {
                    (before != digest).then_some(Weight::Owner)
                } else if rank(this.kind) < rank(kind) {
                    Some(Weight::Owner)
                } else {
                    Some(Weight::Filler)
                };
                if let Some(weight) = weight
                    && let Some(row) = self.reclaim(this, id, &item.link, digest, weight)?
                {
                    noticed.changed.push(row);
                }
                id
            }
        };
        let sql = "INSERT INTO sighting (link, listing, first_look, position) VALUES (?1, ?2, ?3, ?4)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![id, this.listing, this.look, item.link.position])?;
        Ok(())
    }

    /// The first announcement of an address.
    fn announce(&self, this: &ThisLook<'_>, item: &Announced, digest: i64) -> Result<LinkRow, StoreError> {
        let sql = "INSERT INTO link (source, url, url_key, first_look, first_seen_at, claim_listing, claim_digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let mut insert = self.conn.prepare_cached(sql)?;
        let id = insert.insert(params![
            this.source,
            item.link.url,
            item.url_key,
            this.look,
            At(this.at),
            this.listing,
            digest,
        ])?;
        self.write_claim(this, id, &item.link)?;
        Ok(LinkRow {
            id,
            source: this.source.to_owned(),
            url: item.link.url.clone(),
            url_key: item.url_key.clone(),
            link: item.link.clone(),
            first_look: this.look,
            first_seen_at: this.at,
            attempts: 0,
            last_attempt_at: None,
            first_fetch_at: None,
        })
    }

    /// Another claim about a known link; `None` where it adds nothing to what was known.
    fn reclaim(
        &self,
        this: &ThisLook<'_>,
        id: i64,
        claim: &Link,
        digest: i64,
        weight: Weight,
    ) -> Result<Option<LinkRow>, StoreError> {
        if weight == Weight::Owner {
            let sql = "UPDATE link SET claim_listing = ?2, claim_digest = ?3 WHERE id = ?1";
            self.conn
                .prepare_cached(sql)?
                .execute(params![id, this.listing, digest])?;
        }
        let Some(mut row) = self.link(id)? else {
            return Ok(None);
        };
        let merged = match weight {
            Weight::Owner => overlay(claim, &row.link),
            Weight::Filler => overlay(&row.link, claim),
        };
        if claim_digest(&merged) == claim_digest(&row.link) {
            return Ok(None);
        }
        self.write_claim(this, id, &merged)?;
        row.link = merged;
        Ok(Some(row))
    }

    fn write_claim(&self, this: &ThisLook<'_>, link: i64, claim: &Link) -> Result<(), StoreError> {
        let sql = "INSERT INTO page (form, source, link, look, url, at, claim, file, offset, length)
            VALUES ('listing_item', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.conn.prepare_cached(sql)?.execute(params![
            this.source,
            link,
            this.look,
            claim.url,
            At(this.at),
            Json(claim),
            this.file,
            this.offset,
            this.length,
        ])?;
        Ok(())
    }

    /// Links that stood on the listing and no longer do.
    fn leave(&self, this: &ThisLook<'_>, gone: impl ExactSizeIterator<Item = Standing>) -> Result<(), StoreError> {
        if gone.len() == 0 {
            return Ok(());
        }
        // The last look that showed them: good, and before the empty ones that `list` passes over. A 304 after an
        // empty listing says that it is still empty.
        let sql = "SELECT max(k.id) FROM look k WHERE k.listing = ?1 AND k.good = 1 AND k.id < coalesce(
                (SELECT min(e.id) FROM look e WHERE e.listing = ?1 AND e.good = 1 AND e.outcome = 'ok' AND e.items = 0
                    AND e.id < ?2 AND e.id > (SELECT max(n.id) FROM look n WHERE n.listing = ?1 AND n.good = 1
                        AND n.outcome = 'ok' AND n.items > 0 AND n.id < ?2)), ?2)";
        let last: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![this.listing, this.look], |row| row.get(0))?;
        let sql =
            "UPDATE sighting SET last_look = ?4, left_look = ?5 WHERE link = ?1 AND listing = ?2 AND first_look = ?3";
        let mut update = self.conn.prepare_cached(sql)?;
        for row in gone {
            let last = last.unwrap_or(row.first_look);
            update.execute(params![row.link, this.listing, row.first_look, last, this.look])?;
        }
        Ok(())
    }
}

/// What a claim is worth beside the one that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It replaces what it says itself.
    Owner,
    /// It only fills gaps.
    Filler,
}

/// Feeds say most about an item, pages of headlines less, sitemaps least.
fn rank(kind: ListingKind) -> u8 {
    match kind {
        ListingKind::Feed => 0,
        ListingKind::Page => 1,
        ListingKind::Sitemap => 2,
        ListingKind::Archive => 3,
    }
}

fn overlay(over: &Link, under: &Link) -> Link {
    fn first<T: Clone>(over: &Option<T>, under: &Option<T>) -> Option<T> {
        over.as_ref().or(under.as_ref()).cloned()
    }
    Link {
        url: over.url.clone(),
        guid: first(&over.guid, &under.guid),
        title: first(&over.title, &under.title),
        teaser: first(&over.teaser, &under.teaser),
        text: first(&over.text, &under.text),
        published: first(&over.published, &under.published),
        updated: first(&over.updated, &under.updated),
        authors: if over.authors.is_empty() {
            under.authors.clone()
        } else {
            over.authors.clone()
        },
        section: first(&over.section, &under.section),
        lang: first(&over.lang, &under.lang),
        position: over.position,
    }
}

/// A fingerprint of what is said about the item: its place on the page and the spelling of its address are not part of it.
fn claim_digest(link: &Link) -> i64 {
    let mut hash = Xxh3::new();
    for text in [&link.title, &link.teaser, &link.text] {
        // 0xFF occurs in no UTF-8 text, so neighbouring fields cannot run into each other.
        hash.update(text.as_deref().unwrap_or_default().as_bytes());
        hash.update(&[0xFF]);
    }
    let date = |claim: &Option<DateClaim>| claim.as_ref().map_or(i64::MIN, |claim| claim.interval.min.as_second());
    hash.update(&date(&link.published).to_le_bytes());
    hash.update(&date(&link.updated).to_le_bytes());
    for author in &link.authors {
        hash.update(author.as_bytes());
        hash.update(&[0xFF]);
    }
    hash.digest().cast_signed()
}
