//! The elements of a page as the measures of its lines need them: what each is, what stands around it, what it holds.
//!
//! Takes the flat page and its lines, gives one entry an item. Never looks at a line's words.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::extract::content::{self, Block, Sight};
use crate::extract::dom::{Attributes, Dom, Tag};
use crate::extract::junk::Junk;
use crate::extract::keys::Table;

pub mod bit {
    pub const NAV: u32 = 1;
    pub const ASIDE: u32 = 1 << 1;
    pub const FOOTER: u32 = 1 << 2;
    pub const HEADER: u32 = 1 << 3;
    pub const FORM: u32 = 1 << 4;
    pub const ARTICLE: u32 = 1 << 5;
    pub const MAIN: u32 = 1 << 6;
    pub const FIGURE: u32 = 1 << 7;
    pub const TABLE: u32 = 1 << 8;
    pub const LIST: u32 = 1 << 9;
    pub const QUOTE: u32 = 1 << 10;
    pub const NAMED: u32 = 1 << 11;
    pub const HARD: u32 = 1 << 12;
    pub const SOFT: u32 = 1 << 13;
    pub const COMMENTS: u32 = 1 << 14;
    pub const UNSEEN: u32 = 1 << 15;
    /// Class or id hold a word that articles' containers are called by, that small parts are, that standfirsts are.
    pub const WORD_TEXT: u32 = 1 << 16;
    pub const WORD_PART: u32 = 1 << 17;
    pub const WORD_LEAD: u32 = 1 << 18;
    pub const WORD_LIST: u32 = 1 << 19;
}

/// What is asked of the elements around a line; readers' comments first.
pub const INHERITED: [u32; 19] = [
    bit::COMMENTS,
    bit::NAV,
    bit::ASIDE,
    bit::FOOTER,
    bit::HEADER,
    bit::FORM,
    bit::ARTICLE,
    bit::MAIN,
    bit::FIGURE,
    bit::TABLE,
    bit::LIST,
    bit::QUOTE,
    bit::NAMED,
    bit::HARD,
    bit::SOFT,
    bit::UNSEEN,
    bit::WORD_LEAD,
    bit::WORD_PART,
    bit::WORD_LIST,
];

const WORDS: &[(&str, u32)] = &[
    ("content", bit::WORD_TEXT),
    ("body", bit::WORD_TEXT),
    ("text", bit::WORD_TEXT),
    ("article", bit::WORD_TEXT),
    ("story", bit::WORD_TEXT),
    ("entry", bit::WORD_TEXT),
    ("para", bit::WORD_TEXT),
    ("detail", bit::WORD_TEXT),
    ("artikel", bit::WORD_TEXT),
    ("texte", bit::WORD_TEXT),
    ("neirong", bit::WORD_TEXT),
    ("inhalt", bit::WORD_TEXT),
    ("caption", bit::WORD_PART),
    ("legend", bit::WORD_PART),
    ("credit", bit::WORD_PART),
    ("copyright", bit::WORD_PART),
    ("author", bit::WORD_PART),
    ("autor", bit::WORD_PART),
    ("auteur", bit::WORD_PART),
    ("byline", bit::WORD_PART),
    ("date", bit::WORD_PART),
    ("time", bit::WORD_PART),
    ("meta", bit::WORD_PART),
    ("tag", bit::WORD_PART),
    ("share", bit::WORD_PART),
    ("social", bit::WORD_PART),
    ("source", bit::WORD_PART),
    ("bread", bit::WORD_PART),
    ("button", bit::WORD_PART),
    ("image", bit::WORD_PART),
    ("photo", bit::WORD_PART),
    ("label", bit::WORD_PART),
    ("kicker", bit::WORD_PART),
    ("disclaimer", bit::WORD_PART),
    ("lead", bit::WORD_LEAD),
    ("intro", bit::WORD_LEAD),
    ("chapo", bit::WORD_LEAD),
    ("standfirst", bit::WORD_LEAD),
    ("summary", bit::WORD_LEAD),
    ("excerpt", bit::WORD_LEAD),
    ("teaser", bit::WORD_LEAD),
    ("subtitle", bit::WORD_LEAD),
    ("subhead", bit::WORD_LEAD),
    ("deck", bit::WORD_LEAD),
    ("abstract", bit::WORD_LEAD),
    ("vorspann", bit::WORD_LEAD),
    ("description", bit::WORD_LEAD),
    ("list", bit::WORD_LIST),
    ("related", bit::WORD_LIST),
    ("recommend", bit::WORD_LIST),
    ("promo", bit::WORD_LIST),
    ("newsletter", bit::WORD_LIST),
    ("widget", bit::WORD_LIST),
    ("more", bit::WORD_LIST),
    ("card", bit::WORD_LIST),
    ("item", bit::WORD_LIST),
    ("menu", bit::WORD_LIST),
    ("sidebar", bit::WORD_LIST),
    ("popular", bit::WORD_LIST),
    ("read", bit::WORD_LIST),
    ("link", bit::WORD_LIST),
    ("box", bit::WORD_LIST),
];

/// Which families of words the names hold, anywhere inside them.
fn words_of(names: &str) -> u32 {
    static FINDER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let finder = FINDER.get_or_init(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(WORDS.iter().map(|(word, _)| word))
            .ok()
    });
    let Some(finder) = finder else {
        return 0;
    };
    finder
        .find_overlapping_iter(names)
        .take(40)
        .fold(0, |bits, found| bits | WORDS[found.pattern().as_usize()].1)
}

/// What a number of lines come to.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sum {
    pub lines: f32,
    pub prose: f32,
    pub weight: f32,
    pub linked: f32,
    /// Weight of those that the rules keep.
    pub kept: f32,
}

impl Sum {
    pub fn of(block: &Block, prose: bool, kept: bool) -> Sum {
        let weight = block.weight as f32;
        Sum {
            lines: 1.0,
            prose: f32::from(u8::from(prose)),
            weight,
            linked: block.linked as f32,
            kept: if kept { weight } else { 0.0 },
        }
    }

    pub fn add(&mut self, other: &Sum) {
        self.lines += other.lines;
        self.prose += other.prose;
        self.weight += other.weight;
        self.linked += other.linked;
        self.kept += other.kept;
    }

    pub fn prose_share(&self) -> f32 {
        self.prose / self.lines.max(1.0)
    }

    pub fn link_share(&self) -> f32 {
        self.linked / self.weight.max(1.0)
    }

    pub fn kept_share(&self) -> f32 {
        self.kept / self.weight.max(1.0)
    }

    pub fn mean_weight(&self) -> f32 {
        self.weight / self.lines.max(1.0)
    }
}

/// The page as far as its elements go.
pub struct Ground {
    pub depth: Vec<u16>,
    /// What the element itself is.
    pub own: Vec<u32>,
    /// What it or any element around it is.
    pub around: Vec<u32>,
    /// The nearest element around that is named as something else.
    pub junk: Vec<usize>,
    /// The nearest `<article>` around; 0 where there is none.
    pub article: Vec<usize>,
    pub mass: Vec<f64>,
    /// What the lines below each item come to.
    pub lines: Vec<Sum>,
}

pub fn ground(dom: &Dom, sight: &Sight, blocks: &[Block], prose: &[bool], kept: &[bool]) -> Ground {
    let count = dom.items.len();
    let mass = content::masses(dom, blocks.iter());
    let mut lines = vec![Sum::default(); count];
    for ((block, prose), kept) in blocks.iter().zip(prose).zip(kept) {
        lines[block.at].add(&Sum::of(block, *prose, *kept));
    }
    for at in (1..count).rev() {
        let own = lines[at];
        if own.lines > 0.0 {
            lines[dom.items[at].parent].add(&own);
        }
    }
    let mut found = Ground {
        depth: vec![0; count],
        own: vec![0; count],
        around: vec![0; count],
        junk: vec![0; count],
        article: vec![0; count],
        mass,
        lines,
    };
    // A page has few names and repeats them.
    let mut words: Table<&str, u32> = Table::default();
    let whole = found.mass.first().copied().unwrap_or(0.0).max(1.0);
    for at in 1..count {
        let parent = dom.items[at].parent;
        found.depth[at] = found.depth[parent].saturating_add(1);
        found.around[at] = found.around[parent];
        found.junk[at] = found.junk[parent];
        found.article[at] = match dom.tag(at) {
            Some(Tag::Article) => at,
            _ => found.article[parent],
        };
        // What holds no line is asked nothing.
        if found.lines[at].lines == 0.0 {
            continue;
        }
        let Some(element) = dom.element(at) else { continue };
        let tag = dom.tag(at);
        let (class, id) = (element.attribute("class"), element.attribute("id"));
        let mut own = match tag {
            Some(Tag::Nav) => bit::NAV,
            Some(Tag::Aside) => bit::ASIDE,
            Some(Tag::Footer) => bit::FOOTER,
            Some(Tag::Header) => bit::HEADER,
            Some(Tag::Form) => bit::FORM,
            Some(Tag::Article) => bit::ARTICLE,
            Some(Tag::Main) => bit::MAIN,
            Some(Tag::Figure | Tag::Caption) => bit::FIGURE,
            Some(Tag::Table) => bit::TABLE,
            Some(Tag::List) => bit::LIST,
            Some(Tag::Blockquote) => bit::QUOTE,
            _ => 0,
        };
        own |= match sight.junk[at] {
            Some(Junk::Hard) => bit::HARD,
            Some(Junk::Soft) => bit::SOFT,
            Some(Junk::Comments) => bit::COMMENTS,
            None => 0,
        };
        if found.mass[at] > 0.05 * whole && content::calls_itself_body(dom, at) {
            own |= bit::NAMED;
        }
        if element.attribute("hidden").is_some() || content::unseen(element.attribute("style")) {
            own |= bit::UNSEEN;
        }
        if !matches!(tag, Some(Tag::Body | Tag::Html)) {
            for names in [class, id].into_iter().flatten() {
                own |= *words.entry(names).or_insert_with(|| words_of(names));
            }
        }
        found.own[at] = own;
        found.around[at] |= own;
        if own & (bit::HARD | bit::COMMENTS | bit::NAV | bit::ASIDE | bit::FOOTER) != 0 {
            found.junk[at] = at;
        }
    }
    found
}
