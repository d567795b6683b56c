//! Plain tables whose columns line up on a terminal, where a Han character is two columns wide.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table: a header, an optional rule below it, rows.
pub struct Table {
    header: Vec<String>,
    rule: bool,
    /// Columns of numbers, which end below each other.
    numbers: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Table {
        Table {
            header: header.into_iter().map(Into::into).collect(),
            rule: false,
            numbers: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// With `─── ──` below the header.
    pub fn ruled(mut self) -> Table {
        self.rule = true;
        self
    }

    /// Columns (counted from 0) that are aligned at their end.
    pub fn numbers(mut self, columns: impl IntoIterator<Item = usize>) -> Table {
        self.numbers.extend(columns);
        self
    }

    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Lines without trailing blanks.
    pub fn render(&self) -> String {
        let columns = self.header.len();
        let mut widths: Vec<usize> = self.header.iter().map(|cell| cell.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let mut out = String::new();
        let mut push = |cells: &mut dyn Iterator<Item = String>| {
            let mut text = String::new();
            for (at, cell) in cells.enumerate().take(columns) {
                let pad = widths[at].saturating_sub(cell.width());
                let (before, after) = if self.numbers.contains(&at) { (pad, 0) } else { (0, pad) };
                text.extend(std::iter::repeat_n(' ', before));
                text.push_str(&cell);
                text.extend(std::iter::repeat_n(' ', after + 1));
            }
            out.push_str(text.trim_end());
            out.push('\n');
        };
        push(&mut self.header.iter().cloned());
        if self.rule {
            push(&mut widths.iter().map(|width| "─".repeat(*width)));
        }
        for row in &self.rows {
            push(&mut row.iter().cloned());
        }
        out
    }
}

/// Width of what is printed on a terminal.
pub const WIDTH: usize = 100;

/// Lines of at most [`WIDTH`] columns, the first indented by `first` columns and the others by `rest`.
/// They break at blanks and between Han characters, but never before closing punctuation.
pub fn wrap(text: &str, first: usize, rest: usize) -> String {
    let mut out = " ".repeat(first);
    let mut used = first;
    let mut fresh = true;
    for piece in pieces(text) {
        let wide = piece.trim_end().width();
        if !fresh && used + wide > WIDTH {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(&" ".repeat(rest));
            used = rest;
        }
        out.push_str(piece);
        used += piece.width();
        fresh = false;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Columns of a run without blanks up to which it is a name and stays whole; a longer one is running Han text.
const NAME: usize = 24;

/// What stays together on a line: a word with the blanks after it, in running Han text a character with
/// its punctuation.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ').flat_map(|word| {
        let running = word.width() > NAME;
        let mut rest = word;
        // What stands in [ ] was marked as one thing.
        let mut marked = false;
        std::iter::from_fn(move || {
            let mut before = rest.chars().next()?;
            marked |= before == '[';
            let cut = rest.char_indices().skip(1).find_map(|(at, c)| {
                let between = std::mem::replace(&mut before, c);
                marked = (marked || c == '[') && c != ']';
                let after_mark = between == ']' && is_han(c);
                (running && !marked && (after_mark || is_han(between) && is_han(c))).then_some(at)
            });
            let (piece, left) = rest.split_at(cut.unwrap_or(rest.len()));
            rest = left;
            Some(piece)
        })
    })
}

/// A wide letter: Han, kana, Hangul; not their punctuation.
fn is_han(c: char) -> bool {
    c.width() == Some(2) && c.is_alphanumeric()
}

/// Cut to `columns` terminal columns, with `…` where something is missing.
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        used += width;
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_take_two_columns() {
        let mut table = Table::new(["#", "source", "lg"]).ruled();
        table.row(["1", "新华网 Xinhua", "zh"]);
        table.row(["2", "Libération", "fr"]);
        assert_eq!(
            table.render(),
            "# source        lg\n─ ───────────── ──\n1 新华网 Xinhua zh\n2 Libération    fr\n"
        );
    }

    #[test]
    fn wrapping_counts_columns_and_keeps_words_whole() {
        let text = "silence ".repeat(30);
        let wrapped = wrap(&text, 2, 4);
        assert!(
            wrapped
                .lines()
                .all(|line| line.width() <= WIDTH && line.ends_with("silence")),
            "{wrapped}"
        );
        assert!(
            wrapped.starts_with("  silence") && wrapped.contains("\n    silence"),
            "{wrapped}"
        );
        assert_eq!(wrapped.split_whitespace().count(), 30);
        let han = wrap(&"文化，".repeat(40), 0, 0);
        assert!(
            han.lines().all(|line| line.width() <= WIDTH && !line.starts_with('，')),
            "{han}"
        );
        assert_eq!(han.lines().count(), 3);
        let marks = wrap(&"在平壤设立[文化]合作，".repeat(20), 0, 0);
        assert!(
            marks
                .lines()
                .all(|line| line.matches('[').count() == line.matches(']').count()),
            "{marks}"
        );
        let named = format!("{}新华网", "x".repeat(96));
        assert_eq!(
            wrap(&named.replace("x新", "x 新"), 0, 0).lines().last(),
            Some("新华网"),
            "a name stays whole"
        );
        let whole = "x".repeat(150);
        assert_eq!(
            wrap(&whole, 0, 0),
            format!("{whole}\n"),
            "a word longer than the line is not cut"
        );
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(fit("法国与朝鲜", 10), "法国与朝鲜");
        assert_eq!(fit("法国与朝鲜", 7), "法国与…");
    }
}
