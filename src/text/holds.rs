//! What the index cannot tell of a text: distance, order, sentence, paragraph, number, exact letters.
//!
//! Takes title, lead and body and a [`Test`], says whether it holds and where. Positions are those of the index:
//! a word is one word long, a character of a script without spaces half of one, so that `NEAR/10` reaches over ten
//! French words or twenty Chinese characters.

use std::ops::Range;

use super::places::{Hit, Places};
use super::plain::Plain;
use super::quotations::quoted;
use super::sentences::{paragraphs, sentences};
use super::tokens::TokenKind;
use crate::model::article::Field;
use crate::model::query::{Asked, Needle, Rule, Stretch, Test};

/// Length of a word in units of distance; a character is one.
const WORD: u64 = 2;
/// Rules refer to one another no deeper than queries can be nested.
const MAX_DEPTH: usize = 200;

/// One match: from where to where, and what to mark of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    /// In units of distance.
    from: u64,
    to: u64,
    bytes: Range<usize>,
    marks: Vec<Range<usize>>,
}

/// Does the article pass the test?
pub fn holds(test: &Test, fields: &[(Field, &str)]) -> bool {
    let Some(root) = test.rules.len().checked_sub(1) else {
        return true;
    };
    Reading::of(test, fields).everywhere(root, MAX_DEPTH).is_some()
}

/// Does the article pass, each rule wherever it holds?
pub fn passes(asked: &Asked, fields: &[(Field, &str)]) -> bool {
    let reading = Reading::of(&asked.test, fields);
    let mut rules = asked.rules.iter();
    let holds = |rule: &usize| reading.everywhere(*rule, MAX_DEPTH).is_some();
    if asked.all { rules.all(holds) } else { rules.any(holds) }
}

/// The places by which the article passes the test, of each field; empty where it does not.
pub fn marks(test: &Test, fields: &[(Field, &str)]) -> Vec<(Field, Vec<Range<usize>>)> {
    let Some(root) = test.rules.len().checked_sub(1) else {
        return Vec::new();
    };
    let found = Reading::of(test, fields)
        .everywhere(root, MAX_DEPTH)
        .unwrap_or_default();
    let mut by_field: Vec<(Field, Vec<Range<usize>>)> = Vec::new();
    for (n, span) in found {
        let Some((field, _)) = fields.get(n) else { continue };
        match by_field.iter_mut().find(|(known, _)| known == field) {
            Some((_, marks)) => marks.extend(span.marks),
            None => by_field.push((*field, span.marks)),
        }
    }
    for (_, marks) in &mut by_field {
        marks.sort_by_key(|mark| (mark.start, mark.end));
        marks.dedup();
    }
    by_field
}

/// Where each of several rules of one test holds, in texts that were folded already: the number of the field, and its
/// bytes, in the order of the text.
pub fn each_marked(test: &Test, roots: &[usize], fields: &[(Field, &str, &Plain)]) -> Vec<Vec<(usize, Range<usize>)>> {
    let wanted: Vec<&Needle> = test.needles.iter().collect();
    let laid = fields.iter().map(|(field, text, plain)| Laid {
        text,
        found: spans(&test.needles, *field, &Places::of_plain(text, plain, &wanted)),
        repeated: false,
    });
    let reading = Reading {
        test,
        fields: laid.collect(),
    };
    let of = |root: &usize| {
        let found = reading.everywhere(*root, MAX_DEPTH).unwrap_or_default();
        found.into_iter().map(|(field, span)| (field, span.bytes)).collect()
    };
    roots.iter().map(of).collect()
}

struct Reading<'a> {
    test: &'a Test,
    fields: Vec<Laid<'a>>,
}

struct Laid<'a> {
    text: &'a str,
    /// For each needle, where it stands, in order.
    found: Vec<Vec<Span>>,
    /// A lead that only repeats the body's words counts once.
    repeated: bool,
}

impl<'a> Reading<'a> {
    fn of(test: &'a Test, fields: &[(Field, &'a str)]) -> Reading<'a> {
        let body = fields.iter().find(|(field, _)| *field == Field::Body);
        let laid = fields.iter().map(|(field, text)| {
            let repeated = *field == Field::Lead && body.is_some_and(|(_, body)| body.contains(text.trim()));
            Laid {
                text,
                found: found(&test.needles, *field, text),
                repeated,
            }
        });
        Reading {
            test,
            fields: laid.collect(),
        }
    }

    /// Over title, lead and body; each span with the number of its field.
    fn everywhere(&self, rule: usize, depth: usize) -> Option<Vec<(usize, Span)>> {
        if let Some(Rule::AtLeast { times, rule: inner }) = self.test.rules.get(rule) {
            let of = |n: usize, laid: &Laid<'_>| self.within(*inner, n, 0..laid.text.len(), depth);
            let all: Vec<(usize, Span)> = (self.fields.iter().enumerate())
                .flat_map(|(n, laid)| of(n, laid).unwrap_or_default().into_iter().map(move |span| (n, span)))
                .collect();
            let repeated = |n: &usize| self.fields.get(*n).is_some_and(|laid| laid.repeated);
            let twice = all.iter().filter(|(n, _)| repeated(n)).count();
            // `atleast3:lead:word` counts in the lead alone, be it repeated or not.
            let count = (all.len() - twice).max(twice);
            return (count >= *times as usize).then_some(all);
        }
        let spans: Vec<(usize, Option<Vec<Span>>)> = (self.fields.iter().enumerate())
            .map(|(n, laid)| (n, self.within(rule, n, 0..laid.text.len(), depth)))
            .collect();
        let any = spans.iter().any(|(_, spans)| spans.is_some());
        any.then(|| {
            spans
                .into_iter()
                .flat_map(|(n, spans)| spans.unwrap_or_default().into_iter().map(move |span| (n, span)))
                .collect()
        })
    }

    /// The matches within a stretch of one field; `None` where the rule does not hold.
    fn within(&self, rule: usize, field: usize, bytes: Range<usize>, depth: usize) -> Option<Vec<Span>> {
        let depth = depth.checked_sub(1)?;
        let laid = self.fields.get(field)?;
        let each = |rules: &[usize]| -> Vec<Option<Vec<Span>>> {
            rules
                .iter()
                .map(|rule| self.within(*rule, field, bytes.clone(), depth))
                .collect()
        };
        match self.test.rules.get(rule)? {
            Rule::Seek(needles) => {
                let inside = |span: &&Span| bytes.start <= span.bytes.start && span.bytes.end <= bytes.end;
                let mut spans: Vec<Span> = needles
                    .iter()
                    .filter_map(|needle| laid.found.get(*needle))
                    .flat_map(|spans| spans.iter().filter(inside).cloned())
                    .collect();
                tidy(&mut spans);
                (!spans.is_empty()).then_some(spans)
            }
            Rule::Any(rules) => {
                let parts: Vec<Vec<Span>> = each(rules).into_iter().flatten().collect();
                let holds = !parts.is_empty();
                let mut spans = parts.concat();
                tidy(&mut spans);
                holds.then_some(spans)
            }
            Rule::All(rules) => {
                let mut spans = each(rules).into_iter().collect::<Option<Vec<_>>>()?.concat();
                tidy(&mut spans);
                Some(spans)
            }
            Rule::Not(rule) => match self.within(*rule, field, bytes, depth) {
                Some(_) => None,
                None => Some(Vec::new()),
            },
            Rule::Near {
                left,
                right,
                within,
                ordered,
            } => {
                let left = self.within(*left, field, bytes.clone(), depth)?;
                let right = self.within(*right, field, bytes, depth)?;
                let spans = near(&left, &right, u64::from(*within) * WORD, *ordered);
                (!spans.is_empty()).then_some(spans)
            }
            Rule::Within { stretch, rule } => {
                let stretches = match stretch {
                    Stretch::Paragraph => paragraphs(laid.text),
                    Stretch::Sentence => sentences(laid.text),
                    Stretch::Quotation => quoted(laid.text).into_iter().map(|span| span.inside).collect(),
                };
                let mut holds = false;
                let mut spans = Vec::new();
                for stretch in stretches {
                    if let Some(found) = self.within(*rule, field, stretch, depth) {
                        holds = true;
                        spans.extend(found);
                    }
                }
                holds.then_some(spans)
            }
            Rule::AtLeast { times, rule } => {
                let spans = self.within(*rule, field, bytes, depth)?;
                (spans.len() >= *times as usize).then_some(spans)
            }
        }
    }
}

/// In order, and each place once: two spellings of a name may be found in one word.
fn tidy(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| (span.from, span.to));
    spans.dedup_by(|later, kept| later.from == kept.from && later.to == kept.to);
}

/// Where each needle stands in a field, by position.
fn found(needles: &[Needle], field: Field, text: &str) -> Vec<Vec<Span>> {
    let wanted: Vec<&Needle> = needles.iter().collect();
    spans(needles, field, &Places::of(text, &wanted))
}

fn spans(needles: &[Needle], field: Field, places: &Places) -> Vec<Vec<Span>> {
    let wanted: Vec<&Needle> = needles.iter().collect();
    let mut at = Vec::with_capacity(places.all.len());
    let mut next = 0;
    for place in &places.all {
        at.push(next);
        next += length(place.kind);
    }
    let mut found: Vec<Vec<Span>> = vec![Vec::new(); needles.len()];
    for Hit { tokens, bytes, needle } in places.hits(&wanted) {
        let Some(wanted) = needles.get(needle) else { continue };
        if wanted.field.is_some_and(|wanted| wanted != field) {
            continue;
        }
        let (Some(first), Some(last)) = (tokens.clone().next(), tokens.last()) else {
            continue;
        };
        let (Some(from), Some(start), Some(place)) = (at.get(first), at.get(last), places.all.get(last)) else {
            continue;
        };
        // The last of several bigrams ends in a character of its own; that of 文* is the character alone.
        let whole = place.kind == TokenKind::Bigram && bytes.end >= place.end;
        let span = Span {
            from: *from,
            to: start + length(place.kind) + u64::from(whole),
            marks: vec![bytes.clone()],
            bytes,
        };
        if let Some(spans) = found.get_mut(needle) {
            spans.push(span);
        }
    }
    found
}

fn length(kind: TokenKind) -> u64 {
    match kind {
        TokenKind::Word | TokenKind::Number => WORD,
        TokenKind::Bigram | TokenKind::Last => 1,
    }
}

/// For each match of the left side the nearest of the right after it and, where order does not matter, before it:
/// these two are the shortest stretches, and so many that two frequent words cost no more than one.
fn near(left: &[Span], right: &[Span], within: u64, ordered: bool) -> Vec<Span> {
    let mut by_end: Vec<&Span> = right.iter().collect();
    by_end.sort_by_key(|span| (span.to, span.from));
    let mut spans = Vec::new();
    for one in left {
        let after = right.partition_point(|span| span.from < one.to);
        if let Some(next) = right.get(after).filter(|next| next.from - one.to < within) {
            spans.push(hull(one, next));
        }
        if ordered {
            continue;
        }
        let before = by_end.partition_point(|span| span.to <= one.from);
        let last = before.checked_sub(1).and_then(|last| by_end.get(last));
        if let Some(last) = last.filter(|last| one.from - last.to < within) {
            spans.push(hull(last, one));
        }
    }
    tidy(&mut spans);
    spans
}

fn hull(first: &Span, second: &Span) -> Span {
    Span {
        from: first.from.min(second.from),
        to: first.to.max(second.to),
        bytes: first.bytes.start.min(second.bytes.start)..first.bytes.end.max(second.bytes.end),
        marks: [first.marks.as_slice(), second.marks.as_slice()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::query_tokens;
    use super::*;

    fn seek(test: &mut Test, typed: &str) -> usize {
        let query = query_tokens(typed);
        test.needles.push(Needle {
            tokens: query.tokens,
            prefix: query.prefix,
            field: None,
            exact: None,
            only: None,
        });
        test.rules.push(Rule::Seek(vec![test.needles.len() - 1]));
        test.rules.len() - 1
    }

    fn pair(text: &str, left: &str, right: &str, within: u32, ordered: bool) -> Vec<String> {
        let mut test = Test::default();
        let (left, right) = (seek(&mut test, left), seek(&mut test, right));
        test.rules.push(Rule::Near {
            left,
            right,
            within,
            ordered,
        });
        let fields = [(Field::Body, text)];
        let found = marks(&test, &fields);
        assert_eq!(holds(&test, &fields), !found.is_empty());
        let marks = found.into_iter().flat_map(|(_, marks)| marks);
        marks.map(|mark| text[mark].to_owned()).collect()
    }

    #[test]
    fn words_are_counted_and_characters_by_half() {
        let text = "The accord of last week was a culture of its own";
        assert_eq!(pair(text, "accord", "culture", 6, false), ["accord", "culture"]);
        assert!(pair(text, "accord", "culture", 5, false).is_empty());
        assert_eq!(pair(text, "culture", "accord", 6, false).len(), 2);
        assert!(pair(text, "culture", "accord", 6, true).is_empty());
        assert_eq!(pair(text, "accord", "of", 1, true), ["accord", "of"]);
        // Four characters between the two.
        let text = "文化甲乙丙丁合作";
        assert_eq!(pair(text, "文化", "合作", 3, false), ["文化", "合作"]);
        assert!(pair(text, "文化", "合作", 2, false).is_empty());
        // One thing is not near itself.
        assert!(pair("Jack Lang", "Jack Lang", "Lang", 5, false).is_empty());
        assert!(pair("文化", "文化", "化", 5, false).is_empty());
        assert_eq!(pair("文化化", "文化", "化", 5, false), ["文化", "化"]);
    }

    #[test]
    fn stretches_and_numbers() {
        let mut test = Test::default();
        let (left, right) = (seek(&mut test, "accord"), seek(&mut test, "合作"));
        test.rules.push(Rule::All(vec![left, right]));
        let both = test.rules.len() - 1;
        let mut says = |rule: Rule, text: &str| {
            test.rules.truncate(both + 1);
            test.rules.push(rule);
            holds(&test, &[(Field::Body, text)])
        };
        let sentence = Rule::Within {
            stretch: Stretch::Sentence,
            rule: both,
        };
        let paragraph = Rule::Within {
            stretch: Stretch::Paragraph,
            rule: both,
        };
        assert!(says(sentence.clone(), "Un accord: 合作。"));
        assert!(!says(sentence, "Un accord. On dit 合作。"));
        assert!(says(paragraph.clone(), "Un accord. On dit 合作。"));
        assert!(!says(paragraph, "Un accord.\n\nOn dit 合作。"));
        let quotation = Rule::Within {
            stretch: Stretch::Quotation,
            rule: both,
        };
        assert!(says(quotation.clone(), "Il parle d’« un accord de 合作 »."));
        assert!(!says(quotation, "Il parle d’un « accord » de 合作."));
        let twice = Rule::AtLeast { times: 2, rule: left };
        assert!(says(twice.clone(), "accord, accord"));
        assert!(!says(twice, "accord, accords"));
        // A test that refers to nothing fails, and does no harm.
        assert!(!says(Rule::Any(vec![99]), "accord"));
    }
}
