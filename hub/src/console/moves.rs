//! A form of the case page becomes a move and goes the way of every op: custody, judge, verdict.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use xuncha_casework::case::{
    Acceptance, Acknowledgement, Correction, Dispatch, Rectification, Satisfaction, Step, Verification,
    VerifyMode, VerifyResult, needs,
};
use xuncha_casework::responsibility::Responsible;
use xuncha_casework::{CategoryKey, Limit, Move, MoveKind, Outcome, Role};
use xuncha_wire::body::{Capture, PhotoRef};
use xuncha_wire::push::Verdict;
use xuncha_wire::{BlobId, EntityId, OpId};

use super::case::{self, File, Lost, field_of, parse};
use super::frame::address;
use super::session::Signed;
use super::trouble::{Answer, Trouble};
use crate::blobs::Arrival;
use crate::{Hub, HubError, moves, photos};

/// What a form brought.
#[derive(Default)]
struct Sent {
    typed: BTreeMap<String, String>,
    files: Vec<Bytes>,
}

impl Sent {
    fn text(&self, name: &str) -> String {
        self.typed.get(name).map(|v| v.trim().to_owned()).unwrap_or_default()
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|v| !v.is_empty())
    }
}

async fn read(mut parts: Multipart) -> Result<Sent, Trouble> {
    let torn = |_| {
        HubError::invalid("表单没有传完，没有提交。回上一页，写的都在，再交一次。", "the form was cut short")
    };
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await.map_err(torn)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "photos" {
            let bytes = part.bytes().await.map_err(torn)?;
            if !bytes.is_empty() {
                sent.files.push(bytes);
            }
        } else {
            sent.typed.insert(name, part.text().await.map_err(torn)?);
        }
    }
    Ok(sent)
}

/// `POST /cases/{id}/moves`.
pub(super) async fn make(
    State(hub): State<Hub>,
    signed: Signed,
    Path(id): Path<String>,
    parts: Multipart,
) -> Answer {
    let entity: EntityId = id.parse().map_err(|_| Trouble::Lost)?;
    let file = case::file(&hub, &signed, &id).await?;
    let sent = read(parts).await?;
    let kind = parse(&sent.text("move")).ok_or(Trouble::Lost)?;
    let from = sent.text("from");
    let photos: Vec<PhotoRef> = sent.files.iter().map(|bytes| photo(bytes, kind)).collect();
    let mv = match as_move(kind, &sent, &file, &photos) {
        Ok(mv) => mv,
        Err(fault) => return turned_down(&hub, &signed, &id, &from, vec![fault], sent).await,
    };
    let contact = signed.actor().is(Role::Contact);
    let missing = needs(Some(&file.row.case), &mv, contact, hub.now_ms(), &file.rules);
    if !missing.is_empty() {
        let faults = missing.iter().map(|m| (field_of(*m).to_owned(), format!("还差{}", m.words().zh)));
        return turned_down(&hub, &signed, &id, &from, faults.collect(), sent).await;
    }
    keep(&hub, &signed, &photos, &sent.files).await?;
    let seen: Option<OpId> = sent.text("parent").parse().ok();
    let verdict = moves::submit(&hub, &signed.0.person, entity, seen, &mv, photos.clone()).await?;
    for (photo, bytes) in photos.iter().zip(&sent.files) {
        photos::arrived(&hub, &signed.0.tenant, &photo.id, bytes.len() as u64).await?;
    }
    match verdict {
        Verdict::Applied => {
            let word = sent.text("move");
            let to = address(&format!("/cases/{id}"), &[("done".into(), word), ("from".into(), from)]);
            Ok(Redirect::to(&to).into_response())
        }
        Verdict::Duplicate => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Verdict::Refused { why, zh, .. } => {
            // The same kind of move was first: the very same, by a second click, or someone else's.
            let twice = why == "same" && case::file(&hub, &signed, &id).await?.last_is(&mv);
            let (head, text) = if twice {
                ("没有重复提交".to_owned(), "已办理过，没有重复提交。内容都在，不用再做。".to_owned())
            } else {
                (format!("“{}”没有生效", kind.words().zh), zh)
            };
            lost(&hub, &signed, &id, &from, StatusCode::CONFLICT, head, text, sent).await
        }
        Verdict::Quarantined { zh, .. } => {
            let head = "平台代管，还没有生效".to_owned();
            lost(&hub, &signed, &id, &from, StatusCode::ACCEPTED, head, zh, sent).await
        }
        Verdict::Retry => {
            let text = "平台正忙，这一步没有生效，写的都在。再交一次。".to_owned();
            lost(&hub, &signed, &id, &from, StatusCode::SERVICE_UNAVAILABLE, "没有生效".into(), text, sent)
                .await
        }
    }
}

/// Nothing was submitted: the form again, with what is wrong at each field.
async fn turned_down(
    hub: &Hub,
    signed: &Signed,
    id: &str,
    from: &str,
    faults: Vec<(String, String)>,
    sent: Sent,
) -> Answer {
    let lost = Lost {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        head: format!("有{}处要改", faults.len()),
        text: "还没有提交，写的都在。选过的照片要再选一次。".to_owned(),
        faults,
        typed: sent.typed,
    };
    case::show(hub, signed, id, from, "", Some(lost)).await
}

#[allow(clippy::too_many_arguments, reason = "one page's worth of what became of a form")]
async fn lost(
    hub: &Hub,
    signed: &Signed,
    id: &str,
    from: &str,
    status: StatusCode,
    head: String,
    text: String,
    sent: Sent,
) -> Answer {
    let lost = Lost { status, head, text, faults: Vec::new(), typed: sent.typed };
    case::show(hub, signed, id, from, "", Some(lost)).await
}

/// A picture that was chosen at a desk: nothing is known of where it was taken, and it says so.
fn photo(bytes: &Bytes, kind: MoveKind) -> PhotoRef {
    let seen = xuncha_photos::inspect(bytes);
    let mime = match bytes.get(..4) {
        Some([0xFF, 0xD8, 0xFF, _]) => "image/jpeg",
        Some([0x89, b'P', b'N', b'G']) => "image/png",
        Some(b"RIFF") => "image/webp",
        _ => "application/octet-stream",
    };
    PhotoRef {
        id: BlobId::of(bytes),
        size: bytes.len() as u64,
        mime: mime.to_owned(),
        at: String::new(),
        role: match kind {
            MoveKind::Rectify => "after",
            MoveKind::Verify => "check",
            MoveKind::Acknowledge => "signature",
            _ => "before",
        }
        .to_owned(),
        width: 0,
        height: 0,
        damage: match seen.condition {
            xuncha_photos::Condition::Whole => String::new(),
            _ => "damaged".to_owned(),
        },
        capture: Capture { imported: true, ..Capture::default() },
    }
}

/// The bytes first: what a move names is here before the move is.
async fn keep(hub: &Hub, signed: &Signed, photos: &[PhotoRef], files: &[Bytes]) -> Result<(), Trouble> {
    for (photo, bytes) in photos.iter().zip(files) {
        let whole = Arrival { offset: None, length: Some(photo.size), last: true };
        let body = Body::from(bytes.clone());
        hub.blobs().receive(&signed.0.tenant, &photo.id, whole, body).await.map_err(|e| {
            HubError::invalid(
                format!("照片没有存下来，没有提交：{e}。再试一次。"),
                format!("the photo was not stored: {e}"),
            )
        })?;
    }
    Ok(())
}

type Fault = (String, String);

fn fault(field: &str, text: &str) -> Fault {
    (field.to_owned(), text.to_owned())
}

fn as_move(kind: MoveKind, sent: &Sent, file: &File, photos: &[PhotoRef]) -> Result<Move, Fault> {
    let ids: Vec<xuncha_casework::PhotoRef> =
        photos.iter().filter_map(|p| p.id.to_string().try_into().ok()).collect();
    let reason = sent.text("reason");
    Ok(match kind {
        MoveKind::Accept => Move::Accept(acceptance(sent)),
        MoveKind::Reject => Move::Reject { reason },
        MoveKind::RequestMore => Move::RequestMore { wanted: sent.text("wanted") },
        MoveKind::Supplement => Move::Supplement { text: sent.text("text"), photos: ids },
        MoveKind::Correct => Move::Correct(Box::new(Correction {
            description: sent.some("description"),
            place: sent.some("place"),
            reason,
            ..Correction::default()
        })),
        MoveKind::Dispatch => {
            Move::Dispatch(Dispatch { responsible: responsible(sent, file)?, limit: limit(sent)?, reason })
        }
        MoveKind::Receive => Move::Receive { note: sent.text("note") },
        MoveKind::SendBack => Move::SendBack { reason },
        MoveKind::Remind => Move::Remind { text: sent.text("text") },
        MoveKind::Rectify => {
            Move::Rectify(Rectification { outcome: outcome(sent)?, note: sent.text("note"), photos: ids })
        }
        MoveKind::RequestExtension => Move::RequestExtension { reason, until_ms: until_ms(sent, file)? },
        MoveKind::Extend => Move::Extend { reason, until_ms: until_ms(sent, file)? },
        MoveKind::RequestSuspension => Move::RequestSuspension { reason, until: sent.text("until") },
        MoveKind::Suspend => Move::Suspend { reason, until: sent.text("until") },
        MoveKind::Resume => Move::Resume { note: sent.text("note") },
        MoveKind::Decline => Move::Decline { reason },
        MoveKind::Acknowledge => {
            Move::Acknowledge(Acknowledgement { name: sent.text("name"), signature: ids })
        }
        MoveKind::Verify => Move::Verify(Verification {
            result: match sent.text("result").as_str() {
                "passed" => VerifyResult::Passed,
                "failed" => VerifyResult::Failed,
                "not_found" => VerifyResult::NotFound,
                _ => return Err(fault("result", "还没有选结果。选一个。")),
            },
            mode: match sent.text("mode").as_str() {
                "by_evidence" => VerifyMode::ByEvidence,
                _ => VerifyMode::OnSite,
            },
            photos: ids,
            note: sent.text("note"),
        }),
        MoveKind::Close => Move::Close { note: sent.text("note") },
        MoveKind::Rate => Move::Rate {
            satisfaction: match sent.text("satisfaction").as_str() {
                "satisfied" => Satisfaction::Satisfied,
                "fairly" => Satisfaction::Fairly,
                "dissatisfied" => Satisfaction::Dissatisfied,
                _ => return Err(fault("satisfaction", "还没有选满意度。选一个。")),
            },
            comment: sent.text("note"),
        },
        MoveKind::Reopen => Move::Reopen { reason },
        MoveKind::Report => return Err(fault("move", "上报要在手机上做。")),
    })
}

fn acceptance(sent: &Sent) -> Acceptance {
    let chosen: Option<(CategoryKey, String)> = serde_json::from_str(&sent.text("condition")).ok();
    let (category, condition) = chosen.map_or((None, None), |(key, id)| (Some(key), Some(id.into())));
    Acceptance { category, condition, road_class: None, note: sent.text("note") }
}

fn responsible(sent: &Sent, file: &File) -> Result<Responsible, Fault> {
    let id = sent.text("handler");
    let person = file.handlers.iter().find(|p| p.id == id);
    let person = person.ok_or_else(|| fault("handler", "还没有选责任单位和责任人。选一个。"))?;
    Ok(Responsible {
        unit: person.unit.as_str().into(),
        unit_name: person.unit_name.clone(),
        post: person.post.clone(),
        person: person.id.as_str().into(),
        person_name: person.name.clone(),
    })
}

fn limit(sent: &Sent) -> Result<Option<Limit>, Fault> {
    let Some(text) = sent.some("amount") else { return Ok(None) };
    match text.parse::<u32>() {
        Ok(amount @ 1..=10_000) => Ok(Some(Limit { clock: case::clock_of(&sent.text("clock")), amount })),
        _ => Err(fault("amount", &format!("时限写的是“{text}”。写成整数，如4。"))),
    }
}

fn outcome(sent: &Sent) -> Result<Outcome, Fault> {
    match sent.text("outcome").as_str() {
        "resolved" => Ok(Outcome::Resolved),
        "phased_plan" => {
            let steps = [("step1", "date1"), ("step2", "date2")];
            let steps = steps.map(|(text, date)| (sent.text(text), sent.text(date)));
            let steps = steps.into_iter().filter(|(text, date)| !text.is_empty() || !date.is_empty());
            let step = |(text, date)| Step { text, date, person: None, person_name: String::new() };
            Ok(Outcome::PhasedPlan { steps: steps.map(step).collect() })
        }
        "policy_explained" => Ok(Outcome::PolicyExplained {
            basis: sent.text("basis"),
            explanation: sent.text("explanation"),
            acknowledged: None,
        }),
        _ => Err(fault("outcome", "还没有选结果。选一个。")),
    }
}

/// `2026-07-20T12:00` in the city's zone.
fn until_ms(sent: &Sent, file: &File) -> Result<Option<i64>, Fault> {
    let Some(text) = sent.some("until") else { return Ok(None) };
    let bad = || fault("until", &format!("时间写的是“{text}”。写成如2026-07-20T12:00。"));
    let at: jiff::civil::DateTime = text.parse().map_err(|_| bad())?;
    let utc = jiff::tz::TimeZone::UTC.to_timestamp(at).map_err(|_| bad())?.as_millisecond();
    Ok(Some(utc - i64::from(file.rules.calendar.offset_minutes()) * 60_000))
}
