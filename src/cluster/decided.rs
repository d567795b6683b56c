//! What the reader decided, as pairs that a grouping heeds.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::decision::{Decision, Decisions};

/// Pairs of positions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bonds {
    pub together: Vec<(usize, usize)>,
    pub apart: Vec<(usize, usize)>,
}

/// The decisions as far as they are about these articles. The later of two that contradict each other stands.
pub fn bonds(decisions: &Decisions, place: &BTreeMap<&str, usize>) -> Bonds {
    let mut bonds = Bonds::default();
    let mut groups = Groups::default();
    let at = |id: &str| place.get(id).copied();
    for decision in decisions.made.iter().rev() {
        match decision {
            Decision::Together(_) | Decision::Into(..) => {
                let known: Vec<usize> = decision.articles().filter_map(at).collect();
                for (n, a) in known.iter().enumerate() {
                    // The first that nothing newer keeps away from it.
                    if let Some(b) = known[..n].iter().find(|b| groups.unite(**b, *a)) {
                        bonds.together.push((*b, *a));
                    }
                }
            }
            Decision::Apart(one, other) => {
                for a in one.iter().map(String::as_str).filter_map(at) {
                    for b in other.iter().map(String::as_str).filter_map(at) {
                        if a != b && groups.part(a, b) {
                            bonds.apart.push((a, b));
                        }
                    }
                }
            }
        }
    }
    bonds
}

#[derive(Default)]
struct Groups {
    of: BTreeMap<usize, usize>,
    apart: BTreeSet<(usize, usize)>,
}

impl Groups {
    fn find(&self, mut n: usize) -> usize {
        while let Some(next) = self.of.get(&n).filter(|next| **next != n) {
            n = *next;
        }
        n
    }

    fn unite(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let kept_apart = |(one, other): &(usize, usize)| {
            let (one, other) = (self.find(*one), self.find(*other));
            (one, other) == (a, b) || (one, other) == (b, a)
        };
        if a == b || self.apart.iter().any(kept_apart) {
            return a == b;
        }
        self.of.insert(b, a);
        true
    }

    fn part(&mut self, a: usize, b: usize) -> bool {
        let different = self.find(a) != self.find(b);
        if different {
            self.apart.insert((a, b));
        }
        different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_later_decision_wins() {
        let place: BTreeMap<&str, usize> = [("a", 0), ("b", 1), ("c", 2)].into();
        let together = Decision::Together(ids("a b"));
        let apart = Decision::Apart(ids("b"), ids("a c"));
        let made = |made: &[&Decision]| {
            let decisions = Decisions {
                made: made.iter().map(|decision| (*decision).clone()).collect(),
            };
            bonds(&decisions, &place)
        };
        let first_together = made(&[&together, &apart]);
        assert_eq!(
            (first_together.together, first_together.apart),
            (vec![], vec![(1, 0), (1, 2)])
        );
        let first_apart = made(&[&apart, &together]);
        assert_eq!((first_apart.together, first_apart.apart), (vec![(0, 1)], vec![(1, 2)]));
    }

    #[test]
    fn an_article_that_is_not_here_is_passed_over() {
        let place: BTreeMap<&str, usize> = [("a", 0), ("c", 1)].into();
        let decisions = Decisions {
            made: vec![Decision::Together(ids("a b c"))],
        };
        assert_eq!(bonds(&decisions, &place).together, [(0, 1)]);
    }
}
