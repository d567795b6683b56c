//! Durations and cron texts.
//!
//! Takes text, gives a duration within bounds or a five-field cron text that comes round, but not too often.

use std::ops::RangeInclusive;
use std::time::Duration;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use super::problem::{Fault, quoted};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// More often than every ten minutes is no lookout but a load; rarer than every thirty days proves no silence.
const EVERY: RangeInclusive<u64> = 10 * MINUTE..=30 * DAY;
/// Ten minutes between two requests is more than any robots.txt in good faith asks for.
const DELAY: RangeInclusive<u64> = 0..=10 * MINUTE;

/// How often a source is due.
pub(super) fn every(text: &str) -> Result<Duration, Fault> {
    let duration = duration(text)?;
    within(text, duration, EVERY, "`every` must be from `10m` to `30d`")
}

/// Least time between two requests to one host.
pub(super) fn delay(text: &str) -> Result<Duration, Fault> {
    let duration = duration(text)?;
    within(text, duration, DELAY, "`delay` must be from `0s` to `10m`")
}

fn within(text: &str, duration: Duration, bounds: RangeInclusive<u64>, rule: &str) -> Result<Duration, Fault> {
    if bounds.contains(&duration.as_secs()) {
        return Ok(duration);
    }
    let side = if duration.as_secs() < *bounds.start() {
        "short"
    } else {
        "long"
    };
    Err(Fault::new(format!("{} is too {side}", quoted(text))).hint(rule))
}

fn duration(text: &str) -> Result<Duration, Fault> {
    let fault = || Fault::new(format!("{} is not a duration", quoted(text)));
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or_default();
    let seconds = match unit {
        "s" => 1,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return Err(fault().hint("a whole number and a unit: `30s`, `15m`, `6h`, `2d`")),
    };
    let total = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds));
    total
        .map(Duration::from_secs)
        .ok_or_else(|| fault().hint("a whole number and a unit: `30s`, `15m`, `6h`, `2d`"))
}

/// Five fields: minute, hour, day of month, month, day of week.
pub(super) fn cron(text: &str) -> Result<String, Fault> {
    let fault = || Fault::new(format!("{} is not a cron text", quoted(text)));
    let example = "minute hour day month weekday, such as `10 */6 * * *`";
    let fields = text.split_whitespace().count();
    if text.contains('@') || fields != 5 {
        return Err(fault().hint(format!("it has five fields: {example}")));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" */,-#?".contains(&byte);
    // A hundred characters are plenty; the letters are checked first because the parser upper-cases and slices.
    if text.len() > 100 || !text.bytes().all(plain) {
        return Err(fault().hint(example));
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    let cron = parser.parse(text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.strip_prefix("Component error: ").unwrap_or(&reason);
        fault().hint(format!("{}; {example}", reason.trim_end_matches('.')))
    })?;
    if never(&cron) {
        return Err(Fault::new(format!("{} never comes", quoted(text))).hint("no month it names has such a day"));
    }
    if let Some(gap) = least_gap(&cron)
        && gap * MINUTE < *EVERY.start()
    {
        let minutes = if gap == 1 {
            "a minute".to_owned()
        } else {
            format!("{gap} minutes")
        };
        let fault = Fault::new(format!("{} comes round after {minutes}", quoted(text)));
        return Err(fault.hint("`10m` is the least time between two runs"));
    }
    Ok(text.to_owned())
}

/// Only days of the month that none of its months has.
fn never(cron: &Cron) -> bool {
    let pattern = &cron.pattern;
    if !pattern.is_dow_wildcard() || pattern.is_dom_wildcard() || pattern.days.has_modifiers() {
        return false;
    }
    let Some(first) = pattern.days.values().into_iter().min() else {
        return false;
    };
    let longest = |month: &u16| match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    pattern.months.values().iter().all(|month| first > longest(month))
}

/// Least minutes between two times of one day, or over midnight into the next.
fn least_gap(cron: &Cron) -> Option<u64> {
    let minutes = cron.pattern.minutes.values();
    let hours = cron.pattern.hours.values();
    let times = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| u64::from(hour * 60 + minute)));
    let mut times: Vec<u64> = times.collect();
    times.sort_unstable();
    let first = times.first().copied()?;
    times.push(first + 24 * 60);
    times
        .windows(2)
        .filter_map(|pair| Some(pair.last()? - pair.first()?))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit_and_bounds() {
        assert_eq!(every("6h"), Ok(Duration::from_secs(6 * 3600)));
        assert_eq!(every("30d"), Ok(Duration::from_secs(30 * 86_400)));
        assert_eq!(delay("0s"), Ok(Duration::ZERO));
        for bad in [
            "",
            "6",
            "h",
            "6 h",
            "1.5h",
            "-1h",
            "6H",
            "1h30m",
            "9m",
            "31d",
            "99999999999999999999d",
            "９h",
        ] {
            assert!(every(bad).is_err(), "{bad}");
        }
        assert!(delay("11m").is_err());
    }

    #[test]
    fn crons_have_five_fields_and_come_round() {
        for good in [
            "10 */6 * * *",
            "0 4 * * MON-FRI",
            "30 3 L * *",
            "0 0 29 2 *",
            "0 0 30 2 MON",
            "*/10 * * * *",
        ] {
            assert_eq!(cron(good), Ok(good.to_owned()), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "0 10 */6 * * *",
            "@daily",
            "61 * * * *",
            "0 0 30 2 *",
            "0 0 31 4,6 *",
            "* * * * é",
        ] {
            assert!(cron(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn crons_keep_the_least_gap() {
        assert_eq!(
            cron("*/5 * * * *").unwrap_err().message,
            "`*/5 * * * *` comes round after 5 minutes"
        );
        // 23:55 and 00:00 of the next day.
        assert_eq!(
            cron("55,0 23,0 * * *").unwrap_err().message,
            "`55,0 23,0 * * *` comes round after 5 minutes"
        );
        assert!(cron("55,0 12 * * *").is_ok());
    }
}
