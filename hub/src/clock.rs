//! The hub's only clock and source of randomness. Everything else is handed its time.

use std::sync::Arc;

use xuncha_wire::{DeviceId, EntityId, Epoch, OpId};

/// Where the hub takes its time from. The demo and tests play July.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the hub's only clock")]
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands where it was set, for tests and the demo.
#[derive(Debug, Clone, Default)]
pub struct SetClock(Arc<std::sync::atomic::AtomicI64>);

impl SetClock {
    /// A clock that shows `ms`.
    pub fn at(ms: i64) -> Self {
        Self(Arc::new(ms.into()))
    }

    /// Sets all its clones.
    pub fn set(&self, ms: i64) {
        self.0.store(ms, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// The operating system has no random bytes to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// Random bytes from the operating system.
///
/// # Errors
/// [`NoRandomness`]; nothing secret may be made then.
#[allow(clippy::disallowed_methods, reason = "this is the hub's only source of randomness")]
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The sign of a commit: 8 random hex digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn mark() -> Result<String, NoRandomness> {
    random::<4>().map(|bytes| xuncha_wire::blob::hex(&bytes))
}

macro_rules! fresh {
    ($(#[$doc:meta])* $name:ident, $id:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// [`NoRandomness`].
        pub fn $name(clock: &dyn Clock) -> Result<$id, NoRandomness> {
            Ok(<$id>::from_parts(clock.now_ms().max(0).cast_unsigned(), random()?))
        }
    };
}

fresh!(
    /// A fresh op id.
    op_id, OpId
);
fresh!(
    /// A fresh entity id.
    entity_id, EntityId
);
fresh!(
    /// A fresh device id.
    device_id, DeviceId
);
fresh!(
    /// A fresh epoch.
    epoch, Epoch
);
