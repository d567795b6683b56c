//! A table that is also a set of cards: every cell carries its column's name for narrow screens.

use super::write::Html;

pub struct Grid {
    columns: &'static [&'static str],
    /// The column whose cells name the row.
    head: usize,
    html: Html,
}

impl Grid {
    pub fn new(class: &'static str, caption: &str, columns: &'static [&'static str], head: usize) -> Grid {
        let mut html = Html::new();
        html.open("table", &[("class", class)]);
        html.leaf("caption", &[], caption);
        html.raw("<thead><tr>");
        for column in columns {
            html.leaf("th", &[("scope", "col")], column);
        }
        html.raw("</tr></thead><tbody>");
        Grid { columns, head, html }
    }

    /// One row, of as many cells as there are columns.
    pub fn row(&mut self, class: &'static str, cells: impl IntoIterator<Item = Html>) {
        self.html.open("tr", &[("class", class)]);
        for (at, (name, cell)) in self.columns.iter().zip(cells).enumerate() {
            if at == self.head {
                self.html.raw("<th scope=\"row\">").add(cell).raw("</th>");
            } else {
                let class = if cell.is_dash() { "dash" } else { "" };
                self.html.open("td", &[("data-label", name), ("class", class)]);
                self.html.add(cell).raw("</td>");
            }
        }
        self.html.raw("</tr>");
    }

    pub fn finish(mut self) -> Html {
        self.html.raw("</tbody></table>");
        self.html
    }
}

/// A cell of our own words.
pub fn words(text: &str) -> Html {
    let mut html = Html::new();
    html.text(text);
    html
}

/// A cell with something smaller below it.
pub fn with_small(text: &str, small: &str) -> Html {
    let mut html = words(text);
    if !small.is_empty() {
        html.leaf("small", &[], small);
    }
    html
}
