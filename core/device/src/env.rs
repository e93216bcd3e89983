//! The only source of time and randomness of the phone's core.
//!
//! Nothing is ordered by the wall clock: it may be wrong by years and may jump. It is recorded, beside the
//! monotonic clock and the boot it belongs to, as evidence.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use xuncha_wire::{EntityId, OpId};

/// The phone's clocks.
pub trait Clock: Send + Sync {
    /// Wall clock, ms since 1970 UTC. May be wrong, may go back.
    fn wall_ms(&self) -> i64;
    /// Minutes east of UTC at that moment.
    fn offset_min(&self, at_ms: i64) -> i32;
    /// Monotonic clock, ms; compares only within one boot.
    fn mono_ms(&self) -> i64;
    /// Which boot the monotonic clock belongs to.
    fn boot(&self) -> String;
}

/// The phone's random source.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`. False if the system has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> bool;
}

/// Clocks and randomness, handed to everything that needs them.
#[derive(Clone)]
pub struct Env {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
}

impl Env {
    /// Of these parts.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Self {
        Self { clock, random }
    }

    /// The system's clocks and randomness. `boot` names the present boot, if the shell knows it; without it
    /// every start of the process counts as a boot.
    pub fn system(boot: &str) -> Self {
        let random = Arc::new(SystemRandomness);
        let mut own = [0; 8];
        let boot = if boot.is_empty() && random.fill(&mut own) {
            format!("p-{}", xuncha_wire::blob::hex(&own))
        } else {
            boot.to_owned()
        };
        Self { clock: Arc::new(SystemClock { start: system_instant(), boot }), random }
    }

    /// The clocks.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Wall clock, ms since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        self.clock.wall_ms()
    }

    /// Minutes east of UTC now.
    pub fn offset_min(&self) -> i32 {
        self.clock.offset_min(self.clock.wall_ms())
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        if !self.random.fill(&mut bytes) {
            // No phone lacks randomness; if one does, ids still differ by time and by process.
            let seed = Sha256::new()
                .chain_update(self.clock.wall_ms().to_be_bytes())
                .chain_update(self.clock.mono_ms().to_be_bytes())
                .chain_update(std::process::id().to_be_bytes())
                .chain_update(FALLBACK.fetch_add(1, Ordering::Relaxed).to_be_bytes())
                .finalize();
            for (byte, from) in bytes.iter_mut().zip(seed.iter().cycle()) {
                *byte = *from;
            }
        }
        bytes
    }

    /// A new op id. Its time part is a hint and orders nothing.
    pub fn op_id(&self) -> OpId {
        OpId::from_parts(self.unix_ms(), self.random())
    }

    /// A new id of a record, a case, a draft.
    pub fn entity_id(&self) -> EntityId {
        EntityId::from_parts(self.unix_ms(), self.random())
    }

    fn unix_ms(&self) -> u64 {
        u64::try_from(self.clock.wall_ms()).unwrap_or(0)
    }
}

static FALLBACK: AtomicU64 = AtomicU64::new(0);

struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[allow(clippy::disallowed_methods, reason = "this is the one source of randomness")]
    fn fill(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }
}

struct SystemClock {
    start: std::time::Instant,
    boot: String,
}

#[allow(clippy::disallowed_methods, reason = "this is the one monotonic clock")]
fn system_instant() -> std::time::Instant {
    std::time::Instant::now()
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one wall clock")]
    fn wall_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn offset_min(&self, at_ms: i64) -> i32 {
        let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        jiff::tz::TimeZone::system().to_offset(at).seconds() / 60
    }

    fn mono_ms(&self) -> i64 {
        i64::try_from(system_instant().duration_since(self.start).as_millis()).unwrap_or(i64::MAX)
    }

    fn boot(&self) -> String {
        self.boot.clone()
    }
}

/// A clock that stands where it is put: for tests, and for the demo that plays a month in a minute.
pub struct SetClock {
    wall_ms: AtomicI64,
    mono_ms: AtomicI64,
    offset_min: i32,
}

impl SetClock {
    /// A clock that stands at `wall_ms` in a zone `offset_min` east of UTC.
    pub fn at(wall_ms: i64, offset_min: i32) -> Arc<Self> {
        Arc::new(Self { wall_ms: AtomicI64::new(wall_ms), mono_ms: AtomicI64::new(0), offset_min })
    }

    /// Puts the wall clock, forward or back. The monotonic clock goes on by itself.
    pub fn set(&self, wall_ms: i64) {
        self.wall_ms.store(wall_ms, Ordering::SeqCst);
    }

    /// Both clocks go on by `ms`.
    pub fn advance(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
        self.mono_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn offset_min(&self, _at_ms: i64) -> i32 {
        self.offset_min
    }

    fn mono_ms(&self) -> i64 {
        self.mono_ms.load(Ordering::SeqCst)
    }

    fn boot(&self) -> String {
        "set-clock".to_owned()
    }
}

/// Repeatable bytes from a seed: for simulations. Never for a phone in the field.
pub struct SeededRandomness {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRandomness {
    /// From this seed.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { seed, drawn: AtomicU64::new(0) })
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) -> bool {
        for chunk in bytes.chunks_mut(32) {
            let nth = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(nth.to_be_bytes())
                .finalize();
            for (byte, from) in chunk.iter_mut().zip(block.iter()) {
                *byte = *from;
            }
        }
        true
    }
}
