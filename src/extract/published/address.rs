//! A day in a page's address: `/2009/12/17/`, `/20091217/`, `/2009-12/17/content_1.htm`, `/29-10-2021`, and at the
//! beginning of an article's number, as the Korean press and its agencies number theirs: `AKR20091217012300001`.
//!
//! Takes an address, gives the day as written and how it reads. Never judges whether it is the day of publication.

/// The days that an address holds: as written, and as a date that can be read.
pub fn days(url: &str) -> impl Iterator<Item = (&str, String)> + '_ {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    // An archive's address holds the archived one: only the last counts.
    let path = path.rsplit_once("://").map_or(path, |(_, rest)| rest);
    let bytes = path.as_bytes();
    (1..bytes.len()).filter_map(move |at| {
        if !bytes[at].is_ascii_digit() || bytes[at - 1].is_ascii_digit() {
            return None;
        }
        let day = matches!(bytes[at - 1], b'/' | b'-' | b'_' | b't' | b'=').then(|| address_day(bytes, at));
        let (day, end) = day.flatten().or_else(|| numbered(bytes, at))?;
        Some((path.get(at..end)?, day))
    })
}

/// A number that begins with a day and goes on with its place among that day's articles, in four digits or more; after
/// a few letters the day may stand alone. Of numbers that mean something else one in ten thousand reads so.
fn numbered(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    const LETTERS: usize = 6;
    const DAY: usize = 8;
    let before = bytes.get(..at)?;
    let letters = before.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let opened = before.len().checked_sub(letters + 1).and_then(|at| before.get(at));
    let digits = bytes.get(at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let long = digits >= DAY + 4 || letters > 0 && digits == DAY;
    // /web/20160218174457/paper.example/a: when an archive fetched it.
    let archived = digits == 14 && bytes.get(at + digits) == Some(&b'/');
    if letters > LETTERS || !matches!(opened, Some(b'/' | b'=')) || !long || archived {
        return None;
    }
    let day = std::str::from_utf8(bytes.get(at..at + DAY)?).ok()?;
    let (year, month, date) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
    let sound = ("1995".."2100").contains(&year) && ("01"..="12").contains(&month) && ("01"..="31").contains(&date);
    sound.then(|| (day.to_owned(), at + DAY))
}

/// Eight digits, or four-two-two with one kind of separator, that a digit does not follow.
fn address_day(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let digits = |from: usize| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let text = |from: usize, to: usize| std::str::from_utf8(bytes.get(from..to)?).ok();
    match digits(at) {
        8 => Some((text(at, at + 8)?.to_owned(), at + 8)),
        4 => {
            let mark = *bytes.get(at + 4)?;
            if !matches!(mark, b'/' | b'-' | b'_') {
                return None;
            }
            // /2009/1217/ and /2009-12/17/ are portals' ways.
            if digits(at + 5) == 4 {
                return Some((text(at, at + 4)?.to_owned() + text(at + 5, at + 9)?, at + 9));
            }
            let month = digits(at + 5);
            let second = at + 5 + month;
            let day = digits(second + 1);
            let joined = matches!(*bytes.get(second)?, b'/' | b'-' | b'_');
            if !(1..=2).contains(&month) || !(1..=2).contains(&day) || !joined {
                return None;
            }
            let end = second + 1 + day;
            let (month, day) = (text(at + 5, second)?, text(second + 1, end)?);
            Some((format!("{}-{month:0>2}-{day:0>2}", text(at, at + 4)?), end))
        }
        // Day first: a segment of its own, and a day past the twelfth, or the order is open.
        2 if bytes.get(at - 1) == Some(&b'/') && digits(at + 3) == 2 && digits(at + 6) == 4 => {
            let (day, month, year) = (text(at, at + 2)?, text(at + 3, at + 5)?, text(at + 6, at + 10)?);
            let marked = bytes.get(at + 2) == Some(&b'-') && bytes.get(at + 5) == Some(&b'-');
            (marked && day > "12").then(|| (format!("{year}-{month}-{day}"), at + 10))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_in_addresses() {
        let read = |path: &str| days(&format!("https://paper.example{path}")).next().map(|(_, day)| day);
        assert_eq!(read("/2009/12/17/page").as_deref(), Some("2009-12-17"));
        assert_eq!(read("/20091217/c1.html").as_deref(), Some("20091217"));
        assert_eq!(read("/t20091217_12.html").as_deref(), Some("20091217"));
        assert_eq!(read("/2009/1217/c1.html").as_deref(), Some("20091217"));
        assert_eq!(read("/2009-12/17/c_1.htm").as_deref(), Some("2009-12-17"));
        assert_eq!(read("/news/17-12-2009").as_deref(), Some("2009-12-17"));
        assert_eq!(read("/news/03-04-2009"), None);
        assert_eq!(read("/2009/12/a"), None);
        assert_eq!(read("/200912171/"), None);
        assert_eq!(read("/news/article/A2009121714320005196").as_deref(), Some("20091217"));
        assert_eq!(read("/view/AKR20091217012300001?input=1").as_deref(), Some("20091217"));
        assert_eq!(read("/view.php?id=2009121701234").as_deref(), Some("20091217"));
        assert_eq!(read("/view/NISX20091217_0003").as_deref(), Some("20091217"));
        assert_eq!(read("/status/1281836879789404160"), None);
        assert_eq!(read("/a/2009133201234"), None);
    }

    #[test]
    fn the_day_an_archive_fetched_is_not_the_pages() {
        let url = "https://archive.example/web/20160218174457/http://paper.example/2009/12/17/a";
        assert_eq!(days(url).next().map(|(_, day)| day).as_deref(), Some("2009-12-17"));
        assert_eq!(
            days("https://archive.example/web/20160218174457/paper.example/a").next(),
            None
        );
    }
}
