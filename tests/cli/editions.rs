//! Other editions of one outlet: an invented agency that writes in Korean, English and Chinese.

use serde_json::{Value, json};

use crate::run::Place;

const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/editions"

[[source]]
id = "agency-ko"
name = "통신 Agency"
edition = "Korean page"
home = "http://agency.example/ko/"
country = "KP"
lang = "ko"
ownership = "state"
kind = "wire"
timezone = "Asia/Pyongyang"
feeds = ["http://agency.example/ko/feed"]
hosts = ["agency.example/ko"]

[[source]]
id = "agency-en"
name = "Agency"
edition = "English page"
home = "http://agency.example/en/"
country = "KP"
lang = "en"
ownership = "state"
kind = "wire"
timezone = "Asia/Pyongyang"
feeds = ["http://agency.example/en/feed"]
hosts = ["agency.example/en"]

[[source]]
id = "agency-zh"
name = "通讯社 Agency"
edition = "Chinese page"
home = "http://agency.example/zh/"
country = "KP"
lang = "zh-Hans"
ownership = "state"
kind = "wire"
timezone = "Asia/Pyongyang"
feeds = ["http://agency.example/zh/feed"]
hosts = ["agency.example/zh"]
"#;

/// The Korean text names a town, a number and a speaker that the English one leaves out; the second one has no
/// counterpart.
fn rows() -> Vec<Value> {
    let row = |url: &str, lang: &str, title: &str, text: &str, published: &str| json!({ "url": url, "lang": lang, "title": title, "text": text, "published": published });
    vec![
        row(
            "http://agency.example/ko/1",
            "ko",
            "프랑스대통령특사 쟈크 랑 평양 도착",
            "프랑스대통령특사 쟈크 랑이 15일 평양에 도착하였다. 특사는 원산에서 3만명의 로동자들이 일하는 공장을 돌아보았다.\n\n\
             유엔 대표는 “프랑스와의 문화교류는 앞으로도 계속될것이며 확대될것이다”라고 말하였다.",
            "2009-12-15T06:00:00Z",
        ),
        row(
            "http://agency.example/en/1",
            "en",
            "Jack Lang, Special Envoy of the President of France, Arrives in Pyongyang",
            "Jack Lang, special envoy of the president of France, arrived in Pyongyang on the 15th. He visited a factory and a library.",
            "2009-12-15T07:30:00Z",
        ),
        row(
            "http://agency.example/ko/2",
            "ko",
            "쟈크 랑 원산 방문",
            "쟈크 랑이 원산을 방문하였다. 그는 프랑스어를 배우는 학생 1,200명을 만났다.",
            "2009-12-16T06:00:00Z",
        ),
    ]
}

#[test]
fn what_one_edition_has_and_another_lacks() {
    let place = Place::empty();
    std::fs::write(place.path().join("sources.toml"), SOURCES).expect("sources");
    std::fs::write(place.path().join("lexicon.toml"), include_str!("../../lexicon.toml")).expect("the lexicon");
    let lines: Vec<String> = rows().iter().map(Value::to_string).collect();
    std::fs::write(place.path().join("rows.jsonl"), lines.join("\n")).expect("rows");
    place.run(&["import", "rows.jsonl"]).exits(0);
    let args = [
        "compare",
        "@jack-lang",
        "--since",
        "2009-12-14",
        "--until",
        "2009-12-18",
    ];
    let json = place.run(&[&args[..], &["--json"]].concat()).exits(0).json();
    let gaps = json["editions"].as_array().expect("editions");
    let of = |one: &str, other: &str| -> Vec<&Value> {
        let gaps = gaps.iter();
        gaps.filter(|gap| gap["source_id"] == one && gap["other_id"] == other)
            .collect()
    };
    let lacking = of("agency-ko", "agency-en");
    let [paired, alone] = lacking.as_slice() else {
        panic!("{gaps:#?}")
    };
    let only = |gap: &Value, kind: &str| -> Vec<String> {
        let all = gap["only"].as_array().expect("a list").iter();
        all.filter(|only| only["kind"] == kind)
            .map(|only| only["id"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    for shared in ["15", "france", "jack-lang", "pyongyang"] {
        let all = paired["shared"].as_array().expect("a list");
        assert!(all.iter().any(|one| one == shared), "{shared} in {paired}");
    }
    assert_eq!(
        only(paired, "number"),
        ["30000"],
        "the 15th stands in both, 3만 in one: {paired}"
    );
    assert_eq!(only(paired, "place").len(), 1, "{paired}");
    assert_eq!(only(paired, "quote").len(), 1, "{paired}");
    assert_eq!(only(paired, "actor"), ["un"], "{paired}");
    assert!(
        alone["other_article_id"].is_null() && alone["only"] == json!([]),
        "{alone}"
    );
    // The other way round only what the Korean text lacks.
    let back = of("agency-en", "agency-ko");
    assert_eq!(back.len(), 1);
    assert_eq!(back[0]["shared"], paired["shared"]);
    assert!(
        only(back[0], "number").is_empty() && only(back[0], "place").is_empty(),
        "{}",
        back[0]
    );
    // Every place leads back to the words.
    for found in paired["only"].as_array().expect("a list") {
        let id = found["article_id"].as_str().expect("an id");
        let shown = place.run(&["show", id, "--json"]).exits(0).json();
        let field = if found["field"] == "title" { "title" } else { "text" };
        let text = shown["versions"][0][field].as_str().expect("a text").to_owned();
        let at = |key: &str| found[key].as_u64().expect("a place") as usize;
        let words: String = text.chars().skip(at("start")).take(at("end") - at("start")).collect();
        match found["kind"].as_str() {
            Some("number") => assert_eq!(words, "3"),
            _ => assert_eq!(words, found["text"].as_str().expect("words"), "{found}"),
        }
    }
    // Nobody looked at the Chinese page: what it lacks is not known.
    assert!(of("agency-ko", "agency-zh").is_empty() && of("agency-zh", "agency-ko").is_empty());
    let text = place.run(&args).exits(0).out;
    let part = text.split("\nother editions").nth(1).expect("the part");
    let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "통신 Agency (Korean page) against Agency (English page): names 유엔; places 원산; words for culture; numbers 30000; \
         quotations “프랑스와의 문화교류는 앞으로도 계속될것이며 확대될것이다” (유엔 대표)",
        "against Agency (English page): no counterpart of “쟈크 랑 원산 방문” (it has other articles of the story)",
        "Agency (English page) against 통신 Agency (Korean page): nothing that a rule would find",
    ] {
        assert!(part.contains(line), "{line}\n{part}");
    }
    for format in ["html", "md"] {
        let out = place.run(&[&args[..], &["--format", format]].concat()).exits(0).out;
        assert!(out.contains("원산") && out.contains("Other editions"), "{format}");
    }
    let tables = place.path().join("tables/");
    let folder = tables.to_str().expect("a path");
    place
        .run(&[&args[..], &["--format", "csv", "--output", folder]].concat())
        .exits(0);
    let csv = std::fs::read_to_string(tables.join("editions_only.csv")).expect("a table");
    assert_eq!(
        csv.lines().count(),
        1 + gaps
            .iter()
            .map(|gap| gap["only"].as_array().map_or(0, Vec::len))
            .sum::<usize>()
    );
}

/// What was imported can be asked for by its sources' country and owner before any night has run, and by what
/// sources.toml says later.
#[test]
fn imported_rows_know_their_declared_sources() {
    let place = Place::empty();
    let written = |sources: &str| std::fs::write(place.path().join("sources.toml"), sources).expect("sources");
    written(SOURCES);
    let lines: Vec<String> = rows().iter().map(Value::to_string).collect();
    std::fs::write(place.path().join("rows.jsonl"), lines.join("\n")).expect("rows");
    place.run(&["import", "rows.jsonl"]).exits(0);
    let total = |query: &str| place.run(&["query", query, "--json"]).json()["total"].clone();
    assert_eq!(total("country:KP"), 3);
    let exported = place.run(&["export", "articles", "--format", "jsonl"]).exits(0).out;
    let first: Value = serde_json::from_str(exported.lines().next().expect("a row")).expect("JSON");
    assert_eq!(first["source_country"], "KP", "{first}");
    // Later it says otherwise; the archive is told, so that a database made anew says the same.
    written(&SOURCES.replace("country = \"KP\"", "country = \"FR\""));
    place.run(&["digest"]).exits(0);
    assert_eq!((total("country:KP"), total("country:FR")), (0.into(), 3.into()));
    for file in ["vigie.db", "vigie.db-wal", "vigie.db-shm"] {
        std::fs::remove_file(place.data().join(file)).ok();
    }
    place.run(&["doctor", "--rebuild"]).exits(0);
    assert_eq!(total("country:FR"), 3);
    // A file without a source says nothing of them.
    written("[crawler]\ncontact = \"https://vigie.example/editions\"\n");
    place.run(&["digest"]).exits(0);
    assert_eq!(total("country:FR"), 3);
}
