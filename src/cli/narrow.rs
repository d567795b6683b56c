//! `--since`, `--until` and `--lang`, read alike by every command that has them. What can hold nothing is a slip of the
//! fingers, never an empty answer.

use jiff::Timestamp;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::query::nearest;
use crate::model::Interval;
use crate::query;

/// From and until when; `None` where nothing was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Window {
    /// All of time where nothing was said.
    pub fn interval(self) -> Interval {
        Interval {
            min: self.since.unwrap_or(Timestamp::MIN),
            max: self.until.unwrap_or(Timestamp::MAX),
        }
    }
}

impl Common {
    pub fn window(&self, since: Option<&str>, until: Option<&str>) -> anyhow::Result<Window> {
        let read = |text: Option<&str>, end| text.map(|text| self.moment(text, end)).transpose();
        let window = Window {
            since: read(since, false)?,
            until: read(until, true)?,
        };
        let Interval { min, max } = window.interval();
        if min < max {
            return Ok(window);
        }
        let (since, until) = (since.unwrap_or_default(), until.unwrap_or_default());
        // The other way round they may be what was meant; "30d" and "now" are often what was not typed.
        let is_day = |text: &str| {
            text.get(..4)
                .is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let turned = is_day(since) && is_day(until) && self.moment(until, false)? < self.moment(since, true)?;
        let hint = match turned {
            true => format!("did you mean --since {until} --until {since}?"),
            false => BEFORE.to_owned(),
        };
        Err(mistake(format!(
            "the window is empty: {min} (--since {since}) is not before {max} (--until {until})\nhint: {hint}"
        )))
    }
}

const BEFORE: &str = "--since must lie before --until";

/// A window of a story that holds no moment.
pub fn empty(since: Timestamp, until: Timestamp) -> anyhow::Error {
    mistake(format!(
        "the window is empty: {since} is not before {until}\nhint: {BEFORE}"
    ))
}

/// Names of languages as people type them, and their tags.
const LANGUAGES: [(&str, &str); 15] = [
    ("chinese", "zh"),
    ("chinois", "zh"),
    ("mandarin", "zh"),
    ("french", "fr"),
    ("français", "fr"),
    ("english", "en"),
    ("anglais", "en"),
    ("korean", "ko"),
    ("coréen", "ko"),
    ("japanese", "ja"),
    ("german", "de"),
    ("deutsch", "de"),
    ("spanish", "es"),
    ("español", "es"),
    ("russian", "ru"),
];

/// The tags of `--lang` in their usual case.
pub fn langs(typed: &[String]) -> anyhow::Result<Vec<String>> {
    typed.iter().map(|value| lang(value.trim())).collect()
}

fn lang(value: &str) -> anyhow::Result<String> {
    query::lang(value).map_err(|meant| {
        let near = || {
            let name = nearest(value, LANGUAGES.iter().map(|(name, _)| *name))?;
            LANGUAGES.iter().find(|(known, _)| *known == name).map(|(_, tag)| *tag)
        };
        let hint = match meant.or_else(near) {
            Some(tag) => format!("did you mean {tag}?"),
            None => "languages are tags such as fr, en, ko, zh, zh-Hant".to_owned(),
        };
        mistake(format!("--lang: `{value}` is no language\nhint: {hint}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_a_tag_or_a_slip() {
        let read = |value: &str| lang(value).map_err(|error| error.to_string());
        for (typed, tag) in [("FR", "fr"), ("zh-tw", "zh-Hant"), ("zh_CN", "zh-Hans"), ("kor", "kor")] {
            assert_eq!(read(typed).as_deref(), Ok(tag), "{typed}");
        }
        for (typed, hint) in [
            ("chinese", "did you mean zh?"),
            ("frensh", "did you mean fr?"),
            ("deutsche", "did you mean de?"),
            ("klingon", "languages are tags"),
            ("", "languages are tags"),
            ("fr en", "languages are tags"),
        ] {
            let error = read(typed).expect_err(typed);
            assert!(error.contains(hint) && error.contains(&format!("`{typed}`")), "{error}");
        }
    }
}
