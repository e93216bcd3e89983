//! What an accepted move changes. Only the judge calls this, after it has found nothing missing.

use super::{
    Acceptance, Acknowledged, Acknowledgement, Asked, Case, Correction, Dispatch, Done, Move, Outcome,
    Rectification, Refusal, Report, Rules, SignedMove, State, Verification, VerifyResult, needs,
};
use crate::catalogue::{CatalogueVersion, CategoryKey};
use crate::deadline::{DeadlineError, Why, due};
use crate::ids::ConditionId;

impl From<DeadlineError> for Refusal {
    fn from(error: DeadlineError) -> Self {
        match error {
            DeadlineError::NotLater => Self::NotLater,
            DeadlineError::OutOfRange | DeadlineError::Zero | DeadlineError::BadDay => Self::NoDeadline,
        }
    }
}

fn done<T>(mv: &SignedMove, what: T) -> Done<T> {
    Done { by: mv.actor.person.clone(), by_name: mv.actor.name.clone(), at_ms: mv.at_ms(), what }
}

/// A report makes the case.
///
/// A reporter's category that no catalogue here knows is kept as it was said: the dispatcher's filing
/// decides, and a report is never lost over a catalogue that has not come down yet.
pub(super) fn open(report: &Report, mv: &SignedMove, rules: &Rules) -> Case {
    let catalogue = report.category.as_ref().and_then(|key| rules.catalogue_of(key));
    Case {
        id: mv.case.clone(),
        number: None,
        head: mv.id.clone(),
        last: done(mv, mv.mv.kind()),
        state: State::Reported,
        kind: report.kind,
        category: report.category.clone(),
        condition: report.condition.clone(),
        catalogue: catalogue.map(crate::catalogue::Catalogue::version),
        topic: report.topic.clone(),
        description: report.description.clone(),
        place: report.place.clone(),
        position: report.position.map(|p| p.in_wgs84()),
        road_class: report.road_class,
        site: report.site.clone(),
        campaign: report.campaign.clone(),
        source: report.source.clone(),
        photos: report.photos.clone(),
        reporter: mv.actor.person.clone(),
        reported_at_ms: mv.at_ms(),
        more_wanted: None,
        responsible: None,
        handlers: std::collections::BTreeSet::new(),
        received_at_ms: None,
        deadline: None,
        asked: None,
        reworks: 0,
        reopened: 0,
        outcome: None,
        rectified: None,
        verified: None,
        closed_at_ms: None,
        satisfaction: None,
    }
}

/// The case after a move that fits.
pub(super) fn apply(case: &Case, mv: &SignedMove, rules: &Rules) -> Result<Case, Refusal> {
    let mut next = case.clone();
    let at = mv.at_ms();
    match &mv.mv {
        Move::Report(_) => return Err(Refusal::stale(case)),
        Move::Accept(acceptance) => file(&mut next, acceptance, rules)?,
        Move::Reject { .. } => next.state = State::Rejected,
        Move::RequestMore { wanted } => next.more_wanted = Some(wanted.clone()),
        Move::Supplement { photos, .. } => {
            next.more_wanted = None;
            let new = photos.iter().filter(|p| !case.photos.contains(p)).cloned();
            next.photos.extend(new);
        }
        Move::Correct(correction) => correct(&mut next, correction, rules)?,
        Move::Dispatch(order) => dispatch(&mut next, order, at, rules)?,
        Move::Receive { .. } => {
            next.handlers.insert(mv.actor.person.clone());
            next.received_at_ms.get_or_insert(at);
        }
        Move::SendBack { .. } => {
            next.state = State::SentBack;
            next.asked = None;
            stop(&mut next, at, Why::SentBack, rules);
        }
        Move::Remind { .. } => {}
        Move::Rectify(rectification) => rectify(&mut next, rectification, mv, rules),
        Move::RequestExtension { reason, until_ms } => {
            may_extend(case, at, rules)?;
            next.asked = Some(Asked::Extension { reason: reason.clone(), until_ms: *until_ms });
        }
        Move::Extend { until_ms, .. } => extend(&mut next, *until_ms, mv, rules)?,
        Move::RequestSuspension { reason, until } => {
            not_overdue(case, at)?;
            next.asked = Some(Asked::Suspension { reason: reason.clone(), until: until.clone() });
        }
        Move::Suspend { until, .. } => {
            not_overdue(case, at)?;
            next.state = State::Suspended;
            next.asked = None;
            stop(&mut next, at, Why::Suspended { until: until.clone() }, rules);
        }
        Move::Resume { .. } => {
            next.state = State::Dispatched;
            resume(&mut next, at, rules)?;
        }
        Move::Decline { .. } => next.asked = None,
        Move::Acknowledge(acknowledgement) => acknowledge(&mut next, acknowledgement, mv),
        Move::Verify(verification) => verify(&mut next, verification, mv, rules)?,
        Move::Close { .. } => {
            next.state = State::Closed;
            next.closed_at_ms = Some(at);
            stop(&mut next, at, Why::Closed, rules);
        }
        Move::Rate { satisfaction, .. } => next.satisfaction = Some(*satisfaction),
        Move::Reopen { .. } => reopen(&mut next),
    }
    next.head = mv.id.clone();
    next.last = done(mv, mv.mv.kind());
    Ok(next)
}

/// Category and condition as a catalogue here knows them, and the version that does.
fn known(
    category: Option<&CategoryKey>,
    condition: Option<&ConditionId>,
    rules: &Rules,
) -> Result<Option<CatalogueVersion>, Refusal> {
    let Some(key) = category else { return Ok(None) };
    let catalogue = rules.catalogue_of(key).ok_or(Refusal::UnknownCategory)?;
    match condition {
        Some(id) if catalogue.condition(key, id).is_none() => Err(Refusal::UnknownCondition),
        _ => Ok(Some(catalogue.version())),
    }
}

fn file(next: &mut Case, acceptance: &Acceptance, rules: &Rules) -> Result<(), Refusal> {
    classify(next, acceptance.category.as_ref(), acceptance.condition.as_ref());
    next.road_class = acceptance.road_class.or(next.road_class);
    next.catalogue = known(next.category.as_ref(), next.condition.as_ref(), rules)?;
    next.more_wanted = None;
    next.state = State::Accepted;
    Ok(())
}

/// A new category without a condition drops the old condition: conditions belong to their category.
fn classify(next: &mut Case, category: Option<&CategoryKey>, condition: Option<&ConditionId>) {
    if let Some(key) = category.filter(|key| next.category.as_ref() != Some(key)) {
        next.category = Some(key.clone());
        next.condition = None;
    }
    if let Some(id) = condition {
        next.condition = Some(id.clone());
    }
}

fn correct(next: &mut Case, correction: &Correction, rules: &Rules) -> Result<(), Refusal> {
    let Correction { category, condition, road_class, topic, description, place, position, reason: _ } =
        correction;
    if category.is_some() || condition.is_some() || road_class.is_some() {
        if !matches!(next.state, State::Reported | State::Accepted | State::SentBack) {
            return Err(Refusal::Fixed);
        }
        classify(next, category.as_ref(), condition.as_ref());
        next.road_class = road_class.or(next.road_class);
        next.catalogue = known(next.category.as_ref(), next.condition.as_ref(), rules)?;
    }
    if let Some(text) = description {
        next.description.clone_from(text);
    }
    next.topic = topic.clone().or(next.topic.take());
    next.place = place.clone().or(next.place.take());
    next.position = position.map(|p| p.in_wgs84()).or(next.position);
    Ok(())
}

fn dispatch(next: &mut Case, order: &Dispatch, at: i64, rules: &Rules) -> Result<(), Refusal> {
    let same_unit = next.responsible.as_ref().is_some_and(|r| r.unit == order.responsible.unit);
    if same_unit && next.deadline.is_some() && order.limit.is_none() {
        // The clock goes on at the same unit and starts anew at another one.
        resume(next, at, rules)?;
    } else {
        let limit = needs::limit_for(Some(next), order, rules).ok_or(Refusal::NoDeadline)?;
        next.deadline = Some(due(at, limit, &rules.calendar)?);
    }
    next.responsible = Some(order.responsible.clone());
    next.handlers.insert(order.responsible.person.clone());
    next.received_at_ms = None;
    next.asked = None;
    next.state = State::Dispatched;
    Ok(())
}

fn stop(next: &mut Case, at: i64, why: Why, rules: &Rules) {
    if let Some(deadline) = &mut next.deadline {
        deadline.stop(at, why, &rules.calendar);
    }
}

fn resume(next: &mut Case, at: i64, rules: &Rules) -> Result<(), Refusal> {
    match &mut next.deadline {
        Some(deadline) => Ok(deadline.resume(at, &rules.calendar)?),
        None => Ok(()),
    }
}

fn rectify(next: &mut Case, rectification: &Rectification, mv: &SignedMove, rules: &Rules) {
    let mut rectification = rectification.clone();
    if let Outcome::PolicyExplained { acknowledged, .. } = &mut rectification.outcome {
        // The handler's word is no confirmation: only the move Acknowledge with its evidence is one.
        *acknowledged = None;
    }
    next.outcome = Some(rectification.outcome.clone());
    next.rectified = Some(done(mv, rectification));
    next.verified = None;
    next.asked = None;
    next.handlers.insert(mv.actor.person.clone());
    next.state = State::Rectified;
    stop(next, mv.at_ms(), Why::HandedIn, rules);
}

fn not_overdue(case: &Case, at: i64) -> Result<(), Refusal> {
    match &case.deadline {
        Some(deadline) if deadline.is_overdue(at) => Err(Refusal::Overdue),
        Some(_) => Ok(()),
        None => Err(Refusal::NoDeadline),
    }
}

fn may_extend(case: &Case, at: i64, rules: &Rules) -> Result<(), Refusal> {
    not_overdue(case, at)?;
    let allowed = rules.policy.max_extensions;
    let had = case.deadline.as_ref().map_or(0, |d| d.extensions.len());
    if had < usize::try_from(allowed).unwrap_or(usize::MAX) {
        Ok(())
    } else {
        Err(Refusal::ExtendedEnough { allowed })
    }
}

fn extend(next: &mut Case, until_ms: Option<i64>, mv: &SignedMove, rules: &Rules) -> Result<(), Refusal> {
    // A request made in time may be approved when its time has passed: the handler can't help the wait.
    if !matches!(next.asked, Some(Asked::Extension { .. })) {
        not_overdue(next, mv.at_ms())?;
    }
    let asked = match next.asked.take() {
        Some(Asked::Extension { until_ms, .. }) => until_ms,
        other => {
            next.asked = other;
            None
        }
    };
    let allowed = rules.policy.max_extensions;
    let deadline = next.deadline.as_mut().ok_or(Refusal::NoDeadline)?;
    if deadline.extensions.len() >= usize::try_from(allowed).unwrap_or(usize::MAX) {
        return Err(Refusal::ExtendedEnough { allowed });
    }
    let by = (mv.actor.person.clone(), mv.actor.name.clone());
    Ok(deadline.extend(until_ms.or(asked), by, mv.at_ms(), &rules.calendar)?)
}

fn acknowledge(next: &mut Case, acknowledgement: &Acknowledgement, mv: &SignedMove) {
    if let Some(Outcome::PolicyExplained { acknowledged, .. }) = &mut next.outcome {
        *acknowledged = Some(Acknowledged {
            name: acknowledgement.name.clone(),
            signature: acknowledgement.signature.clone(),
            recorded_by: mv.actor.person.clone(),
            at_ms: mv.at_ms(),
        });
    }
}

fn verify(
    next: &mut Case,
    verification: &Verification,
    mv: &SignedMove,
    rules: &Rules,
) -> Result<(), Refusal> {
    match verification.result {
        VerifyResult::Passed => next.state = State::Verified,
        VerifyResult::NotFound => {}
        VerifyResult::Failed => {
            next.reworks = next.reworks.saturating_add(1);
            next.outcome = None;
            next.rectified = None;
            next.state = State::Dispatched;
            resume(next, mv.at_ms(), rules)?;
        }
    }
    next.verified = Some(done(mv, verification.clone()));
    Ok(())
}

/// A closed case goes back to the dispatcher with no outcome; a rejected one to filing.
fn reopen(next: &mut Case) {
    if next.state == State::Rejected {
        next.state = State::Reported;
        return;
    }
    next.state = State::Accepted;
    next.reopened = next.reopened.saturating_add(1);
    next.outcome = None;
    next.rectified = None;
    next.verified = None;
    next.closed_at_ms = None;
    next.satisfaction = None;
    next.deadline = None;
    next.responsible = None;
}
