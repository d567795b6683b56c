//! The dateline of wire copy: place, day and agency, and no year.
//!
//! "PYONGYANG, July 18 (KCNA) --", "PARIS, 18 juil 2009 (AFP)", "新华社平壤7月18日电", "(평양 7월 18일발 조선중앙통신)".

use super::scan::Text;
use super::{Place, Written, yearless};

/// Agencies in brackets after the day, lower case.
const AGENCIES: [&str; 26] = [
    "kcna",
    "xinhua",
    "afp",
    "reuters",
    "ap)",
    "ap ",
    "yonhap",
    "tass",
    "itar-tass",
    "efe",
    "dpa",
    "upi",
    "kyodo",
    "ians",
    "pti",
    "ansa",
    "anp",
    "bernama",
    "vna",
    "rodong",
    "新华社",
    "中新社",
    "朝中社",
    "조선중앙통신",
    "연합뉴스",
    "记者",
];

/// A day and month at `i` that an agency's mark makes a dateline.
pub(super) fn at(text: &Text, i: usize, place: Place) -> Option<(usize, Written)> {
    place.now?;
    let (end, civil) = yearless::at(text, i)?;
    let after = text.spaces(end);
    let marked = match text.at(after) {
        '(' => text.any_literal(after + 1, &AGENCIES).is_some(),
        _ => text
            .any_literal(after, &["电", "電", "讯", "訊", "发", "发表", "발"])
            .is_some(),
    };
    marked
        .then(|| civil.with_year_before(place))
        .flatten()
        .map(|read| (end, read))
}
