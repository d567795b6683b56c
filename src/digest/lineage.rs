//! Link-up: which article reprints which, across all sources.
//!
//! Decided from what is in the store and never from the order in which it came: the earliest of those
//! with nearly the same words is the origin, the others are its reprints.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::store::{Batch, Near, StoreError};
use crate::text::shingles::Shingles;

/// Copies come within days; a text that returns after a week is a reprint of another kind.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Containment at which a text is a reprint (comparison.md).
const REPRINT: f32 = 0.80;
/// SimHashes of 64 bits that differ in more bits than this are not worth comparing in full: at 0.8
/// containment of texts of similar length the expected distance is about 10.
const FARTHEST: u32 = 16;
/// An outlet's template page must not cost a comparison with every other.
const MOST_CANDIDATES: usize = 50;

/// What settling came to.
#[derive(Debug, Default)]
pub struct Settled {
    /// How many of the touched articles are reprints.
    pub reprints: u32,
    /// Articles that are reprints now and were not, or the other way round, or of another one.
    pub changed: BTreeSet<i64>,
}

/// Settles the lineage of these articles and of those that share words with them.
pub fn settle(batch: &Batch<'_>, touched: &BTreeSet<i64>) -> Result<Settled, StoreError> {
    let mut done = Settled::default();
    let mut waiting = touched.clone();
    let mut settled = BTreeSet::new();
    while let Some(rowid) = waiting.pop_first() {
        if !settled.insert(rowid) {
            continue;
        }
        let Some(me) = batch.near(rowid)? else { continue };
        let near = neighbours(batch, &me)?;
        // A newcomer may be earlier than those that were here: they are looked at again, once.
        if touched.contains(&rowid) {
            waiting.extend(
                near.iter()
                    .filter(|other| is_before(&me, other))
                    .map(|other| other.rowid),
            );
        }
        let origin = origin(batch, &me, &near)?;
        if origin.map(|(origin, _)| origin) != me.reprint_of {
            batch.set_reprint(rowid, origin)?;
            done.changed.insert(rowid);
        }
        done.reprints += u32::from(origin.is_some() && touched.contains(&rowid));
    }
    Ok(done)
}

fn neighbours(batch: &Batch<'_>, me: &Near) -> Result<Vec<Near>, StoreError> {
    if me.simhash == 0 {
        return Ok(Vec::new());
    }
    let bands: Vec<u64> = crate::identify::fingerprint::bands(me.simhash).map(u64::from).to_vec();
    let since = me.first_seen_at.saturating_sub(WINDOW).unwrap_or(me.first_seen_at);
    let until = me.first_seen_at.saturating_add(WINDOW).unwrap_or(me.first_seen_at);
    let mut near: Vec<Near> = batch
        .near_candidates(&bands, since, until)?
        .into_iter()
        .filter(|other| other.rowid != me.rowid && other.source != me.source && other.lang == me.lang)
        .filter(|other| (other.simhash ^ me.simhash).count_ones() <= FARTHEST)
        .collect();
    near.sort_by_key(|other| ((other.simhash ^ me.simhash).count_ones(), other.id.clone()));
    near.truncate(MOST_CANDIDATES);
    Ok(near)
}

/// The earliest of those before me that hold nearly all of my words.
fn origin(batch: &Batch<'_>, me: &Near, near: &[Near]) -> Result<Option<(i64, f32)>, StoreError> {
    let mut before: Vec<&Near> = near.iter().filter(|other| is_before(other, me)).collect();
    if before.is_empty() {
        return Ok(None);
    }
    before.sort_by_key(|other| (when(other), other.id.clone()));
    let rowids: Vec<i64> = std::iter::once(me.rowid)
        .chain(before.iter().map(|other| other.rowid))
        .collect();
    let texts = batch.texts(&rowids)?;
    let shingles = |rowid| {
        texts
            .iter()
            .find(|text| text.rowid == rowid)
            .map(|text| Shingles::of(&text.text))
    };
    let Some(mine) = shingles(me.rowid) else {
        return Ok(None);
    };
    for other in before {
        let Some(theirs) = shingles(other.rowid) else { continue };
        let share = mine.contained_in(&theirs);
        if share >= REPRINT {
            return Ok(Some((other.rowid, share)));
        }
    }
    Ok(None)
}

/// What was claimed counts, bounded by what was seen; the id settles a tie, so that there is one order.
fn when(near: &Near) -> (jiff::Timestamp, jiff::Timestamp) {
    (near.published_min.min(near.first_seen_at), near.first_seen_at)
}

fn is_before(one: &Near, other: &Near) -> bool {
    (when(one), &one.id) < (when(other), &other.id)
}
