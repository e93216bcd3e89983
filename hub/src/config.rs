//! How a hub is set up. The default is one binary, one folder, no set-up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};

/// Everything a hub must be told.
#[derive(Clone)]
pub struct HubConfig {
    /// The folder for database and photos; made if missing.
    pub data: PathBuf,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// The city that the first start sets up.
    pub tenant: String,
    /// The bureau's name that the first start writes; can be changed later.
    pub bureau: String,
    /// Minutes east of UTC, for days and case numbers.
    pub zone_min: i32,
    /// How phones and browsers reach the hub, such as `https://hub.example:8437`; none: the listener's address.
    pub public_url: Option<String>,
    /// How the listener is protected.
    pub tls: Tls,
    /// Plain HTTP on an address other than loopback, because a proxy in front ends TLS.
    pub behind_proxy: bool,
    /// How long an enrolment code holds, seconds.
    pub code_ttl_s: i64,
    /// Quarantine ops of a phone whose clock is more than a day off the hub's.
    pub quarantine_clock: bool,
    /// How often the hub looks at what it must do by its clock, such as ending suspensions on their day.
    pub round: Duration,
    /// How soon the city's dispatch desk files and dispatches.
    pub desk: DeskLimits,
    /// Limits against floods and slow clients.
    pub limits: Limits,
}

impl HubConfig {
    /// The defaults for this data folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            clock: Arc::new(SystemClock),
            tenant: "city".to_owned(),
            bureau: "城市管理局".to_owned(),
            zone_min: 480,
            public_url: None,
            tls: Tls::None,
            behind_proxy: false,
            code_ttl_s: 24 * 3600,
            quarantine_clock: true,
            round: Duration::from_secs(60),
            desk: DeskLimits::default(),
            limits: Limits::default(),
        }
    }
}

/// The dispatch desk's own deadlines, minutes; each city sets its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskLimits {
    /// From a report to 立案.
    pub accept_min: u32,
    /// From 立案, or from a unit's 退回, to 派遣.
    pub dispatch_min: u32,
}

impl Default for DeskLimits {
    fn default() -> Self {
        Self { accept_min: 15, dispatch_min: 15 }
    }
}

/// How the listener is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP: loopback only, unless a proxy stands in front.
    None,
    /// A certificate chain and its key, PEM files.
    Files {
        /// The chain, leaf first.
        cert: PathBuf,
        /// The key, PKCS#8, SEC1 or PKCS#1.
        key: PathBuf,
    },
    /// A certificate of our own, made once and kept in the data folder; enrolment codes carry its pin.
    SelfSigned,
}

/// Limits against floods and slow clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Seconds for a request's head to arrive, and for a TLS handshake.
    pub head_s: u64,
    /// Seconds for a request without a photo to be answered.
    pub request_s: u64,
    /// Seconds without a byte after which an upload is dropped (what arrived is kept).
    pub idle_s: u64,
    /// The largest photo, bytes.
    pub photo_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 512, head_s: 15, request_s: 60, idle_s: 10, photo_bytes: 512 * 1024 * 1024 }
    }
}
