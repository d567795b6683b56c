//! Who said it, in Korean: X는 "…"라고 말했다, "…"라고 X는 말했다.
//!
//! Takes a quotation and its sentence, finds the verb of speech behind it, and the word with the particle of a topic or
//! subject, with what stands before that in its clause.

use std::ops::Range;

use super::super::lists::List;
use super::super::reading::Laid;
use super::{Attribution, clause, spoken};
use crate::text::quotations::Quoted;

/// Words of a subject.
const LONGEST: usize = 5;

pub fn attribute(laid: &Laid<'_>, spans: &[Quoted], span: &Quoted, context: &Range<usize>) -> Option<Attribution> {
    let verb = spoken(laid, List::Say, &(span.outside.end..context.end), spans).next()?;
    let ahead = subject(laid, &(context.start..span.outside.start));
    let (speaker, rule) = match ahead {
        Some(speaker) => (Some(speaker), "subject, quotation and verb"),
        None => {
            let verb = laid.bytes(verb.units.clone());
            // "…"라고: what hangs on the quotation is no part of the subject.
            let rest = laid.text.get(span.outside.end..verb.start).unwrap_or_default();
            let hung = rest.find(char::is_whitespace).unwrap_or_default();
            (
                subject(laid, &(span.outside.end + hung..verb.start)),
                "quotation, subject and verb",
            )
        }
    };
    Some(Attribution {
        speaker: speaker.filter(|speaker| !is_pronoun(laid, speaker)),
        verb: verb.units.clone(),
        rule,
    })
}

/// The words up to the first one with a particle of topic, else of subject; without the particle.
pub fn subject(laid: &Laid<'_>, within: &Range<usize>) -> Option<Range<usize>> {
    let words = words(laid, laid.units(within));
    for particles in [["은", "는", "께서"], ["이", "가", "께서"]] {
        for (n, word) in words.iter().enumerate() {
            let text = laid.text.get(laid.bytes(word.clone())).unwrap_or_default();
            let Some(particle) = particles.iter().find(|particle| text.ends_with(*particle)) else {
                continue;
            };
            if text.chars().count() < 2 {
                continue;
            }
            let mut first = n;
            while first > 0 && n - first + 1 < LONGEST && !clause::breaks(laid, words[first].start) {
                first -= 1;
            }
            let start = laid.bytes(words[first].clone()).start;
            let end = laid.bytes(word.clone()).end - particle.len();
            return (start < end).then_some(start..end);
        }
    }
    None
}

fn is_pronoun(laid: &Laid<'_>, speaker: &Range<usize>) -> bool {
    matches!(
        laid.text.get(speaker.clone()),
        Some("그" | "그녀" | "이들" | "그들" | "나" | "우리")
    )
}

/// Stretches of units without a space between.
fn words(laid: &Laid<'_>, units: Range<usize>) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for unit in units {
        match words.last_mut().filter(|_| laid.gap(unit).is_empty()) {
            Some(word) => word.end = unit + 1,
            None => words.push(unit..unit + 1),
        }
    }
    words
}
