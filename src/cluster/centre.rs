//! The mean vector of each language, taken off before texts are compared, and the directions in which all texts differ
//! most, damped: what is left is what they are about.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Vector;

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

/// What vectors of one encoder are compared in. The empty one takes them as they are.
#[derive(Debug, Clone, Default)]
pub struct Space {
    /// By language, and `other` for those without one of their own.
    means: BTreeMap<String, Vec<f32>>,
    /// How much is taken off in each direction: sport or politics, report or comment, and what else says little of which
    /// event it is.
    damped: Vec<(f32, Vec<f32>)>,
}

impl Space {
    /// From `means.toml` and `damped.toml`, as bench/linking/means.py writes them.
    pub fn read(means: &str, damped: &str) -> Result<Space, String> {
        let mut space = Space::default();
        space.means(means)?;
        space.damped(damped)?;
        Ok(space)
    }

    pub fn means(&mut self, text: &str) -> Result<(), String> {
        let read: BTreeMap<String, Mean> = toml::from_str(text).map_err(told)?;
        let means = read
            .into_iter()
            .map(|(lang, mean)| Ok((lang, values(mean.scale, &mean.steps)?)));
        self.means = means.collect::<Result<_, String>>()?;
        Ok(())
    }

    pub fn damped(&mut self, text: &str) -> Result<(), String> {
        let read: Damped = toml::from_str(text).map_err(told)?;
        let damped = read
            .direction
            .into_iter()
            .map(|one| Ok((1.0 - one.kept, values(one.scale, &one.steps)?)));
        self.damped = damped.collect::<Result<_, String>>()?;
        Ok(())
    }

    /// How many numbers each mean and direction has.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        let means = self.means.values().map(Vec::len);
        means.chain(self.damped.iter().map(|(_, direction)| direction.len()))
    }

    /// The vector without its language's mean, damped, of length one. `None` where nothing is left of it.
    pub fn centred(&self, vector: &Vector, lang: &str) -> Option<Vector> {
        let base = lang.split(['-', '_']).next().unwrap_or(lang);
        let mean = self.means.get(base).or_else(|| self.means.get("other"));
        let mut values: Vec<f32> = vector.values().collect();
        // The means are those of vectors of length one, or of their means.
        if let Some(mean) = mean.filter(|mean| mean.len() == values.len()) {
            for (value, mean) in values.iter_mut().zip(mean) {
                *value -= mean;
            }
        }
        // The directions stand at right angles: one changes nothing of what there is in another.
        for (off, direction) in &self.damped {
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
}

fn told(error: toml::de::Error) -> String {
    format!("not as it must be\n{error}")
}

fn values(scale: f32, steps: &str) -> Result<Vec<f32>, String> {
    let hex = steps.len().is_multiple_of(2) && steps.bytes().all(|digit| digit.is_ascii_hexdigit());
    match hex && scale.is_finite() {
        true => Ok(Vector::from_bytes(scale, &unhex(steps)).values().collect()),
        false => Err("a vector is a finite `scale`, and `steps` of two hex digits each".to_owned()),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// Eight sums side by side: a hundred thousand articles are damped in seconds.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let ((ones, rest), (others, rest_of_other)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    for (a, b) in ones.iter().zip(others) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = rest.iter().zip(rest_of_other).map(|(a, b)| a * b);
    sums.iter().sum::<f32>() + rest.sum::<f32>()
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
    use crate::cluster::fit::Fit;

    #[test]
    fn the_files_are_read() {
        let space = &Fit::on_board().space;
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
        let space = &Fit::on_board().space;
        let (off, direction) = &space.damped[0];
        let rare: Vec<f32> = (0..direction.len()).map(|n| if n == 7 { 1.0 } else { 0.0 }).collect();
        let mean = &space.means["fr"];
        let text: Vec<f32> = mean
            .iter()
            .zip(direction)
            .zip(&rare)
            .map(|((m, d), r)| m + d + r)
            .collect();
        let left: Vec<f32> = space.centred(&Vector::of(&text), "fr").unwrap().values().collect();
        let share = dot(&left, direction) / dot(&left, &rare);
        assert!(share < 1.0 - off / 2.0, "{share}");
        let nothing: Vec<f32> = vec![0.0; direction.len()];
        assert!(space.centred(&Vector::of(&nothing), "xx").is_some());
    }

    /// Vectors of another encoder may have any number of numbers, and nothing taken off.
    #[test]
    fn the_empty_space_changes_only_the_length() {
        let values: Vec<f32> = (0..13).map(|n| n as f32 - 4.0).collect();
        let kept = Space::default().centred(&Vector::of(&values), "fr").unwrap();
        assert!((cosine(&kept, &kept) - 1.0).abs() < 0.01);
        assert_eq!(
            dot(&values, &values),
            values.iter().map(|value| value * value).sum::<f32>()
        );
    }
}
