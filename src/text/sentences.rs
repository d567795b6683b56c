//! Paragraphs and sentences, with their bytes in the original.
//!
//! Takes text, gives ranges that lie in order, do not overlap and begin and end without space. Never changes a byte.

use std::ops::Range;

use super::abbreviations;

/// Stretches between blank lines.
pub fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            push_trimmed(text, start..at, &mut found);
            start = at + line.len();
        }
        at += line.len();
    }
    push_trimmed(text, start..text.len(), &mut found);
    found
}

/// Sentences. A line end closes one too: headlines, bylines and list items have no full stop.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        let stop = match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => Stop::Always,
            '。' | '！' | '？' | '｡' => Stop::Always,
            '.' | '!' | '?' | '…' | '؟' | '۔' | '।' | '．' => Stop::BeforeSpace,
            _ => continue,
        };
        // Further stops (?!, ……) and closing quotation marks belong to the sentence they end.
        let (mut last_stop, mut alone) = (c, true);
        while let Some(&(_, next)) = chars.peek().filter(|(_, next)| is_stop(*next) || is_closing(*next)) {
            end += next.len_utf8();
            chars.next();
            if is_stop(next) {
                (last_stop, alone) = (next, false);
            }
        }
        // French sets a space before the closing guillemet: « Oui ! »
        let ahead = text.get(end..).unwrap_or_default();
        let guillemet = ahead.trim_start_matches([' ', '\u{00A0}', '\u{202F}']);
        if guillemet.starts_with('»') && guillemet.len() < ahead.len() {
            end += ahead.len() - guillemet.len() + '»'.len_utf8();
            while chars.peek().is_some_and(|&(next, _)| next < end) {
                chars.next();
            }
        }
        if stop == Stop::BeforeSpace && !is_wide(last_stop) {
            let ahead = text.get(end..).unwrap_or_default();
            let mut rest = ahead.chars();
            let ends_here = match rest.next() {
                None => true,
                Some(next) if next.is_whitespace() => {
                    let after = rest.find(|c| !c.is_whitespace() && !is_opening(*c));
                    let before = || text.get(start..at).unwrap_or_default();
                    let goes_on = after.is_some_and(char::is_lowercase)
                        || (c == '.' && alone && abbreviations::goes_on(before(), ahead));
                    !goes_on
                }
                Some(_) => false,
            };
            if !ends_here {
                continue;
            }
        }
        push_trimmed(text, start..end, &mut found);
        start = end;
    }
    push_trimmed(text, start..text.len(), &mut found);
    found
}

#[derive(PartialEq)]
enum Stop {
    Always,
    BeforeSpace,
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '｡')
}

fn is_wide(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | '›' | '」' | '』' | '）' | ')' | '】' | '》' | '〉' | ']'
    )
}

pub(super) fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '“' | '‘' | '«' | '‹' | '「' | '『' | '（' | '(' | '【' | '《' | '—' | '–' | '-'
    )
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let Some(part) = text.get(range.clone()) else { return };
    let trimmed = part.trim();
    if trimmed.is_empty() {
        return;
    }
    let start = range.start + (part.len() - part.trim_start().len());
    found.push(start..start + trimmed.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[derive(serde::Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        text: String,
        sentences: Vec<String>,
    }

    #[test]
    fn every_case() {
        let cases: Cases = toml::from_str(include_str!("../../tests/cases/sentences.toml")).unwrap();
        let mut wrong = String::new();
        for case in cases.case {
            let cut = cut(&case.text);
            if cut != case.sentences {
                wrong.push_str(&format!("{}: {cut:#?}\n", case.name));
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    #[test]
    fn latin_sentences() {
        assert_eq!(
            cut("M. Lang a vu J. Dupont à 10.30. « Oui ! » dit-il. Et après ? Rien… Bon."),
            [
                "M. Lang a vu J. Dupont à 10.30.",
                "« Oui ! » dit-il.",
                "Et après ?",
                "Rien…",
                "Bon."
            ]
        );
        assert_eq!(
            cut("The U.S. envoy left. \"Why?\" she asked. Growth was 3.5 percent at Acme Inc. last year."),
            [
                "The U.S. envoy left.",
                "\"Why?\" she asked.",
                "Growth was 3.5 percent at Acme Inc. last year."
            ]
        );
    }

    #[test]
    fn chinese_sentences() {
        assert_eq!(
            cut("港口开放了。“真的吗？”他问。代表团说：好！下周再来……\n新闻稿"),
            [
                "港口开放了。",
                "“真的吗？”",
                "他问。",
                "代表团说：好！",
                "下周再来……",
                "新闻稿"
            ]
        );
        assert_eq!(
            cut("항구가 열렸다. 대표단이 왔다."),
            ["항구가 열렸다.", "대표단이 왔다."]
        );
    }

    #[test]
    fn paragraphs_stand_between_blank_lines() {
        let text = "One.\nStill one.\n\n  \nTwo.\r\n\r\nThree.";
        let found: Vec<&str> = paragraphs(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["One.\nStill one.", "Two.", "Three."]);
        assert!(paragraphs(" \n ").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_but_space_is_left_out(text in "[ \n.!?。！？…a-zA-Z法国“”«»’0-9]{0,60}") {
            for ranges in [sentences(&text), paragraphs(&text)] {
                let mut at = 0;
                for range in ranges {
                    prop_assert!(text[at..range.start].trim().is_empty());
                    prop_assert!(!text[range.clone()].is_empty());
                    at = range.end;
                }
                prop_assert!(text[at..].trim().is_empty());
            }
        }
    }
}
