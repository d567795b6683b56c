//! The rules on invented sentences: named cases in `tests/cases/`.

use serde::Deserialize;

use super::keyness::Vocabulary;
use super::reading::{Folded, Reading};
use super::{Facts, Probes, cites, facts, headlines, quotes};
use crate::model::article::Field;
use crate::model::evidence::{ChangeClass, NameAt, NameKind, Quote, QuoteKind};
use crate::model::{Article, Comments, ItemKind, Length, LengthUnit, Source, TextAccess};

fn article(lang: &str, title: &str, text: &str) -> Article {
    Article {
        id: "i:0000000000000001".to_owned(),
        source: "gazette".to_owned(),
        url: "https://www.gazette.example/a".to_owned(),
        lang: Some(lang.to_owned()),
        script: None,
        title: title.to_owned(),
        standfirst: None,
        text: text.to_owned(),
        authors: Vec::new(),
        published: None,
        modified: None,
        section: None,
        kind: ItemKind::Article,
        credit: None,
        text_access: TextAccess::Full,
        comments: Comments::default(),
        length: Length {
            n: 1,
            unit: LengthUnit::Words,
        },
        digest: String::new(),
        simhash: 0,
        seen_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn name(actor: &str, person: bool, field: Field, text: &str, written: &str) -> NameAt {
    let start = text.find(written).unwrap();
    NameAt {
        actor: actor.to_owned(),
        written: written.to_owned(),
        kind: NameKind::Name,
        person,
        concept: false,
        field,
        start,
        end: start + written.len(),
    }
}

fn read(article: &Article, names: Vec<NameAt>) -> Facts {
    let folded = Folded::of(article);
    facts(
        article,
        None,
        1,
        &folded,
        names,
        &Probes::default(),
        &mut Vocabulary::default(),
    )
}

fn kind(quote: &Quote) -> &'static str {
    match quote.kind {
        QuoteKind::Quote => "quote",
        QuoteKind::Words => "words",
        QuoteKind::Indirect => "indirect",
        QuoteKind::Agreement => "agreement",
    }
}

fn case_file(name: &str) -> String {
    let path = format!("{}/tests/cases/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[derive(Deserialize)]
struct QuoteCases {
    case: Vec<QuoteCase>,
}

#[derive(Deserialize)]
struct QuoteCase {
    name: String,
    lang: String,
    text: String,
    quotes: Vec<[String; 4]>,
}

#[test]
fn who_said_what() {
    let cases: QuoteCases = toml::from_str(&case_file("quotes")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let article = article(&case.lang, "Titre", &case.text);
        let folded = Folded::of(&article);
        let reading = Reading::new(&article, 1, &folded, Vec::new());
        let found: Vec<[String; 4]> = quotes::find(&reading)
            .iter()
            .map(|quote| {
                [
                    kind(quote).to_owned(),
                    quote.text.clone(),
                    quote.speaker.clone().unwrap_or_default(),
                    quote.verb.clone().unwrap_or_default(),
                ]
            })
            .collect();
        let same = found.len() == case.quotes.len()
            && found.iter().zip(&case.quotes).all(|(found, expected)| {
                found[0] == expected[0] && found[1].starts_with(&expected[1]) && found[2..] == expected[2..]
            });
        if !same {
            wrong.push(format!("{}\n  {}\n  found {found:?}", case.name, case.text));
        }
    }
    assert!(cases.case.len() >= 25);
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.case.len(),
        wrong.join("\n")
    );
}

#[derive(Deserialize)]
struct CiteCases {
    case: Vec<CiteCase>,
}

#[derive(Deserialize)]
struct CiteCase {
    lang: String,
    text: String,
    cites: Vec<[String; 2]>,
}

#[test]
fn who_cites_whom() {
    let cases: CiteCases = toml::from_str(&case_file("cites")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let article = article(&case.lang, "Titre", &case.text);
        let folded = Folded::of(&article);
        let found: Vec<[String; 2]> = cites::find(&Reading::new(&article, 1, &folded, Vec::new()), None)
            .iter()
            .map(|cite| [cite.cited.clone(), format!("{:?}", cite.kind).to_lowercase()])
            .collect();
        if found != case.cites {
            wrong.push(format!("{}: {found:?}", case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_outlet_does_not_cite_itself() {
    let article = article("zh", "标题", "据新华社报道，会谈已经结束。");
    let folded = Folded::of(&article);
    let reading = Reading::new(&article, 1, &folded, Vec::new());
    assert_eq!(cites::find(&reading, Some("xinhua")), []);
    assert_eq!(cites::find(&reading, Some("people")).len(), 1);
}

/// Places are characters of the field, and give the words back.
#[test]
fn places_lead_back_to_the_words() {
    let text = "Étrange été. « Nous voulons ouvrir un bureau dès l’été », a déclaré Jack Lang à Pyongyang.";
    let article = article("fr", "Étrange voyage de Jack Lang", text);
    let names = vec![
        name("jack-lang", true, Field::Title, &article.title, "Jack Lang"),
        name("jack-lang", true, Field::Body, text, "Jack Lang"),
    ];
    let facts = read(&article, names);
    let cut = |text: &str, start: usize, end: usize| text.chars().skip(start).take(end - start).collect::<String>();
    let quote = &facts.quotes[0];
    assert_eq!(cut(text, quote.place.start, quote.place.end), quote.text);
    assert_eq!(quote.speaker_actor.as_deref(), Some("jack-lang"));
    assert!(
        quote.place.position > 10 && quote.place.position < 25,
        "{}",
        quote.place.position
    );
    let first = &facts.names[0];
    assert_eq!((first.n, first.first.field), (2, Field::Title));
    assert_eq!(cut(&article.title, first.first.start, first.first.end), "Jack Lang");
}

#[test]
fn headlines_show_their_signs() {
    let signs = |lang: &str, title: &str| {
        let article = article(lang, title, "");
        let folded = Folded::of(&article);
        let reading = Reading::new(&article, 1, &folded, Vec::new());
        headlines::signs(reading.lang, reading.title())
    };
    let kinds = |lang: &str, title: &str| -> Vec<(String, String)> {
        signs(lang, title)
            .hedges
            .into_iter()
            .map(|sign| (sign.kind, sign.text))
            .collect()
    };
    let pair = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    assert_eq!(kinds("zh", "法朝拟深化文化交流 为建交铺路"), [pair("plan", "拟")]);
    assert_eq!(kinds("fr", "Paris aurait ouvert un bureau"), [pair("source", "aurait")]);
    assert_eq!(
        kinds("fr", "Paris ouvrirait un bureau"),
        [pair("conditional", "ouvrirait")]
    );
    assert_eq!(
        kinds("fr", "Il considérait le port, préparait le quai, livrait le portrait"),
        []
    );
    assert_eq!(kinds("en", "France May Open Office"), [pair("modal", "May")]);
    assert_eq!(kinds("ko", "특사 방북 가능성"), [pair("doubt", "가능성")]);
    assert!(
        signs("en", "Why now?").question
            && signs("zh", "法国为何沉默").question
            && !signs("fr", "Paris se tait").question
    );
    let title = signs("fr", "L’émissaire parle d’un « pont »");
    assert_eq!(
        (title.unnamed[0].text.as_str(), title.quoted[0].text.as_str()),
        ("émissaire", "pont")
    );
    // An elided article belongs to its word, as in every length.
    assert_eq!((title.length, title.length_unit), (4, LengthUnit::Words));
    assert_eq!(
        (signs("zh", "法国与朝鲜").length, signs("zh", "法国与朝鲜").length_unit),
        (5, LengthUnit::Han)
    );
}

#[test]
fn edits_have_a_class() {
    let class = |before: (&str, &str), after: (&str, &str)| {
        let (before, after) = (
            Folded::of_texts(before.0, None, before.1),
            Folded::of_texts(after.0, None, after.1),
        );
        super::change(Some("fr"), (&before, &[]), (&after, &[])).class
    };
    let text = "Le port de la ville rouvre lundi matin après des travaux qui ont duré bien plus longtemps que prévu, au grand \
                soulagement des pêcheurs.";
    let with = |from: &str, to: &str| text.replace(from, to);
    for (expected, after) in [
        (ChangeClass::Trivial, with("matin après", "matin, apres")),
        (
            ChangeClass::Minor,
            with("bien plus", "beaucoup plus").replace("bien", "beaucoup"),
        ),
        (ChangeClass::Substantive, with("matin", "14 mars")),
        (ChangeClass::Substantive, with("soulagement", "« soulagement »")),
        (
            ChangeClass::Substantive,
            format!("{text} Le maire, absent, n’a pas souhaité répondre aux questions de la presse locale."),
        ),
        (
            ChangeClass::Correction,
            format!("{text}\n\nCorrection : le port rouvre bien lundi."),
        ),
    ] {
        assert_eq!(class(("Titre", text), ("Titre", &after)), expected, "{after}");
    }
    assert_eq!(
        class(("Le port rouvre", text), ("Le port ferme", text)),
        ChangeClass::Substantive
    );
    assert_eq!(
        class(("Le port rouvre", text), ("Le Port rouvre !", text)),
        ChangeClass::Trivial
    );
}

/// What only the Chinese papers say was agreed, and what only one of the French ones.
#[test]
fn an_agreement_of_one_part_of_the_press_stands_apart() {
    let paper = |id: &str, lang: &str, country: &str| Source {
        id: id.to_owned(),
        lang: lang.to_owned(),
        country: country.to_owned(),
        ..crate::config::provisional::source("paper.example")
    };
    let sources = [
        paper("one", "zh-Hans", "CN"),
        paper("two", "zh-Hant", "HK"),
        paper("three", "fr", "FR"),
        paper("four", "fr", "FR"),
    ];
    let mut quotes = Vec::new();
    for (id, lang, concepts) in [
        ("one", "zh", vec!["culture", "diplomatic-relations"]),
        ("two", "zh", vec!["diplomatic-relations"]),
        ("three", "fr", vec!["culture", "treaty"]),
        ("four", "fr", vec!["culture", "language"]),
    ] {
        let article = article(
            lang,
            "T",
            if lang == "zh" {
                "双方同意。"
            } else {
                "Ils sont convenus."
            },
        );
        let mut facts = read(&article, Vec::new());
        for quote in &mut facts.quotes {
            quote.concepts = concepts.iter().map(|concept| (*concept).to_owned()).collect();
            quote.source_id = id.to_owned();
        }
        quotes.extend(facts.quotes);
    }
    quotes::set_apart(&mut quotes, sources.iter());
    let [one, two, three, four] = quotes.as_slice() else {
        panic!("{quotes:#?}")
    };
    for quote in [one, two] {
        assert_eq!(quote.only_in_group.as_deref(), Some("lang:zh"));
        assert_eq!(quote.only_concepts, ["diplomatic-relations"]);
        assert_eq!(
            quote.only[0].within,
            ["lang:zh"],
            "no country and no outlet has it alone"
        );
    }
    // A word by which such sentences are found says nothing, and culture is everywhere.
    assert_eq!((three.only_in_group.as_deref(), three.only.len()), (None, 0));
    // The French papers have it alone as a language, too; but one of them is no part that is wider than itself.
    assert_eq!(four.only_in_group.as_deref(), Some("lang:fr"));
    assert_eq!(four.only[0].within, ["lang:fr", "country:FR", "source:four"]);
}
