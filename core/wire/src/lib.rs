//! What travels between phone and hub.
//!
//! Ids, messages, protocol versions, error codes, and the rules that both sides must read alike: which page
//! of a feed may be applied, what a scope's checksum is, which bytes are signed. Pure: values in, values out;
//! no socket, file, clock or random source. The protocol itself is described in `docs/protocol.md`, whose
//! examples a test executes against this crate.

pub mod blob;
pub mod body;
pub mod cursor;
pub mod enrol;
pub mod entity;
pub mod envelope;
pub mod error;
pub mod ids;
pub mod listed;
pub mod pull;
pub mod push;
pub mod sign;

pub use blob::BlobId;
pub use cursor::{Cursor, Mark};
pub use error::{ErrorBody, ErrorCode, WireError};
pub use ids::{DeviceId, EntityId, Epoch, OpId, PersonId, Scope, Tenant};

/// The protocol version this crate speaks, sent as `X-Proto`.
///
/// 1: 2026-11, the first. A hub takes push and custody in every version there ever was, and answers
/// [`ErrorCode::Outdated`] to pulls only.
pub const PROTOCOL: u32 = 1;

/// Name of the header that carries [`PROTOCOL`].
pub const PROTOCOL_HEADER: &str = "x-proto";

/// Name of the header that carries the device's signature over a push: `es256 <base64 of DER>`.
pub const SIGNATURE_HEADER: &str = "x-sig";
