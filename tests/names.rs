//! Names of actors and places across languages: the same news in three, and the beat's own actors in five spellings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use vigie::model::{Article, Comments, ItemKind, Length, LengthUnit, TextAccess};
use vigie::names::Join;
use vigie::names::gazetteer::{self, PlaceKind};
use vigie::tag::Tagger;

fn article(lang: &str, text: &str) -> Article {
    Article {
        id: "i:0".to_owned(),
        source: "gazette".to_owned(),
        url: "https://gazette.example/a".to_owned(),
        lang: Some(lang.to_owned()),
        script: None,
        title: String::new(),
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
            n: 0,
            unit: LengthUnit::Words,
        },
        digest: String::new(),
        simhash: 0,
        seen_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

#[derive(Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    countries: String,
    cities: String,
    en: String,
    fr: String,
    zh: String,
}

/// Actors found, by whether they are countries or cities; other actors left out.
struct Reader {
    tagger: Tagger,
    kinds: BTreeMap<String, PlaceKind>,
}

impl Reader {
    fn new() -> Reader {
        let config = vigie::config::builtin::config().unwrap();
        let all = gazetteer::builtin();
        let join = Join::of(&config.lexicon, all);
        let mut kinds = BTreeMap::new();
        for no in all.places() {
            let number = join.actor(no);
            let id = match config.lexicon.actors.get(number) {
                Some(actor) => actor.id.clone(),
                None => join.id(no),
            };
            kinds.insert(id, all.place(no).kind);
        }
        Reader {
            tagger: Tagger::new(&config.topics, &config.lexicon),
            kinds,
        }
    }

    fn all(&self, lang: &str, text: &str) -> Vec<String> {
        let tags = self.tagger.matches(&article(lang, text));
        tags.mentions.into_iter().map(|mention| mention.actor).collect()
    }

    fn places(&self, lang: &str, text: &str, kind: PlaceKind) -> BTreeSet<String> {
        let found = self.all(lang, text).into_iter();
        found.filter(|id| self.kinds.get(id) == Some(&kind)).collect()
    }
}

/// The figures to reach, and those that may not sink: (recall, precision) of countries, then of cities.
const FLOORS: [(&str, [f64; 4]); 3] = [
    ("en", [0.97, 0.97, 0.97, 0.97]),
    ("fr", [0.97, 0.97, 0.95, 0.95]),
    ("zh", [0.97, 0.97, 0.95, 0.95]),
];

#[test]
fn countries_and_cities_of_the_same_news_in_three_languages() {
    let rows: Rows = toml::from_str(include_str!("cases/places.toml")).unwrap();
    let reader = Reader::new();
    let mut wrong = Vec::new();
    let mut sunk = Vec::new();
    for (lang, floors) in FLOORS {
        let mut figures = Vec::new();
        for kind in [PlaceKind::Country, PlaceKind::City] {
            let (mut hit, mut wanted, mut given) = (0, 0, 0);
            for row in &rows.row {
                let text = match lang {
                    "en" => &row.en,
                    "fr" => &row.fr,
                    _ => &row.zh,
                };
                let named = if kind == PlaceKind::Country {
                    &row.countries
                } else {
                    &row.cities
                };
                let expected: BTreeSet<String> = named.split_whitespace().map(str::to_owned).collect();
                let found = reader.places(lang, text, kind);
                hit += expected.intersection(&found).count();
                wanted += expected.len();
                given += found.len();
                if expected != found {
                    let missing: Vec<_> = expected.difference(&found).collect();
                    let extra: Vec<_> = found.difference(&expected).collect();
                    wrong.push(format!("{lang} without {missing:?}, with {extra:?}: {text}"));
                }
            }
            figures.extend([hit as f64 / wanted as f64, hit as f64 / given as f64]);
        }
        println!(
            "{lang}: countries {:.3}/{:.3}, cities {:.3}/{:.3}",
            figures[0], figures[1], figures[2], figures[3]
        );
        if figures.iter().zip(floors).any(|(figure, floor)| *figure < floor) {
            sunk.push(format!("{lang} {figures:.3?} under {floors:?}"));
        }
    }
    println!("{}", wrong.join("\n"));
    assert!(sunk.is_empty(), "{sunk:#?}\n{}", wrong.join("\n"));
}

/// Every country, and the 500 largest cities, by their names in a sentence of each language.
#[test]
fn every_country_and_large_city_is_found_in_a_sentence() {
    let all = gazetteer::builtin();
    let reader = Reader::new();
    let lexicon = vigie::config::builtin::config().unwrap().lexicon;
    let join = Join::of(&lexicon, all);
    let script = |name: &str| match name.chars().next() {
        Some('\u{3400}'..='\u{9FFF}') => "zh",
        Some('\u{AC00}'..='\u{D7A3}') => "ko",
        Some(c) if c.is_ascii() || ('\u{C0}'..='\u{24F}').contains(&c) => "fr",
        _ => "",
    };
    let mut cities = 0;
    let mut figures: BTreeMap<(&str, bool), (usize, usize)> = BTreeMap::new();
    let mut missing = Vec::new();
    for no in all.places() {
        let place = all.place(no);
        let country = place.kind == PlaceKind::Country;
        cities += usize::from(!country);
        if place.kind == PlaceKind::Nowhere || cities > 500 {
            continue;
        }
        let id = match lexicon.actors.get(join.actor(no)) {
            Some(actor) => actor.id.clone(),
            None => join.id(no),
        };
        let mut seen = BTreeSet::new();
        for name in all.names_of(no).filter(|name| name.trust != gazetteer::Trust::Demonym) {
            let lang = script(name.written);
            if lang.is_empty() || !seen.insert(lang) {
                continue;
            }
            let text = match lang {
                "zh" => format!("代表团昨天访问了{}，双方举行会谈。", name.written),
                "ko" => format!("대표단은 어제 {}에서 회담을 열었다.", name.written),
                _ => format!("La délégation, arrivée hier à {}, a été reçue au palais.", name.written),
            };
            let found = reader.all(lang, &text).contains(&id);
            let figure = figures.entry((lang, country)).or_default();
            figure.0 += usize::from(found);
            figure.1 += 1;
            if !found {
                missing.push(format!("{lang} {}", name.written));
            }
        }
    }
    println!("{figures:?}\n{}", missing.join(", "));
    for ((lang, country), (found, of)) in figures {
        let share = found as f64 / of as f64;
        assert!(share >= 0.9, "{lang} countries: {country} {found} of {of}: {missing:?}");
    }
}

/// The actors of the seed, in French, English, simplified and traditional Chinese, Seoul's Korean and Pyongyang's.
#[test]
fn the_beats_actors_find_each_other_in_all_spellings() {
    let reader = Reader::new();
    let table: [(&str, [&str; 6]); 8] = [
        ("france", ["France", "France", "法国", "法國", "프랑스", "프랑스"]),
        (
            "north-korea",
            [
                "Corée du Nord",
                "DPRK",
                "朝鲜",
                "北韓",
                "북한",
                "조선민주주의인민공화국",
            ],
        ),
        (
            "jack-lang",
            ["Jack Lang", "Jack Lang", "雅克·朗", "賈克・朗", "자크 랑", "쟈크 랑"],
        ),
        (
            "kim-jong-il",
            ["Kim Jong-il", "Kim Jong Il", "金正日", "金正日", "김정일", "김정일"],
        ),
        ("pyongyang", ["Pyongyang", "Pyongyang", "平壤", "平壤", "평양", "평양"]),
        (
            "unsc-1874",
            [
                "résolution 1874",
                "Resolution 1874",
                "第1874号决议",
                "第1874號決議",
                "결의 1874호",
                "결의 제1874호",
            ],
        ),
        (
            "kcna",
            [
                "Agence centrale de presse coréenne",
                "KCNA",
                "朝中社",
                "朝鮮中央通訊社",
                "조선중앙통신",
                "조선중앙통신사",
            ],
        ),
        (
            "huanqiu",
            [
                "Huanqiu Shibao",
                "Global Times",
                "环球时报",
                "環球時報",
                "환구시보",
                "환구시보",
            ],
        ),
    ];
    let carriers = [
        ("fr", "Hier, {} était à la une."),
        ("en", "Yesterday {} was on every page."),
        ("zh", "记者昨天谈到{}。"),
        ("zh", "記者昨天談到{}。"),
        ("ko", "어제 {} 기사가 나왔다."),
        ("ko", "어제 {} 소식이 전해졌다."),
    ];
    let mut wrong = Vec::new();
    for (id, names) in table {
        for (name, (lang, carrier)) in names.iter().zip(carriers) {
            let text = carrier.replace("{}", name);
            let found = reader.all(lang, &text);
            if !found.iter().any(|found| found == id) {
                wrong.push(format!("{id} in {text}: {found:?}"));
            }
        }
    }
    // 北韓官員: the North, and not the South that 韓 and 官 might suggest.
    for text in ["北韓官員談到觀光", "北韓發展觀光"] {
        let found = reader.all("zh", text);
        if found != ["north-korea"] {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    for (text, expected) in [
        ("法朝关系", "north-korea france"),
        ("中法会谈", "china france"),
        ("朝法会谈", "north-korea france"),
        ("中美会谈", "china united-states"),
        ("俄朝会谈", "north-korea russia"),
        ("美韩演习", "south-korea united-states"),
    ] {
        let found = reader.all("zh", text);
        if found.join(" ") != expected {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
