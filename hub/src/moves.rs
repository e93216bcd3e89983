//! Moves made at the console go the way of every op: custody, judge, verdict.

use serde_json::value::RawValue;
use xuncha_casework::Move;
use xuncha_wire::body::{CaseNote, MoveBody, PhotoRef};
use xuncha_wire::push::{Op, OpKind, Verdict};
use xuncha_wire::{BlobId, EntityId, OpId};

use crate::identity::scoped;
use crate::push::custody::{self, Line};
use crate::push::{Ground, case, judge_op, verdict};
use crate::store::feed::Changes;
use crate::store::{E, Tx};
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
    seen: Option<OpId>,
    mv: &Move,
    photos: Vec<PhotoRef>,
) -> Result<Verdict, HubError> {
    let blobs = photos.iter().map(|p| p.id.clone()).collect();
    let body = body_of(mv, photos)?;
    author(hub, person, Draft { kind: OpKind::CaseMove, entity: case, seen, blobs, body }).await
}

/// Adds a note and photos to a case.
///
/// # Errors
/// As [`submit`].
pub async fn note(hub: &Hub, person: &str, case: EntityId, note: &CaseNote) -> Result<Verdict, HubError> {
    let blobs = note.photos.iter().map(|p| p.id.clone()).collect();
    let draft = Draft { kind: OpKind::CaseNote, entity: case, seen: None, blobs, body: to_raw(note)? };
    author(hub, person, draft).await
}

/// A move with its photos as an op's body.
pub(crate) fn body_of(mv: &Move, photos: Vec<PhotoRef>) -> Result<Box<RawValue>, HubError> {
    let raw =
        serde_json::value::to_raw_value(mv).map_err(|e| xuncha_wire::WireError::from_json("move", &e))?;
    to_raw(&MoveBody { mv: raw, photos })
}

fn to_raw<T: serde::Serialize>(body: &T) -> Result<Box<RawValue>, HubError> {
    serde_json::value::to_raw_value(body)
        .map_err(|e| HubError::Wire(xuncha_wire::WireError::from_json("body", &e)))
}

/// What is written at the hub, before it is an op.
pub(crate) struct Draft {
    /// A move or a note.
    pub(crate) kind: OpKind,
    /// The case.
    pub(crate) entity: EntityId,
    /// The head that its author saw; none: the head as it is now.
    pub(crate) seen: Option<OpId>,
    /// The photos that it names.
    pub(crate) blobs: Vec<BlobId>,
    /// Its body.
    pub(crate) body: Box<RawValue>,
}

async fn author(hub: &Hub, person: &str, draft: Draft) -> Result<Verdict, HubError> {
    let (tenant, id) = (hub.tenant().to_string(), person.to_owned());
    let who = hub.db().read(move |tx| scoped::by_person(tx, &tenant, &id, CONSOLE)).await?;
    let who = who.ok_or(HubError::NotFound { what: "person", id: person.to_owned() })?;
    let ground = Ground::of(hub, &who)?;
    let (entity, id) = (draft.entity, clock::op_id(hub.clock())?);
    let decided = hub.db().write(move |tx| enter(tx, &ground, id, &draft)).await?;
    decided.ok_or(HubError::NotFound { what: "case", id: entity.to_string() })
}

/// Custody, judgement and verdict of what is written at the hub, in the caller's transaction; `None`: no such case.
pub(crate) fn enter(tx: &mut dyn Tx, ground: &Ground, id: OpId, draft: &Draft) -> Result<Option<Verdict>, E> {
    let (tenant, at_ms) = (&ground.who.tenant, ground.now_ms);
    let Some(file) = case::load(tx, tenant, &draft.entity.to_string())? else {
        return Ok(None);
    };
    let op = Op {
        op: id,
        n: 0,
        kind: draft.kind,
        entity: draft.entity,
        parent: draft.seen.or_else(|| file.head.as_str().parse().ok()),
        amends: None,
        scope: None,
        at_ms,
        blobs: draft.blobs.clone(),
        body: draft.body.clone(),
    };
    let line = Line::of_op(op).map_err(|_| E::Other("an op does not serialise".into()))?;
    custody::insert(tx, ground, &line, 0)?;
    let mut changes = Changes::default();
    let op = line.op.as_ref().ok_or_else(|| E::Other("an op that is none".into()))?;
    let decided = judge_op(tx, ground, op, 0, &mut changes)?;
    verdict::put(tx, tenant, &line.id, &ground.who.person, &decided, at_ms, "")?;
    changes.commit(tx, tenant, &ground.mark, at_ms)?;
    Ok(Some(decided))
}
