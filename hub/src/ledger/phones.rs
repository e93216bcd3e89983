//! Phones: what each said it made, what the hub holds of it, and what waits for a person.

mod one;

pub use one::{Item, OPS, PHOTOS, Phone, one, ops, photos};
use xuncha_wire::envelope;
use xuncha_wire::push::Op;

use super::{Sees, districts};
use crate::store::{E, Row, Tx, V};

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
    /// The lowest number that is missing between 1 and what it made or sent; 0 if none is.
    pub missing_n: i64,
    /// The highest number that the hub holds.
    pub top_n: i64,
    /// By the hub's clock, when the op before the missing one was made, ms: the missing one is not older. Enrolment
    /// where the first is missing; 0 if none is missing.
    pub since_ms: i64,
    /// When the hub first heard of the oldest photo that it does not hold, ms; 0 if it holds all it has heard of.
    pub photo_since_ms: i64,
}

impl PhoneRow {
    /// Is everything it says it made at the hub?
    #[must_use]
    pub fn all_held(&self) -> bool {
        self.held >= self.made && self.photos_held >= self.photos_made && self.missing_n == 0
    }

    /// Since when something of it is not safe, ms; 0 if everything is, or nothing is known.
    #[must_use]
    pub fn unsafe_since_ms(&self) -> i64 {
        let both = [self.since_ms, self.photo_since_ms];
        both.into_iter().filter(|ms| *ms > 0).min().unwrap_or(0)
    }
}

const PHONES: &str =
    "SELECT d.id, p.name, COALESCE(u.name, ''), d.model, d.app, d.state, d.seen_ms, d.pushed_ms, d.made,
        d.photos_made, d.waiting_why, d.clock_ms, d.held, d.photos_held,
        d.enrolled_ms,
        COALESCE((SELECT MAX(o.n) FROM op o WHERE o.tenant = d.tenant AND o.device = d.id), 0),
        COALESCE((SELECT MIN(ph.named_ms) FROM device_photo dp
            JOIN photo ph ON ph.tenant = dp.tenant AND ph.id = dp.photo AND ph.state <> 'complete'
            WHERE dp.tenant = d.tenant AND dp.device = d.id), 0)
    FROM device d
    JOIN person p ON p.tenant = d.tenant AND p.id = d.person
    LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
    WHERE d.tenant = $1 AND ($2 = '' OR d.id = $2)
    ORDER BY p.name, d.id";

/// The first number from 0 on whose follower is not held, and when that op was made by the hub's clock.
const BEFORE_GAP: &str = "SELECT b.n, b.at_ms FROM (
        SELECT 0 AS n, 0 AS at_ms UNION ALL
        SELECT o.n, o.device_ms - o.clock_ms FROM op o WHERE o.tenant = $1 AND o.device = $2) AS b
    WHERE NOT EXISTS (SELECT 1 FROM op q WHERE q.tenant = $1 AND q.device = $2 AND q.n = b.n + 1)
    ORDER BY b.n LIMIT 1";

/// A line, and when its phone was enrolled.
fn read(r: &dyn Row) -> Result<(PhoneRow, i64), E> {
    let phone = PhoneRow {
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
        missing_n: 0,
        top_n: r.int(15)?,
        since_ms: 0,
        photo_since_ms: r.int(16)?,
    };
    Ok((phone, r.int(14)?))
}

/// Adds which number is missing first, if one is.
fn complete(tx: &mut dyn Tx, sees: &Sees, (mut phone, enrolled_ms): (PhoneRow, i64)) -> Result<PhoneRow, E> {
    // As many as the highest number: no number is missing, and none is looked for.
    if phone.held >= phone.made && phone.held >= phone.top_n {
        return Ok(phone);
    }
    let before =
        tx.one(BEFORE_GAP, &[V::T(&sees.tenant), V::T(&phone.id)], |r| Ok((r.int(0)?, r.int(1)?)))?;
    if let Some((n, at_ms)) = before.filter(|(n, _)| *n < phone.made.max(phone.top_n)) {
        phone.missing_n = n + 1;
        phone.since_ms = if n == 0 { enrolled_ms } else { at_ms };
    }
    Ok(phone)
}

/// All phones: those with something that is not safe yet first, the longest unsafe of them first of all; revoked ones
/// with nothing missing last.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, sees: &Sees) -> Result<Vec<PhoneRow>, E> {
    let found = tx.all(PHONES, &[V::T(&sees.tenant), V::T("")], read)?;
    let mut phones =
        found.into_iter().map(|found| complete(tx, sees, found)).collect::<Result<Vec<_>, E>>()?;
    phones.sort_by_key(|p| {
        let since = p.unsafe_since_ms();
        (p.all_held(), p.revoked, if since == 0 { i64::MAX } else { since })
    });
    Ok(phones)
}

/// An op that did not take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckRow {
    /// Its id.
    pub op: String,
    /// Its author's name.
    pub name: String,
    /// Why it did not take effect, in one word.
    pub why: String,
    /// The district that it was made for; empty if it names none.
    pub district: String,
    /// The district that its author belongs to now: code and name; empty if none.
    pub present: (String, String),
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
    let mut rows = tx.all(
        "SELECT COALESCE(p.name, v.person), v.decided_ms, v.st, o.kind, v.zh, COALESCE(c.id, ''), v.op, v.why, o.bytes,
                COALESCE(u.district, '')
         FROM op_verdict v JOIN op o ON o.tenant = v.tenant AND o.op = v.op
         LEFT JOIN person p ON p.tenant = v.tenant AND p.id = v.person
         LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
         LEFT JOIN casefile c ON c.tenant = o.tenant AND c.id = o.entity
         WHERE v.tenant = $1 AND v.st <> 'applied' AND o.device <> 'console'
         ORDER BY v.st = 'refused', v.decided_ms DESC LIMIT 50",
        &[V::T(&sees.tenant)],
        |r| {
            let bytes = r.blob(8)?;
            let op: Option<Op> = envelope::open(&bytes).ok().and_then(|op| serde_json::from_slice(op).ok());
            let scope = op.and_then(|op| op.scope);
            let district = scope.as_ref().and_then(|s| s.as_str().strip_prefix("d/")).unwrap_or_default();
            Ok(StuckRow {
                op: r.text(6)?,
                why: r.text(7)?,
                district: district.to_owned(),
                present: (r.text(9)?, String::new()),
                name: r.text(0)?,
                at_ms: r.int(1)?,
                st: r.text(2)?,
                kind: r.text(3)?,
                zh: r.text(4)?,
                case: r.text(5)?,
            })
        },
    )?;
    for row in &mut rows {
        row.district = districts::name(tx, &sees.tenant, &row.district)?;
        row.present.1 = districts::name(tx, &sees.tenant, &row.present.0)?;
    }
    Ok(rows)
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
