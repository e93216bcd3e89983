//! Migrations: numbered SQL files, frozen once landed, each in its own transaction before the hub serves.

use rusqlite::Connection;

use super::E;
use super::lite::error;

/// Every migration in order; its place (from 1) is the schema's number after it.
pub const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_init.sql"),
    include_str!("migrations/0002_district.sql"),
    include_str!("migrations/0003_custody_envelope.sql"),
    include_str!("migrations/0004_keyed_tables.sql"),
    include_str!("migrations/0005_form_files.sql"),
    include_str!("migrations/0006_entity_lists.sql"),
];

/// A migration in SQLite's spelling.
pub(super) fn for_sqlite(text: &str) -> String {
    text.replace("{INT8}", "INTEGER")
        .replace("{BYTES}", "BLOB")
        .replace("{STRICT}", "STRICT")
        .replace("{KEYED}", "STRICT, WITHOUT ROWID")
}

/// Brings a SQLite file up to the newest schema.
///
/// # Errors
/// [`E::Other`] if the file is of a newer hub (it is not touched), else what SQLite says.
pub fn migrate(connection: &mut Connection) -> Result<(), E> {
    let newest = MIGRATIONS.len();
    let version: i64 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(|e| error(&e))?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > newest {
        return Err(E::Other(format!("the database has schema {version}, this hub knows {newest}")));
    }
    for (at, text) in MIGRATIONS.iter().enumerate().skip(version) {
        let tx = connection.transaction().map_err(|e| error(&e))?;
        tx.execute_batch(&for_sqlite(text)).map_err(|e| error(&e))?;
        let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
        tx.pragma_update(None, "user_version", number).map_err(|e| error(&e))?;
        tx.commit().map_err(|e| error(&e))?;
    }
    Ok(())
}
