//! `vigie story list` and `vigie story check`.

use serde::Serialize;

use crate::cli::options::Common;
use crate::cli::{Exit, output, query};
use crate::config::stories;
use crate::model::story::{Spec, Window};
use crate::read::search;
use crate::report::clean;
use crate::report::table::{Table, fit};
use crate::text::durations;

use super::spec;

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    window: Window,
    relation: &'a [String],
    #[serde(rename = "match")]
    matches: Option<&'a str>,
    probes: usize,
    pins: usize,
    questions: usize,
    sha256: &'a str,
}

pub fn run(common: &Common) -> anyhow::Result<Exit> {
    let ids = stories::ids(&common.config)?;
    if ids.is_empty() {
        common.say("no story is written down\nhint: `vigie story new ID --from-query QUERY` writes stories/ID.toml");
        return Ok(Exit::NothingFound);
    }
    let mut table = Table::new(["id", "window (UTC)", "relation", "title"]);
    let mut lines = String::new();
    for id in &ids {
        let file = spec::get(common, id)?;
        if common.json {
            lines.push_str(&format!("{}\n", crate::report::json::line(&row(&file.spec))?));
            continue;
        }
        let spec = &file.spec;
        table.row([
            spec.id.clone(),
            window(spec.window),
            spec.relation.join(" – "),
            fit(&clean::line(&spec.title), 48),
        ]);
    }
    output::text(&if common.json { lines } else { table.render() })?;
    Ok(Exit::Done)
}

fn row(spec: &Spec) -> Row<'_> {
    Row {
        id: &spec.id,
        title: &spec.title,
        window: spec.window,
        relation: &spec.relation,
        matches: spec.matches.as_deref(),
        probes: spec.probes.len(),
        pins: spec.pins.within.len() + spec.pins.out.len(),
        questions: spec.questions.len(),
        sha256: &spec.sha256,
    }
}

fn window(window: Window) -> String {
    let until = window.until.map_or("open".to_owned(), durations::minute);
    format!("{} – {until}", durations::minute(window.since))
}

#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Only these stories
    #[arg(value_name = "STORY")]
    pub stories: Vec<String>,
}

pub fn check(common: &Common, args: CheckArgs) -> anyhow::Result<Exit> {
    let reader = common.reader()?;
    let config = query::config_or_builtin(common)?;
    let context = search::context(
        &config.lexicon,
        common.clock().now(),
        &common.tz,
        false,
        Some(&common.config),
    );
    let ids = match args.stories.is_empty() {
        true => stories::ids(&common.config)?,
        false => args.stories,
    };
    let mut wrong = 0;
    for id in &ids {
        let checked = spec::get(common, id).and_then(|file| {
            spec::check(common, &reader, &config, &file, &context)?;
            Ok(file)
        });
        match checked {
            Ok(file) => output::line(format!("{}  ok  sha256 {}", file.name, file.spec.sha256))?,
            // Each is told, so that all can be mended at once.
            Err(error) => {
                wrong += 1;
                common.say(format!("error: {error}"));
            }
        }
    }
    if ids.is_empty() {
        common.say("no story is written down\nhint: `vigie story new ID --from-query QUERY` writes stories/ID.toml");
        return Ok(Exit::NothingFound);
    }
    Ok(if wrong > 0 { Exit::Usage } else { Exit::Done })
}
