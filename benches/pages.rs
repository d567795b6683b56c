//! Reading pages, without network and store: what a page costs, and which part of it is decoding and parsing.
//!
//! `cargo bench --bench pages` reads every page of tests/pages as often as fills some seconds and prints pages per
//! CPU-second. `VIGIE_BENCH_DIR` names another folder of pages (`*.html`, `*.html.gz`). Figures are in
//! docs/benchmarks.md; compare only figures of one machine and one set of pages.

use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scraper::Html;
use vigie::extract::{Context, draft};
use vigie::model::Page;
use vigie::text::charset;

/// CPU-seconds that each phase is measured for: the clock below ticks a hundred times a second.
const LEAST: f64 = 3.0;

/// What is done to a page, and its name.
type Phase<'a> = (&'a str, &'a dyn Fn(&Page));

fn main() {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let folder = std::env::var_os("VIGIE_BENCH_DIR").map_or(usual, PathBuf::from);
    let mut pages = Vec::new();
    collect(&folder, &mut pages);
    assert!(!pages.is_empty(), "no page below {}", folder.display());
    let bytes: usize = pages.iter().map(|page| page.body.len()).sum();
    println!(
        "{} pages of {:.1} kB in the mean",
        pages.len(),
        bytes as f64 / 1000.0 / pages.len() as f64
    );
    // Each phase holds the one before it, as a page's reading does.
    let phases: [Phase; 3] = [
        ("decode", &|page| drop(black_box(decoded(page)))),
        ("decode, parse", &|page| {
            drop(black_box(Html::parse_document(&decoded(page))));
        }),
        ("decode, parse, read (all of a draft)", &|page| {
            let context = Context {
                zone: "Europe/Paris",
                fetched_at: Some(page.fetched_at),
                lang: None,
            };
            drop(black_box(draft(page, None, &context)));
        }),
    ];
    let mut before = 0.0;
    for (name, phase) in phases {
        let (start, mut rounds) = (cpu_seconds(), 0usize);
        let spent = loop {
            pages.iter().for_each(phase);
            rounds += 1;
            let spent = cpu_seconds() - start;
            if spent >= LEAST {
                break spent;
            }
        };
        let each = spent / (rounds * pages.len()) as f64;
        println!(
            "{name}: {:.0} pages per CPU-second, {:.3} ms a page ({:.3} ms more than before)",
            1.0 / each,
            each * 1000.0,
            (each - before) * 1000.0
        );
        before = each;
    }
}

fn decoded(page: &Page) -> String {
    charset::decode(&page.body, page.header("content-type"), None).text
}

fn collect(folder: &Path, pages: &mut Vec<Page>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, pages);
            continue;
        }
        let name = path.to_string_lossy();
        let raw = std::fs::read(&path).expect("a page");
        let body = if name.ends_with(".html.gz") {
            let mut body = Vec::new();
            flate2::read::MultiGzDecoder::new(raw.as_slice())
                .read_to_end(&mut body)
                .expect("a gzip file");
            body
        } else if name.ends_with(".html") {
            raw
        } else {
            continue;
        };
        let url = format!("https://paper.example/{}", pages.len());
        pages.push(Page {
            requested: url.clone(),
            url,
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body,
            fetched_at: Timestamp::UNIX_EPOCH + std::time::Duration::from_secs(2_000_000_000),
        });
    }
}

/// User and system time of this process (proc(5), fields 14 and 15, in ticks of 1/100 s).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}
