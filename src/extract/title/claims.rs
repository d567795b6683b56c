//! What the page calls itself in its metadata, each claim less the site's name.
//!
//! Takes metadata and the host, gives how far they speak for a line. Never looks at the document.

use crate::extract::metadata::Metadata;
use crate::extract::standfirst::section;
use crate::extract::words::{fold, is_east_asian, weight};

/// Marks between a headline and the site's name.
const SEPARATORS: &[&str] = &[
    " - ", " | ", " – ", " — ", " _ ", " · ", " • ", " :: ", "_", "|", "--", "－", "｜", "ㅣ",
];

/// Marks that part the site's name off, and that French sets inside its headlines as well.
const DOUBTFUL: &[&str] = &[" : ", " » ", " « "];

/// A headline weighs about this much at least; a section's or a site's name does not.
const HEADLINE: u32 = 18;

pub struct Claims {
    /// Whole claims in the order of their worth: JSON-LD, Open Graph, Twitter, `<title>`; empty where not made.
    whole: [String; 4],
    /// The same, folded and less the site's name.
    lines: [String; 4],
    /// Folded parts of `<title>`.
    page: Vec<String>,
    /// Folded names of the site.
    sites: Vec<String>,
    /// JSON-LD calls the page a news article.
    news: bool,
    /// Folded name of its section; empty where it is not given.
    section: String,
}

/// What each claim's word weighs. A title written for search engines agrees with the others least often, and Twitter's
/// repeats Open Graph's.
const WORTH: [i32; 4] = [8, 8, 3, 5];

impl Claims {
    pub fn new(meta: &Metadata, host: Option<&str>) -> Claims {
        let mut sites: Vec<String> = ["og:site_name", "application-name", "apple-mobile-web-app-title"]
            .iter()
            .flat_map(|key| meta.all(key))
            .chain(meta.jsonld.publisher.as_deref())
            .map(fold)
            .collect();
        if let Some(host) = host {
            let bare = host.strip_prefix("www.").unwrap_or(host);
            sites.push(fold(bare));
            // The name before the public suffix: `gazette` of gazette.example, `gazette` of gazette.co.example.
            sites.extend(bare.split('.').filter(|label| label.len() > 3).map(fold));
        }
        sites.retain(|site| !site.is_empty());
        let whole = [
            meta.jsonld.headline.clone(),
            meta.get(&["og:title"]).map(str::to_owned),
            meta.get(&["twitter:title", "dc.title", "dcterms.title", "headline", "title"])
                .map(str::to_owned),
            meta.page_title.clone(),
        ]
        .map(Option::unwrap_or_default);
        let mut claims = Claims {
            page: split(&whole[3], &sites)
                .into_iter()
                .map(fold)
                .filter(|part| !part.is_empty())
                .collect(),
            lines: Default::default(),
            whole,
            sites,
            news: meta
                .jsonld
                .kind
                .as_deref()
                .is_some_and(|kind| kind.ends_with("NewsArticle")),
            section: section(meta, None).map(|name| fold(&name)).unwrap_or_default(),
        };
        claims.lines = std::array::from_fn(|n| fold(&claims.without_site(&claims.whole[n])));
        claims
    }

    /// The line is the site's name.
    pub fn is_site(&self, line: &str) -> bool {
        self.sites.iter().any(|site| site == line)
    }

    /// The line is as long as a headline, and one of the claims word for word.
    pub fn is_headline(&self, line: &str) -> bool {
        weight(line) >= HEADLINE && self.said_by(line).is_some()
    }

    /// The first claim, in the order of their worth, that is word for word the line.
    pub fn said_by(&self, line: &str) -> Option<usize> {
        let says = |n: &usize| self.lines[*n] == line || fold(&self.whole[*n]) == line;
        (0..self.whole.len()).find(|n| !line.is_empty() && says(n))
    }

    /// How much the claims speak for the folded line.
    pub fn support(&self, line: &str) -> i32 {
        let long = weight(line) >= 15;
        let mut sum = 0;
        for (n, claim) in self.lines.iter().enumerate() {
            if claim.is_empty() {
                continue;
            }
            sum += if claim == line {
                WORTH[n]
            // All of a long line, then a word or two: the site's name behind a mark of its own.
            } else if n == 3 && weight(line) >= 2 * HEADLINE && claim.starts_with(line) && claim.len() < line.len() + 20
            {
                WORTH[n] + 4
            } else if long && (claim.starts_with(line) || line.starts_with(claim) && weight(claim) >= HEADLINE) {
                WORTH[n] / 2 + 1
            } else if long && claim.contains(line) {
                WORTH[n] / 3 + 1
            } else {
                0
            };
        }
        // `Headline | Section | Site`: the first part is the piece's, the last is the site's.
        if let [first, .., last] = self.page.as_slice() {
            if last == line && first != line {
                sum -= 10;
            } else if self.page.iter().any(|part| part == line) && self.lines[3] != line {
                sum += 4;
            }
        }
        sum
    }

    /// The title that a newsroom gives its piece in JSON-LD, Open Graph and Twitter's card alike, where its heading says
    /// something else: three fields filled by its own system outweigh the line that a page was dressed with. A section's
    /// name before the heading's words, or a site's behind them, makes no other title of them.
    pub fn agreed_against(&self, heading: &str) -> Option<&str> {
        let [ld, og, card, _] = &self.whole;
        let (line, heading) = (fold(og), fold(heading));
        let agree = self.news && !line.is_empty() && fold(ld) == line && fold(card) == line && line != heading;
        let before = line.strip_suffix(heading.as_str());
        let other = !line.starts_with(&heading) && before.is_none_or(|before| before != self.section);
        (agree && other).then(|| og.trim())
    }

    /// The page's title where no heading is one.
    pub fn own_title(&self) -> Option<String> {
        // What the page says of itself to others is the whole headline, where it leaves the site's name out.
        let claim = [1, 0, 2, 3].into_iter().find(|n| !self.whole[*n].is_empty())?;
        let text = &self.whole[claim];
        // `<title>` begins with all of it, so that what follows there is the site's, and nothing here is.
        let (line, page) = (fold(text), fold(&self.whole[3]));
        if claim < 2
            && page.starts_with(&line)
            && !split(text, &self.sites)
                .into_iter()
                .any(|part| self.is_site(&fold(part)))
        {
            return Some(section_off(text.trim()).to_owned()).filter(|title| !title.is_empty());
        }
        let title = self.without_site(text);
        (!title.is_empty()).then_some(title)
    }

    /// A title without the site's name after or before it.
    fn without_site(&self, claim: &str) -> String {
        let parts = split(claim, &self.sites);
        let of_site = |part: &str| {
            let line = fold(part);
            self.is_site(&line) || line.is_empty()
        };
        if parts.len() < 2 {
            return section_off(claim.trim()).to_owned();
        }
        let kept: Vec<&str> = parts.iter().copied().filter(|part| !of_site(part)).collect();
        let Some(first) = kept.first() else {
            return claim.trim().to_owned();
        };
        // A separator inside a headline: two parts, each too long for a section's name.
        if let [first, second] = kept.as_slice()
            && kept.len() < parts.len()
            && weight(first).min(weight(second)) >= HEADLINE
            && let (Some(from), Some(end)) = (claim.find(first), claim.rfind(second))
            && let Some(rest) = claim.get(from..end + second.len())
        {
            return section_off(rest).to_owned();
        }
        // The first part is the headline unless it is as short as a section's name.
        let longest = kept.iter().max_by_key(|part| weight(part)).unwrap_or(first);
        let chosen = if weight(first) >= HEADLINE { first } else { longest };
        section_off(chosen).to_owned()
    }
}

/// The parts of a title. At a doubtful mark it parts only where the site's name stands on its other side, or where there
/// is nothing French about it: a quotation mark without its fellow.
fn split<'a>(claim: &'a str, sites: &[String]) -> Vec<&'a str> {
    let mut parts: Vec<&str> = vec![claim];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    for separator in DOUBTFUL {
        parts = parts
            .into_iter()
            .flat_map(|part| ends(part, separator, sites))
            .collect();
    }
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Both sides of the first and of the last doubtful mark, where one of them is the site's name.
fn ends<'a>(part: &'a str, separator: &str, sites: &[String]) -> Vec<&'a str> {
    let lone = match separator {
        " » " => !part.contains('«'),
        " « " => !part.contains('»'),
        _ => false,
    };
    if lone {
        return part.split(separator).collect();
    }
    let is_site = |side: &str| sites.contains(&fold(side));
    if let Some((head, tail)) = part.rsplit_once(separator)
        && is_site(tail)
    {
        return vec![head, tail];
    }
    match part.split_once(separator) {
        Some((head, tail)) if is_site(head) => vec![head, tail],
        _ => vec![part],
    }
}

/// 标题-国内-某网 and 제목-정치: East Asian portals set sections behind a bare dash.
fn section_off(title: &str) -> &str {
    let mut title = title;
    while let Some((head, tail)) = title.rsplit_once(['-', '－']) {
        let short = (2..=5).contains(&tail.trim().chars().count()) && tail.trim().chars().all(is_east_asian);
        if !short || weight(head) < 2 * HEADLINE {
            break;
        }
        title = head.trim_end();
    }
    title
}
