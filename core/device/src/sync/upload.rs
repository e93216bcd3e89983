//! The phone's side of an upload: reading pieces of an original.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use xuncha_wire::BlobId;

/// Reads `length` bytes at `at`.
pub(crate) fn piece(path: &Path, at: u64, length: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Does the file still hash to its name? Asked only after a hub said that it does not.
pub(crate) fn is_whole(path: &Path, id: &BlobId) -> bool {
    std::fs::read(path).is_ok_and(|bytes| BlobId::of(&bytes) == *id)
}
