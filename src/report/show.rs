//! One article on a terminal: what it says, and how we know.

use crate::model::article::TermHit;
use crate::model::{LengthUnit, Precision, TextAccess};
use crate::report::clean;
use crate::report::table::wrap;
use crate::store::Shown;
use crate::text::durations;

/// Column at which the facts stand.
const FACTS: usize = 13;

pub fn terminal(shown: &Shown) -> String {
    let article = &shown.article;
    let mut out = format!(
        "{}\n{}\n{}\n\n",
        article.id,
        clean::line(&article.title),
        clean::line(&article.url)
    );
    let mut fact = |name: &str, value: String| {
        let line = wrap(&clean::line(&value), FACTS, FACTS);
        out.push_str(&format!("{name:FACTS$}{}", line.trim_start()));
    };
    fact("source", article.source.clone());
    let script = article
        .script
        .as_ref()
        .map_or(String::new(), |script| format!("-{script}"));
    fact(
        "language",
        article
            .lang
            .as_ref()
            .map_or("unknown".to_owned(), |lang| format!("{lang}{script}")),
    );
    match &article.published {
        Some(claim) => {
            let zone = if claim.zone_assumed {
                format!("{} assumed", claim.zone)
            } else {
                claim.zone.clone()
            };
            let mut when = durations::claimed_utc(claim);
            if claim.precision > Precision::Minute {
                when.push_str(&format!(
                    " ({} to {})",
                    durations::minute_utc(claim.interval.min),
                    durations::minute_utc(claim.interval.max)
                ));
            }
            let evidence = serde_json::to_value(claim.evidence)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned));
            fact(
                "published",
                format!(
                    "{when}, from {} “{}”, zone {zone}",
                    evidence.unwrap_or_default().replace('_', " "),
                    claim.raw
                ),
            );
        }
        None => fact("published", "no date was found".to_owned()),
    }
    fact("first seen", durations::minute_utc(article.first_seen_at));
    fact("last read", durations::minute_utc(article.last_seen_at));
    if let Some(gone) = article.gone_at {
        fact("gone", durations::minute_utc(gone));
    }
    if !article.authors.is_empty() {
        fact("authors", article.authors.join(", "));
    }
    if let Some(credit) = &article.credit {
        fact("credit", credit.clone());
    }
    fact(
        "length",
        format!(
            "{} {}, {}",
            article.length.n,
            unit(article.length.unit),
            match article.text_access {
                TextAccess::Full => "full text",
                TextAccess::Teaser => "teaser only",
                TextAccess::HeadlineOnly => "headline only",
                TextAccess::Blocked => "text blocked",
            }
        ),
    );
    let count = article.comments.count.map_or(String::new(), |n| format!(" ({n})"));
    let signal = article
        .comments
        .signal
        .as_ref()
        .map_or(String::new(), |signal| format!(", from {signal}"));
    fact(
        "comments",
        format!("{}{count}{signal}", article.comments.state.as_str()),
    );
    if let Some(of) = &article.reprint_of {
        let share = article.reprint_share.unwrap_or_default() * 100.0;
        fact("reprint of", format!("{of} ({share:.0} % of its words)"));
    }
    if !shown.reservations.is_empty() {
        fact("reserved", shown.reservations.join(", "));
    }
    for tag in &shown.topics {
        fact("topic", format!("{}: {}", tag.topic, hits(&tag.hits)));
    }
    for mention in &shown.mentions {
        fact("names", format!("{}: {}", mention.actor, hits(&mention.hits)));
    }
    for stay in &shown.stays {
        fact(
            "listed",
            format!(
                "{} from {}{} (place {})",
                stay.listing_url,
                durations::minute_utc(stay.first_at),
                stay.last_at
                    .map_or(String::new(), |at| format!(" to {}", durations::minute_utc(at))),
                stay.position
            ),
        );
    }
    for version in &shown.versions {
        let place = version
            .location
            .as_ref()
            .map_or(String::new(), |at| format!(", {} at {}", at.file, at.offset));
        fact(
            "version",
            format!(
                "{} seen {}, {} {}{place}",
                version.n,
                durations::minute_utc(version.seen_at),
                version.length,
                unit(article.length.unit)
            ),
        );
    }
    if let Some(version) = shown.versions.last() {
        // A teaser that a feed cut from the article's beginning would only be said twice.
        if let Some(standfirst) = version
            .standfirst
            .as_ref()
            .filter(|standfirst| !version.text.contains(standfirst.trim()))
        {
            out.push_str(&format!("\n{}\n", clean::text(standfirst)));
        }
        out.push_str(&format!("\n{}\n", clean::text(&version.text)));
    }
    out
}

fn unit(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Words => "words",
        LengthUnit::Han => "Han characters",
    }
}

fn hits(hits: &[TermHit]) -> String {
    hits.iter()
        .map(|hit| format!("{} ×{} ({})", hit.term, hit.count, hit.field.as_str()))
        .collect::<Vec<_>>()
        .join(", ")
}
