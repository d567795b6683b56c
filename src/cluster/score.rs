//! How likely two articles are of one story: what they share, weighed.

use super::centre::cosine;
use super::item::{Item, apart, shared};
use super::params::{Params, Weights};

/// What two articles share. Every measure is the same whichever of the two comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shared {
    /// Both have vectors.
    pub vectors: bool,
    pub text: f32,
    pub title: f32,
    pub titles: bool,
    pub across: f32,
    pub names: f32,
    pub named: u32,
    pub common: f32,
    pub numbers: u32,
    pub words: f32,
    pub title_words: f32,
    pub titled: u32,
    /// One of the two is Chinese.
    pub chinese: bool,
    pub days: f32,
    pub other_language: bool,
}

/// A tie of no score is never linked; nor is one below this. In thousandths of log odds, whole numbers, so that a sum
/// does not depend on its order.
pub const SCALE: f32 = 1000.0;

/// What lies further apart is not less likely of one story: papers return to it.
pub const MOST_DAYS: f32 = 1.5;

/// One word that two titles of two words share says less than five that two titles of ten do.
const FEW: usize = 2;

impl Shared {
    pub fn of(one: &Item, other: &Item) -> Shared {
        let cosine = |a: &Option<_>, b: &Option<_>| Some(cosine(a.as_ref()?, b.as_ref()?));
        let cosines = (cosine(&one.text, &other.text), cosine(&one.title, &other.title));
        Shared::measured(one, other, cosines, |_| true)
    }

    /// Only what counts for the score: to compare two lists of words that weigh nothing takes longer than all the rest.
    pub fn counting(one: &Item, other: &Item, cosines: (Option<f32>, Option<f32>), params: &Params) -> Shared {
        let weights = params.weights(cosines.0.is_some());
        Shared::measured(one, other, cosines, |weight| weight(weights) != 0.0)
    }

    fn measured(
        one: &Item,
        other: &Item,
        (text, title): (Option<f32>, Option<f32>),
        counts: impl Fn(fn(&Weights) -> f32) -> bool,
    ) -> Shared {
        let both = |a: &Option<_>, b: &Option<_>| Some(cosine(a.as_ref()?, b.as_ref()?));
        let across = title.filter(|_| counts(|w| w.across)).and_then(|_| {
            let there = both(&one.title, &other.text)?;
            let back = both(&one.text, &other.title)?;
            Some((there + back) / 2.0)
        });
        let common = || share(shared(&one.common, &other.common), one.common.len(), other.common.len());
        let words = || {
            let (here, there) = (one.words.len() + FEW, other.words.len() + FEW);
            share(shared(&one.words, &other.words), here, there)
        };
        let named = shared(&one.names, &other.names);
        let titled = shared(&one.title_words, &other.title_words);
        Shared {
            vectors: text.is_some(),
            text: text.unwrap_or_default(),
            title: title.unwrap_or_default(),
            titles: title.is_some(),
            across: across.unwrap_or_default(),
            names: share(named, one.names.len(), other.names.len()),
            named: named as u32,
            common: if counts(|w| w.common) { common() } else { 0.0 },
            numbers: shared(&one.numbers, &other.numbers) as u32,
            words: if counts(|w| w.words) { words() } else { 0.0 },
            title_words: share(titled, one.title_words.len() + FEW, other.title_words.len() + FEW),
            titled: titled as u32,
            chinese: (one.lang == "zh") != (other.lang == "zh"),
            days: (apart(one, other) as f32 / 86_400.0).min(MOST_DAYS),
            other_language: one.lang != other.lang,
        }
    }

    /// In log odds.
    pub fn log_odds(&self, params: &Params) -> f32 {
        let w = params.weights(self.vectors);
        let flag = |on: bool| f32::from(u8::from(on));
        w.bias
            + w.text * self.text
            + w.title * self.title
            + w.titles * flag(self.titles)
            + w.across * self.across
            + w.names * self.names
            + w.named * (self.named as f32).ln_1p()
            + w.common * self.common
            + w.numbers * (self.numbers as f32).ln_1p()
            + w.words * self.words
            + w.title_words * self.title_words
            + w.chinese * flag(self.chinese)
            + w.days * self.days
            + w.other_language * flag(self.other_language)
    }

    /// In thousandths above `attach`: what is negative is no link. Where the score alone is not sure, something that a
    /// person can check must be shared: a name, or two words of the titles.
    pub fn above(&self, params: &Params) -> i32 {
        let w = params.weights(self.vectors);
        let odds = self.log_odds(params);
        let above = ((odds - w.attach) * SCALE) as i32;
        let checkable = self.named > 0 || self.titled > 1;
        if odds < w.sure && !checkable {
            above.min(-1)
        } else {
            above
        }
    }
}

/// The cosine of two sets of which so many are in both.
pub fn share(both: usize, one: usize, other: usize) -> f32 {
    if both == 0 {
        return 0.0;
    }
    both as f32 / ((one * other) as f32).sqrt()
}

/// Log odds above `attach`, in thousandths, as a likeness from 0 to 1 (0.5 = just linked).
pub fn likeness(above: i32) -> f32 {
    1.0 / (1.0 + (-(above as f32) / SCALE).exp())
}
