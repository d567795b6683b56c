//! The same press asked otherwise: by the story's file, with pins, without a query, with a hole in the ledger.

use super::run::{self, Place, demo};
use super::{comparison, from_spec, row};
use serde_json::{Value, json};

#[test]
fn a_look_that_is_missing_costs_the_grade() {
    let place = demo().0.copy();
    let sql = place.sql();
    // Links that this look announced first keep pointing at it: a hole in the ledger, made by hand.
    sql.pragma_update(None, "foreign_keys", false).expect("a switch");
    let gone = sql
        .execute(
            "DELETE FROM look WHERE source = 'kcna-en' AND at = (SELECT at FROM look WHERE source = 'kcna-en' ORDER BY at LIMIT 1 OFFSET 8)",
            [],
        )
        .expect("a look to delete");
    assert_eq!(gone, 1);
    let comparison = place.compare(&["--format", "json"]).exits(0).json();
    let row = row(&comparison, "kcna-en");
    assert_eq!(row["looks_ok"], 16);
    assert_eq!(row["looks_planned"], 17);
    assert_eq!(row["silence_grade"], "C");
    let terminal = place.compare(&[]).exits(0).out;
    let line = terminal
        .lines()
        .find(|line| line.contains("looked 16/17"))
        .expect("a line");
    assert!(line.contains("KCNA") && line.contains("SILENT C"), "{terminal}");
}

#[test]
fn a_demonstration_does_not_empty_a_folder_that_is_not_its_own() {
    // A folder without a database.
    let place = Place::empty();
    std::fs::create_dir(place.data()).expect("a folder");
    std::fs::write(place.data().join("letters.txt"), "keep me").expect("a file");
    let ran = place.run(&["demo", "--dir", "."]).exits(2);
    assert!(
        ran.err.contains("holds more than a demonstration; nothing was touched"),
        "{}",
        ran.err
    );
    assert!(place.data().join("letters.txt").exists());
    // Sources of the reader's own, before and after the store has them.
    let place = Place::empty();
    place.run(&["init", "--preset", "seed"]).exits(0);
    let sources = std::fs::read_to_string(place.path().join("sources.toml")).expect("sources");
    place.run(&["demo", "--dir", "."]).exits(2);
    std::fs::remove_dir_all(place.data()).expect("an empty store");
    place.run(&["demo", "--dir", "."]).exits(2);
    assert_eq!(
        std::fs::read_to_string(place.path().join("sources.toml")).expect("sources"),
        sources
    );
}

/// Points (a) to (k) hold of the story's file as of the query: the rows, the silences and what ran instead are the same,
/// but for what the question itself decides.
#[test]
fn the_story_as_it_is_written_down_gives_the_same_comparison() {
    let (typed, written) = (comparison(), from_spec());
    assert_eq!(written["story"]["id"], "lang-pyongyang");
    let cut = |value: &Value, keys: &[&str]| -> Vec<Value> {
        let rows = value.as_array().expect("rows").iter().cloned();
        let without = |mut row: Value| {
            let fields = row.as_object_mut().expect("a row");
            fields.retain(|key, _| !keys.contains(&key.as_str()));
            row
        };
        rows.map(without).collect()
    };
    // Who is expected is said in the file; a near miss is near to the query, and the control goes by its topic.
    let of_rows = [
        "expected_by_user",
        "best_near_miss_score",
        "best_near_miss_title",
        "control_hits",
    ];
    assert_eq!(cut(&written["sources"], &of_rows), cut(&typed["sources"], &of_rows));
    assert_eq!(
        cut(&written["silences"], &["near_misses"]),
        cut(&typed["silences"], &["near_misses"])
    );
    let of_instead = ["story_score", "topic_score"];
    assert_eq!(
        cut(&written["instead"], &of_instead),
        cut(&typed["instead"], &of_instead)
    );
    for key in [
        "articles",
        "headlines",
        "lineage",
        "versions",
        "timeline",
        "summary",
        "limits",
        "window",
    ] {
        assert_eq!(written[key], typed[key], "{key}");
    }
    for (source, expected) in [("aafc-fr", true), ("kcna-en", true), ("lefigaro-fr", false)] {
        assert_eq!(row(written, source)["expected_by_user"], expected, "{source}");
    }
}

#[test]
fn each_source_is_asked_without_the_country_it_is_at_home_in() {
    let asked = |source: &str| {
        let forms = from_spec()["story"]["asked"].as_array().expect("forms");
        let mine = |form: &&Value| {
            form["sources"]
                .as_array()
                .is_some_and(|ids| ids.contains(&json!(source)))
        };
        let form = forms
            .iter()
            .find(mine)
            .unwrap_or_else(|| panic!("{source} was not asked"));
        (
            form["implicit"].clone(),
            form["query"]
                .as_str()
                .expect("a query")
                .split(" AND (")
                .next()
                .unwrap_or_default()
                .to_owned(),
            form["topic"].clone(),
        )
    };
    for (source, implicit, query, topic) in [
        ("lefigaro-fr", json!(["france"]), "@north-korea", "@north-korea"),
        ("kcna-en", json!(["north-korea"]), "@france", "@france"),
        (
            "xinhua-zh",
            json!([]),
            "@france AND @north-korea",
            "@france OR @north-korea",
        ),
    ] {
        assert_eq!(asked(source), (implicit, query.to_owned(), json!(topic)), "{source}");
    }
}

#[test]
fn a_silence_is_proved_line_by_line() {
    let explain = |source: &str| {
        demo()
            .0
            .run(&["compare", "lang-pyongyang", "--explain", source])
            .exits(0)
            .out
    };
    // Sources are visited side by side, so the ledger's order within a run differs from run to run.
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"ledger ids \d+–\d+", "ledger ids [first]–[last]");
    let _bound = settings.bind_to_scope();
    insta::assert_snapshot!("explain_lefigaro", explain("lefigaro-fr"));
    insta::assert_snapshot!("explain_kcna", explain("kcna-en"));
    insta::assert_snapshot!("explain_yonhap", explain("yonhap-en"));
    insta::assert_snapshot!("explain_own", explain("own-en"));
}

/// A headline made by a formula is counted with its kind, and is no news.
#[test]
fn kcna_ran_a_formula_instead() {
    for comparison in [comparison(), from_spec()] {
        let instead = comparison["instead"].as_array().expect("rows");
        let of = |title: &str| {
            let found = instead.iter().find(|row| row["title"] == title);
            found.unwrap_or_else(|| panic!("{title} did not run instead"))
        };
        let routine = of("Kim Jong Il's Works Praised by French Figure");
        assert_eq!(routine["genre"], "ritual");
        assert_eq!(routine["formula_count_365d"], 6);
        assert!(routine["formula_id"].as_str().is_some_and(|id| id.starts_with("f:")));
        let letter = of("Obama écrit à Kim Jong-il");
        assert_eq!(
            (&letter["genre"], &letter["formula_id"]),
            (&json!("news"), &Value::Null)
        );
    }
}

/// The ledger is hashed as the documentation says, so that anybody can do it again.
#[test]
fn the_snapshot_can_be_made_again_from_the_view() {
    use sha2::{Digest, Sha256};
    let sql = demo().0.sql();
    let mut statement = sql
        .prepare("SELECT id, source_id, unixepoch(at), outcome, items, coalesce(sha256, '') FROM v_looks ORDER BY id")
        .expect("the view");
    let lines: Vec<String> = statement
        .query_map([], |row| {
            let (id, source, at): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (outcome, items, digest): (String, i64, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(format!("{id}\t{source}\t{at}\t{outcome}\t{items}\t{digest}\n"))
        })
        .expect("looks")
        .collect::<Result<_, _>>()
        .expect("rows");
    let digest = Sha256::digest(lines.concat().as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(from_spec()["snapshot"], json!({"look": lines.len(), "sha256": hex}));
}

#[test]
fn since_the_last_export_only_what_changed_is_told() {
    let place = demo().0.copy();
    let none = place.run(&["compare", "lang-pyongyang", "--since", "last"]).exits(2);
    assert!(
        none.err.contains("nothing was exported of lang-pyongyang yet"),
        "{}",
        none.err
    );
    // As it was on the morning of the 17th, before Le Monde was looked at.
    let then = ["--now", "2009-12-17T03:00:00Z", "compare", "lang-pyongyang"];
    let mut export = run::command();
    export
        .current_dir(place.path())
        .args(then)
        .args(["--output", "story.txt", "--until", "2009-12-17T03:00Z"]);
    assert!(export.output().expect("the program starts").status.success());
    let told = place
        .run(&["compare", "lang-pyongyang", "--since", "last"])
        .exits(0)
        .out;
    insta::assert_snapshot!("since_last", told);
    // Told is not exported: the next question has the same answer.
    assert_eq!(
        place
            .run(&["compare", "lang-pyongyang", "--since", "last"])
            .exits(0)
            .out,
        told
    );
    place
        .run(&["compare", "lang-pyongyang", "--output", "story.txt"])
        .exits(0);
    let quiet = place
        .run(&["compare", "lang-pyongyang", "--since", "last"])
        .exits(0)
        .out;
    assert!(quiet.contains("nothing else has changed"), "{quiet}");
}

#[test]
fn pins_decide_and_say_that_a_person_did() {
    let place = demo().0.copy();
    let story = place.path().join("stories/lang-pyongyang.toml");
    let before = std::fs::read_to_string(&story).expect("the story");
    let id = |source: &str| {
        row(from_spec(), source)["first_item_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let obama = from_spec()["instead"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["title"] == "Obama écrit à Kim Jong-il");
    let obama = obama
        .and_then(|row| row["article_id"].as_str())
        .expect("an id")
        .to_owned();
    place.run(&["story", "pin", "lang-pyongyang", &obama]).exits(0);
    place
        .run(&["story", "pin", "lang-pyongyang", &id("lemonde-fr"), "--out"])
        .exits(0);
    let edited = std::fs::read_to_string(&story).expect("the story");
    assert!(
        edited.starts_with(&before),
        "nothing but the pins was touched:\n{edited}"
    );
    let comparison = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    let figaro = row(&comparison, "lefigaro-fr");
    assert_eq!(
        (&figaro["status"], &figaro["decided_by"]),
        (&json!("covered"), &json!("user"))
    );
    let monde = row(&comparison, "lemonde-fr");
    assert_eq!(
        (&monde["status"], &monde["decided_by"]),
        (&json!("silent"), &json!("user"))
    );
    assert_ne!(comparison["story"]["spec_sha256"], from_spec()["story"]["spec_sha256"]);
    insta::assert_snapshot!(
        "story_show",
        place.run(&["story", "show", "lang-pyongyang"]).exits(0).page()
    );
    place
        .run(&["story", "unpin", "lang-pyongyang", &obama, &id("lemonde-fr")])
        .exits(0);
    let again = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(again["sources"], from_spec()["sources"]);
}

/// A story that only a person or a cluster put together proves nobody's silence.
#[test]
fn without_a_query_nobody_is_silent() {
    let place = demo().0.copy();
    let id = row(from_spec(), "xinhua-zh")["first_item_id"].as_str().expect("an id");
    let text = format!(
        "id = \"picked\"\ntitle = \"Picked\"\nwindow = [\"2009-12-14\", \"2009-12-18T06:00Z\"]\n[pins]\nin = [\"{id}\"]\n"
    );
    std::fs::write(place.path().join("stories/picked.toml"), text).expect("a story");
    let wide = "id = \"wide\"\ntitle = \"Wide\"\nwindow = [\"2009-12-14\", \"2009-12-18T06:00Z\"]\nmatch = 'source:xinhua-zh'\n";
    std::fs::write(place.path().join("stories/wide.toml"), wide).expect("a story");
    for story in ["picked", "wide"] {
        let comparison = place.run(&["compare", story, "--format", "json"]).exits(0).json();
        for row in comparison["sources"].as_array().expect("rows") {
            assert!(
                ["covered", "unknown"].contains(&row["status"].as_str().expect("a status")),
                "{story}: {row}"
            );
        }
    }
}

/// The reader's own posts, brought as the file of a feed or as WordPress exports them, have a row and a rank.
#[test]
fn a_blogs_own_archive_is_a_source() {
    let place = demo().0.copy();
    let sources = place.path().join("sources.toml");
    let mut text = std::fs::read_to_string(&sources).expect("the sources");
    for (id, host) in [("mine-en", "mine.example"), ("yours-en", "yours.example")] {
        text.push_str(&format!(
            "\n[[source]]\nid = \"{id}\"\nname = \"{host}\"\nhome = \"https://{host}/\"\ncountry = \"US\"\nlang = \"en\"\n\
             ownership = \"private\"\nkind = \"own\"\ntimezone = \"America/New_York\"\nfeeds = [\"https://{host}/feed\"]\n"
        ));
    }
    std::fs::write(&sources, text).expect("the sources");
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Mine</title><id>urn:mine</id><updated>2009-12-17T00:00:00Z</updated>
        <entry><title>Jack Lang in Pyongyang</title><id>urn:mine:1</id><link href="https://mine.example/lang"/>
        <published>2009-12-17T01:00:00Z</published><updated>2009-12-17T01:00:00Z</updated>
        <content type="html">&lt;p&gt;France and North Korea agree, says Jack Lang, and nobody here has printed a line of it so far.&lt;/p&gt;</content></entry></feed>"#;
    std::fs::write(place.path().join("mine.xml"), atom).expect("a feed");
    let export = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Yours</title><link>https://yours.example</link><wp:wxr_version>1.2</wp:wxr_version>
        <item><title>Lang's agreement</title><link>https://yours.example/2009/12/15/lang/</link><pubDate>Tue, 15 Dec 2009 14:00:00 +0000</pubDate>
        <content:encoded><![CDATA[<p>Jack Lang says that France and North Korea are to exchange books and teachers.</p>]]></content:encoded>
        <wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type><wp:comment_status><![CDATA[closed]]></wp:comment_status>
        <wp:comment><wp:comment_approved><![CDATA[1]]></wp:comment_approved><wp:comment_type><![CDATA[comment]]></wp:comment_type></wp:comment>
        <wp:comment><wp:comment_approved><![CDATA[0]]></wp:comment_approved><wp:comment_type><![CDATA[comment]]></wp:comment_type></wp:comment></item>
        <item><title>A draft on Jack Lang</title><link>https://yours.example/?p=12</link><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>
        <content:encoded><![CDATA[<p>Not finished.</p>]]></content:encoded>
        <wp:status><![CDATA[draft]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type></item></channel></rss>"#;
    std::fs::write(place.path().join("yours.xml"), export).expect("an export");
    let whose = place.run(&["import", "mine.xml"]).exits(2);
    assert!(whose.err.contains("does not say whose"), "{}", whose.err);
    let nobody = place.run(&["import", "mine.xml", "--source", "mine"]).exits(2);
    assert!(nobody.err.contains("did you mean mine-en?"), "{}", nobody.err);
    let mine = place
        .run(&["import", "mine.xml", "--source", "mine-en", "--json"])
        .exits(0)
        .json();
    assert_eq!((&mine["new"], &mine["failed"]), (&json!(1), &json!(0)));
    let yours = place
        .run(&["import", "yours.xml", "--source", "yours-en", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        (&yours["new"], &yours["skipped"]),
        (&json!(1), &json!(1)),
        "the draft stays private"
    );
    assert_eq!(
        place
            .run(&["import", "yours.xml", "--source", "yours-en", "--json"])
            .exits(0)
            .json()["duplicates"],
        1
    );
    let comparison = place
        .run(&["compare", "lang-pyongyang", "--format", "json"])
        .exits(0)
        .json();
    let yours = row(&comparison, "yours-en");
    assert_eq!((&yours["rank_overall"], &yours["rank_in_lang"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&yours["comments_state"], &yours["comments_count"]),
        (&json!("closed"), &json!(1))
    );
    assert_eq!(yours["first_local"], "15 Dec 09:00 America/New_York");
    assert_eq!(row(&comparison, "mine-en")["rank_overall"], 7);
    let summary = comparison["summary"].as_str().expect("a summary");
    assert!(
        summary.contains("Your post: 2nd overall, first in English"),
        "{summary}"
    );
}
