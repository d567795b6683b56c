//! Quotation marks of every kind, and what they hold.
//!
//! Takes a text, gives spans in its order; where quotations nest, the outer one. Never decides whether it is speech.

use std::ops::Range;

/// What stands between two quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The opening mark.
    pub kind: &'static str,
    /// Bytes with the marks.
    pub outside: Range<usize>,
    /// Bytes without them and without the spaces that French sets.
    pub inside: Range<usize>,
}

/// Opening marks, and what closes them.
const PAIRS: [(char, &[char], &str); 9] = [
    ('«', &['»'], "«"),
    ('“', &['”', '“'], "“"),
    ('„', &['“', '”'], "„"),
    ('「', &['」'], "「"),
    ('『', &['』'], "『"),
    ('‹', &['›'], "‹"),
    ('"', &['"'], "\""),
    ('＂', &['＂'], "＂"),
    ('‘', &['’'], "‘"),
];

/// A quotation longer than this has lost its closing mark.
const LONGEST: usize = 4_000;

pub fn quoted(text: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = next_opening(text, from) {
        match closing(text, &open) {
            Some((inside_end, end)) => {
                let inside = trimmed(text, open.inside..inside_end);
                if !inside.is_empty() {
                    found.push(Quoted {
                        kind: open.kind,
                        outside: open.at..end,
                        inside,
                    });
                }
                from = end;
            }
            None => from = open.inside,
        }
    }
    found
}

struct Opening {
    at: usize,
    inside: usize,
    kind: &'static str,
    mark: char,
    closes: &'static [char],
}

fn next_opening(text: &str, from: usize) -> Option<Opening> {
    let rest = text.get(from..)?;
    rest.char_indices().find_map(|(at, c)| {
        let (mark, closes, kind) = PAIRS.iter().find(|(open, ..)| *open == c)?;
        let at = from + at;
        let inside = at + c.len_utf8();
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(inside..)?.chars().next();
        let opens = match c {
            // An apostrophe has a letter before it; an inch mark a digit.
            '‘' => {
                before.is_none_or(|c| !c.is_alphanumeric() || is_wide(c)) && after.is_some_and(|c| !c.is_whitespace())
            }
            '"' => before.is_none_or(|c| !c.is_ascii_digit()) && after.is_some_and(|c| !c.is_whitespace()),
            _ => true,
        };
        opens.then_some(Opening {
            at,
            inside,
            kind,
            mark: *mark,
            closes,
        })
    })
}

/// Where the inside ends, and where the closing mark does. A quotation goes on over a paragraph only where the next one
/// begins with its opening mark, as newspapers print long speech.
fn closing(text: &str, open: &Opening) -> Option<(usize, usize)> {
    let rest = text.get(open.inside..)?;
    let mut depth = 0usize;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if at > LONGEST {
            return None;
        }
        let here = open.inside + at;
        if c == '\n' {
            let ahead = text.get(here..)?.trim_start();
            let reopens = ahead.starts_with(open.mark) && open.mark != '"';
            if !reopens {
                return None;
            }
            let mark = text.len() - ahead.len();
            while chars.next_if(|(next, _)| open.inside + next <= mark).is_some() {}
            continue;
        }
        if open.closes.contains(&c) {
            // ’ within a word is an apostrophe.
            let letter_after = chars
                .peek()
                .is_some_and(|(_, next)| next.is_alphanumeric() && !is_wide(*next));
            if c == '’' && letter_after {
                continue;
            }
            if depth == 0 {
                return Some((here, here + c.len_utf8()));
            }
            depth -= 1;
        } else if c == open.mark {
            depth += 1;
        }
    }
    None
}

fn is_wide(c: char) -> bool {
    super::pieces::is_unspaced(c)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inside(text: &str) -> Vec<&str> {
        quoted(text).into_iter().map(|span| &text[span.inside]).collect()
    }

    #[test]
    fn marks_of_every_kind() {
        for (text, found) in [
            (
                "Il parle de « mécanismes permanents » et d’un «\u{202F}pont\u{202F}».",
                vec!["mécanismes permanents", "pont"],
            ),
            ("他说：“文化是‘桥梁’。”她问。", vec!["文化是‘桥梁’。"]),
            ("他說「文化是『橋樑』」。", vec!["文化是『橋樑』"]),
            ("He said \"a bridge\" and left. \"Why?\"", vec!["a bridge", "Why?"]),
            ("He said ‘it’s a bridge’ and left", vec!["it’s a bridge"]),
            ("그는 \"다리\"라고 말했다.", vec!["다리"]),
            ("Er sagte „eine Brücke“ dazu", vec!["eine Brücke"]),
            ("l’accord d’hier, the workers’ hall, 5\" pipe", vec![]),
            ("« Un.\n\n« Deux. » Fin.", vec!["Un.\n\n« Deux."]),
            ("« Jamais fermé.\n\nAutre « oui » fin", vec!["oui"]),
            ("a « b « c » d » e", vec!["b « c » d"]),
            ("«  »", vec![]),
        ] {
            assert_eq!(inside(text), found, "{text}");
        }
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_within(text in "[ a«»“”\"‘’「」\n文。]{0,40}") {
            let mut at = 0;
            for span in quoted(&text) {
                prop_assert!(span.outside.start >= at);
                prop_assert!(span.outside.start < span.inside.start && span.inside.end < span.outside.end);
                prop_assert!(!text[span.inside.clone()].trim().is_empty());
                at = span.outside.end;
            }
        }
    }
}
