//! The device key: made and kept by the platform, behind a foreign trait. [`SoftwareKeys`] stands in where no
//! platform keeps keys: on a desktop, in tests, in the demo.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};

/// How well a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum KeyLevel {
    /// In a separate security chip.
    Strong,
    /// In the processor's trusted part.
    Tee,
    /// In a file.
    Software,
}

impl KeyLevel {
    /// The word of the protocol.
    pub fn word(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Tee => "tee",
            Self::Software => "software",
        }
    }
}

/// A device key's public half.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DeviceKey {
    /// The public key, SEC1, uncompressed (65 bytes).
    pub sec1_public: Vec<u8>,
    /// How the private half is kept.
    pub level: KeyLevel,
}

/// Why the platform could not use a key. Only [`KeyError::Gone`] means that the key is lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
pub enum KeyError {
    /// Before the first unlock: end quietly, try later.
    #[error("the key store is not open yet")]
    NotYet,
    /// Try again in 0.2, 1, 5 s.
    #[error("the key store is busy")]
    Busy,
    /// Invalidated, restored elsewhere, reinstalled: enrol again.
    #[error("the key is gone")]
    Gone,
    /// This phone can't keep keys.
    #[error("keys are not supported")]
    Unsupported,
    /// The shell's code failed.
    #[error("the key store failed unexpectedly")]
    Unexpected,
}

#[cfg(feature = "uniffi")]
impl From<uniffi::UnexpectedUniFFICallbackError> for KeyError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// Where the device key is kept. No key asks for a fingerprint, an unlocked phone or a screen lock.
#[cfg_attr(feature = "uniffi", uniffi::export(foreign))]
pub trait KeyKeeper: Send + Sync {
    /// The key of this name, made now if there was never one (ECDSA P-256, not exportable).
    ///
    /// # Errors
    /// [`KeyError`].
    fn device_key(&self, alias: String) -> Result<DeviceKey, KeyError>;

    /// Signature of SHA-256 of `message` by the key of this name, ASN.1 DER.
    ///
    /// # Errors
    /// [`KeyError`].
    fn sign(&self, alias: String, message: Vec<u8>) -> Result<Vec<u8>, KeyError>;
}

/// Keys in files of mode 0600: the stand-in.
pub struct SoftwareKeys {
    folder: PathBuf,
    open: Mutex<HashMap<String, SigningKey>>,
}

impl SoftwareKeys {
    /// Keys in `folder`, which is made when the first key is.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), open: Mutex::new(HashMap::new()) }
    }

    fn key(&self, alias: &str, make: bool) -> Result<SigningKey, KeyError> {
        let mut open = self.open.lock().map_err(|_| KeyError::Unexpected)?;
        if let Some(key) = open.get(alias) {
            return Ok(key.clone());
        }
        if alias.is_empty() || !alias.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(KeyError::Unsupported);
        }
        let path = self.folder.join(format!("{alias}.key"));
        let key = match std::fs::read(&path) {
            Ok(bytes) => SigningKey::from_slice(&bytes).map_err(|_| KeyError::Gone)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && make => {
                let key = fresh()?;
                write_private(&self.folder, &path, &key.to_bytes()).map_err(|_| KeyError::Unexpected)?;
                key
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(KeyError::Gone),
            // Unreadable is not gone.
            Err(_) => return Err(KeyError::NotYet),
        };
        open.insert(alias.to_owned(), key.clone());
        Ok(key)
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a key is made of true randomness, whatever the clock of a test says"
)]
fn fresh() -> Result<SigningKey, KeyError> {
    for _ in 0..8 {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::Unexpected)?;
        if let Ok(key) = SigningKey::from_slice(&bytes) {
            return Ok(key);
        }
    }
    Err(KeyError::Unexpected)
}

fn write_private(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let part = path.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

impl KeyKeeper for SoftwareKeys {
    fn device_key(&self, alias: String) -> Result<DeviceKey, KeyError> {
        let key = self.key(&alias, true)?;
        let public = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(DeviceKey { sec1_public: public, level: KeyLevel::Software })
    }

    fn sign(&self, alias: String, message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        let signature: DerSignature = self.key(&alias, false)?.sign(&message);
        Ok(signature.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests;
