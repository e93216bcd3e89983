//! What the planner decides, and how a sync ends.

use xuncha_wire::pull::Page;
use xuncha_wire::push::Verdict;
use xuncha_wire::{BlobId, Cursor, Epoch, OpId, Scope};

use crate::store::ops::OpState;

/// What to do.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// Get a challenge, sign it, get a token.
    Login,
    /// List waiting ops.
    ListOps,
    /// Send these ops. `next` are those that follow if all goes well, so that they can be got ready meanwhile.
    Push { ns: Vec<u64>, next: Vec<u64> },
    /// Write verdicts and counts down, in one transaction.
    Settle { decided: Vec<Decided>, says: HubSays },
    /// Send the bytes of this op for custody, unread.
    Custody { n: u64 },
    /// Write down that the hub has this op in custody, and why.
    Keep { n: u64 },
    /// Write the epoch down; if `offer_again`, set all that is kept to pending and forget the cursors.
    SetEpoch { epoch: Epoch, offer_again: bool },
    /// Ask for a page.
    Pull { cursor: Cursor, max: usize },
    /// Drop these feeds, apply these rows, set the cursor: in one transaction.
    Apply { page: Box<Page>, drop: Vec<Scope>, after: Cursor },
    /// Drop these feeds with their cursors.
    Drop { scopes: Vec<Scope> },
    /// List photos to upload.
    ListPhotos,
    /// Which of these does the hub hold?
    Have { ids: Vec<BlobId> },
    /// Write a photo's state down.
    Mark { id: BlobId, mark: PhotoMark },
    /// How much of this photo does the hub have?
    AskOffset { id: BlobId },
    /// Send a piece.
    Append { id: BlobId, at: u64, length: u64 },
    /// Wait.
    Wait { ms: u64 },
    /// This sync has ended.
    Finish(End),
}

/// What the hub decided on an op, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) op: OpId,
    pub(crate) state: OpState,
    pub(crate) verdict: Verdict,
}

/// What the hub says of itself and of what it holds of this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct HubSays {
    pub(crate) held: u64,
    pub(crate) photos_held: u64,
    pub(crate) safe_n: u64,
    pub(crate) hub_ms: i64,
}

/// A photo's state, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PhotoMark {
    /// Whole at the hub.
    Held,
    /// So much has arrived.
    Arrived(u64),
    /// It can't go up, in one word; it is tried again in the next sync.
    Trouble(&'static str),
}

/// Why a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndKind {
    /// All went up and came down.
    Done,
    /// The hub was reached; something still waits.
    Partly,
    /// No connection.
    Unreachable,
    /// Silent for too long.
    Silent,
    /// A sign-in page.
    Gate,
    /// The hub answers, but not as a hub should, or it fails.
    Trouble,
    /// The hub's disk is full.
    HubFull,
    /// Revoked.
    Revoked,
    /// Pushed; too old to pull.
    Outdated,
}

/// How a sync ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) kind: EndKind,
    pub(crate) pushed: u64,
    pub(crate) refused: u64,
    pub(crate) quarantined: u64,
    pub(crate) uploaded: u64,
    pub(crate) pulled: u64,
    pub(crate) repulled: Vec<Scope>,
    pub(crate) offered_again: bool,
    /// Forms whose newest version waits for files.
    pub(crate) forms_waiting: u64,
}

impl Default for End {
    fn default() -> Self {
        Self {
            kind: EndKind::Done,
            pushed: 0,
            refused: 0,
            quarantined: 0,
            uploaded: 0,
            pulled: 0,
            repulled: Vec::new(),
            offered_again: false,
            forms_waiting: 0,
        }
    }
}
