//! What a sync does next: a pure state machine.
//!
//! [`Planner::handle`] takes what happened and returns what to do. It knows no clock, socket, file or random
//! source: durations come with events, jitter comes from a seed. Each effect but [`Effect::Finish`] is answered by
//! exactly one event. The order is: log in if need be, push ops, pull feeds, upload photos, pull once more for the
//! counts. A crash at any point loses nothing, since everything that matters is in the store when an effect ends:
//! an op is pending until its verdict is committed, rows and cursor commit together, an upload's offset is the
//! hub's to say.

mod photos;
mod pull;
mod push;
#[cfg(test)]
mod sim;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use xuncha_wire::cursor::ScopeSum;
use xuncha_wire::pull::Page;
use xuncha_wire::push::{PushAnswer, Verdict};
use xuncha_wire::{BlobId, Cursor, Epoch, OpId, Scope};

use crate::store::ops::{Head, OpState};

/// Bounds of one sync.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Most ops of a push.
    pub(crate) max_ops: usize,
    /// Most bytes of a push.
    pub(crate) max_bytes: u64,
    /// A push that took longer is halved next time.
    pub(crate) slow_ms: u64,
    /// A push that took less is doubled next time.
    pub(crate) quick_ms: u64,
    /// Smallest and largest piece of a photo.
    pub(crate) piece: (u64, u64),
    /// Failures in a row without any progress before this sync gives up.
    pub(crate) tries: u32,
    /// First and longest wait between tries, before jitter.
    pub(crate) wait_ms: (u64, u64),
    /// Rows asked for in a page.
    pub(crate) page_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_ops: xuncha_wire::push::MAX_OPS,
            max_bytes: xuncha_wire::push::MAX_BYTES as u64,
            slow_ms: 10_000,
            quick_ms: 2_000,
            piece: (64 * 1024, 1024 * 1024),
            tries: 4,
            wait_ms: (500, 8_000),
            page_rows: xuncha_wire::pull::MAX_ROWS,
        }
    }
}

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

/// What the planner is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Push,
    Pull,
    Photos,
    LastPull,
    Over,
}

/// Decides what a sync does next. One for each sync.
pub(crate) struct Planner {
    limits: Limits,
    stage: Stage,
    epoch: Option<Epoch>,
    /// The request under way, to be issued again.
    request: Option<Effect>,
    /// Failures in a row without progress.
    fails: u32,
    logins: u32,
    epochs: u32,
    seed: u64,
    push: push::Push,
    pull: pull::Pull,
    photos: photos::Photos,
    end: End,
    partly: bool,
    outdated: bool,
}

impl Planner {
    /// For one sync.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            push: push::Push::new(&limits),
            photos: photos::Photos::new(&limits),
            pull: pull::Pull::default(),
            limits,
            stage: Stage::Push,
            epoch: None,
            request: None,
            fails: 0,
            logins: 0,
            epochs: 0,
            seed: 0,
            end: End::default(),
            partly: false,
            outdated: false,
        }
    }

    /// What to do after `event`, in order.
    pub(crate) fn handle(&mut self, event: Event) -> Vec<Effect> {
        if self.stage == Stage::Over {
            return Vec::new();
        }
        match event {
            Event::Start(local) => self.start(local),
            Event::LoggedIn => match self.request.clone() {
                Some(request) => vec![request],
                None => vec![Effect::ListOps],
            },
            Event::Woke => self.request.clone().into_iter().collect(),
            Event::Failed(failure) => self.failed(failure),
            Event::EpochSet => self.epoch_set(),
            Event::Ops(heads) => self.ops_listed(heads),
            Event::Pushed { took_ms, answer } => self.pushed(took_ms, answer),
            Event::Damaged { ns } => self.found_damaged(ns),
            Event::CustodyTaken => self.custody_taken(),
            Event::Settled => self.settled(),
            Event::Paged(page) => self.paged(page),
            Event::Applied(sums) => self.applied(&sums),
            Event::Dropped => self.ask_page(),
            Event::Photos(list) => self.photos_listed(list),
            Event::Had(have) => self.had(&have),
            Event::Marked => self.next_photo(),
            Event::At { offset, whole, took_ms } => self.photo_at(offset, whole, took_ms),
        }
    }

    fn start(&mut self, local: Local) -> Vec<Effect> {
        self.epoch = local.epoch;
        self.pull.cursor = local.cursor;
        self.seed = local.seed;
        if local.logged_in { vec![Effect::ListOps] } else { vec![Effect::Login] }
    }

    /// Issues a request and remembers it.
    fn ask(&mut self, request: Effect) -> Vec<Effect> {
        self.request = Some(request.clone());
        vec![request]
    }

    fn progress(&mut self) {
        self.fails = 0;
        self.logins = 0;
    }

    fn failed(&mut self, failure: Failure) -> Vec<Effect> {
        match failure {
            Failure::Revoked => return self.finish(EndKind::Revoked),
            Failure::Gate => return self.finish(EndKind::Gate),
            Failure::Silent => return self.finish(EndKind::Silent),
            Failure::Token if self.logins < 2 => {
                self.logins += 1;
                return vec![Effect::Login];
            }
            Failure::HubFull => return self.finish(EndKind::HubFull),
            _ => {}
        }
        self.fails += 1;
        if self.request.is_none() {
            // Logging in failed.
            return self.again(&failure, Some(Effect::Login));
        }
        match self.stage {
            Stage::Push => self.push_failed(&failure),
            Stage::Pull | Stage::LastPull => self.pull_failed(&failure),
            Stage::Photos => self.photo_failed(&failure),
            Stage::Over => Vec::new(),
        }
    }

    /// Waits and issues the last request (or `instead`) again, unless it was tried often enough.
    fn again(&mut self, failure: &Failure, instead: Option<Effect>) -> Vec<Effect> {
        if self.fails >= self.limits.tries {
            return self.finish(match failure {
                Failure::Unreachable => EndKind::Unreachable,
                _ => EndKind::Trouble,
            });
        }
        let ms = match failure {
            Failure::SlowDown(ms) if *ms > self.limits.wait_ms.1 => return self.finish(EndKind::Trouble),
            Failure::SlowDown(ms) => *ms,
            _ => self.jitter(),
        };
        if let Some(request) = instead {
            // A login is not remembered: what was under way before it goes on after it.
            if matches!(request, Effect::Login) {
                self.request = Some(Effect::Login);
            } else {
                self.request = Some(request);
            }
        }
        vec![Effect::Wait { ms }]
    }

    /// Full jitter: anything from nothing to the doubled wait.
    fn jitter(&mut self) -> u64 {
        let (first, longest) = self.limits.wait_ms;
        let most = first.saturating_mul(1 << self.fails.min(16)).min(longest);
        self.seed = splitmix(self.seed);
        if most == 0 { 0 } else { self.seed % (most + 1) }
    }

    /// Is this another epoch than the one we know? Then what has to be done first.
    fn epoch_change(&mut self, epoch: Epoch) -> Option<Effect> {
        match self.epoch {
            Some(known) if known == epoch => None,
            None => {
                self.epoch = Some(epoch);
                Some(Effect::SetEpoch { epoch, offer_again: false })
            }
            Some(_) => {
                self.epoch = Some(epoch);
                self.epochs += 1;
                self.end.offered_again = true;
                self.pull.cursor = Cursor::default();
                self.push.begin_again();
                Some(Effect::SetEpoch { epoch, offer_again: true })
            }
        }
    }

    fn epoch_set(&mut self) -> Vec<Effect> {
        if self.epochs > 2 {
            return self.finish(EndKind::Trouble);
        }
        // What waited for the epoch to be written goes on; if everything is offered anew, pushing starts again.
        if let Some(effect) = self.push.settle_after_epoch.take() {
            return vec![effect];
        }
        if let Some(page) = self.pull.page_after_epoch.take() {
            return self.paged(page);
        }
        self.stage = Stage::Push;
        vec![Effect::ListOps]
    }

    fn finish(&mut self, kind: EndKind) -> Vec<Effect> {
        self.stage = Stage::Over;
        self.end.kind = match kind {
            EndKind::Done if self.outdated => EndKind::Outdated,
            EndKind::Done if self.partly => EndKind::Partly,
            kind => kind,
        };
        vec![Effect::Finish(self.end.clone())]
    }
}

fn splitmix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
