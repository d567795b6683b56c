//! Text that a page holds only as the data of a script, for a browser to set later.
//!
//! Takes the flat page, gives the paragraphs of the longest article in its data. Runs no script, and is asked only
//! where the page itself shows nearly nothing: such data hold other stories too.

use serde_json::{Deserializer, Value};

use super::content::Block;
use super::dom::{Attributes, Dom, Tag};

/// Where publishing systems put the page's data: Next.js, Arc, Nuxt and what is declared as JSON.
const BEGINS: &[&str] = &[
    "Fusion.globalContent=",
    "__NEXT_DATA__",
    "__INITIAL_STATE__",
    "__PRELOADED_STATE__",
];

/// Paragraphs from which a list of them is an article.
const PARAGRAPHS: usize = 2;

/// The paragraphs, as plain text or markup.
pub fn paragraphs(dom: &Dom) -> Option<Vec<Block>> {
    let mut best: Vec<Block> = Vec::new();
    for (at, tag, element) in dom.elements() {
        if tag != Tag::Script {
            continue;
        }
        let source = dom.source(at);
        let declared =
            element.attribute("type") == Some("application/json") || element.attribute("id") == Some("__NEXT_DATA__");
        let json = match BEGINS.iter().find_map(|begin| source.find(begin)) {
            Some(begin) => source.get(begin..),
            None if declared => Some(source),
            None => None,
        };
        let Some(json) = json.and_then(|json| json.get(json.find('{')?..)) else {
            continue;
        };
        // What follows the first value is program.
        if let Some(Ok(value)) = Deserializer::from_str(json).into_iter::<Value>().next() {
            walk(&value, &mut best);
        }
    }
    (!best.is_empty()).then_some(best)
}

fn total(blocks: &[Block]) -> u32 {
    super::prose(blocks)
}

/// `serde_json` reads no value nested deeper than 128.
fn walk(value: &Value, best: &mut Vec<Block>) {
    let mut keep = |found: Vec<Block>| {
        if total(&found) > total(best) {
            *best = found;
        }
    };
    match value {
        Value::String(text) if text.contains("</p>") => keep(super::unpacked(text).unwrap_or_default()),
        Value::Array(values) => {
            let parts: Vec<&str> = values.iter().filter_map(paragraph).collect();
            if parts.len() >= PARAGRAPHS {
                keep(parts.into_iter().filter_map(Block::plain_of).collect());
            }
            values.iter().for_each(|value| walk(value, best));
        }
        Value::Object(object) => object.values().for_each(|value| walk(value, best)),
        _ => {}
    }
}

/// One element of an article's list of parts, where it is a paragraph or a subheading.
fn paragraph(value: &Value) -> Option<&str> {
    let kind = value.get("type")?.as_str()?;
    if !matches!(kind, "text" | "paragraph" | "p" | "header" | "heading") {
        return None;
    }
    ["content", "text", "value", "html"]
        .iter()
        .find_map(|key| value.get(key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_article_are_found_in_a_page_s_data() {
        let html = scraper::Html::parse_document(
            r#"<script id="__NEXT_DATA__">{"props":{"teasers":["Un port","Un phare"],"story":{"content_elements":[
            {"type":"text","content":"Le phare du cap <b>Gris</b> a été rallumé mardi, dix ans après sa fermeture."},
            {"type":"image","url":"/a.jpg"},
            {"type":"text","content":"La mairie, le département et une souscription se sont partagé les frais."}]}}};
            start()</script>"#,
        );
        let lines = paragraphs(&Dom::new(&html)).unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(
            texts[0],
            "Le phare du cap Gris a été rallumé mardi, dix ans après sa fermeture."
        );
    }

    #[test]
    fn a_broken_script_is_nothing() {
        let nested = "[".repeat(100_000);
        let source = format!(r#"<script type="application/json">{{"a":{nested}</script>"#);
        assert!(paragraphs(&Dom::new(&scraper::Html::parse_document(&source))).is_none());
    }
}
