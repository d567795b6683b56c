//! Years that are not counted from Christ: Juche, the Republic of China, Japanese reigns, the Buddha; and days of the
//! lunar calendar, whose year begins elsewhere and which are not read.

use super::Civil;
use super::absolute::{month_and_day, rest_of_year_first, skip, with_time, year};
use super::scan::Text;
use super::usage::Usage;

/// Juche 1 is 1912, the year of Kim Il Sung's birth (calendar of the DPRK from 1997).
const JUCHE: i16 = 1911;

/// 1912 is the Republic's first year.
const REPUBLIC: i16 = 1911;

const JUCHE_NAMES: [&str; 6] = ["주체", "主体", "主體", "チュチェ", "juche", "чучхе"];

const LUNAR_NAMES: [&str; 16] = [
    "음력", "农历", "農曆", "農歷", "农曆", "旧历", "舊曆", "舊歷", "旧暦", "阴历", "陰曆", "陰歷", "陰暦", "夏历",
    "夏曆", "lunar",
];

/// 주체98(2009)년 12월 17일; 主体98(2009)年12月17日; Juche 98 (2009) December 17.
pub(super) fn juche(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (year, end) = juche_year(text, i)?;
    let after = skip(text, end, &[',']);
    if let Some((month, day, end)) = month_and_day(text, after) {
        return Some(with_time(text, end, usage, (year, month, day)));
    }
    rest_of_year_first(text, end, usage, year)
}

/// The year of "Juche 98 (2009)", "Juche 98".
pub(super) fn juche_year(text: &Text, i: usize) -> Option<(i16, usize)> {
    let end = text.any_literal(i, &JUCHE_NAMES)?;
    let (count, 1..=3, end) = text.number(text.spaces(end))? else {
        return None;
    };
    let counted = JUCHE + i16::try_from(count).ok()?;
    let open = text.spaces(end);
    let bracket = (text.at(open) == '(').then(|| year(text, text.spaces(open + 1)));
    let end = match bracket.flatten() {
        Some((year, end)) if year == counted && text.at(text.spaces(end)) == ')' => text.spaces(end) + 1,
        // Two years that disagree are no date.
        Some(_) => return None,
        None => end,
    };
    (1990..=2100).contains(&counted).then_some((counted, end))
}

/// 民國113年5月1日, 民國113/05/01, 令和6年5月1日, 平成元年5月1日.
pub(super) fn era(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    const ERAS: [(&str, i16); 4] = [("民國", REPUBLIC), ("民国", REPUBLIC), ("令和", 2018), ("平成", 1988)];
    let (before, end) = ERAS
        .iter()
        .find_map(|(name, before)| Some((*before, text.literal(i, name)?)))?;
    let (count, end) = match text.literal(end, "元") {
        Some(end) => (1, end),
        None => match text.number(text.spaces(end))? {
            (count, 1..=3, end) => (i16::try_from(count).ok()?, end),
            _ => return None,
        },
    };
    let year = before + count;
    let marked = matches!(text.at(text.spaces(end)), '年' | '/' | '.' | '-');
    (marked && (1990..=2100).contains(&year)).then(|| rest_of_year_first(text, end, usage, year))?
}

/// 113年5月12日: three digits before "年" are a year of the Republic, if they are none of antiquity's.
pub(super) fn republic(text: &Text, i: usize, usage: Usage) -> Option<(usize, Civil)> {
    let (count @ 100..=150, 3, end) = text.number(i)? else {
        return None;
    };
    let ours = text.at(text.spaces(end)) == '年' && !matches!(text.before(i), '元' | '前');
    ours.then(|| rest_of_year_first(text, end, usage, REPUBLIC + count as i16))?
}

/// A year of the Thai calendar, 543 ahead, which only a Thai text writes.
pub(super) fn buddhist(text: &Text, i: usize) -> Option<(i16, usize)> {
    let i = text.spaces(text.literal(i, "พ.ศ.").unwrap_or(i));
    let (value @ 2530..=2643, 4, end) = text.number(i)? else {
        return None;
    };
    Some((value as i16 - 543, end))
}

/// Whether the lunar calendar is named just before `i`.
pub(super) fn lunar_before(text: &Text, i: usize) -> bool {
    let mut end = i;
    while matches!(text.before(end), ' ' | ':' | '(' | ',') {
        end -= 1;
    }
    let ends = |name: &&str| {
        let start = end.checked_sub(name.chars().count());
        start.is_some_and(|start| text.literal(start, name).is_some())
    };
    LUNAR_NAMES.iter().any(ends)
}

/// Whether a calendar that counts its own way is named at `i`.
pub(super) fn other_calendar(text: &Text, i: usize) -> bool {
    text.any_literal(i, &LUNAR_NAMES).is_some() || text.any_literal(i, &JUCHE_NAMES).is_some()
}
