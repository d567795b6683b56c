//! `vigie inspect text`: language, tokens, actors and topics of a text, as index and tags see them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::query;
use crate::identify::language;
use crate::model::{Article, Comments, ItemKind, TextAccess};
use crate::tag::Tagger;
use crate::text::charset;
use crate::text::numbers::numbers;
use crate::text::script::{Script, length, letters};
use crate::text::tokens::each_token;

use super::{Batch, batch, fields, input, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo '法国与朝鲜同意加深文化合作' | vigie inspect text --json
  vigie inspect text --batch rows.jsonl     rows: id, text")]
pub struct Args {
    /// A file of text; standard input when none is named
    #[arg(value_name = "FILE|-", conflicts_with = "batch")]
    pub text: Option<PathBuf>,
    #[command(flatten)]
    pub batch: Batch,
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    /// ISO 15924: `Latn`, `Hang`, `Jpan`, `Cyrl` …; Chinese `Hans` or `Hant`, or `Hani` where nothing in it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<String>,
    tokens: Vec<String>,
    actors: Vec<String>,
    topics: Vec<String>,
    numbers: Vec<String>,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let config = query::config_or_builtin(common)?;
    let tagger = Tagger::new(&config.topics, &config.lexicon);
    let now = common.clock().now();
    if let Some(rows) = &args.batch.batch {
        return batch::run(rows, |row| {
            fields(&read(row.required("text").map_err(anyhow::Error::msg)?, &tagger, now))
        });
    }
    let bytes = input::read(args.text.as_deref().unwrap_or(Path::new("-"))).map_err(mistake)?;
    let text = charset::decode(&bytes, None, None).text;
    print(common, &read(&text, &tagger, now), human)
}

fn read(text: &str, tagger: &Tagger, now: jiff::Timestamp) -> Answer {
    let detected = language::detect(text, None);
    let mut tokens = Vec::new();
    each_token(text, |token, _, _, _| tokens.push(token.to_owned()));
    let article = article(text, &detected, now);
    let tags = tagger.matches(&article);
    Answer {
        script: script_code(text, &detected).map(str::to_owned),
        lang: detected.lang,
        tokens,
        actors: tags.mentions.into_iter().map(|mention| mention.actor).collect(),
        topics: tags.topics.into_iter().map(|tag| tag.topic).collect(),
        numbers: numbers(text),
    }
}

pub(super) fn script_code<'a>(text: &str, detected: &'a language::Detected) -> Option<&'a str> {
    match (detected.lang.as_deref(), letters(text).dominant()?) {
        (Some("zh"), _) => Some(detected.script.as_deref().unwrap_or("Hani")),
        (Some("ja"), _) | (_, Script::Kana) => Some("Jpan"),
        (Some("ko"), _) | (_, Script::Hangul) => Some("Hang"),
        (_, Script::Han) => Some("Hani"),
        (_, Script::Latin) => Some("Latn"),
        (_, Script::Cyrillic) => Some("Cyrl"),
        (_, Script::Arabic) => Some("Arab"),
        (_, Script::Greek) => Some("Grek"),
        (_, Script::Hebrew) => Some("Hebr"),
        (_, Script::Devanagari) => Some("Deva"),
        (_, Script::Thai) => Some("Thai"),
        (_, Script::Other) => None,
    }
}

/// A text alone, in the form that tags are made for.
fn article(text: &str, detected: &language::Detected, now: jiff::Timestamp) -> Article {
    Article {
        id: String::new(),
        source: String::new(),
        url: String::new(),
        lang: detected.lang.clone(),
        script: detected.script.clone(),
        title: String::new(),
        standfirst: None,
        text: text.to_owned(),
        authors: Vec::new(),
        published: None,
        modified: None,
        section: None,
        kind: ItemKind::default(),
        credit: None,
        text_access: TextAccess::Full,
        comments: Comments::default(),
        length: length(text, detected.lang.as_deref()),
        digest: String::new(),
        simhash: 0,
        seen_at: now,
    }
}

/// The same without knowing more of it than its words.
pub fn alone(text: &str, now: jiff::Timestamp) -> Article {
    article(text, &language::detect(text, None), now)
}

fn human(answer: &Answer) -> String {
    let mut out = String::new();
    let script = answer
        .script
        .as_ref()
        .filter(|_| answer.lang.as_deref() == Some("zh"))
        .map_or(String::new(), |script| format!("-{script}"));
    say(
        &mut out,
        "language",
        Some(&format!("{}{script}", answer.lang.as_deref().unwrap_or("–"))),
    );
    for (name, words) in [
        ("actors", &answer.actors),
        ("topics", &answer.topics),
        ("numbers", &answer.numbers),
        ("tokens", &answer.tokens),
    ] {
        say(&mut out, name, Some(&words.join(" ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_by_its_code() {
        for (text, script) in [
            ("Le port rouvre ses quais", Some("Latn")),
            ("港口重新开放", Some("Hans")),
            ("港口重新開放", Some("Hant")),
            ("文化交流", Some("Hani")),
            ("港が再び開いた", Some("Jpan")),
            ("항구가 다시 열렸다", Some("Hang")),
            ("Порт снова открыт", Some("Cyrl")),
            ("إعادة فتح الميناء", Some("Arab")),
            ("404", None),
        ] {
            assert_eq!(script_code(text, &language::detect(text, None)), script, "{text}");
        }
    }

    #[test]
    fn a_text_with_names_and_numbers() {
        let config = crate::config::builtin::config().unwrap();
        let tagger = Tagger::new(&config.topics, &config.lexicon);
        let answer = read(
            "法國與北韓於2009年談文化交流，共12項。",
            &tagger,
            jiff::Timestamp::UNIX_EPOCH,
        );
        assert_eq!(
            (answer.lang.as_deref(), answer.script.as_deref()),
            (Some("zh"), Some("Hant"))
        );
        assert!(answer.actors.contains(&"north-korea".to_owned()), "{answer:?}");
        assert!(answer.topics.contains(&"cultural-exchange".to_owned()), "{answer:?}");
        assert_eq!(answer.numbers, ["2009", "12"]);
        assert!(answer.tokens.contains(&"文化".to_owned()));
    }
}
