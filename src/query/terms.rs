//! Fields and their values.
//!
//! Takes the name and value of a filter, gives the filter. Never knows which sources or topics exist.

use crate::model::article;
use crate::model::query::{Filter, State, Stretch};

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
    Author,
    Ownership,
    Kind,
    SourceKind,
    Url,
    Words,
    Chars,
    Percentile,
    Is,
    Has,
    Story,
    Stretch(Stretch),
    AtLeast(u32),
    Speaker,
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
    ("story", Field::Story),
    ("date", Field::Date),
    ("since", Field::Since),
    ("until", Field::Until),
    ("seen", Field::Seen),
    ("author", Field::Author),
    ("ownership", Field::Ownership),
    ("kind", Field::Kind),
    ("type", Field::SourceKind),
    ("url", Field::Url),
    ("words", Field::Words),
    ("chars", Field::Chars),
    ("pctl", Field::Percentile),
    ("is", Field::Is),
    ("has", Field::Has),
    ("same", Field::Stretch(Stretch::Paragraph)),
    ("sent", Field::Stretch(Stretch::Sentence)),
    ("quote", Field::Stretch(Stretch::Quotation)),
    ("speaker", Field::Speaker),
];

/// Who owns a source, as `sources.toml` says it.
pub(super) const OWNERSHIPS: [&str; 7] = [
    "private",
    "public",
    "state",
    "party",
    "association",
    "intergovernmental",
    "unknown",
];

/// What a source is, as `sources.toml` says it.
pub(super) const SOURCE_KINDS: [&str; 9] = [
    "press",
    "wire",
    "broadcaster",
    "party-press",
    "government",
    "think-tank",
    "association",
    "blog",
    "own",
];

pub(super) const KINDS: [&str; 7] = ["wire", "article", "editorial", "release", "caption", "blog", "video"];

/// Of an article, behind `is:`.
pub(super) const STATES: [(&str, Filter); 8] = [
    ("reprint", Filter::Is(State::Reprint)),
    ("original", Filter::Is(State::Original)),
    ("edited", Filter::Is(State::Edited)),
    ("gone", Filter::Is(State::Gone)),
    ("deleted", Filter::Is(State::Gone)),
    ("teaser", Filter::Is(State::Teaser)),
    ("full", Filter::Is(State::Full)),
    ("formula", Filter::Formula),
];

/// Of an article, behind `has:`.
pub(super) const PARTS: [(&str, Filter); 3] = [
    ("comments-open", Filter::Is(State::CommentsOpen)),
    ("comments-closed", Filter::Is(State::CommentsClosed)),
    ("comments-hidden", Filter::Is(State::CommentsHidden)),
];

impl Field {
    pub(super) fn parse(name: &str) -> Option<Field> {
        let number = name
            .strip_prefix("atleast")
            .filter(|n| n.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(number) = number {
            return Some(Field::AtLeast(number.parse().unwrap_or(0)));
        }
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    pub(super) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, field)| *field == self)
            .map_or("atleast5", |(name, _)| name)
    }

    /// For suggestions.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

/// A language tag in its usual case: `fr`, `zh-Hant`. On failure, what was probably meant.
pub fn lang(value: &str) -> Result<String, Option<&'static str>> {
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

/// `>300`, `<200`, `>=300`, `300..500`, `300..`, `..500`, `300`: from and to, both included.
pub(super) fn numbers(value: &str) -> Option<(u32, u32)> {
    let number = |text: &str| -> Option<u32> {
        let text = text.trim();
        let digits = matches!(text.len(), 1..=9) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let value = value
        .replace('＞', ">")
        .replace('＜', "<")
        .replace('≥', ">=")
        .replace('≤', "<=");
    if let Some(rest) = value.strip_prefix(">=") {
        return Some((number(rest)?, u32::MAX));
    }
    if let Some(rest) = value.strip_prefix("<=") {
        return Some((0, number(rest)?));
    }
    if let Some(rest) = value.strip_prefix('>') {
        return Some((number(rest)? + 1, u32::MAX));
    }
    if let Some(rest) = value.strip_prefix('<') {
        return Some((0, number(rest)?.checked_sub(1)?));
    }
    let Some((from, to)) = value.split_once("..") else {
        return number(&value).map(|n| (n, n));
    };
    let min = if from.is_empty() { 0 } else { number(from)? };
    let max = if to.is_empty() { u32::MAX } else { number(to)? };
    (min <= max && !(from.is_empty() && to.is_empty())).then_some((min, max))
}

/// Percentiles; `None` where they are none.
pub(super) fn percentiles(value: &str) -> Option<(u32, u32)> {
    let (min, max) = numbers(value.trim_end_matches(['%', '％']))?;
    let max = if max == u32::MAX { 100 } else { max };
    (min <= max && max <= 100).then_some((min, max))
}

/// The id of a story: that of a written one, or `s:` and that of a suggested one.
pub(super) fn story(value: &str) -> Result<String, Option<&'static str>> {
    match value.strip_prefix("s:") {
        Some(rest) => id(rest).map(|rest| format!("s:{rest}")),
        None => id(value),
    }
}

/// The id of a source, group or topic: what configuration allows as one.
pub(super) fn id(value: &str) -> Result<String, Option<&'static str>> {
    let fits = value.starts_with(char::is_alphanumeric)
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    fits.then(|| value.to_owned()).ok_or(None)
}
