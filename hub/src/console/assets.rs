//! Styles, the mark and the one script, inside the binary.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::trouble::Trouble;

/// `GET /assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, body) = match name.as_str() {
        "tokens.css" => ("text/css; charset=utf-8", include_str!("../../assets/tokens.css")),
        "console.css" => ("text/css; charset=utf-8", include_str!("../../assets/console.css")),
        "keys.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/keys.js")),
        "mark.svg" => ("image/svg+xml", include_str!("../../assets/mark.svg")),
        _ => return Trouble::Lost.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=300")], body).into_response()
}
