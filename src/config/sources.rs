//! `sources.toml`: who runs the crawler, and which editions it watches.
//!
//! Takes the file's text, gives checked sources in file order. What one source needs to know of another is only its id.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use jiff::civil::Date;

use crate::model::source::{Ownership, PagePolicy, ReservationPolicy, Rules, Schedule, SourceKind};
use crate::model::{Listing, ListingKind, Source};

use super::fields::{Fields, Key, file};
use super::problem::{ConfigErrors, Fault, quoted};
use super::{address, form, lang, place, schedule, selector};

/// A checked `sources.toml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourcesFile {
    pub crawler: Crawler,
    pub sources: Vec<Source>,
}

/// Who runs this crawler.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crawler {
    /// An address of a page or `mailto:`, plain ASCII, for the User-Agent.
    pub contact: String,
}

/// Once a day is what most outlets' robots and readers expect of a research crawler.
pub(super) const DEFAULT_EVERY: Duration = Duration::from_secs(24 * 3600);
/// One request in five seconds and host: slower than a person reading.
pub(super) const DEFAULT_DELAY: Duration = Duration::from_secs(5);
/// Twice a large daily's output; a first run stops there.
pub(super) const DEFAULT_MAX_PAGES: u32 = 200;
/// Zero is said by `pages = "listing-only"`; at the default delay the upper end takes a week.
const MAX_PAGES: RangeInclusive<u32> = 1..=100_000;

pub(super) const OWNERSHIPS: [(&str, Ownership); 7] = [
    ("private", Ownership::Private),
    ("public", Ownership::Public),
    ("state", Ownership::State),
    ("party", Ownership::Party),
    ("association", Ownership::Association),
    ("intergovernmental", Ownership::Intergovernmental),
    ("unknown", Ownership::Unknown),
];

pub(super) const KINDS: [(&str, SourceKind); 9] = [
    ("press", SourceKind::Press),
    ("wire", SourceKind::Wire),
    ("broadcaster", SourceKind::Broadcaster),
    ("party-press", SourceKind::PartyPress),
    ("government", SourceKind::Government),
    ("think-tank", SourceKind::ThinkTank),
    ("association", SourceKind::Association),
    ("blog", SourceKind::Blog),
    ("own", SourceKind::Own),
];

const RESERVATIONS: [(&str, ReservationPolicy); 2] = [
    ("honour", ReservationPolicy::Honour),
    ("record", ReservationPolicy::Record),
];
const PAGES: [(&str, PagePolicy); 2] = [("fetch", PagePolicy::Fetch), ("listing-only", PagePolicy::ListingOnly)];

const FILE: [Key; 3] = [
    ("crawler", "[crawler]"),
    ("defaults", "[defaults]"),
    ("source", "[[source]]"),
];
const CRAWLER: [Key; 1] = [("contact", "contact = \"https://www.example.org/about-this-crawler\"")];
const DEFAULTS: [Key; 3] = [
    ("every", "every = \"24h\""),
    ("delay", "delay = \"5s\""),
    ("max_pages", "max_pages = 200"),
];
const SOURCE: [Key; 26] = [
    ("id", "id = \"lemonde-fr\""),
    ("name", "name = \"Le Monde\""),
    ("edition", "edition = \"English page\""),
    ("home", "home = \"https://www.example.org/\""),
    ("country", "country = \"FR\""),
    ("lang", "lang = \"fr\""),
    ("ownership", "ownership = \"private\""),
    ("kind", "kind = \"press\""),
    ("timezone", "timezone = \"Europe/Paris\""),
    ("groups", "groups = [\"seed\"]"),
    ("hosts", "hosts = [\"news.example.org\"]"),
    ("feeds", "feeds = [\"https://www.example.org/rss.xml\"]"),
    ("sitemaps", "sitemaps = [\"https://www.example.org/sitemap_news.xml\"]"),
    (
        "listings",
        "listings = [{ url = \"https://www.example.org/news\", links = \"h2 a\" }]",
    ),
    ("every", "every = \"6h\""),
    ("cron", "cron = \"10 */6 * * *\""),
    ("delay", "delay = \"10s\""),
    ("max_pages", "max_pages = 100"),
    ("pages", "pages = \"listing-only\""),
    ("reservations", "reservations = \"record\""),
    ("identity_query", "identity_query = [\"id\"]"),
    ("proxy", "proxy = \"socks5h://127.0.0.1:9050\""),
    ("enabled", "enabled = false"),
    ("reason", "reason = \"answers only from its own country\""),
    ("obstacles", "obstacles = [\"partial paywall\"]"),
    ("rules", "[[source.rules]]"),
];
const LISTING: [Key; 4] = [
    ("url", "url = \"https://www.example.org/news\""),
    ("links", "links = \"h2 a\""),
    ("date", "date = \"span.time\""),
    ("note", "note = \"politics\""),
];
const RULES: [Key; 14] = [
    ("from", "from = 2024-01-01"),
    ("until", "until = 2026-03-01"),
    ("see", "see = \"page of 2026-02-11, looked at 2026-03-02\""),
    ("title", "title = \"h1\""),
    ("body", "body = \"div.article > p\""),
    ("standfirst", "standfirst = \"p.lead\""),
    ("date", "date = \"span.time\""),
    ("author", "author = \"span.byline\""),
    ("section", "section = \"nav.breadcrumb a\""),
    ("drop", "drop = [\"div.edit\"]"),
    ("comments_open", "comments_open = \"form.comment\""),
    ("comments_closed", "comments_closed = \"p.comments-closed\""),
    ("comments_count", "comments_count = \"li.comment\""),
    ("comments_none", "comments_none = true"),
];

/// Every table of `sources.toml` with its keys, for the check that the documentation names them all.
pub fn keys() -> Vec<(&'static str, Vec<&'static str>)> {
    let names = |keys: &[Key]| keys.iter().map(|(key, _)| *key).collect();
    vec![
        ("crawler", names(&CRAWLER)),
        ("defaults", names(&DEFAULTS)),
        ("source", names(&SOURCE)),
        ("source.listings", names(&LISTING)),
        ("source.rules", names(&RULES)),
    ]
}

/// Reads `text`; `file_name` is what the errors call it.
pub fn parse(file_name: &str, text: &str) -> Result<SourcesFile, ConfigErrors> {
    file(file_name, text, |fields| {
        fields.expect("this file".to_owned(), &FILE);
        let crawler = crawler(fields);
        let defaults = defaults(fields);
        let mut seen = HashMap::new();
        let mut sources = Vec::new();
        for mut fields in fields.tables("source") {
            let source = source(&mut fields, &defaults);
            unique(&fields, &source.id, &mut seen);
            fields.close();
            sources.push(source);
        }
        SourcesFile { crawler, sources }
    })
}

/// Reports an id that an earlier table of the file has; `seen` is where each id was first.
pub(super) fn unique(fields: &Fields<'_>, id: &str, seen: &mut HashMap<String, usize>) {
    let Some(place) = fields.place("id").filter(|_| !id.is_empty()) else {
        return;
    };
    match seen.get(id) {
        Some(first) => {
            let fault = Fault::new(format!("the id {} is taken", quoted(id))).earlier(*first);
            fields.report(place, fault.hint("ids are never shared or reused"));
        }
        None => _ = seen.insert(id.to_owned(), place.start),
    }
}

fn crawler(file: &mut Fields<'_>) -> Crawler {
    let Some(mut fields) = file.table("crawler") else {
        if file.place("crawler").is_none() {
            let fault = Fault::new("this file lacks `[crawler]` with a `contact`");
            let (_, example) = CRAWLER[0];
            file.report(
                0..0,
                fault.hint(format!("webmasters must be able to reach you: `{example}`")),
            );
        }
        return Crawler::default();
    };
    fields.expect("[crawler]".to_owned(), &CRAWLER);
    let contact = fields.required("contact", address::contact).unwrap_or_default();
    fields.close();
    Crawler { contact }
}

struct Defaults {
    every: Duration,
    delay: Duration,
    max_pages: u32,
}

fn defaults(file: &mut Fields<'_>) -> Defaults {
    let mut defaults = Defaults {
        every: DEFAULT_EVERY,
        delay: DEFAULT_DELAY,
        max_pages: DEFAULT_MAX_PAGES,
    };
    if let Some(mut fields) = file.table("defaults") {
        fields.expect("[defaults]".to_owned(), &DEFAULTS);
        defaults.every = fields.optional("every", schedule::every).unwrap_or(defaults.every);
        defaults.delay = fields.optional("delay", schedule::delay).unwrap_or(defaults.delay);
        defaults.max_pages = fields.number("max_pages", MAX_PAGES).unwrap_or(defaults.max_pages);
    }
    defaults
}

// Values that were refused are replaced by any: the problem is on record, and nobody gets a file with problems.
fn source(fields: &mut Fields<'_>, defaults: &Defaults) -> Source {
    let label = fields
        .peek("id")
        .map_or("this source".to_owned(), |id| format!("source {}", quoted(id)));
    fields.expect(label, &SOURCE);
    let ownership = |text: &str| form::choice(text, "a kind of ownership", &OWNERSHIPS);
    let kind = |text: &str| form::choice(text, "a kind of source", &KINDS);
    let enabled = fields.flag("enabled").unwrap_or(true);
    let source = Source {
        id: fields.required("id", form::id).unwrap_or_default(),
        name: fields.required("name", form::text).unwrap_or_default(),
        edition: fields.optional("edition", form::text),
        home: fields.required("home", address::web).unwrap_or_default(),
        country: fields.required("country", place::country).unwrap_or_default(),
        lang: fields.required("lang", lang::source).unwrap_or_default(),
        ownership: fields.required("ownership", ownership).unwrap_or(Ownership::Unknown),
        kind: fields.required("kind", kind).unwrap_or(SourceKind::Press),
        groups: plain(fields.list("groups", form::id)),
        timezone: fields.required("timezone", place::timezone).unwrap_or_default(),
        hosts: plain(fields.list("hosts", address::host_pattern)),
        listings: listings(fields),
        rules: rules(fields),
        identity_query: plain(fields.list("identity_query", form::text)),
        schedule: schedule(fields, defaults),
        delay: fields.optional("delay", schedule::delay).unwrap_or(defaults.delay),
        max_pages: fields.number("max_pages", MAX_PAGES).unwrap_or(defaults.max_pages),
        pages: fields
            .optional("pages", |text| form::choice(text, "a policy for pages", &PAGES))
            .unwrap_or(PagePolicy::Fetch),
        reservations: fields
            .optional("reservations", |text| {
                form::choice(text, "a policy for reservations", &RESERVATIONS)
            })
            .unwrap_or_default(),
        proxy: fields.optional("proxy", address::proxy),
        enabled,
        reason: fields.optional("reason", form::text),
        obstacles: plain(fields.list("obstacles", form::text)),
        provisional: false,
    };
    if let Some(place) = fields
        .place("enabled")
        .filter(|_| !enabled && fields.place("reason").is_none())
    {
        let fault = Fault::new(format!("{} is off without a `reason`", fields.label()));
        fields.report(
            place,
            fault.hint("a reader must know why: `reason = \"answers only from its own country\"`"),
        );
    }
    source
}

fn plain<T>(values: Vec<(T, Range<usize>)>) -> Vec<T> {
    values.into_iter().map(|(value, _)| value).collect()
}

fn schedule(fields: &Fields<'_>, defaults: &Defaults) -> Schedule {
    let every = fields.optional("every", schedule::every);
    let cron = fields.optional("cron", schedule::cron);
    if let (Some(_), Some(place)) = (fields.place("every"), fields.place("cron")) {
        let fault = Fault::new(format!("{} has both `every` and `cron`", fields.label()));
        fields.report(place, fault.hint("keep the one you mean"));
    }
    match (every, cron) {
        (_, Some(cron)) => Schedule::Cron(cron),
        (every, None) => Schedule::Every(every.unwrap_or(defaults.every)),
    }
}

fn listings(fields: &Fields<'_>) -> Vec<Listing> {
    let mut listings: Vec<(Listing, Range<usize>)> = Vec::new();
    for (key, kind) in [("feeds", ListingKind::Feed), ("sitemaps", ListingKind::Sitemap)] {
        let listed = fields.list(key, address::listing).into_iter().map(|(url, place)| {
            let listing = Listing {
                kind,
                url,
                links: None,
                date: None,
                note: None,
            };
            (listing, place)
        });
        listings.extend(listed);
    }
    for mut page in fields.tables("listings") {
        page.expect("a listing".to_owned(), &LISTING);
        let listing = Listing {
            kind: ListingKind::Page,
            url: page.required("url", address::listing).unwrap_or_default(),
            links: page.optional("links", selector::css),
            date: page.optional("date", selector::css),
            note: page.optional("note", form::text),
        };
        let place = page.place("url").unwrap_or(page.span());
        page.close();
        listings.push((listing, place));
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (listing, place) in listings.iter().filter(|(listing, _)| !listing.url.is_empty()) {
        let first = *seen.entry(&listing.url).or_insert(place.start);
        if first != place.start {
            let fault = Fault::new(format!("{} is listed twice", quoted(&listing.url))).earlier(first);
            fields.report(place.clone(), fault.hint("a look at it would count twice"));
        }
    }
    // Refused addresses and lists that are none are on record already.
    if ["feeds", "sitemaps", "listings"].iter().all(|key| !fields.has_any(key)) {
        let fault = Fault::new(format!("{} has no feed, sitemap or listing", fields.label()));
        let example = "feeds = [\"https://www.example.org/rss.xml\"]";
        fields.report(
            fields.span(),
            fault.hint(format!("it needs at least one to be looked at: `{example}`")),
        );
    }
    listings.into_iter().map(|(listing, _)| listing).collect()
}

fn rules(fields: &Fields<'_>) -> Vec<Rules> {
    let mut read: Vec<Rules> = Vec::new();
    for mut table in fields.tables("rules") {
        table.expect("[[source.rules]]".to_owned(), &RULES);
        let rules = Rules {
            from: table.date("from"),
            until: table.date("until"),
            see: table.optional("see", form::text),
            title: table.optional("title", selector::css),
            body: table.optional("body", selector::css),
            standfirst: table.optional("standfirst", selector::css),
            date: table.optional("date", selector::css),
            author: table.optional("author", selector::css),
            section: table.optional("section", selector::css),
            drop: plain(table.list("drop", selector::css)),
            comments_open: table.optional("comments_open", selector::css),
            comments_closed: table.optional("comments_closed", selector::css),
            comments_count: table.optional("comments_count", selector::css),
            comments_none: table.flag("comments_none").unwrap_or(false),
        };
        in_order(&table, read.last(), &rules);
        contradiction(&table, &rules);
        read.push(rules);
    }
    read
}

/// Oldest first, each day in one block at most: whoever reads the file must see which rules hold on a day.
fn in_order(table: &Fields<'_>, before: Option<&Rules>, rules: &Rules) {
    let place = |key: &str| table.place(key).unwrap_or(table.span());
    // A day that could not be read is on record already.
    let unread = |key: &str, day: Option<Date>| day.is_none() && table.place(key).is_some();
    if unread("from", rules.from) || unread("until", rules.until) {
        return;
    }
    if let (Some(from), Some(until)) = (rules.from, rules.until)
        && until <= from
    {
        let fault = Fault::new(format!(
            "these rules never apply: they end on {until}, before they begin"
        ));
        table.report(
            place("until"),
            fault.hint("`from` is the first day, `until` the first one after the last"),
        );
        return;
    }
    let Some(before) = before else { return };
    match (before.until, rules.from, rules.until) {
        (None, ..) => {
            let fault = Fault::new("these rules never apply: the ones before have no `until`");
            table.report(
                table.span(),
                fault.hint("oldest first; only the last go without `until`"),
            );
        }
        (Some(earlier), _, Some(until)) if until <= earlier => {
            let fault = Fault::new(format!("these rules never apply: the ones before hold until {earlier}"));
            let fault = fault.hint("oldest first: each `until` later than the one before");
            table.report(place("until"), fault);
        }
        (Some(earlier), Some(from), _) if from < earlier => {
            let fault = Fault::new(format!(
                "these rules begin on {from}, while the ones before hold until {earlier}"
            ));
            table.report(place("from"), fault.hint("give the blocks days that do not overlap"));
        }
        _ => {}
    }
}

fn contradiction(table: &Fields<'_>, rules: &Rules) {
    let others = ["comments_open", "comments_closed", "comments_count"];
    let other = others.into_iter().find_map(|key| Some((key, table.place(key)?)));
    if let (true, Some((key, place))) = (rules.comments_none, other) {
        let fault = Fault::new(format!("`{key}` contradicts `comments_none = true`"));
        table.report(place, fault.hint("keep the one that is so"));
    }
}
