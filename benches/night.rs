//! One night on loopback: 20 hosts × 100 pages of 18 kB, crawled with everything on — robots, listing, fetch, WARC,
//! extraction, language, fingerprints, tags, index — and a second night on which nothing has changed.
//!
//! `cargo bench --bench night` prints pages per CPU-second of this process alone (the site server is a process of its
//! own), wall time and peak memory. Figures are in docs/benchmarks.md.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use vigie::clock::Clock;
use vigie::config::{Config, builtin, sources};
use vigie::crawl::run::{self, Order};
use vigie::fetch::{Client, Options, ResolveMap};

#[path = "../src/cli/demo/prose.rs"]
#[allow(dead_code, reason = "the demonstration uses all of it, the bench only the filling")]
mod prose;

use prose::{Dice, Register, Tongue};

/// `VIGIE_BENCH_HOSTS`, `VIGIE_BENCH_PAGES`: another size of world.
fn size(name: &str, usual: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(usual)
}

fn main() {
    if std::env::args().any(|arg| arg == "--serve") {
        return serve();
    }
    let hosts = size("VIGIE_BENCH_HOSTS", 20);
    let pages = size("VIGIE_BENCH_PAGES", 100);
    let exe = std::env::current_exe().expect("own path");
    let mut server = Command::new(exe)
        .arg("--serve")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut first = String::new();
    BufReader::new(server.stdout.take().expect("piped"))
        .read_line(&mut first)
        .expect("an address");
    let address: SocketAddr = first.trim().parse().expect("an address");

    let folder = tempfile::tempdir().expect("a folder");
    let built_in = builtin::config().expect("shipped configuration");
    let file = sources::parse("sources.toml", &declared(hosts, pages)).unwrap_or_else(|errors| panic!("{errors}"));
    let config = Arc::new(Config::new(file, built_in.topics, built_in.lexicon));
    println!(
        "{hosts} hosts x {pages} pages, {} topics, {} actors",
        config.topics.topics.len(),
        config.lexicon.actors.len()
    );
    for (night, now) in [
        ("first night", "2026-01-01T02:00:00Z"),
        ("second night, nothing new", "2026-01-01T08:00:00Z"),
    ] {
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let summary = run::run(Order {
            data: folder.path().to_owned(),
            sources: config.sources.clone(),
            config: Arc::clone(&config),
            client: Client::new(Options {
                user_agent: "vigie/bench".to_owned(),
                resolve: ResolveMap::every(address),
                allow_private: true,
                ..Options::default()
            })
            .expect("a client"),
            clock: Arc::new(Clock::manual(now.parse().expect("a time"))),
            delay: Some(Duration::ZERO),
            may_be_offline: false,
            cancel: CancellationToken::new(),
            events: Arc::new(|_| {}),
        })
        .unwrap_or_else(|error| panic!("{error}"));
        let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
        println!(
            "{night}: {} new, {} failed, {:.2} CPU-s, {wall:.2} s, {:.0} pages/CPU-s, peak {} MB",
            summary.new,
            summary.failed,
            cpu,
            f64::from(summary.new) / cpu,
            peak_kib() / 1024
        );
    }
    server.kill().ok();
    server.wait().ok();
}

fn tongue(host: usize) -> (Tongue, &'static str, &'static str, &'static str) {
    match host % 3 {
        0 => (Tongue::French, "fr", "FR", "Europe/Paris"),
        1 => (Tongue::Chinese, "zh-Hans", "CN", "Asia/Shanghai"),
        _ => (Tongue::English, "en", "GB", "Europe/London"),
    }
}

fn declared(hosts: usize, pages: usize) -> String {
    let mut out = "[crawler]\ncontact = \"https://vigie.example/bench\"\n".to_owned();
    for host in 0..hosts {
        let (_, lang, country, zone) = tongue(host);
        out.push_str(&format!(
            "[[source]]\nid = \"paper-{host}\"\nname = \"Paper {host}\"\nhome = \"http://paper-{host}.example/\"\ncountry = \"{country}\"\n\
             lang = \"{lang}\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"{zone}\"\nmax_pages = {pages}\n\
             feeds = [\"http://paper-{host}.example/feed\"]\n"
        ));
    }
    out
}

/// A page of about 18 kB: 500 words of article in the usual amount of furniture.
fn page(host: usize, n: usize) -> String {
    let (tongue, lang, ..) = tongue(host);
    let seed = (host * 1_000_003 + n) as u64;
    let mut dice = Dice::new(seed);
    let title = prose::headline(tongue, &mut dice);
    let target = if tongue == Tongue::Chinese { 900 } else { 500 };
    let body: String = prose::passage(tongue, Register::Everyday, &[], target, seed)
        .into_iter()
        .map(|paragraph| format!("<p>{paragraph}</p>\n"))
        .collect();
    let mut furniture = String::new();
    while furniture.len() + body.len() < 17_000 {
        furniture.push_str(&format!(
            "<li class=\"item\"><a href=\"/section/{}\" class=\"link link--nav\"><span>{}</span></a></li>\n",
            dice.below(100_000),
            prose::headline(tongue, &mut dice)
        ));
    }
    let lines: Vec<&str> = furniture.split_inclusive('\n').collect();
    let (menu, related) = lines.split_at(lines.len() / 3);
    let (menu, related) = (menu.concat(), related.concat());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title} - Paper {host}</title>\n\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"article:published_time\" content=\"2026-01-01T00:{:02}:00Z\">\n\
         <link rel=\"canonical\" href=\"http://paper-{host}.example/a/{n}\"><script>var page = {{id: {n}}};</script></head><body>\n\
         <header><nav><ul>{menu}</ul></nav></header>\n<main><article><h1>{title}</h1>\n<div class=\"article-body\">\n{body}</div></article>\n\
         <aside class=\"related\"><ul>{related}</ul></aside></main>\n<footer><p>Paper {host}</p></footer></body></html>\n",
        n % 60,
    )
}

fn feed(host: usize, pages: usize) -> String {
    let (tongue, ..) = tongue(host);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Paper {host}</title><link>http://paper-{host}.example/</link>"
    );
    for n in 0..pages {
        let mut dice = Dice::new((host * 1_000_003 + n) as u64);
        out.push_str(&format!(
            "<item><title>{}</title><link>http://paper-{host}.example/a/{n}</link><pubDate>Thu, 01 Jan 2026 00:{:02}:00 +0000</pubDate></item>",
            prose::headline(tongue, &mut dice),
            n % 60
        ));
    }
    out.push_str("</channel></rss>");
    out
}

/// The press: every page made beforehand, a thread a connection, keep-alive.
fn serve() {
    let hosts = size("VIGIE_BENCH_HOSTS", 20);
    let pages = size("VIGIE_BENCH_PAGES", 100);
    let mut world = HashMap::new();
    for host in 0..hosts {
        let name = format!("paper-{host}.example");
        world.insert(
            (name.clone(), "/feed".to_owned()),
            ("application/rss+xml", feed(host, pages)),
        );
        for n in 0..pages {
            world.insert(
                (name.clone(), format!("/a/{n}")),
                ("text/html; charset=utf-8", page(host, n)),
            );
        }
    }
    let mean = world.values().map(|(_, body)| body.len()).sum::<usize>() / world.len();
    eprintln!("mean answer: {mean} bytes");
    let world = Arc::new(world);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    for stream in listener.incoming().flatten() {
        let world = Arc::clone(&world);
        std::thread::spawn(move || answer(stream, &world));
    }
}

fn answer(stream: TcpStream, world: &HashMap<(String, String), (&'static str, String)>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).ok()? == 0 {
            return None;
        }
        let path = request.split(' ').nth(1)?.to_owned();
        let mut host = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                host = value.trim().split(':').next()?.to_owned();
            }
        }
        let reply = match world.get(&(host, path)) {
            Some((kind, body)) => format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
            None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        writer.write_all(reply.as_bytes()).ok()?;
    }
}

/// User and system time of this process (proc(5), fields 14 and 15, in ticks of 1/100 s).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|field| field.parse().ok())
        .unwrap_or(0)
}
