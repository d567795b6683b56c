//! Nights of one outlet whose layout changes: what the crawl says of its site rules, and what stays readable.

mod common;

use common::program::Desk;
use common::{Reply, SiteServer};
use serde_json::{Value, json};

const HOST: &str = "rivage.example";

/// The rules, and a part (`author`) that this outlet's shorter pieces lack.
fn declare(desk: &Desk, rules: &str) {
    desk.write(
        "sources.toml",
        format!(
            "[crawler]\ncontact = \"https://vigie.example/tests\"\n\n[[source]]\nid = \"rivage-fr\"\nname = \"Le Rivage\"\n\
             home = \"http://{HOST}/\"\ncountry = \"FR\"\nlang = \"fr\"\nownership = \"private\"\nkind = \"press\"\n\
             timezone = \"Europe/Paris\"\nfeeds = [\"http://{HOST}/rss.xml\"]\n\n{rules}"
        ),
    );
}

const RULES: &str = "[[source.rules]]\ntitle = \"h1.titre\"\nbody = \"div.texte > p\"\ndate = \"span.jour\"\n\
    author = \"span.plume\"\ndrop = [\"div.encart\"]\n";

const PLACES: [&str; 4] = ["le quai", "la halle", "le phare", "la digue"];

fn title(night: u32, n: usize) -> String {
    format!("La municipalité rénove {} en {night} étapes", PLACES[n])
}

/// Running text that no other page has.
fn paragraphs(night: u32, n: usize) -> String {
    let place = PLACES[n];
    [
        "Le conseil a voté mardi soir les crédits qui manquaient encore pour rénover",
        "Les riverains, réunis dans la salle des fêtes, ont demandé que l’on commence par",
        "Les travaux dureront tout l’été, et l’entreprise promet de laisser un passage devant",
    ]
    .iter()
    .map(|line| {
        format!(
            "<p>{line} {place}, dont la dernière réfection remonte à {} ans et {n} mois.</p>",
            night * 7
        )
    })
    .collect()
}

/// The layout that the rules were written for.
fn old(night: u32, n: usize) -> String {
    let author = if n == 0 {
        "<span class=plume>Ève Lançon</span>"
    } else {
        ""
    };
    format!(
        "<html lang=fr><head><meta charset=utf-8><title>{0}</title></head><body><div class=page><h1 class=titre>{0}</h1>\
         <span class=jour>0{night}/03/2026 à 06h30</span>{author}<div class=texte>{1}</div>\
         <div class=bas><p>Le Rivage paraît chaque matin sauf le lundi, et se lit aussi au café du port.</p></div>\
         </div></body></html>",
        title(night, n),
        paragraphs(night, n)
    )
}

/// The layout after the rebuild.
fn new(night: u32, n: usize) -> String {
    format!(
        "<html lang=fr><head><meta charset=utf-8><title>{0}</title></head><body><main><article><h1>{0}</h1>\
         <time datetime=\"2026-03-0{night}T06:30:00+01:00\">aujourd’hui</time><section class=corps>{1}</section>\
         </article></main></body></html>",
        title(night, n),
        paragraphs(night, n)
    )
}

fn publish(server: &SiteServer, night: u32, page: impl Fn(u32, usize) -> String) {
    let mut items = String::new();
    for n in 0..PLACES.len() {
        let path = format!("/{night}/{n}.html");
        items.push_str(&format!(
            "<item><title>{}</title><link>http://{HOST}{path}</link><pubDate>0{night} Mar 2026 05:30:00 +0000</pubDate></item>",
            title(night, n)
        ));
        server.put(HOST, &path, Reply::html(page(night, n)));
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Le Rivage</title>{items}</channel></rss>");
    server.put(HOST, "/rss.xml", Reply::xml(feed));
    server.put(HOST, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
}

fn vigie(server: &SiteServer, desk: &Desk, args: &[&str]) -> (String, Option<i32>) {
    let address = server.addr().to_string();
    let network = ["--resolve-all", &address, "--allow-private", "--delay", "0s"];
    let ended = desk.run(&[args, &network].concat());
    (ended.out + &ended.err, ended.code)
}

fn crawl(server: &SiteServer, desk: &Desk, night: u32) -> Value {
    let now = format!("2026-03-0{night}T08:00:00Z");
    let (out, code) = vigie(server, desk, &["crawl", "--json", "--now", &now]);
    assert_eq!(code, Some(0), "{out}");
    serde_json::from_str(out.lines().next().unwrap_or_default()).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn texts(desk: &Desk) -> Vec<String> {
    common::press::rows(
        &desk.data(),
        "SELECT v.text FROM version v JOIN article a ON a.rowid = v.article ORDER BY a.url",
    )
}

#[test]
fn a_layout_that_changed_overnight_is_said_and_still_read() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    declare(&desk, RULES);
    publish(&server, 1, old);
    let first = crawl(&server, &desk, 1);
    // Three pieces are not signed: that is said in numbers, and is no alarm. No page had anything to drop.
    let author = json!({"rule": 1, "field": "author", "selector": "span.plume", "pages": 3, "of": 4});
    assert_eq!(first["per_source"][0]["rule_misses"], json!([author]));
    assert_eq!(first["alarms"], json!([]));

    publish(&server, 2, new);
    let second = crawl(&server, &desk, 2);
    let misses = second["per_source"][0]["rule_misses"].as_array().expect("a list");
    let said: Vec<_> = misses
        .iter()
        .map(|miss| (&miss["field"], &miss["pages"], &miss["of"]))
        .collect();
    assert_eq!(
        json!(said),
        json!([["title", 4, 4], ["body", 4, 4], ["date", 4, 4], ["author", 4, 4]])
    );
    let alarms = second["alarms"].as_array().expect("a list");
    let alarm = alarms.last().and_then(Value::as_str).expect("an alarm");
    assert!(
        alarm.starts_with("rivage-fr: its rules for `title`, `body`, `date` matched on none of 4 pages")
            && alarm.ends_with("(`vigie sources check rivage-fr`)"),
        "{alarm}"
    );
    // Read without the rules, and nothing is lost or too much.
    let texts = texts(&desk);
    assert_eq!(texts.len(), 8, "{texts:?}");
    for text in &texts {
        assert!(
            text.starts_with("Le conseil a voté mardi soir") && text.ends_with("mois."),
            "{text}"
        );
        assert_eq!(text.matches("\n\n").count(), 2, "{text}");
    }
    let days = "SELECT DISTINCT substr(published, 1, 16) FROM v_articles ORDER BY 1";
    assert_eq!(
        common::press::rows(&desk.data(), days),
        ["2026-03-01T05:30", "2026-03-02T05:30"]
    );

    // The same for who digests all anew; with rules for both layouts, each page is read by its own.
    let (out, _) = digest(&desk);
    assert!(
        out.contains("rivage-fr: rules 1: body missed on 4 of 8 pages (div.texte > p)"),
        "{out}"
    );
    let both = format!(
        "{}[[source.rules]]\nfrom = 2026-03-02\ntitle = \"article h1\"\nbody = \"section.corps > p\"\ndate = \"article time\"\n",
        RULES
            .replace("author = \"span.plume\"\n", "")
            .replace("]]\n", "]]\nuntil = 2026-03-02\n")
    );
    declare(&desk, &both);
    let (out, _) = digest(&desk);
    assert!(!out.contains("missed") && !out.contains("none of"), "{out}");
    assert_eq!(self::texts(&desk), texts);
}

fn digest(desk: &Desk) -> (String, Option<i32>) {
    let ended = desk.run(&["digest", "--all", "--now", "2026-03-03T08:00:00Z"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    (ended.out + &ended.err, ended.code)
}

#[test]
fn a_night_on_the_terminal_says_which_rule_missed() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    declare(&desk, RULES);
    publish(
        &server,
        1,
        |night, n| if n == 3 { new(night, n) } else { old(night, n) },
    );
    let (out, _) = vigie(&server, &desk, &["crawl", "--now", "2026-03-01T08:00:00Z"]);
    for said in [
        "rule for title missed on 1 of 4 pages",
        "rule for body missed on 1 of 4 pages",
    ] {
        assert!(out.contains(said), "{out}");
    }
    assert!(
        !out.contains("alarm") && !out.contains("author") && !out.contains("drop"),
        "{out}"
    );
}

#[test]
fn a_store_made_anew_reads_by_the_same_rules() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    declare(&desk, RULES);
    publish(&server, 1, old);
    crawl(&server, &desk, 1);
    publish(&server, 2, new);
    crawl(&server, &desk, 2);
    let before = texts(&desk);
    let ended = desk.run(&["doctor", "--rebuild", "--now", "2026-03-03T08:00:00Z"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(texts(&desk), before);
}

#[test]
fn a_look_at_the_source_counts_each_part_over_its_pages() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    declare(&desk, &RULES.replace("h1.titre", "h1.manchette"));
    publish(
        &server,
        1,
        |night, n| if n == 3 { new(night, n) } else { old(night, n) },
    );
    let look = [
        "sources",
        "check",
        "rivage-fr",
        "--pages",
        "4",
        "--now",
        "2026-03-01T08:00:00Z",
    ];
    let (out, code) = vigie(&server, &desk, &look);
    assert_eq!(code, Some(0), "{out}");
    let row = |field: &str| {
        let found = out.lines().find(|line| line.split_whitespace().nth(2) == Some(field));
        found.unwrap_or_else(|| panic!("{field} is not in\n{out}")).to_owned()
    };
    assert!(
        row("title").contains("0 of 4") && row("title").contains("✗ never"),
        "{out}"
    );
    assert!(row("body").contains("3 of 4") && !row("body").contains('✗'), "{out}");
    assert!(row("author").contains("1 of 4"), "{out}");
    assert!(
        row("drop").contains("0 of 4") && row("drop").contains("nothing to take out"),
        "{out}"
    );

    // One page says little, and is taken for no more.
    let (out, _) = vigie(&server, &desk, &[&look[..3], &look[5..], &["--json"]].concat());
    let seen: Value = serde_json::from_str(out.lines().next().unwrap_or_default()).expect("JSON");
    let title = json!({"rule": 1, "field": "title", "selector": "h1.manchette", "pages": 1, "of": 1});
    assert_eq!(seen["rules"][0], title, "{seen}");
    assert_eq!(seen["page"]["title"], title_of_first());
}

fn title_of_first() -> String {
    title(1, 0)
}

#[test]
fn an_import_says_which_rules_missed() {
    let (server, desk, other) = (SiteServer::start(), Desk::new(), Desk::new());
    declare(&desk, RULES);
    publish(&server, 1, old);
    crawl(&server, &desk, 1);
    publish(&server, 2, new);
    crawl(&server, &desk, 2);
    declare(&other, RULES);
    let archive = std::fs::read_dir(desk.data().join("archive")).expect("an archive");
    let mut files: Vec<String> = archive
        .map(|entry| entry.expect("a file").path().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let args: Vec<&str> = ["import"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let ended = other.run(&[&args[..], &["--json", "--now", "2026-03-03T08:00:00Z"]].concat());
    let imports: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let missed = imports["rule_misses"].as_array().expect("a list");
    let body = missed.iter().find(|miss| miss["field"] == "body").expect("a miss");
    let number = |key: &str| body[key].as_u64().expect("a number");
    assert_eq!(
        (&body["source"], &body["selector"]),
        (&json!("rivage-fr"), &json!("div.texte > p"))
    );
    // The pages of the first night matched; whatever else the archive holds did not.
    assert!(number("pages") >= 4 && number("of") - number("pages") == 4, "{body}");
}
