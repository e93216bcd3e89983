//! One coarse notice that says what to query again.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Change {
    /// Drafts were made, saved or discarded.
    Drafts,
    /// Records were finalized.
    Records,
    /// Cases came, moved or went.
    Cases,
    /// Sites, campaigns or assignments changed.
    Sites,
    /// A sync runs, went on or ended; verdicts came.
    Sync,
    /// Photos were made or uploaded.
    Photos,
    /// Ask everything again.
    Everything,
}

/// Why a shell's observer failed. It changes nothing in the core.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
pub enum CallbackError {
    /// The shell's code threw.
    #[error("the observer failed")]
    Failed,
}

#[cfg(feature = "uniffi")]
impl From<uniffi::UnexpectedUniFFICallbackError> for CallbackError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// Told by the notifier thread, never under a lock and never from a caller's own stack; several changes of one
/// kind within about 50 ms are told once.
#[cfg_attr(feature = "uniffi", uniffi::export(foreign))]
pub trait Observer: Send + Sync {
    /// `change` happened: query again what it concerns.
    ///
    /// # Errors
    /// Whatever the shell's code throws; it is counted and ignored.
    fn changed(&self, change: Change) -> Result<(), CallbackError>;
}

/// An observer as the app holds it.
pub type SharedObserver = Arc<dyn Observer>;

/// The thread that tells the observer, so that nobody is told under a lock or from a caller's own stack.
pub(crate) struct Notifier {
    queue: Mutex<Option<Sender<Change>>>,
    observer: Arc<Mutex<Option<SharedObserver>>>,
}

/// Changes within this time are told once.
const TOGETHER: Duration = Duration::from_millis(50);

impl Notifier {
    pub(crate) fn start() -> std::io::Result<Self> {
        let (queue, changes) = channel();
        let observer = Arc::new(Mutex::new(None));
        let told = observer.clone();
        std::thread::Builder::new().name("xuncha-notifier".into()).spawn(move || tell(&changes, &told))?;
        Ok(Self { queue: Mutex::new(Some(queue)), observer })
    }

    pub(crate) fn observe(&self, observer: Option<SharedObserver>) {
        // The one before goes after the lock: letting go of it may call into the shell.
        let before = std::mem::replace(&mut *lock(&self.observer), observer);
        drop(before);
    }

    /// Something changed.
    pub(crate) fn notice(&self, change: Change) {
        if let Some(queue) = lock(&self.queue).as_ref() {
            let _ = queue.send(change);
        }
    }

    /// Tells nobody any more. The thread ends by itself and is not waited for: the observer that it may be in need
    /// not return, and may be the one that closes the app.
    pub(crate) fn stop(&self) {
        lock(&self.queue).take();
        self.observe(None);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(changes: &Receiver<Change>, observer: &Mutex<Option<SharedObserver>>) {
    let mut open = true;
    while open {
        let Ok(first) = changes.recv() else { return };
        let mut seen = BTreeSet::from([first]);
        std::thread::sleep(TOGETHER);
        loop {
            match changes.try_recv() {
                Ok(change) => {
                    seen.insert(change);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    open = false;
                    break;
                }
            }
        }
        for change in seen {
            // Asked for each: the one before may have put another in its place, or closed the app.
            let Some(told) = lock(observer).clone() else { break };
            let failed = !matches!(catch_unwind(AssertUnwindSafe(|| told.changed(change))), Ok(Ok(())));
            if failed {
                tracing::warn!("the observer failed");
            }
        }
    }
}

#[cfg(test)]
mod tests;
