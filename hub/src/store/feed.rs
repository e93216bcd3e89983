//! Feeds: one gapless counter a scope, raised in the transaction of the change.
//!
//! A unit of work collects what it changes in a [`Changes`] and calls [`Changes::commit`] last: the counter's row
//! is then locked as late as possible, scopes in ascending order so that two units of work can't wait for each other.

use std::collections::BTreeMap;

use xuncha_wire::cursor::row_hash;
use xuncha_wire::envelope;

use super::{E, Tx, V};

/// One entity's place in one feed after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    ver: i64,
    leave: bool,
    /// Was the entity made in this very unit of work? Then no feed can hold it yet.
    new: bool,
}

/// The feed rows of one unit of work, each entity once a scope.
#[derive(Debug, Default)]
pub struct Changes(BTreeMap<String, BTreeMap<(&'static str, String), Change>>);

impl Changes {
    /// The entity, in this version, is in this feed.
    pub fn show(&mut self, scope: &str, kind: &'static str, id: &str, ver: i64) {
        let rows = self.0.entry(scope.to_owned()).or_default();
        rows.insert((kind, id.to_owned()), Change { ver, leave: false, new: false });
    }

    /// The entity, made in this very unit of work ([`put_new_entity`]), is in this feed.
    pub fn show_new(&mut self, scope: &str, kind: &'static str, id: &str) {
        let rows = self.0.entry(scope.to_owned()).or_default();
        rows.insert((kind, id.to_owned()), Change { ver: 1, leave: false, new: true });
    }

    /// The entity has left this feed.
    pub fn leave(&mut self, scope: &str, kind: &'static str, id: &str, ver: i64) {
        let rows = self.0.entry(scope.to_owned()).or_default();
        rows.insert((kind, id.to_owned()), Change { ver, leave: true, new: false });
    }

    /// Writes the rows. `mark` is 8 random hex digits, the sign of this commit; `now_ms` the hub's clock.
    ///
    /// # Errors
    /// [`E`] of the store.
    pub fn commit(&self, tx: &mut dyn Tx, tenant: &str, mark: &str, now_ms: i64) -> Result<(), E> {
        for (scope, rows) in &self.0 {
            commit_scope(tx, tenant, scope, rows, mark, now_ms)?;
        }
        Ok(())
    }
}

/// A new entity's row. Apart from [`ROW`], since an upsert costs a statement journal.
const NEW_ROW: &str = "INSERT INTO feed (tenant, scope, seq, kind, id, ver, leave, at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ROW: &str = "INSERT INTO feed (tenant, scope, seq, kind, id, ver, leave, at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant, scope, kind, id) DO UPDATE
    SET seq = excluded.seq, ver = excluded.ver, leave = excluded.leave, at_ms = excluded.at_ms";

type Rows = BTreeMap<(&'static str, String), Change>;

fn commit_scope(
    tx: &mut dyn Tx,
    tenant: &str,
    scope: &str,
    rows: &Rows,
    mark: &str,
    now_ms: i64,
) -> Result<(), E> {
    let n = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // Takes the row lock until the commit: whoever sees n+1 sees n.
    let head = tx
        .one(
            "INSERT INTO scope (tenant, scope, seq, mark, held, sum, pruned) VALUES ($1, $2, $3, $4, 0, 0, 0)
             ON CONFLICT (tenant, scope) DO UPDATE SET seq = scope.seq + $3, mark = $4
             RETURNING seq, held, sum",
            &[V::T(tenant), V::T(scope), V::I(n), V::T(mark)],
            |r| Ok((r.int(0)?, r.int(1)?, r.int(2)?)),
        )?
        .ok_or_else(|| E::Other("the scope's counter gave no answer".into()))?;
    let (seq, mut held, sum) = head;
    let mut sum = sum.cast_unsigned();
    for (at, ((kind, id), change)) in (seq - n + 1..).zip(rows) {
        let before = match change.new {
            true => None,
            false => tx.one(
                "SELECT ver, leave FROM feed WHERE tenant = $1 AND scope = $2 AND kind = $3 AND id = $4",
                &[V::T(tenant), V::T(scope), V::T(kind), V::T(id)],
                |r| Ok((r.int(0)?, r.int(1)?)),
            )?,
        };
        if let Some((ver, 0)) = before {
            held -= 1;
            sum ^= row_hash(kind, id, ver.cast_unsigned());
        }
        if !change.leave {
            held += 1;
            sum ^= row_hash(kind, id, change.ver.cast_unsigned());
        }
        let sql = if change.new { NEW_ROW } else { ROW };
        tx.exec(
            sql,
            &[
                V::T(tenant),
                V::T(scope),
                V::I(at),
                V::T(kind),
                V::T(id),
                V::I(change.ver),
                V::I(i64::from(change.leave)),
                V::I(now_ms),
            ],
        )?;
    }
    tx.exec(
        "UPDATE scope SET held = $3, sum = $4 WHERE tenant = $1 AND scope = $2",
        &[V::T(tenant), V::T(scope), V::I(held), V::I(sum.cast_signed())],
    )?;
    tx.exec(
        "INSERT INTO scope_mark (tenant, scope, seq, mark) VALUES ($1, $2, $3, $4)",
        &[V::T(tenant), V::T(scope), V::I(seq), V::T(mark)],
    )?;
    Ok(())
}

/// Stores an entity's body (JSON) and returns its new version: 1, 2, …
///
/// # Errors
/// [`E`] of the store.
pub fn put_entity(tx: &mut dyn Tx, tenant: &str, kind: &str, id: &str, body: &[u8]) -> Result<i64, E> {
    let stored = envelope::wrap(body);
    tx.one(
        "INSERT INTO entity (tenant, kind, id, ver, body) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (tenant, kind, id) DO UPDATE SET ver = entity.ver + 1, body = excluded.body
         RETURNING ver",
        &[V::T(tenant), V::T(kind), V::T(id), V::B(&stored)],
        |r| r.int(0),
    )?
    .ok_or_else(|| E::Other("the entity gave no version".into()))
}

/// Stores the body of an entity that is made in this very unit of work; its version is 1.
///
/// # Errors
/// [`E::Constraint`] if there is one of this id.
pub fn put_new_entity(tx: &mut dyn Tx, tenant: &str, kind: &str, id: &str, body: &[u8]) -> Result<(), E> {
    let stored = envelope::wrap(body);
    tx.exec(
        "INSERT INTO entity (tenant, kind, id, ver, body) VALUES ($1, $2, $3, 1, $4)",
        &[V::T(tenant), V::T(kind), V::T(id), V::B(&stored)],
    )?;
    Ok(())
}

/// Scopes in which an entity now stands.
///
/// # Errors
/// [`E`] of the store.
pub fn scopes_of(tx: &mut dyn Tx, tenant: &str, kind: &str, id: &str) -> Result<Vec<String>, E> {
    tx.all(
        "SELECT scope FROM feed WHERE tenant = $1 AND kind = $2 AND id = $3 AND leave = 0 ORDER BY scope",
        &[V::T(tenant), V::T(kind), V::T(id)],
        |r| r.text(0),
    )
}
