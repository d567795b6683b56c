//! What servers do to their own listings and links, and what is kept all the same.

mod common;

use common::press::{rows, value};
use common::program::Desk;
use common::reply::Framing;
use common::{Reply, SiteServer};

const HOST: &str = "ferry.example";

/// So many items, each with words of its own.
fn feed(count: usize) -> String {
    let about = ["timetable", "captain", "lighthouse", "customs", "seagulls", "dredging"];
    let item = |n: usize| {
        let about = about[n % about.len()];
        format!(
            "<item><title>Harbour board debates {about}</title><link>http://{HOST}/a/{n}</link>\
             <pubDate>Mon, 04 May 2026 0{n}:00:00 GMT</pubDate></item>"
        )
    };
    let items: String = (0..count).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>Ferry</title><link>http://{HOST}/</link>{items}</channel></rss>")
}

fn crawl(server: &SiteServer, desk: &Desk, now: &str) {
    let ended = desk.crawl(server, now, &[]);
    assert!(ended.code.is_some_and(|code| code != 101), "{ended:?}");
}

fn page(title: &str, about: &str) -> Reply {
    let words = format!("{about} was read out twice before anybody in the room found a word to say about it. ");
    Reply::html(format!(
        "<html lang=en><title>{title}</title><article><h1>{title}</h1><p>{}</p></article>",
        words.repeat(4)
    ))
}

#[test]
fn a_feed_that_breaks_off_on_the_way_keeps_its_complete_items() {
    let whole = feed(6);
    let cut = whole.find("/a/4").expect("the fifth item");
    let broken: [(&str, Reply); 3] = [
        ("a connection that is reset", Reply::xml(&whole).cut_after(cut)),
        (
            "fewer bytes than were declared",
            Reply::xml(&whole[..cut]).framing(Framing::WrongLength(whole.len() as u64)),
        ),
        ("a gzip that breaks off", {
            let packed = Reply::xml(&whole).gzip();
            let keep = packed.body.len() - 40;
            packed.shortened(keep)
        }),
    ];
    for (how, reply) in broken {
        let (server, desk) = (SiteServer::start(), Desk::of_source("ferry", HOST));
        server.put(HOST, "/rss.xml", reply);
        crawl(&server, &desk, "2026-05-04T10:00:00Z");
        let look = "SELECT outcome, verdict, items FROM v_looks";
        let looked = rows(&desk.data(), look);
        let [one] = looked.as_slice() else {
            panic!("{how}: {looked:?}")
        };
        assert!(one.starts_with("ok | in-part | "), "{how}: {one}");
        let links = "SELECT url FROM link ORDER BY url";
        let kept = rows(&desk.data(), links);
        assert!(kept.len() >= 3 && kept.len() < 6, "{how}: {kept:?}");
        assert!(kept[0].ends_with("/a/0"), "{how}: {kept:?}");
        // The archive holds the same bytes, and they are read the same way.
        let rebuilt = desk.run(&["doctor", "--rebuild"]);
        assert_eq!(rebuilt.code, Some(0), "{how}: {rebuilt:?}");
        assert_eq!(
            (rows(&desk.data(), links), rows(&desk.data(), look)),
            (kept, looked),
            "{how}"
        );
    }
}

#[test]
fn links_that_lead_to_one_wall_stay_articles_of_their_own() {
    let consent = page("Before you continue", "The list of partners who may store something");
    let login = Reply::html(
        "<html lang=en><title>Log in</title><form><h1>Log in</h1><input name=who><input type=password></form></html>",
    );
    for (landing, wall) in [("/consent", &consent), ("/", &consent), ("/login", &login)] {
        let (server, desk) = (SiteServer::start(), Desk::of_source("ferry", HOST));
        server.put(HOST, "/rss.xml", Reply::xml(feed(5)));
        for n in 0..4 {
            server.put(HOST, &format!("/a/{n}"), Reply::redirect(302, landing));
        }
        // One that really moved, under a headline that was rewritten.
        server.put(HOST, "/a/4", Reply::redirect(301, "/moved/44"));
        server.put(
            HOST,
            "/moved/44",
            page("Gulls outvoted", "The paper on seagulls that the harbour board debates"),
        );
        server.put(HOST, landing, wall.clone());
        for now in ["2026-05-04T10:00:00Z", "2026-05-04T16:00:00Z", "2026-05-04T22:00:00Z"] {
            crawl(&server, &desk, now);
        }
        let titles = rows(&desk.data(), "SELECT title FROM v_articles ORDER BY title");
        let expected = [
            "Gulls outvoted",
            "Harbour board debates captain",
            "Harbour board debates customs",
            "Harbour board debates lighthouse",
            "Harbour board debates timetable",
        ];
        assert_eq!(titles, expected, "{landing}");
        assert_eq!(
            value(&desk.data(), "SELECT count(DISTINCT article) FROM article_url"),
            "5",
            "{landing}"
        );
    }
}
