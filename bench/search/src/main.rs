//! Searching a store of many invented articles, beside tantivy, in one run; and two characters against a substring scan.
//!
//! `--articles N` writes N articles in French, Chinese and English into a store and the same tokens into a tantivy
//! index, then asks both the same words; with `--keep FOLDER` both stay there, and are asked again the next time;
//! with `--bare` the texts are indexed and not kept, which is half the disk: no answer here reads them.
//! `--texts FILE…` (JSON lines with a `text`) asks every text's pairs of
//! characters of a store that holds these texts, and compares what comes back with what a scan finds.

mod peer;
mod scan;
mod world;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vigie::query::{self, Context};
use vigie::store::{Order, Store};

/// What a page of results shows.
const SHOWN: u32 = 20;

fn main() {
    let mut articles = 10_000;
    let mut queries = 200;
    let mut texts: Vec<PathBuf> = Vec::new();
    let mut keep: Option<PathBuf> = None;
    let mut bare = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--articles" => articles = number(args.next()),
            "--queries" => queries = number(args.next()),
            "--keep" => keep = args.next().map(PathBuf::from),
            "--bare" => bare = true,
            "--texts" => texts.extend(args.by_ref().map(PathBuf::from)),
            _ => usage(),
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    if texts.is_empty() {
        compare(keep.as_deref().unwrap_or(folder.path()), articles, queries, bare);
    } else {
        scan::run(folder.path(), &texts, queries);
    }
}

fn number(arg: Option<String>) -> usize {
    arg.and_then(|arg| arg.parse().ok()).unwrap_or_else(|| usage())
}

fn usage() -> ! {
    eprintln!("usage: vigie-bench-search [--articles N] [--queries N] [--keep FOLDER] [--bare] [--texts FILE.jsonl…]");
    std::process::exit(2)
}

fn compare(folder: &Path, articles: usize, queries: usize, bare: bool) {
    let words = world::Words::new();
    let (ours, theirs) = (folder.join("vigie"), folder.join("tantivy"));
    let index = match ours.exists() {
        true => {
            // An older store is brought up to date.
            drop(Store::open(&ours).expect("a store"));
            peer::Found::open(&theirs)
        }
        false => write(&words, &ours, &theirs, articles, bare),
    };

    let reader = Store::reader(&ours).expect("a reader");
    println!("{articles} articles");
    println!(
        "index: vigie {:.0} bytes an article (whole store {:.0}), tantivy {:.0}",
        world::index_bytes(&ours) as f64 / articles as f64,
        world::folder_bytes(&ours) as f64 / articles as f64,
        world::folder_bytes(&theirs) as f64 / articles as f64,
    );
    println!("words | asked | articles found, median | vigie p50 ms | vigie p95 ms | tantivy p50 ms | tantivy p95 ms");
    let lexicon = vigie::model::Lexicon::default();
    let context = Context {
        lexicon: &lexicon,
        places: vigie::names::gazetteer::none(),
        names: None,
        now: jiff::Timestamp::now(),
        zone: "UTC",
        exact: false,
        stories: None,
        relation: None,
        bridge: false,
    };
    for (what, asked) in words.questions(queries) {
        let (mut ours, mut theirs, mut found) = (Vec::new(), Vec::new(), Vec::new());
        for text in &asked {
            let start = Instant::now();
            let condition = query::plan(&query::parse(text, &context).expect("a query").expr);
            let answer = reader.search(&condition, Order::Newest, SHOWN).expect("an answer");
            ours.push(start.elapsed());
            let start = Instant::now();
            let total = index.search(text, SHOWN as usize);
            theirs.push(start.elapsed());
            assert_eq!(answer.total, total as u64, "both find the same for {text}");
            found.push(total);
        }
        found.sort_unstable();
        println!(
            "{what} | {} | {} | {:.2} | {:.2} | {:.2} | {:.2}",
            asked.len(),
            found[found.len() / 2],
            quantile(&mut ours, 0.5),
            quantile(&mut ours, 0.95),
            quantile(&mut theirs, 0.5),
            quantile(&mut theirs, 0.95),
        );
    }
}

/// The same articles for both, and how long each took.
fn write(words: &world::Words, ours: &Path, theirs: &Path, articles: usize, bare: bool) -> peer::Found {
    let mut store = Store::open(ours).expect("a store");
    let mut index = peer::Index::create(theirs);
    let (mut ours_took, mut theirs_took, mut bytes) = (Duration::ZERO, Duration::ZERO, 0);
    world::declare(&mut store);
    world::write_in_bulk(ours);
    std::thread::scope(|scope| {
        // One batch is made while the one before it is written.
        let (made, batches) = std::sync::mpsc::sync_channel::<Vec<world::Piece>>(1);
        scope.spawn(move || {
            for from in (0..articles).step_by(world::BATCH) {
                let batch = (from..articles.min(from + world::BATCH)).map(|n| words.article(n));
                if made.send(batch.collect()).is_err() {
                    return;
                }
            }
        });
        let (mut written, started) = (0, Instant::now());
        for mut batch in batches {
            bytes += batch.iter().map(|piece| piece.article.text.len()).sum::<usize>();
            if bare {
                batch.iter_mut().for_each(|piece| piece.article.text.clear());
            }
            let start = Instant::now();
            world::insert(&mut store, &batch);
            ours_took += start.elapsed();
            let start = Instant::now();
            index.add(&batch);
            theirs_took += start.elapsed();
            written += batch.len();
            if written % 50_000 == 0 {
                eprintln!(
                    "{written} of {articles} articles written in {:.0} s: vigie {:.0} s, tantivy {:.0} s, the rest waiting for articles",
                    started.elapsed().as_secs_f64(),
                    ours_took.as_secs_f64(),
                    theirs_took.as_secs_f64()
                );
            }
        }
    });
    let start = Instant::now();
    store.optimize().expect("merged");
    ours_took += start.elapsed();
    let start = Instant::now();
    let index = index.finish();
    theirs_took += start.elapsed();
    drop(store);
    println!("{:.1} MB of text", bytes as f64 / 1e6);
    println!(
        "written in: vigie {:.1} s with article, versions and look-ups; tantivy {:.1} s of waiting for its own thread",
        ours_took.as_secs_f64(),
        theirs_took.as_secs_f64()
    );
    index
}

/// Milliseconds.
fn quantile(times: &mut [Duration], q: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() - 1) as f64 * q).round() as usize;
    times[at].as_secs_f64() * 1e3
}
