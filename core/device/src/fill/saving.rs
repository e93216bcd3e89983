//! The draft behind each answer.
//!
//! Each change puts the newest state into a slot and posts one job to the writer if none is on its way, before
//! the call returns. The job writes whatever is newest then, with `synchronous = FULL`. So a process that dies
//! loses at most what was answered within the one save that is under way (a few milliseconds), never more.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::change::Change;
use crate::core::{Core, lock};
use crate::error::AppError;
use crate::store::drafts::{self, Draft};
use crate::store::{Result as StoreResult, transact};

/// Saves one draft, always the newest state.
pub(super) struct Saver {
    core: Arc<Core>,
    slot: Arc<Mutex<Option<(u64, Draft)>>>,
    made: AtomicU64,
    saved: Arc<AtomicU64>,
    problem: Arc<Mutex<Option<AppError>>>,
}

impl Saver {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            slot: Arc::default(),
            made: AtomicU64::new(0),
            saved: Arc::default(),
            problem: Arc::default(),
        }
    }

    /// Posts the state; returns at once.
    pub(super) fn save(&self, draft: Draft) {
        let nth = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        let waiting = lock(&self.slot).replace((nth, draft)).is_some();
        if waiting {
            // The job under way takes the newest.
            return;
        }
        let (slot, saved, problem, core) =
            (self.slot.clone(), self.saved.clone(), self.problem.clone(), self.core.clone());
        let posted = self.core.writer.post(move |writer| {
            let Some((nth, draft)) = lock(&slot).take() else { return };
            match transact(&mut writer.mine, |tx| drafts::save(tx, &draft, false)) {
                Ok(()) => {
                    saved.fetch_max(nth, Ordering::SeqCst);
                    lock(&problem).take();
                    core.notifier.notice(Change::Drafts);
                }
                Err(error) => {
                    // Nothing is lost yet: the session has it all, and the next answer tries again.
                    *lock(&problem) = Some(error.into());
                }
            }
        });
        if !posted {
            *lock(&self.problem) = Some(AppError::Closed);
        }
    }

    /// Is everything on disk?
    pub(super) fn is_saved(&self) -> bool {
        self.saved.load(Ordering::SeqCst) == self.made.load(Ordering::SeqCst)
    }

    /// Why saving failed, if it did.
    pub(super) fn problem(&self) -> Option<AppError> {
        lock(&self.problem).clone()
    }

    /// Writes the state and what `more` writes in one transaction, then says how it went. For the holder of the
    /// session's lock: what waits in the slot is older and is dropped.
    pub(super) fn save_with(
        &self,
        draft: Draft,
        more: impl FnOnce(&rusqlite::Connection) -> StoreResult<()> + Send + 'static,
        done: impl FnOnce(Result<(), AppError>) + Send + 'static,
    ) {
        let nth = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        lock(&self.slot).take();
        let (saved, problem, core) = (self.saved.clone(), self.problem.clone(), self.core.clone());
        let posted = self.core.writer.post(move |writer| {
            let written = transact(&mut writer.mine, |tx| {
                more(tx)?;
                drafts::save(tx, &draft, false)
            });
            let written = written.map_err(AppError::from);
            match &written {
                Ok(()) => {
                    saved.fetch_max(nth, Ordering::SeqCst);
                    lock(&problem).take();
                    core.notifier.notice(Change::Drafts);
                }
                Err(error) => *lock(&problem) = Some(error.clone()),
            }
            done(written);
        });
        if !posted {
            *lock(&self.problem) = Some(AppError::Closed);
        }
    }

    /// Waits until this state is on disk; tries once more if saving had failed.
    pub(super) async fn flush(&self, draft: Draft) -> Result<(), AppError> {
        let (done, waiting) = tokio::sync::oneshot::channel();
        self.save_with(
            draft,
            |_| Ok(()),
            |written| {
                let _ = done.send(written);
            },
        );
        waiting.await.unwrap_or(Err(AppError::Closed))
    }
}
