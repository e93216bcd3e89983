//! The files that forms read and show, in a folder, each under the hash of its bytes.
//!
//! Pieces are appended to `<name>.part`, whose length is where fetching goes on; the whole is hashed before it gets its
//! name. A file that is there under its name and has its length is taken for whole until it is read, which checks it.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use xuncha_wire::BlobId;
use xuncha_wire::entity::{FormBody, FormFile};

use crate::store::StoreError;
use crate::store::open::sync_folder;

/// The folder of forms' files.
#[derive(Clone)]
pub(crate) struct FormFiles {
    folder: PathBuf,
}

impl FormFiles {
    /// Makes the folder.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, StoreError> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Where a file is, or will be. Its ending is the one that the form calls it by: players go by that.
    pub(crate) fn path(&self, file: &FormFile) -> PathBuf {
        self.folder.join(name(file))
    }

    fn part(&self, file: &FormFile) -> PathBuf {
        self.folder.join(format!("{}.part", name(file)))
    }

    /// Is it here?
    pub(crate) fn has(&self, file: &FormFile) -> bool {
        length(&self.path(file)) == Some(file.size)
    }

    /// Are all files of a form here?
    pub(crate) fn has_all(&self, form: &FormBody) -> bool {
        form.files.iter().all(|file| self.has(file))
    }

    /// The bytes of a file; none if it is not here, or not whole: then it is taken away, so that it is fetched anew.
    pub(crate) fn read(&self, file: &FormFile) -> Option<Vec<u8>> {
        let path = self.path(file);
        let bytes = std::fs::read(&path).ok()?;
        if BlobId::of(&bytes) == file.id {
            return Some(bytes);
        }
        tracing::error!("a form's file was damaged and is fetched anew");
        let _ = std::fs::remove_file(path);
        None
    }

    /// How much of it has arrived.
    pub(crate) fn arrived(&self, file: &FormFile) -> u64 {
        length(&self.part(file)).unwrap_or(0)
    }

    /// Adds what came next.
    pub(crate) fn append(&self, file: &FormFile, piece: &[u8]) -> Result<(), StoreError> {
        let mut part = OpenOptions::new().create(true).append(true).open(self.part(file))?;
        Ok(part.write_all(piece)?)
    }

    /// Gives what has arrived its name if it is the file. If not, it is dropped: false.
    pub(crate) fn complete(&self, file: &FormFile) -> Result<bool, StoreError> {
        let part = self.part(file);
        let Ok(bytes) = std::fs::read(&part) else { return Ok(false) };
        if BlobId::of(&bytes) != file.id {
            std::fs::remove_file(&part)?;
            return Ok(false);
        }
        File::open(&part)?.sync_all()?;
        std::fs::rename(&part, self.path(file))?;
        sync_folder(Some(&self.folder))?;
        Ok(true)
    }

    /// Takes away what none of these needs.
    pub(crate) fn sweep<'f>(&self, needed: impl Iterator<Item = &'f FormFile>) {
        let keep: HashSet<PathBuf> = needed.flat_map(|file| [self.path(file), self.part(file)]).collect();
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !keep.contains(&entry.path()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

fn length(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len())
}

fn name(file: &FormFile) -> String {
    let ending = file.src.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let plain = (1..=5).contains(&ending.len()) && ending.bytes().all(|c| c.is_ascii_alphanumeric());
    let digits = file.id.digits();
    if plain { format!("{digits}.{}", ending.to_ascii_lowercase()) } else { digits.to_owned() }
}

#[cfg(test)]
mod tests;
