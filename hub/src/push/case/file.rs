//! A case's row, its history, and its place in the feeds.

use std::collections::BTreeSet;

use serde_json::value::RawValue;
use xuncha_casework::{Case, Outcome};
use xuncha_wire::body::{CaseReport, PhotoRef};
use xuncha_wire::entity::{CaseBody, HistoryLine, KIND_CASE};
use xuncha_wire::envelope;
use xuncha_wire::push::{Op, Verdict};

use super::Ground;
use crate::days;
use crate::push::verdict;
use crate::store::feed::{Changes, put_entity, scopes_of};
use crate::store::{E, Tx, V};

/// The word of a unit variant, as serde writes it.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// A case as casework knows it.
///
/// # Errors
/// [`E::Damaged`] if what is stored is no case.
pub fn load(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Option<Case>, E> {
    let body =
        tx.one("SELECT body FROM casefile WHERE tenant = $1 AND id = $2", &[V::T(tenant), V::T(id)], |r| {
            r.blob(0)
        })?;
    let damaged = || E::Damaged("a case's body".into());
    body.map(|body| {
        serde_json::from_slice(envelope::open(&body).map_err(|_| damaged())?).map_err(|_| damaged())
    })
    .transpose()
}

/// The next number of the day: 20260708-0012.
pub(super) fn number(tx: &mut dyn Tx, tenant: &str, ground: &Ground) -> Result<String, E> {
    let day = days::compact(ground.now_ms, ground.zone_min);
    let last = tx.one(
        "INSERT INTO case_number (tenant, day, last) VALUES ($1, $2, 1)
         ON CONFLICT (tenant, day) DO UPDATE SET last = case_number.last + 1 RETURNING last",
        &[V::T(tenant), V::T(&day)],
        |r| r.int(0),
    )?;
    Ok(format!("{day}-{:04}", last.unwrap_or_default()))
}

/// The row of a new case; [`save`] writes what changes with moves.
pub(super) fn insert(
    tx: &mut dyn Tx,
    ground: &Ground,
    case: &Case,
    body: &CaseReport,
    district: &str,
) -> Result<(), E> {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let search = format!("{} {} {} {}", text(&case.number), body.topic, body.description, body.place);
    tx.exec(
        "INSERT INTO casefile (tenant, id, number, head, state, kind, record, nth, site, campaign, district, category,
             topic, description, place, road_class, reporter, reporter_name, reported_ms, unit, unit_name, person,
             person_name, dispatched_ms, due_ms, stopped, rectified_ms, verified_ms, closed_ms, outcome,
             satisfaction, reworks, photos, changed_ms, search, body)
         VALUES ($1, $2, $3, '', '', $4, $5, $6, $7, $8, $9, '', '', '', '', '', $10, $11, $12, '', '', '', '', 0, 0,
             0, 0, 0, 0, '', '', 0, 0, $12, $13, $14)",
        &[
            V::T(&ground.who.tenant),
            V::T(case.id.as_str()),
            V::T(&text(&case.number)),
            V::T(&word(&case.kind)),
            V::T(&body.record.to_string()),
            V::I(i64::from(body.nth)),
            V::T(&body.site.map(|s| s.to_string()).unwrap_or_default()),
            V::T(&body.campaign.map(|c| c.to_string()).unwrap_or_default()),
            V::T(district),
            V::T(case.reporter.as_str()),
            V::T(&ground.who.name),
            V::I(case.reported_at_ms),
            V::T(&search),
            V::B(&[]),
        ],
    )?;
    Ok(())
}

/// One line of a history on its way into the store.
pub struct Line {
    op: String,
    what: String,
    device_ms: i64,
    verdict: Verdict,
    blobs: String,
    body: Vec<u8>,
}

impl Line {
    /// The line of an op.
    pub fn of(op: &Op, what: &str, verdict: &Verdict, photos: &[PhotoRef]) -> Self {
        let ids: Vec<&str> = photos.iter().map(|p| p.id.as_str()).collect();
        Self {
            op: op.op.to_string(),
            what: what.to_owned(),
            device_ms: op.at_ms,
            verdict: verdict.clone(),
            blobs: serde_json::to_string(&ids).unwrap_or_else(|_| "[]".into()),
            body: envelope::wrap(op.body.get().as_bytes()),
        }
    }
}

pub(super) fn add_line(tx: &mut dyn Tx, ground: &Ground, id: &str, line: &Line) -> Result<(), E> {
    let (st, why, zh, en, _, _) = verdict::columns(&line.verdict);
    tx.exec(
        "INSERT INTO case_history (tenant, casefile, seq, op, what, person, name, device_ms, hub_ms, st, why, zh, en,
             blobs, body)
         SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         FROM case_history WHERE tenant = $1 AND casefile = $2",
        &[
            V::T(&ground.who.tenant),
            V::T(id),
            V::T(&line.op),
            V::T(&line.what),
            V::T(&ground.who.person),
            V::T(&ground.who.name),
            V::I(line.device_ms),
            V::I(ground.now_ms),
            V::T(st),
            V::T(why),
            V::T(zh),
            V::T(en),
            V::T(&line.blobs),
            V::B(&line.body),
        ],
    )?;
    Ok(())
}

/// Writes what the case now says of itself: its columns, its body, and what phones read.
pub(super) fn save(tx: &mut dyn Tx, ground: &Ground, case: &Case, changes: &mut Changes) -> Result<(), E> {
    columns(tx, ground, case)?;
    let tenant = &ground.who.tenant;
    let id = case.id.as_str();
    let failed = |_| E::Other("a case does not serialise".into());
    let raw = serde_json::value::to_raw_value(case).map_err(failed)?;
    let body = CaseBody { case: raw, history: history(tx, tenant, id)? };
    let body = serde_json::to_vec(&body).map_err(failed)?;
    let before = scopes_of(tx, tenant, KIND_CASE, id)?;
    let ver = put_entity(tx, tenant, KIND_CASE, id, &body)?;
    let shown = readers(tx, tenant, case)?;
    for scope in before.iter().filter(|scope| !shown.contains(*scope)) {
        changes.leave(scope, KIND_CASE, id, ver);
    }
    for scope in &shown {
        changes.show(scope, KIND_CASE, id, ver);
    }
    Ok(())
}

fn columns(tx: &mut dyn Tx, ground: &Ground, case: &Case) -> Result<(), E> {
    let category = case.category.as_ref().map(|c| format!("{}|{}|{}", c.standard, word(&c.kind), c.code));
    let responsible = case.responsible.as_ref();
    let deadline = case.deadline.as_ref();
    let outcome = match &case.outcome {
        None => "",
        Some(Outcome::Resolved) => "resolved",
        Some(Outcome::PhasedPlan { .. }) => "phased_plan",
        Some(Outcome::PolicyExplained { .. }) => "policy_explained",
    };
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let body = serde_json::to_vec(case).map_err(|_| E::Other("a case does not serialise".into()))?;
    let search = format!(
        "{} {} {} {} {} {}",
        text(&case.number),
        text(&case.topic),
        case.description,
        text(&case.place),
        responsible.map_or("", |r| &r.unit_name),
        responsible.map_or("", |r| &r.person_name),
    );
    tx.exec(
        "UPDATE casefile SET head = $3, state = $4, category = $5, topic = $6, description = $7, place = $8,
             road_class = $9, unit = $10, unit_name = $11, person = $12, person_name = $13, dispatched_ms = $14,
             due_ms = $15, stopped = $16, rectified_ms = $17, verified_ms = $18, closed_ms = $19, outcome = $20,
             satisfaction = $21, reworks = $22, photos = $23, changed_ms = $24, search = $25, body = $26
         WHERE tenant = $1 AND id = $2",
        &[
            V::T(&ground.who.tenant),
            V::T(case.id.as_str()),
            V::T(case.head.as_str()),
            V::T(&word(&case.state)),
            V::T(&category.unwrap_or_default()),
            V::T(&text(&case.topic)),
            V::T(&case.description),
            V::T(&text(&case.place)),
            V::T(&case.road_class.map(|c| word(&c)).unwrap_or_default()),
            V::T(responsible.map_or("", |r| r.unit.as_str())),
            V::T(responsible.map_or("", |r| &r.unit_name)),
            V::T(responsible.map_or("", |r| r.person.as_str())),
            V::T(responsible.map_or("", |r| &r.person_name)),
            V::I(deadline.map_or(0, |d| d.started_ms)),
            V::I(deadline.map_or(0, |d| d.due_ms)),
            V::I(i64::from(deadline.is_some_and(|d| d.stopped.is_some()))),
            V::I(case.rectified.as_ref().map_or(0, |d| d.at_ms)),
            V::I(case.verified.as_ref().map_or(0, |d| d.at_ms)),
            V::I(case.closed_at_ms.unwrap_or_default()),
            V::T(outcome),
            V::T(&case.satisfaction.map(|s| word(&s)).unwrap_or_default()),
            V::I(i64::from(case.reworks)),
            V::I(i64::try_from(case.photos.len()).unwrap_or(i64::MAX)),
            V::I(ground.now_ms),
            V::T(&search),
            V::B(&envelope::wrap(&body)),
        ],
    )?;
    Ok(())
}

fn history(tx: &mut dyn Tx, tenant: &str, id: &str) -> Result<Vec<HistoryLine>, E> {
    let damaged = |what: &'static str| move || E::Damaged(what.into());
    tx.all(
        "SELECT op, what, person, name, device_ms, hub_ms, st, why, zh, en, blobs, body
         FROM case_history WHERE tenant = $1 AND casefile = $2 ORDER BY seq",
        &[V::T(tenant), V::T(id)],
        |r| {
            let body = r.blob(11)?;
            let body = envelope::open(&body).ok().and_then(|b| String::from_utf8(b.to_vec()).ok());
            let body = body.and_then(|text| RawValue::from_string(text).ok());
            let (why, zh, en) = (r.text(7)?, r.text(8)?, r.text(9)?);
            Ok(HistoryLine {
                op: r.text(0)?.parse().map_err(|_| damaged("an op's id")())?,
                what: r.text(1)?,
                person: r.text(2)?.parse().map_err(|_| damaged("a person's id")())?,
                name: r.text(3)?,
                at_ms: r.int(4)?,
                hub_ms: r.int(5)?,
                verdict: verdict::from_columns(&r.text(6)?, why, zh, en, "", String::new()),
                blobs: serde_json::from_str(&r.text(10)?).map_err(|_| damaged("a line's photos")())?,
                body: body.ok_or_else(damaged("a line's body"))?,
            })
        },
    )
}

/// The feeds that show a case: its district's while it is open; always those of its reporter, of all who wrote in
/// its history from a phone, of the responsible person and of the responsible unit's handlers.
fn readers(tx: &mut dyn Tx, tenant: &str, case: &Case) -> Result<BTreeSet<String>, E> {
    let mut scopes = BTreeSet::from([format!("u/{}", case.reporter)]);
    if !case.state.is_over() {
        let district = tx.one(
            "SELECT district FROM casefile WHERE tenant = $1 AND id = $2 AND district <> ''",
            &[V::T(tenant), V::T(case.id.as_str())],
            |r| r.text(0),
        )?;
        scopes.extend(district.map(|code| format!("d/{code}")));
    }
    let mut people = tx.all(
        "SELECT DISTINCT h.person FROM case_history h JOIN op o ON o.tenant = h.tenant AND o.op = h.op
         WHERE h.tenant = $1 AND h.casefile = $2 AND o.device <> 'console'",
        &[V::T(tenant), V::T(case.id.as_str())],
        |r| r.text(0),
    )?;
    if let Some(responsible) = &case.responsible {
        people.push(responsible.person.to_string());
        people.extend(tx.all(
            "SELECT id FROM person WHERE tenant = $1 AND unit = $2 AND state = 'active'
               AND (',' || roles || ',') LIKE '%,handler,%' ORDER BY id",
            &[V::T(tenant), V::T(responsible.unit.as_str())],
            |r| r.text(0),
        )?);
    }
    scopes.extend(people.into_iter().filter(|p| !p.is_empty()).map(|p| format!("u/{p}")));
    Ok(scopes)
}
