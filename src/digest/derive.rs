//! One kept page to one state of an article: pure, and run on worker threads.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Deserialize;

use crate::archive::decode;
use crate::cluster::{Fit, clues};
use crate::config::Config;
use crate::digest::elsewhere;
use crate::digest::measure::Measure;
use crate::encode::Encoder;
use crate::extract;
use crate::identify::{self, PageFacts, canonical, fingerprint};
use crate::model::article::Field;
use crate::model::decision::Decisions;
use crate::model::lexicon::ActorKind;
use crate::model::{
    Article, Clues, CommentState, Comments, DateEvidence, Draft, Lexicon, Link, Mention, Page, RuleFit, Source,
    TextAccess, TopicTag, Topics, Vector,
};
use crate::names::gazetteer::{self, PlaceKind};
use crate::tag::Tagger;
use crate::text::dates::{self, Written};
use crate::text::signs;

/// Most bytes that one page may unpack to (reliability.md: body 15 MiB decoded).
pub const PAGE_CAP: usize = 15 << 20;

/// What is declared, compiled once for all pages.
pub struct Deriver {
    /// An import meets new hosts on its way; everything else is known from the start.
    sources: RwLock<HashMap<String, Arc<Source>>>,
    tagger: Tagger,
    /// Actors whose name says little of which story it is.
    common: BTreeSet<String>,
    decisions: Decisions,
    measure: Measure,
}

/// One thing to digest, whole.
#[derive(Debug)]
pub struct Material {
    /// The page's row.
    pub page: i64,
    pub source: String,
    /// The address asked for, and the one that answered.
    pub requested: String,
    pub url: String,
    pub seen_at: Timestamp,
    /// First announcement, where there was one: the earliest that we could know of the article.
    pub first_seen_at: Option<Timestamp>,
    /// What the listings claim about it.
    pub link: Option<Link>,
    pub content: Content,
}

#[derive(Debug)]
pub enum Content {
    /// As it came over the wire.
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// An imported row.
    Row(Vec<u8>),
    /// Nothing but what a listing said.
    Item,
}

/// One state of an article with all that hangs on it.
#[derive(Debug)]
pub struct State {
    pub page: i64,
    pub article: Article,
    /// Canonical form of its address: the identity within its source.
    pub url_key: String,
    /// Other addresses under which the same document was asked for or answered.
    pub aliases: Vec<String>,
    pub topics: Vec<TopicTag>,
    pub mentions: Vec<Mention>,
    pub clues: Clues,
    pub title_index: String,
    pub lead_index: String,
    pub body_index: String,
    pub bands: Vec<u64>,
    pub first_seen_at: Timestamp,
    /// Read off a listing, not off a page.
    pub from_listing: bool,
}

/// What reading one page came to.
#[derive(Debug, Default)]
pub struct Derivation {
    /// Absent where nothing readable was in it.
    pub state: Option<State>,
    /// How the source's rules fared, where it has any and a page was read.
    pub rule: Option<RuleFit>,
}

/// An article as somebody else's program wrote it (machine-interface.md, `vigie import`).
#[derive(Debug, Deserialize)]
pub struct Row {
    pub url: String,
    pub source: Option<String>,
    pub title: Option<String>,
    pub text: Option<String>,
    pub published: Option<String>,
    pub lang: Option<String>,
    #[serde(default)]
    pub authors: Authors,
    pub section: Option<String>,
    pub standfirst: Option<String>,
    pub comments: Option<RowComments>,
}

/// Something stands where a row's date belongs that is none, or one that had not come when the row was seen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`published` is no date that has come")]
pub struct NoDate;

/// What an imported row says of an article's comments.
#[derive(Debug, Deserialize)]
pub struct RowComments {
    pub open: bool,
    pub count: Option<u32>,
}

/// A list of names, or one line of them.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum Authors {
    #[default]
    None,
    List(Vec<String>),
    Line(String),
}

impl Row {
    /// When it says that it was published.
    pub fn written(&self, zone: &str, seen_at: Timestamp) -> Result<Option<Written>, NoDate> {
        let Some(raw) = self.published.as_deref().filter(|raw| !raw.trim().is_empty()) else {
            return Ok(None);
        };
        let read = dates::coarse(raw, zone).or_else(|| dates::parse(raw, zone, Some(seen_at)));
        read.filter(|read| !read.is_after(seen_at)).map(Some).ok_or(NoDate)
    }
}

impl Deriver {
    pub fn new(sources: impl IntoIterator<Item = Source>, topics: &Topics, lexicon: &Lexicon) -> Deriver {
        Deriver {
            sources: RwLock::new(
                sources
                    .into_iter()
                    .map(|source| (source.id.clone(), Arc::new(source)))
                    .collect(),
            ),
            tagger: Tagger::new(topics, lexicon),
            common: common(lexicon),
            decisions: Decisions::default(),
            measure: Measure::default(),
        }
    }

    /// For stories: what the reader said of them, and by what articles are measured.
    pub fn for_stories(self, config: &Config, measure: Measure) -> Deriver {
        Deriver {
            decisions: config.decisions.clone(),
            measure,
            ..self
        }
    }

    /// What was fitted to the store's vectors.
    pub fn fit(&self) -> &Fit {
        &self.measure.fit
    }

    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    pub fn source(&self, id: &str) -> Option<Arc<Source>> {
        self.sources
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned()
    }

    pub fn learn(&self, source: Source) {
        self.sources
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(source.id.clone(), Arc::new(source));
    }

    /// Reads the material by what is declared of its source.
    pub fn derive(&self, material: &Material) -> Derivation {
        let Some(source) = self.source(&material.source) else {
            return Derivation::default();
        };
        let mut rule = None;
        let read = match &material.content {
            Content::Item => None,
            Content::Response { status, headers, body } => {
                self.read_page(material, &source, *status, headers, body, &mut rule)
            }
            Content::Row(json) => read_row(material, &source, json),
        };
        Derivation {
            state: self.state(material, &source, read),
            rule,
        }
    }

    fn state(&self, material: &Material, source: &Source, read: Option<Article>) -> Option<State> {
        let from_listing = read.is_none();
        // A page without words (a picture, a PDF) leaves the article as its listing told of it.
        let article = match read {
            Some(article) => article,
            None => identify::from_link(material.link.as_ref()?, source, material.seen_at)?,
        };
        let url_key = canonical::url_key(&article.url);
        // A page that is none of the article's (a consent wall, the front page) answers for many, and joins none of them.
        let answered = (!from_listing).then_some(&material.url);
        let mut aliases: Vec<String> = std::iter::once(&material.requested)
            .chain(answered)
            .filter_map(|url| canonical::canonical(url, &source.identity_query))
            .map(|url| canonical::url_key(&url))
            .filter(|key| *key != url_key)
            .collect();
        aliases.dedup();
        let tags = self.tagger.matches(&article);
        let index = |field: Field, text: &str| {
            let own = tags.pairs.iter().filter(|(of, _)| *of == field);
            signs::indexed(text, own.map(|(_, pair)| pair.as_str()))
        };
        let title_index = index(Field::Title, &article.title);
        let lead_index = index(Field::Lead, article.standfirst.as_deref().unwrap_or_default());
        let body_index = index(Field::Body, &article.text);
        let clues = self.clues(&article, &tags.mentions);
        Some(State {
            page: material.page,
            url_key,
            aliases,
            topics: tags.topics,
            mentions: tags.mentions,
            clues,
            title_index,
            lead_index,
            body_index,
            bands: if article.simhash == 0 {
                Vec::new()
            } else {
                fingerprint::bands(article.simhash).map(u64::from).to_vec()
            },
            first_seen_at: material.first_seen_at.unwrap_or(material.seen_at).min(material.seen_at),
            from_listing,
            article,
        })
    }

    fn clues(&self, article: &Article, mentions: &[Mention]) -> Clues {
        let mut clues = clues::clues(article, mentions, |actor| self.common.contains(actor));
        let knows = |encoder: &&Encoder| article.lang.as_deref().is_none_or(|lang| encoder.knows(lang));
        if let Some(encoder) = self.measure.encoder.as_ref().filter(knows) {
            let (title, sentences) = clues::passages(article);
            let texts: Vec<&str> = title.into_iter().chain(sentences).collect();
            let vectors: Result<Vec<_>, _> = encoder.embed(&texts).into_iter().collect();
            let vectors = vectors.unwrap_or_else(|error| {
                tracing::warn!(url = article.url, "an article has no vector: {error}");
                Vec::new()
            });
            clues.title = title.and(vectors.first()).map(|vector| Vector::of(vector));
            clues.text = mean(&vectors).map(|mean| Vector::of(&mean));
        }
        clues
    }

    fn read_page(
        &self,
        material: &Material,
        source: &Source,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
        rule: &mut Option<RuleFit>,
    ) -> Option<Article> {
        if status != 200 {
            return None;
        }
        let decoded = decode::decode(headers, body, PAGE_CAP).ok()?;
        let page = Page {
            requested: material.requested.clone(),
            url: material.url.clone(),
            status,
            headers: headers.to_vec(),
            body: decoded.body.into_owned(),
            fetched_at: material.seen_at,
        };
        if extract::document::other(&page).is_some() || elsewhere::leads_home(&page, source) {
            return None;
        }
        let context = extract::Context {
            zone: &source.timezone,
            fetched_at: Some(material.seen_at),
            lang: Some(source.lang.as_str()).filter(|lang| *lang != "und"),
        };
        let mut draft = extract::draft_of(&page, &source.rules, &context);
        *rule = draft.rule.take();
        if elsewhere::leads_elsewhere(&page, material.link.as_ref(), &draft, &source.identity_query) {
            return None;
        }
        let facts = PageFacts {
            url: material.url.clone(),
            requested: material.requested.clone(),
            seen_at: material.seen_at,
        };
        identify::article(&draft, &facts, source, material.link.as_ref())
    }
}

/// The countries: those of the gazetteer, and the first place that the lexicon has of each.
fn common(lexicon: &Lexicon) -> BTreeSet<String> {
    let mut countries = BTreeSet::new();
    let places = lexicon.actors.iter().filter(|actor| actor.kind == ActorKind::Place);
    let firsts = places.filter(|actor| actor.country.as_ref().is_some_and(|country| countries.insert(country)));
    let gazetteer = gazetteer::builtin();
    let known = gazetteer.places().map(|no| gazetteer.place(no));
    let known = known.filter(|place| place.kind == PlaceKind::Country);
    firsts
        .map(|actor| actor.id.clone())
        .chain(known.map(|place| place.id.to_owned()))
        .collect()
}

fn mean(vectors: &[Vec<f32>]) -> Option<Vec<f32>> {
    let (first, rest) = vectors.split_first()?;
    let mut mean = first.clone();
    for vector in rest {
        for (sum, value) in mean.iter_mut().zip(vector) {
            *sum += value;
        }
    }
    mean.iter_mut().for_each(|sum| *sum /= vectors.len() as f32);
    Some(mean)
}

fn read_row(material: &Material, source: &Source, json: &[u8]) -> Option<Article> {
    let row: Row = serde_json::from_slice(json).ok()?;
    let written = row.written(&source.timezone, material.seen_at).unwrap_or_default();
    let raw = row.published.as_deref().unwrap_or_default();
    let claim = written.map(|written| written.claim(DateEvidence::Import, raw));
    let text = row.text.unwrap_or_default();
    let draft = Draft {
        title: row.title,
        text_access: if text.trim().is_empty() {
            TextAccess::HeadlineOnly
        } else {
            TextAccess::Full
        },
        text,
        published: claim,
        authors: match row.authors {
            Authors::None => Vec::new(),
            Authors::List(names) => names,
            Authors::Line(line) => vec![line],
        },
        section: row.section,
        standfirst: row.standfirst,
        comments: row.comments.map_or_else(Comments::default, |comments| Comments {
            state: if comments.open {
                CommentState::Open
            } else {
                CommentState::Closed
            },
            count: comments.count,
            signal: Some("import".to_owned()),
        }),
        declared_lang: row.lang,
        charset: "utf-8".to_owned(),
        ..Draft::default()
    };
    let facts = PageFacts {
        url: material.url.clone(),
        requested: material.requested.clone(),
        seen_at: material.seen_at,
    };
    identify::article(&draft, &facts, source, None)
}
