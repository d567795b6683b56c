//! Articles as programs for text analysis read them: R (`readtext`, `quanteda`), Europresse's HTML
//! (`tm.plugin.europresse`, R.temis), IRaMuTeQ and Alceste.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::{DateClaim, Precision, Source};
use crate::report::clean;
use crate::report::csv::{Dialect, Sheet};
use crate::report::html::Html;
use crate::store::ArticleRow;
use crate::text::dates;

/// One article, its source, and its text where that was asked for.
pub struct Document<'a> {
    pub article: &'a ArticleRow,
    pub source: Option<&'a Source>,
    pub text: Option<&'a str>,
}

impl Document<'_> {
    /// The words to count: the text, or where it was not asked for (or not had), what announced it.
    fn words(&self) -> String {
        match self.text.filter(|text| !text.is_empty()) {
            Some(text) => clean::text(text),
            None => {
                let lead = self.article.standfirst.as_deref().unwrap_or_default();
                clean::text(&format!("{}\n{lead}", self.article.title))
                    .trim_end()
                    .to_owned()
            }
        }
    }

    fn lang(&self) -> String {
        match (&self.article.lang, &self.article.script, self.source) {
            (Some(lang), Some(script), _) => format!("{lang}-{script}"),
            (Some(lang), None, _) => lang.clone(),
            (None, _, Some(source)) => source.lang.clone(),
            (None, ..) => String::new(),
        }
    }

    fn name(&self) -> String {
        self.source.map_or_else(|| self.article.source.clone(), Source::label)
    }

    /// The day that its readers had; without a claim, none.
    fn day(&self) -> Option<jiff::civil::Date> {
        let claim = self.article.published.as_ref()?;
        let local = claim.to_local();
        local.get(..10)?.parse().ok()
    }
}

/// The columns of profile `r`. `readtext` takes the first column for the text whatever its name, and rows must be scalars.
pub const R_COLUMNS: [&str; 19] = [
    "text",
    "doc_id",
    "source_id",
    "source_name",
    "lang",
    "country",
    "source_type",
    "owner",
    "groups",
    "date_utc",
    "date_utc_min",
    "date_utc_max",
    "title",
    "url",
    "length",
    "length_unit",
    "reprint",
    "first_seen",
    "sha256",
];

/// A sheet for R, begun: cells exactly as they are.
pub fn r_sheet<W: Write>(out: W) -> io::Result<Sheet<W>> {
    Sheet::with(out, &R_COLUMNS, Dialect::Exact)
}

pub fn r_row<W: Write>(sheet: &mut Sheet<W>, document: &Document<'_>) -> io::Result<()> {
    let article = document.article;
    let kind = |value: &dyn Fn(&Source) -> String| document.source.map(value).unwrap_or_default();
    let span = article.published_span;
    let half = span.max.duration_since(span.min) / 2;
    let middle = span.min.saturating_add(half).unwrap_or(span.min);
    let cells = [
        document.words(),
        article.id.clone(),
        article.source.clone(),
        document.name(),
        document.lang(),
        kind(&|source| source.country.clone()),
        kind(&|source| word(&source.kind)),
        kind(&|source| word(&source.ownership)),
        kind(&|source| source.groups.join(";")),
        second(middle),
        second(span.min),
        second(span.max),
        clean::line(&article.title),
        article.url.clone(),
        article.length.n.to_string(),
        article.length.unit.as_str().to_owned(),
        article.reprint_of.is_some().to_string(),
        second(article.first_seen_at),
        article.digest.clone(),
    ];
    sheet.row(cells.iter().map(|cell| Cow::from(cell.as_str())))
}

fn second(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The word that configuration uses for a value.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// What stands before and after the articles of an Europresse page.
pub const EUROPRESSE: (&str, &str) = (
    "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>vigie</title></head><body>\n",
    "</body></html>\n",
);

/// One article as Europresse saves it: the reader finds publication, date, title, authors and paragraphs by their classes.
pub fn europresse(document: &Document<'_>) -> String {
    let article = document.article;
    let mut html = Html::new();
    html.raw("<article><header><div class=\"rdp__DocPublicationName\">");
    html.leaf("span", &[("class", "DocPublicationName")], &document.name());
    html.raw("</div><div>");
    // The reader takes each part between commas for a date: no other part may look like one.
    let section = article.section.as_deref().unwrap_or_default().replace(',', " ");
    let date = document.day().map(dates::french_day).unwrap_or_default();
    let head: Vec<&str> = [section.trim(), date.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    html.leaf("span", &[("class", "DocHeader")], &head.join(", "));
    html.raw("</div><div class=\"titreArticle\">");
    html.leaf("p", &[("class", "titreArticleVisu rdp__articletitle")], &article.title);
    html.raw("</div>");
    html.leaf("div", &[("class", "docAuthors")], &article.authors.join("; "));
    html.raw("</header><section><div class=\"DocText clearfix\"><div class=\"docOcurrContainer\">");
    let words = match document.text.filter(|text| !text.is_empty()) {
        Some(text) => text.to_owned(),
        None => article.standfirst.clone().unwrap_or_default(),
    };
    for paragraph in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        html.leaf("p", &[], paragraph);
    }
    html.raw("</div></div></section><footer>");
    let year = document.day().map_or(String::new(), |day| format!("{} ", day.year()));
    html.leaf(
        "small",
        &[],
        &format!("© {year}{}. Tous droits réservés.", document.name()),
    );
    let id = article.id.trim_start_matches("i:");
    let day = document
        .day()
        .map_or(String::new(), |day| day.strftime("%Y%m%d").to_string());
    html.leaf("div", &[("class", "publiC-lblNodoc")], &format!("news·{day}·VG·{id}"));
    html.raw("</footer></article>\n");
    html.into_string()
}

/// One article of an Alceste corpus: a line of starred variables, whose values are letters and digits, then the text.
pub fn iramuteq(document: &Document<'_>) -> String {
    let article = document.article;
    let mut out = String::from("****");
    let mut variable = |name: &str, value: &str| {
        // An underscore would end the variable's name anew.
        let value: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        if !value.is_empty() {
            out.push_str(&format!(" *{name}_{value}"));
        }
    };
    variable("source", &article.source);
    variable("lang", article.lang.as_deref().unwrap_or_default());
    if let Some(source) = document.source {
        variable("country", &source.country);
        variable("type", &word(&source.kind));
        variable("owner", &word(&source.ownership));
    }
    if let Some(claim) = &article.published {
        variable("date", &date_of(claim));
    }
    variable("id", article.id.trim_start_matches("i:"));
    out.push('\n');
    for line in document.words().lines() {
        // A star, or a hyphen and a star, at a line's beginning would begin a text or a theme.
        let line = line.trim().replace('*', " ");
        if !line.trim().is_empty() {
            out.push_str(line.trim().trim_start_matches('-').trim_start());
            out.push('\n');
        }
    }
    out.push('\n');
    out
}

fn date_of(claim: &DateClaim) -> String {
    match claim.precision {
        Precision::Second | Precision::Minute => claim.to_local().chars().take(10).collect(),
        _ => claim.to_published(),
    }
}
