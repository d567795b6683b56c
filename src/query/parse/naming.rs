//! Words, phrases and runs of words that are names of actors.

use super::super::expand::{LONGEST, Named, Part};
use super::super::lex::Lexeme;
use super::super::{Expansion, terms};
use super::{Item, Parsed, Parser, gather, single_character, text_field};
use crate::model::article::Field;
use crate::model::query::{Expr, Word};
use crate::names::bridge;
use crate::text::signs::is_short_acronym;

/// Words of one query that a dictionary is asked for.
const MOST_BRIDGED: usize = 50;

impl Parser<'_> {
    /// Puts names together from neighbouring words, and every operand under its NOT.
    pub(super) fn join_names(&mut self, items: Vec<Item>) -> Parsed<Vec<Expr>> {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(item) = items.get(at) {
            let Some(expr) = &item.expr else {
                at += 1;
                continue;
            };
            let mut taken = 1;
            let mut part = expr.clone();
            if item.bare && !self.ctx.exact {
                let run = items[at..]
                    .iter()
                    .enumerate()
                    .take_while(|(n, next)| *n == 0 || (next.bare && next.adjacent && !next.negated && !item.negated));
                let words: Vec<&str> = run.filter_map(|(_, next)| bare_text(next)).collect();
                let (n, named) = self.names.longest(&words);
                let field = match &part {
                    Expr::Word(word) => word.field,
                    _ => None,
                };
                match named {
                    Named::One(actor) => {
                        taken = n;
                        part = self.named(actor, field);
                        self.joined(&words[..n]);
                    }
                    Named::Both(first, second) if n == 1 => {
                        part = self.pair(first, second, field);
                    }
                    Named::Unclear(ids) if n == 1 => self.unclear(words[0], &ids),
                    Named::Nobody => {
                        part = match self.run(words[0], field) {
                            Some(read) => read,
                            None => self.bridged(part),
                        };
                    }
                    Named::Unclear(_) | Named::Both(..) => {}
                }
            } else if !item.bare {
                part = self.expand(part);
            }
            parts.push(if item.negated { Expr::Not(Box::new(part)) } else { part });
            at += taken;
        }
        Ok(parts)
    }

    /// Single characters that are a part of a name are not searched alone: 자크 랑.
    fn joined(&mut self, words: &[&str]) {
        if words.len() > 1 {
            let told: Vec<String> = words.iter().map(|word| single_character(word)).collect();
            self.warnings.retain(|warning| !told.contains(warning));
        }
    }

    /// Words from here on that are a name together: how many, and whose.
    pub(super) fn words_ahead(&self) -> Option<(usize, usize)> {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let run = rest.iter().take(LONGEST).enumerate();
        let run = run.take_while(|(n, token)| *n == 0 || token.spaced);
        let words: Vec<&str> = run
            .map_while(|(_, token)| match &token.lexeme {
                Lexeme::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        match self.names.longest(&words) {
            (n, Named::One(actor)) if !self.ctx.exact => Some((n, actor)),
            _ => None,
        }
    }

    /// Behind a field, the words that are a name together: title:Corée du Nord.
    pub(super) fn name_ahead(&mut self, field: Option<terms::Field>) -> Option<Expr> {
        if !matches!(field, None | Some(terms::Field::Text(_))) {
            return None;
        }
        let (n, actor) = self.words_ahead().filter(|(n, _)| *n > 1)?;
        let name = self.text(&self.span(self.at..self.at + n));
        let first = name.split_whitespace().next().unwrap_or_default().to_owned();
        self.warn(format!(
            "the field reaches over the whole name “{name}”; ({first}) in parentheses is the word alone"
        ));
        self.at += n;
        Some(self.named(actor, text_field(field)))
    }

    /// A phrase or a word under a field that is a name becomes the actor.
    pub(super) fn expand(&mut self, expr: Expr) -> Expr {
        let Expr::Word(word) = &expr else { return expr };
        if self.ctx.exact || word.prefix || word.exact {
            return expr;
        }
        match self.names.find(&word.text) {
            Named::One(actor) => self.named(actor, word.field),
            Named::Unclear(ids) => {
                self.unclear(&word.text, &ids);
                expr
            }
            Named::Both(..) => expr,
            Named::Nobody => self.bridged(expr),
        }
    }

    /// The word, or what a dictionary calls it in the other language.
    fn bridged(&mut self, expr: Expr) -> Expr {
        let Expr::Word(word) = &expr else { return expr };
        if !self.ctx.bridge || self.ctx.exact || word.prefix || word.exact {
            return expr;
        }
        let field = word.field;
        let mut bridged = self.expansions.iter().filter(|known| known.bridge);
        let known = bridged.any(|known| known.actor == word.text && known.field == field);
        self.bridged += usize::from(!known);
        if self.bridged > MOST_BRIDGED {
            self.warn(format!(
                "the dictionaries were asked for the first {MOST_BRIDGED} words; the others are searched as typed"
            ));
            return expr;
        }
        let others = bridge::across(&word.text);
        if others.is_empty() {
            return expr;
        }
        if !known {
            self.expansions.push(Expansion {
                actor: word.text.clone(),
                field,
                names: std::iter::once(&word.text)
                    .chain(&others)
                    .map(|name| phrase(name, field))
                    .collect(),
                written: others.len() + 1,
                bridge: true,
            });
        }
        let others = others.iter().map(|other| literal(other, field));
        Expr::Or(std::iter::once(expr.clone()).chain(others).collect())
    }

    /// The same for a word that may become several: under a field, never beside NEAR.
    pub(super) fn expand_run(&mut self, expr: Expr) -> Expr {
        let Expr::Word(word) = &expr else { return expr };
        if self.ctx.exact || word.prefix || word.exact || word.phrase {
            return self.expand(expr);
        }
        match self.names.find(&word.text) {
            Named::Both(first, second) => self.pair(first, second, word.field),
            Named::Nobody => match self.run(&word.text, word.field) {
                Some(read) => read,
                None => self.bridged(expr),
            },
            Named::One(_) | Named::Unclear(_) => self.expand(expr),
        }
    }

    /// An actor under all its names, noted for the reader.
    pub(super) fn named(&mut self, actor: usize, field: Option<Field>) -> Expr {
        let (expr, written) = self.names.expression(actor, field);
        if let Expr::Actor { id, names } = &expr
            && !self
                .expansions
                .iter()
                .any(|known| known.actor == *id && known.field == field)
        {
            self.expansions.push(Expansion {
                actor: id.clone(),
                field,
                names: names.clone(),
                written,
                bridge: false,
            });
        }
        expr
    }

    /// 法朝: both countries, under any of their names or in such a pair.
    fn pair(&mut self, first: usize, second: usize, field: Option<Field>) -> Expr {
        Expr::And(vec![self.named(first, field), self.named(second, field)])
    }

    /// Characters without spaces that hold a name, as names and words.
    fn run(&mut self, text: &str, field: Option<Field>) -> Option<Expr> {
        let parts = self.names.cut(text)?;
        let shown: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Part::Name(actor) => format!("@{}", self.names.id(*actor)),
                Part::Pair(_, _, text) | Part::Text(text) => text.clone(),
            })
            .collect();
        self.warn(format!(
            "“{text}” is read as {}; \"{text}\" in quotation marks finds the characters as they stand",
            shown.join(" + ")
        ));
        let read = parts.into_iter().map(|part| match part {
            Part::Name(actor) => self.named(actor, field),
            Part::Pair(first, second, _) => self.pair(first, second, field),
            Part::Text(text) => literal(&text, field),
        });
        gather(read.collect(), Expr::And)
    }

    fn unclear(&mut self, text: &str, ids: &[String]) {
        let actors: Vec<String> = ids.iter().map(|id| format!("@{id}")).collect();
        // =U.N. stands in capitals only.
        let capitals = match is_short_acronym(text) {
            true => format!("; ={text} finds it in these letters only"),
            false => String::new(),
        };
        self.warn(format!(
            "“{text}” is searched as a word; it may also mean {}{capitals}",
            actors.join(", ")
        ));
    }
}

/// Characters as they stand; printed with quotation marks, so that they are read so again.
fn literal(text: &str, field: Option<Field>) -> Expr {
    Expr::Word(phrase(text, field))
}

fn phrase(text: &str, field: Option<Field>) -> Word {
    Word {
        text: text.to_owned(),
        phrase: true,
        prefix: false,
        field,
        exact: false,
        only: None,
    }
}

pub(super) fn bare_text(item: &Item) -> Option<&str> {
    match &item.expr {
        Some(Expr::Word(word)) if item.bare => Some(&word.text),
        _ => None,
    }
}
