//! `vigie show` and `vigie status`.

use crate::{keys, place, snapshot};

fn id_of(source: &str) -> String {
    let found = place()
        .run(&["query", &format!("@jack-lang source:{source}"), "--json"])
        .exits(0)
        .json();
    found["articles"][0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn an_article_and_how_we_know() {
    snapshot!(
        "show_two_versions",
        place().run(&["show", &id_of("own-en")]).exits(0).page()
    );
    snapshot!(
        "show_day_only",
        place().run(&["show", &id_of("liberation-fr")]).exits(0).page()
    );
    snapshot!(
        "show_reprint",
        place().run(&["show", &id_of("people-zh")]).exits(0).page()
    );
}

#[test]
fn the_beginning_of_an_id_is_enough() {
    let id = id_of("xinhua-zh");
    let whole = place().run(&["show", &id]).exits(0).out;
    assert_eq!(place().run(&["show", &id[..14]]).exits(0).out, whole);
    assert_eq!(place().run(&["show", id.trim_start_matches("i:")]).exits(0).out, whole);
    let json = place().run(&["show", &id, "--json"]).exits(0).json();
    assert_eq!(keys(&json), ["article", "mentions", "stays", "topics", "versions"]);
    assert_eq!(json["article"]["id"], id.as_str());
}

#[test]
fn an_id_that_is_none_or_several() {
    let mut pages = String::new();
    for (id, code) in [("i:", 2), ("", 2), ("i:zz", 4), ("%", 4), ("i:0' OR 1", 4)] {
        pages.push_str(&format!(
            "$ vigie show '{id}'\n{}\n",
            place().run(&["show", id]).exits(code).page()
        ));
    }
    snapshot!("show_errors", pages);
}

#[test]
fn status_of_the_sources() {
    snapshot!("status", place().run(&["status"]).exits(0).page());
    snapshot!(
        "status_of_a_day",
        place().run(&["status", "--since", "24h"]).exits(0).page()
    );
}

#[test]
fn status_json_has_the_published_keys() {
    let json = place().run(&["status", "--json"]).exits(0).json();
    assert_eq!(keys(&json), ["alarms", "languages", "since", "sources", "until"]);
    let sources = json["sources"].as_array().expect("sources");
    assert_eq!(sources.len(), 10);
    for source in sources {
        for key in [
            "id",
            "verdict",
            "last_ok",
            "last_new",
            "looks_ok",
            "looks_planned",
            "gaps",
            "new_per_day",
        ] {
            assert!(source.get(key).is_some(), "{key} of {source}");
        }
    }
    let verdict = |id: &str| &sources.iter().find(|source| source["id"] == id).expect("a row")["verdict"];
    assert_eq!(verdict("yonhap-en"), "down");
    assert_eq!(verdict("xinhua-zh"), "ok");
    // Ten old posts at the first look are no daily rate, so three days without one are usual.
    assert_eq!(verdict("aafc-fr"), "quiet");
    let alarms = json["alarms"].to_string();
    assert!(!alarms.contains("aafc-fr") && alarms.contains("yonhap-en"), "{alarms}");
}
