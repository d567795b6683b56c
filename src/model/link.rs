//! A **Link** is one announced URL, with what the Listing claimed about it.

use serde::{Deserialize, Serialize};

use super::date::DateClaim;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Absolute http(s) address as announced, relative ones resolved against the listing.
    pub url: String,
    /// The feed's own identifier, where it gives a stable one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text; markup is taken out by `discover`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teaser: Option<String>,
    /// Full text carried by the listing itself (`content:encoded`, `atom:content`), as plain text in paragraphs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<DateClaim>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateClaim>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// 1 = first on the listing: a proxy of prominence.
    pub position: u32,
}
