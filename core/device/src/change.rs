//! One coarse notice that says what to query again.

use std::sync::Arc;

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
