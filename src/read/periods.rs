//! Days, weeks and months of a zone, and how many of their days somebody looked.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::model::Interval;

/// Ten years of days: more than a table or a chart can show.
pub const MOST_PERIODS: usize = 3_660;

/// A period of whose days fewer than this share were observed is a gap: what it held is not known.
const ENOUGH: f64 = 0.5;

/// Were so many of a period's days looked at that what it holds is known?
pub fn is_observed(days_observed: u32, days: u32) -> bool {
    days > 0 && days_observed > 0 && f64::from(days_observed) >= ENOUGH * f64::from(days)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    Day,
    /// ISO 8601: from Monday.
    Week,
    Month,
}

impl Per {
    /// The first day of the period that holds `date`.
    pub fn first(self, date: Date) -> Option<Date> {
        match self {
            Per::Day => Some(date),
            Per::Week => date
                .checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
                .ok(),
            Per::Month => Some(date.first_of_month()),
        }
    }

    /// The first day of the period behind the one that begins on `date`.
    pub fn next(self, date: Date) -> Option<Date> {
        match self {
            Per::Day => date.tomorrow().ok(),
            Per::Week => date.checked_add(7.days()).ok(),
            Per::Month => date.last_of_month().tomorrow().ok(),
        }
    }

    /// `2009-12-14`, `2009-W51`, `2009-12`.
    pub fn label(self, date: Date) -> String {
        match self {
            Per::Day => date.to_string(),
            Per::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Per::Month => format!("{:04}-{:02}", date.year(), date.month()),
        }
    }

    /// Seconds that the longest of these lasts: a day has 25 hours where the clocks go back.
    pub fn longest(self) -> i64 {
        match self {
            Per::Day => 25 * 3600,
            Per::Week => 7 * 86_400 + 3600,
            Per::Month => 31 * 86_400 + 3600,
        }
    }
}

/// The whole periods that touch a window, with their days.
#[derive(Debug)]
pub struct Calendar {
    pub periods: Vec<Period>,
    /// When each day begins, and whose it is.
    days: Vec<(Timestamp, usize)>,
    end: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub label: String,
    pub start: Timestamp,
}

impl Calendar {
    /// `None`: more than [`MOST_PERIODS`], or beyond the calendar.
    pub fn new(window: Interval, per: Per, zone: &TimeZone) -> Option<Calendar> {
        let start = |date: Date| Some(date.to_zoned_datetime(zone.clone()).ok()?.timestamp());
        let mut calendar = Calendar {
            periods: Vec::new(),
            days: Vec::new(),
            end: window.min,
        };
        let mut date = per.first(window.min.to_zoned_datetime(zone.clone()).date())?;
        loop {
            calendar.end = start(date)?;
            if calendar.end >= window.max {
                return Some(calendar);
            }
            if calendar.periods.len() >= MOST_PERIODS {
                return None;
            }
            let next = per.next(date)?;
            let at = calendar.periods.len();
            calendar.periods.push(Period {
                label: per.label(date),
                start: calendar.end,
            });
            while date < next {
                calendar.days.push((start(date)?, at));
                date = date.tomorrow().ok()?;
            }
        }
    }

    /// From the first moment of the first period to the last one of the last.
    pub fn span(&self) -> Interval {
        Interval {
            min: self.periods.first().map_or(self.end, |period| period.start),
            max: self.end,
        }
    }

    /// The day that holds these Unix seconds, and its period.
    pub fn place(&self, at: i64) -> Option<(usize, usize)> {
        if at >= self.end.as_second() {
            return None;
        }
        let after = self.days.partition_point(|(start, _)| start.as_second() <= at);
        let day = after.checked_sub(1)?;
        Some((day, self.days.get(day)?.1))
    }

    /// How many days of each period had begun by `now`.
    pub fn days_begun(&self, now: Timestamp) -> Vec<u32> {
        let mut days = vec![0; self.periods.len()];
        for (start, period) in &self.days {
            if *start <= now
                && let Some(count) = days.get_mut(*period)
            {
                *count += 1;
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(min: &str, max: &str) -> Interval {
        Interval {
            min: min.parse().unwrap(),
            max: max.parse().unwrap(),
        }
    }

    #[test]
    fn days_follow_the_clocks_and_weeks_begin_on_monday() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let window = interval("2009-10-24T23:00:00Z", "2009-10-26T23:00:00Z");
        let days = Calendar::new(window, Per::Day, &paris).unwrap();
        let begins: Vec<String> = days
            .periods
            .iter()
            .map(|period| format!("{} {}", period.label, period.start))
            .collect();
        assert_eq!(
            begins,
            ["2009-10-25 2009-10-24T22:00:00Z", "2009-10-26 2009-10-25T23:00:00Z"]
        );
        assert_eq!(days.span().max, window.max);
        let weeks = Calendar::new(window, Per::Week, &paris).unwrap();
        assert_eq!(weeks.periods[0].label, "2009-W43");
        let endless = Interval {
            min: Timestamp::UNIX_EPOCH,
            max: window.max,
        };
        assert!(Calendar::new(endless, Per::Day, &paris).is_none());
    }

    #[test]
    fn a_moment_has_a_day_and_a_period() {
        let window = interval("2009-11-30T12:00:00Z", "2009-12-02T00:00:00Z");
        let months = Calendar::new(window, Per::Month, &TimeZone::UTC).unwrap();
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        assert_eq!(months.periods.len(), 2);
        assert_eq!(months.place(second("2009-11-30T23:59:59Z")), Some((29, 0)));
        assert_eq!(months.place(second("2009-12-01T00:00:00Z")), Some((30, 1)));
        assert_eq!(months.place(second("2010-01-01T00:00:00Z")), None);
        assert_eq!(months.place(second("2009-10-31T23:59:59Z")), None);
        // December has three days that have begun.
        assert_eq!(months.days_begun("2009-12-03T10:00:00Z".parse().unwrap()), [30, 3]);
    }
}
