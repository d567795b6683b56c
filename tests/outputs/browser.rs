//! The page in a real browser: nothing on its console, nothing asked of any network, three sheets of paper.
//!
//! Without Chromium these tests say that they were skipped; in CI that is a failure.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("PATH")?;
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| std::env::split_paths(&named).map(move |folder| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "no Chromium: install Debian's package `chromium`, as .ci/run does"
        );
        eprintln!("skipped: no Chromium here; Debian's package `chromium` has it");
    }
    found
}

struct Seen {
    /// What stands on the console.
    console: Vec<String>,
    /// Hosts that were asked for, through the one proxy that the browser has.
    asked: Vec<String>,
}

/// Opens a page with an empty profile, behind a proxy that lets nothing out and writes everything down.
fn open(browser: &Path, page: &Path, more: &[String]) -> Seen {
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = proxy.local_addr().expect("its address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in proxy.incoming() {
            let Ok(mut stream) = stream else { break };
            stream.set_read_timeout(Some(Duration::from_secs(5))).ok();
            let mut head = [0; 2048];
            let length = stream.read(&mut head).unwrap_or(0);
            let line = String::from_utf8_lossy(&head[..length]);
            let line = line.lines().next().unwrap_or_default().to_owned();
            heard.lock().expect("a list").push(line);
            stream
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                .ok();
        }
    });
    let profile = TempDir::new().expect("a folder");
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--no-first-run",
            "--no-default-browser-check",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            "--proxy-bypass-list=<-loopback>",
        ])
        .arg(format!("--proxy-server=http://{address}"))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(more)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    let log = String::from_utf8_lossy(&output.stderr);
    let console = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .map(str::to_owned)
        .collect();
    // What the browser asks of its maker on its own is not the page's doing.
    let own = [
        "accounts.google.com",
        "clients2.google.com",
        "clients2.googleusercontent.com",
        "clientservices.googleapis.com",
        "content-autofill.googleapis.com",
        "optimizationguide-pa.googleapis.com",
        "android.clients.google.com",
        "mtalk.google.com",
        "update.googleapis.com",
        "www.google.com",
        "redirector.gvt1.com",
        "edgedl.me.gvt1.com",
        "safebrowsing.googleapis.com",
    ];
    let host = |line: &str| -> String {
        let address = line.split(' ').nth(1).unwrap_or_default();
        let address = address.rsplit_once("://").map_or(address, |(_, rest)| rest);
        address.split(['/', ':']).next().unwrap_or_default().to_owned()
    };
    let asked = asked.lock().expect("a list").clone();
    Seen {
        console,
        asked: asked
            .into_iter()
            .filter(|line| !own.contains(&host(line).as_str()))
            .collect(),
    }
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

#[test]
fn the_browser_has_nothing_to_complain_of_and_nobody_to_ask() {
    let Some(browser) = chromium() else { return };
    let folder = folder();
    let page = folder.path().join("story.html");
    std::fs::write(&page, crate::html()).expect("a page");
    for (width, height) in [(320, 900), (1280, 900)] {
        let picture = folder.path().join(format!("{width}.png"));
        let seen = open(
            &browser,
            &page,
            &[
                format!("--screenshot={}", picture.display()),
                format!("--window-size={width},{height}"),
            ],
        );
        assert!(picture.is_file(), "a picture at {width}");
        assert!(seen.console.is_empty(), "{:#?}", seen.console);
        assert!(seen.asked.is_empty(), "{:#?}", seen.asked);
    }
    // The same eyes see a page that does ask, and one whose console speaks.
    let bad = folder.path().join("bad.html");
    let markup = "<img src=\"http://probe.example/x.png\"><script>console.error('seen')</script>";
    std::fs::write(&bad, markup).expect("a page");
    let picture = format!("--screenshot={}", folder.path().join("bad.png").display());
    let seen = open(&browser, &bad, &[picture]);
    assert!(
        seen.asked.iter().any(|line| line.contains("probe.example")),
        "{:#?}",
        seen.asked
    );
    assert!(
        seen.console.iter().any(|line| line.contains("seen")),
        "{:#?}",
        seen.console
    );
}

#[test]
fn the_golden_case_prints_on_three_sheets() {
    let Some(browser) = chromium() else { return };
    let copy = crate::place().copy();
    std::fs::create_dir_all(copy.path().join("stories")).expect("a folder");
    std::fs::write(copy.path().join("stories/lang-pyongyang.toml"), GOLDEN).expect("a story");
    copy.compare(&["-o", "query.html"]).exits(0);
    copy.run(&["compare", "lang-pyongyang", "--tz", "Europe/Paris", "-o", "story.html"])
        .exits(0);
    for name in ["query", "story"] {
        let pdf = copy.path().join(format!("{name}.pdf"));
        let page = copy.path().join(format!("{name}.html"));
        let print = [
            format!("--print-to-pdf={}", pdf.display()),
            "--no-pdf-header-footer".to_owned(),
        ];
        let seen = open(&browser, &page, &print);
        assert!(seen.console.is_empty(), "{:#?}", seen.console);
        let sheets = sheets(&std::fs::read(&pdf).expect("a PDF"));
        assert!((1..=3).contains(&sheets), "{name}: {sheets} sheets");
    }
    // Kept where somebody wants to look at them.
    if let Some(kept) = std::env::var_os("VIGIE_PAGES") {
        for name in ["query.html", "story.html", "query.pdf", "story.pdf"] {
            std::fs::copy(copy.path().join(name), Path::new(&kept).join(name)).expect("a copy");
        }
    }
}

/// Page objects of a PDF.
fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.match_indices("/Type /Page")
        .filter(|(at, found)| !text[at + found.len()..].starts_with('s'))
        .count()
}

/// The story as a scholar would write it down.
const GOLDEN: &str = r#"id = "lang-pyongyang"
title = "France–DPRK cultural agreement"
relation = ["france", "north-korea"]
window = ["2009-12-14T00:00Z", "2009-12-18T06:00Z"]
match = '''@relation AND @jack-lang'''
topic = '@relation-other'
expect = ["aafc-fr", "kcna-en"]

[probes]
"human rights" = '"human rights" OR "droits de l’homme" OR 人权'
"UNSCR 1874" = '1874'
"nuclear" = 'nuclear OR nucléaire OR 核'
"dipl. relations" = '"diplomatic relations" OR "relations diplomatiques" OR 外交关系 OR 建交'
"office" = '"cultural office" OR (bureau NEAR/5 Pyongyang) OR 办事处'

[questions]
q1 = "How does this fit UNSCR 1874?"

[notes]
n1 = "The fate of the Goethe reading room is the precedent."
"#;
