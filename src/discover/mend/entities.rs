//! The entities that a document defines for itself in its `<!DOCTYPE … [ ]>`, put in where they are used.
//!
//! Takes a document, gives it with its own entities written out. Bounded on every side, since an entity made of ten
//! others made of ten others ("billion laughs") is a few lines that grow to gigabytes. Never opens an external entity.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Real documents define a handful of letters or names.
const MOST_ENTITIES: usize = 300;
/// The longest value kept: a name, a copyright line. Longer ones are only made to grow.
const LONGEST_VALUE: usize = 1_000;
/// What all uses together may add to a document.
const MOST_ADDED: usize = 1 << 20;
/// The document type is looked for among what stands before the root.
const PROLOGUE: usize = 16_384;

/// The document with its own entities written out, and how many were. `None` where it defines none.
pub(super) fn written_out(text: &str) -> Option<(String, usize)> {
    let subset = internal_subset(text)?;
    let entities = defined(subset.inside);
    if entities.is_empty() {
        return None;
    }
    let mut rest = text.get(subset.end..)?;
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..subset.end)?);
    let (mut used, mut added) = (0, 0);
    while let Some(at) = rest.find(['&', '<']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        // Within CDATA a reference is text (XML 1.0 §2.7).
        if let Some(section) = from.strip_prefix("<![CDATA[") {
            let length = section.find("]]>").map_or(from.len(), |end| end + "<![CDATA[".len());
            let (section, after) = from.split_at(length);
            out.push_str(section);
            rest = after;
            continue;
        }
        let (mark, after) = from.split_at(1);
        let value = name_of(after).filter(|_| mark == "&").and_then(|name| {
            let value = entities.get(name).filter(|value| added + value.len() <= MOST_ADDED)?;
            Some((name, value))
        });
        if let Some((name, value)) = value {
            out.push_str(value);
            added += value.len();
            used += 1;
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push_str(mark);
            rest = after;
        }
    }
    out.push_str(rest);
    Some((out, used))
}

struct Subset<'a> {
    inside: &'a str,
    /// Where the document goes on.
    end: usize,
}

fn internal_subset(text: &str) -> Option<Subset<'_>> {
    let start = text.find("<!DOCTYPE").filter(|&at| at < PROLOGUE)?;
    let declaration = text.get(start..)?;
    let open = declaration
        .find(['[', '>'])
        .filter(|&at| declaration[at..].starts_with('['))?;
    let inside = declaration.get(open + 1..)?;
    let length = inside.find("]>").or_else(|| inside.find(']'))?;
    Some(Subset {
        inside: inside.get(..length)?,
        end: start + open + 1 + length,
    })
}

/// `<!ENTITY name "value">`; parameter entities (`%`) and external ones (`SYSTEM`) are none of ours. A value may use the
/// entities before it, so what comes out needs no second pass, and each is cut off at the longest value.
fn defined(subset: &str) -> BTreeMap<&str, String> {
    let mut entities = BTreeMap::new();
    for declaration in subset.split("<!ENTITY").skip(1).take(MOST_ENTITIES) {
        let declaration = declaration.trim_start();
        let Some((name, value)) = declaration.split_once(char::is_whitespace) else {
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = quote.and_then(|quote| value.strip_prefix(quote)?.split_once(quote));
        let (Some((written, _)), false) = (inside, name == "%" || is_predefined(name)) else {
            continue;
        };
        let value = expanded(written, &entities);
        // The first definition binds (XML 1.0 §4.2).
        if value.len() <= LONGEST_VALUE {
            entities.entry(name).or_insert_with(|| value.into_owned());
        }
    }
    entities
}

fn is_predefined(name: &str) -> bool {
    matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
}

fn expanded<'a>(written: &'a str, entities: &BTreeMap<&str, String>) -> Cow<'a, str> {
    if !written.contains('&') {
        return Cow::Borrowed(written);
    }
    let mut out = String::new();
    let mut rest = written;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get(1..).unwrap_or_default();
        let known = name_of(after).and_then(|name| entities.get(name).map(|value| (name, value)));
        match known {
            Some((name, value)) => {
                out.push_str(value);
                rest = after.get(name.len() + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
        if out.len() > LONGEST_VALUE {
            break;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `id;…` → `id`.
fn name_of(after: &str) -> Option<&str> {
    let end = after.bytes().take(64).position(|byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':') || byte >= 0x80)
    })?;
    after
        .get(..end)
        .filter(|_| end > 0 && after.as_bytes().get(end) == Some(&b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_document_defines_is_written_out() {
        let text = "<!DOCTYPE rss [\n<!ENTITY paper 'The Paper'>\n<!ENTITY of \"of &paper;\"><!ENTITY % p 'x'>\n]>\
            <rss>&paper; &amp; &of;; &none; <![CDATA[&paper;]]></rss>";
        let (out, used) = written_out(text).unwrap();
        assert!(
            out.ends_with("<rss>The Paper &amp; of The Paper; &none; <![CDATA[&paper;]]></rss>"),
            "{out}"
        );
        assert_eq!(used, 2);
        assert_eq!(written_out("<!DOCTYPE rss><rss>&a;</rss>"), None);
        assert_eq!(
            written_out("<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>"),
            None
        );
    }

    #[test]
    fn a_billion_laughs_stay_few() {
        let mut subset = String::from("<!ENTITY l0 'haha'>");
        for level in 1..40 {
            let inner = format!("&l{};", level - 1).repeat(10);
            subset.push_str(&format!("<!ENTITY l{level} '{inner}'>"));
        }
        let text = format!("<!DOCTYPE rss [{subset}]><rss>{}</rss>", "&l2;&l39;".repeat(100_000));
        let (out, _) = written_out(&text).unwrap();
        assert!(out.len() < text.len() + MOST_ADDED);
    }
}
