//! Numbered migrations over `user_version`, one transaction each, frozen once landed.

use rusqlite::Connection;

use super::{Result, StoreError};

/// Migrations of `mine.db`; the first brings an empty file to version 1.
pub(super) const MINE: &[&str] =
    &[include_str!("migrations/mine/0001_init.sql"), include_str!("migrations/mine/0002_listed_change.sql")];
/// Migrations of `hub.db`.
pub(super) const HUB: &[&str] =
    &[include_str!("migrations/hub/0001_init.sql"), include_str!("migrations/hub/0002_form_offered.sql")];

/// Brings the file up to the newest version. True if something was done.
///
/// # Errors
/// [`StoreError::Newer`] for a file of a newer build; it is not touched.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<bool> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if found > known || found < 0 {
        return Err(StoreError::Newer { found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (nth, sql) in migrations.iter().enumerate().skip(done) {
        let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", i64::try_from(nth + 1).unwrap_or(i64::MAX))?;
        tx.commit()?;
    }
    Ok(done < migrations.len())
}
