//! What a person may do with a case now, and why they can't close it.

use serde::{Deserialize, Serialize};

use super::judge::may;
use super::{Actor, Case, MoveKind, Outcome, Requirement, Role, State, VerifyResult};
use crate::text::Words;

/// A move that this person may make now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveOffer {
    /// Which move.
    pub kind: MoveKind,
    /// Whether it is the wide button; at most one is.
    pub main: bool,
    /// The evidence that it needs, in the order of its sheet. What depends on a choice within the
    /// sheet (outcome, result) is told by [`super::needs`] as it is filled.
    pub needs: Vec<Requirement>,
}

/// Only the moves that this person may make now, the main one first.
#[must_use]
pub fn allowed(case: &Case, actor: &Actor) -> Vec<MoveOffer> {
    let main = main_moves(case).iter().copied().find(|kind| may(case, actor, *kind).is_ok());
    let others = MoveKind::ALL.iter().copied().filter(|kind| may(case, actor, *kind).is_ok());
    main.into_iter()
        .chain(others.filter(|kind| Some(*kind) != main))
        .map(|kind| MoveOffer { kind, main: Some(kind) == main, needs: sheet(case, actor, kind) })
        .collect()
}

/// What brings the case forward, the first that the person may make being the wide button.
fn main_moves(case: &Case) -> &'static [MoveKind] {
    match case.state {
        State::Reported if case.more_wanted.is_some() => &[MoveKind::Supplement, MoveKind::Accept],
        State::Reported => &[MoveKind::Accept],
        State::Accepted | State::SentBack => &[MoveKind::Dispatch],
        State::Dispatched if case.asked.is_some() => &[MoveKind::Rectify, MoveKind::Extend],
        State::Dispatched => &[MoveKind::Rectify, MoveKind::Remind],
        State::Rectified => &[MoveKind::Acknowledge, MoveKind::Verify],
        State::Verified => &[MoveKind::Close],
        State::Suspended => &[MoveKind::Resume],
        State::Closed | State::Rejected => &[],
    }
}

fn sheet(case: &Case, actor: &Actor, kind: MoveKind) -> Vec<Requirement> {
    use Requirement as R;
    match kind {
        MoveKind::Reject
        | MoveKind::SendBack
        | MoveKind::Decline
        | MoveKind::RequestExtension
        | MoveKind::Reopen => vec![R::Reason],
        MoveKind::Extend if case.asked.is_none() => vec![R::Reason],
        MoveKind::RequestMore => vec![R::Wanted],
        MoveKind::Supplement => vec![R::PhotoOrText],
        MoveKind::Correct => vec![R::Change, R::Reason],
        MoveKind::Dispatch if case.state == State::Dispatched => vec![R::Unit, R::Person, R::Reason],
        MoveKind::Dispatch => vec![R::Unit, R::Person],
        MoveKind::RequestSuspension => vec![R::Reason, R::UntilDay],
        MoveKind::Suspend if case.asked.is_none() => vec![R::Reason, R::UntilDay],
        MoveKind::Suspend => vec![R::UntilDay],
        MoveKind::Rectify if case.wants_photo() => vec![R::PhotoAfter, R::Note],
        MoveKind::Rectify => vec![R::Note],
        MoveKind::Acknowledge if actor.is(Role::Contact) => vec![R::Name],
        MoveKind::Acknowledge => vec![R::Name, R::Signature],
        MoveKind::Verify if case.wants_photo() && case.outcome == Some(Outcome::Resolved) => {
            vec![R::PhotoCompare]
        }
        MoveKind::Verify => vec![R::Note],
        MoveKind::Report
        | MoveKind::Accept
        | MoveKind::Extend
        | MoveKind::Receive
        | MoveKind::Remind
        | MoveKind::Resume
        | MoveKind::Close
        | MoveKind::Rate => Vec::new(),
    }
}

/// What closing still lacks, as the case page lists it; empty when nothing but the person is in the way.
#[must_use]
pub fn missing_for_closing(case: &Case) -> Vec<Requirement> {
    let mut missing = Vec::new();
    if case.rectified.is_none() {
        missing.push(Requirement::Rectification);
    }
    if matches!(case.outcome, Some(Outcome::PolicyExplained { acknowledged: None, .. })) {
        missing.push(Requirement::Acknowledgement);
    }
    let passed = case
        .verified
        .as_ref()
        .is_some_and(|v| v.what.result == VerifyResult::Passed && !case.is_handler(&v.by));
    if !passed {
        missing.push(Requirement::Verification);
    }
    missing
}

/// Why this person can't close the case now; `None` if they can.
#[must_use]
pub fn why_not_close(case: &Case, actor: &Actor) -> Option<Words> {
    let refusal = may(case, actor, MoveKind::Close).err()?;
    if case.state == State::Closed {
        return Some(Words::new("已经结案。", "It is closed already."));
    }
    if case.is_handler(&actor.person) {
        return Some(Words::new(
            "因为你是处置人，结案要由别人核查。",
            "Because you handled it: closing needs a verification by someone else.",
        ));
    }
    let missing = missing_for_closing(case);
    if missing.contains(&Requirement::Acknowledgement) {
        return Some(Words::new(
            "已解释，待企业确认，还不能结案。",
            "Explained, but the enterprise has not confirmed yet.",
        ));
    }
    if missing.is_empty() {
        return Some(refusal.words());
    }
    let zh: Vec<_> = missing.iter().map(|r| r.words().zh).collect();
    let en: Vec<_> = missing.iter().map(|r| r.words().en).collect();
    Some(Words::new(
        format!("结案还差：{}。通知或安排不算完成。", zh.join("、")),
        format!("Closing still lacks: {}. A notice or an assignment does not count.", en.join(", ")),
    ))
}
