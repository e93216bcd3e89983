//! What own records say of entities and the hub's lists do not have yet.

use rusqlite::{Connection, params};
use xuncha_wire::listed::ListedChange;

use super::Result;
use super::body::Stored;
use super::ops::OpState;

/// A change of an own record.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) rid: i64,
    pub(crate) record: String,
    /// What became of the record's op.
    pub(crate) state: OpState,
    /// How many whole syncs have ended since the hub took the record.
    pub(crate) syncs: i64,
    pub(crate) change: ListedChange,
}

/// Keeps what a record says, in the transaction that writes the record.
pub(crate) fn add(tx: &Connection, record: &str, op: &str, changes: &[ListedChange]) -> Result<()> {
    for change in changes {
        let stored = Stored::json(change)?;
        let sql =
            "INSERT INTO listed_change (record, op, list, entity, body, sha) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        tx.prepare_cached(sql)?.execute(params![
            record,
            op,
            change.list,
            change.id,
            stored.body,
            stored.sha
        ])?;
    }
    Ok(())
}

/// What own records say of a list, or of all for an empty name, in the order of their making. One whose op is gone has
/// been left.
pub(crate) fn pending(mine: &Connection, list: &str) -> Result<Vec<Pending>> {
    let sql = "SELECT c.rid, c.record, coalesce(o.state, 'left'), c.syncs, c.body, c.sha FROM listed_change c
               LEFT JOIN op o ON o.op_id = c.op WHERE ?1 = '' OR c.list = ?1 ORDER BY c.rid";
    let mut query = mine.prepare_cached(sql)?;
    let rows = query
        .query_map([list], |row| {
            let state: String = row.get(2)?;
            let stored = Stored { body: row.get(4)?, sha: row.get(5)? };
            Ok((row.get(0)?, row.get(1)?, OpState::of(&state), row.get(3)?, stored))
        })?
        .collect::<rusqlite::Result<Vec<(i64, String, OpState, i64, Stored)>>>()?;
    let whole = |(rid, record, state, syncs, stored): (i64, String, OpState, i64, Stored)| {
        Ok(Pending { rid, record, state, syncs, change: stored.read()? })
    };
    rows.into_iter().map(whole).collect()
}

/// Forgets a change: the hub's list has it, or never will.
pub(crate) fn forget(tx: &Connection, rid: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM listed_change WHERE rid = ?1")?.execute([rid])?;
    Ok(())
}

/// One more whole sync has ended since the hub took the record.
pub(crate) fn synced(tx: &Connection, rid: i64) -> Result<()> {
    tx.prepare_cached("UPDATE listed_change SET syncs = syncs + 1 WHERE rid = ?1")?.execute([rid])?;
    Ok(())
}
