//! Photos on the wire: content-addressed, resumable at a byte offset.
//!
//! `HEAD /v1/blob/<id>` answers the offset the hub holds; `PATCH` appends at that offset; one plain `PUT` of the
//! whole is taken too. Header names follow the IETF resumable-upload draft (draft-ietf-httpbis-resumable-upload,
//! interop version 8). The hub alone says complete, after it hashed what it holds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::WireError;

/// Offset header of the draft: the number of bytes held.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Complete header of the draft: `?1` or `?0`.
pub const UPLOAD_COMPLETE: &str = "upload-complete";
/// Length header of the draft: the whole length in bytes.
pub const UPLOAD_LENGTH: &str = "upload-length";
/// The draft's interop version header.
pub const UPLOAD_DRAFT: &str = "upload-draft-interop-version";
/// The version of the draft that is spoken.
pub const UPLOAD_DRAFT_VERSION: &str = "8";

/// A photo's name: `s2:` and the SHA-256 of its bytes in lower-case hex. `s2` is the algorithm; another
/// (SM3) would be another prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId(String);

impl BlobId {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(Sha256::digest(bytes).as_slice())
    }

    /// The name for a finished SHA-256.
    pub fn from_digest(digest: &[u8]) -> Self {
        Self(format!("s2:{}", hex(digest)))
    }

    /// The name as text, with its prefix.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 64 hex digits alone, for file names.
    pub fn digits(&self) -> &str {
        self.0.strip_prefix("s2:").unwrap_or(&self.0)
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

impl FromStr for BlobId {
    type Err = WireError;

    fn from_str(text: &str) -> Result<Self, WireError> {
        let digits = text.strip_prefix("s2:").ok_or(WireError::BadId("BlobId"))?;
        let lower_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if digits.len() != 64 || !digits.bytes().all(lower_hex) {
            return Err(WireError::BadId("BlobId"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for BlobId {
    type Error = WireError;

    fn try_from(text: String) -> Result<Self, WireError> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> String {
        id.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `POST /v1/blobs/have`: which of these does the hub hold whole? At most [`HAVE_MAX`], and only ids that the
/// asking device's own ops name are answered with true, so that nobody can probe for photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HaveRequest {
    /// The names asked for.
    pub ids: Vec<BlobId>,
}

/// The answer to [`HaveRequest`], in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HaveAnswer {
    /// Whole and hashed at the hub?
    pub have: Vec<bool>,
}

/// Most ids of one [`HaveRequest`].
pub const HAVE_MAX: usize = 500;

#[cfg(test)]
mod tests;
