//! A byline to names.
//!
//! Takes one raw byline, gives the names in it, each bare. Gives nothing rather than what is no name.

use super::printed::{self, is_hangul};
use crate::extract::words::{is_east_asian, is_han, squeeze};

/// Longest name, in characters.
const LONGEST: usize = 50;

/// Words for "by", and labels, that stand before a name; longer ones before their own beginnings.
const BEFORE: &[&str] = &[
    "propos recueillis par ",
    "written by:",
    "written by ",
    "posted by:",
    "posted by ",
    "published by ",
    "reported by ",
    "story by ",
    "text by ",
    "publié par ",
    "rédigé par ",
    "écrit par ",
    "veröffentlicht von ",
    "geschrieben von ",
    "verfasst von ",
    "erstellt von ",
    "ein gastbeitrag von ",
    "gastbeitrag von ",
    "artikel von:",
    "artikel von ",
    "beitrag von ",
    "beiträge von ",
    "aus der redaktion von ",
    "ein beitrag von ",
    "text von ",
    "escrito por ",
    "publicado por ",
    "posts by ",
    "a cura di ",
    "scritto da ",
    "view all posts by ",
    "par :",
    "par ",
    "by:",
    "by ",
    "von:",
    "von ",
    "por:",
    "por ",
    "di ",
    "door ",
    "av ",
    "af ",
    "text:",
    "texte :",
    "autorin:",
    "autoren:",
    "autor:",
    "autora:",
    "autor ",
    "author:",
    "authors:",
    "auteur :",
    "auteur:",
    "auteurs :",
    "auteure :",
    "автор:",
    "автор ",
    "текст:",
    "بقلم:",
    "بقلم ",
    "كتب:",
    "كتبت:",
    "كتب ",
    "문/",
    "글 ",
    "글·사진 ",
    "本报特约记者",
    "本报记者",
    "本報記者",
    "特约记者",
    "特约撰稿人",
    "本网记者",
    "实习记者",
    "首席记者",
    "记者",
    "記者",
    "通讯员",
    "通訊員",
    "作者：",
    "作者:",
    "作者",
    "撰文：",
    "撰文",
    "文：",
    "文/",
    "文｜",
    "文|",
];

/// Days of the week in English, French, German and Spanish, and as newsrooms shorten them.
const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
];

/// Months in English, French and German, and as newsrooms shorten them.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
];

/// What says that a piece of a byline is a role, a label or a control, in lower case.
const NO_NAME: &[&str] = &[
    // Programs that sign for their users.
    "discuz",
    "comsenz",
    "wordpress",
    "http",
    "www.",
    "@",
    ".com",
    ".de",
    ".cn",
    ".org",
    "[at]",
    "editor",
    "newsroom",
    "rédaction",
    "redaktion",
    "redacción",
    "redazione",
    "staff",
    "reporter",
    "correspond",
    "korrespondent",
    "journalist",
    "envoyé",
    "updated",
    "published",
    "publié",
    "publiziert",
    "veröffentlicht",
    "posted",
    "subscribe",
    "min read",
    "profil",
    "quelle",
    "bild:",
    "autorenseite",
    "artikel",
    "agencies",
    "agenturen",
    "gmbh",
    "alle artikel",
    "all posts",
    "more from",
    "view all",
    "follow",
    "suivre",
    "folgen",
    "name*",
    "name *",
    "writer",
    "contributor",
    "freelance",
    "mis à jour",
    "photo",
    "foto",
    "illustration",
    "news service",
    "abonn",
    "copyright",
    "©",
    "comment",
    "kommentar",
    "lesezeit",
    "anonymous",
    "webmaster",
    "责任编辑",
    "责编",
    "責任編輯",
    "编辑",
    "編輯",
    "审核",
    "校对",
    "来源",
    "來源",
    "发布",
    "发表",
    "时间",
    "阅读",
    "评论",
    "博客",
    "调查",
    "联系",
    "摄影",
    "供图",
    "댓글",
    "입력",
    "기사",
];

/// Endings that follow a name: posts and degrees.
const AFTER: &[&str] = &[
    " 기자",
    "기자",
    " 특파원",
    " 선임기자",
    " 논설위원",
    " 인턴기자",
    " phd",
    " ph.d.",
    " md",
    " jr",
    "记者",
    "記者",
    " 报道",
    "报道",
    " 文",
    "/文",
    "撰文",
    " 著",
];

/// Labels after which the names of others follow.
const OTHERS: &[&str] = &[
    "责任编辑",
    "責任編輯",
    "责编",
    "编辑",
    "編輯",
    "校对",
    "校對",
    "审核",
    "監製",
    "监制",
];

/// Endings of a Korean word for a writer's post, which stands before the name or behind it: 평양특파원.
const POSTS: &[&str] = &[
    "기자",
    "특파원",
    "논설위원",
    "논설실장",
    "전문위원",
    "편집위원",
    "편집국장",
    "통신원",
];

/// Words before the place where a piece was written.
const AT: &[&str] = &[" in ", " à ", " en ", " aus ", " from ", " depuis "];

/// Words and marks between two names.
const BETWEEN: &[&str] = &[
    " and ", " et ", " & ", " und ", " sowie ", " og ", " och ", " и ", " with ", " avec ", " mit ", ", ", "،", "、",
    "，", ";", "；", "|", "｜", " – ", " — ", " - ", " • ", " · ", "·기자", "\u{3000}",
];

/// The names in one byline.
pub fn split(raw: &str) -> Vec<String> {
    let text = squeeze(raw);
    if text.contains("://") || text.starts_with("www.") || text.chars().count() > 400 {
        return Vec::new();
    }
    let others = OTHERS.iter().filter_map(|label| text.find(label)).min();
    let text = &text[..others.filter(|at| *at > 0).unwrap_or(text.len())];
    let mut parts = vec![without_brackets(bare(text))];
    for mark in BETWEEN {
        parts = parts
            .iter()
            .flat_map(|part| part.split(mark))
            .map(str::to_owned)
            .collect();
    }
    parts
        .iter()
        .flat_map(|part| finer(part))
        .map(|part| tidy(&part))
        .filter(|name| is_name(name))
        .collect()
}

/// Marks that part names only where both sides are whole names.
fn finer(part: &str) -> Vec<String> {
    let part = part.trim();
    for mark in ["/", " y ", " e "] {
        let sides: Vec<&str> = part.split(mark).map(str::trim).collect();
        if sides.len() > 1
            && sides
                .iter()
                .all(|side| side.split_whitespace().count() >= 2 || all_han(side))
        {
            return sides.into_iter().map(str::to_owned).collect();
        }
    }
    // 张三 李四: Han names part at blanks.
    let words: Vec<&str> = part.split_whitespace().collect();
    // 김철수 이영희 기자, 평양특파원 김철수: so do Korean ones beside a post.
    if words.len() > 1 && words.iter().all(|word| is_hangul(word)) {
        let is_post = |word: &&str| POSTS.iter().any(|post| word.ends_with(post));
        let names: Vec<&str> = words.iter().copied().filter(|word| !is_post(word)).collect();
        let whole = names.iter().all(|name| (2..=4).contains(&name.chars().count()));
        if whole && !names.is_empty() && names.len() < words.len() {
            return names.into_iter().map(str::to_owned).collect();
        }
    }
    if words.len() > 1 && words.iter().all(|word| printed::is_family(word)) {
        return words.into_iter().map(str::to_owned).collect();
    }
    vec![part.to_owned()]
}

fn all_han(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_han)
}

/// Less labels in front, and less what follows the first digit (dates, times, numbers of comments).
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    // A label may stand before another: "Text: Von …".
    for _ in 0..3 {
        let Some(rest) = BEFORE.iter().find_map(|before| strip_folded(text, before)) else {
            break;
        };
        text = rest.trim_start_matches([' ', ':', '：', '\u{3000}']);
    }
    text = posted(text).unwrap_or(text);
    let end = text
        .find(|c: char| c.is_ascii_digit())
        .filter(|at| text[..*at].ends_with([' ', '(', '|', ',']));
    let text = match end {
        Some(at) => text[..at].trim_end_matches(|c: char| !c.is_alphabetic()),
        None => text,
    };
    let mut text = text.trim();
    // "capital von Ute Brandt": a label of the site's own before the word.
    if text.starts_with(char::is_lowercase)
        && let Some((_, name)) = [" von ", " by ", " par "].iter().find_map(|by| text.split_once(by))
    {
        text = name;
    }
    if end.is_some() {
        for word in [" am", " on", " le", " vom", " el", " den", " um", " at"] {
            text = text.strip_suffix(word).unwrap_or(text);
        }
    }
    text
}

/// What follows a reporter's post that names its place: 本报驻平壤记者 莽九晨.
fn posted(text: &str) -> Option<&str> {
    /// An outlet's name, 驻, a place and 记者.
    const LONGEST_POST: usize = 14;
    let (head, name) = text.split_once([' ', '\u{3000}', '：', ':'])?;
    let is_post = ["记者", "記者", "特派员", "特派員", "通讯员"]
        .iter()
        .any(|post| head.ends_with(post));
    (is_post && all_han(head) && head.chars().count() <= LONGEST_POST && !name.trim().is_empty()).then(|| name.trim())
}

/// A name less the place where it wrote: "Ann Orme in Port Ellis".
pub fn without_place(name: &str) -> &str {
    let begins = |word: &str| word.starts_with(char::is_uppercase);
    let place = AT.iter().find_map(|at| {
        let (writer, place) = name.split_once(at)?;
        let whole = writer.split_whitespace().count() >= 2 && place.split_whitespace().all(begins);
        (whole && !place.trim().is_empty()).then_some(writer)
    });
    place.unwrap_or(name)
}

/// `text` less `before`, case aside.
fn strip_folded<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in before.chars() {
        let got = rest.next()?;
        if !got.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str()).filter(|rest| !rest.trim().is_empty())
}

fn without_brackets(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' | '（' | '[' => depth += 1,
            ')' | '）' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    // A bracket around everything is the byline itself.
    if out.trim().is_empty() {
        text.trim_matches(['(', ')', '（', '）', '[', ']']).to_owned()
    } else {
        squeeze(&out)
    }
}

fn tidy(part: &str) -> String {
    let mut name = without_place(bare(part))
        .trim_matches([' ', ',', ':', '：', '*', '/', '-', '–', '\u{3000}', '。', '"', '“', '”']);
    loop {
        let lower = name.to_lowercase();
        let Some(after) = AFTER
            .iter()
            .find(|after| lower.ends_with(**after) && lower.len() == name.len())
        else {
            break;
        };
        let rest = name[..name.len() - after.len()].trim_end_matches([' ', ',']);
        if rest.is_empty() {
            break;
        }
        name = rest;
    }
    if !name.ends_with('.') || name.rsplit(' ').next().is_some_and(|last| last.chars().count() <= 3) {
        return name.to_owned();
    }
    name.trim_end_matches('.').to_owned()
}

/// May stand as an author where nobody is named: the outlet, an agency.
pub fn is_plain(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && !name.contains("://") && !name.contains('@')
}

/// `paper.example`: an outlet by its address.
fn is_address(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !name.contains(' ') && (2..=4).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_lowercase())
}

fn is_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let words = name.split_whitespace().count();
    let east = name.chars().next().is_some_and(is_east_asian);
    letters >= 2
        && !is_address(name)
        && name.chars().count() <= if east { 12 } else { LONGEST }
        && words <= 5
        && !matches!(
            lower.as_str(),
            "admin"
                | "administrator"
                | "webmaster"
                | "name"
                | "user"
                | "unknown"
                | "anonymous"
                | "google"
                | "未知"
                | "佚名"
                | "匿名"
                | "管理员"
                | "wordpressadmin"
                | "phd"
                | "md"
                | "by"
                | "von"
                | "par"
                | "red"
                | "from"
                | "in"
                | "news"
                | "home"
                | "author"
                | "von der"
        )
        // What is left of a date in the byline's box.
        && !(words == 1 && (MONTHS.contains(&lower.as_str()) || WEEKDAYS.contains(&lower.trim_end_matches('.'))))
        && !NO_NAME.iter().any(|not| lower.contains(not))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare() {
        for (raw, names) in [
            ("Par Ève Lançon et Paul Tissier", vec!["Ève Lançon", "Paul Tissier"]),
            ("By Ann Orme, Tom Leigh", vec!["Ann Orme", "Tom Leigh"]),
            ("Text: Von Ute Brandt am 3. Mai 2020", vec!["Ute Brandt"]),
            ("Orm Nilsen (orn)", vec!["Orm Nilsen"]),
            ("记者 张甲 李乙", vec!["张甲", "李乙"]),
            ("홍길동 기자", vec!["홍길동"]),
            ("홍길동 이몽룡 기자", vec!["홍길동", "이몽룡"]),
            ("항구특파원 홍길동", vec!["홍길동"]),
            ("本报驻河口记者 莽甲乙", vec!["莽甲乙"]),
            ("文/周甲乙 编辑/吴丙", vec!["周甲乙"]),
            (
                "By Ann Orme and John O’Leigh in Port Ellis",
                vec!["Ann Orme", "John O’Leigh"],
            ),
            ("Par Ève Lançon à Brest", vec!["Ève Lançon"]),
            ("责任编辑：某某", vec![]),
            ("May 11, 2026", vec![]),
            ("https://social.example/paper", vec![]),
            ("Ann Orme, PhD", vec!["Ann Orme"]),
            ("name", vec![]),
            ("Thursday", vec![]),
            ("Discuz! Team and Comsenz UI Team", vec![]),
            ("未知", vec![]),
            ("Google", vec![]),
            ("Dominique Google-Martin", vec!["Dominique Google-Martin"]),
            ("Ann Orme, Senior Reporter", vec!["Ann Orme"]),
        ] {
            assert_eq!(split(raw), names, "{raw}");
        }
    }
}
