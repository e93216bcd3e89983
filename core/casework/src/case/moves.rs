//! What can be done to a case, by whom, with which evidence.

use serde::{Deserialize, Serialize};

use super::{Outcome, ReportKind, Satisfaction};
use crate::catalogue::CategoryKey;
use crate::deadline::Limit;
use crate::ids::{CampaignId, CaseId, ConditionId, MoveId, PersonId, PhotoRef, RecordId, SiteId, UnitId};
use crate::places::Position;
use crate::responsibility::{Responsible, RoadClass};

/// What a person may be in the loop; one person may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 巡查员、走访人员.
    Inspector,
    /// 带队领导.
    Leader,
    /// 派遣员（指挥中心、督办科）.
    Dispatcher,
    /// 责任单位的责任人.
    Handler,
    /// 核查员.
    Verifier,
    /// 企业联系人.
    Contact,
    /// 领导、纪检监督: reads only.
    Viewer,
    /// 管理员: sets up, has no say in the loop.
    Administrator,
    /// 平台: the hub acting by itself, such as ending a suspension on its day.
    Platform,
    /// A role of a newer peer; it permits nothing here.
    #[serde(other)]
    Unknown,
}

/// Who makes a move, as the hub knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Their name at the time, for the history.
    #[serde(default)]
    pub name: String,
    /// What they may be.
    pub roles: Vec<Role>,
    /// The unit they belong to.
    #[serde(default)]
    pub unit: Option<UnitId>,
}

impl Actor {
    /// Whether they hold a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A move as it travels: who did what, when, on top of which move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedMove {
    /// The id of this move: the id of the op that carries it.
    pub id: MoveId,
    /// The case.
    pub case: CaseId,
    /// The head on which it was made; `None` only for a report.
    #[serde(default)]
    pub parent: Option<MoveId>,
    /// Who.
    pub actor: Actor,
    /// When, by the device's clock; evidence, never order.
    pub at_device_ms: i64,
    /// When the hub received it; deadlines count in this time. A phone judging its own pending move
    /// has none yet.
    #[serde(default)]
    pub at_hub_ms: Option<i64>,
    /// What.
    #[serde(rename = "move")]
    pub mv: Move,
}

impl SignedMove {
    /// The time that counts: the hub's where it is known, else the device's for a provisional view.
    #[must_use]
    pub fn at_ms(&self) -> i64 {
        self.at_hub_ms.unwrap_or(self.at_device_ms)
    }
}

/// The facts with which a problem enters the loop (上报).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Problem or suggestion.
    pub kind: ReportKind,
    /// Category, where the inspector chose one.
    #[serde(default)]
    pub category: Option<CategoryKey>,
    /// Filing condition, where the inspector chose one.
    #[serde(default)]
    pub condition: Option<ConditionId>,
    /// Topic of an enterprise matter.
    #[serde(default)]
    pub topic: Option<String>,
    /// What was seen or said.
    pub description: String,
    /// The place in words.
    #[serde(default)]
    pub place: Option<String>,
    /// The position with its datum; kept as WGS-84 in the case.
    #[serde(default)]
    pub position: Option<Position>,
    /// The class of the road.
    #[serde(default)]
    pub road_class: Option<RoadClass>,
    /// The site.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// The campaign.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// The record that reports it.
    #[serde(default)]
    pub source: Option<RecordId>,
    /// Photos of before.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
}

/// Filing (立案): category and condition as the dispatcher confirms them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Acceptance {
    /// Category; `None` keeps the reported one.
    #[serde(default)]
    pub category: Option<CategoryKey>,
    /// Filing condition; `None` keeps the reported one.
    #[serde(default)]
    pub condition: Option<ConditionId>,
    /// Road class; `None` keeps the reported one.
    #[serde(default)]
    pub road_class: Option<RoadClass>,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// Dispatch (派遣) to one responsible person, with the basis of the deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// Who handles it.
    pub responsible: Responsible,
    /// A limit set by hand; `None` takes the catalogue's for category, condition and road class.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Why this unit; needed when a case under way changes its unit or person.
    #[serde(default)]
    pub reason: String,
}

/// Feedback of the handler (反馈整改) with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectification {
    /// The outcome that the handler claims.
    pub outcome: Outcome,
    /// What was done (处理说明).
    #[serde(default)]
    pub note: String,
    /// Photos of after.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
}

/// How it was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyMode {
    /// 到现场: the verifier went there.
    OnSite,
    /// 看照片: by the evidence at hand, where the city allows it.
    ByEvidence,
}

/// What the verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyResult {
    /// 已整改到位.
    Passed,
    /// 未到位: goes back to the handler (返工).
    Failed,
    /// 找不到现场: decides nothing.
    NotFound,
}

/// Verification (核查) by someone who did not handle the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// What was found.
    pub result: VerifyResult,
    /// How.
    pub mode: VerifyMode,
    /// Photos taken for the comparison.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// What was seen.
    #[serde(default)]
    pub note: String,
}

/// The enterprise confirms an explanation (企业确认), itself or by a signature that someone recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who of the enterprise, by name.
    pub name: String,
    /// Photo of the signature; needed unless the contact makes this move.
    #[serde(default)]
    pub signature: Vec<PhotoRef>,
}

/// A correction of the headline facts (更正): adds a line, removes none. `None` leaves a fact as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Correction {
    /// Category; only before dispatch, since the deadline rests on it.
    #[serde(default)]
    pub category: Option<CategoryKey>,
    /// Filing condition; only before dispatch.
    #[serde(default)]
    pub condition: Option<ConditionId>,
    /// Road class; only before dispatch.
    #[serde(default)]
    pub road_class: Option<RoadClass>,
    /// Topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Description.
    #[serde(default)]
    pub description: Option<String>,
    /// Place in words.
    #[serde(default)]
    pub place: Option<String>,
    /// Position.
    #[serde(default)]
    pub position: Option<Position>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

macro_rules! moves {
    ($( $(#[$doc:meta])* $kind:ident $(($body:ty))? $({ $($(#[$fdoc:meta])* $field:ident: $ty:ty),* $(,)? })? ),* $(,)?) => {
        /// A state change of a case, with its data and evidence.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Move {
            $( $(#[$doc])* $kind $(($body))? $({ $($(#[$fdoc])* $field: $ty),* })? ),*
        }

        /// Which move it is, without its data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum MoveKind {
            $( $(#[$doc])* $kind ),*
        }

        impl MoveKind {
            /// All kinds of moves.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];
        }

        impl Move {
            /// Which move it is.
            #[must_use]
            pub fn kind(&self) -> MoveKind {
                match self {
                    $( Self::$kind { .. } => MoveKind::$kind ),*
                }
            }
        }
    };
}

moves! {
    /// 上报: a problem enters the loop.
    Report(Box<Report>),
    /// 立案.
    Accept(Acceptance),
    /// 不予立案.
    Reject {
        /// Why it is not filed.
        reason: String,
    },
    /// 退回补充: the reporter is asked for more.
    RequestMore {
        /// What is wanted, such as a wider photo.
        wanted: String,
    },
    /// 补充证据: photos or a line are added, nothing else changes.
    Supplement {
        /// A line.
        #[serde(default)]
        text: String,
        /// Photos.
        #[serde(default)]
        photos: Vec<PhotoRef>,
    },
    /// 更正.
    Correct(Box<Correction>),
    /// 派遣.
    Dispatch(Dispatch),
    /// 收到: the handler confirms that it arrived.
    Receive {
        /// A remark, such as when they set out.
        #[serde(default)]
        note: String,
    },
    /// 退回: not this unit's.
    SendBack {
        /// Why.
        reason: String,
    },
    /// 催办: a reminder; it changes nothing.
    Remind {
        /// A remark.
        #[serde(default)]
        text: String,
    },
    /// 提交整改.
    Rectify(Rectification),
    /// 申请延期.
    RequestExtension {
        /// Why.
        reason: String,
        /// Until when, or `None` for one more original limit.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    /// 延期.
    Extend {
        /// Why; may be empty when it answers a request.
        #[serde(default)]
        reason: String,
        /// Until when; `None` takes what was asked for, else one more original limit.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    /// 申请挂账.
    RequestSuspension {
        /// Why.
        reason: String,
        /// First day on which work goes on, `YYYY-MM-DD`.
        until: String,
    },
    /// 挂账: the clock stops until a day.
    Suspend {
        /// Why; may be empty when it answers a request.
        #[serde(default)]
        reason: String,
        /// First day on which work goes on, `YYYY-MM-DD`.
        until: String,
    },
    /// 恢复办理: a suspension ends.
    Resume {
        /// A remark.
        #[serde(default)]
        note: String,
    },
    /// 不同意: a request for extension or suspension is declined.
    Decline {
        /// Why.
        reason: String,
    },
    /// 企业确认.
    Acknowledge(Acknowledgement),
    /// 核查.
    Verify(Verification),
    /// 结案.
    Close {
        /// A remark.
        #[serde(default)]
        note: String,
    },
    /// 评价: what the enterprise thinks of it.
    Rate {
        /// How satisfied.
        satisfaction: Satisfaction,
        /// In its own words.
        #[serde(default)]
        comment: String,
    },
    /// 重新办理: a closed or rejected case comes back.
    Reopen {
        /// Why.
        reason: String,
    },
}
