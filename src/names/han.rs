//! Where Chinese words begin and end, as far as a name's edges need it.
//!
//! Takes a run of folded characters and a stretch of it, says whether both ends of the stretch are ends of words. Counts
//! with the words of `data/reference/words-zh.zst` and how rare each is: the likeliest way to cut the neighbourhood of
//! the stretch must pass through both of its ends. Never cuts a whole text.

use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use super::data::unpack;
use super::gazetteer::{Gazetteer, Trust};

static PACKED: &[u8] = include_bytes!("../../data/reference/words-zh.zst");

/// Characters looked at to each side.
const AROUND: usize = 6;
const LONGEST_WORD: usize = 4;
/// A character that no list has, and a name that no list has, in the measure of the list: four times the natural
/// logarithm of how rare it is.
const UNKNOWN: u32 = 62;
const NAME: u32 = 46;
/// Of two ways as likely as this the name's is believed.
const DOUBT: u32 = 1;

/// Characters that transliterated names are made of, and that seldom stand alone: 尼斯 before or behind one of them is a
/// part of another name.
const TRANSLITERATED: &str = "奈佩尔斯特克尼亚兰拉姆罗巴卡伊奥诺维鲁塞莫伦森蒂佐吉纳泽桑雷登贝弗格哈赫基杰凯科库洛迈曼芒梅穆珀乔萨舍施塔威韦温沃谢雅耶扎莱贾丹瑟辛蒙朗达勒娜丽莎茨齐贡恩埃艾阿";

struct Words {
    text: String,
    /// Open addressing over the lines: place of the line plus one, or 0.
    slots: Vec<u32>,
}

fn words() -> &'static Words {
    static READ: OnceLock<Words> = OnceLock::new();
    READ.get_or_init(|| Words::read(unpack(PACKED)))
}

impl Words {
    fn read(text: String) -> Words {
        let lines = text.lines().count();
        let mut slots = vec![0u32; (lines * 2).next_power_of_two().max(2)];
        let mask = slots.len() - 1;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let word = word_of(line.trim_end()).0;
            let mut slot = xxh3_64(word.as_bytes()) as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = at as u32 + 1;
            at += line.len();
        }
        Words { text, slots }
    }

    fn cost(&self, word: &str) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut slot = xxh3_64(word.as_bytes()) as usize & mask;
        while let Some(at) = self.slots[slot].checked_sub(1) {
            let line = self.text.get(at as usize..).unwrap_or_default();
            let line = &line[..line.find('\n').unwrap_or(line.len())];
            let (known, cost) = word_of(line);
            if known == word {
                return Some(cost);
            }
            slot = (slot + 1) & mask;
        }
        None
    }
}

/// The word of a line, and its cost from the sign behind it.
fn word_of(line: &str) -> (&str, u32) {
    match line.as_bytes().last() {
        Some(sign @ 33..=126) => (&line[..line.len() - 1], u32::from(sign - 33)),
        _ => (line, UNKNOWN),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Do `start` and `end`, bytes of `text`, stand between words? `transliterated`: the name is of a foreign city, which other
/// transliterated names may hold.
pub fn stands(text: &str, start: usize, end: usize, transliterated: bool, gazetteer: &Gazetteer) -> bool {
    let (Some(before), Some(inside), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return false;
    };
    let mut left: Vec<char> = before.chars().rev().take_while(|c| is_han(*c)).take(AROUND).collect();
    left.reverse();
    let name: Vec<char> = inside.chars().collect();
    let right = after.chars().take_while(|c| is_han(*c)).take(AROUND);
    let (from, to) = (left.len(), left.len() + name.len());
    let mut around = left;
    around.extend(name);
    around.extend(right);
    // Nothing on either side to be a part of.
    if around.len() == to - from {
        return true;
    }
    let cut = Cut::of(&around, gazetteer, &|_| Vec::new());
    let own = cut.cost(from, to).min(NAME);
    let through = cut.ahead[from] + own + cut.behind[to];
    if through > cut.ahead[around.len()] + DOUBT {
        return false;
    }
    let lone = |at: usize| TRANSLITERATED.contains(around[at]) && cut.lone(at);
    let short = to - from <= 3 && transliterated;
    !(short && (from > 0 && lone(from - 1) || to < around.len() && lone(to)))
}

/// The words that a run of Chinese is cut into, as bytes of `text`: words of the list, places, and what `own` finds at the
/// beginning of a text, in characters.
pub fn segments(text: &str, gazetteer: &Gazetteer, own: &dyn Fn(&str) -> Vec<usize>) -> Vec<(usize, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let cut = Cut::of(&chars, gazetteer, own);
    let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bounds.push(text.len());
    let mut found = Vec::new();
    let mut end = chars.len();
    while end > 0 {
        let start = (end.saturating_sub(cut.longest)..end)
            .find(|start| cut.ahead[*start] + cut.cost(*start, end) == cut.ahead[end])
            .unwrap_or(end - 1);
        found.push((bounds[start], bounds[end]));
        end = start;
    }
    found.reverse();
    found
}

/// How rare a word is; a word that the list lacks is the rarest.
pub fn cost(word: &str) -> u32 {
    words().cost(word).unwrap_or(u32::from(u8::MAX))
}

/// Is it a word of the list?
pub fn is_word(text: &str) -> bool {
    words().cost(text).is_some()
}

/// Every way to cut a short run, by its cost.
struct Cut {
    /// `costs[start][length - 1]`
    costs: Vec<Vec<u32>>,
    longest: usize,
    /// Cheapest way from the beginning to here, and from here to the end.
    ahead: Vec<u32>,
    behind: Vec<u32>,
}

const NEVER: u32 = u32::MAX / 4;
/// Characters of the longest name that is looked for as a word.
const LONGEST_NAME: usize = 12;

impl Cut {
    fn of(chars: &[char], gazetteer: &Gazetteer, more: &dyn Fn(&str) -> Vec<usize>) -> Cut {
        let n = chars.len();
        let text: String = chars.iter().collect();
        let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bounds.push(text.len());
        let mut costs: Vec<Vec<u32>> = Vec::with_capacity(n);
        for start in 0..n {
            let longest = LONGEST_WORD.min(n - start);
            let mut own: Vec<u32> = (1..=longest)
                .map(|length| {
                    let known = words().cost(&text[bounds[start]..bounds[start + length]]);
                    known.unwrap_or(if length == 1 { UNKNOWN } else { NEVER })
                })
                .collect();
            let rest = &text[bounds[start]..];
            let places = gazetteer.beginning(rest).map(|no| gazetteer.name(no));
            let places = places.filter(|name| name.trust != Trust::BeforeCity);
            for length in places.map(|name| name.folded.chars().count()).chain(more(rest)) {
                if !(2..=LONGEST_NAME).contains(&length) {
                    continue;
                }
                if own.len() < length {
                    own.resize(length, NEVER);
                }
                own[length - 1] = own[length - 1].min(NAME);
            }
            costs.push(own);
        }
        let longest = costs.iter().map(Vec::len).max().unwrap_or(0);
        let mut cut = Cut {
            costs,
            longest,
            ahead: vec![NEVER; n + 1],
            behind: vec![NEVER; n + 1],
        };
        cut.ahead[0] = 0;
        cut.behind[n] = 0;
        for end in 1..=n {
            cut.ahead[end] = (end.saturating_sub(longest)..end)
                .map(|start| cut.ahead[start].saturating_add(cut.cost(start, end)))
                .min()
                .unwrap_or(NEVER);
        }
        for start in (0..n).rev() {
            cut.behind[start] = (start + 1..=(start + longest).min(n))
                .map(|end| cut.behind[end].saturating_add(cut.cost(start, end)))
                .min()
                .unwrap_or(NEVER);
        }
        cut
    }

    fn cost(&self, start: usize, end: usize) -> u32 {
        self.costs
            .get(start)
            .and_then(|own| own.get(end.checked_sub(start + 1)?))
            .copied()
            .unwrap_or(NEVER)
    }

    /// Does the cheapest way leave this character alone?
    fn lone(&self, at: usize) -> bool {
        let whole = self.ahead.last().copied().unwrap_or(NEVER);
        self.ahead[at] + self.cost(at, at + 1) + self.behind[at + 1] <= whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::gazetteer::builtin;

    #[test]
    fn names_stand_between_words() {
        for (text, name, found) in [
            ("法国文化中心", "法国", true),
            ("访问法国和中国", "中国", true),
            ("在巴黎举行", "巴黎", true),
            ("从里昂出发", "里昂", true),
            ("丹尼斯先生", "尼斯", false),
            ("其中国家利益", "中国", false),
            ("发展中国家", "中国", false),
            ("青年代表", "年代", false),
            ("联合国大会", "合国", false),
            ("抵达尼斯", "尼斯", true),
            ("尼斯市长", "尼斯", true),
            ("朝鲜半岛", "朝鲜", true),
            ("日本人", "日本", true),
            ("近日本市", "日本", false),
            ("南京市长江大桥", "南京", true),
            ("科学家马德里格尔", "马德里", false),
        ] {
            let start = text.find(name).unwrap();
            assert_eq!(
                stands(text, start, start + name.len(), true, builtin()),
                found,
                "{name} in {text}"
            );
        }
    }

    #[test]
    fn a_run_is_cut_into_words_and_names() {
        for (text, expected) in [
            ("法国文化", "法国 文化"),
            ("中国政府", "中国 政府"),
            ("巴西总统访问里昂", "巴西 总统 访问 里昂"),
        ] {
            let cut: Vec<&str> = segments(text, builtin(), &|_| Vec::new())
                .iter()
                .map(|(start, end)| &text[*start..*end])
                .collect();
            assert_eq!(cut.join(" "), expected);
        }
        assert!(segments("", builtin(), &|_| Vec::new()).is_empty());
    }

    #[test]
    fn the_list_is_whole() {
        assert!(words().text.lines().count() > 50_000);
        assert!(is_word("文化") && is_word("青年") && !is_word("合国"));
    }
}
