//! Imports run one way: a line of this picture may use only the lines below it, and neighbours meet
//! only in `model`. The picture is the one in `docs/architecture.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest line first.
const LINES: &[&[&str]] = &[
    &["model", "clock"],
    &["text", "config"],
    &["names"],
    &[
        "discover", "fetch", "extract", "identify", "tag", "encode", "cluster", "compare", "code", "query", "store",
        "archive",
    ],
    &["crawl", "digest", "read"],
    &["report"],
    &["cli", "web"],
];

/// Within a line: who may use whom all the same, and why.
const NEIGHBOURS: &[(&str, &str)] = &[
    // A configuration is checked with the same folding that will match it.
    ("config", "text"),
    // A crawl hands what it fetched straight to the digest, so that a page is parsed while it is hot.
    ("crawl", "digest"),
];

#[test]
fn imports_run_one_way() {
    let line_of: BTreeMap<&str, usize> = LINES
        .iter()
        .enumerate()
        .flat_map(|(line, names)| names.iter().map(move |name| (*name, line)))
        .collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut read = 0;
    for file in rust_files(&src) {
        let relative = file.strip_prefix(&src).unwrap();
        let module = relative
            .iter()
            .next()
            .unwrap()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs");
        if module == "lib" || module == "main" {
            continue;
        }
        let mine = *line_of
            .get(module)
            .unwrap_or_else(|| panic!("src/{module} has no line in the picture"));
        read += 1;
        for used in uses(&fs::read_to_string(&file).unwrap()) {
            let Some(&theirs) = line_of.get(used.as_str()) else {
                continue;
            };
            let neighbours = NEIGHBOURS.contains(&(module, used.as_str()));
            if used != module && theirs >= mine && !neighbours {
                wrong.push(format!("src/{}: {module} uses {used}", relative.display()));
            }
        }
    }
    assert!(read > 20, "only {read} files were read: is this the right folder?");
    assert!(wrong.is_empty(), "imports against the picture:\n{}", wrong.join("\n"));
}

/// Names after `crate::` in code, comments left out; `crate::{a, b}` counts as both.
fn uses(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let group = rest
                .strip_prefix('{')
                .map(|group| group.split('}').next().unwrap_or(group));
            for part in group
                .unwrap_or(rest)
                .split(',')
                .take(if group.is_some() { usize::MAX } else { 1 })
            {
                names.push(
                    part.trim()
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect(),
                );
            }
        }
    }
    names
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn the_reader_of_imports_sees_what_is_there() {
    let source = "use crate::model::Page;\n// use crate::cli;\nlet x = crate::{text, store::open};";
    assert_eq!(uses(source), ["model", "text", "store"]);
}
