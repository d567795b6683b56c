//! Fields and their values.
//!
//! Takes the name and value of a filter, gives the filter. Never knows which sources or topics exist.

use crate::model::article;

/// What may stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Text(article::Field),
    Lang,
    Source,
    Group,
    Country,
    Topic,
    Date,
    Since,
    Until,
    Seen,
    /// In the language, not yet in the program.
    Later(&'static str),
}

const NAMES: [(&str, Field); 27] = [
    ("title", Field::Text(article::Field::Title)),
    ("lead", Field::Text(article::Field::Lead)),
    ("body", Field::Text(article::Field::Body)),
    ("lang", Field::Lang),
    ("source", Field::Source),
    ("group", Field::Group),
    ("country", Field::Country),
    ("topic", Field::Topic),
    ("date", Field::Date),
    ("since", Field::Since),
    ("until", Field::Until),
    ("seen", Field::Seen),
    ("author", Field::Later("author")),
    ("quote", Field::Later("quote")),
    ("speaker", Field::Later("speaker")),
    ("url", Field::Later("url")),
    ("type", Field::Later("type")),
    ("kind", Field::Later("kind")),
    ("story", Field::Later("story")),
    ("is", Field::Later("is")),
    ("has", Field::Later("has")),
    ("words", Field::Later("words")),
    ("chars", Field::Later("chars")),
    ("pctl", Field::Later("pctl")),
    ("same", Field::Later("same")),
    ("sent", Field::Later("sent")),
    ("atleast", Field::Later("atleast")),
];

impl Field {
    pub(super) fn parse(name: &str) -> Option<Field> {
        if name
            .strip_prefix("atleast")
            .is_some_and(|n| n.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Some(Field::Later("atleast"));
        }
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    pub(super) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, field)| *field == self)
            .map_or("", |(name, _)| name)
    }

    /// The names that can be used today, for suggestions.
    pub(super) fn usable() -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .filter(|(_, field)| !matches!(field, Field::Later(_)))
            .map(|(name, _)| *name)
    }
}

/// A language tag in its usual case: `fr`, `zh-Hant`. On failure, what was probably meant.
pub(super) fn lang(value: &str) -> Result<String, Option<&'static str>> {
    let lower = value.to_ascii_lowercase().replace('_', "-");
    let meant = match lower.as_str() {
        "cn" | "chinese" | "chinois" | "中文" | "汉语" => Some("zh"),
        "kr" | "korean" | "coréen" => Some("ko"),
        "jp" | "japanese" | "japonais" => Some("ja"),
        "french" | "français" | "francais" => Some("fr"),
        "english" | "anglais" | "gb" | "uk-en" => Some("en"),
        "german" | "allemand" => Some("de"),
        "spanish" | "espagnol" => Some("es"),
        _ => None,
    };
    if meant.is_some() {
        return Err(meant);
    }
    let (tag, rest) = lower.split_once('-').unwrap_or((&lower, ""));
    if !matches!(tag.len(), 2 | 3) || !tag.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(None);
    }
    match rest {
        "" => Ok(tag.to_owned()),
        "hans" | "cn" | "sg" => Ok(format!("{tag}-Hans")),
        "hant" | "tw" | "hk" | "mo" => Ok(format!("{tag}-Hant")),
        _ => Err(None),
    }
}

/// An ISO 3166-1 code in upper case. On failure, what was probably meant.
pub(super) fn country(value: &str) -> Result<String, Option<&'static str>> {
    let upper = value.to_ascii_uppercase();
    match upper.as_str() {
        "UK" => Err(Some("GB")),
        "FRANCE" => Err(Some("FR")),
        "CHINA" | "CHINE" | "PRC" => Err(Some("CN")),
        "USA" => Err(Some("US")),
        "DPRK" => Err(Some("KP")),
        "ROK" => Err(Some("KR")),
        _ if upper.len() == 2 && upper.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(upper),
        _ => Err(None),
    }
}

/// The id of a source, group or topic: what configuration allows as one.
pub(super) fn id(value: &str) -> Result<String, Option<&'static str>> {
    let fits = !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    fits.then(|| value.to_owned()).ok_or(None)
}
