//! Who asks: passwords of the console, enrolment codes, device keys, tokens, and the feeds a person reads.

pub mod codes;
pub mod devices;
pub mod keys;
pub mod password;
pub mod scoped;

pub use scoped::Scoped;

use sha2::{Digest, Sha256};

/// Secrets are stored as their SHA-256 only: codes, challenges, tokens, cookies.
pub fn secret_hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}
