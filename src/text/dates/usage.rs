//! How the writers of a date write dates: their clock and their order of day, month and year.

use super::scan::Text;

/// What is known of the writer of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage<'a> {
    /// IANA zone of dates written without one.
    pub zone: &'a str,
    /// Language tag of the text that the date stands in.
    pub lang: Option<&'a str>,
}

impl<'a> From<&'a str> for Usage<'a> {
    fn from(zone: &'a str) -> Self {
        Usage { zone, lang: None }
    }
}

impl<'a> From<&'a String> for Usage<'a> {
    fn from(zone: &'a String) -> Self {
        Usage::from(zone.as_str())
    }
}

/// Where a year of two digits stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    YearFirst,
    DayFirst,
    /// Both are usage, and nothing settles it.
    Open,
}

impl Usage<'_> {
    /// The order of a date whose digits begin at `i`: by the letters beside it, the language, the country.
    pub(super) fn order(self, text: &Text, i: usize) -> Order {
        // "'09.12.17": what is left out of a year is marked.
        if text.before(i) == '\'' {
            return Order::YearFirst;
        }
        let country = self.country();
        let beside = (i.saturating_sub(30)..i + 40).any(|at| east_asian(text.at(at)));
        let lang = self.lang.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag));
        let writes = |lang: &str| ["ko", "ja", "zh"].iter().any(|known| known.eq_ignore_ascii_case(lang));
        match (beside || lang.is_some_and(writes), country) {
            (true, Order::DayFirst) => Order::Open,
            (true, _) => Order::YearFirst,
            // An English paper of Seoul or Shanghai writes as it likes.
            (false, Order::YearFirst) if lang.is_some() => Order::Open,
            (false, Order::YearFirst) => Order::YearFirst,
            (false, Order::Open) if lang.is_none() => Order::Open,
            (false, _) => Order::DayFirst,
        }
    }

    /// The country's order; open where no country is known.
    fn country(self) -> Order {
        const YEAR_FIRST: [&str; 6] = ["Seoul", "Pyongyang", "Tokyo", "Shanghai", "Taipei", "Urumqi"];
        match self.zone.strip_prefix("Asia/") {
            Some(city) if YEAR_FIRST.contains(&city) => Order::YearFirst,
            _ if matches!(self.zone, "UTC" | "Etc/UTC") => Order::Open,
            _ => Order::DayFirst,
        }
    }
}

/// Hangul, kana, Han.
fn east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}
