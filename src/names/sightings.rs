//! The places of the gazetteer in a text.
//!
//! Takes a text and its plain form, gives every name that stands where a name may stand, with whether it can be trusted
//! alone. Never decides about what needs the rest of the article: an ambiguous name is handed on as such.

use super::gazetteer::{Gazetteer, NameNo, PlaceKind, PlaceNo, Trust};
use super::han;
use crate::text::pieces::is_unspaced;
use crate::text::plain::Plain;

/// A name of a place in plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    pub start: usize,
    pub end: usize,
    pub name: NameNo,
    pub place: PlaceNo,
    /// Counts alone; else only where the text speaks of its country.
    pub sure: bool,
}

/// Words before a place that a person or an ordinary word does not have.
const LOCATIVES: [&str; 14] = [
    "in", "near", "outside", "around", "a", "pres", "depuis", "vers", "city", "ville", "maire", "mayor", "town",
    "downtown",
];
/// What a town has and a person has not: Sydney Opera House, Charlotte Airport.
const OF_A_TOWN: [&str; 24] = [
    "airport",
    "arena",
    "bay",
    "bridge",
    "cathedral",
    "city",
    "coast",
    "council",
    "court",
    "festival",
    "harbour",
    "harbor",
    "hospital",
    "international",
    "museum",
    "olympics",
    "opera",
    "park",
    "police",
    "port",
    "stadium",
    "station",
    "symphony",
    "university",
];
/// What may stand between: "city of Reading", "près de Tours".
const LINKS: [&str; 2] = ["of", "de"];
/// A language, not a country.
const BEFORE_LANGUAGE: [&str; 11] = [
    "en", "speak", "speaks", "spoke", "speaking", "parle", "parler", "parlent", "langue", "langues", "traduit",
];
const AFTER_LANGUAGE: [&str; 5] = ["language", "languages", "speaking", "speakers", "lessons"];
/// Korean particles and what stands fixed to a place's name.
const AFTER_HANGUL: [&str; 52] = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "에게",
    "으로",
    "로",
    "와",
    "과",
    "도",
    "만",
    "까지",
    "부터",
    "인",
    "산",
    "측",
    "군",
    "발",
    "행",
    "보다",
    "에서는",
    "에서의",
    "에는",
    "에도",
    "으로부터",
    "로부터",
    "정부",
    "대통령",
    "총리",
    "외무성",
    "외무부",
    "외교부",
    "당국",
    "대표단",
    "인민",
    "사람",
    "국민",
    "대사",
    "대사관",
    "시",
    "주",
    "시민",
    "측은",
    "이나",
    "나",
    "인들",
    "인의",
];

/// Every name of a place, of those that begin together the longest first. `lang` is the text's language, where it is known.
pub fn sightings(gazetteer: &Gazetteer, original: &str, plain: &Plain, lang: Option<&str>) -> Vec<Sighting> {
    let mut found = Vec::new();
    if gazetteer.is_empty() {
        return found;
    }
    let text = plain.text.as_str();
    // Where all is in capitals, capitals tell nothing.
    let shouting = original.split_whitespace().nth(3).is_some() && !original.chars().any(char::is_lowercase);
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        if c != ' ' && (before == ' ' || is_unspaced(c) || is_unspaced(before)) {
            let rest = &text[start..];
            for no in gazetteer.beginning(rest) {
                let name = gazetteer.name(no);
                let end = start + name.folded.len();
                if name.french && lang != Some("fr") {
                    continue;
                }
                if let Some(sure) = fits(gazetteer, original, plain, start, end, no) {
                    let sure = sure && !(shouting && is_acronym(name.written));
                    found.push(Sighting {
                        start,
                        end,
                        name: no,
                        place: name.place,
                        sure,
                    });
                }
            }
        }
        before = c;
    }
    found.sort_by_key(|s| (s.start, std::cmp::Reverse(s.end), s.place, !s.sure));
    // A name within a longer one is none of its own: Mexico in New Mexico, 尼斯 in 威尼斯.
    let mut reach = 0;
    let mut at = (0, 0);
    found.retain(|s| {
        let inside = s.end <= reach && (s.start, s.end) != at;
        if !inside {
            (reach, at) = (reach.max(s.end), (s.start, s.end));
        }
        !inside
    });
    found.retain(|s| gazetteer.place(s.place).kind != PlaceKind::Nowhere);
    let of_french: Vec<(usize, usize)> = found
        .iter()
        .filter(|s| gazetteer.name(s.name).french)
        .map(|s| (s.start, s.end))
        .collect();
    found.retain(|s| gazetteer.name(s.name).french || !of_french.contains(&(s.start, s.end)));
    // Whose name it is before whose it may be: London is not the one in Ontario.
    let owned: Vec<(usize, usize)> = found
        .iter()
        .filter(|s| gazetteer.name(s.name).trust == Trust::Sure)
        .map(|s| (s.start, s.end))
        .collect();
    found.retain(|s| gazetteer.name(s.name).trust != Trust::Ambiguous || !owned.contains(&(s.start, s.end)));
    // One place, one span, one sighting: États-Unis and Etats-Unis are spelled the same.
    found.dedup_by_key(|s| (s.start, s.end, s.place));
    found
}

/// May the name stand there, and then: does it count alone?
fn fits(gazetteer: &Gazetteer, original: &str, plain: &Plain, start: usize, end: usize, no: NameNo) -> Option<bool> {
    let text = plain.text.as_str();
    let name = gazetteer.name(no);
    let place = gazetteer.place(name.place);
    let first = name.folded.chars().next()?;
    let after = text.get(end..)?;
    if is_unspaced(first) {
        let before = text.get(..start)?.chars().next_back().unwrap_or(' ');
        return match first {
            '\u{AC00}'..='\u{D7A3}' => hangul(name.folded, before, after).then_some(name.trust == Trust::Sure),
            '\u{3041}'..='\u{30FF}' => {
                let free = |c: Option<char>| !c.is_some_and(|c| matches!(c, '\u{30A1}'..='\u{30FF}'));
                (free(Some(before)) && free(after.chars().next())).then_some(name.trust == Trust::Sure)
            }
            _ => {
                // A part of a name in parts: 彼得·伯恩 is a person.
                let bytes = plain.original(start, end);
                let dot = |c: Option<char>| c.is_some_and(|c| matches!(c, '·' | '・' | '•' | '‧'));
                let parted = dot(original.get(..bytes.start)?.chars().next_back())
                    || dot(original.get(bytes.end..)?.chars().next());
                if parted && place.kind == PlaceKind::City {
                    return None;
                }
                han_fits(gazetteer, text, start, end, name.trust, place.kind)
            }
        };
    }
    if !after.is_empty() && !after.starts_with(' ') {
        return None;
    }
    let bytes = plain.original(start, end);
    let written = original.get(bytes.clone())?;
    if !is_cased(written, name.written) {
        return None;
    }
    let next = original.get(bytes.end..)?;
    let mut words_before = text.get(..start)?.trim_end().rsplit(' ');
    let previous = words_before.next().unwrap_or_default();
    let name_goes_on = next
        .strip_prefix([' ', '-'])
        .is_some_and(|rest| rest.starts_with(char::is_uppercase));
    match name.trust {
        Trust::Sure => {
            let next_word = after.trim_start().split(' ').next().unwrap_or_default();
            (!name.given || !name_goes_on || OF_A_TOWN.contains(&next_word)).then_some(true)
        }
        Trust::Demonym => {
            let next_word = after.trim_start().split(' ').next().unwrap_or_default();
            let at_end = !next.starts_with([' ', '-', '\u{a0}', '\n']);
            let language = BEFORE_LANGUAGE.contains(&previous)
                || AFTER_LANGUAGE.contains(&next_word)
                || matches!(previous, "in" | "into") && at_end;
            (!language).then_some(true)
        }
        Trust::Ambiguous | Trust::BeforeCity => {
            // Nancy Pelosi, Janet Jackson: a capital right before or behind makes it a part of another name.
            let joined = |c: Option<char>| c.is_some_and(|c| matches!(c, ' ' | '-'));
            let capital_before = original.get(..bytes.start).is_some_and(|before| {
                joined(before.chars().next_back())
                    && before
                        .trim_end_matches([' ', '-'])
                        .rsplit(|c: char| !c.is_alphanumeric())
                        .next()
                        .is_some_and(|word| {
                            word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase)
                        })
            });
            let place_before = LOCATIVES.contains(&previous)
                || LINKS.contains(&previous) && words_before.next().is_some_and(|word| LOCATIVES.contains(&word));
            // "in Mobile World" is no town; "à" without its accent is also "has".
            let place_before = place_before && !name_goes_on;
            if place.kind == PlaceKind::City && (name_goes_on || capital_before && !place_before) {
                return None;
            }
            Some(place_before)
        }
    }
}

/// In scripts with capitals a name has one, and an acronym has nothing else. What is listed small may stand so.
fn is_cased(found: &str, listed: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<Vec<char>>();
    let (found, listed) = (letters(found), letters(listed));
    if is_acronym_of(&listed) {
        return found.iter().all(|c| c.is_uppercase());
    }
    let small = listed.first().is_some_and(|c| c.is_lowercase());
    small || !found.first().is_some_and(|c| c.is_lowercase())
}

pub fn is_acronym(listed: &str) -> bool {
    is_acronym_of(&listed.chars().filter(|c| c.is_alphabetic()).collect::<Vec<char>>())
}

fn is_acronym_of(letters: &[char]) -> bool {
    letters.len() <= 4 && letters.iter().all(|c| c.is_uppercase())
}

fn hangul(name: &str, before: char, after: &str) -> bool {
    if matches!(before, '\u{AC00}'..='\u{D7A3}') {
        return false;
    }
    let rest = after.split(' ').next().unwrap_or_default();
    let goes_on = rest.starts_with(|c| matches!(c, '\u{AC00}'..='\u{D7A3}'));
    !goes_on || name.chars().count() > 2 || AFTER_HANGUL.contains(&rest)
}

fn han_fits(
    gazetteer: &Gazetteer,
    text: &str,
    start: usize,
    end: usize,
    trust: Trust,
    kind: PlaceKind,
) -> Option<bool> {
    let after = text.get(end..)?.chars().next().unwrap_or(' ');
    match trust {
        Trust::BeforeCity => return (after == '市').then_some(true),
        // 方面, 方法, 方便, 方式: no side of a table.
        Trust::Demonym if "面法便式案向略程块针位".contains(after) => return None,
        _ => {}
    }
    let foreign = kind == PlaceKind::City;
    han::stands(text, start, end, foreign, gazetteer).then_some(trust != Trust::Ambiguous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::gazetteer::builtin;
    use crate::text::plain::plain;

    /// The ids found; `?` before those that need their country.
    fn seen(text: &str) -> Vec<String> {
        told(text, None)
    }

    fn told(text: &str, lang: Option<&str>) -> Vec<String> {
        let all = builtin();
        sightings(all, text, &plain(text), lang)
            .iter()
            .map(|s| format!("{}{}", if s.sure { "" } else { "?" }, all.place(s.place).id))
            .collect()
    }

    #[test]
    fn a_name_that_is_a_city_in_one_language_only() {
        let (here, there) = (
            "Mexico : un volcan crache des cendres",
            "Mexico signs a treaty with Cuba",
        );
        assert_eq!(told(here, Some("fr")), ["mexico-city"]);
        assert_eq!(told("Le Nouveau-Mexique et le Mexique", Some("fr")), ["mexico"]);
        assert_eq!(told(there, Some("en")), ["mexico", "cuba"]);
        assert_eq!(told(there, None), ["mexico", "cuba"]);
    }

    #[test]
    fn places_in_running_text() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("The president of Brazil flew from Lyon to Cairo.", "brazil lyon cairo"),
            (
                "Le président brésilien a quitté Le Caire pour Londres.",
                "brazil cairo london",
            ),
            ("巴西总统访问里昂和開羅", "brazil lyon cairo"),
            ("브라질 대통령이 리옹에서", "brazil lyon"),
            ("A nice tour of reading rooms", ""),
            ("Nice, said the mayor", "?nice"),
            ("The fair in Nice was long", "nice"),
            ("À Tours, la foire", "tours"),
            ("Mobile World Congress in Mobile World", ""),
            ("Nancy Pelosi and Janet Jackson", ""),
            ("Fair in Jackson, Mississippi", "jackson"),
            ("彼得·伯恩在伯恩", "bern"),
            ("黑龙江和内蒙古", ""),
            ("the White House", ""),
            ("American troops", "united-states"),
            ("New Mexico", ""),
            ("He speaks French", ""),
            ("written in French.", ""),
            ("in French cities", "france"),
            ("en français", ""),
            ("les autorités françaises", "france"),
            ("丹尼斯", ""),
            ("威尼斯", "venice"),
            ("Sydney Opera House and Sydney Brown", "sydney"),
            ("青年代表和联合声明", ""),
            ("合作与文化", ""),
            ("法方表示", "france"),
            ("其中方面", ""),
            ("인도적 지원", ""),
            ("인도 총리", "india"),
            ("パリと日本", "paris japan"),
            ("US troops, let us go", "united-states"),
            ("THEY LET US GO AGAIN", "?united-states"),
            ("Fort-de-France", "fort-de-france"),
            ("墨西哥和新墨西哥州", "mexico"),
        ] {
            if seen(text).join(" ") != expected {
                wrong.push(format!("{text}: {:?}, not {expected}", seen(text)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
