//! `vigie backup`.

use std::path::{Path, PathBuf};

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::cli::{Exit, output};
use crate::report;
use crate::store::{Reader, StoreError};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The copy is consistent while a crawl writes. The archive's files only grow, so copy them with any
tool; `vigie doctor --rebuild` makes a database from them alone.

Examples:
  vigie backup                  data/backups/vigie-20260101T034000Z.db, the newest 7 kept
  vigie backup --to copy.db")]
pub struct Args {
    /// Write the copy here
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How many copies to keep in data/backups
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub keep: usize,
    /// Read the copy back and check it
    #[arg(long)]
    pub verify: bool,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let path = match args.to {
        Some(path) => {
            copy(&common.reader()?, &path)?;
            path
        }
        None => keep(common, args.keep)?,
    };
    if args.verify {
        Reader::open(&path)?.integrity()?;
    }
    let bytes = std::fs::metadata(&path)?.len();
    if common.json {
        output::json(&serde_json::json!({ "path": path, "bytes": bytes, "verified": args.verify }))?;
    } else {
        let verified = if args.verify { "  read back: ok" } else { "" };
        output::line(format!("{}  {}{verified}", path.display(), report::crawl::size(bytes)))?;
    }
    Ok(Exit::Done)
}

/// A copy that would overwrite something is the typist's mistake.
fn copy(reader: &Reader, path: &Path) -> anyhow::Result<()> {
    match reader.backup_to(path) {
        Err(error @ StoreError::Exists { .. }) => Err(mistake(format!("{error}\nhint: --to another file"))),
        other => Ok(other?),
    }
}

/// A dated copy in `data/backups`, of which the newest `keep` stay.
pub fn keep(common: &Common, keep: usize) -> anyhow::Result<PathBuf> {
    let reader = common.reader()?;
    let folder = common.data.join("backups");
    std::fs::create_dir_all(&folder)?;
    let stamp = common.clock().now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let named = |n: u32| match n {
        1 => folder.join(format!("vigie-{stamp}.db")),
        n => folder.join(format!("vigie-{stamp}-{n}.db")),
    };
    // Two copies within one second are two copies.
    let path = (1..).map(named).find(|path| !path.exists()).unwrap_or_else(|| named(1));
    copy(&reader, &path)?;
    let mut copies = copies(&folder)?;
    while copies.len() > keep.max(1) {
        std::fs::remove_file(copies.remove(0))?;
    }
    Ok(path)
}

/// Our copies, oldest first: the date is in the name.
fn copies(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut copies: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("vigie-") && name.ends_with(".db")
        })
        .collect();
    copies.sort();
    Ok(copies)
}
