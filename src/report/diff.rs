//! Two versions of an article on a terminal: what went, what came, and around it enough to read on.

use crate::model::article::Field;
use crate::model::evidence::{Change, Difference, VersionHead};
use crate::report::clean;
use crate::report::evidence::class;
use crate::report::table::wrap;
use crate::text::durations;

/// Characters shown before and behind a change.
const AROUND: usize = 48;

/// With `colours`, what went is red and what came is green; the marks are there either way.
pub fn terminal(difference: &Difference, colours: bool) -> String {
    let mut out = format!(
        "{}  {}\n{}\n",
        difference.article_id,
        clean::line(&difference.source_id),
        clean::line(&difference.url)
    );
    out.push_str(&wrap(
        &format!("{} → {}", head(&difference.from), head(&difference.to)),
        0,
        4,
    ));
    out.push_str(&wrap(
        &clean::line(&format!(
            "{}: {} (+{} −{} words or characters)",
            class(difference.class),
            difference.why,
            difference.added,
            difference.removed
        )),
        0,
        4,
    ));
    for (field, text) in [
        (Field::Title, difference.title.as_str()),
        (Field::Lead, difference.lead.as_str()),
        (Field::Body, difference.body.as_str()),
    ] {
        let changes: Vec<&Change> = difference
            .changes
            .iter()
            .filter(|change| change.field == field)
            .collect();
        if changes.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{}\n", field.as_str()));
        let chars: Vec<char> = text.chars().collect();
        for passage in passages(&changes, chars.len()) {
            let line = marked(&passage, &changes, &chars);
            let wrapped = wrap(&clean::line(&line), 2, 2);
            out.push_str(&if colours { coloured(&wrapped) } else { wrapped });
        }
    }
    out
}

fn head(version: &VersionHead) -> String {
    format!("version {}, seen {}", version.n, durations::minute_utc(version.seen_at))
}

/// Changes so near each other that one passage shows them: which, and from where to where.
struct Passage {
    changes: std::ops::Range<usize>,
    from: usize,
    to: usize,
}

fn passages(changes: &[&Change], length: usize) -> Vec<Passage> {
    let mut found: Vec<Passage> = Vec::new();
    for (n, change) in changes.iter().enumerate() {
        let from = change.start.saturating_sub(AROUND);
        let to = (change.end + AROUND).min(length);
        match found.last_mut().filter(|last| last.to >= from) {
            Some(last) => {
                last.changes.end = n + 1;
                last.to = to;
            }
            None => found.push(Passage {
                changes: n..n + 1,
                from,
                to,
            }),
        }
    }
    found
}

fn marked(passage: &Passage, changes: &[&Change], chars: &[char]) -> String {
    let cut = |from: usize, to: usize| -> String { chars.get(from..to).unwrap_or_default().iter().collect() };
    let mut line = if passage.from > 0 {
        "…".to_owned()
    } else {
        String::new()
    };
    let mut at = passage.from;
    for change in changes.get(passage.changes.clone()).unwrap_or_default() {
        line.push_str(&cut(at, change.start));
        let word = |text: &str| text.trim().to_owned();
        if !word(&change.before).is_empty() {
            line.push_str(&format!("[-{}-]", word(&change.before)));
        }
        if !word(&change.after).is_empty() {
            line.push_str(&format!("{{+{}+}}", word(&change.after)));
        }
        if change.after.ends_with(char::is_whitespace) || change.after.is_empty() && change.before.ends_with(' ') {
            line.push(' ');
        }
        at = change.end;
    }
    line.push_str(&cut(at, passage.to));
    if passage.to < chars.len() {
        line.push('…');
    }
    line
}

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const PLAIN: &str = "\u{1b}[0m";

fn coloured(text: &str) -> String {
    text.replace("[-", &format!("{RED}[-"))
        .replace("-]", &format!("-]{PLAIN}"))
        .replace("{+", &format!("{GREEN}{{+"))
        .replace("+}", &format!("+}}{PLAIN}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::ChangeClass;

    fn difference() -> Difference {
        let head = |n| VersionHead {
            n,
            seen_at: "2009-12-17T06:10:00Z".parse().unwrap(),
        };
        Difference {
            article_id: "i:3f2a".to_owned(),
            source_id: "gazette".to_owned(),
            url: "https://www.gazette.example/a\u{1b}[2J".to_owned(),
            from: head(1),
            to: head(2),
            class: ChangeClass::Minor,
            why: "2 words".to_owned(),
            title_changed: false,
            added: 1,
            removed: 1,
            title: "Titre".to_owned(),
            lead: String::new(),
            body: format!("{} un accord clair {}", "mot ".repeat(30), "法国".repeat(80)),
            changes: vec![Change {
                field: Field::Body,
                before: "flou".to_owned(),
                after: "clair".to_owned(),
                start: 131,
                end: 136,
            }],
        }
    }

    #[test]
    fn what_went_and_came_is_marked_within_a_hundred_columns() {
        use unicode_width::UnicodeWidthStr;
        let plain = terminal(&difference(), false);
        assert!(plain.contains("accord [-flou-]{+clair+} "), "{plain}");
        assert!(plain.lines().all(|line| line.width() <= 100), "{plain}");
        assert!(!plain.contains('\u{1b}'), "{plain}");
        let colours = terminal(&difference(), true);
        assert!(
            colours.contains("\u{1b}[31m[-flou-]\u{1b}[0m\u{1b}[32m{+clair+}\u{1b}[0m"),
            "{colours}"
        );
        assert!(!colours.contains("[2J\u{1b}") && !colours.contains("\u{1b}[2J"));
    }
}
