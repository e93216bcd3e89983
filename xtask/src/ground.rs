//! Where the work stands: the repository's root.

use std::env;
use std::path::{Path, PathBuf};

/// Why a task failed, as a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    /// With this sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// The folders that the tasks work in.
pub(crate) struct Ground {
    root: PathBuf,
}

impl Ground {
    /// Finds the root by cargo's own word.
    pub(crate) fn find() -> Result<Self, Failure> {
        let crate_folder = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .ok_or_else(|| Failure::new("CARGO_MANIFEST_DIR is not set: run this as `cargo xtask`"))?;
        let root = crate_folder.parent().map(Path::to_path_buf);
        let root = root.ok_or_else(|| Failure::new("xtask stands in no folder"))?;
        Ok(Self { root })
    }

    /// A path below the repository's root.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }
}
