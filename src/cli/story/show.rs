//! `vigie story show`.

use serde::Serialize;

use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::model::comparison::{Asked, DecidedBy, Remark};
use crate::model::story::Spec;
use crate::read::search;
use crate::read::story::{self, Subject};
use crate::report::clean;
use crate::report::table::{Table, fit};
use crate::store::ArticleRow;
use crate::text::durations;

use super::{spec, suggested};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Id of a story in stories/, or of a suggested one
    pub story: String,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    id: &'a str,
    title: &'a str,
    sha256: &'a str,
    relation: &'a [String],
    asked: Vec<Asked>,
    articles: Vec<Article>,
    /// Found by the query and pinned out.
    left_out: Vec<Article>,
    questions: &'a [Remark],
    notes: &'a [Remark],
}

#[derive(Debug, Serialize)]
struct Article {
    id: String,
    source: String,
    lang: Option<String>,
    title: String,
    gloss: Option<String>,
    url: String,
    published: Option<String>,
    decided_by: DecidedBy,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    if suggested::is_one(&args.story) {
        return suggested::show(common, &args.story);
    }
    let file = spec::get(common, &args.story)?;
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let now = common.clock().now();
    let context = search::context(&config.lexicon, now, &common.tz, false, Some(&common.config));
    spec::check(common, &reader, &config, &file, &context)?;
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
    let told = |error| spec::faulty(&file, error);
    let content = story::content(&reader, &config.lexicon, &question, &context).map_err(told)?;
    let spec = &file.spec;
    let article = |(row, decided_by)| article(spec, row, decided_by);
    let shown = Shown {
        id: &spec.id,
        title: &spec.title,
        sha256: &spec.sha256,
        relation: &spec.relation,
        asked: content.asked,
        articles: content.articles.into_iter().map(article).collect(),
        left_out: content
            .left_out
            .into_iter()
            .map(|row| article((row, DecidedBy::User)))
            .collect(),
        questions: &spec.questions,
        notes: &spec.notes,
    };
    if common.json {
        output::json(&shown)?;
    } else {
        output::text(&terminal(&shown))?;
    }
    Ok(if shown.articles.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}

fn article(spec: &Spec, row: ArticleRow, decided_by: DecidedBy) -> Article {
    let gloss = spec.gloss.iter().find(|(id, _)| row.id.starts_with(id.as_str()));
    Article {
        gloss: gloss.map(|(_, text)| text.clone()),
        published: row.published.as_ref().map(durations::claimed_utc),
        id: row.id,
        source: row.source,
        lang: row.lang,
        title: row.title,
        url: row.url,
        decided_by,
    }
}

fn terminal(shown: &Shown<'_>) -> String {
    let mut out = format!("{}\n{}\n", clean::line(shown.title), shown.id);
    for form in &shown.asked {
        let who = match form.implicit.as_slice() {
            [] => "asked of the others".to_owned(),
            implicit => format!("asked where {} goes without saying", implicit.join(", ")),
        };
        let all = shown.asked.len() == 1;
        let who = if all && form.implicit.is_empty() {
            "asked".to_owned()
        } else {
            who
        };
        let query = form.query.as_deref().unwrap_or("nothing: only pins are in it");
        out.push_str(&format!("{who}: {}\n", clean::line(query)));
    }
    let mut table = Table::new(["", "id", "published", "source", "title"]);
    let mut rows = |articles: &[Article], sign: fn(&Article) -> &'static str| {
        for one in articles {
            let title = match &one.gloss {
                Some(gloss) => format!("{} [{gloss}]", one.title),
                None => one.title.clone(),
            };
            table.row([
                sign(one).to_owned(),
                one.id.clone(),
                one.published.clone().unwrap_or_else(|| "undated".to_owned()),
                one.source.clone(),
                fit(&clean::line(&title), 40),
            ]);
        }
    };
    rows(&shown.articles, |one| {
        if one.decided_by == DecidedBy::User { "in" } else { "" }
    });
    rows(&shown.left_out, |_| "out");
    if !table.is_empty() {
        out.push('\n');
        out.push_str(&table.render());
    }
    for (heading, remarks) in [("questions", shown.questions), ("notes", shown.notes)] {
        if !remarks.is_empty() {
            out.push_str(&format!("\n{heading}\n"));
            for one in remarks {
                out.push_str(&format!("  {}: {}\n", clean::line(&one.id), clean::line(&one.text)));
            }
        }
    }
    out
}
