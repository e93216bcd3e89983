//! Which bytes are signed. Length-prefixed fields, so that no canonical JSON is needed:
//! `purpose | 0 | (length as u32 big-endian | field)*`.

use sha2::{Digest, Sha256};

use crate::ids::DeviceId;

/// Signature algorithm of device keys: ECDSA on P-256 with SHA-256, DER. Stands in every signed message.
pub const ES256: &str = "es256";

fn fields(purpose: &str, fields: &[&[u8]]) -> Vec<u8> {
    let mut out = purpose.as_bytes().to_vec();
    out.push(0);
    for field in fields {
        let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(field);
    }
    out
}

/// What a phone signs to prove that it holds the key it enrols. `code` is the plain one-time code, `key` the
/// public key in SEC1 form.
pub fn enrol_bytes(hub: &str, code: &[u8], key: &[u8]) -> Vec<u8> {
    fields("xuncha-enrol-v1", &[hub.as_bytes(), Sha256::digest(code).as_slice(), key])
}

/// What a phone signs to get a token.
pub fn login_bytes(hub: &str, device: DeviceId, challenge: &[u8]) -> Vec<u8> {
    fields("xuncha-login-v1", &[hub.as_bytes(), device.to_string().as_bytes(), challenge])
}

/// What a phone signs with each push: the body exactly as sent (compressed).
pub fn push_bytes(hub: &str, device: DeviceId, body: &[u8]) -> Vec<u8> {
    fields(
        "xuncha-push-v1",
        &[hub.as_bytes(), device.to_string().as_bytes(), Sha256::digest(body).as_slice()],
    )
}
