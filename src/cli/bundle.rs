//! `vigie compare --bundle`: gathers what the ZIP holds.

use std::borrow::Cow;

use anyhow::Context as _;

use crate::archive::warcinfo;
use crate::cli::export;
use crate::cli::format::{Format, render};
use crate::cli::options::Common;
use crate::cli::story::spec;
use crate::model::comparison::Comparison;
use crate::read::kept;
use crate::report;
use crate::report::citation::Copies;
use crate::report::csv::{Dialect, Sheet};
use crate::report::parcel::{self, File};
use crate::report::sheets::Ledger;
use crate::store::Reader;

/// The ledger as text cells.
pub fn ledger(reader: &Reader, comparison: &Comparison) -> anyhow::Result<Ledger> {
    let (columns, rows) = kept::ledger(reader, comparison)?;
    let cells = |row: &Vec<crate::store::Cell>| row.iter().map(|cell| export::text(cell).into_owned()).collect();
    Ok(Ledger {
        rows: rows.iter().map(cells).collect(),
        columns,
    })
}

pub fn pack(
    common: &Common,
    reader: &Reader,
    comparison: &Comparison,
    copies: &Copies,
    pages: bool,
) -> anyhow::Result<Vec<u8>> {
    let mut files = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| files.push(File { name, bytes });
    for (name, format) in [
        ("comparison.html", Format::Html),
        ("comparison.md", Format::Md),
        ("comparison.json", Format::Json),
        ("citations.ris", Format::Ris),
        ("citations.bib", Format::Bib),
        ("citations.json", Format::Csl),
    ] {
        add(name.to_owned(), render(format, false, true, comparison, copies)?);
    }
    add(
        "vigie.compare.schema.json".to_owned(),
        report::schema::COMPARE.as_bytes().to_vec(),
    );
    for (name, bytes) in report::sheets::files(comparison, &ledger(reader, comparison)?, Dialect::Plain)? {
        add(format!("csv/{name}"), bytes);
    }
    if comparison.story.spec_sha256.is_some()
        && let Some(file) = spec::find(common, &comparison.story.id)?
    {
        add("story.toml".to_owned(), file.text.into_bytes());
    }
    if pages {
        let records = kept::evidence(reader, comparison)?;
        let archive = common.data.join("archive");
        let what = format!(
            "records of the archive that the comparison {} rests on",
            comparison.story.id
        );
        let info = warcinfo("records.warc.gz", comparison.generated_at, &what)?;
        let (warc, begins) = kept::copy_records(&archive, &records, info)
            .context("the archive does not hold a record of this comparison")?;
        let mut index = Vec::new();
        let header = [
            "what",
            "source_id",
            "of",
            "offset",
            "length",
            "archive_file",
            "archive_offset",
        ];
        let mut sheet = Sheet::new(&mut index, &header)?;
        for record in &records {
            let place = &record.location;
            let begins = begins
                .get(&(place.file.clone(), place.offset))
                .copied()
                .unwrap_or_default();
            let cells = [
                record.what.to_owned(),
                record.source.clone(),
                record.of.clone(),
                begins.to_string(),
                place.length.to_string(),
                place.file.clone(),
                place.offset.to_string(),
            ];
            sheet.row(cells.into_iter().map(Cow::from))?;
        }
        sheet.finish()?;
        add("records.csv".to_owned(), index);
        add("records.warc.gz".to_owned(), warc);
    }
    Ok(parcel::pack(comparison, files, pages)?)
}
