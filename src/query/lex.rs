//! Text to tokens of the query language, each with its place in characters.

mod marks;

use std::ops::Range;

use super::error::{Problem, QueryError};
use crate::text::fold::is_ignored;
use crate::text::pieces::is_unspaced;
pub(super) use marks::MARKS;
use marks::{closing, is_stray, opens};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(Distance),
    /// `=`, right before a word or phrase.
    Exact,
    /// A name and a colon; the value follows at once or not.
    Field(String),
    Actor(String),
    Word(String),
    Phrase(String),
}

/// How far apart the sides of NEAR may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Distance {
    /// `None`: not said.
    pub within: Option<u32>,
    pub ordered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub lexeme: Lexeme,
    /// In characters.
    pub span: Range<usize>,
    /// White space comes before it.
    pub spaced: bool,
}

impl Token {
    fn asks_for_story(&self) -> bool {
        self.lexeme == Lexeme::Field("story".to_owned())
    }
}

/// Field names of Factiva's language that are accepted with their own sign: `hd=accord`, `la=fr`.
const FACTIVA: [(&str, &str); 6] = [
    ("hd=", "title"),
    ("la=", "lang"),
    ("by=", "author"),
    ("sn=", "source"),
    ("wc>", "words"),
    ("wc<", "words"),
];

pub(super) fn lex(typed: &str) -> Result<Vec<Token>, QueryError> {
    let chars: Vec<char> = typed.chars().collect();
    let mut lexer = Lexer {
        typed,
        chars: &chars,
        at: 0,
        tokens: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    typed: &'a str,
    chars: &'a [char],
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), QueryError> {
        loop {
            let mut spaced = self.at == 0;
            // What has no width is no space either, and no part of a word.
            while let Some(c) = self.peek(0).filter(|c| is_blank(*c) || is_ignored(*c)) {
                spaced |= is_blank(c);
                self.at += 1;
            }
            let Some(c) = self.peek(0) else { return Ok(()) };
            let start = self.at;
            let lexeme = match c {
                '(' | '（' => self.sign(1, Lexeme::Open),
                ')' | '）' => self.sign(1, Lexeme::Close),
                '|' | '｜' => {
                    let n = 1 + usize::from(self.peek(1) == Some(c));
                    self.sign(n, Lexeme::Or)
                }
                '&' if self.peek(1) == Some('&') => self.sign(2, Lexeme::And),
                '&' => self.sign(1, Lexeme::And),
                '-' | '−' | '－' | '!' | '！' if self.begins_term(1) => self.sign(1, Lexeme::Not),
                '@' | '＠' => self.actor(),
                '=' | '＝' if self.begins_exact() => self.sign(1, Lexeme::Exact),
                _ if opens(&self.chars[start..]) => self.phrase(c)?,
                _ if is_stray(c) => return Err(self.error(Problem::StrayQuote(c), start..start + 1)),
                // The id of a suggested story holds a colon.
                _ if !spaced && self.tokens.last().is_some_and(Token::asks_for_story) => self.word(),
                _ => match self.field() {
                    Some(field) => field,
                    None => self.word(),
                },
            };
            self.tokens.push(Token {
                lexeme,
                span: start..self.at,
                spaced,
            });
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn sign(&mut self, n: usize, lexeme: Lexeme) -> Lexeme {
        self.at += n;
        lexeme
    }

    /// A dash before a blank is a dash.
    fn begins_term(&self, ahead: usize) -> bool {
        self.peek(ahead)
            .is_some_and(|c| !is_blank(c) && !is_ignored(c) && !matches!(c, ')' | '）'))
    }

    fn begins_exact(&self) -> bool {
        let next = self.chars.get(self.at + 1..).unwrap_or_default();
        next.first().is_some_and(|c| c.is_alphanumeric()) || opens(next)
    }

    fn actor(&mut self) -> Lexeme {
        self.at += 1;
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        {
            self.at += 1;
        }
        Lexeme::Actor(self.chars[start..self.at].iter().collect())
    }

    fn phrase(&mut self, open: char) -> Result<Lexeme, QueryError> {
        let start = self.at;
        let Some((length, _)) = closing(&self.chars[start..]) else {
            let error = self.error(Problem::OpenQuote(open), start..start + 1);
            let close = MARKS.iter().find(|(known, _)| *known == open).map_or(open, |(_, c)| *c);
            return Err(error.hint(format!("close the phrase with {close}, or leave the mark out")));
        };
        let body = &self.chars[start + 1..start + 1 + length];
        self.at = start + length + 2;
        Ok(Lexeme::Phrase(body.iter().collect()))
    }

    /// `name:` with a value right behind, or any known name and a colon.
    fn field(&mut self) -> Option<Lexeme> {
        let rest = &self.chars[self.at..];
        for (sign, name) in FACTIVA {
            let n = sign.chars().count();
            if rest.len() > n && rest.iter().zip(sign.chars()).all(|(c, s)| c.eq_ignore_ascii_case(&s)) {
                // The sign of a number belongs to its value: words:>300.
                let n = n - usize::from(!sign.ends_with('='));
                return Some(self.sign(n, Lexeme::Field(name.to_owned())));
            }
        }
        let n = rest
            .iter()
            .take(32)
            .take_while(|c| c.is_ascii_alphanumeric() || **c == '_')
            .count();
        let colon = rest.get(n).copied()?;
        if n == 0 || !rest[0].is_ascii_alphabetic() || !matches!(colon, ':' | '：') {
            return None;
        }
        let name: String = rest[..n].iter().map(char::to_ascii_lowercase).collect();
        // "https://…" is an address, "Paris : la ville" and "Paris: la ville" are text.
        let address = rest.get(n + 1) == Some(&'/') && name != "url";
        let bare = rest.get(n + 1).is_none_or(|c| is_blank(*c));
        let known = super::terms::Field::parse(&name).is_some();
        if address || (!known && (bare || colon == '：')) {
            return None;
        }
        Some(self.sign(n + 1, Lexeme::Field(name)))
    }

    fn word(&mut self) -> Lexeme {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            let ends = is_blank(c)
                || matches!(c, '(' | ')' | '（' | '）' | '|' | '｜')
                || is_stray(c)
                || self.at > start && (marks::breaks(c) || self.glued().is_some());
            if ends {
                break;
            }
            if self.at == start
                && let Some(n) = self.glued()
            {
                self.at += n;
                break;
            }
            self.at += 1;
        }
        let typed = self.chars[start..self.at].iter().filter(|c| !is_ignored(**c));
        let word: String = typed.collect();
        operator(&word).unwrap_or(Lexeme::Word(word))
    }

    /// An operator that characters written without spaces stand right beside, as they are typed in Chinese: 法国AND文化.
    /// How many characters it has.
    fn glued(&self) -> Option<usize> {
        let rest = &self.chars[self.at..];
        let first = rest.first().copied().map(narrow)?;
        if !matches!(first, 'A' | 'O' | 'N' | 'w' | 'W' | 'a' | 'n') {
            return None;
        }
        let n = rest
            .iter()
            .take(LONGEST_OPERATOR)
            .take_while(|c| matches!(narrow(**c), 'a'..='z' | 'A'..='Z' | '0'..='9' | '/'))
            .count();
        let said: String = rest[..n].iter().collect();
        // N5 and adj5 stand in the names of things.
        let plainly = matches!(operator(&said)?, Lexeme::And | Lexeme::Or | Lexeme::Not)
            || narrow(first).is_ascii_uppercase() && said.chars().map(narrow).any(|c| c == 'E')
            || said.chars().map(narrow).any(|c| c == '/');
        let before = self.at.checked_sub(1).and_then(|before| self.chars.get(before));
        let after = rest.get(n);
        let beside = |c: Option<&char>| c.is_some_and(|c| is_unspaced(*c));
        let free = |c: Option<&char>| c.is_none_or(|c| is_unspaced(*c) || !c.is_alphanumeric());
        (plainly && (beside(before) || beside(after)) && free(before) && free(after)).then_some(n)
    }

    fn error(&self, problem: Problem, span: Range<usize>) -> QueryError {
        QueryError::new(self.typed, problem, span)
    }
}

/// `NEAR`, `NEAR/5`, `near5`, `N5` in any order; `w/5`, `adj5`, `ADJ` in the order typed.
pub(super) fn distance(word: &str) -> Option<Distance> {
    let number = |digits: &str| {
        let digits_only = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits_only.then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
    };
    let lower = word.to_ascii_lowercase();
    let after = |name: &str| lower.strip_prefix(name).and_then(number);
    // A letter and more digits than a distance has are a number of something: N20091214001.
    let short = |n: &u32| *n < u32::MAX;
    let near = after("near/")
        .or_else(|| after("near"))
        .or_else(|| word.strip_prefix('N').and_then(number).filter(short));
    let ordered = after("w/")
        .or_else(|| after("adj"))
        .or_else(|| (word == "ADJ").then_some(1));
    match (near, ordered) {
        _ if word == "NEAR" => Some(Distance {
            within: None,
            ordered: false,
        }),
        (Some(_), _) => Some(Distance {
            within: near,
            ordered: false,
        }),
        (None, Some(_)) => Some(Distance {
            within: ordered,
            ordered: true,
        }),
        (None, None) => None,
    }
}

/// The operator that a word is, in narrow or full-width letters.
fn operator(word: &str) -> Option<Lexeme> {
    let narrowed: String = word.chars().map(narrow).collect();
    match narrowed.as_str() {
        "AND" => Some(Lexeme::And),
        "OR" => Some(Lexeme::Or),
        "NOT" => Some(Lexeme::Not),
        _ => distance(&narrowed).map(Lexeme::Near),
    }
}

/// Would this be read as an operator, or be cut at one?
pub(super) fn holds_operator(text: &str) -> bool {
    !matches!(lex(text).as_deref(), Ok([Token { lexeme: Lexeme::Word(word), .. }]) if word == text)
}

/// Is this a phrase between these marks, and nothing else?
pub(super) fn is_phrase(typed: &str, text: &str) -> bool {
    matches!(lex(typed).as_deref(), Ok([Token { lexeme: Lexeme::Phrase(phrase), .. }]) if phrase == text)
}

/// Characters of the longest operator: NEAR/10000.
const LONGEST_OPERATOR: usize = 10;

/// A full-width sign as the narrow one.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// White space and controls.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}
