//! The numbers of a text, as it writes them: `3,5`, `1 234`, `12,000`, `2009`.
//!
//! Takes text, gives each number with a decimal point and no grouping. Never guesses what one group of three behind a
//! point or a comma means: `1.184` is a thousand in Paris and one and a bit in London, and stays as written.

/// Most that are told of one text.
const MOST: usize = 1_000;

pub fn numbers(text: &str) -> Vec<String> {
    placed(text).into_iter().map(|number| number.value).collect()
}

/// A number at its place, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub value: String,
    pub start: usize,
    pub end: usize,
}

/// The same with their places. Numbers that share a mark which means nothing (14.12.2009) share their place.
pub fn placed(text: &str) -> Vec<Number> {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() && found.len() < MOST {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let inside_word = at > 0 && chars[at - 1].is_ascii_alphabetic();
        let end = digits(&chars, at);
        let (numbers, end) = if inside_word {
            (vec![written(&chars, at, end)], end)
        } else {
            grouped(&chars, at, end)
        };
        let number = |value| Number { value, start: at, end };
        found.extend(numbers.into_iter().map(number));
        at = end;
    }
    found
}

/// The number that begins at `at` and whose first digits end at `end`, with what belongs to it; several where the marks
/// between them mean nothing.
fn grouped(chars: &[char], at: usize, end: usize) -> (Vec<String>, usize) {
    let Some(&mark) = chars.get(end).filter(|mark| matches!(mark, ',' | '.' | ' ' | '\'')) else {
        return (vec![written(chars, at, end)], end);
    };
    let mut groups = vec![(at, end)];
    let mut last = end;
    while chars.get(last) == Some(&mark) && chars.get(last + 1).is_some_and(char::is_ascii_digit) {
        let next = digits(chars, last + 1);
        groups.push((last + 1, next));
        last = next;
    }
    let parts = groups.iter().map(|(from, to)| written(chars, *from, *to));
    let threes = end - at <= 3 && chars[at] != '0' && groups[1..].iter().all(|(from, to)| to - from == 3);
    match (mark, groups.len()) {
        // 1 234 567 and 1'234, 12,345,678: grouping. A single comma with three digits behind it groups, too:
        // nobody writes thousandths in a newspaper.
        (' ' | '\'' | ',', 2..) | ('.', 3..) if threes => {
            let (whole, end) = decimals(chars, parts.collect(), last, mark);
            (vec![whole], end)
        }
        (',' | '.', 2) => (vec![parts.collect::<Vec<_>>().join(".")], last),
        // 14.12.2009 and lists of numbers: each by itself.
        (',' | '.', _) => (parts.collect(), last),
        _ => (vec![written(chars, at, end)], end),
    }
}

/// What stands behind the other mark: 1.234,5 and 1,234.5.
fn decimals(chars: &[char], whole: String, end: usize, mark: char) -> (String, usize) {
    let point = chars.get(end).filter(|c| matches!(c, ',' | '.') && **c != mark);
    if point.is_some() && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        let to = digits(chars, end + 1);
        return (format!("{whole}.{}", written(chars, end + 1, to)), to);
    }
    (whole, end)
}

fn digits(chars: &[char], from: usize) -> usize {
    chars[from..]
        .iter()
        .position(|c| !c.is_ascii_digit())
        .map_or(chars.len(), |length| from + length)
}

fn written(chars: &[char], from: usize, to: usize) -> String {
    chars[from..to].iter().collect()
}

/// Full width as half width; the spaces that group digits (U+00A0, U+202F, U+2009) as a plain one.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '，' => ',',
        '．' => '.',
        '\u{A0}' | '\u{202F}' | '\u{2009}' => ' ',
        '’' => '\'',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_each_language_writes_them() {
        for (text, expected) in [
            ("3,5 millions d’habitants", vec!["3.5"]),
            ("up 2.5% to 1,234.50 dollars", vec!["2.5", "1234.50"]),
            ("1\u{202F}234 personnes, 12\u{A0}000 euros", vec!["1234", "12000"]),
            ("12 345 visiteurs", vec!["12345"]),
            ("1.234.567,8 Einwohner", vec!["1234567.8"]),
            ("im Jahr 1.184", vec!["1.184"]),
            ("le 14.12.2009 à 18:30", vec!["14", "12", "2009", "18", "30"]),
            ("于2009年谈12项，１８７４号决议", vec!["2009", "12", "1874"]),
            ("in 2009 123 people", vec!["2009", "123"]),
            ("2009, 2010, 2011", vec!["2009", "2010", "2011"]),
            ("G20 and 5G, 007", vec!["20", "5", "007"]),
            ("no number", vec![]),
            ("1,2,3", vec!["1", "2", "3"]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
    }
}
