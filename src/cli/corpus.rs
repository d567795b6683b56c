//! Articles for programs that count words: gathers them with their texts, a few hundred at a time.

use std::collections::HashMap;
use std::io::Write;

use crate::model::Source;
use crate::report::corpus::{self, Document};
use crate::store::{ArticleRow, Reader};

/// Texts held at once.
const AT_ONCE: usize = 500;

/// The rows of these articles, in this order.
pub fn rows_of(reader: &Reader, ids: &[&str]) -> anyhow::Result<Vec<ArticleRow>> {
    let rowids: Vec<i64> = ids
        .iter()
        .map(|id| reader.article_by_prefix(id))
        .collect::<Result<_, _>>()?;
    Ok(reader.articles(&rowids)?)
}

/// Hands over each article; its text where that was asked for.
pub fn each(
    reader: &Reader,
    rows: &[ArticleRow],
    with_text: bool,
    mut each: impl FnMut(&Document<'_>) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let sources: HashMap<String, Source> = reader
        .sources()?
        .into_iter()
        .map(|source| (source.id.clone(), source))
        .collect();
    for some in rows.chunks(AT_ONCE) {
        let rowids: Vec<i64> = some.iter().map(|row| row.rowid).collect();
        let mut texts = HashMap::new();
        if with_text {
            texts.extend(reader.texts(&rowids)?.into_iter().map(|text| (text.rowid, text.text)));
        }
        for article in some {
            each(&Document {
                article,
                source: sources.get(&article.source),
                text: texts.get(&article.rowid).map(String::as_str),
            })?;
        }
    }
    Ok(())
}

/// Profile `r`.
pub fn r_table(reader: &Reader, rows: &[ArticleRow], with_text: bool, out: impl Write) -> anyhow::Result<()> {
    let mut sheet = corpus::r_sheet(out)?;
    each(reader, rows, with_text, |document| corpus::r_row(&mut sheet, document))?;
    Ok(sheet.finish()?)
}

/// Europresse's HTML.
pub fn europresse(reader: &Reader, rows: &[ArticleRow], with_text: bool, out: &mut impl Write) -> anyhow::Result<()> {
    out.write_all(corpus::EUROPRESSE.0.as_bytes())?;
    each(reader, rows, with_text, |document| {
        out.write_all(corpus::europresse(document).as_bytes())
    })?;
    Ok(out.write_all(corpus::EUROPRESSE.1.as_bytes())?)
}

/// A corpus for IRaMuTeQ or Alceste.
pub fn iramuteq(reader: &Reader, rows: &[ArticleRow], with_text: bool, out: &mut impl Write) -> anyhow::Result<()> {
    each(reader, rows, with_text, |document| {
        out.write_all(corpus::iramuteq(document).as_bytes())
    })
}
