//! What is read from a request before its handler runs: who asks, and its body.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use xuncha_wire::{ErrorCode, enrol};

use super::error::Refused;
use crate::Hub;
use crate::identity::scoped::{self, Admission};
use crate::identity::{Scoped, secret_hash};

impl FromRequestParts<Hub> for Scoped {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Refused> {
        let unknown = || Refused::of(ErrorCode::TokenUnknown);
        let value = parts.headers.get(header::AUTHORIZATION).ok_or_else(unknown)?;
        let text = value.to_str().map_err(|_| unknown())?;
        let token = text.strip_prefix("Bearer ").ok_or_else(unknown)?;
        let token = enrol::decode("token", token.trim()).map_err(|_| unknown())?;
        let (hash, now) = (secret_hash(&token), hub.now_ms());
        match hub.db().read(move |tx| scoped::by_token(tx, &hash, now)).await? {
            Admission::Admitted(scoped) => Ok(*scoped),
            Admission::TokenUnknown => Err(unknown()),
            Admission::Revoked => Err(Refused::of(ErrorCode::DeviceRevoked)),
        }
    }
}

/// A whole body, with errors in our form.
pub struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| refused(&rejection))
    }
}

fn refused(rejection: &BytesRejection) -> Refused {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::of(ErrorCode::TooLarge),
        _ => Refused::of(ErrorCode::BadMessage),
    }
}

/// A JSON body. The content type is not asked for: the bytes decide.
pub struct Message<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Message<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let Whole(bytes) = Whole::from_request(request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Refused::of(ErrorCode::BadMessage))
    }
}
