//! Ops: taken into custody, then judged; each takes effect at most once.
//!
//! Custody is its own transaction: whatever judgement makes of an op, its bytes are kept. Judgement is another, in
//! which an op's verdict is inserted together with its effect: the verdict's key is what makes the effect happen at
//! most once. Ops that a stop left between the two are judged at the next start (`duties`), or when they come again.

pub mod case;
pub mod custody;
mod judge;
mod listed;
pub mod photos;
pub mod record;
pub mod rules;
pub mod verdict;

use std::sync::Arc;

pub use judge::{judge_batch, judge_op};
pub use rules::RulesCache;

use crate::clock::NoRandomness;
use crate::identity::Scoped;
use crate::{Hub, clock};

/// What an op is judged on: who sent it, when by the hub's clock, and the city's choices.
#[derive(Clone)]
pub struct Ground {
    /// Who sent it.
    pub who: Scoped,
    /// The hub's clock, ms since 1970 UTC.
    pub now_ms: i64,
    /// The sign of the commits that the judgement makes.
    pub mark: String,
    /// Minutes east of UTC.
    pub zone_min: i32,
    /// Quarantine ops of phones whose clock is more than a day off?
    pub quarantine_clock: bool,
    /// Skip quarantine: a person at the hub has released the op.
    pub released: bool,
    /// Catalogues and calendar.
    pub rules: Arc<RulesCache>,
}

impl Ground {
    /// The ground for one request.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn of(hub: &Hub, who: &Scoped) -> Result<Self, NoRandomness> {
        Ok(Self {
            who: who.clone(),
            now_ms: hub.now_ms(),
            mark: clock::mark()?,
            zone_min: hub.config().zone_min,
            quarantine_clock: hub.config().quarantine_clock,
            released: false,
            rules: Arc::clone(hub.rules()),
        })
    }
}
