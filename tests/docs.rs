//! Documentation that has gone stale fails here: commands, tables, keys, samples, folders, links, exit codes.
//!
//! Every check takes text and gives complaints, so that each is also tried on a text that deserves one.

#[path = "common/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use rusqlite::Connection;
use vigie::cli::{Cli, Exit};
use vigie::config::{codebook, decisions, encoder, lexicon, saved, sources, stories, topics};
use vigie::store::{DATABASE, Store};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every page, by its path from the root.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for folder in ["", "docs", "docs/decisions"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                pages.insert(name.clone(), read(&name));
            }
        }
    }
    assert!(pages.len() > 15, "only {} pages were found", pages.len());
    pages
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Fenced blocks: what stands behind the fence, and the text between.
fn blocks(page: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((kind.trim(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    blocks
}

/// A page without its fenced blocks.
fn prose(page: &str) -> String {
    let mut fenced = false;
    let outside = page.lines().filter(|line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    });
    outside.collect::<Vec<_>>().join("\n")
}

/// The words of a shell line up to a comment, pipe or redirection; quotation marks taken off.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '<' | ';' | '&') => break,
            (None, '#') if word.is_none() => break,
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The arguments of every vigie command in a page's `sh` blocks.
fn commands(page: &str) -> Vec<Vec<String>> {
    let shell = blocks(page).into_iter().filter(|(kind, _)| *kind == "sh");
    let lines = shell.flat_map(|(_, text)| {
        let joined = text.replace("\\\n", " ");
        joined.lines().map(words).collect::<Vec<_>>()
    });
    lines
        .filter_map(|words| {
            let named = words.iter().map(String::as_str).collect::<Vec<_>>();
            match named.as_slice() {
                ["vigie", rest @ ..] | ["cargo", "run", "--release", "--", rest @ ..] => {
                    Some(rest.iter().map(|word| (*word).to_owned()).collect())
                }
                _ => None,
            }
        })
        .collect()
}

fn wrong_commands(page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for arguments in commands(page) {
        let typed = std::iter::once("vigie".to_owned()).chain(arguments.iter().cloned());
        if let Err(error) = Cli::try_parse_from(typed) {
            wrong.push(format!("vigie {}\n{error}", arguments.join(" ")));
        }
    }
    wrong
}

#[test]
fn every_command_line_is_understood() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        tried += commands(&page).len();
        wrong.extend(wrong_commands(&page).iter().map(|error| format!("{name}: {error}")));
    }
    assert!(tried > 30, "only {tried} command lines were found");
    none(&wrong);

    let stale = "```sh\nvigie crawl --fast   # no such option\nvigie query '朝鲜 文化' --limit 3 | head\n```\n";
    assert_eq!(commands(stale).len(), 2);
    assert_eq!(wrong_commands(stale).len(), 1);
}

#[test]
fn every_command_is_documented() {
    let page = read("docs/machine-interface.md");
    let undocumented = |page: &str| -> Vec<String> {
        Cli::command()
            .get_subcommands()
            .map(|command| format!("### `vigie {}", command.get_name()))
            .filter(|heading| {
                !page.lines().any(|line| {
                    line.strip_prefix(heading.as_str())
                        .is_some_and(|rest| rest.starts_with(['`', ' ']))
                })
            })
            .collect()
    };
    none(&undocumented(&page));
    assert_eq!(
        undocumented(&page.replace("### `vigie crawl", "### `vigie krawl")).len(),
        1
    );
}

/// Rows of the tables under each heading of three signs: the cells, code marks taken off.
fn tables(page: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut tables: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut heading = None;
    for line in page.lines() {
        if line.starts_with('#') {
            heading = line
                .strip_prefix("### `")
                .and_then(|rest| rest.strip_suffix('`'))
                .map(str::to_owned);
            if let Some(name) = &heading {
                assert!(tables.insert(name.clone(), Vec::new()).is_none(), "{name} stands twice");
            }
        } else if let (Some(name), true) = (&heading, line.starts_with("| `")) {
            let cells = line.trim_matches('|').split(" | ");
            let cells = cells.map(|cell| cell.trim().trim_matches('`').to_owned()).collect();
            tables.entry(name.clone()).or_default().push(cells);
        }
    }
    tables
}

/// Tables and views of a fresh store with their columns, each with its declared type (none in views).
fn schema(conn: &Connection) -> BTreeMap<String, Vec<(String, String)>> {
    let sql = "SELECT m.name, m.type, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'search\\_%' ESCAPE '\\'
        ORDER BY m.name, c.cid";
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut schema: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    while let Some(row) = rows.next().unwrap() {
        let (table, kind): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let declared: String = row.get(3).unwrap();
        let shown = if kind == "view" { String::new() } else { declared };
        schema.entry(table).or_default().push((row.get(2).unwrap(), shown));
    }
    schema
}

fn wrong_schema(page: &str, schema: &BTreeMap<String, Vec<(String, String)>>) -> Vec<String> {
    let documented = tables(page);
    let mut wrong: Vec<String> = documented
        .keys()
        .filter(|name| !schema.contains_key(*name))
        .map(|name| format!("{name} is documented and does not exist"))
        .collect();
    for (name, columns) in schema {
        let Some(rows) = documented.get(name) else {
            wrong.push(format!("{name} exists and is not documented"));
            continue;
        };
        let is_view = columns.iter().all(|(_, kind)| kind.is_empty());
        let said: Vec<(String, String)> = rows
            .iter()
            .map(|cells| (cells[0].clone(), if is_view { String::new() } else { cells[1].clone() }))
            .collect();
        if said != *columns {
            wrong.push(format!("{name}: documented {said:?}\nfound {columns:?}"));
        }
        wrong.extend(
            rows.iter()
                .filter(|cells| cells.len() != 3 || cells[2].is_empty())
                .map(|cells| format!("{name}.{}: what is it?", cells[0])),
        );
    }
    wrong
}

#[test]
fn the_schema_page_is_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).unwrap();
    let conn = Connection::open(folder.path().join(DATABASE)).unwrap();
    let schema = schema(&conn);
    let page = read("docs/schema.md");
    none(&wrong_schema(&page, &schema));
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert!(
        page.contains(&format!("today {version}. ")),
        "the schema is of version {version}"
    );

    for (there, changed) in [
        ("### `mention`", "### `mentions`"),
        ("| `etag` | TEXT |", "| `e_tag` | TEXT |"),
        ("| `good` | INTEGER |", "| `good` | TEXT |"),
        ("| `gone` | time | when", "| `went` | time | when"),
    ] {
        assert!(page.contains(there), "{there}");
        assert!(
            !wrong_schema(&page.replace(there, changed), &schema).is_empty(),
            "{changed}"
        );
    }
    // The sample questions are run, too.
    for (_, sql) in blocks(&page).into_iter().filter(|(kind, _)| *kind == "sql") {
        conn.prepare(&sql).unwrap_or_else(|error| panic!("{sql}\n{error}"));
    }
}

/// Is this block a file that vigie would read without complaint?
fn wrong_sample(text: &str) -> Option<String> {
    let complaint = if text.contains("[[topic]]") {
        topics::parse("topics.toml", text).err()
    } else if text.contains("[[variable]]") {
        codebook::parse("codebook.toml", text).err()
    } else if text.contains("[[search]]") {
        saved::parse("saved.toml", text).err()
    } else if text.contains("[[decision]]") {
        decisions::parse("decisions.toml", text).err()
    } else if text.contains("[[actor]]") {
        lexicon::parse("lexicon.toml", text).err()
    } else if text.contains("pooling = ") {
        encoder::parse("encoder.toml", text).err()
    } else if text.contains("window = ") {
        stories::parse("stories/story.toml", text).err()
    } else {
        // A sample of one source need not say again who runs the crawler.
        let whole = match text.contains("[crawler]") {
            true => text.to_owned(),
            false => format!("[crawler]\ncontact = \"https://reader.example/about\"\n{text}"),
        };
        sources::parse("sources.toml", &whole).err()
    };
    complaint.map(|errors| errors.to_string())
}

#[test]
fn every_toml_sample_is_valid() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for (_, text) in blocks(&page).into_iter().filter(|(kind, _)| *kind == "toml") {
            tried += 1;
            wrong.extend(wrong_sample(&text).map(|errors| format!("{name}:\n{errors}")));
        }
    }
    assert!(tried >= 5, "only {tried} samples were found");
    none(&wrong);
    assert!(wrong_sample("[[source]]\nid = \"a\"\n").is_some());
    assert!(wrong_sample("[[topic]]\nid = \"a\"\n").is_some());
    assert!(wrong_sample("[[actor]]\nid = \"a\"\n").is_some());
    assert!(wrong_sample("id = \"a\"\nwindow = [\"2009-12-14\"]\n").is_some());
}

/// The table of a page that the extraction tests read: its keys must be theirs.
#[test]
fn the_page_sample_is_one_the_tests_read() {
    let tests = read("tests/extraction.rs");
    let page = read("docs/adding-a-source.md");
    let samples: Vec<String> = blocks(&page)
        .into_iter()
        .filter(|(kind, _)| *kind == "toml tests/pages")
        .map(|(_, text)| text)
        .collect();
    assert_eq!(samples.len(), 1);
    let strange = |sample: &str| -> Vec<String> {
        let table: toml::Table = sample.parse().unwrap();
        let known = |key: &str| tests.contains(&format!("    {key}: "));
        table.keys().filter(|key| !known(key)).cloned().collect()
    };
    none(&strange(&samples[0]));
    assert_eq!(strange("headline = \"x\""), ["headline"]);
}

fn wrong_keys(page: &str) -> Vec<String> {
    let documented = tables(page);
    let mut wrong = Vec::new();
    let all = [
        sources::keys(),
        topics::keys(),
        saved::keys(),
        codebook::keys(),
        lexicon::keys(),
        stories::keys(),
        decisions::keys(),
        encoder::keys(),
    ]
    .concat();
    for (table, keys) in &all {
        let Some(rows) = documented.get(*table) else {
            wrong.push(format!("there is no section on {table}"));
            continue;
        };
        let said: Vec<&str> = rows.iter().map(|cells| cells[0].as_str()).collect();
        wrong.extend(
            keys.iter()
                .filter(|key| !said.contains(key))
                .map(|key| format!("{table}.{key} is not documented")),
        );
        wrong.extend(
            said.iter()
                .filter(|key| !keys.contains(key))
                .map(|key| format!("{table}.{key} is documented and does not exist")),
        );
    }
    wrong.extend(
        documented
            .keys()
            .filter(|name| !all.iter().any(|(table, _)| table == name))
            .map(|name| format!("there is no table {name}")),
    );
    wrong
}

#[test]
fn every_key_of_the_configuration_is_documented() {
    let page = read("docs/config.md");
    none(&wrong_keys(&page));
    assert_eq!(
        wrong_keys(&page.replace("| `max_pages` |", "| `most_pages` |")).len(),
        4
    );
    assert_eq!(wrong_keys(&page.replace("### `actor`", "### `actors`")).len(), 2);
}

/// Module folders as the architecture page's tree has them: two spaces, a name, a slash.
fn tree(page: &str) -> Vec<String> {
    let folders = blocks(page).into_iter().find(|(_, text)| text.starts_with("src/\n"));
    let (_, text) = folders.expect("the tree of src/");
    text.lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once('/'))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase()))
        .collect()
}

fn module_folders() -> Vec<String> {
    let mut folders: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_module_folder_is_in_the_architecture_page() {
    let page = read("docs/architecture.md");
    let mut shown = tree(&page);
    shown.sort();
    assert_eq!(shown, module_folders());
    assert_ne!(tree(&page.replace("  query/", "  queries/")), tree(&page));
}

/// The lines of imports, lowest first, as the page shows them and as `tests/layering.rs` enforces them.
#[test]
fn the_lines_of_imports_are_those_that_are_tested() {
    let page = read("docs/architecture.md");
    let existing: Vec<String> = module_folders().into_iter().chain(["clock".to_owned()]).collect();
    let sorted = |names: Vec<String>| {
        let mut names: Vec<String> = names.into_iter().filter(|name| existing.contains(name)).collect();
        names.sort();
        names
    };
    let (_, shown) = blocks(&page)
        .into_iter()
        .find(|(kind, _)| *kind == "text lines of imports")
        .expect("the lines of imports");
    let mut shown: Vec<Vec<String>> = shown
        .lines()
        .map(|line| sorted(line.split_whitespace().map(str::to_owned).collect()))
        .collect();
    shown.reverse();
    let tested = read("tests/layering.rs");
    let tested = tested.split_once("const LINES").unwrap().1;
    let tested = tested.split_once("= &[").unwrap().1.split_once("];").unwrap().0;
    let tested: Vec<Vec<String>> = tested
        .split("],")
        .map(|line| sorted(line.split('"').skip(1).step_by(2).map(str::to_owned).collect()))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(shown, tested);
    assert_eq!(shown.concat().len(), existing.len(), "a module stands on no line");
}

/// The anchor that a heading gets on the usual forges.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

fn broken_links(name: &str, page: &str) -> Vec<String> {
    let text = prose(page);
    let folder = root().join(name).parent().unwrap().to_owned();
    let mut broken = Vec::new();
    for (at, _) in text.match_indices("](") {
        let target = text[at + 2..].split(')').next().unwrap_or_default();
        if target.starts_with("http://") || target.starts_with("https://") || target.starts_with("mailto:") {
            continue;
        }
        let (path, heading) = target.split_once('#').unwrap_or((target, ""));
        let file = if path.is_empty() {
            root().join(name)
        } else {
            folder.join(path)
        };
        if !file.exists() {
            broken.push(format!("{name}: there is no {target}"));
        } else if !heading.is_empty() {
            let headings = prose(&fs::read_to_string(&file).unwrap_or_default());
            let there = headings
                .lines()
                .filter(|line| line.starts_with('#'))
                .any(|line| anchor(line.trim_start_matches('#')) == heading);
            if !there {
                broken.push(format!("{name}: there is no heading for {target}"));
            }
        }
    }
    broken
}

#[test]
fn links_lead_somewhere() {
    let broken: Vec<String> = pages()
        .iter()
        .flat_map(|(name, page)| broken_links(name, page))
        .collect();
    none(&broken);
    assert_eq!(
        broken_links(
            "docs/query.md",
            "[a](nowhere.md) [b](schema.md#nowhere) [c](schema.md#views)"
        )
        .len(),
        2
    );
}

/// Every exit of the program: a new one does not compile until it stands here.
fn exits() -> Vec<Exit> {
    let next = |exit: &Exit| match exit {
        Exit::Done => Some(Exit::Internal),
        Exit::Internal => Some(Exit::Usage),
        Exit::Usage => Some(Exit::SourcesFailed),
        Exit::SourcesFailed => Some(Exit::NothingFound),
        Exit::NothingFound => Some(Exit::Locked),
        Exit::Locked => Some(Exit::Interrupted),
        Exit::Interrupted => None,
    };
    std::iter::successors(Some(Exit::Done), next).collect()
}

fn listed_exits(page: &str) -> Vec<u8> {
    let section = page.split_once("## Exit codes").map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next()?.parse().ok())
        .collect()
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let page = read("docs/machine-interface.md");
    let codes: Vec<u8> = exits().into_iter().map(Exit::code).collect();
    assert_eq!(listed_exits(&page), codes);
    assert_ne!(listed_exits(&page.replace("| 5 |", "| 6 |")), codes);
}

/// What the README promises of its first screen.
#[test]
fn the_first_screen_of_the_readme_says_what_to_do() {
    let page = read("README.md");
    let screen: Vec<&str> = page.lines().take(60).collect();
    let screen = screen.join("\n");
    for wanted in [
        "cargo run --release -- crawl",
        "cargo test",
        "vigie demo",
        "vigie import",
    ] {
        assert!(screen.contains(wanted), "{wanted} is not within the first 60 lines");
    }
}

/// Blocks of output name the command that printed them: each line stands in what it prints today on the store that the
/// demonstration leaves. Lines may be left out, never changed.
#[test]
fn every_output_is_true() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for (kind, shown) in blocks(&page) {
            let Some(command) = kind.strip_prefix("text vigie ") else {
                continue;
            };
            tried += 1;
            wrong.extend(
                untrue(command, &shown)
                    .iter()
                    .map(|line| format!("{name}: vigie {command}: {line}")),
            );
        }
    }
    assert!(tried >= 6, "only {tried} outputs were found");
    none(&wrong);
    assert_eq!(
        untrue("doctor", "database               ok\ndatabase               fine\n").len(),
        1
    );
}

fn untrue(command: &str, shown: &str) -> Vec<String> {
    let (place, demo) = run::demo();
    let words = words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let printed = match words.as_slice() {
        ["demo"] => demo.out.clone(),
        words => {
            let ran = place.run(words);
            ran.out + &ran.err
        }
    };
    let known: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let lines = shown.lines().filter(|line| !line.is_empty());
    lines
        .filter(|line| !known.contains(&line.trim_end()))
        .map(str::to_owned)
        .collect()
}
