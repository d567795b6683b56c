//! Names found in a text, and names that the lexicon lacks, on a terminal.

use crate::read::pairs::Suggestion;
use crate::report::clean;
use crate::tag::explain::{Finding, KnownFrom};

/// A line a name: what stands there, whose it is, and whether it counts.
pub fn findings(findings: &[Finding]) -> String {
    let mut out = String::new();
    for one in findings {
        let from = match one.known_from {
            KnownFrom::Lexicon => "lexicon",
            KnownFrom::Gazetteer => "gazetteer",
            KnownFrom::Pair => "pair",
        };
        let verdict = if one.counts { "counts" } else { "not counted" };
        out.push_str(&format!(
            "{} {}-{}  {}  @{}  {from} “{}”  {verdict}: {}\n",
            one.field.as_str(),
            one.chars.0,
            one.chars.1,
            clean::line(&one.spelled),
            one.actor,
            clean::line(&one.name),
            one.why
        ));
    }
    out
}

/// A line a pair, ready to be copied into `lexicon.toml`.
pub fn suggestions(found: &[Suggestion]) -> String {
    let mut out = String::new();
    for one in found {
        let whose = one
            .actor
            .as_ref()
            .map_or("new".to_owned(), |actor| format!("adds to @{actor}"));
        let plural = if one.articles == 1 { "" } else { "s" };
        out.push_str(&format!(
            "{} = {}  {} article{plural}, such as {}  ({whose})\n",
            clean::line(&one.han),
            clean::line(&one.latin),
            one.articles,
            one.example
        ));
    }
    out
}
