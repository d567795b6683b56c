//! How long answers take over a store that is there: `cargo bench --bench search -- FOLDER QUESTIONS`.
//!
//! FOLDER is a data folder, QUESTIONS has one query a line, behind what it is an example of and a tab. Each answer is the
//! number of articles and the 20 newest with all their columns, in a process that has answered before.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use vigie::query;
use vigie::read::search;
use vigie::store::{Order, Store};

const SHOWN: u32 = 20;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let [folder, questions] = args.as_slice() else {
        // Without a store there is nothing to measure, as when all benches are run.
        eprintln!("search: not measured; cargo bench --bench search -- FOLDER QUESTIONS");
        return;
    };
    let reader = Store::reader(Path::new(folder)).expect("a store");
    let questions = std::fs::read_to_string(questions).expect("questions");
    let lexicon = vigie::model::Lexicon::default();
    // Words as they are typed: what names stand for is another question.
    let context = search::context(&lexicon, jiff::Timestamp::now(), "UTC", true, None);
    let mut groups: BTreeMap<&str, Vec<(u64, Duration)>> = BTreeMap::new();
    for (what, text) in questions.lines().filter_map(|line| line.split_once('\t')) {
        let start = Instant::now();
        let condition = query::plan(&query::parse(text, &context).expect("a query").expr);
        let answer = reader.search(&condition, Order::Newest, SHOWN).expect("an answer");
        groups.entry(what).or_default().push((answer.total, start.elapsed()));
    }
    println!("queries | asked | articles found, median | p50 ms | p95 ms | most ms");
    for (what, mut answers) in groups {
        answers.sort_unstable();
        let found = answers[answers.len() / 2].0;
        let mut times: Vec<f64> = answers.iter().map(|(_, took)| took.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!(
            "{what} | {} | {found} | {:.2} | {:.2} | {:.2}",
            answers.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}
