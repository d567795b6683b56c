//! The invented press of `tests/sites`: nine small outlets in four languages, and what each of them shows on each night.
//!
//! `tests/sites/<host>/night-<n>/<path>.txt` is the article at that path from that night on (a title, `name: value`
//! lines, a blank line, paragraphs); `<path>.gone` takes it away, `<path>.moved` names where it went.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use vigie::clock::Clock;
use vigie::config::{Config, builtin, sources};
use vigie::crawl::run::{self, Event, Order};
use vigie::crawl::summary::Summary;
use vigie::fetch::client::Timeouts;
use vigie::fetch::{Client, Options, ResolveMap, headers};

use super::{Reply, SiteServer};

/// The first night; each night begins at this hour.
const FIRST: &str = "2026-03-02T02:00:00Z";

pub const SOURCES: &str = r#"
[crawler]
contact = "https://vigie.example/tests"

[[source]]
id = "bulletin-en"
name = "Harbour Bulletin"
home = "http://bulletin.example/"
country = "GB"
lang = "en"
ownership = "association"
kind = "association"
timezone = "Europe/London"
feeds = ["http://bulletin.example/rss.xml"]
pages = "listing-only"

[[source]]
id = "courrier-fr"
name = "Le Courrier de l'Aune"
home = "http://courrier.example/"
country = "FR"
lang = "fr"
ownership = "private"
kind = "press"
timezone = "Europe/Paris"
feeds = ["http://courrier.example/rss.xml"]

[[source]]
id = "depeche-fr"
name = "Agence Dépêche"
home = "http://depeche.example/"
country = "FR"
lang = "fr"
ownership = "public"
kind = "wire"
timezone = "Europe/Paris"
feeds = ["http://depeche.example/rss.xml"]

[[source]]
id = "ferme-fr"
name = "La Ferme"
home = "http://ferme.example/"
country = "FR"
lang = "fr"
ownership = "private"
kind = "press"
timezone = "Europe/Paris"
feeds = ["http://ferme.example/rss.xml"]

[[source]]
id = "gazette-en"
name = "The Gull Point Gazette"
home = "http://gazette.example/"
country = "GB"
lang = "en"
ownership = "private"
kind = "press"
timezone = "Europe/London"
feeds = ["http://gazette.example/atom.xml"]

[[source]]
id = "panne-fr"
name = "Le Journal en Panne"
home = "http://panne.example/"
country = "FR"
lang = "fr"
ownership = "private"
kind = "press"
timezone = "Europe/Paris"
feeds = ["http://panne.example/rss.xml"]

[[source]]
id = "ribao-zh"
name = "江城日报"
home = "http://ribao.example/"
country = "CN"
lang = "zh-Hans"
ownership = "party"
kind = "party-press"
timezone = "Asia/Shanghai"
listings = [{ url = "http://ribao.example/list.html", links = "ul.news a" }]

[[source]]
id = "sinmun-ko"
name = "한강신문"
home = "http://sinmun.example/"
country = "KR"
lang = "ko"
ownership = "private"
kind = "press"
timezone = "Asia/Seoul"
sitemaps = ["http://sinmun.example/news-sitemap.xml"]

[[source]]
id = "tirage-fr"
name = "Le Petit Tirage"
home = "http://tirage.example/"
country = "FR"
lang = "fr"
ownership = "private"
kind = "press"
timezone = "Europe/Paris"
feeds = ["http://tirage.example/rss.xml"]
"#;

/// How an outlet announces its articles.
#[derive(Clone, Copy, PartialEq)]
enum Announces {
    Rss,
    Atom,
    /// A page of headlines, in GB 18030 like everything of this outlet.
    List,
    NewsSitemap,
}

/// What an outlet shows a client that has been there before.
#[derive(Clone, Copy, PartialEq)]
enum Remembers {
    Etag,
    LastModified,
    Nothing,
}

struct Outlet {
    host: &'static str,
    lang: &'static str,
    announces: Announces,
    remembers: Remembers,
    robots: &'static str,
}

const OUTLETS: [Outlet; 8] = [
    outlet(
        "bulletin.example",
        "en",
        Announces::Rss,
        Remembers::Nothing,
        "User-agent: *\nDisallow:\n",
    ),
    outlet(
        "courrier.example",
        "fr",
        Announces::Rss,
        Remembers::Etag,
        "User-agent: *\nDisallow: /compte/\n",
    ),
    outlet(
        "depeche.example",
        "fr",
        Announces::Rss,
        Remembers::Nothing,
        "User-agent: *\nDisallow: /rss.xml\n",
    ),
    outlet(
        "ferme.example",
        "fr",
        Announces::Rss,
        Remembers::Nothing,
        "User-agent: *\nDisallow: /articles/\n",
    ),
    outlet(
        "gazette.example",
        "en",
        Announces::Atom,
        Remembers::Nothing,
        "User-agent: *\nDisallow:\n",
    ),
    outlet(
        "ribao.example",
        "zh",
        Announces::List,
        Remembers::LastModified,
        "User-agent: *\nCrawl-delay: 8\n",
    ),
    outlet(
        "sinmun.example",
        "ko",
        Announces::NewsSitemap,
        Remembers::Etag,
        "User-agent: *\nDisallow:\n",
    ),
    outlet(
        "tirage.example",
        "fr",
        Announces::Rss,
        Remembers::Nothing,
        "User-agent: *\nDisallow: /t/\n",
    ),
];

const fn outlet(
    host: &'static str,
    lang: &'static str,
    announces: Announces,
    remembers: Remembers,
    robots: &'static str,
) -> Outlet {
    Outlet {
        host,
        lang,
        announces,
        remembers,
        robots,
    }
}

/// An article as it stands on one night.
#[derive(Clone)]
struct Text {
    title: String,
    date: Timestamp,
    /// What the listing says instead.
    announced: Option<Timestamp>,
    updated: Option<Timestamp>,
    teaser: Option<String>,
    listed: bool,
    paragraphs: Vec<String>,
}

#[derive(Clone)]
enum State {
    There(Text),
    Gone,
    Moved(String),
}

/// The press, its server, and a data folder that is crawled from it.
pub struct Press {
    pub server: SiteServer,
    pub clock: Arc<Clock>,
    pub config: Arc<Config>,
    dir: TempDir,
    /// Path by host and path, as of the present night.
    states: BTreeMap<(&'static str, String), State>,
    night: u32,
}

impl Press {
    /// Before the first night.
    pub fn new() -> Press {
        let file = sources::parse("sources.toml", SOURCES).unwrap_or_else(|errors| panic!("{errors}"));
        let shipped = builtin::config().unwrap_or_else(|errors| panic!("{errors}"));
        let clock = Arc::new(Clock::manual(start_of(1)));
        Press {
            server: SiteServer::start_at(Arc::clone(&clock)),
            clock,
            config: Arc::new(Config::new(file, shipped.topics, shipped.lexicon)),
            dir: tempfile::tempdir().expect("a folder"),
            states: BTreeMap::new(),
            night: 0,
        }
    }

    /// The configuration with one source less.
    pub fn without(&self, id: &str) -> Arc<Config> {
        let file = sources::SourcesFile {
            crawler: self.config.crawler.clone(),
            sources: self
                .config
                .sources
                .iter()
                .filter(|source| source.id != id)
                .cloned()
                .collect(),
        };
        Arc::new(Config::new(
            file,
            self.config.topics.clone(),
            self.config.lexicon.clone(),
        ))
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Moves on to the next night and visits every source. Gives the run's summary; the server's hits are of that night.
    pub fn next_night(&mut self) -> Summary {
        self.dawn();
        self.crawl()
    }

    /// Moves on to the next night without looking at anything.
    pub fn dawn(&mut self) {
        self.night += 1;
        set(&self.clock, start_of(self.night));
        self.server.take_hits();
        for outlet in &OUTLETS {
            self.overlay(outlet);
            self.publish(outlet);
        }
        self.server.put("panne.example", "/rss.xml", Reply::status(503));
    }

    /// Visits every source at the clock's present moment.
    pub fn crawl(&self) -> Summary {
        self.crawl_into(&self.data())
    }

    /// The same into a data folder of its own.
    pub fn crawl_into(&self, data: &Path) -> Summary {
        crawl(
            self,
            data,
            &self.config.sources.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(),
            None,
        )
    }

    /// Lays tonight's files, if any, over what the outlet had.
    fn overlay(&mut self, outlet: &Outlet) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/sites")
            .join(outlet.host);
        let root = root.join(format!("night-{}", self.night));
        for file in files_below(&root) {
            let name = file.strip_prefix(&root).expect("a file below its root");
            let name = name.to_str().expect("a name in ASCII").replace('\\', "/");
            let text = fs::read_to_string(&file).expect("a file in UTF-8");
            let (path, kind) = name.rsplit_once('.').expect("a name with an ending");
            let state = match kind {
                "txt" => State::There(Text::read(&text)),
                "gone" => State::Gone,
                "moved" => State::Moved(text.trim().to_owned()),
                other => panic!("{}: what is .{other}?", file.display()),
            };
            self.states.insert((outlet.host, format!("/{path}")), state);
        }
    }

    /// Puts everything that the outlet shows tonight on the server.
    fn publish(&self, outlet: &Outlet) {
        let own = self.states.iter().filter(|((host, _), _)| *host == outlet.host);
        let mut listed = Vec::new();
        for ((_, path), state) in own {
            let reply = match state {
                State::There(text) => {
                    if text.listed {
                        listed.push((path.as_str(), text));
                    }
                    outlet.html(&outlet.page(path, text))
                }
                State::Gone => Reply::status(404),
                State::Moved(to) => Reply::redirect(301, to),
            };
            self.server.put(outlet.host, path, reply);
        }
        listed.sort_by_key(|(path, text)| (std::cmp::Reverse(text.date), *path));
        let (path, reply) = outlet.listing(&listed);
        self.server.put(outlet.host, path, outlet.remember(reply));
        self.server.put(outlet.host, "/robots.txt", Reply::text(outlet.robots));
    }
}

/// One run over the named sources.
pub fn crawl(press: &Press, data: &Path, sources: &[&str], delay: Option<Duration>) -> Summary {
    let client = Client::new(Options {
        user_agent: headers::user_agent(&press.config.crawler.contact),
        resolve: ResolveMap::every(press.server.addr()),
        allow_private: true,
        authorities: Vec::new(),
        timeouts: Timeouts {
            first_byte: Duration::from_secs(2),
            idle: Duration::from_secs(2),
            ..Timeouts::default()
        },
    })
    .expect("a client");
    run::run(Order {
        data: data.to_owned(),
        config: Arc::clone(&press.config),
        sources: sources
            .iter()
            .map(|id| press.config.source(id).expect("a source of the press").clone())
            .collect(),
        client,
        clock: Arc::clone(&press.clock),
        delay,
        may_be_offline: false,
        cancel: CancellationToken::new(),
        events: Arc::new(|_: Event| {}),
    })
    .expect("a run")
}

/// When a night begins.
pub fn start_of(night: u32) -> Timestamp {
    let first: Timestamp = FIRST.parse().expect("a moment");
    first + Duration::from_secs(u64::from(night.saturating_sub(1)) * 86_400)
}

pub fn set(clock: &Clock, at: Timestamp) {
    if let Clock::Manual(hand) = clock {
        hand.store(at.as_millisecond(), Ordering::SeqCst);
    }
}

/// Rows as text, columns joined by ` | `.
pub fn rows(data: &Path, sql: &str) -> Vec<String> {
    let conn = Connection::open(data.join("vigie.db")).expect("a database");
    let mut statement = conn.prepare(sql).unwrap_or_else(|error| panic!("{sql}\n{error}"));
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells: Vec<String> = (0..columns)
            .map(|at| {
                Ok(match row.get_ref(at)? {
                    ValueRef::Null => "-".to_owned(),
                    ValueRef::Integer(n) => n.to_string(),
                    ValueRef::Real(x) => format!("{x:.4}"),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Blob(bytes) => format!("{bytes:?}"),
                })
            })
            .collect::<rusqlite::Result<_>>()?;
        Ok(cells.join(" | "))
    });
    rows.expect("rows").collect::<Result<_, _>>().expect("every row")
}

/// The one value that a question has.
pub fn value(data: &Path, sql: &str) -> String {
    let mut rows = rows(data, sql);
    assert_eq!(rows.len(), 1, "{sql}: {rows:?}");
    rows.remove(0)
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

impl Text {
    fn read(text: &str) -> Text {
        let (head, body) = text.split_once("\n\n").expect("a blank line");
        let mut lines = head.lines();
        let title = lines.next().and_then(|line| line.strip_prefix("# ")).expect("a title");
        let fields: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(": ")).collect();
        let moment = |name: &str| fields.get(name).map(|at| at.parse().expect("a moment"));
        Text {
            title: title.to_owned(),
            date: moment("date").expect("a date"),
            announced: moment("announced"),
            updated: moment("updated"),
            teaser: fields.get("teaser").map(|text| (*text).to_owned()),
            listed: fields.get("listed") != Some(&"no"),
            paragraphs: body.split("\n\n").map(|text| text.trim().to_owned()).collect(),
        }
    }

    fn teaser(&self) -> String {
        let first = || self.paragraphs.first().map(|text| text.chars().take(90).collect());
        self.teaser.clone().or_else(first).unwrap_or_default()
    }
}

impl Outlet {
    fn html(&self, page: &str) -> Reply {
        let reply = if self.announces == Announces::List {
            let bytes = encoding_rs::GB18030.encode(page).0.into_owned();
            Reply::new(200, bytes).header("content-type", "text/html; charset=gb2312")
        } else {
            Reply::html(page).gzip()
        };
        self.remember(reply)
    }

    /// Validators that follow the bytes.
    fn remember(&self, reply: Reply) -> Reply {
        let hash = xxhash_rust::xxh3::xxh3_64(&reply.body);
        match self.remembers {
            Remembers::Etag => reply.etag(&format!("\"{hash:x}\"")),
            Remembers::LastModified => {
                let second = hash % 86_400;
                let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
                reply.last_modified(&format!("Sun, 01 Mar 2026 {h:02}:{m:02}:{s:02} GMT"))
            }
            Remembers::Nothing => reply,
        }
    }

    fn page(&self, path: &str, text: &Text) -> String {
        let charset = if self.announces == Announces::List {
            "gb2312"
        } else {
            "utf-8"
        };
        let paragraphs: String = text
            .paragraphs
            .iter()
            .map(|p| format!("<p>{}</p>\n", escape(p)))
            .collect();
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"{charset}\"><title>{title} | {host}</title>\
             <link rel=\"canonical\" href=\"http://{host}{path}\"></head><body>\n<header><nav><a href=\"/\">{host}</a></nav></header>\n<main><article>\n<h1>{title}</h1>\n\
             <time datetime=\"{date}\">{date}</time>\n<div class=\"article-body\">\n{paragraphs}</div>\n</article></main>\n\
             <footer>© {host}</footer></body></html>\n",
            lang = self.lang,
            host = self.host,
            title = escape(&text.title),
            date = text.date,
        )
    }

    fn listing(&self, items: &[(&str, &Text)]) -> (&'static str, Reply) {
        let each = |form: fn(&Outlet, &str, &Text) -> String| -> String {
            items.iter().map(|(path, text)| form(self, path, text)).collect()
        };
        match self.announces {
            Announces::Rss => (
                "/rss.xml",
                Reply::xml(format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{0}</title>\
                     <link>http://{0}/</link><description>{0}</description>\n{1}</channel></rss>\n",
                    self.host,
                    each(Outlet::rss_item)
                )),
            ),
            Announces::Atom => (
                "/atom.xml",
                Reply::xml(format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
                     <title>{0}</title><id>http://{0}/</id>\n{1}</feed>\n",
                    self.host,
                    each(Outlet::atom_entry)
                )),
            ),
            Announces::List => {
                let page = format!(
                    "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"gb2312\"><title>要闻</title></head><body>\
                     <nav><a href=\"/\">首页</a></nav>\n<ul class=\"news\">\n{}</ul></body></html>\n",
                    each(Outlet::list_item)
                );
                let bytes = encoding_rs::GB18030.encode(&page).0.into_owned();
                (
                    "/list.html",
                    Reply::new(200, bytes).header("content-type", "text/html; charset=gb2312"),
                )
            }
            Announces::NewsSitemap => (
                "/news-sitemap.xml",
                Reply::xml(format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset \
                     xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                     xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n{}</urlset>\n",
                    each(Outlet::sitemap_url)
                )),
            ),
        }
    }

    fn rss_item(&self, path: &str, text: &Text) -> String {
        let date = text
            .announced
            .unwrap_or(text.date)
            .strftime("%a, %d %b %Y %H:%M:%S +0000");
        let (title, teaser) = (escape(&text.title), escape(&text.teaser()));
        let url = format!("http://{}{path}", self.host);
        format!(
            "<item><title>{title}</title><link>{url}</link><description>{teaser}</description><pubDate>{date}</pubDate></item>\n"
        )
    }

    fn atom_entry(&self, path: &str, text: &Text) -> String {
        let (title, teaser) = (escape(&text.title), escape(&text.teaser()));
        let url = format!("http://{}{path}", self.host);
        format!(
            "<entry><title>{title}</title><link href=\"{url}\"/><id>{url}</id><published>{}</published>\
             <updated>{}</updated><summary>{teaser}</summary></entry>\n",
            text.date,
            text.updated.unwrap_or(text.date),
        )
    }

    fn list_item(&self, path: &str, text: &Text) -> String {
        let date = text.date.strftime("%Y-%m-%d");
        format!(
            "<li><a href=\"{path}\">{}</a> <span>{date}</span></li>\n",
            escape(&text.title)
        )
    }

    fn sitemap_url(&self, path: &str, text: &Text) -> String {
        format!(
            "<url><loc>http://{}{path}</loc><news:news><news:publication><news:name>{}</news:name>\
             <news:language>{}</news:language></news:publication><news:publication_date>{}</news:publication_date>\
             <news:title>{}</news:title></news:news></url>\n",
            self.host,
            self.host,
            self.lang,
            text.date,
            escape(&text.title)
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
