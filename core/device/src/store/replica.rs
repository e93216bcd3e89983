//! The replica of the feeds.

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use xuncha_wire::Scope;

use super::body::Stored;
use super::{Result, StoreError};

/// The body of one thing; none if it is not here.
pub(crate) fn get<T: DeserializeOwned>(hub: &Connection, kind: &str, id: &str) -> Result<Option<T>> {
    let mut query = hub.prepare_cached("SELECT body, sha FROM replica WHERE kind = ?1 AND id = ?2")?;
    let found =
        query.query_row([kind, id], |row| Ok(Stored { body: row.get(0)?, sha: row.get(1)? })).optional()?;
    found.map(|stored| stored.read()).transpose()
}

/// All bodies of a kind, by id. One that this build can't read is left out; a damaged one fails.
pub(crate) fn all<T: DeserializeOwned>(hub: &Connection, kind: &str) -> Result<Vec<T>> {
    Ok(all_named(hub, kind)?.into_iter().map(|(_, body)| body).collect())
}

/// As [`all`], with the ids.
pub(crate) fn all_named<T: DeserializeOwned>(hub: &Connection, kind: &str) -> Result<Vec<(String, T)>> {
    let sql = "SELECT id, body, sha FROM replica WHERE kind = ?1 ORDER BY id";
    bodies(hub.prepare_cached(sql)?, params![kind], kind)
}

fn bodies<T: DeserializeOwned>(
    mut query: rusqlite::CachedStatement<'_>,
    params: impl rusqlite::Params,
    kind: &str,
) -> Result<Vec<(String, T)>> {
    let rows = query
        .query_map(params, |row| Ok((row.get(0)?, Stored { body: row.get(1)?, sha: row.get(2)? })))?
        .collect::<rusqlite::Result<Vec<(String, Stored)>>>()?;
    let mut bodies = Vec::with_capacity(rows.len());
    for (id, stored) in rows {
        match stored.read() {
            Ok(body) => bodies.push((id, body)),
            Err(StoreError::Json(_)) => tracing::warn!(kind, "a replica row of another version was left out"),
            Err(error) => return Err(error),
        }
    }
    Ok(bodies)
}

/// All bodies of a kind whose ids are `parent/…`, by id. What can't be read is as in [`all`].
pub(crate) fn below<T: DeserializeOwned>(hub: &Connection, kind: &str, parent: &str) -> Result<Vec<T>> {
    // The character after the slash ends the range.
    let sql =
        "SELECT id, body, sha FROM replica WHERE kind = ?1 AND id > ?2 || '/' AND id < ?2 || '0' ORDER BY id";
    let named: Vec<(String, T)> = bodies(hub.prepare_cached(sql)?, params![kind, parent], kind)?;
    Ok(named.into_iter().map(|(_, body)| body).collect())
}

/// Puts a thing into a feed, or a newer version of it. An older version than another feed has brought already
/// only counts for this feed.
pub(crate) fn put(
    tx: &Connection,
    scope: &Scope,
    kind: &str,
    id: &str,
    version: u64,
    body: &[u8],
) -> Result<()> {
    let version = i64::try_from(version).map_err(|_| StoreError::Query("version"))?;
    let stored = Stored::of(body);
    tx.prepare_cached(
        "INSERT INTO replica (kind, id, version, body, sha) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body, sha = excluded.sha
         WHERE excluded.version >= replica.version",
    )?
    .execute(params![kind, id, version, stored.body, stored.sha])?;
    member(tx, scope, kind, id, version)
}

/// Notes that a feed holds a thing whose body is in mine.db.
pub(crate) fn note(tx: &Connection, scope: &Scope, kind: &str, id: &str, version: u64) -> Result<()> {
    member(tx, scope, kind, id, i64::try_from(version).map_err(|_| StoreError::Query("version"))?)
}

fn member(tx: &Connection, scope: &Scope, kind: &str, id: &str, version: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO member (scope, kind, id, version) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (scope, kind, id) DO UPDATE SET version = excluded.version",
    )?
    .execute(params![scope.as_str(), kind, id, version])?;
    Ok(())
}

/// The version in which a feed holds a thing.
pub(crate) fn version_in(tx: &Connection, scope: &Scope, kind: &str, id: &str) -> Result<Option<u64>> {
    let sql = "SELECT version FROM member WHERE scope = ?1 AND kind = ?2 AND id = ?3";
    let found: Option<i64> =
        tx.prepare_cached(sql)?.query_row([scope.as_str(), kind, id], |row| row.get(0)).optional()?;
    Ok(found.and_then(|version| u64::try_from(version).ok()))
}

/// A thing leaves a feed; it goes when no feed holds it, unless own undecided work needs it (`keep`).
pub(crate) fn leave(tx: &Connection, scope: &Scope, kind: &str, id: &str, keep: bool) -> Result<()> {
    tx.prepare_cached("DELETE FROM member WHERE scope = ?1 AND kind = ?2 AND id = ?3")?.execute([
        scope.as_str(),
        kind,
        id,
    ])?;
    if !keep {
        tx.prepare_cached(
            "DELETE FROM replica WHERE kind = ?1 AND id = ?2
             AND NOT EXISTS (SELECT 1 FROM member WHERE member.kind = ?1 AND member.id = ?2)",
        )?
        .execute([kind, id])?;
    }
    Ok(())
}

/// Drops a whole feed: it was taken away, or is pulled anew. Things that `keep` names stay in the replica, since
/// own undecided work tells of them; they are swept once it is decided.
pub(crate) fn drop_scope(
    tx: &Connection,
    scope: &Scope,
    keep: &dyn Fn(&str, &str) -> Result<bool>,
) -> Result<()> {
    tx.prepare_cached("DELETE FROM member WHERE scope = ?1")?.execute([scope.as_str()])?;
    tx.prepare_cached("DELETE FROM cursor WHERE scope = ?1")?.execute([scope.as_str()])?;
    sweep(tx, keep)
}

/// Takes away what no feed holds, except for what `keep` names.
pub(crate) fn sweep(tx: &Connection, keep: &dyn Fn(&str, &str) -> Result<bool>) -> Result<()> {
    let sql = "SELECT rid, kind, id FROM replica WHERE NOT EXISTS
               (SELECT 1 FROM member WHERE member.kind = replica.kind AND member.id = replica.id)";
    let orphans: Vec<(i64, String, String)> = tx
        .prepare_cached(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (rid, kind, id) in orphans {
        if !keep(&kind, &id)? {
            tx.prepare_cached("DELETE FROM replica WHERE rid = ?1")?.execute([rid])?;
        }
    }
    Ok(())
}
