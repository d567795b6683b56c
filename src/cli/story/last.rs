//! What was last exported of a story, in `exports/` beside the store.
//!
//! It is written when a comparison goes into a file, and read by `vigie compare … --since last`. Neither the archive nor
//! the pages know of it, so it is no part of the database, and `vigie doctor --rebuild` leaves it alone.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::compare::changes;
use crate::model::comparison::Comparison;
use crate::model::export::{Export, SCHEMA};

const FOLDER: &str = "exports";

fn path(common: &Common, story: &str) -> PathBuf {
    common.data.join(FOLDER).join(format!("{story}.json"))
}

/// What was exported last of this story, which must be there.
pub fn read(common: &Common, story: &str) -> anyhow::Result<Export> {
    let path = path(common, story);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(mistake(format!(
                "nothing was exported of {story} yet, so there is nothing to compare with\nhint: vigie compare {story} --output FILE"
            )));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let kept = serde_json::from_str::<Export>(&text)
        .ok()
        .filter(|export| export.schema == SCHEMA);
    kept.ok_or_else(|| {
        mistake(format!(
            "{} is no export of this version of vigie\nhint: remove it, and export the story anew",
            path.display()
        ))
    })
}

/// Remembers what goes out.
pub fn keep(common: &Common, comparison: &Comparison) -> anyhow::Result<()> {
    let path = path(common, &comparison.story.id);
    let write = || -> anyhow::Result<()> {
        std::fs::create_dir_all(common.data.join(FOLDER))?;
        let mut text = serde_json::to_string_pretty(&changes::export(comparison))?;
        text.push('\n');
        super::pin::replace(&path, &text)
    };
    write().with_context(|| format!("cannot remember this export in {}", path.display()))
}
