//! Bytes of a photo arrive.

use std::path::PathBuf;
use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use xuncha_wire::BlobId;

use super::{BlobError, Blobs, Writing};

/// What the sender announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Where its bytes begin; `None` replaces whatever has arrived (a plain PUT).
    pub offset: Option<u64>,
    /// The whole length, if it is known.
    pub length: Option<u64>,
    /// Do these bytes end the photo?
    pub last: bool,
}

/// Where the hub stands afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Bytes held.
    pub offset: u64,
    /// Whole and hashed?
    pub complete: bool,
}

impl Blobs {
    /// Appends a body to a photo. The work goes on when the asker has gone, until its connection ends: what arrived
    /// before a cut is kept.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn receive(
        &self,
        tenant: &str,
        id: &BlobId,
        arrival: Arrival,
        body: Body,
    ) -> Result<Receipt, BlobError> {
        let (blobs, tenant, id) = (self.clone(), tenant.to_owned(), id.clone());
        let work = tokio::spawn(async move { blobs.append(&tenant, &id, arrival, body).await });
        work.await.map_err(|e| BlobError::Io(std::io::Error::other(e)))?
    }

    async fn append(
        &self,
        tenant: &str,
        id: &BlobId,
        arrival: Arrival,
        body: Body,
    ) -> Result<Receipt, BlobError> {
        let part = self.part(tenant, id);
        let writing = self.lock(&part)?;
        let (at, complete) = self.offset(tenant, id)?;
        if complete {
            return Ok(Receipt { offset: at, complete });
        }
        let too_large = |n: u64| n > self.limits.photo_bytes;
        if arrival.length.is_some_and(too_large) {
            return Err(BlobError::TooLarge);
        }
        if let Some(offset) = arrival.offset
            && offset != at
        {
            return Err(BlobError::WrongOffset(at));
        }
        let (mut file, at) = open(&part, arrival, at).await?;
        let limit = arrival.length.unwrap_or(self.limits.photo_bytes);
        let written = self.copy(&mut file, body, at, limit).await;
        // What arrived before an error is kept, in order, before anybody else may write.
        file.flush().await?;
        let (offset, ended) = written?;
        drop(file);
        let full = arrival.length.map_or(ended && arrival.last, |length| offset == length);
        if !full {
            return Ok(Receipt { offset, complete: false });
        }
        self.finish(tenant, id, part, writing).await?;
        Ok(Receipt { offset, complete: true })
    }

    /// Copies until the body ends; `false` if it was cut or fell silent.
    async fn copy(&self, file: &mut File, body: Body, at: u64, limit: u64) -> Result<(u64, bool), BlobError> {
        let mut offset = at;
        let mut frames = body.into_data_stream();
        let idle = Duration::from_secs(self.limits.idle_s);
        loop {
            let Ok(next) = tokio::time::timeout(idle, frames.next()).await else {
                return Ok((offset, false));
            };
            match next {
                None => return Ok((offset, true)),
                Some(Err(_)) => return Ok((offset, false)),
                Some(Ok(bytes)) => {
                    offset += bytes.len() as u64;
                    if offset > limit {
                        return Err(BlobError::TooLarge);
                    }
                    file.write_all(&bytes).await?;
                }
            }
        }
    }

    async fn finish(
        &self,
        tenant: &str,
        id: &BlobId,
        part: PathBuf,
        writing: Writing,
    ) -> Result<(), BlobError> {
        let (blobs, tenant, id) = (self.clone(), tenant.to_owned(), id.clone());
        let hashing = tokio::task::spawn_blocking(move || {
            let done = blobs.complete(&tenant, &id, &part);
            drop(writing);
            done
        });
        hashing.await.map_err(|e| BlobError::Io(std::io::Error::other(e)))?
    }
}

async fn open(part: &std::path::Path, arrival: Arrival, at: u64) -> Result<(File, u64), BlobError> {
    if let Some(folder) = part.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let mut options = OpenOptions::new();
    options.create(true);
    match arrival.offset {
        Some(_) => Ok((options.append(true).open(part).await?, at)),
        None => Ok((options.write(true).truncate(true).open(part).await?, 0)),
    }
}
