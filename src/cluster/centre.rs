//! The mean vector of each language, taken off before texts are compared, and the directions in which all texts differ
//! most, damped: what is left is what they are about.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::Vector;

/// Written by bench/linking/means.py: by language, and `other` for those without one of their own.
const MEANS: &str = include_str!("means.toml");
/// Written by the same: sport or politics, report or comment, and what else says little of which event it is.
const DAMPED: &str = include_str!("damped.toml");

#[derive(Debug, Deserialize)]
struct Mean {
    scale: f32,
    /// Two hex digits a step.
    steps: String,
}

#[derive(Debug, Deserialize)]
struct Damped {
    #[serde(default)]
    direction: Vec<Kept>,
}

/// A direction of length one, and how much of a vector is kept in it.
#[derive(Debug, Deserialize)]
struct Kept {
    kept: f32,
    scale: f32,
    steps: String,
}

#[derive(Debug, Default)]
struct Space {
    means: BTreeMap<String, Vec<f32>>,
    /// How much is taken off in each direction.
    damped: Vec<(f32, Vec<f32>)>,
}

fn space() -> &'static Space {
    static SPACE: OnceLock<Space> = OnceLock::new();
    SPACE.get_or_init(|| {
        // The files are part of the program, and a test reads them.
        let means: BTreeMap<String, Mean> = toml::from_str(MEANS).unwrap_or_default();
        let damped: Vec<Kept> = toml::from_str(DAMPED).map_or_else(|_| Vec::new(), |read: Damped| read.direction);
        let values =
            |scale: f32, steps: &str| -> Vec<f32> { Vector::from_bytes(scale, &unhex(steps)).values().collect() };
        Space {
            means: means
                .into_iter()
                .map(|(lang, mean)| (lang, values(mean.scale, &mean.steps)))
                .collect(),
            damped: damped
                .into_iter()
                .map(|one| (1.0 - one.kept, values(one.scale, &one.steps)))
                .collect(),
        }
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// The vector without its language's mean, damped, of length one. `None` where nothing is left of it.
pub fn centred(vector: &Vector, lang: &str) -> Option<Vector> {
    let base = lang.split(['-', '_']).next().unwrap_or(lang);
    let space = space();
    let mean = space.means.get(base).or_else(|| space.means.get("other"));
    let mut values: Vec<f32> = vector.values().collect();
    // The means are those of vectors of length one, or of their means.
    if let Some(mean) = mean.filter(|mean| mean.len() == values.len()) {
        for (value, mean) in values.iter_mut().zip(mean) {
            *value -= mean;
        }
    }
    // The directions stand at right angles: one changes nothing of what there is in another.
    for (off, direction) in &space.damped {
        let much = off * dot(&values, direction);
        for (value, along) in values.iter_mut().zip(direction) {
            *value -= much * along;
        }
    }
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    if norm <= f32::EPSILON || !norm.is_finite() {
        return None;
    }
    values.iter_mut().for_each(|value| *value /= norm);
    Some(Vector::of(&values))
}

/// Eight sums side by side: a hundred thousand articles are damped in seconds.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

/// Cosine of two centred vectors.
#[inline(always)]
pub fn cosine(one: &Vector, other: &Vector) -> f32 {
    let dot: i32 = one
        .steps
        .iter()
        .zip(&other.steps)
        .map(|(a, b)| i32::from(*a) * i32::from(*b))
        .sum();
    // The scales first: the same to the last bit whichever of the two comes first.
    dot as f32 * (one.scale * other.scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read() {
        let space = space();
        assert!(space.means.contains_key("fr") && space.means.contains_key("other"));
        assert!(space.means.values().all(|mean| mean.len() == 512));
        assert_eq!(space.damped.len(), 64);
        for (n, (off, direction)) in space.damped.iter().enumerate() {
            assert!((0.0..1.0).contains(off));
            for (m, (_, other)) in space.damped.iter().enumerate() {
                let expected = if n == m { 1.0 } else { 0.0 };
                assert!((dot(direction, other) - expected).abs() < 0.05, "{n} {m}");
            }
        }
    }

    #[test]
    fn what_most_texts_have_counts_less() {
        let (off, direction) = &space().damped[0];
        let rare: Vec<f32> = (0..direction.len()).map(|n| if n == 7 { 1.0 } else { 0.0 }).collect();
        let mean = &space().means["fr"];
        let text: Vec<f32> = mean
            .iter()
            .zip(direction)
            .zip(&rare)
            .map(|((m, d), r)| m + d + r)
            .collect();
        let left: Vec<f32> = centred(&Vector::of(&text), "fr").unwrap().values().collect();
        let share = dot(&left, direction) / dot(&left, &rare);
        assert!(share < 1.0 - off / 2.0, "{share}");
        let nothing: Vec<f32> = vec![0.0; direction.len()];
        assert!(centred(&Vector::of(&nothing), "xx").is_some());
    }
}
