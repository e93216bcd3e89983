//! Photos: a page's rendition, a list's thumbnail, and the original as a download that nothing executes.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use xuncha_wire::BlobId;

use super::session::Signed;
use super::trouble::{Answer, Trouble};
use crate::ledger::{cases, history, visits};
use crate::photos::{Size, file};
use crate::store::V;
use crate::{Hub, HubError};

/// `GET /photos/{id}`.
pub(super) async fn view(hub: State<Hub>, signed: Signed, id: Path<String>) -> Answer {
    answer(hub, signed, id, Size::View).await
}

/// `GET /photos/{id}/thumb`.
pub(super) async fn thumb(hub: State<Hub>, signed: Signed, id: Path<String>) -> Answer {
    answer(hub, signed, id, Size::Thumb).await
}

/// `GET /photos/{id}/original`.
pub(super) async fn original(hub: State<Hub>, signed: Signed, id: Path<String>) -> Answer {
    answer(hub, signed, id, Size::Original).await
}

/// A photo is seen by whoever sees a case or record that names it.
async fn answer(State(hub): State<Hub>, signed: Signed, Path(id): Path<String>, size: Size) -> Answer {
    let id: BlobId = id.parse().map_err(|_| Trouble::Lost)?;
    let (sees, name) = (signed.sees(), id.to_string());
    let seen = hub
        .db()
        .read(move |tx| {
            for (kind, entity) in history::stands_at(tx, &sees.tenant, &name)? {
                let there = match kind.as_str() {
                    "case" => cases::one(tx, &sees, &entity)?.is_some(),
                    _ => visits::one(tx, &sees, &entity)?.is_some(),
                };
                if there {
                    let mime = tx.one(
                        "SELECT mime FROM photo WHERE tenant = $1 AND id = $2 AND state = 'complete'",
                        &[V::T(&sees.tenant), V::T(&name)],
                        |r| r.text(0),
                    )?;
                    return Ok(mime);
                }
            }
            Ok(None)
        })
        .await?;
    let mime = seen.ok_or(Trouble::Lost)?;
    let tenant = hub.tenant().to_string();
    let path = file(&hub, &tenant, &id, size).await?.ok_or(Trouble::Lost)?;
    let bytes = tokio::fs::read(&path).await.map_err(HubError::io("photo"))?;
    Ok(respond(&id, size, &mime, bytes))
}

fn respond(id: &BlobId, size: Size, mime: &str, bytes: Vec<u8>) -> Response {
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    let text = |text: String| HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    if size == Size::Original {
        // As it came: never shown by the browser, never run.
        let end = if mime == "image/png" { "png" } else { "jpg" };
        let name = format!("attachment; filename=\"{}.{end}\"", id.digits());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::CONTENT_DISPOSITION, text(name));
        headers
            .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    }
    answer
}
