//! How much of the text the page let us read.

use super::clean::stub_in;
use super::dom::{Dom, Tag, What};
use super::metadata::Metadata;
use super::words::weight;
use crate::model::TextAccess;

/// Below this weight (about 150 Latin words) a text that calls itself paid for is its beginning.
const TEASER: u32 = 900;

/// From this weight a text that calls itself paid for, with no sign of a cut, was given whole (a metered page).
const WHOLE: u32 = 2500;

/// `stub` are the words of a paywall taken out of the text itself.
pub fn access(dom: &Dom, meta: &Metadata, text: &str, stub: Option<&str>) -> TextAccess {
    let read = weight(text);
    if read == 0 {
        return TextAccess::HeadlineOnly;
    }
    let paid = meta.jsonld.free == Some(false)
        || meta
            .get(&["article:content_tier"])
            .is_some_and(|tier| matches!(tier, "locked" | "metered" | "premium"));
    if stub.is_some() || read < WHOLE && visible_stub(dom) || paid && read < TEASER {
        return TextAccess::Teaser;
    }
    TextAccess::Full
}

/// A stub outside the text, in a box of its own.
fn visible_stub(dom: &Dom) -> bool {
    /// These say that this very piece is cut; the other stubs also stand in menus.
    const CUT: &[&str] = &[
        "cet article est réservé aux abonnés",
        "de cet article à lire",
        "la suite est réservée",
        "subscribe to continue",
        "to continue reading",
        "this article is for subscribers",
    ];
    dom.items.iter().any(|item| match item.what {
        What::Text(text) if (12..400).contains(&text.len()) => {
            !matches!(dom.tag(item.parent), Some(Tag::Script | Tag::TextArea))
                && stub_in(text).is_some_and(|stub| CUT.contains(&stub))
        }
        _ => false,
    })
}
