//! Bodies of the ops a phone authors.

use serde::{Deserialize, Serialize};

use crate::blob::BlobId;
use crate::entity::Position;
use crate::ids::EntityId;
use crate::listed::ListedChange;

/// A finalized form instance: a visit, a patrol's find, a shop check, a banner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordBody {
    /// The form's id.
    pub form: String,
    /// The form's version.
    pub version: String,
    /// What the form is for, as in [`crate::entity::FormBody::kind`].
    #[serde(default)]
    pub kind: String,
    /// The XForm's instanceID.
    pub instance_id: String,
    /// The instance's name, for lists.
    #[serde(default)]
    pub name: String,
    /// Where it was done, if at a known site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<EntityId>,
    /// Within which campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<EntityId>,
    /// When filling began, by the phone's wall clock, ms since 1970 UTC.
    pub started_ms: i64,
    /// When it was finalized, likewise.
    pub finalized_ms: i64,
    /// Minutes east of UTC on the phone.
    pub offset_min: i32,
    /// The submission, ODK XForms XML.
    pub xml: String,
    /// What the form's `xc:maps` marks say, for figures and lists. See `content/README.md`.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Photos of this record.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// The cases that its problems became, in the form's order.
    #[serde(default)]
    pub cases: Vec<EntityId>,
    /// The audit log of a form that asks for one: the text of the file that `meta/audit` in [`Self::xml`] names.
    /// Empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub audit: String,
    /// What it says of entities, for the lists that hub and phones keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<ListedChange>,
}

/// One answer with a meaning that the product knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The meaning: a word of `xc:maps`, such as `party` or `problem.topic`.
    pub is: String,
    /// The answer as the form stores it.
    pub value: String,
    /// The repeat instance it stands in (1, 2, …), 0 outside of a repeat.
    #[serde(default)]
    pub nth: u32,
}

/// A photo and what was known when it was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoRef {
    /// Its name: the hash of the original bytes.
    pub id: BlobId,
    /// Length of the original in bytes.
    pub size: u64,
    /// `image/jpeg`, `image/png`, … by its first bytes; `application/octet-stream` if no photo.
    pub mime: String,
    /// The form node it answers, such as `/data/problem[2]/photo`.
    #[serde(default)]
    pub at: String,
    /// `before`, `after`, `check`, `banner`, `scene`, or empty.
    #[serde(default)]
    pub role: String,
    /// Pixels across, upright; 0 if unknown.
    #[serde(default)]
    pub width: u32,
    /// Pixels down, upright; 0 if unknown.
    #[serde(default)]
    pub height: u32,
    /// Why it may be incomplete, in one word; empty if whole. A damaged photo is kept and flagged, not refused.
    #[serde(default)]
    pub damage: String,
    /// What was known when it was taken.
    pub capture: Capture,
}

/// What the camera and the phone knew when a photo was taken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Capture {
    /// Wall clock, ms since 1970 UTC.
    pub wall_ms: i64,
    /// Minutes east of UTC.
    pub offset_min: i32,
    /// Monotonic clock, ms.
    #[serde(default)]
    pub mono_ms: i64,
    /// Which boot the monotonic clock belongs to.
    #[serde(default)]
    pub boot: String,
    /// Where, if there was a fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Degrees clockwise from north, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// Chosen from the gallery rather than taken with our camera?
    #[serde(default)]
    pub imported: bool,
}

/// A position fix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// Radius of 68 % confidence, metres.
    pub accuracy_m: f64,
    /// Seconds between fix and shutter.
    pub age_s: f64,
    /// Does the system say that the position is simulated?
    #[serde(default)]
    pub mocked: bool,
}

/// A problem that becomes a case. The hub judges it as the case's first move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// The record it was found in.
    pub record: EntityId,
    /// Which of the record's problems, from 1.
    pub nth: u32,
    /// `problem` or `suggestion`.
    pub kind: String,
    /// `standard|component-or-matter|code`, if the author named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The filing condition, if the author named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The topic, for visits: `water`, `heating`, …
    #[serde(default)]
    pub topic: String,
    /// In words.
    pub description: String,
    /// Where, in words.
    #[serde(default)]
    pub place: String,
    /// Where, in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// At which site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<EntityId>,
    /// Within which campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<EntityId>,
    /// The district's code.
    #[serde(default)]
    pub district: String,
    /// `main`, `secondary` or `back`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road_class: Option<String>,
    /// The unit the author thinks responsible.
    #[serde(default)]
    pub unit: String,
    /// Photos taken before.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
}

/// A comment or more photos on a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseNote {
    /// In words.
    #[serde(default)]
    pub text: String,
    /// More photos.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
}

/// Body of a `case_move`: the move, and the photos it rests on with what was known when they were taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveBody {
    /// The move as `xuncha-casework` writes it.
    #[serde(rename = "move")]
    pub mv: Box<serde_json::value::RawValue>,
    /// Its photos.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
}
