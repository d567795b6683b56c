//! Marks that open and close a phrase.
//!
//! Takes the characters from a mark on, says whether it opens a phrase and where that ends. Never takes an apostrophe
//! for a mark: single ones open at the beginning of a word and close at the end of one.

/// Marks that open and close a phrase, as they belong together.
pub(in crate::query) const MARKS: [(char, char); 17] = [
    ('"', '"'),
    ('“', '”'),
    ('«', '»'),
    ('「', '」'),
    ('『', '』'),
    ('„', '“'),
    ('＂', '＂'),
    ('《', '》'),
    ('〈', '〉'),
    ('‹', '›'),
    // As German books set them.
    ('»', '«'),
    ('›', '‹'),
    // Typed on a Chinese keyboard, the second mark sometimes opens.
    ('”', '”'),
    ('‟', '”'),
    ('‘', '’'),
    ('‚', '‘'),
    ('\'', '\''),
];
/// Marks of which a text pasted from elsewhere has one at the beginning and another one at the end.
const DOUBLE: &str = "\"“”„‟＂";
/// Characters that a phrase may have.
const REACH: usize = 16_000;
/// The same behind what may be no mark at all.
const DOUBTFUL_REACH: usize = 500;
/// Apostrophes too, and commas.
const SINGLE: &str = "'‘’‚";

/// Does a phrase begin with the first of these characters? What is only sometimes a mark does where the phrase ends too.
pub(super) fn opens(chars: &[char]) -> bool {
    match chars.first() {
        Some(c) if is_doubtful(*c) => closing(chars).is_some(),
        Some(c) => MARKS.iter().any(|(open, _)| open == c),
        None => false,
    }
}

/// A mark that opens nothing, closes nothing, and is no part of a word.
pub(super) fn is_stray(c: char) -> bool {
    matches!(c, '»' | '」' | '』')
}

/// Does a word end before this mark?
pub(super) fn breaks(c: char) -> bool {
    !is_doubtful(c) && MARKS.iter().any(|(open, _)| *open == c)
}

fn is_doubtful(c: char) -> bool {
    SINGLE.contains(c) || matches!(c, '»' | '›')
}

/// The length of the phrase behind the mark, and the mark that closes it.
pub(super) fn closing(chars: &[char]) -> Option<(usize, char)> {
    let (open, body) = chars.split_first()?;
    let (_, own) = MARKS.iter().find(|(known, _)| known == open)?;
    // However many marks a query has, each is looked for in what is near.
    let reach = if is_doubtful(*open) { DOUBTFUL_REACH } else { REACH };
    let body = &body[..body.len().min(reach)];
    let single = SINGLE.contains(*open);
    let closes = |n: usize, wanted: char| {
        let ends_a_word = || body.get(n + 1).is_none_or(|next| !next.is_alphanumeric());
        body[n] == wanted && (!single || n > 0 && ends_a_word())
    };
    let find = |wanted: char| (0..body.len()).find(|n| closes(*n, wanted)).map(|n| (n, wanted));
    let others = || {
        let family = if single { "’'" } else { DOUBLE };
        let candidates = family
            .chars()
            .filter(|c| (single || DOUBLE.contains(*open)) && c != open && c != own);
        candidates.filter_map(find).min()
    };
    match find(*own) {
        // “one" OR “two”: before the next phrase begins, the other mark was meant.
        Some((n, close)) if open != own && body[..n].contains(open) => {
            let first = body.iter().position(|c| c == open).unwrap_or(n);
            Some(others().filter(|(other, _)| *other < first).unwrap_or((n, close)))
        }
        Some(found) => Some(found),
        None => others(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the phrase that the text begins with.
    fn phrase(text: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        if !opens(&chars) {
            return None;
        }
        closing(&chars).map(|(n, _)| chars[1..=n].iter().collect())
    }

    #[test]
    fn a_mark_reaches_only_so_far() {
        let between = |mark: char, n: usize| format!("{mark}{}{mark}", "a ".repeat(n / 2));
        for (mark, reach) in [('"', REACH), ('\'', DOUBTFUL_REACH)] {
            assert!(phrase(&between(mark, reach - 2)).is_some(), "{mark}");
            assert_eq!(closed(&between(mark, reach + 2)), None, "{mark}");
        }
    }

    fn closed(text: &str) -> Option<(usize, char)> {
        closing(&text.chars().collect::<Vec<char>>())
    }

    #[test]
    fn every_kind_of_mark() {
        for text in [
            "\"sans doute\"",
            "“sans doute”",
            "«sans doute»",
            "»sans doute«",
            "‹sans doute›",
            "›sans doute‹",
            "„sans doute“",
            "„sans doute”",
            "„sans doute\"",
            "“sans doute\"",
            "\"sans doute”",
            "‘sans doute’",
            "‚sans doute‘",
            "‚sans doute’",
            "'sans doute'",
            "《sans doute》",
            "「sans doute」",
            "”sans doute”",
        ] {
            assert_eq!(phrase(text).as_deref(), Some("sans doute"), "{text}");
        }
        assert_eq!(phrase("‘l’accord’ signé").as_deref(), Some("l’accord"));
        assert_eq!(phrase("“un\" OR “deux”").as_deref(), Some("un"));
        for text in ["’90s", "'tis", "‘90s", "» accord", "accord"] {
            assert_eq!(phrase(text), None, "{text}");
        }
    }
}
