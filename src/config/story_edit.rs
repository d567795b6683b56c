//! Writing a story's spec, and pinning articles in one that a person keeps.
//!
//! Takes a spec, or a file's text, gives the text to write. What was there, comments included, stays as it is.

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use crate::model::story::{Spec, Window};

use super::problem::{ConfigErrors, Fault};

/// Where a pin stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    In,
    Out,
}

impl Pin {
    fn key(self) -> &'static str {
        match self {
            Pin::In => "in",
            Pin::Out => "out",
        }
    }
}

/// The spec as a file, in the order of docs/config.md.
pub fn write(spec: &Spec) -> String {
    let mut out = String::new();
    let mut line = |key: &str, written: String| out.push_str(&format!("{key} = {written}\n"));
    line("id", basic(&spec.id));
    line("title", basic(&spec.title));
    if !spec.relation.is_empty() {
        line("relation", list(&spec.relation));
    }
    line("window", window(spec.window));
    if let Some(matches) = &spec.matches {
        line("match", literal(matches));
    }
    if let Some(topic) = &spec.topic {
        line("topic", literal(topic));
    }
    if !spec.expect.is_empty() {
        line("expect", list(&spec.expect));
    }
    let mut table = |name: &str, rows: Vec<(String, String)>| {
        if !rows.is_empty() {
            out.push_str(&format!("\n[{name}]\n"));
            rows.iter()
                .for_each(|(key, written)| out.push_str(&format!("{key} = {written}\n")));
        }
    };
    let own = |key: &str| toml_edit::Key::new(key).to_string().trim().to_owned();
    table(
        "probes",
        spec.probes
            .iter()
            .map(|probe| (own(&probe.name), literal(&probe.query)))
            .collect(),
    );
    let pins = [("in", &spec.pins.within), ("out", &spec.pins.out)];
    let pins = pins.into_iter().filter(|(_, ids)| !ids.is_empty());
    table("pins", pins.map(|(key, ids)| (key.to_owned(), list(ids))).collect());
    for (name, remarks) in [("questions", &spec.questions), ("notes", &spec.notes)] {
        table(
            name,
            remarks.iter().map(|one| (own(&one.id), basic(&one.text))).collect(),
        );
    }
    table(
        "gloss",
        spec.gloss.iter().map(|(id, text)| (own(id), basic(text))).collect(),
    );
    out
}

fn window(window: Window) -> String {
    let ends = std::iter::once(window.since).chain(window.until);
    list(&ends.map(|at| at.to_string()).collect::<Vec<_>>())
}

fn list(items: &[String]) -> String {
    items.iter().map(Value::from).collect::<Array>().to_string()
}

fn basic(text: &str) -> String {
    Value::from(text).to_string()
}

/// Queries are full of quotation marks, which a literal string holds as they are.
fn literal(text: &str) -> String {
    let plain = |c: char| c == '\t' || !c.is_control();
    if !text.contains('\'') && text.chars().all(plain) {
        format!("'{text}'")
    } else if !text.contains("'''") && !text.ends_with('\'') && text.chars().all(|c| c == '\n' || plain(c)) {
        format!("'''{text}'''")
    } else {
        basic(text)
    }
}

/// The file with this article pinned so; a pin the other way is taken out. `None`: it says so already.
pub fn pin(name: &str, text: &str, id: &str, pin: Pin) -> Result<Option<String>, ConfigErrors> {
    let mut document = document(name, text)?;
    let pins = document.entry("pins").or_insert_with(|| {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        Item::Table(table)
    });
    let other = if pin == Pin::In { Pin::Out } else { Pin::In };
    let mut changed = take(pins, other, id);
    let place = pins.as_table_like_mut().map(|table| table.entry(pin.key()));
    let array = place.and_then(|entry| entry.or_insert_with(|| value(Array::new())).as_array_mut());
    let Some(array) = array else {
        return Err(malformed(name, text));
    };
    if !array
        .iter()
        .any(|known| known.as_str().is_some_and(|known| same(known, id)))
    {
        array.push(id);
        changed = true;
    }
    Ok(changed.then(|| document.to_string()))
}

/// The file without any pin of this article. `None`: there was none.
pub fn unpin(name: &str, text: &str, id: &str) -> Result<Option<String>, ConfigErrors> {
    let mut document = document(name, text)?;
    let Some(pins) = document.get_mut("pins") else {
        return Ok(None);
    };
    let (within, out) = (take(pins, Pin::In, id), take(pins, Pin::Out, id));
    Ok((within || out).then(|| document.to_string()))
}

fn take(pins: &mut Item, pin: Pin, id: &str) -> bool {
    let Some(array) = pins
        .as_table_like_mut()
        .and_then(|table| table.get_mut(pin.key()))
        .and_then(Item::as_array_mut)
    else {
        return false;
    };
    let before = array.len();
    array.retain(|known| !known.as_str().is_some_and(|known| same(known, id)));
    array.len() < before
}

/// One may be the beginning of the other.
fn same(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn document(name: &str, text: &str) -> Result<DocumentMut, ConfigErrors> {
    text.parse().map_err(|_| malformed(name, text))
}

/// A file that was read before a person spoilt it.
fn malformed(name: &str, text: &str) -> ConfigErrors {
    ConfigErrors::locate(
        name,
        text,
        vec![(0..0, Fault::new("this file has changed and cannot be edited"))],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::stories;

    const KEPT: &str = "# mine\nid = \"a\" # short\ntitle = \"A\"\nwindow = [\"2009-12-14\"]\nmatch = 'accord'\n\n\
        # decided by reading\n[pins]\nin = [\n  \"i:3f2a\", # the wire\n]\n";

    #[test]
    fn a_pin_changes_nothing_but_its_list() {
        let pinned = pin("a.toml", KEPT, "i:9c01", Pin::Out).unwrap().unwrap();
        assert_eq!(pinned, format!("{KEPT}out = [\"i:9c01\"]\n"));
        assert_eq!(pin("a.toml", &pinned, "i:9c0123456789abcd", Pin::Out).unwrap(), None);
        let turned = pin("a.toml", &pinned, "i:9c01", Pin::In).unwrap().unwrap();
        let spec = stories::parse("a.toml", &turned).unwrap().spec;
        assert_eq!((spec.pins.within.len(), spec.pins.out.len()), (2, 0));
        assert!(
            turned.contains("# the wire") && turned.starts_with("# mine\nid = \"a\" # short"),
            "{turned}"
        );
        let bare = unpin("a.toml", &turned, "i:3f2a").unwrap().unwrap();
        assert_eq!(stories::parse("a.toml", &bare).unwrap().spec.pins.within, ["i:9c01"]);
        assert_eq!(unpin("a.toml", &bare, "i:3f2a").unwrap(), None);
    }

    #[test]
    fn a_file_without_pins_gets_them_at_its_end() {
        let text = "id = \"a\"\ntitle = \"A\"\nwindow = [\"2009-12-14\"]\nmatch = 'accord'\n";
        let pinned = pin("a.toml", text, "i:3f2a", Pin::In).unwrap().unwrap();
        assert_eq!(pinned, format!("{text}\n[pins]\nin = [\"i:3f2a\"]\n"));
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = "id = \"a\"\ntitle = \"“A” \\\"b\\\" 法国\"\nrelation = [\"france\"]\nwindow = [\"2009-12-14\", \"2009-12-15\"]\n\
            match = '''l'accord OR \"droits de l’homme\"'''\ntopic = \"x OR 'y\\n'\"\nexpect = [\"kcna-en\"]\n\
            [probes]\n\"a b\" = '1874'\n[pins]\nin = [\"i:3f2a\"]\nout = [\"i:9c01\"]\n[questions]\nq1 = \"Why?\\tNow?\"\n\
            [notes]\n\"n 1\" = \"x\"\n[gloss]\n\"i:3f2a\" = \"An agreement\"\n";
        let spec = stories::parse("a.toml", text).unwrap().spec;
        let again =
            stories::parse("a.toml", &write(&spec)).unwrap_or_else(|errors| panic!("{errors}\n{}", write(&spec)));
        let sha256 = spec.sha256.clone();
        assert_eq!(crate::model::story::Spec { sha256, ..again.spec }, spec);
    }
}
