//! The words of the field, Chinese first, and the marks that go with them.

use serde::{Deserialize, Serialize};

use crate::case::{Case, MoveKind, Outcome, Role, Satisfaction, State};
use crate::deadline::{Calendar, Tone};
use crate::text::Words;

impl State {
    /// The word of the state.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Reported => ("待受理", "to be filed"),
            Self::Accepted => ("待派遣", "to be dispatched"),
            Self::Dispatched => ("办理中", "being handled"),
            Self::Rectified => ("待核查", "to be verified"),
            Self::Verified => ("待结案", "to be closed"),
            Self::SentBack => ("待重新派遣", "to be dispatched again"),
            Self::Suspended => ("已挂账", "suspended"),
            Self::Closed => ("已结案", "closed"),
            Self::Rejected => ("不予立案", "not filed"),
        };
        Words::new(zh, en)
    }

    /// Which of the four public stages it belongs to: 发现 → 交办 → 整改 → 反馈.
    #[must_use]
    pub fn stage(self) -> Words {
        let (zh, en) = match self {
            Self::Reported | Self::Rejected => ("发现", "found"),
            Self::Accepted | Self::SentBack => ("交办", "assigned"),
            Self::Dispatched | Self::Suspended => ("整改", "rectified"),
            Self::Rectified | Self::Verified | Self::Closed => ("反馈", "fed back"),
        };
        Words::new(zh, en)
    }
}

impl MoveKind {
    /// The word on the button and in the history.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Report => ("上报", "report"),
            Self::Accept => ("立案", "file"),
            Self::Reject => ("不予立案", "do not file"),
            Self::RequestMore => ("退回补充", "ask for more"),
            Self::Supplement => ("补充证据", "add evidence"),
            Self::Correct => ("更正", "correct"),
            Self::Dispatch => ("派遣", "dispatch"),
            Self::Receive => ("收到", "received"),
            Self::SendBack => ("退回", "send back"),
            Self::Remind => ("催办", "remind"),
            Self::Rectify => ("提交整改", "feed back"),
            Self::RequestExtension => ("申请延期", "ask for extension"),
            Self::Extend => ("延期", "extend"),
            Self::RequestSuspension => ("申请挂账", "ask for suspension"),
            Self::Suspend => ("挂账", "suspend"),
            Self::Resume => ("恢复办理", "resume"),
            Self::Decline => ("不同意", "decline"),
            Self::Acknowledge => ("企业确认", "enterprise confirms"),
            Self::Verify => ("核查", "verify"),
            Self::Close => ("结案", "close"),
            Self::Rate => ("评价", "rate"),
            Self::Reopen => ("重新办理", "reopen"),
        };
        Words::new(zh, en)
    }
}

impl Role {
    /// The role's name.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Inspector => ("巡查员", "inspector"),
            Self::Leader => ("带队领导", "leader"),
            Self::Dispatcher => ("派遣员", "dispatcher"),
            Self::Handler => ("责任人", "handler"),
            Self::Verifier => ("核查员", "verifier"),
            Self::Contact => ("企业联系人", "enterprise contact"),
            Self::Viewer => ("查看", "viewer"),
            Self::Administrator => ("管理员", "administrator"),
            Self::Platform => ("平台", "platform"),
            Self::Unknown => ("其他", "other"),
        };
        Words::new(zh, en)
    }
}

impl Outcome {
    /// The outcome's name.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Resolved => Words::new("解决", "resolved"),
            Self::PhasedPlan { .. } => Words::new("分步解决", "phased plan"),
            Self::PolicyExplained { .. } => Words::new("政策解释", "policy explained"),
        }
    }
}

impl Satisfaction {
    /// The word on the button.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Satisfied => ("满意", "satisfied"),
            Self::Fairly => ("基本满意", "fairly satisfied"),
            Self::Dissatisfied => ("不满意", "dissatisfied"),
        };
        Words::new(zh, en)
    }
}

/// Which icon a mark has; shells and console draw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Icon {
    /// ! in a triangle: 超期.
    Alert,
    /// Clock: time left.
    Clock,
    /// Arrow up in a circle: 在本机, 上传中.
    ArrowUp,
    /// Check in a shield: 平台已收.
    ShieldCheck,
    /// Hand: 平台未采纳.
    Hand,
    /// Box: 平台代管.
    Box,
    /// Play: 办理中.
    Play,
    /// Pause: 已挂账.
    Pause,
    /// Loop with a number: 返工.
    Loop,
    /// Check: 已结案.
    Check,
    /// Eye: 提示.
    Eye,
    /// Pencil: 草稿.
    Pencil,
    /// Inbox: waits at a desk (待受理, 待派遣).
    Inbox,
    /// Cross: 不予立案.
    Cross,
}

/// A mark: icon and word, never colour alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The icon.
    pub icon: Icon,
    /// The word.
    pub words: Words,
    /// The colour's role.
    pub tone: Tone,
}

fn mark(icon: Icon, words: Words, tone: Tone) -> Mark {
    Mark { icon, words, tone }
}

/// The marks of a case in the order of urgency: overdue, state, rework.
#[must_use]
pub fn marks(case: &Case, now_ms: i64, calendar: &Calendar) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Some(deadline) = case.deadline.as_ref().filter(|_| !case.state.is_over()) {
        let chip = deadline.chip(now_ms, calendar);
        if deadline.is_overdue(now_ms) {
            marks.push(mark(Icon::Alert, Words::new("超期", "overdue"), Tone::Danger));
        } else if deadline.stopped.is_none() {
            marks.push(mark(Icon::Clock, Words::new(chip.text.clone(), chip.text), chip.tone));
        }
    }
    marks.push(state_mark(case));
    if case.reworks > 0 {
        let words = Words::new(format!("返工{}次", case.reworks), format!("reworked {}×", case.reworks));
        marks.push(mark(Icon::Loop, words, Tone::Warn));
    }
    marks
}

fn state_mark(case: &Case) -> Mark {
    let words = case.state.words();
    match case.state {
        State::Reported | State::Accepted | State::SentBack => mark(Icon::Inbox, words, Tone::Neutral),
        State::Dispatched => mark(Icon::Play, words, Tone::Primary),
        State::Rectified | State::Verified => mark(Icon::Eye, words, Tone::Primary),
        State::Suspended => mark(Icon::Pause, words, Tone::Neutral),
        State::Rejected => mark(Icon::Cross, words, Tone::Neutral),
        State::Closed => {
            let words = match case.outcome.as_ref().map(Outcome::words) {
                Some(how) => {
                    Words::new(format!("{} {}", words.zh, how.zh), format!("{}: {}", words.en, how.en))
                }
                None => words,
            };
            mark(Icon::Check, words, Tone::Ok)
        }
    }
}
