//! Countries and time zones.
//!
//! Takes text, gives an ISO 3166-1 alpha-2 code or an IANA zone name as it is properly written.

use jiff::tz::{self, TimeZone};

use super::form::nearest;
use super::problem::{Fault, quoted};

/// ISO 3166-1 alpha-2, officially assigned.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
    MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Reserved or user-assigned codes in general use: the European Union, Kosovo, and none or unknown (CLDR).
const OTHERS: [&str; 3] = ["EU", "XK", "ZZ"];

/// What people write instead, lower case.
const MEANT: [(&str, &str); 17] = [
    ("uk", "GB"),
    ("england", "GB"),
    ("usa", "US"),
    ("france", "FR"),
    ("fra", "FR"),
    ("china", "CN"),
    ("chn", "CN"),
    ("prc", "CN"),
    ("zh", "CN"),
    ("japan", "JP"),
    ("jpn", "JP"),
    ("ko", "KR"),
    ("korea", "KR` or `KP"),
    ("prk", "KP"),
    ("dprk", "KP"),
    ("rok", "KR"),
    ("kor", "KR"),
];

/// Zones people ask for that the tz database has under another city, lower case.
const ZONES_MEANT: [(&str, &str); 9] = [
    ("asia/beijing", "Asia/Shanghai"),
    ("beijing", "Asia/Shanghai"),
    ("china", "Asia/Shanghai"),
    ("cst", "Asia/Shanghai` or `America/Chicago"),
    ("kst", "Asia/Seoul"),
    ("jst", "Asia/Tokyo"),
    ("paris", "Europe/Paris"),
    ("cest", "Europe/Paris"),
    ("seoul", "Asia/Seoul"),
];

pub(super) fn country(text: &str) -> Result<String, Fault> {
    let known = |code: &str| COUNTRIES.split_whitespace().chain(OTHERS).any(|known| known == code);
    if known(text) {
        return Ok(text.to_owned());
    }
    let fault = Fault::new(format!("{} is not a country code of ISO 3166-1", quoted(text)));
    let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
    Err(
        if let Some((_, code)) = MEANT.iter().find(|(wrong, _)| *wrong == lower) {
            fault.hint(format!("write `{code}`"))
        } else if known(&upper) {
            fault.hint(format!("country codes are in upper case: `{upper}`"))
        } else {
            fault.hint("two capital letters, such as `FR`, `CN`, `KP`; `ZZ` where there is none")
        },
    )
}

pub(super) fn timezone(text: &str) -> Result<String, Fault> {
    let zone = TimeZone::get(text).ok();
    let name = zone.as_ref().and_then(TimeZone::iana_name);
    if name == Some(text) {
        return Ok(text.to_owned());
    }
    let fault = Fault::new(format!("{} is not a time zone of the tz database", quoted(text)));
    if let Some(name) = name {
        return Err(fault.hint(format!("write `{name}`")));
    }
    let lower = text.to_lowercase();
    if let Some((_, name)) = ZONES_MEANT.iter().find(|(wrong, _)| *wrong == lower) {
        return Err(fault.hint(format!("write `{name}`")));
    }
    let names: Vec<String> = tz::db().available().map(|name| name.as_str().to_owned()).collect();
    Err(match nearest(text, names.iter().map(String::as_str)) {
        Some(close) => fault.hint(format!("did you mean `{close}`?")),
        None => fault.hint("a continent and a city, such as `Europe/Paris`, `Asia/Shanghai`, `Asia/Pyongyang`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        let codes: Vec<&str> = COUNTRIES.split_whitespace().collect();
        // The ISO Online Browsing Platform counts 249 officially assigned codes.
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted());
    }

    #[test]
    fn zones_are_written_as_the_database_does() {
        assert_eq!(timezone("Asia/Pyongyang"), Ok("Asia/Pyongyang".to_owned()));
        assert_eq!(timezone("UTC"), Ok("UTC".to_owned()));
        assert_eq!(
            timezone("europe/paris").unwrap_err().hint.unwrap(),
            "write `Europe/Paris`"
        );
        assert!(timezone("+09:00").is_err());
        assert!(timezone("../../etc/passwd").is_err());
    }
}
