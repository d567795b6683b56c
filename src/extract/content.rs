//! Where the article's text stands on the page, and its paragraphs.
//!
//! Takes the flat page and what must not be read, gives paragraphs in order. Never makes up a word, never repairs one.
//!
//! The container is found by descent: from `<body>` down to the child that holds most of the running text, as long as
//! one does. Text inside links, and inside anything named comments, navigation or related stories, has no mass.

use memchr::memmem;

use super::dom::{Attributes, Dom, Tag, What};
use super::junk::{Junk, Names};
use super::words::{ends_a_sentence, punctuation, squeeze, squeeze_into, weight};

/// A child that holds this share of the running text is where to go on looking (62 %: two equal halves stop the descent).
const DESCEND: f64 = 0.62;

/// Weight from which a line is running text even without a full stop: some twenty Latin words or forty Han characters.
const SENTENCE: u32 = 110;

/// Mass from which an `<article>` around the headline holds a text: a hundred Latin words.
const AN_ARTICLE: f64 = 600.0;

/// What one mark of punctuation adds to a line's mass.
const MARK: f64 = 4.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Heading,
    Item,
    Quote,
}

/// One line of text as the page sets it.
#[derive(Debug, Clone)]
pub struct Block {
    pub text: String,
    pub kind: Kind,
    /// The block-level element it stands in.
    pub at: usize,
    /// The item its first words are.
    pub first: usize,
    pub weight: u32,
    /// Weight of the words inside links.
    pub linked: u32,
    pub marks: u32,
    /// Nothing that it stands in is hidden.
    pub shown: bool,
}

impl Block {
    /// A line that no element sets.
    pub fn plain(text: &str) -> Option<Block> {
        let text = squeeze(text);
        let (weight, marks) = (weight(&text), punctuation(&text));
        (weight > 0).then_some(Block {
            text,
            kind: Kind::Text,
            at: 0,
            first: 0,
            weight,
            linked: 0,
            marks,
            shown: true,
        })
    }

    /// A line of markup that no element of the page sets.
    pub fn plain_of(markup: &str) -> Option<Block> {
        if !markup.contains(['<', '&']) {
            return Block::plain(markup);
        }
        let html = scraper::Html::parse_fragment(super::bound::bounded(markup));
        let dom = Dom::new(&html);
        Block::plain(&dom.text(0))
    }

    pub fn link_share(&self) -> f64 {
        f64::from(self.linked) / f64::from(self.weight.max(1))
    }

    /// Reads as prose.
    pub fn is_sentence(&self) -> bool {
        let prose = self.weight >= SENTENCE && self.marks > 0
            || self.weight >= SENTENCE / 2 && self.marks > 2
            || self.weight >= 24 && ends_a_sentence(&self.text);
        // A headline cut short with three dots is a link.
        prose && self.link_share() < 0.7
    }

    pub fn mass(&self) -> f64 {
        let own = f64::from(self.weight.saturating_sub(self.linked));
        if self.link_share() > 0.5 {
            return 0.0;
        }
        let prose = if self.weight >= 40 || self.marks > 1 { 1.0 } else { 0.3 };
        own * prose + f64::from(self.marks) * MARK
    }
}

/// The page with what is not the article's taken out of sight.
pub struct Sight {
    pub hidden: Vec<bool>,
    /// What no reading takes for text: scripts, buttons, what a site rule drops, junk within a line.
    pub never: Vec<bool>,
    /// What each element's names say of it.
    pub junk: Vec<Option<Junk>>,
    /// Weight of the words outside links, below each item.
    pub plain: Vec<u32>,
    /// All lines in order, those in hidden boxes among them.
    pub lines: Vec<Block>,
    /// Running text below each item.
    mass: Vec<f64>,
}

/// Weighs the page and hides what is not article text. `dropped` are items a site rule takes out,
/// `kept` those it points at, which stay in sight whatever they are called.
pub fn sight(dom: &Dom, dropped: &[usize], kept: &[usize]) -> Sight {
    let mut sight = Sight {
        hidden: vec![false; dom.items.len()],
        never: vec![false; dom.items.len()],
        junk: vec![None; dom.items.len()],
        plain: plain_weight(dom),
        lines: Vec::new(),
        mass: Vec::new(),
    };
    hide(dom, dropped, kept, &mut sight);
    sight.lines = lines(dom, &sight.never, 0..dom.items.len());
    for line in &mut sight.lines {
        line.shown = !sight.hidden[line.first];
    }
    sight.mass = masses(dom, sight.shown());
    sight
}

impl Sight {
    /// The visible lines in order.
    pub fn shown(&self) -> impl Iterator<Item = &Block> {
        self.lines.iter().filter(|line| line.shown)
    }
}

/// Running text of the blocks below each item.
pub fn masses<'a>(dom: &Dom, lines: impl Iterator<Item = &'a Block>) -> Vec<f64> {
    let mut mass = vec![0.0; dom.items.len()];
    for block in lines {
        mass[block.at] += block.mass();
    }
    for at in (1..dom.items.len()).rev() {
        mass[dom.items[at].parent] += mass[at];
    }
    mass
}

fn hide(dom: &Dom, dropped: &[usize], kept: &[usize], sight: &mut Sight) {
    let mut keep = vec![false; dom.items.len()];
    for at in kept {
        keep[*at] = true;
        dom.ancestors(*at).for_each(|up| keep[up] = true);
    }
    let whole = f64::from(sight.plain.first().copied().unwrap_or(0).max(1));
    let mut heading = vec![false; dom.items.len()];
    // Holds a line of its own, so that it is more than some words within one.
    let mut boxes = vec![false; dom.items.len()];
    for at in (1..dom.items.len()).rev() {
        heading[at] |= dom.tag(at) == Some(Tag::H1);
        boxes[at] |= dom.tag(at).is_some_and(Tag::is_block);
        let parent = dom.items[at].parent;
        heading[parent] |= heading[at];
        boxes[parent] |= boxes[at];
    }
    let mut names = Names::default();
    let (hidden, never) = (&mut sight.hidden, &mut sight.never);
    for at in dropped {
        never[*at] = true;
    }
    for at in 0..dom.items.len() {
        let parent = dom.items[at].parent;
        never[at] |= never[parent];
        hidden[at] |= hidden[parent] || never[at];
        let What::Element(tag, element) = dom.items[at].what else {
            continue;
        };
        if never[at] || keep[at] {
            continue;
        }
        if matches!(
            tag,
            Tag::Script | Tag::Thing | Tag::TextArea | Tag::MetaLink | Tag::Meta | Tag::Title
        ) {
            (never[at], hidden[at]) = (true, true);
            continue;
        }
        let junk = names.of(tag, element.attribute("class"), element.attribute("id"));
        sight.junk[at] = junk;
        if hidden[at] {
            continue;
        }
        let share = f64::from(sight.plain[at]) / whole;
        hidden[at] = match tag {
            Tag::Caption => true,
            Tag::Nav => share < 0.6,
            Tag::Footer | Tag::Aside => share < 0.4,
            // Old portals wrap the whole page in one form.
            Tag::Form => share < 0.3,
            _ => false,
        } || match junk {
            Some(Junk::Comments) => share < 0.95 && !heading[at],
            Some(Junk::Hard) => share < 0.5,
            Some(Junk::Soft) => share < 0.12 && sight.plain[at] < 400,
            None => false,
        } || (element.attribute("hidden").is_some() || unseen(element.attribute("style"))) && share < 0.4;
        never[at] = hidden[at] && !boxes[at];
    }
}

pub fn unseen(style: Option<&str>) -> bool {
    let Some(style) = style else { return false };
    let style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// Weight of the words outside links and scripts, below each item.
fn plain_weight(dom: &Dom) -> Vec<u32> {
    let mut plain = vec![0u32; dom.items.len()];
    let mut skip_to = 0;
    for (at, item) in dom.items.iter().enumerate() {
        if at < skip_to {
            continue;
        }
        match item.what {
            What::Element(Tag::Script | Tag::Link | Tag::TextArea | Tag::Thing, _) => skip_to = item.end,
            What::Element(..) => {}
            What::Text(text) => plain[at] = weight(text),
        }
    }
    for at in (1..dom.items.len()).rev() {
        let own = plain[at];
        let parent = &mut plain[dom.items[at].parent];
        *parent = parent.saturating_add(own);
    }
    plain
}

/// The lines of a stretch of the page, hidden ones left out.
pub fn lines(dom: &Dom, hidden: &[bool], range: std::ops::Range<usize>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut line = Line::default();
    // Open elements that end within the range: where, and what they were to the words inside.
    let mut open: Vec<(usize, Tag)> = Vec::new();
    let (mut links, mut headings) = (0u32, 0u32);
    let mut at = range.start;
    while at < range.end.min(dom.items.len()) {
        while let Some((end, tag)) = open.last().copied()
            && end <= at
        {
            open.pop();
            links -= u32::from(tag == Tag::Link);
            headings -= u32::from(matches!(tag, Tag::Heading | Tag::H1));
            if tag.is_block() {
                line.end(&mut out);
            }
        }
        let item = &dom.items[at];
        match item.what {
            What::Element(tag, _) => {
                if hidden[at] {
                    if tag.is_block() && !matches!(tag, Tag::Thing) {
                        line.end(&mut out);
                    } else if !line.text.is_empty() {
                        squeeze_into(&mut line.text, " ");
                    }
                    at = item.end;
                    continue;
                }
                if tag == Tag::Break && headings > 0 {
                    squeeze_into(&mut line.text, " ");
                } else if tag.is_block() {
                    line.end(&mut out);
                }
                links += u32::from(tag == Tag::Link);
                headings += u32::from(matches!(tag, Tag::Heading | Tag::H1));
                open.push((item.end, tag));
            }
            What::Text(text) => {
                if line.text.is_empty() {
                    line.first = at;
                    line.open(dom, at, &open);
                }
                squeeze_into(&mut line.text, text);
                let weight = weight(text);
                line.weight += weight;
                line.linked += if links > 0 { weight } else { 0 };
            }
        }
        at += 1;
    }
    line.end(&mut out);
    out
}

#[derive(Default)]
struct Line {
    text: String,
    first: usize,
    at: usize,
    kind: Option<Kind>,
    weight: u32,
    linked: u32,
}

impl Line {
    fn open(&mut self, dom: &Dom, at: usize, open: &[(usize, Tag)]) {
        self.at = std::iter::successors(Some(dom.items[at].parent), |at| {
            Some(dom.items[*at].parent).filter(|p| p != at)
        })
        .find(|at| dom.tag(*at).is_some_and(Tag::is_block))
        .unwrap_or(0);
        let mut kind = Kind::Text;
        for (_, tag) in open.iter().rev().take(6) {
            kind = match tag {
                Tag::Heading | Tag::H1 => Kind::Heading,
                Tag::Item => Kind::Item,
                Tag::Blockquote => Kind::Quote,
                _ => continue,
            };
            break;
        }
        self.kind = Some(kind);
    }

    fn end(&mut self, out: &mut Vec<Block>) {
        let mut text = std::mem::take(&mut self.text);
        text.truncate(text.trim_end().len());
        if self.weight > 0 && !text.is_empty() {
            let marks = punctuation(&text);
            out.push(Block {
                text,
                kind: self.kind.unwrap_or(Kind::Text),
                at: self.at,
                first: self.first,
                weight: self.weight,
                linked: self.linked,
                marks,
                shown: true,
            });
        }
        *self = Line::default();
    }
}

/// The stretches of the page that hold the article, in order.
pub fn regions(
    dom: &Dom,
    sight: &Sight,
    heading: Option<usize>,
    vote: Option<&[String]>,
) -> Vec<std::ops::Range<usize>> {
    let Some(root) = dom.elements().find(|(_, tag, _)| *tag == Tag::Body).map(|(at, ..)| at) else {
        return Vec::new();
    };
    let mut at = descend(dom, sight, root);
    // Among other stories set on the same page, the one around the headline; the <article> may be the smaller part
    // of what the descent found, but not a mere header.
    let own = heading.and_then(|heading| {
        dom.ancestors(heading).find(|up| {
            dom.tag(*up) == Some(Tag::Article)
                && sight.mass[*up] >= AN_ARTICLE
                && sight.mass[*up] >= 0.1 * sight.mass[at]
        })
    });
    if let Some(own) = own {
        at = descend(dom, sight, own);
    }
    if let Some(voted) = vote.and_then(|lines| voted(dom, sight, lines)) {
        at = voted;
    } else if let Some(named) = named(dom, sight, at) {
        at = named;
    }
    let mut found = vec![at];
    widen(dom, sight, at, &mut found);
    found.sort_unstable();
    found.into_iter().map(|at| at..dom.items[at].end).collect()
}

/// Down from `at` for as long as one child holds most of the running text.
fn descend(dom: &Dom, sight: &Sight, mut at: usize) -> usize {
    while let Some(best) = children(dom, at).max_by(|a, b| sight.mass[*a].total_cmp(&sight.mass[*b])) {
        if sight.mass[best] < DESCEND * sight.mass[at] || sight.mass[best] <= 0.0 || is_line(dom.tag(best)) {
            break;
        }
        at = best;
    }
    at
}

/// Those of the items that stand in none of the others.
pub fn outermost(dom: &Dom, items: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut regions: Vec<std::ops::Range<usize>> = Vec::new();
    for at in items {
        if regions.last().is_none_or(|last| *at >= last.end) {
            regions.push(*at..dom.items[*at].end);
        }
    }
    regions
}

/// A tag that is a line of text rather than a container of lines.
pub fn is_line(tag: Option<Tag>) -> bool {
    matches!(
        tag,
        None | Some(Tag::P | Tag::Inline | Tag::Link | Tag::Heading | Tag::H1 | Tag::Item | Tag::Blockquote)
    )
}

fn children<'a>(dom: &'a Dom, at: usize) -> impl Iterator<Item = usize> + 'a {
    let end = dom.items[at].end;
    let mut next = at + 1;
    std::iter::from_fn(move || {
        while next < end {
            let child = next;
            next = dom.items[child].end;
            if dom.tag(child).is_some() {
                return Some(child);
            }
        }
        None
    })
}

/// An element inside (or around) the found container that calls itself the article's body and holds most of its mass.
fn named(dom: &Dom, sight: &Sight, at: usize) -> Option<usize> {
    let whole = sight.mass[at];
    let end = dom.items[at].end;
    (at..end)
        .filter(|i| !sight.hidden[*i] && sight.mass[*i] >= 0.7 * whole && calls_itself_body(dom, *i))
        .max_by(|a, b| sight.mass[*a].total_cmp(&sight.mass[*b]))
}

pub fn calls_itself_body(dom: &Dom, at: usize) -> bool {
    let Some(element) = dom.element(at) else { return false };
    if element
        .attribute("itemprop")
        .is_some_and(|prop| prop.split_ascii_whitespace().any(|p| p == "articleBody"))
    {
        return true;
    }
    const NAMES: &[&str] = &[
        "articlebody",
        "articlecontent",
        "articletext",
        "entrycontent",
        "postcontent",
        "storybody",
        "storycontent",
        "articlemain",
        "artibody",
        "trseditor",
        "posttext",
        "endtext",
        "contentarticle",
        "postbody",
        "newscontent",
        "newstext",
        "maintext",
        "richmediacontent",
        "contentbody",
        "bodycontent",
        "articlebodytext",
        "artcontent",
    ];
    [element.attribute("class"), element.attribute("id")]
        .into_iter()
        .flatten()
        .any(|names| {
            names.split_ascii_whitespace().any(|name| {
                let name: String = name
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .map(|c| c.to_ascii_lowercase())
                    .collect();
                NAMES.contains(&name.as_str())
            })
        })
}

/// The smallest element that holds nearly all of the lines that the page's metadata gives as its text.
fn voted(dom: &Dom, sight: &Sight, lines: &[String]) -> Option<usize> {
    let matched: Vec<&Block> = sight
        .shown()
        // Each line is looked for in the whole of the metadata's text.
        .take(2000)
        .filter(|block| {
            block.weight >= 60 && {
                let line = super::words::fold(&block.text);
                lines
                    .iter()
                    .any(|of| memmem::find(of.as_bytes(), line.as_bytes()).is_some())
            }
        })
        .collect();
    let (first, last) = (matched.first()?, matched.last()?);
    if matched.len() < 3 {
        return None;
    }
    let mut at = first.at;
    while dom.items[at].end <= last.at || is_line(dom.tag(at)) {
        let parent = dom.items[at].parent;
        if parent == at {
            break;
        }
        at = parent;
    }
    Some(at)
}

/// Bodies split over several containers: neighbours of the same name, and paragraphs beside the container.
fn widen(dom: &Dom, sight: &Sight, at: usize, found: &mut Vec<usize>) {
    let Some(class) = dom.attr(at, "class") else { return };
    let parent = dom.items[at].parent;
    for sibling in children(dom, parent) {
        if sibling == at || sight.hidden[sibling] || sight.mass[sibling] <= 0.0 {
            continue;
        }
        let same = !class.is_empty() && dom.attr(sibling, "class") == Some(class) && dom.tag(sibling) == dom.tag(at);
        if same && sight.mass[sibling] > 0.05 * sight.mass[at] && dom.tag(at) != Some(Tag::Article) {
            found.push(sibling);
        }
    }
}

/// The blocks of the regions that read as the article's.
pub fn paragraphs(sight: &Sight, regions: &[std::ops::Range<usize>]) -> Vec<Block> {
    let inside = |block: &Block| regions.iter().any(|range| range.contains(&block.first));
    sight
        .shown()
        .filter(|block| inside(block))
        .filter(|block| !(block.link_share() > 0.6 && block.weight < 200))
        .cloned()
        .collect()
}
