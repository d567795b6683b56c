//! The parsed page as one flat list in document order, so that every later pass is a loop.
//!
//! Takes a parsed document, gives items with their parent and where their subtree ends. Never changes a page's words.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use scraper::{ElementRef, Html, Node, Selector};

use super::words::squeeze_into;

/// An element or a run of text.
pub struct Item<'a> {
    pub what: What<'a>,
    pub parent: usize,
    /// One past the last item of the subtree.
    pub end: usize,
}

#[derive(Clone, Copy)]
pub enum What<'a> {
    Element(Tag, ElementRef<'a>),
    Text(&'a str),
}

/// What the tree is made of, as far as reading goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Article,
    Aside,
    Blockquote,
    Body,
    Break,
    /// `div`, `section` and the other boxes.
    Box,
    Caption,
    Cell,
    Figure,
    Form,
    Footer,
    H1,
    Header,
    Heading,
    Html,
    Inline,
    Item,
    Link,
    List,
    Main,
    Meta,
    MetaLink,
    Nav,
    P,
    Pre,
    Row,
    /// Never text: `script` and its kin.
    Script,
    Table,
    TextArea,
    Time,
    Title,
    /// Never prose: buttons, frames, drawings.
    Thing,
}

fn tag(name: &str) -> Tag {
    match name {
        "a" => Tag::Link,
        "article" => Tag::Article,
        "aside" => Tag::Aside,
        "blockquote" => Tag::Blockquote,
        "body" => Tag::Body,
        "br" | "hr" => Tag::Break,
        "div" | "section" | "center" | "details" | "fieldset" | "address" | "hgroup" => Tag::Box,
        "figcaption" | "caption" => Tag::Caption,
        "td" | "th" => Tag::Cell,
        "figure" => Tag::Figure,
        "form" => Tag::Form,
        "footer" => Tag::Footer,
        "h1" => Tag::H1,
        "header" => Tag::Header,
        "h2" | "h3" | "h4" | "h5" | "h6" => Tag::Heading,
        "html" => Tag::Html,
        "li" | "dd" | "dt" => Tag::Item,
        "ul" | "ol" | "dl" => Tag::List,
        "main" => Tag::Main,
        "meta" => Tag::Meta,
        "link" => Tag::MetaLink,
        "nav" | "menu" => Tag::Nav,
        "p" => Tag::P,
        "pre" => Tag::Pre,
        "tr" => Tag::Row,
        "script" | "style" | "noscript" | "template" => Tag::Script,
        "table" | "tbody" | "thead" | "tfoot" => Tag::Table,
        "textarea" => Tag::TextArea,
        "time" => Tag::Time,
        "title" => Tag::Title,
        "button" | "iframe" | "svg" | "video" | "audio" | "select" | "input" | "object" | "embed" | "canvas"
        | "map" | "dialog" | "math" | "label" => Tag::Thing,
        _ => Tag::Inline,
    }
}

impl Tag {
    /// Begins a new line.
    pub fn is_block(self) -> bool {
        !matches!(
            self,
            Tag::Inline | Tag::Link | Tag::Time | Tag::Meta | Tag::MetaLink | Tag::Title | Tag::Script
        )
    }
}

/// What an element's markup says under a name. The parser's own look-up makes an atom of the name each time, which costs
/// many times more than a look at the few attributes that an element has.
pub trait Attributes<'a> {
    fn attribute(self, name: &str) -> Option<&'a str>;
}

impl<'a> Attributes<'a> for ElementRef<'a> {
    fn attribute(self, name: &str) -> Option<&'a str> {
        let mut attributes = self.value().attrs.iter();
        let found = attributes.find(|(key, _)| &*key.local == name && key.prefix.is_none() && key.ns.is_empty());
        found.map(|(_, value)| &**value)
    }
}

pub struct Dom<'a> {
    pub items: Vec<Item<'a>>,
}

impl<'a> Dom<'a> {
    pub fn new(html: &'a Html) -> Dom<'a> {
        let mut items: Vec<Item<'a>> = Vec::with_capacity(4096);
        // Open elements: their item, or none where a node (document, comment) makes no item.
        let mut open: Vec<Option<usize>> = Vec::new();
        let mut node = html.tree.root();
        loop {
            let parent = open.iter().rev().copied().flatten().next().unwrap_or(0);
            let what = match node.value() {
                Node::Element(element) => ElementRef::wrap(node).map(|found| What::Element(tag(element.name()), found)),
                Node::Text(text) => Some(What::Text(text)),
                _ => None,
            };
            let made = what.map(|what| {
                items.push(Item {
                    what,
                    parent,
                    end: items.len() + 1,
                });
                items.len() - 1
            });
            if let Some(child) = node.first_child() {
                open.push(made);
                node = child;
                continue;
            }
            loop {
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent() else {
                    return Dom { items };
                };
                node = parent;
                if let Some(Some(closed)) = open.pop() {
                    items[closed].end = items.len();
                }
            }
        }
    }

    pub fn tag(&self, at: usize) -> Option<Tag> {
        match self.items.get(at)?.what {
            What::Element(tag, _) => Some(tag),
            What::Text(_) => None,
        }
    }

    pub fn element(&self, at: usize) -> Option<ElementRef<'a>> {
        match self.items.get(at)?.what {
            What::Element(_, element) => Some(element),
            What::Text(_) => None,
        }
    }

    pub fn attr(&self, at: usize, name: &str) -> Option<&'a str> {
        self.element(at)?.attribute(name)
    }

    /// Elements in document order.
    pub fn elements(&self) -> impl Iterator<Item = (usize, Tag, ElementRef<'a>)> + '_ {
        self.items.iter().enumerate().filter_map(|(at, item)| match item.what {
            What::Element(tag, element) => Some((at, tag, element)),
            What::Text(_) => None,
        })
    }

    /// Items that match a CSS selector list; `None` when it is no selector.
    pub fn select(&self, css: &str) -> Option<Vec<usize>> {
        let selector = compiled(css)?;
        Some(
            self.elements()
                .filter(|(_, _, element)| selector.matches(element))
                .map(|(at, ..)| at)
                .collect(),
        )
    }

    /// The element's words in one line, scripts left out.
    pub fn text(&self, at: usize) -> String {
        let mut out = String::new();
        let mut i = at;
        let end = self.items.get(at).map_or(at, |item| item.end);
        while i < end {
            match self.items[i].what {
                What::Element(Tag::Script, _) if i > at => {
                    i = self.items[i].end;
                    continue;
                }
                What::Element(tag, _) if tag.is_block() => squeeze_into(&mut out, " "),
                What::Element(..) => {}
                What::Text(text) => squeeze_into(&mut out, text),
            }
            i += 1;
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// The raw text directly inside (a script's source).
    pub fn source(&self, at: usize) -> &'a str {
        match self.items.get(at + 1) {
            Some(Item {
                what: What::Text(text),
                parent,
                ..
            }) if *parent == at => text,
            _ => "",
        }
    }

    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = at;
        std::iter::from_fn(move || {
            let parent = self.items.get(at)?.parent;
            if parent == at {
                return None;
            }
            at = parent;
            Some(parent)
        })
    }
}

/// A selector is compiled once on each worker thread: rules are few and pages many, so that a thread's own table costs
/// less than one that all must lock.
fn compiled(css: &str) -> Option<Rc<Selector>> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Option<Rc<Selector>>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|known| {
        if let Some(selector) = known.get(css) {
            return selector.clone();
        }
        let selector = Selector::parse(css).ok().map(Rc::new);
        known.insert(css.to_owned(), selector.clone());
        selector
    })
}
