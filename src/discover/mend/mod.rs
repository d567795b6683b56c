//! The front-end of the feed parser: any feed-like text in, one well-formed feed in a single spelling out.
//!
//! Takes decoded text, gives RSS 2.0 or Atom 1.0 that feed-rs reads, where each item lies in it, and what was repaired.
//! feed-rs refuses a whole feed for one bare `&`, one unclosed tag, an `<rss>` without version or an empty Atom title,
//! gives 0 entries for Atom 0.3 and RSS 0.90, and takes only escaped text in `description`; here none of these remains.
//! Never interprets a date, never drops an item that is complete.

mod child;
mod entities;
mod events;

use std::collections::BTreeMap;
use std::ops::Range;

use url::Url;

use super::listed::FeedKind;
use super::markup::{Oddities, Tokens, attribute, escape};
use super::vocabulary::{Dialect, Namespace, of_feed, of_item};
use events::{Event, Tag};

/// The longest feeds seen list 1,000 items; what comes after ten times as many is somebody testing us.
const MOST_ITEMS: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub kind: FeedKind,
    pub dialect: Dialect,
    pub text: String,
    /// Where each complete item lies in `text`.
    pub items: Vec<Range<usize>>,
    /// In words, with their counts.
    pub repairs: Vec<String>,
    /// Items may have stood further on.
    pub cut: bool,
}

impl Dialect {
    /// What stands before the first child of the feed.
    pub fn opening(self) -> &'static str {
        match self {
            Dialect::Rss => concat!(
                r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" "#,
                r#"xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>"#
            ),
            Dialect::Atom => r#"<feed xmlns="http://www.w3.org/2005/Atom">"#,
        }
    }

    /// What stands behind its last child.
    pub fn closing(self) -> &'static str {
        match self {
            Dialect::Rss => "</channel></rss>",
            Dialect::Atom => "</feed>",
        }
    }

    fn item(self) -> &'static str {
        match self {
            Dialect::Rss => "item",
            Dialect::Atom => "entry",
        }
    }
}

/// `None` when no element of the text is the root of a feed.
pub fn mend(text: &str, base: &Url) -> Option<Mended> {
    let written_out = entities::written_out(text);
    let (text, own_entities) = written_out.as_ref().map_or((text, 0), |(text, used)| (text, *used));
    let mut mender = Mender {
        tokens: Tokens::xml(text),
        pending: None,
        dialect: Dialect::Rss,
        prefixes: BTreeMap::new(),
        base: base.clone(),
        declared_base: None,
        out: String::with_capacity(text.len()),
        items: Vec::new(),
        odd: Oddities::default(),
        repairs: BTreeMap::new(),
        cut: false,
        stopped: false,
    };
    let kind = mender.root()?;
    mender.feed(kind);
    let (out, items, repairs) = (mender.out, mender.items, mender.repairs);
    let mut words: Vec<String> = repairs.iter().map(|(what, count)| format!("{count} {what}")).collect();
    if mender.odd.bare > 0 {
        words.push(format!("{} bare ampersands", mender.odd.bare));
    }
    if mender.odd.html > 0 {
        words.push(format!("{} HTML entities", mender.odd.html));
    }
    if own_entities > 0 {
        words.push(format!("{own_entities} entities of the document's own"));
    }
    if mender.stopped {
        words.push(format!("stopped at {MOST_ITEMS} items"));
    }
    if mender.cut {
        words.push("the document is cut off; its complete items are kept".into());
    }
    Some(Mended {
        kind,
        dialect: mender.dialect,
        text: out,
        items,
        repairs: words,
        cut: mender.cut || mender.stopped,
    })
}

struct Mender<'a> {
    tokens: Tokens<'a>,
    /// An event that ended one element by belonging to the next.
    pending: Option<Event<'a>>,
    dialect: Dialect,
    prefixes: BTreeMap<String, Namespace>,
    base: Url,
    /// `xml:base` of the root or channel, absolute.
    declared_base: Option<Url>,
    out: String,
    items: Vec<Range<usize>>,
    odd: Oddities,
    repairs: BTreeMap<&'static str, usize>,
    cut: bool,
    stopped: bool,
}

impl<'a> Mender<'a> {
    fn repaired(&mut self, what: &'static str) {
        *self.repairs.entry(what).or_default() += 1;
    }

    /// Finds the root and writes the opening.
    fn root(&mut self) -> Option<FeedKind> {
        let (tag, kind) = loop {
            let Event::Open(tag) = self.next()? else { continue };
            let kind = match tag.local.as_str() {
                "rss" | "channel" => FeedKind::Rss,
                "rdf" => FeedKind::Rdf,
                "feed" | "entry" => FeedKind::Atom,
                _ => {
                    self.repaired("elements before the feed passed over");
                    continue;
                }
            };
            break (tag, kind);
        };
        if kind == FeedKind::Atom {
            self.dialect = Dialect::Atom;
        }
        if tag.local == "rss" {
            let version = attribute(tag.attributes, "version").unwrap_or_default();
            let known = matches!(
                version.trim(),
                "2.0" | "0.90" | "0.91" | "0.92" | "0.93" | "0.94" | "1.0"
            );
            if !known {
                self.repaired("<rss> without a version that exists, read as 2.0");
            }
        }
        self.declare_base(&tag);
        let opening = self.dialect.opening();
        let opening = opening.strip_suffix('>').unwrap_or(opening);
        self.out.push_str(opening);
        if self.dialect == Dialect::Atom
            && let Some(lang) = attribute(tag.attributes, "xml:lang")
        {
            self.out.push_str(" xml:lang=\"");
            escape(&lang, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        if tag.local == "entry" || (tag.local == "channel" && !tag.empty) {
            self.pending = Some(Event::Open(tag));
        }
        Some(kind)
    }

    fn declare_base(&mut self, tag: &Tag) {
        if let Some(url) = self.base_of(tag) {
            self.declared_base = Some(url);
        }
    }

    /// The tag's own `xml:base`, absolute.
    fn base_of(&mut self, tag: &Tag) -> Option<Url> {
        let written = attribute(tag.attributes, "xml:base")?;
        let outer = self.declared_base.as_ref().unwrap_or(&self.base);
        let joined = outer
            .join(written.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        if joined.is_none() {
            self.repaired("xml:base that is no address");
        }
        joined
    }

    fn is_item(tag: &Tag) -> bool {
        matches!(tag.local.as_str(), "item" | "entry") && matches!(tag.namespace, Namespace::Plain | Namespace::Atom)
    }

    /// Children of the feed, to the end of the document.
    fn feed(&mut self, kind: FeedKind) {
        // In RSS 1.0 the items stand behind the channel.
        let ends = |local: &str| match local {
            "channel" => kind != FeedKind::Rdf,
            _ => matches!(local, "rss" | "rdf" | "feed" | "entry"),
        };
        let mut closed = false;
        let mut written = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::Open(tag) if Self::is_item(&tag) => {
                    if self.items.len() == MOST_ITEMS {
                        self.stopped = true;
                        closed = true;
                        break;
                    }
                    if closed {
                        self.repaired("items after the end of the feed");
                    }
                    self.item(&tag);
                }
                Event::Open(tag) if matches!(tag.local.as_str(), "channel" | "rss" | "rdf" | "feed") => {
                    self.declare_base(&tag);
                }
                Event::Open(tag) => match of_feed(self.dialect, tag.namespace, &tag.local) {
                    Some(meaning) => self.child(&tag, meaning, &mut written),
                    None => self.skip(&tag),
                },
                Event::Close(local) => closed |= ends(&local),
                Event::Text(_) | Event::CData(_) => {}
            }
        }
        self.cut |= !closed || self.tokens.cut;
        self.out.push_str(self.dialect.closing());
    }

    /// One item; if the document ends inside it, nothing of it is written.
    fn item(&mut self, tag: &Tag<'a>) {
        let start = self.out.len();
        self.open_item(tag);
        let mut written = Vec::new();
        let mut complete = tag.empty;
        while !complete {
            match self.next() {
                None => {
                    self.cut = true;
                    self.out.truncate(start);
                    return;
                }
                Some(Event::Open(child)) if Self::is_item(&child) => {
                    self.repaired("unclosed elements");
                    self.pending = Some(Event::Open(child));
                    complete = true;
                }
                // YouTube puts an entry's description into `<media:group>`; its children are read as the item's own.
                Some(Event::Open(child)) if child.namespace == Namespace::Media && child.local == "group" => {}
                Some(Event::Open(child)) => match of_item(self.dialect, child.namespace, &child.local) {
                    Some(meaning) => self.child(&child, meaning, &mut written),
                    None => self.skip(&child),
                },
                Some(Event::Close(local)) if local == tag.local => complete = true,
                Some(Event::Close(local)) if is_structure(&local) => {
                    self.repaired("unclosed elements");
                    self.pending = Some(Event::Close(local));
                    complete = true;
                }
                Some(_) => {}
            }
        }
        self.out.push_str("</");
        self.out.push_str(self.dialect.item());
        self.out.push('>');
        self.items.push(start..self.out.len());
    }

    fn open_item(&mut self, tag: &Tag) {
        self.out.push('<');
        self.out.push_str(self.dialect.item());
        let base = self.base_of(tag).or_else(|| self.declared_base.clone());
        self.write_base(base);
        self.out.push('>');
        if self.dialect == Dialect::Rss {
            // RSS 1.0: rdf:about identifies the item. CDF: HREF is its address.
            for (attribute_name, element) in [("rdf:about", "guid"), ("href", "link")] {
                if let Some(value) = attribute(tag.attributes, attribute_name) {
                    self.write(element, &value);
                }
            }
        }
    }
}

/// Elements whose end ends whatever is open in them.
fn is_structure(local: &str) -> bool {
    matches!(local, "item" | "entry" | "channel" | "rss" | "rdf" | "feed")
}
