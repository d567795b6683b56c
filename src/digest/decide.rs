//! What a newly read state means beside what is kept: pure, so that every night's case is a test.

use crate::model::TextAccess;

/// An article that is kept, as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub rowid: i64,
    pub digest: String,
    pub text_access: TextAccess,
}

/// A newly read state, as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh<'a> {
    pub digest: &'a str,
    pub text_access: TextAccess,
    /// Read off a listing, not off a page.
    pub from_listing: bool,
    /// Length in words or characters.
    pub length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A document that was not known.
    New,
    /// The same words under the same or another address.
    Unchanged(i64),
    /// The words changed.
    Edited(i64),
    /// The same version, better read: the full text takes a teaser's place.
    Completed(i64),
    /// The same outlet's same words under a new address.
    Moved(i64),
    /// It says less than what is kept (a teaser beside the full text, a login wall): nothing is learned.
    Poorer(i64),
}

/// Shorter texts are too often equal by nature (a caption, "photo of the day") to call them one document.
const SAME_DOCUMENT: u32 = 40;

/// `by_address`: kept under one of its addresses. `by_words`: kept by the same source with just these words.
pub fn decide(by_address: Option<&Kept>, by_words: Option<&Kept>, fresh: &Fresh<'_>) -> Decision {
    let Some(kept) = by_address else {
        return match by_words {
            Some(same) if !fresh.from_listing && fresh.length >= SAME_DOCUMENT => Decision::Moved(same.rowid),
            _ => Decision::New,
        };
    };
    if kept.digest == fresh.digest {
        return Decision::Unchanged(kept.rowid);
    }
    match (fullness(kept.text_access), fullness(fresh.text_access)) {
        (had, has) if has < had => Decision::Poorer(kept.rowid),
        (had, has) if has > had => Decision::Completed(kept.rowid),
        _ => Decision::Edited(kept.rowid),
    }
}

fn fullness(access: TextAccess) -> u8 {
    match access {
        TextAccess::Full => 2,
        TextAccess::Teaser => 1,
        TextAccess::HeadlineOnly | TextAccess::Blocked => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(digest: &str, text_access: TextAccess) -> Kept {
        Kept {
            rowid: 7,
            digest: digest.to_owned(),
            text_access,
        }
    }

    fn fresh(digest: &str, text_access: TextAccess) -> Fresh<'_> {
        Fresh {
            digest,
            text_access,
            from_listing: false,
            length: 300,
        }
    }

    #[test]
    fn the_nights_of_one_article() {
        use TextAccess::{Full, HeadlineOnly, Teaser};
        assert_eq!(decide(None, None, &fresh("a", Full)), Decision::New);
        let teaser = kept("t", Teaser);
        assert_eq!(decide(Some(&teaser), None, &fresh("a", Full)), Decision::Completed(7));
        let full = kept("a", Full);
        assert_eq!(decide(Some(&full), None, &fresh("a", Full)), Decision::Unchanged(7));
        assert_eq!(decide(Some(&full), None, &fresh("b", Full)), Decision::Edited(7));
        assert_eq!(decide(Some(&full), None, &fresh("t", Teaser)), Decision::Poorer(7));
        assert_eq!(
            decide(Some(&full), None, &fresh("t", HeadlineOnly)),
            Decision::Poorer(7)
        );
        assert_eq!(decide(None, Some(&full), &fresh("a", Full)), Decision::Moved(7));
    }

    #[test]
    fn short_equal_texts_stay_two_documents() {
        let caption = Fresh {
            length: 12,
            ..fresh("a", TextAccess::Full)
        };
        assert_eq!(
            decide(None, Some(&kept("a", TextAccess::Full)), &caption),
            Decision::New
        );
    }

    #[test]
    fn an_edited_teaser_is_an_edit() {
        let item = Fresh {
            from_listing: true,
            ..fresh("u", TextAccess::Teaser)
        };
        assert_eq!(
            decide(Some(&kept("t", TextAccess::Teaser)), None, &item),
            Decision::Edited(7)
        );
    }
}
