//! Average link: the two nearest groups become one as long as their articles are linked on average.
//!
//! Only within what is connected by links at all, so that a new article changes its own neighbourhood and nothing
//! else. Sums are of whole numbers and ties are broken by key: the order of the input changes nothing.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::link::FLOOR;

/// What is to be grouped.
#[derive(Debug, Default)]
pub struct Graph<'a> {
    /// Keys of the articles; positions are what the links refer to.
    pub keys: &'a [u64],
    /// Pairs with what their score is above that of a link, each pair once.
    pub links: &'a [(usize, usize, i32)],
    /// The user said that these belong together.
    pub together: &'a [(usize, usize)],
    /// The user said that these do not.
    pub apart: &'a [(usize, usize)],
}

/// Groups of positions, each in the order of keys, the groups in the order of their first key.
pub fn groups(graph: &Graph<'_>) -> Vec<Vec<usize>> {
    let mut by_key: Vec<usize> = (0..graph.keys.len()).collect();
    by_key.sort_unstable_by_key(|n| graph.keys[*n]);
    let mut rank = vec![0; by_key.len()];
    for (place, n) in by_key.iter().enumerate() {
        rank[*n] = place;
    }
    let mut state = State::new(graph, &rank);
    for (a, b) in graph.together {
        state.tie(rank[*a], rank[*b]);
    }
    state.run();
    let mut groups: Vec<Vec<usize>> = state
        .members
        .into_iter()
        .filter(|members| !members.is_empty())
        .collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    for n in groups.iter_mut().flatten() {
        *n = by_key[*n];
    }
    groups
}

/// A possible union: the nearest first, of equal ones that of the smallest places.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Union {
    average: i64,
    places: std::cmp::Reverse<(usize, usize)>,
    sizes: (usize, usize),
}

struct State {
    members: Vec<Vec<usize>>,
    /// By group, the sum of its links with another above the floor.
    sums: Vec<BTreeMap<usize, i64>>,
    apart: Vec<BTreeSet<usize>>,
    heap: BinaryHeap<Union>,
    /// The group that each group went into.
    into: Vec<usize>,
}

impl State {
    fn new(graph: &Graph<'_>, rank: &[usize]) -> State {
        let count = graph.keys.len();
        let mut state = State {
            members: (0..count).map(|n| vec![n]).collect(),
            sums: vec![BTreeMap::new(); count],
            apart: vec![BTreeSet::new(); count],
            heap: BinaryHeap::new(),
            into: (0..count).collect(),
        };
        for (a, b, above) in graph.links {
            let (a, b) = (rank[*a], rank[*b]);
            let sum = i64::from((*above).max(FLOOR) - FLOOR);
            if a != b && sum > 0 {
                state.sums[a].insert(b, sum);
                state.sums[b].insert(a, sum);
            }
        }
        for (a, b) in graph.apart {
            state.apart[rank[*a]].insert(rank[*b]);
            state.apart[rank[*b]].insert(rank[*a]);
        }
        state
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b && !self.apart[a].contains(&b) {
            self.unite(a.min(b), a.max(b));
        }
    }

    fn find(&self, mut n: usize) -> usize {
        while self.into[n] != n {
            n = self.into[n];
        }
        n
    }

    fn run(&mut self) {
        for a in 0..self.members.len() {
            for b in self.sums[a].keys().copied().filter(|b| a < *b).collect::<Vec<_>>() {
                self.offer(a, b);
            }
        }
        while let Some(union) = self.heap.pop() {
            let (a, b) = union.places.0;
            let fresh = self.into[a] == a && self.into[b] == b;
            if fresh && union.sizes == (self.members[a].len(), self.members[b].len()) {
                self.unite(a, b);
                for other in self.sums[a].keys().copied().collect::<Vec<_>>() {
                    self.offer(a.min(other), a.max(other));
                }
            }
        }
    }

    fn offer(&mut self, a: usize, b: usize) {
        let sizes = (self.members[a].len(), self.members[b].len());
        let sum = self.sums[a].get(&b).copied().unwrap_or_default();
        let pairs = (sizes.0 * sizes.1) as i64;
        // In 1024ths, so that rounding does not make ties.
        let average = sum * 1024 / pairs + i64::from(FLOOR) * 1024;
        if average >= 0 && !self.apart[a].contains(&b) {
            self.heap.push(Union {
                average,
                places: std::cmp::Reverse((a, b)),
                sizes,
            });
        }
    }

    /// `b` goes into `a`, which is the smaller.
    fn unite(&mut self, a: usize, b: usize) {
        self.into[b] = a;
        let members = std::mem::take(&mut self.members[b]);
        self.members[a].extend(members);
        for (other, sum) in std::mem::take(&mut self.sums[b]) {
            self.sums[other].remove(&b);
            if other != a {
                *self.sums[a].entry(other).or_default() += sum;
                *self.sums[other].entry(a).or_default() += sum;
            }
        }
        self.sums[a].remove(&a);
        for other in std::mem::take(&mut self.apart[b]) {
            self.apart[other].remove(&b);
            if other != a {
                self.apart[other].insert(a);
                self.apart[a].insert(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(groups: Vec<Vec<usize>>, keys: &[u64]) -> Vec<Vec<u64>> {
        groups
            .into_iter()
            .map(|group| group.into_iter().map(|n| keys[n]).collect())
            .collect()
    }

    #[test]
    fn a_chain_of_links_is_no_story() {
        // 1–2 and 3–4 are sure; 2–3 alone is not enough to join them, and would be if all four pairs were linked.
        let ids = [10, 20, 30, 40];
        let mut links = vec![(0, 1, 5000), (2, 3, 5000), (1, 2, 2000)];
        let grouped = |links: &[(usize, usize, i32)]| {
            let graph = Graph {
                keys: &ids,
                links,
                ..Graph::default()
            };
            keys(groups(&graph), &ids)
        };
        assert_eq!(grouped(&links), [[10, 20], [30, 40]]);
        links.extend([(0, 2, 1000), (0, 3, 1000), (1, 3, 1000)]);
        assert_eq!(grouped(&links), [[10, 20, 30, 40]]);
    }

    #[test]
    fn what_the_user_said_stands() {
        let ids = [10, 20, 30];
        let links = [(0, 1, 5000)];
        let graph = Graph {
            keys: &ids,
            links: &links,
            together: &[(1, 2)],
            apart: &[(0, 1)],
        };
        assert_eq!(keys(groups(&graph), &ids), [vec![10], vec![20, 30]]);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_changes_nothing(
            weights in proptest::collection::vec(-4000..6000_i32, 28),
            order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
            turn in 0..28_usize,
        ) {
            let pairs: Vec<(usize, usize)> = (0..8).flat_map(|a| (a + 1..8).map(move |b| (a, b))).collect();
            let ids: Vec<u64> = (0..8).map(|n| n * 7919 % 101).collect();
            let links: Vec<_> = pairs.iter().zip(&weights).map(|((a, b), w)| (*a, *b, *w)).collect();
            let plain = groups(&Graph { keys: &ids, links: &links, ..Graph::default() });
            // The same articles in another order, with their links in another order and direction.
            let mut place = [0; 8];
            for (new, old) in order.iter().enumerate() { place[*old] = new; }
            let other_ids: Vec<u64> = order.iter().map(|old| ids[*old]).collect();
            let mut other_links: Vec<_> = links.iter().map(|(a, b, w)| (place[*b], place[*a], *w)).collect();
            other_links.rotate_left(turn);
            let other = groups(&Graph { keys: &other_ids, links: &other_links, ..Graph::default() });
            prop_assert_eq!(keys(plain, &ids), keys(other, &other_ids));
        }
    }
}
