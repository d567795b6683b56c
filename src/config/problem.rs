//! A mistake in a configuration file, and how it reads: place, line, carets, hint.
//!
//! Takes byte spans of one file's text, gives positioned problems in file order. Never prints, never stops at the first.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Problems past this many are counted, not rendered: nobody reads a longer list.
const MAX_SHOWN: usize = 50;
/// Past this many the reading stops: a hostile file could have millions, and each costs the search for a hint.
const MAX_FOUND: usize = 1000;
/// Columns of the offending line that are shown; longer lines are cut around the carets.
const MAX_COLUMNS: usize = 100;
/// Columns kept before the carets when a line is cut.
const CONTEXT_COLUMNS: usize = 20;
/// Quoted values in messages are cut after this many characters.
const MAX_QUOTED: usize = 60;

/// Every problem of the files read, in file order; never empty. `Display` is the whole text for the terminal
/// without the leading `error: `, which the edge of the program writes before every error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigErrors {
    pub problems: Vec<Problem>,
    /// How many more there were, at least, than `problems` holds.
    pub more: usize,
}

/// One mistake, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    pub hint: Option<String>,
    excerpt: Excerpt,
}

/// The offending line made fit to print, with the columns to underline.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    text: String,
    indent: usize,
    carets: usize,
}

impl std::error::Error for ConfigErrors {}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\nerror: ")?;
            }
            problem.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "\n\nerror: and at least {} more", self.more)?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Excerpt { text, indent, carets } = &self.excerpt;
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        writeln!(f, "   │ {text}")?;
        write!(f, "   │ {}{}", " ".repeat(*indent), "^".repeat(*carets))?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a value, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub message: String,
    pub hint: Option<String>,
    /// Where in the file stands what this collides with; the hint then begins with its line.
    earlier: Option<usize>,
}

impl Fault {
    pub fn new(message: impl Into<String>) -> Fault {
        Fault {
            message: message.into(),
            hint: None,
            earlier: None,
        }
    }

    /// The hint begins with the line of the byte `earlier`.
    pub fn earlier(mut self, earlier: usize) -> Fault {
        self.earlier = Some(earlier);
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = Some(hint.into());
        self
    }
}

/// The problems of one file, gathered while it is read.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: RefCell<Vec<(Range<usize>, Fault)>>,
}

impl Findings {
    pub fn report(&self, span: Range<usize>, fault: Fault) {
        self.found.borrow_mut().push((span, fault));
    }

    /// So many problems that reading on is no use.
    pub fn full(&self) -> bool {
        self.found.borrow().len() >= MAX_FOUND
    }

    /// `value` if nothing was reported, else everything that was, in the order of the file.
    pub fn finish<T>(self, file: &str, text: &str, value: T) -> Result<T, ConfigErrors> {
        let found = self.found.into_inner();
        if found.is_empty() {
            return Ok(value);
        }
        Err(ConfigErrors::locate(file, text, found))
    }
}

impl ConfigErrors {
    pub(super) fn locate(file: &str, text: &str, mut found: Vec<(Range<usize>, Fault)>) -> ConfigErrors {
        found.sort_by_key(|(span, _)| (span.start, span.end));
        let lines = Lines::new(text);
        let more = found.len().saturating_sub(MAX_SHOWN);
        found.truncate(MAX_SHOWN);
        let problems = found.into_iter().map(|(span, fault)| lines.locate(file, span, fault));
        ConfigErrors {
            problems: problems.collect(),
            more,
        }
    }

    /// Adds the problems of another file after these.
    pub(super) fn extend(&mut self, other: ConfigErrors) {
        self.problems.extend(other.problems);
        self.more += other.more;
    }
}

/// Where each line of a text begins.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Lines {
            text,
            starts: starts.collect(),
        }
    }

    /// From 1.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|&begin| begin <= at).max(1)
    }

    fn locate(&self, file: &str, span: Range<usize>, fault: Fault) -> Problem {
        let start = self.text.floor_char_boundary(span.start);
        let line = self.number(start);
        let first = fault
            .earlier
            .map(|at| format!("the first is on line {}", self.number(at)));
        let hint = match (first, fault.hint) {
            (Some(first), Some(hint)) => Some(format!("{first}; {hint}")),
            (first, hint) => first.or(hint),
        };
        let begin = self.starts.get(line - 1).copied().unwrap_or(0);
        let rest = self.text.get(begin..).unwrap_or_default();
        let content = rest.split('\n').next().unwrap_or_default();
        let content = content.strip_suffix('\r').unwrap_or(content);
        let from = content.floor_char_boundary(start - begin);
        let to = content.floor_char_boundary(span.end.saturating_sub(begin)).max(from);
        Problem {
            file: file.to_owned(),
            line,
            column: content.get(..from).unwrap_or_default().chars().count() + 1,
            message: fault.message,
            hint,
            excerpt: excerpt(content, from, to),
        }
    }
}

/// Cuts `line` to what fits around the bytes `from..to`, both on character boundaries.
fn excerpt(line: &str, from: usize, to: usize) -> Excerpt {
    // Far more than is shown, far less than a line can be; what it cuts off is cut again below, with an ellipsis.
    const NEAR: usize = 1000;
    let first = line.floor_char_boundary(from.saturating_sub(NEAR));
    let end = line.floor_char_boundary(to.min(from + NEAR));
    let last = line.floor_char_boundary(end.saturating_add(NEAR));
    let mut before = printable(line.get(first..from).unwrap_or_default());
    let mut marked = printable(line.get(from..end).unwrap_or_default());
    let mut after = printable(line.get(end..last).unwrap_or_default());
    if (before.width() + marked.width()).saturating_add(after.width()) > MAX_COLUMNS {
        if before.width() > CONTEXT_COLUMNS {
            let kept: String = last_columns(&before, CONTEXT_COLUMNS);
            before = format!("…{kept}");
        }
        cut(&mut marked, MAX_COLUMNS - CONTEXT_COLUMNS);
        let room = MAX_COLUMNS.saturating_sub(before.width() + marked.width());
        cut(&mut after, room);
    }
    Excerpt {
        indent: before.width(),
        carets: marked.width().max(1),
        text: (before + &marked + &after).trim_end().to_owned(),
    }
}

fn last_columns(text: &str, columns: usize) -> String {
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= columns
    };
    let kept: Vec<char> = text.chars().rev().take_while(fits).collect();
    kept.into_iter().rev().collect()
}

fn cut(text: &mut String, columns: usize) {
    if text.width() <= columns {
        return;
    }
    let mut width = 1; // the ellipsis
    let end = text.char_indices().find(|(_, c)| {
        width += c.width().unwrap_or(0);
        width > columns
    });
    text.truncate(end.map_or(0, |(at, _)| at));
    text.push('…');
}

/// Tabs as one space; what could drive a terminal or turn the reading direction as U+FFFD.
fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\t' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            '\u{fffd}'
        }
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// A value as messages show it: in backquotes, harmless to a terminal, cut when long.
pub(super) fn quoted(value: &str) -> String {
    let mut shown = printable(&value.chars().take(MAX_QUOTED + 1).collect::<String>());
    if shown.chars().count() > MAX_QUOTED {
        shown = shown.chars().take(MAX_QUOTED - 1).chain(['…']).collect();
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str, span: Range<usize>) -> String {
        let findings = Findings::default();
        findings.report(span, Fault::new("wrong"));
        findings.finish("f.toml", text, ()).unwrap_err().to_string()
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let text = "x = 1\nname = \"人民网\" # 注";
        let start = text.find("人民").unwrap();
        insta::assert_snapshot!(render(text, start..start + "人民网".len()), @r#"
        f.toml:2:9: wrong
           │ name = "人民网" # 注
           │         ^^^^^^
        "#);
    }

    #[test]
    fn a_long_line_is_cut_around_the_carets() {
        let text = format!(
            "feeds = [{}\"bad\"{}]",
            "\"https://a.example/\", ".repeat(20),
            ", \"x\"".repeat(60)
        );
        let start = text.find("\"bad\"").unwrap();
        insta::assert_snapshot!(render(&text, start..start + 5), @r#"
        f.toml:1:450: wrong
           │ …ttps://a.example/", "bad", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "…
           │                      ^^^^^
        "#);
    }

    #[test]
    fn nothing_in_a_file_reaches_the_terminal_as_control() {
        let text = "a\t= \"\u{1b}[2J\u{202e}\"\r\nb = 1";
        let shown = render(text, 2..text.len());
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\t', '\r']), "{shown:?}");
        assert_eq!(quoted("\u{1b}c"), "`\u{fffd}c`");
    }

    #[test]
    fn spans_outside_the_text_or_inside_a_character_are_brought_in() {
        assert!(render("é", 1..40).starts_with("f.toml:1:1: wrong"));
        assert!(render("", 7..9).starts_with("f.toml:1:1: wrong"));
        assert!(render("a\n", 2..2).starts_with("f.toml:2:1: wrong"));
    }

    #[test]
    fn a_flood_of_problems_is_counted() {
        let findings = Findings::default();
        for at in 0..70 {
            findings.report(at..at + 1, Fault::new("wrong"));
        }
        let errors = findings.finish("f.toml", &"x".repeat(70), ()).unwrap_err();
        assert_eq!((errors.problems.len(), errors.more), (MAX_SHOWN, 20));
        assert!(errors.to_string().ends_with("error: and at least 20 more"));
    }
}
