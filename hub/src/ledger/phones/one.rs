//! One phone: its statement, what the hub counts of it by state, and the numbers that are missing.

use super::{PHONES, PhoneRow, complete, read};
use crate::ledger::{Listed, Sees, count_of, limit_of};
use crate::store::{E, Tx, V};

/// What a phone's own page shows beside its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its line of the list.
    pub row: PhoneRow,
    /// When it was enrolled, ms.
    pub enrolled_ms: i64,
    /// When it was revoked, ms; 0: it is in use.
    pub revoked_ms: i64,
    /// Photos that it says it still holds and the hub has not acknowledged.
    pub photos_waiting: i64,
    /// Up to which number its ops are in a backup.
    pub safe_n: i64,
    /// Ops by state, every state in [`OPS`].
    pub ops: Vec<(&'static str, usize)>,
    /// Photos by state, every state in [`PHOTOS`].
    pub photos: Vec<(&'static str, usize)>,
    /// Numbers that the hub does not hold, as ranges, lowest first; at most a few.
    pub missing: Vec<(i64, i64)>,
}

/// States of ops: in effect, refused, kept for an administrator, not judged yet.
pub const OPS: [&str; 4] = ["applied", "refused", "quarantined", "unjudged"];
/// States of photos: whole, whole but damaged before it came, named and not here yet.
pub const PHOTOS: [&str; 3] = ["complete", "damaged", "waiting"];

const MISSING: &str = "SELECT b.n + 1,
        COALESCE((SELECT MIN(q.n) FROM op q WHERE q.tenant = $1 AND q.device = $2 AND q.n > b.n) - 1, $3)
    FROM (SELECT 0 AS n UNION ALL SELECT o.n FROM op o WHERE o.tenant = $1 AND o.device = $2) AS b
    WHERE b.n < $3 AND NOT EXISTS (SELECT 1 FROM op q WHERE q.tenant = $1 AND q.device = $2 AND q.n = b.n + 1)
    ORDER BY b.n LIMIT 20";

macro_rules! op_state {
    () => {
        "COALESCE(v.st, 'unjudged')"
    };
}

macro_rules! photo_state {
    () => {
        "CASE WHEN ph.state <> 'complete' THEN 'waiting' WHEN ph.damage <> '' THEN 'damaged' ELSE 'complete' END"
    };
}

/// A phone; none if there is no such one.
///
/// # Errors
/// [`E`] of the store.
pub fn one(tx: &mut dyn Tx, sees: &Sees, id: &str) -> Result<Option<Phone>, E> {
    let tenant = V::T(&sees.tenant);
    let Some(found) = tx.one(PHONES, &[tenant, V::T(id)], read)? else { return Ok(None) };
    let row = complete(tx, sees, found)?;
    let own =
        "SELECT enrolled_ms, revoked_ms, photos_waiting, safe_n FROM device WHERE tenant = $1 AND id = $2";
    let own = tx.one(own, &[tenant, V::T(id)], |r| Ok([r.int(0)?, r.int(1)?, r.int(2)?, r.int(3)?]))?;
    let [enrolled_ms, revoked_ms, photos_waiting, safe_n] = own.unwrap_or_default();
    let counts = |tx: &mut dyn Tx, sql, states: &'static [&'static str]| {
        let found = tx.all(sql, &[tenant, V::T(id)], |r| Ok((r.text(0)?, count_of(r.int(1)?))))?;
        let of = |state: &'static str| {
            (state, found.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count))
        };
        Ok::<_, E>(states.iter().map(|state| of(state)).collect())
    };
    let ops = concat!(
        "SELECT ",
        op_state!(),
        ", COUNT(*) FROM op o LEFT JOIN op_verdict v ON v.tenant = o.tenant AND v.op = o.op
         WHERE o.tenant = $1 AND o.device = $2 GROUP BY 1 ORDER BY 1"
    );
    let photos = concat!(
        "SELECT ",
        photo_state!(),
        ", COUNT(*) FROM device_photo d JOIN photo ph ON ph.tenant = d.tenant AND ph.id = d.photo
         WHERE d.tenant = $1 AND d.device = $2 GROUP BY 1 ORDER BY 1"
    );
    let top = row.made.max(row.top_n);
    Ok(Some(Phone {
        enrolled_ms,
        revoked_ms,
        photos_waiting,
        safe_n,
        ops: counts(tx, ops, &OPS)?,
        photos: counts(tx, photos, &PHOTOS)?,
        missing: tx.all(MISSING, &[tenant, V::T(id), V::I(top)], |r| Ok((r.int(0)?, r.int(1)?)))?,
        row,
    }))
}

/// An op or a photo of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The op's number; 0 for a photo.
    pub n: i64,
    /// The op's kind; empty for a photo.
    pub kind: String,
    /// Its state, of [`OPS`] or [`PHOTOS`].
    pub state: String,
    /// When the hub had it, or first heard of it, ms.
    pub at_ms: i64,
    /// The case or record that it is about, or the photo.
    pub about: String,
    /// The sentence for its author, where it had no effect.
    pub zh: String,
}

/// Ops of a phone in a state, or in all of them if none is named; newest first.
///
/// # Errors
/// [`E`] of the store.
pub fn ops(
    tx: &mut dyn Tx,
    sees: &Sees,
    (device, state): (&str, &str),
    (skip, most): (usize, usize),
) -> Result<Listed<Item>, E> {
    let sql = concat!(
        "SELECT o.n, o.kind, ",
        op_state!(),
        ", o.received_ms, o.entity, COALESCE(v.zh, ''), COUNT(*) OVER ()
         FROM op o LEFT JOIN op_verdict v ON v.tenant = o.tenant AND v.op = o.op
         WHERE o.tenant = $1 AND o.device = $2 AND ($3 = '' OR ",
        op_state!(),
        " = $3) ORDER BY o.n DESC, o.op LIMIT $4 OFFSET $5"
    );
    items(tx, sees, sql, (device, state), (skip, most))
}

/// Photos of a phone, likewise.
///
/// # Errors
/// [`E`] of the store.
pub fn photos(
    tx: &mut dyn Tx,
    sees: &Sees,
    (device, state): (&str, &str),
    (skip, most): (usize, usize),
) -> Result<Listed<Item>, E> {
    let sql = concat!(
        "SELECT 0, '', ",
        photo_state!(),
        ", ph.named_ms, ph.id, ph.damage, COUNT(*) OVER ()
         FROM device_photo d JOIN photo ph ON ph.tenant = d.tenant AND ph.id = d.photo
         WHERE d.tenant = $1 AND d.device = $2 AND ($3 = '' OR ",
        photo_state!(),
        " = $3) ORDER BY ph.named_ms DESC, ph.id LIMIT $4 OFFSET $5"
    );
    items(tx, sees, sql, (device, state), (skip, most))
}

fn items(
    tx: &mut dyn Tx,
    sees: &Sees,
    sql: &'static str,
    (device, state): (&str, &str),
    (skip, most): (usize, usize),
) -> Result<Listed<Item>, E> {
    let params = [V::T(&sees.tenant), V::T(device), V::T(state), V::I(limit_of(most)), V::I(limit_of(skip))];
    let rows = tx.all(sql, &params, |r| {
        let item = Item {
            n: r.int(0)?,
            kind: r.text(1)?,
            state: r.text(2)?,
            at_ms: r.int(3)?,
            about: r.text(4)?,
            zh: r.text(5)?,
        };
        Ok((item, count_of(r.int(6)?)))
    })?;
    let total = rows.first().map_or(0, |(_, total)| *total);
    Ok(Listed { rows: rows.into_iter().map(|(item, _)| item).collect(), total })
}
