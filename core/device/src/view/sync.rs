//! Who this phone is, and how much of its work the hub holds.

/// What an enrolment code says, before anything is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EnrolPreview {
    /// Where the hub is.
    pub hub: String,
    /// The city.
    pub tenant: String,
    /// When the code runs out, ms since 1970 by the hub's clock.
    pub expires_ms: i64,
    /// Has it run out by this phone's clock? Only the hub's clock decides.
    pub seems_expired: bool,
    /// `只认这个平台的证书` if the code carries pins; else empty.
    pub pin_line: String,
}

/// Who this phone is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Identity {
    /// The person's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their unit's name.
    pub unit: String,
    /// The bureau's name.
    pub bureau: String,
    /// The device's id at the hub.
    pub device: String,
    /// Where the hub is.
    pub hub: String,
    /// Was the phone revoked? Own work stays, nothing is sent.
    pub revoked: bool,
}

/// How much of the work is where.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncStatus {
    /// The sentence over everything.
    pub sentence: String,
    /// Ops made on this phone.
    pub made: u64,
    /// Ops of them that the hub holds, by its answers to them.
    pub held: u64,
    /// Photos made on this phone.
    pub photos_made: u64,
    /// Photos that the hub holds whole.
    pub photos_held: u64,
    /// Ops still only on this phone.
    pub waiting_ops: u64,
    /// Photos still only on this phone.
    pub waiting_photos: u64,
    /// Received, without effect: a person must decide.
    pub refused: Vec<RefusedRow>,
    /// Received, waiting for an administrator.
    pub quarantined: Vec<QuarantinedRow>,
    /// Photos not yet whole at the hub.
    pub photos: Vec<PhotoRow>,
    /// `平台自己的数：118条、251张，一致`; empty before the first sync.
    pub hub_count_sentence: String,
    /// `资料截至今天14:12，平台上可能更新。`
    pub data_time_line: String,
    /// When a sync last ended well, ms since 1970; 0 if never.
    pub last_sync_ms: i64,
    /// The sync that runs now.
    pub running: Option<SyncProgress>,
    /// What a person should know of damage, revocation, restored hubs; empty if nothing.
    pub notices: Vec<String>,
}

/// An op that had no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RefusedRow {
    /// The op's id.
    pub op: String,
    /// The case or record it is about.
    pub entity: String,
    /// `提交整改 · 暴露垃圾`.
    pub title: String,
    /// Why, and what is kept.
    pub sentence: String,
    /// Can it be submitted again on the present state?
    pub can_reapply: bool,
}

/// An op that waits for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct QuarantinedRow {
    /// The op's id.
    pub op: String,
    /// The case or record it is about.
    pub entity: String,
    /// What it is.
    pub title: String,
    /// Why it waits.
    pub sentence: String,
}

/// A photo not yet whole at the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PhotoRow {
    /// Its id.
    pub id: String,
    /// A small picture, or empty.
    pub thumb_path: String,
    /// `上传中43%`, `排队`, `等网络`.
    pub word: String,
    /// How much the hub has, 0 to 100.
    pub percent: u32,
    /// Why it waits; empty if it does not.
    pub reason: String,
}

/// How far a sync is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncProgress {
    /// `正在交记录`, `正在传照片`, `正在取资料`.
    pub sentence: String,
    /// How many are done of this step.
    pub done: u64,
    /// Of how many; 0 if unknown.
    pub total: u64,
}

/// How a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SyncKind {
    /// All went up and all came down.
    Done,
    /// The hub was reached, but something still waits on this phone.
    Partly,
    /// No network, or no answer in time.
    Offline,
    /// The network wants a login page first: nothing reached the hub.
    GatePage,
    /// The hub answered, but not as a hub should.
    HubTrouble,
    /// The shell asked to stop.
    Cancelled,
    /// The phone was revoked; own work stays.
    Revoked,
    /// The hub wants a newer app for pulling; the work was pushed.
    Outdated,
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncOutcome {
    /// How it ended.
    pub kind: SyncKind,
    /// For the person: what happened, what is safe, what to do.
    pub sentence: String,
    /// Ops that got a verdict.
    pub pushed: u64,
    /// Of them, refused.
    pub refused: u64,
    /// Of them, quarantined.
    pub quarantined: u64,
    /// Photos that became whole at the hub.
    pub photos_uploaded: u64,
    /// Rows that came down.
    pub pulled: u64,
    /// Feeds that were taken anew because their checksum differed.
    pub repulled: Vec<String>,
    /// Was everything offered again because the hub was restored?
    pub reoffered: bool,
    /// Bytes sent.
    pub bytes_up: u64,
    /// Bytes received.
    pub bytes_down: u64,
}

/// What takes how much room.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct StorageReport {
    /// Bytes of what this person authored.
    pub mine_bytes: u64,
    /// Bytes of the replica.
    pub replica_bytes: u64,
    /// Bytes of own photos.
    pub photo_bytes: u64,
    /// Bytes of pictures that can be made again or fetched again.
    pub cache_bytes: u64,
    /// Bytes of own photos that the hub holds and has backed up: these could go.
    pub freeable_bytes: u64,
    /// In one sentence.
    pub sentence: String,
    /// Damaged files that were moved aside.
    pub damaged: Vec<String>,
}
