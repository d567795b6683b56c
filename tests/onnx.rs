//! An encoder of the reader's: `cargo test --features onnx --test onnx`. The model is `tools/make-onnx-fixture.py`'s, which
//! worked out its vectors without it.

#[path = "common/run.rs"]
mod run;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Place, Ran};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use vigie::config::WhichEncoder;
use vigie::encode::{EncodeError, Encoder, ON_BOARD};

const MODEL: &[u8] = include_bytes!("onnx/model.onnx");
const SETTINGS: &str = "name = \"tiny\"\npooling = \"mean\"\nmost_tokens = 24\n";
const DIM: usize = 16;

#[derive(Deserialize)]
struct Case {
    tokenizer: String,
    text: String,
    mean: Vec<f32>,
    cls: Vec<f32>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("onnx/expected.json")).unwrap()
}

/// An encoder's folder with one of the tokenizers.
struct Folder(TempDir);

impl Folder {
    fn with(tokenizer: &str, settings: &str) -> Folder {
        let folder = Folder(TempDir::new().unwrap());
        let kept = match tokenizer {
            "wordpiece" => "tokenizer.json".to_owned(),
            other => format!("{other}.json"),
        };
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/onnx").join(kept);
        folder.write("model.onnx", MODEL);
        folder.write("tokenizer.json", &fs::read(fixture).unwrap());
        folder.write("encoder.toml", settings.as_bytes());
        folder
    }

    fn usual() -> Folder {
        Folder::with("wordpiece", SETTINGS)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn open(&self) -> Result<Encoder, EncodeError> {
        Encoder::required(&WhichEncoder::Supplied(PathBuf::from(self.path())))
    }
}

fn vector(encoder: &Encoder, text: &str) -> Vec<f32> {
    encoder.embed(&[text]).remove(0).unwrap()
}

fn near(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() < 2e-5)
}

#[test]
fn vectors_are_those_worked_out_without_it() {
    for tokenizer in ["wordpiece", "unigram", "bpe"] {
        let cases: Vec<Case> = cases().into_iter().filter(|case| case.tokenizer == tokenizer).collect();
        assert!(cases.len() > 1);
        for pooling in ["mean", "cls", "sentence_embedding"] {
            let settings = SETTINGS.replace("mean", pooling);
            let folder = Folder::with(tokenizer, &settings);
            let encoder = folder.open().unwrap();
            assert_eq!(encoder.dim(), DIM);
            for case in &cases {
                let expected = if pooling == "cls" { &case.cls } else { &case.mean };
                let found = vector(&encoder, &case.text);
                assert!(
                    near(&found, expected),
                    "{tokenizer} {pooling} {:?}\n{found:?}\n{expected:?}",
                    case.text
                );
            }
        }
    }
}

#[test]
fn a_text_has_the_same_vector_alone_and_among_others() {
    let folder = Folder::usual();
    let encoder = folder.open().unwrap();
    let texts = [
        "library",
        "the school opens Thursday in the harbour",
        "",
        "夜间渡轮周四恢复",
    ];
    let together = encoder.embed(&texts);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for (text, together) in texts.iter().zip(&together).rev() {
                    assert_eq!(&vector(&encoder, text), together.as_ref().unwrap(), "{text}");
                }
            });
        }
    });
    assert!(encoder.embed(&[]).is_empty());
}

#[test]
fn a_text_is_read_as_far_as_its_most_tokens() {
    let folder = Folder::with("wordpiece", &SETTINGS.replace("24", "8"));
    let encoder = folder.open().unwrap();
    // Beside six words, what stands around them.
    let six = "the night ferry sails thursday in";
    assert_eq!(vector(&encoder, &format!("{six} the harbour")), vector(&encoder, six));
    assert_ne!(
        vector(&encoder, "the night ferry sails thursday"),
        vector(&encoder, six)
    );
    let endless = "the night ferry sails thursday in ".repeat(100_000);
    assert_eq!(vector(&encoder, &endless), vector(&encoder, six));
}

#[test]
fn a_prefix_stands_before_every_text_and_length_one_is_a_choice() {
    let with = Folder::with("wordpiece", &format!("{SETTINGS}prefix = \"night ferry \"\n"));
    let without = Folder::usual();
    let (with, without) = (with.open().unwrap(), without.open().unwrap());
    assert_eq!(vector(&with, "sails"), vector(&without, "night ferry sails"));
    let length = |vector: &[f32]| vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    assert!((length(&vector(&without, "sails")) - 1.0).abs() < 1e-5);
    let raw = Folder::with("wordpiece", &format!("{SETTINGS}normalise = false\n"));
    let raw = vector(&raw.open().unwrap(), "sails");
    assert!((length(&raw) - 1.0).abs() > 0.1, "{raw:?}");
}

#[test]
fn its_name_tells_it_from_every_other() {
    let name = |folder: &Folder| folder.open().unwrap().name().to_owned();
    let usual = name(&Folder::usual());
    assert!(
        usual.starts_with("tiny@") && usual.len() == "tiny@".len() + 16,
        "{usual}"
    );
    assert_eq!(usual, name(&Folder::usual()));
    // The languages change no vector.
    let languages = Folder::with("wordpiece", &format!("{SETTINGS}languages = [\"fr\", \"zh\"]\n"));
    assert_eq!(usual, name(&languages));
    let encoder = languages.open().unwrap();
    let known = ["fr", "zh-Hant", "en"].map(|lang| encoder.knows(lang));
    assert_eq!(known, [true, true, false]);
    assert!(Folder::usual().open().unwrap().knows("en"));
    for other in [
        Folder::with("wordpiece", &SETTINGS.replace("mean", "cls")),
        Folder::with("wordpiece", &SETTINGS.replace("24", "23")),
        Folder::with("unigram", SETTINGS),
    ] {
        assert_ne!(usual, name(&other));
    }
}

/// What a program that is given the folder says: never a panic, and where to look.
#[test]
fn damaged_files_are_told() {
    let settings = |text: &str| {
        let text = text.to_owned();
        move |folder: &Folder| folder.write("encoder.toml", text.as_bytes())
    };
    let model = |bytes: Vec<u8>| move |folder: &Folder| folder.write("model.onnx", &bytes);
    let tokenizer = |text: &'static str| move |folder: &Folder| folder.write("tokenizer.json", text.as_bytes());
    let renamed = |from: &[u8], to: &[u8]| {
        let mut bytes = MODEL.to_vec();
        let found: Vec<usize> = (0..bytes.len() - from.len())
            .filter(|at| bytes[*at..].starts_with(from))
            .collect();
        assert!(!found.is_empty());
        found
            .into_iter()
            .for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
        bytes
    };
    let gone = |name: &'static str| move |folder: &Folder| fs::remove_file(folder.0.path().join(name)).unwrap();
    type Damage = Box<dyn Fn(&Folder)>;
    let damages: Vec<(Damage, &str)> = vec![
        (Box::new(gone("encoder.toml")), "there is no "),
        (Box::new(gone("model.onnx")), "model.onnx"),
        (Box::new(gone("tokenizer.json")), "tokenizer.json"),
        (Box::new(settings("name = \"tiny\"\n")), "lacks `pooling`"),
        (
            Box::new(settings(&SETTINGS.replace("mean", "weights"))),
            "it has no output `weights`",
        ),
        (
            Box::new(settings(&SETTINGS.replace("mean", "last_hidden_state"))),
            "`pooling` of encoder.toml does not fit",
        ),
        (Box::new(tokenizer("")), "tokenizer.json: "),
        (
            Box::new(tokenizer("{\"model\": {\"type\": \"Nothing\"}}")),
            "tokenizer.json: ",
        ),
        (Box::new(model(Vec::new())), "model.onnx: there is no model in it"),
        (Box::new(model(b"<html>moved</html>".to_vec())), "model.onnx: "),
        (Box::new(model(MODEL[..MODEL.len() / 2].to_vec())), "model.onnx: "),
        (
            Box::new(model(renamed(b"attention_mask", b"attention_musk"))),
            "its input `attention_musk` is none of",
        ),
        (
            Box::new(model(renamed(b"input_ids", b"input_ide"))),
            "its input `input_ide` is none of",
        ),
        (Box::new(model(renamed(b"Softmax", b"Softmux"))), "model.onnx: "),
        // The name of a weight that is then nowhere.
        (Box::new(model(renamed(b"positions", b"positiens"))), ""),
    ];
    for (damage, says) in damages {
        let folder = Folder::usual();
        damage(&folder);
        let ran = run::fed(&["embed", "--encoder", folder.path()], b"the night ferry");
        // Renamed everywhere, a weight is the same.
        if says.is_empty() {
            ran.exits(0);
            continue;
        }
        let ran = ran.exits(2);
        assert!(
            ran.err.contains(says) && ran.err.contains("hint: "),
            "{says} in {}",
            ran.err
        );
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
}

/// A model may be cut anywhere and changed anywhere: an error or a vector, and the program lives.
#[test]
fn no_byte_of_a_model_ends_the_program() {
    let folder = Folder::usual();
    for at in (0..MODEL.len()).step_by(MODEL.len() / 60) {
        folder.write("model.onnx", &MODEL[..at]);
        assert!(folder.fresh().open().is_err(), "cut at {at}");
        let mut bytes = MODEL.to_vec();
        bytes[at] ^= 0x55;
        folder.write("model.onnx", &bytes);
        if let Ok(encoder) = folder.fresh().open() {
            encoder.embed(&["the night ferry"]);
        }
    }
}

impl Folder {
    /// The same files under another name: what was opened once is kept.
    fn fresh(&self) -> Folder {
        let other = Folder(TempDir::new().unwrap());
        for entry in fs::read_dir(self.0.path()).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, other.0.path().join(path.file_name().unwrap())).unwrap();
        }
        other
    }
}

/// More tokens than the model has places for.
#[test]
fn a_text_that_is_too_long_for_the_model_costs_that_text() {
    let folder = Folder::with("wordpiece", &SETTINGS.replace("24", "64"));
    let rows = format!(
        "{}\n{}\n",
        json!({"id": "long", "text": "the school opens ".repeat(20)}),
        json!({"id": "short", "text": "the school opens"})
    );
    let ran = run::fed(&["embed", "--encoder", folder.path(), "--batch", "-"], rows.as_bytes()).exits(0);
    let answers: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let error = answers[0]["error"].as_str().unwrap();
    assert!(
        error.contains("gave no vector") && error.contains("most_tokens"),
        "{error}"
    );
    assert_eq!(answers[1]["vector"].as_array().unwrap().len(), DIM);
}

fn encoding(place: &Place, encoder: Option<&Folder>, args: &[&str]) -> Ran {
    let mut command = place.command(args);
    command.env_remove("VIGIE_NO_ENCODER");
    if let Some(encoder) = encoder {
        command.args(["--encoder", encoder.path()]);
    }
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn rows(place: &Place, name: &str, articles: &[(&str, &str, &str, &str)]) -> String {
    let rows: String = articles
        .iter()
        .map(|(host, lang, title, text)| {
            let row = json!({
                "url": format!("https://{host}.example/1"), "lang": lang, "title": title, "text": text,
                "published": "2009-12-16T08:00:00Z",
            });
            format!("{row}\n")
        })
        .collect();
    fs::write(place.path().join(name), rows).unwrap();
    name.to_owned()
}

const FERRY: [(&str, &str, &str, &str); 3] = [
    (
        "anzeiger",
        "en",
        "The night ferry sails Thursday",
        "The night ferry in the harbour sails Thursday.",
    ),
    (
        "gazette",
        "fr",
        "Le bac de nuit reprend jeudi",
        "Le bac de nuit reprend jeudi dans le port.",
    ),
    ("herald", "en", "School bread", "The school opens. Bread in the school."),
];

/// Encoder, and number of vectors with so many numbers each.
fn kept(place: &Place) -> (Option<String>, Vec<(i64, i64)>) {
    let conn = Connection::open(place.database()).unwrap();
    let name = conn
        .query_row("SELECT max(name) FROM encoder", [], |row| row.get(0))
        .unwrap();
    let mut sizes = conn
        .prepare("SELECT length(steps), count(*) FROM vector GROUP BY 1 ORDER BY 1")
        .unwrap();
    let sizes = sizes.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    (name, sizes.collect::<Result<_, _>>().unwrap())
}

#[test]
fn vectors_of_two_encoders_are_never_in_one_store() {
    let (place, tiny) = (Place::empty(), Folder::usual());
    let own = tiny.open().unwrap().name().to_owned();
    let first = rows(&place, "first.jsonl", &FERRY[..2]);
    encoding(&place, Some(&tiny), &["import", &first]).exits(0);
    assert_eq!(kept(&place), (Some(own.clone()), vec![(DIM as i64, 4)]));
    assert_eq!(
        encoding(&place, None, &["doctor", "--json"]).json()["encoder"],
        json!(own)
    );
    // Without it, new articles go without vectors, and nothing is compared.
    let second = rows(&place, "second.jsonl", &FERRY[2..]);
    let ran = encoding(&place, None, &["import", &second]).exits(0);
    assert!(ran.err.contains(&own) && ran.err.contains(ON_BOARD), "{}", ran.err);
    assert!(ran.err.contains("hint: `vigie digest --all`"), "{}", ran.err);
    assert_eq!(kept(&place), (Some(own.clone()), vec![(DIM as i64, 4)]));
    let ran = encoding(&place, None, &["query", "ferry", "--similar"]).exits(2);
    assert!(
        ran.err.contains("never compared") && ran.err.contains("hint: "),
        "{}",
        ran.err
    );
    let found = encoding(&place, Some(&tiny), &["query", "ferry", "--similar", "--json"])
        .exits(0)
        .json();
    let hosts = |rows: &Value| -> Vec<String> {
        let urls = rows.as_array().unwrap().iter().map(|row| row["url"].as_str().unwrap());
        urls.map(str::to_owned).collect()
    };
    assert_eq!(hosts(&found["articles"]), ["https://anzeiger.example/1"]);
    // Nothing was fitted to it, so there is no likeness below which nothing is shown.
    assert_eq!(hosts(&found["similar"]), ["https://gazette.example/1"]);
    let id = found["articles"][0]["id"].as_str().unwrap();
    for encoder in [None, Some(&tiny)] {
        let shown = encoding(&place, encoder, &["show", id, "--similar", "--json"])
            .exits(0)
            .json();
        assert_eq!(hosts(&shown["similar"]), ["https://gazette.example/1"]);
    }
    let other = Folder::with("wordpiece", &SETTINGS.replace("mean", "cls"));
    let ran = encoding(&place, Some(&other), &["show", id, "--similar"]).exits(2);
    assert!(ran.err.contains("never compared"), "{}", ran.err);
    // Derived anew, all are of one: of that on board, and again of the other.
    encoding(&place, None, &["import", &first]).exits(0);
    fs::write(
        place.path().join("sources.toml"),
        "[crawler]\ncontact = \"https://reader.example/\"\n",
    )
    .unwrap();
    encoding(&place, None, &["digest", "--all"]).exits(0);
    assert_eq!(kept(&place), (Some(ON_BOARD.to_owned()), vec![(512, 6)]));
    encoding(&place, Some(&tiny), &["digest", "--all"]).exits(0);
    assert_eq!(kept(&place), (Some(own), vec![(DIM as i64, 6)]));
    place.run(&["digest", "--all"]).exits(0);
    assert_eq!(kept(&place), (None, vec![]));
}

fn stories(place: &Place, encoder: &Folder) -> Value {
    // Where there are none it ends with 4.
    encoding(place, Some(encoder), &["story", "suggest", "--json"]).json()["stories"].clone()
}

#[test]
fn vectors_link_only_where_they_were_fitted() {
    let (place, tiny) = (Place::empty(), Folder::usual());
    let all = rows(&place, "rows.jsonl", &FERRY);
    fs::write(
        place.path().join("sources.toml"),
        "[crawler]\ncontact = \"https://reader.example/\"\n",
    )
    .unwrap();
    encoding(&place, Some(&tiny), &["import", &all]).exits(0);
    // No name and no word is shared.
    assert_eq!(stories(&place, &tiny), json!([]));
    // As bench/linking/fit.py would write it: likeness alone decides.
    let linking = "least_cosine = 0.2\nleast_similar = 0.6\n[with_vectors]\nbias = -8.0\ntext = 10.0\ntitle = 4.0\ntitles = 0.0\n\
        names = 1.0\nnamed = 1.0\ncommon = 0.0\nnumbers = 0.0\nwords = 0.0\ndays = -1.0\nother_language = 1.0\n\
        attach = 0.0\nsure = 0.0\n";
    tiny.write("linking.toml", linking.as_bytes());
    encoding(&place, Some(&tiny), &["digest", "--all"]).exits(0);
    let found = stories(&place, &tiny);
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["languages"], json!(["en", "fr"]));
    let article = &found[0]["articles"][0];
    assert!(article["evidence"]["similarity"].as_f64().unwrap() > 0.6, "{article}");
    let shown = encoding(
        &place,
        Some(&tiny),
        &["show", article["id"].as_str().unwrap(), "--similar", "--json"],
    );
    assert_eq!(shown.exits(0).json()["similar"].as_array().unwrap().len(), 1);
    // What is beside the model and cannot be read is told before anything is done.
    for (name, text, says) in [
        (
            "linking.toml",
            "least_cosine = \"much\"",
            "linking.toml: not as it must be",
        ),
        (
            "means.toml",
            "[fr]\nscale = 0.1\nsteps = \"0g\"\n",
            "means.toml: a vector is",
        ),
        (
            "means.toml",
            "[fr]\nscale = 0.1\nsteps = \"0102\"\n",
            "of vectors of 2 numbers, not of 16",
        ),
        (
            "damped.toml",
            "[[direction]]\nkept = 1\n",
            "damped.toml: not as it must be",
        ),
    ] {
        let broken = tiny.fresh();
        broken.write(name, text.as_bytes());
        let ran = encoding(&place, Some(&broken), &["digest"]).exits(2);
        assert!(
            ran.err.contains(says) && ran.err.contains("hint: "),
            "{says} in {}",
            ran.err
        );
    }
}
