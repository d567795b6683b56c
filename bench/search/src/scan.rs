//! Every two characters of real texts, asked of the index and looked for by reading all texts.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vigie::query::{self, Context};
use vigie::store::{Order, Store};
use vigie::text::fold::fold;
use vigie::text::tokens::index_text;

use crate::world::{self, Dice, Piece};

pub fn run(folder: &Path, files: &[PathBuf], queries: usize) {
    let words = world::Words::new();
    let mut store = Store::open(folder).expect("a store");
    world::declare(&mut store);
    let mut pieces: Vec<Piece> = Vec::new();
    for file in files {
        for line in BufReader::new(std::fs::File::open(file).expect("a file")).lines() {
            let row: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
            let (Some(text), title) = (row["text"].as_str(), row["title"].as_str().unwrap_or_default()) else {
                continue;
            };
            let mut piece = words.article(pieces.len());
            piece.article.title = title.to_owned();
            piece.article.text = text.to_owned();
            piece.title = index_text(title);
            piece.body = index_text(text);
            pieces.push(piece);
        }
    }
    pieces
        .chunks(world::BATCH)
        .for_each(|batch| world::insert(&mut store, batch));
    store.optimize().expect("merged");

    // What a reader would call the same characters: folded (traditional forms as simplified ones), and a foreign name
    // the same with the dot between its parts as without.
    let same = |text: &str| fold(text).replace('·', "");
    let scanned: Vec<[String; 2]> = pieces
        .iter()
        .map(|piece| [same(&piece.article.title), same(&piece.article.text)])
        .collect();
    let mut asked = BTreeSet::new();
    let mut dice = Dice::new(5);
    for _ in 0..queries * 1_000 {
        let chars: Vec<char> = scanned[dice.below(scanned.len())][1].chars().collect();
        let at = dice.below(chars.len().max(2) - 1);
        if let Some([a, b]) = chars.get(at..at + 2).map(|pair| [pair[0], pair[1]])
            && is_han(a)
            && is_han(b)
        {
            asked.insert(format!("{a}{b}"));
        }
        if asked.len() == queries {
            break;
        }
    }
    let lexicon = vigie::model::Lexicon::default();
    let context = Context {
        lexicon: &lexicon,
        places: vigie::names::gazetteer::none(),
        names: None,
        now: jiff::Timestamp::now(),
        zone: "UTC",
        exact: true,
        stories: None,
        relation: None,
        bridge: false,
    };
    let (mut found, mut expected, mut right, mut times) = (0, 0, 0, Vec::new());
    for text in &asked {
        let start = Instant::now();
        let condition = query::plan(&query::parse(text, &context).expect("a query").expr);
        let answer = store.search(&condition, Order::Newest, u32::MAX).expect("an answer");
        times.push(start.elapsed());
        let ours: BTreeSet<&str> = answer.rows.iter().map(|row| row.id.as_str()).collect();
        let theirs: BTreeSet<&str> = scanned
            .iter()
            .zip(&pieces)
            .filter(|(fields, _)| fields.iter().any(|field| field.contains(text.as_str())))
            .map(|(_, piece)| piece.article.id.as_str())
            .collect();
        found += ours.len();
        expected += theirs.len();
        right += ours.intersection(&theirs).count();
        for id in ours.symmetric_difference(&theirs).take(3) {
            println!(
                "{text}: {} alone has {id}",
                if ours.contains(id) { "the index" } else { "the scan" }
            );
        }
    }
    times.sort_unstable();
    let p95: Duration = times[times.len() * 95 / 100];
    println!(
        "{} texts, {} pairs of characters: recall {:.4}, precision {:.4}, p95 {:.2} ms with every hit read",
        pieces.len(),
        asked.len(),
        right as f64 / expected.max(1) as f64,
        right as f64 / found.max(1) as f64,
        p95.as_secs_f64() * 1e3
    );
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}
