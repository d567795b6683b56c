//! Linking of stories: its speed on a made-up window, and what it measures on a store, for bench/linking/fit.py.
//!
//! `cargo bench --bench linking` links and groups 100,000 made-up articles of one window.
//! `cargo bench --bench linking -- --pairs DATA` prints, for every pair of articles of a store within four days, what
//! they share, as CSV; with `DATA FOLDER`, of a store whose vectors are of the encoder in that folder.
//! `cargo bench --bench linking -- --lost [DATA]` measures every pair, of the store or of 10,000 made-up articles, and
//! tells what of it linking leaves out.
//! `cargo bench --bench linking -- --night` links 2,000 new articles with 30,000 of the days around them.

use std::collections::HashMap;
use std::time::Instant;

use jiff::Timestamp;
use vigie::cluster::group::{self, Graph};
use vigie::cluster::item::apart;
use vigie::cluster::link::{FLOOR, WINDOW_SECONDS};
use vigie::cluster::score::Shared;
use vigie::cluster::{Fit, Item, links};
use vigie::model::query::Condition;
use vigie::model::{Clues, Interval, Name, Vector};
use vigie::store::Store;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--pairs", data] => pairs(data, Fit::on_board()),
        ["--pairs", data, folder] => pairs(data, &beside(data, folder)),
        ["--lost", data] => lost(
            &stored(data, Fit::on_board())
                .into_iter()
                .map(|(_, item)| item)
                .collect::<Vec<_>>(),
        ),
        ["--lost"] => lost(&made_up(10_000)),
        ["--night"] => night(32_000, 2_000),
        _ => speed(),
    }
}

/// What of means and directions is beside a second encoder, by whose vectors the store was made.
fn beside(data: &str, folder: &str) -> Fit {
    let reader = Store::reader(data.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let mut dim = 0;
    reader
        .each_vectors(&Condition::Everything, |_, _, vectors| {
            dim = vectors.text.or(vectors.title).map_or(dim, |vector| vector.steps.len());
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let fit = Fit::beside(Some(folder.as_ref()), dim).unwrap_or_else(|error| panic!("{error}"));
    Fit::clone(&fit)
}

fn stored(data: &str, fit: &Fit) -> Vec<(String, Item)> {
    let reader = Store::reader(data.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let mut items = Vec::new();
    reader
        .linkable(Timestamp::MIN, Timestamp::MAX, |a| {
            items.push((
                a.id.clone(),
                Item::of(
                    &a.id,
                    a.rowid,
                    a.published,
                    a.lang.as_deref(),
                    &a.clues,
                    Some(&fit.space),
                ),
            ));
        })
        .unwrap_or_else(|error| panic!("{error}"));
    items
}

fn pairs(data: &str, fit: &Fit) {
    let items = stored(data, fit);
    println!(
        "one,other,vectors,text,title,titles,across,names,named,common,numbers,words,title_words,chinese,days,other_language"
    );
    for (n, (one_id, one)) in items.iter().enumerate() {
        for (other_id, other) in &items[..n] {
            if apart(one, other) > WINDOW_SECONDS {
                continue;
            }
            let s = Shared::of(one, other);
            println!(
                "{one_id},{other_id},{},{:.4},{:.4},{},{:.4},{:.4},{},{:.4},{},{:.4},{:.4},{},{:.3},{}",
                u8::from(s.vectors),
                s.text,
                s.title,
                u8::from(s.titles),
                s.across,
                s.names,
                s.named,
                s.common,
                s.numbers,
                s.words,
                s.title_words,
                u8::from(s.chinese),
                s.days,
                u8::from(s.other_language)
            );
        }
    }
}

/// A pseudo-random sequence (splitmix64): the same window on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between −1 and 1, most of them near 0.
    fn noise(&mut self) -> f32 {
        (0..3)
            .map(|_| (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0)
            .sum::<f32>()
            / 3.0
    }
}

/// An article as the store has it.
struct Made {
    id: String,
    row: i64,
    span: Interval,
    lang: &'static str,
    clues: Clues,
}

impl Made {
    fn item(&self) -> Item {
        let space = Fit::on_board().linking();
        Item::of(&self.id, self.row, self.span, Some(self.lang), &self.clues, space)
    }
}

fn made_up(count: usize) -> Vec<Item> {
    articles(count).map(|article| article.item()).collect()
}

fn articles(count: usize) -> impl Iterator<Item = Made> {
    let with_vectors = std::env::var("VIGIE_BENCH_VECTORS").as_deref() != Ok("0");
    let mut dice = Dice(1);
    // Three articles tell of one event, and a fiftieth of all events are of one kind.
    let events = count / 3;
    let kinds: Vec<Vec<f32>> = (0..50)
        .map(|_| (0..512).map(|_| dice.noise() * 0.6).collect())
        .collect();
    let centres: Vec<Vec<f32>> = (0..events)
        .map(|event| kinds[event % 50].iter().map(|value| value + dice.noise()).collect())
        .collect();
    let langs = ["fr", "zh", "en", "ko"];
    (0..count).map(move |n| {
        let event = n % events;
        let vector = |dice: &mut Dice| Vector::of(&centres[event].iter().map(|x| x + dice.noise()).collect::<Vec<_>>());
        let names = (0..6).map(|k| Name {
            key: format!(
                "n{}",
                if k < 3 {
                    event * 8 + k
                } else {
                    (dice.next() % 2_000) as usize
                }
            ),
            written: String::new(),
            common: k == 5,
        });
        let mut names: Vec<Name> = names.collect();
        names.sort();
        let clues = Clues {
            names,
            numbers: vec![format!("{}", dice.next() % 500)],
            words: Vec::new(),
            title: with_vectors.then(|| vector(&mut dice)),
            text: with_vectors.then(|| vector(&mut dice)),
        };
        let at = Timestamp::from_second((dice.next() % (5 * 86_400)) as i64).unwrap();
        let span = Interval {
            min: at,
            max: at.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap(),
        };
        Made {
            id: format!("i:{:016x}", dice.next()),
            row: n as i64,
            span,
            lang: langs[n % 4],
            clues,
        }
    })
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Every pair in full, against what is found.
fn lost(items: &[Item]) {
    let found: HashMap<(usize, usize), i32> = links(items, |_| true, &Fit::on_board().params, threads())
        .into_iter()
        .map(|link| ((link.one.min(link.other), link.one.max(link.other)), link.above))
        .collect();
    let (mut kept, mut linked, mut kept_lost, mut linked_lost) = (0, 0, 0, 0);
    let mut highest = FLOOR;
    for (n, one) in items.iter().enumerate() {
        for (m, other) in items.iter().enumerate().skip(n + 1) {
            if apart(one, other) > WINDOW_SECONDS {
                continue;
            }
            let (first, second) = if one.key <= other.key {
                (one, other)
            } else {
                (other, one)
            };
            let shared = Shared::of(first, second);
            let above = shared.above(&Fit::on_board().params);
            if above <= FLOOR || (shared.vectors && shared.text < Fit::on_board().params.least_cosine) {
                continue;
            }
            let lost = match found.get(&(n, m)) {
                Some(there) => {
                    assert_eq!(*there, above);
                    0
                }
                None => 1,
            };
            highest = if lost == 1 { highest.max(above) } else { highest };
            kept += 1;
            kept_lost += lost;
            if above >= 0 {
                linked += 1;
                linked_lost += lost;
            }
        }
    }
    println!(
        "{} articles: {linked} links, {linked_lost} of them left out; {kept} pairs above the floor, {kept_lost} left out, the highest of these at {highest}",
        items.len()
    );
}

/// What a night costs: the window is made comparable anew, and the new articles are held against it.
fn night(count: usize, new: usize) {
    let made: Vec<Made> = articles(count).collect();
    let started = Instant::now();
    let items: Vec<Item> = made.iter().map(Made::item).collect();
    let ready = started.elapsed();
    let first = (count - new) as i64;
    let found = links(&items, |item| item.row >= first, &Fit::on_board().params, threads());
    let took = started.elapsed();
    println!(
        "{new} new articles among {count}, {} threads: made comparable in {:.2} s, {} links in {:.2} s; {:.2} ms an article",
        threads(),
        ready.as_secs_f64(),
        found.len(),
        (took - ready).as_secs_f64(),
        took.as_secs_f64() * 1000.0 / new as f64
    );
}

fn speed() {
    let count: usize = std::env::var("VIGIE_BENCH_ARTICLES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let items = made_up(count);
    let threads = threads();
    let started = Instant::now();
    let found = links(&items, |_| true, &Fit::on_board().params, threads);
    let linked = started.elapsed();
    let keys: Vec<u64> = items.iter().map(|item| item.key).collect();
    let triples: Vec<(usize, usize, i32)> = found.iter().map(|link| (link.one, link.other, link.above)).collect();
    let groups = group::groups(&Graph {
        keys: &keys,
        links: &triples,
        ..Graph::default()
    });
    let whole = started.elapsed();
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for group in &groups {
        *sizes.entry(group.len()).or_default() += 1;
    }
    let largest = sizes.keys().max().copied().unwrap_or_default();
    println!(
        "{count} articles, {threads} threads: {} links in {:.1} s, {} groups (largest {largest}) in {:.1} s, peak {} MB",
        found.len(),
        linked.as_secs_f64(),
        groups.len(),
        (whole - linked).as_secs_f64(),
        peak_kib() / 1024
    );
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1))
        .and_then(|n| n.parse().ok())
        .unwrap_or_default()
}
