//! The names feeds use, in all their dialects, and the one spelling in which `mend` writes them for the parser.
//!
//! Takes a namespace and a name, gives what it means. Never touches content.

/// The dialect that `mend` writes: all of RSS and RDF as RSS 2.0, all of Atom as Atom 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Rss,
    Atom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// None, or one of those under which RSS 0.90, 1.0 and 2.0 went.
    Plain,
    Atom,
    Content,
    Dc,
    DcTerms,
    Media,
    Itunes,
    Xhtml,
    Rdf,
    Other,
}

impl Namespace {
    /// By its address, lenient about case, a trailing slash and old homes.
    pub fn of_uri(uri: &str) -> Namespace {
        let lower = uri.trim().to_ascii_lowercase();
        let bare = lower.trim_end_matches(['/', '#']);
        let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
        match bare {
            "" | "purl.org/rss/1.0" | "my.netscape.com/rdf/simple/0.9" | "channel.netscape.com/rdf/simple/0.9" => {
                Namespace::Plain
            }
            "purl.org/net/rss1.1" | "blogs.law.harvard.edu/tech/rss" | "cyber.law.harvard.edu/rss" => Namespace::Plain,
            "www.w3.org/2005/atom" => Namespace::Atom,
            "purl.org/rss/1.0/modules/content" => Namespace::Content,
            "purl.org/dc/elements/1.0" | "purl.org/dc/elements/1.1" => Namespace::Dc,
            "purl.org/dc/terms" => Namespace::DcTerms,
            "search.yahoo.com/mrss" => Namespace::Media,
            "www.w3.org/1999/xhtml" => Namespace::Xhtml,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Namespace::Rdf,
            _ if bare.starts_with("backend.userland.com/rss") => Namespace::Plain,
            _ if bare.starts_with("purl.org/atom") || bare == "purl.org/pie" || bare == "purl.org/echo" => {
                Namespace::Atom
            }
            _ if bare.ends_with("dtds/podcast-1.0.dtd") => Namespace::Itunes,
            _ => Namespace::Other,
        }
    }

    /// By its customary prefix, for documents that forgot to declare it.
    pub fn of_prefix(prefix: &str) -> Namespace {
        match prefix.to_ascii_lowercase().as_str() {
            "atom" | "atom10" | "a10" => Namespace::Atom,
            "content" => Namespace::Content,
            "dc" => Namespace::Dc,
            "dcterms" => Namespace::DcTerms,
            "media" => Namespace::Media,
            "itunes" => Namespace::Itunes,
            "rdf" => Namespace::Rdf,
            "xhtml" => Namespace::Xhtml,
            "rss" => Namespace::Plain,
            _ => Namespace::Other,
        }
    }
}

/// What a child of a feed or an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// An element with text, and the name it is written under.
    Text(&'static str),
    /// The same, unless the item already has one of that name.
    Fallback(&'static str),
    /// Atom's `<link href rel>`.
    AtomLink,
    /// Atom's `<category term>`.
    AtomCategory,
    /// Atom's `<author>` with `<name>` and `<email>` inside.
    Person,
}

/// A child of the feed itself; only what a listing needs is kept.
pub fn of_feed(dialect: Dialect, namespace: Namespace, local: &str) -> Option<Meaning> {
    let own = namespace == Namespace::Plain || (dialect == Dialect::Atom && namespace == Namespace::Atom);
    match (local, own, namespace) {
        ("title", true, _) => Some(Meaning::Text("title")),
        ("title", _, Namespace::Dc | Namespace::Itunes | Namespace::Atom) => Some(Meaning::Fallback("title")),
        ("link", true, _) if dialect == Dialect::Atom => Some(Meaning::AtomLink),
        ("link", true, _) => Some(Meaning::Text("link")),
        ("link", _, Namespace::Atom) => Some(Meaning::AtomLink),
        ("generator", true, _) => Some(Meaning::Text("generator")),
        ("ttl", true, _) if dialect == Dialect::Rss => Some(Meaning::Text("ttl")),
        ("language", true, _) | ("language", _, Namespace::Dc) if dialect == Dialect::Rss => {
            Some(Meaning::Text("language"))
        }
        _ => None,
    }
}

/// A child of an item or entry.
pub fn of_item(dialect: Dialect, namespace: Namespace, local: &str) -> Option<Meaning> {
    match dialect {
        Dialect::Rss => of_rss_item(namespace, local),
        Dialect::Atom => of_entry(namespace, local),
    }
}

fn of_rss_item(namespace: Namespace, local: &str) -> Option<Meaning> {
    use Meaning::{AtomLink, Fallback, Text};
    Some(match (namespace, local) {
        (Namespace::Plain, "title") => Text("title"),
        (Namespace::Plain, "link") => Text("link"),
        (Namespace::Plain, "description" | "abstract") => Text("description"),
        (Namespace::Plain, "author") | (Namespace::Dc, "creator" | "author") => Text("dc:creator"),
        (Namespace::Itunes, "author") | (Namespace::Atom, "author") => Fallback("dc:creator"),
        (Namespace::Plain, "category") | (Namespace::Dc, "subject") => Text("category"),
        (Namespace::Plain, "guid") => Text("guid"),
        (Namespace::Atom, "id") => Fallback("guid"),
        (Namespace::Plain, "pubdate") => Text("pubDate"),
        (Namespace::Plain, "date" | "published" | "created") | (Namespace::Dc, "date") => Fallback("pubDate"),
        (Namespace::DcTerms, "issued" | "created" | "date") | (Namespace::Atom, "published") => Fallback("pubDate"),
        (Namespace::Plain, "updated" | "modified" | "lastbuilddate") => Text("updated"),
        (Namespace::DcTerms, "modified") | (Namespace::Atom, "updated" | "modified") => Text("updated"),
        (Namespace::Content, "encoded") => Text("content:encoded"),
        (Namespace::Plain, "encoded" | "body" | "fullitem" | "content") | (Namespace::Xhtml, "body" | "div") => {
            Fallback("content:encoded")
        }
        (Namespace::Atom, "content") => Fallback("content:encoded"),
        (Namespace::Plain | Namespace::Itunes | Namespace::Atom, "summary") => Fallback("description"),
        (Namespace::Dc | Namespace::Media, "description") => Fallback("description"),
        (Namespace::Dc | Namespace::Media | Namespace::Atom, "title") => Fallback("title"),
        (Namespace::Atom, "link") => AtomLink,
        _ => return None,
    })
}

fn of_entry(namespace: Namespace, local: &str) -> Option<Meaning> {
    use Meaning::{AtomCategory, AtomLink, Fallback, Person, Text};
    Some(match (namespace, local) {
        (Namespace::Plain | Namespace::Atom, name) => match name {
            "id" | "guid" => Text("id"),
            "title" => Text("title"),
            "link" => AtomLink,
            "summary" | "description" => Text("summary"),
            "content" => Text("content"),
            "published" | "issued" | "pubdate" => Text("published"),
            "created" => Fallback("published"),
            "updated" | "modified" => Text("updated"),
            "category" => AtomCategory,
            "author" => Person,
            _ => return None,
        },
        (Namespace::Dc, "title") => Fallback("title"),
        (Namespace::Dc | Namespace::Media, "description") => Fallback("summary"),
        (Namespace::Dc, "date") | (Namespace::DcTerms, "issued" | "created") => Fallback("published"),
        (Namespace::DcTerms, "modified") => Fallback("updated"),
        (Namespace::Dc, "creator") | (Namespace::Itunes, "author") => Fallback("author"),
        (Namespace::Dc, "subject") => AtomCategory,
        (Namespace::Content, "encoded") | (Namespace::Xhtml, "body" | "div") => Fallback("content"),
        _ => return None,
    })
}

/// Elements that never stand inside the text of another: one that opens there shows that the text was not closed.
pub fn ends_a_text(local: &str) -> bool {
    matches!(
        local,
        "description" | "pubdate" | "guid" | "item" | "entry" | "encoded" | "updated" | "published" | "category"
    )
}
