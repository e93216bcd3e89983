//! How far each feed was read, and its checksum.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::{Cursor, Mark, Scope};

use super::{Result, StoreError};

/// Where the phone stands in all feeds.
pub(crate) fn load(hub: &Connection) -> Result<Cursor> {
    let mut query = hub.prepare_cached("SELECT scope, seq, mark FROM cursor")?;
    let rows = query
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut feeds = BTreeMap::new();
    for (scope, seq, mark) in rows {
        feeds.insert(scope.parse()?, Mark { seq: u64::try_from(seq).unwrap_or(0), mark });
    }
    Ok(Cursor(feeds))
}

/// Where the phone stands in one feed from now on, and what it then holds of it.
pub(crate) fn save(tx: &Connection, scope: &Scope, at: &Mark, sum: ScopeSum) -> Result<()> {
    let sql = "INSERT INTO cursor (scope, seq, mark, count, hash) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (scope) DO UPDATE
               SET seq = excluded.seq, mark = excluded.mark, count = excluded.count, hash = excluded.hash";
    let number = |value: u64| i64::try_from(value).map_err(|_| StoreError::Query("sequence number"));
    // The hash is 64 bits without a sign; SQLite has 64 bits with one.
    let hash = i64::from_be_bytes(sum.hash.to_be_bytes());
    tx.prepare_cached(sql)?.execute(params![
        scope.as_str(),
        number(at.seq)?,
        at.mark,
        number(sum.count)?,
        hash
    ])?;
    Ok(())
}

/// Checksum of one feed.
pub(crate) fn sum(hub: &Connection, scope: &Scope) -> Result<ScopeSum> {
    let found: Option<(i64, i64)> = hub
        .prepare_cached("SELECT count, hash FROM cursor WHERE scope = ?1")?
        .query_row([scope.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map_or_else(ScopeSum::default, |(count, hash)| ScopeSum {
        count: u64::try_from(count).unwrap_or(0),
        hash: u64::from_be_bytes(hash.to_be_bytes()),
    }))
}

/// Forgets all feeds' positions; rows stay until they are replaced.
pub(crate) fn forget_all(tx: &Connection) -> Result<()> {
    tx.execute("DELETE FROM cursor", [])?;
    tx.execute("DELETE FROM member", [])?;
    Ok(())
}
