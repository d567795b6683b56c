//! The articles of a story: those that its query finds, with those that the reader pinned in and without those pinned
//! out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::compare::evidence::outlets;
use crate::compare::{Copied, Cut, Matched, Version};
use crate::model::comparison::DecidedBy;
use crate::model::narrowed::{self, Sight};
use crate::model::query::{Condition, Filter};
use crate::model::story::{Pins, Spec};
use crate::model::{Article, ArticleId, Interval, Source};
use crate::query;
use crate::read::evidence::Reading;
use crate::read::search::ReadError;
use crate::store::{ArticleRow, Order, Reader, StoreError};

use super::{Form, SpecFault, Subject, reach};

/// More matching articles than a table of sources can make sense of: the query is too wide, and of each source only its
/// first articles are laid out.
const MOST_MATCHES: u32 = 5_000;
/// … so many at least.
const FEWEST_EACH: u32 = 10;
/// So many sources are asked for by name; more are asked for together, and told apart afterwards.
const NAMED: usize = 50;

/// An article of the story.
pub struct Member {
    pub row: ArticleRow,
    pub decided_by: DecidedBy,
    /// The version that is in the story, where its present words are not.
    pub earlier: Option<u32>,
}

/// What is in the story, and what would be.
#[derive(Default)]
pub struct Members {
    /// Oldest first.
    pub found: Vec<Member>,
    /// Found by the query and pinned out.
    pub left_out: Vec<ArticleRow>,
    /// The query found too many to lay out.
    pub cut: Option<Cut>,
}

/// What is in the story: published in the window as far as claims and looks can tell, in words that are replaced by now
/// where a source has nothing else.
pub fn found(reader: &Reader, subject: Subject<'_>, forms: &[Form], window: Interval) -> Result<Members, ReadError> {
    let by_rule = |row| Member {
        row,
        decided_by: DecidedBy::Rule,
        earlier: None,
    };
    let inside = Condition::Filter(Filter::Published(window));
    if let Subject::Gathered { articles, .. } = subject {
        let rowids: Result<Vec<i64>, StoreError> = articles.iter().map(|id| reader.article_by_prefix(id)).collect();
        return Ok(Members {
            found: reader.articles(&rowids?)?.into_iter().map(by_rule).collect(),
            ..Members::default()
        });
    }
    let mut members = Vec::new();
    let mut cut: Option<Cut> = None;
    let one = forms.windows(2).all(|pair| pair[0].query == pair[1].query);
    for form in forms.iter().take(if one { 1 } else { usize::MAX }) {
        let mut asked = vec![form.condition()];
        if !one {
            asked.extend(of_sources(&form.sources));
        }
        let all = Condition::All([asked.clone(), vec![inside.clone()]].concat());
        let mut found = reader.search(&all, Order::Oldest, MOST_MATCHES)?;
        if found.total > u64::from(MOST_MATCHES) {
            let (rows, each) = earliest_of_each(reader, &all)?;
            found.rows = rows;
            let total = cut.map_or(0, |cut| cut.total) + found.total;
            cut = Some(Cut { total, each });
        }
        let mine = (found.rows.into_iter()).filter(|row| one || form.sources.contains(&row.source));
        members.extend(mine.map(by_rule));
        let late = seen_inside(reader, asked, window)?;
        let mine = late.into_iter().filter(|row| one || form.sources.contains(&row.source));
        members.extend(mine.map(by_rule));
    }
    for form in forms {
        members.extend(replaced(reader, form, &members, window)?);
    }
    let mut left_out = Vec::new();
    if let Subject::Spec(spec) = subject {
        left_out = pin(reader, &spec.pins, &mut members)?;
    }
    members.sort_by(|a, b| {
        let key = |member: &Member| (member.row.published_span.min, member.row.id.clone());
        key(a).cmp(&key(b))
    });
    Ok(Members {
        found: members,
        left_out,
        cut,
    })
}

/// Articles whose claim lies outside of the window while the looks say that they appeared within: backdated ones, and
/// those of a clock that is ahead.
fn seen_inside(reader: &Reader, asked: Vec<Condition>, window: Interval) -> Result<Vec<ArticleRow>, ReadError> {
    let claimed = Condition::Filter(Filter::Published(window));
    let outside = vec![
        Condition::Filter(Filter::Seen(window)),
        Condition::Not(Box::new(claimed)),
    ];
    let mut rows = reader
        .search(&Condition::All([asked, outside].concat()), Order::Oldest, MOST_MATCHES)?
        .rows;
    keep_appeared(reader, &mut rows, window)?;
    Ok(rows)
}

/// Those that appeared in the window, by claims and looks together.
fn keep_appeared(reader: &Reader, rows: &mut Vec<ArticleRow>, window: Interval) -> Result<(), ReadError> {
    let first = reader.first_seen(&rows.iter().map(|row| row.rowid).collect::<Vec<_>>())?;
    rows.retain(|row| {
        let absent = first.get(&row.rowid).and_then(|seen| seen.last_absent);
        let sight = Sight {
            seen: row.first_seen_at,
            absent: absent.map(|absent| absent.at),
            newest_then: absent.and_then(|absent| absent.newest),
        };
        let span = narrowed::narrow(row.published.as_ref(), sight).interval;
        span.max >= window.min && span.min < window.max
    });
    Ok(())
}

/// Of the sources of this form without an article: what had the story in words that were replaced since.
fn replaced(reader: &Reader, form: &Form, known: &[Member], window: Interval) -> Result<Vec<Member>, ReadError> {
    let Some(expr) = form.query.as_ref().filter(|expr| reach::narrowed(expr).is_none()) else {
        return Ok(Vec::new());
    };
    let covered: HashSet<&str> = known.iter().map(|member| member.row.source.as_str()).collect();
    let silent: Vec<String> = (form.sources.iter())
        .filter(|id| !covered.contains(id.as_str()))
        .cloned()
        .collect();
    if silent.is_empty() || form.asks_for_nothing().is_some() {
        return Ok(Vec::new());
    }
    let mut all = vec![Condition::Any(vec![
        Condition::Filter(Filter::Published(window)),
        Condition::Filter(Filter::Seen(window)),
    ])];
    all.extend(of_sources(&silent));
    let (test, _) = query::tests([expr]);
    let versions: HashMap<i64, u32> = reader
        .in_earlier_words(&Condition::All(all), &test)?
        .into_iter()
        .collect();
    let rowids: Vec<i64> = versions.keys().copied().collect();
    let mut rows = reader.articles(&rowids)?;
    rows.retain(|row| silent.contains(&row.source));
    keep_appeared(reader, &mut rows, window)?;
    Ok(rows
        .into_iter()
        .map(|row| Member {
            earlier: versions.get(&row.rowid).copied(),
            decided_by: DecidedBy::Rule,
            row,
        })
        .collect())
}

/// So that no source is called silent because others wrote more: the first articles of every source that has any.
fn earliest_of_each(reader: &Reader, all: &Condition) -> Result<(Vec<ArticleRow>, u32), ReadError> {
    let counts = reader.count_by_source(all)?;
    let each = (MOST_MATCHES / u32::try_from(counts.len().max(1)).unwrap_or(u32::MAX)).max(FEWEST_EACH);
    let mut rows = Vec::new();
    for source in counts.into_keys() {
        let of_source = Condition::Filter(Filter::Source(source));
        let both = Condition::All(vec![all.clone(), of_source]);
        rows.extend(reader.search(&both, Order::Oldest, each)?.rows);
    }
    Ok((rows, each))
}

/// Articles of these sources; no condition where they are many.
pub fn of_sources(ids: &[String]) -> Option<Condition> {
    let filters = ids.iter().map(|id| Condition::Filter(Filter::Source(id.clone())));
    (ids.len() <= NAMED).then(|| Condition::Any(filters.collect()))
}

/// Pins in and out; gives what was left out.
fn pin(reader: &Reader, pins: &Pins, members: &mut Vec<Member>) -> Result<Vec<ArticleRow>, ReadError> {
    let is_out = |member: &mut Member| pins.out.iter().any(|id| member.row.id.starts_with(id.as_str()));
    let left_out = members.extract_if(.., is_out).map(|member| member.row).collect();
    let mut known: BTreeSet<i64> = BTreeSet::new();
    for (n, id) in pins.within.iter().enumerate() {
        let rowid = reader.article_by_prefix(id).map_err(|error| unpinned(n, error))?;
        known.insert(rowid);
    }
    for member in members.iter_mut() {
        if known.remove(&member.row.rowid) {
            member.decided_by = DecidedBy::User;
        }
    }
    let missing: Vec<i64> = known.into_iter().collect();
    members.extend(reader.articles(&missing)?.into_iter().map(|row| Member {
        row,
        decided_by: DecidedBy::User,
        earlier: None,
    }));
    Ok(left_out)
}

fn unpinned(n: usize, error: StoreError) -> ReadError {
    match error {
        StoreError::NoArticle(_) | StoreError::Ambiguous(_) => SpecFault {
            key: format!("pins.in.{n}"),
            within: None,
            message: error.to_string(),
            hint: Some("`vigie query` shows the ids of what is in this store".to_owned()),
        }
        .into(),
        other => other.into(),
    }
}

/// The reader's translations of headlines, by the whole id.
pub fn glosses(subject: Subject<'_>, members: &[Member]) -> BTreeMap<ArticleId, String> {
    let Subject::Spec(Spec { gloss, .. }) = subject else {
        return BTreeMap::new();
    };
    let of = |member: &Member| {
        let found = gloss.iter().find(|(id, _)| member.row.id.starts_with(id.as_str()));
        found.map(|(_, text)| (member.row.id.clone(), text.clone()))
    };
    members.iter().filter_map(of).collect()
}

/// The matching articles with their texts, versions, first sight and what they say, by source.
pub fn matched(
    reader: &Reader,
    reading: &mut Reading<'_>,
    sources: &[Source],
    members: Vec<Member>,
) -> Result<BTreeMap<String, Vec<Matched>>, ReadError> {
    let outlets: HashMap<&str, &str> = sources
        .iter()
        .filter_map(|source| Some((source.id.as_str(), outlets::of_source(source)?)))
        .collect();
    let rowids: Vec<i64> = members.iter().map(|member| member.row.rowid).collect();
    let mut texts: HashMap<i64, String> = reader
        .texts(&rowids)?
        .into_iter()
        .map(|text| (text.rowid, text.text))
        .collect();
    let siblings = siblings(sources, &members);
    let mut mentions = reader.mentions(&siblings)?;
    let siblings: HashSet<i64> = siblings.into_iter().collect();
    let first = reader.first_seen(&rowids)?;
    let mut heads = reader.version_heads(&rowids)?;
    let mut copies = copies(reader, &members)?;
    let mut by_source: BTreeMap<String, Vec<Matched>> = BTreeMap::new();
    for Member {
        row,
        decided_by,
        earlier,
    } in members
    {
        let versions = heads
            .remove(&row.rowid)
            .unwrap_or_default()
            .into_iter()
            .map(|version| Version {
                n: version.n,
                seen_at: version.seen_at,
                title: version.title,
                length: version.length,
            })
            .collect();
        let seen = first.get(&row.rowid);
        let absent = seen.and_then(|seen| seen.last_absent);
        // Only what changed is read in all its states.
        let states = if row.versions > 1 {
            reader.versions(row.rowid)?
        } else {
            Vec::new()
        };
        let (first_seen_at, gone_at, n) = (row.first_seen_at, row.gone_at, row.versions);
        let mentions = siblings
            .contains(&row.rowid)
            .then(|| mentions.remove(&row.rowid).unwrap_or_default());
        let article = article(texts.remove(&row.rowid).unwrap_or_default(), row);
        let outlet = outlets.get(article.source.as_str()).copied();
        let mut facts = reading.facts(&article, outlet, n, &states);
        if let Some(mentions) = mentions {
            reading.across(&article, n, &mentions, &mut facts);
        }
        let matched = Matched {
            copy: copies.remove(&article.id),
            facts,
            first_seen_at,
            position: seen.map(|seen| seen.position),
            last_absent_at: absent.map(|absent| absent.at),
            newest_then: absent.and_then(|absent| absent.newest),
            decided_by,
            earlier,
            gone_at,
            versions,
            article,
        };
        by_source
            .entry(matched.article.source.clone())
            .or_default()
            .push(matched);
    }
    Ok(by_source)
}

/// The copy of each article's present state, as far as one is kept.
fn copies(reader: &Reader, members: &[Member]) -> Result<HashMap<ArticleId, Copied>, ReadError> {
    let ids: Vec<&str> = members.iter().map(|member| member.row.id.as_str()).collect();
    let mut copies = HashMap::new();
    // Oldest first, so that the last one stays.
    for kept in reader.kept_versions(&ids)? {
        let copy = Copied {
            sha256: kept.body_sha256,
            file: kept.location.file,
            offset: kept.location.offset,
            url: kept.url,
            at: kept.at,
        };
        copies.insert(kept.article, copy);
    }
    Ok(copies)
}

/// The articles of outlets of which several editions are laid out.
fn siblings(sources: &[Source], members: &[Member]) -> Vec<i64> {
    let keys: HashMap<&str, String> = sources
        .iter()
        .map(|source| (source.id.as_str(), outlets::key(source)))
        .collect();
    let mut editions: HashMap<&str, u32> = HashMap::new();
    for key in keys.values() {
        *editions.entry(key).or_default() += 1;
    }
    let several = |member: &&Member| {
        let key = keys.get(member.row.source.as_str());
        key.and_then(|key| editions.get(key.as_str())).is_some_and(|n| *n > 1)
    };
    members.iter().filter(several).map(|member| member.row.rowid).collect()
}

/// The article of a row and its text.
pub fn article(text: String, row: ArticleRow) -> Article {
    Article {
        id: row.id,
        source: row.source,
        url: row.url,
        lang: row.lang,
        script: row.script,
        title: row.title,
        standfirst: row.standfirst,
        text,
        authors: row.authors,
        published: row.published,
        modified: row.modified,
        section: row.section,
        kind: row.kind,
        credit: row.credit,
        text_access: row.text_access,
        comments: row.comments,
        length: row.length,
        digest: row.digest,
        simhash: row.simhash,
        seen_at: row.last_seen_at,
    }
}
