//! What can be guessed of a source from its address and words: language, country, zone, id, name.
//!
//! Takes text, gives a value and where it comes from, so that the file can say so. Never hides a guess.

use std::collections::HashSet;

use url::{Host, Url};

use crate::config::provisional;
use crate::identify::language;

/// Country-code domains that the world uses for their letters.
const LENT: [&str; 17] = [
    "ai", "am", "cc", "cd", "co", "fm", "gg", "im", "io", "la", "ly", "me", "sh", "to", "tv", "vc", "ws",
];

/// Country, its usual language as a newspaper of it writes it, and its zone where it has one (or its press has).
const COUNTRIES: [(&str, &str, &str); 47] = [
    ("AT", "de", "Europe/Vienna"),
    ("AU", "en", "Australia/Sydney"),
    ("BE", "fr", "Europe/Brussels"),
    ("BF", "fr", "Africa/Ouagadougou"),
    ("BJ", "fr", "Africa/Porto-Novo"),
    ("CA", "en", "America/Toronto"),
    ("CD", "fr", "Africa/Kinshasa"),
    ("CH", "de", "Europe/Zurich"),
    ("CI", "fr", "Africa/Abidjan"),
    ("CM", "fr", "Africa/Douala"),
    ("CN", "zh-Hans", "Asia/Shanghai"),
    ("CU", "es", "America/Havana"),
    ("CZ", "cs", "Europe/Prague"),
    ("DE", "de", "Europe/Berlin"),
    ("DK", "da", "Europe/Copenhagen"),
    ("DZ", "fr", "Africa/Algiers"),
    ("EG", "ar", "Africa/Cairo"),
    ("ES", "es", "Europe/Madrid"),
    ("FI", "fi", "Europe/Helsinki"),
    ("FR", "fr", "Europe/Paris"),
    ("GB", "en", "Europe/London"),
    ("GR", "el", "Europe/Athens"),
    ("HK", "zh-Hant", "Asia/Hong_Kong"),
    ("IE", "en", "Europe/Dublin"),
    ("IL", "he", "Asia/Jerusalem"),
    ("IN", "en", "Asia/Kolkata"),
    ("IR", "fa", "Asia/Tehran"),
    ("IT", "it", "Europe/Rome"),
    ("JP", "ja", "Asia/Tokyo"),
    ("KP", "ko", "Asia/Pyongyang"),
    ("KR", "ko", "Asia/Seoul"),
    ("LU", "fr", "Europe/Luxembourg"),
    ("MA", "fr", "Africa/Casablanca"),
    ("NL", "nl", "Europe/Amsterdam"),
    ("NO", "no", "Europe/Oslo"),
    ("NZ", "en", "Pacific/Auckland"),
    ("PL", "pl", "Europe/Warsaw"),
    ("PT", "pt", "Europe/Lisbon"),
    ("RU", "ru", "Europe/Moscow"),
    ("SE", "sv", "Europe/Stockholm"),
    ("SG", "en", "Asia/Singapore"),
    ("SN", "fr", "Africa/Dakar"),
    ("TN", "fr", "Africa/Tunis"),
    ("TR", "tr", "Europe/Istanbul"),
    ("TW", "zh-Hant", "Asia/Taipei"),
    ("UA", "uk", "Europe/Kyiv"),
    ("VN", "vi", "Asia/Ho_Chi_Minh"),
];

/// Where most of a language's press sits, for sites under `.com` and the like.
const HOMELANDS: [(&str, &str); 10] = [
    ("de", "DE"),
    ("fr", "FR"),
    ("it", "IT"),
    ("ja", "JP"),
    ("ko", "KR"),
    ("ru", "RU"),
    ("tr", "TR"),
    ("vi", "VN"),
    ("zh-Hans", "CN"),
    ("zh-Hant", "TW"),
];

/// A value, and what it was told from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub value: String,
    pub from: String,
}

fn guess(value: &str, from: impl Into<String>) -> Guess {
    Guess {
        value: value.to_owned(),
        from: from.into(),
    }
}

/// By the words, then by what is declared, then by the country of the domain.
pub fn lang(words: &str, declared: Option<&str>, host: &str) -> Option<Guess> {
    let declared = declared.and_then(tag);
    let detected = language::detect(words, declared.as_deref());
    if let Some(lang) = detected.lang {
        let value = match (lang.as_str(), detected.script.as_deref()) {
            ("zh", Some("Hant")) => "zh-Hant",
            ("zh", _) => "zh-Hans",
            (other, _) => other,
        };
        return Some(guess(value, "its words"));
    }
    if let Some(tag) = declared {
        return Some(guess(&tag, "what it declares"));
    }
    let country = country_of_domain(host)?;
    let (_, lang, _) = COUNTRIES.iter().find(|(code, ..)| *code == country)?;
    Some(guess(lang, format!("its domain ({country})")))
}

/// A declared language in the spelling of sources.toml: `fr-FR` and `fr_fr` are `fr`, `zh-TW` is `zh-Hant`.
pub fn tag(declared: &str) -> Option<String> {
    let lower = declared.trim().to_ascii_lowercase();
    let mut parts = lower.split(['-', '_']);
    let base = parts
        .next()
        .filter(|base| matches!(base.len(), 2 | 3) && base.bytes().all(|b| b.is_ascii_lowercase()))?;
    if base != "zh" {
        return Some(base.to_owned());
    }
    let traditional = parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
    Some(if traditional { "zh-Hant" } else { "zh-Hans" }.to_owned())
}

/// By the domain, then by the language.
pub fn country(host: &str, lang: &str) -> Guess {
    if let Some(country) = country_of_domain(host) {
        return guess(&country, "its domain");
    }
    match HOMELANDS.iter().find(|(known, _)| *known == lang) {
        Some((_, country)) => guess(country, format!("its language ({lang})")),
        None => guess("ZZ", "nothing: unknown"),
    }
}

/// The country whose domain a host is under, unless the domain is one that anybody takes.
fn country_of_domain(host: &str) -> Option<String> {
    let last = host.trim_end_matches('.').rsplit('.').next()?.to_ascii_lowercase();
    if last.len() != 2 || !last.bytes().all(|byte| byte.is_ascii_lowercase()) || LENT.contains(&last.as_str()) {
        return None;
    }
    Some(match last.as_str() {
        "uk" => "GB".to_owned(),
        "su" => "RU".to_owned(),
        other => other.to_ascii_uppercase(),
    })
}

/// The zone of a country's press.
pub fn timezone(country: &str) -> Guess {
    match COUNTRIES.iter().find(|(code, ..)| *code == country) {
        Some((_, _, zone)) => guess(zone, format!("its country ({country})")),
        None => guess("UTC", "nothing: unknown"),
    }
}

/// `lemonde-fr` for `www.lemonde.fr` in French, with a number where that is taken.
pub fn id(url: &str, lang: &str, taken: &HashSet<String>) -> String {
    let host = host(url);
    // The suffix list would take the end of an IP address for a domain.
    let label = match host.parse::<std::net::IpAddr>() {
        Ok(_) => host.as_str(),
        Err(_) => psl::domain_str(&host)
            .unwrap_or(&host)
            .split('.')
            .next()
            .unwrap_or(&host),
    };
    // Ids are at most 64 long; the language and a number want their place.
    let mut stem = provisional::source(label).id;
    stem.truncate(48);
    let first = format!(
        "{}-{}",
        stem.trim_end_matches('-'),
        lang.split('-').next().unwrap_or(lang)
    );
    if !taken.contains(&first) {
        return first;
    }
    (2..)
        .map(|n| format!("{first}-{n}"))
        .find(|id| !taken.contains(id))
        .unwrap_or(first)
}

/// The first part of a title, which is the name where the rest is what it publishes; the host where there is no title.
pub fn name(title: Option<&str>, url: &str) -> String {
    let title = title.map(crate::report::clean::line).unwrap_or_default();
    let first = [" - ", " – ", " — ", " | ", " : ", " :: "]
        .iter()
        .filter_map(|between| title.split_once(between))
        .map(|(first, _)| first.trim())
        .filter(|first| !first.is_empty())
        .min_by_key(|first| first.len())
        .unwrap_or(title.trim());
    if first.is_empty() {
        let host = host(url);
        return host.strip_prefix("www.").unwrap_or(&host).to_owned();
    }
    first.chars().take(80).collect()
}

/// The host of an address as text; empty where it has none.
pub fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_what_a_file_may_hold() {
        assert!(COUNTRIES.is_sorted());
        for (country, lang, zone) in COUNTRIES {
            let source = crate::config::edit::NewSource {
                id: "a-b".to_owned(),
                name: "A".to_owned(),
                home: "https://a.example/".to_owned(),
                country: country.to_owned(),
                lang: lang.to_owned(),
                ownership: crate::model::source::Ownership::Unknown,
                kind: crate::model::source::SourceKind::Press,
                timezone: zone.to_owned(),
                feeds: vec!["https://a.example/rss".to_owned()],
                sitemaps: Vec::new(),
                listings: Vec::new(),
                comments: Vec::new(),
            };
            assert_eq!(super::super::file::fault(&source), None, "{country}");
        }
        for (_, country) in HOMELANDS {
            assert!(COUNTRIES.iter().any(|(code, ..)| *code == country), "{country}");
        }
    }

    #[test]
    fn language_by_words_then_declaration_then_domain() {
        let of = |words, declared, host| lang(words, declared, host).map(|guess| guess.value);
        let french = "Le gouvernement présente son projet de loi sur les transports devant l’assemblée nationale";
        assert_eq!(of(french, Some("en-US"), "paper.example").as_deref(), Some("fr"));
        assert_eq!(
            of("總統府發布新聞，說明會議結果與後續計畫", None, "paper.example").as_deref(),
            Some("zh-Hant")
        );
        assert_eq!(of("", Some("zh_TW"), "paper.example").as_deref(), Some("zh-Hant"));
        assert_eq!(of("", None, "www.paper.kr").as_deref(), Some("ko"));
        assert_eq!(of("", None, "paper.io"), None);
    }

    #[test]
    fn country_and_zone() {
        assert_eq!(country("www.paper.co.uk", "en").value, "GB");
        assert_eq!(country("paper.tv", "ko").value, "KR");
        assert_eq!(country("paper.com", "en").value, "ZZ");
        assert_eq!(timezone("KP").value, "Asia/Pyongyang");
        assert_eq!(timezone("ZZ").value, "UTC");
    }

    #[test]
    fn ids_and_names() {
        let taken = HashSet::from(["paper-fr".to_owned(), "paper-fr-2".to_owned()]);
        assert_eq!(id("https://www.paper.fr/rss", "fr", &taken), "paper-fr-3");
        assert_eq!(id("https://news.paper.co.uk/", "en", &taken), "paper-en");
        assert_eq!(id("http://127.0.0.1:8080/", "en", &taken), "127-0-0-1-en");
        assert_eq!(name(Some("Le Bac – Actualités | À la une"), ""), "Le Bac");
        assert_eq!(name(Some("  "), "https://www.paper.example/x"), "paper.example");
    }
}
