//! An **Article** is an identified document: canonical URL, language, fingerprint; it has Versions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::date::DateClaim;

/// `i:` and 16 hex digits, from the source and the canonical URL: the same on every machine.
pub type ArticleId = String;

/// One state of a document, read off one page (or, where pages may not be fetched, off its listing).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub id: ArticleId,
    pub source: String,
    /// Canonical URL: the document's identity within its source.
    pub url: String,
    /// ISO 639-1 (`zh`, `fr`); `None` = could not be told.
    pub lang: Option<String>,
    /// `Hans` or `Hant` for Chinese, else `None`.
    pub script: Option<String>,
    pub title: String,
    pub standfirst: Option<String>,
    pub text: String,
    pub authors: Vec<String>,
    pub published: Option<DateClaim>,
    pub modified: Option<DateClaim>,
    pub section: Option<String>,
    pub kind: ItemKind,
    pub credit: Option<String>,
    pub text_access: TextAccess,
    pub comments: Comments,
    pub length: Length,
    /// SHA-256 (hex) of the folded title and text: equal = the same words.
    pub digest: String,
    /// 64-bit SimHash of the folded text; 0 = too short to compare.
    pub simhash: u64,
    /// The page (or look) that showed this state.
    pub seen_at: Timestamp,
}

/// Comparable size. Never compared across units: `report` shows a percentile within the outlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    pub n: u32,
    pub unit: LengthUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    Words,
    /// Han characters (字).
    Han,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Wire,
    #[default]
    Article,
    Editorial,
    Release,
    Caption,
    Blog,
    Video,
}

/// How much of the text we hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextAccess {
    Full,
    Teaser,
    #[default]
    HeadlineOnly,
    Blocked,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comments {
    pub state: CommentState,
    pub count: Option<u32>,
    /// The words or selector that said so.
    pub signal: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentState {
    Open,
    Closed,
    Hidden,
    /// The site has no comments.
    None,
    #[default]
    Unknown,
}

/// A topic that an article carries, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicTag {
    pub topic: String,
    pub hits: Vec<TermHit>,
}

/// An actor of the lexicon named in an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub actor: String,
    pub hits: Vec<TermHit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermHit {
    /// As written in the configuration.
    pub term: String,
    pub field: Field,
    pub count: u32,
    /// Where the first of them stand in the field, in characters from its beginning: start and end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<(u32, u32)>,
}

/// Where in an article a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    /// Standfirst, or the feed's teaser.
    Lead,
    Body,
}

macro_rules! as_str {
    ($type:ident { $($variant:ident => $text:literal),* $(,)? }) => {
        impl $type {
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $text),* }
            }
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($type::$variant),)* _ => None }
            }
        }
    };
}

as_str!(LengthUnit { Words => "words", Han => "han" });
as_str!(ItemKind { Wire => "wire", Article => "article", Editorial => "editorial", Release => "release", Caption => "caption", Blog => "blog", Video => "video" });
as_str!(TextAccess { Full => "full", Teaser => "teaser", HeadlineOnly => "headline_only", Blocked => "blocked" });
as_str!(CommentState { Open => "open", Closed => "closed", Hidden => "hidden", None => "none", Unknown => "unknown" });
as_str!(Field { Title => "title", Lead => "lead", Body => "body" });
