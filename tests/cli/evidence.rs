//! What the texts of the demonstration's story say, and `vigie diff`.

use serde_json::Value;

use crate::{place, snapshot};

const PROBES: [&str; 4] = [
    "--probe",
    "human rights=\"human rights\" OR \"droits de l’homme\" OR 人权",
    "--probe",
    "UNSCR 1874=1874",
];

fn compared() -> Value {
    let args = [&["--json"][..], &PROBES].concat();
    place().compare(&args).exits(0).json()
}

fn rows<'a>(json: &'a Value, key: &str, source: &str) -> Vec<&'a Value> {
    let all = json[key].as_array().unwrap_or_else(|| panic!("no {key}"));
    all.iter().filter(|row| row["source_id"] == source).collect()
}

/// Every place leads back to the words, in the very version that it names.
#[test]
fn places_lead_back_to_the_words() {
    let json = compared();
    let mut looked_up = 0;
    for quote in json["quotes"]
        .as_array()
        .expect("quotes")
        .iter()
        .filter(|quote| quote["cut"] == false)
    {
        let shown = place()
            .run(&["show", quote["article_id"].as_str().expect("an id"), "--json"])
            .exits(0)
            .json();
        let version = &shown["versions"][quote["version"].as_u64().expect("a number") as usize - 1];
        let field = match quote["field"].as_str() {
            Some("title") => "title",
            Some("lead") => "standfirst",
            _ => "text",
        };
        let (start, end) = (
            quote["start"].as_u64().expect("a start"),
            quote["end"].as_u64().expect("an end"),
        );
        let words: String = version[field]
            .as_str()
            .expect("a text")
            .chars()
            .skip(start as usize)
            .take((end - start) as usize)
            .collect();
        assert_eq!(words, quote["text"].as_str().expect("words"), "{quote}");
        looked_up += 1;
        if looked_up == 12 {
            break;
        }
    }
    assert!(looked_up >= 5, "only {looked_up}");
}

#[test]
fn the_claims_of_the_golden_case() {
    let json = compared();
    let quotes = rows(&json, "quotes", "lemonde-fr");
    let mechanisms = quotes
        .iter()
        .find(|quote| {
            quote["text"]
                .as_str()
                .is_some_and(|text| text.starts_with("mécanismes de coopération"))
        })
        .expect("the quotation");
    assert_eq!(mechanisms["kind"], "quote");
    assert_eq!(mechanisms["speaker"], "l’ancien ministre");
    assert_eq!(mechanisms["verb"], "assure");
    // Only the Chinese papers have the agreement as a step to diplomatic relations.
    let xinhua = rows(&json, "quotes", "xinhua-zh");
    let agreement = xinhua
        .iter()
        .find(|quote| quote["kind"] == "agreement" && quote["field"] == "body")
        .expect("one");
    assert_eq!(agreement["only_in_group"], "lang:zh");
    assert!(
        agreement["only_concepts"].to_string().contains("diplomatic-relations"),
        "{agreement}"
    );
    let indirect = xinhua
        .iter()
        .find(|quote| quote["kind"] == "indirect")
        .expect("indirect speech");
    assert!(indirect["speaker"].is_string(), "{indirect}");
    assert_eq!(rows(&json, "cites", "own-en")[0]["cited"], "Chinese newspapers");
    assert_eq!(rows(&json, "cites", "liberation-fr")[0]["kind"], "credit");
    let huanqiu = rows(&json, "headlines", "huanqiu-zh")[0];
    assert_eq!(huanqiu["signs"]["actors"][0]["kind"], "france");
    assert_eq!(huanqiu["signs"]["actors"][1]["kind"], "north-korea");
    assert_eq!(huanqiu["signs"]["hedges"][0]["text"], "拟");
}

#[test]
fn probes_say_where_and_how_far_down() {
    let json = compared();
    let probe = |name: &str, source: &str| {
        let found = rows(&json, "probes", source);
        found
            .into_iter()
            .find(|row| row["name"] == name)
            .cloned()
            .expect("a row")
    };
    let monde = probe("human rights", "lemonde-fr");
    assert_eq!(monde["found"], "found");
    assert!(monde["first_position"].as_u64().is_some_and(|at| at < 20), "{monde}");
    assert_eq!(probe("human rights", "xinhua-zh")["found"], "absent");
    assert_eq!(probe("UNSCR 1874", "huanqiu-zh")["hits"], 1);
    let cells = rows(&json, "evidence", "lemonde-fr")[0];
    assert_eq!(cells["probes"]["human rights"], monde["hits"]);
    assert!(
        cells["naming"]
            .as_str()
            .is_some_and(|names| names.contains("Corée du Nord:")),
        "{cells}"
    );
}

#[test]
fn the_whole_of_it_on_a_terminal() {
    use unicode_width::UnicodeWidthStr;
    let args = [&["--all"][..], &PROBES].concat();
    let page = place().compare(&args).exits(0).page();
    let whole = page.split("\ninstead").nth(1).expect("an instead").to_owned();
    assert!(whole.lines().all(|line| line.width() <= 100), "{whole}");
    // Words that judge stand last but one.
    let (before, rest) = whole.split_once("\nwords that judge").expect("words that judge");
    let (judging, after) = rest.split_once("\nversions\n").expect("versions");
    let monde = judging.lines().find(|line| line.contains("Le Monde:")).expect("a line");
    assert!(monde.contains("−flous"), "{judging}");
    snapshot!("evidence_all", format!("{before}\nversions\n{after}"));
}

#[test]
fn probes_that_cannot_be_meant() {
    let mut pages = String::new();
    for probe in ["rights=", "x=lang:fr", "x=NOT accord", "x=accord OR", "x=\"accord"] {
        let ran = place().compare(&["--probe", probe]).exits(2);
        assert_eq!(ran.out, "", "{probe}");
        pages.push_str(&format!("$ vigie compare … --probe '{probe}'\n{}\n", ran.page()));
    }
    snapshot!("evidence_probe_errors", pages);
}

#[test]
fn two_versions_side_by_side() {
    let json = compared();
    let id = rows(&json, "headlines", "own-en")[0]["article_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let other = rows(&json, "headlines", "xinhua-zh")[0]["article_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    snapshot!("diff", place().run(&["diff", &id]).exits(0).page());
    let difference = place().run(&["diff", &id, "1", "2", "--json"]).exits(0).json();
    assert_eq!(difference["class"], "substantive");
    assert_eq!(difference["to"]["n"], 2);
    assert!(
        difference["changes"][0]["after"]
            .as_str()
            .is_some_and(|text| text.starts_with("UPDATE"))
    );
    // Back to front, what came is what went.
    let back = place().run(&["diff", &id, "2", "1", "--json"]).exits(0).json();
    assert_eq!(
        (&back["added"], &back["removed"]),
        (&difference["removed"], &difference["added"])
    );
    let mut pages = String::new();
    for (args, code) in [
        (&["diff", &other][..], 4),
        (&["diff", "i:zz"], 4),
        (&["diff", &id, "1", "7"], 2),
        (&["diff", &id, "one"], 2),
    ] {
        pages.push_str(&place().run(args).exits(code).page());
    }
    snapshot!("diff_errors", pages);
}
