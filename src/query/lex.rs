//! Text to tokens of the query language, each with its place in characters.

use std::ops::Range;

use super::error::{Problem, QueryError};

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
            let before = self.at;
            while self.peek(0).is_some_and(is_blank) {
                self.at += 1;
            }
            let spaced = self.at > before || before == 0;
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
                _ if closer(c).is_some() => self.phrase(c)?,
                '»' | '」' | '』' => return Err(self.error(Problem::StrayQuote(c), start..start + 1)),
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
            .is_some_and(|c| !is_blank(c) && !matches!(c, ')' | '）'))
    }

    fn begins_exact(&self) -> bool {
        self.peek(1).is_some_and(|c| c.is_alphanumeric() || closer(c).is_some())
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
        let close = closer(open).unwrap_or(open);
        let body = &self.chars[start + 1..];
        let Some(length) = body.iter().position(|c| *c == close) else {
            let error = self.error(Problem::OpenQuote(open), start..start + 1);
            return Err(error.hint(format!("close the phrase with {close}, or leave the mark out")));
        };
        self.at = start + length + 2;
        Ok(Lexeme::Phrase(body[..length].iter().collect()))
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
                || matches!(c, '(' | ')' | '（' | '）' | '|' | '｜' | '»' | '」' | '』')
                || (self.at > start && closer(c).is_some());
            if ends {
                break;
            }
            self.at += 1;
        }
        let word: String = self.chars[start..self.at].iter().collect();
        match word.as_str() {
            "AND" => Lexeme::And,
            "OR" => Lexeme::Or,
            "NOT" => Lexeme::Not,
            _ => distance(&word).map_or(Lexeme::Word(word), Lexeme::Near),
        }
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

fn closer(open: char) -> Option<char> {
    Some(match open {
        '"' => '"',
        '＂' => '＂',
        '“' => '”',
        // Typed on a Chinese keyboard, the second mark sometimes opens.
        '”' => '”',
        '„' => '“',
        '«' => '»',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

/// White space, controls, and marks that only steer the direction of writing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
