//! `POST /v1/custody`: bytes that can't be pushed, stored unread.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use xuncha_wire::push::CustodyAnswer;
use xuncha_wire::{ErrorCode, SIGNATURE_HEADER, enrol, sign};

use super::error::Refused;
use super::extract::Whole;
use crate::Hub;
use crate::identity::{Scoped, keys};
use crate::push::{Ground, custody};

/// A signature is checked if there is one; without, the token alone says who sends.
pub(super) async fn custody(
    State(hub): State<Hub>,
    who: Scoped,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Json<CustodyAnswer>, Refused> {
    if let Some(text) = headers.get(SIGNATURE_HEADER).and_then(|v| v.to_str().ok()) {
        let bad = || Refused::of(ErrorCode::BadSignature);
        let base64 = text.strip_prefix("es256 ").ok_or_else(bad)?;
        let signature = enrol::decode("x-sig", base64).map_err(|_| bad())?;
        if !keys::fits(&who.key, &sign::push_bytes(hub.hub_id(), who.device.parse()?, &body), &signature) {
            return Err(bad());
        }
    }
    let ground = Ground::of(&hub, &who)?;
    let hub_ms = ground.now_ms;
    let held = hub
        .db()
        .write(move |tx| {
            custody::take_unread(tx, &ground, &body)?;
            custody::held(tx, &ground.who.tenant, &ground.who.device)
        })
        .await?;
    Ok(Json(CustodyAnswer { held: held.held, hub_ms }))
}
