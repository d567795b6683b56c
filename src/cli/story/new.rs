//! `vigie story new`.

use anyhow::Context as _;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::config::stories;
use crate::config::story_edit;
use crate::model::Lexicon;
use crate::model::comparison::{Comparison, Status};
use crate::model::lexicon::ActorKind;
use crate::model::query::Expr;
use crate::model::story::{Pins, Spec, Window};
use crate::query as language;
use crate::read::search;
use crate::read::story::{self, Subject};

use super::spec;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  vigie story new lang-pyongyang --from-query '@france @north-korea \"Jack Lang\"' --window 2009-12-14..2009-12-18

Two countries or more in the query become the story's relation, and @relation in it: each source is then asked without
the one that it is at home in.")]
pub struct Args {
    /// Its id and the name of its file: lower-case letters, digits, hyphens
    pub id: String,
    /// What makes an article part of it
    #[arg(long, value_name = "QUERY")]
    pub from_query: String,
    /// From when to when, as A..B; with A.. it stays open
    #[arg(long, value_name = "A..B", default_value = "7d..")]
    pub window: String,
    /// A line for people; without it, the query
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Sources from which you would expect it
    #[arg(long, value_delimiter = ',', value_name = "SOURCE")]
    pub expect: Vec<String>,
    /// Print the file, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let now = common.clock().now();
    let context = search::context(&config.lexicon, now, &common.tz, false, Some(&common.config));
    let read = query::read(common, &reader, &config, &args.from_query, &context)?;
    let (relation, matches) = relate(&read.expr, &args.from_query, &config.lexicon);
    let spec = Spec {
        id: args.id.clone(),
        title: args.title.clone().unwrap_or_else(|| args.from_query.clone()),
        topic: (!relation.is_empty()).then(|| "@relation-other".to_owned()),
        relation,
        window: window(common, &args.window)?,
        matches: Some(matches),
        expect: args.expect.clone(),
        probes: Vec::new(),
        pins: Pins::default(),
        questions: Vec::new(),
        notes: Vec::new(),
        gloss: Default::default(),
        sha256: String::new(),
    };
    let path = stories::path(&common.config, &args.id);
    let text = story_edit::write(&spec);
    let file = stories::parse(&path.display().to_string(), &text).map_err(crate::config::ConfigError::from)?;
    spec::check(common, &reader, &config, &file, &context)?;
    if path.exists() {
        return Err(mistake(format!(
            "{} is there already\nhint: edit it, or choose another id",
            path.display()
        )));
    }
    if args.dry_run {
        output::text(&text)?;
    } else {
        let folder = common.config.join(stories::FOLDER);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        super::pin::replace(&path, &text)?;
    }
    let sources = query::sources(common, &reader)?;
    let question = story::Question {
        subject: Subject::Spec(&file.spec),
        window: file.spec.window.at(now),
        now,
        zone: &common.tz,
        sources: &sources,
        excluded: Vec::new(),
        probes: Vec::new(),
        earlier: Vec::new(),
    };
    let comparison =
        story::compare(&reader, &config.lexicon, &question, &context).map_err(|error| spec::faulty(&file, error))?;
    let verb = if args.dry_run { "would write" } else { "wrote" };
    common.say(format!("{verb} {}   {}", path.display(), outcome(&comparison)));
    if !args.dry_run {
        common.say(format!("edit the file, then: vigie compare {}", args.id));
    }
    Ok(Exit::Done)
}

/// Countries that all must be named become the relation; the rest of the query stays as it was typed.
fn relate(expr: &Expr, typed: &str, lexicon: &Lexicon) -> (Vec<String>, String) {
    let is_country = |id: &String| {
        let actor = lexicon.actors.iter().find(|actor| actor.id == *id);
        actor.is_some_and(|actor| actor.kind == ActorKind::Place && actor.country.is_some())
    };
    let parts = match expr {
        Expr::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    // Of a country that is asked for in the title alone, something else is meant.
    let country = |part: &Expr| match part {
        Expr::Actor { id, names } if is_country(id) && names.iter().all(|name| name.field.is_none()) => {
            Some(id.clone())
        }
        _ => None,
    };
    let relation: Vec<String> = parts.iter().filter_map(country).collect();
    if relation.len() < 2 {
        return (Vec::new(), typed.to_owned());
    }
    let rest: Vec<Expr> = parts.iter().filter(|part| country(part).is_none()).cloned().collect();
    let matches = match rest.is_empty() {
        true => "@relation".to_owned(),
        // Behind the relation an OR would reach too far without parentheses, which the printing of an AND sets.
        false if rest.len() == 1 => format!("@relation AND {}", part(&rest[0])),
        false => format!("@relation AND {}", language::print(&Expr::And(rest))),
    };
    (relation, matches)
}

fn part(expr: &Expr) -> String {
    let printed = language::print(expr);
    match expr {
        Expr::Or(_) => format!("({printed})"),
        _ => printed,
    }
}

fn window(common: &Common, typed: &str) -> anyhow::Result<Window> {
    let (since, until) = typed.split_once("..").ok_or_else(|| {
        mistake(format!(
            "`{typed}` is no window\nhint: for example 2009-12-14..2009-12-18, or 2009-12-14.. to leave it open"
        ))
    })?;
    let since = common.moment(since, false)?;
    let until = match until.trim() {
        "" => None,
        text => Some(common.moment(text, true)?),
    };
    if until.is_some_and(|until| until <= since) {
        return Err(mistake(format!(
            "the window is empty: {typed}\nhint: the earlier moment comes first"
        )));
    }
    Ok(Window { since, until })
}

/// `matches 7 items from 6 sources; 3 sources looked and silent; 1 unknown`
fn outcome(comparison: &Comparison) -> String {
    let count = |status: &[Status]| {
        let rows = comparison.sources.iter();
        rows.filter(|row| status.contains(&row.status)).count()
    };
    let plural = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let mut text = format!(
        "matches {} from {}",
        plural(comparison.articles.len(), "article"),
        plural(count(&[Status::Covered]), "source")
    );
    let silent = count(&[Status::Silent, Status::NotYet]);
    if silent > 0 {
        text.push_str(&format!("; {} looked at and silent", plural(silent, "source")));
    }
    let unknown = count(&[Status::Unknown, Status::NotLooked]);
    if unknown > 0 {
        text.push_str(&format!("; {unknown} unknown"));
    }
    text
}
