//! What a query can find at a source at all. Where it can find nothing, nothing follows from finding nothing.
//!
//! Takes the query as understood and a source, gives the part that stands in the way, as a person would type it.

use crate::model::Source;
use crate::model::query::{Expr, Filter, Word};
use crate::query;

/// The fields of the query by which no article of this source can be meant: such a source was not asked.
pub fn shut_out(expr: &Expr, source: &Source) -> Option<String> {
    if may_be(expr, source) != Some(false) {
        return None;
    }
    let mut fields = Vec::new();
    filters(expr, &mut |filter, part| {
        if of_source(filter, source).is_some() || is_own_language(filter, source) {
            fields.push(query::print(part));
        }
    });
    Some(fields.join(" "))
}

/// By what is known of the source alone; `None` where its articles decide.
fn may_be(expr: &Expr, source: &Source) -> Option<bool> {
    match expr {
        Expr::Filter(filter) => of_source(filter, source),
        // Without its own language hardly anything of it is left to ask for.
        Expr::Not(part) => match &**part {
            Expr::Filter(filter) if is_own_language(filter, source) => Some(false),
            part => may_be(part, source).map(|holds| !holds),
        },
        Expr::And(parts) => all(parts.iter().map(|part| may_be(part, source))),
        Expr::Or(parts) => all(parts.iter().map(|part| may_be(part, source).map(|holds| !holds))).map(|none| !none),
        _ => None,
    }
}

fn is_own_language(filter: &Filter, source: &Source) -> bool {
    matches!(filter, Filter::Lang(tag) if tag == main_tag(&source.lang))
}

/// AND of three values: one that is false decides.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn of_source(filter: &Filter, source: &Source) -> Option<bool> {
    match filter {
        Filter::Source(id) => Some(source.id == *id),
        Filter::Group(group) => Some(source.groups.contains(group)),
        Filter::Country(country) => Some(source.country.eq_ignore_ascii_case(country)),
        Filter::Ownership(word) => Some(word_of(&source.ownership).as_str() == Some(word)),
        Filter::SourceKind(word) => Some(word_of(&source.kind).as_str() == Some(word)),
        // A French paper may carry a page in English, and the script is known of articles only: a language that is not
        // the source's own shuts it out, its own decides nothing.
        Filter::Lang(tag) => (main_tag(tag) != main_tag(&source.lang)).then_some(false),
        _ => None,
    }
}

/// The word that stands for a value in files and queries.
fn word_of(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// What the query asks of articles beside their words, so that an article in those words may be left out by it.
pub fn narrowed(expr: &Expr) -> Option<String> {
    let mut fields = Vec::new();
    filters(expr, &mut |filter, part| {
        let of_articles = !matches!(
            filter,
            Filter::Source(_)
                | Filter::Group(_)
                | Filter::Country(_)
                | Filter::Lang(_)
                | Filter::Ownership(_)
                | Filter::SourceKind(_)
        );
        if of_articles {
            fields.push(query::print(part));
        }
    });
    (!fields.is_empty()).then(|| fields.join(" "))
}

fn filters(expr: &Expr, found: &mut impl FnMut(&Filter, &Expr)) {
    match expr {
        Expr::Filter(filter) => found(filter, expr),
        Expr::Not(part) => match &**part {
            Expr::Filter(filter) => found(filter, expr),
            inner => filters(inner, found),
        },
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| filters(part, found)),
        _ => {}
    }
}

/// The first part that no text in this language can fulfil, by its script: a Chinese text has no “voyage”, a French one
/// no 文化. Between languages of one script this cannot tell.
pub fn unmet<'a>(expr: &'a Expr, lang: &str) -> Option<&'a Expr> {
    let fits = script(lang);
    let written = |word: &Word| word.text.chars().any(fits) || !word.text.chars().any(char::is_alphabetic);
    lacking(expr, &mut |leaf| match leaf {
        Expr::Word(word) => Ok::<bool, std::convert::Infallible>(written(word)),
        Expr::Actor { names, .. } => Ok(names.iter().any(written)),
        _ => Ok(true),
    })
    .unwrap_or(None)
}

/// The first part that must hold and whose words, by `stands`, stand nowhere. Of alternatives all must fail.
pub fn lacking<'a, E>(
    expr: &'a Expr,
    stands: &mut impl FnMut(&'a Expr) -> Result<bool, E>,
) -> Result<Option<&'a Expr>, E> {
    match expr {
        Expr::And(parts) => {
            for part in parts {
                if let Some(found) = lacking(part, stands)? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        }
        Expr::Or(ways) => {
            let mut found = None;
            for way in ways {
                match lacking(way, stands)? {
                    None => return Ok(None),
                    Some(_) => found = Some(expr),
                }
            }
            Ok(found)
        }
        Expr::Near { left, right, .. } => match lacking(left, stands)? {
            Some(found) => Ok(Some(found)),
            None => lacking(right, stands),
        },
        Expr::Within { part, .. } | Expr::AtLeast { part, .. } => lacking(part, stands),
        Expr::Word(_) | Expr::Actor { .. } => Ok((!stands(expr)?).then_some(expr)),
        // What must not occur is met where it does not; fields are another matter.
        Expr::Not(_) | Expr::Filter(_) | Expr::Speaker(_) | Expr::Everything => Ok(None),
    }
}

/// Is this letter one that the language is written in?
fn script(lang: &str) -> fn(char) -> bool {
    match main_tag(lang) {
        "zh" => is_han,
        "ja" => |c| is_han(c) || is_kana(c),
        "ko" => is_hangul,
        _ => |c| c.is_alphabetic() && !is_han(c) && !is_kana(c) && !is_hangul(c),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3130}'..='\u{318f}')
}

pub fn main_tag(lang: &str) -> &str {
    lang.split('-').next().unwrap_or(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{builtin, provisional};
    use crate::read::search;

    fn expr(typed: &str) -> Expr {
        let lexicon = builtin::config().unwrap().lexicon;
        let now = "2009-12-18T06:00:00Z".parse().unwrap();
        query::parse(typed, &search::context(&lexicon, now, "UTC", false, None))
            .unwrap()
            .expr
    }

    fn unmet_in(typed: &str, lang: &str) -> Option<String> {
        unmet(&expr(typed), lang).map(query::print)
    }

    #[test]
    fn every_part_must_be_one_that_the_language_can_write() {
        for (typed, lang, part) in [
            ("Pyongyang voyage", "zh", Some("voyage")),
            ("Pyongyang voyage", "fr", None),
            ("culture voyage", "ko", Some("voyage")),
            ("@jack-lang", "zh", None),
            ("(voyage OR 访问) Pyongyang", "zh", None),
            ("Pyongyang -voyage", "zh", None),
            ("Pyongyang NEAR/5 voyage", "zh", Some("voyage")),
            ("=文化 @france", "fr", Some("=文化")),
            ("@north-korea 1874", "zh", None),
        ] {
            assert_eq!(unmet_in(typed, lang).as_deref(), part, "{typed} in {lang}");
        }
    }

    #[test]
    fn fields_of_the_source_shut_out_and_fields_of_articles_narrow() {
        let mut source = provisional::source("paper.example");
        source.id = "paper-fr".to_owned();
        source.lang = "fr".to_owned();
        source.country = "FR".to_owned();
        let shut = |typed: &str| shut_out(&expr(typed), &source);
        assert_eq!(shut("culture source:lemonde-fr").as_deref(), Some("source:lemonde-fr"));
        assert_eq!(shut("culture lang:zh").as_deref(), Some("lang:zh"));
        assert_eq!(shut("culture country:CN").as_deref(), Some("country:CN"));
        assert_eq!(shut("culture -country:FR").as_deref(), Some("NOT country:FR"));
        assert_eq!(shut("culture -lang:fr").as_deref(), Some("NOT lang:fr"));
        assert_eq!(
            shut("culture (lang:zh OR source:lemonde-fr)").as_deref(),
            Some("lang:zh source:lemonde-fr")
        );
        for open in [
            "culture",
            "culture lang:fr",
            "culture -lang:zh",
            "(culture lang:zh) OR voyage",
            "lang:zh OR lang:fr",
        ] {
            assert_eq!(shut(open), None, "{open}");
        }
        assert_eq!(narrowed(&expr("culture words:>5000")).as_deref(), Some("words:5001.."));
        assert_eq!(
            narrowed(&expr("culture -is:reprint")).as_deref(),
            Some("NOT is:reprint")
        );
        assert_eq!(narrowed(&expr("culture lang:fr")), None);
    }
}
