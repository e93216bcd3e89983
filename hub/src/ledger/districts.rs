//! Districts' names: what the store keeps as a code, people read as a name.

use crate::store::{E, Tx, V};

/// A district's name; its code where the office has not named it.
///
/// # Errors
/// [`E`] of the store.
pub fn name(tx: &mut dyn Tx, tenant: &str, code: &str) -> Result<String, E> {
    let sql = "SELECT name FROM district WHERE tenant = $1 AND code = $2";
    let name = tx.one(sql, &[V::T(tenant), V::T(code)], |r| r.text(0))?;
    Ok(name.unwrap_or_else(|| code.to_owned()))
}
