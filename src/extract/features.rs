//! What can be measured of each line of a page, for the judge of lines.
//!
//! Takes the flat page and what the rules made of it, gives one row of numbers a line. The same rows train the judge
//! (`examples/blocks.rs`) and are judged by it, so the two cannot come apart. Never decides.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::clean;
use super::content::{self, Block, Sight};
use super::dom::{Dom, Tag};
use super::junk::Junk;
use super::words::{ends_a_sentence, fold, is_east_asian};

/// Lines of one page that are measured; later ones keep the verdict of the rules. The longest article of a thousand
/// pages had 900 lines.
const MOST: usize = 4000;

/// What is measured of each line before its neighbours are looked at.
const OWN: usize = 90;
/// What is measured of each of the neighbours.
const NEAR: usize = 6;
/// Two lines before, two after.
const NEIGHBOURS: [isize; 4] = [-2, -1, 1, 2];
pub const COUNT: usize = OWN + NEAR * NEIGHBOURS.len() + 10;

pub type Row = [f32; COUNT];

/// What the page's other parts say of its text.
pub struct Claims<'a> {
    pub title: Option<&'a str>,
    pub heading: Option<usize>,
    pub description: Option<&'a str>,
    /// `articleBody` of the metadata.
    pub body: Option<&'a str>,
}

/// The verdicts of the rules, before and after cleaning.
pub struct Verdicts<'a> {
    pub regions: &'a [Range<usize>],
    pub found: &'a [Block],
    pub cleaned: &'a [Block],
}

mod bit {
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

const INHERITED: [u32; 19] = [
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
    bit::COMMENTS,
    bit::UNSEEN,
    bit::WORD_LEAD,
    bit::WORD_PART,
    bit::WORD_LIST,
];

/// Cells of a row that are read apart from the trees.
const COMMENTS_AROUND: usize = 44;
const FOUND: usize = 66;

/// Stands among readers' words, and the rules did not take it for the article's all the same.
pub fn is_comment(row: &Row) -> bool {
    row[COMMENTS_AROUND] > 0.5 && row[FOUND] < 0.5
}

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
fn words_of(names: Option<&str>) -> u32 {
    static FINDER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let finder = FINDER.get_or_init(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(WORDS.iter().map(|(word, _)| word))
            .ok()
    });
    let (Some(names), Some(finder)) = (names, finder) else {
        return 0;
    };
    finder
        .find_overlapping_iter(names)
        .take(40)
        .fold(0, |bits, found| bits | WORDS[found.pattern().as_usize()].1)
}

/// The page as far as its elements go.
struct Ground {
    depth: Vec<u16>,
    /// What the element itself is.
    own: Vec<u32>,
    /// What it or any element around it is.
    around: Vec<u32>,
    /// The nearest element around that is named as something else.
    junk: Vec<usize>,
    mass: Vec<f64>,
    /// Lines, lines of prose, weight and linked weight below each item.
    lines: Vec<[f32; 4]>,
}

fn ground(dom: &Dom, sight: &Sight, blocks: &[Block], prose: &[bool]) -> Ground {
    let count = dom.items.len();
    let mass = content::masses(dom, blocks);
    let mut lines = vec![[0.0; 4]; count];
    for (block, prose) in blocks.iter().zip(prose) {
        let own = [
            1.0,
            f32::from(u8::from(*prose)),
            block.weight as f32,
            block.linked as f32,
        ];
        for (sum, one) in lines[block.at].iter_mut().zip(own) {
            *sum += one;
        }
    }
    for at in (1..count).rev() {
        let own = lines[at];
        if own[0] > 0.0 {
            for (sum, one) in lines[dom.items[at].parent].iter_mut().zip(own) {
                *sum += one;
            }
        }
    }
    let mut found = Ground {
        depth: vec![0; count],
        own: vec![0; count],
        around: vec![0; count],
        junk: vec![0; count],
        mass,
        lines,
    };
    let whole = found.mass.first().copied().unwrap_or(0.0).max(1.0);
    for at in 1..count {
        let parent = dom.items[at].parent;
        found.depth[at] = found.depth[parent].saturating_add(1);
        found.around[at] = found.around[parent];
        found.junk[at] = found.junk[parent];
        // What holds no line is asked nothing.
        if found.lines[at][0] == 0.0 {
            continue;
        }
        let Some(element) = dom.element(at) else { continue };
        let tag = dom.tag(at);
        let (class, id) = (element.attr("class"), element.attr("id"));
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
        if element.attr("hidden").is_some() || content::unseen(element.attr("style")) {
            own |= bit::UNSEEN;
        }
        if !matches!(tag, Some(Tag::Body | Tag::Html)) {
            own |= words_of(class) | words_of(id);
        }
        found.own[at] = own;
        found.around[at] |= own;
        if own & (bit::HARD | bit::COMMENTS | bit::NAV | bit::ASIDE | bit::FOOTER) != 0 {
            found.junk[at] = at;
        }
    }
    found
}

/// One row a line; `None` for a page without lines.
pub fn rows(dom: &Dom, sight: &Sight, claims: &Claims, verdicts: &Verdicts) -> (Vec<Block>, Vec<Row>) {
    let Some(body) = dom.elements().find(|(_, tag, _)| *tag == Tag::Body).map(|(at, ..)| at) else {
        return (Vec::new(), Vec::new());
    };
    let mut blocks = content::blocks(dom, &sight.never, body..dom.items[body].end);
    blocks.truncate(MOST);
    let prose: Vec<bool> = blocks.iter().map(Block::is_sentence).collect();
    let ground = ground(dom, sight, &blocks, &prose);
    let found: HashSet<usize> = verdicts.found.iter().map(|block| block.first).collect();
    let cleaned: HashSet<usize> = verdicts.cleaned.iter().map(|block| block.first).collect();
    let kept: Vec<bool> = blocks.iter().map(|block| cleaned.contains(&block.first)).collect();
    let page = Page::new(dom, &ground, &blocks, &prose, &kept, claims, verdicts);
    let mut rows = vec![[0.0; COUNT]; blocks.len()];
    let mut before = Before::default();
    for (i, block) in blocks.iter().enumerate() {
        let mut put = Put {
            row: &mut rows[i],
            at: 0,
        };
        page.own(&mut put, i, block, found.contains(&block.first), &mut before);
        debug_assert_eq!(put.at, OWN);
    }
    page.near(&mut rows);
    (blocks, rows)
}

struct Put<'a> {
    row: &'a mut Row,
    at: usize,
}

impl Put<'_> {
    fn add(&mut self, value: f32) {
        if let Some(cell) = self.row.get_mut(self.at) {
            *cell = value;
        }
        self.at += 1;
    }

    fn yes(&mut self, value: bool) {
        self.add(f32::from(u8::from(value)));
    }
}

/// What has gone by above a line.
#[derive(Default)]
struct Before {
    mass: f64,
    kept: f64,
    trailers: u32,
    debris: u32,
    seen: HashMap<u64, u32>,
}

/// Lines set alike: same element and class within the same kind of parent.
#[derive(Default, Clone, Copy)]
struct Alike {
    lines: f32,
    mass: f64,
    kept: f64,
    weight: f32,
    linked: f32,
}

struct Page<'a> {
    dom: &'a Dom<'a>,
    ground: &'a Ground,
    blocks: &'a [Block],
    prose: &'a [bool],
    kept: &'a [bool],
    verdicts: &'a Verdicts<'a>,
    container: usize,
    /// Containers of lines: the nearest element around each line that is no line itself.
    homes: Vec<usize>,
    signs: Vec<u64>,
    alike: HashMap<u64, Alike>,
    title: String,
    description: String,
    body: String,
    heading: Option<usize>,
    heading_line: usize,
    whole: f64,
    kept_mass: f64,
    largest_home: f64,
    east_asian: f32,
    kept_depth: f32,
    folded: Vec<String>,
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn share(part: f64, whole: f64) -> f32 {
    (part / whole.max(1.0)) as f32
}

fn ln(value: f64) -> f32 {
    value.max(0.0).ln_1p() as f32
}

impl<'a> Page<'a> {
    fn new(
        dom: &'a Dom<'a>,
        ground: &'a Ground,
        blocks: &'a [Block],
        prose: &'a [bool],
        kept: &'a [bool],
        claims: &Claims,
        verdicts: &'a Verdicts<'a>,
    ) -> Page<'a> {
        let home = |at: usize| {
            std::iter::successors(Some(at), |at| Some(dom.items[*at].parent).filter(|p| p != at))
                .find(|at| !content::is_line(dom.tag(*at)) && dom.tag(*at) != Some(Tag::Pre))
                .unwrap_or(0)
        };
        let homes: Vec<usize> = blocks.iter().map(|block| home(block.at)).collect();
        let signs: Vec<u64> = blocks
            .iter()
            .map(|block| {
                let parent = dom.items[block.at].parent;
                let of = |at| (dom.tag(at).map(|tag| tag as u8), dom.attr(at, "class"));
                hash((of(block.at), of(parent)))
            })
            .collect();
        let mut alike: HashMap<u64, Alike> = HashMap::new();
        for ((block, sign), kept) in blocks.iter().zip(&signs).zip(kept) {
            let group = alike.entry(*sign).or_default();
            group.lines += 1.0;
            group.mass += f64::from(block.weight);
            group.kept += if *kept { f64::from(block.weight) } else { 0.0 };
            group.weight += block.weight as f32;
            group.linked += block.linked as f32;
        }
        let kept_lines = || {
            blocks
                .iter()
                .zip(kept)
                .filter(|(_, kept)| **kept)
                .map(|(block, _)| block)
        };
        let heading = claims.heading;
        let (mut wide, mut all) = (0u32, 0u32);
        for block in kept_lines() {
            for c in block.text.chars() {
                wide += u32::from(is_east_asian(c));
                all += u32::from(c.is_alphanumeric());
            }
        }
        let kept_mass: f64 = kept_lines().map(Block::mass).sum();
        let depth: f64 = kept_lines()
            .map(|block| f64::from(ground.depth[block.at]) * block.mass())
            .sum();
        Page {
            container: verdicts.regions.first().map_or(0, |region| region.start),
            largest_home: homes.iter().map(|at| ground.mass[*at]).fold(1.0, |most, mass| {
                // A home of nearly everything is the page itself.
                if mass < 0.98 * ground.mass[0] {
                    most.max(mass)
                } else {
                    most
                }
            }),
            homes,
            signs,
            alike,
            title: claims.title.map(fold).unwrap_or_default(),
            description: claims.description.map(fold).unwrap_or_default(),
            body: claims.body.map(fold).unwrap_or_default(),
            heading,
            heading_line: heading.map_or(0, |at| blocks.partition_point(|block| block.first < at)),
            whole: ground.mass.first().copied().unwrap_or(0.0),
            east_asian: wide as f32 / all.max(1) as f32,
            kept_depth: (depth / kept_mass.max(1.0)) as f32,
            kept_mass,
            folded: blocks.iter().map(|block| fold(&block.text)).collect(),
            dom,
            ground,
            blocks,
            prose,
            kept,
            verdicts,
        }
    }

    fn own(&self, put: &mut Put, i: usize, block: &Block, found: bool, before: &mut Before) {
        let (dom, ground, at) = (self.dom, self.ground, block.at);
        let weight = f64::from(block.weight);
        // The line itself.
        put.add(ln(weight));
        put.add(block.link_share() as f32);
        put.add(block.marks as f32 * 100.0 / block.weight.max(1) as f32);
        put.add((block.marks as f32).min(20.0));
        put.yes(ends_a_sentence(&block.text));
        put.yes(block.text.ends_with([':', '：']));
        put.yes(block.text.ends_with(['?', '？', '!', '！']));
        put.yes(block.text.ends_with('…') || block.text.ends_with("..."));
        put.yes(self.prose[i]);
        self.letters(put, block);
        // Its element.
        let tag = dom.tag(at);
        put.yes(tag == Some(Tag::P));
        put.yes(matches!(tag, Some(Tag::Box | Tag::Article | Tag::Main | Tag::Body)));
        put.yes(tag == Some(Tag::Item));
        put.yes(matches!(tag, Some(Tag::Heading | Tag::H1)));
        put.yes(tag == Some(Tag::H1));
        put.yes(matches!(tag, Some(Tag::Cell | Tag::Row | Tag::Table)));
        put.yes(matches!(tag, Some(Tag::Caption | Tag::Figure)));
        put.yes(matches!(tag, Some(Tag::Blockquote)));
        put.yes(tag == Some(Tag::Break));
        let inner = dom.items.get(block.first).map_or(at, |item| item.parent);
        let name = dom.element(inner).map_or("", |element| element.value().name());
        put.yes(inner != at && matches!(name, "strong" | "b"));
        put.yes(inner != at && matches!(name, "em" | "i"));
        put.yes(inner != at && name == "span");
        for bits in INHERITED {
            put.yes(ground.around[at] & bits != 0);
        }
        let parent = dom.items[at].parent;
        for bits in [bit::WORD_TEXT, bit::WORD_PART, bit::WORD_LEAD, bit::WORD_LIST] {
            put.yes(ground.own[at] & bits != 0);
        }
        for bits in [bit::WORD_TEXT, bit::WORD_PART, bit::WORD_LIST] {
            put.yes(ground.own[parent] & bits != 0);
        }
        put.add(f32::from(ground.depth[at]));
        put.add(f32::from(ground.depth[at]) - self.kept_depth);
        let junk = ground.junk[at];
        put.add(if junk == 0 {
            50.0
        } else {
            f32::from(ground.depth[at] - ground.depth[junk])
        });
        put.add(if junk == 0 {
            0.0
        } else {
            share(ground.mass[junk], self.whole)
        });
        // Where it stands.
        let home = self.homes[i];
        let up = dom.items[home].parent;
        put.add(i as f32 / self.blocks.len() as f32);
        put.add(share(before.mass, self.whole));
        put.add(share(before.kept, self.kept_mass));
        let off = i as f32 - self.heading_line as f32;
        put.add(if self.heading.is_some() {
            off.signum() * off.abs().ln_1p()
        } else {
            -20.0
        });
        put.yes(self.verdicts.regions.iter().any(|range| range.contains(&block.first)));
        put.add(self.hops(at));
        put.yes(found);
        put.yes(self.kept[i]);
        // What stands around it.
        put.add(share(ground.mass[home], self.whole));
        put.add(share(ground.mass[home], self.largest_home));
        put.add(share(ground.mass[up], self.whole));
        for around in [home, up] {
            let [lines, prose, weight, linked] = ground.lines[around];
            put.add(lines.ln_1p());
            put.add(prose / lines.max(1.0));
            put.add(linked / weight.max(1.0));
        }
        let alike = self.alike.get(&self.signs[i]).copied().unwrap_or_default();
        put.add(alike.lines.ln_1p());
        put.add(share(alike.mass, self.ground.lines[0][2].into()));
        put.add(share(alike.kept, alike.mass));
        put.add(alike.linked / alike.weight.max(1.0));
        // What other parts of the page say.
        let line = self.folded[i].as_str();
        let long = line.len() >= 6;
        put.yes(long && self.title.contains(line) || near(line, &self.title));
        put.yes(long && self.description.contains(line) || near(line, &self.description));
        let told = self.body.len() > 300;
        put.add(match told {
            true if line.len() >= 12 => f32::from(u8::from(self.body.contains(line))),
            true => 0.5,
            false => -1.0,
        });
        let twice = before.seen.entry(hash(line)).or_default();
        *twice += 1;
        put.add(*twice as f32);
        let signs = clean::signs(block);
        put.yes(signs.debris);
        put.yes(signs.trailer);
        put.add(before.trailers.min(9) as f32);
        put.add(before.debris.min(9) as f32);
        put.yes(signs.stub);

        before.trailers += u32::from(signs.trailer && before.kept > 0.3 * self.kept_mass);
        before.debris += u32::from(signs.debris);
        before.mass += block.mass();
        before.kept += if self.kept[i] { block.mass() } else { 0.0 };
    }

    fn letters(&self, put: &mut Put, block: &Block) {
        let (mut upper, mut digits, mut all, mut wide) = (0u32, 0u32, 0u32, 0u32);
        let (mut words, mut raised, mut between) = (0u32, 0u32, true);
        for c in block.text.chars() {
            all += 1;
            let letter = c.is_alphanumeric();
            upper += u32::from(c.is_uppercase());
            digits += u32::from(c.is_numeric());
            wide += u32::from(is_east_asian(c));
            if letter && between {
                words += 1;
                raised += u32::from(c.is_uppercase());
            }
            between = !letter && c != '\'' && c != '’';
        }
        let all = all.max(1) as f32;
        put.add(upper as f32 / all);
        put.add(digits as f32 / all);
        put.add(wide as f32 / all);
        put.add(raised as f32 / words.max(1) as f32);
        put.add(all / words.max(1) as f32);
        put.yes(block.text.contains(['©', '®', '|', '›', '»', '→', '▶', '•']));
        put.yes(block.text.contains('@') || block.text.contains("http") || block.text.contains("www."));
        put.yes(block.text.contains(['“', '"', '«', '„', '「']));
        put.yes(block.text.chars().next().is_some_and(char::is_lowercase));
    }

    /// Steps up from the line until what is around it also holds the rules' container.
    fn hops(&self, at: usize) -> f32 {
        let whole = |at: usize| at..self.dom.items[at].end;
        if whole(self.container).contains(&at) {
            return 0.0;
        }
        let mut hops: f32 = 0.0;
        let mut at = at;
        while !whole(at).contains(&self.container) && hops < 30.0 {
            at = self.dom.items[at].parent;
            hops += 1.0;
        }
        hops
    }

    fn near(&self, rows: &mut [Row]) {
        let count = self.blocks.len();
        let body = |i: usize| self.kept[i] && self.prose[i];
        // Lines since the last kept sentence above, and until the next one below.
        let (mut above, mut below) = (vec![40.0f32; count], vec![40.0f32; count]);
        let mut since = 40.0f32;
        for (i, gap) in above.iter_mut().enumerate() {
            since = (since + 1.0).min(40.0);
            *gap = since;
            if body(i) {
                since = 0.0;
            }
        }
        since = 40.0;
        for i in (0..count).rev() {
            since = (since + 1.0).min(40.0);
            below[i] = since;
            if body(i) {
                since = 0.0;
            }
        }
        // Running sums: mass, weight, linked, kept lines.
        let mut sums = vec![[0.0f64; 4]; count + 1];
        for i in 0..count {
            let block = &self.blocks[i];
            let own = [
                block.mass(),
                f64::from(block.weight),
                f64::from(block.linked),
                f64::from(u8::from(self.kept[i])),
            ];
            for (cell, one) in own.into_iter().enumerate() {
                sums[i + 1][cell] = sums[i][cell] + one;
            }
        }
        for i in 0..count {
            let mut put = Put {
                row: &mut rows[i],
                at: OWN,
            };
            for step in NEIGHBOURS {
                let Some(block) = i.checked_add_signed(step).filter(|j| *j < count) else {
                    (0..NEAR).for_each(|_| put.add(-1.0));
                    continue;
                };
                let other = &self.blocks[block];
                put.add(ln(f64::from(other.weight)));
                put.add(other.link_share() as f32);
                put.yes(self.prose[block]);
                put.yes(self.kept[block]);
                put.yes(self.homes[block] == self.homes[i]);
                put.yes(self.signs[block] == self.signs[i]);
            }
            put.add(above[i]);
            put.add(below[i]);
            for reach in [3, 10] {
                let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(count));
                let over = |cell: usize| sums[to][cell] - sums[from][cell];
                put.add(ln(over(0) / (to - from) as f64));
                put.add(share(over(2), over(1)));
                put.add((over(3) / (to - from) as f64) as f32);
            }
            put.add(ln(self.kept_mass));
            put.add(self.east_asian);
            debug_assert_eq!(put.at, COUNT);
        }
    }
}

fn near(line: &str, of: &str) -> bool {
    !of.is_empty() && line.starts_with(of) && line.len() < of.len() + 24
}
