//! Moves made at the console go the way of every op: custody, judge, verdict.

use serde_json::value::RawValue;
use xuncha_casework::Move;
use xuncha_wire::EntityId;
use xuncha_wire::body::{CaseNote, MoveBody, PhotoRef};
use xuncha_wire::push::{Op, OpKind, Verdict};

use crate::identity::scoped;
use crate::push::custody::{self, Line};
use crate::push::{Ground, case, judge_op, verdict};
use crate::store::E;
use crate::store::feed::Changes;
use crate::{Hub, HubError, clock};

/// The device of an op that was made at the console.
pub const CONSOLE: &str = "console";

/// Makes a move in someone's name on the head that they saw (`None`: on the head as it is now), and answers the
/// hub's verdict. A refused move is in the history, with its evidence.
///
/// # Errors
/// [`HubError::NotFound`] for person or case, or the store's errors. A refusal is no error.
pub async fn submit(
    hub: &Hub,
    person: &str,
    case: EntityId,
    seen: Option<xuncha_wire::OpId>,
    mv: &Move,
    photos: Vec<PhotoRef>,
) -> Result<Verdict, HubError> {
    let raw =
        serde_json::value::to_raw_value(mv).map_err(|e| xuncha_wire::WireError::from_json("move", &e))?;
    let blobs = photos.iter().map(|p| p.id.clone()).collect();
    let body = to_raw(&MoveBody { mv: raw, photos })?;
    author(hub, person, case, OpKind::CaseMove, seen, blobs, body).await
}

/// Adds a note and photos to a case.
///
/// # Errors
/// As [`submit`].
pub async fn note(hub: &Hub, person: &str, case: EntityId, note: &CaseNote) -> Result<Verdict, HubError> {
    let blobs = note.photos.iter().map(|p| p.id.clone()).collect();
    author(hub, person, case, OpKind::CaseNote, None, blobs, to_raw(note)?).await
}

fn to_raw<T: serde::Serialize>(body: &T) -> Result<Box<RawValue>, HubError> {
    serde_json::value::to_raw_value(body)
        .map_err(|e| HubError::Wire(xuncha_wire::WireError::from_json("body", &e)))
}

async fn author(
    hub: &Hub,
    person: &str,
    entity: EntityId,
    kind: OpKind,
    seen: Option<xuncha_wire::OpId>,
    blobs: Vec<xuncha_wire::BlobId>,
    body: Box<RawValue>,
) -> Result<Verdict, HubError> {
    let (tenant, id) = (hub.tenant().to_string(), person.to_owned());
    let who = hub.db().read(move |tx| scoped::by_person(tx, &tenant, &id, CONSOLE)).await?;
    let who = who.ok_or(HubError::NotFound { what: "person", id: person.to_owned() })?;
    let ground = Ground::of(hub, &who)?;
    let (at_ms, id) = (ground.now_ms, clock::op_id(hub.clock())?);
    let decided = hub
        .db()
        .write(move |tx| {
            let Some(file) = case::load(tx, &ground.who.tenant, &entity.to_string())? else {
                return Ok(None);
            };
            let parent = seen.or_else(|| file.head.as_str().parse().ok());
            let (blobs, body) = (blobs.clone(), body.clone());
            let op = Op { op: id, n: 0, kind, entity, parent, amends: None, scope: None, at_ms, blobs, body };
            let line = Line::of_op(op).map_err(|_| E::Other("an op does not serialise".into()))?;
            custody::insert(tx, &ground, &line, 0)?;
            let mut changes = Changes::default();
            let op = line.op.as_ref().ok_or_else(|| E::Other("an op that is none".into()))?;
            let decided = judge_op(tx, &ground, op, 0, &mut changes)?;
            verdict::put(tx, &ground.who.tenant, &line.id, &ground.who.person, &decided, at_ms, "")?;
            changes.commit(tx, &ground.who.tenant, &ground.mark, at_ms)?;
            Ok(Some(decided))
        })
        .await?;
    decided.ok_or(HubError::NotFound { what: "case", id: entity.to_string() })
}
