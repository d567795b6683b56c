//! The forms that single values take: ids, plain text, one of a list; and the nearest right word to a wrong one.
//!
//! Takes text, gives the value or what is wrong with it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::problem::{Fault, quoted};

/// Longest id: it is a folder name, a column heading and a query word.
const MAX_ID: usize = 64;

/// Ids and groups: lower-case ASCII letters, digits and single hyphens between them.
pub(super) fn id(text: &str) -> Result<String, Fault> {
    let fine = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if text.len() <= MAX_ID && text.split('-').all(fine) {
        return Ok(text.to_owned());
    }
    let fault = Fault::new(format!("{} is not a well-formed id", quoted(text)));
    let rule = "lower-case letters and digits joined by single hyphens";
    let mended = slug(text);
    Err(if text.len() > MAX_ID || mended.is_empty() {
        fault.hint(format!("an id is {rule}, at most {MAX_ID} in all"))
    } else {
        fault.hint(format!("an id is {rule}, such as `{mended}`"))
    })
}

/// The nearest well-formed id, empty if nothing of `text` can be kept.
pub(super) fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let mut joined = parts.join("-");
    joined.truncate(MAX_ID); // all ASCII
    joined.trim_end_matches('-').to_owned()
}

/// Text for people: not blank.
pub(super) fn text(text: &str) -> Result<String, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new("this text is empty"));
    }
    Ok(text.trim().to_owned())
}

/// The id of an article as `vigie` prints it, or its beginning.
pub(super) fn article(text: &str) -> Result<String, Fault> {
    let digits = text.strip_prefix("i:").unwrap_or_default();
    let fine = (4..=16).contains(&digits.len()) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if fine {
        return Ok(text.to_owned());
    }
    let fault = Fault::new(format!("{} is no id of an article", quoted(text)));
    Err(fault.hint("`i:` and at least four of its hexadecimal digits, as `vigie query` shows them"))
}

/// A moment in UTC: `2009-12-14T06:00Z`, or a day or month, which stands for its first moment or, as an end, its last.
pub(super) fn moment(text: &str, end: bool) -> Result<Timestamp, Fault> {
    let text = text.trim();
    let midnight = |day: Date| day.to_zoned_datetime(TimeZone::UTC).map(|at| at.timestamp()).ok();
    let after = |day: Date| if end { day.tomorrow().ok() } else { Some(day) };
    let short = || {
        text.strip_suffix('Z')
            .and_then(|text| format!("{text}:00Z").parse().ok())
    };
    let day = || text.parse().ok().and_then(after).and_then(midnight);
    let month = || {
        let first: Date = format!("{text}-01").parse().ok()?;
        midnight(if end {
            first.last_of_month().tomorrow().ok()?
        } else {
            first
        })
    };
    if text.contains(':') {
        return text.parse().ok().or_else(short).ok_or_else(|| {
            Fault::new(format!("{} is no moment", quoted(text)))
                .hint("a time needs its zone: `2009-12-14T06:00Z`, `2009-12-14T07:00:00+01:00`")
        });
    }
    day().or_else(month).ok_or_else(|| {
        Fault::new(format!("{} is no moment", quoted(text)))
            .hint("for example `2009-12-14`, `2009-12`, `2009-12-14T06:00Z`")
    })
}

/// One of a closed list.
pub(super) fn choice<T: Copy>(text: &str, what: &str, allowed: &[(&'static str, T)]) -> Result<T, Fault> {
    if let Some((_, value)) = allowed.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let fault = Fault::new(format!("{} is not {what}", quoted(text)));
    let names = || allowed.iter().map(|(name, _)| *name);
    Err(match nearest(text, names()) {
        Some(close) => fault.hint(format!("did you mean `{close}`? allowed are {}", listed(names()))),
        None => fault.hint(format!("allowed are {}", listed(names()))),
    })
}

/// The candidate that a slip of the fingers may have meant: at most a third of its letters off.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    // A longer word than any candidate's neighbourhood needs no comparing, and comparing is quadratic.
    const MAX_WORD: usize = 60;
    if word.len() > MAX_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    let near = |candidate: &&str| {
        let limit = (candidate.chars().count() / 3).max(1);
        strsim::osa_distance(&lower, &candidate.to_lowercase()) <= limit
    };
    candidates
        .filter(near)
        .min_by_key(|candidate| strsim::osa_distance(&lower, &candidate.to_lowercase()))
}

/// `a`, `b` and `c`
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_narrow() {
        for good in ["lemonde-fr", "a", "20minutes-fr", "un-news-en"] {
            assert_eq!(id(good), Ok(good.to_owned()));
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "人民", &"x".repeat(65)] {
            assert!(id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_mended_id_is_one() {
        assert_eq!(slug("Le Monde_FR"), "le-monde-fr");
        assert_eq!(slug("人民网"), "");
        assert!(id(&slug(&"ab-".repeat(40))).is_ok());
    }

    #[test]
    fn near_words_are_offered_and_far_ones_not() {
        let keys = ["country", "lang", "listings", "id"];
        assert_eq!(nearest("contry", keys.into_iter()), Some("country"));
        assert_eq!(nearest("Country", keys.into_iter()), Some("country"));
        assert_eq!(nearest("listing", keys.into_iter()), Some("listings"));
        assert_eq!(nearest("colour", keys.into_iter()), None);
    }
}
