//! Filters: a field and its values.

use std::ops::Range;

use super::super::Value;
use super::super::error::{Problem, nearest};
use super::super::terms::{self, Field, KINDS, OWNERSHIPS, PARTS, SOURCE_KINDS, STATES};
use super::super::when::{self, WhenError};
use super::{MAX_COSTLY, MAX_FILTERS, Parsed, Parser, gather};
use crate::model::query::{Expr, Filter};
use crate::model::{ItemKind, LengthUnit};
use crate::text::tokens::query_tokens;

impl Parser<'_> {
    /// The values of a filter, of which a comma makes alternatives.
    pub(super) fn values(&mut self, field: Field, text: &str, span: Range<usize>) -> Parsed<Expr> {
        let mut filters: Vec<Expr> = Vec::new();
        // A name or an address may hold a comma; the others are lists.
        let commas: &[char] = match field {
            Field::Author | Field::Url => &[],
            _ => &[',', '，', '、'],
        };
        if matches!(field, Field::Words) {
            self.warn(
                "words: finds articles counted in words; Chinese and Japanese ones are counted in chars:".to_owned(),
            );
        }
        if matches!(field, Field::Percentile) {
            self.warn(
                "pctl: compares an article with its own source; one with fewer than 30 whole texts has no percentile"
                    .to_owned(),
            );
        }
        let mut column = span.start + (span.len().saturating_sub(text.chars().count())) / 2;
        for value in text.split(commas) {
            let length = value.chars().count();
            let own = column..(column + length).min(span.end);
            column += length + 1;
            let value = value.trim();
            if value.is_empty() {
                let hint = format!("values stand in a row without spaces: {}:a,b", field.name());
                return Err(self.error(Problem::EmptyField(field.name()), span).hint(hint));
            }
            let filter = Expr::Filter(self.filter(field, value, &own)?);
            self.values.push(Value {
                field: field.name(),
                value: value.to_owned(),
                span: own,
            });
            if matches!(
                &filter,
                Expr::Filter(Filter::Percentile { .. } | Filter::Story(_) | Filter::Formula)
            ) {
                self.count_costly(&span)?;
            }
            if !filters.contains(&filter) {
                filters.push(filter);
            }
            self.count(&span)?;
        }
        Ok(gather(filters, Expr::Or).unwrap_or(Expr::Everything))
    }

    /// Each is a term of its own in the SQL.
    pub(super) fn count(&mut self, span: &Range<usize>) -> Parsed<()> {
        self.filters += 1;
        if self.filters > MAX_FILTERS {
            return Err(self.error(Problem::TooManyFilters(MAX_FILTERS), span.clone()));
        }
        Ok(())
    }

    pub(super) fn count_costly(&mut self, span: &Range<usize>) -> Parsed<()> {
        self.costly += 1;
        if self.costly > MAX_COSTLY {
            let error = self.error(Problem::TooManyCostly(MAX_COSTLY), span.clone());
            return Err(error.hint("ask in several queries"));
        }
        Ok(())
    }

    fn filter(&self, field: Field, value: &str, span: &Range<usize>) -> Parsed<Filter> {
        let bad = |meant: Option<&str>, hint: &str| {
            let error = self.error(Problem::BadValue(field.name(), value.to_owned()), span.clone());
            match meant {
                Some(meant) => error.hint(format!("write {}:{meant}", field.name())),
                None => error.hint(hint),
            }
        };
        let (now, zone) = (self.ctx.now, &self.zone);
        let time = |result: Result<_, WhenError>| {
            result.map_err(|error| match error {
                WhenError::Unreadable => bad(
                    None,
                    "times are 2009-12-14, 2009-12, 2009-12-14..2009-12-18, 7d, 12h, today, yesterday",
                ),
                WhenError::Backwards => self.error(Problem::Backwards(value.to_owned()), span.clone()),
            })
        };
        let id = || terms::id(value).map_err(|meant| bad(meant, "ids are letters, digits, - and _"));
        Ok(match field {
            Field::Lang => Filter::Lang(
                terms::lang(value).map_err(|meant| bad(meant, "languages are tags such as fr, en, ko, zh, zh-Hant"))?,
            ),
            Field::Country => Filter::Country(
                terms::country(value)
                    .map_err(|meant| bad(meant, "countries are two-letter codes such as FR, CN, KP"))?,
            ),
            Field::Source => Filter::Source(id()?),
            Field::Group => Filter::Group(id()?),
            Field::Topic => Filter::Topic(id()?),
            Field::Date => Filter::Published(time(when::range(value, now, zone))?),
            Field::Since => Filter::Published(time(when::since(value, now, zone))?),
            Field::Until => Filter::Published(time(when::until(value, now, zone))?),
            Field::Seen => Filter::Seen(time(when::range(value, now, zone))?),
            Field::Author => {
                if query_tokens(value).tokens.is_empty() {
                    return Err(bad(
                        None,
                        "a name, or a part of one: author:Leroy, author:\"Anne Leroy\"",
                    ));
                }
                Filter::Author(value.to_owned())
            }
            Field::Ownership => Filter::Ownership(one_of(&OWNERSHIPS, value).map_err(|hint| bad(None, &hint))?),
            Field::SourceKind => Filter::SourceKind(one_of(&SOURCE_KINDS, value).map_err(|hint| bad(None, &hint))?),
            Field::Kind => {
                let kind = one_of(&KINDS, value).map_err(|hint| bad(None, &hint))?;
                Filter::Kind(ItemKind::parse(&kind).unwrap_or_default())
            }
            Field::Url => {
                let part = value.trim_end_matches(|c: char| c == '*' || c.is_whitespace());
                if part.is_empty() {
                    return Err(bad(None, "a part of an address: url:/culture/, url:gazette.example"));
                }
                Filter::Url(part.to_lowercase())
            }
            Field::Words | Field::Chars => {
                let unit = match field {
                    Field::Words => LengthUnit::Words,
                    _ => LengthUnit::Han,
                };
                let (min, max) = terms::numbers(value)
                    .ok_or_else(|| bad(None, "numbers are >300, <200, >=300, 300..500, 300.., ..500"))?;
                Filter::Length { unit, min, max }
            }
            Field::Percentile => {
                let (min, max) = terms::percentiles(value)
                    .ok_or_else(|| bad(None, "percentiles are >90, <10, 40..60, up to 100"))?;
                Filter::Percentile { min, max }
            }
            Field::Story => Filter::Story(terms::story(value).map_err(|meant| {
                bad(
                    meant,
                    "a story is the name of a file in stories/, or the id of a suggested one",
                )
            })?),
            Field::Is => state(&STATES, value).map_err(|hint| bad(None, &hint))?,
            Field::Has => state(&PARTS, value).map_err(|hint| bad(None, &hint))?,
            // Text fields never come here.
            Field::Text(_) | Field::Speaker | Field::Stretch(_) | Field::AtLeast(_) => {
                return Err(bad(None, "this field takes words"));
            }
        })
    }
}

/// The value as it is listed, or a hint that names the nearest and all.
fn one_of(known: &[&str], value: &str) -> Result<String, String> {
    let value = value.to_lowercase().replace('_', "-");
    if known.contains(&value.as_str()) {
        return Ok(value);
    }
    let all = known.join(", ");
    Err(match nearest(&value, known.iter().copied()) {
        Some(meant) => format!("did you mean {meant}? It is one of {all}"),
        None => format!("it is one of {all}"),
    })
}

fn state(known: &[(&str, Filter)], value: &str) -> Result<Filter, String> {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let name = one_of(&names, value)?;
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|(_, filter)| filter.clone()).ok_or(name)
}
