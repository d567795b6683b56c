//! The store against a real file: every test opens its own.

mod articles;
mod ledger;
mod observed;
mod schema;
mod search;

use std::cell::Cell;

use jiff::Timestamp;
use tempfile::TempDir;

use crate::model::look::Continuity;
use crate::model::observation::{Fetch, RunKind, RunStarted};
use crate::model::page::Location;
use crate::model::{
    Article, Clues, Comments, DateClaim, DateEvidence, Interval, ItemKind, Length, LengthUnit, Link, ListingKind, Look,
    Observation, Outcome, Precision, TextAccess, Verdict,
};

use super::{Announced, Applied, Batch, Derived, IndexText, Reading, Store, StoreError};

const FEED: &str = "https://gazette.example/feed.xml";

/// A store in a folder of its own, and the end of its imagined archive.
struct Desk {
    dir: TempDir,
    store: Store,
    end: Cell<u64>,
}

impl Desk {
    fn open() -> Desk {
        let dir = TempDir::new().unwrap();
        let store = Store::open(dir.path()).unwrap();
        Desk {
            dir,
            store,
            end: Cell::new(0),
        }
    }

    /// Where the next record would lie.
    fn next(&self) -> Location {
        let offset = self.end.get();
        self.end.set(offset + 100);
        Location {
            file: "night-1.warc.gz".into(),
            offset,
            length: 100,
        }
    }

    fn apply(&mut self, seen: &Observation, read: Reading<'_>) -> Applied {
        let at = self.next();
        self.apply_at(seen, &at, read)
    }

    fn apply_at(&mut self, seen: &Observation, at: &Location, read: Reading<'_>) -> Applied {
        self.store.batch(|tx| tx.apply(seen, at, read)).unwrap()
    }

    fn run(&mut self, run: i64, hour: i64, planned: &[&str]) {
        let started = RunStarted {
            run,
            kind: RunKind::Crawl,
            at: hours(hour),
            version: "0.1.0".into(),
            planned: planned.iter().map(|id| (*id).to_owned()).collect(),
        };
        self.apply(&Observation::RunStarted(started), Reading::Nothing);
    }

    /// A good look at the gazette's feed that lists these titles under addresses made of them.
    fn lists(&mut self, hour: i64, titles: &[&str]) -> (i64, Vec<String>, Vec<String>) {
        let links: Vec<Announced> = titles.iter().map(|title| announced(title, title)).collect();
        self.lists_links(&look("gazette", hour, Outcome::Ok, titles.len()), &links)
    }

    fn lists_links(&mut self, look: &Look, links: &[Announced]) -> (i64, Vec<String>, Vec<String>) {
        let applied = self.apply(&Observation::Look(look.clone()), Reading::Links(links));
        let Applied::Look { look, new, changed, .. } = applied else {
            panic!("{applied:?}")
        };
        let keys = |rows: Vec<super::LinkRow>| rows.into_iter().map(|row| row.url_key).collect();
        (look, keys(new), keys(changed))
    }

    fn fetches(&mut self, key: &str, hour: i64, outcome: Outcome) -> (Option<i64>, Option<i64>) {
        let observation = Observation::Fetch(fetch(key, hour, outcome));
        match self.apply(&observation, Reading::Address(key)) {
            Applied::Fetch { page, link, .. } => (page, link),
            other => panic!("{other:?}"),
        }
    }

    fn batch<T>(&mut self, work: impl FnOnce(&Batch<'_>) -> Result<T, StoreError>) -> T {
        self.store.batch(work).unwrap()
    }

    fn insert(&mut self, article: &Article, hour: i64) -> i64 {
        self.batch(|tx| tx.insert_article(&derived(article), hours(hour)))
    }

    fn one(&self, sql: &str) -> i64 {
        self.store.conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// Hours since the evening of 14 December 2009, 00:00 UTC.
fn hours(n: i64) -> Timestamp {
    Timestamp::from_second(1_260_748_800 + n * 3600).unwrap()
}

fn span(from: i64, to: i64) -> Interval {
    Interval {
        min: hours(from),
        max: hours(to),
    }
}

fn announced(key: &str, title: &str) -> Announced {
    let link = Link {
        url: format!("https://gazette.example/{key}"),
        title: Some(title.into()),
        position: 1,
        ..Link::default()
    };
    Announced {
        link,
        url_key: key.into(),
    }
}

fn look(source: &str, hour: i64, outcome: Outcome, items: usize) -> Look {
    Look {
        source: source.into(),
        listing_url: FEED.into(),
        listing_kind: ListingKind::Feed,
        at: hours(hour),
        outcome,
        status: Some(200),
        robots: None,
        error: (!outcome.is_good()).then(|| "no answer".to_owned()),
        duration_ms: 12,
        bytes: 900,
        digest: outcome.is_good().then(|| format!("digest-{hour}")),
        etag: (outcome == Outcome::Ok).then(|| format!("\"{hour}\"")),
        last_modified: None,
        items: items as u32,
        new: 0,
        known: 0,
        newest: None,
        oldest: None,
        continuity: Continuity::Unknown,
        repairs: vec![],
        verdict: if outcome.is_good() { Verdict::Ok } else { Verdict::Down },
    }
}

fn fetch(key: &str, hour: i64, outcome: Outcome) -> Fetch {
    Fetch {
        source: "gazette".into(),
        url: format!("https://gazette.example/{key}"),
        final_url: None,
        at: hours(hour),
        outcome,
        status: match outcome {
            Outcome::Ok => Some(200),
            Outcome::NotModified => Some(304),
            Outcome::Gone => Some(404),
            _ => None,
        },
        error: None,
        duration_ms: 40,
        bytes: 18_700,
        digest: Some(format!("page-{key}-{hour}")),
        etag: Some(format!("\"page-{hour}\"")),
        last_modified: None,
        reservations: Vec::new(),
    }
}

/// An article of the gazette, known under `key`.
fn article(key: &str, title: &str, text: &str) -> Article {
    Article {
        id: format!("i:{key}"),
        source: "gazette".into(),
        url: format!("https://gazette.example/{key}"),
        lang: Some("en".into()),
        script: None,
        title: title.into(),
        standfirst: None,
        text: text.into(),
        authors: vec!["A. Writer".into()],
        published: None,
        modified: None,
        section: None,
        kind: ItemKind::Article,
        credit: None,
        text_access: TextAccess::Full,
        comments: Comments::default(),
        length: Length {
            n: text.split(' ').count() as u32,
            unit: LengthUnit::Words,
        },
        digest: format!("{title}|{text}"),
        simhash: 0xF000_0000_0000_0001,
        seen_at: hours(1),
    }
}

const NO_CLUES: &Clues = &Clues {
    names: Vec::new(),
    numbers: Vec::new(),
    words: Vec::new(),
    title: None,
    text: None,
};

fn derived(article: &Article) -> Derived<'_> {
    Derived {
        article,
        url_key: article.id.strip_prefix("i:").unwrap(),
        topics: &[],
        mentions: &[],
        clues: NO_CLUES,
        index: IndexText {
            title: &article.title,
            lead: "",
            body: &article.text,
        },
        bands: &[],
        page: None,
    }
}

fn day_claim(hour: i64) -> DateClaim {
    DateClaim {
        interval: span(hour, hour + 24),
        precision: Precision::Day,
        evidence: DateEvidence::Feed,
        zone: "UTC".into(),
        zone_assumed: true,
        raw: "some day".into(),
    }
}
