//! Text from outside, made safe to print.

/// Without control characters, escape sequences and bidirectional overrides, on one line.
///
/// A title is whatever a web page says it is: it must not move the cursor, recolour the terminal or
/// turn the rest of the line around (CVE-2021-42574).
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        if !is_printable(c) {
            continue;
        }
        if std::mem::take(&mut space) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Our own words around something from outside: the layout stays, what would drive the terminal goes.
pub fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || is_printable(*c)).collect()
}

/// Like [`line()`], but paragraphs stay apart.
pub fn text(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// As text of a post, in which nothing is markup, whichever Markdown reads it: signs of HTML as entities, which every dialect
/// and the HTML below it know, all others behind a backslash.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // `1. ` and `- ` begin a list only at a line's beginning, where no text from outside stands.
    out
}

/// As text of a page: nothing in it is markup, in an element or in an attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c == '\n' || is_printable(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Neither a control character nor a bidirectional override.
pub fn is_printable(c: char) -> bool {
    !c.is_control() && !is_bidi_control(c)
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_drive_the_terminal() {
        assert_eq!(super::line("A\u{1b}[31m red\u{202e} \n line\u{7}"), "A[31m red line");
        assert_eq!(super::printable("  a\u{1b}\n  ^\u{202e}"), "  a\n  ^");
        assert_eq!(super::text("one\r\n\ttwo"), "one\ntwo");
    }
}
