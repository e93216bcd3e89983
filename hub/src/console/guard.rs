//! What stands before every page: no change from another site, and the headers on every answer.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Hub;
use crate::config::Tls;

/// Where a connection comes from; the accept loop adds it to each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Nothing from elsewhere; only our own pictures, styles, fonts and the one script; forms go to us.
const CSP: &str = "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; script-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"),
    ("cache-control", "no-store"),
];

/// Refuses what another site makes a browser send, and puts the headers on the answer. A header that a page set
/// itself (a stricter policy for an original, a cache time for a style) stays.
pub(super) async fn guard(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let mut answer = if is_ours(request.method(), request.headers()) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "这个请求来自别的网站，没有做任何事。 / This request came from another site; nothing was done.",
        )
            .into_response()
    };
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if encrypted(&hub) {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    answer
}

/// Do browsers reach the hub by TLS?
pub(super) fn encrypted(hub: &Hub) -> bool {
    hub.config().tls != Tls::None || hub.config().behind_proxy
}

/// A change must come from a page of ours: by Sec-Fetch-Site where the browser sends it, else by Origin. Neither: no.
fn is_ours(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        (None, None) => false,
    }
}
