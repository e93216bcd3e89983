//! Photos and where they are used.

use rusqlite::{Connection, OptionalExtension, Row, params};
use xuncha_wire::body::PhotoRef;

use super::body::Stored;
use super::{Result, StoreError};

/// A photo as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Photo {
    /// `s2:` and hex.
    pub(crate) id: String,
    /// Path below the folder of photos.
    pub(crate) file: String,
    pub(crate) size: u64,
    pub(crate) mime: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// One word; empty if whole.
    pub(crate) damage: String,
    pub(crate) made_ms: i64,
    /// Whole at the hub?
    pub(crate) held: bool,
    /// Bytes at the hub, as last heard.
    pub(crate) arrived: u64,
    /// Why it can't go up.
    pub(crate) trouble: String,
}

impl Photo {
    /// How much of it the hub has, 0 to 100.
    pub(crate) fn percent(&self) -> u64 {
        self.arrived.saturating_mul(100).checked_div(self.size).unwrap_or(0).min(100)
    }
}

/// Writes a photo down; one that is known already stays as it is.
pub(crate) fn add(tx: &Connection, photo: &Photo) -> Result<()> {
    let sql = "INSERT INTO photo (id, file, size, mime, width, height, damage, made_ms)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING";
    tx.prepare_cached(sql)?.execute(params![
        photo.id,
        photo.file,
        i64::try_from(photo.size).unwrap_or(i64::MAX),
        photo.mime,
        photo.width,
        photo.height,
        photo.damage,
        photo.made_ms,
    ])?;
    Ok(())
}

/// Notes that `owner` uses the photo, and what was known when it was taken.
pub(crate) fn bind(tx: &Connection, owner: &str, photo: &PhotoRef, bound: bool) -> Result<()> {
    let stored = Stored::json(photo)?;
    let sql = "INSERT INTO photo_use (owner, photo, bound, body, sha) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (owner, photo) DO UPDATE
               SET bound = max(bound, excluded.bound), body = excluded.body, sha = excluded.sha";
    tx.prepare_cached(sql)?.execute(params![owner, photo.id.as_str(), bound, stored.body, stored.sha])?;
    Ok(())
}

/// What `owner` uses, in the order of taking.
pub(crate) fn used_by(connection: &Connection, owner: &str) -> Result<Vec<PhotoRef>> {
    let sql = "SELECT body, sha FROM photo_use WHERE owner = ?1 ORDER BY rid";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query
        .query_map([owner], |row| Ok(Stored { body: row.get(0)?, sha: row.get(1)? }))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.iter().map(Stored::read).collect()
}

/// How `owner` uses a photo, if it does.
pub(crate) fn use_of(connection: &Connection, owner: &str, photo: &str) -> Result<Option<PhotoRef>> {
    let sql = "SELECT body, sha FROM photo_use WHERE owner = ?1 AND photo = ?2";
    let found = connection
        .prepare_cached(sql)?
        .query_row([owner, photo], |row| Ok(Stored { body: row.get(0)?, sha: row.get(1)? }))
        .optional()?;
    found.map(|stored| stored.read()).transpose()
}

/// `owner` uses nothing any more that no op names.
pub(crate) fn release(tx: &Connection, owner: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM photo_use WHERE owner = ?1 AND bound = 0")?.execute([owner])?;
    Ok(())
}

fn photo(row: &Row<'_>) -> rusqlite::Result<Photo> {
    let number = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(Photo {
        id: row.get(0)?,
        file: row.get(1)?,
        size: number(row.get(2)?),
        mime: row.get(3)?,
        width: row.get(4)?,
        height: row.get(5)?,
        damage: row.get(6)?,
        made_ms: row.get(7)?,
        held: row.get(8)?,
        arrived: number(row.get(9)?),
        trouble: row.get(10)?,
    })
}

const COLUMNS: &str = "id, file, size, mime, width, height, damage, made_ms, held, arrived, trouble";

/// A photo.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<Option<Photo>> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM photo WHERE id = ?1"))?;
    Ok(query.query_row([id], photo).optional()?)
}

/// Photos that ops name and the hub does not hold, in the order of taking.
pub(crate) fn waiting(connection: &Connection) -> Result<Vec<Photo>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM photo WHERE held = 0
         AND EXISTS (SELECT 1 FROM photo_use WHERE photo_use.photo = photo.id AND bound = 1) ORDER BY rid"
    );
    let mut query = connection.prepare_cached(&sql)?;
    Ok(query.query_map([], photo)?.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// The hub has hashed it whole.
pub(crate) fn set_held(tx: &Connection, id: &str) -> Result<()> {
    let sql = "UPDATE photo SET held = 1, arrived = size, trouble = '' WHERE id = ?1";
    tx.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// How many bytes the hub has of it, and why it can't go on, if so.
pub(crate) fn set_arrived(tx: &Connection, id: &str, arrived: u64, trouble: &str) -> Result<()> {
    let sql = "UPDATE photo SET arrived = ?2, trouble = ?3 WHERE id = ?1 AND held = 0";
    tx.prepare_cached(sql)?.execute(params![id, i64::try_from(arrived).unwrap_or(0), trouble])?;
    Ok(())
}

/// The hub was restored: nothing counts as held.
pub(crate) fn offer_again(tx: &Connection) -> Result<()> {
    tx.execute("UPDATE photo SET held = 0, arrived = 0", [])?;
    Ok(())
}

/// How many photos are named by ops, and how many of them the hub holds whole.
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64)> {
    let sql = "SELECT count(*), coalesce(sum(held), 0) FROM photo
               WHERE EXISTS (SELECT 1 FROM photo_use WHERE photo_use.photo = photo.id AND bound = 1)";
    let row: (i64, i64) =
        connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((u64::try_from(row.0).unwrap_or(0), u64::try_from(row.1).unwrap_or(0)))
}

/// Does anything name this file?
pub(crate) fn names_file(connection: &Connection, file: &str) -> Result<bool> {
    let mut query = connection.prepare_cached("SELECT 1 FROM photo WHERE file = ?1 LIMIT 1")?;
    Ok(query.query_row([file], |_| Ok(())).optional()?.is_some())
}

/// Photos that nothing uses any more.
pub(crate) fn unused(connection: &Connection) -> Result<Vec<Photo>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM photo
         WHERE NOT EXISTS (SELECT 1 FROM photo_use WHERE photo_use.photo = photo.id)"
    );
    let mut query = connection.prepare_cached(&sql)?;
    Ok(query.query_map([], photo)?.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// Forgets a photo that nothing uses.
pub(crate) fn forget(tx: &Connection, id: &str) -> Result<()> {
    let sql = "DELETE FROM photo WHERE id = ?1
               AND NOT EXISTS (SELECT 1 FROM photo_use WHERE photo_use.photo = photo.id)";
    tx.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// The photo, or that there is none.
pub(crate) fn need(connection: &Connection, id: &str) -> Result<Photo> {
    get(connection, id)?.ok_or_else(|| StoreError::Missing { what: "photo", id: id.to_owned() })
}
