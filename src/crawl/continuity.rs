//! Whether a look proves that nothing scrolled past since the last good one.
//!
//! A listing pushes out at the bottom what came in at the top. So what came in last before, and still stands below what
//! is new now, proves that nothing between the two was pushed out. An item that somebody pinned proves nothing: it
//! stands at the top however much comes and goes, or at the bottom however old it is.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::model::{Interval, ListingKind};
use crate::store::{Announced, Stood};

/// Does what stood there before, and still does, prove it?
pub(super) fn overlaps(kind: ListingKind, stood: &[Stood], links: &[Announced]) -> bool {
    let mut place: HashMap<&str, usize> = HashMap::with_capacity(links.len());
    for (n, link) in links.iter().enumerate() {
        place.entry(link.url_key.as_str()).or_insert(n);
    }
    let kept = stood
        .iter()
        .filter(|one| place.contains_key(one.url_key.as_str()))
        .count();
    if kept == 0 {
        return false;
    }
    let before: HashSet<&str> = stood.iter().map(|one| one.url_key.as_str()).collect();
    let Some(first_new) = links.iter().position(|link| !before.contains(link.url_key.as_str())) else {
        return true;
    };
    // No listing that turned over wholly keeps most of what it had.
    if kept * 2 > stood.len() {
        return true;
    }
    let Some(last) = stood.iter().map(|one| one.first_look).max() else {
        return false;
    };
    let mut latest: Vec<&Stood> = stood.iter().filter(|one| one.first_look == last).collect();
    latest.sort_by_key(|one| one.position);
    // A sitemap grows at either end, and is cut by age and not by number.
    let in_order = !matches!(kind, ListingKind::Sitemap | ListingKind::Archive);
    if in_order {
        latest.truncate(latest.len().div_ceil(2));
    }
    latest
        .iter()
        .filter_map(|one| place.get(one.url_key.as_str()))
        .any(|at| !in_order || *at > first_new)
}

/// Does the listing, in order of date, reach back past the last good look? What stood there before proved nothing by
/// standing there, and proves nothing by its age.
pub(super) fn reaches_back(stood: &[Stood], links: &[Announced], previous: Timestamp) -> bool {
    let before: HashSet<&str> = stood.iter().map(|one| one.url_key.as_str()).collect();
    let come = links.iter().filter(|link| !before.contains(link.url_key.as_str()));
    let dates: Option<Vec<Interval>> = come
        .map(|link| link.link.published.as_ref().map(|claim| claim.interval))
        .collect();
    let Some(dates) = dates else { return false };
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return false;
    };
    let falling = dates.windows(2).all(|pair| !pair[0].is_before(pair[1]));
    let rising = dates.windows(2).all(|pair| !pair[1].is_before(pair[0]));
    // A day without an hour is over when it is over.
    falling && last.max <= previous || rising && first.max <= previous
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DateClaim, DateEvidence, Link, Precision};

    /// `stood` as `key@look`, top first; a look's own items in the order in which it listed them.
    fn standing(items: &[&str]) -> Vec<Stood> {
        let item = |(n, item): (usize, &&str)| {
            let (key, look) = item.split_once('@').unwrap();
            Stood {
                url_key: key.to_owned(),
                first_look: look.parse().unwrap(),
                position: n as u32 + 1,
            }
        };
        items.iter().enumerate().map(item).collect()
    }

    /// `key`, or `key=from..to` in hours.
    fn listed(items: &[&str]) -> Vec<Announced> {
        let hour = |text: &str| Timestamp::from_second(text.parse::<i64>().unwrap() * 3600).unwrap();
        let item = |item: &&str| {
            let (key, date) = item.split_once('=').unwrap_or((item, ""));
            let published = date.split_once("..").map(|(min, max)| DateClaim {
                interval: Interval {
                    min: hour(min),
                    max: hour(max),
                },
                precision: Precision::Day,
                evidence: DateEvidence::Feed,
                zone: "UTC".to_owned(),
                zone_assumed: false,
                raw: String::new(),
            });
            Announced {
                link: Link {
                    published,
                    ..Link::default()
                },
                url_key: key.to_owned(),
            }
        };
        items.iter().map(item).collect()
    }

    #[test]
    fn what_came_last_and_still_stands_below_the_new_proves_it() {
        for (what, before, now, proven) in [
            ("a slow blog", &["c@9", "b@1", "a@1"][..], &["d", "c", "b"][..], true),
            ("nothing new", &["c@9", "b@1"], &["c"], true),
            (
                "the last of many",
                &["d@9", "c@9", "b@9", "a@9"],
                &["g", "f", "e", "d"],
                true,
            ),
            ("a pair", &["b@2", "a@1"], &["c", "b"], true),
            ("nothing in common", &["b@2", "a@1"], &["d", "c"], false),
            ("pinned at the top", &["pin@1", "c@9", "b@9"], &["pin", "e", "d"], false),
            (
                "pinned from the first look on",
                &["pin@1", "b@1", "a@1"],
                &["pin", "d", "c"],
                false,
            ),
            (
                "evergreen at the end",
                &["c@9", "b@9", "old@1"],
                &["e", "d", "old"],
                false,
            ),
            (
                "evergreen from the first look on",
                &["b@1", "a@1", "old@1"],
                &["d", "c", "old"],
                false,
            ),
            ("pinned beside one other", &["pin@1", "a@9"], &["pin", "b"], false),
        ] {
            assert_eq!(
                overlaps(ListingKind::Feed, &standing(before), &listed(now)),
                proven,
                "{what}"
            );
        }
        let (before, now) = (standing(&["a@1", "b@1", "c@1", "d@9"]), listed(&["d", "e", "f", "g"]));
        assert!(
            overlaps(ListingKind::Sitemap, &before, &now),
            "a sitemap grows at its end"
        );
    }

    #[test]
    fn dates_prove_it_where_they_are_over_and_in_order() {
        let look = Timestamp::from_second(30 * 3600).unwrap();
        let none = standing(&[]);
        for (what, before, now, proven) in [
            ("by the hour", &none, &["c=32..33", "b=31..32", "a=29..30"][..], true),
            ("rising", &none, &["a=29..30", "b=31..32"], true),
            ("a day that goes on", &none, &["b=24..48", "a=24..48"], false),
            ("a day that is over", &none, &["b=24..48", "a=0..24"], true),
            ("an old one on top", &none, &["a=0..24", "c=32..33", "b=31..32"], false),
            ("one without a date", &none, &["c=32..33", "b"], false),
            ("all later", &none, &["c=32..33", "b=31..32"], false),
            ("evergreen", &standing(&["old@1"]), &["c=32..33", "old=0..1"], false),
        ] {
            assert_eq!(reaches_back(before, &listed(now), look), proven, "{what}");
        }
    }
}
