//! `GET /v1/file/{id}?at=…`: files that forms read and show, a piece at a time.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use xuncha_wire::entity::FILE_PIECE;
use xuncha_wire::{BlobId, ErrorCode, envelope};

use super::error::Refused;
use crate::Hub;
use crate::identity::Scoped;
use crate::store::{E, V};

#[derive(Debug, Deserialize)]
pub(super) struct From {
    /// The byte that the piece begins with.
    #[serde(default)]
    at: u64,
}

/// The next piece, compressed. Forms are everyone's, and so are their files.
pub(super) async fn get(
    State(hub): State<Hub>,
    who: Scoped,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Refused> {
    let not_there = || Refused::of(ErrorCode::NotFound);
    let id: BlobId = id.parse().map_err(|_| not_there())?;
    let head = envelope::wrap(&[]).len() as u64;
    let start = i64::try_from(from.at.saturating_add(head).saturating_add(1)).map_err(|_| not_there())?;
    let found = hub.db().read(move |tx| {
        tx.one(
            "SELECT substr(body, 1, $3), substr(body, $4, $5) FROM file WHERE tenant = $1 AND id = $2",
            &[
                V::T(&who.tenant),
                V::T(id.as_str()),
                V::I(head.cast_signed()),
                V::I(start),
                V::I(FILE_PIECE.cast_signed()),
            ],
            |r| Ok((r.blob(0)?, r.blob(1)?)),
        )
    });
    let (head, piece) = found.await?.ok_or_else(not_there)?;
    envelope::open(&head).map_err(|_| E::Damaged("a form's file".into()))?;
    let body = zstd::encode_all(piece.as_slice(), 3).map_err(|e| Refused::internal(&e))?;
    let kinds = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_ENCODING, "zstd")];
    Ok((kinds, body).into_response())
}
