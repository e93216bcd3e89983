//! Opening, enrolling, and the lists of the first screens.

use std::sync::Arc;

use xuncha_device::view::{
    EnrolPreview, FormRow, Identity, RecordFilter, RecordRow, RecordView, SiteFilter, SiteRow, SiteView,
    StartFill, StorageReport, Today,
};
use xuncha_device::{AppConfig, KeyKeeper, Observer};

use crate::FillSession;
use crate::guard::{Result, later, now, told};

/// The phone's open book: one per process and folder.
#[derive(uniffi::Object)]
pub struct App(pub(crate) Arc<xuncha_device::App>);

#[uniffi::export]
impl App {
    /// Opens the folder. A damaged file is moved aside and told in `SyncStatus.notices`; the app opens.
    ///
    /// # Errors
    /// `Outdated` if a newer version wrote the data, `StorageFull`, `Internal`.
    #[uniffi::constructor]
    pub async fn open(config: AppConfig, keys: Arc<dyn KeyKeeper>) -> Result<Arc<Self>> {
        later(async { Ok(Arc::new(Self(xuncha_device::App::open(config, keys).await?))) }).await
    }

    /// Ends all work. A second call does nothing. Releasing the object without it ends nothing.
    ///
    /// # Errors
    /// `Internal` if a thread had died.
    pub async fn shut(&self) -> Result<()> {
        later(self.0.close()).await
    }

    /// Tells `observer` of changes from now on, instead of the one before; from a thread of the core, never from
    /// this call's own stack. What it throws is ignored.
    ///
    /// # Errors
    /// `Internal`.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> Result<()> {
        told(|| self.0.observe(observer))
    }

    /// Tells nobody any more.
    ///
    /// # Errors
    /// `Internal`.
    pub fn stop_observing(&self) -> Result<()> {
        told(|| self.0.stop_observing())
    }

    /// Reads an enrolment code. Nothing is done yet.
    ///
    /// # Errors
    /// `Invalid` if it is none.
    pub fn check_code(&self, text: String) -> Result<EnrolPreview> {
        now(|| self.0.check_code(&text))
    }

    /// Enrols this phone.
    ///
    /// # Errors
    /// `Invalid` with the hub's reason (used, expired, unknown), `Offline`.
    pub async fn enrol(&self, code: String) -> Result<Identity> {
        later(self.0.enrol(code)).await
    }

    /// Who this phone is; none before it is enrolled.
    ///
    /// # Errors
    /// `Closed`.
    pub async fn identity(&self) -> Result<Option<Identity>> {
        later(self.0.identity()).await
    }

    /// Forgets who this phone is, and the replica. What was authored stays.
    ///
    /// # Errors
    /// `Invalid` while something waits that only this phone has.
    pub async fn sign_out(&self) -> Result<()> {
        later(self.0.sign_out()).await
    }

    /// The first screen.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn today(&self) -> Result<Today> {
        later(self.0.today()).await
    }

    /// Forms that can be filled.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn forms(&self) -> Result<Vec<FormRow>> {
        later(self.0.forms()).await
    }

    /// Sites.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn sites(&self, filter: SiteFilter) -> Result<Vec<SiteRow>> {
        later(self.0.sites(filter)).await
    }

    /// A site with its history.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn site(&self, id: String) -> Result<SiteView> {
        later(self.0.site(id)).await
    }

    /// Own records, newest first.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn records(&self, filter: RecordFilter) -> Result<Vec<RecordRow>> {
        later(self.0.records(filter)).await
    }

    /// An own record.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn record(&self, id: String) -> Result<RecordView> {
        later(self.0.record(id)).await
    }

    /// What takes how much room.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn storage_report(&self) -> Result<StorageReport> {
        later(self.0.storage_report()).await
    }

    /// Begins a form. The draft is on disk when this returns.
    ///
    /// # Errors
    /// `NotFound`, `Unsupported` naming what the form uses.
    pub async fn start_fill(&self, form: String, start: StartFill) -> Result<Arc<FillSession>> {
        later(async { Ok(Arc::new(FillSession(self.0.start_fill(form, start).await?))) }).await
    }

    /// Goes on with a draft, at the page where it was left.
    ///
    /// # Errors
    /// `NotFound`, `Damaged`.
    pub async fn resume_fill(&self, draft: String) -> Result<Arc<FillSession>> {
        later(async { Ok(Arc::new(FillSession(self.0.resume_fill(draft).await?))) }).await
    }

    /// Puts a draft away; `undo_discard` brings it back within 30 days.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn discard_draft(&self, draft: String) -> Result<()> {
        later(self.0.discard_draft(draft)).await
    }

    /// Brings a discarded draft back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn undo_discard(&self, draft: String) -> Result<()> {
        later(self.0.undo_discard(draft)).await
    }
}
