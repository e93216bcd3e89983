//! Photos on disk: a folder, content-addressed.

use std::path::{Path, PathBuf};

use crate::config::Limits;
use crate::error::HubError;

/// The folder of photos.
pub struct Blobs {
    folder: PathBuf,
    #[allow(dead_code, reason = "the upload code, next to land, reads it")]
    limits: Limits,
}

impl Blobs {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// [`HubError::Io`].
    pub fn open(folder: &Path, limits: Limits) -> Result<Self, HubError> {
        std::fs::create_dir_all(folder).map_err(HubError::io(folder.display()))?;
        Ok(Self { folder: folder.to_owned(), limits })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
