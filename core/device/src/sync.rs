//! Sync: who this phone is at its hub, what the planner decides, and the client that performs it.

mod ahead;
pub(crate) mod client;
pub(crate) mod enrol;
pub(crate) mod fetch;
mod files;
pub(crate) mod plan;
mod run;
pub(crate) mod running;
mod store;
pub(crate) mod tls;
pub(crate) mod words;

use serde::{Deserialize, Serialize};
use xuncha_wire::{DeviceId, PersonId, Tenant};

/// Name of the device key at the platform.
pub(crate) const KEY_ALIAS: &str = "xuncha-device";

/// Who this phone is, as the hub said when it was enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Enrolled {
    pub(crate) hub: String,
    pub(crate) hub_id: String,
    pub(crate) tenant: Tenant,
    #[serde(default)]
    pub(crate) pins: Vec<String>,
    pub(crate) device: DeviceId,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) bureau: String,
    /// How many ops were made before this enrolment.
    #[serde(default)]
    pub(crate) made_before: u64,
}

/// The hub's clock beside ours when it last spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HubTime {
    pub(crate) hub_ms: i64,
    pub(crate) wall_ms: i64,
    pub(crate) mono_ms: i64,
    pub(crate) boot: String,
}

impl HubTime {
    /// The hub's time now: by the monotonic clock within this boot, else by how far our wall clock was off.
    pub(crate) fn now(&self, env: &crate::Env) -> i64 {
        let clock = env.clock();
        let (mono, wall) = (clock.mono_ms(), clock.wall_ms());
        if self.boot == clock.boot() && mono >= self.mono_ms {
            self.hub_ms.saturating_add(mono - self.mono_ms)
        } else {
            wall.saturating_add(self.hub_ms.saturating_sub(self.wall_ms))
        }
    }
}
