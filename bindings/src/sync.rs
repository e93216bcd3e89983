//! What is where, and bringing it to the hub.

use xuncha_device::view::{MoveReceipt, SyncOutcome, SyncStatus};

use crate::App;
use crate::guard::{Result, later, told};

#[uniffi::export]
impl App {
    /// How much of the work is where.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        later(self.0.sync_status()).await
    }

    /// Pushes, uploads, pulls. A call while one runs joins it, or waits for the one after it if what was written before
    /// the call may not be part of it. No network is an outcome, not an error.
    ///
    /// # Errors
    /// `Unauthorized` before enrolment, `StorageFull`, `Internal`.
    pub async fn sync_now(&self) -> Result<SyncOutcome> {
        later(self.0.sync_now()).await
    }

    /// Asks a running sync to stop soon. What was done stays done. Swift needs it: cancelling a Swift task does
    /// not reach Rust.
    ///
    /// # Errors
    /// `Internal`.
    pub fn cancel_sync(&self) -> Result<()> {
        told(|| self.0.cancel_sync())
    }

    /// Submits a refused move again, on the present state, with its evidence.
    ///
    /// # Errors
    /// `Invalid` with the sentence if it still does not fit.
    pub async fn reapply(&self, op: String) -> Result<MoveReceipt> {
        later(self.0.reapply(op)).await
    }

    /// Leaves a refused op as a record. It stays in the history.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn leave_refused(&self, op: String) -> Result<()> {
        later(self.0.leave_refused(op)).await
    }
}
