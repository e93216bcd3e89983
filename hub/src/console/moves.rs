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
use super::{desk, sign_in};
use crate::blobs::Arrival;
use crate::{Hub, HubError, moves, photos};

/// What a form brought.
#[derive(Default)]
struct Sent {
    typed: BTreeMap<String, String>,
    files: Vec<Bytes>,
}

/// Shows what became of a form where it was filled: at the desk or on the case's page.
pub(super) async fn answer(hub: &Hub, signed: &Signed, id: &str, lost: Lost) -> Answer {
    let typed = |name: &str| lost.typed.get(name).cloned().unwrap_or_default();
    if typed("at") == "desk" {
        let ask = desk::Ask {
            tab: typed("tab"),
            district: typed("district"),
            case: id.to_owned(),
            ..desk::Ask::default()
        };
        return desk::show(hub, signed, &ask, Some(lost)).await;
    }
    let from = typed("from");
    case::show(hub, signed, id, &from, "", Some(lost)).await
}

/// Where a step that took effect leads: at the desk to the next case, but from filing on to dispatching the same one.
fn onward(id: &str, number: &str, kind: MoveKind, sent: &Sent) -> String {
    let done = ("done".to_owned(), sent.text("move"));
    if sent.text("at") != "desk" {
        return address(&format!("/cases/{id}"), &[done, ("from".into(), sent.text("from"))]);
    }
    let stays = matches!(kind, MoveKind::Accept | MoveKind::Correct);
    let case = if stays { id.to_owned() } else { sent.text("next") };
    let with = [
        ("tab".to_owned(), if stays { String::new() } else { sent.text("tab") }),
        ("district".to_owned(), sent.text("district")),
        ("case".to_owned(), case),
        done,
        ("was".to_owned(), number.to_owned()),
    ];
    address("/desk", &with)
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
    signed: Result<Signed, Trouble>,
    Path(id): Path<String>,
    parts: Multipart,
) -> Answer {
    let signed = match signed {
        // Whoever was writing when the session ran out signs in and finds the form as it was.
        Err(Trouble::SignIn(_)) => return sign_in::first(&hub, &id, read(parts).await?.typed).await,
        signed => signed?,
    };
    let entity: EntityId = id.parse().map_err(|_| Trouble::Lost)?;
    let file = case::file(&hub, &signed, &id).await?;
    let sent = read(parts).await?;
    let kind = parse(&sent.text("move")).ok_or(Trouble::Lost)?;
    let photos: Vec<PhotoRef> = sent.files.iter().map(|bytes| photo(bytes, kind)).collect();
    let mv = match as_move(kind, &sent, &file, &photos) {
        Ok(mv) => mv,
        Err(fault) => return turned_down(&hub, &signed, &id, vec![fault], sent).await,
    };
    if let Some(fault) = other_unit(kind, &sent) {
        return turned_down(&hub, &signed, &id, vec![fault], sent).await;
    }
    let contact = signed.actor().is(Role::Contact);
    let missing = needs(Some(&file.row.case), &mv, contact, hub.now_ms(), &file.rules);
    if !missing.is_empty() {
        let faults = missing.iter().map(|m| (field_of(*m).to_owned(), format!("还差{}", m.words().zh)));
        return turned_down(&hub, &signed, &id, faults.collect(), sent).await;
    }
    keep(&hub, &signed, &photos, &sent.files).await?;
    let seen: Option<OpId> = sent.text("parent").parse().ok();
    let verdict = moves::submit(&hub, &signed.0.person, entity, seen, &mv, photos.clone()).await?;
    for (photo, bytes) in photos.iter().zip(&sent.files) {
        photos::arrived(&hub, &signed.0.tenant, &photo.id, bytes.len() as u64).await?;
    }
    match verdict {
        Verdict::Applied => Ok(Redirect::to(&onward(&id, file.row.number(), kind, &sent)).into_response()),
        Verdict::Duplicate => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Verdict::Refused { why, zh, .. } => {
            // The same kind of move was first: the very same, by a second click, or someone else's.
            let now = case::file(&hub, &signed, &id).await?;
            let (head, text) = if why == "same" && now.last_is(&mv) {
                ("没有重复提交".to_owned(), "已办理过，没有重复提交。".to_owned())
            } else {
                let first = match why.as_str() {
                    "stale" | "same" | "not_now" => case::first(&now.lines, hub.now_ms(), &now.rules),
                    _ => String::new(),
                };
                let what = kind.words().zh;
                let text = if first.is_empty() {
                    zh
                } else {
                    let texts = ["reason", "note", "text", "wanted", "description", "explanation"];
                    let wrote = texts.iter().any(|name| !sent.text(name).is_empty());
                    let kept = if wrote { "你写的意见保留在下面。" } else { "" };
                    format!("{first}，你的{what}没有生效。{kept}")
                };
                (format!("“{what}”没有生效"), text)
            };
            lost(&hub, &signed, &id, StatusCode::CONFLICT, head, text, sent).await
        }
        Verdict::Quarantined { zh, .. } => {
            let head = "平台代管，还没有生效".to_owned();
            lost(&hub, &signed, &id, StatusCode::ACCEPTED, head, zh, sent).await
        }
        Verdict::Retry => {
            let text = "平台正忙，这一步没有生效，写的都在。再交一次。".to_owned();
            lost(&hub, &signed, &id, StatusCode::SERVICE_UNAVAILABLE, "没有生效".into(), text, sent).await
        }
    }
}

/// Nothing was submitted: the form again, with what is wrong at each field.
async fn turned_down(
    hub: &Hub,
    signed: &Signed,
    id: &str,
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
    answer(hub, signed, id, lost).await
}

async fn lost(
    hub: &Hub,
    signed: &Signed,
    id: &str,
    status: StatusCode,
    head: String,
    text: String,
    sent: Sent,
) -> Answer {
    answer(hub, signed, id, Lost { status, head, text, faults: Vec::new(), typed: sent.typed }).await
}

/// Another unit than the one suggested needs its reason.
fn other_unit(kind: MoveKind, sent: &Sent) -> Option<Fault> {
    let (suggested, chosen) = (sent.text("suggested"), sent.text("handler"));
    let differs = kind == MoveKind::Dispatch && !suggested.is_empty() && chosen != suggested;
    (differs && sent.text("reason").is_empty())
        .then(|| fault("reason", "和建议的不同，还差理由。写一句为什么派给他。"))
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
        MoveKind::Reject => Move::Reject { reason: case::rejected(&sent.text("why"), &reason) },
        MoveKind::RequestMore => Move::RequestMore { wanted: sent.text("wanted") },
        MoveKind::Supplement => Move::Supplement { text: sent.text("text"), photos: ids },
        MoveKind::Correct => Move::Correct(Box::new(Correction {
            category: chosen(sent).map(|(key, _)| key),
            condition: chosen(sent).map(|(_, id)| id.into()),
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

/// Category and condition, chosen together.
fn chosen(sent: &Sent) -> Option<(CategoryKey, String)> {
    serde_json::from_str(&sent.text("condition")).ok()
}

fn acceptance(sent: &Sent) -> Acceptance {
    let (category, condition) = chosen(sent).map_or((None, None), |(key, id)| (Some(key), Some(id.into())));
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
