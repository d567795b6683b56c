//! Feeds: RSS, RDF, Atom.
//!
//! Takes decoded text, gives links through `mend` and feed-rs. Never uses an identifier that the document does not carry.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use feed_rs::model::{Entry, Feed};
use feed_rs::parser::Builder;
use jiff::Timestamp;
use url::Url;

use super::listed::{DocumentKind, Listed};
use super::mend::{Mended, mend};
use super::{Context, address, moment, plain};
use crate::model::{DateClaim, DateEvidence, Link};

pub fn read(text: &str, context: &Context, listed: &mut Listed) {
    let Some(mended) = mend(text, &context.base) else {
        listed.error = Some("no feed begins in this document".into());
        return;
    };
    listed.document = DocumentKind::Feed(mended.kind);
    listed.repairs.extend(mended.repairs.iter().cloned());
    listed.cut |= mended.cut;
    listed.items = u32::try_from(mended.items.len()).unwrap_or(u32::MAX);

    let dates = Dates::default();
    let (head, entries) = match parse(&mended.text, &dates) {
        Ok(mut feed) if feed.entries.len() == mended.items.len() => {
            let entries = std::mem::take(&mut feed.entries);
            (Some(feed), entries)
        }
        whole => item_by_item(&mended, whole.err(), &dates, listed),
    };
    let mut reader = Reader {
        context,
        dates: &dates.read(),
        lang: None,
        home: None,
        moments: moment::Moments::default(),
        addressless: 0,
        refused: 0,
    };
    if let Some(head) = head {
        listed.title = head.title.as_ref().and_then(|title| plain::line(&title.content));
        listed.lang = head.language.as_deref().and_then(language);
        listed.ttl_minutes = head.ttl;
        listed.older = older(&head, context);
        reader.lang = listed.lang.clone();
        reader.home = head
            .links
            .iter()
            .filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
            .find_map(|link| Url::parse(&address::absolute(&link.href, &[&context.base])?).ok());
    }
    listed.links.extend(entries.into_iter().map(|entry| reader.link(entry)));
    reader.moments.tell(listed);
    let (addressless, refused) = (reader.addressless, reader.refused);
    listed.repaired(addressless, "items without an address left out");
    listed.repaired(refused, "links that are not http(s) left out");
}

/// RFC 5646 joins by hyphens; `fr_FR` is how operating systems write it.
fn language(written: &str) -> Option<String> {
    let tag = written.trim().replace('_', "-");
    (!tag.is_empty()).then_some(tag)
}

/// The written dates that feed-rs met. Its timestamps cannot say which zone was assumed or how wide a date is, so the
/// parser is handed a ticket, the number of the text in this table as seconds since the epoch.
#[derive(Clone, Default)]
struct Dates(Arc<Mutex<Vec<String>>>);

impl Dates {
    fn write(&self, raw: &str) -> i64 {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.push(raw.to_owned());
        i64::try_from(table.len() - 1).unwrap_or(i64::MAX)
    }

    fn read(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn parse(text: &str, dates: &Dates) -> Result<Feed, String> {
    let dates = dates.clone();
    let parser = Builder::new()
        .sanitize_content(false)
        // Otherwise an entry without id gets a new random one at every look.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |raw| {
            let ticket = Timestamp::from_second(dates.write(raw)).ok()?;
            ticket.to_string().parse().ok()
        })
        .build();
    // feed-rs 3.0 slices authors at unchecked byte positions and parses media durations with `unwrap`: a hostile feed
    // must cost its own items, not the night. The parser is dropped with whatever state the panic left.
    match catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes()))) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the feed parser panicked".into()),
    }
}

/// Each item as a feed of its own, so that what one item breaks stays in that item.
fn item_by_item(
    mended: &Mended,
    error: Option<String>,
    dates: &Dates,
    listed: &mut Listed,
) -> (Option<Feed>, Vec<Entry>) {
    let (opening, closing) = (mended.dialect.opening(), mended.dialect.closing());
    let mut head = String::new();
    let mut from = 0;
    let mut entries = Vec::new();
    for range in &mended.items {
        head.push_str(mended.text.get(from..range.start).unwrap_or_default());
        from = range.end;
        let item = mended.text.get(range.clone()).unwrap_or_default();
        if let Ok(feed) = parse(&[opening, item, closing].concat(), dates) {
            entries.extend(feed.entries);
        }
    }
    head.push_str(mended.text.get(from..).unwrap_or_default());
    let error = error.unwrap_or_else(|| "items were missing".into());
    listed.repairs.push(format!("read item by item ({error})"));
    listed.repaired(
        mended.items.len().saturating_sub(entries.len()),
        "items could not be read",
    );
    (parse(&head, dates).ok(), entries)
}

/// Where older items are, as the feed itself says. RFC 5005 §3 names pages of one feed `next`, §4 archive documents
/// `prev-archive`; WordPress pages every feed by `paged` and says only that it is WordPress.
fn older(head: &Feed, context: &Context) -> Option<String> {
    let named = |wanted: &str| {
        let mut links = head.links.iter();
        let link = links.find(|link| link.rel.as_deref().is_some_and(|rel| rel.eq_ignore_ascii_case(wanted)))?;
        address::absolute(&link.href, &[&context.base])
    };
    let named = named("prev-archive").or_else(|| named("next"));
    let wordpress = || {
        let generator = head.generator.as_ref()?;
        let said = [Some(&generator.content), generator.uri.as_ref()];
        let is = |text: &&String| text.contains("wordpress.org/") || text.starts_with("WordPress");
        said.into_iter().flatten().find(is)?;
        let page = |(key, value): (std::borrow::Cow<str>, std::borrow::Cow<str>)| {
            (key == "paged").then(|| value.parse::<u32>().ok()).flatten()
        };
        let now = context.base.query_pairs().find_map(page).unwrap_or(1);
        let mut next = context.base.clone();
        let others: Vec<_> = context.base.query_pairs().filter(|(key, _)| key != "paged").collect();
        let after = now.checked_add(1)?.to_string();
        next.query_pairs_mut()
            .clear()
            .extend_pairs(others)
            .append_pair("paged", &after);
        Some(next.to_string())
    };
    named.or_else(wordpress).filter(|older| *older != context.base.as_str())
}

struct Reader<'a> {
    context: &'a Context<'a>,
    dates: &'a [String],
    lang: Option<String>,
    /// The page the feed says it belongs to: what its relative links are relative to.
    home: Option<Url>,
    moments: moment::Moments,
    addressless: usize,
    refused: usize,
}

impl Reader<'_> {
    /// Its `url` is empty where the item has no address.
    fn link(&mut self, entry: Entry) -> Link {
        let url = self.address(&entry).unwrap_or_default();
        let published = entry.published.map(|ticket| ticket.timestamp());
        let updated = entry
            .updated
            .map(|ticket| ticket.timestamp())
            .filter(|&ticket| Some(ticket) != published);
        let teaser = entry.summary.as_ref().and_then(|summary| plain::line(&summary.content));
        let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
        // An excerpt repeated as `content:encoded` is no full text.
        let longer = |text: &String| {
            teaser
                .as_ref()
                .is_none_or(|teaser| text.chars().count() > teaser.chars().count())
        };
        let mut authors: Vec<String> = Vec::new();
        for person in &entry.authors {
            let name = person.name.as_deref().or(person.email.as_deref()).and_then(plain::line);
            // RSS writes "mail@host (Name)", of which feed-rs leaves the brackets.
            let name = name.map(|name| name.trim_matches(['(', ')', '（', '）', '<', '>', ' ']).to_owned());
            authors.extend(name.filter(|name| !name.is_empty() && !authors.contains(name)));
        }
        Link {
            url,
            guid: Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty()),
            title: entry.title.as_ref().and_then(|title| plain::line(&title.content)),
            text: content.and_then(plain::text).filter(longer),
            teaser,
            published: published.and_then(|ticket| self.claim(ticket)),
            updated: updated.and_then(|ticket| self.claim(ticket)),
            authors,
            section: entry.categories.iter().find_map(|category| plain::line(&category.term)),
            lang: entry
                .language
                .and_then(|lang| language(&lang))
                .or_else(|| self.lang.clone()),
            position: 0,
        }
    }

    fn address(&mut self, entry: &Entry) -> Option<String> {
        let mut bases: Vec<&Url> = self.home.iter().collect();
        bases.push(&self.context.base);
        let mut candidates = entry
            .links
            .iter()
            .filter(|link| {
                link.rel
                    .as_deref()
                    .is_none_or(|rel| rel.is_empty() || rel == "alternate")
            })
            .map(|link| link.href.as_str())
            .filter(|href| !href.is_empty())
            .peekable();
        let announced = candidates.peek().is_some();
        let found = candidates.find_map(|href| address::absolute(href, &bases));
        if found.is_some() {
            return found;
        }
        if announced {
            self.refused += 1;
            return None;
        }
        // RSS 2.0: a guid is an address unless isPermaLink says otherwise, and even then one with http(s) in front leads there.
        let permalink = Some(entry.id.trim()).filter(|id| id.starts_with("http://") || id.starts_with("https://"));
        let permalink = permalink.and_then(|id| address::absolute(id, &[]));
        self.addressless += usize::from(permalink.is_none());
        permalink
    }

    fn claim(&mut self, ticket: i64) -> Option<DateClaim> {
        let raw = usize::try_from(ticket).ok().and_then(|index| self.dates.get(index))?;
        if raw.trim().is_empty() {
            return None;
        }
        let written = self.moments.read(raw, self.context)?;
        Some(written.claim(DateEvidence::Feed, raw))
    }
}
