//! Redirects that lead to no page of the article: the front page, a consent wall, a log-in.
//!
//! Takes the page and what its listing said of it, tells whether the page is another one. Such a page is no version of
//! the article, and its address is none of the article's: it answers for many.

use std::collections::BTreeSet;

use url::Url;

use crate::identify::canonical;
use crate::model::{Draft, Link, Page, Source};
use crate::text::tokens;

/// Of the headline's words so many must be on the page, one in so many.
const ONE_IN: usize = 3;
/// Shorter words are mostly grammar, and stand on every page of a language; pairs of Han characters are not.
const SHORTEST: usize = 4;
/// How much of the text is looked through, in bytes.
const READ: usize = 8_192;
/// A last part of an address that is shorter names nothing by itself.
const NAME: usize = 5;

/// Many sites answer for a page that they have taken away with their front page: that is no new version of it.
pub fn leads_home(page: &Page, source: &Source) -> bool {
    if page.url == page.requested {
        return false;
    }
    let home = key(&source.home, &source.identity_query);
    key(&page.url, &source.identity_query) == home && key(&page.requested, &source.identity_query) != home
}

/// A page under another address than the one asked for, which has hardly a word of the announced headline.
pub fn leads_elsewhere(page: &Page, link: Option<&Link>, draft: &Draft, identity: &[String]) -> bool {
    if page.url == page.requested
        || key(&page.url, identity) == key(&page.requested, identity)
        || keeps_the_name(&page.requested, &page.url)
    {
        return false;
    }
    // A wall says nothing of the article, and stands before others too.
    if draft.title.is_none() && draft.text.is_empty() {
        return true;
    }
    let words = words(link.and_then(|link| link.title.as_deref()).unwrap_or_default());
    if words.is_empty() {
        return false;
    }
    let text = &draft.text[..draft.text.floor_char_boundary(READ)];
    let said = [draft.title.as_deref(), draft.standfirst.as_deref(), Some(text)];
    let there: BTreeSet<String> = said.into_iter().flatten().flat_map(self::words).collect();
    words.intersection(&there).count() * ONE_IN < words.len()
}

fn key(url: &str, identity: &[String]) -> Option<String> {
    canonical::canonical(url, identity).map(|url| canonical::url_key(&url))
}

/// The last part of the address asked for stands in the one that answered: `/2026/ferry-sails` for `/ferry-sails`.
fn keeps_the_name(asked: &str, answered: &str) -> bool {
    let (Ok(asked), Ok(answered)) = (Url::parse(asked), Url::parse(answered)) else {
        return false;
    };
    let name = asked
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()));
    let name = name.map(|name| name.split('.').next().unwrap_or(name));
    name.is_some_and(|name| name.len() >= NAME && answered.path().contains(name))
}

fn words(text: &str) -> BTreeSet<String> {
    let tokens = tokens::index_text(text);
    let long = |word: &&str| word.chars().count() >= SHORTEST || word.chars().any(|c| c > '\u{2e7f}');
    tokens.split(' ').filter(long).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(asked: &str, answered: &str, headline: &str, title: &str, text: &str) -> bool {
        let page = Page {
            requested: format!("https://gazette.example{asked}"),
            url: format!("https://gazette.example{answered}"),
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            fetched_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let link = Link {
            title: Some(headline.to_owned()),
            ..Link::default()
        };
        let draft = Draft {
            title: Some(title.to_owned()),
            text: text.to_owned(),
            ..Draft::default()
        };
        leads_elsewhere(&page, Some(&link), &draft, &[])
    }

    #[test]
    fn a_consent_wall_is_another_page() {
        let wall = (
            "Before you continue",
            "We and our partners store cookies in order to show you the ferry of the day.",
        );
        for (asked, headline) in [
            ("/a/1", "Delegation leaves the capital"),
            ("/a/2", "Harbour fees rise again"),
        ] {
            assert!(elsewhere(asked, "/consent", headline, wall.0, wall.1), "{headline}");
        }
        assert!(elsewhere(
            "/a/3",
            "/denglu",
            "代表团离开首都",
            "用户登录",
            "请登录后继续访问本站。"
        ));
    }

    #[test]
    fn an_article_that_moved_is_not() {
        let text = "The delegation left for home on Monday; the capital saw it off at the station.";
        // By its words, whatever became of the headline.
        assert!(!elsewhere(
            "/a/1",
            "/news/77",
            "Delegation leaves the capital",
            "Guests gone",
            text
        ));
        assert!(!elsewhere(
            "/a/3",
            "/xw/77",
            "代表团离开首都",
            "客人走了",
            "代表团今天离开首都回国。"
        ));
        // By its address, whatever became of the words.
        assert!(!elsewhere(
            "/delegation-leaves",
            "/2026/delegation-leaves.html",
            "Delegation leaves",
            "Video",
            ""
        ));
        // Asked and answered under one address.
        assert!(!elsewhere(
            "/a/1",
            "/a/1?utm_source=x",
            "Delegation leaves",
            "Video",
            ""
        ));
    }
}
