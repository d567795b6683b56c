//! A **Draft** is what extraction read off a Page: every field optional, the doubtful ones with their evidence.

use serde::{Deserialize, Serialize};

use super::article::{Comments, ItemKind, TextAccess};
use super::date::DateClaim;
use super::source::RulePart;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub title: Option<String>,
    pub standfirst: Option<String>,
    /// Paragraphs joined by a blank line; empty = nothing readable.
    pub text: String,
    pub published: Option<DateClaim>,
    pub modified: Option<DateClaim>,
    pub authors: Vec<String>,
    pub section: Option<String>,
    pub kind: Option<ItemKind>,
    /// Credit line: `AFP`, `新华社`, `Reuters`.
    pub credit: Option<String>,
    pub text_access: TextAccess,
    pub comments: Comments,
    /// `rel=canonical` or `og:url`, absolute.
    pub canonical: Option<String>,
    pub alternates: Vec<Alternate>,
    /// What the page says of its own language.
    pub declared_lang: Option<String>,
    /// WHATWG name of the charset it was decoded with.
    pub charset: String,
    /// `noindex`, `noarchive`, `tdm-reservation` as found.
    pub reservations: Vec<String>,
    /// Parts of a site rule that matched nothing on this page.
    pub rule_misses: Vec<String>,
    /// The site rules that read this page, and how; absent = generic extraction alone.
    #[serde(default)]
    pub rule: Option<RuleFit>,
}

/// How site rules fared on one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFit {
    /// Which of the source's rules, from 0, oldest first.
    pub rule: usize,
    /// Each part that they have, and whether it matched something with words.
    pub parts: Vec<(RulePart, bool)>,
}

/// A twin of the page in another language or form (`hreflang`, AMP).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    pub kind: AlternateKind,
    /// As its `hreflang` has it; only of a twin in another language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlternateKind {
    Language,
    /// For small screens.
    Mobile,
    Amp,
}

impl AlternateKind {
    pub fn as_str(self) -> &'static str {
        match self {
            AlternateKind::Language => "language",
            AlternateKind::Mobile => "mobile",
            AlternateKind::Amp => "amp",
        }
    }
}
