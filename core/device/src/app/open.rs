//! Opening and closing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;

use super::AppConfig;
use crate::Env;
use crate::change::Notifier;
use crate::core::{Core, Net};
use crate::error::{AppError, internal};
use crate::form_files::FormFiles;
use crate::keys::KeyKeeper;
use crate::media::Media;
use crate::store::open::Places;
use crate::store::{StoreError, open, photos};
use crate::work::Worker;

/// How long another process may take to let go of the folder (one that was just killed).
const LOCK_TRIES: u32 = 100;

/// Orphaned originals are swept after this: a photo's file is there before its row.
const ORPHAN: Duration = Duration::from_secs(7 * 24 * 3600);

/// Opens everything, on a thread of its own so that the caller's does not block.
pub(super) async fn open(
    config: AppConfig,
    keys: Arc<dyn KeyKeeper>,
    env: Env,
) -> Result<Arc<Core>, AppError> {
    let (answer, waiting) = oneshot::channel();
    let spawned = std::thread::Builder::new().name("xuncha-open".into()).spawn(move || {
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(config, keys, env)));
        let _ = answer.send(opened.unwrap_or_else(|_| Err(internal(&"opening panicked"))));
    });
    spawned.map_err(StoreError::from)?;
    waiting.await.unwrap_or_else(|_| Err(internal(&"opening ended early")))
}

fn build(config: AppConfig, keys: Arc<dyn KeyKeeper>, env: Env) -> Result<Arc<Core>, AppError> {
    let places = Places { folder: PathBuf::from(&config.folder), cache: PathBuf::from(&config.cache_folder) };
    std::fs::create_dir_all(&places.folder).map_err(StoreError::from)?;
    let lock = take_lock(&places)?;
    let stamp = format!("{}-{}", env.now_ms(), xuncha_wire::blob::hex(&env.random::<4>()));
    let writer = open::writer(&places, &stamp)?;
    let readers = vec![open::reader(&places)?, open::reader(&places)?];
    let media = Media::open(places.photos(), &places.cache)?;
    let form_files = FormFiles::open(places.form_files())?;
    let start = |error: std::io::Error| AppError::from(StoreError::from(error));
    let core = Arc::new(Core {
        writer: Worker::start("writer", vec![writer]).map_err(start)?,
        readers: Worker::start("reader", readers).map_err(start)?,
        darkroom: Worker::start("darkroom", vec![()]).map_err(start)?,
        notifier: Notifier::start().map_err(start)?,
        net: Net::start().map_err(start)?,
        token: Mutex::default(),
        http: Default::default(),
        sync: Default::default(),
        form_files,
        forms: Mutex::default(),
        fills: Default::default(),
        media,
        config,
        places,
        env,
        keys,
        _lock: lock,
    });
    sweep(&core);
    Ok(core)
}

fn take_lock(places: &Places) -> Result<std::fs::File, AppError> {
    let file = std::fs::File::create(places.folder.join("lock")).map_err(StoreError::from)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(50)),
            // A file system without locks: the writer's own lock has to do.
            Err(std::fs::TryLockError::Error(_)) => return Ok(file),
        }
    }
    Err(internal(&"another process has this folder open"))
}

/// Takes away what nothing names: rows of photos that no draft, record or case uses, and old files without a row.
/// The darkroom waits meanwhile: a photo that is taken in again must not lose the old file that it finds.
#[allow(clippy::disallowed_methods, reason = "the age of a file is told by the clock that wrote it")]
fn sweep(core: &Arc<Core>) {
    let inner = core.clone();
    let (swept, waiting) = std::sync::mpsc::channel::<()>();
    core.darkroom.post(move |()| {
        // An error means that the sweep has ended, or never will begin.
        let _ = waiting.recv();
    });
    core.writer.post(move |writer| {
        let _swept = swept;
        let now = std::time::SystemTime::now();
        let old = |at: Option<std::time::SystemTime>| {
            at.and_then(|at| now.duration_since(at).ok()).is_some_and(|age| age > ORPHAN)
        };
        let ages: std::collections::HashMap<String, _> = inner.media.files().into_iter().collect();
        for photo in photos::unused(&writer.mine).unwrap_or_default() {
            if old(ages.get(&photo.file).copied().flatten())
                && photos::forget(&writer.mine, &photo.id).is_ok()
            {
                inner.media.remove(&photo.file);
            }
        }
        for (file, at) in &ages {
            if old(*at) && matches!(photos::names_file(&writer.mine, file), Ok(false)) {
                inner.media.remove(file);
            }
        }
        // Pictures that a crash left unmade.
        for photo in photos::waiting(&writer.mine).unwrap_or_default() {
            if inner.media.thumb(&photo.id).is_empty() && photo.damage.is_empty() {
                inner.develop(photo);
            }
        }
    });
}

impl Core {
    /// Tells all threads to end once their work is done.
    pub(crate) fn signal(&self) {
        self.sync.cancel();
        self.net.stop();
        self.darkroom.stop();
        self.readers.stop();
        self.writer.stop();
        self.notifier.stop();
    }
}

/// Ends all work and joins the threads that hold something of the folder, on a thread of its own.
pub(super) async fn close(core: Arc<Core>) -> Result<(), AppError> {
    core.signal();
    let (answer, waiting) = oneshot::channel();
    let join = move || {
        let ended = [core.net.join(), core.darkroom.join(), core.readers.join(), core.writer.join()];
        let _ = core._lock.unlock();
        let _ = answer.send(ended.iter().all(|ended| *ended));
    };
    std::thread::Builder::new().name("xuncha-close".into()).spawn(join).map_err(StoreError::from)?;
    match waiting.await {
        Ok(true) => Ok(()),
        _ => Err(internal(&"a thread had died")),
    }
}
