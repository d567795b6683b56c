//! `vigie init`: the files to begin with, and an empty store.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::Exit;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::{builtin, preset, sources};
use crate::model::Source;
use crate::store::{DATABASE, Store};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Presets:
  all      every edition that comes with vigie
  seed     the outlets of the story it was first made for
  dprk     seed, what Pyongyang publishes, and those who watch it for a living
  france, china, korea    what is published there
  english  editions in English, from anywhere

Examples:
  vigie init
  vigie init ~/press --preset dprk")]
pub struct Args {
    /// Folder to write into (else the one of --config)
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Which of the sources that come with vigie: all, seed, dprk, france, china, korea, english
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub preset: String,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// A preset is a predicate over the shipped sources, so that it cannot name one that no longer is.
type Preset = (&'static str, fn(&Source) -> bool);

const PRESETS: [Preset; 7] = [
    ("all", |_| true),
    ("seed", |source| in_group(source, &["seed"])),
    ("dprk", |source| in_group(source, &["dprk", "dprk-watch", "seed"])),
    ("france", |source| in_group(source, &["france"])),
    ("china", |source| in_group(source, &["china"])),
    ("korea", |source| in_group(source, &["korea"])),
    ("english", |source| base(&source.lang) == "en"),
];

fn in_group(source: &Source, groups: &[&str]) -> bool {
    source.groups.iter().any(|group| groups.contains(&group.as_str()))
}

fn base(lang: &str) -> &str {
    lang.split('-').next().unwrap_or(lang)
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let Some((_, keep)) = PRESETS.iter().find(|(name, _)| *name == args.preset) else {
        let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        return Err(mistake(format!(
            "no preset `{}`\nhint: there are {}",
            args.preset,
            names.join(", ")
        )));
    };
    let chosen = match args.preset.as_str() {
        "all" => builtin::SOURCES.to_owned(),
        _ => preset::select(builtin::SOURCES, keep)?,
    };
    let declared = sources::parse("sources.toml", &chosen)?.sources;
    let shipped = builtin::config()?;
    let dir = args.dir.clone().unwrap_or_else(|| common.config.clone());
    // A folder named on the command line is a whole project; without one, --data says where the store goes.
    let data = if args.dir.is_some() && common.data.is_relative() {
        dir.join(&common.data)
    } else {
        common.data.clone()
    };
    let files = [
        ("sources.toml", chosen.as_str(), summary(&declared)),
        (
            "topics.toml",
            builtin::TOPICS,
            format!("{} topics", shipped.topics.topics.len()),
        ),
        (
            "lexicon.toml",
            builtin::LEXICON,
            format!("{} actors", shipped.lexicon.actors.len()),
        ),
    ];
    if !args.force {
        refuse_to_replace(&dir, &files.each_ref().map(|(name, ..)| *name))?;
    }
    if !args.dry_run {
        fs::create_dir_all(&dir).map_err(|error| mistake(format!("cannot make {}: {error}", dir.display())))?;
    }
    let mut out = std::io::stdout().lock();
    let verb = if args.dry_run { "would write" } else { "wrote" };
    for (name, text, what) in &files {
        let path = dir.join(name);
        if !args.dry_run {
            write(&path, text, args.force)?;
        }
        if !common.json {
            writeln!(out, "{verb} {} ({what})", path.display())?;
        }
    }
    let there = data.join(DATABASE).exists();
    if !args.dry_run {
        Store::open(&data)?;
    }
    if common.json {
        let row = serde_json::json!({
            "dir": dir.display().to_string(), "preset": args.preset, "sources": declared.len(),
            "topics": shipped.topics.topics.len(), "actors": shipped.lexicon.actors.len(),
            "store": data.join(DATABASE).display().to_string(), "written": !args.dry_run,
        });
        writeln!(out, "{row}")?;
        return Ok(Exit::Done);
    }
    let verb = match (there, args.dry_run) {
        (true, _) => "kept",
        (false, true) => "would create",
        (false, false) => "created",
    };
    writeln!(out, "{verb} {}", data.join(DATABASE).display())?;
    next(common, &args);
    Ok(Exit::Done)
}

fn next(common: &Common, args: &Args) {
    let cd = match &args.dir {
        Some(dir) if dir.as_path() != Path::new(".") => format!("cd {}   then: ", dir.display()),
        _ => String::new(),
    };
    common.say("put an address where webmasters can reach you into sources.toml (`contact`)");
    common.say(format!("next: {cd}vigie sources check   then: vigie crawl"));
}

/// `14 sources: 5 zh, 5 fr, 4 en; 2 disabled, with their reasons in the file`
fn summary(sources: &[Source]) -> String {
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        *languages.entry(base(&source.lang)).or_default() += 1;
    }
    let mut languages: Vec<(&str, usize)> = languages.into_iter().collect();
    languages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let languages: Vec<String> = languages
        .iter()
        .map(|(lang, count)| format!("{count} {lang}"))
        .collect();
    let disabled = sources.iter().filter(|source| !source.enabled).count();
    let disabled = match disabled {
        0 => String::new(),
        1 => "; 1 disabled, with its reason in the file".to_owned(),
        n => format!("; {n} disabled, with their reasons in the file"),
    };
    format!("{} sources: {}{disabled}", sources.len(), languages.join(", "))
}

/// Before anything is written, so that a refusal leaves the folder as it was.
fn refuse_to_replace(dir: &Path, names: &[&str]) -> anyhow::Result<()> {
    let there: Vec<String> = names
        .iter()
        .map(|name| dir.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| path.display().to_string())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    Err(mistake(format!(
        "{} {} there already; nothing was written\nhint: --force replaces what you have, or name another folder: vigie init DIR",
        there.join(", "),
        if there.len() == 1 { "is" } else { "are" }
    )))
}

fn write(path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        // Whoever made the file since we looked keeps it.
        options.create_new(true);
    }
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| mistake(format!("cannot write {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_checked_file_and_a_part_of_the_whole() {
        let whole = sources::parse("sources.toml", builtin::SOURCES).unwrap().sources;
        for (name, keep) in PRESETS {
            let text = preset::select(builtin::SOURCES, keep).unwrap();
            let chosen = sources::parse("sources.toml", &text).unwrap().sources;
            assert!(!chosen.is_empty(), "{name}");
            assert_eq!(chosen.len() == whole.len(), name == "all", "{name}");
            assert!(chosen.iter().all(keep), "{name}");
        }
    }

    #[test]
    fn the_summary_counts_languages_most_first() {
        let text = r#"
            [crawler]
            contact = "https://reader.example/about"
            [[source]]
            id = "a-fr"
            name = "A"
            home = "https://a.example/"
            country = "FR"
            lang = "fr"
            ownership = "private"
            kind = "press"
            timezone = "Europe/Paris"
            feeds = ["https://a.example/rss"]
            [[source]]
            id = "b-zh"
            name = "B"
            home = "https://b.example/"
            country = "CN"
            lang = "zh-Hans"
            ownership = "state"
            kind = "press"
            timezone = "Asia/Shanghai"
            feeds = ["https://b.example/rss"]
            enabled = false
            reason = "away"
            [[source]]
            id = "c-zh"
            name = "C"
            home = "https://c.example/"
            country = "TW"
            lang = "zh-Hant"
            ownership = "private"
            kind = "press"
            timezone = "Asia/Taipei"
            feeds = ["https://c.example/rss"]
        "#;
        let sources = sources::parse("sources.toml", text).unwrap().sources;
        assert_eq!(
            summary(&sources),
            "3 sources: 2 zh, 1 fr; 1 disabled, with its reason in the file"
        );
    }
}
