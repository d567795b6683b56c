//! Compressed country pairs: 法朝, 朝法, 中朝 name two countries with one character each.
//!
//! Takes the folded text of one field, gives the pairs in it. Never takes a character for a country on its own: only
//! two side by side that are not part of longer words (方法中, 近日美国, 美德), which `text::signs` knows.

use super::join::Join;
use crate::model::{Actor, Lexicon};
use crate::text::fold::fold;
use crate::text::pieces::is_unspaced;
use crate::text::signs::{is_a_word, stands};

/// The short forms in general use: character, full name in folded Chinese, country.
const SHORT_FORMS: [(char, &str, &str); 16] = [
    ('法', "法国", "FR"),
    ('朝', "朝鲜", "KP"),
    ('中', "中国", "CN"),
    ('美', "美国", "US"),
    ('日', "日本", "JP"),
    ('韩', "韩国", "KR"),
    ('俄', "俄罗斯", "RU"),
    ('英', "英国", "GB"),
    ('德', "德国", "DE"),
    ('印', "印度", "IN"),
    ('越', "越南", "VN"),
    ('澳', "澳大利亚", "AU"),
    ('乌', "乌克兰", "UA"),
    ('伊', "伊朗", "IR"),
    ('加', "加拿大", "CA"),
    ('菲', "菲律宾", "PH"),
];
/// These are ordinary characters too, and name a country in these pairs only.
const RARER: &str = "印越澳乌伊加菲";
const RARER_PAIRS: [&str; 22] = [
    "中印", "印中", "美印", "印美", "日印", "俄印", "中越", "越中", "美越", "中澳", "澳中", "美澳", "日澳", "俄乌",
    "乌俄", "美乌", "美伊", "伊美", "美加", "加美", "中菲", "美菲",
];
/// One-character names of the lexicon's actors.
#[derive(Debug, Clone, Default)]
pub struct ShortForms {
    /// Character and index of the actor, each character once.
    forms: Vec<(char, usize)>,
    /// The characters that stand for a country in some pairs only.
    rarer: String,
}

/// Two countries side by side: byte range in the plain text, and the actors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub start: usize,
    pub middle: usize,
    pub end: usize,
    pub first: usize,
    pub second: usize,
}

impl ShortForms {
    /// The general ones of actors that the lexicon has, and the single Han characters that it gives as names itself.
    /// Where the lexicon has no such country, the gazetteer's is meant. Actors are numbered as in `join`.
    pub fn new(lexicon: &Lexicon, join: &Join) -> ShortForms {
        let mut forms: Vec<(char, usize)> = Vec::new();
        let mut rarer = RARER.to_owned();
        for (index, actor) in lexicon.actors.iter().enumerate() {
            for name in names(actor) {
                let folded = fold(name);
                let general = SHORT_FORMS.iter().find(|(_, full, country)| {
                    folded == *full && actor.country.as_deref().is_none_or(|own| own == *country)
                });
                let short = general.map(|(c, ..)| *c).or_else(|| single(&folded));
                if let Some(c) = short.filter(|c| !forms.iter().any(|(known, _)| known == c)) {
                    // What somebody wrote down as a name is one everywhere.
                    if general.is_none() {
                        rarer.retain(|rare| rare != c);
                    }
                    forms.push((c, index));
                }
            }
        }
        for (c, _, country) in SHORT_FORMS {
            if let Some(place) = join.country(country)
                && !forms.iter().any(|(known, _)| *known == c)
            {
                forms.push((c, join.actor(place)));
            }
        }
        ShortForms { forms, rarer }
    }

    /// The actors of a pair that stands alone: 法朝, but not 美德 (virtue).
    pub fn pair(&self, folded: &str) -> Option<(usize, usize)> {
        let mut chars = folded.chars();
        let (one, two) = (chars.next()?, chars.next()?);
        if chars.next().is_some() || !self.is_pair(one, two) || is_a_word(one, two, [' ', ' ']) {
            return None;
        }
        let (first, second) = (self.actor(one)?, self.actor(two)?);
        (first != second).then_some((first, second))
    }

    /// Every pair that names this actor and another one.
    pub fn of(&self, actor: usize) -> Vec<String> {
        let own = self.forms.iter().filter(|(_, whose)| *whose == actor);
        let others = || self.forms.iter().filter(|(_, whose)| *whose != actor);
        let both = own.flat_map(|(one, _)| others().flat_map(move |(two, _)| [(*one, *two), (*two, *one)]));
        both.filter(|(one, two)| self.is_pair(*one, *two))
            .map(|(one, two)| String::from_iter([one, two]))
            .collect()
    }

    /// Do the two characters name two countries where they meet?
    fn is_pair(&self, one: char, two: char) -> bool {
        let rare = self.rarer.contains(one) || self.rarer.contains(two);
        !rare
            || RARER_PAIRS
                .iter()
                .any(|pair| pair.starts_with(one) && pair.ends_with(two))
    }

    fn actor(&self, c: char) -> Option<usize> {
        self.forms
            .iter()
            .find(|(known, _)| *known == c)
            .map(|(_, actor)| *actor)
    }

    /// Every pair in `text`; `taken` says whether a range is part of a longer name.
    pub fn pairs(&self, text: &str, taken: impl Fn(usize, usize) -> bool) -> Vec<Pair> {
        let mut found = Vec::new();
        if self.forms.is_empty() {
            return found;
        }
        // Before the first character, and the two of the pair.
        let mut before: Option<char> = None;
        let mut chars = text.char_indices().peekable();
        while let Some((start, one)) = chars.next() {
            if let (Some(first), Some(&(middle, two))) = (self.actor(one), chars.peek()) {
                let end = middle + two.len_utf8();
                let mut after = text.get(end..).unwrap_or_default().chars();
                let next = [after.next().unwrap_or(' '), after.next().unwrap_or(' ')];
                if let Some(second) = self
                    .actor(two)
                    .filter(|second| *second != first && self.is_pair(one, two))
                    && stands(before, [one, two], next)
                    && !taken(start, end)
                {
                    found.push(Pair {
                        start,
                        middle,
                        end,
                        first,
                        second,
                    });
                }
            }
            before = Some(one);
        }
        found
    }
}

fn names(actor: &Actor) -> impl Iterator<Item = &str> {
    actor.names.values().flatten().chain(&actor.aliases).map(String::as_str)
}

/// The one Han character that a name consists of.
pub fn single(folded: &str) -> Option<char> {
    let mut chars = folded.chars();
    chars.next().filter(|c| is_unspaced(*c) && chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::gazetteer::{builtin, none};

    #[test]
    fn a_country_that_the_lexicon_has_not_is_the_gazetteers() {
        let lexicon = Lexicon::default();
        let join = Join::of(&lexicon, builtin());
        let forms = ShortForms::new(&lexicon, &join);
        let id = |n: usize| join.id(join.place(n).unwrap());
        for (pair, one, two) in [
            ("法朝", "france", "north-korea"),
            ("朝法", "north-korea", "france"),
            ("中法", "china", "france"),
            ("中美", "china", "united-states"),
            ("俄朝", "russia", "north-korea"),
            ("美韩", "united-states", "south-korea"),
            ("俄乌", "russia", "ukraine"),
            ("中印", "china", "india"),
        ] {
            assert_eq!(
                forms.pair(pair).map(|(a, b)| (id(a), id(b))),
                Some((one.to_owned(), two.to_owned())),
                "{pair}"
            );
        }
        for word in ["美德", "朝日", "中加", "法国", "法", "文化", "法法"] {
            assert_eq!(forms.pair(word), None, "{word}");
        }
    }

    fn short_forms() -> ShortForms {
        let actors = SHORT_FORMS.iter().map(|(_, full, country)| Actor {
            id: (*country).to_owned(),
            names: [("zh".to_owned(), vec![(*full).to_owned()])].into(),
            country: Some((*country).to_owned()),
            ..Actor::default()
        });
        let lexicon = Lexicon {
            actors: actors.collect(),
            ..Lexicon::default()
        };
        ShortForms::new(&lexicon, &Join::of(&lexicon, none()))
    }

    fn pairs(text: &str) -> Vec<&str> {
        short_forms()
            .pairs(text, |_, _| false)
            .iter()
            .map(|pair| &text[pair.start..pair.end])
            .collect()
    }

    #[test]
    fn two_countries_side_by_side() {
        let cases: [(&str, &[&str]); 12] = [
            ("法朝扩大文化交流", &["法朝"]),
            ("朝法关系", &["朝法"]),
            ("中朝友谊", &["中朝"]),
            ("中法文化交流", &["中法"]),
            ("法中学者", &[]),
            ("中英语言教学", &["中英"]),
            ("美朝会谈", &["美朝"]),
            ("日韩外长", &["日韩"]),
            ("中日韩三国", &["中日", "日韩"]),
            ("英德两国", &["英德"]),
            ("俄朝 中俄", &["俄朝", "中俄"]),
            ("中美方面", &["中美"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pairs(text), expected, "{text}");
        }
    }

    #[test]
    fn not_inside_longer_words() {
        for text in [
            "方法",
            "办法中规定",
            "宪法中有",
            "其中法国",
            "其中美方",
            "今日中午",
            "近日美国",
            "15 日中国",
            "十五日法国",
            "传统美德",
            "英德市",
            "朝日新闻",
            "日中时分",
            "朝中社报道",
            "美中东政策",
            "道德法庭",
            "南美英国",
            "集中日本",
            "王朝中期",
            "法 朝",
            "中英文双语",
            "英日语",
            "美中不足",
            "法",
            "法法",
        ] {
            assert_eq!(pairs(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn every_pair_of_a_country() {
        let forms = short_forms();
        let of = |c: char| forms.of(forms.actor(c).unwrap());
        assert_eq!(of('法').len(), 16, "{:?}", of('法'));
        for (c, pair) in [
            ('法', "中法"),
            ('法', "法朝"),
            ('中', "中菲"),
            ('中', "美中"),
            ('乌', "俄乌"),
        ] {
            assert!(of(c).contains(&pair.to_owned()), "{pair}");
        }
        assert!(!of('法').contains(&"法加".to_owned()));
        assert!(ShortForms::default().of(0).is_empty());
    }

    #[test]
    fn part_of_a_longer_name_is_none() {
        assert!(short_forms().pairs("中法", |_, _| true).is_empty());
    }

    #[test]
    fn a_lexicon_may_bring_its_own() {
        let actor = |id: &str, name: &str| Actor {
            id: id.to_owned(),
            names: [("zh".to_owned(), vec![name.to_owned()])].into(),
            ..Actor::default()
        };
        let lexicon = Lexicon {
            actors: vec![actor("vietnam", "越"), actor("france", "法國")],
            ..Lexicon::default()
        };
        let join = Join::of(&lexicon, none());
        assert_eq!(
            ShortForms::new(&lexicon, &join).pairs("越法关系", |_, _| false).len(),
            1
        );
        assert!(ShortForms::default().pairs("越法关系", |_, _| false).is_empty());
    }
}
