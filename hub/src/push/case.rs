//! Cases: a report opens one, moves change it, notes add to it. `casework::judge` decides; this stores what it says.
//!
//! A move is a compare-and-set on the case's head. The loser stays in the history with its evidence.

mod file;

use xuncha_casework::case::{Report, ReportKind};
use xuncha_casework::{Case, Move, Refusal, SignedMove, judge};
use xuncha_wire::body::{CaseNote, CaseReport, MoveBody, PhotoRef};
use xuncha_wire::push::{Op, Verdict};

use super::record::{district_of, site_of};
use super::{Ground, photos, record, verdict};
use crate::identity::scoped;
use crate::store::feed::Changes;
use crate::store::{E, Tx, V};
pub use file::{Line, load};

pub(super) fn report(tx: &mut dyn Tx, ground: &Ground, op: &Op, changes: &mut Changes) -> Result<Verdict, E> {
    let Ok(body) = serde_json::from_str::<CaseReport>(op.body.get()) else {
        return Ok(verdict::bad_body());
    };
    let Some(report) = as_report(&body) else { return Ok(verdict::bad_body()) };
    let tenant = &ground.who.tenant;
    let id = op.entity.to_string();
    if load(tx, tenant, &id)?.is_some() {
        return Ok(verdict::taken());
    }
    let site = body.site.map(|s| s.to_string()).unwrap_or_default();
    let district = match site_of(tx, tenant, &site)? {
        // Whoever released it may have said where it belongs.
        _ if ground.released && !body.district.is_empty() => body.district.clone(),
        Some((district, _)) if !district.is_empty() => district,
        _ if !body.district.is_empty() => body.district.clone(),
        _ => district_of(op, ground),
    };
    if !record::reaches(tx, ground, op, &site, &district)? {
        return Ok(verdict::scope_lost());
    }
    let rules = ground.rules.load(tx, tenant)?;
    let mut case = match judge(None, &signed(ground, op, Move::Report(Box::new(report))), &rules) {
        Ok(case) => case,
        // There is no case in whose history it could stand; it stays in custody and with its author.
        Err(refusal) => return Ok(verdict::of_refusal(&refusal, None)),
    };
    case.number = Some(file::number(tx, tenant, ground)?);
    file::insert(tx, ground, &case, &body, &district)?;
    let line = Line::of(op, "report", &Verdict::Applied, &body.photos);
    file::add_line(tx, ground, &id, &line)?;
    photos::place(tx, tenant, "case", &id, &op.op.to_string(), &body.photos)?;
    file::save(tx, ground, &case, changes)?;
    Ok(Verdict::Applied)
}

pub(super) fn make_move(
    tx: &mut dyn Tx,
    ground: &Ground,
    op: &Op,
    changes: &mut Changes,
) -> Result<Verdict, E> {
    let Ok(body) = serde_json::from_str::<MoveBody>(op.body.get()) else {
        return Ok(verdict::bad_body());
    };
    let Ok(mv) = serde_json::from_str::<Move>(body.mv.get()) else { return Ok(verdict::bad_body()) };
    let tenant = &ground.who.tenant;
    let id = op.entity.to_string();
    let Some(case) = load(tx, tenant, &id)? else {
        let why = parent_fell(tx, tenant, op)?.then_some("depends");
        return Ok(verdict::of_refusal(&Refusal::NoCase, why));
    };
    if !ground.released && !reaches(tx, ground, &id)? {
        return Ok(verdict::scope_lost());
    }
    let what = file::word(&mv.kind());
    let rules = ground.rules.load(tx, tenant)?;
    let (case, decided) = match judge(Some(&case), &signed(ground, op, mv.clone()), &rules) {
        Ok(moved) => (moved, Verdict::Applied),
        Err(refusal) => {
            let decided = refusal_verdict(tx, tenant, op, &case, &mv, &refusal)?;
            (case, decided)
        }
    };
    finish(tx, ground, op, &case, &Line::of(op, &what, &decided, &body.photos), &body.photos, changes)?;
    Ok(decided)
}

pub(super) fn note(tx: &mut dyn Tx, ground: &Ground, op: &Op, changes: &mut Changes) -> Result<Verdict, E> {
    let Ok(body) = serde_json::from_str::<CaseNote>(op.body.get()) else {
        return Ok(verdict::bad_body());
    };
    let id = op.entity.to_string();
    let Some(case) = load(tx, &ground.who.tenant, &id)? else {
        return Ok(verdict::of_refusal(&Refusal::NoCase, None));
    };
    if !ground.released && !reaches(tx, ground, &id)? {
        return Ok(verdict::scope_lost());
    }
    let line = Line::of(op, "note", &Verdict::Applied, &body.photos);
    finish(tx, ground, op, &case, &line, &body.photos, changes)?;
    Ok(Verdict::Applied)
}

/// The line in the history, the photos at the case, the case as it now is, in every feed that shows it.
fn finish(
    tx: &mut dyn Tx,
    ground: &Ground,
    op: &Op,
    case: &Case,
    line: &Line,
    named: &[PhotoRef],
    changes: &mut Changes,
) -> Result<(), E> {
    let id = case.id.as_str();
    file::add_line(tx, ground, id, line)?;
    photos::place(tx, &ground.who.tenant, "case", id, &op.op.to_string(), named)?;
    file::save(tx, ground, case, changes)
}

/// The move as the judge wants it: author as the hub knows them, time by the hub's clock.
fn signed(ground: &Ground, op: &Op, mv: Move) -> SignedMove {
    SignedMove {
        id: op.op.to_string().into(),
        case: op.entity.to_string().into(),
        parent: op.parent.map(|p| p.to_string().into()),
        actor: ground.who.actor(),
        at_device_ms: op.at_ms,
        at_hub_ms: Some(ground.now_ms),
        mv,
    }
}

/// Does the case stand in one of the author's feeds? The console works on the whole city.
fn reaches(tx: &mut dyn Tx, ground: &Ground, id: &str) -> Result<bool, E> {
    if ground.who.device == crate::moves::CONSOLE {
        return Ok(true);
    }
    scoped::may_read(tx, &ground.who, xuncha_wire::entity::KIND_CASE, id)
}

fn refusal_verdict(
    tx: &mut dyn Tx,
    tenant: &str,
    op: &Op,
    case: &Case,
    mv: &Move,
    refusal: &Refusal,
) -> Result<Verdict, E> {
    let why = match refusal {
        Refusal::Stale { .. } if parent_fell(tx, tenant, op)? => Some("depends"),
        Refusal::Stale { .. } if case.last.what == mv.kind() => Some("same"),
        _ => None,
    };
    let mut decided = verdict::of_refusal(refusal, why);
    if let Verdict::Refused { head, state, .. } = &mut decided {
        *head = case.head.as_str().parse().ok();
        *state = Some(file::word(&case.state));
    }
    Ok(decided)
}

/// Was the author's own earlier move, on which this one rests, refused or set aside?
fn parent_fell(tx: &mut dyn Tx, tenant: &str, op: &Op) -> Result<bool, E> {
    let Some(parent) = op.parent else { return Ok(false) };
    let st = tx.one(
        "SELECT st FROM op_verdict WHERE tenant = $1 AND op = $2",
        &[V::T(tenant), V::T(&parent.to_string())],
        |r| r.text(0),
    )?;
    Ok(st.is_some_and(|st| st != "applied"))
}

/// A phone's report as casework reads it; none if a word in it is none of casework's.
fn as_report(body: &CaseReport) -> Option<Report> {
    let kind: ReportKind = from_word(&body.kind)?;
    let category = match &body.category {
        Some(text) => {
            let (standard, rest) = text.split_once('|')?;
            let (kind, code) = rest.split_once('|')?;
            let key = serde_json::json!({"standard": standard, "kind": kind, "code": code});
            Some(serde_json::from_value(key).ok()?)
        }
        None => None,
    };
    let position = match &body.position {
        Some(p) => Some(serde_json::from_value(serde_json::to_value(p).ok()?).ok()?),
        None => None,
    };
    let road_class = match &body.road_class {
        Some(word) => Some(from_word(word)?),
        None => None,
    };
    let photos = body.photos.iter().map(|p| p.id.as_str().parse().ok()).collect::<Option<Vec<_>>>()?;
    Some(Report {
        kind,
        category,
        condition: body.condition.clone().map(Into::into),
        topic: Some(body.topic.clone()).filter(|t| !t.is_empty()),
        description: body.description.clone(),
        place: Some(body.place.clone()).filter(|p| !p.is_empty()),
        position,
        road_class,
        site: body.site.map(|s| s.to_string().into()),
        campaign: body.campaign.map(|c| c.to_string().into()),
        source: Some(body.record.to_string().into()),
        photos,
    })
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
