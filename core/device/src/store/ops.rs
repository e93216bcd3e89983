//! Ops: authored changes on their way to the hub.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use xuncha_wire::push::{CustodyLine, Op, OpKind, Verdict};
use xuncha_wire::{BlobId, EntityId, OpId, Scope, WireError};

use super::body::Stored;
use super::{Result, StoreError};

/// What becomes of an op on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpState {
    /// Not answered yet, or offered again.
    Pending,
    /// It took effect.
    Applied,
    /// Kept at the hub, without effect; its author must decide.
    Refused,
    /// Kept at the hub, waiting for a person there.
    Quarantined,
    /// Refused, and left as a record by its author.
    Left,
}

impl OpState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Quarantined => "quarantined",
            Self::Left => "left",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "applied" => Self::Applied,
            "refused" => Self::Refused,
            "quarantined" => Self::Quarantined,
            "left" => Self::Left,
            _ => Self::Pending,
        }
    }
}

/// An op to be written. Its number is given when it is.
#[derive(Debug, Clone)]
pub(crate) struct NewOp {
    pub(crate) op: OpId,
    pub(crate) kind: OpKind,
    pub(crate) entity: EntityId,
    pub(crate) parent: Option<OpId>,
    pub(crate) scope: Option<Scope>,
    pub(crate) at_ms: i64,
    pub(crate) blobs: Vec<BlobId>,
    /// JSON: the exact bytes that travel.
    pub(crate) body: Vec<u8>,
}

/// An op as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptOp {
    pub(crate) n: u64,
    pub(crate) op: OpId,
    pub(crate) kind: OpKind,
    pub(crate) entity: EntityId,
    pub(crate) parent: Option<OpId>,
    pub(crate) amends: Option<EntityId>,
    pub(crate) scope: Option<Scope>,
    pub(crate) at_ms: i64,
    pub(crate) blobs: Vec<BlobId>,
    pub(crate) state: OpState,
    pub(crate) verdict: Option<Verdict>,
    stored: Stored,
}

impl KeptOp {
    /// The body's JSON bytes.
    pub(crate) fn body(&self) -> Result<&[u8]> {
        self.stored.open()
    }

    /// The body for showing; empty if it can't be read any more, which is told where the op is listed.
    pub(crate) fn text(&self) -> &str {
        self.body().ok().and_then(|body| std::str::from_utf8(body).ok()).unwrap_or_default()
    }

    /// The op as it travels.
    pub(crate) fn wire(&self) -> Result<Op> {
        let text = std::str::from_utf8(self.body()?).map_err(|_| StoreError::Damaged("body"))?;
        Ok(Op {
            op: self.op,
            n: self.n,
            kind: self.kind,
            entity: self.entity,
            parent: self.parent,
            amends: self.amends,
            scope: self.scope.clone(),
            at_ms: self.at_ms,
            blobs: self.blobs.clone(),
            body: serde_json::value::RawValue::from_string(text.to_owned())?,
        })
    }
}

/// What the planner needs to know of a waiting op.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) n: u64,
    pub(crate) op: OpId,
    pub(crate) bytes: u64,
}

fn kind_word(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Record => "record",
        OpKind::CaseReport => "case_report",
        OpKind::CaseMove => "case_move",
        OpKind::CaseNote => "case_note",
        OpKind::Unknown => "unknown",
    }
}

fn kind_of(word: &str) -> OpKind {
    match word {
        "record" => OpKind::Record,
        "case_report" => OpKind::CaseReport,
        "case_move" => OpKind::CaseMove,
        "case_note" => OpKind::CaseNote,
        _ => OpKind::Unknown,
    }
}

/// Writes an op; within the transaction of what it tells of. Returns its number.
pub(crate) fn add(tx: &Connection, op: &NewOp) -> Result<u64> {
    let n: i64 =
        tx.prepare_cached("SELECT coalesce(max(n), 0) + 1 FROM op")?.query_row([], |row| row.get(0))?;
    let stored = Stored::of(&op.body);
    let sql = "INSERT INTO op (n, op_id, kind, entity, parent, scope, at_ms, blobs, body, sha)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    tx.prepare_cached(sql)?.execute(params![
        n,
        op.op.to_string(),
        kind_word(op.kind),
        op.entity.to_string(),
        op.parent.map(|id| id.to_string()).unwrap_or_default(),
        op.scope.as_ref().map(|s| s.to_string()).unwrap_or_default(),
        op.at_ms,
        serde_json::to_string(&op.blobs)?,
        stored.body,
        stored.sha,
    ])?;
    Ok(u64::try_from(n).unwrap_or(0))
}

const COLUMNS: &str =
    "n, op_id, kind, entity, parent, amends, scope, at_ms, blobs, body, sha, state, verdict";

type Raw = (i64, [String; 6], i64, String, Vec<u8>, Vec<u8>, String, String);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let texts = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
    Ok((row.get(0)?, texts, row.get(7)?, row.get(8)?, row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?))
}

fn kept((n, texts, at_ms, blobs, body, sha, state, verdict): Raw) -> Result<KeptOp> {
    let [op, kind, entity, parent, amends, scope] = texts;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(KeptOp {
        n: u64::try_from(n).unwrap_or(0),
        op: op.parse()?,
        kind: kind_of(&kind),
        entity: entity.parse()?,
        parent: some(&parent).map(|t| t.parse()).transpose()?,
        amends: some(&amends).map(|t| t.parse()).transpose()?,
        scope: some(&scope).map(|t| t.parse()).transpose()?,
        at_ms,
        blobs: serde_json::from_str(&blobs)?,
        state: OpState::of(&state),
        verdict: some(&verdict).map(|t| serde_json::from_str(&t)).transpose()?,
        stored: Stored { body, sha },
    })
}

fn list(connection: &Connection, rest: &str, params: impl rusqlite::Params) -> Result<Vec<KeptOp>> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM op {rest}"))?;
    let rows = query.query_map(params, raw)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(kept).collect()
}

/// The op of this name.
pub(crate) fn get(connection: &Connection, op: &str) -> Result<Option<KeptOp>> {
    Ok(list(connection, "WHERE op_id = ?1", [op])?.pop())
}

/// The op of this number.
pub(crate) fn numbered(connection: &Connection, n: u64) -> Result<Option<KeptOp>> {
    Ok(list(connection, "WHERE n = ?1", [i64::try_from(n).unwrap_or(0)])?.pop())
}

/// An op that is to be sent.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// As it travels.
    Whole(Box<Op>),
    /// The phone's storage changed it: its body no longer fits its hash, or a column can't be read.
    Damaged,
}

/// The op of this number as it travels; none if there is none.
///
/// # Errors
/// What SQLite says; damage of the one op is an answer and no error.
pub(crate) fn outgoing(connection: &Connection, n: u64) -> Result<Option<Outgoing>> {
    match numbered(connection, n).and_then(|op| op.map(|op| op.wire()).transpose()) {
        Ok(op) => Ok(op.map(|op| Outgoing::Whole(Box::new(op)))),
        // What a newer version wrote is whole, though not for this build.
        Err(newer @ StoreError::Wire(WireError::UnknownEnvelope { .. })) => Err(newer),
        Err(StoreError::Damaged("body") | StoreError::Wire(_) | StoreError::Json(_)) => {
            Ok(Some(Outgoing::Damaged))
        }
        Err(other) => Err(other),
    }
}

/// What there is of an op that can't be read any more: a line of JSON that says which it was and which photos it
/// names, as far as its columns tell, and its body's bytes as they stand.
pub(crate) fn as_it_stands(connection: &Connection, n: u64) -> Result<Vec<u8>> {
    let sql = "SELECT op_id, kind, entity, blobs, body FROM op WHERE n = ?1";
    let mut query = connection.prepare_cached(sql)?;
    let found = query.query_row([i64::try_from(n).unwrap_or(0)], |row| {
        let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
        Ok((texts, row.get::<_, Vec<u8>>(4)?))
    });
    let Some(([op, kind, entity, blobs], body)) = found.optional()? else { return Ok(Vec::new()) };
    let blobs = serde_json::from_str(&blobs).unwrap_or_default();
    let mut bytes = serde_json::to_vec(&CustodyLine { op, n, kind, entity, blobs })?;
    bytes.push(b'\n');
    bytes.extend(body);
    Ok(bytes)
}

/// Refused and quarantined ops, in the order of their making.
pub(crate) fn open(connection: &Connection) -> Result<Vec<KeptOp>> {
    list(connection, "WHERE state IN ('refused', 'quarantined') ORDER BY n", [])
}

/// Ops about cases that what was pulled can't show yet: pending ones, and applied ones beyond `seen`.
pub(crate) fn unseen_of_cases(connection: &Connection, seen: u64) -> Result<Vec<KeptOp>> {
    let seen = i64::try_from(seen).unwrap_or(0);
    let sql = "WHERE (state = 'pending' OR (state = 'applied' AND n > ?1))
               AND kind IN ('case_report', 'case_move', 'case_note') ORDER BY n";
    list(connection, sql, [seen])
}

/// Does an own move that is not decided yet rest on the same head already? Of the two one would be refused.
pub(crate) fn rests_on(connection: &Connection, op: &NewOp) -> Result<bool> {
    let (OpKind::CaseMove, Some(parent)) = (op.kind, op.parent) else { return Ok(false) };
    let sql =
        "SELECT 1 FROM op WHERE entity = ?1 AND parent = ?2 AND kind = 'case_move' AND state = 'pending'
               LIMIT 1";
    let mut query = connection.prepare_cached(sql)?;
    Ok(query.query_row([op.entity.to_string(), parent.to_string()], |_| Ok(())).optional()?.is_some())
}

/// The highest number before the first pending op: all up to it is decided.
pub(crate) fn decided_up_to(connection: &Connection) -> Result<u64> {
    let sql =
        "SELECT coalesce((SELECT min(n) - 1 FROM op WHERE state = 'pending'), (SELECT max(n) FROM op), 0)";
    let n: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// The heads of all pending ops, in the order of their making.
pub(crate) fn pending_heads(connection: &Connection) -> Result<Vec<Head>> {
    let sql = "SELECT n, op_id, length(body) FROM op WHERE state = 'pending' ORDER BY n";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter()
        .map(|(n, op, bytes)| {
            let number = |value: i64| u64::try_from(value).unwrap_or(0);
            // An id that storage changed is found out when the op is read for sending.
            let op = op.parse().unwrap_or_else(|_| OpId::from_parts(0, [0; 10]));
            Ok(Head { n: number(n), op, bytes: number(bytes) })
        })
        .collect()
}

/// Photos that ops after this number name.
pub(crate) fn blobs_after(connection: &Connection, n: u64) -> Result<HashSet<String>> {
    let sql = "SELECT named.value
               FROM op, json_each(CASE WHEN json_valid(op.blobs) THEN op.blobs ELSE '[]' END) AS named
               WHERE op.n > ?1";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map([i64::try_from(n).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes down what the hub decided on a pending op; an op that was decided already stays as it is.
pub(crate) fn settle(tx: &Connection, op: OpId, state: OpState, held: bool, verdict: &Verdict) -> Result<()> {
    let sql = "UPDATE op SET state = ?2, held = max(held, ?3), verdict = ?4
               WHERE op_id = ?1 AND state IN ('pending', 'quarantined')";
    let json = serde_json::to_string(verdict)?;
    tx.prepare_cached(sql)?.execute(params![op.to_string(), state.word(), held, json])?;
    Ok(())
}

/// The hub holds this op unread; a person there will look at it.
pub(crate) fn in_custody(tx: &Connection, n: u64, verdict: &Verdict) -> Result<()> {
    let sql =
        "UPDATE op SET state = 'quarantined', held = 1, verdict = ?2 WHERE n = ?1 AND state = 'pending'";
    tx.prepare_cached(sql)?
        .execute(params![i64::try_from(n).unwrap_or(0), serde_json::to_string(verdict)?])?;
    Ok(())
}

/// The author leaves a refused op as a record.
pub(crate) fn leave(tx: &Connection, op: &str) -> Result<()> {
    let sql = "UPDATE op SET state = 'left' WHERE op_id = ?1 AND state = 'refused'";
    match tx.prepare_cached(sql)?.execute([op])? {
        0 => Err(StoreError::Missing { what: "refused op", id: op.to_owned() }),
        _ => Ok(()),
    }
}

/// The hub was restored: all that is kept is offered again. What a person decided here stays decided.
pub(crate) fn offer_again(tx: &Connection) -> Result<u64> {
    let sql =
        "UPDATE op SET state = 'pending', held = 0 WHERE state IN ('applied', 'refused', 'quarantined')";
    let offered = tx.execute(sql, [])?;
    tx.execute("UPDATE op SET held = 0 WHERE state = 'left'", [])?;
    Ok(u64::try_from(offered).unwrap_or(0))
}

/// How many ops were made, and how many of them the hub said it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OpCounts {
    pub(crate) made: u64,
    pub(crate) held: u64,
    pub(crate) waiting: u64,
}

/// How many ops were made.
pub(crate) fn made(connection: &Connection) -> Result<u64> {
    let made: i64 =
        connection.prepare_cached("SELECT coalesce(max(n), 0) FROM op")?.query_row([], |row| row.get(0))?;
    Ok(u64::try_from(made).unwrap_or(0))
}

/// Counts.
pub(crate) fn counts(connection: &Connection) -> Result<OpCounts> {
    let one = |sql: &str| -> Result<u64> {
        let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    };
    Ok(OpCounts {
        made: made(connection)?,
        held: one("SELECT count(*) FROM op WHERE held = 1")?,
        waiting: one("SELECT count(*) FROM op WHERE state = 'pending'")?,
    })
}

/// Entities that pending or undecided ops tell of: the replica keeps them, whatever feeds say.
pub(crate) fn is_needed(connection: &Connection, entity: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM op WHERE entity = ?1 AND state IN ('pending', 'refused', 'quarantined') LIMIT 1";
    let mut query = connection.prepare_cached(sql)?;
    Ok(query.query_row([entity], |_| Ok(())).optional()?.is_some())
}
