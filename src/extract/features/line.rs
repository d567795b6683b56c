//! A line by itself and by its place: its words, its element, what stands around it, what the page says elsewhere.

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use super::ground::{INHERITED, bit};
use super::{Page, Put, ln, off, share};
use crate::extract::clean;
use crate::extract::content::Block;
use crate::extract::dom::Tag;
use crate::extract::keys::Table;
use crate::extract::words::ends_a_sentence;

/// What has gone by above a line.
#[derive(Default)]
pub struct Before {
    mass: f64,
    kept: f64,
    trailers: u32,
    late_trailers: u32,
    debris: u32,
    /// Headings of the first level other than the title's, and headings of any level since the title.
    firsts: u32,
    headings: u32,
    seen: Table<u64, u32>,
}

/// What measuring a line leaves for what the rules say of it.
pub struct Own {
    kept_before: f64,
    late_trailers: u32,
}

impl Page<'_> {
    pub fn own(&self, put: &mut Put, i: usize, block: &Block, before: &mut Before) -> Own {
        let signs = clean::signs(block);
        self.place(put, i, block, before);
        self.words(put, i, block);
        self.element(put, block);
        self.surroundings(put, i);
        self.said_elsewhere(put, i, before);
        put.yes(signs.debris);
        put.yes(signs.trailer);
        put.yes(signs.stub);
        put.add(before.trailers.min(9) as f32);
        put.add(before.debris.min(9) as f32);
        self.stories(put, block, before);
        let own = Own {
            kept_before: before.kept,
            late_trailers: before.late_trailers,
        };
        before.late_trailers += u32::from(signs.trailer && before.kept > 0.3 * self.kept_mass);
        before.trailers += u32::from(signs.trailer);
        before.debris += u32::from(signs.debris);
        before.mass += block.mass();
        before.kept += if self.kept[i] { block.mass() } else { 0.0 };
        own
    }

    /// Elements around it (readers' comments first: the program asks for them) and where it stands.
    fn place(&self, put: &mut Put, i: usize, block: &Block, before: &Before) {
        let (ground, at) = (self.ground, block.at);
        for bits in INHERITED {
            put.yes(ground.around[at] & bits != 0);
        }
        let parent = self.dom.items[at].parent;
        for bits in [bit::WORD_TEXT, bit::WORD_PART, bit::WORD_LEAD, bit::WORD_LIST] {
            put.yes(ground.own[at] & bits != 0);
        }
        for bits in [bit::WORD_TEXT, bit::WORD_PART, bit::WORD_LIST] {
            put.yes(ground.own[parent] & bits != 0);
        }
        put.add(f32::from(ground.depth[at]));
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
        put.yes(block.shown);
        put.add(i as f32 / self.blocks.len() as f32);
        put.add(share(before.mass, self.whole));
        put.add(if self.heading.is_some() {
            off(self.heading_line, i)
        } else {
            -20.0
        });
    }

    /// Pages that go on with other stories set each in an `<article>`, or under a first-level heading, of its own.
    fn stories(&self, put: &mut Put, block: &Block, before: &mut Before) {
        let tag = self.dom.tag(block.at);
        let end = |at: usize| self.dom.items[at].end;
        let titled = self.heading.is_some_and(|at| (at..end(at)).contains(&block.first));
        let past = self.heading.is_some_and(|at| block.first >= end(at));
        before.firsts += u32::from(tag == Some(Tag::H1) && !titled);
        before.headings += u32::from(past && matches!(tag, Some(Tag::H1 | Tag::Heading)));
        let article = self.ground.article[block.at];
        put.add(match self.heading {
            _ if article == 0 => -1.0,
            Some(heading) => f32::from(u8::from((article..end(article)).contains(&heading))),
            None => 0.5,
        });
        put.add(before.firsts.min(6) as f32);
        put.add(before.headings.min(12) as f32);
    }

    fn words(&self, put: &mut Put, i: usize, block: &Block) {
        let (line, text) = (&self.lines[i], block.text.as_str());
        put.add(ln(f64::from(block.weight)));
        put.add(block.link_share() as f32);
        put.add(block.marks as f32 * 100.0 / block.weight.max(1) as f32);
        put.add((block.marks as f32).min(20.0));
        put.yes(ends_a_sentence(text));
        put.yes(text.ends_with([':', '：']));
        put.yes(text.ends_with(['?', '？', '!', '！']));
        put.yes(text.ends_with('…') || text.ends_with("..."));
        put.yes(self.prose[i]);
        let all = line.characters.max(1) as f32;
        put.add(line.upper as f32 / all);
        put.add(line.digits as f32 / all);
        put.add(line.wide as f32 / all);
        put.add(line.raised as f32 / line.words.max(1) as f32);
        put.add(all / line.words.max(1) as f32);
        put.add(line.grammar_share());
        put.add(line.grammar.min(12) as f32);
        put.yes(text.contains(['©', '®', '|', '›', '»', '→', '▶', '•']));
        put.yes(text.contains('@') || text.contains("http") || text.contains("www."));
        put.yes(text.contains(['“', '"', '«', '„', '「']));
        let first = text.chars().next().unwrap_or(' ');
        put.yes(first.is_lowercase());
        put.yes(first.is_numeric());
        put.yes(!first.is_alphanumeric());
        put.yes(matches!(first, '(' | '（' | '[' | '【') && text.ends_with([')', '）', ']', '】']));
        put.yes(has_a_clock(text));
        put.yes(has_a_year(text));
        for said in self.said[i] {
            put.add(said);
        }
    }

    fn element(&self, put: &mut Put, block: &Block) {
        let (dom, at) = (self.dom, block.at);
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
    }

    /// What stands in the same home, in the homes around that, and is set alike.
    fn surroundings(&self, put: &mut Put, i: usize) {
        let (dom, ground) = (self.dom, self.ground);
        let home = self.homes[i];
        let up = dom.items[home].parent;
        let above = dom.items[up].parent;
        put.add(share(ground.mass[home], self.whole));
        put.add(share(ground.mass[home], self.largest_home));
        put.add(share(ground.mass[up], self.whole));
        put.add(share(ground.mass[above], self.whole));
        for around in [home, up] {
            let sum = ground.lines[around];
            put.add(sum.lines.ln_1p());
            put.add(sum.prose.ln_1p());
            put.add(sum.prose_share());
            put.add(sum.link_share());
        }
        let sum = ground.lines[above];
        put.add(sum.prose_share());
        put.add(sum.link_share());
        let lines = ground.lines[home].lines;
        put.add(self.nth[i] as f32 / lines.max(1.0));
        put.add((self.nth[i] as f32).min(30.0));
        put.add((lines - self.nth[i] as f32).clamp(0.0, 30.0));
        let weight = ground.lines[0].weight;
        for (groups, key) in [(&self.alike, self.signs[i]), (&self.same_path, self.paths[i])] {
            let sum = groups.get(&key).copied().unwrap_or_default();
            put.add(sum.lines.ln_1p());
            put.add(sum.weight / weight.max(1.0));
            put.add(sum.prose_share());
            put.add(sum.link_share());
            put.add(sum.mean_weight().ln_1p());
        }
    }

    /// What other parts of the page say of the line, and say as it does.
    fn said_elsewhere(&self, put: &mut Put, i: usize, before: &mut Before) {
        let (line, words) = (self.folded[i].as_str(), &self.lines[i]);
        let long = line.len() >= 6;
        put.yes(long && self.title.contains(line) || near(line, &self.title));
        put.yes(long && self.description.contains(line) || near(line, &self.description));
        let told = self.body.len() > 300;
        put.add(match told {
            true if line.len() >= 12 => {
                f32::from(u8::from(memmem::find(self.body.as_bytes(), line.as_bytes()).is_some()))
            }
            true => 0.5,
            false => -1.0,
        });
        let twice = before.seen.entry(xxh3_64(line.as_bytes())).or_default();
        *twice += 1;
        put.add(*twice as f32);
        put.add(words.shared(&self.title_words));
        put.add(words.shared(&self.description_words));
        put.add(self.prose_words.shared(words, self.prose[i]));
    }

    /// What the rules' verdicts say of the line.
    pub fn ruled(&self, put: &mut Put, i: usize, block: &Block, found: bool, own: &Own) {
        let (dom, ground, at) = (self.dom, self.ground, block.at);
        let home = self.homes[i];
        let up = dom.items[home].parent;
        put.yes(found);
        put.yes(self.kept[i]);
        put.yes(self.verdicts.regions.iter().any(|range| range.contains(&block.first)));
        put.add(self.hops(at));
        put.add(f32::from(ground.depth[at]) - self.kept_depth);
        put.add(share(own.kept_before, self.kept_mass));
        put.add(own.late_trailers.min(9) as f32);
        put.add(ground.lines[home].kept_share());
        put.add(ground.lines[up].kept_share());
        put.add(ground.lines[dom.items[up].parent].kept_share());
        for (groups, key) in [(&self.alike, self.signs[i]), (&self.same_path, self.paths[i])] {
            let sum = groups.get(&key).copied().unwrap_or_default();
            put.add(sum.kept_share());
            put.add(sum.kept.ln_1p());
        }
        put.add(self.kept_words.shared(&self.lines[i], self.kept[i]));
        put.add(off(self.first_kept, i));
        put.add(off(self.last_kept, i));
        put.add(ln(self.kept_mass));
        put.add(share(self.kept_mass, self.whole));
        let body = ground.lines[0];
        put.add(body.kept_share());
        put.add(share(ground.mass[self.container], self.whole));
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
}

fn near(line: &str, of: &str) -> bool {
    !of.is_empty() && line.starts_with(of) && line.len() < of.len() + 24
}

/// `9:41`.
fn has_a_clock(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|at| at[1] == b':' && at[0].is_ascii_digit() && at[2].is_ascii_digit() && at[3].is_ascii_digit())
}

/// Four digits that begin with 19 or 20, and are no part of a longer number.
fn has_a_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    bytes.windows(4).enumerate().any(|(at, year)| {
        (year.starts_with(b"20") || year.starts_with(b"19"))
            && year[2..].iter().all(u8::is_ascii_digit)
            && !digit(at + 4)
            && (at == 0 || !digit(at - 1))
    })
}
