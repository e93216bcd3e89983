//! Enrolment codes: 16 random bytes, for one named person, spent once, stored hashed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xuncha_wire::enrol::EnrolCode;

use super::secret_hash;
use crate::clock::{self, NoRandomness};
use crate::store::{E, Tx, V};
use crate::{Hub, HubError};

/// A code as it stands in the store, for the one who brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The city.
    pub tenant: String,
    /// For whom.
    pub person: String,
    /// When it runs out.
    pub expires_ms: i64,
    /// When it was spent; 0: not yet.
    pub used_ms: i64,
}

impl Hub {
    /// Issues a code for a person of this city. The plain code is in the answer only.
    ///
    /// # Errors
    /// [`HubError::NotFound`] if there is no such person; `NotFound` "address" before the hub knows where it can
    /// be reached; the store's errors.
    pub async fn issue_code(&self, by: &str, person: &str) -> Result<EnrolCode, HubError> {
        let hub = self.url().ok_or(HubError::NotFound { what: "address", id: "public_url".into() })?;
        let plain: [u8; 16] = clock::random()?;
        let hash = secret_hash(&plain);
        let now = self.now_ms();
        let expires = now.saturating_add(self.config().code_ttl_s.saturating_mul(1000));
        let (tenant, who, by) = (self.tenant().to_string(), person.to_owned(), by.to_owned());
        let issued = self
            .db()
            .write(move |tx| {
                let there = tx.one(
                    "SELECT 1 FROM person WHERE tenant = $1 AND id = $2",
                    &[V::T(&tenant), V::T(&who)],
                    |r| r.int(0),
                )?;
                if there.is_none() {
                    return Ok(false);
                }
                tx.exec(
                    "INSERT INTO enrol_code (tenant, hash, person, issued_by, issued_ms, expires_ms, used_ms,
                                             used_device)
                     VALUES ($1, $2, $3, $4, $5, $6, 0, '')",
                    &[V::T(&tenant), V::B(&hash), V::T(&who), V::T(&by), V::I(now), V::I(expires)],
                )?;
                crate::audit::write(tx, &tenant, now, &by, "enrol_code", &who, "")?;
                Ok(true)
            })
            .await?;
        if !issued {
            return Err(HubError::NotFound { what: "person", id: person.to_owned() });
        }
        Ok(EnrolCode {
            hub,
            hub_id: self.hub_id().to_owned(),
            tenant: self.tenant().clone(),
            code: URL_SAFE_NO_PAD.encode(plain),
            expires_ms: expires,
            pins: self.pins(),
        })
    }
}

/// The 16 bytes of a code's text.
pub fn plain(code: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(code).ok().filter(|bytes| bytes.len() == 16)
}

/// Looks a code up by the hash of its bytes. The hash establishes the tenant.
///
/// # Errors
/// [`E`] of the store.
pub fn find(tx: &mut dyn Tx, hash: &[u8]) -> Result<Option<Offered>, E> {
    tx.one("SELECT tenant, person, expires_ms, used_ms FROM enrol_code WHERE hash = $1", &[V::B(hash)], |r| {
        Ok(Offered { tenant: r.text(0)?, person: r.text(1)?, expires_ms: r.int(2)?, used_ms: r.int(3)? })
    })
}

/// Spends a code for a device; false if another was faster.
///
/// # Errors
/// [`E`] of the store.
pub fn spend(tx: &mut dyn Tx, tenant: &str, hash: &[u8], device: &str, now_ms: i64) -> Result<bool, E> {
    let spent = tx.exec(
        "UPDATE enrol_code SET used_ms = $3, used_device = $4 WHERE tenant = $1 AND hash = $2 AND used_ms = 0",
        &[V::T(tenant), V::B(hash), V::I(now_ms), V::T(device)],
    )?;
    Ok(spent == 1)
}

/// 32 random bytes, as tokens and challenges are.
///
/// # Errors
/// [`NoRandomness`].
pub fn secret() -> Result<[u8; 32], NoRandomness> {
    clock::random()
}
