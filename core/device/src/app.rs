//! The phone's open book.

use std::sync::Arc;

use crate::change::Observer;
use crate::env::Env;
use crate::error::AppError;
use crate::fill::FillSession;
use crate::keys::KeyKeeper;
use crate::view::{
    CaseFilter, CaseMove, CasePage, CaseView, EnrolPreview, FormRow, Identity, MovePreview, MoveReceipt,
    PhotoCapture, PhotoView, RecordFilter, RecordRow, RecordView, SiteFilter, SiteRow, SiteView, StartFill,
    StorageReport, SyncOutcome, SyncStatus, Today,
};

type Result<T> = std::result::Result<T, AppError>;

/// Where and as what the app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AppConfig {
    /// Folder of databases and photos; never cleaned by the system.
    pub folder: String,
    /// Folder of pictures that can be made or fetched again.
    pub cache_folder: String,
    /// The app's version.
    pub app_version: String,
    /// Model and system, for the list of phones.
    pub device_model: String,
    /// `zh` or `en`.
    pub language: String,
    /// Names the present boot; empty if the shell does not know.
    pub boot_id: String,
    /// How long the hub may stay silent, ms; 0 means 60 s.
    pub answer_timeout_ms: u32,
}

/// The phone's open book: one per process and folder.
pub struct App {}

fn soon<T>() -> Result<T> {
    Err(AppError::Unsupported { feature: "being built".into() })
}

impl App {
    /// Opens the folder with the system's clock and randomness.
    ///
    /// # Errors
    /// [`AppError::Outdated`] if a newer version wrote the data, [`AppError::StorageFull`], [`AppError::Internal`].
    /// A damaged file is moved aside and told in [`SyncStatus::notices`]; the app opens.
    pub async fn open(config: AppConfig, keys: Arc<dyn KeyKeeper>) -> Result<Arc<Self>> {
        let env = Env::system(&config.boot_id);
        Self::open_with_env(config, keys, env).await
    }

    /// As [`Self::open`], with the given clock and randomness: for tests, and for the demo.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with_env(
        _config: AppConfig,
        _keys: Arc<dyn KeyKeeper>,
        _env: Env,
    ) -> Result<Arc<Self>> {
        soon()
    }

    /// Ends all work and joins the threads. A second call does nothing.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a thread had died.
    pub async fn close(&self) -> Result<()> {
        soon()
    }

    /// Tells `observer` of changes from now on, instead of the one before.
    pub fn observe(&self, _observer: Arc<dyn Observer>) {}

    /// Tells nobody any more.
    pub fn stop_observing(&self) {}

    /// Reads an enrolment code. Nothing is done yet.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is none.
    pub fn check_code(&self, _text: &str) -> Result<EnrolPreview> {
        soon()
    }

    /// Enrols this phone.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the hub's reason (used, expired, unknown), [`AppError::Offline`].
    pub async fn enrol(&self, _code: String) -> Result<Identity> {
        soon()
    }

    /// Who this phone is; none before it is enrolled.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub async fn identity(&self) -> Result<Option<Identity>> {
        soon()
    }

    /// Forgets who this phone is, and the replica. What was authored stays.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while something waits that only this phone has.
    pub async fn sign_out(&self) -> Result<()> {
        soon()
    }

    /// The first screen.
    ///
    /// # Errors
    /// [`AppError::Closed`], [`AppError::Internal`].
    pub async fn today(&self) -> Result<Today> {
        soon()
    }

    /// Forms that can be filled.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn forms(&self) -> Result<Vec<FormRow>> {
        soon()
    }

    /// Sites.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn sites(&self, _filter: SiteFilter) -> Result<Vec<SiteRow>> {
        soon()
    }

    /// A site with its history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn site(&self, _id: String) -> Result<SiteView> {
        soon()
    }

    /// A page of the ledger: what this person may see, with own pending work laid over it.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn cases(&self, _filter: CaseFilter) -> Result<CasePage> {
        soon()
    }

    /// A case with its whole history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn case(&self, _id: String) -> Result<CaseView> {
        soon()
    }

    /// Own records, newest first.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn records(&self, _filter: RecordFilter) -> Result<Vec<RecordRow>> {
        soon()
    }

    /// An own record.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn record(&self, _id: String) -> Result<RecordView> {
        soon()
    }

    /// How much of the work is where.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        soon()
    }

    /// What takes how much room.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn storage_report(&self) -> Result<StorageReport> {
        soon()
    }

    /// Begins a form. The draft is on disk when this returns.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Unsupported`] naming what the form uses.
    pub async fn start_fill(&self, _form: String, _start: StartFill) -> Result<Arc<FillSession>> {
        soon()
    }

    /// Goes on with a draft, at the page where it was left.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Damaged`].
    pub async fn resume_fill(&self, _draft: String) -> Result<Arc<FillSession>> {
        soon()
    }

    /// Puts a draft away; [`Self::undo_discard`] brings it back within 30 days.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn discard_draft(&self, _draft: String) -> Result<()> {
        soon()
    }

    /// Brings a discarded draft back.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn undo_discard(&self, _draft: String) -> Result<()> {
        soon()
    }

    /// Whether a move would be taken, while its sheet is being filled. Records nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn preview_move(&self, _case: String, _mv: CaseMove) -> Result<MovePreview> {
        soon()
    }

    /// Makes a move: judged here by the hub's own rule on replica and own pending moves, then recorded.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the sentence if it is not allowed or evidence is missing.
    pub async fn move_case(&self, _case: String, _mv: CaseMove) -> Result<MoveReceipt> {
        soon()
    }

    /// Adds words or photos to a case. Never conflicts. Photos are ids that [`Self::attach_case_photo`] returned.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] if it is empty.
    pub async fn note_case(&self, _case: String, _text: String, _photos: Vec<String>) -> Result<MoveReceipt> {
        soon()
    }

    /// Takes a photo in for a move or note on a case.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the file is not there or empty, [`AppError::StorageFull`].
    pub async fn attach_case_photo(&self, _case: String, _photo: PhotoCapture) -> Result<PhotoView> {
        soon()
    }

    /// Submits a refused move again, on the present state, with its evidence.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the sentence if it still does not fit.
    pub async fn reapply(&self, _op: String) -> Result<MoveReceipt> {
        soon()
    }

    /// Leaves a refused op as a record. It stays in the history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn leave_refused(&self, _op: String) -> Result<()> {
        soon()
    }

    /// Pushes, uploads, pulls. A call while one runs joins it. No network is an outcome, not an error.
    ///
    /// # Errors
    /// [`AppError::Unauthorized`] before enrolment, [`AppError::StorageFull`], [`AppError::Internal`].
    pub async fn sync_now(&self) -> Result<SyncOutcome> {
        soon()
    }

    /// Asks a running sync to stop soon. What was done stays done.
    pub fn cancel_sync(&self) {}
}
