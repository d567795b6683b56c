//! Floors of quality over what the repository ships (`tests/floors.toml`): they are raised by hand and never sink
//! silently.
//!
//! Pages in `tests/pages/` must be read exactly (`tests/extraction.rs`); those in `tests/pages/measured/` are the
//! skeletons of many kinds of site, each with the article's text beside it, and are counted here.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use vigie::extract::{Context, draft};
use vigie::model::{DateClaim, Draft, Page, Precision};

#[derive(Deserialize)]
struct Floors {
    extraction: Extraction,
    cases: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extraction {
    pages: usize,
    f1: f64,
    passages: f64,
    title: f64,
    same_day: f64,
    wrong_day: f64,
    authors: f64,
}

/// What a page's table says, as far as it is counted here.
#[derive(Deserialize)]
struct Truth {
    url: String,
    zone: String,
    fetched_at: Option<Timestamp>,
    title: Option<String>,
    published: Option<String>,
    authors: Option<Vec<String>>,
    has: Vec<String>,
    lacks: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn floors() -> Floors {
    toml::from_str(include_str!("floors.toml")).unwrap()
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        match entry.unwrap().path() {
            // What site rules read must be exact: tests/rules.rs.
            path if path.is_dir() && path.ends_with("rules") => {}
            path if path.is_dir() => found.extend(pages(&path)),
            path if path.extension().is_some_and(|extension| extension == "html") => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

/// A Han character or a kana is a token, anything else a run of letters and digits.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.nfkc().filter(|c| *c != '\u{AD}') {
        let is_alone = matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
        match found.last_mut() {
            Some(word) if in_word && !is_alone && c.is_alphanumeric() => word.push(c),
            _ if c.is_alphanumeric() => found.push(c.into()),
            _ => {}
        }
        in_word = c.is_alphanumeric() && !is_alone;
    }
    found
}

fn shingles(text: &str) -> HashMap<Vec<String>, usize> {
    let tokens = tokens(text);
    let mut counted = HashMap::new();
    let width = tokens.len().min(4);
    for shingle in tokens.windows(width.max(1)) {
        *counted.entry(shingle.to_vec()).or_default() += 1;
    }
    counted
}

/// Precision and recall of 4-token shingles.
fn overlap(truth: &str, found: &str) -> (f64, f64) {
    let (truth, found) = (shingles(truth), shingles(found));
    let both: usize = truth
        .iter()
        .map(|(shingle, n)| n.min(found.get(shingle).unwrap_or(&0)))
        .sum();
    let share = |of: &HashMap<Vec<String>, usize>| match of.values().sum::<usize>() {
        0 => 0.0,
        all => both as f64 / all as f64,
    };
    (share(&found), share(&truth))
}

fn folded(text: &str) -> String {
    let letters = text.nfkc().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The day in the page's own zone.
fn true_day(published: &str, zone: &str) -> String {
    match published.parse::<Timestamp>() {
        Ok(at) => day_of(at, zone),
        Err(_) => published.to_owned(),
    }
}

fn read_day(claim: &DateClaim, zone: &str) -> String {
    match claim.precision {
        Precision::Second | Precision::Minute => day_of(claim.interval.min, zone),
        _ => claim.to_published(),
    }
}

fn day_of(at: Timestamp, zone: &str) -> String {
    at.to_zoned_datetime(TimeZone::get(zone).unwrap()).date().to_string()
}

fn read(path: &Path, truth: &Truth) -> Draft {
    let fetched_at = truth.fetched_at.unwrap_or("2009-12-18T00:00:00Z".parse().unwrap());
    let page = Page {
        requested: truth.url.clone(),
        url: truth.url.clone(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: std::fs::read(path).unwrap(),
        fetched_at,
    };
    let context = Context {
        zone: &truth.zone,
        fetched_at: Some(fetched_at),
        lang: None,
    };
    draft(&page, None, &context)
}

/// Right ones of those asked, with the misses in words.
#[derive(Default)]
struct Count {
    right: usize,
    asked: usize,
}

impl Count {
    fn note(&mut self, right: bool, miss: impl FnOnce() -> String) {
        self.asked += 1;
        self.right += usize::from(right);
        if !right {
            println!("  {}", miss());
        }
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.asked.max(1) as f64
    }
}

#[test]
fn extraction_is_at_least_as_good_as_it_was() {
    let floors = floors().extraction;
    let (mut precision, mut recall) = (Vec::new(), Vec::new());
    let (mut title, mut same_day, mut wrong, mut authors) =
        (Count::default(), Count::default(), Count::default(), Count::default());
    let (mut kept, mut lost, mut leaked) = (0, 0, 0);
    let paths = pages(&root().join("tests/pages"));
    for path in &paths {
        let name = path.file_stem().unwrap().display();
        let table = std::fs::read_to_string(path.with_extension("toml")).unwrap();
        let truth: Truth = toml::from_str(&table).unwrap_or_else(|error| panic!("{name}: {error}"));
        let got = read(path, &truth);
        // A page measured by its text says so where its other truths stand; a text lost is a test lost.
        let gold = std::fs::read_to_string(path.with_extension("txt"));
        assert!(
            gold.is_ok() || !path.parent().is_some_and(|folder| folder.ends_with("measured")),
            "{name}: no .txt"
        );
        if let Ok(gold) = gold {
            let (p, r) = overlap(&gold, &got.text);
            if p.min(r) < 0.98 {
                println!("  {name}: text: precision {p:.2}, recall {r:.2}");
            }
            precision.push(p);
            recall.push(r);
        }
        for words in &truth.has {
            let is_kept = got.text.contains(words);
            kept += u32::from(is_kept);
            lost += u32::from(!is_kept);
        }
        leaked += truth.lacks.iter().filter(|words| got.text.contains(*words)).count() as u32;
        if let Some(expected) = &truth.title {
            let found = got.title.as_deref().unwrap_or_default();
            title.note(folded(found) == folded(expected), || {
                format!("{name}: title: {found:?}, not {expected:?}")
            });
        }
        let expected = truth
            .published
            .as_deref()
            .map(|published| true_day(published, &truth.zone));
        let found = got.published.as_ref().map(|claim| read_day(claim, &truth.zone));
        if expected.is_some() {
            same_day.note(found == expected, || {
                format!("{name}: date: {:?}, not {expected:?}", got.published)
            });
        }
        wrong.note(found.is_none() || found == expected, || {
            format!("{name}: wrong date: {found:?}")
        });
        if let Some(expected) = &truth.authors {
            let set = |names: &[String]| names.iter().map(|name| folded(name)).collect::<HashSet<_>>();
            authors.note(set(&got.authors) == set(expected), || {
                format!("{name}: authors: {:?}, not {expected:?}", got.authors)
            });
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (precision, recall) = (mean(&precision), mean(&recall));
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    let passages = f64::from(2 * kept) / f64::from((2 * kept + lost + leaked).max(1));
    let measured = [
        ("pages", paths.len() as f64, floors.pages as f64),
        ("f1", f1, floors.f1),
        ("passages", passages, floors.passages),
        ("title", title.share(), floors.title),
        ("same_day", same_day.share(), floors.same_day),
        // A ceiling, turned into a floor of its opposite.
        ("1 - wrong_day", wrong.share(), 1.0 - floors.wrong_day),
        ("authors", authors.share(), floors.authors),
    ];
    for (what, value, floor) in measured {
        println!("{what} = {value:.4} (floor {floor:.4})");
    }
    let sunk: Vec<String> = measured
        .iter()
        // Floors are written with four decimals.
        .filter(|(_, value, floor)| value + 0.000_05 < *floor)
        .map(|(what, value, floor)| format!("{what} is {value:.4}, below its floor of {floor:.4}"))
        .collect();
    assert!(sunk.is_empty(), "{}", sunk.join("\n"));
}

#[test]
fn no_case_was_dropped() {
    for (name, least) in floors().cases {
        let path = root().join(format!("tests/cases/{name}.toml"));
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let cases: usize = table.values().filter_map(|value| Some(value.as_array()?.len())).sum();
        println!("{name} = {cases} (floor {least})");
        assert!(
            cases >= least,
            "{name}.toml has {cases} cases, {least} stood there before"
        );
    }
}
