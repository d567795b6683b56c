//! Lines that are not the article's although they stand inside it: repeated titles, paywall stubs, trailers, form debris.
//!
//! Takes paragraphs in order, gives fewer. Never changes a paragraph's words but to cut a byline or credit off an end.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::content::{Block, Kind};
use super::words::{fold, weight};

/// Longest line that a pattern may take out: longer ones are prose that happens to hold the words.
const LINE: u32 = 270;

/// Lines that begin so, lower case.
const STARTS: &[&str] = &[
    "à lire aussi",
    "a lire aussi",
    "lire aussi",
    "à lire également",
    "lire également",
    "à lire :",
    "a lire :",
    "lire :",
    "voir aussi",
    "à voir aussi",
    "à voir également",
    "sur le même sujet",
    "dans la même rubrique",
    "en savoir plus",
    ">> à lire",
    ">> a lire",
    ">> lire",
    "→ à lire",
    "→ lire",
    "► lire",
    "lire la suite",
    "lire plus tard",
    "temps de lecture",
    "partager",
    "s'abonner",
    "je m'abonne",
    "abonnez-vous",
    "inscrivez-vous",
    "recevez ",
    "suivez-nous",
    "publicité",
    "article réservé",
    "réservé aux abonnés",
    "ajouter à vos favoris",
    "écouter l'article",
    "read more",
    "read also",
    "also read",
    "read next",
    "read:",
    "see also",
    "related:",
    "related ",
    "more on this",
    "more from",
    "more:",
    "recommended",
    "sign up",
    "subscribe",
    "advertisement",
    "share this",
    "follow us",
    "follow @",
    "click here to",
    "listen to this",
    "story continues",
    "article continues",
    "continue reading",
    "skip to",
    "photo:",
    "photos:",
    "image:",
    "getty images",
    "view comments",
    "loading...",
    "download the",
    "watch:",
    "watch more",
    "have you got a story",
    "join the",
    "get our",
    "lesen sie auch",
    "lesen sie dazu",
    "lesen sie mehr",
    "lesen sie hier",
    "lesen sie weiter",
    "lest auch",
    "auch interessant:",
    "das könnte sie auch interessieren",
    "das könnte dich auch interessieren",
    "mehr zum thema",
    "jetzt abonnieren",
    "te puede interesar",
    "lea también",
    "lee también",
    "leer también",
    "le puede interesar",
    "más información:",
    "leia também",
    "leia mais",
    "veja também",
    "saiba mais",
    "leggi anche",
    "potrebbe interessarti",
    "lees ook",
    "lees meer",
    "czytaj także",
    "czytaj też",
    "czytaj również",
    "zobacz także",
    "zobacz też",
    "čtěte také",
    "čtěte i",
    "läs också",
    "läs även",
    "läs mer",
    "les også",
    "læs også",
    "lue myös",
    "читайте также",
    "читайте також",
    "по теме:",
];

/// Lines that hold these words, in any script without word boundaries.
const HOLDS: &[&str] = &[
    "责任编辑",
    "责编",
    "責任編輯",
    "来源：",
    "来源:",
    "來源：",
    "本文来源",
    "原标题",
    "更多精彩",
    "更多>>",
    "相关新闻",
    "相关阅读",
    "相关推荐",
    "相关专题",
    "相关报道",
    "推荐阅读",
    "推荐新闻",
    "延伸閱讀",
    "延伸阅读",
    "热点新闻",
    "編輯首推",
    "歷史新聞",
    "最多瀏覽",
    "我要评论",
    "發表評論",
    "发表评论",
    "网友评论",
    "網友回應",
    "免责声明",
    "版权声明",
    "未經授權",
    "未经授权",
    "转载请",
    "举报电话",
    "举报邮箱",
    "调整字体",
    "調整字體",
    "字号：",
    "【打印",
    "【关闭",
    "返回顶部",
    "分享到",
    "微信公众号",
    "扫描二维码",
    "扫一扫",
    "版权所有",
    "无断转载",
    "무단전재",
    "무단 전재",
    "재배포 금지",
    "기사제보",
    "copyright ©",
    "all rights reserved",
    "tous droits réservés",
    "reproduction interdite",
    "fill in your details below",
    "you are commenting using",
    "your email address will not be published",
    "votre adresse e-mail ne sera pas publiée",
    "notify me of new comments",
    "enable javascript",
    "this content is not available",
];

/// Lines that say the rest is behind a paywall.
pub const STUBS: &[&str] = &[
    "cet article est réservé aux abonnés",
    "article est réservé",
    "réservé à nos abonnés",
    "réservé aux abonnés",
    "il vous reste",
    "de cet article à lire",
    "la suite est réservée",
    "pour lire la suite",
    "continuez à lire",
    "déjà abonné",
    "abonnez-vous pour",
    "subscribe to continue",
    "to continue reading",
    "continue reading with",
    "already a subscriber",
    "subscribers only",
    "this article is for subscribers",
    "this content is for subscribers",
    "subscribe to read",
    "sign in to read",
    "while we verify access",
    "登录后阅读全文",
    "登录后可阅读全文",
    "订阅后阅读",
    "订阅后可阅读",
    "订阅后继续阅读",
    "订阅后可继续阅读",
    "付费阅读",
    "유료회원",
];

/// Lines after which nothing of the article follows.
const TRAILERS: &[&str] = &[
    "相关新闻",
    "相关阅读",
    "相关报道",
    "相关文章",
    "相关链接",
    "推荐阅读",
    "延伸阅读",
    "延伸閱讀",
    "热点新闻",
    "猜你喜欢",
    "相關新聞",
    "相關文章",
    "热门评论",
    "最新评论",
    "网友评论",
    "精彩推荐",
    "今日热点",
    "更多新闻",
    "related stories",
    "related articles",
    "related news",
    "related posts",
    "related content",
    "related topics",
    "related coverage",
    "you might also like",
    "you may also like",
    "more from",
    "more stories",
    "leave a reply",
    "leave a comment",
    "post a comment",
    "comments",
    "responses",
    "share this:",
    "like this:",
    "recommended for you",
    "sur le même sujet",
    "laisser un commentaire",
    "commentaires",
    "vos réactions",
    "articles liés",
    "관련기사",
    "관련 기사",
    "weitere artikel",
    "ähnliche artikel",
    "verwandte artikel",
    "das könnte sie auch interessieren",
    "meistgelesen",
    "leserkommentare",
    "noticias relacionadas",
    "artículos relacionados",
    "te puede interesar",
    "notícias relacionadas",
    "articoli correlati",
    "gerelateerde artikelen",
    "meest gelezen",
    "lees ook",
    "читайте также",
    "関連記事",
];

/// What agencies set after the last word.
const END_MARKS: &[&str] = &["-0-", "（完）", "(完)", "(END)", "(끝)"];

/// What cleaning found out besides.
#[derive(Debug, Default)]
pub struct Cleaned {
    pub paragraphs: Vec<Block>,
    /// The words of a paywall stub, if one was taken out.
    pub stub: Option<String>,
}

/// Takes out what is not the article's. `title` and `standfirst` are not repeated in the text.
pub fn clean(mut lines: Vec<Block>, title: Option<&str>, standfirst: Option<&str>) -> Cleaned {
    let mut stub = None;
    cut_trailer(&mut lines);
    cut_end_mark(&mut lines);
    let title = title.map(fold).unwrap_or_default();
    let standfirst = standfirst.map(fold).unwrap_or_default();
    let mut seen_prose = 0u32;
    lines.retain(|block| {
        let line = fold(&block.text);
        if line.is_empty() {
            return false;
        }
        let lower = (block.weight < LINE).then(|| lowered(&block.text));
        if let Some(words) = lower.as_deref().and_then(stub_of) {
            stub.get_or_insert_with(|| words.to_owned());
            return false;
        }
        // The title again, above the text or as its first line.
        let early = seen_prose < 400;
        let repeats = |of: &str| !of.is_empty() && line.len() >= 6 && (of.contains(&line) || near(&line, of));
        if early && (repeats(&title) || repeats(&standfirst)) {
            return false;
        }
        if lower.is_some_and(|lower| is_debris(&block.text, &lower)) {
            return false;
        }
        seen_prose += block.weight;
        true
    });
    trim_ends(&mut lines);
    repeated(&mut lines);
    Cleaned {
        paragraphs: lines,
        stub,
    }
}

/// The last touch to lines that were chosen one by one.
pub fn finished(mut lines: Vec<Block>) -> Vec<Block> {
    lines.retain(|block| {
        let lower = (block.weight < LINE).then(|| lowered(&block.text));
        lower.is_none_or(|lower| !is_debris(&block.text, &lower) && stub_of(&lower).is_none())
    });
    cut_end_mark(&mut lines);
    repeated(&mut lines);
    lines
}

fn cut_end_mark(lines: &mut Vec<Block>) {
    for mark in END_MARKS {
        if let Some(last) = lines.last_mut()
            && let Some(text) = last.text.strip_suffix(mark)
        {
            last.text.truncate(text.trim_end().len());
            if last.text.is_empty() {
                lines.pop();
            }
        }
    }
}

fn near(line: &str, title: &str) -> bool {
    line.starts_with(title) && line.len() < title.len() + 24
}

/// The stub's words, if the line is one.
pub fn stub_in(text: &str) -> Option<&'static str> {
    stub_of(&lowered(text))
}

fn lowered(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.contains('’') {
        return lower.replace('’', "'");
    }
    lower
}

fn stub_of(lower: &str) -> Option<&'static str> {
    static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(STUBS).ok());
    let found = ANY.as_ref()?.find(lower)?;
    STUBS.get(found.pattern().as_usize()).copied()
}

fn holds_debris(lower: &str) -> bool {
    static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(HOLDS).ok());
    ANY.as_ref().is_some_and(|any| any.is_match(lower))
}

/// Do the line's first words take it out? Short beginnings only do so to short lines.
fn starts_as_debris(lower: &str, weight: u32) -> bool {
    static BY_LETTER: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
        let mut found: HashMap<char, Vec<&'static str>> = HashMap::new();
        for start in STARTS {
            found
                .entry(start.chars().next().unwrap_or_default())
                .or_default()
                .push(start);
        }
        found
    });
    let Some(starts) = lower.chars().next().and_then(|first| BY_LETTER.get(&first)) else {
        return false;
    };
    starts
        .iter()
        .any(|start| (weight < 140 || start.len() > 9) && lower.starts_with(start))
}

fn is_debris(text: &str, lower: &str) -> bool {
    let lower = lower.trim_start_matches(['-', '•', '*', '|', ' ', '[', '(', '（', '>', '▶', '→', '»']);
    let weight = weight(lower);
    starts_as_debris(lower, weight)
        || weight < 150 && holds_debris(lower)
        || BARE_DAYS.contains(&lower.trim())
        || !text.chars().any(char::is_alphanumeric)
}

/// A day without a date, alone on its line: the words of a `<time>` beside the headline, never a sentence.
const BARE_DAYS: [&str; 10] = [
    "aujourd’hui",
    "aujourd'hui",
    "hier",
    "today",
    "yesterday",
    "今天",
    "今日",
    "昨天",
    "오늘",
    "어제",
];

/// What the words of one line say of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs {
    pub debris: bool,
    pub trailer: bool,
    pub stub: bool,
}

pub fn signs(block: &Block) -> Signs {
    if block.weight >= LINE {
        return Signs::default();
    }
    let lower = lowered(&block.text);
    Signs {
        debris: is_debris(&block.text, &lower),
        trailer: block.weight < 60 && is_trailer(&lower),
        stub: stub_of(&lower).is_some(),
    }
}

/// Of a line in lower case; no heading has an apostrophe, so it does not matter which one the line is written with.
fn is_trailer(lower: &str) -> bool {
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let counted = lower.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    TRAILERS.iter().any(|head| {
        let head = head.trim_end_matches(':');
        counted.starts_with(head) && (counted.len() == head.len() || !head.is_ascii() || head.chars().count() > 9)
    })
}

/// Cuts from a trailer's heading to the end, unless most of the text stands below it.
fn cut_trailer(lines: &mut Vec<Block>) {
    let whole: u32 = lines
        .iter()
        .map(|block| block.weight.saturating_sub(block.linked))
        .sum();
    let mut before = 0;
    for (i, block) in lines.iter().enumerate() {
        if i > 0 && block.weight < 60 && before * 10 >= whole * 6 && is_trailer(&lowered(&block.text)) {
            lines.truncate(i);
            return;
        }
        before += block.weight.saturating_sub(block.linked);
    }
}

/// Menus and bylines above the first sentence, links and names below the last.
fn trim_ends(lines: &mut Vec<Block>) {
    let keep = |block: &Block| block.is_sentence();
    if let Some(last) = lines.iter().rposition(keep)
        && (last + 1) * 2 >= lines.len()
    {
        lines.truncate(last + 1);
    }
    if let Some(first) = lines.iter().position(keep).filter(|first| *first > 0 && *first < 8) {
        // A subheading right above the first sentence stays.
        let from = if lines[first - 1].kind == Kind::Heading {
            first - 1
        } else {
            first
        };
        lines.drain(..from);
    }
}

/// Pull quotes and mobile twins: a long line that was already there word for word.
fn repeated(lines: &mut Vec<Block>) {
    let mut seen = std::collections::HashSet::new();
    lines.retain(|block| block.weight < 60 || seen.insert(fold(&block.text)));
}
