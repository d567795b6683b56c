//! Candidates and their scores: which pairs of a window may be of one story.
//!
//! With vectors, every pair is looked at, nearly all by their sketches alone (`scan`). Without, a pair must share a name
//! or a word of the titles. Both leave out only what no other clue could link.

use std::collections::HashMap;

use super::centre::cosine;
use super::item::{Item, apart};
use super::params::Params;
use super::scan::Scan;
use super::score::Shared;

/// Articles further apart than this are of two stories (design: ± 3 to 5 days).
pub const WINDOW_SECONDS: i64 = 4 * 86_400;
/// What a pair that is not linked still counts in the average of two groups, in thousandths; all that is further
/// below is the same. It is not kept.
pub const FLOOR: i32 = -3_000;
/// Links kept of an article, the strongest, unless they are among the strongest of the other one. A page made by a
/// template is like all of its kind, and five thousand of them would be twelve million links.
pub const MOST_LINKS: usize = 100;
/// Links found at which the weak ones are left out on the way.
const FULL: usize = 2_000_000;

/// A link of two articles with nearly the same words stands this high, and by the thousandths of their share higher: it
/// is no matter of likelihood.
pub const COPY: i32 = 1_000_000;

/// Two articles and how far their score is above what links them. `one` has the smaller key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub one: usize,
    pub other: usize,
    pub above: i32,
}

/// The links above [`FLOOR`] in which at least one article is `fresh`, in the order of the items' keys.
pub fn links(items: &[Item], fresh: impl Fn(&Item) -> bool + Sync, params: &Params, threads: usize) -> Vec<Link> {
    let window = Window {
        items,
        fresh: items.iter().map(fresh).collect(),
        params,
    };
    let mut found = window.by_names();
    found.extend(Scan::of(&window, threads).links(threads));
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

pub(super) struct Window<'a> {
    pub items: &'a [Item],
    pub fresh: Vec<bool>,
    pub params: &'a Params,
}

impl Window<'_> {
    fn measure(&self, a: usize, b: usize) -> Option<Link> {
        let (one, other) = (&self.items[a], &self.items[b]);
        if apart(one, other) > WINDOW_SECONDS {
            return None;
        }
        let cosine = |a: &Option<_>, b: &Option<_>| Some(cosine(a.as_ref()?, b.as_ref()?));
        let text = cosine(&one.text, &other.text);
        if text.is_some_and(|text| text < self.params.least_cosine) {
            return None;
        }
        self.weigh(a, b, (text, cosine(&one.title, &other.title)))
    }

    pub fn weigh(&self, a: usize, b: usize, cosines: (Option<f32>, Option<f32>)) -> Option<Link> {
        let first = self.items[a].key <= self.items[b].key;
        let (one, other) = if first { (a, b) } else { (b, a) };
        let shared = Shared::counting(&self.items[one], &self.items[other], cosines, self.params);
        let above = shared.above(self.params);
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

    pub fn thinned(&self, found: &mut Vec<Link>) {
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
}

/// What a pair without vectors must share something of. A word's hash is half as long as a name's, and cannot be one.
fn keys(item: &Item) -> impl Iterator<Item = u64> + '_ {
    let words = item.title_words.iter().map(|word| u64::from(*word));
    item.names.iter().copied().chain(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::fit::Fit;
    use crate::cluster::sketch::tests::number;
    use crate::model::{Clues, Interval, Name, Vector};
    use jiff::Timestamp;

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
            Fit::on_board().linking(),
        )
    }

    /// Articles about one of twenty events, each by some, a third of which name the same place.
    fn window() -> Vec<Item> {
        let vector = |n: usize| (0..512).map(|k| number(n % 20, k) * 1.5 + number(100 + n, k)).collect();
        let names = |n: usize| [format!("quay{}", n % 20), format!("mayor{n}")];
        let named = |n: usize| names(n).map(|name| if n.is_multiple_of(3) { name } else { String::new() });
        (0..300)
            .map(|n| {
                let names = named(n);
                let names: Vec<&str> = names
                    .iter()
                    .map(String::as_str)
                    .filter(|name| !name.is_empty())
                    .collect();
                item(n, 1_000 * n as i64, &names, Some(vector(n)))
            })
            .collect()
    }

    #[test]
    fn sketches_leave_out_no_link() {
        let items = window();
        let found = links(&items, |_| true, &Fit::on_board().params, 2);
        let all = Window {
            items: &items,
            fresh: Vec::new(),
            params: &Fit::on_board().params,
        };
        let pairs = (0..items.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let mut expected: Vec<Link> = pairs
            .filter_map(|(a, b)| all.measure(a, b))
            .filter(|link| link.above >= 0)
            .collect();
        expected.sort_unstable_by_key(|link| (items[link.one].key, items[link.other].key));
        let all_found = found.clone();
        let found: Vec<Link> = found.into_iter().filter(|link| link.above >= 0).collect();
        assert!(!expected.is_empty());
        assert_eq!(found, expected);
        // What is found of an article does not depend on which others are new, or on threads.
        for threads in [1, 3] {
            let some = links(&items, |item| item.row % 7 == 0, &Fit::on_board().params, threads);
            let new = |n: usize| items[n].row % 7 == 0;
            let expected = all_found
                .iter()
                .copied()
                .filter(|link| new(link.one) || new(link.other));
            assert_eq!(some, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_template_makes_no_million_links() {
        let count = 1_500;
        let names: Vec<String> = (0..20).map(|n| format!("quay{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let alike: Vec<Item> = (0..count).map(|n| item(n, n as i64, &names, None)).collect();
        let found = links(&alike, |_| true, &Fit::on_board().params, 1);
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
        let again = links(&turned, |_| true, &Fit::on_board().params, 1);
        assert_eq!(keys(&alike, &found), keys(&turned, &again));
    }

    /// Nothing was fitted to their vectors: the same links as without any.
    #[test]
    fn vectors_that_nothing_was_fitted_to_link_nothing() {
        let fit = Fit::without();
        assert!(fit.linking().is_none());
        let mut items = window();
        for item in &mut items {
            (item.title, item.text) = (None, None);
        }
        let bare = links(&items, |_| true, &Fit::on_board().params, 1);
        assert_eq!(links(&items, |_| true, &fit.params, 1), bare);
    }
}
