//! The mean vector of each language, taken off before texts are compared: what is left is what they are about.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::Vector;

/// Written by bench/linking/means.py: by language, and `other` for those without one of their own.
const FILE: &str = include_str!("means.toml");

#[derive(Debug, Deserialize)]
struct Mean {
    scale: f32,
    /// Two hex digits a step.
    steps: String,
}

fn means() -> &'static BTreeMap<String, Vec<f32>> {
    static MEANS: OnceLock<BTreeMap<String, Vec<f32>>> = OnceLock::new();
    MEANS.get_or_init(|| {
        // The file is part of the program, and a test reads it.
        let read: BTreeMap<String, Mean> = toml::from_str(FILE).unwrap_or_default();
        let values = |mean: Mean| Vector::from_bytes(mean.scale, &unhex(&mean.steps)).values().collect();
        read.into_iter().map(|(lang, mean)| (lang, values(mean))).collect()
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

/// The vector without its language's mean, of length one. `None` where nothing is left of it.
pub fn centred(vector: &Vector, lang: &str) -> Option<Vector> {
    let base = lang.split(['-', '_']).next().unwrap_or(lang);
    let mean = means().get(base).or_else(|| means().get("other"));
    let mut values: Vec<f32> = vector.values().collect();
    // The means are those of vectors of length one, or of their means.
    if let Some(mean) = mean.filter(|mean| mean.len() == values.len()) {
        for (value, mean) in values.iter_mut().zip(mean) {
            *value -= mean;
        }
    }
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    if norm <= f32::EPSILON || !norm.is_finite() {
        return None;
    }
    values.iter_mut().for_each(|value| *value /= norm);
    Some(Vector::of(&values))
}

/// Cosine of two centred vectors.
pub fn cosine(one: &Vector, other: &Vector) -> f32 {
    let dot: i32 = one
        .steps
        .iter()
        .zip(&other.steps)
        .map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b)))
        .sum();
    dot as f32 * one.scale * other.scale
}
