//! The comparison as one HTML file: to read, to print, to hand on. It asks no network and runs no script.

mod axis;
mod coins;
mod evidence;
mod grid;
mod page;
mod tables;
mod timeline;
mod write;

pub use page::page;
pub use write::Html;

use crate::model::comparison::Comparison;
use crate::report::cells::row_of;

/// A language tag as HTML has it (`zh-Hans`), where it is known.
type LangTag = Option<String>;

/// What an article is written in. A script that is not known is taken to be the source's.
fn lang_of(comparison: &Comparison, article: &str, source: &str) -> LangTag {
    let of_source = row_of(comparison, source).map(|row| row.lang.clone());
    let found = comparison.articles.iter().find(|row| row.id == article);
    let Some((lang, script)) = found.and_then(|row| Some((row.lang.as_ref()?, &row.script))) else {
        return of_source;
    };
    match script {
        Some(script) => Some(format!("{lang}-{script}")),
        None => match of_source {
            Some(tag) if tag.split('-').next() == Some(lang) => Some(tag),
            _ => Some(lang.clone()),
        },
    }
}
