//! `vigie sources export`: the sources to take along.

use std::io::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use quick_xml::escape::escape;

use crate::cli::Exit;
use crate::cli::options::Common;
use crate::model::{ListingKind, Source};
use crate::report::{clean, json};

use super::file::SourcesToml;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  vigie sources export > feeds.opml          every feed, for any feed reader (OPML 2.0)
  vigie sources export --toml > copy.toml
  vigie sources export --json                every source as it was read, one a line")]
pub struct Args {
    /// All feeds as OPML 2.0 (which is what happens anyway)
    #[arg(long, conflicts_with = "toml")]
    pub opml: bool,
    /// The file as it stands
    #[arg(long)]
    pub toml: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let file = SourcesToml::read(common)?;
    let mut out = std::io::stdout().lock();
    if args.toml {
        out.write_all(file.text.as_bytes())?;
    } else if common.json && !args.opml {
        for source in &file.config.sources {
            writeln!(out, "{}", json::line(source)?)?;
        }
    } else {
        out.write_all(opml(&file.config.sources, common.clock().now()).as_bytes())?;
    }
    Ok(Exit::Done)
}

/// OPML 2.0: one outline a feed. A disabled source's are comments (`isComment`), which readers pass over.
pub fn opml(sources: &[Source], now: Timestamp) -> String {
    // OPML 2.0 asks for dates as RFC 822 writes them.
    let date = now
        .to_zoned_datetime(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S GMT");
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>vigie: sources</title>\n    \
         <dateCreated>{date}</dateCreated>\n  </head>\n  <body>\n"
    );
    for source in sources {
        let feeds = source
            .listings
            .iter()
            .filter(|listing| listing.kind == ListingKind::Feed);
        for feed in feeds {
            // XML has no place for control characters, escaped or not.
            let label = clean::line(&source.label());
            let label = escape(label.as_str());
            let comment = if source.enabled { "" } else { " isComment=\"true\"" };
            out.push_str(&format!(
                "    <outline text=\"{label}\" title=\"{label}\" type=\"rss\" xmlUrl=\"{}\" htmlUrl=\"{}\" language=\"{}\"{comment}/>\n",
                escape(feed.url.as_str()),
                escape(source.home.as_str()),
                escape(source.lang.as_str()),
            ));
        }
    }
    out.push_str("  </body>\n</opml>\n");
    out
}
