//! The first screen, and the lists of drafts, forms and records.

use super::{CaseRow, PhotoView};

/// The first screen, in the order of harm: what could be lost, half done, due, planned.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Today {
    /// `7月8日 周三`.
    pub date_line: String,
    /// `东城区 · 王新`.
    pub who_line: String,
    /// Is everything safe?
    pub safety: SafetyLine,
    /// Forms begun and not finalized, newest first.
    pub drafts: Vec<DraftRow>,
    /// Cases that this person handles, by deadline.
    pub cases: Vec<CaseRow>,
    /// Cases that wait for this person's verification.
    pub checks: Vec<CaseRow>,
    /// Sites to visit: undone first.
    pub visits: Vec<VisitRow>,
    /// All visits assigned to this person.
    pub visits_total: u32,
    /// How many of them are done.
    pub visits_done: u32,
    /// `走访 6，已走2`.
    pub visits_line: String,
    /// Shown when there is nothing to do; empty otherwise.
    pub empty_sentence: String,
    /// `资料截至今天14:12，平台上可能更新。`
    pub data_time_line: String,
    /// When the replica was last brought up to date, ms since 1970; 0 if never.
    pub data_time_ms: i64,
}

/// The strip that says how much of the work is held by the hub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SafetyLine {
    /// `2条、12张在本机，等网络`.
    pub sentence: String,
    /// Ops made on this phone.
    pub made: u64,
    /// Ops that the hub holds.
    pub held: u64,
    /// Photos made on this phone.
    pub photos_made: u64,
    /// Photos that the hub holds whole.
    pub photos_held: u64,
    /// Is everything held?
    pub all_held: bool,
    /// `shield_check`, `arrow_up`, `hand` or `box`.
    pub icon: String,
}

/// A form begun and not finalized.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DraftRow {
    /// The draft's id.
    pub id: String,
    /// The form's id.
    pub form: String,
    /// The form's title.
    pub title: String,
    /// What the form names this instance; empty before it can.
    pub name: String,
    /// How many required answers are missing.
    pub missing: u32,
    /// `差2项`.
    pub missing_line: String,
    /// When it was last changed, ms since 1970.
    pub changed_ms: i64,
}

/// A site to visit within a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct VisitRow {
    /// The assignment's id.
    pub assignment: String,
    /// The site's id.
    pub site: String,
    /// The campaign's id.
    pub campaign: String,
    /// The site's name.
    pub title: String,
    /// Address and campaign, in one line.
    pub detail: String,
    /// Which form to fill.
    pub form: String,
    /// Visited (also if the record is still on this phone)?
    pub done: bool,
    /// `7月20日前` or empty.
    pub due_line: String,
}

/// A form that can be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FormRow {
    /// The form's id.
    pub form: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// `visit`, `street`, `shop_check`, `banner`, or empty.
    pub kind: String,
    /// Does “拍照上报” open it?
    pub quick: bool,
}

/// Where a form is begun.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct StartFill {
    /// At this site.
    pub site: Option<String>,
    /// Within this campaign.
    pub campaign: Option<String>,
    /// About this case.
    pub case: Option<String>,
}

/// Which records to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RecordFilter {
    /// Only of this site.
    pub site: Option<String>,
    /// Only of this form.
    pub form: Option<String>,
    /// Skip so many.
    pub offset: u32,
    /// At most so many; 0 means 50.
    pub limit: u32,
}

/// A finalized form instance.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RecordRow {
    /// Its id.
    pub id: String,
    /// The form's id.
    pub form: String,
    /// The form's title.
    pub title: String,
    /// What the form names this instance.
    pub name: String,
    /// When it was finalized, ms since 1970.
    pub finalized_ms: i64,
    /// `在本机`, `平台已收`, `平台未采纳` or `平台代管`.
    pub state_word: String,
    /// `arrow_up`, `shield_check`, `hand` or `box`.
    pub state_icon: String,
    /// How many photos it has.
    pub photos: u32,
    /// How many cases came of it.
    pub cases: u32,
}

/// A record with its photos and cases.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RecordView {
    /// Its line in lists.
    pub row: RecordRow,
    /// Its photos.
    pub photos: Vec<PhotoView>,
    /// The cases that came of it.
    pub cases: Vec<CaseRow>,
}
