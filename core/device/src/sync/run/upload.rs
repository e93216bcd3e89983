//! Photos that go up, in pieces of their originals.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use xuncha_wire::BlobId;

use super::Run;
use crate::error::{AppError, Words};
use crate::store::{Reader, StoreError, open, ops, photos};
use crate::sync::plan::{Event, Failure};

impl Run<'_> {
    pub(super) async fn append(
        &mut self,
        id: BlobId,
        at: u64,
        length: u64,
    ) -> Result<Result<Event, Failure>, AppError> {
        self.progress("正在传照片", "Uploading photos");
        let name = id.clone();
        let photo = self.core.read(move |reader| Ok(photos::need(&reader.mine, name.as_str())?)).await?;
        let path = self.core.media.original(&photo.file);
        let Ok(piece) = piece(&path, at, length) else { return Ok(Err(Failure::NotFound)) };
        if piece.len() as u64 != length {
            // The file on this phone is not what it was: it is told, and the others go on.
            self.note_changed_photo().await?;
            return Ok(Err(Failure::NotFound));
        }
        let began = self.core.env.clock().mono_ms();
        let answer = self.client.append(&id, at, photo.size, piece).await;
        let took_ms = u64::try_from(self.core.env.clock().mono_ms() - began).unwrap_or(0);
        if matches!(answer, Err(Failure::WrongHash)) && !is_whole(&path, &id) {
            self.note_changed_photo().await?;
            return Ok(Err(Failure::NotFound));
        }
        Ok(answer.map(|stand| Event::At {
            offset: stand.offset.min(photo.size),
            whole: stand.whole,
            took_ms,
        }))
    }

    async fn note_changed_photo(&self) -> Result<(), AppError> {
        let words = Words::new(
            "有一张照片的文件在手机上变了，传不上去。其余都完好。请联系管理员。",
            "A photo's file changed on this phone and can't go up. Everything else is intact. Tell the administrator.",
        );
        self.core.write(move |writer| Ok(open::note(&writer.mine, words)?)).await
    }
}

/// Photos to go up. The hub does not know those of an op that was made after the ops were listed; they go up after it.
pub(super) fn waiting(reader: &Reader, up_to: u64) -> Result<Vec<(BlobId, u64)>, StoreError> {
    let waiting = photos::waiting(&reader.mine)?;
    let later = ops::blobs_after(&reader.mine, up_to)?;
    let known = waiting.into_iter().filter(|photo| !later.contains(&photo.id));
    known.map(|photo| Ok((photo.id.parse()?, photo.size))).collect()
}

/// Reads `length` bytes at `at`.
fn piece(path: &Path, at: u64, length: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Does the file still hash to its name? Asked only after a hub said that it does not.
fn is_whole(path: &Path, id: &BlobId) -> bool {
    std::fs::read(path).is_ok_and(|bytes| BlobId::of(&bytes) == *id)
}
