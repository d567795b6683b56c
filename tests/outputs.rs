//! What a comparison is written as, read back by programs that are not vigie: HTML by a parser and a browser, JSON by its
//! published schema, CSV, ZIP and WARC by their readers, citations by their own rules.

#[path = "outputs/browser.rs"]
mod browser;
#[path = "common/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use run::{Place, demo};
use scraper::{Html, Selector};
use serde_json::Value;
use sha2::{Digest, Sha256};
use unicode_width::UnicodeWidthStr;

fn place() -> &'static Place {
    &demo().0
}

fn json() -> &'static Value {
    static JSON: OnceLock<Value> = OnceLock::new();
    JSON.get_or_init(|| place().compare(&["--format", "json"]).exits(0).json())
}

fn html() -> &'static str {
    static HTML: OnceLock<String> = OnceLock::new();
    HTML.get_or_init(|| {
        let args = ["--format", "html", "--tz", "Asia/Seoul"];
        place().compare(&args).exits(0).out
    })
}

fn all<'a>(page: &'a Html, css: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(css).expect("a selector")).collect()
}

#[test]
fn the_page_is_one_file_that_can_be_read_by_everybody() {
    let page = Html::parse_document(html());
    assert_eq!(all(&page, "h1").len(), 1);
    assert_eq!(all(&page, "html[lang=en]").len(), 1);
    assert_eq!(all(&page, "a.skip[href='#coverage']").len(), 1);
    assert_eq!(all(&page, "#coverage").len(), 1);
    let policy = all(&page, "meta[http-equiv=Content-Security-Policy]");
    assert_eq!(
        policy[0].attr("content"),
        Some("default-src 'none'; style-src 'unsafe-inline'")
    );
    for missing in [
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "form",
        "[src]",
        "[onclick]",
    ] {
        assert!(all(&page, missing).is_empty(), "{missing}");
    }
    assert!(!html().contains("@import"));
    assert_eq!(html().matches("url(").count(), html().matches("url(#").count());
    for table in all(&page, "table") {
        let caption = Selector::parse("caption").expect("a selector");
        assert_eq!(table.select(&caption).count(), 1, "{}", table.html());
    }
    assert!(all(&page, "th").iter().all(|cell| cell.attr("scope").is_some()));
    let rows = all(&page, "tbody tr").len();
    assert_eq!(all(&page, "tbody th[scope=row]").len(), rows, "every row is named");
    assert!(rows > 30, "{rows}");
    // Links within the page have their goal.
    for link in all(&page, "a[href^='#']") {
        let goal = link.attr("href").expect("an address").to_owned();
        assert_eq!(all(&page, &goal).len(), 1, "{goal}");
    }
}

#[test]
fn the_timeline_is_a_picture_with_words() {
    let page = Html::parse_document(html());
    let picture = all(&page, "svg[role=img]");
    assert_eq!(picture.len(), 1);
    let labels = picture[0].attr("aria-labelledby").expect("labels");
    for id in labels.split(' ') {
        assert!(
            !all(&page, &format!("#{id}"))[0].text().collect::<String>().is_empty(),
            "{id}"
        );
    }
    assert_eq!(all(&page, "svg[role=img] .name").len(), 10, "a lane for each outlet");
    let firsts: Vec<String> = all(&page, "svg[role=img] .rank")
        .iter()
        .map(|mark| mark.text().collect())
        .collect();
    assert_eq!(firsts, ["1", "2", "3", "4", "5", "6"]);
    let marks = |href: &str| all(&page, &format!("svg[role=img] use[href='{href}']")).len();
    assert_eq!(marks("#ok"), 9 * 17 + 8);
    assert_eq!(marks("#no"), 9);
    assert_eq!(marks("#edit"), 1, "the own post has a second version");
    assert_eq!(marks("#down"), 1, "one arrow, for the one reprint: 31 % is none");
    assert_eq!(
        all(&page, "svg[role=img] rect.bar").len(),
        1,
        "Libération gave a day only"
    );
    // The second axis is in the zone of display: its midnights lie nine hours before.
    let axes: Vec<String> = all(&page, "svg[role=img] text.zone")
        .iter()
        .map(|text| text.text().collect())
        .collect();
    assert_eq!(axes, ["UTC", "Seoul"]);
}

/// Screen readers change voice by it, and fonts their strokes.
#[test]
fn foreign_words_say_in_which_language_they_are() {
    let page = Html::parse_document(html());
    for article in json()["articles"].as_array().expect("articles") {
        let title = article["title"].as_str().expect("a title");
        let lang = article["lang"].as_str().expect("a language");
        let said: Vec<_> = all(&page, "[lang]")
            .into_iter()
            .filter(|element| element.text().collect::<String>() == title)
            .filter_map(|element| element.attr("lang"))
            .collect();
        assert!(!said.is_empty(), "{title}");
        let expected = if lang == "zh" { "zh-Hans" } else { lang };
        assert!(said.iter().all(|tag| *tag == expected), "{title}: {said:?}");
    }
}

#[test]
fn every_covering_row_can_be_cited_from_the_page() {
    let page = Html::parse_document(html());
    let spans = all(&page, "#coverage span.Z3988");
    assert_eq!(spans.len(), 6);
    let keys: BTreeMap<String, String> =
        url::form_urlencoded::parse(spans[0].attr("title").expect("a title").as_bytes())
            .into_owned()
            .collect();
    assert_eq!(keys["rft.title"], "法国与朝鲜同意加深文化合作");
    assert_eq!(keys["rft.date"], "2009-12-15");
    assert_eq!(keys["rft.type"], "newspaperArticle");
}

/// WCAG 2.2, 1.4.3: at least 4.5 : 1, in both schemes and on paper.
#[test]
fn colours_have_contrast_in_every_scheme() {
    let css = html();
    let light = variables(css, ":root{");
    let dark_at = css.find("prefers-color-scheme:dark").expect("a dark scheme");
    let print_at = css.find("@media print").expect("a style for paper");
    for (scheme, from) in [("light", None), ("dark", Some(dark_at)), ("print", Some(print_at))] {
        let mut colours = light.clone();
        if let Some(from) = from {
            colours.extend(variables(&css[from..], ":root{"));
        }
        for (ink, paper) in [
            ("ink", "paper"),
            ("soft", "paper"),
            ("accent", "paper"),
            ("silent", "paper"),
            ("unknown", "paper"),
            ("edit", "paper"),
            ("on-accent", "accent"),
        ] {
            let ratio = contrast(&colours[ink], &colours[paper]);
            assert!(ratio >= 4.5, "{scheme}: {ink} on {paper} is {ratio:.2}");
        }
    }
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
}

fn variables(css: &str, block: &str) -> BTreeMap<String, String> {
    let from = css.find(block).expect("variables") + block.len();
    css[from..]
        .split('}')
        .next()
        .expect("an end")
        .split(';')
        .filter_map(|line| line.trim().trim_start_matches("--").split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |hex: &str| {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A store in which one headline is an attack on everything that it is written into.
#[test]
fn a_hostile_headline_stays_a_headline() {
    let copy = place().copy();
    let attack =
        "=cmd|' /C calc'!A0 <script>alert(1)</script> \"'>& [x](javascript:alert(1)) | \\input{x} }{ ER  - \u{202e}";
    let sql = copy.sql();
    // The article last: its title is what finds the versions.
    for table in ["version", "article"] {
        let at = "(SELECT rowid FROM article WHERE source = 'lemonde-fr' AND title LIKE '%Jack Lang%')";
        let key = if table == "article" { "rowid" } else { "article" };
        let change = format!("UPDATE {table} SET title = ?1 WHERE {key} = {at}");
        assert!(sql.execute(&change, [attack]).expect("an update") > 0);
    }
    drop(sql);
    let page = copy.compare(&["--format", "html"]).exits(0).out;
    assert!(
        !page.contains("<script") && !page.contains('\u{202e}'),
        "markup from outside"
    );
    let parsed = Html::parse_document(&page);
    assert!(
        all(&parsed, "a")
            .iter()
            .all(|a| !a.attr("href").unwrap_or("").starts_with("javascript"))
    );
    assert!(
        all(&parsed, "a")
            .iter()
            .any(|a| a.text().collect::<String>().contains("<script>alert(1)</script>"))
    );
    let post = copy.compare(&["--format", "md"]).exits(0).out;
    assert!(
        !post.contains("[x](") && post.contains("\\[x\\]") && post.contains("&lt;script&gt;"),
        "{post}"
    );
    // Nothing but our own comments begins a tag, whichever Markdown reads it.
    assert_eq!(post.matches('<').count(), post.matches("<!-- ").count(), "{post}");
    for line in post.lines().filter(|line| line.starts_with("| ")) {
        let bars = line.replace("\\|", "").matches('|').count();
        assert!([4, 6, 10].contains(&bars), "{bars} in {line}");
    }
    let ris = copy.compare(&["--format", "ris"]).exits(0).out;
    assert_eq!(ris.lines().filter(|line| line.starts_with("ER  - ")).count(), 6);
    let bib = copy.compare(&["--format", "bib"]).exits(0).out;
    assert_eq!(bib.matches('{').count(), bib.matches('}').count(), "{bib}");
    assert!(!bib.contains("\\input{x}"));
    copy.compare(&["--format", "csv", "-o", "tables/"]).exits(0);
    let articles = std::fs::read_to_string(copy.path().join("tables/articles.csv")).expect("a table");
    assert!(articles.contains("'=cmd|"), "a formula is disarmed");
}

#[test]
fn a_post_for_a_blog_begins_with_the_summary() {
    let brief = place().compare(&["--format", "md", "--brief"]).exits(0).out;
    insta::assert_snapshot!("brief", brief);
    let whole = place().compare(&["--format", "md"]).exits(0).out;
    for heading in [
        "## Silences",
        "## Instead",
        "## Headlines",
        "## Limits",
        "<!-- your own reading",
    ] {
        assert!(whole.contains(heading), "{heading} in:\n{whole}");
    }
    assert!(whole.contains("| Le Figaro |"));
}

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

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let header = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows = reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    (header, rows)
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

/// The full text is its publisher's: it is in no output that is made to be handed on.
#[test]
fn full_texts_stay_out_unless_they_are_asked_for() {
    let copy = place().copy();
    copy.compare(&["--format", "csv", "--profile", "r", "-o", "r/"])
        .exits(0);
    let (_, rows) = table(&copy.path().join("r/articles.csv"));
    assert!(rows.iter().all(|row| row[0].chars().count() < 300));
    let sql = copy.sql();
    let text: String = sql
        .query_row(
            "SELECT v.text FROM version v JOIN article a ON a.rowid = v.article WHERE a.source = 'lemonde-fr'
                AND a.title LIKE '%Jack Lang%'",
            [],
            |row| row.get(0),
        )
        .expect("a text");
    let passage: String = text.chars().skip(400).take(320).collect();
    let words = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    for format in ["html", "md", "json", "ris", "csl", "csv"] {
        let out = copy.compare(&["--format", format]).exits(0).out;
        assert!(!out.contains(&words), "{format}");
    }
}

#[test]
fn citations_agree_with_each_other_and_with_the_comparison() {
    let cite = |format: &str| {
        let args = ["cite", run::STORY, "--format", format];
        place().run(&[&args[..], &run::WINDOW[..]].concat()).exits(0).out
    };
    let csl: Value = serde_json::from_str(&cite("csl")).expect("CSL-JSON");
    let (ris, bib) = (cite("ris"), cite("bib"));
    // Records stand in the order in which the servers answered.
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"byte \d+", "byte [offset]");
    let _bound = settings.bind_to_scope();
    insta::assert_snapshot!(
        "first_ris",
        ris.split("\r\n\r\n").next().expect("an entry").replace("\r\n", "\n")
    );
    insta::assert_snapshot!("first_bib", bib.split("\n\n").next().expect("an entry"));
    let entries: Vec<&str> = ris.split("\r\n\r\n").filter(|entry| !entry.is_empty()).collect();
    let articles = json()["articles"].as_array().expect("articles");
    assert_eq!((entries.len(), csl.as_array().map(Vec::len)), (6, Some(6)));
    assert_eq!(bib.matches("\n@").count() + 1, 6);
    for ((article, entry), item) in articles.iter().zip(&entries).zip(csl.as_array().expect("items")) {
        let read = &article["read_at"].as_str().expect("a time")[..10];
        assert!(entry.contains(&format!("Y2  - {}", read.replace('-', "/"))), "{entry}");
        let parts: Vec<String> = item["accessed"]["date-parts"][0]
            .as_array()
            .expect("parts")
            .iter()
            .map(|part| format!("{:0>2}", part.to_string()))
            .collect();
        assert_eq!(parts.join("-"), read);
        assert!(bib.contains(&format!("urldate = {{{read}}}")));
        let sha256 = article["sha256"].as_str().expect("a digest");
        assert!(entry.contains(sha256) && item["note"].as_str().expect("a note").contains(sha256));
        assert!(
            entry.contains("\r\nDB  - vigie local archive\r\nAN  - vigie-"),
            "{entry}"
        );
    }
    let nothing = place().run(&["cite"]).exits(2);
    assert!(nothing.err.contains("hint:"), "{}", nothing.err);
    let by_flag = [&["cite", "--query", run::STORY][..], &run::WINDOW[..]].concat();
    assert_eq!(place().run(&by_flag).exits(0).out, ris);
}

#[test]
fn a_stranger_can_check_the_bundle() {
    let copy = place().copy();
    let ran = copy.compare(&["--bundle", "a.zip"]).exits(0);
    assert!(
        ran.out.is_empty() && ran.err.starts_with("wrote a.zip ("),
        "{}",
        ran.err
    );
    copy.compare(&["--bundle", "b.zip"]).exits(0);
    let bytes = std::fs::read(copy.path().join("a.zip")).expect("a bundle");
    assert!(
        bytes == std::fs::read(copy.path().join("b.zip")).expect("another"),
        "the same bytes"
    );
    let files = unzip(&bytes);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).expect("text");
    assert_eq!(sums.lines().count(), files.len() - 1, "every other file has its digest");
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("a digest and a name");
        let actual: String = Sha256::digest(&files[name])
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(sum, actual, "{name}");
    }
    for name in [
        "README.txt",
        "comparison.html",
        "comparison.json",
        "csv/looks.csv",
        "citations.ris",
        "records.warc.gz",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    // Every record of the index is in the file where it says, and is whole.
    std::fs::write(copy.path().join("records.warc.gz"), &files["records.warc.gz"]).expect("a file");
    std::fs::write(copy.path().join("records.csv"), &files["records.csv"]).expect("a file");
    let (header, rows) = table(&copy.path().join("records.csv"));
    let column = |name: &str| header.iter().position(|column| column == name).expect("a column");
    // Seven versions of six articles; four sources without one, of seventeen looks each.
    assert_eq!(rows.iter().filter(|row| row[column("what")] == "version").count(), 7);
    assert_eq!(rows.iter().filter(|row| row[column("what")] == "look").count(), 4 * 17);
    let path = copy.path().join("records.warc.gz");
    for row in &rows {
        let offset = row[column("offset")].parse().expect("an offset");
        let mut reader = vigie::archive::Reader::open_at(&path, offset).expect("a WARC file");
        let record = reader.next().expect("a record").expect("undamaged");
        assert!(record.observation().is_some(), "{row:?}");
    }
    // The file says first what it is (ISO 28500 §6.2).
    let first = vigie::archive::Reader::open_at(&path, 0).expect("a WARC file").next();
    let first = first.expect("a record").expect("undamaged");
    assert_eq!(first.kind, vigie::archive::Kind::Warcinfo);
    let said = String::from_utf8(first.block).expect("text");
    assert!(
        said.contains("software: vigie/") && said.contains("the comparison france-north-korea"),
        "{said}"
    );
    let slim = copy.compare(&["--bundle", "slim.zip", "--without-pages"]).exits(0);
    assert!(slim.err.contains("wrote slim.zip"), "{}", slim.err);
    let slim = unzip(&std::fs::read(copy.path().join("slim.zip")).expect("a bundle"));
    assert!(!slim.contains_key("records.warc.gz") && !String::from_utf8_lossy(&slim["README.txt"]).contains("warcio"));
}

fn unzip(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).expect("a file");
            let name = file.name().expect("a name").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes");
            (name, bytes)
        })
        .collect()
}

#[test]
fn programs_that_count_words_get_their_own_forms() {
    let export = |more: &[&str]| {
        let args = [
            &["export", "articles", "--query", "@jack-lang", "--with-text"][..],
            more,
        ]
        .concat();
        place().run(&args).exits(0).out
    };
    let europresse = Html::parse_document(&export(&["--format", "europresse"]));
    assert_eq!(all(&europresse, "body > article").len(), 6);
    for css in [
        "header span.DocPublicationName",
        "header span.DocHeader",
        "header p.titreArticleVisu",
        "header div.docAuthors",
    ] {
        assert_eq!(all(&europresse, &format!("article {css}")).len(), 6, "{css}");
    }
    assert!(all(&europresse, "div.docOcurrContainer p").len() > 12);
    let heads: Vec<String> = all(&europresse, "span.DocHeader")
        .iter()
        .map(|head| head.text().collect())
        .collect();
    assert!(heads.iter().any(|head| head.ends_with("17 décembre 2009")), "{heads:?}");
    let corpus = export(&["--format", "iramuteq"]);
    let heads: Vec<&str> = corpus.lines().filter(|line| line.starts_with("****")).collect();
    assert_eq!(heads.len(), 6);
    assert!(
        heads
            .iter()
            .any(|head| head.contains(" *source_lemondefr *lang_fr ") && head.contains(" *date_20091217"))
    );
    let others = corpus.lines().filter(|line| !line.starts_with("****"));
    assert!(others.clone().count() > 12);
    assert!(
        others
            .into_iter()
            .all(|line| !line.contains('*') && !line.starts_with('-'))
    );
    let texts: Vec<Value> = export(&["--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    assert!(
        texts
            .iter()
            .all(|row| row["text"].as_str().is_some_and(|text| text.len() > 300))
    );
    let ran = place().run(&["export", "looks", "--with-text"]).exits(2);
    assert!(ran.err.contains("hint:"), "{}", ran.err);
}

#[test]
fn the_terminal_is_never_wider_than_it_is() {
    for columns in [100, 80, 64] {
        let mut args = vec!["compare", run::STORY];
        args.extend(run::WINDOW);
        let output = place()
            .command(&args)
            .env("COLUMNS", columns.to_string())
            .output()
            .expect("the program starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        for line in text.lines() {
            assert!(line.width() <= columns, "{} > {columns}: {line}", line.width());
        }
        assert!(
            text.contains("人民网 People's Daily") && text.contains("KCNA (English page)"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "no colours");
        let rows = text
            .lines()
            .filter(|line| {
                line.starts_with(['1', '2', '3', '4', '5', '6'])
                    && line[1..].starts_with(' ')
                    && line.contains(" covered ")
            })
            .count();
        assert_eq!(rows, 6, "{text}");
    }
}

/// What two coders judged, with Krippendorff's α, in every form that the story is written in.
#[test]
fn codes_stand_with_their_alpha_in_every_form() {
    let copy = place().copy();
    let file = |name: &str, text: &str| std::fs::write(copy.path().join(name), text).expect("a file");
    file(
        "codebook.toml",
        "[[variable]]\nid = \"frame\"\nkind = \"nominal\"\nvalues = [\"realist\", \"cultural\"]\n",
    );
    let sheet = [
        "code",
        "sheet",
        "codebook.toml",
        "--query",
        "@jack-lang",
        "--coder",
        "ann",
    ];
    let empty = copy.run(&sheet).exits(0).out;
    let filled = |coder: &str, codes: [&str; 6]| {
        let mut lines = empty.lines();
        let mut text = format!("{}\n", lines.next().expect("a heading"));
        for (line, code) in lines.zip(codes) {
            text.push_str(&format!("{}{code}\n", line.replacen(",ann,", &format!(",{coder},"), 1)));
        }
        file(&format!("{coder}.csv"), &text);
    };
    let (r, c) = ("realist", "cultural");
    filled("ann", [c, c, r, c, r, r]);
    filled("ben", [c, c, r, c, r, c]);
    let codes = [
        "--codebook",
        "codebook.toml",
        "--sheet",
        "ann.csv",
        "--sheet",
        "ben.csv",
    ];
    let with = |more: &[&str]| copy.compare(&[&codes[..], more].concat()).exits(0);
    let json = with(&["--json"]).json();
    let counted = &json["codes"][0];
    assert_eq!(counted["agreement"]["units"], 6, "{counted}");
    assert_eq!(counted["columns"].as_array().expect("sources").len(), 6);
    let alpha = counted["agreement"]["alpha"].as_f64().expect("an alpha");
    assert!(alpha > 0.5 && alpha < 1.0, "{alpha}");
    let shown = format!("α {}", format!("{alpha:.3}").trim_start_matches('0'));
    for format in ["terminal", "html", "md"] {
        let text = with(&["--format", format]).out;
        assert!(text.contains(&shown) && text.contains(".800 customary"), "{format}");
    }
    with(&["--format", "csv", "--output", "tables/"]);
    let (header, rows) = table(&copy.path().join("tables/codes.csv"));
    let at = |name: &str| header.iter().position(|column| column == name).expect(name);
    assert_eq!(rows.len(), 12, "two values of six sources");
    for row in &rows {
        assert_eq!(
            row[at("alpha")].parse::<f64>().ok(),
            Some(alpha),
            "α stands in every row"
        );
    }
    // A sheet of other articles says so.
    file(
        "other.csv",
        &format!(
            "{}\ni:0123456789abcdef,ann,,,,,,,,,realist\n",
            empty.lines().next().expect("a heading")
        ),
    );
    let args = ["--codebook", "codebook.toml", "--sheet", "other.csv"];
    let refused = copy.compare(&args).exits(2);
    assert!(refused.err.contains("none of the 1 coded articles"), "{}", refused.err);
}

/// What `vigie compare` last said of each source stands in the view, for whoever reads the store with SQL.
#[test]
fn the_last_comparison_is_kept_for_sql() {
    let copy = place().copy();
    let story = "france-north-korea-jack-lang";
    let count = |what: &str| {
        copy.count(&format!(
            "SELECT count(*) FROM v_story_source WHERE story_id = '{story}' AND {what}"
        ))
    };
    copy.compare(&["--json"]).exits(0);
    assert_eq!(
        (count("1"), count("status = 'covered'"), count("status = 'silent'")),
        (10, 6, 3)
    );
    assert_eq!(
        count("rank_overall = 5 AND source_id = 'own-en' AND first_pub_min = '2009-12-16T22:10:00Z'"),
        1
    );
    // Half of the sources is no comparison of the story; and a store on a read-only disk is compared all the same.
    copy.compare(&["--source", "lemonde-fr", "--json"]).exits(0);
    assert_eq!(count("1"), 10);
    assert_eq!(
        copy.count("SELECT count(*) FROM v_story_source WHERE story_id = 'lang-pyongyang'"),
        10,
        "the demonstration's"
    );
}
