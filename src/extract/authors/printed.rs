//! Bylines as printed: in the lines around the headline, in the text's first lines and its last.
//!
//! Takes lines, gives names. In prose 记者 is "a reporter" and "by" is a preposition, so every pattern asks for its place.

use super::names::without_place;
use crate::extract::words::{is_han, weight};

/// First characters of common family names, simplified and traditional, written down by hand and not a census: two to
/// four characters that begin with one are a name where a name is due.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅\
    钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武洪莫孔汤向常温康施文牛樊葛邢安齐\
    易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍\
    華張劉陳楊黃趙吳孫馬羅鄭謝許鄧馮韓蕭葉蔣蘇魏呂盧鍾譚範陸賈韋鄒閻賀顧龔萬錢嚴湯溫莊喬龐顏倪聶魯歐關蘭寧紀畢單塗穀駱藍遊\
    眭尉卓隋褚滕窦";

/// Marks of a reporter's name; longer ones first.
const REPORTER: &[&str] = &[
    "特约记者",
    "实习记者",
    "本报记者",
    "本報記者",
    "本报通讯员",
    "通讯员",
    "記者",
    "记者",
    "实习生",
];

/// Marks of any writer's name.
const WRITER: &[&str] = &[
    "作者：",
    "作者:",
    "作者/",
    "撰文：",
    "撰文:",
    "文／",
    "文/",
    "文｜",
    "文：",
    "文|",
];

pub fn printed(header: &[String], lines: &[&str]) -> Vec<String> {
    // Around the headline a short line is about the piece.
    for line in header.iter().filter(|line| weight(line) < 150) {
        let found = first_of(line, true);
        if !found.is_empty() {
            return found;
        }
    }
    let opening = lines.iter().take(3);
    let closing = lines.iter().rev().take(3);
    for line in opening.chain(closing) {
        let found = first_of(line, false);
        if !found.is_empty() {
            return found;
        }
    }
    // Several names in brackets are a signature even where a portal adds a few lines below.
    let ends = lines
        .iter()
        .rev()
        .take(8)
        .enumerate()
        .map(|(nth, line)| (nth, signed(line)))
        .find(|(nth, names)| names.len() > 1 || *nth < 3 && !names.is_empty())
        .map(|(_, names)| names);
    // Portals add notes below: a reporter in brackets, or a short line of his, may stand anywhere.
    let anywhere = || {
        lines
            .iter()
            .map(|line| reporters(line, false))
            .find(|names| !names.is_empty())
    };
    ends.or_else(anywhere)
        .or_else(|| {
            lines
                .iter()
                .take(2)
                .map(|line| alone(line))
                .find(|names| !names.is_empty())
        })
        .unwrap_or_default()
}

/// A first line that is nothing but names: 周甲, 周甲、吴乙丙.
fn alone(line: &str) -> Vec<String> {
    let names: Vec<&str> = line
        .split(['、', ' ', '\u{3000}'])
        .filter(|name| !name.is_empty())
        .collect();
    let short = |name: &&str| (2..=4).contains(&name.chars().count()) && name.chars().all(is_han);
    let first = names
        .first()
        .is_some_and(|name| is_family(name) && name.chars().count() <= 3);
    if !first || names.len() > 4 || !names.iter().all(short) {
        return Vec::new();
    }
    names.into_iter().map(str::to_owned).collect()
}

/// Old portals: 2004年7月16日08:19 [ 周甲 ] 来源：…; forums: 本贴由周甲于2005年8月12日发表.
fn posted(line: &str) -> Vec<String> {
    let name = |text: &str| {
        let name = text.trim_matches([' ', '\u{3000}']);
        (is_family(name)).then(|| name.to_owned())
    };
    if line.chars().any(|c| c.is_ascii_digit())
        && let Some((_, rest)) = line.split_once('[')
        && let Some((inside, _)) = rest.split_once(']')
        && let Some(name) = name(inside)
    {
        return vec![name];
    }
    let by = ["本贴由", "本帖由"]
        .iter()
        .find_map(|mark| Some(line.split_once(mark)?.1));
    let pen = by.and_then(|rest| Some(rest.split_once('于')?.0.trim()));
    pen.filter(|pen| (1..=12).contains(&pen.chars().count()))
        .map(str::to_owned)
        .into_iter()
        .collect()
}

fn first_of(line: &str, header: bool) -> Vec<String> {
    let mut found = writer(line);
    if found.is_empty() {
        found = reporters(line, header);
    }
    if found.is_empty() && header {
        found = posted(line);
    }
    if found.is_empty() {
        found = korean(line);
    }
    if found.is_empty() {
        found = latin(line);
    }
    found
}

/// "By Ann Orme", "Von Ute Brandt und Jan Ott": a short line that holds nothing but capitalised names after the word.
fn latin(line: &str) -> Vec<String> {
    const BY: &[&str] = &[
        "Par ",
        "PAR ",
        "By ",
        "BY ",
        "Von ",
        "VON ",
        "Por ",
        "POR ",
        "Di ",
        "Door ",
        "Av ",
        "Text: ",
        "Text von ",
        "Written by ",
        "Written by: ",
        "Autor: ",
        "Auteur : ",
        "Posted by ",
        "Rédigé par ",
        "Ein Beitrag von ",
        "von ",
    ];
    if weight(line) > 90 {
        return Vec::new();
    }
    let Some(rest) = BY.iter().find_map(|by| line.strip_prefix(by)) else {
        return Vec::new();
    };
    let names = rest.split([',', '|', '•', '·', '–', '(']).next().unwrap_or_default();
    let names = without_place(names);
    let words: Vec<&str> = names.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let joins = |word: &&str| {
        [
            "and", "und", "et", "y", "de", "von", "van", "der", "du", "la", "le", "da", "di", "al", "el", "ben", "bin",
        ]
        .contains(word)
    };
    let digits = names.chars().any(|c| c.is_ascii_digit());
    let ends = names.ends_with(['.', '!', '?', ':']);
    if !digits && !ends && (2..=9).contains(&words.len()) && words.iter().all(|word| capital(word) || joins(word)) {
        return vec![rest.to_owned()];
    }
    Vec::new()
}

/// 作者：赵六, 文/赵六. Pen names have no family name, so the mark must begin the line or follow a blank.
fn writer(line: &str) -> Vec<String> {
    for mark in WRITER {
        let Some(at) = line.find(mark) else { continue };
        let clear = line[..at]
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, ' ' | '\u{3000}' | '|' | '（' | '(' | '【'));
        if !clear {
            continue;
        }
        let rest = line[at + mark.len()..].trim_start();
        let name = rest
            .split([
                ' ', '\u{3000}', '|', '）', ')', '，', '。', ',', '【', '】', '/', '（', '(',
            ])
            .next()
            .unwrap_or_default();
        if (2..=10).contains(&name.chars().count())
            && name.chars().all(|c| is_han(c) || c.is_alphanumeric() || c == '·')
        {
            return vec![name.to_owned()];
        }
    }
    Vec::new()
}

/// 记者张三、李四 / 本报记者 王五 通讯员 赵六, in brackets, at the line's beginning, or after an outlet's name there.
fn reporters(line: &str, header: bool) -> Vec<String> {
    /// An outlet's name before 记者 is no longer than this, in characters.
    const OUTLET: usize = 16;
    let mut found: Vec<String> = Vec::new();
    let mut from = 0;
    while let Some((at, mark)) = next(line, from) {
        from = at + mark.len();
        let before = &line[..at];
        let opened = before.rfind(['（', '(', '【', '电', '電', '讯', '訊', ' ', '\u{3000}']);
        let lead = opened.map_or(before, |at| {
            before[at..].trim_start_matches(['（', '(', '【', '电', '電', '讯', '訊', ' ', '\u{3000}'])
        });
        let placed = header
            || lead.chars().count() <= OUTLET
                && (lead.is_empty() || lead.ends_with(['报', '社', '网', '台', '点', '報', '網', '闻', '刊']));
        // 一名记者, 告诉记者, 答记者问
        let spoken = lead.ends_with(['名', '位', '诉', '答', '向', '对', '者', '的', '与', '和', '据']);
        if !placed || spoken && !lead.is_empty() {
            continue;
        }
        let enclosed = opened.is_some_and(|at| before[at..].starts_with(['（', '(']));
        found.extend(names_after(&line[from..], header || enclosed));
    }
    let mut known: Vec<String> = Vec::new();
    found.retain(|name| {
        !known.contains(name) && {
            known.push(name.clone());
            true
        }
    });
    found
}

fn next(line: &str, from: usize) -> Option<(usize, &'static str)> {
    let rest = line.get(from..)?;
    REPORTER
        .iter()
        .filter_map(|mark| rest.find(mark).map(|at| (from + at, *mark)))
        .min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()))
}

/// Han names up to the first thing that is none.
fn names_after(rest: &str, sure: bool) -> Vec<String> {
    let rest = rest.trim_start_matches([' ', '\u{3000}', '：', ':', '/', '|', '）']);
    let end = rest
        .find(['）', ')', '。', '，', ',', '；', '（', '(', '】'])
        .unwrap_or(rest.len());
    rest[..end]
        .split(|c: char| !is_han(c) && c != '·')
        .take(6)
        .map_while(|name| {
            // 记者周甲发自北京
            let name = name.split("发自").next().unwrap_or(name);
            let name = ["报道", "报導", "摄影", "文", "摄"]
                .iter()
                .fold(name, |name, tail| name.strip_suffix(tail).unwrap_or(name));
            (is_family(name) || sure && (2..=4).contains(&name.chars().count())).then(|| name.to_owned())
        })
        .filter(|name| !matches!(name.as_str(), "报道" | "摄影" | "通讯员" | "实习生" | "来源" | "编辑"))
        .collect()
}

/// Two to four characters that begin with a family name.
pub fn is_family(name: &str) -> bool {
    (2..=4).contains(&name.chars().count())
        && name.chars().all(is_han)
        && name.chars().next().is_some_and(|first| FAMILY.contains(first))
}

/// The text signs itself at its end: （张三 李四）, （姚五 上海报道）.
fn signed(last: &str) -> Vec<String> {
    let end = last.trim_end().trim_end_matches('。');
    let Some(inside) = end.strip_suffix(['）', ')']).and_then(|end| {
        let at = end.rfind(['（', '('])?;
        Some(end[at..].trim_start_matches(['（', '(']))
    }) else {
        return Vec::new();
    };
    let words: Vec<&str> = inside
        .split([' ', '\u{3000}', '、', '/'])
        .filter(|word| !word.is_empty())
        .collect();
    let names: Vec<String> = words
        .iter()
        .take_while(|word| is_family(word))
        .map(|word| (*word).to_owned())
        .collect();
    let rest = words.len() - names.len();
    if rest == 0 || rest == 1 && words.last().is_some_and(|word| word.ends_with("报道")) {
        names
    } else {
        Vec::new()
    }
}

/// First syllables of common Korean family names.
const KOREAN_FAMILY: &str = "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길";

/// 홍길동 기자, 홍길동 이몽룡 기자 =.
fn korean(line: &str) -> Vec<String> {
    let Some(at) = line.find(" 기자").or_else(|| line.find("기자 =")) else {
        return Vec::new();
    };
    let mut words = line[..at].trim_end().rsplit([' ', ')', '=', '·', ',']);
    let is_name = |word: &str| (2..=4).contains(&word.chars().count()) && is_hangul(word);
    let syllables = |word: &str| -> String {
        let last: Vec<char> = word.chars().rev().take_while(|c| matches!(c, '가'..='힣')).collect();
        last.into_iter().rev().collect()
    };
    let Some(last) = words.next().map(syllables).filter(|word| is_name(word)) else {
        return Vec::new();
    };
    // In prose any word may stand before a name; a family's name and three syllables are a second one.
    let second = |word: &&str| {
        word.chars().count() == 3 && is_name(word) && word.starts_with(|first| KOREAN_FAMILY.contains(first))
    };
    let ends = line[at..].trim_start_matches([' ', '기', '자']);
    let signed = ends.is_empty() || ends.starts_with(['=', '(', '[', '|']);
    let mut names: Vec<String> = words.take(5).take_while(second).map(str::to_owned).collect();
    if !signed {
        names.clear();
    }
    names.reverse();
    names.push(last);
    names
}

/// Nothing but syllables of Hangul.
pub fn is_hangul(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '가'..='힣'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_in_their_places() {
        assert_eq!(reporters("（记者李某某、王某）今天", false), ["李某某", "王某"]);
        assert_eq!(reporters("05:30 本报记者 张某某", true), ["张某某"]);
        assert_eq!(reporters("（晨报记者 陈甲 通讯员 许乙）", false), ["陈甲", "许乙"]);
        assert!(reporters("他告诉记者当时的情况", false).is_empty());
        assert_eq!(writer("文/远山"), ["远山"]);
        assert_eq!(signed("河水退了。（周甲 上海报道）"), ["周甲"]);
        assert!(signed("河水退了（见图）").is_empty());
        assert_eq!(signed("河水退了。（周甲乙 马丙 ）"), ["周甲乙", "马丙"]);
        assert_eq!(reporters("本报记者周甲乙发自河口", false), ["周甲乙"]);
        assert_eq!(alone("周甲、风乙丙"), ["周甲", "风乙丙"]);
        assert!(alone("周甲说河水退了").is_empty());
        assert_eq!(posted("2004年7月16日08:19 [ 周甲 ] 来源：河口晚报"), ["周甲"]);
        assert_eq!(posted("本贴由远山于2005年8月12日发表"), ["远山"]);
        assert_eq!(korean("(서울=통신) 홍길동 기자 = 오늘"), ["홍길동"]);
        assert_eq!(korean("(서울=통신) 홍길동 이몽룡 기자 = 오늘"), ["홍길동", "이몽룡"]);
        assert_eq!(korean("항구에서 만난 김선장 홍길동 기자는 말했다"), ["홍길동"]);
        assert_eq!(latin("By Ann Orme and Tom Leigh in Port Ellis").len(), 1);
        assert_eq!(latin("Von Ute Brandt und Jan Ott"), ["Ute Brandt und Jan Ott"]);
        assert!(latin("By the time they came home").is_empty());
    }
}
