//! A page's row and its record in the archive to something that can be digested.

use std::path::Path;

use crate::archive;
use crate::digest::derive::{Content, Material};
use crate::model::Link;
use crate::store::{PageForm, PageRow};

/// Why a kept page could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the record at {file}:{offset} cannot be read: {source}")]
    Record {
        file: String,
        offset: u64,
        source: archive::read::ReadError,
    },
    #[error("the record at {file}:{offset} holds no response")]
    NoResponse { file: String, offset: u64 },
}

/// Reads a page back. `archive` is the folder of the archive; `link` what listings claim about it.
pub fn material(archive: &Path, row: PageRow, link: Option<Link>) -> Result<Material, LoadError> {
    let content = match row.form {
        PageForm::ListingItem => Content::Item,
        PageForm::Response | PageForm::Row => {
            let record = archive::read_at(archive, &row.location).map_err(|source| LoadError::Record {
                file: row.location.file.clone(),
                offset: row.location.offset,
                source,
            })?;
            if row.form == PageForm::Row {
                Content::Row(record.block)
            } else {
                let parts = record.http().ok_or_else(|| LoadError::NoResponse {
                    file: row.location.file.clone(),
                    offset: row.location.offset,
                })?;
                Content::Response {
                    status: parts.status,
                    headers: parts.headers,
                    body: parts.body.into_owned(),
                }
            }
        }
    };
    Ok(Material {
        page: row.id,
        source: row.source,
        url: row.final_url.unwrap_or_else(|| row.url.clone()),
        requested: row.url,
        seen_at: row.at,
        first_seen_at: row.first_seen_at,
        link: row.claim.or(link),
        content,
    })
}
