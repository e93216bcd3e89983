//! Photos on disk: a folder, content-addressed, `<tenant>/<first two digits>/<digits>`.
//!
//! What arrives is appended to `<tenant>/part/<digits>`, which survives cuts and restarts: its length is the offset.
//! At full length the bytes are hashed; only then are they synced, renamed to their name, and the folder synced. The
//! database row, written after that, is the truth. One writer a photo, with an idle timeout, so that a dead
//! connection does not hold it.

mod receive;

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use xuncha_wire::BlobId;

use crate::config::Limits;
use crate::error::HubError;

pub use receive::{Arrival, Receipt};

/// The folder of photos.
#[derive(Clone)]
pub struct Blobs {
    folder: PathBuf,
    limits: Limits,
    writing: Arc<Mutex<HashSet<PathBuf>>>,
}

/// What can go wrong with a photo's bytes.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// Another upload of it is under way.
    #[error("another upload is under way")]
    Busy,
    /// The sender stands elsewhere.
    #[error("the hub stands at {0}")]
    WrongOffset(u64),
    /// The bytes are not what their name says; they were dropped.
    #[error("the bytes do not hash to their name")]
    WrongHash,
    /// Longer than announced or allowed.
    #[error("too large")]
    TooLarge,
    /// The disk is full; what had arrived is kept.
    #[error("the disk is full")]
    Full,
    /// What the system says.
    #[error(transparent)]
    Io(std::io::Error),
}

impl From<std::io::Error> for BlobError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(e),
        }
    }
}

impl Blobs {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// [`HubError::Io`].
    pub fn open(folder: &Path, limits: Limits) -> Result<Self, HubError> {
        std::fs::create_dir_all(folder).map_err(HubError::io(folder.display()))?;
        Ok(Self { folder: folder.to_owned(), limits, writing: Arc::default() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a whole photo stands.
    pub fn path(&self, tenant: &str, id: &BlobId) -> PathBuf {
        let digits = id.digits();
        let first: String = digits.chars().take(2).collect();
        self.folder.join(tenant).join(first).join(digits)
    }

    /// Where a derivative of it is kept.
    pub fn derived(&self, tenant: &str, id: &BlobId, size: &str) -> PathBuf {
        self.folder.join(tenant).join("derived").join(format!("{}.{size}", id.digits()))
    }

    fn part(&self, tenant: &str, id: &BlobId) -> PathBuf {
        self.folder.join(tenant).join("part").join(id.digits())
    }

    /// How many bytes have arrived, and whether the photo is whole.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub fn offset(&self, tenant: &str, id: &BlobId) -> Result<(u64, bool), BlobError> {
        if let Ok(meta) = std::fs::metadata(self.path(tenant, id)) {
            return Ok((meta.len(), true));
        }
        match std::fs::metadata(self.part(tenant, id)) {
            Ok(meta) => Ok((meta.len(), false)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok((0, false)),
            Err(e) => Err(e.into()),
        }
    }

    /// Takes the one writer's place at a photo.
    fn lock(&self, part: &Path) -> Result<Writing, BlobError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if !writing.insert(part.to_owned()) {
            return Err(BlobError::Busy);
        }
        Ok(Writing { all: Arc::clone(&self.writing), part: part.to_owned() })
    }

    /// Hashes what has arrived and gives it its name, or drops it.
    fn complete(&self, tenant: &str, id: &BlobId, part: &Path) -> Result<(), BlobError> {
        let mut file = File::open(part)?;
        if hash(&mut file)? != *id {
            std::fs::remove_file(part)?;
            return Err(BlobError::WrongHash);
        }
        file.sync_all()?;
        let path = self.path(tenant, id);
        let folder = path.parent().unwrap_or(&self.folder);
        if !folder.exists() {
            std::fs::create_dir_all(folder)?;
            // The new folder itself must be there after a power cut, and the tenant's.
            for above in folder.ancestors().skip(1).take(2) {
                File::open(above)?.sync_all()?;
            }
        }
        std::fs::rename(part, &path)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

fn hash(file: &mut File) -> Result<BlobId, BlobError> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(BlobId::from_digest(hash.finalize().as_slice())),
            n => hash.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}

/// The writer's place; given back when dropped.
struct Writing {
    all: Arc<Mutex<HashSet<PathBuf>>>,
    part: PathBuf,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.part);
    }
}
