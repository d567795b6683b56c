//! Stories across languages, from an import to a comparison: what is suggested, what a reader decides, and what outlives
//! both. Mostly without the encoder, so that names and numbers alone must do, and once as everybody runs it.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::program::{Desk, Ended};
use serde_json::{Value, json};

const NOW: &str = "2026-03-13T12:00:00Z";

/// Two events in three languages, a report in one language alone, and two that only look like the first.
fn rows() -> Vec<Value> {
    let row = |host: &str, at: &str, lang: &str, title: &str, text: &str| {
        json!({ "url": format!("https://{host}.example/{}", at.replace([':', '-'], "")), "title": title, "text": text,
            "published": at, "lang": lang })
    };
    vec![
        row(
            "anzeiger",
            "2026-03-02T08:00:00Z",
            "en",
            "Ferry to Lenz runs aground off Tamarisk Point",
            "The ferry Ilse Brandt with 214 people on board ran aground off Tamarisk Point on Monday. Captain Okoro said \
             nobody was hurt. Divers from Lenz examined the hull for 75 minutes.",
        ),
        row(
            "rivage",
            "2026-03-02T10:00:00Z",
            "fr",
            "Le ferry « Ilse Brandt » s’échoue à Tamarisk Point",
            "Parti de Lenz, le ferry Ilse Brandt s’est échoué lundi près de Tamarisk Point avec 214 personnes à bord. Le \
             capitaine, M. Okoro, assure que personne n’est blessé.",
        ),
        row(
            "gangbao",
            "2026-03-02T11:30:00Z",
            "zh",
            "渡轮搁浅无人受伤",
            "载有214人的渡轮（Ilse Brandt）周一在Tamarisk Point附近搁浅。船长（Okoro）说无人受伤，潜水员从Lenz赶到。",
        ),
        row(
            "depeche",
            "2026-03-03T07:00:00Z",
            "fr",
            "Sarah Quennell élue maire de Port-Vieux",
            "L’ancienne institutrice Sarah Quennell a été élue maire de Port-Vieux avec 1 284 voix devant Anton Varga. Elle \
             promet de rouvrir le théâtre Morane.",
        ),
        row(
            "courier",
            "2026-03-03T09:00:00Z",
            "en",
            "Teacher wins in Port-Vieux",
            "A former teacher, Sarah Quennell, was elected mayor of Port-Vieux by 1,284 votes over Anton Varga. She wants the \
             Morane theatre to open again.",
        ),
        row(
            "courier",
            "2026-03-03T15:00:00Z",
            "en",
            "Bread prices rise again",
            "Bakers said on Tuesday that flour costs 9 percent more than a year ago, and that they see no end to it.",
        ),
        row(
            "anzeiger",
            "2026-03-12T08:00:00Z",
            "en",
            "The Ilse Brandt sails again",
            "Ten days after it ran aground off Tamarisk Point with 214 people, the ferry Ilse Brandt left Lenz under Captain \
             Okoro.",
        ),
    ]
}

fn desk(rows: &[Value]) -> Desk {
    let desk = Desk::new();
    bring(&desk, rows);
    desk
}

fn bring(desk: &Desk, rows: &[Value]) {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let file = desk.write("rows.jsonl", text);
    run(desk, &["import", file.to_str().unwrap()], 0);
}

fn run(desk: &Desk, args: &[&str], code: i32) -> Ended {
    let args: Vec<&str> = args.iter().copied().chain(["--now", NOW, "--no-encoder"]).collect();
    let ended = desk.run(&args);
    assert_eq!(ended.code, Some(code), "{args:?}\n{}\n{}", ended.out, ended.err);
    ended
}

fn read(desk: &Desk, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&run(desk, &args, 0).out).unwrap()
}

fn suggested(desk: &Desk, all: bool) -> Vec<Value> {
    let mut args = vec!["story", "suggest"];
    args.extend(all.then_some("--all"));
    read(desk, &args)["stories"].as_array().unwrap().clone()
}

/// Hosts of each story, by its id.
fn stories(desk: &Desk) -> BTreeMap<String, BTreeSet<String>> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let urls = |story: &Value| {
        story["articles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| text(&one["url"]))
            .collect()
    };
    suggested(desk, true)
        .iter()
        .map(|story| (text(&story["id"]), urls(story)))
        .collect()
}

fn partition(desk: &Desk) -> BTreeSet<BTreeSet<String>> {
    stories(desk).into_values().collect()
}

fn id_with(desk: &Desk, host: &str) -> String {
    let holds = |urls: &BTreeSet<String>| urls.iter().any(|url| url.contains(host));
    stories(desk).into_iter().find(|(_, urls)| holds(urls)).unwrap().0
}

#[test]
fn one_event_is_one_story_in_three_languages() {
    let desk = desk(&rows());
    let found = suggested(&desk, false);
    let languages: Vec<&Value> = found.iter().map(|story| &story["languages"]).collect();
    // Newest first; what came ten days later, and what only one paper has, is no part of either.
    assert_eq!(languages, [&json!(["en", "fr"]), &json!(["en", "fr", "zh"])]);
    let ferry = &found[1];
    assert_eq!(ferry["titles"].as_object().unwrap().len(), 3);
    let chinese = ferry["articles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["lang"] == "zh")
        .unwrap();
    let why = chinese["why"].as_str().unwrap();
    assert!(
        why.contains("both name") && why.contains("Brandt") && why.contains("both say 214"),
        "{why}"
    );
    assert_eq!(suggested(&desk, true).len(), 4);
}

#[test]
fn the_order_of_arrival_and_a_new_digest_change_nothing() {
    let whole = desk(&rows());
    let expected = partition(&whole);
    for seed in [1_usize, 3, 5] {
        let mut turned = rows();
        turned.rotate_left(seed);
        turned.reverse();
        let piecewise = Desk::new();
        for part in turned.chunks(2) {
            bring(&piecewise, part);
        }
        assert_eq!(partition(&piecewise), expected, "{seed}");
    }
    let before = stories(&whole);
    whole.write(
        "sources.toml",
        "[crawler]\ncontact = \"https://reader.example/about\"\n",
    );
    for _ in 0..2 {
        run(&whole, &["digest", "--all"], 0);
        assert_eq!(stories(&whole), before);
    }
    run(&whole, &["doctor", "--rebuild"], 0);
    assert_eq!(stories(&whole), before);
}

#[test]
fn what_the_reader_decides_outlives_every_grouping() {
    let desk = desk(&rows());
    desk.write(
        "sources.toml",
        "[crawler]\ncontact = \"https://reader.example/about\"\n",
    );
    let (ferry, mayor) = (id_with(&desk, "gangbao"), id_with(&desk, "depeche"));
    // Apart: the French report is taken out, and stays out after everything is derived anew.
    let shown = read(&desk, &["story", "show", &ferry]);
    let french = shown["articles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["lang"] == "fr");
    let french = french.unwrap()["id"].as_str().unwrap().to_owned();
    run(&desk, &["story", "pin", &ferry, &french, "--out"], 0);
    let alone = |desk: &Desk| {
        let own = stories(desk)
            .into_values()
            .find(|urls| urls.iter().any(|url| url.contains("rivage")))
            .unwrap();
        own.len() == 1
    };
    assert!(alone(&desk));
    run(&desk, &["digest", "--all"], 0);
    assert!(alone(&desk));
    assert_eq!(id_with(&desk, "gangbao"), ferry);
    // Taken back, it is where it was.
    run(&desk, &["story", "unpin", &ferry, &french], 0);
    assert!(!alone(&desk));
    // Put into another story, where its own goes with it, and taken back: nothing is left of it.
    let other = read(&desk, &["story", "show", &mayor])["articles"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    run(&desk, &["story", "pin", &ferry, &other], 0);
    assert_eq!(stories(&desk)[&id_with(&desk, "gangbao")].len(), 5);
    // Of it alone it is said that it was put there, whatever it is like besides.
    let put = |desk: &Desk| -> Vec<String> {
        let shown = read(desk, &["story", "show", &id_with(desk, "gangbao")]);
        let articles = shown["articles"].as_array().unwrap().iter();
        let decided = articles.filter(|one| one["evidence"]["decided"] == true);
        decided
            .map(|one| {
                let why = one["why"].as_str().unwrap();
                assert!(why.starts_with("put there by you, beside "), "{why}");
                one["id"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(put(&desk), std::slice::from_ref(&other));
    run(&desk, &["story", "unpin", &ferry, &other], 0);
    assert!(put(&desk).is_empty());
    run(&desk, &["story", "pin", &ferry, &french], 0);
    assert_eq!(put(&desk), std::slice::from_ref(&french));
    run(&desk, &["story", "unpin", &ferry, &french], 0);
    assert_eq!(id_with(&desk, "depeche"), mayor);
    let decisions = std::fs::read_to_string(desk.path().join("decisions.toml")).unwrap();
    assert!(!decisions.contains("[[decision]]"), "{decisions}");
    // Together: two stories are one.
    run(&desk, &["story", "merge", &ferry, &mayor], 0);
    let merged = id_with(&desk, "depeche");
    assert_eq!(merged, id_with(&desk, "gangbao"));
    run(&desk, &["digest", "--all"], 0);
    assert_eq!(stories(&desk)[&merged].len(), 5);
    // And two again: the later decision wins.
    let shown = read(&desk, &["story", "show", &merged]);
    let of_mayor = |one: &&Value| {
        ["depeche", "courier"]
            .iter()
            .any(|host| one["url"].as_str().unwrap().contains(host))
    };
    let ids: Vec<String> = shown["articles"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_mayor)
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    run(&desk, &["story", "split", &merged, &ids[0], &ids[1]], 0);
    assert_ne!(id_with(&desk, "depeche"), id_with(&desk, "gangbao"));
}

#[test]
fn a_suggestion_becomes_a_story_to_compare() {
    let desk = desk(&rows());
    let ferry = id_with(&desk, "gangbao");
    run(&desk, &["story", "accept", &ferry, "--id", "ferry"], 0);
    let spec = std::fs::read_to_string(desk.path().join("stories/ferry.toml")).unwrap();
    assert!(spec.contains("match = ") && spec.contains("AND"), "{spec}");
    for name in ["ferry", &ferry] {
        let compared = read(&desk, &["compare", name]);
        assert_eq!(compared["articles"].as_array().unwrap().len(), 3, "{name}");
    }
    // Its second time under that name is refused, and nothing is written over.
    run(&desk, &["story", "accept", &ferry, "--id", "ferry"], 2);
    run(&desk, &["story", "show", "s:0000000000"], 2);
}

/// Two texts of nearly the same words are of one story without a title, a name or a meaning that would link them, whoever
/// was first, and whether or not that is known.
#[test]
fn nearly_the_same_words_are_one_story_in_any_order() {
    let text = "Divers of the harbour examined a hull that had run aground in the night, and found nothing but scratches on \
        the steel and a torn rope, which they brought to the mayor in the morning before the market opened.";
    let edited = text.replace("torn", "broken");
    let other = "Bakers in the upper town have closed their shops until the mill is repaired, and ask that nobody queue in \
        front of them, since what flour is left has gone to the hospital and to the school by the church.";
    let plain = |host: &str, text: &str, published: &str| json!({ "url": format!("https://{host}.example/a"), "title": "", "text": text, "lang": "en", "published": published });
    for times in [
        ["2026-03-02T08:00:00Z"; 2],
        ["2026-03-02", "2026-03-02T08:00:00Z"],
        ["2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"],
    ] {
        let rows = [
            plain("anzeiger", text, times[0]),
            plain("courier", &edited, times[1]),
            plain("depeche", other, times[0]),
        ];
        let mut turned = rows.clone();
        turned.reverse();
        let urls = |hosts: &[&str]| -> BTreeSet<String> {
            hosts.iter().map(|host| format!("https://{host}.example/a")).collect()
        };
        let expected = BTreeSet::from([urls(&["anzeiger", "courier"]), urls(&["depeche"])]);
        for rows in [&rows[..], &turned[..]] {
            let desk = Desk::new();
            for row in rows {
                bring(&desk, std::slice::from_ref(row));
            }
            assert_eq!(partition(&desk), expected, "{times:?}");
            let why = &suggested(&desk, true)[0]["articles"][1]["evidence"];
            assert!(
                why["copy"].as_f64().or(why["reprint"].as_f64()).unwrap() >= 0.8,
                "{why}"
            );
        }
    }
}

/// A source that was never looked at is not silent, whatever the story; and without two names there is no query, so
/// nobody is.
#[test]
fn nobody_is_silent_who_was_not_asked() {
    let plain = |host: &str, text: &str, lang: &str| {
        json!({ "url": format!("https://{host}.example/a"), "title": "", "text": text, "lang": lang,
            "published": "2026-03-02T08:00:00Z" })
    };
    let text = "Divers of the harbour examined a hull that had run aground in the night, and found nothing but scratches on \
        the steel and a torn rope, which they brought to the mayor in the morning before the market opened.";
    let desk = Desk::new();
    bring(
        &desk,
        &[
            plain("anzeiger", text, "en"),
            plain("courier", text, "en"),
            plain("depeche", "Du pain.", "fr"),
        ],
    );
    desk.write("sources.toml", "[crawler]\ncontact = \"https://reader.example/about\"\n\n[[source]]\nid = \"silent\"\n\
        name = \"Silent\"\nhome = \"https://silent.example/\"\ncountry = \"FR\"\nlang = \"fr\"\nownership = \"private\"\n\
        kind = \"press\"\ntimezone = \"Europe/Paris\"\nfeeds = [\"https://silent.example/feed\"]\n");
    let id = id_with(&desk, "anzeiger");
    let compared = read(&desk, &["compare", &id]);
    let statuses: Vec<&str> = compared["sources"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["status"].as_str())
        .collect();
    assert!(statuses.contains(&"covered"), "{statuses:?}");
    assert!(
        !statuses.contains(&"silent") && !statuses.contains(&"not_yet"),
        "{statuses:?}"
    );
    assert!(compared["story"].get("query").is_none(), "{}", compared["story"]);
}

/// What is usual for a source is counted in stories: two of a year that others ran, of which it ran one.
#[test]
fn what_is_usual_is_counted_in_stories() {
    let row = |host: &str, at: &str, title: &str, text: &str| {
        json!({ "url": format!("https://{host}.example/{}", at.replace([':', '-'], "")), "title": title, "text": text,
            "published": at, "lang": "en" })
    };
    let choir = "The choir of Wonsan sang in Lyon before 1,840 people, the first visit from North Korea to France in 12 years. \
                 Conductor Ri Chol Su thanked Mayor Anne Delorme.";
    let dig = "Archaeologists from France and North Korea opened 37 tombs near Kaesong. Elisabeth Chabanol said that the dig \
               would go on until 2029.";
    let mut rows = Vec::new();
    for (host, hour) in [("anzeiger", "08"), ("courier", "10"), ("depeche", "11")] {
        rows.push(row(
            host,
            &format!("2026-01-12T{hour}:00:00Z"),
            "Wonsan choir sings in Lyon before 1,840",
            choir,
        ));
        // Two events of one week are two, and the third paper has one of them.
        if host != "depeche" {
            rows.push(row(
                host,
                &format!("2026-01-15T{hour}:30:00Z"),
                "37 tombs opened near Kaesong",
                dig,
            ));
        }
    }
    let visit = "France and North Korea spoke of visas on Sunday.";
    rows.push(row("courier", "2026-02-01T09:00:00Z", "Visas for Pyongyang", visit));
    let desk = desk(&rows);
    let compared = read(
        &desk,
        &[
            "compare",
            "@france @north-korea",
            "--since",
            "2026-02-01",
            "--until",
            "2026-02-02",
            "--source",
            "anzeiger-example,courier-example,depeche-example",
        ],
    );
    let rate = |id: &str| {
        let rows = compared["sources"].as_array().unwrap().iter();
        let row = rows.clone().find(|row| row["source_id"] == id);
        row.unwrap_or_else(|| panic!("no {id} in {compared:#}"))["expected_rate"].clone()
    };
    assert_eq!(rate("depeche-example"), "1/2 stories in 365 d");
    // Of the tombs, only one other paper told: that is no occasion for the two who did.
    assert_eq!(rate("anzeiger-example"), "1/1 stories in 365 d");
    assert_eq!(rate("courier-example"), "1/1 stories in 365 d");
}

/// Two reports of one event that share no name, number or word, and one of another.
fn meaning() -> Vec<Value> {
    let row = |host: &str, at: &str, lang: &str, title: &str, text: &str| json!({ "url": format!("https://{host}.example/a"), "title": title, "text": text, "published": at, "lang": lang });
    vec![
        row(
            "anzeiger",
            "2026-03-02T08:00:00Z",
            "en",
            "Ferry runs aground in the storm",
            "A ferry ran aground on a sandbank in the night storm. Divers examined the hull, and the passengers were brought \
             ashore in lifeboats. Nobody was hurt.",
        ),
        row(
            "gangbao",
            "2026-03-02T11:30:00Z",
            "zh",
            "渡轮在暴风雨中搁浅",
            "一艘渡轮夜间在暴风雨中于沙洲搁浅。潜水员检查了船体，乘客乘救生艇被送上岸。无人受伤。",
        ),
        row(
            "depeche",
            "2026-03-02T12:00:00Z",
            "fr",
            "Le prix du pain augmente",
            "Les boulangers expliquent que la farine coûte plus cher que l’an dernier, et qu’ils n’en voient pas la fin.",
        ),
        // Of a language that the encoder was not trained on: all of its texts would be alike.
        row(
            "avisen",
            "2026-03-02T12:00:00Z",
            "no",
            "Ferge gikk på grunn i stormen",
            "En ferge gikk på grunn på en sandbanke i nattens storm. Dykkere undersøkte skroget, og ingen ble skadet.",
        ),
    ]
}

/// As everybody runs it: from an import to vectors, links, a suggestion that says how alike the texts are, and what is
/// near in meaning beside what the words find.
#[test]
fn meaning_alone_makes_a_story_and_is_found() {
    let desk = Desk::new();
    desk.write(
        "topics.toml",
        "[[topic]]\nid = \"ferries\"\nname = { en = \"Ferries\" }\nany.en = [\"ferry\"]\n\
         description = \"Ships and ferries in distress: stranded, sunk, run aground\"\n",
    );
    let rows: String = meaning().iter().map(|row| format!("{row}\n")).collect();
    let file = desk.write("rows.jsonl", rows);
    let encoding = |args: &[&str], code: i32| {
        let args: Vec<&str> = args.iter().copied().chain(["--now", NOW]).collect();
        let ended = desk.run_encoding(&args);
        assert_eq!(ended.code, Some(code), "{args:?}\n{}\n{}", ended.out, ended.err);
        ended.out
    };
    let read = |args: &[&str]| -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&encoding(&args, 0)).unwrap()
    };
    encoding(&["import", file.to_str().unwrap()], 0);
    let found = read(&["story", "suggest"]);
    assert_eq!(found["stories"].as_array().unwrap().len(), 1, "{found}");
    let ferry = &found["stories"][0];
    assert_eq!(ferry["languages"], json!(["en", "zh"]));
    for article in ferry["articles"].as_array().unwrap() {
        let similarity = article["evidence"]["similarity"].as_f64().unwrap();
        assert!(similarity > 0.4, "{article}");
    }
    let hosts = |rows: &Value| -> Vec<String> {
        let urls = rows.as_array().unwrap().iter().map(|row| row["url"].as_str().unwrap());
        urls.map(|url| url.trim_start_matches("https://").split('.').next().unwrap().to_owned())
            .collect()
    };
    // The words find one, the meaning the other; the third is near neither.
    let queried = read(&["query", "ferry aground", "--similar"]);
    assert_eq!(
        (hosts(&queried["articles"]), &queried["total"]),
        (vec!["anzeiger".to_owned()], &json!(1))
    );
    assert_eq!(hosts(&queried["similar"]), ["gangbao"]);
    let only = encoding(&["query", "navire échoué dans la tempête cette nuit", "--similar"], 0);
    assert!(only.contains("near in meaning"), "{only}");
    let french = queried["similar"][0]["id"].as_str().unwrap();
    assert_eq!(hosts(&read(&["show", french, "--similar"])["similar"]), ["anzeiger"]);
    // A topic's description suggests what its terms do not tag, and tags nothing.
    let topic = read(&["topics", "show", "ferries"]);
    assert_eq!(
        (&topic["tagged"], hosts(&topic["suggested"])),
        (&json!(1), vec!["gangbao".to_owned()])
    );
    assert_eq!(
        hosts(&read(&["topics", "test"])["suggested"][0]["articles"]),
        ["gangbao"]
    );
    // Declined, it is a mistake where it is asked for, and left out where it is not.
    let declined = desk.run(&["query", "ferry", "--similar"]);
    assert!(
        declined.code == Some(2) && declined.err.contains("hint:"),
        "{}",
        declined.err
    );
    let plain: Value = serde_json::from_str(&desk.run(&["topics", "show", "ferries", "--json"]).out).unwrap();
    assert!(plain.get("suggested").is_none());
    // Filters alone mean nothing to compare with.
    let filters = desk.run_encoding(&["query", "lang:fr", "--similar"]);
    assert!(
        filters.code == Some(2) && filters.err.contains("words"),
        "{}",
        filters.err
    );
}
