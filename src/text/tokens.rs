//! Tokens of the search index and of queries.
//!
//! Takes text, gives folded tokens with their place in the original. Never writes a token that FTS5 would read
//! otherwise: letters and digits only, so that `unicode61` splits at our spaces and nowhere else.
//!
//! Han, kana and Hangul runs become overlapping bigrams plus the run's last character alone: 法国文化 is
//! `法国 国文 文化 化`, so that any stretch of two characters or more is a phrase of bigrams and a single character is a
//! prefix (`文*` finds 文化, `化*` finds the last). Recall and precision are both 1 against substring search.

use super::pieces::{Piece, Run, pieces};
use super::plain::{Plain, UnitKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Folded.
    pub text: String,
    /// Bytes in the original.
    pub start: usize,
    pub end: usize,
    pub kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    Number,
    /// Two neighbouring characters of a Han, kana or Hangul run.
    Bigram,
    /// The last character of such a run.
    Last,
}

/// What a word, phrase or run of the query looks for: tokens in sequence, the last one as a prefix if so marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryTokens {
    pub tokens: Vec<String>,
    pub prefix: bool,
}

/// The tokens of `text` as the index holds them: the n-th is at FTS5 position n.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 4);
    each_token(text, |token, start, end, kind| {
        found.push(Token {
            text: token.to_owned(),
            start,
            end,
            kind,
        })
    });
    found
}

/// The same without a copy: folded text, start and end in the original, kind.
pub fn each_token(text: &str, mut each: impl FnMut(&str, usize, usize, TokenKind)) {
    pieces(text, |piece| match piece {
        Piece::Word {
            text,
            start,
            end,
            number,
        } => {
            each(
                text,
                start,
                end,
                if number { TokenKind::Number } else { TokenKind::Word },
            );
        }
        Piece::Run(run) => {
            each_bigram(run, |token, start, end| each(token, start, end, TokenKind::Bigram));
            let (last, start, end) = run.span(run.len() - 1, run.len());
            each(last, start, end, TokenKind::Last);
        }
    });
}

/// The tokens of a text that was folded already.
pub fn each_token_of(plain: &Plain, mut each: impl FnMut(&str, usize, usize, TokenKind)) {
    let units = plain.units();
    for (n, unit) in units.iter().enumerate() {
        let bytes = unit.bytes();
        match unit.kind {
            UnitKind::Word => each(plain.folded(n), bytes.start, bytes.end, TokenKind::Word),
            UnitKind::Number => each(plain.folded(n), bytes.start, bytes.end, TokenKind::Number),
            UnitKind::First | UnitKind::Next => match units.get(n + 1).filter(|next| next.kind == UnitKind::Next) {
                Some(next) => {
                    let end = next.bytes().end;
                    each(plain.stretch(n, n + 2), bytes.start, end, TokenKind::Bigram);
                }
                None => each(plain.folded(n), bytes.start, bytes.end, TokenKind::Last),
            },
        }
    }
}

/// The text to write into an FTS5 column: tokens joined by spaces.
pub fn index_text(text: &str) -> String {
    // Bigrams take 7 bytes for every 3 of Han text; words stay as long as they are.
    let mut joined = String::with_capacity(text.len() + text.len() / 2);
    each_token(text, |token, _, _, _| {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(token);
    });
    joined
}

/// The tokens to look for. A run that ends the query may go on in the text, so its last character is not required alone;
/// a run before another word must end there, so it is.
pub fn query_tokens(text: &str) -> QueryTokens {
    let mut query = QueryTokens::default();
    let mut open_end: Option<String> = None;
    pieces(text, |piece| {
        query.tokens.extend(open_end.take());
        match piece {
            Piece::Word { text, .. } => query.tokens.push(text.to_owned()),
            Piece::Run(run) => {
                each_bigram(run, |token, _, _| query.tokens.push(token.to_owned()));
                open_end = Some(run.span(run.len() - 1, run.len()).0.to_owned());
                query.prefix = run.len() == 1;
            }
        }
    });
    match open_end {
        Some(last) if query.prefix => query.tokens.push(last),
        Some(_) => {}
        None => query.prefix = false,
    }
    query
}

fn each_bigram(run: &Run, mut each: impl FnMut(&str, usize, usize)) {
    for first in 0..run.len().saturating_sub(1) {
        let (token, start, end) = run.span(first, first + 2);
        each(token, start, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_token_knows_where_it_stood() {
        let text = "L’Élysée : U.N., 法國·文化 — 1,184 e\u{301}te\u{301}.";
        let found = tokens(text);
        let seen: Vec<(&str, &str)> = found.iter().map(|t| (t.text.as_str(), &text[t.start..t.end])).collect();
        let expected = [
            ("elysee", "Élysée"),
            ("un", "U.N"),
            ("法国", "法國"),
            ("国文", "國·文"),
            ("文化", "文化"),
            ("化", "化"),
            ("1184", "1,184"),
            ("ete", "e\u{301}te\u{301}"),
        ];
        assert_eq!(seen, expected);
        assert_eq!(found[6].kind, TokenKind::Number);
        assert_eq!(found[5].kind, TokenKind::Last);
    }

    proptest! {
        #[test]
        fn places_are_boundaries_in_order(text in "\\PC{0,60}") {
            let mut last = 0;
            for token in tokens(&text) {
                prop_assert!(text.get(token.start..token.end).is_some_and(|place| !place.is_empty()));
                prop_assert!(token.start >= last);
                prop_assert!(!token.text.is_empty());
                last = token.start;
            }
        }

        #[test]
        fn a_folded_text_has_the_same_tokens(text in "\\PC{0,60}") {
            let mut found = Vec::new();
            each_token_of(&crate::text::plain::plain(&text), |token, start, end, kind| {
                found.push(Token { text: token.to_owned(), start, end, kind });
            });
            prop_assert_eq!(found, tokens(&text));
        }

        #[test]
        fn what_is_indexed_is_read_as_itself(text in "\\PC{0,60}") {
            // Bigrams read as such would be cut again; words and numbers must come out as they went in.
            let words: Vec<String> = tokens(&text).into_iter()
                .filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).map(|t| t.text).collect();
            let again: Vec<String> = tokens(&words.join(" ")).into_iter().map(|t| t.text).collect();
            prop_assert_eq!(words, again);
        }

        #[test]
        fn a_stretch_of_han_is_found_where_it_stands(before in "[中朝法国文化合作]{0,5}", word in "[中朝法国文化合作]{1,4}", after in "[中朝法国文化合作]{0,5}") {
            let index: Vec<String> = tokens(&format!("{before}{word}{after}")).into_iter().map(|t| t.text).collect();
            let query = query_tokens(&word);
            let found = index.windows(query.tokens.len()).any(|window| {
                window.iter().zip(&query.tokens).enumerate().all(|(i, (have, want))| {
                    have == want || query.prefix && i + 1 == query.tokens.len() && have.starts_with(want)
                })
            });
            prop_assert!(found);
        }
    }
}
