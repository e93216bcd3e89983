//! A phone, as a scenario holds it: an `App` in its own folder, with its own clock and key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use xuncha_device::env::{Clock, Env, SeededRandomness, SetClock};
use xuncha_device::view::{Answer, Fix, Identity, PhotoCapture, StartFill, SyncOutcome};
use xuncha_device::{App, AppConfig, AppError, FillSession, KeyKeeper, SoftwareKeys};

/// 2026-07-08 14:30 in the sample city, a Wednesday in office hours.
pub const SCENE_START_MS: i64 = 1_783_492_200_000;

/// Minutes east of UTC of the sample city.
pub const SCENE_OFFSET_MIN: i32 = 480;

/// A phone in someone's hand.
pub struct Phone {
    /// The open book.
    pub app: Arc<App>,
    /// Its clock; a scenario turns it.
    pub clock: Arc<SetClock>,
    folder: PathBuf,
    seed: u64,
}

impl Phone {
    /// Opens the phone that lives in `folder`, its clock at `wall_ms`. `seed` makes its ids repeatable; two phones of
    /// one scenario need two seeds, and a phone that is opened again needs a new one.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open(folder: &Path, seed: u64, wall_ms: i64) -> Result<Self, AppError> {
        let keys = Arc::new(SoftwareKeys::new(folder.join("keys")));
        Self::open_with(Self::config(folder), keys, folder, seed, wall_ms).await
    }

    /// The same with a phone that calls a hub silent after two seconds and not after sixty, for scenarios in which one
    /// is; elsewhere a slow machine would be taken for a bad network.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_impatient(folder: &Path, seed: u64, wall_ms: i64) -> Result<Self, AppError> {
        let config = AppConfig { answer_timeout_ms: 2_000, ..Self::config(folder) };
        let keys = Arc::new(SoftwareKeys::new(folder.join("keys")));
        Self::open_with(config, keys, folder, seed, wall_ms).await
    }

    /// The same with its configuration, and with its keys kept elsewhere, as a shell's platform keeps them.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_with(
        config: AppConfig,
        keys: Arc<dyn KeyKeeper>,
        folder: &Path,
        seed: u64,
        wall_ms: i64,
    ) -> Result<Self, AppError> {
        let clock = SetClock::at(wall_ms, SCENE_OFFSET_MIN);
        let env = Env::new(clock.clone(), SeededRandomness::new(seed));
        let app = App::open_with_env(config, keys, env).await?;
        Ok(Self { app, clock, folder: folder.to_owned(), seed })
    }

    /// What a phone in `folder` is configured with.
    pub fn config(folder: &Path) -> AppConfig {
        AppConfig {
            folder: folder.join("files").display().to_string(),
            cache_folder: folder.join("cache").display().to_string(),
            app_version: env!("CARGO_PKG_VERSION").into(),
            device_model: "scenario".into(),
            language: "zh".into(),
            boot_id: String::new(),
            answer_timeout_ms: 0,
        }
    }

    /// Enrols with the text of a code, and takes the first sync.
    ///
    /// # Errors
    /// As [`App::enrol`] and [`App::sync_now`].
    pub async fn enrol(&self, code: &str) -> Result<Identity, AppError> {
        let identity = self.app.enrol(code.to_owned()).await?;
        self.app.sync_now().await?;
        Ok(identity)
    }

    /// Syncs once.
    ///
    /// # Errors
    /// As [`App::sync_now`].
    pub async fn sync(&self) -> Result<SyncOutcome, AppError> {
        self.app.sync_now().await
    }

    /// Begins a form, at a site if one is given.
    ///
    /// # Errors
    /// As [`App::start_fill`].
    pub async fn begin(&self, form: &str, site: Option<&str>) -> Result<Arc<FillSession>, AppError> {
        let start = StartFill { site: site.map(str::to_owned), ..StartFill::default() };
        self.app.start_fill(form.to_owned(), start).await
    }

    /// Puts a photo where a camera would, and says what the camera knew.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn shoot(&self, name: &str, bytes: &[u8]) -> std::io::Result<PhotoCapture> {
        let camera = self.folder.join("camera");
        std::fs::create_dir_all(&camera)?;
        let path = camera.join(name);
        std::fs::write(&path, bytes)?;
        let wall_ms = self.clock.wall_ms();
        Ok(PhotoCapture {
            path: path.display().to_string(),
            wall_ms,
            offset_min: SCENE_OFFSET_MIN,
            mono_ms: self.clock.mono_ms(),
            boot: self.clock.boot(),
            fix: Some(Fix {
                lat: 35.21,
                lon: 113.24,
                datum: xuncha_device::view::Datum::Wgs84,
                accuracy_m: 8.0,
                age_s: 1.5,
                provider: "gps".into(),
                mocked: false,
            }),
            heading: Some(90.0),
            imported: false,
        })
    }

    /// The folder it lives in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the phone down and takes it up again: everything is closed and read anew.
    ///
    /// # Errors
    /// As [`App::close`] and [`App::open`].
    pub async fn reopen(self) -> Result<Self, AppError> {
        let (wall_ms, folder, seed) = (self.clock.wall_ms(), self.folder.clone(), self.seed);
        self.app.close().await?;
        drop(self);
        Self::open(&folder, seed.wrapping_mul(31).wrapping_add(1), wall_ms).await
    }
}

/// A text answer.
pub fn text(text: &str) -> Answer {
    Answer::Text { text: text.to_owned() }
}

/// A single choice.
pub fn choice(value: &str) -> Answer {
    Answer::Choice { value: value.to_owned() }
}

/// A whole number.
pub fn integer(value: i64) -> Answer {
    Answer::Integer { value }
}

/// Says a word to whoever started this process, at once.
#[allow(clippy::print_stdout, reason = "its output is what the parent waits for")]
pub fn announce(word: &str) {
    use std::io::Write;
    println!("{word}");
    let _ = std::io::stdout().flush();
}
