//! Zone names and offsets as they are written after a time.

use super::scan::Text;

/// Reads a zone at `i`: where it ends and its seconds east of Greenwich. `assumed` settles abbreviations that
/// several countries use.
pub(super) fn at(text: &Text, i: usize, assumed: &str) -> Option<(usize, i32)> {
    let start = i;
    let i = text.spaces(i);
    let bracket = matches!(text.at(i), '(' | '[');
    let i = if bracket { i + 1 } else { i };
    if matches!(text.at(i), '+' | '-') {
        // "05:30 - 0600" is a range of hours, "05:30 -0600" an offset.
        return offset(text, i, start != i);
    }
    let (word, end) = text.word(i)?;
    let (end, seconds) = match word.as_str() {
        "z" | "gmt" | "utc" | "ut" => match offset(text, end, false) {
            Some((end, seconds)) => (end, seconds),
            None => (end, 0),
        },
        word => (end, abbreviation(word, assumed)?),
    };
    Some((
        if bracket && matches!(text.at(end), ')' | ']') {
            end + 1
        } else {
            end
        },
        seconds,
    ))
}

/// `+08:00`, `+0800`, `+8`; a lone minus after a space needs all its digits to be more than a dash.
fn offset(text: &Text, i: usize, spaced: bool) -> Option<(usize, i32)> {
    let sign = match text.at(i) {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (value, digits, end) = text.number(i + 1)?;
    let (hours, minutes, end) = match digits {
        4 => (value / 100, value % 100, end),
        1 | 2 if text.at(end) == ':' => match text.number(end + 1) {
            Some((minutes, 2, end)) => (value, minutes, end),
            _ => return None,
        },
        1 | 2 if !(spaced && sign < 0) => (value, 0, end),
        _ => return None,
    };
    // UTC+14:00 (Kiribati) is the farthest there is.
    (hours <= 14 && minutes < 60).then_some((end, sign * (hours * 3600 + minutes * 60) as i32))
}

fn abbreviation(word: &str, assumed: &str) -> Option<i32> {
    let minutes = match word {
        "wet" => 0,
        "west" | "bst" => 60,
        "cet" | "mez" | "met" => 60,
        "cest" | "mesz" | "eet" | "sast" => 120,
        "eest" | "msk" => 180,
        "pkt" => 300,
        "ist" if assumed == "Asia/Kolkata" => 330,
        "wib" | "ict" => 420,
        // Central Standard Time in America, China Standard Time to the press of Asia.
        "cst" if assumed.starts_with("Asia/") => 480,
        "hkt" | "sgt" | "awst" | "bjt" => 480,
        // Pyongyang kept UTC+8:30 from 2015 to 2018 under the same letters: its own zone knows.
        "kst" if assumed == "Asia/Pyongyang" => return None,
        "kst" | "jst" => 540,
        "aest" => 600,
        "aedt" => 660,
        "est" => -300,
        "edt" | "ast" => -240,
        "et" => return None,
        "cst" => -360,
        "cdt" => -300,
        "mst" => -420,
        "mdt" => -360,
        "pst" => -480,
        "pdt" => -420,
        _ => return None,
    };
    Some(minutes * 60)
}

/// `UTC` or `+08:00`.
pub(super) fn name(seconds: i32) -> String {
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The zone of a country's newspapers, by the last label of a host: only of countries whose papers keep one clock.
pub(super) fn of_host(host: &str) -> Option<&'static str> {
    let (_, country) = host.trim_end_matches('.').rsplit_once('.')?;
    Some(match country {
        "ar" => "America/Argentina/Buenos_Aires",
        "at" => "Europe/Vienna",
        "be" => "Europe/Brussels",
        "bg" => "Europe/Sofia",
        "ch" => "Europe/Zurich",
        "cn" => "Asia/Shanghai",
        // ".co" alone is sold to everybody.
        "co" if host.ends_with(".com.co") => "America/Bogota",
        "cz" => "Europe/Prague",
        "de" => "Europe/Berlin",
        "dk" => "Europe/Copenhagen",
        "ee" => "Europe/Tallinn",
        "eg" => "Africa/Cairo",
        "es" => "Europe/Madrid",
        "fi" => "Europe/Helsinki",
        "fr" => "Europe/Paris",
        "gr" => "Europe/Athens",
        "hk" => "Asia/Hong_Kong",
        "hr" => "Europe/Zagreb",
        "hu" => "Europe/Budapest",
        "ie" => "Europe/Dublin",
        "il" => "Asia/Jerusalem",
        "in" => "Asia/Kolkata",
        "ir" => "Asia/Tehran",
        "it" => "Europe/Rome",
        "jp" => "Asia/Tokyo",
        "kp" => "Asia/Pyongyang",
        "kr" => "Asia/Seoul",
        "lt" => "Europe/Vilnius",
        "lu" => "Europe/Luxembourg",
        "lv" => "Europe/Riga",
        "my" => "Asia/Kuala_Lumpur",
        "ng" => "Africa/Lagos",
        "nl" => "Europe/Amsterdam",
        "no" => "Europe/Oslo",
        "ph" => "Asia/Manila",
        "pe" => "America/Lima",
        "pk" => "Asia/Karachi",
        "pl" => "Europe/Warsaw",
        "pt" => "Europe/Lisbon",
        "ro" => "Europe/Bucharest",
        "rs" => "Europe/Belgrade",
        "ru" => "Europe/Moscow",
        "se" => "Europe/Stockholm",
        "sg" => "Asia/Singapore",
        "si" => "Europe/Ljubljana",
        "sk" => "Europe/Bratislava",
        "th" => "Asia/Bangkok",
        "tr" => "Europe/Istanbul",
        "tw" => "Asia/Taipei",
        "ua" => "Europe/Kyiv",
        "uk" => "Europe/London",
        "vn" => "Asia/Ho_Chi_Minh",
        "za" => "Africa/Johannesburg",
        _ => return None,
    })
}
