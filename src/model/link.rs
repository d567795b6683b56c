//! A **Link** is one announced URL, with what the Listing claimed about it.

use serde::{Deserialize, Serialize};

use super::date::DateClaim;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Absolute http(s) address as announced, relative ones resolved against the listing.
    pub url: String,
    /// The feed's own identifier, where it gives a stable one.
    pub guid: Option<String>,
    pub title: Option<String>,
    /// Plain text; markup is taken out by `discover`.
    pub teaser: Option<String>,
    /// Full text carried by the listing itself (`content:encoded`, `atom:content`), as plain text in paragraphs.
    pub text: Option<String>,
    pub published: Option<DateClaim>,
    pub updated: Option<DateClaim>,
    pub authors: Vec<String>,
    pub section: Option<String>,
    pub lang: Option<String>,
    /// 1 = first on the listing: a proxy of prominence.
    pub position: u32,
}
