//! The closed loop: dispatched from the office, rectified and verified on phones, closed at the office.

use std::collections::BTreeMap;

use xuncha_casework::case::{Acceptance, Dispatch, Move};
use xuncha_casework::deadline::{Clock, Limit};
use xuncha_casework::responsibility::Responsible;
use xuncha_device::view::{CaseMove, OutcomeChoice, PlanStep, VerifyFinding};
use xuncha_hub::moves;
use xuncha_wire::push::Verdict;

use super::field::{Field, Found};
use super::{DemoError, Stage, moment};
use crate::office::Office;
use crate::scene::{Outcome, Scene};

/// The dispatcher whose moves these are.
pub const DISPATCHER: &str = "d-1";
const VERIFIERS: [&str; 2] = ["v-1", "v-2"];

/// From when a phone takes cases down until it brings them in.
const WORKDAY_MS: i64 = 8 * 3_600_000;

/// A move of the office; anything but "applied" stops the demo.
async fn submit(office: &Office, case: &str, mv: &Move) -> Result<(), DemoError> {
    let id = case.parse().map_err(|_| DemoError::Astray("案卷号不对".into()))?;
    match moves::submit(&office.hub, DISPATCHER, id, None, mv, vec![]).await? {
        Verdict::Applied => Ok(()),
        other => Err(DemoError::Astray(format!("{mv:?}: {other:?}"))),
    }
}

/// One stage of the loop on one day: whoever does it takes the cases down (`by` names whose phone does; nobody's, if the
/// office does it), does each in turn, and brings it in; then these cases have come one stage further.
async fn walk(
    field: &mut Field,
    office: &Office,
    (start_ms, from): (i64, u8),
    stage: &mut dyn Stage,
    by: impl Fn(usize, &Found) -> Option<String>,
    mut each: impl AsyncFnMut(&mut Field, &str, &Found) -> Result<(), DemoError>,
) -> Result<(), DemoError> {
    office.clock.set(start_ms);
    let mut turns: BTreeMap<Option<String>, Vec<Found>> = BTreeMap::new();
    for (nth, found) in field.found.iter().filter(|found| found.stage == from).enumerate() {
        turns.entry(by(nth, found)).or_default().push(found.clone());
    }
    let total = turns.values().map(Vec::len).sum();
    let mut done = 0;
    for (person, cases) in turns {
        if let Some(person) = &person {
            field.bring_in(person, start_ms).await?;
        }
        for found in &cases {
            each(field, person.as_deref().unwrap_or(DISPATCHER), found).await?;
            done += 1;
            stage.progress(done, total);
        }
        if let Some(person) = &person {
            let evening = start_ms + WORKDAY_MS;
            office.clock.set(evening);
            field.bring_in(person, evening).await?;
        }
    }
    for found in field.found.iter_mut().filter(|found| found.stage == from) {
        found.stage = from + 1;
    }
    Ok(())
}

/// Accepts every case that is new, and dispatches it to its unit's person, at this moment.
///
/// # Errors
/// [`DemoError`].
pub async fn dispatch_all(
    field: &mut Field,
    office: &Office,
    scene: &Scene,
    at_ms: i64,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let dispatch = async |_: &mut Field, _: &str, found: &Found| {
        submit(office, &found.case, &Move::Accept(Acceptance::default())).await?;
        let unit = scene.units.iter().find(|unit| unit.id == found.raised.unit);
        let person = scene.people.iter().find(|p| p.id == handler(found));
        let (Some(unit), Some(person)) = (unit, person) else {
            return Err(DemoError::Astray(format!("{}没有责任人", found.raised.unit)));
        };
        let responsible = Responsible {
            unit: unit.id.as_str().into(),
            unit_name: unit.name.clone(),
            post: person.post.clone(),
            person: person.id.as_str().into(),
            person_name: person.name.clone(),
        };
        let limit = Some(Limit { clock: Clock::WorkingDays, amount: 15 });
        let dispatch = Dispatch { responsible, limit, reason: "按主题归口".into() };
        submit(office, &found.case, &Move::Dispatch(dispatch)).await
    };
    walk(field, office, (at_ms, 0), stage, |_, _| None, dispatch).await
}

/// The person who handles what this unit answers for.
pub fn handler(found: &Found) -> String {
    found.raised.unit.replacen("u-", "h-", 1)
}

fn outcome(outcome: &Outcome) -> OutcomeChoice {
    match outcome {
        Outcome::Resolved => OutcomeChoice::Resolved,
        Outcome::PhasedPlan { steps } => OutcomeChoice::PhasedPlan {
            steps: steps
                .iter()
                .map(|step| PlanStep {
                    text: step.text.clone(),
                    date: step.date.clone(),
                    person: String::new(),
                })
                .collect(),
        },
        Outcome::PolicyExplained { basis, explanation } => {
            OutcomeChoice::PolicyExplained { basis: basis.clone(), explanation: explanation.clone() }
        }
    }
}

/// Every handler takes the cases down, rectifies with evidence, and brings it in.
///
/// # Errors
/// [`DemoError`].
pub async fn rectify_all(
    field: &mut Field,
    office: &Office,
    day: &str,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let rectify = async |field: &mut Field, person: &str, found: &Found| {
        let app = field.phone(person)?.app.clone();
        let mut photos = Vec::new();
        if found.raised.kind == "problem" {
            let shot = field.shoot(person)?;
            photos.push(app.attach_case_photo(found.case.clone(), shot).await?.id);
        }
        let outcome = outcome(&found.raised.outcome);
        let rectify = CaseMove::Rectify { outcome, note: "已按要求办理".into(), photos };
        app.move_case(found.case.clone(), rectify).await?;
        if matches!(found.raised.outcome, Outcome::PolicyExplained { .. }) {
            let shot = field.shoot(person)?;
            let signature = vec![app.attach_case_photo(found.case.clone(), shot).await?.id];
            let told = CaseMove::Acknowledge { name: "企业联系人".into(), signature };
            app.move_case(found.case.clone(), told).await?;
        }
        Ok(())
    };
    walk(field, office, (moment(day, 9, 0), 1), stage, |_, found| Some(handler(found)), rectify).await
}

/// Verifiers go back to the spot in turn and photograph it.
///
/// # Errors
/// [`DemoError`].
pub async fn verify_all(
    field: &mut Field,
    office: &Office,
    day: &str,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let verify = async |field: &mut Field, person: &str, found: &Found| {
        let app = field.phone(person)?.app.clone();
        let shot = field.shoot(person)?;
        let photos = vec![app.attach_case_photo(found.case.clone(), shot).await?.id];
        let note = "到场看过，已办到位".into();
        let verify = CaseMove::Verify { finding: VerifyFinding::Passed, on_site: true, note, photos };
        app.move_case(found.case.clone(), verify).await?;
        Ok(())
    };
    let turn =
        |nth: usize, _: &Found| VERIFIERS.get(nth % VERIFIERS.len()).map(|person| (*person).to_owned());
    walk(field, office, (moment(day, 9, 0), 2), stage, turn, verify).await
}

/// The dispatcher closes what was verified.
///
/// # Errors
/// [`DemoError`].
pub async fn close_all(
    field: &mut Field,
    office: &Office,
    day: &str,
    stage: &mut dyn Stage,
) -> Result<(), DemoError> {
    let close = async |_: &mut Field, _: &str, found: &Found| {
        submit(office, &found.case, &Move::Close { note: "核查到位，结案".into() }).await
    };
    walk(field, office, (moment(day, 9, 0), 3), stage, |_, _| None, close).await
}
