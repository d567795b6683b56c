//! `vigie saved`: kept, asked again, told once, missed when silent.

use std::fs;

use crate::run::{Place, Ran, command, demo};
use crate::snapshot;

/// One more article of a source that the store knows.
fn arrives(place: &Place, number: u32, title: &str, published: &str) {
    let row = serde_json::json!({
        "url": format!("https://www.lemonde.example/asie/{number}.html"),
        "title": title,
        "text": format!("{title}. Le bureau culturel de Pyongyang."),
        "published": published,
        "lang": "fr",
        "source": "lemonde-fr",
    });
    let file = place.path().join("rows.jsonl");
    fs::write(&file, format!("{row}\n")).expect("written");
    place.run(&["import", "rows.jsonl"]).exits(0);
}

fn at(place: &Place, now: &str, args: &[&str]) -> Ran {
    let output = command()
        .current_dir(place.path())
        .args(["--now", now])
        .args(args)
        .output()
        .expect("the program starts");
    Ran {
        code: output.status.code().expect("ended by itself"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn from_the_first_run_to_the_last() {
    let place = demo().0.copy();
    let add = [
        "saved",
        "add",
        "office",
        "bureau NEAR/8 Pyongyang",
        "--note",
        "has it opened?",
    ];
    snapshot!("saved_add", place.run(&add).page());
    let taken = place.run(&add).exits(2);
    assert!(taken.err.contains("the id office is taken"), "{}", taken.err);
    snapshot!(
        "saved_file",
        fs::read_to_string(place.path().join("saved.toml")).expect("the file")
    );
    snapshot!("saved_run_first", place.run(&["saved", "run"]).page());
    snapshot!("saved_run_nothing", place.run(&["saved", "run"]).page());

    arrives(
        &place,
        1,
        "Un bureau à Pyongyang <b>ouvre</b> [enfin]",
        "2009-12-18T05:00:00Z",
    );
    snapshot!("saved_list", place.run(&["saved", "list"]).page());
    let ran = place.run(&["saved", "run", "--digest", "digest/%Y-%m-%d.md"]).exits(0);
    snapshot!("saved_run_hit", ran.page());
    let digest = fs::read_to_string(place.path().join("digest/2009-12-18.md")).expect("a digest");
    snapshot!("saved_digest", &digest);
    // Told once; and to the person who looks in the morning once more, and not again.
    let again = place.run(&["saved", "run", "--json"]).exits(0).json();
    assert_eq!(again["searches"][0]["new"], 0);
    let unseen = place.run(&["saved", "run", "--unseen"]).exits(0);
    assert!(unseen.out.contains("office  1 unseen"), "{}", unseen.out);
    place.run(&["saved", "run", "--unseen"]).exits(4);
    // The second digest of a day stands behind the first.
    place.run(&["saved", "run", "--digest", "digest/%Y-%m-%d.md"]).exits(0);
    let both = fs::read_to_string(place.path().join("digest/2009-12-18.md")).expect("a digest");
    assert!(
        both.starts_with(&digest) && both.matches("## Saved searches").count() == 2,
        "{both}"
    );

    place.run(&["saved", "remove", "office"]).exits(0);
    place.run(&["saved", "list"]).exits(4);
    assert_eq!(place.count("SELECT count(*) FROM saved_hit"), 0);
    let gone = place.run(&["saved", "remove", "office"]).exits(2);
    assert!(gone.err.contains("there is no saved search `office`"), "{}", gone.err);
}

#[test]
fn the_feed_is_atom_and_its_ids_stay() {
    let place = demo().0.copy();
    place.run(&["saved", "add", "lang", "@jack-lang"]).exits(0);
    place.run(&["saved", "run"]).exits(0);
    let path = "data/saved/lang.atom";
    let read = |place: &Place| place.run(&["inspect", "feed", path, "--json"]).exits(0).json();
    let feed = read(&place);
    assert_eq!(
        (feed["kind"].as_str(), feed["repairs"].as_array().map(Vec::len)),
        (Some("atom"), Some(0)),
        "{feed}"
    );
    assert_eq!(feed["entries"].as_array().map(Vec::len), Some(6));
    let ids = |feed: &serde_json::Value| -> Vec<String> {
        let entries = feed["entries"].as_array().expect("entries");
        entries.iter().map(|entry| entry["id"].to_string()).collect()
    };
    let text = fs::read_to_string(place.path().join(path)).expect("a feed");
    for needed in [
        "<id>urn:uuid:",
        "<updated>2009-12-18T06:00:00Z</updated>",
        "<author><name>",
        "xml:lang=\"zh-Hans\"",
    ] {
        assert!(text.contains(needed), "{needed} in {text}");
    }
    // Made anew, an article is the same entry.
    let before = ids(&feed);
    place.run(&["digest", "--all"]).exits(0);
    let run = place.run(&["saved", "run", "--json"]).exits(0).json();
    assert_eq!(
        (&run["searches"][0]["new"], &run["searches"][0]["first"]),
        (&0.into(), &false.into()),
        "{run}"
    );
    assert_eq!(ids(&read(&place)), before);
}

#[test]
fn silence_is_told_once_an_episode() {
    let place = demo().0.copy();
    place
        .run(&[
            "saved",
            "add",
            "office",
            "bureau NEAR/8 Pyongyang",
            "--silence-alert-days",
            "2",
        ])
        .exits(0);
    place.run(&["saved", "run"]).exits(0);
    let quiet = at(&place, "2009-12-20T05:59:00Z", &["saved", "run"]).exits(0);
    assert!(!quiet.out.contains("alarm"), "{}", quiet.out);
    let alarm = at(&place, "2009-12-20T06:00:00Z", &["saved", "run"]).exits(0);
    // Nobody looked meanwhile, so the silence is nobody's.
    assert!(
        alarm.out.contains("alarm: office: no source answered for 2 days") && alarm.out.contains("nothing can be said"),
        "{}",
        alarm.out
    );
    let told = at(&place, "2009-12-21T06:00:00Z", &["saved", "run"]).exits(0);
    assert!(!told.out.contains("alarm"), "{}", told.out);
    let feed = fs::read_to_string(place.path().join("data/saved/office.atom")).expect("a feed");
    assert!(feed.contains("Silence: office"), "{feed}");
}

#[test]
fn another_query_begins_anew() {
    let place = demo().0.copy();
    place.run(&["saved", "add", "office", "zzzqqq"]).exits(0);
    place.run(&["saved", "run"]).exits(0);
    let path = place.path().join("saved.toml");
    let text = fs::read_to_string(&path)
        .expect("the file")
        .replace("zzzqqq", "@jack-lang");
    fs::write(&path, text).expect("written");
    let ran = place.run(&["saved", "run", "--json"]).exits(0).json();
    let search = &ran["searches"][0];
    assert_eq!(
        (&search["changed"], &search["new"], &search["total"]),
        (&true.into(), &0.into(), &6.into()),
        "{ran}"
    );
}

#[test]
fn mistakes_are_pointed_at_in_the_file() {
    let place = demo().0.copy();
    let path = place.path().join("saved.toml");
    for (name, text) in [
        ("saved_mistake_query", "[[search]]\nid = \"a\"\nquery = '文化 OR'\n"),
        ("saved_mistake_key", "[[search]]\nid = \"a\"\nqery = 'x'\n"),
        (
            "saved_mistake_source",
            "[[search]]\nid = \"a\"\nquery = 'x'\nsource = [\"lemonde-f\"]\n",
        ),
        (
            "saved_mistake_topic",
            "[[search]]\nid = \"a\"\nquery = 'topic:sanction'\n",
        ),
    ] {
        fs::write(&path, text).expect("written");
        snapshot!(name, place.run(&["saved", "run"]).exits(2).page());
    }
    fs::write(&path, "").expect("written");
    place.run(&["saved", "list"]).exits(4);
    place.run(&["saved", "run"]).exits(2);
    let ran = place.run(&["saved", "add", "Büro", "x"]).exits(2);
    assert!(ran.err.contains("is not a well-formed id"), "{}", ran.err);
    let ran = place.run(&["saved", "add", "office", "a OR"]).exits(2);
    assert!(ran.err.contains("ends after OR"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&path).expect("the file"), "");
}
