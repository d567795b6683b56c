//! Articles near in meaning on a terminal: apart from what was found, each with its likeness.

use crate::read::similar::Near;
use crate::report::clean;
use crate::text::durations;

/// What stands above the likes of a query.
pub const OF_A_QUERY: &str = "near in meaning, without the words of the query; not counted above";
/// And above those of an article.
pub const OF_AN_ARTICLE: &str = "near in meaning";

pub fn terminal(near: &Near, heading: &str) -> String {
    let compared = match near.compared {
        0 => {
            return "near in meaning: no other article has a vector to compare with; `vigie digest --all` makes them\n"
                .to_owned();
        }
        1 => "1 article".to_owned(),
        several => format!("{several} articles"),
    };
    if near.articles.is_empty() {
        return format!("near in meaning: none of {compared} that were compared\n");
    }
    let mut out = format!("{heading}; {compared} compared\n");
    for similar in &near.articles {
        let article = &similar.article;
        let when = match &article.published {
            Some(claim) => durations::claimed_utc(claim),
            None => format!("seen {}", durations::minute_utc(article.first_seen_at)),
        };
        out.push_str(&format!(
            "  {:.2}  {}  {when}  {}  {}\n",
            similar.likeness,
            article.id,
            article.source,
            clean::line(&article.title)
        ));
    }
    out
}
