//! Where the archive keeps what a comparison rests on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use crate::model::ArticleId;
use crate::model::comparison::Comparison;
use crate::model::page::Location;
use crate::store::{Cell, Export, Reader, StoreError};

/// The record of each article's present words, as far as one is kept.
pub fn copies(reader: &Reader, comparison: &Comparison) -> Result<BTreeMap<ArticleId, Location>, StoreError> {
    let ids: Vec<&str> = comparison.articles.iter().map(|article| article.id.as_str()).collect();
    let mut copies = BTreeMap::new();
    // Oldest first, so that the last one stays.
    for kept in reader.kept_versions(&ids)? {
        copies.insert(kept.article, kept.location);
    }
    Ok(copies)
}

/// The ledger of these sources' looks in the window, as `vigie export looks` has it.
pub fn ledger(reader: &Reader, comparison: &Comparison) -> Result<(Vec<String>, Vec<Vec<Cell>>), StoreError> {
    let export = Export::Looks(Some(comparison.window));
    let columns = reader.export_columns(&export)?;
    let source = columns.iter().position(|name| name == "source_id");
    let mut rows = Vec::new();
    reader.export(&export, |cells| -> Result<ControlFlow<()>, StoreError> {
        let laid_out = |cell: &Cell| matches!(cell, Cell::Text(id) if row_of(comparison, id));
        if source.and_then(|at| cells.get(at)).is_some_and(laid_out) {
            rows.push(cells.to_vec());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((columns, rows))
}

fn row_of(comparison: &Comparison, source: &str) -> bool {
    comparison.sources.iter().any(|row| row.source_id == source)
}

/// A record of the archive that a comparison rests on.
pub struct Evidence {
    /// `version` or `look`
    pub what: &'static str,
    pub source: String,
    /// The article's id and version, or the look's number.
    pub of: String,
    pub location: Location,
}

/// Every version of the story's articles, and every look at the sources without one.
pub fn evidence(reader: &Reader, comparison: &Comparison) -> Result<Vec<Evidence>, StoreError> {
    let ids: Vec<&str> = comparison.articles.iter().map(|article| article.id.as_str()).collect();
    let source = |id: &str| {
        let article = comparison.articles.iter().find(|article| article.id == id);
        article.map_or_else(String::new, |article| article.source_id.clone())
    };
    let mut records: Vec<Evidence> = reader
        .kept_versions(&ids)?
        .into_iter()
        .map(|kept| Evidence {
            what: "version",
            source: source(&kept.article),
            of: format!("{} {}", kept.article, kept.n),
            location: kept.location,
        })
        .collect();
    for silence in &comparison.silences {
        for (look, location) in reader.kept_looks(&silence.look_ids)? {
            records.push(Evidence {
                what: "look",
                source: silence.source_id.clone(),
                of: look.to_string(),
                location,
            });
        }
    }
    Ok(records)
}

/// Where each copied record begins, by file and place in the archive.
pub type Begins = BTreeMap<(String, u64), u64>;

/// The bytes of these records, each once, in the order of the archive, behind a record that says what they are (ISO 28500
/// §6.2): a WARC file of its own. Gives with each record where it now begins.
pub fn copy_records(archive: &Path, records: &[Evidence], info: Vec<u8>) -> io::Result<(Vec<u8>, Begins)> {
    let mut places: Vec<&Location> = records.iter().map(|record| &record.location).collect();
    places.sort_by(|a, b| (&a.file, a.offset).cmp(&(&b.file, b.offset)));
    places.dedup_by(|a, b| a.file == b.file && a.offset == b.offset);
    let (mut bytes, mut begins) = (info, Begins::new());
    let mut open: Option<(&str, File)> = None;
    for place in places {
        let mut file = match open.take() {
            Some((name, file)) if name == place.file => file,
            _ => File::open(archive.join(&place.file))?,
        };
        file.seek(SeekFrom::Start(place.offset))?;
        begins.insert((place.file.clone(), place.offset), bytes.len() as u64);
        let copied = (&mut file).take(place.length).read_to_end(&mut bytes)? as u64;
        if copied != place.length {
            let why = format!("{} ends within the record at {}", place.file, place.offset);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        open = Some((&place.file, file));
    }
    Ok((bytes, begins))
}
