//! `POST /v1/enrol`, `/v1/challenge`, `/v1/token`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use xuncha_wire::enrol::{
    ChallengeAnswer, ChallengeRequest, EnrolAnswer, EnrolRequest, TokenAnswer, TokenRequest, decode, encode,
};
use xuncha_wire::{ErrorCode, sign};

use super::error::Refused;
use super::extract::Message;
use crate::identity::{codes, devices, keys, scoped, secret_hash};
use crate::store::V;
use crate::{Hub, clock};

/// A phone brings its code, its key and a proof that it holds the key. The code is spent once.
pub(super) async fn enrol(
    State(hub): State<Hub>,
    Message(request): Message<EnrolRequest>,
) -> Result<Json<EnrolAnswer>, Refused> {
    let (key, signature) = (decode("key", &request.key)?, decode("sig", &request.sig)?);
    let code = codes::plain(&request.code).ok_or(Refused::of(ErrorCode::CodeUnknown))?;
    let hash = secret_hash(&code);
    let offered = hub.db().read(move |tx| codes::find(tx, &hash)).await?;
    let offered = offered.ok_or(Refused::of(ErrorCode::CodeUnknown))?;
    let now = hub.now_ms();
    if offered.used_ms != 0 {
        return Err(Refused::of(ErrorCode::CodeUsed));
    }
    if offered.expires_ms <= now {
        return Err(Refused::of(ErrorCode::CodeExpired));
    }
    let message = sign::enrol_bytes(hub.hub_id(), &code, &key);
    if request.alg != sign::ES256 || !keys::fits(&key, &message, &signature) {
        return Err(Refused::of(ErrorCode::BadSignature));
    }
    let device = clock::device_id(hub.clock())?;
    let answer = hub
        .db()
        .write(move |tx| {
            let (tenant, id) = (&offered.tenant, device.to_string());
            if !codes::spend(tx, tenant, &hash, &id, now)? {
                return Ok(None);
            }
            devices::insert(tx, tenant, &id, &offered.person, &key, &request, now)?;
            let who = scoped::by_person(tx, tenant, &offered.person, &id)?;
            let about = tx.one(
                "SELECT t.bureau, t.epoch, COALESCE(u.name, '') FROM tenant t
                 LEFT JOIN unit u ON u.tenant = t.tenant AND u.id = $2 WHERE t.tenant = $1",
                &[V::T(tenant), V::T(who.as_ref().map_or("", |w| &w.unit))],
                |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)),
            )?;
            Ok(who.zip(about))
        })
        .await?;
    let (who, (bureau, epoch, unit)) = answer.ok_or(Refused::of(ErrorCode::CodeUsed))?;
    Ok(Json(EnrolAnswer {
        device,
        person: who.person.parse()?,
        name: who.name,
        unit,
        bureau,
        epoch: epoch.parse()?,
        scopes: who.scopes,
    }))
}

/// 32 random bytes to sign. An unknown device gets some too, which lead nowhere.
pub(super) async fn challenge(
    State(hub): State<Hub>,
    Message(request): Message<ChallengeRequest>,
) -> Result<Json<ChallengeAnswer>, Refused> {
    let challenge = codes::secret()?;
    let hash = secret_hash(&challenge);
    let device = request.device.to_string();
    let now = hub.now_ms();
    let id = device.clone();
    let known = hub.db().read(move |tx| devices::key_of(tx, &id)).await?;
    if let Some((tenant, _, true)) = known {
        let expires = now.saturating_add(i64::from(devices::CHALLENGE_S) * 1000);
        hub.db()
            .write(move |tx| {
                tx.exec(
                    "DELETE FROM challenge WHERE tenant = $1 AND expires_ms < $2",
                    &[V::T(&tenant), V::I(now)],
                )?;
                tx.exec(
                    "INSERT INTO challenge (tenant, hash, device, expires_ms) VALUES ($1, $2, $3, $4)",
                    &[V::T(&tenant), V::B(&hash), V::T(&device), V::I(expires)],
                )
            })
            .await?;
    }
    Ok(Json(ChallengeAnswer { challenge: encode(&challenge), ttl_s: devices::CHALLENGE_S }))
}

/// The signed challenge becomes a token. A challenge is good once, whoever shows it.
pub(super) async fn token(
    State(hub): State<Hub>,
    Message(request): Message<TokenRequest>,
) -> Result<Json<TokenAnswer>, Refused> {
    let (challenge, signature) = (decode("challenge", &request.challenge)?, decode("sig", &request.sig)?);
    let not_you = || Refused::of(ErrorCode::BadSignature).status(StatusCode::UNAUTHORIZED);
    let device = request.device.to_string();
    let id = device.clone();
    let known = hub.db().read(move |tx| devices::key_of(tx, &id)).await?;
    let (tenant, key, active) = known.ok_or_else(not_you)?;
    let message = sign::login_bytes(hub.hub_id(), request.device, &challenge);
    if !keys::fits(&key, &message, &signature) {
        return Err(not_you());
    }
    if !active {
        return Err(Refused::of(ErrorCode::DeviceRevoked).status(StatusCode::FORBIDDEN));
    }
    let token = codes::secret()?;
    let (hash, asked, now) = (secret_hash(&token), secret_hash(&challenge), hub.now_ms());
    let expires = now.saturating_add(i64::from(devices::TOKEN_S) * 1000);
    let given = hub
        .db()
        .write(move |tx| {
            let until = tx.one(
                "DELETE FROM challenge WHERE tenant = $1 AND hash = $2 AND device = $3 RETURNING expires_ms",
                &[V::T(&tenant), V::B(&asked), V::T(&device)],
                |r| r.int(0),
            )?;
            if until.is_none_or(|until| until < now) {
                return Ok(false);
            }
            tx.exec(
                "DELETE FROM token WHERE tenant = $1 AND device = $2 AND expires_ms < $3",
                &[V::T(&tenant), V::T(&device), V::I(now)],
            )?;
            tx.exec(
                "INSERT INTO token (tenant, hash, device, expires_ms) VALUES ($1, $2, $3, $4)",
                &[V::T(&tenant), V::B(&hash), V::T(&device), V::I(expires)],
            )?;
            tx.exec(
                "UPDATE device SET seen_ms = $3 WHERE tenant = $1 AND id = $2",
                &[V::T(&tenant), V::T(&device), V::I(now)],
            )?;
            Ok(true)
        })
        .await?;
    if !given {
        return Err(not_you());
    }
    Ok(Json(TokenAnswer { token: encode(&token), ttl_s: devices::TOKEN_S }))
}
