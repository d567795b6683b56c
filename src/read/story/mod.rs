//! A story and a window to a comparison: gathers what the store knows of each source, and hands it over.

mod asked;
mod background;
mod control;
pub mod formula;
mod members;
pub(super) mod reach;

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::compare::{self, Input, ItemCounts, Pace, SourceInput, StoryActor};
use crate::model::comparison::{Asked, Comparison, DecidedBy, EarlierStory, Excluded, LookRow, Remark, Story};
use crate::model::query::{Condition, Expr, Filter, Word};
use crate::model::story::{Spec, Theme};
use crate::model::{Interval, LengthUnit, Lexicon, Source};
use crate::query::{self, Context};
use crate::read::ask;
use crate::read::evidence::{self, Reading};
use crate::read::search::ReadError;
use crate::store::{ArticleRow, CommentBaseline, Reader};

pub use asked::{Form, SpecFault, Subject, countries, forms, in_spec, named};
pub use members::article;

/// What is usual for an outlet is judged over this long.
const USUAL: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is to be compared.
pub struct Question<'a> {
    pub subject: Subject<'a>,
    pub window: Interval,
    pub now: Timestamp,
    pub zone: &'a str,
    /// The sources to lay out, in the order of the file; provisional ones join when they have a match.
    pub sources: &'a [Source],
    /// Sources that were left out, and why.
    pub excluded: Vec<Excluded>,
    /// Themes to look for beside those of a spec.
    pub probes: Vec<Theme>,
    /// Other stories on the same relation.
    pub earlier: Vec<EarlierStory>,
}

/// Gathers and compares.
pub fn compare(
    reader: &Reader,
    lexicon: &Lexicon,
    question: &Question<'_>,
    context: &Context<'_>,
) -> Result<Comparison, ReadError> {
    let inside = Condition::Filter(Filter::Published(question.window));
    let candidates = candidates(reader, question.sources)?;
    let mut forms = asked::forms(question.subject, &candidates, lexicon, context)?;
    found_out(reader, &mut forms, &inside, context)?;
    let members::Members {
        mut found,
        left_out,
        cut,
    } = members::found(reader, question.subject, &forms, question.window)?;
    let left_out: BTreeSet<String> = left_out.into_iter().map(|row| row.source).collect();
    let rowids: Vec<i64> = found.iter().map(|member| member.row.rowid).collect();
    let glosses = members::glosses(question.subject, &found);
    let (own, relation) = match question.subject {
        Subject::Spec(spec) => (spec.probes.as_slice(), spec.relation.as_slice()),
        _ => (&[][..], &[][..]),
    };
    let probes = evidence::probes(&[own, &question.probes].concat(), relation, context)?;
    let mut reading = Reading::new(lexicon, &probes);
    let mut matches = members::matched(reader, &mut reading, question.sources, std::mem::take(&mut found))?;
    let vocabulary = reading.vocabulary;
    let counts = reader.item_counts(question.window)?;
    let unread = reader.unread_pages(question.window)?;
    let mut rates = background::rates(reader, &forms, question.window.min)?;
    let planned = planned_runs(reader, question.window)?;
    let since = question.window.max.saturating_sub(USUAL).unwrap_or(Timestamp::MIN);
    let mut inputs = Vec::new();
    let mut excluded = question.excluded.clone();
    let mut unheard = Unheard::default();
    for form in &forms {
        let silent: Vec<String> = (form.sources.iter())
            .filter(|id| !matches.contains_key(*id))
            .cloned()
            .collect();
        let mut around = control::around(reader, form, &inside, &silent)?;
        for source in candidates.iter().filter(|source| form.sources.contains(&source.id)) {
            let matches = matches.remove(&source.id).unwrap_or_default();
            if matches.is_empty() && source.provisional && !is_asked(question, source) {
                continue;
            }
            let shut_out = form.query.as_ref().and_then(|expr| reach::shut_out(expr, source));
            if let (true, Some(fields)) = (matches.is_empty(), shut_out) {
                excluded.push(Excluded {
                    source_id: source.id.clone(),
                    reason: format!("the query itself asks for {fields}"),
                });
                continue;
            }
            let weakened = match matches.is_empty() {
                true => unheard.of(reader, form, source)?,
                false => None,
            };
            let count = counts.get(&source.id).copied().unwrap_or_default();
            let around = around.remove(&source.id).unwrap_or_default();
            // What is usual is asked for where something is to be held against it.
            let lengths = match matches.is_empty() && around.instead.is_empty() {
                true => Vec::new(),
                false => own_lengths(reader, source, since)?,
            };
            let CommentBaseline { open, known } = match matches.is_empty() {
                true => CommentBaseline::default(),
                false => reader.comment_baseline(&source.id, since, &rowids)?,
            };
            let usual = Interval {
                min: since,
                max: question.window.max,
            };
            let published = match matches.is_empty() {
                true => reader.published(&source.id, usual)?,
                false => None,
            };
            let pace = published.map(|published| Pace {
                items: published.items,
                oldest: published.oldest,
                newest: published.newest,
            });
            inputs.push(SourceInput {
                looks: looks(reader, &source.id, question.window)?,
                planned: planned.get(&source.id).cloned().unwrap_or_default(),
                matches,
                control_hits: around.hits,
                instead: around.instead,
                near_misses: around.near_misses,
                items: ItemCounts {
                    listed: count.listed,
                    searchable: count.searchable,
                    full_text: count.full_text,
                },
                pace,
                lengths,
                comments_open: (open, known),
                proves_nothing: form.proves_nothing(&source.lang),
                weakened,
                unread: unread.get(&source.id).copied().unwrap_or(0),
                rate: rates.remove(&source.id),
                pinned_out: left_out.contains(&source.id),
                source: source.clone(),
            });
        }
    }
    let instead = inputs.iter_mut().flat_map(|input| input.instead.iter_mut());
    formula::mark(reader, instead, question.window.max)?;
    let position = |id: &str| candidates.iter().position(|source| source.id == id);
    inputs.sort_by_key(|input| position(&input.source.id));
    Ok(compare::story(&Input {
        story: story(question.subject, &forms, &inputs),
        window: question.window,
        now: question.now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        zone: question.zone.to_owned(),
        snapshot: reader.snapshot()?,
        excluded,
        cut,
        glosses,
        background: background::background(reader, &forms, &candidates, question.window.min, &question.earlier)?,
        notes: remarks(question.subject, |spec| &spec.notes),
        questions: remarks(question.subject, |spec| &spec.questions),
        sources: inputs,
        actors: actors(question.subject, &forms, lexicon),
        probes,
        vocabulary,
    }))
}

/// What a query asks that the store alone cannot answer is found out once for all that follows.
fn found_out(reader: &Reader, forms: &mut [Form], inside: &Condition, context: &Context<'_>) -> Result<(), ReadError> {
    for form in forms {
        for expr in [&mut form.query, &mut form.topic].into_iter().flatten() {
            *expr = ask::answered(reader, expr, inside, context)?.expr;
        }
    }
    Ok(())
}

/// Why the absence of an article proves less than it could; one search a language and word.
#[derive(Default)]
struct Unheard {
    known: HashMap<(String, String), bool>,
}

impl Unheard {
    fn of(&mut self, reader: &Reader, form: &Form, source: &Source) -> Result<Option<String>, ReadError> {
        let Some(expr) = &form.query else { return Ok(None) };
        if let Some(fields) = reach::narrowed(expr) {
            return Ok(Some(format!("the query also asks for {fields}")));
        }
        let lang = reach::main_tag(&source.lang);
        let lacking = reach::lacking(expr, &mut |leaf| match leaf {
            Expr::Word(word) => self.stands(reader, word, lang),
            _ => Ok(true),
        })?;
        if let Some(part) = lacking {
            let part = query::print(part);
            return Ok(Some(format!("no text here in its language has {part}")));
        }
        Ok((form.nameless && form.topic.is_some()).then(|| "the query names nobody to look for besides".to_owned()))
    }

    fn stands(&mut self, reader: &Reader, word: &Word, lang: &str) -> Result<bool, ReadError> {
        let anywhere = Expr::Word(Word {
            field: None,
            ..word.clone()
        });
        let key = (lang.to_owned(), query::print(&anywhere));
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let of_language = Condition::Filter(Filter::Lang(lang.to_owned()));
        let found = reader.count(&Condition::All(vec![query::plan(&anywhere), of_language]))? > 0;
        self.known.insert(key, found);
        Ok(found)
    }
}

/// The actors that a story is about, with where they are at home: its relation, then those that its query names.
fn actors(subject: Subject<'_>, forms: &[Form], lexicon: &Lexicon) -> Vec<StoryActor> {
    let mut ids = match subject {
        Subject::Spec(spec) => spec.relation.clone(),
        _ => Vec::new(),
    };
    for expr in forms.iter().filter_map(|form| form.query.as_ref()) {
        asked::named(expr, &mut ids);
    }
    let actor = |id: String| {
        let known = lexicon.actors.iter().find(|actor| actor.id == id)?;
        Some(StoryActor {
            country: known.country.clone(),
            id,
        })
    };
    // A concept stands in a query as an actor does, and is none.
    ids.into_iter().filter_map(actor).collect()
}

/// What is in a story, without laying it out.
pub struct Content {
    pub asked: Vec<Asked>,
    /// Oldest first.
    pub articles: Vec<(ArticleRow, DecidedBy)>,
    /// What the query finds and the reader pinned out.
    pub left_out: Vec<ArticleRow>,
}

/// The articles of a story, and who decided so.
pub fn content(
    reader: &Reader,
    lexicon: &Lexicon,
    question: &Question<'_>,
    context: &Context<'_>,
) -> Result<Content, ReadError> {
    let inside = Condition::Filter(Filter::Published(question.window));
    let mut forms = asked::forms(question.subject, question.sources, lexicon, context)?;
    found_out(reader, &mut forms, &inside, context)?;
    let members = members::found(reader, question.subject, &forms, question.window)?;
    Ok(Content {
        asked: forms.iter().map(Form::asked).collect(),
        articles: (members.found.into_iter())
            .map(|member| (member.row, member.decided_by))
            .collect(),
        left_out: members.left_out,
    })
}

fn is_asked(question: &Question<'_>, source: &Source) -> bool {
    question.sources.iter().any(|asked| asked.id == source.id)
}

fn remarks(subject: Subject<'_>, of: impl Fn(&Spec) -> &Vec<Remark>) -> Vec<Remark> {
    match subject {
        Subject::Spec(spec) => of(spec).clone(),
        _ => Vec::new(),
    }
}

fn story(subject: Subject<'_>, forms: &[Form], rows: &[SourceInput]) -> Story {
    // Imported sources that have nothing to say were asked, and are no rows.
    let mut asked: Vec<Asked> = forms.iter().map(Form::asked).collect();
    for form in &mut asked {
        form.sources.retain(|id| rows.iter().any(|row| row.source.id == *id));
    }
    asked.retain(|form| !form.sources.is_empty());
    // Where everybody is asked alike, that is the query.
    let mut runs: Vec<String> = forms.iter().filter_map(|form| form.asked().query).collect();
    runs.dedup();
    let story = |id: &str, title: &str| Story {
        id: id.to_owned(),
        title: title.to_owned(),
        query: None,
        run: match runs.as_slice() {
            [run] => Some(run.clone()),
            _ => None,
        },
        spec_sha256: None,
        relation: Vec::new(),
        topic: None,
        asked: asked.clone(),
        expect: Vec::new(),
    };
    match subject {
        Subject::Query { id, title, typed } => Story {
            query: Some(typed.to_owned()),
            ..story(id, title)
        },
        Subject::Gathered { id, title, .. } => story(id, title),
        Subject::Spec(spec) => Story {
            query: spec.matches.clone(),
            spec_sha256: Some(spec.sha256.clone()),
            relation: spec.relation.clone(),
            topic: spec.topic.clone(),
            expect: spec.expect.clone(),
            ..story(&spec.id, &spec.title)
        },
    }
}

/// The sources asked about, and the provisional ones, which are laid out where they have something to say.
fn candidates(reader: &Reader, asked: &[Source]) -> Result<Vec<Source>, ReadError> {
    let known: BTreeSet<&str> = asked.iter().map(|source| source.id.as_str()).collect();
    let mut sources = asked.to_vec();
    let imported = reader.sources()?.into_iter();
    sources.extend(imported.filter(|source| source.provisional && !known.contains(source.id.as_str())));
    Ok(sources)
}

fn looks(reader: &Reader, source: &str, window: Interval) -> Result<Vec<LookRow>, ReadError> {
    let mut looks = reader.last_good_of_each_listing(source, window.min)?;
    looks.extend(reader.looks(window, Some(source))?);
    Ok(looks)
}

/// Runs of the window by the sources they meant to visit.
fn planned_runs(reader: &Reader, window: Interval) -> Result<HashMap<String, Vec<i64>>, ReadError> {
    let mut planned: HashMap<String, Vec<i64>> = HashMap::new();
    for run in reader.planned_runs(window)? {
        for source in run.sources {
            planned.entry(source).or_default().push(run.run);
        }
    }
    Ok(planned)
}

/// Of the source's articles in its own unit.
fn own_lengths(reader: &Reader, source: &Source, since: Timestamp) -> Result<Vec<u32>, ReadError> {
    let unit = if source.lang.starts_with("zh") || source.lang == "ja" {
        LengthUnit::Han
    } else {
        LengthUnit::Words
    };
    Ok(reader.lengths(&source.id, since, unit)?)
}
