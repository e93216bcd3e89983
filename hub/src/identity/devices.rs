//! Phones: enrolled with their key, known by challenge and token, revoked by the office.

use xuncha_wire::enrol::EnrolRequest;

use crate::store::{E, Tx, V};
use crate::{Hub, HubError, audit};

/// Seconds a challenge may be used.
pub const CHALLENGE_S: u32 = 120;
/// Seconds a token holds.
pub const TOKEN_S: u32 = 12 * 3600;

/// A new phone's row.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    tenant: &str,
    device: &str,
    person: &str,
    key: &[u8],
    request: &EnrolRequest,
    now_ms: i64,
) -> Result<(), E> {
    let short = |text: &str| text.chars().take(120).collect::<String>();
    tx.exec(
        "INSERT INTO device (tenant, id, person, key, alg, key_level, model, app, state, enrolled_ms, revoked_ms,
             seen_ms, pushed_ms, made, photos_made, photos_waiting, waiting_why, clock_ms, held, photos_held,
             safe_n, epoch)
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'active', $8, 0, $8, 0, 0, 0, 0, '', 0, 0, 0, 0, '')",
        &[
            V::T(tenant),
            V::T(device),
            V::T(person),
            V::B(key),
            V::T(&request.alg),
            V::T(&short(&request.key_level)),
            V::T(&short(&request.model)),
            V::I(now_ms),
        ],
    )?;
    audit::write(tx, tenant, now_ms, person, "enrol", device, "")
}

/// Tenant, key and state of a phone that wants to log in. Its id establishes the tenant.
pub(crate) fn key_of(tx: &mut dyn Tx, device: &str) -> Result<Option<(String, Vec<u8>, bool)>, E> {
    tx.one("SELECT tenant, key, state FROM device WHERE id = $1", &[V::T(device)], |r| {
        Ok((r.text(0)?, r.blob(1)?, r.text(2)? == "active"))
    })
}

impl Hub {
    /// Revokes a phone: its next request is refused. What it holds stays on it until the office takes it over.
    ///
    /// # Errors
    /// [`HubError::NotFound`], or the store's errors.
    pub async fn revoke_device(&self, by: &str, device: &str) -> Result<(), HubError> {
        let (tenant, id, by, now) =
            (self.tenant().to_string(), device.to_owned(), by.to_owned(), self.now_ms());
        let done = self
            .db()
            .write(move |tx| {
                let changed = tx.exec(
                    "UPDATE device SET state = 'revoked', revoked_ms = $3 WHERE tenant = $1 AND id = $2",
                    &[V::T(&tenant), V::T(&id), V::I(now)],
                )?;
                // The token stays, so that the phone hears why: revoked, not unknown.
                audit::write(tx, &tenant, now, &by, "revoke_device", &id, "")?;
                Ok(changed == 1)
            })
            .await?;
        if done { Ok(()) } else { Err(HubError::NotFound { what: "device", id: device.to_owned() }) }
    }
}
