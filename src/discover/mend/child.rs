//! One child of a feed or an item, written anew: texts, links, categories, people.
//!
//! Takes the child's tag and what it means, writes it in the spelling of the dialect. Never runs past the item's end.

use url::Url;

use super::events::{Event, Tag};
use super::{Mender, is_structure};
use crate::discover::base64;
use crate::discover::markup::{attribute, decode_counting, escape};
use crate::discover::vocabulary::{Dialect, Meaning, Namespace, ends_a_text};

/// Tags open within one text; deeper ones are kept in the text but no longer paired.
const DEEPEST_TEXT: usize = 64;

impl<'a> Mender<'a> {
    pub(super) fn write_base(&mut self, base: Option<Url>) {
        if let Some(base) = base {
            self.out.push_str(" xml:base=\"");
            escape(base.as_str(), &mut self.out);
            self.out.push('"');
        }
    }

    pub(super) fn write(&mut self, name: &str, text: &str) {
        if !text.trim().is_empty() {
            let html = if self.dialect == Dialect::Atom {
                " type=\"html\""
            } else {
                ""
            };
            let html = if matches!(name, "title" | "summary" | "content") {
                html
            } else {
                ""
            };
            self.out.extend(["<", name, html, ">"]);
            escape(text, &mut self.out);
            self.out.extend(["</", name, ">"]);
        }
    }

    /// Writes one child of a feed or item in the spelling of the dialect. `written` names those the item already has.
    pub(super) fn child(&mut self, tag: &Tag<'a>, meaning: Meaning, written: &mut Vec<&'static str>) {
        match meaning {
            Meaning::AtomLink => self.atom_link(tag),
            Meaning::AtomCategory => self.atom_category(tag),
            Meaning::Person => self.person(tag),
            Meaning::Text(name) | Meaning::Fallback(name) => {
                let Some(text) = self.text_of(tag) else { return };
                // An item with a `<summary>` and a `<description>` carries its text in the second of them.
                let (name, meaning) =
                    if name == "description" && tag.namespace == Namespace::Plain && written.contains(&name) {
                        ("content:encoded", Meaning::Fallback("content:encoded"))
                    } else {
                        (name, meaning)
                    };
                let superfluous = matches!(meaning, Meaning::Fallback(_)) && written.contains(&name);
                if superfluous || text.trim().is_empty() {
                    return;
                }
                written.push(name);
                match name {
                    "author" => {
                        self.out.push_str("<author>");
                        self.write("name", &text);
                        self.out.push_str("</author>");
                    }
                    "dc:creator" => self.write(name, &apart(&text)),
                    _ => self.write(name, &text),
                }
            }
        }
    }

    fn atom_link(&mut self, tag: &Tag<'a>) {
        let name = if self.dialect == Dialect::Atom {
            "link"
        } else {
            "atom:link"
        };
        let base = self.base_of(tag);
        let Some(href) = attribute(tag.attributes, "href") else {
            // RSS's way of writing it, met in Atom too.
            let rel = attribute(tag.attributes, "rel").unwrap_or_else(|| "alternate".into());
            if let Some(text) = self.text_of(tag)
                && !text.trim().is_empty()
            {
                self.out.extend(["<", name, " rel=\""]);
                escape(&rel, &mut self.out);
                self.out.push_str("\" href=\"");
                escape(text.trim(), &mut self.out);
                self.out.push_str("\"/>");
            }
            return;
        };
        self.out.extend(["<", name]);
        self.write_base(base);
        self.out.push_str(" href=\"");
        escape(href.trim(), &mut self.out);
        for key in ["rel", "type"] {
            // RFC 4287 §4.2.7.2: without `rel` it is "alternate", which feed-rs supplies for Atom only.
            let unless_said = (key == "rel").then(|| "alternate".to_owned());
            if let Some(value) = attribute(tag.attributes, key).or(unless_said) {
                self.out.extend(["\" ", key, "=\""]);
                escape(value.trim(), &mut self.out);
            }
        }
        self.out.push_str("\"/>");
        self.skip(tag);
    }

    fn atom_category(&mut self, tag: &Tag<'a>) {
        let label = attribute(tag.attributes, "label").or_else(|| attribute(tag.attributes, "term"));
        let text = self.text_of(tag).unwrap_or_default();
        let term = label.filter(|label| !label.trim().is_empty()).unwrap_or(text);
        if !term.trim().is_empty() {
            self.out.push_str("<category term=\"");
            escape(term.trim(), &mut self.out);
            self.out.push_str("\"/>");
        }
    }

    fn person(&mut self, tag: &Tag<'a>) {
        if tag.empty {
            return;
        }
        let (mut name, mut email, mut bare) = (None, None, String::new());
        while let Some(event) = self.next() {
            match event {
                Event::Open(child) if child.local == "name" => name = self.text_of(&child),
                Event::Open(child) if child.local == "email" => email = self.text_of(&child),
                Event::Open(child) if Self::is_item(&child) || ends_a_text(&child.local) => {
                    self.repaired("unclosed elements");
                    self.pending = Some(Event::Open(child));
                    break;
                }
                Event::Open(child) => self.skip(&child),
                Event::Close(local) if local == tag.local => break,
                Event::Close(local) if is_structure(&local) => {
                    self.pending = Some(Event::Close(local));
                    break;
                }
                Event::Text(text) => bare.push_str(&decode_counting(text, &mut self.odd)),
                Event::CData(text) => bare.push_str(text),
                Event::Close(_) => {}
            }
        }
        let filled = |text: &String| !text.trim().is_empty();
        let name = name.filter(filled).or(email.filter(filled)).unwrap_or(bare);
        if filled(&name) {
            self.out.push_str("<author>");
            self.write("name", &name);
            self.out.push_str("</author>");
        }
    }

    /// The content of an element as HTML source: escaped markup is unescaped once, markup that stands there is kept.
    /// `None` when the document ends inside it, or it is no text.
    fn text_of(&mut self, tag: &Tag<'a>) -> Option<String> {
        if tag.empty {
            return Some(String::new());
        }
        let kind = attribute(tag.attributes, "type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let mode = attribute(tag.attributes, "mode").unwrap_or_default();
        let media = ["image/", "audio/", "video/"]
            .iter()
            .any(|media| kind.starts_with(media));
        if media {
            self.skip(tag);
            return None;
        }
        // Atom 1.0 §4.1.3.3: what is neither text nor XML stands there in base64. Atom 0.3 says so by `mode`.
        let encoded = mode == "base64" || (kind.starts_with("application/") && !kind.ends_with("xml"));
        let inline = kind.contains("xhtml") || mode == "xml";
        let (mut unescaped, mut source, mut markup) = (String::new(), String::new(), inline);
        let mut open: Vec<String> = Vec::new();
        loop {
            match self.next()? {
                Event::Text(raw) => {
                    unescaped.push_str(&decode_counting(raw, &mut self.odd));
                    source.push_str(raw);
                }
                Event::CData(text) => {
                    unescaped.push_str(text);
                    escape(text, &mut source);
                }
                Event::Open(child) => {
                    // A `<link>` without attributes is RSS's own; HTML's has some.
                    let link = child.local == "link" && child.attributes.trim().is_empty() && !child.empty;
                    let sibling = child.namespace == Namespace::Plain && (link || ends_a_text(&child.local));
                    if !inline && (sibling || Self::is_item(&child)) {
                        self.repaired("unclosed elements");
                        self.pending = Some(Event::Open(child));
                        break;
                    }
                    markup = true;
                    let end = if child.empty { "/>" } else { ">" };
                    source.extend(["<", &child.local, child.attributes, end]);
                    if !child.empty && open.len() < DEEPEST_TEXT {
                        open.push(child.local);
                    }
                }
                Event::Close(local) => match open.iter().rposition(|name| *name == local) {
                    Some(at) => {
                        open.truncate(at);
                        source.extend(["</", &local, ">"]);
                    }
                    None if local == tag.local => break,
                    None if is_structure(&local) => {
                        self.repaired("unclosed elements");
                        self.pending = Some(Event::Close(local));
                        break;
                    }
                    None => self.repaired("closing tags that close nothing"),
                },
            }
        }
        if encoded {
            return base64::text(&unescaped);
        }
        // Atom 1.0 §3.1.1.1: in type="text" a `<` is a `<`. Without a type many feeds mean HTML all the same.
        let literal = matches!(kind.as_str(), "text" | "text/plain") && mode != "escaped";
        Some(match (markup, literal) {
            (true, _) => source,
            (false, true) => {
                let mut text = String::new();
                escape(&unescaped, &mut text);
                text
            }
            (false, false) => unescaped,
        })
    }

    /// Passes over an element that a listing does not need.
    pub(super) fn skip(&mut self, tag: &Tag<'a>) {
        let mut depth = usize::from(!tag.empty);
        while depth > 0 {
            match self.next() {
                None => return,
                Some(Event::Open(child)) if Self::is_item(&child) || (depth == 1 && self.is_sibling(&child)) => {
                    self.repaired("unclosed elements");
                    self.pending = Some(Event::Open(child));
                    return;
                }
                Some(Event::Open(child)) if child.local == tag.local && !child.empty => depth += 1,
                Some(Event::Close(local)) if local == tag.local => depth -= 1,
                Some(Event::Close(local)) if is_structure(&local) => {
                    self.pending = Some(Event::Close(local));
                    return;
                }
                Some(_) => {}
            }
        }
    }

    /// Would this element, met inside an unknown one, rather be the item's own? `<guid>` and `<pubDate>` are nobody else's.
    fn is_sibling(&self, tag: &Tag) -> bool {
        self.dialect == Dialect::Rss
            && tag.namespace == Namespace::Plain
            && matches!(tag.local.as_str(), "guid" | "pubdate")
    }
}

/// feed-rs looks for an e-mail address in an author and slices one byte beside it, which panics within a character of
/// more than one byte; a space between such characters and ASCII keeps the slice sound.
fn apart(author: &str) -> String {
    if !author.contains('@') {
        return author.to_owned();
    }
    let mut out = String::with_capacity(author.len() + 8);
    let mut last_ascii = None;
    for c in author.chars() {
        if last_ascii.is_some_and(|ascii| ascii != c.is_ascii()) {
            out.push(' ');
        }
        last_ascii = Some(c.is_ascii());
        out.push(c);
    }
    out
}
