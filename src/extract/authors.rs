//! Who wrote it: JSON-LD, meta tags, markup, and bylines as each language sets them.
//!
//! Takes the page, gives persons' names, bare: no roles, outlets, addresses or dates. An editor on duty (责任编辑) is no
//! author. The outlet or an agency is one only where the page says so and names nobody.

mod bylines;
mod names;
mod printed;

use super::credit;
use super::dom::Dom;
use super::metadata::Metadata;
use super::words::{fold, squeeze};

/// Most authors of one piece.
const MOST: usize = 12;

/// Meta tags that name writers, most specific first.
const KEYS: &[&str] = &[
    "author",
    "article:author",
    "article:author_name",
    "articleauthor",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "dcsext.author",
    "og:article:author",
];

/// The label that Yoast's plug-in sets before the writer's name in Twitter's card, per language.
const WRITTEN_BY: &[&str] = &[
    "written by",
    "verfasst von",
    "geschrieben von",
    "écrit par",
    "escrito por",
    "scritto da",
    "geschreven door",
    "作者",
    "글쓴이",
];

/// The authors. `ruled` are elements of a site rule; `near` is where bylines stand, `header`
/// the short lines there; `lines` the text's paragraphs.
pub fn authors(
    dom: &Dom,
    meta: &Metadata,
    ruled: &[usize],
    near: (usize, usize),
    header: &[String],
    lines: &[&str],
) -> Vec<String> {
    let house = House::new(meta);
    // Metadata that list an agency among the writers are believed; a visible agency is a credit line.
    let unless_agency = |raw: Vec<String>| raw.into_iter().filter(|raw| !credit::is_agency(raw)).collect();
    let sources: [&dyn Fn() -> Vec<String>; 6] = [
        &|| ruled.iter().map(|at| dom.text(*at)).collect(),
        &|| meta.jsonld.authors.clone(),
        &|| {
            KEYS.iter()
                .map(|key| meta.all(key).map(str::to_owned).collect::<Vec<_>>())
                .find(|raw| !house.persons(raw).is_empty())
                .unwrap_or_default()
        },
        &|| card(meta),
        &|| unless_agency(bylines::bylines(dom, near)),
        &|| printed::printed(header, lines),
    ];
    let found = sources
        .iter()
        .map(|source| house.persons(&source()))
        .find(|names| !names.is_empty());
    found.unwrap_or_else(|| house.declared(meta))
}

/// The writer in Twitter's card.
fn card(meta: &Metadata) -> Vec<String> {
    let label = meta.get(&["twitter:label1"]).unwrap_or_default().to_lowercase();
    if !WRITTEN_BY.iter().any(|words| label.contains(words)) {
        return Vec::new();
    }
    meta.all("twitter:data1").take(1).map(str::to_owned).collect()
}

/// The outlet's own names, which sign where no person does.
struct House {
    names: Vec<String>,
}

impl House {
    fn new(meta: &Metadata) -> House {
        let names = ["og:site_name", "application-name", "publisher"]
            .iter()
            .flat_map(|key| meta.all(key))
            .chain(meta.jsonld.publisher.as_deref())
            .chain(meta.jsonld.houses.iter().map(String::as_str))
            .map(fold)
            .filter(|name| !name.is_empty());
        House { names: names.collect() }
    }

    fn persons(&self, raw: &[String]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let own = |raw: &&String| {
            let line = fold(raw);
            self.names
                .iter()
                .any(|name| name.chars().count() > 2 && line.starts_with(name.as_str()))
        };
        for name in raw.iter().filter(|raw| !own(raw)).flat_map(|raw| names::split(raw)) {
            let line = fold(&name);
            if !out.iter().any(|had| fold(had) == line) {
                out.push(name);
            }
        }
        out.truncate(MOST);
        out
    }

    /// Whom the page's metadata call the author, person or not.
    fn declared(&self, meta: &Metadata) -> Vec<String> {
        let claims = meta.jsonld.houses.iter().map(String::as_str);
        let mut claims = claims
            .chain(meta.jsonld.authors.iter().map(String::as_str))
            .chain(meta.all("author"));
        let name = claims.find(|name| names::is_plain(name) && name.chars().count() <= 40);
        name.map(squeeze).into_iter().collect()
    }
}
