//! Link-up across languages: which articles tell of one event.
//!
//! Links follow from pairs alone, groups from links, so the same articles make the same stories in whatever order they
//! came. A new article is linked with those of its days, and only what it is connected with is grouped anew.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::cluster::decided::bonds;
use crate::cluster::group::{self, Graph};
use crate::cluster::ids::{self, Placed};
use crate::cluster::item::key;
use crate::cluster::link::{COPY, MOST_LINKS, WINDOW_SECONDS, rank};
use crate::cluster::score::{SCALE, likeness};
use crate::cluster::why::{self, Side};
use crate::cluster::{Fit, Item, links};
use crate::model::decision::{Decision, Decisions};
use crate::model::suggestion::Evidence;
use crate::store::{Batch, InStory, StoreError, StoryLink};

use super::lineage;

/// Articles linked at a time, so that an import of years needs no more memory than one of weeks.
const SLAB: usize = 100_000;
/// How long a claimed time may last and still be met by the window's scan: a month and a day.
const WIDEST: SignedDuration = SignedDuration::from_hours(32 * 24);

/// Links the touched articles, and groups anew what they are connected with.
pub fn settle(batch: &Batch<'_>, touched: &BTreeSet<i64>, decisions: &Decisions, fit: &Fit) -> Result<(), StoreError> {
    relink(batch, touched, fit)?;
    let now: BTreeSet<Decision> = decisions.made.iter().cloned().collect();
    let before = batch.replace_decisions(&now)?;
    let mut start = touched.clone();
    // A decision that stands was heeded when it was made; a new one, or one taken back, was not.
    for decision in now.symmetric_difference(&before) {
        for article in decision.articles() {
            start.extend(batch.article_by_id(article)?);
        }
    }
    let neighbourhood = Neighbourhood::around(batch, &start, decisions)?;
    neighbourhood.write(batch, decisions, fit)?;
    batch.forget_before()
}

/// Measures these articles against those of their days.
fn relink(batch: &Batch<'_>, touched: &BTreeSet<i64>, fit: &Fit) -> Result<(), StoreError> {
    batch.unlink(touched)?;
    let mut times: Vec<(Timestamp, Timestamp, i64)> = Vec::with_capacity(touched.len());
    let mut copies = Vec::new();
    for row in touched {
        if let Some(near) = batch.near(*row)?
            && near.reprint_of.is_none()
        {
            times.push((near.published_min, near.published_max, *row));
            copies.extend(
                lineage::copies(batch, &near)?
                    .into_iter()
                    .map(|(other, share)| StoryLink {
                        one: *row,
                        other,
                        above: COPY + (share * SCALE) as i32,
                    }),
            );
        }
    }
    times.sort_unstable();
    let window = SignedDuration::from_secs(WINDOW_SECONDS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for slab in times.chunks(SLAB) {
        let (Some((first, ..)), Some(last)) = (slab.first(), slab.iter().map(|(_, max, _)| max).max()) else {
            continue;
        };
        let since = first.saturating_sub(window).unwrap_or(Timestamp::MIN);
        let until = last.saturating_add(window).unwrap_or(Timestamp::MAX);
        let fresh: BTreeSet<i64> = slab.iter().map(|(.., row)| *row).collect();
        let mut items = Vec::new();
        batch.linkable(since, until, |article| {
            let wide = article.published.max.duration_since(article.published.min) > WIDEST;
            // "2009" is no time at which anything happened.
            if !wide {
                items.push(Item::of(
                    &article.id,
                    article.rowid,
                    article.published,
                    article.lang.as_deref(),
                    &article.clues,
                    fit.linking(),
                ));
            }
        })?;
        let found = links(&items, |item| fresh.contains(&item.row), &fit.params, threads);
        let ends = |link: &crate::cluster::Link| (items[link.one].row, items[link.other].row);
        let met: BTreeSet<i64> = found.iter().map(ends).flat_map(|(one, other)| [one, other]).collect();
        batch.write_links(found.iter().map(|link| StoryLink {
            one: ends(link).0,
            other: ends(link).1,
            above: link.above,
        }))?;
        drop(items);
        thin(batch, &met)?;
    }
    // In place of what their clues gave: words say more.
    batch.write_links(copies.iter().copied())?;
    thin(batch, &copies.iter().flat_map(|copy| [copy.one, copy.other]).collect())
}

/// Forgets the links of these articles that are among the strongest of neither end, now that there are new ones.
fn thin(batch: &Batch<'_>, articles: &BTreeSet<i64>) -> Result<(), StoreError> {
    let mut keys: HashMap<i64, u64> = HashMap::new();
    // The strongest links of those that have too many.
    let mut strongest: HashMap<i64, Option<BTreeSet<(i64, i64)>>> = HashMap::new();
    for row in articles {
        let links = batch.story_links(*row)?;
        if links.len() <= MOST_LINKS {
            continue;
        }
        for link in links {
            let mut weak = true;
            for end in [link.one, link.other] {
                if let Entry::Vacant(vacant) = strongest.entry(end) {
                    vacant.insert(strongest_of(batch, end, &mut keys)?);
                }
                weak &= strongest
                    .get(&end)
                    .and_then(Option::as_ref)
                    .is_some_and(|kept| !kept.contains(&(link.one, link.other)));
            }
            if weak {
                batch.forget_link(&link)?;
            }
        }
    }
    Ok(())
}

/// `None`: all of them.
fn strongest_of(
    batch: &Batch<'_>,
    row: i64,
    keys: &mut HashMap<i64, u64>,
) -> Result<Option<BTreeSet<(i64, i64)>>, StoreError> {
    let mut links = batch.story_links(row)?;
    if links.len() <= MOST_LINKS {
        return Ok(None);
    }
    for end in links.iter().flat_map(|link| [link.one, link.other]) {
        if let Entry::Vacant(vacant) = keys.entry(end) {
            let id = batch.in_story(end)?.map(|standing| standing.id);
            vacant.insert(id.as_deref().map(key).unwrap_or_default());
        }
    }
    links.sort_by_key(|link| rank(link.above, keys[&link.one], keys[&link.other]));
    links.truncate(MOST_LINKS);
    Ok(Some(links.iter().map(|link| (link.one, link.other)).collect()))
}

/// All that is connected with some articles: by links, by the stories they were in, by decisions.
struct Neighbourhood {
    /// Articles that are grouped, in order of row.
    nodes: BTreeMap<i64, InStory>,
    links: Vec<StoryLink>,
    /// Reprints, which go where their origin goes.
    followers: BTreeMap<i64, Vec<InStory>>,
}

impl Neighbourhood {
    fn around(batch: &Batch<'_>, start: &BTreeSet<i64>, decisions: &Decisions) -> Result<Neighbourhood, StoreError> {
        let mut partners: HashMap<&str, Vec<&str>> = HashMap::new();
        for decision in &decisions.made {
            for article in decision.articles() {
                partners.entry(article).or_default().extend(decision.articles());
            }
        }
        let mut nodes = BTreeMap::new();
        let mut links = BTreeMap::new();
        let mut followers: BTreeMap<i64, Vec<InStory>> = BTreeMap::new();
        let mut met = BTreeSet::new();
        let mut stories = BTreeSet::new();
        let mut waiting: Vec<i64> = start.iter().copied().collect();
        while let Some(row) = waiting.pop() {
            if !met.insert(row) {
                continue;
            }
            let Some(standing) = batch.in_story(row)? else { continue };
            if let Some(story) = &standing.story
                && stories.insert(story.clone())
            {
                waiting.extend(batch.story_rows(story)?);
            }
            let named = partners.get(standing.id.as_str());
            for partner in named.into_iter().flatten() {
                waiting.extend(batch.article_by_id(partner)?);
            }
            // A reprint goes where its origin goes, unless the reader said otherwise.
            if let Some(origin) = standing.reprint_of
                && named.is_none()
            {
                waiting.push(origin);
                followers.entry(origin).or_default().push(standing);
                continue;
            }
            waiting.extend(batch.reprints(row)?);
            for link in batch.story_links(row)? {
                if link.above >= 0 {
                    waiting.extend([link.one, link.other]);
                }
                links.insert((link.one, link.other), link.above);
            }
            nodes.insert(row, standing);
        }
        Ok(Neighbourhood {
            links: links
                .into_iter()
                .filter(|((one, other), _)| nodes.contains_key(one) && nodes.contains_key(other))
                .map(|((one, other), above)| StoryLink { one, other, above })
                .collect(),
            nodes,
            followers,
        })
    }

    fn write(&self, batch: &Batch<'_>, decisions: &Decisions, fit: &Fit) -> Result<(), StoreError> {
        let rows: Vec<i64> = self.nodes.keys().copied().collect();
        let place: HashMap<i64, usize> = rows.iter().enumerate().map(|(n, row)| (*row, n)).collect();
        let by_id: BTreeMap<&str, usize> = self
            .nodes
            .values()
            .enumerate()
            .map(|(n, standing)| (standing.id.as_str(), n))
            .collect();
        let keys: Vec<u64> = self.nodes.values().map(|standing| key(&standing.id)).collect();
        let mut bonds = bonds(decisions, &by_id);
        let mut links: Vec<(usize, usize, i32)> = Vec::with_capacity(self.links.len());
        for link in &self.links {
            let (one, other) = (place[&link.one], place[&link.other]);
            // After what the reader said, which holds against it.
            if link.above >= COPY {
                bonds.together.push((one, other));
            } else {
                links.push((one, other, link.above));
            }
        }
        let groups = group::groups(&Graph {
            keys: &keys,
            links: &links,
            together: &bonds.together,
            apart: &bonds.apart,
        });
        let mut stories: Vec<Vec<&InStory>> = Vec::new();
        for group in groups {
            let mut members: Vec<&InStory> = group.iter().map(|n| &self.nodes[&rows[*n]]).collect();
            for n in &group {
                self.follow(rows[*n], &mut members);
            }
            if members.len() > 1 {
                stories.push(members);
            }
        }
        let everyone = self.nodes.keys().copied();
        let everyone = everyone.chain(self.followers.values().flatten().map(|standing| standing.rowid));
        batch.forget_stories_of(&everyone.collect())?;
        let placed: Vec<Vec<Placed>> = stories
            .iter()
            .map(|members| members.iter().map(|m| placed(m)).collect())
            .collect();
        let names = ids::name(&placed, |id| batch.has_story(id).unwrap_or(false));
        let mut best: HashMap<i64, Vec<(i32, i64)>> = HashMap::new();
        for link in &self.links {
            best.entry(link.one).or_default().push((link.above, link.other));
            best.entry(link.other).or_default().push((link.above, link.one));
        }
        for (members, name) in stories.iter().zip(names) {
            self.write_story(batch, &name, members, &best, &put(decisions, members), fit)?;
        }
        Ok(())
    }

    /// The reprints of an article, and theirs.
    fn follow<'s>(&'s self, row: i64, members: &mut Vec<&'s InStory>) {
        for follower in self.followers.get(&row).into_iter().flatten() {
            if members.iter().all(|member| member.rowid != follower.rowid) {
                members.push(follower);
                self.follow(follower.rowid, members);
            }
        }
    }

    fn write_story(
        &self,
        batch: &Batch<'_>,
        name: &str,
        members: &[&InStory],
        best: &HashMap<i64, Vec<(i32, i64)>>,
        put: &BTreeSet<&str>,
        fit: &Fit,
    ) -> Result<(), StoreError> {
        let within: BTreeMap<i64, &InStory> = members.iter().map(|member| (member.rowid, *member)).collect();
        let mut clues = HashMap::new();
        for member in members {
            clues.insert(member.rowid, batch.clues(member.rowid)?.unwrap_or_default());
        }
        for member in members {
            if !self.nodes.contains_key(&member.rowid) {
                let origin = member.reprint_of.and_then(|origin| within.get(&origin));
                let share = member.reprint_share.unwrap_or(1.0);
                let why = Evidence {
                    nearest: origin.map(|origin| origin.id.clone()),
                    nearest_source: origin.map(|origin| origin.source.clone()),
                    reprint: Some((share * 100.0).round() / 100.0),
                    ..Evidence::default()
                };
                batch.write_story_article(member.rowid, name, share, &why)?;
                continue;
            }
            let links = best.get(&member.rowid).into_iter().flatten();
            let nearest = links
                .filter_map(|(above, other)| Some((*above, within.get(other)?)))
                .max_by_key(|(above, other)| (*above, std::cmp::Reverse(key(&other.id))));
            // Nothing links it: the reader put it here, or only its reprints are beside it.
            let (above, other) = match nearest {
                Some((above, other)) => (Some(above), Some(*other)),
                None => (None, members.iter().find(|other| other.rowid != member.rowid).copied()),
            };
            let alone = members
                .iter()
                .filter(|other| self.nodes.contains_key(&other.rowid))
                .count()
                == 1;
            let mut why = Evidence::default();
            if let Some(other) = other
                && let (Some(here), Some(there)) = (clues.get(&member.rowid), clues.get(&other.rowid))
            {
                why = why::shared(&side(member, here), &side(other, there), fit.linking());
                why.nearest = Some(other.id.clone());
                why.nearest_source = Some(other.source.clone());
            }
            // What the reader said holds, whatever links it besides.
            why.decided = put.contains(member.id.as_str()) || (above.is_none() && !alone);
            why.copy = above.and_then(copied);
            batch.write_story_article(member.rowid, name, above.map_or(1.0, likeness), &why)?;
        }
        Ok(())
    }
}

/// Those of the story that the reader put beside others that are in it.
fn put<'d>(decisions: &'d Decisions, members: &[&InStory]) -> BTreeSet<&'d str> {
    let within: BTreeSet<&str> = members.iter().map(|member| member.id.as_str()).collect();
    let mut put = BTreeSet::new();
    for decision in &decisions.made {
        let named: &[String] = match decision {
            Decision::Together(articles) | Decision::Into(articles, _) => articles,
            Decision::Apart(..) => continue,
        };
        // One that a later decision took back has nobody beside it here.
        let beside = decision.articles().filter(|id| within.contains(id)).count() > 1;
        let here = named.iter().map(String::as_str).filter(|id| within.contains(id));
        put.extend(here.filter(|_| beside));
    }
    put
}

/// The share of the words that a link of nearly the same words stands for.
fn copied(above: i32) -> Option<f32> {
    (above >= COPY).then(|| ((above - COPY) as f32 / SCALE * 100.0).round() / 100.0)
}

fn placed(standing: &InStory) -> Placed {
    Placed {
        first_seen: standing.first_seen_at.as_second(),
        key: key(&standing.id),
        was_in: standing.story.clone(),
    }
}

fn side<'a>(standing: &'a InStory, clues: &'a crate::model::Clues) -> Side<'a> {
    Side {
        lang: standing.lang.as_deref().unwrap_or_default(),
        published: standing.published,
        title: &standing.title,
        clues,
    }
}
