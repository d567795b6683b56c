//! Distances, stretches, numbers and exact words: what is asked of the text and not of the index.

use std::ops::Range;

use super::super::error::Problem;
use super::super::expand::Named;
use super::super::lex::{Distance, Lexeme};
use super::super::terms::Field;
use super::{Parsed, Parser, is_positive, text_field};
use crate::model::article;
use crate::model::query::{Expr, Stretch, Word};

/// What NEAR means without a number.
const USUAL: u32 = 10;
/// Farther apart than a long article has words, nothing is near.
const FARTHEST: u32 = 10_000;
/// a NEAR b NEAR c: each is one level deeper.
const MAX_CHAIN: usize = 8;
const MOST_TIMES: u32 = 10_000;

impl Parser<'_> {
    /// `atom {NEAR/n atom}`, from left to right.
    pub(super) fn near(&mut self, field: Option<Field>) -> Parsed<(Option<Expr>, bool)> {
        let start = self.at;
        let (mut left, mut bare) = self.side(field, false)?;
        let mut chain = 0;
        while let Some((distance, sign)) = self.distance() {
            let operator = self.at;
            let named = self.text(&sign);
            self.at += 1;
            chain += 1;
            if chain > MAX_CHAIN {
                return Err(self.error(Problem::TooManyNear(MAX_CHAIN), sign));
            }
            if distance.within.is_some_and(|n| n == 0 || n > FARTHEST) {
                return Err(self.error(Problem::Distance(FARTHEST), sign));
            }
            self.count(&sign)?;
            let right_start = self.at;
            if self.peek().is_none_or(|token| token.lexeme.is_operator()) {
                return Err(self.missing());
            }
            let (right, _) = self.side(field, true)?;
            let left_side = self.operand(left, start..operator, &named)?;
            let right_side = self.operand(right, right_start..self.at, &named)?;
            if apart(&left_side, &right_side) {
                return Err(self.error(Problem::FieldsApart(named), self.span(start..self.at)));
            }
            if distance.within.is_none() {
                self.warn("NEAR without a number means NEAR/10".to_owned());
            }
            left = Some(Expr::Near {
                left: Box::new(left_side),
                right: Box::new(right_side),
                within: distance.within.unwrap_or(USUAL),
                ordered: distance.ordered,
            });
            bare = false;
        }
        Ok((left, bare))
    }

    fn distance(&self) -> Option<(Distance, Range<usize>)> {
        let token = self.peek()?;
        match token.lexeme {
            Lexeme::Near(distance) => Some((distance, token.span.clone())),
            _ => None,
        }
    }

    /// An atom; beside NEAR, words that are a name together are one.
    fn side(&mut self, field: Option<Field>, after_near: bool) -> Parsed<(Option<Expr>, bool)> {
        let text = matches!(field, None | Some(Field::Text(_)));
        if text && let Some((n, actor)) = self.words_ahead() {
            let behind = self.tokens.get(self.at + n).map(|token| &token.lexeme);
            let before_near = matches!(behind, Some(Lexeme::Near(_)));
            if after_near || before_near {
                let expr = self.named(actor, text_field(field));
                self.at += n;
                return Ok((Some(expr), false));
            }
        }
        self.atom(field)
    }

    /// A side of NEAR, once it is known to be one.
    fn operand(&mut self, expr: Option<Expr>, tokens: Range<usize>, sign: &str) -> Parsed<Expr> {
        let span = self.span(tokens);
        let Some(expr) = expr else {
            let text = self.text(&span);
            return Err(self.error(Problem::Unsearchable(format!("“{text}”")), span));
        };
        match stranger(&expr) {
            Some(what) => {
                let error = self.error(Problem::NearSide(sign.to_owned(), what), span);
                Err(error.hint("join them one by one: (a NEAR/5 c) AND (b NEAR/5 c)"))
            }
            None => {
                self.note_run(&expr, sign);
                Ok(self.expand(expr))
            }
        }
    }

    /// Characters that are read as names elsewhere and stand as they are here, since a side is one thing.
    fn note_run(&mut self, expr: &Expr, sign: &str) {
        let Expr::Word(word) = expr else { return };
        if self.ctx.exact || word.phrase || word.prefix || word.exact {
            return;
        }
        let text = &word.text;
        let read = matches!(self.names.find(text), Named::Both(..)) || self.names.cut(text).is_some();
        if read {
            self.warn(format!(
                "“{text}” beside {sign} is searched as the characters stand; ask for its names one by one: \
                 (a {sign} c) AND (b {sign} c)"
            ));
        }
    }

    /// `same:` and `sent:`.
    pub(super) fn stretch(
        &mut self,
        stretch: Stretch,
        outer: Option<Field>,
        span: Range<usize>,
    ) -> Parsed<Option<Expr>> {
        let name = self.text(&span);
        self.count(&span)?;
        if self.in_stretch {
            return Err(self.error(Problem::StretchOf(name, "another stretch"), span));
        }
        self.in_stretch = true;
        let outer = outer.filter(|field| matches!(field, Field::Text(_)));
        let part = match self.name_ahead(outer) {
            Some(name) => Some(name),
            None => self.atom(outer)?.0,
        };
        self.in_stretch = false;
        let Some(part) = part else { return Ok(None) };
        if holds_filter(&part) {
            let problem = Problem::StretchOf(name, "a filter such as lang: or date:");
            return Err(self
                .error(problem, span)
                .hint("write the filter beside it: sent:(a b) lang:fr"));
        }
        if !is_positive(&part) {
            return Err(self.error(Problem::NotAlone, span));
        }
        Ok(Some(Expr::Within {
            stretch,
            part: Box::new(self.expand_run(part)),
        }))
    }

    /// `atleast5:word`.
    pub(super) fn at_least(&mut self, times: u32, outer: Option<Field>, span: Range<usize>) -> Parsed<Option<Expr>> {
        if !(2..=MOST_TIMES).contains(&times) {
            return Err(self
                .error(Problem::Times(MOST_TIMES), span)
                .hint("for example atleast5:nucléaire"));
        }
        let sign = self.text(&span);
        self.count(&span)?;
        let start = self.at;
        let outer = outer.filter(|field| matches!(field, Field::Text(_)));
        let part = match self.name_ahead(outer) {
            Some(name) => Some(name),
            None => self.atom(outer)?.0,
        };
        let part = self.operand(part, start..self.at, &sign)?;
        Ok(Some(Expr::AtLeast {
            times,
            part: Box::new(part),
        }))
    }

    /// `speaker:name`.
    pub(super) fn speaker(&mut self, span: Range<usize>) -> Parsed<Option<Expr>> {
        self.count_costly(&span)?;
        let start = self.at;
        let part = match self.name_ahead(None) {
            Some(name) => Some(name),
            None => self.atom(None)?.0,
        };
        let told = self.span(start..self.at);
        let Some(part) = part else { return Ok(None) };
        if stranger(&part).is_some() || holds_near(&part) {
            let error = self.error(Problem::Speaker(self.text(&told)), span);
            return Err(
                error.hint("for example speaker:@kim-jong-il, speaker:\"Jack Lang\", speaker:(Lang OR 雅克·朗)")
            );
        }
        Ok(Some(Expr::Speaker(Box::new(self.expand(part)))))
    }

    /// The word or phrase behind `=`.
    pub(super) fn exact(&mut self, field: Option<Field>, span: Range<usize>) -> Parsed<Option<Expr>> {
        if let Some(field) = field.filter(|field| !matches!(field, Field::Text(_))) {
            return Err(self.error(Problem::BadValue(field.name(), "=".to_owned()), span));
        }
        self.count(&span)?;
        let warnings = self.warnings.len();
        let follows = self
            .peek()
            .is_some_and(|token| matches!(token.lexeme, Lexeme::Word(_) | Lexeme::Phrase(_)));
        if !follows {
            return Err(self.missing());
        }
        let (expr, _) = self.atom(field)?;
        // How many words hold a character was said of the folded one.
        self.warnings.truncate(warnings);
        Ok(expr.map(|expr| match expr {
            Expr::Word(word) => Expr::Word(Word { exact: true, ..word }),
            other => other,
        }))
    }

    /// What to write instead of the first NEAR that says no number.
    pub(super) fn unnumbered(&self) -> Option<String> {
        let is_bare = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Near(Distance { within: None, .. }));
        let at = self.tokens.iter().position(|token| is_bare(&token.lexeme))?;
        let (left, right) = (self.tokens.get(at.checked_sub(1)?)?, self.tokens.get(at + 1)?);
        let said = |span: &Range<usize>| self.text(span);
        Some(format!(
            "NEAR without a number means NEAR/{USUAL}. Try: {} NEAR/{USUAL} {}",
            said(&left.span),
            said(&right.span)
        ))
    }
}

/// What may not stand beside NEAR, if it does.
fn stranger(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Word(_) | Expr::Actor { .. } | Expr::Near { .. } => None,
        Expr::Or(parts) => parts.iter().find_map(stranger),
        Expr::And(_) => Some("several words joined by AND"),
        Expr::Not(_) => Some("a NOT"),
        Expr::Filter(_) | Expr::Everything => Some("a filter"),
        Expr::Within { .. } => Some("a sentence or paragraph"),
        Expr::AtLeast { .. } => Some("a number of words"),
        Expr::Speaker(_) => Some("a speaker"),
    }
}

fn holds_near(expr: &Expr) -> bool {
    match expr {
        Expr::Near { .. } => true,
        Expr::Or(parts) => parts.iter().any(holds_near),
        _ => false,
    }
}

fn holds_filter(expr: &Expr) -> bool {
    match expr {
        Expr::Filter(_) | Expr::Everything | Expr::Speaker(_) => true,
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(holds_filter),
        Expr::Not(part) => holds_filter(part),
        Expr::Near { .. } | Expr::AtLeast { .. } | Expr::Within { .. } | Expr::Word(_) | Expr::Actor { .. } => false,
    }
}

/// Both sides name fields, and none of them in common.
fn apart(left: &Expr, right: &Expr) -> bool {
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    fields(left, &mut of_left);
    fields(right, &mut of_right);
    !of_left
        .iter()
        .any(|l| of_right.iter().any(|r| l.is_none() || r.is_none() || l == r))
}

fn fields(expr: &Expr, into: &mut Vec<Option<article::Field>>) {
    match expr {
        Expr::Word(word) => into.push(word.field),
        Expr::Actor { names, .. } => into.push(names.first().and_then(|name| name.field)),
        Expr::Or(parts) | Expr::And(parts) => parts.iter().for_each(|part| fields(part, into)),
        Expr::Near { left, right, .. } => {
            fields(left, into);
            fields(right, into);
        }
        Expr::Not(part) | Expr::Within { part, .. } | Expr::AtLeast { part, .. } => fields(part, into),
        Expr::Everything | Expr::Filter(_) | Expr::Speaker(_) => {}
    }
}
