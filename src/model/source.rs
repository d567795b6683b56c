//! A **Source** is one *edition* we watch, in one language: `kcna-en` is not `kcna-ko`.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::listing::Listing;

pub type SourceId = String;

/// One edition, as declared in `sources.toml` and checked by `config`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: SourceId,
    pub name: String,
    /// Which edition or page this is, for sentences such as "KCNA (English page): nothing found".
    pub edition: Option<String>,
    /// Home page, absolute.
    pub home: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    /// BCP 47: `fr`, `en`, `ko`, `zh-Hans`, `zh-Hant`, …
    pub lang: String,
    pub ownership: Ownership,
    pub kind: SourceKind,
    /// Free labels to compare by, e.g. `dprk-watch`.
    pub groups: Vec<String>,
    /// IANA zone of dates printed without one.
    pub timezone: String,
    /// Hosts whose pages belong to this source besides the home page's; a pattern `host/path-prefix` separates editions on one host.
    pub hosts: Vec<String>,
    pub listings: Vec<Listing>,
    /// Site rules, oldest first: one block for each layout that the site has had.
    pub rules: Vec<Rules>,
    /// Query keys that are part of an address's identity on this site and so survive canonicalisation.
    pub identity_query: Vec<String>,
    pub schedule: Schedule,
    /// Least time between two requests to one host of this source.
    pub delay: Duration,
    /// Most new article pages fetched from this source in one run.
    pub max_pages: u32,
    pub pages: PagePolicy,
    #[serde(default)]
    pub reservations: ReservationPolicy,
    /// `http://…`, `https://…` or `socks5h://…`; absent = direct.
    pub proxy: Option<String>,
    pub enabled: bool,
    /// Why it is disabled, or what to know before relying on it.
    pub reason: Option<String>,
    /// What is known to stand in the way: paywalls, blocks, reservations.
    pub obstacles: Vec<String>,
    /// Made by an import from a host that no configured source claims.
    pub provisional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    Private,
    Public,
    State,
    Party,
    Association,
    Intergovernmental,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    Press,
    Wire,
    Broadcaster,
    PartyPress,
    Government,
    ThinkTank,
    Association,
    Blog,
    /// The reader's own writing.
    Own,
}

/// How often a source is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    Every(Duration),
    /// Five-field cron text in the source's own zone.
    Cron(String),
}

/// What may be fetched and kept beyond the listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagePolicy {
    /// Article pages are fetched wherever robots.txt allows.
    Fetch,
    /// Only what the listings say is kept: title, teaser, date, link.
    ListingOnly,
}

/// What follows from a reservation that a publisher declares in a form for machines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReservationPolicy {
    /// No body is kept, nor asked for where the reservation is known before: title, teaser, date and link remain.
    #[default]
    Honour,
    /// It is written down and nothing else: for one's own site, or where a licence allows it.
    Record,
}

/// Where to look on a page when generic extraction is not enough; every entry is a CSS selector list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The layout's first day, itself included; absent = since ever.
    #[serde(default)]
    pub from: Option<Date>,
    /// The first day on which the layout was gone, itself not included; absent = still in force.
    pub until: Option<Date>,
    /// Where the selectors are from, for people.
    #[serde(default)]
    pub see: Option<String>,
    pub title: Option<String>,
    pub body: Option<String>,
    pub standfirst: Option<String>,
    pub date: Option<String>,
    pub author: Option<String>,
    pub section: Option<String>,
    /// Taken out before anything is read.
    pub drop: Vec<String>,
    /// Present on the page when comments are open.
    pub comments_open: Option<String>,
    /// Present on the page when comments are closed.
    pub comments_closed: Option<String>,
    /// Each match is a comment, or the first number in its text is their count.
    pub comments_count: Option<String>,
    /// The site never has comments.
    pub comments_none: bool,
}

impl Rules {
    /// `from` ≤ `day` < `until`
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// The selector of one part, if these rules have one.
    pub fn selector(&self, part: RulePart) -> Option<&str> {
        match part {
            RulePart::Title => self.title.as_deref(),
            RulePart::Body => self.body.as_deref(),
            RulePart::Standfirst => self.standfirst.as_deref(),
            RulePart::Date => self.date.as_deref(),
            RulePart::Author => self.author.as_deref(),
            RulePart::Section => self.section.as_deref(),
            RulePart::Drop(at) => self.drop.get(usize::from(at)).map(String::as_str),
        }
    }
}

/// What a selector of a site rule is for. Those for comments are none of these: that they match nothing is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulePart {
    Title,
    Body,
    Standfirst,
    Date,
    Author,
    Section,
    /// The n-th selector of `drop`, from 0.
    Drop(u16),
}

impl RulePart {
    /// The key in `sources.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            RulePart::Title => "title",
            RulePart::Body => "body",
            RulePart::Standfirst => "standfirst",
            RulePart::Date => "date",
            RulePart::Author => "author",
            RulePart::Section => "section",
            RulePart::Drop(_) => "drop",
        }
    }
}

impl Source {
    /// The rules in force on `day`.
    pub fn rules_on(&self, day: Date) -> Option<&Rules> {
        self.rules.iter().find(|rules| rules.holds_on(day))
    }

    /// The name as sentences use it: `KCNA (English page)`.
    pub fn label(&self) -> String {
        match &self.edition {
            Some(edition) => format!("{} ({edition})", self.name),
            None => self.name.clone(),
        }
    }
}
