//! The words of the field, Chinese first, and the marks that go with them.
//!
//! One table feeds phone, console, paper and export: `content/design/terms.json`. `cargo xtask tokens` writes it as
//! [`Term`] for the core and the hub, as `Terms.kt` for Compose and as `Terms.swift` for SwiftUI; `cargo xtask tokens
//! --check`, and a test, fail when one of them is not current. Its ids are `group.name` (`step.dispatch`); here they are
//! variants (`Term::StepDispatch`), in Kotlin and Swift fields (`Terms.stepDispatch`). Whatever else needs the words reads
//! the JSON. Its `instead` and `never` list words that no screen says; the shells' and the console's tests read them there.
//!
//! Sentences that hold a value (deadlines, dates, amounts) are composed in [`crate::deadline`] and [`crate::format`] and
//! nowhere else; what a move lacks and why it is refused in [`crate::case`].

mod marks;
#[cfg(test)]
mod tests;

pub use marks::{Icon, Mark, marks};

use crate::case::{MoveKind, Outcome, ReportKind, Role, Satisfaction, State, VerifyMode, VerifyResult};
use crate::deadline::{Clock, Tone};
use crate::text::Words;

/// The table as an enum: variant, id, Chinese, English, and icon and tone where the word is a mark.
macro_rules! terms {
    (@look) => { None };
    (@look $icon:ident $tone:ident) => { Some((Icon::$icon, Tone::$tone)) };
    ($($name:ident $id:literal $zh:literal $en:literal $([$icon:ident $tone:ident])?)+) => {
        use super::{Icon, Tone};

        /// A word of the term table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Term {
            $(#[doc = $zh] $name,)+
        }

        impl Term {
            /// The whole table, in its order.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its id in terms.json.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// Chinese. `{n}` stands for a number: see [`Self::number`].
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)+ }
            }

            /// English.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)+ }
            }

            /// Icon and tone, if it is a mark.
            #[must_use]
            pub const fn look(self) -> Option<(Icon, Tone)> {
                match self { $(Self::$name => terms!(@look $($icon $tone)?),)+ }
            }
        }
    };
}

mod table;

pub use table::Term;

impl Term {
    /// Both languages.
    #[must_use]
    pub fn words(self) -> Words {
        Words::new(self.zh(), self.en())
    }

    /// Both languages with this number: `返工2次`.
    #[must_use]
    pub fn number(self, n: u32) -> Words {
        let put = |text: &str| text.replace("{n}", &n.to_string());
        Words::new(put(self.zh()), put(self.en()))
    }
}

impl State {
    /// Its term.
    #[must_use]
    pub const fn term(self) -> Term {
        match self {
            Self::Reported => Term::StateReported,
            Self::Accepted => Term::StateAccepted,
            Self::Dispatched => Term::StateDispatched,
            Self::Rectified => Term::StateRectified,
            Self::Verified => Term::StateVerified,
            Self::SentBack => Term::StateSentBack,
            Self::Suspended => Term::StateSuspended,
            Self::Closed => Term::StateClosed,
            Self::Rejected => Term::StateRejected,
        }
    }

    /// The word of the state.
    #[must_use]
    pub fn words(self) -> Words {
        self.term().words()
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
    /// Its term.
    #[must_use]
    pub const fn term(self) -> Term {
        match self {
            Self::Report => Term::StepReport,
            Self::Accept => Term::StepAccept,
            Self::Reject => Term::StepReject,
            Self::RequestMore => Term::StepRequestMore,
            Self::Supplement => Term::StepSupplement,
            Self::Correct => Term::StepCorrect,
            Self::Dispatch => Term::StepDispatch,
            Self::Receive => Term::StepReceive,
            Self::SendBack => Term::StepSendBack,
            Self::Remind => Term::StepRemind,
            Self::Rectify => Term::StepRectify,
            Self::RequestExtension => Term::StepRequestExtension,
            Self::Extend => Term::StepExtend,
            Self::RequestSuspension => Term::StepRequestSuspension,
            Self::Suspend => Term::StepSuspend,
            Self::Resume => Term::StepResume,
            Self::Decline => Term::StepDecline,
            Self::Acknowledge => Term::StepAcknowledge,
            Self::Verify => Term::StepVerify,
            Self::Close => Term::StepClose,
            Self::Rate => Term::StepRate,
            Self::Reopen => Term::StepReopen,
        }
    }

    /// The word on the button and in the history.
    #[must_use]
    pub fn words(self) -> Words {
        self.term().words()
    }
}

impl Role {
    /// The role's name.
    #[must_use]
    pub fn words(self) -> Words {
        let term = match self {
            Self::Inspector => Term::RoleInspector,
            Self::Leader => Term::RoleLeader,
            Self::Dispatcher => Term::RoleDispatcher,
            Self::Handler => Term::RoleHandler,
            Self::Verifier => Term::RoleVerifier,
            Self::Contact => Term::RoleContact,
            Self::Viewer => Term::RoleViewer,
            Self::Administrator => Term::RoleAdministrator,
            Self::Platform => Term::RolePlatform,
            Self::Unknown => Term::RoleUnknown,
        };
        term.words()
    }
}

impl Outcome {
    /// The outcome's name.
    #[must_use]
    pub fn words(&self) -> Words {
        let term = match self {
            Self::Resolved => Term::OutcomeResolved,
            Self::PhasedPlan { .. } => Term::OutcomePhasedPlan,
            Self::PolicyExplained { .. } => Term::OutcomePolicyExplained,
        };
        term.words()
    }
}

impl VerifyResult {
    /// The word on the button and in the ledger.
    #[must_use]
    pub fn words(self) -> Words {
        let term = match self {
            Self::Passed => Term::CheckPassed,
            Self::Failed => Term::CheckFailed,
            Self::NotFound => Term::CheckNotFound,
        };
        term.words()
    }
}

impl VerifyMode {
    /// How it was verified.
    #[must_use]
    pub fn words(self) -> Words {
        let term = match self {
            Self::OnSite => Term::CheckOnSite,
            Self::ByEvidence => Term::CheckByEvidence,
        };
        term.words()
    }
}

impl ReportKind {
    /// A problem or a suggestion.
    #[must_use]
    pub fn words(self) -> Words {
        let term = match self {
            Self::Problem => Term::WordProblem,
            Self::Suggestion => Term::WordSuggestion,
        };
        term.words()
    }
}

impl Satisfaction {
    /// The word on the button.
    #[must_use]
    pub fn words(self) -> Words {
        let term = match self {
            Self::Satisfied => Term::SatisfactionSatisfied,
            Self::Fairly => Term::SatisfactionFairly,
            Self::Dissatisfied => Term::SatisfactionDissatisfied,
        };
        term.words()
    }
}

impl Clock {
    /// The unit of a limit.
    #[must_use]
    pub const fn term(self) -> Term {
        match self {
            Self::UrgentHours => Term::ClockUrgentHours,
            Self::WorkingHours => Term::ClockWorkingHours,
            Self::WorkingDays => Term::ClockWorkingDays,
        }
    }
}
