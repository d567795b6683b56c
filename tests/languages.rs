//! Headlines with no source to lean on: the share that is told right stays above a floor.

use std::collections::BTreeMap;

use serde::Deserialize;
use vigie::identify::language::detect;

#[derive(Deserialize)]
struct Cases {
    headlines: Vec<Headlines>,
}

#[derive(Deserialize)]
struct Headlines {
    /// `fr`, `zh-Hant`.
    lang: String,
    see: String,
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct Floors {
    languages: Floor,
}

#[derive(Deserialize)]
struct Floor {
    headlines: f64,
    count: usize,
}

#[test]
fn headlines_without_a_source() {
    let cases: Cases = toml::from_str(include_str!("cases/language.toml")).unwrap();
    let floors: Floors = toml::from_str(include_str!("floors.toml")).unwrap();
    let (mut right, mut wrong) = (0, Vec::new());
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for group in &cases.headlines {
        assert!(!group.see.is_empty(), "{} without a reason", group.lang);
        for text in &group.texts {
            *languages.entry(group.lang.as_str()).or_default() += 1;
            let found = detect(text, None);
            let tag = match (found.lang.unwrap_or_default(), found.script) {
                (lang, Some(script)) => format!("{lang}-{script}"),
                (lang, None) => lang,
            };
            match tag == group.lang {
                true => right += 1,
                false => wrong.push(format!("{} taken for {tag:?}: {text}", group.lang)),
            }
        }
    }
    let all = right + wrong.len();
    let share = right as f64 / all as f64;
    println!("{right} of {all} headlines in {} languages", languages.len());
    assert!(all >= floors.languages.count, "only {all} headlines");
    assert!(
        languages.values().filter(|count| **count >= 8).count() >= 20,
        "{languages:?}"
    );
    assert!(share >= floors.languages.headlines, "{share}\n{}", wrong.join("\n"));
}

/// A page in two languages is in the one that most of it is in, wherever the other stands.
#[test]
fn a_foreign_opening_does_not_speak_for_a_long_text() {
    let opening = "This article is also available in English on our other site, thank you for reading it there. ";
    let body = "Le conseil du port a décidé lundi de rouvrir les quais aux pêcheurs de la vieille ville. ";
    let text = format!("{}{}", opening.repeat(4), body.repeat(120));
    assert_eq!(detect(&text, None).lang.as_deref(), Some("fr"));
    assert_eq!(detect(&text, Some("en")).lang.as_deref(), Some("fr"));
}
