//! What a comparison is written as, read back by programs that are not vigie: HTML by a parser and a browser, JSON by its
//! published schema, CSV, ZIP and WARC by their readers, citations by their own rules.

#[path = "outputs/browser.rs"]
mod browser;
#[path = "outputs/bundle.rs"]
mod bundle;
#[path = "outputs/page.rs"]
mod page;
#[path = "common/run.rs"]
mod run;
#[path = "outputs/tables.rs"]
mod tables;

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
