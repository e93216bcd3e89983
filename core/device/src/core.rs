//! What the app's parts share: the threads, the folders, the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;

use futures_util::future::LocalBoxFuture;
use tokio::sync::{mpsc, oneshot};
use xuncha_casework::terms::Term;

use crate::app::AppConfig;
use crate::change::{Change, Notifier};
use crate::error::{AppError, internal};
use crate::fill::FillSession;
use crate::fill::form::Compiled;
use crate::form_files::FormFiles;
use crate::keys::KeyKeeper;
use crate::media::Media;
use crate::store::open::Places;
use crate::store::{Reader, Writer};
use crate::sync::running::SyncState;
use crate::sync::tls::KeptClient;
use crate::work::Worker;
use crate::{Env, view};

/// Everything behind an `App`.
pub(crate) struct Core {
    pub(crate) config: AppConfig,
    pub(crate) places: Places,
    pub(crate) env: Env,
    pub(crate) keys: Arc<dyn KeyKeeper>,
    pub(crate) writer: Worker<Writer>,
    pub(crate) readers: Worker<Reader>,
    /// Copies, hashes and decodes photos; owns no connection, so that it delays neither saving nor asking.
    pub(crate) darkroom: Worker<()>,
    pub(crate) media: Media,
    pub(crate) notifier: Notifier,
    pub(crate) net: Net,
    pub(crate) token: Mutex<Option<String>>,
    pub(crate) http: KeptClient,
    pub(crate) sync: SyncState,
    /// What forms read and show.
    pub(crate) form_files: FormFiles,
    /// Forms that were compiled, by id and version.
    pub(crate) forms: Mutex<HashMap<(String, String), Compiled>>,
    /// Forms being filled, by their drafts; held while one is opened, so that a draft is open once.
    pub(crate) fills: tokio::sync::Mutex<HashMap<String, Weak<FillSession>>>,
    /// Held as long as the app is open: one process per folder.
    pub(crate) _lock: std::fs::File,
}

impl Core {
    /// The person's language, `zh` or `en`.
    pub(crate) fn language(&self) -> &str {
        &self.config.language
    }

    /// Asks a reader.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Reader) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.readers.call(|reader| reader.snapshot(ask)).await
    }

    /// Has the writer do something.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.writer.call(work).await
    }

    /// Makes pictures of a photo on the darkroom's thread.
    pub(crate) fn develop(self: &Arc<Self>, photo: crate::store::photos::Photo) {
        let core = self.clone();
        self.darkroom.post(move |()| {
            if core.media.derive(&photo) {
                core.notifier.notice(Change::Photos);
            }
        });
    }
}

/// Locks, also after a panic elsewhere.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type NetJob = Box<dyn FnOnce() -> LocalBoxFuture<'static, ()> + Send>;

/// The network thread: a current-thread runtime that runs what is posted, several at a time.
pub(crate) struct Net {
    jobs: Mutex<Option<mpsc::UnboundedSender<NetJob>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Net {
    pub(crate) fn start() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (jobs, mut posted) = mpsc::unbounded_channel::<NetJob>();
        let run = move || {
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async move {
                while let Some(job) = posted.recv().await {
                    // A panic ends the task and not the thread.
                    tokio::task::spawn_local(async move { job().await });
                }
            });
            // Dropping the set ends what still runs: all that matters is in the store already.
        };
        let thread = std::thread::Builder::new().name("xuncha-network".into()).spawn(run)?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Posts work that nobody waits for.
    pub(crate) fn post<F>(&self, work: impl FnOnce() -> F + Send + 'static) -> bool
    where
        F: Future<Output = ()> + 'static,
    {
        let job: NetJob = Box::new(move || Box::pin(work()));
        lock(&self.jobs).as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }

    /// Posts work and waits for its answer. Dropping the wait does not stop the work.
    pub(crate) async fn call<T, F>(&self, work: impl FnOnce() -> F + Send + 'static) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        let (answer, waiting) = oneshot::channel();
        let posted = self.post(move || async move {
            let _ = answer.send(work().await);
        });
        if !posted {
            return Err(AppError::Closed);
        }
        match waiting.await {
            Ok(done) => done,
            Err(_) if lock(&self.jobs).is_none() => Err(AppError::Closed),
            Err(_) => Err(internal(&"a network job panicked")),
        }
    }

    pub(crate) fn stop(&self) {
        lock(&self.jobs).take();
    }

    pub(crate) fn join(&self) -> bool {
        let thread = lock(&self.thread).take();
        thread.is_none_or(|thread| thread.join().is_ok())
    }
}

/// A photo as shown, from its row and what pictures there are.
pub(crate) fn photo_view(core: &Core, photo: &crate::store::photos::Photo, taken: String) -> view::PhotoView {
    let english = core.language().starts_with("en");
    let mark = if photo.held {
        Term::MarkHeld.mark()
    } else if photo.arrived > 0 {
        Term::MarkUploading.mark_number(u32::try_from(photo.percent()).unwrap_or(0))
    } else {
        Term::MarkOnPhone.mark()
    };
    let large = core.media.view(&photo.id);
    view::PhotoView {
        id: photo.id.clone(),
        thumb_path: core.media.thumb(&photo.id),
        path: if large.is_empty() { core.media.original(&photo.file).display().to_string() } else { large },
        state_icon: crate::casebook::word(&mark.icon),
        state_word: if english { mark.words.en } else { mark.words.zh },
        damage: crate::media::damage_sentence(&photo.damage, core.language()),
        taken,
    }
}
