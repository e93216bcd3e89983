//! The sync that runs, if one does: how far it is, and who waits for it or for the next.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use tokio::sync::{Notify, oneshot};

use super::run;
use crate::change::Change;
use crate::core::{Core, lock};
use crate::error::{AppError, internal};
use crate::view::{SyncKind, SyncOutcome, SyncProgress};

/// What a sync came to, for all who wait for it.
pub(super) type Answer = Result<SyncOutcome, AppError>;

/// The sync that runs, if one does.
#[derive(Default)]
pub(crate) struct SyncState {
    running: Mutex<Option<Running>>,
    /// Did this phone's full disk end the last sync? Not on the disk, for that is full.
    full: AtomicBool,
}

struct Running {
    waiting: Vec<oneshot::Sender<Answer>>,
    /// Who called when this sync had listed its ops already: what they wrote before calling goes in the next one.
    next: Vec<oneshot::Sender<Answer>>,
    /// Has this sync listed its ops?
    listed: bool,
    cancel: Arc<Notify>,
    progress: SyncProgress,
}

impl SyncState {
    /// How far the running sync is.
    pub(crate) fn progress(&self) -> Option<SyncProgress> {
        lock(&self.running).as_ref().map(|running| running.progress.clone())
    }

    /// Did this phone's full disk end the sync before?
    pub(super) fn was_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// The running sync lists its ops now: who calls from here on waits for the next.
    pub(super) fn lists(&self) {
        if let Some(running) = lock(&self.running).as_mut() {
            running.listed = true;
        }
    }

    /// Asks the running sync to stop.
    pub(crate) fn cancel(&self) {
        if let Some(running) = lock(&self.running).as_ref() {
            // Kept for a waiter that comes later, should nobody wait just now.
            running.cancel.notify_one();
        }
    }
}

/// Starts a sync, joins the one that runs, or waits for the one after it: whatever was written before this call has
/// been offered to the hub when it answers.
pub(crate) async fn sync(core: Arc<Core>) -> Answer {
    let (answer, waiting) = oneshot::channel();
    let starts = {
        let mut running = lock(&core.sync.running);
        match running.as_mut() {
            Some(running) if running.listed => {
                running.next.push(answer);
                None
            }
            Some(running) => {
                running.waiting.push(answer);
                None
            }
            None => Some(answer),
        }
    };
    if let Some(answer) = starts {
        start(&core, vec![answer]);
    }
    // An answer that is dropped is one that a closed core can't give.
    waiting.await.unwrap_or(Err(AppError::Closed))
}

fn start(core: &Arc<Core>, waiting: Vec<oneshot::Sender<Answer>>) {
    let cancel = Arc::new(Notify::new());
    let progress = SyncProgress { sentence: String::new(), done: 0, total: 0 };
    let fresh = Running { waiting, next: Vec::new(), listed: false, cancel: cancel.clone(), progress };
    *lock(&core.sync.running) = Some(fresh);
    let started = core.clone();
    let posted = core.net.post(move || async move {
        // However it ends, also by closing, whoever waits is told.
        let mut done = TellAll { core: started.clone(), answer: Err(AppError::Closed) };
        // The panic's own words may quote an answer, and are not passed on.
        done.answer = AssertUnwindSafe(run::run(&started, &cancel))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(internal(&"a sync panicked")));
        let full = matches!(done.answer, Err(AppError::StorageFull));
        started.sync.full.store(full, Ordering::Relaxed);
    });
    if !posted {
        lock(&core.sync.running).take();
    }
}

struct TellAll {
    core: Arc<Core>,
    answer: Answer,
}

impl Drop for TellAll {
    fn drop(&mut self) {
        let running = lock(&self.core.sync.running).take();
        let (mut waiting, next) = running.map(|running| (running.waiting, running.next)).unwrap_or_default();
        if matches!(&self.answer, Ok(outcome) if outcome.kind == SyncKind::Cancelled) {
            // Whoever stops a sync does not want the next one either.
            waiting.extend(next);
        } else if !next.is_empty() {
            start(&self.core, next);
        }
        for waiting in waiting {
            let _ = waiting.send(self.answer.clone());
        }
        self.core.notifier.notice(Change::Sync);
    }
}

/// Says how far the running sync is: so many of so many.
pub(super) fn tell(core: &Core, (done, total): (u64, u64), zh: &str, en: &str) {
    let sentence = if core.language().starts_with("en") { en } else { zh };
    if let Some(running) = lock(&core.sync.running).as_mut() {
        running.progress = SyncProgress { sentence: sentence.to_owned(), done, total };
    }
    core.notifier.notice(Change::Sync);
}
