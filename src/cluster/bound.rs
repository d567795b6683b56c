//! What the vectors of two articles must come to at least for a score above the floor, everything else taken as it is,
//! or at its best.

use super::item::{Item, apart};
use super::link::FLOOR;
use super::params::Weights;
use super::score::{MOST_DAYS, SCALE, share};

/// More than rounding can make of a score.
const ROUNDING: f32 = 0.01;

/// What is alike in all articles of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind<'a> {
    pub lang: &'a str,
    pub titled: bool,
}

impl Kind<'_> {
    pub fn of(item: &Item) -> Kind<'_> {
        Kind {
            lang: &item.lang,
            titled: item.title.is_some(),
        }
    }

    /// The length of a vector of such articles: the product of two of them is what cosines weigh.
    fn length(self, w: &Weights) -> f32 {
        (w.text.max(0.0) + if self.titled { w.title.max(0.0) } else { 0.0 }).sqrt()
    }
}

/// What a block, or a single article, has at most.
#[derive(Debug, Clone, Copy)]
pub struct Reach<'a> {
    pub kind: Kind<'a>,
    pub from: i64,
    pub to: i64,
    pub numbers: usize,
}

impl Reach<'_> {
    pub fn of(item: &Item) -> Reach<'_> {
        Reach {
            kind: Kind::of(item),
            from: item.from,
            to: item.to,
            numbers: item.numbers.len(),
        }
    }

    /// Of these and one more of their kind.
    pub fn with(self, item: &Item) -> Self {
        Reach {
            kind: self.kind,
            from: self.from.min(item.from),
            to: self.to.max(item.to),
            numbers: self.numbers.max(item.numbers.len()),
        }
    }
}

/// Seconds between the nearest two of both.
pub fn gap(one: &Reach<'_>, other: &Reach<'_>) -> i64 {
    (one.from - other.to).max(other.from - one.to).max(0)
}

/// Two blocks, or two articles.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'w> {
    w: &'w Weights,
    /// The best that is left for what follows from the kinds of both.
    kinds: f32,
    /// What the weighed cosines must come to, if no name is shared.
    least: f32,
    length: f32,
}

impl<'w> Bound<'w> {
    pub fn of(one: &Reach<'_>, other: &Reach<'_>, w: &'w Weights) -> Bound<'w> {
        let flag = |on: bool, weight: f32| if on { weight } else { 0.0 };
        let titles = one.kind.titled && other.kind.titled;
        let kinds = w.bias
            + flag(titles, w.titles + w.across.abs())
            + w.common.max(0.0)
            + w.words.max(0.0)
            + w.title_words.max(0.0)
            + flag((one.kind.lang == "zh") != (other.kind.lang == "zh"), w.chinese)
            + flag(one.kind.lang != other.kind.lang, w.other_language);
        let length = one.kind.length(w) * other.kind.length(w);
        let bound = Bound {
            w,
            kinds,
            least: 0.0,
            length,
        };
        bound.within(gap(one, other), one.numbers.min(other.numbers))
    }

    /// Of two articles in two blocks.
    #[inline(always)]
    pub fn pair(&self, one: &Item, other: &Item) -> Bound<'w> {
        self.within(apart(one, other), one.numbers.len().min(other.numbers.len()))
    }

    #[inline(always)]
    fn within(&self, seconds: i64, numbers: usize) -> Bound<'w> {
        let w = self.w;
        let days = match w.days < 0.0 {
            true => (seconds as f32 / 86_400.0).min(MOST_DAYS),
            false => MOST_DAYS,
        };
        let best = self.kinds + w.numbers.max(0.0) * (numbers as f32).ln_1p() + w.days * days;
        Bound {
            least: w.attach + FLOOR as f32 / SCALE - best - ROUNDING,
            ..*self
        }
    }

    /// What the weighed cosines must come to, so many names shared.
    #[inline(always)]
    pub fn least(&self, named: usize, one: &Item, other: &Item) -> f32 {
        if named == 0 {
            return self.least;
        }
        let names = self.w.names * share(named, one.names.len(), other.names.len());
        self.least - names - self.w.named * (named as f32).ln_1p()
    }

    /// The same as a cosine of all vectors laid out together; with no weight on any, they leave out nothing.
    #[inline(always)]
    pub fn as_cosine(&self, least: f32) -> f32 {
        if self.length > 0.0 { least / self.length } else { -1.0 }
    }

    /// As a cosine, if no name is shared.
    pub fn unnamed(&self) -> f32 {
        self.as_cosine(self.least)
    }
}
