//! Making moves: judged here by the hub's own rule, then recorded as ops.

use std::sync::Arc;

use xuncha_casework::case::{
    Acknowledgement, Outcome, Rectification, Step, Verification, VerifyMode, VerifyResult, judge,
};
use xuncha_casework::{Move, PhotoRef as CasePhoto, Refusal, SignedMove};
use xuncha_wire::body::{CaseNote, MoveBody, PhotoRef};
use xuncha_wire::push::OpKind;
use xuncha_wire::{BlobId, OpId};

use super::{Ground, SeenCase, one};
use crate::change::Change;
use crate::core::Core;
use crate::error::{AppError, Words};
use crate::store::ops::{self, KeptOp, NewOp, OpState};
use crate::store::{Reader, StoreError, photos, transact};
use crate::view::{CaseMove, MovePreview, MoveReceipt, OutcomeChoice, VerifyFinding};

type Result<T> = std::result::Result<T, AppError>;

/// As casework says it.
pub(crate) fn to_move(mv: CaseMove) -> Result<Move> {
    Ok(match mv {
        CaseMove::Receive { note } => Move::Receive { note },
        CaseMove::SendBack { reason } => Move::SendBack { reason },
        CaseMove::Rectify { outcome, note, photos } => {
            Move::Rectify(Rectification { outcome: to_outcome(outcome), note, photos: to_photos(&photos)? })
        }
        CaseMove::Verify { finding, on_site, note, photos } => Move::Verify(Verification {
            result: match finding {
                VerifyFinding::Passed => VerifyResult::Passed,
                VerifyFinding::Failed => VerifyResult::Failed,
                VerifyFinding::NotFound => VerifyResult::NotFound,
            },
            mode: if on_site { VerifyMode::OnSite } else { VerifyMode::ByEvidence },
            photos: to_photos(&photos)?,
            note,
        }),
        CaseMove::Acknowledge { name, signature } => {
            Move::Acknowledge(Acknowledgement { name, signature: to_photos(&signature)? })
        }
        CaseMove::Supplement { text, photos } => Move::Supplement { text, photos: to_photos(&photos)? },
        CaseMove::RequestExtension { reason, until_ms } => Move::RequestExtension { reason, until_ms },
        CaseMove::RequestSuspension { reason, until } => Move::RequestSuspension { reason, until },
        CaseMove::Remind { text } => Move::Remind { text },
        CaseMove::Close { note } => Move::Close { note },
        CaseMove::Reopen { reason } => Move::Reopen { reason },
    })
}

fn to_outcome(outcome: OutcomeChoice) -> Outcome {
    match outcome {
        OutcomeChoice::Resolved => Outcome::Resolved,
        OutcomeChoice::PhasedPlan { steps } => Outcome::PhasedPlan {
            steps: steps
                .into_iter()
                .map(|step| Step {
                    text: step.text,
                    date: step.date,
                    person: (!step.person.is_empty()).then(|| step.person.into()),
                    person_name: String::new(),
                })
                .collect(),
        },
        OutcomeChoice::PolicyExplained { basis, explanation } => {
            Outcome::PolicyExplained { basis, explanation, acknowledged: None }
        }
    }
}

fn to_photos(ids: &[String]) -> Result<Vec<CasePhoto>> {
    let parsed = ids.iter().map(|id| id.parse().map_err(|_| no_photo(id)));
    parsed.collect()
}

fn no_photo(id: &str) -> AppError {
    AppError::NotFound { what: "photo".into(), id: id.to_owned() }
}

/// Photos that a move names.
fn photos_of(mv: &Move) -> Vec<&CasePhoto> {
    match mv {
        Move::Rectify(done) => done.photos.iter().collect(),
        Move::Verify(done) => done.photos.iter().collect(),
        Move::Acknowledge(done) => done.signature.iter().collect(),
        Move::Supplement { photos, .. } => photos.iter().collect(),
        _ => Vec::new(),
    }
}

fn role_of(mv: &Move) -> &'static str {
    match mv {
        Move::Rectify(_) => "after",
        Move::Verify(_) => "check",
        Move::Acknowledge(_) => "signature",
        _ => "before",
    }
}

/// A move on top of what this phone sees.
fn signed(id: OpId, seen: &SeenCase, ground: &Ground, at_ms: i64, mv: Move) -> SignedMove {
    SignedMove {
        id: id.to_string().into(),
        case: seen.case.id.clone(),
        parent: Some(seen.case.head.clone()),
        actor: ground.actor.clone(),
        at_device_ms: at_ms,
        // Judged at the hub's time as this phone knows it.
        at_hub_ms: Some(ground.now_ms),
        mv,
    }
}

/// Whether a move would be taken.
pub(crate) fn preview(core: &Core, reader: &Reader, case: &str, mv: CaseMove) -> Result<MovePreview> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    let seen = one(reader, &ground, case)?;
    let mv = to_move(mv)?;
    let label = ground.words(mv.kind().words());
    let judged = judge(
        Some(&seen.case),
        &signed(core.env.op_id(), &seen, &ground, core.env.now_ms(), mv),
        &ground.rules,
    );
    Ok(match judged {
        Ok(_) => MovePreview { allowed: true, missing: Vec::new(), sentence: String::new(), button: label },
        Err(refusal) => {
            let missing: Vec<String> = match &refusal {
                Refusal::Missing { missing } => {
                    missing.iter().map(|need| ground.words(need.words())).collect()
                }
                _ => Vec::new(),
            };
            let button = match missing.first() {
                Some(first) => ground.say(format!("还差{first}，去补"), format!("Missing: {first}")),
                None => label,
            };
            MovePreview { allowed: false, missing, sentence: ground.words(refusal.words()), button }
        }
    })
}

/// What is to be written for a move.
struct Draft {
    op: NewOp,
    photos: Vec<PhotoRef>,
    receipt: MoveReceipt,
}

/// Judges and composes; nothing is written yet.
fn compose(core: &Core, reader: &Reader, case: &str, mv: Move) -> Result<Draft> {
    let ground = Ground::load(reader, &core.env, core.language())?;
    if ground.who.is_none() {
        return Err(AppError::Unauthorized { revoked: false });
    }
    let seen = one(reader, &ground, case)?;
    let (id, at_ms) = (core.env.op_id(), core.env.now_ms());
    let kind = mv.kind();
    let judged = judge(Some(&seen.case), &signed(id, &seen, &ground, at_ms, mv.clone()), &ground.rules);
    let moved = judged.map_err(|refusal| {
        let words = refusal.words();
        Words::new(words.zh, words.en).invalid(super::word(&kind))
    })?;
    let role = role_of(&mv);
    let known = photos::used_by(&reader.mine, case)?;
    let mut named = Vec::new();
    for photo in photos_of(&mv) {
        let found = known.iter().find(|known| known.id.as_str() == photo.as_str());
        let found = found.ok_or_else(|| no_photo(photo.as_str()))?;
        named.push(PhotoRef { role: role.into(), ..found.clone() });
    }
    let raw = serde_json::value::to_raw_value(&mv).map_err(StoreError::from)?;
    let body = serde_json::to_vec(&MoveBody { mv: raw, photos: named.clone() }).map_err(StoreError::from)?;
    let op = NewOp {
        op: id,
        kind: OpKind::CaseMove,
        entity: case.parse().map_err(StoreError::from)?,
        parent: seen.case.head.as_str().parse().ok(),
        scope: None,
        at_ms,
        blobs: named.iter().map(|photo| photo.id.clone()).collect(),
        body,
    };
    Ok(Draft { op, photos: named, receipt: receipt(&ground, id, &moved) })
}

fn receipt(ground: &Ground, op: OpId, case: &xuncha_casework::Case) -> MoveReceipt {
    MoveReceipt {
        op: op.to_string(),
        sentence: ground.say(
            "已记在本机，平台收到后生效；若别人先办，会告诉你。",
            "Kept on this phone; it takes effect when the hub has it. If someone was first, you will be told.",
        ),
        state_word: ground.words(case.state.words()),
    }
}

async fn write(core: &Arc<Core>, case: String, draft: Draft, leave: Option<String>) -> Result<MoveReceipt> {
    let Draft { op, photos, receipt } = draft;
    core.write(move |writer| {
        // Composed by a reader: a second tap may have been written meanwhile.
        if ops::rests_on(&writer.mine, &op)? {
            return Err(Words::new(
                "这一步刚才已经记下，没有再记一遍。",
                "This step was recorded a moment ago; it was not recorded again.",
            )
            .invalid("move"));
        }
        Ok(transact(&mut writer.mine, |tx| {
            ops::add(tx, &op)?;
            for photo in &photos {
                photos::bind(tx, &case, photo, true)?;
            }
            // The refused one stays in the history; this is its new attempt.
            leave.as_deref().map_or(Ok(()), |refused| ops::leave(tx, refused))
        })?)
    })
    .await?;
    core.notifier.notice(Change::Cases);
    core.notifier.notice(Change::Sync);
    Ok(receipt)
}

/// Makes a move.
pub(crate) async fn make(core: &Arc<Core>, case: String, mv: CaseMove) -> Result<MoveReceipt> {
    let mv = to_move(mv)?;
    let (inner, id) = (core.clone(), case.clone());
    let draft = core.read(move |reader| compose(&inner, reader, &id, mv)).await?;
    write(core, case, draft, None).await
}

/// Adds words or photos to a case.
pub(crate) async fn note(
    core: &Arc<Core>,
    case: String,
    text: String,
    ids: Vec<String>,
) -> Result<MoveReceipt> {
    if text.trim().is_empty() && ids.is_empty() {
        return Err(Words::new(
            "还没有写字，也没有照片，没有记下。写一句或拍一张。",
            "Neither words nor photos: nothing was recorded. Write a line or take a photo.",
        )
        .invalid("note"));
    }
    let (inner, id) = (core.clone(), case.clone());
    let draft = core
        .read(move |reader| {
            let ground = Ground::load(reader, &inner.env, inner.language())?;
            let seen = one(reader, &ground, &id)?;
            let known = photos::used_by(&reader.mine, &id)?;
            let mut named = Vec::new();
            for photo in &ids {
                let found = known.iter().find(|known| known.id.as_str() == photo);
                named.push(found.cloned().ok_or_else(|| no_photo(photo))?);
            }
            let blobs: Vec<BlobId> = named.iter().map(|photo| photo.id.clone()).collect();
            let body =
                serde_json::to_vec(&CaseNote { text, photos: named.clone() }).map_err(StoreError::from)?;
            let op = inner.env.op_id();
            let entity = id.parse().map_err(StoreError::from)?;
            let at_ms = inner.env.now_ms();
            let op =
                NewOp { op, kind: OpKind::CaseNote, entity, parent: None, scope: None, at_ms, blobs, body };
            Ok(Draft { receipt: receipt(&ground, op.op, &seen.case), op, photos: named })
        })
        .await?;
    write(core, case, draft, None).await
}

/// Submits a refused move again on the present state.
pub(crate) async fn reapply(core: &Arc<Core>, op: String) -> Result<MoveReceipt> {
    let (inner, refused) = (core.clone(), op.clone());
    let (case, draft) = core
        .read(move |reader| {
            let kept = ops::get(&reader.mine, &refused)?;
            let kept = kept.filter(|kept| kept.state == OpState::Refused && kept.kind == OpKind::CaseMove);
            let kept = kept.ok_or_else(|| AppError::NotFound { what: "refused op".into(), id: refused })?;
            let case = kept.entity.to_string();
            let draft = compose(&inner, reader, &case, move_of(&kept)?)?;
            Ok((case, draft))
        })
        .await?;
    write(core, case, draft, Some(op)).await
}

fn move_of(op: &KeptOp) -> Result<Move> {
    let body: MoveBody = serde_json::from_slice(op.body()?).map_err(StoreError::from)?;
    Ok(serde_json::from_str(body.mv.get()).map_err(StoreError::from)?)
}

/// Would the refused move fit now?
pub(crate) fn can_reapply(reader: &Reader, ground: &Ground, op: &KeptOp) -> bool {
    let judged = || {
        let seen = one(reader, ground, &op.entity.to_string()).ok()?;
        let mv = signed(op.op, &seen, ground, op.at_ms, move_of(op).ok()?);
        judge(Some(&seen.case), &mv, &ground.rules).ok()
    };
    op.kind == OpKind::CaseMove && judged().is_some()
}
