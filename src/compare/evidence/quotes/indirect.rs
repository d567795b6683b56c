//! Speech told without quotation marks: X a indiqué que, said X, X表示，…, X는 …고 말했다.
//!
//! Takes a sentence, gives who tells it and by which verb. Only where a rule finds a subject: a verb of speech alone is
//! too often a noun or a figure of speech.

use std::ops::Range;

use super::super::lists::List;
use super::super::reading::Laid;
use super::{Attribution, chinese, clause, korean, latin, spoken};
use crate::text::quotations::Quoted;

pub fn find(lang: &str, laid: &Laid<'_>, spans: &[Quoted], sentence: &Range<usize>) -> Option<Attribution> {
    match lang {
        "fr" | "en" => latin(lang, laid, spans, sentence),
        "zh" => spoken(laid, List::Say, sentence, spans).find_map(|mark| {
            // 说 and 称 before a mark, 表示 and 指出 before one too: without it they may be part of any clause.
            let marked = clause::breaks(laid, mark.units.end) && mark.units.end < laid.units(sentence).end;
            let speaker = chinese::subject(laid, sentence, &mark.units).filter(|_| marked)?;
            Some(Attribution {
                speaker,
                verb: mark.units.clone(),
                rule: "indirect: subject and verb",
            })
        }),
        "ko" => {
            let verb = spoken(laid, List::Say, sentence, spans).next_back()?;
            let before = laid.bytes(verb.units.clone()).start;
            // …고 말했다: the clause before the verb is what was said.
            let told = laid
                .text
                .get(..before)
                .is_some_and(|text| text.trim_end().ends_with(['고', '며', '라']));
            let speaker = korean::subject(laid, &(sentence.start..before)).filter(|_| told)?;
            Some(Attribution {
                speaker: Some(speaker),
                verb: verb.units.clone(),
                rule: "indirect: subject and verb",
            })
        }
        _ => None,
    }
}

fn latin(lang: &str, laid: &Laid<'_>, spans: &[Quoted], sentence: &Range<usize>) -> Option<Attribution> {
    let told = spoken(laid, List::Say, sentence, spans).find_map(|mark| {
        let verb = &mark.units;
        let next = laid.plain.folded(verb.end);
        let auxiliary = verb.start.checked_sub(1).map(|before| laid.plain.folded(before));
        let perfect = matches!(
            auxiliary,
            Some("a" | "ont" | "avait" | "avaient" | "has" | "have" | "had")
        );
        let clause_follows = matches!(next, "que" | "that") || latin::is_que(laid, verb.end);
        let inserted = clause::comma(laid, verb.start) && (lang == "fr" || verb.len() == 1);
        // "X said the office would open": English needs no "that".
        let english = lang == "en"
            && !clause::breaks(laid, verb.end)
            && matches!(laid.plain.folded(verb.start), "said" | "says" | "say");
        let at_the_end = lang == "en" && verb.end == laid.units(sentence).end;
        if !(perfect || clause_follows || inserted || english || at_the_end) {
            return None;
        }
        let found = latin::around(lang, laid, sentence, verb.clone(), None)?;
        // A pronoun alone says too little of who speaks, unless a clause follows.
        (found.speaker.is_some() || clause_follows).then_some(Attribution {
            rule: "indirect: verb of speech",
            ..found
        })
    });
    told.or_else(|| {
        let mark = spoken(laid, List::According, sentence, spans).next()?;
        let found = latin::according(laid, sentence, mark.units.clone())?;
        found.speaker.is_some().then_some(Attribution {
            rule: "indirect: according to",
            ..found
        })
    })
}
