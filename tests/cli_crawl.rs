//! `vigie crawl` and `vigie import` as their users meet them: exit codes, words, and what is left behind.

mod common;

use std::io::Write;
use std::time::{Duration, Instant};

use common::press::{rows, value};
use common::program::{Desk, Ended, Running};
use common::reply::Act;
use common::{Reply, SiteServer, shelf};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use vigie::crawl::check;
use vigie::store::Store;

/// The arguments that lead every host to the server.
fn to(server: &SiteServer, more: &[&str]) -> Vec<String> {
    let address = server.addr().to_string();
    ["crawl", "--resolve-all", &address, "--allow-private", "--delay", "0s"]
        .iter()
        .chain(more)
        .map(|arg| (*arg).to_owned())
        .collect()
}

fn start(desk: &Desk, args: &[String]) -> Running {
    desk.start(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {} {}", ended.out, ended.err))
}

fn wait_for(server: &SiteServer, what: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !server.hits().iter().any(|hit| hit.path == what) {
        assert!(Instant::now() < patience, "nobody asked for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn interrupt(running: &Running) {
    let pid = running.pid().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &pid]).status();
    assert!(sent.is_ok_and(|status| status.success()), "kill -INT {pid}");
}

fn assert_healthy(desk: &Desk) {
    let reader = Store::reader(&desk.data()).expect("a reader");
    let found = check::check(&reader, &desk.data(), &|_| {}).expect("a check");
    assert!(found.healthy() && found.undigested == 0, "{found:?}");
}

fn shelf_desk() -> (SiteServer, Desk) {
    let (server, desk) = (SiteServer::start(), Desk::new());
    shelf::fill(&server, 4);
    shelf::declare(desk.path());
    (server, desk)
}

#[test]
fn a_second_crawl_is_told_who_holds_the_store() {
    let (server, desk) = shelf_desk();
    server.put("shelf0.example", "/p/1", Reply::act(Act::Silence));
    let first = start(&desk, &to(&server, &[]));
    wait_for(&server, "/p/1");
    let second = start(&desk, &to(&server, &[])).wait();
    assert_eq!(second.code, Some(5), "{second:?}");
    assert!(second.err.contains(&format!("process {}", first.pid())), "{second:?}");
    assert!(second.out.is_empty(), "{second:?}");
    // An import wants the same lock; reading does not.
    let rows = desk.write("one.jsonl", "{\"url\": \"http://a.example/1\", \"text\": \"x\"}\n");
    assert_eq!(desk.run(&["import", rows.to_str().expect("a path")]).code, Some(5));
    assert_eq!(desk.run(&["status", "--json"]).code, Some(0));
    first.kill();
    // The lock died with its holder.
    shelf::fill(&server, 4);
    assert_eq!(start(&desk, &to(&server, &[])).wait().code, Some(0));
}

#[test]
fn ctrl_c_drains_and_the_next_crawl_goes_on() {
    let (server, desk) = shelf_desk();
    for page in 0..4 {
        let slow = Reply::html("<html><body><article><h1>Slow</h1><p>Slow words.</p></article></body></html>");
        server.put(
            "shelf0.example",
            &format!("/p/{page}"),
            slow.head_delay(Duration::from_secs(8)),
        );
    }
    let running = start(&desk, &to(&server, &["--json", "--now", "2026-03-02T02:00:00Z"]));
    // The other hosts are done long before this one answers.
    wait_for(&server, "/p/3");
    std::thread::sleep(Duration::from_millis(700));
    let asked = Instant::now();
    interrupt(&running);
    let ended = running.wait();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert_eq!(json(&ended)["interrupted"], true);
    assert_eq!(
        rows(&desk.data(), "SELECT interrupted, finished_at IS NOT NULL FROM run"),
        ["1 | 1"]
    );
    // What was under way has no row: nobody knows how it would have ended.
    assert_eq!(
        value(
            &desk.data(),
            "SELECT count(*) FROM fetch WHERE kind = 'page' AND source = 'shelf-0'"
        ),
        "0"
    );
    // Announced is announced, though: it is kept as its listing told of it.
    assert_eq!(value(&desk.data(), "SELECT count(*) FROM article"), "24");
    assert_healthy(&desk);
    shelf::fill(&server, 4);
    server.take_hits();
    let again = start(&desk, &to(&server, &["--json", "--now", "2026-03-02T02:30:00Z"])).wait();
    assert_eq!(again.code, Some(0), "{again:?}");
    let pages = server.hits().iter().filter(|hit| hit.path.starts_with("/p/")).count();
    assert_eq!(pages, 4, "only those that the first run did not have");
    assert_eq!(
        value(&desk.data(), "SELECT count(*) FROM article WHERE text_access = 'full'"),
        "24"
    );
    assert_healthy(&desk);
}

#[test]
fn a_run_stopped_before_robots_txt_answered_says_nothing_of_the_site() {
    let desk = Desk::new();
    let server = SiteServer::start();
    shelf::fill(&server, 4);
    shelf::declare(desk.path());
    // A page of headlines, which only robots.txt could allow.
    let listed = std::fs::read_to_string(desk.path().join("sources.toml"))
        .expect("sources.toml")
        .replace(
            "feeds = [\"http://shelf0.example/rss.xml\"]",
            "listings = [{ url = \"http://shelf0.example/list.html\", links = \"a\" }]",
        );
    desk.write("sources.toml", listed);
    server.put("shelf0.example", "/robots.txt", Reply::act(Act::Silence));
    let running = start(&desk, &to(&server, &["shelf-0"]));
    wait_for(&server, "/robots.txt");
    interrupt(&running);
    assert_eq!(running.wait().code, Some(130));
    assert_eq!(rows(&desk.data(), "SELECT outcome, robots FROM look"), ["skipped | -"]);
    assert_eq!(value(&desk.data(), "SELECT count(*) FROM fetch"), "0");
    assert_eq!(value(&desk.data(), "SELECT count(*) FROM robots"), "0");
}

#[test]
fn without_a_network_the_next_step_is_named() {
    let desk = Desk::new();
    let mut sources = "[crawler]\ncontact = \"https://vigie.example/tests\"\n".to_owned();
    for n in 1..=7 {
        sources.push_str(&format!(
            "[[source]]\nid = \"nowhere-{n}\"\nname = \"Nowhere {n}\"\nhome = \"http://nowhere{n}.invalid/\"\ncountry = \
             \"FR\"\nlang = \"fr\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"Europe/Paris\"\nfeeds = \
             [\"http://nowhere{n}.invalid/rss\"]\n"
        ));
    }
    desk.write("sources.toml", sources);
    let ended = desk.run(&["crawl"]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.took < Duration::from_secs(10), "{ended:?}");
    for next in ["vigie demo", "vigie import"] {
        assert!(ended.out.contains(next), "{ended:?}");
    }
    // The ledger knows that nobody looked, and that it was nobody's silence.
    assert_eq!(
        rows(&desk.data(), "SELECT outcome, good, count(*) FROM look GROUP BY 1, 2"),
        ["skipped | 0 | 7"]
    );
    let again = desk.run(&["crawl", "--json"]);
    assert_eq!((again.code, &json(&again)["offline"]), (Some(3), &Value::Bool(true)));
}

#[test]
fn a_mistake_in_what_was_typed_or_written_is_exit_code_2() {
    let (server, desk) = shelf_desk();
    let unknown = start(&desk, &to(&server, &["shelf-77"])).wait();
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(
        unknown.err.contains("shelf-77") && unknown.err.contains("hint:"),
        "{unknown:?}"
    );
    assert!(server.hits().is_empty());

    desk.write(
        "sources.toml",
        "[crawler]\ncontact = \"https://vigie.example/\"\n\n[[source]]\nid = \"a-fr\"\nlang = 7\n",
    );
    let wrong = start(&desk, &to(&server, &[])).wait();
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    let place = format!("{}:6:8", desk.path().join("sources.toml").display());
    assert!(wrong.err.contains(&place), "{}", wrong.err);
    assert!(
        wrong
            .err
            .lines()
            .any(|line| line.trim_start_matches([' ', '│']).starts_with('^')),
        "{}",
        wrong.err
    );

    let nobody = Desk::new().run(&["crawl"]);
    assert_eq!(nobody.code, Some(2), "{nobody:?}");
    assert!(nobody.err.contains("vigie init"), "{nobody:?}");
    let typed = start(&desk, &to(&server, &["--delay", "soon"])).wait();
    assert_eq!(typed.code, Some(2), "{typed:?}");
}

/// 64 MiB of blanks in brotli's terms, made once with the reference encoder (quality 11, window 2^22).
const BROTLI_BOMB: &str = "cbffff3ff82540e2b14020f7fe8fffff7ff04b00c4611180eefd1fffffffe0970088c30200ddfb3ffeffffc12f0110870500\
    baf77ffcffff835f02200e0b0074effff8ffff07bf04401c1600e8defff1ffff0f7e0980382c00d0bdffcbffff3ffc1200715800a07bff07";

#[test]
fn bombs_in_every_coding_are_left_unopened() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    shelf::fill(&server, 6);
    shelf::declare(desk.path());
    let digits: Vec<u32> = BROTLI_BOMB.chars().filter_map(|c| c.to_digit(16)).collect();
    let brotli: Vec<u8> = digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    let blanks = vec![b' '; 64 << 20];
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = ruzstd::encoding::compress_to_vec(blanks.as_slice(), level);
    drop(blanks);
    let gzip = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).expect("writing to memory");
        packed.finish().expect("writing to memory")
    };
    let inner = Reply::gzip_bomb(256).body;
    let coded = |body: Vec<u8>, coding: &str| Reply::html(body).header("content-encoding", coding);
    for (page, reply) in [
        coded(brotli.clone(), "br"),
        coded(zstd, "zstd"),
        coded(gzip(&inner), "gzip, gzip"),
        coded(gzip(&brotli), "br, gzip"),
        coded(gzip(&gzip(&gzip(&gzip(b"<p>deep</p>")))), "gzip, gzip, gzip, gzip"),
    ]
    .into_iter()
    .enumerate()
    {
        server.put("shelf0.example", &format!("/p/{page}"), reply);
    }
    // A listing may be one, too.
    server.put(
        "shelf1.example",
        "/rss.xml",
        Reply::xml(&brotli).header("content-encoding", "br"),
    );
    let ended = start(&desk, &to(&server, &["--json"])).wait();
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert_eq!(json(&ended)["per_source"][1]["outcome"], "bad_encoding");
    assert_eq!(
        rows(
            &desk.data(),
            "SELECT url, outcome FROM fetch WHERE kind = 'page' AND source = 'shelf-0' ORDER BY url"
        ),
        [
            "http://shelf0.example/p/0 | bad_encoding",
            "http://shelf0.example/p/1 | bad_encoding",
            "http://shelf0.example/p/2 | bad_encoding",
            "http://shelf0.example/p/3 | bad_encoding",
            "http://shelf0.example/p/4 | bad_encoding",
            "http://shelf0.example/p/5 | ok"
        ]
    );
    assert_healthy(&desk);
}

#[test]
fn nothing_that_a_site_does_stops_the_run() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    shelf::fill(&server, 9);
    shelf::declare(desk.path());
    let host = |n: usize| format!("shelf{n}.example");
    server.put(&host(0), "/rss.xml", Reply::act(Act::Reset));
    server.put(
        &host(1),
        "/rss.xml",
        Reply::html("<!DOCTYPE html><html><body><p>Hello.</p></body></html>"),
    );
    server.put(&host(2), "/robots.txt", Reply::status(500));
    server.put(
        &host(3),
        "/rss.xml",
        Reply::xml("<rss version=\"2.0\"><channel><item><title>Cut off here & the"),
    );
    for (page, reply) in [
        Reply::gzip_bomb(40),
        Reply::act(Act::Close),
        Reply::redirect(302, "/p/2"),
        Reply::html("x".repeat(2000)).cut_after(40),
        Reply::redirect(301, "http://127.0.0.1:1/"),
        Reply::html("not gzip").header("content-encoding", "gzip"),
        Reply::raw("HTTP/1.1 999 ???\r\n\r\n"),
        Reply::html([0xff, 0xfe, 0x00, 0xd8, 0x41]),
    ]
    .into_iter()
    .enumerate()
    {
        server.put(&host(4), &format!("/p/{page}"), reply);
    }
    let ended = start(&desk, &to(&server, &["--json"])).wait();
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let summary = json(&ended);
    let outcome = |n: usize| {
        summary["per_source"][n]["outcome"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        ["truncated", "connect"].contains(&outcome(0).as_str()),
        "{}",
        outcome(0)
    );
    assert_eq!(outcome(1), "unreadable");
    assert_eq!(summary["per_source"][1]["verdict"], "html-instead-of-feed");
    // The feed is a subscription; its pages wait until robots.txt can be read.
    assert_eq!(outcome(2), "ok");
    assert_eq!(
        rows(
            &desk.data(),
            "SELECT DISTINCT outcome FROM fetch WHERE kind = 'page' AND source = 'shelf-2'"
        ),
        ["robots_unreachable"]
    );
    assert_eq!(outcome(4), "ok");
    let pages = rows(
        &desk.data(),
        "SELECT url, outcome FROM fetch WHERE kind = 'page' AND source = 'shelf-4' ORDER BY url",
    );
    let outcomes: Vec<&str> = pages.iter().filter_map(|line| line.rsplit(' ').next()).collect();
    assert_eq!(outcomes.len(), 9, "{pages:#?}");
    assert_eq!(outcomes[0], "bad_encoding", "{pages:#?}");
    assert_eq!(outcomes[2], "redirect_loop");
    assert_eq!(outcomes[3], "truncated");
    assert_eq!(outcomes[4], "address_refused");
    // The label is wrong, the words are there.
    assert_eq!(outcomes[5], "ok");
    assert_eq!(outcomes[8], "ok");
    // The good neighbour lost nothing, and whoever failed is still known from its listing.
    let kept = "SELECT count(*), sum(text_access = 'full') FROM article WHERE source =";
    assert_eq!(value(&desk.data(), &format!("{kept} 'shelf-5'")), "9 | 9");
    assert_eq!(value(&desk.data(), &format!("{kept} 'shelf-2'")), "9 | 0");
    assert_eq!(
        value(&desk.data(), "SELECT count(*) FROM article WHERE source = 'shelf-4'"),
        "9"
    );
    assert_healthy(&desk);
}

/// A WARC as other crawlers write it: 1.0, no digests, requests beside the responses.
fn foreign_warc() -> Vec<Vec<u8>> {
    let record = |kind: &str, uri: &str, content_type: &str, block: &[u8]| {
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{kind}-{}>\r\nWARC-Date: 2026-02-11T09:30:00Z\r\n",
            uri.len()
        );
        if !uri.is_empty() {
            record.push_str(&format!("WARC-Target-URI: {uri}\r\n"));
        }
        record.push_str(&format!(
            "Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        ));
        let mut bytes = record.into_bytes();
        bytes.extend(block);
        bytes.extend(b"\r\n\r\n");
        bytes
    };
    let page = |status: &str, content_type: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let http = "application/http; msgtype=response";
    let ask = b"GET /n/1 HTTP/1.1\r\nHost: www.abroad.example\r\n\r\n";
    vec![
        record("warcinfo", "", "application/warc-fields", b"software: somebody/1.0\r\n"),
        record(
            "request",
            "http://www.abroad.example/n/1",
            "application/http; msgtype=request",
            ask,
        ),
        record(
            "response",
            "http://www.abroad.example/n/1",
            http,
            page("200 OK", "text/html; charset=utf-8", &abroad(1)).as_bytes(),
        ),
        record(
            "response",
            "http://www.abroad.example/n/404",
            http,
            page("404 Not Found", "text/html", "gone").as_bytes(),
        ),
        record(
            "response",
            "http://www.abroad.example/logo.png",
            http,
            page("200 OK", "image/png", "PNG").as_bytes(),
        ),
        record(
            "response",
            "http://shelf1.example/elsewhere",
            http,
            page("200 OK", "text/html", &abroad(2)).as_bytes(),
        ),
        record(
            "response",
            "http://www.abroad.example/n/3",
            http,
            page("200 OK", "text/html", &abroad(3)).as_bytes(),
        ),
    ]
}

fn abroad(n: u32) -> String {
    let said = [
        "",
        "The mayor of the upper town",
        "A committee of cellists",
        "The night train to the coast",
    ][n as usize];
    format!(
        "<html lang=\"en\"><head><title>Report {n} from abroad</title></head><body><article><h1>Report {n} from \
         abroad</h1><p>{said} has been the talk of the district since Tuesday, when a notice appeared on the door of \
         the town hall and nobody would say who had put it there.</p><p>By evening {said} had been mentioned in three \
         sermons, two council meetings and one wedding speech, and a second notice had appeared beneath the \
         first.</p></article></body></html>"
    )
}

fn counts(imports: &Value) -> [u64; 6] {
    ["read", "articles", "new", "duplicates", "skipped", "failed"].map(|key| imports[key].as_u64().unwrap_or(u64::MAX))
}

fn import(desk: &Desk, file: &std::path::Path) -> Value {
    let ended = desk.run(&["import", "--json", file.to_str().expect("a path")]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    json(&ended)
}

#[test]
fn a_foreign_warc_comes_in_once() {
    let desk = Desk::new();
    shelf::declare(desk.path());
    let file = desk.write("abroad.warc", foreign_warc().concat());
    let first = import(&desk, &file);
    assert_eq!(counts(&first), [3, 3, 3, 0, 3, 0], "{first}");
    assert_eq!(first["provisional"], serde_json::json!(["abroad-example"]));
    assert_eq!(
        rows(
            &desk.data(),
            "SELECT source, url, title, text_access FROM article ORDER BY url"
        ),
        [
            "shelf-1 | http://shelf1.example/elsewhere | Report 2 from abroad | full",
            "abroad-example | http://www.abroad.example/n/1 | Report 1 from abroad | full",
            "abroad-example | http://www.abroad.example/n/3 | Report 3 from abroad | full",
        ]
    );
    // Seen when the other crawler saw it, brought today.
    assert_eq!(
        rows(
            &desk.data(),
            "SELECT DISTINCT strftime('%F', at, 'unixepoch'), import_file FROM fetch"
        ),
        ["2026-02-11 | abroad.warc"]
    );
    let second = import(&desk, &file);
    assert_eq!(counts(&second), [3, 3, 0, 3, 3, 0], "{second}");
    for (table, count) in [("article", "3"), ("page", "3"), ("version", "3"), ("fetch", "3")] {
        assert_eq!(
            value(&desk.data(), &format!("SELECT count(*) FROM {table}")),
            count,
            "{table}"
        );
    }
    assert_healthy(&desk);
}

#[test]
fn a_warc_with_a_damaged_tail_gives_what_is_whole() {
    let desk = Desk::new();
    let pack = |record: &Vec<u8>| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(record).expect("memory");
        packer.finish().expect("memory")
    };
    let members: Vec<Vec<u8>> = foreign_warc().iter().map(pack).collect();
    let whole = members.concat();
    let last = members.last().map_or(0, Vec::len);
    let file = desk.write("cut.warc.gz", &whole[..whole.len() - last / 2]);
    let cut = import(&desk, &file);
    assert_eq!(counts(&cut)[2], 2, "{cut}");
    assert_eq!(counts(&cut)[5], 1, "{cut}");
    assert_eq!(cut["damage"].as_array().map(Vec::len), Some(1), "{cut}");
    // The whole file later brings what was missing, and nothing else.
    let file = desk.write("whole.warc.gz", &whole);
    let rest = import(&desk, &file);
    assert_eq!(counts(&rest), [3, 3, 1, 2, 3, 0], "{rest}");
    // Without a configuration every host is a provisional source.
    assert_eq!(
        rows(&desk.data(), "SELECT id, provisional FROM source ORDER BY id"),
        ["abroad-example | 1", "shelf1-example | 1"]
    );
    assert_healthy(&desk);
}

#[test]
fn rows_come_in_and_a_bad_line_is_told_by_its_number() {
    let desk = Desk::new();
    shelf::declare(desk.path());
    let good = |n: u32| {
        serde_json::json!({
            "url": format!("http://www.abroad.example/rows/{n}"), "title": format!("Row {n}"), "text": format!("The words of row {n}, \
            which are few but its own."), "published": "2026-02-01", "lang": "en", "authors": ["A. Writer"],
        })
        .to_string()
    };
    let lines = [
        good(1),
        "{\"url\": \"http://www.abroad.example/rows/2\", \"text\": ".into(),
        String::new(),
        good(3),
        "{\"url\": \"no address\", \"text\": \"x\"}".into(),
        good(3),
    ];
    let file = desk.write("rows.jsonl", lines.join("\n"));
    let first = import(&desk, &file);
    assert_eq!(counts(&first), [5, 3, 2, 1, 0, 2], "{first}");
    let damage = first["damage"].to_string();
    assert!(damage.contains("line 2") && damage.contains("no address"), "{damage}");
    assert_eq!(
        rows(
            &desk.data(),
            "SELECT url, published, authors, lang FROM article ORDER BY url"
        ),
        [
            "http://www.abroad.example/rows/1 | 2026-02-01 | [\"A. Writer\"] | en",
            "http://www.abroad.example/rows/3 | 2026-02-01 | [\"A. Writer\"] | en",
        ]
    );
    let second = import(&desk, &file);
    assert_eq!(counts(&second), [5, 3, 0, 3, 0, 2], "{second}");
    assert_eq!(value(&desk.data(), "SELECT count(*) FROM article"), "2");
    assert_healthy(&desk);
    assert_eq!(desk.run(&["import", "missing.warc"]).code, Some(2));
}

/// A listing of bare items: title, path, date.
fn put_feed(server: &SiteServer, host: &str, items: &[(&str, &str, &str)]) {
    let items: String = (items.iter())
        .map(|(title, path, date)| {
            format!(
                "<item><title>{title}</title><link>http://{host}{path}</link><description>{title}: told at length below.\
                 </description><pubDate>{date}</pubDate></item>"
            )
        })
        .collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>{host}</title><link>http://{host}/</link>{items}</channel></rss>"
    );
    server.put(host, "/rss.xml", Reply::xml(feed));
    server.put(host, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
}

/// What the looks know outweighs what a paper says of its date, and words that were replaced were printed all the same.
#[test]
fn no_silence_is_made_of_a_false_date_or_of_a_headline_replaced() {
    let (server, desk) = (SiteServer::start(), Desk::new());
    let mut sources = String::from("[crawler]\ncontact = \"https://vigie.example/tests\"\n");
    for host in ["back", "ahead", "plain"] {
        sources.push_str(&format!(
            "\n[[source]]\nid = \"{host}-en\"\nname = \"{host}\"\nhome = \"http://{host}.example/\"\ncountry = \"GB\"\n\
             lang = \"en\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"UTC\"\npages = \"listing-only\"\n\
             feeds = [\"http://{host}.example/rss.xml\"]\n"
        ));
    }
    desk.write("sources.toml", sources);
    let weather = ("Weather over Pyongyang", "/weather", "Wed, 02 Dec 2009 06:00:00 +0000");
    let night = |at: &str, visit: (&str, &str, &str), dates: [&str; 3]| {
        for (host, date) in ["back.example", "ahead.example", "plain.example"]
            .into_iter()
            .zip(dates)
        {
            let visit = (visit.0, visit.1, date);
            let items: &[(&str, &str, &str)] = if date.is_empty() { &[weather] } else { &[visit, weather] };
            put_feed(&server, host, items);
        }
        let args = to(&server, &["--now", at, "--json"]);
        let ended = start(&desk, &args).wait();
        assert_eq!(ended.code, Some(0), "{}", ended.err);
    };
    let visit = ("Jack Lang in Pyongyang", "/visit", "");
    night("2009-12-02T12:00:00Z", visit, ["", "", ""]);
    // First listed on the third by all three: one says September, one says tomorrow.
    let dates = [
        "Tue, 01 Sep 2009 08:00:00 +0000",
        "Fri, 04 Dec 2009 09:00:00 +0000",
        "Thu, 03 Dec 2009 09:00:00 +0000",
    ];
    night("2009-12-03T12:00:00Z", visit, dates);
    let compare = |until: &str| {
        let window = [
            "--since",
            "2009-12-01T11:00Z",
            "--until",
            until,
            "--now",
            "2009-12-05T00:00Z",
            "--json",
        ];
        let args = [&["compare", "\"Jack Lang\""][..], &window].concat();
        json(&desk.run(&args))
    };
    let status = |found: &Value| -> Vec<String> {
        let rows = found["sources"].as_array().expect("rows");
        let status = |id: &str| rows.iter().find(|row| row["source_id"] == id).expect("a row")["status"].to_string();
        ["back-en", "ahead-en", "plain-en"].map(status).to_vec()
    };
    let found = compare("2009-12-03T13:00Z");
    assert_eq!(status(&found), ["\"covered\""; 3], "{}", found["limits"]);

    // The envoy's name leaves the headline and its teaser; the address stays.
    night("2009-12-04T12:00:00Z", ("An envoy on a trip", "/visit", ""), dates);
    let found = compare("2009-12-04T13:00Z");
    assert_eq!(status(&found), ["\"covered\""; 3], "{}", found["limits"]);
    let limits = found["limits"].to_string();
    assert!(limits.contains("stand in version 1 of 2"), "{limits}");
}
