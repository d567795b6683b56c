//! The page of a comparison: one file for everybody, with words for what it draws, and nothing that a headline can break.

use super::*;

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
