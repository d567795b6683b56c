//! The credit line: which agency's copy this is, by the page's own words.

use super::words::weight;

/// Agency as printed, and the name it is kept under.
const AGENCIES: &[(&str, &str)] = &[
    ("新华社", "新华社"),
    ("新華社", "新华社"),
    ("新華網", "新华社"),
    ("中央社", "CNA"),
    ("路透", "Reuters"),
    ("法新電", "AFP"),
    ("韓聯社", "Yonhap"),
    ("共同社", "Kyodo"),
    ("共同通信", "Kyodo"),
    ("時事通信", "Jiji"),
    ("로이터", "Reuters"),
    ("뉴스1", "News1"),
    ("РИА Новости", "RIA"),
    ("ТАСС", "TASS"),
    ("Интерфакс", "Interfax"),
    ("Agence France-Presse", "AFP"),
    ("Deutsche Presse-Agentur", "dpa"),
    ("Keystone-SDA", "Keystone-SDA"),
    ("SDA", "Keystone-SDA"),
    ("APA", "APA"),
    ("SID", "SID"),
    ("Europa Press", "Europa Press"),
    ("Anadolu", "Anadolu"),
    ("新华网", "新华社"),
    ("中新社", "中新社"),
    ("中新网", "中新社"),
    ("中国新闻网", "中新社"),
    ("朝中社", "KCNA"),
    ("央视", "央视"),
    ("人民日报", "人民日报"),
    ("路透社", "Reuters"),
    ("法新社", "AFP"),
    ("美联社", "AP"),
    ("韩联社", "Yonhap"),
    ("塔斯社", "TASS"),
    ("조선중앙통신", "KCNA"),
    ("연합뉴스", "Yonhap"),
    ("뉴시스", "Newsis"),
    ("AFP", "AFP"),
    ("Reuters", "Reuters"),
    ("REUTERS", "Reuters"),
    ("Xinhua", "Xinhua"),
    ("XINHUA", "Xinhua"),
    ("KCNA", "KCNA"),
    ("Yonhap", "Yonhap"),
    ("Kyodo", "Kyodo"),
    ("TASS", "TASS"),
    ("Associated Press", "AP"),
    ("AP", "AP"),
    ("dpa", "dpa"),
    ("EFE", "EFE"),
    ("Belga", "Belga"),
    ("ATS", "ATS"),
    ("UPI", "UPI"),
    ("PTI", "PTI"),
    ("ANSA", "ANSA"),
];

/// The agency, if any. `header` are the short lines about the piece (byline, source), `lines` its paragraphs.
pub fn credit(header: &[String], lines: &[&str], authors: &[String]) -> Option<String> {
    let opening: String = lines
        .first()
        .map(|line| line.chars().take(120).collect())
        .unwrap_or_default();
    let closing = lines.last().copied().unwrap_or_default();
    header
        .iter()
        .filter(|line| weight(line) < 200)
        .find_map(|line| after_label(line).or_else(|| with_agency(line)))
        .or_else(|| bracketed(&opening))
        .or_else(|| enclosed(&opening))
        .or_else(|| dateline(&opening))
        .or_else(|| {
            authors
                .iter()
                .find_map(|author| alone(author).or_else(|| among(author)))
        })
        .or_else(|| {
            if weight(closing) < 60 {
                alone(closing).or_else(|| with_agency(closing))
            } else {
                bracketed_end(closing)
            }
        })
        .map(str::to_owned)
}

/// The name is an agency's.
pub fn is_agency(name: &str) -> bool {
    alone(name).is_some() || name.contains('/') && !name.contains(' ') && among(name).is_some()
}

/// 来源：新华网, Source : AFP.
fn after_label(line: &str) -> Option<&'static str> {
    let at = [
        "来源：",
        "来源:",
        "來源：",
        "來源:",
        "来源 ：",
        "稿源：",
        "出处：",
        "출처:",
        "출처 :",
        "Source :",
        "Source:",
        "Source : ",
        "Quelle:",
        "Fuente:",
        "Fonte:",
        "Источник:",
        "Crédit :",
        "المصدر:",
    ]
    .iter()
    .find_map(|label| Some(line.find(label)? + label.len()))?;
    let rest = line[at..].trim_start();
    AGENCIES
        .iter()
        .find(|(printed, _)| rest.starts_with(printed))
        .map(|(_, name)| *name)
}

/// "Le Quotidien avec AFP", "with Reuters".
fn with_agency(line: &str) -> Option<&'static str> {
    let at = ["avec l'", "avec l’", "avec ", "with ", "Avec ", "mit ", "con "]
        .iter()
        .find_map(|word| Some(line.find(word)? + word.len()))?;
    let rest = &line[at..];
    AGENCIES
        .iter()
        .find(|(printed, _)| word_at(rest, printed))
        .map(|(_, name)| *name)
}

/// "PARIS (AFP) –", "PYONGYANG, July 18 (KCNA) --", "(서울=연합뉴스)".
fn bracketed(opening: &str) -> Option<&'static str> {
    opening.match_indices(['(', '（']).find_map(|(at, open)| {
        let inside: &str = opening[at + open.len()..].split([')', '）']).next()?;
        let inside = inside.rsplit('=').next()?.trim();
        alone(inside).or_else(|| among(inside))
    })
}

/// "MOSCOW, May 12. /TASS/.", 【平壌共同】: the agency between marks that stand for nothing else in an opening.
fn enclosed(opening: &str) -> Option<&'static str> {
    let mut slashed = opening.split('/').skip(1);
    if opening.matches('/').count() >= 2
        && let Some(found) = slashed.next().and_then(alone)
    {
        return Some(found);
    }
    let inside = opening.strip_prefix('【')?.split_once('】')?.0;
    // Where the piece was written stands before the agency's short name.
    let short = [("共同", "Kyodo"), ("時事", "Jiji"), ("聯合", "Yonhap")];
    let ending = short.iter().find(|(printed, _)| inside.ends_with(printed));
    ending.map(|(_, name)| *name).or_else(|| alone(inside))
}

/// 据新华社, 新华社平壤7月18日电, "AP —", 조선중앙통신.
fn dateline(opening: &str) -> Option<&'static str> {
    let opening = opening.trim_start_matches(['据', '據', '【', ' ', '\u{3000}']);
    AGENCIES
        .iter()
        .find(|(printed, _)| {
            let Some(rest) = opening.strip_prefix(printed) else {
                return false;
            };
            if !printed.is_ascii() {
                return opening
                    .chars()
                    .take(40)
                    .any(|c| matches!(c, '电' | '電' | '讯' | '訊' | '报'))
                    || rest.starts_with('发');
            }
            rest.trim_start().starts_with(['-', '–', '—'])
        })
        .map(|(_, name)| *name)
}

fn bracketed_end(closing: &str) -> Option<&'static str> {
    let end = closing.trim_end().strip_suffix([')', '）'])?;
    let at = end.rfind(['(', '（'])?;
    alone(end[at..].trim_start_matches(['(', '（']))
}

/// One of several in a short credit: "sid/dpa", "Le Quotidien et AFP", "AFP-Yonhap". A word in lower case beside it is
/// prose ("AP exam").
fn among(text: &str) -> Option<&'static str> {
    let joins = |word: &str| {
        matches!(
            word,
            "" | "et" | "and" | "und" | "y" | "e" | "via" | "con" | "mit" | "l"
        )
    };
    // Where agencies are joined, their names are often set small: "sid/dpa".
    let joined = text.contains('/');
    let words = || text.split([' ', '/', ',', '+', '-', '–', '|', '、', '\'', '’']);
    if weight(text) > 60
        || text.split(' ').any(|word| {
            word.starts_with(char::is_lowercase) && !joins(word) && alone(word).is_none() && !word.contains('/')
        })
    {
        return None;
    }
    words().find_map(|word| {
        AGENCIES
            .iter()
            .find(|(printed, _)| word == *printed || joined && word.eq_ignore_ascii_case(printed))
            .map(|(_, name)| *name)
    })
}

/// Nothing but the agency's name.
fn alone(text: &str) -> Option<&'static str> {
    let text = text
        .trim()
        .trim_matches(['(', ')', '（', '）', '.', '。', '[', ']', ' ', '/', '-']);
    AGENCIES
        .iter()
        .find(|(printed, _)| text == *printed || text.eq_ignore_ascii_case(printed))
        .map(|(_, name)| *name)
}

fn word_at(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::credit;

    #[test]
    fn credits_as_printed() {
        let of = |header: &str, line: &str| credit(&[header.to_owned()], &[line, "Fin du texte."], &[]);
        assert_eq!(of("", "PARIS (AFP) – Le texte commence.").as_deref(), Some("AFP"));
        assert_eq!(of("2009-12-17 来源：新华网", "正文。").as_deref(), Some("新华社"));
        assert_eq!(of("", "据新华社电 正文开始。").as_deref(), Some("新华社"));
        assert_eq!(of("Le Quotidien avec AFP", "Texte.").as_deref(), Some("AFP"));
        assert_eq!(of("", "(서울=연합뉴스) 홍길동 기자 = 본문").as_deref(), Some("Yonhap"));
        assert_eq!(
            of("", "PORT, May 12. /TASS/. The ferry sails.").as_deref(),
            Some("TASS")
        );
        assert_eq!(of("", "【港町共同】連絡船が再び出た。").as_deref(), Some("Kyodo"));
        assert_eq!(of("", "【共同で運航】連絡船が再び出た。"), None);
        assert_eq!(of("", "The AP/PA rule and/or the exam."), None);
        assert_eq!(of("", "The exam (AP exam) is hard."), None);
        assert_eq!(of("Quelle: dpa", "Text."), Some("dpa".to_owned()));
        assert_eq!(
            credit(&[], &["Texte.", "Fin."], &["sid/dpa".to_owned()]).as_deref(),
            Some("SID")
        );
        assert_eq!(credit(&[], &["Texte.", "(AFP)"], &[]).as_deref(), Some("AFP"));
    }
}
