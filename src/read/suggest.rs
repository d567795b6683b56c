//! The stories that vigie suggests: newest first, with what each language calls them and why each article is in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::model::suggestion::{Evidence, Member, SuggestionId};
use crate::model::{ArticleId, DateClaim, Interval, Precision, Source};
use crate::store::{Reader, StoreError};

/// Stories of a window.
#[derive(Debug, Serialize)]
pub struct Suggestions {
    /// How many there are; fewer may be told.
    pub total: usize,
    pub stories: Vec<Story>,
}

#[derive(Debug, Serialize)]
pub struct Story {
    pub id: SuggestionId,
    pub title: String,
    /// 0 to 1: how well its articles go together, on average.
    pub score: f32,
    /// What each language calls it.
    pub titles: BTreeMap<String, String>,
    pub languages: Vec<String>,
    pub sources: Vec<String>,
    /// Countries of the sources, where they are known.
    pub countries: Vec<String>,
    /// First and last claimed publication, and the hours between.
    pub first: Timestamp,
    pub last: Timestamp,
    pub spread_hours: f64,
    pub articles: Vec<Article>,
}

#[derive(Debug, Serialize)]
pub struct Article {
    pub id: ArticleId,
    pub url: String,
    pub source: String,
    pub lang: String,
    pub title: String,
    /// As finely as it was written.
    #[serde(serialize_with = "published", skip_serializing_if = "Option::is_none")]
    pub published: Option<DateClaim>,
    pub first_seen: Timestamp,
    pub score: f32,
    /// In words.
    pub why: String,
    pub evidence: Evidence,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub window: Interval,
    /// Also what only one language and one group of outlets has, and single articles.
    pub all: bool,
}

/// The stories that have an article in the window.
pub fn suggest(reader: &Reader, sources: &[Source], wanted: Wanted) -> Result<Suggestions, StoreError> {
    let by_id = by_id(sources);
    let mut groups: BTreeMap<SuggestionId, Vec<Member>> = BTreeMap::new();
    for (story, member) in reader.story_members(wanted.window, wanted.all)? {
        // Stories come first, so that no single article takes the id of one.
        let story = story.unwrap_or_else(|| alone(&member.article, |id| groups.contains_key(id)));
        groups.entry(story).or_default().push(member);
    }
    let mut stories: Vec<Story> = groups
        .into_iter()
        .filter_map(|(id, members)| story(id, members, &by_id))
        .filter(|story| wanted.all || story.languages.len() > 1 || has_two_groups(story, &by_id))
        .collect();
    stories.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.id.cmp(&b.id)));
    Ok(Suggestions {
        total: stories.len(),
        stories,
    })
}

/// One suggested story by its id; `None` where there is none.
pub fn one(reader: &Reader, sources: &[Source], id: &str) -> Result<Option<Story>, StoreError> {
    Ok(story(id.to_owned(), reader.story(id)?, &by_id(sources)))
}

fn by_id(sources: &[Source]) -> BTreeMap<&str, &Source> {
    sources.iter().map(|source| (source.id.as_str(), source)).collect()
}

/// The id of a story of this one article: its own, unless a story that it founded and then left still has that.
fn alone(article: &str, taken: impl Fn(&str) -> bool) -> SuggestionId {
    let key = crate::cluster::item::key(article);
    let again = (1..).map(|n: u64| key.rotate_left(7) ^ n);
    let mut ids = std::iter::once(key).chain(again).map(crate::cluster::ids::founded_by);
    ids.find(|id| !taken(id)).unwrap_or_default()
}

fn story(id: SuggestionId, members: Vec<Member>, sources: &BTreeMap<&str, &Source>) -> Option<Story> {
    let first = members.iter().map(|member| member.published.min).min()?;
    let last = members.iter().map(|member| member.published.min).max()?;
    let score = members.iter().map(|member| member.score).sum::<f32>() / members.len() as f32;
    let mut titles: BTreeMap<String, (bool, u32, String)> = BTreeMap::new();
    for member in &members {
        // What says most of the story in its language; a reprint says what its origin says.
        let rank = (
            member.why.reprint.is_none(),
            (member.score * 1000.0) as u32,
            member.title.clone(),
        );
        let best = titles.entry(base(member)).or_default();
        if !member.title.trim().is_empty() && rank > *best {
            *best = rank;
        }
    }
    let best = titles.values().max_by_key(|(own, score, _)| (*own, *score));
    let title = best.map(|(.., title)| title.clone()).unwrap_or_default();
    let countries: BTreeSet<&str> = members
        .iter()
        .filter_map(|member| sources.get(member.source.as_str()))
        .map(|source| source.country.as_str())
        .filter(|country| *country != "ZZ")
        .collect();
    Some(Story {
        id,
        title,
        score: round(score),
        languages: titles.keys().cloned().collect(),
        titles: titles.into_iter().map(|(lang, (.., title))| (lang, title)).collect(),
        sources: members
            .iter()
            .map(|member| member.source.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        countries: countries.into_iter().map(str::to_owned).collect(),
        first,
        last,
        spread_hours: (last.duration_since(first).as_secs_f64() / 360.0).round() / 10.0,
        articles: articles(members),
    })
}

fn articles(members: Vec<Member>) -> Vec<Article> {
    let timed: BTreeSet<ArticleId> = members
        .iter()
        .filter(|member| is_timed(member.claim.as_ref()))
        .map(|member| member.article.clone())
        .collect();
    let both = |member: &Member| {
        let nearest = member.why.nearest.as_ref();
        timed.contains(&member.article) && nearest.is_some_and(|nearest| timed.contains(nearest))
    };
    members
        .into_iter()
        .map(|member| article(both(&member), member))
        .collect()
}

/// Whether the claim says more than a day.
fn is_timed(claim: Option<&DateClaim>) -> bool {
    claim.is_some_and(|claim| matches!(claim.precision, Precision::Second | Precision::Minute))
}

fn published<S: Serializer>(claim: &Option<DateClaim>, to: S) -> Result<S::Ok, S::Error> {
    claim.as_ref().map(DateClaim::to_published).serialize(to)
}

fn article(timed: bool, member: Member) -> Article {
    Article {
        lang: base(&member),
        why: words(&member.why, timed),
        id: member.article,
        url: member.url,
        source: member.source,
        title: member.title,
        published: member.claim,
        first_seen: member.first_seen_at,
        score: round(member.score),
        evidence: member.why,
    }
}

fn base(member: &Member) -> String {
    let lang = member.lang.as_deref().unwrap_or("und");
    lang.split('-').next().unwrap_or(lang).to_owned()
}

fn round(score: f32) -> f32 {
    (score * 1000.0).round() / 1000.0
}

/// Outlets of two countries, of two kinds of owner, or without a label in common.
fn has_two_groups(story: &Story, sources: &BTreeMap<&str, &Source>) -> bool {
    let known: Vec<&&Source> = story.sources.iter().filter_map(|id| sources.get(id.as_str())).collect();
    let known = || known.iter().filter(|source| !source.provisional);
    let owner = known().next().map(|source| source.ownership);
    let owners = known().any(|source| Some(source.ownership) != owner);
    let labels: BTreeSet<&Vec<String>> = known()
        .map(|source| &source.groups)
        .filter(|own| !own.is_empty())
        .collect();
    let strangers = labels.iter().any(|own| {
        labels
            .iter()
            .any(|other| !other.iter().any(|label| own.contains(label)))
    });
    story.countries.len() > 1 || owners || strangers
}

/// `like xinhua-zh i:…: both name Lenz (伦茨), both say 120; meaning 0.71; 3 h apart`
/// Two articles of which one has only a day, or was only seen, are not within an hour of each other for all we know.
fn words(why: &Evidence, timed: bool) -> String {
    let mut parts = Vec::new();
    let whom = match (&why.nearest_source, &why.nearest) {
        (Some(source), Some(id)) => format!("{source} {id}"),
        _ => return "stands alone".to_owned(),
    };
    if let Some(share) = why.reprint {
        return format!("reprint: {:.0} % of its words are those of {whom}", share * 100.0);
    }
    if let Some(share) = why.copy {
        parts.push(format!("{:.0} % of the words are the same", share * 100.0));
    }
    if !why.names.is_empty() {
        let names: Vec<String> = why
            .names
            .iter()
            .map(|(here, there)| match here == there {
                true => here.clone(),
                false => format!("{here} ({there})"),
            })
            .collect();
        parts.push(format!("both name {}", names.join(", ")));
    }
    if !why.words.is_empty() {
        let words: Vec<String> = why
            .words
            .iter()
            .map(|(here, there)| match here == there {
                true => here.clone(),
                false => format!("{here} ({there})"),
            })
            .collect();
        parts.push(format!("both titles have {}", words.join(", ")));
    }
    if !why.numbers.is_empty() {
        parts.push(format!("both say {}", why.numbers.join(", ")));
    }
    if let Some(cosine) = why.similarity {
        parts.push(format!("texts alike {cosine:.2}"));
    }
    if let Some(cosine) = why.titles {
        parts.push(format!("titles alike {cosine:.2}"));
    }
    parts.push(match why.hours {
        hours if hours < 1.0 && timed => "within the hour".to_owned(),
        hours if hours < 1.0 => "their dates overlap".to_owned(),
        hours => format!("{hours:.0} h apart"),
    });
    let how = if why.decided {
        "put there by you, beside"
    } else {
        "like"
    };
    format!("{how} {whom}: {}", parts.join("; "))
}
