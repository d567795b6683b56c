//! The tags of a document as `mend` sees them: lower case, without prefix, each with its namespace.

use super::Mender;
use crate::discover::markup::{Token, attributes, decode};
use crate::discover::vocabulary::Namespace;

/// Namespace prefixes of one document.
const MOST_PREFIXES: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Tag<'a> {
    pub(super) namespace: Namespace,
    /// Lower case, without prefix.
    pub(super) local: String,
    pub(super) attributes: &'a str,
    pub(super) empty: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Event<'a> {
    Open(Tag<'a>),
    Close(String),
    Text(&'a str),
    CData(&'a str),
}

impl<'a> Mender<'a> {
    pub(super) fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.pending.take() {
            return Some(event);
        }
        Some(match self.tokens.next()? {
            // The document ended inside a tag or CDATA section, which is therefore none.
            _ if self.tokens.cut => return None,
            Token::Text(text) => Event::Text(text),
            Token::CData(text) => Event::CData(text),
            Token::Close { name } => {
                let local = name.rsplit(':').next().unwrap_or(name);
                Event::Close(local.to_ascii_lowercase())
            }
            Token::Open {
                name,
                attributes,
                empty,
            } => Event::Open(self.tag(name, attributes, empty)),
        })
    }

    fn tag(&mut self, name: &str, raw: &'a str, empty: bool) -> Tag<'a> {
        let mut own_default = None;
        if raw.contains("xmlns") {
            for (key, value) in attributes(raw) {
                if key == "xmlns" {
                    own_default = Some(Namespace::of_uri(&decode(value)));
                } else if let Some(prefix) = key.strip_prefix("xmlns:")
                    && self.prefixes.len() < MOST_PREFIXES
                {
                    self.prefixes
                        .insert(prefix.to_owned(), Namespace::of_uri(&decode(value)));
                }
            }
        }
        let (prefix, local) = name.rsplit_once(':').unwrap_or(("", name));
        let namespace = match (prefix, own_default) {
            ("", Some(namespace)) => namespace,
            ("", None) => Namespace::Plain,
            _ => match self.prefixes.get(prefix) {
                Some(&namespace) => namespace,
                None => {
                    let customary = Namespace::of_prefix(prefix);
                    if customary != Namespace::Other {
                        self.repaired("elements whose prefix is not declared");
                    }
                    customary
                }
            },
        };
        Tag {
            namespace,
            local: local.to_ascii_lowercase(),
            attributes: raw,
            empty,
        }
    }
}
