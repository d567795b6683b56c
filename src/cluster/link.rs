//! Candidates and their scores: which pairs of a window may be of one story.
//!
//! With vectors, texts that are too unlike are left out by a short sketch of each (blocks of dot products), and what is
//! left is measured in full. Without, a pair must share a name or a word of the titles. Both leave out only what no other clue could link.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::centre::cosine;
use super::item::{Item, apart};
use super::params::Params;
use super::score::Shared;

/// Articles further apart than this are of two stories (design: ± 3 to 5 days).
pub const WINDOW_SECONDS: i64 = 4 * 86_400;
/// Numbers of a sketch: sums of as many of a vector's as fold onto it, with signs.
const SKETCH: usize = 128;
/// How much smaller than the cosine a sketch's may be (a little more than its standard error, 1/√128).
const SLACK: f32 = 0.1;
/// Rows of a block of dot products: two blocks of sketches and their products stay in the cache.
const BLOCK: usize = 256;
/// What a pair that is not linked still counts in the average of two groups, in thousandths; all that is further
/// below is the same. It is not kept.
pub const FLOOR: i32 = -3_000;

/// Two articles and how far their score is above what links them. `one` has the smaller key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub one: usize,
    pub other: usize,
    pub above: i32,
}

/// The links above [`FLOOR`] in which at least one article is `fresh`, in the order of the items' keys.
pub fn links(items: &[Item], fresh: impl Fn(&Item) -> bool + Sync, params: &Params, threads: usize) -> Vec<Link> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|n| (items[*n].from, items[*n].key));
    let window = Window {
        items,
        longest: items.iter().map(|item| item.to - item.from).max().unwrap_or_default(),
        fresh: items.iter().map(fresh).collect(),
        order,
        params,
    };
    let mut found = window.by_names();
    found.extend(window.by_sketches(threads));
    found.sort_unstable_by_key(|link| (items[link.one].key, items[link.other].key));
    found.dedup();
    found
}

struct Window<'a> {
    items: &'a [Item],
    /// By time.
    order: Vec<usize>,
    /// Seconds that the widest claimed time lasts.
    longest: i64,
    fresh: Vec<bool>,
    params: &'a Params,
}

impl Window<'_> {
    fn measure(&self, a: usize, b: usize) -> Option<Link> {
        let (one, other) = if self.items[a].key <= self.items[b].key {
            (a, b)
        } else {
            (b, a)
        };
        let (first, second) = (&self.items[one], &self.items[other]);
        if apart(first, second) > WINDOW_SECONDS {
            return None;
        }
        if let (Some(a), Some(b)) = (&first.text, &second.text)
            && cosine(a, b) < self.params.least_cosine
        {
            return None;
        }
        let above = Shared::of(first, second).above(self.params);
        (above > FLOOR).then_some(Link { one, other, above })
    }

    /// Pairs of which not both have vectors, and that share a name or a word of their titles.
    fn by_names(&self) -> Vec<Link> {
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        let without = self.items.iter().any(|item| item.text.is_none());
        if !without {
            return Vec::new();
        }
        for (n, item) in self.items.iter().enumerate() {
            for key in keys(item) {
                places.entry(key).or_default().push(n);
            }
        }
        let mut found = Vec::new();
        let (mut met, mut others) = (vec![false; self.items.len()], Vec::new());
        for (n, item) in self.items.iter().enumerate().filter(|(n, _)| self.fresh[*n]) {
            for key in keys(item) {
                for other in places.get(&key).into_iter().flatten() {
                    if !std::mem::replace(&mut met[*other], true) {
                        others.push(*other);
                    }
                }
            }
            for other in others.drain(..) {
                met[other] = false;
                let both = item.text.is_some() && self.items[other].text.is_some();
                if other != n && !both && (!self.fresh[other] || n < other) {
                    found.extend(self.measure(n, other));
                }
            }
        }
        found
    }

    /// Pairs of which both have vectors, and whose sketches are alike.
    fn by_sketches(&self, threads: usize) -> Vec<Link> {
        let rows: Vec<usize> = self
            .order
            .iter()
            .copied()
            .filter(|n| self.items[*n].text.is_some())
            .collect();
        let sketches: Vec<f32> = rows.iter().flat_map(|n| sketch(&self.items[*n])).collect();
        let blocks: Vec<std::ops::Range<usize>> = (0..rows.len())
            .step_by(BLOCK)
            .map(|from| from..(from + BLOCK).min(rows.len()))
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            let mut products = vec![0.0_f32; BLOCK * BLOCK];
            while let Some(mine) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                for other in blocks.iter().filter(|other| other.start >= mine.start) {
                    if self.too_late(&rows, mine, other) {
                        break;
                    }
                    if !rows[mine.clone()]
                        .iter()
                        .chain(&rows[other.clone()])
                        .any(|n| self.fresh[*n])
                    {
                        continue;
                    }
                    self.block(&rows, &sketches, mine, other, &mut products, &mut found);
                }
            }
            found
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap_or_default())
                .collect()
        })
    }

    /// No article of the later block is near enough in time to any of the earlier one.
    fn too_late(&self, rows: &[usize], mine: &std::ops::Range<usize>, other: &std::ops::Range<usize>) -> bool {
        let (Some(last), Some(first)) = (rows[mine.clone()].last(), rows[other.clone()].first()) else {
            return true;
        };
        self.items[*first].from - self.items[*last].from > WINDOW_SECONDS + self.longest
    }

    fn block(
        &self,
        rows: &[usize],
        sketches: &[f32],
        mine: &std::ops::Range<usize>,
        other: &std::ops::Range<usize>,
        products: &mut [f32],
        found: &mut Vec<Link>,
    ) {
        let (a, b) = (
            &sketches[mine.start * SKETCH..mine.end * SKETCH],
            &sketches[other.start * SKETCH..other.end * SKETCH],
        );
        dot_products(a, b, products);
        let width = other.len();
        let least = self.params.least_cosine - SLACK;
        for i in 0..mine.len() {
            for j in 0..width {
                let (one, two) = (rows[mine.start + i], rows[other.start + j]);
                let met = mine.start + i < other.start + j && (self.fresh[one] || self.fresh[two]);
                if met && products[i * width + j] >= least {
                    found.extend(self.measure(one, two));
                }
            }
        }
    }
}

/// What a pair without vectors must share something of. A word's hash is half as long as a name's, and cannot be one.
fn keys(item: &Item) -> impl Iterator<Item = u64> + '_ {
    let words = item.title_words.iter().map(|word| u64::from(*word));
    item.names.iter().copied().chain(words)
}

/// The products of every row of `a` with every row of `b`, row by row. Each is summed up in the same order on every
/// machine, so that the same pairs are measured everywhere.
fn dot_products(a: &[f32], b: &[f32], products: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "instructions that not every processor has")]
        // SAFETY: this processor was just found to have them.
        return unsafe { wide_dot_products(a, b, products) };
    }
    row_by_row(a, b, products);
}

/// The same, compiled for processors that work on eight numbers at once.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn wide_dot_products(a: &[f32], b: &[f32], products: &mut [f32]) {
    row_by_row(a, b, products);
}

/// Numbers summed up side by side, and rows of `b` worked on side by side: a processor waits for no sum.
const LANES: usize = 8;
const ROWS: usize = 4;

#[inline(always)]
fn row_by_row(a: &[f32], b: &[f32], products: &mut [f32]) {
    let width = b.len() / SKETCH;
    for (row, out) in a.chunks_exact(SKETCH).zip(products.chunks_mut(width.max(1))) {
        for (rows, out) in b.chunks(ROWS * SKETCH).zip(out.chunks_mut(ROWS)) {
            let mut sums = [[0.0_f32; LANES]; ROWS];
            let (row, _) = row.as_chunks::<LANES>();
            for (sum, other) in sums.iter_mut().zip(rows.chunks_exact(SKETCH)) {
                let (other, _) = other.as_chunks::<LANES>();
                for (x, y) in row.iter().zip(other) {
                    for lane in 0..LANES {
                        sum[lane] += x[lane] * y[lane];
                    }
                }
            }
            for (out, sum) in out.iter_mut().zip(&sums) {
                *out = sum.iter().sum();
            }
        }
    }
}

/// The vector folded to [`SKETCH`] numbers. The dot product of two sketches is that of the vectors, give or take.
fn sketch(item: &Item) -> [f32; SKETCH] {
    let mut sketch = [0.0; SKETCH];
    let Some(vector) = &item.text else { return sketch };
    for (n, value) in vector.values().enumerate() {
        let sum = &mut sketch[n % SKETCH];
        *sum += if sign(n) { value } else { -value };
    }
    sketch
}

/// A fixed coin for each place of a vector.
fn sign(n: usize) -> bool {
    (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 63 == 1
}
