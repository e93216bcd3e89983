//! RSA encryption to a form's public key: OAEP with SHA-256 in both places (RFC 8017, section 7.1), as
//! ODK's servers decrypt it. Only the public operation; randomness is handed in.

use num_bigint::BigUint;
use sha2::{Digest, Sha256};

/// Bytes of a SHA-256.
const HASH: usize = 32;
/// Bytes of the largest modulus that is taken.
const MOST: usize = 1024;

/// A public key: modulus and exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
    /// Bytes of the modulus.
    size: usize,
}

/// One element of DER: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first & 0x7f {
        short if first & 0x80 == 0 => (usize::from(short), rest),
        count @ 1..=4 => {
            let (length, rest) = rest.split_at_checked(usize::from(count))?;
            (length.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

impl PublicKey {
    /// From the DER of a `SubjectPublicKeyInfo` (X.509), which is what forms carry, or of the bare key.
    pub(crate) fn from_der(der: &[u8]) -> Option<PublicKey> {
        const SEQUENCE: u8 = 0x30;
        const INTEGER: u8 = 2;
        const BIT_STRING: u8 = 3;
        let (outer, _) = expect(der, SEQUENCE)?;
        let numbers = match element(outer)? {
            (INTEGER, ..) => outer,
            (SEQUENCE, _, rest) => {
                let (bits, _) = expect(rest, BIT_STRING)?;
                // The first byte counts unused bits.
                expect(bits.get(1..)?, SEQUENCE)?.0
            }
            _ => return None,
        };
        let (modulus, rest) = expect(numbers, INTEGER)?;
        let (exponent, _) = expect(rest, INTEGER)?;
        let modulus = BigUint::from_bytes_be(modulus);
        let exponent = BigUint::from_bytes_be(exponent);
        let size = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
        let usable = (2 * HASH + 2 + HASH..=MOST).contains(&size) && exponent.bit(0) && exponent.bits() > 1;
        usable.then_some(PublicKey { modulus, exponent, size })
    }

    /// Encrypts a message of at most 32 bytes (a key, a digest) with a seed of 32 random bytes.
    pub(crate) fn encrypt(&self, message: &[u8], seed: &[u8; HASH]) -> Vec<u8> {
        let mut block = Sha256::digest(b"").to_vec();
        block.resize((self.size - HASH - 2).saturating_sub(message.len()), 0);
        block.push(1);
        block.extend_from_slice(message);
        let block = masked(&block, seed);
        let mut padded = vec![0];
        padded.extend(masked(seed, &block));
        padded.extend(block);
        let cipher = BigUint::from_bytes_be(&padded).modpow(&self.exponent, &self.modulus).to_bytes_be();
        let mut out = vec![0; self.size.saturating_sub(cipher.len())];
        out.extend(cipher);
        out
    }
}

/// `bytes` under the mask that MGF1 makes of `seed`.
fn masked(bytes: &[u8], seed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (counter, chunk) in (0u32..).zip(bytes.chunks(HASH)) {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(counter.to_be_bytes());
        out.extend(chunk.iter().zip(hash.finalize()).map(|(byte, mask)| byte ^ mask));
    }
    out
}
