//! HTML being written, in which nothing from outside can become markup.
//!
//! Names of elements and attributes, and markup, are `&'static str`: they stand in this program's own text. Whatever else
//! goes in is escaped and stripped of controls.

use super::LangTag;
use crate::report::clean;

/// A document or a part of one.
#[derive(Default)]
pub struct Html {
    out: String,
}

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Html {
    pub fn new() -> Html {
        Html::default()
    }

    pub fn into_string(self) -> String {
        self.out
    }

    /// A cell that says "not applicable".
    pub fn is_dash(&self) -> bool {
        matches!(self.out.as_str(), "–" | "")
    }

    /// Markup of our own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.out.push_str(markup);
        self
    }

    /// Another part.
    pub fn add(&mut self, part: Html) -> &mut Html {
        self.out.push_str(&part.out);
        self
    }

    /// A blank at either end stays: it parts words from what stands beside them.
    pub fn text(&mut self, text: &str) -> &mut Html {
        let line = clean::line(text);
        if text.starts_with(' ') {
            self.out.push(' ');
        }
        escape(&line, &mut self.out);
        if text.ends_with(' ') && !line.is_empty() {
            self.out.push(' ');
        }
        self
    }

    pub fn open(&mut self, name: &'static str, attributes: Attributes<'_>) -> &mut Html {
        self.tag(name, attributes);
        self.out.push('>');
        self
    }

    pub fn close(&mut self, name: &'static str) -> &mut Html {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self
    }

    /// An element without content, as SVG writes it.
    pub fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) -> &mut Html {
        self.tag(name, attributes);
        self.out.push_str("/>");
        self
    }

    /// An element with nothing but text in it.
    pub fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> &mut Html {
        self.open(name, attributes).text(text).close(name)
    }

    /// Words of another language than the page's.
    pub fn foreign(&mut self, lang: &LangTag, text: &str) -> &mut Html {
        match lang.as_deref() {
            Some(lang) => self.leaf("span", &[("lang", lang)], text),
            None => self.text(text),
        }
    }

    /// A link, where the address is one that a browser should follow; else the words alone.
    pub fn link(&mut self, url: &str, lang: &LangTag, text: &str) -> &mut Html {
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return self.foreign(lang, text);
        }
        let mut attributes = vec![("href", url), ("rel", "external noreferrer")];
        if let Some(lang) = lang.as_deref() {
            attributes.push(("lang", lang));
        }
        self.leaf("a", &attributes, text)
    }

    fn tag(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(&clean::line(value), &mut self.out);
            self.out.push('"');
        }
    }
}

/// For text and for attributes in double quotes.
fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let mut html = Html::new();
        html.text("France").text(" · ").text("2").text(" ");
        assert_eq!(html.into_string(), "France · 2 ");
        let mut html = Html::new();
        html.link(
            "https://x.example/\"onclick='a",
            &Some("fr\" x=\"".to_owned()),
            "<b>&\u{202e}",
        )
        .link("javascript:alert(1)", &None, "no link");
        assert_eq!(
            html.into_string(),
            "<a href=\"https://x.example/&quot;onclick=&#39;a\" rel=\"external noreferrer\" lang=\"fr&quot; x=&quot;\">\
             &lt;b&gt;&amp;</a>no link"
        );
    }
}
