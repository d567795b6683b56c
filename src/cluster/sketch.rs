//! The sketch of an article: on which side of 1,024 planes its vectors lie, text and title together, as a score weighs
//! them. The bits in which two differ tell nearly what both cosines come to.

use std::f32::consts::PI;

use super::item::Item;
use super::params::Weights;
use crate::model::Vector;

/// Planes, a bit each.
pub const PLANES: usize = 1024;
const WORDS: usize = PLANES / 64;
/// Words that are compared first, where they can leave out most.
const FIRST: usize = 4;
/// Half of the axes are the text's, half the title's; of longer vectors there are more axes, and as many planes.
const HALF: usize = PLANES / 2;
/// By how many standard errors a sketch may tell of less than there is: all planes, and the first of them.
const SLACK: f32 = 2.0;
const SLACK_FIRST: f32 = 3.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u64; WORDS]);

impl Sketch {
    /// Bits that differ.
    #[inline(always)]
    pub fn differing(&self, other: &Sketch) -> u32 {
        bits(&self.0, &other.0)
    }

    /// The same of the first planes.
    #[inline(always)]
    pub fn first_differing(&self, other: &Sketch) -> u32 {
        bits(&self.0[..FIRST], &other.0[..FIRST])
    }
}

#[inline(always)]
fn bits(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(x, y)| (x ^ y).count_ones()).sum()
}

/// The vectors turned about at random: on which side of each axis they come to lie.
pub fn sketch(item: &Item, weights: &Weights) -> Sketch {
    let longest = [&item.text, &item.title].map(|vector| vector.as_ref().map_or(0, |vector| vector.steps.len()));
    let half = longest[0].max(longest[1]).next_power_of_two().max(HALF);
    let mut values = vec![0.0; 2 * half];
    let (texts, titles) = values.split_at_mut(half);
    lay(texts, item.text.as_ref(), weights.text);
    lay(titles, item.title.as_ref(), weights.title);
    // Two rounds: after one, a vector that lies along an axis is still no random one.
    for round in 0..2 {
        for (n, value) in values.iter_mut().enumerate() {
            if sign(round * 2 * half + n) {
                *value = -*value;
            }
        }
        hadamard(&mut values);
    }
    let mut sketch = [0; WORDS];
    for (word, values) in sketch.iter_mut().zip(values.as_chunks::<64>().0) {
        for (bit, value) in values.iter().enumerate() {
            *word |= u64::from(*value > 0.0) << bit;
        }
    }
    Sketch(sketch)
}

/// So long that the product of two is the cosine's weight times the cosine.
fn lay(axes: &mut [f32], vector: Option<&Vector>, weight: f32) {
    let length = weight.max(0.0).sqrt();
    for (axis, value) in axes.iter_mut().zip(vector.iter().flat_map(|vector| vector.values())) {
        *axis = value * length;
    }
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

/// The cosine that so many differing bits can mean at most, slack allowed for; it falls as they rise.
#[derive(Debug)]
pub struct Meaning {
    all: Vec<f32>,
    first: Vec<f32>,
}

impl Meaning {
    pub fn new() -> Meaning {
        Meaning {
            all: table(PLANES, SLACK),
            first: table(FIRST * 64, SLACK_FIRST),
        }
    }

    /// Two vectors that differ in so many bits may come to this.
    pub fn allows(&self, least: f32, one: &Sketch, other: &Sketch) -> bool {
        self.all[one.differing(other) as usize] >= least && self.first[one.first_differing(other) as usize] >= least
    }

    /// The most differing bits at which vectors may still come to this, of all planes and of the first ones.
    pub fn most(&self, least: f32) -> Option<(u32, u32)> {
        let most = |table: &[f32]| Some(table.partition_point(|cosine| *cosine >= least).checked_sub(1)? as u32);
        Some((most(&self.all)?, most(&self.first)?))
    }
}

fn table(planes: usize, slack: f32) -> Vec<f32> {
    let all = planes as f32;
    let cosine = |differing: usize| {
        let differing = differing as f32;
        let error = (differing * (all - differing) / all).sqrt();
        (PI * (differing - slack * error).max(0.0) / all).cos()
    };
    (0..=planes).map(cosine).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A number from −1 to 1 for each n and seed.
    pub fn number(seed: usize, n: usize) -> f32 {
        let bits = (0..16).map(|bit| u32::from(sign((seed * 4096 + n) * 16 + bit)) << bit);
        bits.sum::<u32>() as f32 / 32_768.0 - 1.0
    }

    fn item(text: usize, title: Option<usize>, dim: usize) -> Item {
        let vector = |seed: usize| {
            let values: Vec<f32> = (0..dim).map(|n| number(7, n) * 0.8 + number(seed, n)).collect();
            let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
            Vector::of(&values.iter().map(|value| value / length).collect::<Vec<_>>())
        };
        Item {
            key: 0,
            row: 0,
            from: 0,
            to: 0,
            lang: String::new(),
            title: title.map(vector),
            text: Some(vector(text)),
            names: Vec::new(),
            common: Vec::new(),
            numbers: Vec::new(),
            words: Vec::new(),
            title_words: Vec::new(),
        }
    }

    fn dot(one: Option<&Vector>, other: Option<&Vector>) -> f32 {
        let values = one.iter().flat_map(|one| one.values());
        let others = other.iter().flat_map(|other| other.values());
        values.zip(others).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn a_sketch_tells_what_the_cosines_come_to() {
        let weights = Weights {
            text: 3.0,
            title: 2.0,
            ..Weights::default()
        };
        let meaning = Meaning::new();
        // As many numbers as there are axes, or more, or fewer.
        let of_size = |dim| (20..50).map(move |n| item(n, (n % 3 > 0).then_some(n / 2), dim));
        let sizes: Vec<Vec<Item>> = [HALF, 768, 30].map(|dim| of_size(dim).collect()).into();
        for pair in sizes.iter().flat_map(|items| items.windows(2)) {
            let lengths = pair.iter().map(|item| if item.title.is_some() { 5.0_f32 } else { 3.0 });
            let length: f32 = lengths.map(f32::sqrt).product();
            let text = dot(pair[0].text.as_ref(), pair[1].text.as_ref());
            let title = dot(pair[0].title.as_ref(), pair[1].title.as_ref());
            let cosine = (3.0 * text + 2.0 * title) / length;
            let (one, other) = (sketch(&pair[0], &weights), sketch(&pair[1], &weights));
            assert!(meaning.allows(cosine - 0.06, &one, &other), "{cosine}");
            // Slack is some two hundredths of a circle, and the sketch's own error comes to it.
            assert!(!meaning.allows(cosine + 0.3, &one, &other), "{cosine}");
            let (all, first) = meaning.most(cosine).unwrap();
            assert!(meaning.all[all as usize] >= cosine && meaning.all[all as usize + 1] < cosine);
            assert!(meaning.first[first as usize] >= cosine && meaning.first[first as usize + 1] < cosine);
        }
        assert_eq!(meaning.most(1.1), None);
        assert_eq!(meaning.most(-2.0), Some((PLANES as u32, FIRST as u32 * 64)));
    }
}
