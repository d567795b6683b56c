//! A shelf of outlets that all look alike, for tests that need many pages rather than a story.

use std::fs;
use std::path::Path;

use super::{Reply, SiteServer};

pub const HOSTS: usize = 6;

/// Puts `pages` pages on each of the hosts, announced by one feed a host.
pub fn fill(server: &SiteServer, pages: usize) {
    for host in 0..HOSTS {
        let name = host_name(host);
        let mut items = String::new();
        for page in 0..pages {
            let title = title(host, page);
            items.push_str(&format!(
                "<item><title>{title}</title><link>http://{name}/p/{page}</link><description>{title}, told in full on \
                 its own page.</description><pubDate>Sun, 01 Mar 2026 {:02}:{:02}:00 +0000</pubDate></item>\n",
                page / 60,
                page % 60
            ));
            server.put(&name, &format!("/p/{page}"), Reply::html(html(host, page)));
        }
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{name}</title><link>http://{name}/</link><description>{name}\
             </description>\n{items}</channel></rss>"
        );
        server.put(&name, "/rss.xml", Reply::xml(feed));
        server.put(&name, "/robots.txt", Reply::text("User-agent: *\nDisallow:\n"));
    }
}

/// Writes the `sources.toml` of the shelf.
pub fn declare(folder: &Path) {
    let mut text = String::from("[crawler]\ncontact = \"https://vigie.example/tests\"\n");
    for host in 0..HOSTS {
        let name = host_name(host);
        text.push_str(&format!(
            "\n[[source]]\nid = \"shelf-{host}\"\nname = \"Shelf {host}\"\nhome = \"http://{name}/\"\ncountry = \"GB\"\n\
             lang = \"en\"\nownership = \"private\"\nkind = \"press\"\ntimezone = \"UTC\"\nfeeds = [\"http://{name}/rss.xml\"]\n"
        ));
    }
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("sources.toml"), text).expect("sources.toml");
}

fn host_name(host: usize) -> String {
    format!("shelf{host}.example")
}

fn title(host: usize, page: usize) -> String {
    let mut words = words(host, page, 5);
    words[0] = words[0][..1].to_uppercase() + &words[0][1..];
    format!("{} number {page}", words.join(" "))
}

fn html(host: usize, page: usize) -> String {
    let title = title(host, page);
    let paragraphs: String = (1..=4)
        .map(|n| format!("<p>{}.</p>\n", words(host, page * 31 + n, 45).join(" ")))
        .collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><main>\
         <article><h1>{title}</h1>\n{paragraphs}</article></main></body></html>"
    )
}

/// Words in an order that is another for every page and the same in every run, so that no two pages are alike.
fn words(host: usize, seed: usize, count: usize) -> Vec<String> {
    const WORDS: [&str; 40] = [
        "harbour",
        "lantern",
        "meadow",
        "orchard",
        "bridge",
        "council",
        "winter",
        "the",
        "of",
        "a",
        "and",
        "with",
        "market",
        "teacher",
        "engine",
        "silver",
        "letter",
        "garden",
        "window",
        "river",
        "morning",
        "baker",
        "signal",
        "theatre",
        "island",
        "captain",
        "museum",
        "paper",
        "station",
        "valley",
        "voices",
        "under",
        "after",
        "through",
        "carried",
        "painted",
        "counted",
        "opened",
        "closed",
        "remembered",
    ];
    let mut state = ((host as u64) << 32) + seed as u64;
    (0..count)
        .map(|_| {
            // SplitMix64.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            WORDS[(mixed >> 33) as usize % WORDS.len()].to_owned()
        })
        .collect()
}
