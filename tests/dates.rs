//! Named cases of written dates (`tests/cases/dates.toml`), and what must hold of any text.

use jiff::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;
use vigie::model::Precision;
use vigie::text::dates::{Usage, dateline, find, parse};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    raw: String,
    zone: String,
    lang: Option<String>,
    now: Option<Timestamp>,
    min: Option<Timestamp>,
    max: Option<Timestamp>,
    precision: Option<Precision>,
    used: Option<String>,
    #[serde(default)]
    none: bool,
    #[serde(rename = "see")]
    _see: Option<String>,
}

#[test]
fn every_named_case() {
    let cases: Cases = toml::from_str(include_str!("cases/dates.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let usage = Usage {
            zone: &case.zone,
            lang: case.lang.as_deref(),
        };
        let read = parse(&case.raw, usage, case.now);
        let fits = match &read {
            None => case.none,
            Some(read) => {
                !case.none
                    && Some(read.interval.min) == case.min
                    && Some(read.interval.max) == case.max
                    && Some(read.precision) == case.precision
                    && case.used.as_ref().is_none_or(|zone| *zone == read.zone)
            }
        };
        if !fits {
            wrong.push(format!("{}: {:?} read as {read:?}", case.name, case.raw));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.case.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_first_date_in_running_text_is_found_where_it_stands() {
    let text = "Par Ève Lançon — Publié le 17 décembre 2009 à 7h30, modifié le 18 décembre 2009";
    let (range, read) = find(text, "Europe/Paris", None).unwrap();
    assert_eq!(&text[range], "17 décembre 2009 à 7h30");
    assert_eq!(read.interval.min.to_string(), "2009-12-17T06:30:00Z");
}

#[test]
fn a_day_without_a_year_in_prose_is_left_alone() {
    let now = "2009-12-18T00:00:00Z".parse().ok();
    assert_eq!(find("They met on July 18 and again in August.", "UTC", now), None);
    assert_eq!(find("7月18日，双方再次会面。", "UTC", now), None);
}

#[test]
fn a_dateline_stands_at_the_beginning() {
    let now = "2009-12-18T00:00:00Z".parse().ok();
    let text = "新华社平壤12月16日电（记者某某）双方会面。";
    let (range, _) = dateline(text, "Asia/Shanghai", now).unwrap();
    assert_eq!(&text[range], "12月16日");
    let far = format!("{}12月16日电", "某".repeat(200));
    assert_eq!(dateline(&far, "Asia/Shanghai", now), None);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}", zone in "[A-Za-z/_]{0,20}") {
        let now = Timestamp::from_second(1_261_094_400).ok();
        parse(&text, &zone, now);
        dateline(&text, &zone, now);
        if let Some((range, read)) = find(&text, &zone, now) {
            prop_assert!(text.get(range).is_some_and(|found| !found.is_empty()));
            prop_assert!(read.interval.min < read.interval.max);
        }
    }

    #[test]
    fn date_like_text_is_read_without_a_panic(text in "[0-9年月日时분시前 :./+hTZ,()-]{0,40}") {
        for zone in ["Asia/Seoul", "America/New_York"] {
            parse(&text, zone, Timestamp::from_second(1_261_094_400).ok());
            find(&text, zone, None);
        }
    }

    /// What is written as a minute comes back as that minute.
    #[test]
    fn a_written_minute_survives(second in 631_152_000i64..2_000_000_000) {
        let minute = Timestamp::from_second(second - second % 60).unwrap();
        let text = minute.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%d/%m/%Y à %Hh%M").to_string();
        let day_first = parse(&text, "UTC", None).unwrap();
        prop_assert_eq!(day_first.interval.min, minute);
        prop_assert_eq!(day_first.interval.max.as_second() - minute.as_second(), 60);
    }
}
