//! BibLaTeX, and plain BibTeX for those who need it.

use super::{ARCHIVE, Citation, Kind, parts};
use crate::report::clean;

pub fn biblatex(citations: &[Citation]) -> String {
    citations.iter().map(|citation| entry(citation, true)).collect()
}

/// `@misc` with the address in `howpublished`: what any style of BibTeX prints.
pub fn bibtex(citations: &[Citation]) -> String {
    citations.iter().map(|citation| entry(citation, false)).collect()
}

fn entry(citation: &Citation, biblatex: bool) -> String {
    let kind = match (biblatex, citation.kind) {
        (false, _) => "misc",
        (true, Kind::Newspaper) => "article",
        (true, _) => "online",
    };
    let mut out = format!("@{kind}{{{},\n", citation.key);
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("  {name} = {{{value}}},\n"));
        }
    };
    // The second pair of braces keeps capitals as the outlet wrote them.
    field("title", &format!("{{{}}}", escape(&citation.title)));
    let authors: Vec<String> = citation
        .authors
        .iter()
        .map(|author| format!("{{{}}}", escape(author)))
        .collect();
    field("author", &authors.join(" and "));
    let date = citation.date.as_deref().unwrap_or_default();
    let copy = citation.copy.as_deref().map(|copy| format!("{ARCHIVE}: {copy}"));
    let note = match &copy {
        Some(copy) => format!("{}; {copy}", citation.note),
        None => citation.note.clone(),
    };
    if biblatex {
        match citation.kind {
            Kind::Newspaper => {
                field("journaltitle", &escape(&citation.publication));
                field("entrysubtype", "newspaper");
            }
            _ => field("organization", &escape(&citation.publication)),
        }
        field("date", date);
        field("url", &address(&citation.url));
        field("urldate", &citation.accessed);
        field("langid", citation.lang.as_deref().map_or("", language));
    } else {
        let parts = parts(date);
        field(
            "howpublished",
            &format!("{}, \\url{{{}}}", escape(&citation.publication), address(&citation.url)),
        );
        field("year", parts.first().copied().unwrap_or_default());
        field("month", parts.get(1).map_or("", |month| month_of(month)));
    }
    let accessed = format!("{}; accessed {}", note, citation.accessed);
    field("note", &escape(if biblatex { &note } else { &accessed }));
    out.push_str("}\n\n");
    out
}

/// Text in which no character is a command of TeX, and braces are balanced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean::line(text).chars() {
        match c {
            // BibTeX counts braces, escaped or not.
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            c => out.push(c),
        }
    }
    out
}

/// An address is taken verbatim; only what would end the field is written another way.
fn address(url: &str) -> String {
    clean::line(url)
        .replace('{', "%7B")
        .replace('}', "%7D")
        .replace('\\', "%5C")
        .replace(' ', "%20")
}

/// The name that babel and polyglossia have for a language.
fn language(tag: &str) -> &'static str {
    match tag.split('-').next().unwrap_or_default() {
        "fr" => "french",
        "en" => "english",
        "zh" => "chinese",
        "ko" => "korean",
        "ja" => "japanese",
        "de" => "german",
        "es" => "spanish",
        "it" => "italian",
        "ru" => "russian",
        _ => "",
    }
}

fn month_of(number: &str) -> &'static str {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    number
        .parse::<usize>()
        .ok()
        .and_then(|n| MONTHS.get(n.checked_sub(1)?))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_in_a_title_is_a_command() {
        assert_eq!(
            super::escape("50 % {\\input} a_b~"),
            "50 \\% \\textbraceleft{}\\textbackslash{}input\\textbraceright{} a\\_b\\textasciitilde{}"
        );
        assert_eq!(super::address("https://x.example/a}b c"), "https://x.example/a%7Db%20c");
    }
}
