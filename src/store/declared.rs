//! Sources as sources.toml had them at the last run, so that exports, views and old articles keep their labels.

use rusqlite::{OptionalExtension, Row, params};

use crate::model::Source;

use super::columns::{Json, Word};
use super::error::StoreError;
use super::open::{Batch, Reader};

const UPSERT: &str = "INSERT INTO source (id, name, edition, home, country, lang, ownership, kind, groups, timezone,
        enabled, provisional, declared, config)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, edition = excluded.edition, home = excluded.home,
        country = excluded.country, lang = excluded.lang, ownership = excluded.ownership, kind = excluded.kind,
        groups = excluded.groups, timezone = excluded.timezone, enabled = excluded.enabled,
        provisional = excluded.provisional, declared = excluded.declared, config = excluded.config
    WHERE excluded.declared OR NOT declared";

impl Batch<'_> {
    /// Writes what sources.toml says now. Sources taken out of it stay, marked as no longer declared.
    pub fn mirror_sources(&self, sources: &[Source]) -> Result<(), StoreError> {
        self.conn.execute("UPDATE source SET declared = 0", [])?;
        for source in sources {
            self.write_source(source, !source.provisional)?;
        }
        Ok(())
    }

    /// Makes sure that a source an import invented has a row; never overrules sources.toml.
    pub fn ensure_source(&self, source: &Source) -> Result<(), StoreError> {
        self.write_source(source, false)
    }

    fn write_source(&self, source: &Source, declared: bool) -> Result<(), StoreError> {
        self.conn.prepare_cached(UPSERT)?.execute(params![
            source.id,
            source.name,
            source.edition,
            source.home,
            source.country,
            source.lang,
            Word(source.ownership),
            Word(source.kind),
            Json(&source.groups),
            source.timezone,
            source.enabled,
            source.provisional,
            declared,
            Json(source),
        ])?;
        Ok(())
    }

    /// A row to refer to, for a source that only the archive knows: a replay may run before any mirror.
    pub(super) fn know_source(&self, id: &str, provisional: bool) -> Result<(), StoreError> {
        let sql = "INSERT INTO source (id, name, home, country, lang, ownership, kind, groups, timezone, enabled,
                provisional, declared)
            VALUES (?1, ?1, '', '', 'und', 'unknown', 'press', '[]', 'UTC', 0, ?2, 0)
            ON CONFLICT (id) DO NOTHING";
        self.conn.prepare_cached(sql)?.execute(params![id, provisional])?;
        Ok(())
    }
}

impl Reader {
    /// Every source whose declaration is known, by id: those of sources.toml and the provisional ones.
    pub fn sources(&self) -> Result<Vec<Source>, StoreError> {
        let mut all = self
            .conn
            .prepare_cached("SELECT config FROM source WHERE config IS NOT NULL ORDER BY id")?;
        let sources = all.query_map([], declared)?.collect::<Result<_, _>>()?;
        Ok(sources)
    }

    /// Those that stood in sources.toml at the last run, by id.
    pub fn declared_sources(&self) -> Result<Vec<Source>, StoreError> {
        let sql = "SELECT config FROM source WHERE declared = 1 AND config IS NOT NULL ORDER BY id";
        let mut all = self.conn.prepare_cached(sql)?;
        let sources = all.query_map([], declared)?.collect::<Result<_, _>>()?;
        Ok(sources)
    }

    /// One source's declaration.
    pub fn source(&self, id: &str) -> Result<Option<Source>, StoreError> {
        let sql = "SELECT config FROM source WHERE id = ?1 AND config IS NOT NULL";
        Ok(self.conn.prepare_cached(sql)?.query_row([id], declared).optional()?)
    }
}

fn declared(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(row.get::<_, Json<Source>>(0)?.0)
}
