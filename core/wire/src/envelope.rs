//! The two bytes in front of every stored body.
//!
//! `version | algorithm | payload`. Algorithm 0 is open: the payload is the body itself. Sealing (AES-256-GCM,
//! later SM4) becomes another algorithm byte, and no stored format changes.

use crate::error::WireError;

/// The version byte written now.
pub const VERSION: u8 = 1;

/// How a payload is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Algorithm {
    /// Not sealed by us; the platform's file encryption is what protects it.
    Open = 0,
}

/// `body` with its two bytes in front.
pub fn wrap(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    out.push(VERSION);
    out.push(Algorithm::Open as u8);
    out.extend_from_slice(body);
    out
}

/// The body inside `stored`.
///
/// # Errors
/// [`WireError::UnknownEnvelope`] if this build can't read it. That is no damage: a newer build can.
pub fn open(stored: &[u8]) -> Result<&[u8], WireError> {
    match stored {
        [VERSION, 0, body @ ..] => Ok(body),
        [version, algorithm, ..] => {
            Err(WireError::UnknownEnvelope { version: *version, algorithm: *algorithm })
        }
        _ => {
            Err(WireError::BadMessage { what: "stored body", why: "shorter than its two head bytes".into() })
        }
    }
}

#[cfg(test)]
mod tests;
