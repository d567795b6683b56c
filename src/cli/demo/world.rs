//! The ten editions of the demonstration: what each of them had published by a given moment.
//!
//! Every word is invented; the facts of the story (an agreement, a visit, an office) are those a reader
//! of December 2009 compared by hand. The outlets' names are real, their pages and articles are not.

use jiff::{SignedDuration, Timestamp};

use super::prose::{self, Dice, Register, Tongue};
use super::story;

/// How an outlet shows what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// RSS with times and a zone.
    Rss,
    /// RSS with times and no zone, as Yonhap's foreign editions have it.
    RssZoneless,
    /// RSS without dates; the day stands on the article page.
    RssUndated,
    /// Atom with `updated`.
    Atom,
    /// A page of headlines with a day beside each, and articles without a date (KCNA's layout).
    DayList,
    /// A page of headlines; articles carry their text in `<textarea>` elements (Huanqiu's layout).
    TextareaList,
}

pub struct Outlet {
    pub host: &'static str,
    pub style: Style,
    pub tongue: Tongue,
    pub zone: &'static str,
    /// GB 2312 on the wire.
    pub gb: bool,
    pub items: Vec<Item>,
    /// Answers 503 from this moment on.
    pub down_from: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Item {
    /// Online from this moment on; also the time printed, where the outlet prints one.
    pub at: Timestamp,
    pub path: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    pub comments: Comments,
    pub credit: Option<&'static str>,
    /// A paragraph added at the top later.
    pub update: Option<(Timestamp, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    /// The site has none.
    None,
    Open(u32),
    Closed,
    /// Nothing on the page says.
    Silent,
}

/// Start of the window, ten minutes before the first look.
pub fn start() -> Timestamp {
    moment("2009-12-14T00:00:00Z")
}

pub fn end() -> Timestamp {
    moment("2009-12-18T06:00:00Z")
}

/// The seventeen looks: every six hours, from ten past midnight on the first day.
pub fn looks() -> impl Iterator<Item = Timestamp> {
    (0..17).map(|n| later(start(), SignedDuration::from_mins(10 + n * 360)))
}

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

pub fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// Everyday pieces of one outlet, spread evenly over a span.
struct Filling {
    count: usize,
    from: Timestamp,
    to: Timestamp,
    /// The story's piece is longer than this share of them.
    below: f64,
    /// Length of the story's piece.
    length: usize,
    comments: fn(usize) -> Comments,
}

fn filling(id: &'static str, tongue: Tongue, path: fn(usize, Timestamp) -> String, spec: &Filling) -> Vec<Item> {
    let span = spec.to.duration_since(spec.from).as_secs();
    // With the piece itself counted, its mid-rank percentile is (shorter + ½) / (count + 1).
    let shorter = (spec.below * (spec.count + 1) as f64 - 0.5).round() as usize;
    (0..spec.count)
        .map(|n| {
            let seed = xxhash_rust::xxh3::xxh3_64(format!("{id} {n}").as_bytes());
            let mut dice = Dice::new(seed);
            // Which of them are short is spread over the days, by a step that visits each once.
            let rank = (n * 7) % spec.count;
            let target = if rank < shorter {
                spec.length * (40 + 50 * rank / shorter.max(1)) / 100
            } else {
                spec.length * (115 + 60 * (rank - shorter) / (spec.count - shorter).max(1)) / 100
            };
            let at = later(
                spec.from,
                SignedDuration::from_secs(span * n as i64 / spec.count as i64),
            );
            Item {
                at,
                path: path(n, at),
                title: prose::headline(tongue, &mut dice),
                paragraphs: prose::passage(tongue, Register::Everyday, &[], target.max(40), seed),
                comments: (spec.comments)(n),
                credit: None,
                update: None,
            }
        })
        .collect()
}

fn silent(_: usize) -> Comments {
    Comments::Silent
}

fn none(_: usize) -> Comments {
    Comments::None
}

fn dated(at: Timestamp) -> String {
    at.strftime("%Y/%m/%d").to_string()
}

/// The outlets in the order of the sources file.
pub fn outlets() -> Vec<Outlet> {
    vec![
        xinhua(),
        people(),
        huanqiu(),
        liberation(),
        own(),
        le_monde(),
        kcna(),
        le_figaro(),
        aafc(),
        yonhap(),
    ]
}

/// The last pieces stop just before the last look, so that every one of them was listed once.
fn last_piece() -> Timestamp {
    moment("2009-12-18T00:05:00Z")
}

fn before(days: i64) -> Timestamp {
    later(start(), SignedDuration::from_hours(-24 * days))
}

fn xinhua() -> Outlet {
    let spec = Filling {
        count: 180,
        from: before(1),
        to: last_piece(),
        below: 0.38,
        length: 412,
        comments: none,
    };
    let mut items = filling(
        "xinhua-zh",
        Tongue::Chinese,
        |n, at| format!("/world/{}/c_{n}.htm", at.strftime("%Y-%m/%d")),
        &spec,
    );
    items.push(story::xinhua());
    outlet(
        "www.xinhua.example",
        Style::Rss,
        Tongue::Chinese,
        "Asia/Shanghai",
        items,
    )
}

fn people() -> Outlet {
    let spec = Filling {
        count: 160,
        from: before(1),
        to: last_piece(),
        below: 0.35,
        length: 405,
        comments: |n| Comments::Open((n % 4) as u32),
    };
    let mut items = filling(
        "people-zh",
        Tongue::Chinese,
        |n, at| format!("/GB/{}/{n}.html", dated(at)),
        &spec,
    );
    items.push(story::people());
    Outlet {
        gb: true,
        ..outlet(
            "www.people.example",
            Style::Rss,
            Tongue::Chinese,
            "Asia/Shanghai",
            items,
        )
    }
}

fn huanqiu() -> Outlet {
    // 34 other items whose comments are known, 31 of them open; older ones say nothing of comments.
    let spec = Filling {
        count: 50,
        from: before(20),
        to: before(2),
        below: 0.71,
        length: 1126,
        comments: silent,
    };
    let mut items = filling(
        "huanqiu-old",
        Tongue::Chinese,
        |n, _| format!("/article/{:011x}", 0x3c_51c0_0000_usize + n),
        &spec,
    );
    let spec = Filling {
        count: 34,
        from: before(1),
        to: last_piece(),
        below: 0.71,
        length: 1126,
        comments: |n| {
            if n % 12 == 5 {
                Comments::Closed
            } else {
                Comments::Open(8 + n as u32)
            }
        },
    };
    items.extend(filling(
        "huanqiu-zh",
        Tongue::Chinese,
        |n, _| format!("/article/{:011x}", 0x3c_51d0_0000_usize + n),
        &spec,
    ));
    items.push(story::huanqiu());
    outlet(
        "world.huanqiu.example",
        Style::TextareaList,
        Tongue::Chinese,
        "Asia/Shanghai",
        items,
    )
}

fn liberation() -> Outlet {
    let spec = Filling {
        count: 120,
        from: before(2),
        to: last_piece(),
        below: 0.12,
        length: 188,
        comments: |n| Comments::Open((n % 30) as u32),
    };
    let mut items = filling(
        "liberation-fr",
        Tongue::French,
        |n, at| format!("/monde/{}-{n}", at.strftime("01%y%m%d")),
        &spec,
    );
    items.push(story::liberation());
    outlet(
        "www.liberation.example",
        Style::RssUndated,
        Tongue::French,
        "Europe/Paris",
        items,
    )
}

fn own() -> Outlet {
    let spec = Filling {
        count: 57,
        from: before(60),
        to: before(1),
        below: 0.41,
        length: 410,
        comments: |n| Comments::Open((n % 3) as u32),
    };
    let mut items = filling(
        "own-en",
        Tongue::English,
        |n, at| format!("/{}/note-{n}/", dated(at)),
        &spec,
    );
    items.push(story::own());
    outlet(
        "blog.example",
        Style::Atom,
        Tongue::English,
        "America/Los_Angeles",
        items,
    )
}

fn le_monde() -> Outlet {
    let spec = Filling {
        count: 150,
        from: before(1),
        to: last_piece(),
        below: 0.88,
        length: 1184,
        comments: |n| Comments::Open((n % 50) as u32),
    };
    let mut items = filling(
        "lemonde-fr",
        Tongue::French,
        |n, at| format!("/international/article/{}/piece_{n}.html", dated(at)),
        &spec,
    );
    items.push(story::le_monde());
    outlet("www.lemonde.example", Style::Rss, Tongue::French, "Europe/Paris", items)
}

fn kcna() -> Outlet {
    // Days count in Pyongyang: 24 pieces of the day before the window, then 96 within it.
    let day = moment("2009-12-12T15:00:00Z");
    let spec = Filling {
        count: 24,
        from: day,
        to: moment("2009-12-13T14:00:00Z"),
        below: 0.5,
        length: 120,
        comments: none,
    };
    let mut items = filling(
        "kcna-old",
        Tongue::English,
        |n, _| format!("/en/article/detail/{:032x}", 0x4b00 + n),
        &spec,
    );
    let spec = Filling {
        count: 95,
        from: moment("2009-12-13T15:10:00Z"),
        to: last_piece(),
        below: 0.5,
        length: 120,
        comments: none,
    };
    items.extend(filling(
        "kcna-en",
        Tongue::English,
        |n, _| format!("/en/article/detail/{:032x}", 0x4c00 + n),
        &spec,
    ));
    for (at, title) in story::KCNA_ROUTINE {
        if let Some(item) = items.get_mut(at) {
            item.title = title.to_owned();
        }
    }
    items.push(story::kcna_formula());
    outlet(
        "www.kcna.example",
        Style::DayList,
        Tongue::English,
        "Asia/Pyongyang",
        items,
    )
}

fn le_figaro() -> Outlet {
    let spec = Filling {
        count: 60,
        from: before(1),
        to: later(start(), SignedDuration::from_mins(-1)),
        below: 0.5,
        length: 260,
        comments: silent,
    };
    let mut items = filling(
        "figaro-old",
        Tongue::French,
        |n, at| format!("/flash-actu/avant-{n}-{}", at.strftime("%Y%m%d")),
        &spec,
    );
    let spec = Filling {
        count: 609,
        from: start(),
        to: last_piece(),
        below: 0.5,
        length: 260,
        comments: silent,
    };
    items.extend(filling(
        "lefigaro-fr",
        Tongue::French,
        |n, at| format!("/flash-actu/piece-{n}-{}", at.strftime("%Y%m%d")),
        &spec,
    ));
    items.extend(story::figaro_instead());
    outlet(
        "www.lefigaro.example",
        Style::Rss,
        Tongue::French,
        "Europe/Paris",
        items,
    )
}

fn aafc() -> Outlet {
    let spec = Filling {
        count: 10,
        from: before(150),
        to: before(14),
        below: 0.5,
        length: 300,
        comments: |_| Comments::Open(0),
    };
    let items = filling(
        "aafc-fr",
        Tongue::French,
        |n, at| format!("/{}/billet-{n}.html", at.strftime("%Y/%m")),
        &spec,
    );
    outlet("amitie.example", Style::Rss, Tongue::French, "Europe/Paris", items)
}

fn yonhap() -> Outlet {
    let spec = Filling {
        count: 190,
        from: before(1),
        to: last_piece(),
        below: 0.5,
        length: 180,
        comments: silent,
    };
    let items = filling(
        "yonhap-en",
        Tongue::English,
        |n, at| format!("/view/AEN{}{n:05}", at.strftime("%Y%m%d")),
        &spec,
    );
    Outlet {
        // The last good look is the one of 15 December, 18:10.
        down_from: Some(moment("2009-12-15T20:00:00Z")),
        ..outlet(
            "en.yna.example",
            Style::RssZoneless,
            Tongue::English,
            "Asia/Seoul",
            items,
        )
    }
}

fn outlet(host: &'static str, style: Style, tongue: Tongue, zone: &'static str, mut items: Vec<Item>) -> Outlet {
    items.sort_by_key(|item| item.at);
    Outlet {
        host,
        style,
        tongue,
        zone,
        gb: false,
        items,
        down_from: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_silent_ones_have_the_denominators_of_the_golden_table() {
        let in_window = |host: &str| {
            let all = outlets();
            let outlet = all.iter().find(|outlet| outlet.host == host).unwrap();
            // A day-only date counts from the day's first minute in its own zone.
            let from = if host == "www.kcna.example" {
                moment("2009-12-13T15:00:00Z")
            } else {
                start()
            };
            outlet
                .items
                .iter()
                .filter(|item| item.at >= from && item.at < end())
                .count()
        };
        assert_eq!(in_window("www.kcna.example"), 96);
        assert_eq!(in_window("www.lefigaro.example"), 611);
        assert_eq!(in_window("amitie.example"), 0);
        assert_eq!(looks().last().unwrap().to_string(), "2009-12-18T00:10:00Z");
    }

    #[test]
    fn no_address_is_used_twice() {
        for outlet in outlets() {
            let mut paths: Vec<_> = outlet.items.iter().map(|item| &item.path).collect();
            let all = paths.len();
            paths.sort();
            paths.dedup();
            assert_eq!(paths.len(), all, "{}", outlet.host);
        }
    }

    #[test]
    fn a_passage_is_as_long_as_it_was_asked_to_be() {
        for tongue in [Tongue::French, Tongue::English, Tongue::Chinese] {
            for target in [40, 41, 57, 188, 412, 1126, 1184] {
                let text = prose::passage(tongue, Register::Everyday, &[], target, target as u64);
                let long: usize = text.iter().map(|paragraph| prose::length(tongue, paragraph)).sum();
                assert_eq!(long, target, "{tongue:?}: {text:?}");
            }
        }
    }
}
