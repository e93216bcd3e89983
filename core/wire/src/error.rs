//! Error codes that hub and phone share.

use serde::{Deserialize, Serialize};

/// Why a message could not be read. Holds no content of the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A name that is not of its kind's form.
    #[error("not a valid {0}")]
    BadId(&'static str),
    /// Bytes that are not this message.
    #[error("not a valid {what}: {why}")]
    BadMessage {
        /// Which message was expected.
        what: &'static str,
        /// What the parser said, without content.
        why: String,
    },
    /// A page whose last line is missing: the answer was cut.
    #[error("the page ends before its trailer")]
    Truncated,
    /// A stored body of a version or algorithm that this build does not know.
    #[error("envelope version {version}, algorithm {algorithm} is not known here")]
    UnknownEnvelope {
        /// The version byte.
        version: u8,
        /// The algorithm byte.
        algorithm: u8,
    },
    /// An enrolment code that is none.
    #[error("not an enrolment code: {0}")]
    BadCode(&'static str),
}

impl WireError {
    /// A serde error as [`WireError::BadMessage`], with its place but not its content.
    pub fn from_json(what: &'static str, error: &serde_json::Error) -> Self {
        let why = format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column());
        Self::BadMessage { what, why }
    }
}

/// What the hub says when it can't do what was asked; the `error` of [`ErrorBody`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The bearer token is unknown or has run out: sign the challenge again.
    TokenUnknown,
    /// The device was revoked: no new token will be given. Own work stays on the phone.
    DeviceRevoked,
    /// The enrolment code is unknown.
    CodeUnknown,
    /// The enrolment code was used already.
    CodeUsed,
    /// The enrolment code has run out.
    CodeExpired,
    /// A signature does not fit.
    BadSignature,
    /// The message can't be read.
    BadMessage,
    /// Not there, or not for this asker: both look the same.
    NotFound,
    /// The phone's app is too old for a pull. Push is still taken.
    Outdated,
    /// Another upload of this photo is under way.
    Busy,
    /// The offset of an upload is not where the hub stands; the answer says where it stands.
    WrongOffset,
    /// The bytes do not hash to their name; what had arrived was dropped, send again from 0.
    WrongHash,
    /// Larger than the hub takes.
    TooLarge,
    /// The hub's disk is full. Keep everything, try later.
    StorageFull,
    /// Too many attempts; `retry_after_s` says how long to wait.
    SlowDown,
    /// The hub failed. Keep everything, try later.
    Internal,
}

/// The JSON body of every answer that is not 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorCode,
    /// A number under which the hub's log has the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Seconds to wait before the next try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}
