//! What can be measured of each line of a page, for the judge of lines.
//!
//! Takes the flat page and what the rules made of it, gives one row of numbers a line. The same rows train the judge
//! (`examples/blocks.rs`) and are judged by it, so the two cannot come apart. Never decides.
//!
//! A row begins with what is measured without the rules' verdicts (`FREE` cells, for the trees that must not know them)
//! and ends with what depends on them.

mod around;
mod ground;
mod line;
mod phrases;
mod terms;

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::content::{self, Block, Sight};
use super::dom::{Dom, Tag};
use super::keys::{Set, Table};
use super::words::fold;
use ground::{Ground, Sum};
use terms::{Line, Spread};

/// Lines of one page that are measured; later ones keep the verdict of the rules. The longest article of a thousand
/// pages had 900 lines.
const MOST: usize = 4000;

/// What is measured of each line by itself and by its place.
const OWN: usize = 124;
/// What is measured of each of the neighbours.
const NEAR: usize = 7;
/// Two lines before, two after.
const NEIGHBOURS: [isize; 4] = [-2, -1, 1, 2];
/// Cells that know nothing of the rules' verdicts.
pub const FREE: usize = OWN + NEAR * NEIGHBOURS.len() + 7;
/// Cells that do: of the line, and of the lines around it.
const RULED: usize = 21;
const AROUND: usize = NEIGHBOURS.len() + 4;
pub const COUNT: usize = FREE + RULED + AROUND;

/// Cells of a row that are read apart from the trees.
const COMMENTS_AROUND: usize = 0;
const FOUND: usize = FREE;

pub type Row = [f32; COUNT];

/// Stands among readers' words, and the rules did not take it for the article's all the same.
pub fn is_comment(row: &Row) -> bool {
    row[COMMENTS_AROUND] > 0.5 && row[FOUND] < 0.5
}

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

/// One row a line of the page's `sight`, as far as lines are measured; none for a page without a body.
pub fn rows(dom: &Dom, sight: &Sight, claims: &Claims, verdicts: &Verdicts) -> Vec<Row> {
    if !dom.elements().any(|(_, tag, _)| tag == Tag::Body) {
        return Vec::new();
    }
    let blocks = &sight.lines[..sight.lines.len().min(MOST)];
    let prose: Vec<bool> = blocks.iter().map(Block::is_sentence).collect();
    let found: Set<usize> = verdicts.found.iter().map(|block| block.first).collect();
    let cleaned: Set<usize> = verdicts.cleaned.iter().map(|block| block.first).collect();
    let kept: Vec<bool> = blocks.iter().map(|block| cleaned.contains(&block.first)).collect();
    let ground = ground::ground(dom, sight, blocks, &prose, &kept);
    let page = Page::new(dom, &ground, blocks, &prose, &kept, claims, verdicts);
    let mut rows = vec![[0.0; COUNT]; blocks.len()];
    let mut before = line::Before::default();
    for (i, block) in blocks.iter().enumerate() {
        let mut put = Put::at(&mut rows[i], 0);
        let own = page.own(&mut put, i, block, &mut before);
        debug_assert_eq!(put.at, OWN);
        let mut put = Put::at(&mut rows[i], FREE);
        page.ruled(&mut put, i, block, found.contains(&block.first), &own);
        debug_assert_eq!(put.at, COUNT - AROUND);
    }
    page.near(&mut rows);
    rows
}

struct Put<'a> {
    row: &'a mut Row,
    at: usize,
}

impl Put<'_> {
    fn at(row: &mut Row, at: usize) -> Put<'_> {
        Put { row, at }
    }

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

/// Everything that is worked out once a page.
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
    /// Of each line, its number among the lines of its home.
    nth: Vec<u32>,
    lines: Vec<Line>,
    folded: Vec<String>,
    said: Vec<phrases::Said>,
    /// Lines set alike: same element and class within the same kind of parent.
    signs: Vec<u64>,
    alike: Table<u64, Sum>,
    /// The same by the names of four elements, classes aside.
    paths: Vec<u64>,
    same_path: Table<u64, Sum>,
    title: String,
    title_words: Set<u32>,
    description: String,
    description_words: Set<u32>,
    body: String,
    prose_words: Spread,
    kept_words: Spread,
    heading: Option<usize>,
    heading_line: usize,
    whole: f64,
    kept_mass: f64,
    largest_home: f64,
    east_asian: f32,
    kept_depth: f32,
    /// The first and the last line that the rules keep.
    first_kept: usize,
    last_kept: usize,
}

fn share(part: f64, whole: f64) -> f32 {
    (part / whole.max(1.0)) as f32
}

fn ln(value: f64) -> f32 {
    value.max(0.0).ln_1p() as f32
}

/// A distance in lines, near ones told apart better than far ones.
fn off(from: usize, to: usize) -> f32 {
    let off = to as f32 - from as f32;
    off.signum() * off.abs().ln_1p()
}

fn words(text: Option<&str>) -> Set<u32> {
    text.map(|text| Line::of(text).about.into_iter().collect())
        .unwrap_or_default()
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
        let mut had: Table<usize, u32> = Table::default();
        let nth = homes
            .iter()
            .map(|home| {
                let count = had.entry(*home).or_default();
                *count += 1;
                *count
            })
            .collect();
        let lines: Vec<Line> = blocks.iter().map(|block| Line::of(&block.text)).collect();
        let folded: Vec<String> = blocks.iter().map(|block| fold(&block.text)).collect();
        let (mut prose_words, mut kept_words) = (Spread::default(), Spread::default());
        let (mut wide, mut all) = (0u32, 0u32);
        for (i, line) in lines.iter().enumerate() {
            (wide, all) = (wide + line.wide, all + line.characters);
            if prose[i] {
                prose_words.add(line);
            }
            if kept[i] {
                kept_words.add(line);
            }
        }
        let grouped = |keys: &[u64]| {
            let mut groups: Table<u64, Sum> = Table::default();
            for (i, key) in keys.iter().enumerate() {
                groups
                    .entry(*key)
                    .or_default()
                    .add(&Sum::of(&blocks[i], prose[i], kept[i]));
            }
            groups
        };
        let signs: Vec<u64> = blocks.iter().map(|block| sign(dom, block.at)).collect();
        let paths: Vec<u64> = blocks.iter().map(|block| path(dom, block.at)).collect();
        let kept_lines = || {
            blocks
                .iter()
                .zip(kept)
                .filter(|(_, kept)| **kept)
                .map(|(block, _)| block)
        };
        let kept_mass: f64 = kept_lines().map(Block::mass).sum();
        let depth: f64 = kept_lines()
            .map(|block| f64::from(ground.depth[block.at]) * block.mass())
            .sum();
        let heading = claims.heading;
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
            alike: grouped(&signs),
            same_path: grouped(&paths),
            title: claims.title.map(fold).unwrap_or_default(),
            title_words: words(claims.title),
            description: claims.description.map(fold).unwrap_or_default(),
            description_words: words(claims.description),
            body: claims.body.map(fold).unwrap_or_default(),
            heading,
            heading_line: heading.map_or(0, |at| blocks.partition_point(|block| block.first < at)),
            whole: ground.mass.first().copied().unwrap_or(0.0),
            east_asian: wide as f32 / all.max(1) as f32,
            kept_depth: (depth / kept_mass.max(1.0)) as f32,
            first_kept: kept.iter().position(|kept| *kept).unwrap_or(0),
            last_kept: kept.iter().rposition(|kept| *kept).unwrap_or(blocks.len()),
            said: folded.iter().map(|line| phrases::said(line)).collect(),
            kept_mass,
            prose_words,
            kept_words,
            homes,
            nth,
            signs,
            paths,
            lines,
            folded,
            dom,
            ground,
            blocks,
            prose,
            kept,
            verdicts,
        }
    }
}

/// Element and class of a line, and of what it stands in.
fn sign(dom: &Dom, at: usize) -> u64 {
    let of = |at: usize| {
        let class = dom.attr(at, "class").unwrap_or_default();
        xxh3_64(class.as_bytes()).wrapping_add(tag(dom, at))
    };
    of(at).rotate_left(17) ^ of(dom.items[at].parent)
}

/// Elements alone, four deep.
fn path(dom: &Dom, at: usize) -> u64 {
    std::iter::once(at)
        .chain(dom.ancestors(at))
        .take(4)
        .fold(0, |path, at| path << 8 | tag(dom, at))
}

fn tag(dom: &Dom, at: usize) -> u64 {
    dom.tag(at).map_or(0, |tag| tag as u64 + 1)
}
