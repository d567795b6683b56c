//! Addresses and languages against their cases.

use serde::Deserialize;
use vigie::identify::canonical::{canonical, url_key};
use vigie::identify::language::{Evidence, detect};

#[derive(Deserialize)]
struct Addresses {
    case: Vec<Address>,
}

#[derive(Deserialize)]
struct Address {
    name: String,
    url: String,
    canonical: String,
    key: Option<String>,
    #[serde(default)]
    identity: Vec<String>,
    see: String,
}

#[test]
fn every_address() {
    let cases: Addresses = toml::from_str(include_str!("cases/canonical.toml")).unwrap();
    for case in cases.case {
        let found = canonical(&case.url, &case.identity);
        assert_eq!(
            found.as_deref().unwrap_or_default(),
            case.canonical,
            "{} ({})",
            case.name,
            case.see
        );
        if let Some(key) = case.key {
            assert_eq!(url_key(&case.canonical), key, "{} ({})", case.name, case.see);
        }
    }
}

#[derive(Deserialize)]
struct Languages {
    case: Vec<Language>,
}

#[derive(Deserialize)]
struct Language {
    text: String,
    prior: Option<String>,
    /// `fr`, `zh-Hant`; empty = abstain.
    lang: String,
    evidence: Option<Evidence>,
}

#[test]
fn every_language() {
    let cases: Languages = toml::from_str(include_str!("cases/language.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in cases.case {
        let found = detect(&case.text, case.prior.as_deref());
        let tag = match (&found.lang, &found.script) {
            (Some(lang), Some(script)) => format!("{lang}-{script}"),
            (Some(lang), None) => lang.clone(),
            (None, _) => String::new(),
        };
        if tag != case.lang || case.evidence.is_some_and(|evidence| evidence != found.evidence) {
            wrong.push(format!(
                "{} (source {:?}): {tag} from {:?}",
                case.text, case.prior, found.evidence
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
