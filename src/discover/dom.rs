//! HTML text to a tree, refused where building the tree would cost too much.
//!
//! Takes text, gives a document or the reason for none.

use scraper::Html;

use super::markup::{Token, Tokens};

/// Pages of headlines measured up to 2 MB; the tree takes about ten times the text.
const LONGEST_PAGE: usize = 5 << 20;
/// The tree builder looks up its stack of open elements at every tag, so depth costs time squared.
/// Browsers stop at 512 (Chromium's `kMaximumHTMLParserDOMTreeDepth`); unclosed `<font>`s of old sites need some more.
const DEEPEST: usize = 1_000;

/// Every block that opens while `<font>`s stand open gets copies of them (HTML Standard, "reconstruct the active
/// formatting elements"), so a page of 5 MiB could grow to a thousand million nodes.
const MOST_COPIES: usize = 2_000_000;

pub fn document(text: &str) -> Result<Html, String> {
    if text.len() > LONGEST_PAGE {
        return Err(format!("the page is longer than {} MiB", LONGEST_PAGE >> 20));
    }
    let cost = cost(text);
    if cost.depth > DEEPEST {
        return Err(format!("the page nests more than {DEEPEST} elements"));
    }
    if cost.copies > MOST_COPIES {
        return Err("the page leaves too many formatting elements open".into());
    }
    Ok(Html::parse_document(text))
}

/// Upper bounds of what the tree would take.
#[derive(Default)]
struct Cost {
    depth: usize,
    copies: usize,
}

/// Elements that HTML closes by itself (`<p>`, `<li>`) and void ones add no depth.
const SELF_CLOSING: [&str; 28] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "tr", "th", "tbody", "thead", "option", "dt", "dd", "body", "html", "head", "colgroup",
];
/// HTML Standard 13.2.4.2, "formatting".
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

fn cost(text: &str) -> Cost {
    let among = |names: &[&str], name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let (mut cost, mut depth, mut formatting) = (Cost::default(), 0_usize, 0_usize);
    let mut tokens = Tokens::html(text);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open { name, .. } if among(&["script", "style"], name) => {
                if !tokens.skip_raw(name) {
                    break;
                }
            }
            Token::Open { name, .. } => {
                if among(&FORMATTING, name) {
                    formatting += 1;
                } else {
                    cost.copies += formatting;
                }
                if !among(&SELF_CLOSING, name) {
                    depth += 1;
                    cost.depth = cost.depth.max(depth);
                }
            }
            Token::Close { name } => {
                if among(&FORMATTING, name) {
                    formatting = formatting.saturating_sub(1);
                }
                if !among(&SELF_CLOSING, name) {
                    depth = depth.saturating_sub(1);
                }
            }
            Token::Text(_) | Token::CData(_) => {}
        }
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bottomless_page_is_refused_in_words() {
        assert!(
            document(&"<div>".repeat(5_000))
                .unwrap_err()
                .contains("nests more than")
        );
        assert!(document(&"<p>un<li>deux".repeat(5_000)).is_ok());
    }

    #[test]
    fn a_page_that_would_multiply_is_refused_in_words() {
        let fonts: String = (0..900).map(|size| format!("<font size={size}>")).collect();
        let page = format!("{fonts}{}", "<p>".repeat(10_000));
        assert!(document(&page).unwrap_err().contains("formatting"));
    }
}
