//! `vigie lexicon`: which names stand in a text and why, and names that articles give in two scripts.

use serde_json::json;

use crate::cli::exit::mistake;
use crate::cli::inspect::text_article;
use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::read::pairs;
use crate::report;
use crate::store::StoreError;
use crate::tag::Tagger;

#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Which names of the lexicon and the gazetteer stand in a text or an article, and why each counts or not
    Check(CheckArgs),
    /// Names that articles give in two scripts, as 雅克·朗（Jack Lang）, and the lexicon lacks
    Suggest(SuggestArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie lexicon check '法朝扩大文化交流，雅克·朗访问平壤'
  vigie lexicon check i:3f2a                  an article of the store
  vigie lexicon check 'The mayor of Nice' --json")]
pub struct CheckArgs {
    /// A text, or the id of an article (i:…) or its beginning
    #[arg(required = true, value_name = "TEXT|ARTICLE")]
    pub text: Vec<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie lexicon suggest
  vigie lexicon suggest --least 2 --json      seen in two articles or more

Only pairs whose consonants sound alike are shown. Nothing is written: lexicon.toml is yours.")]
pub struct SuggestArgs {
    /// Only pairs seen in so many articles or more
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub least: u32,
    /// At most this many pairs
    #[arg(long, default_value_t = 40, value_name = "N")]
    pub limit: usize,
}

pub fn run(common: &Common, action: Action) -> anyhow::Result<Exit> {
    match action {
        Action::Check(args) => check(common, &args),
        Action::Suggest(args) => suggest(common, &args),
    }
}

fn check(common: &Common, args: &CheckArgs) -> anyhow::Result<Exit> {
    let config = query::config_or_builtin(common)?;
    let typed = args.text.join(" ");
    let now = common.clock().now();
    let article = match typed.starts_with("i:") && !typed.contains(char::is_whitespace) {
        true => {
            let reader = common.reader()?;
            let shown = match reader.show(&typed) {
                Ok(shown) => shown,
                Err(error @ StoreError::NoArticle(_)) => {
                    common.say(format!(
                        "error: {error}\nhint: `vigie query` lists articles with their ids"
                    ));
                    return Ok(Exit::NothingFound);
                }
                Err(error @ StoreError::Ambiguous(_)) => {
                    return Err(mistake(format!("{error}\nhint: `vigie query` lists whole ids")));
                }
                Err(error) => return Err(error.into()),
            };
            let mut article = text_article("", now);
            if let Some(version) = shown.versions.last() {
                article.title.clone_from(&version.title);
                article.standfirst.clone_from(&version.standfirst);
                article.text.clone_from(&version.text);
            }
            article.lang = shown.article.lang;
            article
        }
        false => text_article(&typed, now),
    };
    let findings = Tagger::new(&config.topics, &config.lexicon).explain(&article);
    if common.json {
        output::json(&json!({"lang": article.lang, "findings": findings}))?;
    } else {
        output::text(&report::lexicon::findings(&findings))?;
        if findings.is_empty() {
            common.say("No name of the lexicon or the gazetteer stands in it.");
        }
    }
    Ok(if findings.is_empty() {
        Exit::NothingFound
    } else {
        Exit::Done
    })
}

fn suggest(common: &Common, args: &SuggestArgs) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let (read, mut found) = pairs::unknown(&reader, &config.lexicon, args.least)?;
    let total = found.len();
    found.truncate(args.limit);
    if common.json {
        output::json(&json!({"read": read, "total": total, "shown": found.len(), "suggestions": found}))?;
    } else {
        output::text(&report::lexicon::suggestions(&found))?;
        common.say(format!(
            "{read} articles read, {total} pairs that the lexicon lacks, showing {}.",
            found.len()
        ));
    }
    Ok(if total == 0 { Exit::NothingFound } else { Exit::Done })
}
