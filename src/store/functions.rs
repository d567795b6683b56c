//! What SQL asks of the text itself: functions of ours on a reading connection.
//!
//! Takes a connection, adds `vigie_holds` and `vigie_tokens` to it. They are pure, so that count, order and limit
//! work in one statement; nothing stored refers to them, so that any SQLite still reads the file.

use std::error::Error;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::model::article::Field;
use crate::model::query::Asked;
use crate::text::holds::passes;
use crate::text::tokens::index_text;

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // What is asked as JSON, title, lead, body.
    conn.create_scalar_function("vigie_holds", 4, flags, |call| {
        // Kept from row to row, since the same is asked of all of them.
        let asked = call.get_or_create_aux(0, |value| -> Result<Asked, Box<dyn Error + Send + Sync>> {
            Ok(serde_json::from_str(value.as_str()?)?)
        })?;
        let fields = [
            (Field::Title, string(call, 1)?),
            (Field::Lead, string(call, 2)?),
            (Field::Body, string(call, 3)?),
        ];
        Ok(passes(&asked, &fields))
    })?;
    // The tokens of a text, each between spaces.
    conn.create_scalar_function("vigie_tokens", 1, flags, |call| {
        Ok(format!(" {} ", index_text(string(call, 0)?)))
    })
}

fn string<'c>(call: &'c Context<'_>, argument: usize) -> rusqlite::Result<&'c str> {
    let value = call.get_raw(argument).as_str_or_null();
    Ok(value
        .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))?
        .unwrap_or_default())
}
