//! Is the dot behind this word a full stop, or does the sentence go on?
//!
//! An abbreviation alone does not say: "the U.S. Navy" goes on, "left the U.S. The Navy" does not. The word that follows
//! does: one that is written with a capital only where a sentence begins ("The", "Dans") begins one; a name goes on.

/// What kind of word stands before the dot, and so what may follow it within the sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// "e.g.", "vs.": never the last word.
    Never,
    /// "Mr.", "J.": a name follows.
    Name,
    /// "U.N.", "Inc.": last words as often as not.
    Either,
    /// "Dec.", "No.", "p.": a number follows, or it is none.
    Number,
    /// "p.m.": a day or a zone may follow.
    Hour,
}

/// `before`: the sentence up to its dot. `after`: what follows the dot, from the space on; it begins with no small letter.
pub(super) fn goes_on(before: &str, after: &str) -> bool {
    let ends = |c: char| !(c.is_alphanumeric() || c == '.') || ('\u{2E80}'..='\u{D7AF}').contains(&c);
    let word = before.rsplit(ends).next().unwrap_or_default();
    let next = Next::of(after);
    match kind(word, before) {
        None => false,
        Some(Kind::Never) => true,
        Some(Kind::Name) => !next.is_one_of(CERTAIN),
        Some(Kind::Either) => !next.begins_a_sentence(),
        Some(Kind::Number) => next.is_number() || (word == "apr" && next.word == "J"),
        Some(Kind::Hour) => next.is_number() || next.tells_a_time(),
    }
}

fn kind(word: &str, before: &str) -> Option<Kind> {
    let lower = word.to_lowercase();
    let capital = word.starts_with(char::is_uppercase);
    let lower = lower.as_str();
    let mut parts = word.split('.');
    let letters = parts.all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    });
    Some(match lower {
        "e.g" | "i.e" | "cf" | "vs" | "viz" => Kind::Never,
        "v" if !capital => Kind::Never,
        "a.m" | "p.m" => Kind::Hour,
        _ if letters && word.contains('.') => Kind::Either,
        _ if letters && capital => Kind::Name,
        "al" if before.ends_with("et al") => Kind::Either,
        _ if EITHER.contains(&lower) => Kind::Either,
        _ if NUMBERED.contains(&lower) => Kind::Number,
        _ if TITLES.contains(&lower) || (capital && CAPITAL_TITLES.contains(&lower)) => Kind::Name,
        _ => return None,
    })
}

const TITLES: &[&str] = &[
    "mm", "mme", "mmes", "mlle", "mlles", "mgr", "dr", "drs", "pr", "prof", "st", "ste", "mr", "mrs", "ms", "messrs",
    "capt", "col", "lt", "cdt", "gén", "sgt", "cpl",
];

/// In small letters these are words as any other: "he told me."
const CAPITAL_TITLES: &[&str] = &[
    "me", "gen", "maj", "adm", "brig", "cmdr", "gov", "sen", "rep", "rev", "hon", "pres", "mt", "ft",
];

const EITHER: &[&str] = &[
    "inc", "ltd", "co", "corp", "bros", "cie", "jr", "sr", "dept", "univ", "assn", "av", "ave", "blvd", "bd", "ph.d",
];

/// Months among them: a month without its day is written out.
const NUMBERED: &[&str] = &[
    "no", "nos", "n", "p", "pp", "c", "ca", "fig", "figs", "art", "arts", "vol", "vols", "ch", "chap", "para", "sec",
    "tel", "tél", "ext", "env", "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "janv", "févr", "fév", "avr", "juil", "juill", "déc", "al", "ann", "suppl",
];

/// The beginning of what follows.
struct Next<'a> {
    word: &'a str,
    rest: &'a str,
}

impl<'a> Next<'a> {
    fn of(after: &'a str) -> Next<'a> {
        let after = after.trim_start_matches(|c: char| c.is_whitespace() || super::sentences::is_opening(c));
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (word, rest) = after.split_at(end);
        Next { word, rest }
    }

    /// Not where it is a part of something longer: "On-site", "A-10".
    fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&self.word) && !self.rest.starts_with(['-', '‑', '&'])
    }

    fn begins_a_sentence(&self) -> bool {
        let elided = || {
            let mut rest = self.rest.chars();
            let apostrophe = matches!(rest.next(), Some('’' | '\''));
            let small = rest.next().is_some_and(char::is_lowercase);
            // "L’Iran" begins a sentence; "D’Artagnan" is a name.
            apostrophe && (self.word == "L" || (small && ELIDED.contains(&self.word)))
        };
        self.is_one_of(CERTAIN) || self.is_one_of(LIKELY) || elided()
    }

    /// `17`, `IV`, `S2`.
    fn is_number(&self) -> bool {
        let digit = self.rest.starts_with(|c: char| c.is_ascii_digit());
        let roman = !matches!(self.word, "" | "I") && self.word.chars().all(|c| "IVXLC".contains(c));
        (digit && self.word.chars().count() < 2) || roman
    }

    /// `Thursday`, `Dec. 17`, `EST`, `Beijing time`.
    fn tells_a_time(&self) -> bool {
        const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        const MONTHS: &[&str] = &[
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let day = self.word.get(..3).is_some_and(|start| DAYS.contains(&start))
            && (self.word.len() == 3 || self.word.ends_with("day"));
        let rest = self.rest.trim_start_matches('.').trim_start();
        let month = self.word.get(..3).is_some_and(|start| MONTHS.contains(&start))
            && rest.starts_with(|c: char| c.is_ascii_digit());
        let zone = self.word == "UTC"
            || (matches!(self.word.len(), 2..=4)
                && self.word.ends_with('T')
                && self.word.chars().all(char::is_uppercase));
        day || month || zone || rest.starts_with("time") || rest.starts_with("Time")
    }
}

/// Words that begin a sentence even behind a title or an initial: nobody is called so.
const CERTAIN: &[&str] = &[
    "The",
    "This",
    "That",
    "These",
    "Those",
    "They",
    "There",
    "It",
    "Its",
    "Their",
    "We",
    "Our",
    "But",
    "When",
    "While",
    "After",
    "Before",
    "Although",
    "However",
    "Meanwhile",
    "Since",
    "Because",
    "According",
    "Les",
    "Cette",
    "Cet",
    "Ces",
    "Ils",
    "Elles",
    "Nous",
    "Vous",
    "Mais",
    "Selon",
    "Dans",
    "Après",
    "Depuis",
    "Pendant",
    "Lorsque",
    "Pour",
    "Avec",
    "Leurs",
    "Plusieurs",
    "Cependant",
    "Pourtant",
    "Ainsi",
    "Puis",
    "Alors",
    "Une",
    "Quand",
    "Aucun",
    "Aucune",
];

/// Words that begin a sentence behind what is no person's ("the U.N. He left"), and may be a name behind a title ("Mr. He").
const LIKELY: &[&str] = &[
    "A",
    "An",
    "In",
    "On",
    "At",
    "By",
    "As",
    "For",
    "From",
    "To",
    "With",
    "And",
    "Or",
    "Nor",
    "If",
    "So",
    "Yet",
    "He",
    "She",
    "I",
    "You",
    "His",
    "Her",
    "My",
    "Your",
    "Both",
    "Some",
    "Many",
    "Most",
    "Several",
    "Such",
    "Even",
    "Each",
    "Every",
    "Neither",
    "Now",
    "Then",
    "Here",
    "What",
    "Who",
    "Why",
    "How",
    "Where",
    "Which",
    "Whether",
    "Until",
    "Once",
    "During",
    "Through",
    "Despite",
    "Instead",
    "Also",
    "Not",
    "Earlier",
    "Later",
    "Today",
    "Yesterday",
    "Mr",
    "Mrs",
    "Ms",
    "Mme",
    "MM",
    "M",
    "Le",
    "La",
    "Un",
    "Des",
    "Il",
    "Elle",
    "Ce",
    "Et",
    "Donc",
    "Si",
    "En",
    "Par",
    "Sur",
    "Avant",
    "Comme",
    "Son",
    "Sa",
    "Ses",
    "Au",
    "À",
];

/// Before an apostrophe: "C’est", "D’après", "Qu’il".
const ELIDED: &[&str] = &["C", "D", "J", "N", "S", "M", "Qu", "Lorsqu"];
