//! The sentence encoder: what the first sentence costs, articles per CPU-second, memory.
//!
//! `cargo bench --bench encoder` embeds invented articles, a title and eight sentences each, in four languages, until
//! some seconds are spent. `VIGIE_BENCH_ROWS` names a file of rows (JSONL: title, text) to take instead. Figures are in
//! docs/benchmarks.md; compare only figures of one machine and one set of articles.

use std::time::Instant;

use vigie::encode::OnBoard;
use vigie::text::sentences::sentences;

/// CPU-seconds that are measured: the clock below ticks a hundred times a second.
const LEAST: f64 = 5.0;
const SENTENCES: usize = 8;

fn main() {
    let articles = std::env::var_os("VIGIE_BENCH_ROWS").map_or_else(invented, |rows| read(&rows));
    let texts: usize = articles.iter().map(Vec::len).sum();
    let characters: usize = articles.iter().flatten().map(|text| text.chars().count()).sum();
    println!(
        "{} articles of {:.1} sentences and {:.0} characters in the mean",
        articles.len(),
        texts as f64 / articles.len() as f64,
        characters as f64 / articles.len() as f64,
    );
    let start = Instant::now();
    let encoder = OnBoard::shared().expect("the encoder's data are there");
    let loaded = start.elapsed();
    encoder.embed(&["Le bac de nuit reprendra jeudi."]);
    println!(
        "loaded in {:.0} ms, first sentence after {:.0} ms",
        loaded.as_secs_f64() * 1000.0,
        start.elapsed().as_secs_f64() * 1000.0
    );
    // The rows of the table that these articles need are unpacked in the first round, which is not counted.
    let mut spent = 0.0;
    let mut rounds = 0;
    for round in 0.. {
        let before = cpu_seconds();
        for article in &articles {
            let article: Vec<&str> = article.iter().map(String::as_str).collect();
            std::hint::black_box(encoder.embed(&article));
        }
        let round_spent = cpu_seconds() - before;
        if round == 0 {
            println!(
                "first round: {:.0} articles per CPU-second",
                articles.len() as f64 / round_spent
            );
            continue;
        }
        spent += round_spent;
        rounds += 1;
        if spent >= LEAST {
            break;
        }
    }
    println!(
        "{:.0} articles per CPU-second, {:.0} texts",
        (rounds * articles.len()) as f64 / spent,
        (rounds * texts) as f64 / spent
    );
    println!("{:.0} MB at most", peak_kilobytes() / 1000.0);
}

/// A title and the first sentences of each row.
fn read(rows: &std::ffi::OsStr) -> Vec<Vec<String>> {
    let content = std::fs::read_to_string(rows).expect("the rows can be read");
    let rows = content
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row of JSON"));
    rows.map(|row: serde_json::Value| {
        let text = row["text"].as_str().unwrap_or_default();
        let title = row["title"].as_str().filter(|title| !title.is_empty());
        let body = sentences(text).into_iter().take(SENTENCES).map(|range| &text[range]);
        title.into_iter().chain(body).map(str::to_owned).collect()
    })
    .collect()
}

/// Sentences of the length that agencies write, no two alike.
fn invented() -> Vec<Vec<String>> {
    const PATTERNS: [&str; 4] = [
        "Le bac de {} reprendra ses traversées jeudi après {} semaines de travaux, a annoncé la mairie, qui a remercié les dockers, les écoliers et les {} voyageurs de leur patience.",
        "The envoy to {} praised the opening of a cultural office, promised {} further projects and said that the two sides would exchange exhibitions, orchestras and {} schoolbooks next year.",
        "{}市政府宣布，夜间渡轮在停航{}个星期后将于周四恢复通航，并对码头工人、学生和{}名乘客的理解与支持表示感谢，称今后还将开展更多合作。",
        "{} 시청은 야간 나룻배가 {}주 동안의 수리를 마치고 목요일부터 다시 운항한다고 밝히고 부두로동자들과 학생들, 그리고 려객 {}명의 협조에 사의를 표하였다.",
    ];
    const PLACES: [&str; 7] = [
        "Mirebourg",
        "Valmont",
        "Kestrel Bay",
        "白石",
        "Ostrava",
        "한빛",
        "Saint-Aubin",
    ];
    (0..400usize)
        .map(|article| {
            (0..=SENTENCES)
                .map(|sentence| {
                    let number = article * 31 + sentence * 7;
                    PATTERNS[article % 4]
                        .replacen("{}", PLACES[number % 7], 1)
                        .replacen("{}", &(number % 97 + 2).to_string(), 1)
                        .replacen("{}", &(number * 13 % 99_991).to_string(), 1)
                })
                .collect()
        })
        .collect()
}

/// User and system time of this process, from /proc.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("/proc/self/stat");
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .expect("a name in brackets")
        .1
        .split_whitespace()
        .collect();
    let ticks = |index: usize| fields[index].parse::<f64>().expect("ticks");
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_kilobytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc/self/status");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("VmHWM");
    peak.trim().trim_end_matches(" kB").parse().expect("kilobytes")
}
