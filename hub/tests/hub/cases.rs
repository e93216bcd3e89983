//! A case goes out, comes back with evidence, is verified and closed; two phones move one case.

use serde_json::{Value, json};
use xuncha_casework::Move;
use xuncha_hub::moves;
use xuncha_wire::push::{Op, OpKind, Verdict};
use xuncha_wire::{BlobId, EntityId, OpId};

use crate::phone::{MORNING, Phone, TestHub, fresh_entity, hub};

fn mv(value: Value) -> Move {
    serde_json::from_value(value).unwrap()
}

async fn office(hub: &TestHub, person: &str, case: EntityId, value: Value) -> Verdict {
    moves::submit(&hub.hub, person, case, None, &mv(value), Vec::new()).await.unwrap()
}

fn dispatch() -> Value {
    json!({"type": "dispatch", "responsible": {"unit": "water", "unit_name": "水务公司", "person": "sun",
        "person_name": "sun名"}, "limit": {"clock": "working_days", "amount": 3}})
}

async fn head(phone: &Phone, case: EntityId) -> OpId {
    let replica = phone.pull_all().await;
    let scope = format!("u/{}", phone.identity.as_ref().unwrap().person);
    let body = replica.find(&scope, "case", &case.to_string()).unwrap();
    body["case"]["head"].as_str().unwrap().parse().unwrap()
}

fn move_op(phone: &mut Phone, case: EntityId, parent: OpId, value: Value, photo: Option<&BlobId>) -> Op {
    let photos: Vec<Value> = photo
        .iter()
        .map(|id| {
            json!({"id": id, "size": 10, "mime": "image/jpeg", "role": "after",
            "capture": {"wall_ms": 1, "offset_min": 480}})
        })
        .collect();
    let mut op = phone.op(OpKind::CaseMove, case, json!({"move": value, "photos": photos}));
    op.parent = Some(parent);
    op.blobs = photo.cloned().into_iter().collect();
    op
}

async fn reported(hub: &TestHub) -> (Phone, EntityId) {
    let mut wang = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [wang.record(record), wang.report(case, record)];
    wang.push(&ops).await;
    (wang, case)
}

async fn dispatched(hub: &TestHub) -> (Phone, EntityId) {
    let (wang, case) = reported(hub).await;
    assert_eq!(office(hub, "li", case, json!({"type": "accept"})).await, Verdict::Applied);
    assert_eq!(office(hub, "li", case, dispatch()).await, Verdict::Applied);
    (wang, case)
}

#[tokio::test]
async fn a_case_is_dispatched_rectified_verified_and_closed() {
    let hub = hub().await;
    let (wang, case) = dispatched(&hub).await;
    let mut sun = hub.phone("sun").await;
    let after = BlobId::of(b"after");
    let parent = head(&sun, case).await;
    let rectify = json!({"type": "rectify", "outcome": {"type": "resolved"}, "note": "换了水泵",
        "photos": [after]});
    let op = move_op(&mut sun, case, parent, rectify, Some(&after));
    assert_eq!(sun.push_one(&op).await, Verdict::Applied);
    let by_handler = json!({"type": "verify", "result": "passed", "mode": "on_site", "photos": [after]});
    let own = office(&hub, "sun", case, by_handler.clone()).await;
    assert!(matches!(own, Verdict::Refused { ref why, .. } if why == "self_verification"), "{own:?}");
    let copied = office(&hub, "qian", case, by_handler).await;
    assert!(matches!(copied, Verdict::Refused { ref why, .. } if why == "missing"), "{copied:?}");
    let on_site =
        json!({"type": "verify", "result": "passed", "mode": "on_site", "photos": [BlobId::of(b"check")]});
    assert_eq!(office(&hub, "qian", case, on_site).await, Verdict::Applied);
    assert_eq!(office(&hub, "li", case, json!({"type": "close"})).await, Verdict::Applied);
    let replica = wang.pull_all().await;
    let body = replica.find("u/wang", "case", &case.to_string()).unwrap();
    assert_eq!(body["case"]["state"], "closed");
    assert!(
        replica.find("d/east", "case", &case.to_string()).is_none(),
        "a closed case leaves the district's feed"
    );
    let what: Vec<_> =
        body["history"].as_array().unwrap().iter().map(|l| l["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["report", "accept", "dispatch", "rectify", "verify", "verify", "verify", "close"]);
    assert_eq!(body["history"][4]["verdict"]["st"], "refused", "what was tried stays");
    let (state, due, unit) = hub
        .hub
        .db()
        .read(|tx| {
            let sql = "SELECT state, due_ms, unit FROM casefile WHERE tenant = 'city'";
            tx.one(sql, &[], |r| Ok((r.text(0)?, r.int(1)?, r.text(2)?)))
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((state.as_str(), unit.as_str()), ("closed", "water"));
    assert!(due > crate::phone::MORNING);
}

#[tokio::test]
async fn a_phones_clock_decides_nothing_however_far_it_is_off() {
    const HOUR: i64 = 3_600_000;
    let hub = hub().await;
    let mut wang = hub.phone("wang").await;
    wang.wall_ms = MORNING + 20 * HOUR;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [wang.record(record), wang.report(case, record)];
    assert!(wang.push(&ops).await.verdicts.iter().all(|v| v.verdict == Verdict::Applied));
    office(&hub, "li", case, json!({"type": "accept"})).await;
    office(&hub, "li", case, dispatch()).await;
    // Three working days from Wednesday 9:00 end on Monday at 9:00; by this phone it is still Sunday evening.
    let monday = MORNING + 5 * 24 * HOUR + 2 * HOUR;
    hub.clock.set(monday);
    let mut sun = hub.phone("sun").await;
    sun.wall_ms = monday - 14 * HOUR;
    let parent = head(&sun, case).await;
    let after = BlobId::of(b"after");
    let rectify =
        json!({"type": "rectify", "outcome": {"type": "resolved"}, "note": "换了水泵", "photos": [after]});
    let op = move_op(&mut sun, case, parent, rectify, Some(&after));
    assert_eq!(sun.push_one(&op).await, Verdict::Applied);
    let replica = sun.pull_all().await;
    let body = replica.find("u/sun", "case", &case.to_string()).unwrap();
    let case = &body["case"];
    assert_eq!(case["reported_at_ms"], MORNING);
    assert_eq!(
        (&case["rectified"]["at_ms"], &case["deadline"]["stopped"]["at_ms"]),
        (&json!(monday), &json!(monday))
    );
    assert!(case["deadline"]["stopped"]["left_ms"].as_i64().unwrap() < 0, "it was handed in late");
    assert_eq!(body["history"][3]["at_ms"], json!(sun.wall_ms), "what the phone said stands beside it");
}

#[tokio::test]
async fn of_two_phones_that_move_one_case_the_second_is_refused_and_its_evidence_stays() {
    let hub = hub().await;
    let (_, case) = dispatched(&hub).await;
    let (mut one, mut two) = (hub.phone("sun").await, hub.phone("sun").await);
    let parent = head(&one, case).await;
    let send_back = json!({"type": "send_back", "reason": "不属于本单位"});
    let first = move_op(&mut one, case, parent, send_back, None);
    let photo = BlobId::of(b"late");
    let rectify =
        json!({"type": "rectify", "outcome": {"type": "resolved"}, "note": "已修", "photos": [photo]});
    let late = move_op(&mut two, case, parent, rectify, Some(&photo));
    let on_top = move_op(&mut two, case, late.op, json!({"type": "receive"}), None);
    assert_eq!(one.push_one(&first).await, Verdict::Applied);
    let answer = two.push(&[late.clone(), on_top]).await;
    let Verdict::Refused { why, head, state, zh, .. } = &answer.verdicts[0].verdict else {
        panic!("{answer:?}")
    };
    assert_eq!((why.as_str(), *head, state.as_deref()), ("stale", Some(first.op), Some("sent_back")));
    assert!(zh.contains("sun名"), "{zh}");
    assert!(
        matches!(&answer.verdicts[1].verdict, Verdict::Refused { why, .. } if why == "depends"),
        "{answer:?}"
    );
    assert!(
        matches!(two.push_one(&late).await, Verdict::Refused { why, .. } if why == "stale"),
        "said again"
    );
    let replica = two.pull_all().await;
    let body = replica.find("u/sun", "case", &case.to_string()).unwrap();
    let line = &body["history"][4];
    assert_eq!((line["verdict"]["why"].as_str(), &line["blobs"][0]), (Some("stale"), &json!(photo)));
    assert_eq!(body["case"]["head"], json!(first.op));
}

#[tokio::test]
async fn a_case_moves_on_redispatch_from_one_handlers_feed_to_anothers() {
    let hub = hub().await;
    let (_, case) = dispatched(&hub).await;
    let sun = hub.phone("sun").await;
    let mut replica = sun.pull_all().await;
    assert!(replica.find("u/sun", "case", &case.to_string()).is_some());
    let mut other = dispatch();
    other["responsible"] =
        json!({"unit": "east", "unit_name": "东城大队", "person": "wang", "person_name": "w"});
    other["reason"] = json!("属东城大队");
    assert_eq!(office(&hub, "li", case, other).await, Verdict::Applied);
    replica.catch_up(&sun, 2000).await;
    assert!(replica.find("u/sun", "case", &case.to_string()).is_none());
}

#[tokio::test]
async fn a_note_never_conflicts_and_a_stranger_does_not_reach_the_case() {
    let hub = hub().await;
    let (mut wang, case) = reported(&hub).await;
    let mut zhao = hub.phone("zhao").await;
    let note = wang.op(OpKind::CaseNote, case, json!({"text": "又漏了"}));
    assert_eq!(wang.push_one(&note).await, Verdict::Applied);
    let foreign = zhao.op(OpKind::CaseNote, case, json!({"text": "x"}));
    assert!(matches!(zhao.push_one(&foreign).await, Verdict::Quarantined { why, .. } if why == "scope_lost"));
    let replica = wang.pull_all().await;
    let body = replica.find("d/east", "case", &case.to_string()).unwrap();
    assert_eq!(body["history"][1]["what"], "note");
    assert_eq!(body["history"][1]["body"]["text"], "又漏了");
    assert_eq!(body["case"]["head"], body["history"][0]["op"], "a note is no move");
}

#[tokio::test]
async fn a_move_that_is_none_or_not_theirs_is_refused_with_a_sentence() {
    let hub = hub().await;
    let (mut wang, case) = reported(&hub).await;
    let parent = head(&wang, case).await;
    let close = move_op(&mut wang, case, parent, json!({"type": "close"}), None);
    let refused = wang.push_one(&close).await;
    assert!(matches!(&refused, Verdict::Refused { why, zh, .. } if why == "not_your_role" && !zh.is_empty()));
    let nonsense = move_op(&mut wang, case, parent, json!({"type": "teleport"}), None);
    assert!(matches!(wang.push_one(&nonsense).await, Verdict::Refused { why, .. } if why == "bad_body"));
    let nowhere = move_op(&mut wang, fresh_entity(), parent, json!({"type": "close"}), None);
    assert!(matches!(wang.push_one(&nowhere).await, Verdict::Refused { why, .. } if why == "no_case"));
}
