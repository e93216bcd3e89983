//! Cases, and what can be done with them.

use super::PhotoView;

/// Which cases to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CaseFilter {
    /// Words that number, category, place or description contain, in any order.
    pub text: String,
    /// Only those this person handles or reported.
    pub mine: bool,
    /// Only those still open.
    pub open: bool,
    /// Only those past their deadline.
    pub overdue: bool,
    /// Only in this state: the word of `xuncha-casework`, such as `dispatched`.
    pub state: Option<String>,
    /// Only of this site.
    pub site: Option<String>,
    /// Skip so many.
    pub offset: u32,
    /// At most so many; 0 means 50.
    pub limit: u32,
}

/// A page of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CasePage {
    /// The rows, the nearest deadline first.
    pub rows: Vec<CaseRow>,
    /// How many fit the filter.
    pub total: u32,
    /// When the replica was last brought up to date, ms since 1970; 0 if never.
    pub data_time_ms: i64,
    /// `资料截至14:12，平台上可能更新。`
    pub data_time_line: String,
    /// Why the list is empty; empty if it is not.
    pub empty_sentence: String,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CaseRow {
    /// Its id.
    pub id: String,
    /// Category or topic, and place: `暴露垃圾 · 人民路56号`.
    pub headline: String,
    /// The ledger's number; empty before the hub gave one.
    pub number: String,
    /// `办理中`.
    pub state_word: String,
    /// `play`, `pause`, `check`, …
    pub state_icon: String,
    /// `还有3个工作时，今天17:30到期`; empty if no clock runs.
    pub deadline_sentence: String,
    /// `3工时`, `超期`; empty if no clock runs.
    pub deadline_chip: String,
    /// `danger`, `warn`, `neutral` or `ok`.
    pub deadline_tone: String,
    /// Is it past its deadline?
    pub overdue: bool,
    /// `环卫中心 李明`.
    pub responsible: String,
    /// `(↑)在本机` if something of it is not at the hub yet; else empty.
    pub mark: String,
    /// A small picture, or empty.
    pub thumb_path: String,
}

/// A case with its whole history.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CaseView {
    /// Its line in lists.
    pub row: CaseRow,
    /// What was seen or said.
    pub description: String,
    /// `11:30派遣，限4工作时`; empty without a deadline.
    pub limit_line: String,
    /// How the deadline was computed; empty without one.
    pub deadline_explained: String,
    /// `责任：环卫中心 李明`.
    pub responsible_line: String,
    /// Photos of before.
    pub before: Vec<PhotoView>,
    /// Photos of after.
    pub after: Vec<PhotoView>,
    /// Newest first.
    pub history: Vec<HistoryRow>,
    /// What this person may do now, the main one first.
    pub moves: Vec<MoveOffer>,
    /// Why this person can't close it; empty if they can or it is closed.
    pub why_not_close: String,
    /// The site's id, if it has one.
    pub site: Option<String>,
    /// When the replica was last brought up to date, ms since 1970; 0 if never.
    pub data_time_ms: i64,
}

/// A line of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HistoryRow {
    /// The op or record it tells of.
    pub id: String,
    /// `14:02` or `7月8日14:02`.
    pub when: String,
    /// Who.
    pub who: String,
    /// What they did: `派遣`.
    pub what: String,
    /// With what words: a reason, a note, to whom.
    pub detail: String,
    /// `(↑)在本机` if it is not at the hub yet, `平台未采纳`, `平台代管`; else empty.
    pub mark: String,
    /// How many photos it carries.
    pub photos: u32,
}

/// A move that this person may make now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MoveOffer {
    /// The word of `xuncha-casework`: `rectify`, `verify`, …
    pub kind: String,
    /// `提交整改`.
    pub label: String,
    /// Is it the wide button?
    pub main: bool,
    /// The evidence it needs, in words, in the order of its sheet.
    pub needs: Vec<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PlanStep {
    /// What will be done.
    pub text: String,
    /// By which day, `2026-08-05`.
    pub date: String,
    /// Who answers for it: their id, or empty.
    pub person: String,
}

/// One of the three lawful outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum OutcomeChoice {
    /// 解决.
    Resolved,
    /// 分步解决.
    PhasedPlan {
        /// At least one of them in the future.
        steps: Vec<PlanStep>,
    },
    /// 政策解释.
    PolicyExplained {
        /// The rule that it rests on.
        basis: String,
        /// What was explained.
        explanation: String,
    },
}

/// What a verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum VerifyFinding {
    /// 已整改到位.
    Passed,
    /// 未到位.
    Failed,
    /// 找不到现场.
    NotFound,
}

/// A move that can be made on a phone. Photos are ids of photos that [`crate::App::attach_case_photo`] returned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum CaseMove {
    /// 收到.
    Receive {
        /// A remark.
        note: String,
    },
    /// 退回: not this unit's.
    SendBack {
        /// Why.
        reason: String,
    },
    /// 提交整改.
    Rectify {
        /// How it ended.
        outcome: OutcomeChoice,
        /// What was done.
        note: String,
        /// Photos of after.
        photos: Vec<String>,
    },
    /// 核查.
    Verify {
        /// What was found.
        finding: VerifyFinding,
        /// On the spot (else by the photos, where the city allows it)?
        on_site: bool,
        /// What was seen.
        note: String,
        /// Photos taken for comparison.
        photos: Vec<String>,
    },
    /// 企业确认.
    Acknowledge {
        /// Who of the enterprise.
        name: String,
        /// Photo of the signature.
        signature: Vec<String>,
    },
    /// 补充证据.
    Supplement {
        /// A line.
        text: String,
        /// Photos.
        photos: Vec<String>,
    },
    /// 申请延期.
    RequestExtension {
        /// Why.
        reason: String,
        /// Until when, ms since 1970; none for one more original limit.
        until_ms: Option<i64>,
    },
    /// 申请挂账.
    RequestSuspension {
        /// Why.
        reason: String,
        /// First day on which work goes on, `2026-08-05`.
        until: String,
    },
    /// 催办.
    Remind {
        /// A remark.
        text: String,
    },
    /// 结案.
    Close {
        /// A remark.
        note: String,
    },
    /// 重新办理.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// Whether a move would be taken, while its sheet is being filled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MovePreview {
    /// Would it take effect as things stand on this phone?
    pub allowed: bool,
    /// What is still missing, in words.
    pub missing: Vec<String>,
    /// Why not; empty if it would.
    pub sentence: String,
    /// What the wide button says: `还差处理说明，去写` or `提交整改`.
    pub button: String,
}

/// A move was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MoveReceipt {
    /// The op's id.
    pub op: String,
    /// `已记在本机，平台收到后生效；若别人先办，会告诉你。`
    pub sentence: String,
    /// The state as this phone now sees it.
    pub state_word: String,
}
