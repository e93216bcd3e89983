//! People, their phones and the codes that were issued to them; units.

use super::like;
use crate::store::{E, Tx, V};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their unit's id.
    pub unit: String,
    /// Their unit's name.
    pub unit_name: String,
    /// Their post.
    pub post: String,
    /// Their roles, as casework names them, joined by commas.
    pub roles: String,
    /// Active?
    pub active: bool,
    /// Phones in use.
    pub phones: i64,
    /// When a code that can still be used runs out, ms; 0 if there is none.
    pub code_until_ms: i64,
}

/// People, those without a phone first.
///
/// # Errors
/// [`E`] of the store.
pub fn list(tx: &mut dyn Tx, tenant: &str, text: &str, now_ms: i64) -> Result<Vec<PersonRow>, E> {
    tx.all(
        "SELECT p.id, p.name, p.unit, COALESCE(u.name, ''), p.post, p.roles, p.state,
                (SELECT COUNT(*) FROM device d WHERE d.tenant = p.tenant AND d.person = p.id AND d.state = 'active')
                    AS phones,
                COALESCE((SELECT MAX(e.expires_ms) FROM enrol_code e WHERE e.tenant = p.tenant AND e.person = p.id
                    AND e.used_ms = 0 AND e.expires_ms > $3), 0)
         FROM person p LEFT JOIN unit u ON u.tenant = p.tenant AND u.id = p.unit
         WHERE p.tenant = $1 AND (p.name || ' ' || p.id || ' ' || COALESCE(u.name, '') || ' ' || p.post)
               LIKE $2 ESCAPE '\\'
         ORDER BY phones > 0, u.name, p.name, p.id LIMIT 1000",
        &[V::T(tenant), V::T(&like(text.trim())), V::I(now_ms)],
        |r| {
            Ok(PersonRow {
                id: r.text(0)?,
                name: r.text(1)?,
                unit: r.text(2)?,
                unit_name: r.text(3)?,
                post: r.text(4)?,
                roles: r.text(5)?,
                active: r.text(6)? == "active",
                phones: r.int(7)?,
                code_until_ms: r.int(8)?,
            })
        },
    )
}

/// Those who may handle a case, by unit.
///
/// # Errors
/// [`E`] of the store.
pub fn handlers(tx: &mut dyn Tx, tenant: &str) -> Result<Vec<PersonRow>, E> {
    let mut all = list(tx, tenant, "", 0)?;
    all.retain(|p| p.active && p.roles.split(',').any(|role| role.trim() == "handler"));
    all.sort_by(|a, b| (&a.unit_name, &a.name, &a.id).cmp(&(&b.unit_name, &b.name, &b.id)));
    Ok(all)
}

/// A unit's name; the id where it is not known.
///
/// # Errors
/// [`E`] of the store.
pub fn unit_name(tx: &mut dyn Tx, tenant: &str, unit: &str) -> Result<String, E> {
    let name =
        tx.one("SELECT name FROM unit WHERE tenant = $1 AND id = $2", &[V::T(tenant), V::T(unit)], |r| {
            r.text(0)
        })?;
    Ok(name.unwrap_or_else(|| unit.to_owned()))
}
