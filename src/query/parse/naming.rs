//! Words, phrases and runs of words that are names of actors.

use super::super::Expansion;
use super::super::expand::{Named, expression};
use super::{Item, Parsed, Parser};
use crate::model::query::Expr;

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
                match named {
                    Named::One(actor) => {
                        taken = n;
                        part = expression(actor, None);
                        self.note(&part);
                    }
                    Named::Unclear(ids) if n == 1 => self.unclear(words[0], &ids),
                    Named::Unclear(_) | Named::Nobody => {}
                }
            } else if !item.bare {
                part = self.expand(part);
            }
            parts.push(if item.negated { Expr::Not(Box::new(part)) } else { part });
            at += taken;
        }
        Ok(parts)
    }

    /// A phrase or a word under a field that is a name becomes the actor.
    pub(super) fn expand(&mut self, expr: Expr) -> Expr {
        let Expr::Word(word) = &expr else { return expr };
        if self.ctx.exact || word.prefix || word.exact {
            return expr;
        }
        match self.names.find(&word.text) {
            Named::One(actor) => {
                let actor = expression(actor, word.field);
                self.note(&actor);
                actor
            }
            Named::Unclear(ids) => {
                self.unclear(&word.text, &ids);
                expr
            }
            Named::Nobody => expr,
        }
    }

    pub(super) fn note(&mut self, expr: &Expr) {
        if let Expr::Actor { id, names } = expr
            && !self.expansions.iter().any(|known| known.actor == *id)
        {
            self.expansions.push(Expansion {
                actor: id.clone(),
                names: names.iter().map(|name| name.text.clone()).collect(),
            });
        }
    }

    fn unclear(&mut self, text: &str, ids: &[&str]) {
        let actors: Vec<String> = ids.iter().map(|id| format!("@{id}")).collect();
        self.warn(format!(
            "“{text}” is searched as a word; it may also mean {}",
            actors.join(", ")
        ));
    }
}

pub(super) fn bare_text(item: &Item) -> Option<&str> {
    match &item.expr {
        Some(Expr::Word(word)) if item.bare => Some(&word.text),
        _ => None,
    }
}
