//! `vigie inspect url`: the canonical form of an address, and whether it may be dialled. Asks nothing of the network.

use serde::Serialize;
use url::{Host, Url};

use crate::cli::Exit;
use crate::cli::options::Common;
use crate::fetch::guard;
use crate::identify::canonical;

use super::{Batch, batch, fields, print, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie inspect url 'https://m.paper.example/a.html?utm_source=x'
  vigie inspect url --batch rows.jsonl     rows: id, url

A source of sources.toml that claims the address says which keys of its query are part of it (`identity_query`).")]
pub struct Args {
    /// The address
    #[arg(value_name = "URL", required_unless_present = "batch", conflicts_with = "batch")]
    pub url: Option<String>,
    #[command(flatten)]
    pub batch: Batch,
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrable_domain: Option<String>,
    public: bool,
    why: String,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    // Without sources of its own there is nothing that a folder could say of an address.
    let declared = common.config.join("sources.toml").exists();
    let config = declared.then(|| common.config()).transpose()?;
    let read = |address: &str| {
        let source = config.as_ref().and_then(|config| config.source_for_url(address));
        read(address, source.map_or(&[], |source| source.identity_query.as_slice()))
    };
    if let Some(rows) = &args.batch.batch {
        return batch::run(rows, |row| {
            fields(&read(row.required("url").map_err(anyhow::Error::msg)?))
        });
    }
    print(common, &read(args.url.as_deref().unwrap_or_default()), human)
}

/// `identity`: the keys that the address's source says are part of it.
fn read(address: &str, identity: &[String]) -> Answer {
    let canonical = canonical::canonical(address, identity);
    let url = Url::parse(canonical.as_deref().unwrap_or(address)).ok();
    // As typed, since a canonical form could hide what was asked; only an address without its scheme is read as one.
    let schemeless = Url::parse(address).err() == Some(url::ParseError::RelativeUrlWithoutBase);
    let asked = canonical.as_deref().filter(|_| schemeless).unwrap_or(address);
    let (public, why) = guard::public_verdict(asked);
    Answer {
        host: url.as_ref().and_then(Url::host_str).map(str::to_owned),
        registrable_domain: url.as_ref().and_then(registrable_domain),
        canonical,
        public,
        why,
    }
}

/// By the Public Suffix List; an IP address has none.
fn registrable_domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => psl::domain_str(name).map(str::to_owned),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

fn human(answer: &Answer) -> String {
    let mut out = String::new();
    say(&mut out, "canonical", Some(answer.canonical.as_deref().unwrap_or("–")));
    say(&mut out, "host", answer.host.as_deref());
    say(&mut out, "domain", answer.registrable_domain.as_deref());
    let public = if answer.public { "yes" } else { "no" };
    say(&mut out, "public", Some(&format!("{public}: {}", answer.why)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_good_and_bad() {
        let read = |address| read(address, &[]);
        let paper = read("HTTPS://www.Paper.co.uk:443/a/../b.html?utm_source=x#top");
        assert_eq!(paper.canonical.as_deref(), Some("https://www.paper.co.uk/b.html"));
        assert_eq!(paper.registrable_domain.as_deref(), Some("paper.co.uk"));
        assert!(paper.public);
        let typed = read("Paper.co.uk/a.html");
        assert_eq!(
            (typed.canonical.as_deref(), typed.public),
            (Some("http://paper.co.uk/a.html"), true)
        );
        for private in [
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://0x7f.1/",
            "ftp://paper.example/",
            "nonsense",
            "",
        ] {
            let answer = read(private);
            assert!(!answer.public && !answer.why.is_empty(), "{private}");
            assert_eq!(
                answer.registrable_domain.is_some(),
                private.starts_with("ftp"),
                "{private}"
            );
        }
    }

    #[test]
    fn a_source_keeps_the_keys_that_are_part_of_its_addresses() {
        let typed = "https://paper.example/a?utm_source=7&id=3";
        let canonical = |keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            read(typed, &keys).canonical
        };
        assert_eq!(canonical(&[]).as_deref(), Some("https://paper.example/a?id=3"));
        assert_eq!(
            canonical(&["utm_source"]).as_deref(),
            Some("https://paper.example/a?id=3&utm_source=7")
        );
    }
}
