//! One article as the rules read it: folded once, its sentences, list words and names at their places.
//!
//! Takes an article and the names found in it, gives what every rule needs. Never asks a rule.

use std::ops::Range;

use super::lists::{Lists, Mark};
use crate::model::Article;
use crate::model::article::Field;
use crate::model::evidence::{NameAt, Place};
use crate::text::chars::Chars;
use crate::text::plain::{Plain, plain};
use crate::text::sentences::sentences;

/// Title, lead and body of an article, folded.
pub struct Folded<'a> {
    pub fields: Vec<(Field, &'a str, Plain)>,
}

impl<'a> Folded<'a> {
    pub fn of(article: &'a Article) -> Folded<'a> {
        Folded::of_texts(&article.title, article.standfirst.as_deref(), &article.text)
    }

    /// A lead that only repeats words of the body is left out, so that nothing is counted twice.
    pub fn of_texts(title: &'a str, lead: Option<&'a str>, body: &'a str) -> Folded<'a> {
        let lead = lead.filter(|lead| !body.contains(lead.trim())).unwrap_or_default();
        let fields = [(Field::Title, title), (Field::Lead, lead), (Field::Body, body)];
        Folded {
            fields: fields.map(|(field, text)| (field, text, plain(text))).into(),
        }
    }

    pub fn texts(&self) -> Vec<(Field, &str, &Plain)> {
        self.fields
            .iter()
            .map(|(field, text, plain)| (*field, *text, plain))
            .collect()
    }
}

pub struct Reading<'a> {
    pub article: &'a Article,
    pub version: u32,
    /// The primary tag; empty where the language could not be told.
    pub lang: &'a str,
    pub fields: Vec<Laid<'a>>,
}

/// One field.
pub struct Laid<'a> {
    pub field: Field,
    pub text: &'a str,
    pub plain: &'a Plain,
    pub chars: Chars<'a>,
    /// Bytes of each sentence.
    pub sentences: Vec<Range<usize>>,
    pub marks: Vec<Mark>,
    pub names: Vec<NameAt>,
}

impl<'a> Reading<'a> {
    pub fn new(article: &'a Article, version: u32, folded: &'a Folded<'_>, names: Vec<NameAt>) -> Reading<'a> {
        let lang = article.lang.as_deref().map_or("", primary);
        let lists = Lists::of(lang);
        let mut by_field: Vec<Vec<NameAt>> = vec![Vec::new(); folded.fields.len()];
        for name in names {
            let at = folded.fields.iter().position(|(field, ..)| *field == name.field);
            if let Some(own) = at.and_then(|at| by_field.get_mut(at)) {
                own.push(name);
            }
        }
        let laid = folded
            .fields
            .iter()
            .zip(by_field)
            .map(|((field, text, plain), names)| Laid::new(lists, *field, text, plain, names));
        Reading {
            article,
            version,
            lang,
            fields: laid.collect(),
        }
    }

    /// The first field.
    pub fn title(&self) -> &Laid<'a> {
        &self.fields[0]
    }

    pub fn place(&self, laid: &Laid<'_>, bytes: Range<usize>) -> Place {
        Place {
            article_id: self.article.id.clone(),
            version: self.version,
            field: laid.field,
            start: laid.chars.at(bytes.start),
            end: laid.chars.at(bytes.end),
            position: laid.position(bytes.start),
        }
    }
}

impl<'a> Laid<'a> {
    pub fn new(lists: Option<&Lists>, field: Field, text: &'a str, plain: &'a Plain, names: Vec<NameAt>) -> Laid<'a> {
        Laid {
            field,
            text,
            plain,
            chars: Chars::of(text),
            sentences: sentences(text),
            marks: lists.map_or_else(Vec::new, |lists| lists.marks(plain)),
            names,
        }
    }

    /// How far into the body, per cent.
    fn position(&self, byte: usize) -> u8 {
        if self.field != Field::Body {
            return 0;
        }
        let share = self.chars.at(byte) * 100 / self.chars.total().max(1);
        u8::try_from(share).unwrap_or(100)
    }

    /// The bytes of these units.
    pub fn bytes(&self, units: Range<usize>) -> Range<usize> {
        let all = self.plain.units();
        let last = units.end.checked_sub(1).and_then(|last| all.get(last));
        match (all.get(units.start), last) {
            (Some(first), Some(last)) => first.bytes().start..last.bytes().end,
            _ => 0..0,
        }
    }

    /// The units that lie in these bytes.
    pub fn units(&self, bytes: &Range<usize>) -> Range<usize> {
        let all = self.plain.units();
        let from = all.partition_point(|unit| unit.bytes().start < bytes.start);
        from..all.partition_point(|unit| unit.bytes().end <= bytes.end).max(from)
    }

    /// What stands in the original between the unit before and this one.
    pub fn gap(&self, unit: usize) -> &str {
        let all = self.plain.units();
        let from = unit
            .checked_sub(1)
            .and_then(|before| all.get(before))
            .map_or(0, |unit| unit.bytes().end);
        let to = all.get(unit).map_or(self.text.len(), |unit| unit.bytes().start);
        self.text.get(from..to.max(from)).unwrap_or_default()
    }

    /// Where a sentence stands in the list of them that this byte is in.
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        let after = self.sentences.partition_point(|sentence| sentence.start <= byte);
        after
            .checked_sub(1)
            .filter(|n| self.sentences.get(*n).is_some_and(|sentence| byte < sentence.end))
    }
}

pub fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
