//! Enrolment and login: a one-time code, a device key, a signed challenge, a short-lived token.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::error::WireError;
use crate::ids::{DeviceId, Epoch, PersonId, Scope, Tenant};

/// What stands in the QR code, as `XC1.` + base64url of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolCode {
    /// Where the hub is: `https://host[:port]`, or `http://127.0.0.1:port` for a demo on one machine.
    pub hub: String,
    /// The hub's own name, which is signed with every message so that one hub can't use another's signatures.
    pub hub_id: String,
    /// The city.
    pub tenant: Tenant,
    /// Base64url of the 16 random bytes that are spent once.
    pub code: String,
    /// When it runs out, ms since 1970 by the hub's clock.
    pub expires_ms: i64,
    /// SHA-256 of the SPKI of up to two keys, base64url; empty for a hub with a public certificate.
    #[serde(default)]
    pub pins: Vec<String>,
}

const PREFIX: &str = "XC1.";

impl EnrolCode {
    /// As text for the QR code.
    ///
    /// # Errors
    /// Never for values made by a hub; the type allows it because serialising may fail.
    pub fn to_text(&self) -> Result<String, WireError> {
        let json = serde_json::to_vec(self).map_err(|e| WireError::from_json("enrolment code", &e))?;
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(json)))
    }

    /// Reads scanned or pasted text; white space around it is dropped.
    ///
    /// # Errors
    /// [`WireError::BadCode`] if the text is not an enrolment code of this product.
    pub fn from_text(text: &str) -> Result<Self, WireError> {
        let body = text.trim().strip_prefix(PREFIX).ok_or(WireError::BadCode("prefix"))?;
        let json = URL_SAFE_NO_PAD.decode(body).map_err(|_| WireError::BadCode("base64"))?;
        serde_json::from_slice(&json).map_err(|_| WireError::BadCode("content"))
    }
}

/// `POST /v1/enrol`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// [`EnrolCode::code`].
    pub code: String,
    /// The device's public key, SEC1, base64.
    pub key: String,
    /// [`crate::sign::ES256`].
    pub alg: String,
    /// Signature over [`crate::sign::enrol_bytes`], DER, base64. Checked before the code is spent.
    pub sig: String,
    /// What the phone calls itself, for the list of phones: model and system version.
    #[serde(default)]
    pub model: String,
    /// How the key is kept: `strong`, `tee` or `software`.
    #[serde(default)]
    pub key_level: String,
}

/// The answer to [`EnrolRequest`]: who the phone now is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The device's name from now on.
    pub device: DeviceId,
    /// Who uses it.
    pub person: PersonId,
    /// Their name as written.
    pub name: String,
    /// Their unit's name.
    #[serde(default)]
    pub unit: String,
    /// The bureau's name.
    #[serde(default)]
    pub bureau: String,
    /// The hub's present epoch.
    pub epoch: Epoch,
    /// The feeds this person reads.
    pub scopes: Vec<Scope>,
}

/// `POST /v1/challenge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// Who asks.
    pub device: DeviceId,
}

/// The answer to [`ChallengeRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeAnswer {
    /// 32 random bytes, base64; good for one login.
    pub challenge: String,
    /// Seconds it may be used.
    pub ttl_s: u32,
}

/// `POST /v1/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Who asks.
    pub device: DeviceId,
    /// [`ChallengeAnswer::challenge`].
    pub challenge: String,
    /// Signature over [`crate::sign::login_bytes`], DER, base64.
    pub sig: String,
}

/// The answer to [`TokenRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenAnswer {
    /// Opaque, 32 random bytes, base64. Goes into `Authorization: Bearer`.
    pub token: String,
    /// Seconds it holds.
    pub ttl_s: u32,
}

/// Base64 with padding, as the messages use it.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a base64 field.
///
/// # Errors
/// [`WireError::BadMessage`] naming the field.
pub fn decode(what: &'static str, text: &str) -> Result<Vec<u8>, WireError> {
    STANDARD.decode(text).map_err(|_| WireError::BadMessage { what, why: "not base64".into() })
}

#[cfg(test)]
mod tests;
