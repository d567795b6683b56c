//! Suggested stories as text.

use std::fmt::Write as _;

use crate::read::suggest::{Article, Story, Suggestions};
use crate::report::clean;
use crate::report::table::{fit, wrap};
use crate::text::durations;

/// Columns of a line.
const WIDTH: usize = 100;

/// A block a story: number, title, spread, a title per language, and why each article is in.
pub fn terminal(suggestions: &Suggestions) -> String {
    let mut out = String::new();
    for (n, story) in suggestions.stories.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        write_story(&mut out, story, &format!("{:>2}  ", n + 1));
    }
    let shown = suggestions.stories.len();
    if shown < suggestions.total {
        writeln!(out, "\n{shown} of {} stories; --limit 0 shows all", suggestions.total).ok();
    }
    out
}

/// One story.
pub fn story(story: &Story) -> String {
    let mut out = String::new();
    write_story(&mut out, story, "");
    out
}

fn write_story(out: &mut String, story: &Story, number: &str) {
    let title = match clean::line(&story.title) {
        title if title.is_empty() => "(no title)".to_owned(),
        title => title,
    };
    writeln!(out, "{number}{}", fit(&title, WIDTH - number.len())).ok();
    let indent = " ".repeat(number.len());
    let articles = story.articles.len();
    let sources = story.sources.len();
    writeln!(
        out,
        "{indent}{}  {} article{} of {} source{} in {}; {} to {}; score {:.2}",
        story.id,
        articles,
        plural(articles),
        sources,
        plural(sources),
        story.languages.join(", "),
        minute(story.first),
        minute(story.last),
        story.score
    )
    .ok();
    for (lang, title) in story.titles.iter().filter(|(_, title)| **title != story.title) {
        let title = clean::line(title);
        if !title.is_empty() {
            writeln!(out, "{indent}{lang:<3} {}", fit(&title, WIDTH - number.len() - 4)).ok();
        }
    }
    for article in &story.articles {
        out.push_str(&wrap(&line(article), number.len() + 2, number.len() + 6));
    }
}

fn line(article: &Article) -> String {
    format!(
        "{} {} {} {} – {}",
        when(article),
        article.source,
        article.id,
        clean::line(&article.title),
        clean::line(&article.why)
    )
}

fn when(article: &Article) -> String {
    match &article.published {
        Some(claim) => durations::claimed_utc(claim),
        None => format!("seen {}", durations::minute_utc(article.first_seen)),
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}
