//! The demonstration's listings and article pages, each in the manner of its kind of outlet.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::prose::Tongue;
use super::world::{Comments, Item, Outlet, Style};
use crate::text::dates;

/// Items on a feed or page of headlines: more than any outlet publishes in six hours, so that
/// consecutive looks overlap.
const LISTED: usize = 60;

/// What the outlet answers at a path and a moment: content type and body; `None` = 404.
pub fn answer(outlet: &Outlet, path: &str, now: Timestamp) -> Option<(&'static str, Vec<u8>)> {
    let online = || outlet.items.iter().rev().filter(|item| item.at <= now);
    let html = if outlet.gb {
        "text/html; charset=gb2312"
    } else {
        "text/html; charset=utf-8"
    };
    match path {
        "/feed" if matches!(outlet.style, Style::Atom) => Some((
            "application/atom+xml",
            atom(outlet, online().take(LISTED), now).into_bytes(),
        )),
        "/feed" if !matches!(outlet.style, Style::DayList | Style::TextareaList) => {
            Some(("application/rss+xml", rss(outlet, online().take(LISTED)).into_bytes()))
        }
        "/list" | "/" => Some((html, encode(outlet, headlines(outlet, online().take(LISTED))))),
        _ => {
            let item = online().find(|item| item.path == path)?;
            Some((html, encode(outlet, article(outlet, item, now))))
        }
    }
}

fn encode(outlet: &Outlet, page: String) -> Vec<u8> {
    if outlet.gb {
        encoding_rs::GB18030.encode(&page).0.into_owned()
    } else {
        page.into_bytes()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn local(at: Timestamp, zone: &str, format: &str) -> String {
    at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
        .strftime(format)
        .to_string()
}

fn first_words(item: &Item) -> String {
    item.paragraphs
        .first()
        .map(|text| text.chars().take(160).collect())
        .unwrap_or_default()
}

fn rss<'a>(outlet: &Outlet, items: impl Iterator<Item = &'a Item>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{0}</title><link>http://{0}/</link><description>{0}</description>\n",
        outlet.host
    );
    for item in items {
        let date = match outlet.style {
            Style::RssUndated => String::new(),
            Style::RssZoneless => format!(
                "<pubDate>{}</pubDate>",
                local(item.at, outlet.zone, "%Y-%m-%d %H:%M:%S")
            ),
            _ => format!(
                "<pubDate>{}</pubDate>",
                local(item.at, outlet.zone, "%a, %d %b %Y %H:%M:%S %z")
            ),
        };
        out.push_str(&format!(
            "<item><title>{}</title><link>http://{}{}</link><description>{}</description>{date}</item>\n",
            escape(&item.title),
            outlet.host,
            item.path,
            escape(&first_words(item)),
        ));
    }
    out.push_str("</channel></rss>\n");
    out
}

fn atom<'a>(outlet: &Outlet, items: impl Iterator<Item = &'a Item>, now: Timestamp) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{0}</title><id>http://{0}/</id><updated>{1}</updated>\n",
        outlet.host,
        outlet
            .items
            .iter()
            .map(|item| item.at)
            .filter(|at| *at <= now)
            .max()
            .unwrap_or(now),
    );
    for item in items {
        let updated = item
            .update
            .as_ref()
            .map(|(at, _)| *at)
            .filter(|at| *at <= now)
            .unwrap_or(item.at);
        out.push_str(&format!(
            "<entry><title>{}</title><link href=\"http://{1}{2}\"/><id>http://{1}{2}</id><published>{3}</published><updated>{updated}</updated><summary>{4}</summary></entry>\n",
            escape(&item.title),
            outlet.host,
            item.path,
            item.at,
            escape(&first_words(item)),
        ));
    }
    out.push_str("</feed>\n");
    out
}

fn headlines<'a>(outlet: &Outlet, items: impl Iterator<Item = &'a Item>) -> String {
    let mut rows = String::new();
    for item in items {
        rows.push_str(&match outlet.style {
            Style::DayList => format!(
                "<h5 class=\"block\"><a href=\"{}\">{}</a> <span><nobr>[{}]</nobr></span></h5>\n",
                item.path,
                escape(&item.title),
                local(item.at, outlet.zone, "%Y.%-m.%-d.")
            ),
            _ => format!("<li><a href=\"{}\">{}</a></li>\n", item.path, escape(&item.title)),
        });
    }
    format!(
        "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><nav><a href=\"/\">Home</a></nav><main><div class=\"article\">\n{rows}</div></main></body></html>\n",
        outlet.host
    )
}

fn article(outlet: &Outlet, item: &Item, now: Timestamp) -> String {
    match outlet.style {
        Style::TextareaList => textarea_article(outlet, item),
        Style::DayList => dateless_article(item),
        _ => plain_article(outlet, item, now),
    }
}

fn paragraphs(item: &Item) -> String {
    item.paragraphs
        .iter()
        .map(|paragraph| format!("<p>{}</p>\n", escape(paragraph)))
        .collect()
}

/// Huanqiu's way: the data of the page in `<textarea>` elements, a flag for comments among them.
fn textarea_article(outlet: &Outlet, item: &Item) -> String {
    let comments = match item.comments {
        Comments::Open(_) => "<textarea class=\"article-ext-CommentStatus\">true</textarea>\n",
        Comments::Closed => "<textarea class=\"article-ext-CommentStatus\"></textarea>\n",
        Comments::None | Comments::Silent => "",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n<div class=\"nav\"><a href=\"/\">首页</a></div>\n\
         <textarea class=\"article-title\">{title}</textarea>\n<textarea class=\"article-time\">{millis}</textarea>\n\
         {comments}\
         <textarea class=\"article-content\">&lt;article&gt;{body}&lt;/article&gt;</textarea>\n<div class=\"rank\"><h3>热点</h3><ul><li><a href=\"/\">排行榜</a></li></ul></div>\n\
         <footer>{host}</footer></body></html>\n",
        title = escape(&item.title),
        millis = item.at.as_millisecond(),
        body = escape(&paragraphs(item)),
        host = outlet.host,
    )
}

/// KCNA's way: a headline, paragraphs, no date.
fn dateless_article(item: &Item) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>KCNA</title></head><body><header><a href=\"/list\">Latest</a></header>\n\
         <main><article><div class=\"container\"><h1 class=\"text-center\">{}</h1>\n{}</div></article></main></body></html>\n",
        escape(&item.title),
        paragraphs(item),
    )
}

fn plain_article(outlet: &Outlet, item: &Item, now: Timestamp) -> String {
    let (lang, read_also) = match outlet.tongue {
        Tongue::French => ("fr", "À lire aussi"),
        Tongue::English => ("en", "Related"),
        Tongue::Chinese => ("zh-CN", "相关新闻"),
    };
    let charset = if outlet.gb { "gb2312" } else { "utf-8" };
    let when = match outlet.style {
        Style::RssUndated => format!("<p class=\"date\">{}</p>", french_day(item.at, outlet.zone)),
        Style::RssZoneless => format!(
            "<p class=\"date\">{}</p>",
            local(item.at, outlet.zone, "%Y/%m/%d %H:%M")
        ),
        _ => format!(
            "<time datetime=\"{}\">{}</time>",
            local(item.at, outlet.zone, "%Y-%m-%dT%H:%M:%S%:z"),
            local(item.at, outlet.zone, "%F %H:%M")
        ),
    };
    let update = item
        .update
        .as_ref()
        .filter(|(at, _)| *at <= now)
        .map_or(String::new(), |(_, text)| format!("<p>{}</p>\n", escape(text)));
    let credit = item.credit.map_or(String::new(), |credit| {
        format!("<p class=\"article-credit\">(avec {credit})</p>\n")
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"{charset}\"><title>{title} - {host}</title></head><body>\n\
         <nav><ul><li><a href=\"/\">{host}</a></li></ul></nav>\n<main><article><h1>{title}</h1>\n{when}\n\
         <div class=\"article-body\">\n{update}{body}{credit}</div></article>\n\
         <aside class=\"related\"><h3>{read_also}</h3><ul><li><a href=\"/\">{host}</a></li></ul></aside>\n{comments}</main>\n<footer><p>© {host}</p></footer></body></html>\n",
        title = escape(&item.title),
        host = outlet.host,
        body = paragraphs(item),
        comments = comments(outlet, item),
    )
}

fn comments(outlet: &Outlet, item: &Item) -> String {
    match (item.comments, outlet.style) {
        // WordPress: the readers' words, then the form whose text must not get into the body.
        (Comments::Open(count), Style::Atom) => {
            let thread =
                "<li class=\"comment\"><p>This reminds me of a drawn travel book about an animation studio.</p></li>"
                    .repeat(count as usize);
            format!(
                "<div id=\"comments\" class=\"comments-area\"><ol class=\"commentlist\">{thread}</ol><div id=\"respond\" class=\"comment-respond\"><h3>Leave a Reply</h3>\
                 <form id=\"commentform\"><p>Fill in your details below or click an icon to log in:</p><p>You are commenting using your account. Log Out / Change</p></form></div></div>\n"
            )
        }
        (Comments::Open(count), _) => format!(
            "<section id=\"comments\" class=\"comments comments-open\"><span class=\"comments-count\">{count}</span></section>\n"
        ),
        (Comments::Closed, _) => "<section id=\"comments\" class=\"comments comments-closed\"></section>\n".to_owned(),
        (Comments::None | Comments::Silent, _) => String::new(),
    }
}

fn french_day(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    dates::french_day(at.to_zoned_datetime(zone).date())
}
