//! Words for errors, and what only a stand-in has.

use xuncha_device::AppError;

use crate::guard::{Result, now};

/// The sentence that a person reads for an error: what happened, what is safe, what to do. `language` is `zh` or
/// `en`.
///
/// # Errors
/// `Internal`.
#[uniffi::export]
pub fn error_sentence(error: AppError, language: String) -> Result<String> {
    now(|| Ok(error.sentence(&language)))
}

#[cfg(feature = "stand-in")]
pub use stand_in::{file_key, sign_with_file_key};

#[cfg(feature = "stand-in")]
mod stand_in {
    use std::sync::Arc;

    use xuncha_device::env::{Env, SeededRandomness, SetClock};
    use xuncha_device::error::internal;
    use xuncha_device::{AppConfig, DeviceKey, KeyKeeper, SoftwareKeys};

    use crate::App;
    use crate::guard::{Result, later, now};

    /// The key of this name in a file of `folder`, made now if there was never one: what a keeper of keys written in
    /// another language hands out where there is no key store.
    ///
    /// # Errors
    /// `Internal`.
    #[uniffi::export]
    pub fn file_key(folder: String, alias: String) -> Result<DeviceKey> {
        now(|| SoftwareKeys::new(folder).device_key(alias).map_err(|error| internal(&error)))
    }

    /// Signs with the key of `file_key`, as `KeyKeeper.sign` does.
    ///
    /// # Errors
    /// `Internal`.
    #[uniffi::export]
    pub fn sign_with_file_key(folder: String, alias: String, message: Vec<u8>) -> Result<Vec<u8>> {
        now(|| SoftwareKeys::new(folder).sign(alias, message).map_err(|error| internal(&error)))
    }

    #[uniffi::export]
    impl App {
        /// As `open`, with the device key in a file of `key_folder`: for a desktop and for tests.
        ///
        /// # Errors
        /// As `open`.
        #[uniffi::constructor]
        pub async fn open_with_file_keys(config: AppConfig, key_folder: String) -> Result<Arc<Self>> {
            Self::open(config, Arc::new(SoftwareKeys::new(key_folder))).await
        }

        /// As `open_with_file_keys`, with clocks that stand at `wall_ms`, `offset_min` east of UTC: for tests that
        /// draw a given day. `seed` must be another one at each opening.
        ///
        /// # Errors
        /// As `open`.
        #[uniffi::constructor]
        pub async fn open_at(
            config: AppConfig,
            key_folder: String,
            wall_ms: i64,
            offset_min: i32,
            seed: u64,
        ) -> Result<Arc<Self>> {
            let env = Env::new(SetClock::at(wall_ms, offset_min), SeededRandomness::new(seed));
            let keys = Arc::new(SoftwareKeys::new(key_folder));
            later(async { Ok(Arc::new(Self(xuncha_device::App::open_with_env(config, keys, env).await?))) })
                .await
        }

        /// Panics, to show that a panic becomes `Internal`.
        ///
        /// # Errors
        /// `Internal`, always.
        #[allow(clippy::panic, reason = "that is what it is for")]
        pub fn crash_now(&self) -> Result<()> {
            now(|| panic!("asked to"))
        }

        /// Panics while a caller awaits it.
        ///
        /// # Errors
        /// `Internal`, always.
        #[allow(clippy::panic, reason = "that is what it is for")]
        pub async fn crash_later(&self) -> Result<()> {
            later(async { panic!("asked to") }).await
        }
    }
}
