//! Every pair of articles with vectors: names that both have are counted and sketches compared, block by block; only
//! what may come above the floor is measured.
//!
//! What is left out follows from the two articles alone: a block's bound is that of its nearest pair, and what it lets
//! through is held against its own.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::bound::{Bound, Kind, Reach, gap};
use super::centre::cosine;
use super::item::apart;
use super::link::{Link, WINDOW_SECONDS, Window};
use super::params::Weights;
use super::sketch::{Meaning, Sketch, sketch};

/// Rows of a block: two blocks of sketches, and what is found of them, stay in the cache.
const BLOCK: usize = 128;
/// The name without the bits that tell which row of its block has it.
const ROW: u64 = BLOCK as u64 - 1;
/// First planes are compared alone where at most so many of theirs may differ: else too few are left out by them.
const WORTH: u32 = 118;

/// Articles of one language, one after the other in time, all of them new or none.
struct Block<'a> {
    rows: Range<usize>,
    fresh: bool,
    reach: Reach<'a>,
    /// Names in order, with the row that has them in the lowest bits.
    names: Vec<u64>,
}

pub(super) struct Scan<'a> {
    window: &'a Window<'a>,
    weights: &'a Weights,
    /// Positions of the articles, block after block.
    rows: Vec<usize>,
    sketches: Vec<Sketch>,
    blocks: Vec<Block<'a>>,
    meaning: Meaning,
}

/// What is found of two blocks on the way.
struct Found {
    /// Names that a pair shares.
    named: Vec<u8>,
    hits: [u8; BLOCK],
    links: Vec<Link>,
}

impl<'a> Scan<'a> {
    pub fn of(window: &'a Window<'a>, threads: usize) -> Scan<'a> {
        let items = window.items;
        let mut rows: Vec<usize> = (0..items.len()).filter(|n| items[*n].text.is_some()).collect();
        let sort = |n: usize| (window.fresh[n], Kind::of(&items[n]));
        rows.sort_by_key(|n| (sort(*n), items[*n].from, items[*n].key));
        let weights = window.params.weights(true);
        let parts = rows.chunks(rows.len().div_ceil(threads.max(1)).max(1));
        let sketches = std::thread::scope(|scope| {
            let sketched =
                |part: &[usize]| -> Vec<Sketch> { part.iter().map(|n| sketch(&items[*n], weights)).collect() };
            let workers: Vec<_> = parts.map(|part| scope.spawn(move || sketched(part))).collect();
            let done = workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default());
            done.collect()
        });
        let mut blocks = Vec::new();
        let mut from = 0;
        for alike in rows.chunk_by(|one, other| sort(*one) == sort(*other)) {
            for part in alike.chunks(BLOCK) {
                blocks.push(block(window, part, from));
                from += part.len();
            }
        }
        Scan {
            window,
            weights,
            rows,
            sketches,
            blocks,
            meaning: Meaning::new(),
        }
    }

    /// Pairs of which at least one is new.
    pub fn links(&self, threads: usize) -> Vec<Link> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Found {
                named: vec![0; BLOCK * BLOCK],
                hits: [0; BLOCK],
                links: Vec::new(),
            };
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(mine) = self.blocks.get(n) else {
                    return found.links;
                };
                for other in &self.blocks[n..] {
                    if (mine.fresh || other.fresh) && gap(&mine.reach, &other.reach) <= WINDOW_SECONDS {
                        self.compare(mine, other, &mut found);
                        self.window.thinned(&mut found.links);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let done = workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default());
            done.collect()
        })
    }

    fn compare(&self, mine: &Block<'_>, other: &Block<'_>, found: &mut Found) {
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("popcnt") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor was just found to have them.
            return unsafe { self.compare_wide(mine, other, found) };
        }
        self.compare_rows(mine, other, found);
    }

    /// The same, compiled for processors that count bits and multiply many numbers at a time.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,popcnt")]
    fn compare_wide(&self, mine: &Block<'_>, other: &Block<'_>, found: &mut Found) {
        self.compare_rows(mine, other, found);
    }

    #[inline(always)]
    fn compare_rows(&self, mine: &Block<'_>, other: &Block<'_>, found: &mut Found) {
        let bound = Bound::of(&mine.reach, &other.reach, self.weights);
        // Only a pair that shares names can be linked: none of the sketches need be looked at.
        let most = self.meaning.most(bound.unnamed());
        let width = other.rows.len();
        let named = &mut found.named[..mine.rows.len() * width];
        count_names(&mine.names, &other.names, width, named);
        for (row, named) in mine.rows.clone().zip(named.chunks_exact(width)) {
            // Of a block with itself, each pair once.
            let from = (row + 1).saturating_sub(other.rows.start).min(width);
            let sketches = &self.sketches[other.rows.clone()][from..];
            let count = hits(&self.sketches[row], sketches, &named[from..], most, &mut found.hits);
            for hit in &found.hits[..count] {
                let there = from + usize::from(*hit);
                found
                    .links
                    .extend(self.measure(&bound, row, other.rows.start + there, named[there]));
            }
        }
    }

    #[inline(always)]
    fn measure(&self, blocks: &Bound<'_>, row: usize, there: usize, named: u8) -> Option<Link> {
        let (a, b) = (self.rows[row], self.rows[there]);
        let (one, other) = (&self.window.items[a], &self.window.items[b]);
        let bound = blocks.pair(one, other);
        let least = bound.least(usize::from(named), one, other);
        let (here, far) = (&self.sketches[row], &self.sketches[there]);
        if !self.meaning.allows(bound.as_cosine(least), here, far) || apart(one, other) > WINDOW_SECONDS {
            return None;
        }
        let text = cosine(one.text.as_ref()?, other.text.as_ref()?);
        if text < self.window.params.least_cosine {
            return None;
        }
        let title = match (&one.title, &other.title) {
            (Some(one), Some(other)) => Some(cosine(one, other)),
            _ => None,
        };
        let weighed = self.weights.text * text + self.weights.title * title.unwrap_or_default();
        if weighed < least {
            return None;
        }
        self.window.weigh(a, b, (Some(text), title))
    }
}

fn block<'a>(window: &'a Window<'a>, part: &[usize], from: usize) -> Block<'a> {
    let items = part.iter().map(|n| &window.items[*n]);
    let mut names: Vec<u64> = (0..)
        .zip(items.clone())
        .flat_map(|(row, item)| item.names.iter().map(move |name| name & !ROW | row))
        .collect();
    names.sort_unstable();
    let first = &window.items[part[0]];
    Block {
        rows: from..from + part.len(),
        fresh: window.fresh[part[0]],
        reach: items.fold(Reach::of(first), |reach, item| reach.with(item)),
        names,
    }
}

/// For each pair of two blocks, how many names both have.
#[inline(always)]
fn count_names(mine: &[u64], others: &[u64], width: usize, named: &mut [u8]) {
    named.fill(0);
    let (mut i, mut j) = (0, 0);
    while let (Some(one), Some(other)) = (mine.get(i), others.get(j)) {
        let (name, there) = (one | ROW, other | ROW);
        if name == there {
            let row = (one & ROW) as usize * width;
            for other in others[j..].iter().take_while(|other| *other | ROW == name) {
                let count = &mut named[row + (other & ROW) as usize];
                *count = count.saturating_add(1);
            }
            i += 1;
        } else {
            // Without a branch: which of the two comes first is anybody's guess.
            i += usize::from(name < there);
            j += usize::from(there < name);
        }
    }
}

/// Writes which of the others share a name, or differ in no more bits than these; gives how many.
#[inline(always)]
fn hits(one: &Sketch, others: &[Sketch], named: &[u8], most: Option<(u32, u32)>, out: &mut [u8; BLOCK]) -> usize {
    let mut count = 0;
    let mut put = |there: usize, holds: bool| {
        out[count % BLOCK] = there as u8;
        count += usize::from(holds);
    };
    let each = (0..).zip(others.iter().zip(named));
    match most {
        None => each.for_each(|(there, (_, named))| put(there, *named > 0)),
        Some((all, first)) if first > WORTH => each.for_each(|(there, (other, named))| {
            put(there, one.differing(other) <= all || *named > 0);
        }),
        Some((all, first)) => {
            each.for_each(|(there, (other, named))| put(there, one.first_differing(other) <= first || *named > 0));
            let some = count;
            count = 0;
            for n in 0..some {
                let there = out[n % BLOCK];
                let other = usize::from(there);
                out[count % BLOCK] = there;
                count += usize::from(one.differing(&others[other]) <= all || named[other] > 0);
            }
        }
    }
    count
}
