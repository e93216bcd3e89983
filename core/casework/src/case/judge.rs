//! The judge: one pure function, run by the phone before it shows a move and by the hub before it
//! takes effect.

use super::{Actor, Case, Move, MoveKind, Refusal, Rules, SignedMove, Verification, apply, needs, table};
use crate::case::{Outcome, Role, VerifyResult};

/// Judges a move on a case and returns the case as it is afterwards.
///
/// Phone and hub call this very function. The phone judges its own pending move on the replica to
/// show what will be; the hub judges it again when it arrives, on the case as it then stands.
///
/// # Errors
/// [`Refusal`] says why the move does not take effect. The case is then unchanged, and the move with
/// its evidence stays in the history and with its author.
pub fn judge(case: Option<&Case>, mv: &SignedMove, rules: &Rules) -> Result<Case, Refusal> {
    let kind = mv.mv.kind();
    let Some(case) = case else {
        return match &mv.mv {
            Move::Report(report) if mv.parent.is_none() => {
                may_by_role(&mv.actor, kind)?;
                complete(None, mv, rules)?;
                Ok(apply::open(report, mv, rules))
            }
            Move::Report(_) => Err(Refusal::ParentOfReport),
            _ => Err(Refusal::NoCase),
        };
    };
    if mv.case != case.id {
        return Err(Refusal::OtherCase);
    }
    if mv.id == case.head {
        return Err(Refusal::Same);
    }
    if mv.parent.as_ref() != Some(&case.head) {
        return Err(Refusal::stale(case));
    }
    may(case, &mv.actor, kind)?;
    complete(Some(case), mv, rules)?;
    apply::apply(case, mv, rules)
}

fn complete(case: Option<&Case>, mv: &SignedMove, rules: &Rules) -> Result<(), Refusal> {
    let by_contact = mv.actor.is(Role::Contact);
    let missing = needs(case, &mv.mv, by_contact, mv.at_ms(), rules);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Missing { missing }) }
}

fn may_by_role(actor: &Actor, kind: MoveKind) -> Result<(), Refusal> {
    if table::roles(kind).iter().any(|role| actor.is(*role)) {
        Ok(())
    } else {
        Err(Refusal::NotYourRole { mv: kind })
    }
}

/// Whether this person may make this kind of move on the case as it stands, evidence aside.
pub(super) fn may(case: &Case, actor: &Actor, kind: MoveKind) -> Result<(), Refusal> {
    // The two rules of persons come first: they hold in every state and say the most.
    if kind == MoveKind::Verify && case.is_handler(&actor.person) {
        return Err(Refusal::SelfVerification);
    }
    if kind == MoveKind::Close && case.is_handler(&actor.person) {
        return Err(Refusal::SelfClosing);
    }
    may_by_role(actor, kind)?;
    if !table::fits(kind, case.state) {
        return Err(Refusal::NotNow { state: case.state, mv: kind });
    }
    if table::is_handling(kind) && !answers_for(case, actor) {
        return Err(Refusal::NotResponsible);
    }
    match kind {
        MoveKind::Acknowledge => match &case.outcome {
            Some(Outcome::PolicyExplained { acknowledged: None, .. }) => Ok(()),
            _ => Err(Refusal::NothingToAcknowledge),
        },
        MoveKind::Decline if case.asked.is_none() => Err(Refusal::NothingAsked),
        MoveKind::Verify | MoveKind::Close => acknowledged(case),
        _ => Ok(()),
    }?;
    if kind == MoveKind::Close { proven(case) } else { Ok(()) }
}

/// The responsible person, or a handler of the responsible unit standing in for them.
fn answers_for(case: &Case, actor: &Actor) -> bool {
    case.responsible
        .as_ref()
        .is_some_and(|r| r.person == actor.person || actor.unit.as_ref().is_some_and(|unit| *unit == r.unit))
}

fn acknowledged(case: &Case) -> Result<(), Refusal> {
    match &case.outcome {
        Some(Outcome::PolicyExplained { acknowledged: None, .. }) => Err(Refusal::NotAcknowledged),
        _ => Ok(()),
    }
}

/// Closing rests on what the case holds, not only on the state it is in: a case that came from
/// elsewhere with a state but no evidence does not close.
fn proven(case: &Case) -> Result<(), Refusal> {
    use super::Requirement::{Rectification, Verification as Verified};
    let mut missing = Vec::new();
    if case.rectified.is_none() || case.outcome.is_none() {
        missing.push(Rectification);
    }
    let by_another = case.verified.as_ref().is_some_and(|done| {
        matches!(&done.what, Verification { result: VerifyResult::Passed, .. }) && !case.is_handler(&done.by)
    });
    if !by_another {
        missing.push(Verified);
    }
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Missing { missing }) }
}
