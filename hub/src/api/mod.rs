//! What phones ask: `docs/protocol.md`, route by route.

pub mod blob;
pub mod custody;
pub mod enrol;
pub mod error;
pub mod extract;
pub mod file;
pub mod pull;
pub mod push;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tower_http::timeout::TimeoutLayer;
use xuncha_wire::ErrorCode;
use xuncha_wire::push::MAX_OP_BYTES;

use crate::Hub;
use error::Refused;

/// Largest body of a push or custody, as sent.
const MAX_BODY: usize = MAX_OP_BYTES + 64 * 1024;
/// Largest body of everything small.
const MAX_SMALL: usize = 64 * 1024;

/// The API's routes. Photos have their own idle timeout; everything else must be answered in time.
pub fn router(hub: Hub) -> Router {
    let seconds = Duration::from_secs(hub.config().limits.request_s);
    let small = Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/challenge", post(enrol::challenge))
        .route("/v1/token", post(enrol::token))
        .route("/v1/blobs/have", post(blob::have))
        .layer(DefaultBodyLimit::max(MAX_SMALL));
    let ops = Router::new()
        .route("/v1/push", post(push::push))
        .route("/v1/custody", post(custody::custody))
        .route("/v1/pull", get(pull::pull))
        .route("/v1/file/{id}", get(file::get))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let photos = Router::new()
        .route("/v1/blob/{id}", get(blob::get).head(blob::head).patch(blob::patch).put(blob::put))
        .layer(DefaultBodyLimit::disable());
    small
        .merge(ops)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, seconds))
        .merge(photos)
        .route("/v1/{*rest}", axum::routing::any(|| async { Refused::of(ErrorCode::NotFound) }))
        .with_state(hub)
}
