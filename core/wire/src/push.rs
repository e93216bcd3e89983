//! `POST /v1/push`: ops go up, every op gets a verdict.
//!
//! The body is NDJSON, zstd-compressed: one [`PushHeader`] line, then one [`Op`] a line. The hub stores every
//! op that an enrolled device sends (custody) before it judges, so that a bad op never blocks the queue.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::blob::BlobId;
use crate::error::WireError;
use crate::ids::{DeviceId, EntityId, Epoch, OpId, Scope};

/// Most ops in one push.
pub const MAX_OPS: usize = 500;
/// Most bytes of one push before compression. One op larger than that travels alone.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The largest single op the hub takes, before compression.
pub const MAX_OP_BYTES: usize = 16 * 1024 * 1024;

/// First line of a push: what the phone says of itself. Both counts are statements of the phone that the
/// console shows beside the hub's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushHeader {
    /// The epoch the phone knows; absent before the first answer.
    pub epoch: Option<Epoch>,
    /// Who sends.
    pub device: DeviceId,
    /// How many ops this phone ever made: the highest `n`.
    pub made: u64,
    /// How many photos this phone ever made.
    pub photos_made: u64,
    /// How many photos it still holds that the hub did not acknowledge.
    #[serde(default)]
    pub photos_waiting: u64,
    /// Why something still waits, in one word: `no_network`, `wifi_only`, … Empty if nothing waits.
    #[serde(default)]
    pub waiting_why: String,
    /// The phone's wall clock, ms since 1970 UTC. Evidence, never an order.
    pub wall_ms: i64,
    /// Minutes east of UTC.
    pub offset_min: i32,
    /// The phone's monotonic clock, ms.
    pub mono_ms: i64,
    /// Changes at each boot, so that monotonic times compare only within one.
    pub boot: String,
    /// App version.
    #[serde(default)]
    pub app: String,
}

/// What an op does. Unknown kinds are taken into custody and quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    /// A finalized form instance; body [`crate::body::RecordBody`].
    Record,
    /// A problem becomes a case; body [`crate::body::CaseReport`].
    CaseReport,
    /// A case moves; body: the move as `xuncha-casework` writes it.
    CaseMove,
    /// A comment or more photos on a case: never conflicts; body [`crate::body::CaseNote`].
    CaseNote,
    /// Of a newer phone: kept, not judged.
    #[serde(other)]
    Unknown,
}

/// One authored change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Op {
    /// Its name, for ever.
    pub op: OpId,
    /// Dense number on this device, from 1; only for counting what is missing.
    pub n: u64,
    /// What it does.
    pub kind: OpKind,
    /// What it is about: the record, or the case.
    pub entity: EntityId,
    /// For a case move: the head op that its author saw (or an own earlier move of the same case).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<OpId>,
    /// For a record's amendment: the record it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<EntityId>,
    /// The district feed the author thinks it belongs to; the hub decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// When it was authored, by the phone's wall clock, ms since 1970 UTC.
    pub at_ms: i64,
    /// Photos it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobId>,
    /// The exact bytes the phone wrote; stored and forwarded unparsed.
    pub body: Box<RawValue>,
}

/// What the hub decided on one op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "st", rename_all = "snake_case")]
pub enum Verdict {
    /// It took effect.
    Applied,
    /// The hub has it already; it took effect once.
    Duplicate,
    /// It is kept, and had no effect. The author sees why and what can be done.
    Refused {
        /// A stable word: `stale`, `same`, `not_allowed`, `missing`, `self_verification`, `depends`, `bad_body`, …
        why: String,
        /// One sentence in Chinese for the author.
        zh: String,
        /// The same in English.
        en: String,
        /// The case's present head, where the case has moved on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<OpId>,
        /// The case's present state word.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// It is kept, and waits for a person at the hub: scope lost, clock absurd, unknown form, suspended user.
    Quarantined {
        /// A stable word: `scope_lost`, `clock`, `unknown_form`, `unknown_kind`, `suspended`.
        why: String,
        /// One sentence in Chinese for the author.
        zh: String,
        /// The same in English.
        en: String,
    },
    /// Not taken this time (the hub is short of room); send again.
    Retry,
}

/// A verdict with its op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpVerdict {
    /// Which op.
    pub op: OpId,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The hub's answer to a push, JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// The hub's epoch. Another than the phone's: re-offer all that was kept.
    pub epoch: Epoch,
    /// How many ops of this device the hub holds.
    pub held: u64,
    /// How many photos of this device the hub holds whole.
    pub photos_held: u64,
    /// Ops up to this `n` are in a backup too; 0 if none.
    pub safe_n: u64,
    /// The hub's clock, ms since 1970 UTC.
    pub hub_ms: i64,
    /// One a sent op, in the order sent.
    pub verdicts: Vec<OpVerdict>,
}

/// The hub's answer to `POST /v1/custody`, JSON: only this says that the bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyAnswer {
    /// How many ops of this device the hub holds.
    pub held: u64,
    /// The hub's clock, ms since 1970 UTC.
    pub hub_ms: i64,
}

/// First line of what goes to `POST /v1/custody` where a phone's own storage damaged an op: which op it was, as far as
/// the phone can tell. The bytes of its body follow after a newline, as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustodyLine {
    /// The op's id; may be damaged too.
    #[serde(default)]
    pub op: String,
    /// Its number on the phone.
    #[serde(default)]
    pub n: u64,
    /// The word of its kind.
    #[serde(default)]
    pub kind: String,
    /// The id of its record or case.
    #[serde(default)]
    pub entity: String,
    /// Photos that it names: these may be uploaded.
    #[serde(default)]
    pub blobs: Vec<BlobId>,
}

impl CustodyLine {
    /// What the first line of these bytes says, if it says anything.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes.split(|b| *b == b'\n').next()?).ok()
    }
}

/// A whole push as NDJSON, not yet compressed.
///
/// # Errors
/// [`WireError::BadMessage`] if something does not serialise.
pub fn write(header: &PushHeader, ops: &[Op]) -> Result<Vec<u8>, WireError> {
    let mut out = serde_json::to_vec(header).map_err(|e| WireError::from_json("push header", &e))?;
    out.push(b'\n');
    for op in ops {
        serde_json::to_writer(&mut out, op).map_err(|e| WireError::from_json("op", &e))?;
        out.push(b'\n');
    }
    Ok(out)
}

/// One line of a push that could not be read as an [`Op`]: kept in custody by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableOp<'a> {
    /// The line as sent.
    pub bytes: &'a [u8],
    /// Why it was not an op.
    pub error: WireError,
}

/// A push as read: its header, and every line either read or kept by its bytes.
pub type ReadPush<'a> = (PushHeader, Vec<Result<Op, UnreadableOp<'a>>>);

/// Reads a push. A line that is no op does not fail the rest.
///
/// # Errors
/// [`WireError::BadMessage`] if the header line is none, or there are more than [`MAX_OPS`] lines.
pub fn read(bytes: &[u8]) -> Result<ReadPush<'_>, WireError> {
    let mut lines = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let head = lines.next().ok_or(WireError::BadMessage { what: "push", why: "empty".into() })?;
    let header = serde_json::from_slice(head).map_err(|e| WireError::from_json("push header", &e))?;
    let mut ops = Vec::new();
    for line in lines {
        if ops.len() == MAX_OPS {
            return Err(WireError::BadMessage { what: "push", why: format!("more than {MAX_OPS} ops") });
        }
        ops.push(
            serde_json::from_slice(line)
                .map_err(|e| UnreadableOp { bytes: line, error: WireError::from_json("op", &e) }),
        );
    }
    Ok((header, ops))
}

#[cfg(test)]
mod tests;
