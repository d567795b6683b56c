//! The sentence encoder: the same vectors as the reference's, whatever else is embedded beside a text.

#[path = "common/run.rs"]
mod run;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use vigie::encode::{DIM, ON_BOARD, OnBoard};

/// What the reference made of the sentences; `bench/encoder/run.sh --write` makes it anew.
const VECTORS: &[u8] = include_bytes!("cases/encoder.vectors");
/// 8 bits a number lose some 10⁻⁵ of a cosine.
const LEAST: f64 = 0.9999;

#[derive(Deserialize)]
struct Cases {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    lang: String,
    text: String,
}

fn cases() -> Vec<Sentence> {
    toml::from_str::<Cases>(include_str!("cases/encoder.toml"))
        .unwrap()
        .sentence
}

fn encoder() -> Arc<OnBoard> {
    OnBoard::shared().unwrap()
}

fn cosine(left: &[f32], right: &[f32]) -> f64 {
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    dot(left, right) / (dot(left, left) * dot(right, right)).sqrt()
}

#[test]
fn vectors_are_those_of_the_reference() {
    let cases = cases();
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let expected: Vec<f32> = VECTORS.iter().map(|byte| f32::from(byte.cast_signed())).collect();
    assert_eq!(expected.len(), texts.len() * DIM);
    let languages: BTreeSet<&str> = cases.iter().map(|case| case.lang.as_str()).collect();
    assert!(languages.len() > 12, "{languages:?}");
    let in_nine = ["ar", "de", "en", "es", "fr", "ja", "ko", "ru", "zh"];
    assert!(
        cases
            .iter()
            .filter(|case| in_nine.contains(&case.lang.as_str()))
            .count()
            > 500
    );
    let found = encoder().embed(&texts);
    let mut below = Vec::new();
    for ((case, found), expected) in cases.iter().zip(&found).zip(expected.chunks_exact(DIM)) {
        let cosine = cosine(found, expected);
        if cosine.is_nan() || cosine < LEAST {
            below.push(format!("{cosine:.7} {} {:?}", case.lang, case.text));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}

#[test]
fn every_vector_has_length_one() {
    for vector in encoder().embed(&["", " ", "Le bac", "夜间渡轮", &"bac ".repeat(1500)]) {
        let length: f32 = vector.iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
    }
    assert!(encoder().embed(&[]).is_empty());
}

#[test]
fn neighbours_in_a_batch_change_not_a_bit() {
    let cases = cases();
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).step_by(7).collect();
    let encoder = encoder();
    let together = encoder.embed(&texts);
    // Several threads at once, backwards, so that what is kept between texts is there in another order.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for (text, together) in texts.iter().zip(&together).rev() {
                    assert_eq!(&encoder.embed(&[text])[0], together, "{text}");
                }
            });
        }
    });
}

#[test]
fn one_meaning_in_two_languages_is_nearer_than_two_in_one() {
    let vectors = encoder().embed(&[
        "The night ferry will sail again on Thursday.",
        "夜间渡轮将于周四恢复通航。",
        "The library received thirty-one books about bridges.",
        "Le bac de nuit reprendra jeudi.",
    ]);
    let ferry = cosine(&vectors[0], &vectors[1]).min(cosine(&vectors[0], &vectors[3]));
    assert!(ferry > cosine(&vectors[0], &vectors[2]) + 0.1);
}

#[test]
fn the_command_answers_rows_and_a_text() {
    let rows = "{\"id\":\"a\",\"text\":\"Le bac\"}\nno row\n{\"id\":\"b\"}\n{\"id\":\"c\",\"text\":\" \"}\n{\"id\":\"d\",\"text\":\"渡轮\"}\n";
    let ran = run::fed(&["embed", "--batch", "-"], rows.as_bytes()).exits(0);
    let answers: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let errors: Vec<&str> = answers.iter().filter_map(|answer| answer["error"].as_str()).collect();
    assert_eq!(
        (errors.len(), &errors[1..]),
        (3, &["the row has no `text`", "the row's `text` is empty"][..])
    );
    let expected = encoder().embed(&["Le bac", "渡轮"]);
    for (answer, expected) in [(&answers[0], &expected[0]), (&answers[4], &expected[1])] {
        let vector: Vec<f32> = serde_json::from_value(answer["vector"].clone()).unwrap();
        assert_eq!(&vector, expected);
    }
    let one = run::fed(&["embed", "--json"], "Le bac\n".as_bytes()).exits(0);
    assert_eq!(one.json()["vector"], answers[0]["vector"]);
    let plain = run::fed(&["embed"], "Le bac".as_bytes()).exits(0);
    assert_eq!(plain.out.split_whitespace().count(), DIM);
    let nothing = run::fed(&["embed"], b" \n").exits(2);
    assert!(nothing.err.contains("there is no text\nhint:"), "{}", nothing.err);
    let without = run::fed(&["embed", "--no-encoder"], b"Le bac").exits(2);
    assert!(without.err.contains("hint:"), "{}", without.err);
}

#[cfg(not(feature = "onnx"))]
#[test]
fn one_of_the_readers_needs_a_build_that_reads_it() {
    let place = run::Place::empty();
    for args in [
        &["embed", "--encoder", "harbour-base"][..],
        &["import", "rows.jsonl", "--encoder", "harbour-base"],
    ] {
        let ran = encoding(&place, args).exits(2);
        let says = "error: this vigie was built without the feature `onnx`, and cannot read the encoder in harbour-base\n\
            hint: cargo install --path . --features onnx\n";
        assert!(ran.err.ends_with(says), "{}", ran.err);
    }
}

/// What is there stays, and a look is made: an encoder that cannot be used costs vectors alone.
#[cfg(not(feature = "onnx"))]
#[test]
fn nothing_is_lost_for_an_encoder_that_cannot_be_used() {
    let place = run::Place::empty();
    encoding(&place, &["import", "rows.jsonl"]).exits(0);
    let sources = "[crawler]\ncontact = \"https://reader.example/\"\n[[source]]\nid = \"gazette-en\"\nname = \"Gazette\"\n\
        home = \"http://gazette.example/\"\ncountry = \"GB\"\nlang = \"en\"\nownership = \"private\"\nkind = \"press\"\n\
        timezone = \"Europe/London\"\nfeeds = [\"http://gazette.example/feed\"]\n";
    std::fs::write(place.path().join("sources.toml"), sources).unwrap();
    for args in [&["digest", "--all"][..], &["doctor", "--rebuild"]] {
        encoding(&place, &[args, &["--encoder", "harbour-base"]].concat()).exits(2);
        assert_eq!(place.count("SELECT count(*) FROM article"), 1, "{args:?}");
    }
    let night = [
        "crawl",
        "--encoder",
        "harbour-base",
        "--resolve-all",
        "127.0.0.1:9",
        "--allow-private",
        "--delay",
        "0s",
    ];
    let ran = encoding(&place, &night);
    assert!(ran.err.contains("new articles get no vectors"), "{}", ran.err);
    assert!(place.count("SELECT count(*) FROM look") > 0, "{}", ran.err);
}

/// Runs with the encoder, on rows of two articles.
fn encoding(place: &run::Place, args: &[&str]) -> run::Ran {
    let row =
        |n: u32, text: &str| format!("{{\"url\":\"http://a.example/{n}\",\"lang\":\"en\",\"text\":\"{text}\"}}\n");
    for (name, row) in [
        ("rows.jsonl", row(1, "The night ferry sails again on Thursday.")),
        ("more.jsonl", row(2, "The library received thirty-one books.")),
    ] {
        std::fs::write(place.path().join(name), row).unwrap();
    }
    let mut command = place.command(args);
    let output = command.env_remove("VIGIE_NO_ENCODER").output().unwrap();
    run::Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn vectors_of_two_encoders_are_never_in_one_store() {
    let place = run::Place::empty();
    encoding(&place, &["import", "rows.jsonl"]).exits(0);
    assert_eq!(encoding(&place, &["doctor", "--json"]).json()["encoder"], ON_BOARD);
    let vectors = || place.count("SELECT count(*) FROM vector");
    let before = vectors();
    place
        .sql()
        .execute("UPDATE encoder SET name = 'another@0'", [])
        .unwrap();
    let ran = encoding(&place, &["import", "more.jsonl"]).exits(0);
    assert!(
        ran.err
            .contains("the vectors of this store are of the encoder another@0, not of "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("hint: `vigie digest --all`"), "{}", ran.err);
    assert_eq!((vectors(), place.count("SELECT count(*) FROM article")), (before, 2));
    let ran = encoding(&place, &["query", "ferry", "--similar"]).exits(2);
    assert!(
        ran.err.contains("never compared") && ran.err.contains("hint: "),
        "{}",
        ran.err
    );
    let sources = "[crawler]\ncontact = \"https://reader.example/\"\n";
    std::fs::write(place.path().join("sources.toml"), sources).unwrap();
    encoding(&place, &["digest", "--all"]).exits(0);
    assert_eq!(encoding(&place, &["doctor", "--json"]).json()["encoder"], ON_BOARD);
    assert_eq!(place.count("SELECT count(DISTINCT article) FROM vector"), 2);
}
