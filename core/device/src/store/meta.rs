//! Small facts by name, in either database.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Result;

/// Who this phone is (JSON of `sync::Enrolled`).
pub(crate) const IDENTITY: &str = "identity";
/// The hub that this phone was enrolled at last, also after signing out.
pub(crate) const HUB: &str = "hub";
/// The hub's epoch as last heard.
pub(crate) const EPOCH: &str = "epoch";
/// What the hub said it holds (JSON of `sync::HubCount`).
pub(crate) const HUB_COUNT: &str = "hub_count";
/// What a person should know of damage and restores (JSON list).
pub(crate) const NOTICES: &str = "notices";
/// When a sync last ended well.
pub(crate) const LAST_SYNC: &str = "last_sync_ms";
/// The hub's clock beside ours when it last spoke (JSON of `HubTime`).
pub(crate) const HUB_TIME: &str = "hub_time";
/// What was chosen last in forms (JSON of `fill::recent::Recent`).
pub(crate) const RECENT: &str = "recent_choices";
/// Why the last sync left work on this phone, as a push header says it (docs/protocol.md, 4).
pub(crate) const WAITING_WHY: &str = "waiting_why";
/// 1 if the hub said that this phone is revoked.
pub(crate) const REVOKED: &str = "revoked";

/// 1 once mine.db had to be rescued: own records are then pulled with their bodies.
pub(crate) const RESCUED: &str = "rescued";
/// Set in hub.db while things stand there that no feed holds.
pub(crate) const SWEEP_DUE: &str = "sweep_due";

/// The fact of this name.
pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>> {
    let mut query = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(query.query_row([key], |row| row.get(0)).optional()?)
}

/// The fact of this name, read as JSON.
pub(crate) fn read<T: DeserializeOwned>(connection: &Connection, key: &str) -> Result<Option<T>> {
    get(connection, key)?.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

/// Sets a fact.
pub(crate) fn set(connection: &Connection, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute(params![key, value])?;
    Ok(())
}

/// Sets a fact to the JSON of `value`.
pub(crate) fn write<T: Serialize>(connection: &Connection, key: &str, value: &T) -> Result<()> {
    set(connection, key, &serde_json::to_string(value)?)
}

/// Takes a fact away.
pub(crate) fn remove(connection: &Connection, key: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}
