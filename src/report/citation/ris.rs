//! RIS, with the tags as Zotero's translator reads them.

use super::{ARCHIVE, Citation, Kind, parts};
use crate::report::clean;

pub fn ris(citations: &[Citation]) -> String {
    let mut out = String::new();
    for citation in citations {
        let kind = match citation.kind {
            Kind::Newspaper => "NEWS",
            Kind::Blog => "BLOG",
            Kind::Page => "ELEC",
        };
        let mut line = |tag: &str, value: &str| {
            // A value is one line: a second one would be read as a tag.
            let value = clean::line(value);
            if !value.is_empty() {
                out.push_str(&format!("{tag}  - {value}\r\n"));
            }
        };
        line("TY", kind);
        line("ID", &citation.key);
        line("TI", &citation.title);
        for author in &citation.authors {
            line("AU", author);
        }
        line("T2", &citation.publication);
        if let Some(date) = &citation.date {
            let parts = parts(date);
            line("PY", parts.first().copied().unwrap_or_default());
            // YYYY/MM/DD/other, of which what is not known stays empty.
            let at = |n: usize| parts.get(n).copied().unwrap_or_default();
            line("DA", &format!("{}/{}/{}", at(0), at(1), at(2)));
        }
        line("UR", &citation.url);
        line("Y2", &citation.accessed.replace('-', "/"));
        line("LA", citation.lang.as_deref().unwrap_or_default());
        if let Some(copy) = &citation.copy {
            line("DB", ARCHIVE);
            line("AN", copy);
        }
        line("N1", &citation.note);
        out.push_str("ER  - \r\n\r\n");
    }
    out
}
