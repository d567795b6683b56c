//! Names for groups that last: a group keeps the id of the old one that most of it was in.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::model::suggestion::SuggestionId;

/// An article of a new group: its key, when it was first seen, and the story it was in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    pub first_seen: i64,
    pub key: u64,
    pub was_in: Option<SuggestionId>,
}

/// The id of a story that begins with this article.
pub fn founded_by(key: u64) -> SuggestionId {
    format!("s:{:010x}", xxh3_64(&key.to_le_bytes()) >> 24)
}

/// An id for each group, all different. A group that was none is named after the article that was seen first.
/// `used`: ids of stories that are not grouped anew.
pub fn name(groups: &[Vec<Placed>], used: impl Fn(&str) -> bool) -> Vec<SuggestionId> {
    // How many articles of an old story are in a group, the most first.
    let mut claims: Vec<(std::cmp::Reverse<usize>, &str, u64, usize)> = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for placed in group {
            if let Some(id) = &placed.was_in {
                *counts.entry(id).or_default() += 1;
            }
        }
        let least = group.iter().map(|placed| placed.key).min().unwrap_or_default();
        claims.extend(
            counts
                .into_iter()
                .map(|(id, count)| (std::cmp::Reverse(count), id, least, n)),
        );
    }
    claims.sort_unstable();
    let mut names: Vec<Option<SuggestionId>> = vec![None; groups.len()];
    let mut taken: BTreeSet<SuggestionId> = BTreeSet::new();
    for (_, id, _, n) in claims {
        if names[n].is_none() && !taken.contains(id) {
            taken.insert(id.to_owned());
            names[n] = Some(id.to_owned());
        }
    }
    let named = names.into_iter().zip(groups).map(|(name, group)| {
        name.unwrap_or_else(|| {
            let mut members: Vec<&Placed> = group.iter().collect();
            members.sort();
            // The founder's own id may have stayed with another part of its old story.
            let own = members.iter().map(|placed| placed.key);
            // One article may have founded several stories in turn.
            let again = (1..).map(|n: u64| members.first().map_or(n, |placed| placed.key.rotate_left(7) ^ n));
            let mut ids = own.chain(again).map(founded_by);
            let id = ids.find(|id| !taken.contains(id) && !used(id)).unwrap_or_default();
            taken.insert(id.clone());
            id
        })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(groups: &[Vec<Placed>]) -> Vec<SuggestionId> {
        super::name(groups, |_| false)
    }

    fn placed(key: u64, was_in: Option<&str>) -> Placed {
        Placed {
            first_seen: key as i64,
            key,
            was_in: was_in.map(str::to_owned),
        }
    }

    #[test]
    fn a_story_keeps_its_name_with_most_of_it() {
        let new = name(&[vec![placed(1, None), placed(2, None)]]);
        assert_eq!(new, [founded_by(1)]);
        let id = new[0].as_str();
        // It grows by an earlier one; it loses its founder; two stories become one.
        assert_eq!(
            name(&[vec![placed(0, None), placed(1, Some(id)), placed(2, Some(id))]]),
            [id]
        );
        let split = name(&[
            vec![placed(1, Some(id))],
            vec![placed(2, Some(id)), placed(3, Some(id))],
        ]);
        assert_eq!(split[1], id);
        assert_ne!(split[0], id);
        let merged = name(&[vec![
            placed(1, Some("s:a")),
            placed(2, Some("s:b")),
            placed(3, Some("s:b")),
        ]]);
        assert_eq!(merged, ["s:b"]);
    }

    #[test]
    fn no_two_groups_have_one_name() {
        let id = founded_by(1);
        let names = name(&[
            vec![placed(1, Some(&id))],
            vec![placed(2, Some(&id))],
            vec![placed(3, Some(&id))],
        ]);
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), 3);
    }
}
