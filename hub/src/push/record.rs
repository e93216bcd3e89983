//! A record comes in: its row for the ledger, its facts, its photos, and the assignment that it fulfils.

use xuncha_wire::body::RecordBody;
use xuncha_wire::entity::{AssignmentBody, KIND_ASSIGNMENT, KIND_RECORD, KIND_SITE};
use xuncha_wire::push::{Op, Verdict};

use super::{Ground, listed, photos, verdict};
use crate::days;
use crate::identity::scoped;
use crate::office::entities;
use crate::store::feed::{Changes, put_new_entity};
use crate::store::{E, Tx, V};

pub(super) fn take(tx: &mut dyn Tx, ground: &Ground, op: &Op, changes: &mut Changes) -> Result<Verdict, E> {
    let Ok(body) = serde_json::from_str::<RecordBody>(op.body.get()) else {
        return Ok(verdict::bad_body());
    };
    let tenant = &ground.who.tenant;
    if !ground.released && !form_known(tx, tenant, &body)? {
        return Ok(verdict::quarantined(
            "unknown_form",
            "平台收到了，但没有这张表的这个版本，先代为保管，等管理员处理。内容没有丢。",
            "The hub has it but not this version of the form, and keeps it. The administrator decides; nothing is lost.",
        ));
    }
    let site = body.site.map(|s| s.to_string()).unwrap_or_default();
    let district = match site_of(tx, tenant, &site)? {
        Some((district, _)) => district,
        None => district_of(op, ground),
    };
    if !reaches(tx, ground, op, &site, &district)? {
        return Ok(verdict::scope_lost());
    }
    let id = op.entity.to_string();
    if !insert(tx, ground, op, &body, &id, &site, &district)? {
        return Ok(verdict::taken());
    }
    facts(tx, tenant, &id, &body)?;
    photos::place(tx, tenant, "record", &id, &op.op.to_string(), &body.photos)?;
    if let Some(amended) = op.amends {
        tx.exec(
            "UPDATE record SET replaced_by = $3
             WHERE tenant = $1 AND id = $2 AND person = $4 AND replaced_by = ''",
            &[V::T(tenant), V::T(&amended.to_string()), V::T(&id), V::T(&ground.who.person)],
        )?;
    }
    put_new_entity(tx, tenant, KIND_RECORD, &id, op.body.get().as_bytes())?;
    changes.show_new(&format!("u/{}", ground.who.person), KIND_RECORD, &id);
    fulfil(tx, tenant, &body, &site, op, changes)?;
    listed::take(tx, ground, op.entity, &body.entities, changes)?;
    Ok(Verdict::Applied)
}

/// May the author write there: into a district of theirs, or at a site that one of their feeds shows them, such as one
/// in another district that was assigned to them?
pub(super) fn reaches(
    tx: &mut dyn Tx,
    ground: &Ground,
    op: &Op,
    site: &str,
    district: &str,
) -> Result<bool, E> {
    let who = &ground.who;
    let named = op.scope.as_ref().is_none_or(|scope| who.everywhere || who.reads(scope.as_str()));
    if ground.released || (named && who.covers(district)) {
        return Ok(true);
    }
    Ok(!site.is_empty() && scoped::may_read(tx, who, KIND_SITE, site)?)
}

fn form_known(tx: &mut dyn Tx, tenant: &str, body: &RecordBody) -> Result<bool, E> {
    let known = tx.one(
        "SELECT 1 FROM form WHERE tenant = $1 AND form = $2 AND version = $3",
        &[V::T(tenant), V::T(&body.form), V::T(&body.version)],
        |r| r.int(0),
    )?;
    Ok(known.is_some())
}

/// A site's district and name.
pub(super) fn site_of(tx: &mut dyn Tx, tenant: &str, site: &str) -> Result<Option<(String, String)>, E> {
    if site.is_empty() {
        return Ok(None);
    }
    tx.one(
        "SELECT district, name FROM site WHERE tenant = $1 AND id = $2",
        &[V::T(tenant), V::T(site)],
        |r| Ok((r.text(0)?, r.text(1)?)),
    )
}

/// The district the author names, else the one of their unit.
pub(super) fn district_of(op: &Op, ground: &Ground) -> String {
    let named = op.scope.as_ref().and_then(|s| s.as_str().strip_prefix("d/")).map(str::to_owned);
    named.unwrap_or_else(|| ground.who.district.clone())
}

fn insert(
    tx: &mut dyn Tx,
    ground: &Ground,
    op: &Op,
    body: &RecordBody,
    id: &str,
    site: &str,
    district: &str,
) -> Result<bool, E> {
    let mut search = format!("{} {} {}", body.name, ground.who.name, body.form);
    for fact in &body.facts {
        search.push(' ');
        search.push_str(&fact.value);
    }
    let search: String = search.chars().take(4000).collect();
    let new = tx.exec(
        "INSERT INTO record (tenant, id, op, device, person, person_name, unit, form, version, kind, name, site,
             campaign, district, day, device_started_ms, device_finalized_ms, received_ms, amends, replaced_by,
             photos, search)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '', $20, $21)
         ON CONFLICT (tenant, id) DO NOTHING",
        &[
            V::T(&ground.who.tenant),
            V::T(id),
            V::T(&op.op.to_string()),
            V::T(&ground.who.device),
            V::T(&ground.who.person),
            V::T(&ground.who.name),
            V::T(&ground.who.unit),
            V::T(&body.form),
            V::T(&body.version),
            V::T(&body.kind),
            V::T(&body.name),
            V::T(site),
            V::T(&body.campaign.map(|c| c.to_string()).unwrap_or_default()),
            V::T(district),
            V::T(&days::day(body.finalized_ms, ground.zone_min)),
            V::I(body.started_ms),
            V::I(body.finalized_ms),
            V::I(ground.now_ms),
            V::T(&op.amends.map(|a| a.to_string()).unwrap_or_default()),
            V::I(i64::try_from(body.photos.len()).unwrap_or(i64::MAX)),
            V::T(&search),
        ],
    )?;
    Ok(new == 1)
}

fn facts(tx: &mut dyn Tx, tenant: &str, id: &str, body: &RecordBody) -> Result<(), E> {
    for (ord, fact) in (0_i64..).zip(&body.facts) {
        tx.exec(
            "INSERT INTO fact (tenant, record, ord, word, nth, value) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                V::T(tenant),
                V::T(id),
                V::I(ord),
                V::T(&fact.is),
                V::I(i64::from(fact.nth)),
                V::T(&fact.value),
            ],
        )?;
    }
    Ok(())
}

/// A record of a campaign's form at one of its sites fulfils the assignment, once.
fn fulfil(
    tx: &mut dyn Tx,
    tenant: &str,
    body: &RecordBody,
    site: &str,
    op: &Op,
    changes: &mut Changes,
) -> Result<(), E> {
    let Some(campaign) = body.campaign else { return Ok(()) };
    let done = op.entity.to_string();
    let assignment = tx.one(
        "UPDATE assignment SET done = $4
         WHERE tenant = $1 AND campaign = $2 AND site = $3 AND done = ''
           AND EXISTS (SELECT 1 FROM campaign c WHERE c.tenant = $1 AND c.id = $2 AND c.form = $5)
         RETURNING id",
        &[V::T(tenant), V::T(&campaign.to_string()), V::T(site), V::T(&done), V::T(&body.form)],
        |r| r.text(0),
    )?;
    let Some(id) = assignment else { return Ok(()) };
    let Some(mut assignment) = entities::read::<AssignmentBody>(tx, tenant, KIND_ASSIGNMENT, &id)? else {
        return Ok(());
    };
    assignment.done = Some(op.entity);
    let ver = entities::put(tx, tenant, KIND_ASSIGNMENT, &id, &assignment)?;
    if let Some(person) = &assignment.person {
        changes.show(&format!("u/{person}"), KIND_ASSIGNMENT, &id, ver);
    }
    Ok(())
}
