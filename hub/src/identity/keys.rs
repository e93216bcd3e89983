//! Device keys: ECDSA on P-256 with SHA-256, DER signatures.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// Reads a public key in SEC1 form; anything that is no point of the curve is refused.
pub fn readable(key: &[u8]) -> bool {
    VerifyingKey::from_sec1_bytes(key).is_ok()
}

/// Does this DER signature over `message` come from the holder of `key` (SEC1)?
pub fn fits(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(key), Signature::from_der(signature))
    else {
        return false;
    };
    key.verify(message, &signature).is_ok()
}
