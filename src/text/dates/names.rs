//! Names of months and days of the week in the languages dates are met in.

/// January = 1. The word is lower case; a trailing stop is the caller's.
pub(super) fn month(word: &str) -> Option<i8> {
    // en, fr, de, es, it, pt, nl, pl, da/nb/sv, in that order where they differ.
    let known = match word {
        "january" | "jan" | "janvier" | "janv" | "januar" | "jänner" | "enero" | "ene" | "gennaio" | "gen"
        | "janeiro" | "januari" | "stycznia" => 1,
        "february" | "feb" | "février" | "fevrier" | "févr" | "fev" | "fév" | "februar" | "febrero" | "febbraio"
        | "fevereiro" | "februari" | "lutego" => 2,
        "march" | "mar" | "mars" | "märz" | "mär" | "mrz" | "marzo" | "março" | "maart" | "marca" | "marts" => 3,
        "april" | "apr" | "avril" | "avr" | "abril" | "abr" | "aprile" | "kwietnia" => 4,
        "may" | "mai" | "mayo" | "maggio" | "mag" | "maio" | "mei" | "maja" | "maj" => 5,
        "june" | "jun" | "juin" | "juni" | "junio" | "giugno" | "giu" | "junho" | "czerwca" => 6,
        "july" | "jul" | "juillet" | "juil" | "juli" | "julio" | "luglio" | "lug" | "julho" | "lipca" => 7,
        "august" | "aug" | "août" | "aout" | "agosto" | "ago" | "augustus" | "sierpnia" | "augusti" => 8,
        "september" | "sept" | "sep" | "septembre" | "septiembre" | "settembre" | "set" | "setembro" | "września" => 9,
        "october" | "oct" | "octobre" | "oktober" | "okt" | "octubre" | "ottobre" | "ott" | "outubro" | "out"
        | "października" => 10,
        "november" | "nov" | "novembre" | "noviembre" | "novembro" | "listopada" => 11,
        "december" | "dec" | "décembre" | "decembre" | "déc" | "dezember" | "dez" | "diciembre" | "dic"
        | "dicembre" | "dezembro" | "grudnia" | "desember" | "des" => 12,
        _ => return more_months(word),
    };
    Some(known)
}

/// Czech, Romanian, Turkish, Indonesian, Russian, Ukrainian, Greek, Arabic and Thai, in the case a date puts them in.
fn more_months(word: &str) -> Option<i8> {
    Some(match word {
        "ledna" | "ianuarie" | "ocak" | "января" | "янв" | "січня" | "ιανουαρίου" | "يناير" | "มกราคม" => {
            1
        }
        "února" | "februarie" | "şubat" | "февраля" | "фев" | "лютого" | "φεβρουαρίου" | "فبراير" | "กุมภาพันธ์" => {
            2
        }
        "března" | "martie" | "mart" | "maret" | "марта" | "мар" | "березня" | "μαρτίου" | "مارس" | "มีนาคม" => {
            3
        }
        "dubna" | "aprilie" | "nisan" | "апреля" | "апр" | "квітня" | "απριλίου" | "أبريل" | "ابريل" | "เมษายน" => {
            4
        }
        "května" | "mayıs" | "мая" | "травня" | "μαΐου" | "مايو" | "พฤษภาคม" => 5,
        "června" | "iunie" | "haziran" | "июня" | "июн" | "червня" | "ιουνίου" | "يونيو" | "มิถุนายน" => {
            6
        }
        "července" | "iulie" | "temmuz" | "июля" | "июл" | "липня" | "ιουλίου" | "يوليو" | "กรกฎาคม" => {
            7
        }
        "srpna" | "ağustos" | "agustus" | "августа" | "авг" | "серпня" | "αυγούστου" | "أغسطس" | "اغسطس" | "สิงหาคม" => {
            8
        }
        "září" | "septembrie" | "eylül" | "сентября" | "сен" | "вересня" | "σεπτεμβρίου" | "سبتمبر" | "กันยายน" => {
            9
        }
        "října" | "octombrie" | "ekim" | "октября" | "окт" | "жовтня" | "οκτωβρίου" | "أكتوبر" | "اكتوبر" | "ตุลาคม" => {
            10
        }
        "listopadu" | "noiembrie" | "kasım" | "ноября" | "ноя" | "листопада" | "νοεμβρίου" | "نوفمبر" | "พฤศจิกายน" => {
            11
        }
        "prosince" | "decembrie" | "aralık" | "декабря" | "дек" | "грудня" | "δεκεμβρίου" | "ديسمبر" | "ธันวาคม" => {
            12
        }
        _ => return None,
    })
}

/// Whether the word names a day of the week, so that it may stand between a date and its time.
pub(super) fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 42] = [
        "mon",
        "monday",
        "tue",
        "tues",
        "tuesday",
        "wed",
        "wednesday",
        "thu",
        "thur",
        "thurs",
        "thursday",
        "fri",
        "friday",
        "sat",
        "saturday",
        "sun",
        "sunday",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lun",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lunes",
        "martes",
        "jueves",
        "viernes",
        "domingo",
    ];
    DAYS.contains(&word)
}

/// `17 décembre 2009`, as a French paper writes a day.
pub fn french_day(day: jiff::civil::Date) -> String {
    let month = match day.month() {
        1 => "janvier",
        2 => "février",
        3 => "mars",
        4 => "avril",
        5 => "mai",
        6 => "juin",
        7 => "juillet",
        8 => "août",
        9 => "septembre",
        10 => "octobre",
        11 => "novembre",
        _ => "décembre",
    };
    format!("{} {month} {}", day.day(), day.year())
}
