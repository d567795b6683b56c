//! A **Page** is the frozen response: what the network said, before anyone interprets it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One archived response, decoded from its `Content-Encoding` and nothing more.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The address that was asked for.
    pub requested: String,
    /// The address that answered, after redirects.
    pub url: String,
    pub status: u16,
    /// Names in lower case, values as sent (latin-1 read as such).
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub fetched_at: Timestamp,
}

impl Page {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Where in the archive a record lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// File name below `archive/`.
    pub file: String,
    pub offset: u64,
    /// Compressed length of the record, so that one read fetches it.
    pub length: u64,
}
