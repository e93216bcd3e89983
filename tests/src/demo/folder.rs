//! The folder that a demo plays in: its own, emptied at the start, one demo at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::DemoError;

/// Stands in every folder that a demo made: only such a one is emptied.
const MARK: &str = "xuncha-demo";

/// A folder that is this demo's as long as it lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes the folder and empties it.
    ///
    /// # Errors
    /// [`DemoError::Folder`] if another demo plays in it, or if something else is in it; nothing is touched then.
    pub fn take(path: &Path) -> Result<Self, DemoError> {
        let unusable = |why: &str| DemoError::Folder { folder: path.to_owned(), why: why.to_owned() };
        let there = path.exists();
        if there && !path.join(MARK).exists() && std::fs::read_dir(path)?.next().is_some() {
            return Err(unusable("里面有别的东西，没有动它 / something else is in it; it was left alone"));
        }
        std::fs::create_dir_all(path)?;
        let lock = File::create(path.join(MARK))?;
        if let Err(std::fs::TryLockError::WouldBlock) = lock.try_lock() {
            return Err(unusable(
                "另一个演示正在里面进行，没有动它 / another demo plays in it; it was left alone",
            ));
        }
        for entry in std::fs::read_dir(path)?.filter_map(Result::ok).filter(|entry| entry.file_name() != MARK)
        {
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A path in it.
    pub fn join(&self, below: &str) -> PathBuf {
        self.path.join(below)
    }
}
