//! Dates that a reader of the page sees: which stand where a date of publication stands, and how sure that is.
//!
//! Takes the page, gives scored claims in order of the page. Never decides against what the page says in its metadata.

use std::ops::Range;

use super::Reading;
use crate::extract::dom::{Attributes, Dom, Tag, What};
use crate::extract::words::{squeeze_into, weight};
use crate::model::{DateClaim, DateEvidence, Precision};
use crate::text::dates::{self, Written};

/// A date that the page shows.
#[derive(Debug, Clone)]
pub struct Seen {
    pub claim: DateClaim,
    /// How much its place and its words speak for it.
    pub score: i32,
    pub label: Label,
    at: usize,
}

/// What the words before a date make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Published,
    /// Called a date, no more.
    Dated,
    Updated,
    None,
}

/// A date alone, or with a byline, between headline and text.
pub const SURE: i32 = 6;

/// A `<time>`, or a date in an element named for it, alone between headline and text.
pub const PLAIN: i32 = 9;

/// Below this a date is one that the page mentions.
const ENOUGH: i32 = 3;

/// Dates looked at on one page; lists of stories have hundreds.
const MOST: usize = 60;

/// Of a longer line only the beginning is read: a dateline.
const LINE: usize = 400;

/// Items between the headline and a date of its own: icons, author cards, share links.
const NEAR: usize = 60;

impl Reading<'_> {
    /// The dates shown, best first; of equals, the first on the page.
    pub fn seen(&self) -> Vec<Seen> {
        let mut found = self.shown();
        self.discount(&mut found);
        if found.iter().all(|seen| seen.score < ENOUGH) {
            found.extend(self.only_time());
        }
        found.retain(|seen| seen.score >= ENOUGH);
        found.sort_by(|a, b| b.score.cmp(&a.score).then(a.at.cmp(&b.at)));
        found
    }

    /// Lists of stories tell how long ago each appeared: what is one of several distances is rather another story's.
    fn discount(&self, found: &mut [Seen]) {
        /// A page tells its own twice at most.
        const SEVERAL: usize = 3;
        const LISTED: i32 = 4;
        // What is counted from the look says nothing without it.
        let told = |seen: &Seen| dates::parse(&seen.claim.raw, self.usage, None).is_none();
        let mut distances: Vec<&mut Seen> = found.iter_mut().filter(|seen| told(seen)).collect();
        if distances.len() >= SEVERAL {
            distances.iter_mut().for_each(|seen| seen.score -= LISTED);
        }
    }

    fn shown(&self) -> Vec<Seen> {
        let items = self.dom.items.len();
        let top = self.heading.or_else(|| self.title_item()).or(self.body);
        let (from, to) = match top {
            Some(top) => {
                let last = self.end.or(self.body).unwrap_or(top).max(top);
                (
                    top.min(self.body.unwrap_or(top)).saturating_sub(200),
                    (last + 120).min(items),
                )
            }
            None => (0, items),
        };
        let mut found = Vec::new();
        // The line, and the one before it: "Published:", with the date below.
        let (mut line, mut label) = (String::new(), String::new());
        let mut start = from;
        let mut at = from;
        while at < to && found.len() < MOST {
            match self.dom.items[at].what {
                What::Element(Tag::Script | Tag::TextArea | Tag::Title, _) => {
                    at = self.dom.items[at].end;
                    continue;
                }
                What::Element(tag, element) => {
                    if tag.is_block() {
                        self.line(&line, &label, start, top, &mut found);
                        if !line.is_empty() {
                            std::mem::swap(&mut label, &mut line);
                        }
                        line.clear();
                        start = at;
                    } else {
                        squeeze_into(&mut line, " ");
                    }
                    let timed = tag == Tag::Time
                        || element.value().name() == "abbr"
                            && element
                                .attribute("title")
                                .is_some_and(|title| title.bytes().any(|b| b.is_ascii_digit()));
                    if timed && let Some(seen) = self.time(at, &line, top) {
                        found.push(seen);
                        line.clear();
                        at = self.dom.items[at].end;
                        start = at;
                        continue;
                    }
                }
                What::Text(text) => {
                    if line.is_empty() {
                        start = at;
                    }
                    if line.len() < LINE {
                        squeeze_into(&mut line, text);
                    }
                }
            }
            at += 1;
        }
        self.line(&line, &label, start, top, &mut found);
        found
    }

    /// The one `<time>` of a page on which nothing else is a date: wherever it stands, if it is not a reader's or another
    /// story's.
    fn only_time(&self) -> Option<Seen> {
        const OTHERS: [&str; 5] = ["comment", "related", "recommend", "reply", "event"];
        let times = self.dom.elements().filter(|(_, tag, _)| *tag == Tag::Time);
        let mut dated = times.filter(|(.., element)| element.attribute("datetime").is_some());
        let (at, ..) = dated.next().filter(|_| dated.next().is_none())?;
        let others = self.dom.ancestors(at).any(|up| {
            let says = |name: &str| {
                let names = self.dom.attr(up, name).unwrap_or_default().to_ascii_lowercase();
                OTHERS.iter().any(|word| names.contains(word))
            };
            let whole = matches!(self.dom.tag(up), Some(Tag::Body | Tag::Html | Tag::Article | Tag::Main));
            matches!(self.dom.tag(up), Some(Tag::Nav | Tag::Footer)) || !whole && (says("class") || says("id"))
        });
        let seen = self.time(at, "", None).filter(|_| !others)?;
        let score = ENOUGH;
        Some(Seen { score, ..seen })
    }

    /// A `<time>`: what its attribute says, unless its words say another day.
    fn time(&self, at: usize, before: &str, top: Option<usize>) -> Option<Seen> {
        let words = self.dom.text(at);
        let said = self.element(at, DateEvidence::Markup)?;
        let shown = dates::find(&words, self.usage, self.now)
            .and_then(|(range, read)| Some((words.get(range)?, read)))
            .and_then(|(raw, read)| Some(self.sane(read, raw)?.claim(DateEvidence::Markup, raw)));
        let claim = match shown {
            Some(shown) if super::apart(&shown, &said) => shown,
            _ => said,
        };
        let element = self.dom.element(at)?;
        let mut names = String::new();
        for name in ["class", "itemprop", "aria-label", "id"] {
            names.push_str(element.attribute(name).unwrap_or_default());
            names.push(' ');
        }
        let mut near: String = last(before, 30).to_lowercase();
        // "updated" as a class is what hAtom calls the one date of an entry.
        near.push_str(&names.to_lowercase().replace("updated", ""));
        let digits = words.find(|c: char| c.is_ascii_digit()).unwrap_or(words.len());
        near.push_str(&words.get(..digits).unwrap_or_default().to_lowercase());
        let label = labelled(&near)?;
        let score = self.place(at, top) + 3 + label.worth() + i32::from(claim.precision < Precision::Day);
        Some(Seen {
            claim,
            score,
            label,
            at,
        })
    }

    fn line(&self, line: &str, above: &str, at: usize, top: Option<usize>, found: &mut Vec<Seen>) {
        if !might_hold_a_date(line) {
            return;
        }
        let long = weight(line) >= 200;
        let below = self.end.is_some_and(|end| at > end);
        // Only a dateline is read of a paragraph, and below the text what blogs say of their pieces.
        let line = if long {
            first(line, if below { 200 } else { 90 })
        } else {
            line
        };
        let mut rest = line;
        let mut place = None;
        // A byline holds the day of publication, of the last change, and a time of reading.
        for _ in 0..3 {
            let now = self.now;
            // "02.12.19" is a date only where nothing else is.
            let alone = || Some((0..rest.len(), dates::parse(rest, self.usage, now)?)).filter(|_| weight(line) <= 16);
            let unfound = || match dates::told(rest, self.usage, now) {
                Some(told) => self.own(told, rest, at),
                None => alone(),
            };
            let Some((range, read)) = dates::find(rest, self.usage, now).or_else(unfound) else {
                return;
            };
            let (Some(before), Some(raw), Some(after)) =
                (rest.get(..range.start), rest.get(range.clone()), rest.get(range.end..))
            else {
                return;
            };
            let posted = || below && labelled(&last(before, 24).to_lowercase()) == Some(Label::Published);
            if long && !opens(before, after) && !posted() {
                return;
            }
            let mut words = last(before, 40).to_lowercase();
            if before.trim().is_empty() && above.trim_end().ends_with([':', '：']) {
                words.push_str(&last(above, 40).to_lowercase());
            }
            rest = after;
            let Some(label) = labelled(&words) else { continue };
            let Some(read) = self.sane(read, raw) else { continue };
            let dateline =
                dates::dateline(line, self.usage, self.now).is_some_and(|(range, _)| line.get(range) == Some(raw));
            let evidence = if dateline || long {
                DateEvidence::Dateline
            } else {
                DateEvidence::PageText
            };
            let claim = read.claim(evidence, raw);
            let beside = weight(line).saturating_sub(weight(raw));
            let mut score = *place.get_or_insert_with(|| self.place(at, top));
            score += match beside {
                _ if long || dateline => 2,
                0..=45 => 2,
                46..=100 => 0,
                _ => -3,
            };
            score += label.worth() + i32::from(claim.precision < Precision::Day);
            found.push(Seen {
                claim,
                score,
                label,
                at,
            });
        }
    }

    /// A day named by its distance: with a time, or in an element named for it, or after words that call it so. "Today"
    /// alone is what lists and tabs are called.
    fn own(&self, told: (Range<usize>, Written), line: &str, at: usize) -> Option<(Range<usize>, Written)> {
        /// What names an author or an agency after a time; other words make a sentence of it.
        const BESIDE: [&str; 12] = ["|", "·", "•", "/", "-", "–", "—", "(", "来源", "來源", "作者", "기자"];
        let (range, read) = told;
        let (before, after) = (line.get(..range.start)?, line.get(range.end..)?);
        let called = labelled(&before.to_lowercase()).is_some_and(|label| label != Label::None);
        let opens = before.trim().is_empty() || called && weight(before) <= 45;
        let alone = || after.trim().is_empty() && (called || self.dated(at));
        let credit = BESIDE.iter().any(|mark| after.trim_start().starts_with(mark)) && weight(after) <= 45;
        let timed = read.precision < Precision::Day && (credit || after.trim().is_empty());
        (opens && (timed || alone())).then_some((range, read))
    }

    /// Whether the item or what holds it closely is named for a date.
    fn dated(&self, at: usize) -> bool {
        let close = self.dom.ancestors(at).take(3);
        let mut holders = std::iter::once(at)
            .chain(close)
            .filter(|at| self.dom.tag(*at).is_some());
        holders.any(|at| !matches!(self.dom.tag(at), Some(Tag::Article | Tag::Main | Tag::Body)) && self.named(at))
    }

    /// What the place of an item speaks for.
    fn place(&self, at: usize, top: Option<usize>) -> i32 {
        // A text that begins before its headline is a box around both.
        let body = self.prose.filter(|body| top.is_none_or(|top| *body > top));
        let mut score = match (top, body) {
            (Some(top), Some(body)) if at >= top && at <= body + 2 => 5,
            (Some(top), None) if at >= top && at < top + NEAR => 5,
            (Some(top), _) if at < top && at + 12 >= top => 4,
            (Some(top), _) if at < top && at + NEAR >= top => 2,
            (Some(_), Some(body)) if at > body && at < body + NEAR => 2,
            _ if self.body.is_some_and(|body| at + 20 >= body && at <= body) => 3,
            _ if self.body.is_some_and(|body| at >= body) && self.end.is_some_and(|end| at < end + NEAR) => 1,
            _ => 0,
        };
        let mut named = false;
        if self.dom.tag(at).is_some() {
            named = self.named(at);
        }
        let mut against = 0;
        for (depth, up) in self.dom.ancestors(at).take(12).enumerate() {
            let holds_top = top.is_some_and(|top| up <= top && self.dom.items[up].end > top);
            let Some(tag) = self.dom.tag(up) else { continue };
            if holds_top && depth > 3 || matches!(tag, Tag::Body | Tag::Html) {
                break;
            }
            // What holds the whole piece is named by its kind: "status-publish".
            named = named || depth < 3 && !matches!(tag, Tag::Article | Tag::Main) && self.named(up);
            if holds_top {
                continue;
            }
            let tagged = match tag {
                Tag::Aside if self.named(up) => 0,
                Tag::Aside | Tag::Nav | Tag::Footer => -6,
                Tag::Figure | Tag::Caption | Tag::Blockquote => -6,
                Tag::Link => -2,
                // A story of its own in a list of stories.
                Tag::Article | Tag::Item if teaser(self.dom, up) => -5,
                _ => 0,
            };
            let element = self.dom.element(up);
            let names = element.map(|element| {
                let mut names = element.attribute("class").unwrap_or_default().to_ascii_lowercase();
                names.push(' ');
                names.push_str(&element.attribute("id").unwrap_or_default().to_ascii_lowercase());
                names
            });
            let called = |words: &[&str]| {
                names
                    .as_ref()
                    .is_some_and(|names| words.iter().any(|word| names.contains(word)))
            };
            let by_name = match () {
                () if called(&ELSEWHERE) => -6,
                () if called(&ASIDE) => -2,
                () => 0,
            };
            against = against.min(tagged).min(by_name);
        }
        score += against;
        score + if named { 2 } else { 0 }
    }

    fn named(&self, at: usize) -> bool {
        ["class", "id"].iter().any(|name| {
            self.dom.attr(at, name).is_some_and(|name| {
                let name = name.to_ascii_lowercase();
                DATED.iter().any(|word| name.contains(word))
            })
        })
    }
}

/// Names of elements that hold an article's date.
const DATED: [&str; 18] = [
    "date",
    "time",
    "publish",
    "posted",
    "postinfo",
    "meta",
    "byline",
    "pubtime",
    "laiyuan",
    "source",
    "info",
    "author",
    "datum",
    "fecha",
    "article-header",
    "submitted",
    "postfoot",
    "credit",
];

/// Names of elements that hold something else than the article's own date.
const ELSEWHERE: [&str; 13] = [
    "comment",
    "related",
    "sidebar",
    "recommend",
    "recirc",
    "copyright",
    "calendar",
    "weather",
    "popular",
    "most-read",
    "mostread",
    "navbar",
    "reply",
];

/// Names that often do.
const ASIDE: [&str; 13] = [
    "teaser",
    "widget",
    "archive",
    "event",
    "slider",
    "carousel",
    "latest",
    "promo",
    "newsletter",
    "breaking",
    "ticker",
    "footer",
    "caption",
];

const UPDATED: [&str; 22] = [
    "updat",
    "modif",
    "aktualisier",
    "geändert",
    "mis à jour",
    "mise à jour",
    "maj ",
    "màj",
    "actualiz",
    "aggiornat",
    "bijgewerkt",
    "edited",
    "bearbeitet",
    "更新",
    "수정",
    "обновлен",
    "atualiz",
    "zmian",
    "güncelle",
    "ändrad",
    "uppdater",
    "revis",
];

const PUBLISHED: [&str; 34] = [
    "publi",
    "posted",
    "veröffentlicht",
    "erstellt",
    "geschrieben",
    "gepostet",
    "gespeichert",
    "eingestellt",
    "erschien",
    "发布",
    "发表",
    "发稿",
    "發布",
    "發表",
    "張貼",
    "张贴",
    "입력",
    "등록",
    "송고",
    "게재",
    "gepubliceerd",
    "geplaatst",
    "опубликован",
    "pubblicat",
    "dodano",
    "created",
    "submitted",
    "written on",
    "wurde am",
    "yayın",
    "掲載",
    "公開",
    "配信",
    "pubdate",
];

/// Words that stand before many a date, an article's own as well.
const DATE: [&str; 12] = [
    "时间", "時間", "日期", "作者", "来源", "來源", "дата", "datum:", "date:", "fecha", "data:", "vom ",
];

/// Dates that are no article's: of members, rights, appointments.
const OTHER: [&str; 20] = [
    "registriert",
    "joined",
    "mitglied",
    "member since",
    "注册",
    "copyright",
    "©",
    "(c)",
    "anmeldedatum",
    "born",
    "今天是",
    "截止",
    "inscrit",
    "beigetreten",
    "findet",
    "expires",
    "deadline",
    "today is",
    "version",
    "geboren",
];

impl Label {
    fn worth(self) -> i32 {
        match self {
            Label::Published => 3,
            Label::Dated => 1,
            Label::Updated | Label::None => 0,
        }
    }
}

/// What the words (lower case) before a date make of it; nothing where they make it something else's.
fn labelled(before: &str) -> Option<Label> {
    let has = |words: &[&str]| words.iter().any(|word| before.contains(word));
    if has(&OTHER) {
        return None;
    }
    Some(if has(&UPDATED) {
        Label::Updated
    } else if has(&PUBLISHED) {
        Label::Published
    } else if has(&DATE) {
        Label::Dated
    } else {
        Label::None
    })
}

/// The first `n` characters.
fn first(text: &str, n: usize) -> &str {
    text.char_indices()
        .nth(n)
        .and_then(|(at, _)| text.get(..at))
        .unwrap_or(text)
}

/// The last `n` characters.
fn last(text: &str, n: usize) -> &str {
    text.char_indices()
        .rev()
        .nth(n)
        .and_then(|(at, _)| text.get(at..))
        .unwrap_or(text)
}

/// "29.11.2022 – The board has", "Berlin, 29. November 2022. The board has": the date of a text that begins with it.
fn opens(before: &str, after: &str) -> bool {
    let marked = after
        .trim_start()
        .starts_with(['-', '–', '—', '|', ':', '.', ')', '）', '„', '(', '/', '】']);
    marked && weight(before) <= 40 && !before.contains(['.', '!', '?', '。'])
}

/// Before reading dates, which costs: a run of digits as long as a year, two runs joined as days are, or a word.
fn might_hold_a_date(line: &str) -> bool {
    let bytes = line.as_bytes();
    let mut run = 0;
    let mut digits = false;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            digits = true;
            run += 1;
            continue;
        }
        let joined = matches!(byte, b'.' | b'/' | b'-') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if run == 4 || run > 0 && run < 3 && joined {
            return true;
        }
        run = 0;
    }
    let word = |words: &[&str]| words.iter().any(|word| line.contains(word));
    run == 4
        || digits && word(&["前", "전", " ago", "il y a", "(", "电", "電", "年"])
        || !line.is_ascii() && word(&["二〇", "二○", "二零", "１", "２", "١", "٢"])
        || is_short(line) && (word(&AGO) || word(&DAYS))
}

/// A date, what calls it one, and a name beside it.
fn is_short(line: &str) -> bool {
    line.len() <= 120
}

/// What most distances from now are told with, whatever the case of a line's first letter.
const AGO: [&str; 14] = [
    "小时前",
    "小時前",
    " ago",
    "l y a ",
    "vor ",
    "Vor ",
    "hace ",
    "Hace ",
    "há ",
    " fa",
    " geleden",
    "назад",
    "тому",
    "منذ ",
];

/// What days are called by their distance.
const DAYS: [&str; 18] = [
    "今天", "今日", "昨天", "昨日", "前天", "오늘", "어제", "그제", "oday", "esterday", "ujourd", "hier", "Hier",
    "eute", "estern", "hoy", "Hoy", "yer",
];

/// An element of a list that holds a headline's worth of linked words.
fn teaser(dom: &Dom, at: usize) -> bool {
    let end = dom.items.get(at).map_or(at, |item| item.end);
    (at..end.min(at + 80)).any(|i| dom.tag(i) == Some(Tag::Link) && weight(&dom.text(i)) >= 25)
}
