//! The tables of a comparison as files, and its JSON by the published schema.

use super::*;

#[test]
fn the_json_is_what_its_schema_says_and_nothing_else() {
    let text = run::vigie(&["compare", "--schema"]).exits(0).out;
    assert_eq!(
        text,
        std::fs::read_to_string("docs/vigie.compare.schema.json").expect("the published schema")
    );
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    let open = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = open.iter_errors(json()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // Keys may be added for others; for us, every key must be described.
    close(&mut schema);
    let closed = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = closed.iter_errors(json()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut wrong = json().clone();
    wrong["sources"][0]["status"] = "perhaps".into();
    assert!(!open.is_valid(&wrong), "the schema can refuse");
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if keys.contains_key("properties") {
                keys.insert("additionalProperties".to_owned(), false.into());
            }
            keys.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn every_table_is_a_file_and_says_all_that_the_json_says() {
    let copy = place().copy();
    // The story as it is written down has themes, notes and questions, too.
    let story = |more: &[&str]| copy.run(&[&["compare", "lang-pyongyang"], more].concat()).exits(0);
    let ran = story(&["--format", "csv", "-o", "tables/"]);
    assert!(
        ran.err
            .contains("tables to tables/ (10 sources, 6 articles, 170 looks)"),
        "{}",
        ran.err
    );
    let json = story(&["--json"]).json();
    let folder = copy.path().join("tables");
    let (_, looks) = table(&folder.join("looks.csv"));
    assert_eq!(looks.len(), 170, "the ledger of the window");
    let list = |list: &str| json[list].as_array().cloned().unwrap_or_default();
    for (file, of, within) in [
        ("naming.csv", "naming", "names"),
        ("changes.csv", "versions", "changes"),
        ("near_misses.csv", "silences", "near_misses"),
        ("tone.csv", "tone", "words"),
    ] {
        let wanted: usize = list(of)
            .iter()
            .map(|outer| outer[within].as_array().map_or(0, Vec::len))
            .sum();
        assert_eq!(table(&folder.join(file)).1.len(), wanted, "{file}");
    }
    for (file, of) in [
        ("articles.csv", "articles"),
        ("silence.csv", "silences"),
        ("instead.csv", "instead"),
        ("headlines.csv", "headlines"),
        ("quotes.csv", "quotes"),
        ("cites.csv", "cites"),
        ("probes.csv", "probes"),
        ("lineage.csv", "lineage"),
        ("reuse.csv", "reuse"),
        ("versions.csv", "versions"),
        ("timeline.csv", "timeline"),
        ("notes.csv", "notes"),
        ("questions.csv", "questions"),
        ("limits.csv", "limits"),
    ] {
        let (header, rows) = table(&folder.join(file));
        assert!(header[0] == "story_id", "{file}");
        let elements = list(of);
        assert!(
            !elements.is_empty() && rows.len() == elements.len(),
            "{file}: {} rows",
            rows.len()
        );
        for (row, element) in rows.iter().zip(&elements) {
            for (key, value) in element.as_object().into_iter().flatten() {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    Value::Bool(said) => said.to_string(),
                    _ => continue,
                };
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let column = match (of, key.as_str()) {
                    ("articles", "id") => "article_id",
                    ("probes", "name") => "probe",
                    (_, "lang") => "language",
                    (_, key) => key,
                };
                let at = header.iter().position(|name| name == column);
                let cell = &row[at.unwrap_or_else(|| panic!("{file} has no column {column}"))];
                assert_eq!(
                    cell.trim_start_matches('\''),
                    text.trim_start_matches('\''),
                    "{file}: {key}"
                );
            }
        }
        if let Some(at) = header.iter().position(|name| name == "source_id") {
            for column in [
                "source_name",
                "source_language",
                "source_country",
                "source_kind",
                "source_ownership",
            ] {
                let column = header
                    .iter()
                    .position(|name| name == column)
                    .expect("a column of the source");
                assert!(
                    rows.iter().all(|row| !row[at].is_empty() && !row[column].is_empty()),
                    "{file}"
                );
            }
        }
    }
}

#[test]
fn excel_gets_a_mark_and_r_gets_text_first() {
    let copy = place().copy();
    copy.compare(&["--format", "csv", "--excel", "-o", "excel/"]).exits(0);
    let bytes = std::fs::read(copy.path().join("excel/articles.csv")).expect("a table");
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    assert_eq!(
        bytes.iter().filter(|byte| **byte == b'\n').count(),
        bytes.windows(2).filter(|two| **two == *b"\r\n").count()
    );
    copy.compare(&["--format", "csv", "--profile", "r", "--with-text", "-o", "r/"])
        .exits(0);
    let (header, rows) = table(&copy.path().join("r/articles.csv"));
    assert_eq!(header[..2], ["text", "doc_id"]);
    assert_eq!(rows.len(), 6);
    assert!(
        rows.iter().all(|row| row[0].chars().count() > 300),
        "the texts are there"
    );
    for wrong in [
        &["--excel"][..],
        &["--format", "csv", "--with-text"],
        &["--format", "csv", "--excel", "--profile", "r", "-o", "x/"],
        &["--brief"],
        &["--without-pages"],
    ] {
        let ran = copy.compare(wrong).exits(2);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{wrong:?}");
    }
}
