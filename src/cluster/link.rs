//! Candidates and their scores: which pairs of a window may be of one story.
//!
//! With vectors, texts that are too unlike are left out by a sketch of each (bits that differ), and what is left is
//! measured in full. Without, a pair must share a name or a word of the titles. Both leave out only what no other clue
//! could link.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::centre::cosine;
use super::item::{Item, apart};
use super::params::Params;
use super::score::Shared;

/// Articles further apart than this are of two stories (design: ± 3 to 5 days).
pub const WINDOW_SECONDS: i64 = 4 * 86_400;
/// Words of a sketch: the sides of 1,024 planes on which a vector lies.
const SKETCH: usize = 16;
/// How much smaller than the cosine a sketch's may be: one and a half of its standard error, π/2/√1024.
const SLACK: f32 = 0.075;
/// Rows of a block: two blocks of sketches and what is found of them stay in the cache.
const BLOCK: usize = 128;
/// What a pair that is not linked still counts in the average of two groups, in thousandths; all that is further
/// below is the same. It is not kept.
pub const FLOOR: i32 = -3_000;
/// Links kept of an article, the strongest, unless they are among the strongest of the other one. A page made by a
/// template is like all of its kind, and five thousand of them would be twelve million links.
pub const MOST_LINKS: usize = 100;
/// Links found at which the weak ones are left out on the way.
const FULL: usize = 2_000_000;

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
    found.sort_unstable();
    found.dedup();
    let mut found = window.strongest(found);
    found.sort_unstable_by_key(|link| (items[link.one].key, items[link.other].key));
    found
}

/// The order in which links are strong: by score, of equal ones by the keys of their articles.
pub fn rank(above: i32, one: u64, other: u64) -> (std::cmp::Reverse<i32>, u64, u64) {
    (std::cmp::Reverse(above), one.min(other), one.max(other))
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

    /// Those among the [`MOST_LINKS`] strongest of either of their articles. What is left out of a part of all links would
    /// be left out of the whole.
    fn strongest(&self, mut found: Vec<Link>) -> Vec<Link> {
        let key = |n: usize| self.items[n].key;
        found.sort_unstable_by_key(|link| rank(link.above, key(link.one), key(link.other)));
        let mut counts = vec![0_usize; self.items.len()];
        found.retain(|link| {
            counts[link.one] += 1;
            counts[link.other] += 1;
            counts[link.one].min(counts[link.other]) <= MOST_LINKS
        });
        found
    }

    fn thinned(&self, found: &mut Vec<Link>) {
        if found.len() >= FULL.max(2 * MOST_LINKS * self.items.len()) {
            *found = self.strongest(std::mem::take(found));
        }
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
            self.thinned(&mut found);
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
        let sketches: Vec<Sketch> = rows.iter().map(|n| sketch(&self.items[*n])).collect();
        let blocks: Vec<std::ops::Range<usize>> = (0..rows.len())
            .step_by(BLOCK)
            .map(|from| from..(from + BLOCK).min(rows.len()))
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            let mut differing = vec![0_u32; BLOCK * BLOCK];
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
                    self.block(&rows, &sketches, mine, other, &mut differing, &mut found);
                    self.thinned(&mut found);
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
        sketches: &[Sketch],
        mine: &std::ops::Range<usize>,
        other: &std::ops::Range<usize>,
        differing: &mut [u32],
        found: &mut Vec<Link>,
    ) {
        differences(&sketches[mine.clone()], &sketches[other.clone()], differing);
        let width = other.len();
        let most = most_differing(self.params.least_cosine - SLACK);
        for i in 0..mine.len() {
            for j in 0..width {
                if differing[i * width + j] > most || mine.start + i >= other.start + j {
                    continue;
                }
                let (one, two) = (rows[mine.start + i], rows[other.start + j]);
                if self.fresh[one] || self.fresh[two] {
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

/// Bits that differ between every sketch of `a` and every one of `b`, row by row.
fn differences(a: &[Sketch], b: &[Sketch], out: &mut [u32]) {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("popcnt") {
        #[expect(unsafe_code, reason = "instructions that not every processor has")]
        // SAFETY: this processor was just found to have them.
        return unsafe { wide_differences(a, b, out) };
    }
    row_by_row(a, b, out);
}

/// The same, compiled for processors that count bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn wide_differences(a: &[Sketch], b: &[Sketch], out: &mut [u32]) {
    row_by_row(a, b, out);
}

#[inline(always)]
fn row_by_row(a: &[Sketch], b: &[Sketch], out: &mut [u32]) {
    for (one, out) in a.iter().zip(out.chunks_mut(b.len().max(1))) {
        for (other, out) in b.iter().zip(out) {
            *out = one.iter().zip(other).map(|(x, y)| (x ^ y).count_ones()).sum();
        }
    }
}

/// Sketches of vectors with this cosine differ in so many bits in the mean: as many as there are planes between them.
fn most_differing(cosine: f32) -> u32 {
    let planes = (SKETCH * 64) as f32;
    (planes * cosine.clamp(-1.0, 1.0).acos() / std::f32::consts::PI) as u32
}

type Sketch = [u64; SKETCH];

/// The vector turned about at random, twice: on which side of each axis it comes to lie.
fn sketch(item: &Item) -> Sketch {
    let mut sketch = [0; SKETCH];
    let Some(vector) = &item.text else { return sketch };
    let axes = SKETCH * 64 / 2;
    for (turn, half) in sketch.chunks_exact_mut(SKETCH / 2).enumerate() {
        let mut values: Vec<f32> = vector.values().take(axes).collect();
        values.resize(axes, 0.0);
        // Two rounds: after one, a vector that lies along an axis is still no random one.
        for round in 0..2 {
            for (n, value) in values.iter_mut().enumerate() {
                if sign((turn * 2 + round) * axes + n) {
                    *value = -*value;
                }
            }
            hadamard(&mut values);
        }
        for (word, values) in half.iter_mut().zip(values.chunks_exact(64)) {
            for (bit, value) in values.iter().enumerate() {
                *word |= u64::from(*value > 0.0) << bit;
            }
        }
    }
    sketch
}

/// Sums and differences of all halves: a rotation, but for the length. As many values as a power of two.
fn hadamard(values: &mut [f32]) {
    let mut step = 1;
    while step < values.len() {
        for block in values.chunks_exact_mut(step * 2) {
            let (left, right) = block.split_at_mut(step);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        step *= 2;
    }
}

/// A fixed coin for each number.
fn sign(n: usize) -> bool {
    let mut z = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::params::params;
    use crate::model::{Clues, Interval, Name, Vector};
    use jiff::Timestamp;

    /// A number from −1 to 1 for each n and seed.
    fn number(seed: usize, n: usize) -> f32 {
        let bits = (0..16).map(|bit| u32::from(sign((seed * 4096 + n) * 16 + bit)) << bit);
        bits.sum::<u32>() as f32 / 32_768.0 - 1.0
    }

    fn item(n: usize, at: i64, names: &[&str], vector: Option<Vec<f32>>) -> Item {
        let from = Timestamp::from_second(at).unwrap();
        let span = Interval {
            min: from,
            max: from + jiff::SignedDuration::from_secs(1),
        };
        let names = names.iter().map(|key| Name {
            key: (*key).to_owned(),
            written: String::new(),
            common: false,
        });
        let clues = Clues {
            names: names.collect(),
            title: vector.as_ref().map(|vector| Vector::of(vector)),
            text: vector.as_ref().map(|vector| Vector::of(vector)),
            ..Clues::default()
        };
        Item::of(
            &format!("i:{:016x}", n * 7919 % 10_007),
            n as i64,
            span,
            Some("en"),
            &clues,
        )
    }

    /// Articles about one of twenty events, each by some.
    fn window() -> Vec<Item> {
        let vector = |n: usize| (0..512).map(|k| number(n % 20, k) * 1.5 + number(100 + n, k)).collect();
        (0..160)
            .map(|n| item(n, 1_000 * n as i64, &[], Some(vector(n))))
            .collect()
    }

    #[test]
    fn a_sketch_tells_the_cosine_nearly() {
        let items = window();
        for pair in items.windows(21) {
            for other in [1, 20] {
                let mut differ = [0];
                differences(&[sketch(&pair[0])], &[sketch(&pair[other])], &mut differ);
                let told = (std::f32::consts::PI * differ[0] as f32 / 1024.0).cos();
                let cosine = cosine(pair[0].text.as_ref().unwrap(), pair[other].text.as_ref().unwrap());
                assert!((told - cosine).abs() < 0.25, "{told} {cosine}");
            }
        }
    }

    #[test]
    fn sketches_leave_out_no_link() {
        let items = window();
        let found = links(&items, |_| true, params(), 2);
        let all = Window {
            items: &items,
            order: Vec::new(),
            longest: 0,
            fresh: Vec::new(),
            params: params(),
        };
        let pairs = (0..items.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let mut expected: Vec<Link> = pairs
            .filter_map(|(a, b)| all.measure(a, b))
            .filter(|link| link.above >= 0)
            .collect();
        expected.sort_unstable_by_key(|link| (items[link.one].key, items[link.other].key));
        let found: Vec<Link> = found.into_iter().filter(|link| link.above >= 0).collect();
        assert!(!expected.is_empty());
        assert_eq!(found, expected);
    }

    #[test]
    fn a_template_makes_no_million_links() {
        let count = 1_500;
        let names: Vec<String> = (0..20).map(|n| format!("quay{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let alike: Vec<Item> = (0..count).map(|n| item(n, n as i64, &names, None)).collect();
        let found = links(&alike, |_| true, params(), 1);
        assert!(
            found.len() >= count * MOST_LINKS / 2 && found.len() <= count * MOST_LINKS,
            "{}",
            found.len()
        );
        // In whatever order they came.
        let mut turned = alike.clone();
        turned.rotate_left(411);
        turned.reverse();
        let keys = |items: &[Item], found: &[Link]| -> Vec<(u64, u64)> {
            found
                .iter()
                .map(|link| (items[link.one].key, items[link.other].key))
                .collect()
        };
        let again = links(&turned, |_| true, params(), 1);
        assert_eq!(keys(&alike, &found), keys(&turned, &again));
    }
}
