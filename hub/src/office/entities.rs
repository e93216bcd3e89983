//! Bodies of what comes down the feeds.

use serde::Serialize;
use serde::de::DeserializeOwned;
use xuncha_wire::envelope;

use crate::store::feed::put_entity;
use crate::store::{E, Tx, V};

/// An entity's body, if there is one.
///
/// # Errors
/// [`E::Damaged`] if what is stored is not this.
pub fn read<T: DeserializeOwned>(
    tx: &mut dyn Tx,
    tenant: &str,
    kind: &str,
    id: &str,
) -> Result<Option<T>, E> {
    let body = tx.one(
        "SELECT body FROM entity WHERE tenant = $1 AND kind = $2 AND id = $3",
        &[V::T(tenant), V::T(kind), V::T(id)],
        |r| r.blob(0),
    )?;
    let damaged = || E::Damaged(format!("the body of a {kind}"));
    body.map(|body| {
        serde_json::from_slice(envelope::open(&body).map_err(|_| damaged())?).map_err(|_| damaged())
    })
    .transpose()
}

/// Stores an entity's body and returns its version.
///
/// # Errors
/// [`E`] of the store.
pub fn put<T: Serialize>(tx: &mut dyn Tx, tenant: &str, kind: &str, id: &str, body: &T) -> Result<i64, E> {
    let body = serde_json::to_vec(body).map_err(|_| E::Other(format!("a {kind} does not serialise")))?;
    put_entity(tx, tenant, kind, id, &body)
}
