//! What the hub holds, asked of its own ledger.

use serde_json::{Value, json};
use xuncha_hub::Hub;
use xuncha_hub::ledger::cases::{self, By, CaseFilter, Order};
use xuncha_hub::ledger::history::{self, Shot};
use xuncha_hub::ledger::{EXPORT, Sees, phones as ledger_phones, visits};

use super::{Result, StageError, unclear};

fn all(hub: &Hub) -> Sees {
    Sees { tenant: hub.tenant().to_string(), districts: String::new(), only: None }
}

/// Ids of all cases, in the order of reporting.
pub(super) async fn cases(hub: &Hub) -> Result<Vec<String>> {
    let (sees, now) = (all(hub), hub.now_ms());
    let listed = hub
        .db()
        .read(move |tx| {
            cases::list(tx, &sees, &CaseFilter::default(), Order::Up(By::Reported), now, (0, EXPORT))
        })
        .await?;
    Ok(listed.rows.iter().map(|row| row.case.id.to_string()).collect())
}

/// A case: state, number, who is responsible, history, photos.
pub(super) async fn case(hub: &Hub, id: &str) -> Result<Value> {
    let (sees, key) = (all(hub), id.to_owned());
    let found = hub
        .db()
        .read(move |tx| {
            let Some(row) = cases::one(tx, &sees, &key)? else { return Ok(None) };
            let lines = history::lines(tx, &sees.tenant, &key)?;
            Ok::<_, xuncha_hub::store::E>(Some((row, lines, history::shots(tx, &sees.tenant, "case", &key)?)))
        })
        .await?;
    let (row, lines, shots) = found.ok_or_else(|| unclear(format!("the hub has no case {id}")))?;
    let history = lines.iter().map(|line| {
        json!({"op": line.op, "what": line.what, "who": line.name, "refused": line.refused, "photos": line.photos})
    });
    Ok(json!({
        "case": id,
        "number": row.number(),
        "state": cases::state_word(row.case.state),
        "history": history.collect::<Vec<_>>(),
        "photos": shown(&shots),
    }))
}

/// A record: form, answers by meaning, cases, photos.
pub(super) async fn record(hub: &Hub, id: &str) -> Result<Value> {
    let (sees, key) = (all(hub), id.to_owned());
    let found = hub
        .db()
        .read(move |tx| {
            let Some(row) = visits::one(tx, &sees, &key)? else { return Ok(None) };
            let facts = visits::facts(tx, &sees.tenant, &key)?;
            let cases = visits::cases_of(tx, &sees.tenant)?.remove(&key).unwrap_or_default();
            let shots = history::shots(tx, &sees.tenant, "record", &key)?;
            Ok::<_, xuncha_hub::store::E>(Some((row, facts, cases, shots)))
        })
        .await?;
    let (row, facts, cases, shots) = found.ok_or_else(|| unclear(format!("the hub has no record {id}")))?;
    let facts = facts.iter().map(|fact| json!({"word": fact.word, "nth": fact.nth, "value": fact.value}));
    Ok(json!({
        "record": id,
        "form": row.form,
        "kind": row.kind,
        "facts": facts.collect::<Vec<_>>(),
        "cases": cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>(),
        "photos": shown(&shots),
    }))
}

fn shown(shots: &[Shot]) -> Vec<Value> {
    let shown =
        |shot: &Shot| json!({"id": shot.id, "role": shot.role, "whole": shot.here, "damage": shot.damage});
    shots.iter().map(shown).collect()
}

/// A photo: bytes that have arrived, whether it is whole, where it lies.
pub(super) fn photo(hub: &Hub, id: &str) -> Result<Value> {
    let blob = id.parse()?;
    let tenant = hub.tenant().to_string();
    let (bytes, whole) = hub
        .blobs()
        .offset(&tenant, &blob)
        .map_err(|error| StageError::Unclear(format!("the photo's file: {error}")))?;
    Ok(json!({"photo": id, "bytes": bytes, "whole": whole, "path": hub.blobs().path(&tenant, &blob)}))
}

/// Every phone: made and held.
pub(super) async fn phones(hub: &Hub) -> Result<Value> {
    let sees = all(hub);
    let rows = hub.db().read(move |tx| ledger_phones::list(tx, &sees)).await?;
    let phones = rows.iter().map(|row| {
        json!({"device": row.id, "name": row.name, "revoked": row.revoked, "made": row.made, "held": row.held,
            "photos_made": row.photos_made, "photos_held": row.photos_held})
    });
    Ok(json!({"phones": phones.collect::<Vec<_>>()}))
}
