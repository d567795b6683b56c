//! Link-up: which article reprints which, across all sources.
//!
//! Decided from what is in the store and never from the order in which it came: the earliest of those
//! with nearly the same words is the origin, the others are its reprints. Where their times overlap and no credit line
//! tells, nobody knows who had it first, and neither is the reprint of the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::compare::evidence::outlets;
use crate::model::Interval;
use crate::model::narrowed::{Sight, narrow};
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

/// The outlet that each source is of.
type Outlets = HashMap<String, Option<&'static str>>;

/// An article with the bounds of its time and its debts.
struct Dated {
    near: Near,
    whole: Interval,
    /// The outlet that its credit line names.
    credits: Option<&'static str>,
    /// The outlet that it is of.
    outlet: Option<&'static str>,
}

impl Dated {
    /// Certainly the earlier one; where the times leave it open, the one that the other credits.
    fn is_before(&self, other: &Dated) -> bool {
        if self.whole.is_before(other.whole) {
            return true;
        }
        if other.whole.is_before(self.whole) {
            return false;
        }
        let owes = |one: &Dated, other: &Dated| one.credits.is_some() && one.credits == other.outlet;
        owes(other, self) && !owes(self, other)
    }

    fn key(&self) -> (Timestamp, Timestamp, &str) {
        (self.whole.min, self.near.first_seen_at, &self.near.id)
    }
}

/// Settles the lineage of these articles and of those that share words with them.
pub fn settle(batch: &Batch<'_>, touched: &BTreeSet<i64>) -> Result<Settled, StoreError> {
    let mut done = Settled::default();
    let mut waiting = touched.clone();
    let mut settled = BTreeSet::new();
    let mut outlets = Outlets::new();
    while let Some(rowid) = waiting.pop_first() {
        if !settled.insert(rowid) {
            continue;
        }
        let Some(me) = batch.near(rowid)? else { continue };
        let was = me.reprint_of;
        let near = neighbours(batch, &me)?;
        let mut near = date(batch, &mut outlets, me, near)?;
        let me = near.swap_remove(0);
        // A newcomer may be earlier than those that were here, and one whose time became known may not be so any more:
        // they are looked at again, once.
        if touched.contains(&rowid) {
            waiting.extend(
                near.iter()
                    .filter(|other| me.is_before(other) || other.near.reprint_of == Some(rowid))
                    .map(|other| other.near.rowid),
            );
        }
        let origin = origin(batch, &me, &near)?;
        if origin.map(|(origin, _)| origin) != was {
            batch.set_reprint(rowid, origin)?;
            done.changed.insert(rowid);
        }
        done.reprints += u32::from(origin.is_some() && touched.contains(&rowid));
    }
    Ok(done)
}

/// Articles that have nearly the same words as this one, whoever had them first, each with the share that one has of the
/// other; of a reprint, its origin.
pub fn copies(batch: &Batch<'_>, me: &Near) -> Result<BTreeMap<i64, f32>, StoreError> {
    let mut found = BTreeMap::new();
    let near = neighbours(batch, me)?;
    if near.is_empty() {
        return Ok(found);
    }
    let rowids: Vec<i64> = std::iter::once(me).chain(&near).map(|near| near.rowid).collect();
    let shingles: BTreeMap<i64, Shingles> = batch
        .texts(&rowids)?
        .into_iter()
        .map(|text| (text.rowid, Shingles::of(&text.text)))
        .collect();
    let Some(mine) = shingles.get(&me.rowid) else {
        return Ok(found);
    };
    for mut other in near {
        let Some(theirs) = shingles.get(&other.rowid) else {
            continue;
        };
        let share = mine.contained_in(theirs).max(theirs.contained_in(mine));
        if share < REPRINT {
            continue;
        }
        // Every origin is earlier than its reprint: this ends.
        while let Some(origin) = other.reprint_of {
            let Some(before) = batch.near(origin)? else { break };
            other = before;
        }
        if other.rowid != me.rowid {
            let most = found.entry(other.rowid).or_insert(share);
            *most = share.max(*most);
        }
    }
    Ok(found)
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

/// What each claims, narrowed by the looks around it; my own comes first.
fn date(batch: &Batch<'_>, outlets: &mut Outlets, me: Near, near: Vec<Near>) -> Result<Vec<Dated>, StoreError> {
    let alone = near.is_empty();
    let all: Vec<Near> = std::iter::once(me).chain(near).collect();
    let rowids: Vec<i64> = all.iter().map(|near| near.rowid).collect();
    // Most articles have nobody to be measured against, and nothing of theirs need be read.
    let (mut said, seen) = match alone {
        true => Default::default(),
        false => (batch.said(&rowids)?, batch.first_seen(&rowids)?),
    };
    let mut dated = Vec::with_capacity(all.len());
    for near in all {
        let said = said.remove(&near.rowid).unwrap_or_default();
        let absent = seen.get(&near.rowid).and_then(|seen| seen.last_absent);
        let sight = Sight {
            seen: near.first_seen_at,
            absent: absent.map(|absent| absent.at),
            newest_then: absent.and_then(|absent| absent.newest),
        };
        let outlet = match outlets.get(&near.source) {
            Some(outlet) => *outlet,
            None => {
                let source = batch.source(&near.source)?;
                let outlet = source.as_ref().and_then(outlets::of_source);
                outlets.insert(near.source.clone(), outlet);
                outlet
            }
        };
        dated.push(Dated {
            whole: narrow(said.published.as_ref(), sight).whole,
            credits: said.credit.as_deref().and_then(outlets::by_name),
            outlet,
            near,
        });
    }
    Ok(dated)
}

/// The earliest of those before me that hold nearly all of my words.
fn origin(batch: &Batch<'_>, me: &Dated, near: &[Dated]) -> Result<Option<(i64, f32)>, StoreError> {
    let mut before: Vec<&Dated> = near.iter().filter(|other| other.is_before(me)).collect();
    if before.is_empty() {
        return Ok(None);
    }
    before.sort_by(|one, other| one.key().cmp(&other.key()));
    let rowids: Vec<i64> = std::iter::once(me)
        .chain(before.iter().copied())
        .map(|dated| dated.near.rowid)
        .collect();
    let texts = batch.texts(&rowids)?;
    let shingles = |rowid| {
        texts
            .iter()
            .find(|text| text.rowid == rowid)
            .map(|text| Shingles::of(&text.text))
    };
    let Some(mine) = shingles(me.near.rowid) else {
        return Ok(None);
    };
    for other in before {
        let Some(theirs) = shingles(other.near.rowid) else {
            continue;
        };
        let share = mine.contained_in(&theirs);
        if share >= REPRINT {
            return Ok(Some((other.near.rowid, share)));
        }
    }
    Ok(None)
}
