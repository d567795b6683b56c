//! Filters: a field and its values.

use std::ops::Range;

use super::super::error::Problem;
use super::super::terms::{self, Field};
use super::super::when::{self, WhenError};
use super::{MAX_FILTERS, Parsed, Parser, gather};
use crate::model::query::{Expr, Filter};

impl Parser<'_> {
    /// The values of a filter, of which a comma makes alternatives.
    pub(super) fn values(&mut self, field: Field, text: &str, span: Range<usize>) -> Parsed<Expr> {
        let mut filters: Vec<Expr> = Vec::new();
        for value in text.split([',', '，', '、']).map(str::trim) {
            if value.is_empty() {
                let hint = format!("values stand in a row without spaces: {}:a,b", field.name());
                return Err(self.error(Problem::EmptyField(field.name()), span).hint(hint));
            }
            let filter = Expr::Filter(self.filter(field, value, &span)?);
            if !filters.contains(&filter) {
                filters.push(filter);
            }
            self.filters += 1;
            if self.filters > MAX_FILTERS {
                return Err(self.error(Problem::TooManyFilters(MAX_FILTERS), span));
            }
        }
        Ok(gather(filters, Expr::Or).unwrap_or(Expr::Everything))
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
            // Text fields and those of later versions never come here.
            Field::Text(_) | Field::Later(_) => return Err(bad(None, "this field takes words")),
        })
    }
}
