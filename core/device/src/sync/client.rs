//! Requests to a hub, and what its answers mean. Nothing here decides what to do about them.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use xuncha_wire::blob::{self, BlobId, HaveAnswer, HaveRequest};
use xuncha_wire::entity::FILE_PIECE;
use xuncha_wire::pull::Page;
use xuncha_wire::push::{CustodyAnswer, PushAnswer};
use xuncha_wire::{Cursor, ErrorBody, ErrorCode};

use super::plan::Failure;

/// Most bytes of an answer, compressed or not.
const MAX_ANSWER: u64 = 256 << 20;

type Result<T> = std::result::Result<T, Failure>;

/// A hub, as seen from here.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    /// Sent with every request once there is one.
    pub(crate) token: Option<String>,
    /// Bytes sent and received so far, bodies only.
    pub(crate) bytes: (u64, u64),
    /// The code of the last refusal, if the hub gave one.
    pub(crate) said: Option<ErrorCode>,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) offset: u64,
    pub(crate) whole: bool,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, hub: &str, token: Option<String>) -> Self {
        Self { http, base: hub.trim_end_matches('/').to_owned(), token, bytes: (0, 0), said: None }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header(xuncha_wire::PROTOCOL_HEADER, xuncha_wire::PROTOCOL);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&mut self, request: RequestBuilder, sent: usize) -> Result<Response> {
        self.bytes.0 += sent as u64;
        let answer = request.send().await.map_err(|error| failure(&error))?;
        if answer.status().is_success() && !is_page(&answer) {
            return Ok(answer);
        }
        Err(self.refusal(answer).await)
    }

    async fn body(&mut self, mut answer: Response) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| failure(&error))? {
            body.extend_from_slice(&piece);
            if body.len() as u64 > MAX_ANSWER {
                return Err(Failure::Garbled);
            }
        }
        self.bytes.1 += body.len() as u64;
        Ok(body)
    }

    /// What an answer that is not the hoped-for means.
    async fn refusal(&mut self, answer: Response) -> Failure {
        let (status, page) = (answer.status(), is_page(&answer));
        let offset = number(&answer, blob::UPLOAD_OFFSET);
        if status.is_redirection() || status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
            return Failure::Gate;
        }
        if page {
            // A sign-in page comes with 200 or 403; a proxy in front of a hub that is down says 502.
            return if status.is_server_error() { Failure::Server } else { Failure::Gate };
        }
        // HEAD has no body to say more.
        let read = match self.body(answer).await {
            Ok(body) => serde_json::from_slice::<ErrorBody>(&body).ok(),
            Err(failure) => return failure,
        };
        let Some(said) = read else {
            return match status {
                StatusCode::UNAUTHORIZED => Failure::Token,
                StatusCode::NOT_FOUND => Failure::NotFound,
                StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
                _ if status.is_server_error() => Failure::Server,
                _ => Failure::Garbled,
            };
        };
        self.said = Some(said.error);
        meaning(&said, offset)
    }

    async fn json<A: DeserializeOwned>(&mut self, path: &str, message: &impl Serialize) -> Result<A> {
        let body = serde_json::to_vec(message).map_err(|_| Failure::Garbled)?;
        let sent = body.len();
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json").body(body);
        let answer = self.send(request, sent).await?;
        serde_json::from_slice(&self.body(answer).await?).map_err(|_| Failure::Garbled)
    }

    /// `POST` of a small JSON message: enrol, challenge, token.
    pub(crate) async fn post<A: DeserializeOwned>(
        &mut self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<A> {
        self.json(path, message).await
    }

    /// `POST /v1/push` with a compressed body and its signature.
    pub(crate) async fn push(&mut self, body: Vec<u8>, signature: &str) -> Result<PushAnswer> {
        let sent = body.len();
        let request = self
            .request(Method::POST, "/v1/push")
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .header(header::CONTENT_ENCODING, "zstd")
            .header(xuncha_wire::SIGNATURE_HEADER, signature)
            .body(body);
        let answer = self.send(request, sent).await?;
        serde_json::from_slice(&self.body(answer).await?).map_err(|_| Failure::Garbled)
    }

    /// `POST /v1/custody`: bytes that are stored unread.
    pub(crate) async fn custody(&mut self, body: Vec<u8>, signature: &str) -> Result<()> {
        let sent = body.len();
        let request = self
            .request(Method::POST, "/v1/custody")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(xuncha_wire::SIGNATURE_HEADER, signature)
            .body(body);
        let answer = self.send(request, sent).await?;
        // Something in between may answer 200 as well: the op is let go of only on the hub's own word.
        let said: Result<CustodyAnswer> =
            serde_json::from_slice(&self.body(answer).await?).map_err(|_| Failure::Garbled);
        said.map(|_| ())
    }

    /// `GET /v1/pull`. `with_own`: also the bodies of records that this phone wrote.
    pub(crate) async fn pull(&mut self, cursor: &Cursor, max: usize, with_own: bool) -> Result<Page> {
        let own = u8::from(with_own);
        let path = format!("/v1/pull?cur={}&max={max}&own={own}", cursor.to_text());
        let answer = self.send(self.request(Method::GET, &path), 0).await?;
        let body = self.body(answer).await?;
        Page::read(&unpack(&body)?).map_err(|_| Failure::Garbled)
    }

    /// `POST /v1/blobs/have`.
    pub(crate) async fn have(&mut self, ids: Vec<BlobId>) -> Result<Vec<bool>> {
        let count = ids.len();
        let answer: HaveAnswer = self.json("/v1/blobs/have", &HaveRequest { ids }).await?;
        if answer.have.len() == count { Ok(answer.have) } else { Err(Failure::Garbled) }
    }

    /// `HEAD /v1/blob/<id>`.
    pub(crate) async fn stand(&mut self, id: &BlobId) -> Result<Stand> {
        let request = self
            .request(Method::HEAD, &format!("/v1/blob/{id}"))
            .header(blob::UPLOAD_DRAFT, blob::UPLOAD_DRAFT_VERSION);
        match self.send(request, 0).await {
            Ok(answer) => stand(&answer),
            // Nothing of it is there yet.
            Err(Failure::NotFound) => Ok(Stand { offset: 0, whole: false }),
            Err(other) => Err(other),
        }
    }

    /// `PATCH /v1/blob/<id>`: appends a piece.
    pub(crate) async fn append(&mut self, id: &BlobId, at: u64, size: u64, piece: Vec<u8>) -> Result<Stand> {
        let sent = piece.len();
        let last = at + sent as u64 >= size;
        let request = self
            .request(Method::PATCH, &format!("/v1/blob/{id}"))
            .header(blob::UPLOAD_DRAFT, blob::UPLOAD_DRAFT_VERSION)
            .header(blob::UPLOAD_OFFSET, at)
            .header(blob::UPLOAD_LENGTH, size)
            .header(blob::UPLOAD_COMPLETE, if last { "?1" } else { "?0" })
            .header(header::CONTENT_TYPE, "application/partial-upload")
            .body(piece);
        let answer = self.send(request, sent).await?;
        let at = stand(&answer);
        // What was sent counts only once the hub says so; an answer without the header says nothing.
        self.body(answer).await?;
        at
    }

    /// `GET /v1/file/<id>?at=…`: the next piece of a form's file. Never empty.
    pub(crate) async fn file(&mut self, id: &BlobId, at: u64) -> Result<Vec<u8>> {
        let answer = self.send(self.request(Method::GET, &format!("/v1/file/{id}?at={at}")), 0).await?;
        let piece = unpack(&self.body(answer).await?)?;
        let fits = !piece.is_empty() && piece.len() as u64 <= FILE_PIECE;
        if fits { Ok(piece) } else { Err(Failure::Garbled) }
    }

    /// `GET /v1/blob/<id>?size=…`: a picture of someone else's photo.
    pub(crate) async fn picture(&mut self, id: &BlobId, size: &str) -> Result<Vec<u8>> {
        let answer = self.send(self.request(Method::GET, &format!("/v1/blob/{id}?size={size}")), 0).await?;
        let picture = self.body(answer).await?;
        // It is kept under the photo's name and not asked for again: only a JPEG, which all of the hub's are.
        if picture.starts_with(&[0xFF, 0xD8, 0xFF]) { Ok(picture) } else { Err(Failure::Garbled) }
    }
}

fn stand(answer: &Response) -> Result<Stand> {
    let offset = number(answer, blob::UPLOAD_OFFSET);
    let whole = answer.headers().get(blob::UPLOAD_COMPLETE).is_some_and(|value| value.as_bytes() == b"?1");
    match offset {
        Some(offset) => Ok(Stand { offset, whole }),
        None if whole => Ok(Stand { offset: u64::MAX, whole }),
        None => Err(Failure::Garbled),
    }
}

fn number(answer: &Response, name: &str) -> Option<u64> {
    answer.headers().get(name)?.to_str().ok()?.trim().parse().ok()
}

fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/xhtml"))
}

fn failure(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::Unreachable
    } else if error.is_timeout() {
        Failure::Silent
    } else if error.is_decode() {
        Failure::Garbled
    } else {
        Failure::Unreachable
    }
}

fn meaning(said: &ErrorBody, offset: Option<u64>) -> Failure {
    match said.error {
        ErrorCode::TokenUnknown => Failure::Token,
        ErrorCode::DeviceRevoked => Failure::Revoked,
        ErrorCode::Outdated => Failure::Outdated,
        ErrorCode::NotFound => Failure::NotFound,
        ErrorCode::Busy => Failure::Busy,
        ErrorCode::WrongOffset => offset.map_or(Failure::Refused, Failure::WrongOffset),
        ErrorCode::WrongHash => Failure::WrongHash,
        ErrorCode::TooLarge => Failure::TooLarge,
        ErrorCode::StorageFull => Failure::HubFull,
        ErrorCode::SlowDown => {
            Failure::SlowDown(u64::from(said.retry_after_s.unwrap_or(1)).saturating_mul(1000))
        }
        ErrorCode::Internal => Failure::Server,
        _ => Failure::Refused,
    }
}

/// Packs a push.
pub(crate) fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::encode_all(bytes, 3)
}

/// Unpacks a page; a cut or too large one is garbled.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    use std::io::Read;
    // Some proxies unpack on the way.
    if !bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        return Ok(bytes.to_vec());
    }
    let mut out = Vec::new();
    let reader = zstd::Decoder::new(bytes).map_err(|_| Failure::Garbled)?;
    reader.take(MAX_ANSWER + 1).read_to_end(&mut out).map_err(|_| Failure::Garbled)?;
    if out.len() as u64 > MAX_ANSWER { Err(Failure::Garbled) } else { Ok(out) }
}

/// How long a hub may stay silent.
pub(crate) fn silence(configured_ms: u32) -> Duration {
    Duration::from_millis(if configured_ms == 0 { 60_000 } else { u64::from(configured_ms) })
}

#[cfg(test)]
mod tests;
