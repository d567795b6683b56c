//! `vigie code`: sheets written, filled in, and read back; how far coders agree.

use std::fs;

use crate::run::demo;
use crate::snapshot;

pub const BOOK: &str = "\
title = \"The visit\"

[[variable]]
id = \"frame\"
name = \"Main frame\"
kind = \"nominal\"
values = [\"realist\", \"cultural\", \"other\"]
instructions = \"Headline and first paragraph.\"

[[variable]]
id = \"tone\"
kind = \"ordinal\"
values = [\"hostile\", \"neutral\", \"friendly\"]

[[variable]]
id = \"voices\"
kind = \"ratio\"
";

#[test]
fn from_an_empty_sheet_to_alpha() {
    let place = demo().0.copy();
    let path = |name: &str| place.path().join(name);
    fs::write(path("codebook.toml"), BOOK).expect("written");
    snapshot!("code_book", place.run(&["code", "book", "codebook.toml"]).page());
    let sheet = place
        .run(&[
            "code",
            "sheet",
            "codebook.toml",
            "--query",
            "@jack-lang",
            "--coder",
            "ann",
        ])
        .exits(0);
    assert_eq!(sheet.err, "6 articles, showing 6\n");
    let mut lines = sheet.out.lines();
    assert_eq!(
        lines.next(),
        Some(
            "article_id,coder,source_id,source_name,source_language,source_country,source_ownership,published,title,url,\
             frame,tone,voices"
        )
    );
    // Two coders fill it in; they differ once each in frame and tone.
    let filled = |coder: &str, codes: [&str; 6]| -> String {
        let rows = sheet.out.lines().skip(1).zip(codes);
        let rows = rows.map(|(row, codes)| format!("{}{codes}\n", row.strip_suffix(",,").expect("empty cells")));
        let text: String = std::iter::once(format!("{}\n", sheet.out.lines().next().expect("a heading")))
            .chain(rows)
            .collect();
        text.replace(",ann,", &format!(",{coder},"))
    };
    let ann = filled(
        "ann",
        [
            "cultural,neutral,2",
            "cultural,neutral,1",
            "realist,hostile,5",
            "other,friendly,0",
            "cultural,,3",
            "realist,neutral,2",
        ],
    );
    let ben = filled(
        "ben",
        [
            "cultural,neutral,2",
            "cultural,friendly,1",
            "realist,hostile,4",
            "other,friendly,0",
            "other,neutral,3",
            "realist,neutral,2",
        ],
    );
    fs::write(path("ann.csv"), &ann).expect("written");
    // As Excel gives it back.
    fs::write(path("ben.csv"), format!("\u{feff}{}", ben.replace('\n', "\r\n"))).expect("written");
    let both = ["code", "agreement", "codebook.toml", "ann.csv", "ben.csv"];
    snapshot!("code_agreement", place.run(&both).page());
    snapshot!(
        "code_read",
        place
            .run(&["code", "read", "codebook.toml", "ann.csv", "ben.csv"])
            .page()
    );
    let by_source = place
        .run(&[
            "code",
            "read",
            "codebook.toml",
            "ann.csv",
            "ben.csv",
            "--by",
            "source",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(by_source["tables"][0]["columns"].as_array().map(Vec::len), Some(6));
    assert_eq!(by_source["bounds"]["customary"], 0.8);
    // The same codes, the same interval; in whatever order the sheets are named.
    let json = |args: &[&str]| place.run(args).exits(0).json();
    let one = json(&["code", "agreement", "codebook.toml", "ann.csv", "ben.csv", "--json"]);
    assert_eq!(
        one,
        json(&["code", "agreement", "codebook.toml", "ben.csv", "ann.csv", "--json"])
    );
    assert!(
        one["variables"][0]["low"].as_f64() < one["variables"][0]["alpha"].as_f64(),
        "{one}"
    );
}

#[test]
fn mistakes_in_sheets_have_their_lines() {
    let place = demo().0.copy();
    let path = |name: &str| place.path().join(name);
    fs::write(path("codebook.toml"), BOOK).expect("written");
    let ann = "article_id;coder;frame;tone;voices\r\ni:1;ann;realist;neutral;1,5\r\n\r\ni:2;ann;realst;;x\r\n";
    fs::write(path("ann.csv"), ann).expect("written");
    fs::write(path("ben.csv"), "article_id,frame,tone\ni:1,realist,neutral\n").expect("written");
    snapshot!(
        "code_mistakes",
        place
            .run(&["code", "agreement", "codebook.toml", "ann.csv", "ben.csv"])
            .exits(2)
            .page()
    );
    fs::write(path("copy.csv"), ann).expect("written");
    let same = place
        .run(&["code", "agreement", "codebook.toml", "ann.csv", "copy.csv"])
        .exits(2);
    assert!(
        same.err.contains("copy.csv is the same file as ann.csv"),
        "{}",
        same.err
    );
    let twice = place
        .run(&["code", "agreement", "codebook.toml", "ann.csv", "ann.csv"])
        .exits(2);
    assert!(twice.err.contains("ann.csv is given twice"), "{}", twice.err);
    let none = place.run(&["code", "agreement", "nowhere.toml", "ann.csv"]).exits(2);
    assert!(none.err.contains("there is no nowhere.toml"), "{}", none.err);
    // One coder under one name in two sheets coded nothing twice.
    let row = "article_id,coder,frame,tone,voices\ni:1,ann,realist,neutral,1\n";
    fs::write(path("one.csv"), row).expect("written");
    fs::write(path("two.csv"), row.replace("neutral", "hostile")).expect("written");
    let again = place
        .run(&["code", "agreement", "codebook.toml", "one.csv", "two.csv"])
        .exits(2);
    assert!(
        again.err.contains("two.csv:2: ann coded i:1 in one.csv:2 already"),
        "{}",
        again.err
    );
    // What may hold hours of work is not written over.
    let kept = place.run(&["code", "sheet", "codebook.toml", "-o", "one.csv"]).exits(2);
    assert!(kept.err.contains("one.csv is there already"), "{}", kept.err);
    assert_eq!(fs::read_to_string(path("one.csv")).expect("the sheet"), row);
}

#[test]
fn a_sheet_for_excel() {
    let place = demo().0.copy();
    fs::write(place.path().join("codebook.toml"), BOOK).expect("written");
    let sheet = place.run(&[
        "code",
        "sheet",
        "codebook.toml",
        "--query",
        "@jack-lang",
        "--excel",
        "--with-text",
        "--limit",
        "2",
    ]);
    let sheet = sheet.exits(0);
    assert!(
        sheet.out.starts_with('\u{feff}') && sheet.out.contains("url,text,frame,tone,voices\r\n"),
        "{}",
        sheet.out
    );
    assert_eq!(sheet.err, "6 articles, showing 2\n");
}
