//! Stored bodies: two head bytes in front, a hash beside, both checked whenever one is read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use xuncha_wire::envelope;

use super::{Result, StoreError};

/// A body as it stands in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Version, algorithm, payload.
    pub(crate) body: Vec<u8>,
    /// SHA-256 of `body`.
    pub(crate) sha: Vec<u8>,
}

impl Stored {
    /// Wraps a payload.
    pub(crate) fn of(payload: &[u8]) -> Self {
        let body = envelope::wrap(payload);
        let sha = Sha256::digest(&body).to_vec();
        Self { body, sha }
    }

    /// Wraps a value as JSON.
    pub(crate) fn json<T: Serialize>(value: &T) -> Result<Self> {
        Ok(Self::of(&serde_json::to_vec(value)?))
    }

    /// The payload.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the body does not fit its hash.
    pub(crate) fn open(&self) -> Result<&[u8]> {
        if Sha256::digest(&self.body).as_slice() != self.sha.as_slice() {
            return Err(StoreError::Damaged("body"));
        }
        Ok(envelope::open(&self.body)?)
    }

    /// The payload read as JSON.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(self.open()?)?)
    }
}
