//! Phones: what each said it made, what the hub holds of it, and what waits for a person.

use super::Sees;
use crate::store::{E, Tx, V};

/// A phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneRow {
    /// Its id.
    pub id: String,
    /// Its user's name.
    pub name: String,
    /// Its user's unit.
    pub unit: String,
    /// Its model.
    pub model: String,
    /// Its app's version.
    pub app: String,
    /// Revoked?
    pub revoked: bool,
    /// When it was in touch last, ms; 0 never.
    pub seen_ms: i64,
    /// When it pushed last, ms: the time of its statement; 0 never.
    pub pushed_ms: i64,
    /// Ops it says it made.
    pub made: i64,
    /// Photos it says it made.
    pub photos_made: i64,
    /// Why it says something waits: `no_network`, `wifi_only`, …
    pub waiting_why: String,
    /// Its clock minus the hub's, ms.
    pub clock_ms: i64,
    /// Ops the hub holds of it.
    pub held: i64,
    /// Photos the hub holds of it.
    pub photos_held: i64,
    /// When the newest op that the hub holds of it was received, ms: what is not here is not older. 0: none.
    pub newest_ms: i64,
    /// The lowest number that is missing between 1 and what it made; 0 if none is.
    pub missing_n: i64,
}

impl PhoneRow {
    /// Is everything it says it made at the hub?
    #[must_use]
    pub fn all_held(&self) -> bool {
        self.held >= self.made && self.photos_held >= self.photos_made
    }
}

const PHONES: &str = "SELECT d.id, p.name, COALESCE(u.name, ''), d.model, d.app, d.state, d.seen_ms, d.pushed_ms, d.made,
        d.photos_made, d.waiting_why, d.clock_ms, d.held, d.photos_held,
        COALESCE((SELECT MAX(o.received_ms) FROM op o WHERE o.tenant = d.tenant AND o.device = d.id), 0),
        CASE WHEN d.held >= d.made THEN 0 ELSE
            COALESCE((SELECT MIN(o.n) + 1 FROM op o WHERE o.tenant = d.tenant AND o.device = d.id AND o.n < d.made
                AND NOT EXISTS (SELECT 1 FROM op q WHERE q.tenant = o.tenant AND q.device = o.device AND q.n = o.n + 1)),
                1) END
    FROM device d
    JOIN person p ON p.tenant = d.tenant AND p.id = d.person
    LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
    WHERE d.tenant = $1
    ORDER BY d.state <> 'active', (d.made > d.held OR d.photos_made > d.photos_held) DESC, d.pushed_ms, p.name, d.id";

/// All phones: those with something that is not safe yet first, the longest silent of them first of all.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, sees: &Sees) -> Result<Vec<PhoneRow>, E> {
    tx.all(PHONES, &[V::T(&sees.tenant)], |r| {
        Ok(PhoneRow {
            id: r.text(0)?,
            name: r.text(1)?,
            unit: r.text(2)?,
            model: r.text(3)?,
            app: r.text(4)?,
            revoked: r.text(5)? != "active",
            seen_ms: r.int(6)?,
            pushed_ms: r.int(7)?,
            made: r.int(8)?,
            photos_made: r.int(9)?,
            waiting_why: r.text(10)?,
            clock_ms: r.int(11)?,
            held: r.int(12)?,
            photos_held: r.int(13)?,
            newest_ms: r.int(14)?,
            missing_n: r.int(15)?,
        })
    })
}

/// An op that did not take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckRow {
    /// Its author's name.
    pub name: String,
    /// When the hub decided, ms.
    pub at_ms: i64,
    /// `refused` or `quarantined`.
    pub st: String,
    /// The op's kind.
    pub kind: String,
    /// The sentence for its author.
    pub zh: String,
    /// The case, if it is one the hub knows.
    pub case: String,
}

/// Ops in quarantine or refused, newest first, at most a page.
///
/// # Errors
/// [`E`] of the store.
pub fn stuck(tx: &mut dyn Tx, sees: &Sees) -> Result<Vec<StuckRow>, E> {
    tx.all(
        "SELECT COALESCE(p.name, v.person), v.decided_ms, v.st, o.kind, v.zh, COALESCE(c.id, '')
         FROM op_verdict v JOIN op o ON o.tenant = v.tenant AND o.op = v.op
         LEFT JOIN person p ON p.tenant = v.tenant AND p.id = v.person
         LEFT JOIN casefile c ON c.tenant = o.tenant AND c.id = o.entity
         WHERE v.tenant = $1 AND v.st <> 'applied' AND o.device <> 'console'
         ORDER BY v.st = 'refused', v.decided_ms DESC LIMIT 50",
        &[V::T(&sees.tenant)],
        |r| {
            Ok(StuckRow {
                name: r.text(0)?,
                at_ms: r.int(1)?,
                st: r.text(2)?,
                kind: r.text(3)?,
                zh: r.text(4)?,
                case: r.text(5)?,
            })
        },
    )
}

/// How many ops wait in quarantine.
///
/// # Errors
/// [`E`] of the store.
pub fn quarantined(tx: &mut dyn Tx, sees: &Sees) -> Result<usize, E> {
    let n = tx.one(
        "SELECT COUNT(*) FROM op_verdict WHERE tenant = $1 AND st = 'quarantined'",
        &[V::T(&sees.tenant)],
        |r| r.int(0),
    )?;
    Ok(super::count_of(n.unwrap_or(0)))
}
