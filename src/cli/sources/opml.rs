//! OPML read leniently: the feeds of somebody's reader become sources.
//!
//! Takes a file, gives `[[source]]` blocks at the end of sources.toml. Broken XML gives what stood before the break.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use url::Url;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::ConfigError;
use crate::config::edit::NewSource;
use crate::model::source::{Ownership, SourceKind};
use crate::report::clean;
use crate::text::charset;

use super::file::{self, SourcesToml};
use super::guess;

/// A thousand feeds with long descriptions are 1 MiB.
const MOST_BYTES: u64 = 10 << 20;
/// Nobody reads more; a file with more is not a reader's.
const MOST_FEEDS: usize = 5_000;
/// Entities of HTML stand for characters, never for more entities.
const ENTITY_DEPTH: usize = 1;

/// One outline with a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outline {
    title: Option<String>,
    feed: String,
    home: Option<String>,
    lang: Option<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Parsed {
    outlines: Vec<Outline>,
    /// Why the rest could not be read.
    broken: Option<String>,
}

pub fn import(common: &Common, path: &Path) -> anyhow::Result<()> {
    let toml = match SourcesToml::read(common) {
        Ok(toml) => toml,
        Err(error) if matches!(error.downcast_ref(), Some(ConfigError::Missing { .. })) => SourcesToml::fresh(common),
        Err(error) => return Err(error),
    };
    let read = parse(&text(path)?);
    if read.outlines.is_empty() {
        let why = read
            .broken
            .map_or("no outline in it has an `xmlUrl`".to_owned(), |why| {
                format!("it breaks off: {why}")
            });
        return Err(mistake(format!("{} names no feed: {why}", path.display())));
    }
    if let Some(why) = &read.broken {
        common.say(format!(
            "{} breaks off ({}); what came before was read",
            path.display(),
            clean::line(why)
        ));
    }
    let mut taken = toml.ids();
    let (mut added, mut known, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    let fresh = read
        .outlines
        .into_iter()
        .filter(|outline| match toml.has_listing(&outline.feed) {
            Some(id) => {
                known.push((outline.feed.clone(), id.to_owned()));
                false
            }
            None => true,
        });
    for outlines in together(fresh.collect()) {
        let Some(source) = source(&outlines, &taken) else {
            continue;
        };
        match file::fault(&source) {
            Some(fault) => refused.push((source.name, fault)),
            None => {
                taken.insert(source.id.clone());
                added.push(source);
            }
        }
    }
    if !added.is_empty() {
        toml.replace(&toml.with(&added)?)?;
    }
    tell(common, &toml, &added, &known, &refused)
}

fn tell(
    common: &Common,
    toml: &SourcesToml,
    added: &[NewSource],
    known: &[(String, String)],
    refused: &[(String, String)],
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if common.json {
        let ids = |source: &NewSource| serde_json::json!({ "id": source.id, "feeds": source.feeds });
        let row = serde_json::json!({
            "added": added.iter().map(ids).collect::<Vec<_>>(),
            "known": known.iter().map(|(feed, _)| feed).collect::<Vec<_>>(),
            "refused": refused.iter().map(|(name, why)| serde_json::json!({"name": name, "error": why})).collect::<Vec<_>>(),
        });
        writeln!(out, "{row}")?;
        return Ok(());
    }
    for source in added {
        writeln!(out, "added {}  {}", source.id, clean::line(&source.name))?;
    }
    for (feed, id) in known {
        common.say(format!("there already: {} ({id})", clean::line(feed)));
    }
    for (name, why) in refused {
        common.say(format!("left out: {}: {}", clean::line(name), clean::line(why)));
    }
    writeln!(
        out,
        "{} sources added to {}, {} feeds there already, {} left out",
        added.len(),
        toml.path.display(),
        known.len(),
        refused.len()
    )?;
    if !added.is_empty() {
        common.say("language, country and zone are guesses, and the file says from what\nnext: vigie sources check");
    }
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<String> {
    let unreadable = |error| mistake(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(unreadable)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(mistake(format!(
            "{} is larger than {} MiB",
            path.display(),
            MOST_BYTES >> 20
        )));
    }
    Ok(charset::decode(&bytes, None, None).text)
}

fn parse(text: &str) -> Parsed {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    // Only opening tags matter, so what closes which does not.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut read = Parsed::default();
    let mut seen = HashSet::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref().eq_ignore_ascii_case("outline") => {
                if let Some(outline) = outline(&tag)
                    && seen.insert(outline.feed.clone())
                {
                    read.outlines.push(outline);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                read.broken = Some(format!("{error}, at byte {}", reader.error_position()));
                break;
            }
        }
        if read.outlines.len() >= MOST_FEEDS {
            read.broken = Some(format!("more than {MOST_FEEDS} feeds"));
            break;
        }
    }
    read
}

/// An outline with a web feed that is not commented out.
fn outline(tag: &BytesStart<'_>) -> Option<Outline> {
    let (mut title, mut text, mut feed, mut home, mut lang) = (None, None, None, None, None);
    let mut attributes = tag.html_attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let name = attribute.key.as_ref().to_ascii_lowercase();
        let value = attribute
            .normalized_value_with(XmlVersion::Implicit1_0, ENTITY_DEPTH, resolve_html5_entity)
            // A bare ampersand, as in an address that nobody escaped.
            .map_or_else(|_| attribute.value.replace("&amp;", "&"), |value| value.into_owned());
        let value = Some(clean::line(&value)).filter(|value| !value.is_empty());
        match name.as_str() {
            "iscomment" if value.as_deref() == Some("true") => return None,
            "title" => title = value,
            "text" => text = value,
            "xmlurl" | "url" if feed.is_none() => feed = value.and_then(|value| web(&value)),
            "htmlurl" => home = value.and_then(|value| web(&value)),
            "language" => lang = value,
            _ => {}
        }
    }
    Some(Outline {
        title: title.or(text),
        feed: feed?,
        home,
        lang,
    })
}

/// A web address; `feed:` is a habit of old readers.
fn web(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("https:{rest}"),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    };
    let url = Url::parse(&text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(text)
}

/// Feeds with the same name and home page are one source's, as `vigie sources export` writes them.
fn together(outlines: Vec<Outline>) -> Vec<Vec<Outline>> {
    let mut groups: Vec<Vec<Outline>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for outline in outlines {
        let key = outline
            .home
            .clone()
            .map(|home| (home, outline.title.clone(), outline.lang.clone()));
        let place = key.map(|key| *places.entry(key).or_insert(groups.len()));
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.push(outline),
            None => groups.push(vec![outline]),
        }
    }
    groups
}

fn source(outlines: &[Outline], taken: &HashSet<String>) -> Option<NewSource> {
    let first = outlines.first()?;
    let root = || {
        Url::parse(&first.feed)
            .and_then(|url| url.join("/"))
            .ok()
            .map(String::from)
    };
    let home = first.home.clone().or_else(root)?;
    let host = guess::host(&home);
    let title = first.title.as_deref();
    // A title is too few words to overrule what the file declares.
    let declared = first.lang.as_deref().and_then(guess::tag).map(|value| guess::Guess {
        value,
        from: "the OPML".to_owned(),
    });
    let lang = declared
        .or_else(|| guess::lang(title.unwrap_or_default(), None, &host))
        .unwrap_or_else(|| guess::Guess {
            value: "en".to_owned(),
            from: "nothing: unknown".to_owned(),
        });
    let country = guess::country(&host, &lang.value);
    let timezone = guess::timezone(&country.value);
    Some(NewSource {
        id: guess::id(&home, &lang.value, taken),
        name: title.map_or_else(|| guess::name(None, &home), str::to_owned),
        comments: vec![format!(
            "From an OPML file, not looked at yet. Guessed: lang from {}, country from {}, timezone from {}.",
            lang.from, country.from, timezone.from
        )],
        home,
        country: country.value,
        lang: lang.value,
        ownership: Ownership::Unknown,
        kind: SourceKind::Press,
        timezone: timezone.value,
        feeds: outlines.iter().map(|outline| outline.feed.clone()).collect(),
        sitemaps: Vec::new(),
        listings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::sources;

    const OPML: &str = r#"<?xml version="1.0"?><opml version="1.1"><body>
        <outline text="Presse"><outline TEXT="Le Bac &amp; la Baie" xmlUrl="https://www.bac.fr/rss?a=1&b=2" htmlUrl="https://www.bac.fr/" language="fr-FR"/>
        <outline text="Le Bac &amp; la Baie" xmlUrl='https://www.bac.fr/mer.rss' htmlUrl="https://www.bac.fr/" language="fr-FR">
        </outline></outline>
        <outline text="港口日报" type=rss xmlUrl=feed://port.cn/rss.xml />
        <outline text="off" xmlUrl="https://off.example/rss" isComment="true"/>
        <outline text="no" xmlUrl="javascript:alert(1)"/><outline text="again" xmlUrl="https://www.bac.fr/mer.rss"/>
        </body></opml>"#;

    #[test]
    fn feeds_of_one_paper_become_one_source() {
        let read = parse(OPML);
        assert_eq!(read.broken, None);
        let groups = together(read.outlines);
        let sources: Vec<NewSource> = groups
            .iter()
            .filter_map(|group| source(group, &HashSet::new()))
            .collect();
        assert_eq!(sources.len(), 2);
        let bac = &sources[0];
        assert_eq!((bac.id.as_str(), bac.name.as_str()), ("bac-fr", "Le Bac & la Baie"));
        assert_eq!(
            bac.feeds,
            ["https://www.bac.fr/rss?a=1&b=2", "https://www.bac.fr/mer.rss"]
        );
        assert_eq!((bac.country.as_str(), bac.timezone.as_str()), ("FR", "Europe/Paris"));
        let port = &sources[1];
        assert_eq!((port.id.as_str(), port.lang.as_str()), ("port-zh", "zh-Hans"));
        assert_eq!(port.feeds, ["https://port.cn/rss.xml"]);
        assert!(sources.iter().all(|source| file::fault(source).is_none()));
    }

    #[test]
    fn what_stands_before_a_break_is_read() {
        let (head, _) = OPML.split_once("<outline text=\"off\"").unwrap();
        let read = parse(&format!("{head}<outline xmlUrl=\"https://x.example/"));
        assert_eq!(read.outlines.len(), 3);
        assert!(read.broken.is_some());
    }

    #[test]
    fn what_is_exported_comes_back() {
        let now = "2026-05-04T08:00:00Z".parse().unwrap();
        let before = sources::parse("sources.toml", crate::config::builtin::SOURCES)
            .unwrap()
            .sources;
        let read = parse(&super::super::export::opml(&before, now));
        assert_eq!(read.broken, None);
        let feeds = |sources: &[crate::model::Source]| -> Vec<String> {
            let listings = sources
                .iter()
                .filter(|source| source.enabled)
                .flat_map(|source| &source.listings);
            let feeds = listings.filter(|listing| listing.kind == crate::model::ListingKind::Feed);
            feeds.map(|listing| listing.url.clone()).collect()
        };
        let mut expected = feeds(&before);
        expected.retain({
            let mut seen = HashSet::new();
            move |url| seen.insert(url.clone())
        });
        let found: Vec<String> = read.outlines.iter().map(|outline| outline.feed.clone()).collect();
        assert_eq!(found, expected);
        for group in together(read.outlines) {
            let source = source(&group, &HashSet::new()).unwrap();
            assert_eq!(file::fault(&source), None, "{source:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,120}") {
            parse(&text);
            parse(&format!("<opml><outline {text} xmlUrl=\"https://{text}\"/>"));
        }
    }
}
