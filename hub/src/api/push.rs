//! `POST /v1/push`: custody first, judgement second, a verdict an op.

use std::io::Read;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use xuncha_wire::push::{MAX_BYTES, MAX_OP_BYTES, PushAnswer};
use xuncha_wire::{ErrorCode, SIGNATURE_HEADER, enrol, sign};

use super::error::Refused;
use super::extract::Whole;
use crate::Hub;
use crate::identity::{Scoped, keys};
use crate::push::custody::{self, Batch};
use crate::push::{Ground, judge_batch};

/// Largest push before compression: one op of the largest size and its header line.
const MAX_RAW: u64 = (MAX_OP_BYTES + 64 * 1024) as u64;

pub(super) async fn push(
    State(hub): State<Hub>,
    who: Scoped,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Json<PushAnswer>, Refused> {
    let device = who.device.parse()?;
    let signature = signature(&headers)?;
    if !keys::fits(&who.key, &sign::push_bytes(hub.hub_id(), device, &body), &signature) {
        return Err(Refused::of(ErrorCode::BadSignature));
    }
    let raw = decompress(&body)?;
    let batch = Batch::read(&raw)?;
    if batch.header.device != device {
        return Err(Refused::of(ErrorCode::BadMessage));
    }
    if batch.lines.len() > 1 && raw.len() > MAX_BYTES + 64 * 1024 {
        return Err(Refused::of(ErrorCode::TooLarge));
    }
    let ground = Ground::of(&hub, &who)?;
    let answer = take(&hub, ground, batch).await?;
    Ok(Json(answer))
}

/// Custody, judgement, answer.
async fn take(hub: &Hub, ground: Ground, batch: Batch) -> Result<PushAnswer, Refused> {
    let batch = std::sync::Arc::new(batch);
    let (kept, g) = (std::sync::Arc::clone(&batch), ground.clone());
    let fresh = hub.db().write(move |tx| custody::take(tx, &g, &kept)).await?;
    let verdicts = judge_batch(hub.db(), &ground, &batch, fresh).await?;
    let g = ground.clone();
    let held = hub.db().read(move |tx| custody::held(tx, &g.who.tenant, &g.who.device)).await?;
    let epoch = held.epoch.parse()?;
    if ground.who.epoch_told != held.epoch {
        let (tenant, device) = (ground.who.tenant.clone(), ground.who.device.clone());
        let told = held.epoch.clone();
        hub.db().write(move |tx| custody::tell_epoch(tx, &tenant, &device, &told)).await?;
    }
    Ok(PushAnswer {
        epoch,
        held: held.held,
        photos_held: held.photos_held,
        safe_n: held.safe_n,
        hub_ms: ground.now_ms,
        verdicts,
    })
}

fn signature(headers: &HeaderMap) -> Result<Vec<u8>, Refused> {
    let bad = || Refused::of(ErrorCode::BadSignature);
    let text = headers.get(SIGNATURE_HEADER).and_then(|v| v.to_str().ok()).ok_or_else(bad)?;
    let (algorithm, base64) = text.split_once(' ').ok_or_else(bad)?;
    if algorithm != sign::ES256 {
        return Err(bad());
    }
    enrol::decode("x-sig", base64.trim()).map_err(|_| bad())
}

/// What is inside, up to the limit: a small body that grows without end is refused before it fills the memory.
fn decompress(body: &[u8]) -> Result<Vec<u8>, Refused> {
    let bad = || Refused::of(ErrorCode::BadMessage);
    let mut decoder = zstd::stream::read::Decoder::new(body).map_err(|_| bad())?;
    // 2^24 bytes of window are enough for what we take.
    decoder.window_log_max(24).map_err(|_| bad())?;
    let mut raw = Vec::new();
    decoder.take(MAX_RAW + 1).read_to_end(&mut raw).map_err(|_| bad())?;
    if raw.len() as u64 > MAX_RAW { Err(Refused::of(ErrorCode::TooLarge)) } else { Ok(raw) }
}
