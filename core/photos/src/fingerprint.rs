//! The id of a photo: SHA-256 of the bytes as they were received.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// What every photo id starts with: the algorithm, so that SM3 can stand beside SHA-256 later.
const PREFIX: &str = "s2:";

/// The id of a photo, written `s2:` and 64 lower-case hexadecimal digits: SHA-256 of the received bytes.
///
/// Since Android 10 the system may blank the position inside a file that it hands over, so this is the
/// hash of what was received, which need not be the hash of the file in the phone's gallery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId([u8; 32]);

/// The text is not a photo id: not `s2:` followed by 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a photo id: expected \"s2:\" and 64 lower-case hexadecimal digits")]
pub struct BadPhotoId;

impl PhotoId {
    /// The id of a photo whose bytes are all at hand.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut fingerprint = Fingerprint::new();
        fingerprint.update(bytes);
        fingerprint.finish()
    }

    /// The id with this SHA-256 digest.
    #[must_use]
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The SHA-256 digest, 32 bytes.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as 64 lower-case hexadecimal digits, without the prefix: good as a file name.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PhotoId {
    type Err = BadPhotoId;

    fn from_str(text: &str) -> Result<Self, BadPhotoId> {
        let hex = text.strip_prefix(PREFIX).ok_or(BadPhotoId)?.as_bytes();
        if hex.len() != 64 {
            return Err(BadPhotoId);
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = pair
                .iter()
                .try_fold(0, |value, digit| Some(value << 4 | nibble(*digit)?))
                .ok_or(BadPhotoId)?;
        }
        Ok(Self(digest))
    }
}

/// One id has one spelling: upper-case digits are refused, or the same photo could be stored twice.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl Serialize for PhotoId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhotoId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hashes a photo piece by piece, while it is copied or received.
#[derive(Clone, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Starts with no byte seen.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The id of all bytes seen.
    #[must_use]
    pub fn finish(self) -> PhotoId {
        PhotoId(self.0.finalize().into())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint")
    }
}
