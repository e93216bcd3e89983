//! Bodies of what comes down the feeds as reference data. Cases, catalogues and calendars travel as
//! `xuncha-casework` writes them.

use serde::{Deserialize, Serialize};

use crate::blob::BlobId;
use crate::ids::{EntityId, OpId, PersonId};
use crate::push::Verdict;

/// [`FormBody`].
pub const KIND_FORM: &str = "form";
/// A catalogue of `xuncha-casework`.
pub const KIND_CATALOGUE: &str = "catalogue";
/// A calendar of `xuncha-casework`.
pub const KIND_CALENDAR: &str = "calendar";
/// [`UnitBody`].
pub const KIND_UNIT: &str = "unit";
/// [`PersonBody`].
pub const KIND_PERSON: &str = "person";
/// [`SiteBody`].
pub const KIND_SITE: &str = "site";
/// [`CampaignBody`].
pub const KIND_CAMPAIGN: &str = "campaign";
/// [`AssignmentBody`].
pub const KIND_ASSIGNMENT: &str = "assignment";
/// [`CaseBody`].
pub const KIND_CASE: &str = "case";
/// A record as its author wrote it: [`crate::body::RecordBody`].
pub const KIND_RECORD: &str = "record";
/// [`VerdictBody`]: what became of an op after its push was answered.
pub const KIND_VERDICT: &str = "verdict";

/// Coordinates and the system they are in. Without a datum they are refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The coordinate system.
    pub datum: Datum,
}

/// A coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datum {
    /// WGS-84; CGCS2000 is the same to within centimetres.
    #[serde(rename = "wgs84")]
    Wgs84,
    /// GCJ-02, of Amap and Tencent.
    #[serde(rename = "gcj02")]
    Gcj02,
    /// BD-09, of Baidu.
    #[serde(rename = "bd09")]
    Bd09,
}

/// What forms ask of whoever runs them that phones do, by the names of the XForms specification.
const PHONES_DO: [&str; 1] = ["odk:setgeopoint"];

/// The first of a form's needs that phones do not meet: such a form is neither imported nor opened.
pub fn beyond_phones<'n>(needs: &[&'n str]) -> Option<&'n str> {
    needs.iter().copied().find(|need| !PHONES_DO.contains(need))
}

/// A form that phones may fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormBody {
    /// The XForm's id.
    pub form: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// What it is for: `visit`, `street`, `shop_check`, `banner`, or empty.
    #[serde(default)]
    pub kind: String,
    /// Is this the form that “拍照上报” opens?
    #[serde(default)]
    pub quick: bool,
    /// The XForm, whole.
    pub xml: String,
    /// The files that it reads and shows. They come by `GET /v1/file`, not with the feed.
    #[serde(default)]
    pub files: Vec<FormFile>,
    /// The entity lists that it reads, as it calls them (`jr://file-csv/trees.csv`); [`crate::listed`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
}

/// A file that a form reads rows from, or shows beside its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFile {
    /// What the form calls it, such as `jr://file-csv/shops.csv` or `jr://images/bin.png`.
    pub src: String,
    /// The name of its bytes.
    pub id: BlobId,
    /// How many they are.
    pub size: u64,
}

/// Largest file of a form, bytes.
pub const MAX_FILE_BYTES: u64 = 32 << 20;
/// Most bytes that `GET /v1/file` answers at a time.
pub const FILE_PIECE: u64 = 1 << 20;

/// A unit: a bureau's brigade, a utility, a contractor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `bureau`, `county`, `utility`, `sanitation`, `landscaping`, `municipal`, …
    #[serde(default)]
    pub kind: String,
    /// Its district, if it has one.
    #[serde(default)]
    pub district: String,
}

/// A member of staff, as colleagues need to know them. No telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonBody {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their unit's id.
    pub unit: String,
    /// Their post.
    #[serde(default)]
    pub post: String,
    /// Their roles, as `xuncha-casework` names them.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A place that is inspected or visited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteBody {
    /// Its id.
    pub id: EntityId,
    /// `enterprise`, `shop`, `road`, `facility`, `restaurant`, `point`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its district's code.
    pub district: String,
    /// Where, in words.
    #[serde(default)]
    pub address: String,
    /// `main`, `secondary` or `back`, for roads and what stands on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road_class: Option<String>,
    /// Where, in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Whom to ask for; a surname is enough.
    #[serde(default)]
    pub contact: String,
    /// Who answers for it; empty if nobody yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Their unit.
    #[serde(default)]
    pub unit: String,
    /// Their post.
    #[serde(default)]
    pub post: String,
}

/// A campaign (专项活动).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignBody {
    /// Its id.
    pub id: EntityId,
    /// Its title.
    pub title: String,
    /// First day, `2026-07-08`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The form its visits fill.
    pub form: String,
}

/// One site of a campaign, given to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentBody {
    /// Its id.
    pub id: EntityId,
    /// Of which campaign.
    pub campaign: EntityId,
    /// Which site.
    pub site: EntityId,
    /// To whom; none is a gap that the campaign page shows.
    pub person: Option<PersonId>,
    /// Their unit.
    #[serde(default)]
    pub unit: String,
    /// Their post.
    #[serde(default)]
    pub post: String,
    /// By which day, `2026-07-20`; empty if the campaign's end.
    #[serde(default)]
    pub due: String,
    /// The record that fulfilled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<EntityId>,
}

/// A case with its history, as phones and the console read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseBody {
    /// The case as `xuncha-casework` writes it.
    pub case: Box<serde_json::value::RawValue>,
    /// Everything that was done or tried, oldest first.
    pub history: Vec<HistoryLine>,
}

/// One line of a case's history. Refused moves stay, with their evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HistoryLine {
    /// The op that did it.
    pub op: OpId,
    /// The move's or note's kind word.
    pub what: String,
    /// Who.
    pub person: PersonId,
    /// Their name then.
    pub name: String,
    /// When, by the author's clock, ms since 1970 UTC.
    pub at_ms: i64,
    /// When the hub had it, ms since 1970 UTC.
    pub hub_ms: i64,
    /// What the hub decided.
    pub verdict: Verdict,
    /// Photos it named.
    #[serde(default)]
    pub blobs: Vec<BlobId>,
    /// Its body as written.
    pub body: Box<serde_json::value::RawValue>,
}

/// A verdict that changed after the push was answered: a quarantined op was released or refused by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictBody {
    /// Which op.
    pub op: OpId,
    /// What was decided now.
    pub verdict: Verdict,
}
