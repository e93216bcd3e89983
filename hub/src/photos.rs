//! Photos as the hub knows them: who may upload and see which, and their derivatives.

use std::path::PathBuf;

use xuncha_photos::{RenditionSpec, rendition, thumbnail};
use xuncha_wire::BlobId;

use crate::identity::{Scoped, scoped};
use crate::store::{E, Tx, V};
use crate::{Hub, HubError};

/// Which picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The bytes as the phone took them.
    Original,
    /// For a page: upright, position and serial numbers left out of it.
    View,
    /// For a list.
    Thumb,
}

/// Does an op of this phone name the photo?
///
/// # Errors
/// [`E`] of the store.
pub fn own(tx: &mut dyn Tx, who: &Scoped, photo: &str) -> Result<bool, E> {
    let found = tx.one(
        "SELECT 1 FROM device_photo WHERE tenant = $1 AND device = $2 AND photo = $3",
        &[V::T(&who.tenant), V::T(&who.device), V::T(photo)],
        |r| r.int(0),
    )?;
    Ok(found.is_some())
}

/// Does an op of this phone name the photo, and does the hub hold it whole?
///
/// # Errors
/// [`E`] of the store.
pub fn own_and_whole(tx: &mut dyn Tx, who: &Scoped, photo: &str) -> Result<bool, E> {
    let whole = tx.one(
        "SELECT 1 FROM photo WHERE tenant = $1 AND id = $2 AND state = 'complete'",
        &[V::T(&who.tenant), V::T(photo)],
        |r| r.int(0),
    )?;
    Ok(whole.is_some() && own(tx, who, photo)?)
}

/// May they see it: their own, or one of a record or case in their feeds?
///
/// # Errors
/// [`E`] of the store.
pub fn may_see(tx: &mut dyn Tx, who: &Scoped, photo: &str) -> Result<bool, E> {
    if own(tx, who, photo)? {
        return Ok(true);
    }
    let places = tx.all(
        "SELECT DISTINCT kind, entity FROM photo_use WHERE tenant = $1 AND photo = $2 ORDER BY kind, entity",
        &[V::T(&who.tenant), V::T(photo)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )?;
    for (kind, entity) in places {
        if scoped::may_read(tx, who, &kind, &entity)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The hub has hashed a photo: it is whole. Every phone whose ops name it holds one photo more at the hub. Saying it
/// twice changes nothing.
///
/// # Errors
/// [`E`] of the store.
pub async fn arrived(hub: &Hub, tenant: &str, id: &BlobId, size: u64) -> Result<(), E> {
    let (tenant, id, now) = (tenant.to_owned(), id.to_string(), hub.now_ms());
    hub.db()
        .write(move |tx| {
            let new = tx.exec(
                "UPDATE photo SET state = 'complete', size = $3, complete_ms = $4
                 WHERE tenant = $1 AND id = $2 AND state <> 'complete'",
                &[V::T(&tenant), V::T(&id), V::I(i64::try_from(size).unwrap_or(i64::MAX)), V::I(now)],
            )?;
            if new == 1 {
                tx.exec(
                    "UPDATE device SET photos_held = photos_held + 1 WHERE tenant = $1 AND id IN
                         (SELECT device FROM device_photo WHERE tenant = $1 AND photo = $2)",
                    &[V::T(&tenant), V::T(&id)],
                )?;
            }
            Ok(())
        })
        .await
}

/// The file of a picture, made if it is a derivative that is not there yet; none if the photo is not whole, or is
/// so damaged that no picture comes out of it.
///
/// # Errors
/// [`HubError`] if the file system fails.
pub async fn file(hub: &Hub, tenant: &str, id: &BlobId, size: Size) -> Result<Option<PathBuf>, HubError> {
    let original = hub.blobs().path(tenant, id);
    let word = match size {
        Size::Original => return Ok(Some(original).filter(|p| p.exists())),
        Size::View => "view",
        Size::Thumb => "thumb",
    };
    let derived = hub.blobs().derived(tenant, id, word);
    if derived.exists() {
        return Ok(Some(derived));
    }
    if !original.exists() {
        return Ok(None);
    }
    // Decoding 48 megapixels takes memory: as few at a time as password hashes.
    let turn = std::sync::Arc::clone(&hub.0.hashing).acquire_owned().await;
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        make(&original, &derived, size).map(|made| made.then_some(derived))
    });
    made.await.map_err(|_| HubError::Store(E::Panicked))?
}

fn make(original: &std::path::Path, derived: &std::path::Path, size: Size) -> Result<bool, HubError> {
    let bytes = std::fs::read(original).map_err(HubError::io("photo"))?;
    let picture = match size {
        Size::Thumb => thumbnail(&bytes),
        _ => rendition(&bytes, &RenditionSpec::STANDARD),
    };
    let Ok(picture) = picture else { return Ok(false) };
    if let Some(folder) = derived.parent() {
        std::fs::create_dir_all(folder).map_err(HubError::io("derived photos"))?;
    }
    let unfinished = derived.with_extension(if size == Size::Thumb { "thumb-new" } else { "view-new" });
    std::fs::write(&unfinished, &picture.bytes).map_err(HubError::io("derived photo"))?;
    std::fs::rename(&unfinished, derived).map_err(HubError::io("derived photo"))?;
    Ok(true)
}
