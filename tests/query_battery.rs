//! Every operator of the query language over a small invented corpus, from what is typed to what is found.

#[path = "common/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use run::Place;
use serde::Deserialize;

#[derive(Deserialize)]
struct Battery {
    article: Vec<BTreeMap<String, toml::Value>>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    typed: String,
    /// Options beside the query.
    #[serde(default)]
    with: Vec<String>,
    /// The articles found, by the end of their address, in order of the alphabet.
    finds: Option<String>,
    /// Words of the refusal.
    refused: Option<String>,
    /// Words of a warning.
    warns: Option<String>,
    /// What the snippets of the first article mark.
    marks: Option<Vec<String>>,
}

fn battery() -> Battery {
    toml::from_str(include_str!("cases/query_battery.toml")).unwrap()
}

const LEXICON: &str = r#"
[[actor]]
id = "north-korea"
kind = "place"
names = { en = ["North Korea", "DPRK"], fr = ["Corée du Nord"], zh = ["朝鲜"], zh-Hant = ["北韓"] }
aliases = ["法朝", "朝法"]

[[actor]]
id = "jack-lang"
kind = "person"
names = { fr = ["Jack Lang", "Lang"], zh = ["雅克·朗"], ko = ["자크 랑"] }
ambiguous = ["Lang"]

[[actor]]
id = "un"
kind = "organisation"
names = { en = ["United Nations", "UN"], zh = ["联合国"] }
ambiguous = ["un"]
"#;

const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/tests"

[[source]]
id = "the-paper"
name = "The Paper"
home = "https://paper.example/"
country = "FR"
lang = "fr"
ownership = "state"
kind = "press"
timezone = "Europe/Paris"
groups = ["dailies"]
feeds = ["https://paper.example/feed.xml"]
"#;

const HARBOUR: &str = r#"
id = "harbour"
title = "A meeting near the harbour"
window = ["2009-01-01", "2009-12-31"]
match = "harbour"
"#;

fn store() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let place = Place::empty();
        let rows: Vec<String> = battery()
            .article
            .iter()
            .map(|row| {
                let mut row = serde_json::to_value(row).unwrap();
                let key = row["key"].as_str().unwrap().to_owned();
                let host = row
                    .get("host")
                    .and_then(|host| host.as_str())
                    .unwrap_or("paper.example")
                    .to_owned();
                if host == "paper.example" {
                    row["source"] = "the-paper".into();
                }
                row["url"] = format!("https://{host}/{key}").into();
                row.to_string()
            })
            .collect();
        fs::write(place.path().join("rows.jsonl"), rows.join("\n")).unwrap();
        fs::write(place.path().join("lexicon.toml"), LEXICON).unwrap();
        fs::write(place.path().join("sources.toml"), SOURCES).unwrap();
        place.run(&["import", "rows.jsonl"]).exits(0);
        // The written story pins what its query does not find.
        let listed = place.run(&["query", "--json", "url:/two"]).exits(0).json();
        let pinned = listed["articles"][0]["id"].as_str().unwrap();
        fs::create_dir(place.path().join("stories")).unwrap();
        let story = format!("{HARBOUR}\n[pins]\nin = [\"{pinned}\"]\n");
        fs::write(place.path().join("stories/harbour.toml"), story).unwrap();
        place
    })
}

/// What a snippet marks.
fn marked(snippet: &serde_json::Value) -> Vec<String> {
    let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
    let end = |end: &serde_json::Value| usize::try_from(end.as_u64().unwrap()).unwrap();
    let spans = snippet["marks"].as_array().unwrap().iter();
    spans
        .map(|span| text[end(&span[0])..end(&span[1])].iter().collect())
        .collect()
}

#[test]
fn the_battery() {
    let mut wrong = Vec::new();
    for case in battery().case {
        let mut args = vec!["query", "--json", "--limit", "100"];
        args.extend(case.with.iter().map(String::as_str));
        args.extend(["--", case.typed.as_str()]);
        let ran = store().run(&args);
        let mut complain = |what: String| wrong.push(format!("{} — {}\n  {what}", case.name, case.typed));
        if let Some(refused) = &case.refused {
            if ran.code != 2 || !ran.err.contains(refused) || !ran.err.contains("error: ") {
                complain(format!("not refused so: exit {}\n{}{}", ran.code, ran.out, ran.err));
            }
            continue;
        }
        if !matches!(ran.code, 0 | 4) {
            complain(format!("exit {}: {}", ran.code, ran.err));
            continue;
        }
        let answer = ran.json();
        let articles = answer["articles"].as_array().unwrap();
        let mut keys: Vec<&str> = articles
            .iter()
            .filter_map(|article| article["url"].as_str()?.rsplit('/').next())
            .collect();
        keys.sort_unstable();
        let expected = case.finds.as_deref().expect("finds or refused");
        if keys.join(" ") != expected {
            complain(format!("found {keys:?}, read as {}", answer["query"]["run"]));
        }
        let warnings = answer["query"]["warnings"].to_string();
        if !warnings.contains(case.warns.as_deref().unwrap_or_default()) {
            complain(format!("warned {warnings}"));
        }
        if let Some(marks) = &case.marks {
            let snippets = articles.first().and_then(|article| article["snippets"].as_array());
            let marked: Vec<String> = snippets.into_iter().flatten().flat_map(marked).collect();
            if marked != *marks {
                complain(format!("marked {marked:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn ten_kilobytes_of_anything_are_answered() {
    for piece in [
        "文化 ",
        "(accord OR 合作) ",
        "accord NEAR/3 文化 OR ",
        "\u{202e}سلام ",
        "=Lang ",
        "🎉 ",
    ] {
        let mut typed = piece.repeat(10_000 / piece.len());
        typed.push_str("accord");
        let ran = store().run(&["query", "--json", "--", &typed]);
        assert!(
            matches!(ran.code, 0 | 2 | 4),
            "{piece}: exit {}\n{:.500}",
            ran.code,
            ran.err
        );
    }
}

#[test]
fn the_lexicon_says_what_it_found_and_what_it_lacks() {
    let ran = store().run(&[
        "lexicon",
        "check",
        "--json",
        "法朝關係：賈克等人在巴黎。The mayor of Nice; a nice day",
    ]);
    let answer = ran.exits(0).json();
    let shown: Vec<String> = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {} {}",
                text("spelled"),
                text("actor"),
                text("known_from"),
                one["counts"]
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "法朝 france pair true",
            "法朝 north-korea pair true",
            "巴黎 paris gazetteer true",
            "Nice nice gazetteer true",
        ]
    );
    let ran = store().run(&["lexicon", "suggest", "--json"]);
    let answer = ran.exits(0).json();
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["suggestions"][0]["han"], "米歇尔·普拉松");
    assert_eq!(answer["suggestions"][0]["latin"], "Michel Plasson");
    store().run(&["lexicon", "check", "nothing of note"]).exits(4);
}

/// Who is quoted, which headlines are of a kind, and how long an article is for its source: thirty reports of one
/// paper and a few of another.
#[test]
fn what_has_to_be_found_out_is_found() {
    let place = Place::empty();
    let row = |key: &str, lang: &str, title: &str, text: &str, day: u32| {
        serde_json::json!({
            "url": format!("https://{}.example/{key}", if key.starts_with('r') { "reports" } else { "voices" }),
            "lang": lang, "title": title, "text": text,
            "published": format!("2009-11-{day:02}T10:00:00Z"),
        })
        .to_string()
    };
    // The length grows by one sentence from report to report.
    let report = |n: u32| {
        let text = "The gardeners of the old town counted their lemon trees again. ".repeat(n as usize);
        let title = format!("{} {n}", ["Lemons", "Plums", "Pears"][n as usize % 3]);
        row(&format!("r{n:02}"), "en", &title, &text, 1 + n % 28)
    };
    let mut rows: Vec<String> = (1..=40).map(report).collect();
    rows.extend([
        row(
            "fr",
            "fr",
            "Un bureau s’ouvre",
            "« Nous allons ouvrir un bureau dans la capitale avant le printemps », a déclaré Jack Lang hier soir.",
            20,
        ),
        row(
            "zh",
            "zh",
            "文化交流",
            "雅克·朗表示：“我们希望两国之间的文化交流能够继续下去。”会谈随后结束。",
            21,
        ),
        row(
            "named",
            "fr",
            "Un voyage",
            "Jack Lang est arrivé hier soir. « Il fait froid dans cette ville au mois de novembre », a dit Anne Leroy.",
            22,
        ),
        row(
            "f1",
            "en",
            "Works of the great poet praised by Swedish gardener",
            "A gardener read them on Monday.",
            2,
        ),
        row(
            "f2",
            "en",
            "Works of the great poet praised by Danish sailor",
            "A sailor read them on Tuesday.",
            9,
        ),
        row(
            "f3",
            "en",
            "Works of the great poet praised by Nepalese baker",
            "A baker read them on Friday.",
            16,
        ),
        row(
            "f4",
            "en",
            "A baker opens a second shop in the harbour street",
            "It sells bread.",
            17,
        ),
        row(
            "chaofa",
            "zh",
            "朝法图书馆互换目录",
            "朝法两家图书馆上周互换了目录，今年还将互派馆员。",
            18,
        ),
        row(
            "fachao",
            "zh",
            "画展在北方开幕",
            "法朝画家联合举办的画展昨天开幕，展期一个月。",
            19,
        ),
    ]);
    fs::write(place.path().join("rows.jsonl"), rows.join("\n")).unwrap();
    fs::write(place.path().join("lexicon.toml"), LEXICON).unwrap();
    fs::write(place.path().join("sources.toml"), SOURCES).unwrap();
    place.run(&["import", "rows.jsonl"]).exits(0);
    let found = |typed: &str| {
        let ran = place.run(&["query", "--json", "--limit", "100", "--", typed]);
        assert!(matches!(ran.code, 0 | 4), "{typed}: {}", ran.err);
        let answer = ran.json();
        let urls = answer["articles"].as_array().unwrap().iter();
        let mut keys: Vec<String> = urls
            .map(|article| article["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
            .collect();
        keys.sort();
        (keys.join(" "), answer["query"]["warnings"].to_string())
    };
    for (typed, expected) in [
        ("speaker:@jack-lang", "fr zh"),
        ("speaker:\"Jack Lang\"", "fr zh"),
        ("speaker:雅克朗 lang:zh", "zh"),
        ("speaker:(@jack-lang OR \"Anne Leroy\")", "fr named zh"),
        ("speaker:Leroy", "named"),
        ("Lang -speaker:@jack-lang", "named"),
        ("bureau speaker:@jack-lang", "fr"),
        ("voyage OR (bureau speaker:@jack-lang)", "fr named"),
        ("is:formula", "f1 f2 f3"),
        ("baker is:formula", "f3"),
        ("baker -is:formula", "f4"),
        ("法朝", "chaofa fachao"),
        ("朝法", "chaofa fachao"),
        ("pctl:>95", "r39 r40"),
        ("pctl:<=4", "r01 r02"),
        ("pctl:49..51 trees", "r20 r21"),
        ("lemon pctl:>90 is:formula", ""),
    ] {
        let (keys, warnings) = found(typed);
        assert_eq!(keys, expected, "{typed}: {warnings}");
    }
    let (_, warnings) = found("bureau speaker:@jack-lang");
    assert!(warnings.contains("1 article that names"), "{warnings}");
    // The same within a saved search, over time, in an export and in a comparison.
    let ran = place.run(&[
        "export",
        "articles",
        "--query",
        "speaker:@jack-lang",
        "--format",
        "jsonl",
    ]);
    assert_eq!(ran.exits(0).out.lines().count(), 2);
    let ran = place.run(&[
        "attention",
        "is:formula",
        "--since",
        "2009-11-01",
        "--until",
        "2009-11-30",
        "--json",
    ]);
    assert!(matches!(ran.code, 0 | 4), "{}", ran.err);
    let ran = place.run(&["saved", "add", "said", "speaker:@jack-lang"]).exits(0);
    assert!(ran.out.contains("finds 2 articles"), "{}", ran.out);
    let ran = place.run(&[
        "compare",
        "speaker:@jack-lang",
        "--since",
        "2009-11-01",
        "--until",
        "2009-11-30",
        "--format",
        "json",
    ]);
    let rows = ran.exits(0).json()["articles"].as_array().unwrap().len();
    assert_eq!(rows, 2);
}

/// The actors of the seed in five spellings and Pyongyang's own: a query in each finds a sentence in each.
#[test]
fn the_beats_actors_are_asked_for_and_found_in_every_spelling() {
    let actors: [[&str; 6]; 8] = [
        ["France", "France", "法国", "法國", "프랑스", "프랑스"],
        [
            "Corée du Nord",
            "DPRK",
            "朝鲜",
            "北韓",
            "북한",
            "조선민주주의인민공화국",
        ],
        ["Jack Lang", "Jack Lang", "雅克·朗", "賈克・朗", "자크 랑", "쟈크 랑"],
        ["Kim Jong-il", "Kim Jong Il", "金正日", "金正日", "김정일", "김정일"],
        ["Pyongyang", "Pyongyang", "平壤", "平壤", "평양", "평양"],
        [
            "résolution 1874",
            "Resolution 1874",
            "第1874号决议",
            "第1874號決議",
            "결의 1874호",
            "결의 제1874호",
        ],
        [
            "Agence centrale de presse coréenne",
            "KCNA",
            "朝中社",
            "朝鮮中央通訊社",
            "조선중앙통신",
            "조선중앙통신사",
        ],
        [
            "Huanqiu Shibao",
            "Global Times",
            "环球时报",
            "環球時報",
            "환구시보",
            "환구시보",
        ],
    ];
    let carriers = [
        ("fr", "Hier, {} était à la une."),
        ("en", "Yesterday {} was on every page."),
        ("zh", "记者昨天谈到{}。"),
        ("zh", "記者昨天談到{}。"),
        ("ko", "어제 {} 기사가 나왔다."),
        ("ko", "어제 {} 소식이 전해졌다."),
    ];
    let place = Place::empty();
    let mut rows = Vec::new();
    for (actor, names) in actors.iter().enumerate() {
        for (n, (name, (lang, carrier))) in names.iter().zip(carriers).enumerate() {
            let row = serde_json::json!({
                "url": format!("https://carriers.example/{actor}-{n}"), "lang": lang, "title": "…",
                "text": carrier.replace("{}", name), "published": "2009-12-15T10:00:00Z",
            });
            rows.push(row.to_string());
        }
    }
    fs::write(place.path().join("rows.jsonl"), rows.join("\n")).unwrap();
    place.run(&["import", "rows.jsonl"]).exits(0);
    let reader = vigie::store::Store::reader(&place.path().join("data")).unwrap();
    let lexicon = vigie::config::builtin::config().unwrap().lexicon;
    let now = "2009-12-18T06:00:00Z".parse().unwrap();
    let context = vigie::read::search::context(&lexicon, now, "UTC", false, None);
    let mut missed = Vec::new();
    for (actor, names) in actors.iter().enumerate() {
        for name in names {
            let read = vigie::query::parse(name, &context).unwrap();
            let found = reader
                .search(&vigie::query::plan(&read.expr), vigie::store::Order::Newest, 100)
                .unwrap();
            for (n, spelling) in names.iter().enumerate() {
                let address = format!("https://carriers.example/{actor}-{n}");
                if !found.rows.iter().any(|row| row.url == address) {
                    missed.push(format!("{name} does not find {spelling}, read as {}", read.run));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
