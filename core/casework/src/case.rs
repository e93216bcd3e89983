//! The case (案卷): one problem in the closed loop, its moves, and the one function that judges them.

mod apply;
mod judge;
mod moves;
mod needs;
mod offer;
mod outcome;
mod refusal;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use judge::judge;
pub use moves::{
    Acceptance, Acknowledgement, Actor, Correction, Dispatch, Move, MoveKind, Rectification, Report, Role,
    SignedMove, Verification, VerifyMode, VerifyResult,
};
pub use needs::{Requirement, needs};
pub use offer::{MoveOffer, allowed, missing_for_closing, why_not_close};
pub use outcome::{Acknowledged, Outcome, Satisfaction, Step};
pub use refusal::Refusal;

use crate::catalogue::{Catalogue, CatalogueVersion, CategoryKey};
use crate::deadline::{Calendar, Deadline};
use crate::ids::{CampaignId, CaseId, ConditionId, MoveId, PersonId, PhotoRef, RecordId, SiteId};
use crate::places::Position;
use crate::responsibility::{Responsible, RoadClass};

/// Where a case stands in the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待受理: reported, not yet filed.
    Reported,
    /// 待派遣: filed (立案), nobody handles it yet.
    Accepted,
    /// 办理中: dispatched to a responsible person, the clock runs.
    Dispatched,
    /// 待核查: the handler has fed back, the clock has stopped.
    Rectified,
    /// 待结案: another person has verified it.
    Verified,
    /// 待重新派遣: sent back as not this unit's (退回), the clock is paused.
    SentBack,
    /// 已挂账: suspended until a date, the clock is paused.
    Suspended,
    /// 已结案: closed with a lawful outcome.
    Closed,
    /// 不予立案: not filed, with a reason.
    Rejected,
}

impl State {
    /// All states, in the order of the loop.
    pub const ALL: [Self; 9] = [
        Self::Reported,
        Self::Accepted,
        Self::Dispatched,
        Self::Rectified,
        Self::Verified,
        Self::SentBack,
        Self::Suspended,
        Self::Closed,
        Self::Rejected,
    ];

    /// Whether the loop is over (it can still be reopened).
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected)
    }
}

/// Whether an enterprise raised a problem (问题) or a suggestion (建议); a street problem is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// 问题: its resolution is proven by a photo.
    Problem,
    /// 建议: its resolution is told in words.
    Suggestion,
}

/// A person and when they did something, for the facts that a case keeps of its last moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done<T> {
    /// Who did it.
    pub by: PersonId,
    /// Their name at the time.
    #[serde(default)]
    pub by_name: String,
    /// When: hub time where known, else device time.
    pub at_ms: i64,
    /// What was done.
    pub what: T,
}

/// What a handler asked for and nobody has answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Asked {
    /// 申请延期.
    Extension {
        /// Why.
        reason: String,
        /// Until when, or `None` for one more original limit.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    /// 申请挂账.
    Suspension {
        /// Why.
        reason: String,
        /// First day on which work goes on, `YYYY-MM-DD`.
        until: String,
    },
}

/// A case with the facts that its accepted moves have left.
///
/// A case changes only through [`judge`]; the history of moves is kept by the store, `head` names
/// the last one that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The case's id, made by the reporter's phone.
    pub id: CaseId,
    /// The ledger number that the hub gave, such as 20260708-0012. No move touches it.
    #[serde(default)]
    pub number: Option<String>,
    /// The last accepted move; the next one must name it as its parent.
    pub head: MoveId,
    /// What the last accepted move was, who made it and when.
    pub last: Done<MoveKind>,
    /// Where it stands.
    pub state: State,
    /// Problem or suggestion.
    pub kind: ReportKind,
    /// Category; enterprise matters may have only a topic.
    #[serde(default)]
    pub category: Option<CategoryKey>,
    /// Filing condition within the category.
    #[serde(default)]
    pub condition: Option<ConditionId>,
    /// The catalogue version by which category and condition were judged.
    #[serde(default)]
    pub catalogue: Option<CatalogueVersion>,
    /// Topic of an enterprise matter: 用水, 用气, 用暖, 渣土处理…
    #[serde(default)]
    pub topic: Option<String>,
    /// What was seen or said.
    pub description: String,
    /// The place in words.
    #[serde(default)]
    pub place: Option<String>,
    /// The position with its datum.
    #[serde(default)]
    pub position: Option<Position>,
    /// The class of the road it lies on.
    #[serde(default)]
    pub road_class: Option<RoadClass>,
    /// The site it was found at.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// The campaign it was found in.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// The record that reported it.
    #[serde(default)]
    pub source: Option<RecordId>,
    /// Photos of before: those of the report and those added later.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// Who reported it.
    pub reporter: PersonId,
    /// When it was reported: hub time where known, else device time.
    pub reported_at_ms: i64,
    /// What the dispatcher still wants from the reporter (退回补充).
    #[serde(default)]
    pub more_wanted: Option<String>,
    /// Who handles it now, or handled it last.
    #[serde(default)]
    pub responsible: Option<Responsible>,
    /// Everyone who has handled it: they neither verify nor close it.
    #[serde(default)]
    pub handlers: BTreeSet<PersonId>,
    /// When the handler confirmed that it arrived (收到); says nothing about the work.
    #[serde(default)]
    pub received_at_ms: Option<i64>,
    /// The deadline since the last dispatch to the present unit.
    #[serde(default)]
    pub deadline: Option<Deadline>,
    /// What the handler asks for: extension or suspension.
    #[serde(default)]
    pub asked: Option<Asked>,
    /// How often verification sent it back (返工).
    #[serde(default)]
    pub reworks: u32,
    /// How often it was reopened after closing.
    #[serde(default)]
    pub reopened: u32,
    /// The outcome that the handler claims; lawful only once verified.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The feedback that stands.
    #[serde(default)]
    pub rectified: Option<Done<Rectification>>,
    /// The last verification.
    #[serde(default)]
    pub verified: Option<Done<Verification>>,
    /// When it was closed.
    #[serde(default)]
    pub closed_at_ms: Option<i64>,
    /// What the enterprise thinks of it (满意度).
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
}

impl Case {
    /// Whether this person handles or has handled the case.
    #[must_use]
    pub fn is_handler(&self, person: &PersonId) -> bool {
        self.handlers.contains(person)
    }

    /// Whether a photo is part of proving this case resolved: a problem can be seen, a suggestion not.
    #[must_use]
    pub fn wants_photo(&self) -> bool {
        self.kind == ReportKind::Problem
    }
}

/// What the city has decided: catalogues, calendar and the few choices left to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Every catalogue version in use; several standards live side by side.
    pub catalogues: Vec<Catalogue>,
    /// The working calendar.
    pub calendar: Calendar,
    /// The city's choices.
    pub policy: Policy,
}

/// Choices that a city makes about its loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// How often a deadline may be extended.
    pub max_extensions: u32,
    /// For how many days at most a case may be suspended.
    pub max_suspension_days: u32,
    /// Categories that may be verified by the handler's photos, without going there (看照片通过).
    pub verify_by_photos: Vec<CategoryKey>,
}

impl Default for Policy {
    /// Two extensions and one year, as the cities' practice has it; no verification from the desk.
    fn default() -> Self {
        Self { max_extensions: 2, max_suspension_days: 366, verify_by_photos: Vec::new() }
    }
}

impl Rules {
    /// The catalogue that knows a category, the newest version first.
    #[must_use]
    pub fn catalogue_of(&self, category: &CategoryKey) -> Option<&Catalogue> {
        self.catalogues.iter().filter(|c| c.category(category).is_some()).max_by_key(|c| c.version)
    }
}
