//! Parts of a query that neither the index nor a column can answer: whose articles a story's are, who is quoted, which
//! headlines are made by a formula. They are found out before the rest is asked.
//!
//! Takes an expression, gives it with the rows of articles in the place of these parts.

use crate::compare::evidence::Probes;
use crate::config::{ConfigError, stories};
use crate::model::article::Field;
use crate::model::evidence::{Quote, QuoteKind};
use crate::model::query::{Condition, Expr, Filter, Test};
use crate::query::{self, Context};
use crate::read::evidence::Reading;
use crate::read::search::ReadError;
use crate::read::story::{self, Subject, formula};
use crate::store::{ArticleRow, Order, Reader};
use crate::text::holds::holds;

/// More articles than these are not read one by one while somebody waits.
pub const MOST_READ: u32 = 20_000;

/// An expression that the store can be asked.
#[derive(Debug)]
pub struct Answered {
    pub expr: Expr,
    /// How the parts were found out.
    pub notes: Vec<String>,
}

/// `beside` is what narrows the question beside its text.
pub fn answered(
    reader: &Reader,
    expr: &Expr,
    beside: &Condition,
    context: &Context<'_>,
) -> Result<Answered, ReadError> {
    let mut notes = Vec::new();
    if !holds_any(expr, &|part| is_story(part) || is_read(part)) {
        let expr = expr.clone();
        return Ok(Answered { expr, notes });
    }
    let expr = replaced(expr, &mut |part| match part {
        Expr::Filter(Filter::Story(id)) => Ok(Some(of_story(reader, id, context)?)),
        _ => Ok(None),
    })?;
    // What the rest of the query leaves is all that has to be read.
    let around = around(&expr, beside);
    let expr = replaced(&expr, &mut |part| match part {
        Expr::Speaker(name) => {
            let (rows, read) = quoting(reader, name, &around, context)?;
            let (plural, verb) = if read == 1 { ("", "names") } else { ("s", "name") };
            let quote = if rows.len() == 1 { "quotes" } else { "quote" };
            notes.push(format!(
                "quotes are not kept: {read} article{plural} that {verb} the speaker and fulfil the rest were read by \
                 rule, and {} {quote} them",
                rows.len(),
            ));
            Ok(Some(rows))
        }
        _ => Ok(None),
    })?;
    let around = self::around(&expr, beside);
    let expr = replaced(&expr, &mut |part| match part {
        Expr::Filter(Filter::Formula) => {
            let (rows, read) = by_formula(reader, &around)?;
            notes.push(format!(
                "is:formula: {} of {read} headline{} are made as two others or more of the same source within a year",
                rows.len(),
                if read == 1 { "" } else { "s" },
            ));
            Ok(Some(rows))
        }
        _ => Ok(None),
    })?;
    Ok(Answered { expr, notes })
}

/// The condition of an expression, its parts found out.
pub fn condition(
    reader: &Reader,
    expr: &Expr,
    beside: &Condition,
    context: &Context<'_>,
) -> Result<Condition, ReadError> {
    Ok(query::plan(&answered(reader, expr, beside, context)?.expr))
}

/// Is it found out by reading articles one by one?
fn is_read(part: &Expr) -> bool {
    matches!(part, Expr::Speaker(_) | Expr::Filter(Filter::Formula))
}

fn is_story(part: &Expr) -> bool {
    matches!(part, Expr::Filter(Filter::Story(_)))
}

fn holds_any(expr: &Expr, is: &dyn Fn(&Expr) -> bool) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(|part| holds_any(part, is)),
        Expr::Not(part) => holds_any(part, is),
        one => is(one),
    }
}

/// The rows that a part stands for; `None` where it is no such part.
type Rows = Result<Option<Vec<i64>>, ReadError>;

/// The expression with rows in the place of the parts that are answered. Its depth is bounded by the parser.
fn replaced(expr: &Expr, answer: &mut dyn FnMut(&Expr) -> Rows) -> Result<Expr, ReadError> {
    let mut all = |parts: &[Expr]| -> Result<Vec<Expr>, ReadError> {
        parts.iter().map(|part| replaced(part, &mut *answer)).collect()
    };
    Ok(match expr {
        Expr::And(parts) => Expr::And(all(parts)?),
        Expr::Or(parts) => Expr::Or(all(parts)?),
        Expr::Not(part) => Expr::Not(Box::new(replaced(part, answer)?)),
        one => match answer(one)? {
            Some(rows) => Expr::Filter(Filter::Rows {
                typed: query::print(one),
                rows,
            }),
            None => one.clone(),
        },
    })
}

/// What holds of every article that the whole expression can find, as far as that is known before reading.
fn around(expr: &Expr, beside: &Condition) -> Condition {
    let known: Vec<Expr> = expr
        .parts()
        .iter()
        .filter(|part| !holds_any(part, &is_read))
        .cloned()
        .collect();
    Condition::All(vec![query::plan(&Expr::And(known)), beside.clone()])
}

/// The articles of a written or a suggested story.
fn of_story(reader: &Reader, id: &str, context: &Context<'_>) -> Result<Vec<i64>, ReadError> {
    let unknown = || ReadError::Unanswerable {
        message: format!("there is no story `{id}`"),
        hint: "`vigie story list` shows the written stories, `vigie story suggest` the suggested ones (s:…)".to_owned(),
    };
    if id.starts_with("s:") {
        return match reader.story_rows(id)? {
            rows if rows.is_empty() => Err(unknown()),
            rows => Ok(rows),
        };
    }
    let Some(folder) = context.stories else {
        return Err(ReadError::Unanswerable {
            message: format!("story:{id} stands in the query of a story that another query asks for"),
            hint: "a story that is asked for by `story:` says by words, names and filters what is in it".to_owned(),
        });
    };
    let file = stories::load(folder, id)?.ok_or_else(unknown)?;
    let sources = reader.sources()?;
    let question = story::Question {
        subject: Subject::Spec(&file.spec),
        window: file.spec.window.at(context.now),
        now: context.now,
        zone: context.zone,
        sources: &sources,
        excluded: Vec::new(),
        probes: Vec::new(),
        earlier: Vec::new(),
    };
    let inner = Context {
        stories: None,
        relation: None,
        ..*context
    };
    let content = story::content(reader, context.lexicon, &question, &inner).map_err(|error| match error {
        ReadError::Spec(fault) => {
            ConfigError::from(file.fault(&fault.key, fault.within, fault.message, fault.hint)).into()
        }
        other => other,
    })?;
    Ok(content.articles.into_iter().map(|(row, _)| row.rowid).collect())
}

/// The articles that quote somebody of that name, and how many were read.
fn quoting(
    reader: &Reader,
    name: &Expr,
    around: &Condition,
    context: &Context<'_>,
) -> Result<(Vec<i64>, usize), ReadError> {
    let among = Condition::All(vec![query::plan(&query::wider(name)), around.clone()]);
    let rows = few(reader, &among, "speaker:")?;
    let test = query::test(name);
    let mut actors = Vec::new();
    story::named(name, &mut actors);
    let probes = Probes::default();
    let reading = Reading::new(context.lexicon, &probes);
    let read = rows.len();
    let mut found = Vec::new();
    for rows in rows.chunks(AT_ONCE) {
        let rowids: Vec<i64> = rows.iter().map(|row| row.rowid).collect();
        // Both come in the order asked for.
        let mut texts = reader.texts(&rowids)?.into_iter().peekable();
        for row in rows {
            let Some(text) = texts.next_if(|text| text.rowid == row.rowid) else {
                continue;
            };
            let article = story::article(text.text, row.clone());
            if reading
                .quotes(&article)
                .iter()
                .any(|quote| is_by(quote, &actors, &test))
            {
                found.push(row.rowid);
            }
        }
    }
    Ok((found, read))
}

/// Texts that are held at once.
const AT_ONCE: usize = 200;

fn is_by(quote: &Quote, actors: &[String], test: &Test) -> bool {
    let spoken = matches!(quote.kind, QuoteKind::Quote | QuoteKind::Indirect);
    let actor = |id: &String| actors.contains(id);
    let named = |name: &String| holds(test, &[(Field::Body, name.as_str())]);
    spoken && (quote.speaker_actor.as_ref().is_some_and(actor) || quote.speaker.as_ref().is_some_and(named))
}

/// The articles whose headline is made by a formula, and how many were looked at.
fn by_formula(reader: &Reader, around: &Condition) -> Result<(Vec<i64>, usize), ReadError> {
    let rows = few(reader, around, "is:formula")?;
    let read = rows.len();
    let mut found = Vec::new();
    for row in rows {
        if formula::is_formula(reader, &row)? {
            found.push(row.rowid);
        }
    }
    Ok((found, read))
}

/// These articles, where they are few enough to be read one by one.
fn few(reader: &Reader, among: &Condition, part: &str) -> Result<Vec<ArticleRow>, ReadError> {
    let n = reader.count(among)?;
    if n > u64::from(MOST_READ) {
        return Err(ReadError::Unanswerable {
            message: format!("{part} reads articles one by one, and {n} are left to read, more than {MOST_READ}"),
            hint: "narrow the rest of the query: words, source:, lang:, since:".to_owned(),
        });
    }
    Ok(reader.search(among, Order::Newest, MOST_READ)?.rows)
}
