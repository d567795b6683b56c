//! Who wrote it: JSON-LD, meta tags, markup, and bylines as each language sets them.
//!
//! An editor on duty (责任编辑) is no author; an address or an agency's name is none either.

use super::dom::{Dom, Tag};
use super::metadata::Metadata;
use super::words::{fold, is_han, squeeze, weight};

/// Most authors of one piece.
const MOST: usize = 12;

/// Longest name, in characters.
const LONGEST: usize = 60;

/// The authors. `ruled` are elements of a site rule; `near` is where bylines stand, `header`
/// the short lines there; `lines` the text's paragraphs.
pub fn authors(
    dom: &Dom,
    meta: &Metadata,
    ruled: &[usize],
    near: (usize, usize),
    header: &[String],
    lines: &[&str],
) -> Vec<String> {
    let site = meta.get(&["og:site_name"]).map(fold).unwrap_or_default();
    let tidy = |raw: Vec<String>| -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for name in raw.iter().flat_map(|raw| split(raw)) {
            if is_name(&name) && fold(&name) != site && !out.iter().any(|had| fold(had) == fold(&name)) {
                out.push(name);
            }
        }
        out.truncate(MOST);
        out
    };
    let sources: [&dyn Fn() -> Vec<String>; 5] = [
        &|| ruled.iter().map(|at| dom.text(*at)).collect(),
        &|| meta.jsonld.authors.clone(),
        &|| {
            let keys = [
                "author",
                "article:author",
                "dc.creator",
                "dcterms.creator",
                "byl",
                "parsely-author",
                "sailthru.author",
                "og:article:author",
            ];
            keys.iter()
                .map(|key| meta.all(key).map(str::to_owned).collect::<Vec<_>>())
                .find(|v| !tidy(v.clone()).is_empty())
                .unwrap_or_default()
        },
        &|| bylines(dom, near),
        &|| in_text(header, lines),
    ];
    sources
        .iter()
        .map(|source| tidy(source()))
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

/// Elements that call themselves author or byline.
fn bylines(dom: &Dom, (from, to): (usize, usize)) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut skip_to = 0;
    for (at, tag, element) in dom.elements() {
        if at < skip_to || tag == Tag::Script || tag == Tag::Body || tag == Tag::Html {
            continue;
        }
        let is = |attr: &str, words: &[&str]| {
            element.attr(attr).is_some_and(|value| {
                value
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(|part| words.iter().any(|w| part.eq_ignore_ascii_case(w)))
            })
        };
        let marked = is("itemprop", &["author"]) || is("rel", &["author"]);
        let named = (from..to).contains(&at)
            && is(
                "class",
                &["byline", "author", "authors", "auteur", "signature", "writer"],
            );
        if !marked && !named {
            continue;
        }
        skip_to = dom.items[at].end;
        let text = element.attr("content").map(squeeze).unwrap_or_else(|| dom.text(at));
        if weight(&text) < 120 {
            found.push(text);
            if found.len() >= 4 {
                break;
            }
        }
    }
    found
}

/// Bylines in the text itself: the first lines and the last.
fn in_text(header: &[String], lines: &[&str]) -> Vec<String> {
    let edge = lines.iter().take(3).chain(lines.iter().rev().take(2));
    // Around the headline a short line is about the piece.
    let mut found: Vec<String> = header
        .iter()
        .filter(|line| weight(line) < 120)
        .flat_map(|line| reporters(line, false))
        .collect();
    for line in edge {
        if weight(line) < 90
            && let Some(names) = ["Par ", "By ", "BY "].iter().find_map(|by| line.strip_prefix(by))
        {
            found.push(names.to_owned());
        }
        found.extend(reporters(line, true));
        found.extend(korean(line));
    }
    found
}

/// 记者张三、李四 / 本报记者 王五 / 作者：赵六, in brackets or at an end.
///
/// In prose 记者 is "a reporter": there it names one where a bracket opens before it, or where it begins the line.
fn reporters(line: &str, prose: bool) -> Vec<String> {
    const MARKS: &[&str] = &["本报记者", "本报通讯员", "记者", "記者", "作者：", "作者:"];
    for mark in MARKS {
        let Some(at) = line.find(mark) else { continue };
        let before = line[..at].trim_end();
        if prose && !(before.is_empty() || before.ends_with(['（', '(', '电', '讯', '】', '）', ')'])) {
            continue;
        }
        let rest = line[at + mark.len()..].trim_start_matches([' ', '\u{3000}', '：', ':']);
        let rest = rest
            .split(['）', ')', '。', '，', ',', '；', '（', '('])
            .next()
            .unwrap_or_default();
        let names: Vec<String> = rest
            .split(|c: char| !is_han(c) && c != '·')
            .take(4)
            .map_while(|name| {
                (2..=4)
                    .contains(&name.chars().filter(|c| is_han(*c)).count())
                    .then(|| name.to_owned())
            })
            .collect();
        if !names.is_empty() {
            return names;
        }
    }
    Vec::new()
}

/// 홍길동 기자.
fn korean(line: &str) -> Option<String> {
    let at = line.find(" 기자")?;
    let name: String = line[..at]
        .chars()
        .rev()
        .take_while(|c| matches!(c, '가'..='힣'))
        .collect();
    let name: String = name.chars().rev().collect();
    (2..=4).contains(&name.chars().count()).then_some(name)
}

/// One byline to names: the word for "by" off the front, roles and addresses off the end, apart at "and".
fn split(raw: &str) -> Vec<String> {
    let text = squeeze(raw);
    let lower = text.to_lowercase();
    if lower.contains("责任编辑") || lower.contains("责编") || lower.contains("責任編輯") || lower.starts_with("编辑")
    {
        return Vec::new();
    }
    let prefixes = [
        "propos recueillis par ",
        "written by ",
        "posted by ",
        "published by ",
        "publié par ",
        "par ",
        "by ",
        "von ",
        "por ",
        "本报记者",
        "记者",
        "記者",
        "作者：",
        "作者:",
        "作者",
        "文/",
        "author:",
        "auteur :",
    ];
    let mut name = text.as_str();
    for prefix in prefixes {
        if lower.starts_with(prefix) && name.is_char_boundary(prefix.len().min(name.len())) && name.len() > prefix.len()
        {
            name = name[prefix.len()..].trim();
            break;
        }
    }
    let mut parts = vec![name.to_owned()];
    for mark in [
        " and ", " et ", " & ", " und ", ", ", "、", "，", ";", "|", " – ", " - ", "/",
    ] {
        parts = parts
            .iter()
            .flat_map(|part| part.split(mark))
            .map(str::to_owned)
            .collect();
    }
    parts
        .iter()
        .map(|part| {
            part.trim()
                .trim_end_matches([',', '.', ':'])
                .trim_end_matches(" 기자")
                .trim()
                .to_owned()
        })
        .filter(|part| !part.is_empty())
        .collect()
}

fn is_name(name: &str) -> bool {
    const NOT: &[&str] = &[
        "http",
        "www.",
        "@",
        ".com",
        "admin",
        "editor",
        "newsroom",
        "la rédaction",
        "rédaction",
        "staff",
        "reporter",
        "correspondent",
        "updated",
        "published",
        "subscribe",
        "min read",
    ];
    let lower = name.to_lowercase();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && name.chars().count() <= LONGEST
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.split_whitespace().count() <= 6
        && !NOT.iter().any(|not| {
            if not.len() > 7 || not.contains(['.', '@']) {
                lower.contains(not)
            } else {
                lower == *not
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_of_each_language() {
        assert_eq!(split("Par Ève Lançon et Paul Tissier"), ["Ève Lançon", "Paul Tissier"]);
        assert_eq!(split("By Ann Orme, Tom Leigh"), ["Ann Orme", "Tom Leigh"]);
        assert_eq!(reporters("（记者李某某、王某）今天", true), ["李某某", "王某"]);
        assert_eq!(reporters("05:30 本报记者 张某某", false), ["张某某"]);
        assert_eq!(reporters("他告诉记者当时的情况", true), Vec::<String>::new());
        assert_eq!(korean("(서울=통신) 홍길동 기자 = 오늘").as_deref(), Some("홍길동"));
        assert!(split("责任编辑：某某").is_empty());
    }
}
