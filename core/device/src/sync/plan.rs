//! What a sync does next: a pure state machine.
//!
//! [`Planner::handle`] takes what happened and returns what to do. It knows no clock, socket, file or random
//! source: durations come with events, jitter comes from a seed. Each effect but [`Effect::Finish`] is answered by
//! exactly one event. The order is: log in if need be, push ops, pull feeds, upload photos, pull once more for the
//! counts. A crash at any point loses nothing, since everything that matters is in the store when an effect ends:
//! an op is pending until its verdict is committed, rows and cursor commit together, an upload's offset is the
//! hub's to say.

mod effect;
mod event;
mod photos;
mod pull;
mod push;
mod retry;
#[cfg(test)]
mod sim;
#[cfg(test)]
mod tests;

use xuncha_wire::{Cursor, Epoch};

pub(crate) use effect::{Decided, Effect, End, EndKind, HubSays, PhotoMark};
pub(crate) use event::{Event, Failure, Local};

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
