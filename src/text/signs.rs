//! Spellings that look like something else, and how the index tells them from it: two characters that name a country
//! each where they meet (法朝), and short names in capitals (UN, U.S.).
//!
//! Takes a text and characters of it, says whether they stand for themselves there. Never knows whose names they are.
//!
//! The index holds them once more behind the words of a field, as signs that no word of any text is folded to: letters of
//! two scripts in one. What is asked of a text itself is told by the same rules.

use std::collections::BTreeSet;

use super::fold::fold;
use super::pieces::is_unspaced;
use super::tokens::{Token, TokenKind, tokens};

/// Three letters or fewer, all capitals: US, UN, UE are words of some language when written small.
pub const SHORT: usize = 3;
/// A single capital begins sentences.
const FEWEST: usize = 2;

/// Behind the words of a field, so that none of them is next to a sign.
const BETWEEN: &str = "zz大";

/// A pair of countries, as the index holds it.
pub fn pair_sign(pair: &str) -> String {
    format!("{pair}pair")
}

/// A short word in capitals, as the index holds it; `folded` is the word.
pub fn capitals_sign(folded: &str) -> String {
    format!("{folded}大")
}

/// What the index is given of a field: its words, then the pairs that were found in it and the short words in capitals.
pub fn indexed<'p>(text: &str, pairs: impl IntoIterator<Item = &'p str>) -> String {
    let mut signs: BTreeSet<String> = pairs.into_iter().map(pair_sign).collect();
    let shouting = is_shouting(text);
    let words = tokens(text);
    let mut index = String::with_capacity(text.len() + text.len() / 2);
    for token in &words {
        if !index.is_empty() {
            index.push(' ');
        }
        index.push_str(&token.text);
        if !shouting && is_in_capitals(text, token) {
            signs.insert(capitals_sign(&token.text));
        }
    }
    if !signs.is_empty() {
        index.push(' ');
        index.push_str(BETWEEN);
        for sign in signs {
            index.push(' ');
            index.push_str(&sign);
        }
    }
    index
}

fn is_in_capitals(text: &str, token: &Token) -> bool {
    token.kind == TokenKind::Word
        && (FEWEST..=SHORT).contains(&token.text.len())
        && token.text.bytes().all(|byte| byte.is_ascii_lowercase())
        && in_capitals(text.get(token.start..token.end).unwrap_or_default())
}

/// Is this word of the index one of its signs?
pub fn is_sign(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_alphabetic()) && word.contains(is_unspaced)
}

/// Is a name meant as it is written, in capitals?
pub fn is_short_acronym(written: &str) -> bool {
    let letters: Vec<char> = written.chars().filter(|c| c.is_alphabetic()).collect();
    (FEWEST..=SHORT).contains(&letters.len())
        && letters.iter().all(char::is_ascii_uppercase)
        && tokens(written).len() == 1
        && !written.contains(|c: char| c.is_ascii_digit())
}

/// Every letter is a capital.
pub fn in_capitals(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}

/// Is all of a text in capitals, so that they tell nothing? A headline that is nothing but an acronym or two is not.
pub fn is_shouting(text: &str) -> bool {
    text.split_whitespace().nth(3).is_some()
        && !text.chars().any(char::is_lowercase)
        && text.chars().any(char::is_uppercase)
        && !text.chars().any(is_unspaced)
}

/// Are the two characters `one` and `two` no part of longer words, with these before and behind them? `None` before the
/// first character of a text, a space between words.
pub fn stands(before: Option<char>, [one, two]: [char; 2], next: [char; 2]) -> bool {
    !ends_a_word(before, one) && !begins_a_word(two, next) && !is_a_word(one, two, next)
}

/// The character that a piece of a text is compared as.
pub fn folded_char(piece: &str) -> Option<char> {
    fold(piece).chars().find(|c| is_unspaced(*c))
}

/// Does `one` end a word that began before it (宪法, 其中, 15日, 南美)?
fn ends_a_word(before: Option<char>, one: char) -> bool {
    let Some(before) = before else { return false };
    let enders = match one {
        '法' => "方办宪立司依违非执做想看说用手书合刑民无设语律军枉犯效技疗佛国守普税商身剑句算兵家历",
        '中' => "其集高初空心当途手家水海暗命适眼之年月期会话目脑怀身场市城江山河湖洋雨风云雪夜掌程",
        '日' => "今近昨明当次生节假周连即同每平早往昔末翌首前后隔本某半旬0123456789一二三四五六七八九十",
        '美' => "完优精赞审唯甜南北拉欧壮秀俊肥华凄健",
        '朝' => "今王清明唐宋元汉前历一本六南高",
        '英' => "精群石公落",
        '德' => "道品公功歌福缺师武仁厚积恩",
        '韩' => "南北三",
        '俄' => "沙苏白",
        _ => return false,
    };
    // Digits are words of their own in plain text, with a space before the character.
    enders.contains(before) || one == '日' && before == ' '
}

/// Does `two` begin a word that goes on after it (日本, 中央, 法律, 美方)?
fn begins_a_word(two: char, next: [char; 2]) -> bool {
    // 美方, the American side; but 方面 is no side.
    if next[0] == '方' {
        return next[1] != '面';
    }
    // 英文, 日语: a language, where it is not 文化 or 语言 that two countries share.
    if next[0] == '文' && !"化明学艺物献旅体教".contains(next[1]) || next[0] == '语' && next[1] != '言' {
        return true;
    }
    let followers = match two {
        '法' => "国律院官规案庭治则令",
        '中' => "国央学心旬午途东部",
        '日' => "本前报益常内程子期电讯起至晚夜凌",
        '美' => "国丽好术洲",
        '朝' => "鲜着向阳野廷代夕",
        '英' => "国雄镑勇",
        '德' => "国育",
        '韩' => "国",
        '俄' => "罗",
        '印' => "度尼象刷章制发花证",
        '越' => "南来发过",
        '澳' => "门大洲",
        '乌' => "克兹干拉鲁",
        '伊' => "朗斯拉",
        '加' => "拿入强快大上工以速剧",
        '菲' => "律",
        _ => return false,
    };
    followers.contains(next[0])
}

/// Is the pair a word by itself (美德 virtue, 英德 a city, 朝日 a newspaper, 日中 noon, 朝中社 an agency)? It is a pair all
/// the same before what two countries have between them.
pub fn is_a_word(one: char, two: char, next: [char; 2]) -> bool {
    match (one, two) {
        ('美', '德') | ('英', '德') | ('朝', '日') | ('日', '中') => {
            !"两双关首外领总会贸三友建合同经间协之".contains(next[0])
        }
        ('朝', '中') => next[0] == '社' || next[0] == '通',
        ('美', '中') => next == ['不', '足'],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_behind_the_words() {
        for (text, index) in [
            ("UN accord", "un accord zz大 un大"),
            ("un accord, us", "un accord us"),
            ("The U.N. and the USA", "the un and the usa zz大 un大 usa大"),
            ("ＵＮ met", "un met zz大 un大"),
            ("THEY LET US GO", "they let us go"),
            ("KCNA A1 Us", "kcna a1 us"),
            ("", ""),
        ] {
            assert_eq!(indexed(text, []), index, "{text}");
        }
        assert_eq!(indexed("中法", ["中法", "中法"]), "中法 法 zz大 中法pair");
    }

    #[test]
    fn what_is_written_in_capitals() {
        for (name, expected) in [
            ("UN", true),
            ("U.S.", true),
            ("USA", true),
            ("KCNA", false),
            ("G20", false),
            ("Un", false),
            ("联合国", false),
            ("S. K", false),
        ] {
            assert_eq!(is_short_acronym(name), expected, "{name}");
        }
    }
}
