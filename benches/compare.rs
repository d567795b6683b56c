//! A comparison over a large store: 100 sources, 1,000 articles each over 90 days, looked at four times a day; the story
//! is two countries and a word, in a window of four days.
//!
//! `cargo bench --bench compare` makes the store (`VIGIE_BENCH_SOURCES`, `VIGIE_BENCH_ARTICLES` change its size, with
//! `VIGIE_BENCH_DIR` it is kept and used again), then compares in a process of its own and prints wall time, CPU-seconds
//! and peak memory. Figures are in docs/benchmarks.md.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use vigie::clock::Clock;
use vigie::config::{Config, builtin, sources, stories};
use vigie::crawl::import;
use vigie::read::{search, story};
use vigie::store::{DATABASE, Store};

#[path = "../src/cli/demo/prose.rs"]
#[allow(dead_code, reason = "the demonstration uses all of it, the bench only the filling")]
mod prose;

use prose::{Dice, Register, Tongue};

const DAYS: i64 = 90;
const STORY: &str = "id = \"bench\"\ntitle = \"An agreement\"\nrelation = [\"france\", \"north-korea\"]\n\
    window = [\"2026-03-28\", \"2026-03-31\"]\nmatch = '@relation AND (@jack-lang OR (cultur* OR 文化) NEAR/30 (accord OR agree* OR 合作))'\n";

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(usual)
}

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--compare").skip(1);
    if let Some(folder) = args.next() {
        return compare(Path::new(&folder));
    }
    let kept = std::env::var_os("VIGIE_BENCH_DIR").map(PathBuf::from);
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).expect("a folder");
    if !folder.join("data").join(DATABASE).exists() {
        let started = Instant::now();
        make(&folder);
        println!("store made in {:.0} s", started.elapsed().as_secs_f64());
    }
    for _ in 0..3 {
        let status = Command::new(std::env::current_exe().expect("own path"))
            .arg("--compare")
            .arg(&folder)
            .status()
            .expect("the comparison runs");
        assert!(status.success());
    }
}

fn config() -> Config {
    let built_in = builtin::config().expect("shipped configuration");
    let file = sources::parse("sources.toml", &declared()).unwrap_or_else(|errors| panic!("{errors}"));
    Config::new(file, built_in.topics, built_in.lexicon)
}

fn compare(folder: &Path) {
    let config = config();
    let file = stories::parse("bench.toml", STORY).unwrap_or_else(|errors| panic!("{errors}"));
    let now = end();
    let started = Instant::now();
    let reader = Store::reader(&folder.join("data")).expect("the store");
    let context = search::context(&config.lexicon, now, "UTC", false, None);
    let question = story::Question {
        subject: story::Subject::Spec(&file.spec),
        window: file.spec.window.at(now),
        now,
        zone: "UTC",
        sources: &config.sources,
        excluded: Vec::new(),
        probes: Vec::new(),
        earlier: Vec::new(),
    };
    let comparison =
        story::compare(&reader, &config.lexicon, &question, &context).unwrap_or_else(|error| panic!("{error}"));
    println!(
        "{} sources, {} articles in the story: {:.2} s, {:.2} CPU-s, peak {} MB\n  {}",
        comparison.sources.len(),
        comparison.articles.len(),
        started.elapsed().as_secs_f64(),
        cpu_seconds(),
        peak_kib() / 1024,
        comparison.summary
    );
}

fn end() -> Timestamp {
    "2026-04-01T00:00:00Z".parse().expect("a time")
}

fn tongue(source: usize) -> (Tongue, &'static str, &'static str) {
    match source % 10 {
        0..=2 => (Tongue::French, "fr", "FR"),
        3..=5 => (Tongue::Chinese, "zh-Hans", "CN"),
        6 => (Tongue::English, "en", "KP"),
        _ => (Tongue::English, "en", "GB"),
    }
}

fn declared() -> String {
    let mut out = "[crawler]\ncontact = \"https://vigie.example/bench\"\n".to_owned();
    for source in 0..size("VIGIE_BENCH_SOURCES", 100) {
        let (_, lang, country) = tongue(source);
        out.push_str(&format!(
            "[[source]]\nid = \"paper-{source}\"\nname = \"Paper {source}\"\nhome = \"http://paper-{source}.example/\"\ncountry = \"{country}\"\n\
             lang = \"{lang}\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"UTC\"\nfeeds = [\"http://paper-{source}.example/feed\"]\n"
        ));
    }
    out
}

/// One article in 25 is about North Korea, half of these about France too, and some of these about the agreement.
fn subject(tongue: Tongue, n: usize) -> &'static [&'static str] {
    match (tongue, n % 100) {
        (Tongue::French, 1 | 26) => &["La Corée du Nord a répondu lundi à la France, selon une source diplomatique."],
        (Tongue::French, 51) => &["La France et la Corée du Nord ont signé un accord de coopération culturelle."],
        (Tongue::French, 76) => &["Un navire parti de Corée du Nord a été retenu au port."],
        (Tongue::Chinese, 1 | 26) => &["朝鲜星期一对法国的声明作出回应。"],
        (Tongue::Chinese, 51) => &["法国与朝鲜同意加深文化领域的合作。"],
        (Tongue::Chinese, 76) => &["一艘来自朝鲜的货轮在港口被扣留。"],
        (_, 1 | 26) => &["North Korea answered France on Monday, a diplomat said."],
        (_, 51) => &["France and North Korea signed an agreement on cultural exchanges."],
        (_, 76) => &["A ship from North Korea was held in the harbour."],
        _ => &[],
    }
}

fn make(folder: &Path) {
    let articles = size("VIGIE_BENCH_ARTICLES", 100_000);
    let sources = size("VIGIE_BENCH_SOURCES", 100);
    let rows = folder.join("rows.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&rows).expect("rows"));
    let each = articles / sources;
    for n in 0..articles {
        let source = n % sources;
        let (tongue, lang, _) = tongue(source);
        let mut dice = Dice::new(n as u64);
        let given: Vec<String> = subject(tongue, n / sources + source * 7)
            .iter()
            .map(|&text| text.to_owned())
            .collect();
        let paragraphs = prose::passage(tongue, Register::Everyday, &given, 150, n as u64);
        let at = end()
            .checked_sub(SignedDuration::from_secs(
                DAYS * 86_400 * (n / sources) as i64 / each as i64 + 3_600,
            ))
            .expect("a time");
        let row = serde_json::json!({
            "url": format!("http://paper-{source}.example/a/{n}"),
            "title": prose::headline(tongue, &mut dice),
            "text": paragraphs.join("\n\n"),
            "published": at.to_string(),
            "lang": lang,
        });
        writeln!(out, "{row}").expect("a row");
    }
    out.flush().expect("rows");
    drop(out);
    let data = folder.join("data");
    import::run(
        &data,
        &config(),
        &Clock::manual(end()),
        std::slice::from_ref(&rows),
        None,
        &|_| {},
    )
    .unwrap_or_else(|error| panic!("{error}"));
    std::fs::remove_file(rows).ok();
    ledger(&data, sources);
}

/// Four good looks a day at each source; the ledger alone, without pages.
fn ledger(data: &Path, sources: usize) {
    let mut conn = Connection::open(data.join(DATABASE)).expect("the store");
    let sql = conn.transaction().expect("a transaction");
    let file: i64 = sql
        .query_row("SELECT id FROM archive_file LIMIT 1", [], |row| row.get(0))
        .expect("a file");
    let ids: Vec<String> = (0..sources).map(|source| format!("paper-{source}")).collect();
    let planned = serde_json::to_string(&ids).expect("ids");
    for (n, id) in ids.iter().enumerate() {
        sql.execute(
            "INSERT INTO listing (id, source, kind, url) VALUES (?1, ?2, 'feed', ?3)",
            params![n as i64 + 1, id, format!("http://{id}.example/feed")],
        )
        .expect("a listing");
    }
    let start = end().as_second() - DAYS * 86_400;
    let mut offset = 1_i64 << 40;
    for run in 0..DAYS * 4 {
        let at = start + run * 6 * 3_600;
        sql.execute(
            "INSERT INTO run (id, kind, started_at, finished_at, planned, version) VALUES (?1, 'crawl', ?2, ?2, ?3, 'bench')",
            params![run + 1_000, at, planned],
        )
        .expect("a run");
        let mut insert = sql
            .prepare_cached(
                "INSERT INTO look (run, source, listing, at, outcome, good, status, duration_ms, bytes, digest, items, new,
                    known, continuity, repairs, verdict, file, offset, length)
                 VALUES (?1, ?2, ?3, ?4, 'ok', 1, 200, 100, 9000, ?5, 40, 3, 37, ?6, '[]', 'ok', ?7, ?8, 1)",
            )
            .expect("a statement");
        for (n, id) in ids.iter().enumerate() {
            offset += 1;
            let continuity = if run == 0 { "first" } else { "overlap" };
            insert
                .execute(params![
                    run + 1_000,
                    id,
                    n as i64 + 1,
                    at,
                    format!("{offset:064x}"),
                    continuity,
                    file,
                    offset
                ])
                .expect("a look");
        }
    }
    sql.commit().expect("committed");
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

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|field| field.parse().ok())
        .unwrap_or(0)
}
