//! HTML fragments to plain text: what a feed carries in `description` and `content:encoded`.
//!
//! Takes a fragment, gives paragraphs, in one pass and without a tree, so that nesting costs nothing. Never keeps markup.

use super::markup::{Token, Tokens, decode};

/// Longer texts are cut: a long-form article is about 100,000 characters, a feed's text is a convenience.
const LONGEST_TEXT: usize = 500_000;

/// Elements whose content is not prose.
fn is_raw(name: &str) -> bool {
    [
        "script", "style", "svg", "template", "iframe", "textarea", "noscript", "object",
    ]
    .iter()
    .any(|raw| name.eq_ignore_ascii_case(raw))
}

/// Elements that flow within a line; all others end a paragraph, `<br>` too, since newsrooms separate paragraphs by it.
fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 46] = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "math", "mfrac", "mi", "mn", "mo", "mrow", "msub", "msup", "mtext",
        "nobr", "q", "rb", "rp", "rt", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
        "u", "wbr",
    ];
    INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline))
}

/// The paragraphs of a fragment, each with its whitespace collapsed; none is empty.
pub fn paragraphs(html: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut current = String::new();
    let mut length = 0;
    // Spellings of raw elements without an end further on; longer lists are only made to cost time.
    let mut endless: Vec<&str> = Vec::new();
    let mut tokens = Tokens::html(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(raw) => push_collapsed(&decode(raw), &mut current),
            Token::CData(text) => push_collapsed(text, &mut current),
            Token::Open { name, empty: false, .. } if is_raw(name) && endless.len() < 8 && !endless.contains(&name) => {
                // An `<iframe>` that is never closed is a tag and no more, and its end is not looked for again.
                if !tokens.skip_raw(name) {
                    if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") {
                        break;
                    }
                    endless.push(name);
                }
            }
            Token::Open { name, .. } | Token::Close { name } if is_inline(name) => {}
            Token::Open { .. } | Token::Close { .. } => length += end_paragraph(&mut current, &mut done),
        }
        if length + current.len() > LONGEST_TEXT {
            break;
        }
    }
    end_paragraph(&mut current, &mut done);
    done
}

/// Paragraphs joined by a blank line; `None` when nothing readable is left.
pub fn text(html: &str) -> Option<String> {
    let paragraphs = paragraphs(html);
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// All on one line. What was escaped twice (`&amp;amp;`), as titles often are, is read twice.
pub fn line(html: &str) -> Option<String> {
    let once = paragraphs(html).join(" ");
    let twice = decode(&once);
    let mut out = String::with_capacity(twice.len());
    push_collapsed(&twice, &mut out);
    out.truncate(out.trim_end().len());
    (!out.is_empty()).then_some(out)
}

/// Appends with every run of whitespace as one space, none at the beginning.
fn push_collapsed(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{00AD}') {
            out.push(c);
        }
    }
}

fn end_paragraph(current: &mut String, done: &mut Vec<String>) -> usize {
    let trimmed = current.trim_end();
    let length = trimmed.len();
    if length > 0 {
        done.push(trimmed.to_owned());
    }
    current.clear();
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_paragraphs_and_markup_is_gone() {
        let html = "<p>Le <b>port</b> de&nbsp;Brest<br>rouvre.</p><script>if (a<b) x('</p>')</script><div>\u{3000}平壤 &lt;3</div>";
        assert_eq!(paragraphs(html), ["Le port de Brest", "rouvre.", "平壤 <3"]);
    }

    #[test]
    fn what_was_escaped_twice_is_read_twice() {
        assert_eq!(line("R&amp;amp;D: l&amp;#39;été"), Some("R&D: l'été".into()));
        assert_eq!(line("1 < 2 &amp; <i>3</i>"), Some("1 < 2 & 3".into()));
        assert_eq!(line("<img src='x'> "), None);
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        let html = format!("{}x{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
        assert_eq!(paragraphs(&html), ["x"]);
    }

    #[test]
    fn very_long_text_is_cut() {
        let html = "<p>mot</p>".repeat(1_000_000);
        assert!(paragraphs(&html).iter().map(String::len).sum::<usize>() < LONGEST_TEXT + 10);
    }
}
