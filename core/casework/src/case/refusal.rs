//! Why a move does not take effect, in words: what happened, what is safe, what to do.

use serde::{Deserialize, Serialize};

use super::{Case, Done, MoveKind, Requirement, State};
use crate::ids::MoveId;
use crate::text::Words;

/// Why a move does not take effect. It travels as the hub's verdict on an op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Refusal {
    /// Someone else was first: the move names a head that the case no longer has.
    #[error("another move was accepted first")]
    Stale {
        /// The head now.
        head: MoveId,
        /// The state now.
        state: State,
        /// The move that was first, by whom and when.
        last: Box<Done<MoveKind>>,
    },
    /// The very move that is the head already: nothing to do, nothing lost.
    #[error("this move has taken effect already")]
    Same,
    /// A move for a case that is not known here.
    #[error("the case is not known here")]
    NoCase,
    /// A report that names a parent.
    #[error("a report opens a case and has no parent")]
    ParentOfReport,
    /// A move that was handed in with another case.
    #[error("the move belongs to another case")]
    OtherCase,
    /// The move does not fit the state.
    #[error("the move does not fit the state of the case")]
    NotNow {
        /// The state.
        state: State,
        /// The move.
        mv: MoveKind,
    },
    /// The person has no role that may make this move.
    #[error("the person's role may not make this move")]
    NotYourRole {
        /// The move.
        mv: MoveKind,
    },
    /// The case lies with another person or unit.
    #[error("the case is not with this person or unit")]
    NotResponsible,
    /// Evidence is missing.
    #[error("evidence is missing")]
    Missing {
        /// What is missing, in the order of the sheet.
        missing: Vec<Requirement>,
    },
    /// Who handled it can't verify it.
    #[error("who handled a case does not verify it")]
    SelfVerification,
    /// Who handled it can't close it.
    #[error("who handled a case does not close it")]
    SelfClosing,
    /// The explanation has not been acknowledged by the enterprise.
    #[error("the explanation is not acknowledged yet")]
    NotAcknowledged,
    /// No explanation waits for acknowledgement.
    #[error("no explanation waits for acknowledgement")]
    NothingToAcknowledge,
    /// No request waits for an answer.
    #[error("no request waits for an answer")]
    NothingAsked,
    /// The deadline has passed, so it can't be extended or suspended any more.
    #[error("the deadline has passed")]
    Overdue,
    /// Extended as often as the city allows.
    #[error("the deadline was extended as often as is allowed")]
    ExtendedEnough {
        /// How often is allowed.
        allowed: u32,
    },
    /// An extension that would not end after the present deadline.
    #[error("the extension does not end after the present deadline")]
    NotLater,
    /// A category that no catalogue here knows.
    #[error("the category is not in the catalogue")]
    UnknownCategory,
    /// A filing condition that the category does not have.
    #[error("the filing condition is not one of the category's")]
    UnknownCondition,
    /// The deadline rests on this fact, and the case has been dispatched.
    #[error("the deadline rests on this and the case has been dispatched")]
    Fixed,
    /// A deadline that lies outside the calendar's years.
    #[error("the deadline can't be computed")]
    NoDeadline,
}

impl Refusal {
    pub(super) fn stale(case: &Case) -> Self {
        Self::Stale { head: case.head.clone(), state: case.state, last: Box::new(case.last.clone()) }
    }

    /// The sentence for the author of the move.
    #[must_use]
    pub fn words(&self) -> Words {
        let (zh, en) = self.what_and_do();
        Words::new(
            zh.replace("{保}", "照片和说明都保留着。"),
            en.replace("{kept}", "Your photos and words are kept."),
        )
    }

    fn what_and_do(&self) -> (String, String) {
        let fixed = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        match self {
            Self::Stale { state, last, .. } => {
                let (mv, now) = (last.what.words(), state.words());
                let by_zh = if last.by_name.is_empty() { "别人" } else { &last.by_name };
                let by_en = if last.by_name.is_empty() { "Someone" } else { &last.by_name };
                (
                    format!(
                        "{by_zh}先办了一步“{}”，你的没有生效。{{保}}现在是{}，可按现状重新提交，或留作记录。",
                        mv.zh, now.zh
                    ),
                    format!(
                        "{by_en} was first with “{}”, so yours did not take effect. {{kept}} The case is now {}: submit again or keep it as a record.",
                        mv.en, now.en
                    ),
                )
            }
            Self::NotNow { state, mv } => {
                let (mv, now) = (mv.words(), state.words());
                (
                    format!("案卷现在是{}，不能{}。{{保}}看现在可以做什么。", now.zh, mv.zh),
                    format!(
                        "The case is {} now, so “{}” does not fit. {{kept}} See what can be done now.",
                        now.en, mv.en
                    ),
                )
            }
            Self::NotYourRole { mv } => (
                format!("“{}”不由你这个岗位办。{{保}}请联系派遣员。", mv.words().zh),
                format!("“{}” is not for your post. {{kept}} Ask the dispatcher.", mv.words().en),
            ),
            Self::Missing { missing } => {
                let zh: Vec<_> = missing.iter().map(|r| r.words().zh).collect();
                let en: Vec<_> = missing.iter().map(|r| r.words().en).collect();
                (
                    format!("还差{}项：{}。{{保}}补齐后再提交。", missing.len(), zh.join("、")),
                    format!("Still missing: {}. {{kept}} Add them and submit again.", en.join(", ")),
                )
            }
            Self::ExtendedEnough { allowed } => (
                format!("已延期{allowed}次，不能再延。{{保}}请按期办理，或申请挂账。"),
                format!(
                    "Extended {allowed} times, which is all that is allowed. {{kept}} Finish in time or ask for suspension."
                ),
            ),
            Self::Same => fixed(
                "这一步已经生效。{保}不用再提交。",
                "This has taken effect already. {kept} Nothing to do.",
            ),
            Self::NoCase => fixed(
                "这件案卷不在这里。{保}同步后再看，或联系派遣员。",
                "This case is not here. {kept} Sync and look again, or ask the dispatcher.",
            ),
            Self::ParentOfReport => fixed(
                "上报不能接在别的步骤后面。{保}请作为新问题上报。",
                "A report can't follow another move. {kept} Report it as a new problem.",
            ),
            Self::OtherCase => fixed(
                "这一步属于另一件案卷。{保}请到那件案卷里提交。",
                "This belongs to another case. {kept} Submit it there.",
            ),
            Self::NotResponsible => fixed(
                "这件案卷现在不由你或你单位办理。{保}若应由你办，请联系派遣员。",
                "This case is not with you or your unit now. {kept} If it should be, ask the dispatcher.",
            ),
            Self::SelfVerification => fixed(
                "这件由你处置，不能由你核查。{保}请派遣员换人。",
                "You handled this case, so you can't verify it. {kept} Ask the dispatcher for someone else.",
            ),
            Self::SelfClosing => fixed(
                "你是处置人，结案要由别人办。{保}请派遣员结案。",
                "You handled this case, so someone else closes it. {kept} Ask the dispatcher.",
            ),
            Self::NotAcknowledged => fixed(
                "已解释，待企业确认，还不能结案。{保}请企业签名或扫码确认。",
                "Explained, but the enterprise has not confirmed yet. {kept} Ask it to sign or scan.",
            ),
            Self::NothingToAcknowledge => fixed(
                "这件案卷没有待企业确认的解释。{保}看现在可以做什么。",
                "No explanation waits for confirmation. {kept} See what can be done now.",
            ),
            Self::NothingAsked => fixed(
                "这件案卷没有待答复的申请。{保}看现在可以做什么。",
                "No request waits for an answer. {kept} See what can be done now.",
            ),
            Self::Overdue => fixed(
                "已经超期，不能再延期或挂账。{保}请尽快办理并反馈。",
                "It is overdue, so it can't be extended or suspended. {kept} Finish and feed back.",
            ),
            Self::NotLater => fixed(
                "新的期限没有晚于原期限。{保}请选更晚的时间。",
                "The new deadline is not later than the present one. {kept} Choose a later time.",
            ),
            Self::UnknownCategory => fixed(
                "目录里没有这个类别。{保}请从目录里选。",
                "The catalogue has no such category. {kept} Choose one from it.",
            ),
            Self::UnknownCondition => fixed(
                "这个类别没有这条立案条件。{保}请从目录里选。",
                "The category has no such filing condition. {kept} Choose one from it.",
            ),
            Self::Fixed => fixed(
                "已派遣，时限按原类别算，不能改类别、立案条件和道路等级。{保}要改请退回后重新派遣。",
                "It has been dispatched and its deadline rests on category, condition and road class. {kept} To change them, have it sent back and dispatch again.",
            ),
            Self::NoDeadline => fixed(
                "期限算不出来。{保}请检查时限和工作日历。",
                "The deadline can't be computed. {kept} Check the limit and the calendar.",
            ),
        }
    }
}
