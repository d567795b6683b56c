//! Plain tables whose columns line up on a terminal, where a Han character is two columns wide.

use std::ops::Range;

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

    /// Lines without trailing blanks. A cell may hold several lines; the row is as high as its highest cell.
    pub fn render(&self) -> String {
        self.lines(&self.widths())
    }

    /// The same within so many columns. Where that is too narrow, the columns of `squeeze` are made narrower, as long as what
    /// no longer fits into one runs into the free room of the cell behind it; where even that is too wide, each row takes
    /// two lines (or more): the columns from `fold` on stand below the others, indented to the second column.
    pub fn render_within(&self, columns: usize, squeeze: &[usize], fold: usize) -> String {
        let mut widths = self.widths();
        let mut whole = self.lines(&widths);
        while widest(&whole) > columns {
            let next = squeeze
                .iter()
                .copied()
                .filter(|at| widths[*at] > LEAST)
                .max_by_key(|at| widths[*at]);
            let Some(at) = next else {
                return self.folded(columns, fold);
            };
            widths[at] -= 1;
            whole = self.lines(&widths);
        }
        whole
    }

    fn folded(&self, columns: usize, fold: usize) -> String {
        let widths = self.widths();
        let indent = widths.first().map_or(0, |first| first + 1);
        let mut out = String::new();
        let mut lines = |row: &[String]| {
            push(&widths, 0..fold, 0, &self.numbers, row, &mut out);
            push(&widths, fold..widths.len(), indent, &self.numbers, row, &mut out);
        };
        lines(&self.header);
        for row in &self.rows {
            lines(row);
        }
        if self.rule {
            let head = out.match_indices('\n').nth(1).map_or(0, |(at, _)| at + 1);
            out.insert_str(head, &format!("{}\n", "─".repeat(widest(&out).min(columns))));
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.header.iter().map(|cell| cell.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.lines().map(|line| line.width()).max().unwrap_or(0));
            }
        }
        widths
    }

    fn lines(&self, widths: &[usize]) -> String {
        let mut out = String::new();
        let columns = 0..self.header.len();
        push(widths, columns.clone(), 0, &self.numbers, &self.header, &mut out);
        if self.rule {
            let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
            push(widths, columns.clone(), 0, &[], &rule, &mut out);
        }
        for row in &self.rows {
            push(widths, columns.clone(), 0, &self.numbers, row, &mut out);
        }
        out
    }
}

/// No column is made narrower than this.
const LEAST: usize = 8;

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.width()).max().unwrap_or(0)
}

/// One row's cells of those columns, on as many lines as its highest cell has. A cell wider than its column pushes the
/// next one on, until one with free room lets the columns line up again.
fn push(widths: &[usize], columns: Range<usize>, indent: usize, numbers: &[usize], cells: &[String], out: &mut String) {
    let height = columns
        .clone()
        .filter_map(|at| Some(cells.get(at)?.lines().count()))
        .max()
        .unwrap_or(0)
        .max(1);
    for line in 0..height {
        let mut text = " ".repeat(indent);
        let (mut begins, mut used) = (indent, indent);
        for at in columns.clone() {
            let Some(cell) = cells.get(at) else { break };
            let cell = cell.lines().nth(line).unwrap_or_default();
            let ends = begins + widths[at];
            let pad = ends.saturating_sub(used + cell.width());
            let (before, after) = if numbers.contains(&at) { (pad, 0) } else { (0, pad) };
            text.extend(std::iter::repeat_n(' ', before));
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', after + 1));
            used = (used + cell.width()).max(ends) + 1;
            begins = ends + 1;
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
}

/// Width of what is printed on a terminal.
pub const WIDTH: usize = 100;

/// Lines of at most [`WIDTH`] columns, the first indented by `first` columns and the others by `rest`.
/// They break at blanks and between Han characters, but never before closing punctuation.
pub fn wrap(text: &str, first: usize, rest: usize) -> String {
    wrap_to(WIDTH, text, first, rest)
}

/// The same for another width.
pub fn wrap_to(width: usize, text: &str, first: usize, rest: usize) -> String {
    let mut out = " ".repeat(first);
    let mut used = first;
    let mut fresh = true;
    for piece in pieces(text) {
        let wide = piece.trim_end().width();
        if !fresh && used + wide > width {
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

/// A name over at most `lines` lines of `columns` columns, broken at its blanks; cut with `…` only where that is not enough.
pub fn fold(text: &str, columns: usize, lines: usize) -> String {
    let mut out: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let full = out.len() >= lines;
        let Some(line) = out.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if full || line.width() + 1 + word.width() <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            out.push(word.to_owned());
        }
    }
    out.iter().map(|line| fit(line, columns)).collect::<Vec<_>>().join("\n")
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
    fn a_long_name_goes_on_below_and_keeps_its_edition() {
        assert_eq!(fold("KCNA (English page)", 22, 3), "KCNA (English page)");
        assert_eq!(
            fold("Le Monde diplomatique (English edition)", 22, 3),
            "Le Monde diplomatique\n(English edition)"
        );
        assert_eq!(fold("abc", 2, 2), "a…");
        let mut table = Table::new(["#", "name", "n"]).ruled();
        table.row(["1", "Le Monde\n(English)", "12"]);
        assert_eq!(
            table.render(),
            "# name      n\n─ ───────── ──\n1 Le Monde  12\n  (English)\n"
        );
    }

    #[test]
    fn a_row_too_wide_takes_two_lines() {
        let mut table = Table::new(["#", "name", "lag", "length"]).ruled();
        table.row(["1", "Gazette", "+1h25", "412 w"]);
        assert_eq!(table.render_within(30, &[], 2), table.render());
        assert_eq!(
            table.render_within(20, &[], 2),
            "# name\n  lag   length\n──────────────\n1 Gazette\n  +1h25 412 w\n"
        );
    }

    #[test]
    fn a_wide_cell_runs_into_free_room_before_anything_is_folded() {
        let mut table = Table::new(["first", "lag", "length"]);
        table.row(["looked 17/17, 611 new", "–", "–"]);
        table.row(["15 Dec 13:40", "+22h30…28h30", "412 w"]);
        assert_eq!(
            table.render_within(36, &[0], 1),
            "first            lag          length\nlooked 17/17, 611 new –       –\n15 Dec 13:40     +22h30…28h30 412 w\n"
        );
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(fit("法国与朝鲜", 10), "法国与朝鲜");
        assert_eq!(fit("法国与朝鲜", 7), "法国与…");
    }
}
