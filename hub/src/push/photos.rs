//! What ops say about photos: who may upload which, and where each stands.

use xuncha_wire::body::PhotoRef;

use super::Ground;
use crate::store::{E, Tx, V};

/// An op of this device names the photo. 1 if the device did not name it before and the hub holds it whole already
/// (another phone sent the same bytes), so that the device's count of held photos rises.
pub(super) fn claim(tx: &mut dyn Tx, ground: &Ground, photo: &str) -> Result<i64, E> {
    tx.exec(
        "INSERT INTO photo (tenant, id, size, mime, state, damage, named_ms, complete_ms)
         VALUES ($1, $2, 0, '', 'named', '', $3, 0) ON CONFLICT (tenant, id) DO NOTHING",
        &[V::T(&ground.who.tenant), V::T(photo), V::I(ground.now_ms)],
    )?;
    let new = tx.exec(
        "INSERT INTO device_photo (tenant, device, photo) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, device, photo) DO NOTHING",
        &[V::T(&ground.who.tenant), V::T(&ground.who.device), V::T(photo)],
    )?;
    if new == 0 {
        return Ok(0);
    }
    let whole = tx.one(
        "SELECT 1 FROM photo WHERE tenant = $1 AND id = $2 AND state = 'complete'",
        &[V::T(&ground.who.tenant), V::T(photo)],
        |r| r.int(0),
    )?;
    Ok(i64::from(whole.is_some()))
}

/// The photos of a judged op stand at its record or case. What the phone says of size and kind is kept until the
/// hub has the bytes.
pub(super) fn place(
    tx: &mut dyn Tx,
    tenant: &str,
    kind: &str,
    entity: &str,
    op: &str,
    photos: &[PhotoRef],
) -> Result<(), E> {
    for (ord, photo) in (0_i64..).zip(photos) {
        let text = serde_json::to_string(photo).map_err(|_| E::Other("a photo does not serialise".into()))?;
        let size = i64::try_from(photo.size).unwrap_or(i64::MAX);
        tx.exec(
            "INSERT INTO photo (tenant, id, size, mime, state, damage, named_ms, complete_ms)
             VALUES ($1, $2, $3, $4, 'named', $5, 0, 0)
             ON CONFLICT (tenant, id) DO UPDATE
             SET mime = excluded.mime, damage = excluded.damage, size = excluded.size
             WHERE photo.state <> 'complete'",
            &[V::T(tenant), V::T(photo.id.as_str()), V::I(size), V::T(&photo.mime), V::T(&photo.damage)],
        )?;
        tx.exec(
            "INSERT INTO photo_use (tenant, kind, entity, op, ord, photo, role, ref)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                V::T(tenant),
                V::T(kind),
                V::T(entity),
                V::T(op),
                V::I(ord),
                V::T(photo.id.as_str()),
                V::T(&photo.role),
                V::T(&text),
            ],
        )?;
    }
    Ok(())
}
