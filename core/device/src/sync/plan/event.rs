//! What happens in a sync, as the planner is told.

use std::collections::BTreeMap;

use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::pull::Page;
use xuncha_wire::push::PushAnswer;
use xuncha_wire::{BlobId, Cursor, Epoch, Scope};

use crate::store::ops::Head;

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, or it broke.
    Unreachable,
    /// Connected, but silent for too long.
    Silent,
    /// A sign-in page of the network answered.
    Gate,
    /// The answer was cut or is not what a hub says.
    Garbled,
    /// The hub says that the request is wrong (4xx).
    Refused,
    /// The hub failed (5xx).
    Server,
    /// The token is unknown or has run out.
    Token,
    /// This phone was revoked.
    Revoked,
    /// The app is too old for pulling.
    Outdated,
    /// Too many attempts: wait so long.
    SlowDown(u64),
    /// The hub's disk is full.
    HubFull,
    /// The hub stands elsewhere in this photo.
    WrongOffset(u64),
    /// What had arrived of this photo does not hash to its name; it was dropped.
    WrongHash,
    /// Another upload of this photo is under way.
    Busy,
    /// Not there, or not for this phone.
    NotFound,
    /// Larger than the hub takes.
    TooLarge,
}

/// Where this phone stands when a sync starts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Local {
    /// The epoch as last heard.
    pub(crate) epoch: Option<Epoch>,
    /// How far the feeds were read.
    pub(crate) cursor: Cursor,
    /// Is there a token in hand?
    pub(crate) logged_in: bool,
    /// Seed of the jitter.
    pub(crate) seed: u64,
}

/// What happened.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A sync starts.
    Start(Local),
    /// A token is in hand.
    LoggedIn,
    /// The ops that wait, in order.
    Ops(Vec<Head>),
    /// The hub answered a push after so long.
    Pushed { took_ms: u64, answer: PushAnswer },
    /// These ops can't be read any more on this phone: nothing was sent.
    Damaged { ns: Vec<u64> },
    /// Verdicts are committed.
    Settled,
    /// The hub took an op into custody, unread.
    CustodyTaken,
    /// The new epoch is committed.
    EpochSet,
    /// A page came.
    Paged(Box<Page>),
    /// A page and its cursor are committed; these are the checksums now.
    Applied(BTreeMap<Scope, ScopeSum>),
    /// Feeds were dropped, to be pulled anew.
    Dropped,
    /// Photos that ops name and the hub does not hold, with their sizes.
    Photos(Vec<(BlobId, u64)>),
    /// Which of the asked the hub holds whole.
    Had(Vec<bool>),
    /// A photo's state is committed.
    Marked,
    /// So many bytes of the photo are at the hub; is it whole?
    At { offset: u64, whole: bool, took_ms: u64 },
    /// The wait is over.
    Woke,
    /// The last request failed.
    Failed(Failure),
}
