//! `POST /v1/blobs/have`, `HEAD`, `PATCH`, `PUT`, `GET /v1/blob/{id}`.

use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use xuncha_wire::blob::{
    HAVE_MAX, HaveAnswer, HaveRequest, UPLOAD_COMPLETE, UPLOAD_DRAFT, UPLOAD_DRAFT_VERSION, UPLOAD_LENGTH,
    UPLOAD_OFFSET,
};
use xuncha_wire::{BlobId, ErrorCode};

use super::error::Refused;
use super::extract::Message;
use crate::Hub;
use crate::blobs::{Arrival, BlobError, Receipt};
use crate::identity::Scoped;
use crate::photos::{self, Size};

impl From<BlobError> for Refused {
    fn from(e: BlobError) -> Self {
        match e {
            BlobError::Busy => Self::of(ErrorCode::Busy),
            BlobError::WrongOffset(at) => Self::of(ErrorCode::WrongOffset).at(at),
            BlobError::WrongHash => Self::of(ErrorCode::WrongHash).at(0),
            BlobError::TooLarge => Self::of(ErrorCode::TooLarge),
            BlobError::Full => Self::of(ErrorCode::StorageFull),
            BlobError::Io(e) => Self::internal(&e),
        }
    }
}

/// Which of these does the hub hold whole? Only of those that the asking phone's own ops name.
pub(super) async fn have(
    State(hub): State<Hub>,
    who: Scoped,
    Message(request): Message<HaveRequest>,
) -> Result<Json<HaveAnswer>, Refused> {
    if request.ids.len() > HAVE_MAX {
        return Err(Refused::of(ErrorCode::TooLarge));
    }
    let (asker, ids) = (who.clone(), request.ids.clone());
    let noted: Vec<bool> = hub
        .db()
        .read(move |tx| ids.iter().map(|id| photos::own_and_whole(tx, &asker, id.as_str())).collect())
        .await?;
    // A database that was restored without its photos says more than there is.
    let there = |id: &BlobId| hub.blobs().offset(&who.tenant, id).is_ok_and(|(_, whole)| whole);
    let have = request.ids.iter().zip(noted).map(|(id, noted)| noted && there(id)).collect();
    Ok(Json(HaveAnswer { have }))
}

/// How far did it come?
pub(super) async fn head(
    State(hub): State<Hub>,
    who: Scoped,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id = own(&hub, &who, &id).await?;
    let (offset, complete) = hub.blobs().offset(&who.tenant, &id)?;
    if complete {
        // A caller that died between the last byte and our note of it left the file whole and the row waiting.
        photos::arrived(&hub, &who.tenant, &id, offset).await?;
    }
    Ok(receipt(StatusCode::OK, Receipt { offset, complete }))
}

/// More bytes at an offset.
pub(super) async fn patch(
    State(hub): State<Hub>,
    who: Scoped,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let id = own(&hub, &who, &id).await?;
    let bad = || Refused::of(ErrorCode::BadMessage);
    let offset = number(&headers, UPLOAD_OFFSET).ok_or_else(bad)?;
    let last = match headers.get(UPLOAD_COMPLETE).map(HeaderValue::as_bytes) {
        Some(b"?1") => true,
        Some(b"?0") | None => false,
        Some(_) => return Err(bad()),
    };
    let arrival = Arrival { offset: Some(offset), length: number(&headers, UPLOAD_LENGTH), last };
    take(&hub, &who, &id, arrival, body).await
}

/// The whole in one go.
pub(super) async fn put(
    State(hub): State<Hub>,
    who: Scoped,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let id = own(&hub, &who, &id).await?;
    let length = number(&headers, "content-length");
    take(&hub, &who, &id, Arrival { offset: None, length, last: true }, body).await
}

async fn take(
    hub: &Hub,
    who: &Scoped,
    id: &BlobId,
    arrival: Arrival,
    body: Body,
) -> Result<Response, Refused> {
    let got = hub.blobs().receive(&who.tenant, id, arrival, body).await?;
    if got.complete {
        photos::arrived(hub, &who.tenant, id, got.offset).await?;
    }
    Ok(receipt(StatusCode::NO_CONTENT, got))
}

fn receipt(status: StatusCode, at: Receipt) -> Response {
    let complete = if at.complete { "?1" } else { "?0" };
    let names = [UPLOAD_OFFSET, UPLOAD_COMPLETE, UPLOAD_DRAFT].map(HeaderName::from_static);
    let values = [at.offset.to_string(), complete.to_owned(), UPLOAD_DRAFT_VERSION.to_owned()];
    let headers: HeaderMap = names
        .into_iter()
        .zip(values)
        .filter_map(|(name, value)| HeaderValue::from_str(&value).ok().map(|value| (name, value)))
        .collect();
    (status, headers).into_response()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The photo, if an op of the asking phone names it. To others it looks as if it were not there.
async fn own(hub: &Hub, who: &Scoped, id: &str) -> Result<BlobId, Refused> {
    let id: BlobId = id.parse().map_err(|_| Refused::of(ErrorCode::NotFound))?;
    let (asker, photo) = (who.clone(), id.clone());
    let own = hub.db().read(move |tx| photos::own(tx, &asker, photo.as_str())).await?;
    if own { Ok(id) } else { Err(Refused::of(ErrorCode::NotFound)) }
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    size: String,
}

/// The bytes, or a derivative, to those who may read a record or case that names it.
pub(super) async fn get(
    State(hub): State<Hub>,
    who: Scoped,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refused> {
    let not_there = || Refused::of(ErrorCode::NotFound);
    let id: BlobId = id.parse().map_err(|_| not_there())?;
    let (asker, photo) = (who.clone(), id.clone());
    if !hub.db().read(move |tx| photos::may_see(tx, &asker, photo.as_str())).await? {
        return Err(not_there());
    }
    let size = match wanted.size.as_str() {
        "" => Size::Original,
        "thumb" => Size::Thumb,
        "view" => Size::View,
        _ => return Err(Refused::of(ErrorCode::BadMessage)),
    };
    let file = photos::file(&hub, &who.tenant, &id, size).await?.ok_or_else(not_there)?;
    send(file, size).await
}

async fn send(path: PathBuf, size: Size) -> Result<Response, Refused> {
    let file = tokio::fs::File::open(&path).await.map_err(|_| Refused::of(ErrorCode::NotFound))?;
    let length = file.metadata().await.map_err(|e| Refused::internal(&e))?.len();
    let kind = if size == Size::Original { "application/octet-stream" } else { "image/jpeg" };
    let stream = tokio_util::io::ReaderStream::with_capacity(file, 64 * 1024);
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CONTENT_LENGTH, HeaderValue::from(length)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        ],
        Body::from_stream(stream),
    )
        .into_response())
}
