//! COinS: what Zotero and its kin read off a row (`OpenURL ContextObject in Span`, Z39.88-2004).

use url::form_urlencoded::Serializer;

use super::write::Html;
use crate::report::citation::{Citation, Kind};

/// An empty span that carries a citation in its title.
pub fn span(citation: &Citation, html: &mut Html) {
    let kind = match citation.kind {
        Kind::Newspaper => "newspaperArticle",
        Kind::Blog => "blogPost",
        Kind::Page => "webpage",
    };
    let mut keys = Serializer::new(String::new());
    keys.append_pair("ctx_ver", "Z39.88-2004")
        .append_pair("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc")
        .append_pair("rft.type", kind)
        .append_pair("rft.title", &citation.title)
        .append_pair("rft.source", &citation.publication)
        .append_pair("rft.identifier", &citation.url);
    if let Some(date) = &citation.date {
        keys.append_pair("rft.date", date);
    }
    if let Some(lang) = &citation.lang {
        keys.append_pair("rft.language", lang);
    }
    for author in &citation.authors {
        keys.append_pair("rft.creator", author);
    }
    html.leaf("span", &[("class", "Z3988"), ("title", &keys.finish())], "");
}
