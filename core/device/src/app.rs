//! The phone's open book.

mod lists;
mod open;
mod status;
#[cfg(test)]
pub(crate) mod tests;
mod today;

use std::sync::Arc;

use crate::casebook::{self, Ground};
use crate::change::{Change, Observer};
use crate::core::Core;
use crate::env::Env;
use crate::error::{AppError, Words};
use crate::fill::{self, Exposure, FillSession};
use crate::keys::KeyKeeper;
use crate::store::{cursor, drafts, forms, meta, ops, photos, replica, transact};
use crate::sync::{enrol, fetch, running};
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
pub struct App {
    core: Arc<Core>,
}

impl Drop for App {
    /// Only signals: whoever drops the last reference may be a thread of ours.
    fn drop(&mut self) {
        self.core.signal();
    }
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
    pub async fn open_with_env(config: AppConfig, keys: Arc<dyn KeyKeeper>, env: Env) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { core: open::open(config, keys, env).await? }))
    }

    /// Ends all work and joins the threads. A second call does nothing.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a thread had died.
    pub async fn close(&self) -> Result<()> {
        open::close(self.core.clone()).await
    }

    /// Tells `observer` of changes from now on, instead of the one before.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        self.core.notifier.observe(Some(observer));
    }

    /// Tells nobody any more.
    pub fn stop_observing(&self) {
        self.core.notifier.observe(None);
    }

    /// Reads an enrolment code. Nothing is done yet.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is none.
    pub fn check_code(&self, text: &str) -> Result<EnrolPreview> {
        let code = enrol::read_code(text)?;
        let words = if code.pins.is_empty() {
            Words::new("", "")
        } else {
            Words::new("只认这个平台自己的证书", "Only this hub's own certificate is trusted")
        };
        Ok(EnrolPreview {
            seems_expired: code.expires_ms < self.core.env.now_ms(),
            pin_line: words.in_language(self.core.language()),
            hub: code.hub,
            tenant: code.tenant.to_string(),
            expires_ms: code.expires_ms,
        })
    }

    /// Enrols this phone.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the hub's reason (used, expired, unknown), [`AppError::Offline`].
    pub async fn enrol(&self, code: String) -> Result<Identity> {
        let code = enrol::read_code(&code)?;
        let core = self.core.clone();
        let enrolled = self.core.net.call(move || enrol::enrol(core, code)).await?;
        Ok(status::identity(enrolled, false))
    }

    /// Who this phone is; none before it is enrolled.
    ///
    /// # Errors
    /// [`AppError::Closed`].
    pub async fn identity(&self) -> Result<Option<Identity>> {
        let (who, revoked) = self.core.read(|reader| Ok(enrol::identity(&reader.mine)?)).await?;
        Ok(who.map(|who| status::identity(who, revoked)))
    }

    /// Forgets who this phone is, and the replica. What was authored stays.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while something waits that only this phone has.
    pub async fn sign_out(&self) -> Result<()> {
        self.core
            .write(|writer| {
                let (made, held) = photos::counts(&writer.mine)?;
                if ops::counts(&writer.mine)?.waiting > 0 || held < made {
                    return Err(Words::new(
                        "还有内容只在这部手机上，没有退出。先上传，平台收到后再退出。",
                        "Something is only on this phone, so you were not signed out. Push it first.",
                    )
                    .invalid("sign_out"));
                }
                transact(&mut writer.mine, |tx| {
                    if let Some(who) = enrol::identity(tx)?.0 {
                        meta::set(tx, meta::HUB, &who.hub_id)?;
                    }
                    meta::remove(tx, meta::IDENTITY)
                })?;
                Ok(transact(&mut writer.hub, |tx| {
                    cursor::forget_all(tx)?;
                    forms::forget_all(tx)?;
                    replica::sweep(tx, &|_, _| Ok(false))
                })?)
            })
            .await?;
        crate::core::lock(&self.core.token).take();
        self.core.notifier.notice(Change::Everything);
        Ok(())
    }

    /// The first screen.
    ///
    /// # Errors
    /// [`AppError::Closed`], [`AppError::Internal`].
    pub async fn today(&self) -> Result<Today> {
        let core = self.core.clone();
        self.core.read(move |reader| today::today(&core, reader)).await
    }

    /// Forms that can be filled.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn forms(&self) -> Result<Vec<FormRow>> {
        self.core.read(|reader| lists::forms(reader)).await
    }

    /// Sites.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn sites(&self, filter: SiteFilter) -> Result<Vec<SiteRow>> {
        let core = self.core.clone();
        self.core.read(move |reader| lists::sites(&core, reader, &filter)).await
    }

    /// A site with its history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn site(&self, id: String) -> Result<SiteView> {
        let core = self.core.clone();
        self.core.read(move |reader| lists::site(&core, reader, &id)).await
    }

    /// A page of the ledger: what this person may see, with own pending work laid over it.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn cases(&self, filter: CaseFilter) -> Result<CasePage> {
        let core = self.core.clone();
        self.core.read(move |reader| lists::cases(&core, reader, &filter)).await
    }

    /// A case with its whole history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn case(&self, id: String) -> Result<CaseView> {
        let core = self.core.clone();
        let (view, named) = self
            .core
            .read(move |reader| {
                let ground = Ground::load(reader, &core.env, core.language())?;
                let seen = casebook::one(reader, &ground, &id)?;
                let view = casebook::words::page(&core, reader, &ground, &seen, status::data_time(reader)?)?;
                let body = replica::get(&reader.hub, xuncha_wire::entity::KIND_CASE, &id)?;
                Ok((view, body.map(|body| fetch::named(&body)).unwrap_or_default()))
            })
            .await?;
        // Pictures of others' photos come in their own time; the observer is told.
        fetch::for_case(&self.core, named);
        Ok(view)
    }

    /// Own records, newest first.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn records(&self, filter: RecordFilter) -> Result<Vec<RecordRow>> {
        let core = self.core.clone();
        self.core.read(move |reader| lists::records(&core, reader, &filter)).await
    }

    /// An own record.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn record(&self, id: String) -> Result<RecordView> {
        let core = self.core.clone();
        self.core.read(move |reader| lists::record(&core, reader, &id)).await
    }

    /// How much of the work is where.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        let core = self.core.clone();
        self.core.read(move |reader| status::status(&core, reader)).await
    }

    /// What takes how much room.
    ///
    /// # Errors
    /// As [`Self::today`].
    pub async fn storage_report(&self) -> Result<StorageReport> {
        let core = self.core.clone();
        self.core.read(move |reader| status::storage(&core, reader)).await
    }

    /// Begins a form. The draft is on disk when this returns.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Unsupported`] naming what the form uses.
    pub async fn start_fill(&self, form: String, start: StartFill) -> Result<Arc<FillSession>> {
        fill::start::start(self.core.clone(), form, start).await
    }

    /// Goes on with a draft, at the page where it was left.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Damaged`].
    pub async fn resume_fill(&self, draft: String) -> Result<Arc<FillSession>> {
        fill::start::resume(self.core.clone(), draft).await
    }

    /// Puts a draft away; [`Self::undo_discard`] brings it back within 30 days.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn discard_draft(&self, draft: String) -> Result<()> {
        self.set_discarded(draft, self.core.env.now_ms().max(1)).await
    }

    /// Brings a discarded draft back.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn undo_discard(&self, draft: String) -> Result<()> {
        self.set_discarded(draft, 0).await
    }

    async fn set_discarded(&self, draft: String, at_ms: i64) -> Result<()> {
        self.core.write(move |writer| Ok(drafts::discard(&writer.mine, &draft, at_ms)?)).await?;
        self.core.notifier.notice(Change::Drafts);
        Ok(())
    }

    /// Whether a move would be taken, while its sheet is being filled. Records nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn preview_move(&self, case: String, mv: CaseMove) -> Result<MovePreview> {
        let core = self.core.clone();
        self.core.read(move |reader| casebook::moves::preview(&core, reader, &case, mv)).await
    }

    /// Makes a move: judged here by the hub's own rule on replica and own pending moves, then recorded.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the sentence if it is not allowed or evidence is missing.
    pub async fn move_case(&self, case: String, mv: CaseMove) -> Result<MoveReceipt> {
        casebook::moves::make(&self.core, case, mv).await
    }

    /// Adds words or photos to a case. Never conflicts. Photos are ids that [`Self::attach_case_photo`] returned.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] if it is empty.
    pub async fn note_case(&self, case: String, text: String, photos: Vec<String>) -> Result<MoveReceipt> {
        casebook::moves::note(&self.core, case, text, photos).await
    }

    /// Takes a photo in for a move or note on a case.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the file is not there or empty, [`AppError::StorageFull`].
    pub async fn attach_case_photo(&self, case: String, photo: PhotoCapture) -> Result<PhotoView> {
        let exposure = Exposure::new(&self.core, photo)?;
        let (row, taken) = self.core.darkroom.call(move |()| exposure.take_in()).await?;
        let kept = row.clone();
        self.core
            .write(move |writer| {
                Ok(transact(&mut writer.mine, |tx| {
                    photos::add(tx, &kept)?;
                    let known = photos::use_of(tx, &case, taken.id.as_str())?;
                    let reference = known.as_ref().map_or(&taken, |known| fill::better(known, &taken));
                    photos::bind(tx, &case, reference, false)
                })?)
            })
            .await?;
        self.core.develop(row.clone());
        Ok(crate::core::photo_view(&self.core, &row, String::new()))
    }

    /// Submits a refused move again, on the present state, with its evidence.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the sentence if it still does not fit.
    pub async fn reapply(&self, op: String) -> Result<MoveReceipt> {
        casebook::moves::reapply(&self.core, op).await
    }

    /// Leaves a refused op as a record. It stays in the history.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn leave_refused(&self, op: String) -> Result<()> {
        self.core.write(move |writer| Ok(ops::leave(&writer.mine, &op)?)).await?;
        self.core.notifier.notice(Change::Sync);
        Ok(())
    }

    /// Pushes, uploads, pulls. A call while one runs joins it, or waits for the one after it if what was written before
    /// the call may not be part of it. No network is an outcome, not an error.
    ///
    /// # Errors
    /// [`AppError::Unauthorized`] before enrolment, [`AppError::StorageFull`], [`AppError::Internal`].
    pub async fn sync_now(&self) -> Result<SyncOutcome> {
        running::sync(self.core.clone()).await
    }

    /// Asks a running sync to stop soon. What was done stays done.
    pub fn cancel_sync(&self) {
        self.core.sync.cancel();
    }
}
