//! Tokens to expression, by recursive descent of bounded depth.
//!
//! Takes what was typed, gives the expression, what was expanded, and what to warn of. A word that looks
//! like an operator of the language is never read as a word.

mod filters;
mod naming;
mod near;

use std::ops::Range;

use jiff::tz::TimeZone;

use super::error::{Problem, QueryError, nearest};
use super::expand::Names;
use super::lex::{Lexeme, Token, lex};
use super::terms::Field;
use super::{Context, Expansion, Value};
use crate::model::article;
use crate::model::query::{Expr, Word};
use crate::text::plain::plain;
use crate::text::tokens::query_tokens;
use naming::bare_text;

/// Deeper nesting is no question that anybody asks.
const MAX_DEPTH: usize = 64;
/// In bytes; a pasted page is no query.
const MAX_LENGTH: usize = 64 << 10;
/// Each is a term of an SQL expression, and SQLite allows 1,000 in a row.
const MAX_FILTERS: usize = 500;
/// Percentiles of all articles, articles of a story, articles read one by one: each a question of its own.
const MAX_COSTLY: usize = 10;
/// Nobody reads more.
const MAX_WARNINGS: usize = 20;
/// Signs that mean something to who types them, and that no index holds.
const UNSEARCHED: &str = "+$€£¥#%°§";
/// A prefix of two letters finds half the dictionary.
const SHORTEST_PREFIX: usize = 3;

pub(super) struct Outcome {
    pub expr: Expr,
    pub expansions: Vec<Expansion>,
    pub warnings: Vec<String>,
    pub values: Vec<Value>,
}

pub(super) fn parse(typed: &str, ctx: &Context<'_>, names: &Names) -> Result<Outcome, QueryError> {
    if typed.len() > MAX_LENGTH {
        return Err(QueryError::new(typed, Problem::TooLong(MAX_LENGTH), 0..1));
    }
    let zone = TimeZone::get(ctx.zone).map_err(|_| QueryError::new(typed, Problem::Zone(ctx.zone.to_owned()), 0..0))?;
    let mut parser = Parser {
        typed,
        ctx,
        zone,
        names,
        tokens: lex(typed)?,
        at: 0,
        depth: 0,
        filters: 0,
        costly: 0,
        bridged: 0,
        expansions: Vec::new(),
        warnings: Vec::new(),
        values: Vec::new(),
        in_stretch: false,
        unsearchable: None,
    };
    let expr = parser.whole()?;
    Ok(Outcome {
        expr,
        expansions: parser.expansions,
        warnings: parser.warnings,
        values: parser.values,
    })
}

struct Parser<'a> {
    typed: &'a str,
    ctx: &'a Context<'a>,
    zone: TimeZone,
    names: &'a Names,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    filters: usize,
    costly: usize,
    /// Words that the dictionaries were asked for.
    bridged: usize,
    expansions: Vec<Expansion>,
    warnings: Vec<String>,
    values: Vec<Value>,
    /// Within `same:` or `sent:`.
    in_stretch: bool,
    /// The first term that holds nothing to search for.
    unsearchable: Option<(String, Range<usize>)>,
}

/// One operand of an AND, before names are looked for.
struct Item {
    /// `None`: it held nothing to search for.
    expr: Option<Expr>,
    negated: bool,
    /// A word that may be a part of a longer name with its neighbours.
    bare: bool,
    /// Joined to the one before by nothing but a space.
    adjacent: bool,
}

type Parsed<T> = Result<T, QueryError>;

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Expr> {
        if self.tokens.is_empty() {
            return Ok(Expr::Everything);
        }
        let expr = self.or(None)?;
        if let Some(token) = self.peek() {
            // Only a closing parenthesis ends an expression early.
            return Err(self.error(Problem::StrayParenthesis, token.span.clone()));
        }
        match expr {
            Some(expr) if is_positive(&expr) => Ok(expr),
            Some(_) => Err(self.not_alone(0..self.tokens.len())),
            None => {
                let (text, span) = self.unsearchable.take().unwrap_or_default();
                Err(self.error(Problem::Unsearchable(format!("“{text}”")), span).hint(
                    "words, names, numbers and Chinese or Korean characters are indexed; signs and emoji are not",
                ))
            }
        }
    }

    fn or(&mut self, field: Option<Field>) -> Parsed<Option<Expr>> {
        let mut branches = Vec::new();
        let mut several = false;
        loop {
            let start = self.at;
            let branch = self.and(field)?;
            let more = self.eat(&Lexeme::Or);
            several |= more;
            if several && branch.as_ref().is_some_and(|branch| !is_positive(branch)) {
                return Err(self.not_alone(start..self.at));
            }
            branches.extend(branch);
            if !more {
                break;
            }
        }
        Ok(gather(branches, Expr::Or))
    }

    fn and(&mut self, field: Option<Field>) -> Parsed<Option<Expr>> {
        let mut items: Vec<Item> = Vec::new();
        let mut adjacent = false;
        loop {
            match self.peek().map(|token| &token.lexeme) {
                None | Some(Lexeme::Or | Lexeme::Close) if !items.is_empty() && adjacent => break,
                None | Some(Lexeme::Or | Lexeme::Close | Lexeme::And) => return Err(self.missing()),
                Some(_) => {}
            }
            let mut item = self.not(field)?;
            item.adjacent = adjacent;
            items.push(item);
            adjacent = !self.eat(&Lexeme::And);
        }
        self.doubt(&items);
        let parts = self.join_names(items)?;
        Ok(gather(parts, Expr::And))
    }

    fn not(&mut self, field: Option<Field>) -> Parsed<Item> {
        let start = self.at;
        let mut negated = false;
        while self.eat(&Lexeme::Not) {
            negated = !negated;
        }
        if self.at > start && self.peek().is_none_or(|token| token.lexeme.is_operator()) {
            return Err(self.missing());
        }
        let (expr, bare) = self.near(field)?;
        if negated && expr.as_ref().is_some_and(|expr| !is_positive(expr)) {
            return Err(self.not_alone(start..self.at));
        }
        Ok(Item {
            expr,
            negated,
            bare,
            adjacent: false,
        })
    }

    fn atom(&mut self, field: Option<Field>) -> Parsed<(Option<Expr>, bool)> {
        let Some(token) = self.peek().cloned() else {
            return Err(self.missing());
        };
        self.at += 1;
        match token.lexeme {
            Lexeme::Open => Ok((self.group(field, token.span)?, false)),
            Lexeme::Field(name) => Ok((self.field(&name, field, token.span)?, false)),
            Lexeme::Exact => Ok((self.exact(field, token.span)?, false)),
            Lexeme::Actor(id) => Ok((Some(self.actor(&id, field, token.span)?), false)),
            Lexeme::Phrase(text) => match field {
                None | Some(Field::Text(_)) => {
                    // cultur* is a prefix, and so is "coopération cultur"*, which is how a prefix of two words is printed.
                    let star = self.star_follows();
                    let expr = self.word(text, true, star, field, token.span)?;
                    Ok((expr, false))
                }
                Some(filter) => Ok((Some(self.values(filter, &text, token.span)?), false)),
            },
            Lexeme::Word(text) => match field {
                None | Some(Field::Text(_)) => self.bare_word(text, field, token.span),
                Some(filter) => Ok((Some(self.values(filter, &text, token.span)?), false)),
            },
            Lexeme::Close | Lexeme::And | Lexeme::Or | Lexeme::Not | Lexeme::Near(_) => {
                self.at -= 1;
                Err(self.missing())
            }
        }
    }

    fn group(&mut self, field: Option<Field>, open: Range<usize>) -> Parsed<Option<Expr>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(Problem::TooDeep(MAX_DEPTH), open));
        }
        match self.peek() {
            None => return Err(self.error(Problem::OpenParenthesis, open)),
            Some(token) if token.lexeme == Lexeme::Close => {
                let span = open.start..token.span.end;
                return Err(self.error(Problem::EmptyParentheses, span));
            }
            Some(_) => {}
        }
        let inner = self.or(field)?;
        if !self.eat(&Lexeme::Close) {
            return Err(self.error(Problem::OpenParenthesis, open));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn field(&mut self, name: &str, outer: Option<Field>, span: Range<usize>) -> Parsed<Option<Expr>> {
        let Some(field) = Field::parse(name) else {
            let meant = nearest(name, Field::names());
            let hint = match meant {
                Some(meant) => format!("did you mean `{meant}:`? To search for the words, put them in quotation marks"),
                None => format!(
                    "fields are {}. To search for the words, put them in quotation marks",
                    Field::names()
                        .map(|name| format!("{name}:"))
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
            };
            return Err(self.error(Problem::UnknownField(name.to_owned()), span).hint(hint));
        };
        if let Some(outer) = outer {
            self.one_field(outer, field, &span)?;
        }
        match self.peek() {
            Some(token) if !token.spaced && !token.lexeme.is_operator() => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(self.error(Problem::TooDeep(MAX_DEPTH), span));
                }
                let expr = match field {
                    Field::Stretch(stretch) => self.stretch(stretch, outer, span)?,
                    Field::AtLeast(times) => self.at_least(times, outer, span)?,
                    Field::Speaker => self.speaker(span)?,
                    _ => match self.name_ahead(Some(field)) {
                        Some(name) => Some(name),
                        None => self.atom(Some(field))?.0,
                    },
                };
                self.depth -= 1;
                // A name under a field is looked up here, since it has no neighbours.
                Ok(expr.map(|expr| self.expand_run(expr)))
            }
            _ => {
                let error = self.error(Problem::EmptyField(field.name()), span);
                Err(error.hint(format!("the value follows without a space: {}:…", field.name())))
            }
        }
    }

    /// Of two fields that one word would stand under, the outer one must not be forgotten.
    fn one_field(&self, outer: Field, inner: Field, span: &Range<usize>) -> Parsed<()> {
        let before = self.at.checked_sub(2).and_then(|before| self.tokens.get(before));
        let directly = before.is_some_and(|token| matches!(token.lexeme, Lexeme::Field(_)));
        let fits = match (outer, inner) {
            (Field::Text(outer), Field::Text(inner)) => outer == inner,
            (Field::Text(_), Field::Stretch(_) | Field::AtLeast(_)) => true,
            // title:(accord lang:fr): about the article, wherever it stands.
            (Field::Text(_), _) => !directly,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let error = self.error(Problem::FieldInField(outer.name(), inner.name()), span.clone());
        let (outer, inner) = (outer.name(), inner.name());
        Err(error.hint(format!("write the fields side by side: {outer}:… {inner}:…")))
    }

    fn actor(&mut self, id: &str, field: Option<Field>, span: Range<usize>) -> Parsed<Expr> {
        if id.is_empty() {
            return Err(self.error(Problem::EmptyActor, span));
        }
        if let Some(field) = field.filter(|field| !matches!(field, Field::Text(_))) {
            return Err(self.error(Problem::BadValue(field.name(), format!("@{id}")), span));
        }
        if let Some(expr) = self.relation(id, field, &span)? {
            return Ok(expr);
        }
        match self.names.with_id(id) {
            Some(actor) => Ok(self.named(actor, text_field(field))),
            None => {
                let ids: Vec<String> = self.names.ids().collect();
                let ids = || ids.iter().map(String::as_str);
                let lower = id.to_lowercase();
                let inside = || ids().find(|known| id.len() > 2 && known.contains(&lower));
                let error = self.error(Problem::UnknownActor(id.to_owned()), span);
                Err(match nearest(id, ids()).or_else(inside) {
                    Some(meant) => error.hint(format!("did you mean @{meant}?")),
                    None => {
                        error.hint("actors are declared in lexicon.toml; countries and large cities come with vigie")
                    }
                })
            }
        }
    }

    /// `@relation`: every actor of the story that has to be named; `@relation-other`: one of them.
    fn relation(&mut self, id: &str, field: Option<Field>, span: &Range<usize>) -> Parsed<Option<Expr>> {
        let all = match id {
            "relation" => true,
            "relation-other" => false,
            _ => return Ok(None),
        };
        let Some(relation) = self.ctx.relation.filter(|relation| !relation.is_empty()) else {
            let hint = "`relation = [\"france\", \"north-korea\"]` in stories/ID.toml says who they are";
            return Err(self.error(Problem::NoRelation(id.to_owned()), span.clone()).hint(hint));
        };
        let mut parts = Vec::new();
        for actor in relation {
            let Some(actor) = self.names.with_id(actor) else {
                return Err(self.error(Problem::UnknownActor(actor.clone()), span.clone()));
            };
            parts.push(self.named(actor, text_field(field)));
        }
        Ok(gather(parts, if all { Expr::And } else { Expr::Or }))
    }

    /// A word without quotation marks: maybe an operator that is not there yet, maybe a prefix.
    fn bare_word(&mut self, text: String, field: Option<Field>, span: Range<usize>) -> Parsed<(Option<Expr>, bool)> {
        let stars = text.chars().filter(|c| *c == '*').count();
        let Some(stem) = text.strip_suffix('*').filter(|_| stars > 0) else {
            // A lone star or one within a word is a wish that cannot be fulfilled, not a word.
            if stars > 0 {
                return Err(self.error(Problem::MisplacedStar, span));
            }
            let expr = self.word(text, false, false, field, span)?;
            let bare = expr.is_some();
            return Ok((expr, bare));
        };
        if stars > 1 {
            return Err(self.error(Problem::MisplacedStar, span));
        }
        let stem = stem.to_owned();
        Ok((self.word(stem, false, true, field, span)?, false))
    }

    fn word(
        &mut self,
        text: String,
        phrase: bool,
        prefix: bool,
        field: Option<Field>,
        span: Range<usize>,
    ) -> Parsed<Option<Expr>> {
        let text = text.trim().to_owned();
        let query = query_tokens(&text);
        if prefix {
            let last = query.tokens.last().map_or("", String::as_str);
            if text.chars().last().is_some_and(crate::text::pieces::is_unspaced) {
                let hint = format!("characters are found wherever they stand: {text} finds every word that holds it");
                return Err(self.error(Problem::StarInRun, span).hint(hint));
            }
            if last.chars().count() < SHORTEST_PREFIX {
                return Err(self.error(Problem::ShortPrefix, span));
            }
        }
        if query.tokens.is_empty() {
            // Punctuation between words is nothing to talk about; a sign that was meant is.
            if text.chars().any(|c| !c.is_ascii_punctuation() && !"–—−…·".contains(c)) {
                self.warn(format!("“{text}” holds no letter or digit and is left out"));
            }
            self.unsearchable.get_or_insert((text, span));
            return Ok(None);
        }
        // C++ and $5 look otherwise than they are searched.
        let signs: String = text.chars().filter(|c| UNSEARCHED.contains(*c)).collect();
        if !signs.is_empty() && !prefix {
            let kept = plain(&text).text;
            self.warn(format!(
                "“{text}” is searched as “{kept}”: the signs {signs} are not indexed"
            ));
        }
        if query.prefix && query.tokens.len() == 1 {
            self.warn(single_character(&text));
        }
        Ok(Some(Expr::Word(Word {
            text,
            phrase,
            prefix,
            field: text_field(field),
            exact: false,
            only: None,
        })))
    }

    /// A star right behind a closed phrase.
    fn star_follows(&mut self) -> bool {
        let star = self
            .peek()
            .is_some_and(|token| !token.spaced && token.lexeme == Lexeme::Word("*".to_owned()));
        self.at += usize::from(star);
        star
    }

    /// Small operators are words, and seldom meant as such.
    fn doubt(&mut self, items: &[Item]) {
        let inner = items.iter().skip(1).take(items.len().saturating_sub(2));
        let looks: Vec<(&str, &str)> = inner
            .filter_map(bare_text)
            .filter_map(|word| match word {
                "or" | "ou" => Some((word, "OR")),
                "and" | "et" => Some((word, "AND")),
                "not" => Some((word, "NOT")),
                "near" => Some((word, "NEAR/10")),
                _ => None,
            })
            .collect();
        for (word, operator) in looks {
            self.warn(format!("“{word}” is searched as a word; the operator is {operator}"));
        }
    }

    fn warn(&mut self, warning: String) {
        if self.warnings.len() < MAX_WARNINGS && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, lexeme: &Lexeme) -> bool {
        let found = self.peek().is_some_and(|token| token.lexeme == *lexeme);
        self.at += usize::from(found);
        found
    }

    /// Characters of the query that a range of tokens covers.
    fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.span.start);
        let last = tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..last.map_or(start, |token| token.span.end)
    }

    /// A term should stand here and does not.
    fn missing(&self) -> QueryError {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let next = self.peek();
        let name = |token: &Token| token.lexeme.sign(&self.text(&token.span));
        match (before, next) {
            (Some(before), None) => {
                let end = self.typed.chars().count();
                let error = self.error(Problem::EndsAfter(name(before)), before.span.clone());
                match self.unnumbered() {
                    Some(hint) => error.column(end + 1).hint(hint),
                    None => error.column(end + 1),
                }
            }
            (Some(before), Some(next)) => self.error(Problem::MissingTerm(name(before), name(next)), next.span.clone()),
            (None, Some(next)) if next.lexeme == Lexeme::Close => {
                self.error(Problem::StrayParenthesis, next.span.clone())
            }
            (None, Some(next)) => self
                .error(Problem::BeginsWith(name(next)), next.span.clone())
                .hint(format!("to search for the word, write \"{}\"", self.text(&next.span))),
            (None, None) => self.error(Problem::EmptyParentheses, 0..0),
        }
    }

    fn not_alone(&self, tokens: Range<usize>) -> QueryError {
        let first = self.tokens.iter().enumerate().take(tokens.end).skip(tokens.start);
        let not = first
            .filter(|(_, token)| token.lexeme == Lexeme::Not)
            .map(|(at, _)| at)
            .next();
        let span = self.span(not.unwrap_or(tokens.start)..tokens.end);
        self.error(Problem::NotAlone, span)
            .hint("say what to search first: accord NOT wire, or lang:fr -sport")
    }

    fn text(&self, span: &Range<usize>) -> String {
        self.typed.chars().skip(span.start).take(span.len()).collect()
    }

    fn error(&self, problem: Problem, span: Range<usize>) -> QueryError {
        QueryError::new(self.typed, problem, span)
    }
}

impl Lexeme {
    fn is_operator(&self) -> bool {
        matches!(
            self,
            Lexeme::And | Lexeme::Or | Lexeme::Not | Lexeme::Near(_) | Lexeme::Close
        )
    }

    /// As messages call it.
    fn sign(&self, text: &str) -> String {
        match self {
            Lexeme::Open | Lexeme::Close => format!("“{text}”"),
            _ => text.to_owned(),
        }
    }
}

fn single_character(text: &str) -> String {
    format!("“{text}” is a single character: it is found in every word that holds it")
}

fn text_field(field: Option<Field>) -> Option<article::Field> {
    match field {
        Some(Field::Text(field)) => Some(field),
        _ => None,
    }
}

/// Several parts under one operator, one part as itself; parts of the same operator are taken in.
fn gather(parts: Vec<Expr>, operator: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    let is_or = matches!(operator(Vec::new()), Expr::Or(_));
    let mut flat: Vec<Expr> = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::Or(inner) if is_or => flat.extend(inner),
            Expr::And(inner) if !is_or => flat.extend(inner),
            // One actor under two of its names.
            Expr::Actor { .. } if is_or && flat.contains(&part) => {}
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 | 1 => flat.pop(),
        _ => Some(operator(flat)),
    }
}

/// Does it say what to find, and not only what to leave out?
fn is_positive(expr: &Expr) -> bool {
    match expr {
        Expr::Not(_) => false,
        Expr::And(parts) => parts.iter().any(is_positive),
        Expr::Or(parts) => parts.iter().all(is_positive),
        Expr::Everything | Expr::Word(_) | Expr::Actor { .. } | Expr::Filter(_) => true,
        Expr::Near { .. } | Expr::Within { .. } | Expr::AtLeast { .. } | Expr::Speaker(_) => true,
    }
}
