//! Sitemaps 0.9, their indexes, Google News sitemaps, and sitemaps in plain lines.
//!
//! Takes decoded text, gives links, or for an index its children. Never fetches a child. Namespaces are not compared,
//! since those of real sitemaps are misspelt; a prefix only tells `image:loc` from `loc`.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::listed::{Child, DocumentKind, Listed};
use super::markup::{Token, Tokens, decode};
use super::{Context, address, moment, plain};
use crate::model::{DateClaim, DateEvidence, Link};

/// Sitemaps 0.9: at most 50,000 addresses in one file, in an index as well.
const MOST_ADDRESSES: u32 = 50_000;

/// What one `<url>` or `<sitemap>` said.
#[derive(Default)]
struct Entry {
    /// Text directly inside, which some indexes have in place of `<loc>`.
    bare: String,
    loc: String,
    modified: String,
    news: Option<News>,
}

#[derive(Default)]
struct News {
    title: String,
    published: String,
    language: String,
    keywords: String,
}

pub fn read(text: &str, context: &Context, listed: &mut Listed) {
    listed.document = DocumentKind::Sitemap;
    let mut tokens = Tokens::xml(text);
    let mut entry: Option<(&str, Entry)> = None;
    // The names open within the entry; deeper than a video's own children nothing is of interest.
    let mut open: Vec<&str> = Vec::new();
    let mut reader = Reader {
        context,
        moments: moment::Moments::default(),
        refused: 0,
    };
    let mut finished = false;
    for token in tokens.by_ref() {
        if entry.is_none() && listed.items >= MOST_ADDRESSES {
            listed.cut(format!("stopped at {MOST_ADDRESSES} addresses"));
            finished = true;
            break;
        }
        match (token, &mut entry) {
            (Token::Open { name, .. }, None) if local(name) == "sitemapindex" => {
                listed.document = DocumentKind::SitemapIndex;
            }
            (Token::Open { name, empty: false, .. }, None) if matches!(local(name), "url" | "sitemap") => {
                listed.items += 1;
                entry = Some((name, Entry::default()));
                open.clear();
            }
            (Token::Close { name }, None) => finished |= matches!(local(name), "urlset" | "sitemapindex"),
            (Token::Open { name, empty, .. }, Some((container, found))) => {
                if name == *container {
                    // The one before was not closed.
                    let (_, unclosed) = std::mem::take(&mut entry).unwrap_or_default();
                    reader.entry(unclosed, name, listed);
                    if listed.items < MOST_ADDRESSES {
                        listed.items += 1;
                        entry = Some((name, Entry::default()));
                        open.clear();
                    }
                } else if !empty && open.len() < 16 {
                    if open.is_empty() && local(name) == "news" {
                        found.news = Some(News::default());
                    }
                    open.push(name);
                }
            }
            (Token::Close { name }, Some((container, _))) if name == *container => {
                let (container, complete) = std::mem::take(&mut entry).unwrap_or_default();
                reader.entry(complete, container, listed);
            }
            (Token::Close { name }, Some(_)) => {
                if let Some(at) = open.iter().rposition(|other| *other == name) {
                    open.truncate(at);
                }
            }
            (Token::Text(raw), Some((container, found))) => found.take(container, &open, &decode(raw)),
            (Token::CData(text), Some((container, found))) => found.take(container, &open, text),
            _ => {}
        }
    }
    if !finished || tokens.cut {
        listed.cut("the sitemap is cut off; its complete entries are kept");
    }
    reader.moments.tell(listed);
    listed.repaired(reader.refused, "entries without an http(s) address left out");
    let before = listed.children.len();
    listed.children.retain(|child| child.url != context.base.as_str());
    listed.repaired(
        before - listed.children.len(),
        "entries of the index that name the index itself left out",
    );
    let mut addresses = HashSet::new();
    listed.children.retain(|child| addresses.insert(child.url.clone()));
    // Undated children last: `None` is less than any `Some`.
    listed
        .children
        .sort_by_key(|child| Reverse(child.modified.as_ref().map(|claim| claim.interval.min)));
}

/// One address a line (Sitemaps 0.9, "Text file").
pub fn read_lines(text: &str, context: &Context, listed: &mut Listed) {
    let mut reader = Reader {
        context,
        moments: moment::Moments::default(),
        refused: 0,
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        if listed.items == MOST_ADDRESSES {
            listed.cut(format!("stopped at {MOST_ADDRESSES} addresses"));
            break;
        }
        if line.starts_with("http://") || line.starts_with("https://") {
            let entry = Entry {
                loc: line.to_owned(),
                ..Entry::default()
            };
            reader.entry(entry, "url", listed);
        } else {
            reader.refused += 1;
        }
        listed.items += 1;
    }
    listed.repaired(reader.refused, "lines that are no http(s) address left out");
    if listed.links.is_empty() {
        listed.error = Some("neither a feed nor a sitemap nor HTML".into());
    } else {
        listed.document = DocumentKind::Sitemap;
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or("", |(prefix, _)| prefix)
}

impl Entry {
    fn take(&mut self, container: &str, open: &[&str], text: &str) {
        let field = match open {
            [] => &mut self.bare,
            [name] if prefix(name) == prefix(container) => match local(name) {
                "loc" => &mut self.loc,
                "lastmod" => &mut self.modified,
                _ => return,
            },
            [news, .., name] if local(news) == "news" => {
                let Some(news) = &mut self.news else { return };
                match local(name) {
                    "title" => &mut news.title,
                    "publication_date" => &mut news.published,
                    "language" => &mut news.language,
                    "keywords" => &mut news.keywords,
                    _ => return,
                }
            }
            _ => return,
        };
        field.push_str(text);
    }
}

struct Reader<'a> {
    context: &'a Context<'a>,
    moments: moment::Moments,
    refused: usize,
}

impl Reader<'_> {
    fn entry(&mut self, entry: Entry, container: &str, listed: &mut Listed) {
        let written = if entry.loc.trim().is_empty() {
            &entry.bare
        } else {
            &entry.loc
        };
        let Some(url) = address::absolute(written, &[&self.context.base]) else {
            self.refused += 1;
            return;
        };
        let modified = self.claim(&entry.modified);
        if local(container) == "sitemap" {
            listed.children.push(Child { url, modified });
            return;
        }
        let mut link = Link {
            url,
            updated: modified,
            ..Link::default()
        };
        if let Some(news) = entry.news {
            listed.document = DocumentKind::NewsSitemap;
            link.title = plain::line(&news.title);
            link.published = self.claim(&news.published);
            link.lang = Some(news.language.trim().to_owned()).filter(|lang| !lang.is_empty());
            link.section = news.keywords.split([',', '，', '、']).next().and_then(plain::line);
        }
        listed.links.push(link);
    }

    fn claim(&mut self, raw: &str) -> Option<DateClaim> {
        if raw.trim().is_empty() {
            return None;
        }
        let written = self.moments.read(raw, self.context)?;
        Some(written.claim(DateEvidence::Sitemap, raw))
    }
}
