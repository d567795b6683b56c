//! Queries that nobody should type, over a small store: `cargo bench --bench hostile -- [COUNT [SEED [THREADS]]]`.
//!
//! Each is put together from words, names, operators and the signs of the query language, FTS5, SQL and the terminal, or is
//! such a one with characters changed. Each is read, made a condition of, and run. An answer or a pointed error is right;
//! a panic, an error of the database, or a canonical form that reads back as another query ends the run, and prints the
//! query. Default: 20,000 queries, seed 1, as many threads as there are cores. Each query is made of the seed and its own
//! number, so that the same are asked on however many threads.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use vigie::clock::Clock;
use vigie::config::builtin;
use vigie::crawl::import;
use vigie::model::query::Condition;
use vigie::query::{self, Context};
use vigie::read::ask;
use vigie::read::search::{self, ReadError};
use vigie::store::{Order, Reader, Store};

/// What people mean.
const WORDS: [&str; 44] = [
    "accord",
    "culture",
    "文化",
    "法国",
    "朝鲜",
    "北韓",
    "雅克·朗",
    "合作",
    "文",
    "법국",
    "조선",
    "프랑스",
    "Jack",
    "Lang",
    "Jack Lang",
    "Corée du Nord",
    "North Korea",
    "l’accord",
    "l'Élysée",
    "co-operation",
    "U.N.",
    "C++",
    "KCNA",
    "ＫＣＮＡ",
    "cœur",
    "ﬁn",
    "Kim Jong-il",
    "法朝",
    "中美",
    "法国文化协议",
    "نووي",
    "שלום",
    "ядерный",
    "i̇stanbul",
    "ǅ",
    "\u{1F1EB}\u{1F1F7}",
    "🎉",
    "e\u{301}\u{301}\u{301}",
    "\u{AC00}\u{11A8}",
    "𠮷野",
    "0",
    "1874",
    "第1874号",
    "-",
];
/// What the language, and what stands under it, mean something by.
const SIGNS: [&str; 96] = [
    " ",
    " ",
    " ",
    " AND ",
    " OR ",
    " NOT ",
    " -",
    "!",
    "(",
    ")",
    "（",
    "）",
    "\"",
    "“",
    "”",
    "«",
    "»",
    "„",
    "「",
    "」",
    "*",
    "'",
    " NEAR/5 ",
    " NEAR ",
    " NEAR/0 ",
    " w/3 ",
    " adj2 ",
    " ADJ ",
    " N5 ",
    "|",
    "||",
    "&",
    "&&",
    ",",
    "，",
    "、",
    ":",
    "：",
    "..",
    "=",
    "@",
    "@north-korea",
    "@jack-lang",
    "@france ",
    "@relation",
    "title:",
    "lead:",
    "body:",
    "lang:",
    "lang:fr",
    "source:",
    "group:",
    "country:FR",
    "topic:",
    "date:",
    "date:2009-12-14..2009-12-18",
    "since:7d",
    "until:",
    "seen:",
    "author:",
    "ownership:state",
    "kind:",
    "type:",
    "url:",
    "words:>3",
    "chars:<=30",
    "pctl:>90",
    "pctl:",
    "is:reprint",
    "is:formula",
    "is:",
    "has:",
    "same:(",
    "sent:(",
    "quote:(",
    "speaker:",
    "speaker:(",
    "story:",
    "story:s:",
    "atleast2:",
    "atleast999999:",
    "hd=",
    "wc>",
    "%",
    "_",
    ";",
    "--",
    "/*",
    "') OR 1=1 --",
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "{title}: ",
    "^",
];
/// In bytes; a few are far longer.
const LONG: usize = 10_000;

struct Dice(u64);

impl Dice {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

fn typed(dice: &mut Dice) -> String {
    let pieces = match dice.below(100) {
        0 => 400,
        1..10 => 40,
        _ => 1 + dice.below(12),
    };
    let mut typed = String::new();
    for _ in 0..pieces {
        typed.push_str(if dice.below(5) < 2 {
            dice.of(&WORDS)
        } else {
            dice.of(&SIGNS)
        });
        if dice.below(3) == 0 {
            typed.push(' ');
        }
    }
    if dice.below(2_000) == 0 {
        typed = typed.repeat(1 + LONG / typed.len().max(1));
    }
    // Characters left out, doubled, changed and moved.
    let mut chars: Vec<char> = typed.chars().collect();
    for _ in 0..dice.below(4) {
        let at = dice.below(chars.len());
        match dice.below(4) {
            0 if !chars.is_empty() => _ = chars.remove(at),
            1 if !chars.is_empty() => chars.insert(at, chars[at]),
            2 if !chars.is_empty() => chars[at] = char::from_u32(dice.below(0x3_0000) as u32).unwrap_or('\u{fffd}'),
            _ => {
                let other = dice.below(chars.len());
                if !chars.is_empty() {
                    chars.swap(at, other);
                }
            }
        }
    }
    chars.into_iter().collect()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let number = |n: usize, usual: u64| {
        args.get(n)
            .map_or(usual, |arg| arg.parse().expect("COUNT, SEED and THREADS are numbers"))
    };
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let (count, seed, threads) = (number(0, 20_000), number(1, 1), number(2, cores).max(1));
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path());
    let config = builtin::config().expect("the shipped configuration");
    let names = query::Names::of(&config.lexicon, vigie::names::gazetteer::builtin());
    let now = "2009-12-18T06:00:00Z".parse().expect("a time");
    let context = Context {
        names: Some(&names),
        ..search::context(&config.lexicon, now, "Europe/Paris", false, Some(folder.path()))
    };
    let started = Instant::now();
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let outcomes: Mutex<BTreeMap<&str, u64>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let reader = Store::reader(&folder.path().join("data")).expect("a store");
                let mut own: BTreeMap<&str, u64> = BTreeMap::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        break;
                    }
                    *own.entry(ask(&reader, &context, seed, n)).or_default() += 1;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                let mut all = outcomes.lock().expect("no thread died holding it");
                own.into_iter()
                    .for_each(|(outcome, n)| *all.entry(outcome).or_default() += n);
            });
        }
        scope.spawn(|| {
            let mut told = 0;
            while done.load(Ordering::Relaxed) < count {
                std::thread::sleep(Duration::from_millis(100));
                let seconds = started.elapsed().as_secs();
                if seconds / 10 > told {
                    told = seconds / 10;
                    eprintln!("{} queries of seed {seed} in {seconds} s", done.load(Ordering::Relaxed));
                }
            }
        });
    });
    println!(
        "{count} queries of seed {seed} on {threads} threads in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    for (outcome, n) in outcomes.into_inner().expect("no thread died holding it") {
        println!("{n} {outcome}");
    }
}

/// Asks query `n` of the seed, and ends the run where the answer is neither an answer nor a pointed error.
fn ask(reader: &Reader, context: &Context<'_>, seed: u64, n: u64) -> &'static str {
    let mut dice = Dice(seed.wrapping_mul(0x1000_0000).wrapping_add(n));
    let typed = typed(&mut dice);
    let context = Context {
        exact: dice.below(3) == 0,
        bridge: dice.below(20) == 0,
        ..*context
    };
    match catch_unwind(AssertUnwindSafe(|| outcome(reader, &context, &typed))) {
        Ok(outcome) => outcome,
        Err(_) => {
            eprintln!("query {n} of seed {seed}: {typed:?}");
            std::process::exit(1);
        }
    }
}

fn outcome(reader: &Reader, context: &Context<'_>, typed: &str) -> &'static str {
    let read = match query::parse(typed, context) {
        Ok(read) => read,
        Err(error) => {
            assert!(
                error.span.end <= typed.chars().count().max(1) && error.column > 0,
                "a mistake without its place"
            );
            assert!(error.render().starts_with("error: "), "a mistake without words");
            return "mistakes shown";
        }
    };
    if read.run.len() < 60_000 && !context.bridge {
        let again = query::parse(
            &read.run,
            &Context {
                exact: true,
                ..*context
            },
        );
        assert_eq!(
            again.expect("what was printed can be read").run,
            read.run,
            "read again, it is another query"
        );
    }
    let condition = match ask::condition(reader, &read.expr, &Condition::Everything, context) {
        Ok(condition) => condition,
        Err(ReadError::Unanswerable { .. } | ReadError::Config(_)) => return "refused with a reason",
        Err(error) => panic!("{error}"),
    };
    let order = [Order::Newest, Order::Oldest, Order::Seen, Order::Relevance][typed.len() % 4];
    let found = reader.search(&condition, order, 20).expect("an answer");
    assert!(found.rows.len() as u64 <= found.total, "more shown than found");
    search::hits(reader, found.rows, &read.expr).expect("passages");
    if found.total > 0 { "answers" } else { "empty answers" }
}

/// Thirty invented articles in five scripts.
fn fill(folder: &Path) {
    let texts = [
        (
            "fr",
            "L’accord confirmé",
            "« Nous ouvrirons un bureau à Pyongyang », a déclaré Jack Lang. Le cœur de l’accord est la coopération culturelle.",
        ),
        (
            "en",
            "KCNA on the U.N.",
            "North Korea and France agreed on co-operation, Kim Jong-il said. An accord in C++ was not mentioned.",
        ),
        (
            "zh",
            "法国与朝鲜加深文化合作",
            "雅克·朗表示：“我们希望文化交流继续下去。”法朝关系，第1874号决议。",
        ),
        ("zh", "北韓發展觀光", "北韓官員談到發展觀光的計畫，賈克・朗在旁。"),
        (
            "ko",
            "조선과 프랑스",
            "자크 랑은 \"문화 협력이 중요하다\"고 말했다. 조선중앙통신이 전했다.",
        ),
        ("ar", "نووي", "قال المسؤول إن الاتفاق النووي مهم. שלום."),
    ];
    let rows: Vec<String> = (0..30)
        .map(|n| {
            let (lang, title, text) = texts[n % texts.len()];
            serde_json::json!({
                "url": format!("https://paper{}.example/{n}", n % 3), "lang": lang, "title": format!("{title} {n}"),
                "text": text.repeat(1 + n / texts.len()), "published": format!("2009-12-{:02}T10:00:00Z", 1 + n % 17),
            })
            .to_string()
        })
        .collect();
    let file = folder.join("rows.jsonl");
    std::fs::write(&file, rows.join("\n")).expect("written");
    let config = builtin::config().expect("the shipped configuration");
    let now = Clock::manual("2009-12-18T06:00:00Z".parse().expect("a time"));
    import::run(&folder.join("data"), &config, &now, &[file], None, &|_| {}).unwrap_or_else(|error| panic!("{error}"));
}
