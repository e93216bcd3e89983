//! Ops go up: custody, verdicts, duplicates, bad ones, quarantine.

use serde_json::json;
use xuncha_hub::store::V;
use xuncha_wire::push::{OpKind, Verdict};

use crate::phone::{MORNING, Replica, TestHub, error, fresh_entity, hub};

async fn count(hub: &TestHub, sql: &'static str) -> i64 {
    hub.hub.db().read(move |tx| tx.one(sql, &[V::T("city")], |r| r.int(0))).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_record_and_its_case_arrive_once_however_often_they_are_sent() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [phone.record(record), phone.report(case, record)];
    let first = phone.push(&ops).await;
    assert_eq!(first.held, 2);
    assert!(first.verdicts.iter().all(|v| v.verdict == Verdict::Applied), "{first:?}");
    let again = phone.push(&ops).await;
    assert_eq!(again.held, 2);
    assert!(again.verdicts.iter().all(|v| v.verdict == Verdict::Duplicate));
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM record WHERE tenant = $1").await, 1);
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM case_history WHERE tenant = $1").await, 1);
    let replica = phone.pull_all().await;
    let id = case.to_string();
    let body = replica.find("d/east", "case", &id).unwrap();
    assert_eq!(body["case"]["number"], "20260708-0001");
    assert_eq!(body["case"]["state"], "reported");
    assert_eq!(replica.find("u/wang", "case", &id), Some(body));
    assert!(replica.find("u/wang", "record", &record.to_string()).is_some());
}

#[tokio::test]
async fn one_bad_op_does_not_hold_up_the_others() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let record = fresh_entity();
    let good = phone.record(record);
    let bad_body = phone.op(OpKind::Record, fresh_entity(), json!({"no": "record"}));
    let strange = phone.op(OpKind::Unknown, fresh_entity(), json!({}));
    let last = phone.report(fresh_entity(), record);
    let mut raw = xuncha_wire::push::write(&phone.header(), &[good, bad_body, strange, last]).unwrap();
    let text = String::from_utf8(raw.clone()).unwrap().replace("\"unknown\"", "\"patrol_track\"");
    raw = text.into_bytes();
    raw.extend_from_slice(b"{\"this is\": no op\n");
    let response = phone.push_raw(&raw).await;
    let answer: xuncha_wire::push::PushAnswer = response.json().await.unwrap();
    let words: Vec<_> =
        answer.verdicts.iter().map(|v| serde_json::to_value(v).unwrap()["st"].clone()).collect();
    assert_eq!(words, ["applied", "refused", "quarantined", "applied", "refused"]);
    assert_eq!(answer.held, 5, "everything is held");
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM op WHERE tenant = $1 AND kind = 'unread'").await, 1);
}

#[tokio::test]
async fn an_op_that_cannot_be_judged_is_asked_for_again_and_holds_up_no_other() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [phone.record(record), phone.report(case, record)];
    phone.push(&ops).await;
    let id = case.to_string();
    let body_of = |id: String| {
        hub.hub.db().read(move |tx| {
            tx.one("SELECT body FROM casefile WHERE tenant = 'city' AND id = $1", &[V::T(&id)], |r| r.blob(0))
        })
    };
    let put = |id: String, body: Vec<u8>| {
        hub.hub.db().write(move |tx| {
            let params = [V::T(&id), V::B(&body)];
            tx.exec("UPDATE casefile SET body = $2 WHERE tenant = 'city' AND id = $1", &params)
        })
    };
    let whole = body_of(id.clone()).await.unwrap().unwrap();
    put(id.clone(), b"what a disk made of it".to_vec()).await.unwrap();
    let note = phone.op(OpKind::CaseNote, case, json!({"text": "再看一眼", "photos": []}));
    let other = phone.record(fresh_entity());
    let ops = [note, other];
    let answer = phone.push(&ops).await;
    let verdicts: Vec<_> = answer.verdicts.iter().map(|v| v.verdict.clone()).collect();
    assert_eq!(verdicts, [Verdict::Retry, Verdict::Applied]);
    assert_eq!(answer.held, 4, "custody has it all the same");
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM op_verdict WHERE tenant = $1").await, 3);
    put(id, whole).await.unwrap();
    let answer = phone.push(&ops).await;
    let verdicts: Vec<_> = answer.verdicts.iter().map(|v| v.verdict.clone()).collect();
    assert_eq!(verdicts, [Verdict::Applied, Verdict::Duplicate]);
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM case_history WHERE tenant = $1").await, 2);
}

#[tokio::test]
async fn bytes_are_kept_exactly_as_the_phone_wrote_them() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let entity = fresh_entity();
    let op = phone.record(entity);
    let body = op.body.get().replace("{\"facts\"", "{ \"unknown to this hub\" : [1, 2.50],  \"facts\"");
    let op =
        xuncha_wire::push::Op { body: serde_json::value::RawValue::from_string(body.clone()).unwrap(), ..op };
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
    let stored = hub
        .hub
        .db()
        .read(|tx| tx.one("SELECT bytes FROM op WHERE tenant = 'city'", &[], |r| r.blob(0)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(xuncha_wire::envelope::open(&stored), Ok(serde_json::to_vec(&op).unwrap().as_slice()));
    let page = phone.pull(&xuncha_wire::Cursor::default(), 2000).await;
    let row = page.rows.iter().find(|r| r.k == "record").unwrap();
    assert_eq!(row.b.as_ref().unwrap().get(), body);
}

#[tokio::test]
async fn an_id_that_has_another_body_is_refused_and_both_are_kept() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let first = phone.record(fresh_entity());
    let mut other = phone.record(fresh_entity());
    other.op = first.op;
    other.body = serde_json::value::to_raw_value(&json!({"form": "other"})).unwrap();
    assert_eq!(phone.push_one(&first).await, Verdict::Applied);
    assert!(matches!(phone.push_one(&other).await, Verdict::Refused { why, .. } if why == "id_taken"));
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM op WHERE tenant = $1").await, 2);
}

#[tokio::test]
async fn poison_goes_to_custody_unread() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let poison = b"\x00\xff not an op".to_vec();
    for _ in 0..2 {
        let request = phone.http.post(format!("{}/v1/custody", hub.url)).bearer_auth(&phone.token);
        let response = request.body(poison.clone()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["held"], 1, "the same bytes count once");
    }
}

#[tokio::test]
async fn what_went_into_custody_waits_visibly_and_can_be_released() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let op = phone.record(fresh_entity());
    let bytes = serde_json::to_vec(&op).unwrap();
    let request = phone.http.post(format!("{}/v1/custody", hub.url)).bearer_auth(&phone.token);
    assert_eq!(request.body(bytes).send().await.unwrap().status(), 200);
    let waiting = "SELECT COUNT(*) FROM op_verdict WHERE tenant = $1 AND st = 'quarantined'";
    assert_eq!(count(&hub, waiting).await, 1);
    // Offered again, after a restore: the very op, not another one of the same id.
    let answer = phone.push(std::slice::from_ref(&op)).await;
    assert_eq!(answer.held, 1);
    assert!(matches!(&answer.verdicts[0].verdict, Verdict::Quarantined { why, .. } if why == "custody"));
    assert_eq!(hub.hub.release_op("admin", op.op).await.unwrap(), Verdict::Applied);
    assert_eq!(phone.push_one(&op).await, Verdict::Duplicate);
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM record WHERE tenant = $1").await, 1);
}

#[tokio::test]
async fn work_reaches_no_district_that_is_not_the_authors_whatever_its_body_says() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let record = fresh_entity();
    let mut planted = phone.report(fresh_entity(), record);
    let body = planted.body.get().replace("\"district\":\"east\"", "\"district\":\"west\"");
    assert_ne!(body, planted.body.get());
    planted.body = serde_json::value::RawValue::from_string(body).unwrap();
    let told = phone.push_one(&planted).await;
    assert!(matches!(told, Verdict::Quarantined { ref why, .. } if why == "scope_lost"), "{told:?}");
    let theirs = hub.phone("zhao").await.pull_all().await;
    assert!(theirs.find("d/west", "case", &planted.entity.to_string()).is_none());
    // A person at the hub may let it through.
    assert_eq!(hub.hub.release_op("admin", planted.op).await.unwrap(), Verdict::Applied);
    let theirs = hub.phone("zhao").await.pull_all().await;
    assert!(theirs.find("d/west", "case", &planted.entity.to_string()).is_some());
    // Who sees the whole city writes to all of it, also where no feed is yet.
    hub.hub.put_people("admin", vec![boss()]).await.unwrap();
    let mut phone = hub.phone("boss").await;
    let mut report = phone.report(fresh_entity(), record);
    let body = report.body.get().replace("\"district\":\"east\"", "\"district\":\"north\"");
    report.body = serde_json::value::RawValue::from_string(body).unwrap();
    assert_eq!(phone.push_one(&report).await, Verdict::Applied);
}

fn boss() -> xuncha_hub::office::NewPerson {
    xuncha_hub::office::NewPerson {
        id: "boss".into(),
        name: "带队领导".into(),
        unit: "bureau".into(),
        roles: vec!["leader".into()],
        ..Default::default()
    }
}

#[tokio::test]
async fn made_and_held_are_known_on_both_sides() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let ops: Vec<_> = (0..5).map(|_| phone.record(fresh_entity())).collect();
    let answer = phone.push(&ops[..3]).await;
    assert_eq!((answer.held, answer.safe_n), (3, 0));
    let (made, held) = hub
        .hub
        .db()
        .read(|tx| {
            let sql = "SELECT made, held FROM statement WHERE tenant = 'city' AND day = '2026-07-08'";
            tx.one(sql, &[], |r| Ok((r.int(0)?, r.int(1)?)))
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((made, held), (5, 3));
}

#[tokio::test]
async fn work_for_a_lost_district_or_by_an_absurd_clock_or_of_a_suspended_person_waits_visibly() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let mut lost = phone.record(fresh_entity());
    lost.scope = Some("d/west".parse().unwrap());
    assert!(matches!(phone.push_one(&lost).await, Verdict::Quarantined { why, .. } if why == "scope_lost"));
    let again = phone.push_one(&lost).await;
    assert!(matches!(again, Verdict::Quarantined { why, .. } if why == "scope_lost"), "the same again");
    phone.wall_ms = MORNING + 3 * 86_400_000;
    let early = phone.record(fresh_entity());
    assert!(matches!(phone.push_one(&early).await, Verdict::Quarantined { why, .. } if why == "clock"));
    phone.wall_ms = MORNING;
    let mut form = phone.record(fresh_entity());
    let body = form.body.get().replace("\"version\":\"1\"", "\"version\":\"9\"");
    form.body = serde_json::value::RawValue::from_string(body).unwrap();
    assert!(matches!(phone.push_one(&form).await, Verdict::Quarantined { why, .. } if why == "unknown_form"));
    hub.hub.suspend_person("admin", "wang", true).await.unwrap();
    let suspended = phone.record(fresh_entity());
    assert!(
        matches!(phone.push_one(&suspended).await, Verdict::Quarantined { why, .. } if why == "suspended")
    );
    let page = phone.pull(&xuncha_wire::Cursor::default(), 10).await;
    assert_eq!((page.rows.len(), page.trailer.scopes.len()), (0, 0), "a suspended person reads nothing");
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM record WHERE tenant = $1").await, 0);
    assert_eq!(count(&hub, "SELECT COUNT(*) FROM op WHERE tenant = $1").await, 4);

    hub.hub.suspend_person("admin", "wang", false).await.unwrap();
    assert_eq!(hub.hub.release_op("admin", lost.op).await.unwrap(), Verdict::Applied);
    assert!(hub.hub.release_op("admin", lost.op).await.is_err(), "it waits no more");
    let mut replica = Replica::default();
    replica.catch_up(&phone, 2000).await;
    let heard = replica.find("u/wang", "verdict", &lost.op.to_string()).unwrap();
    assert_eq!(heard["verdict"]["st"], "applied");
    assert_eq!(phone.push_one(&lost).await, Verdict::Duplicate);
}

#[tokio::test]
async fn what_is_not_ours_is_a_bad_message_and_a_bomb_is_too_large() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let html = b"<html>please sign in</html>".to_vec();
    assert_eq!(error(phone.push_body(html.clone()).await).await, (400, "bad_message".into()));
    assert_eq!(error(phone.push_raw(&html).await).await, (400, "bad_message".into()));
    assert_eq!(error(phone.push_raw(b"").await).await, (400, "bad_message".into()));
    let bomb = zstd::encode_all(std::io::Read::take(std::io::repeat(b'\n'), 200 << 20), 3).unwrap();
    assert!(bomb.len() < 100_000);
    assert_eq!(error(phone.push_body(bomb).await).await, (413, "too_large".into()));
    let request = phone.http.post(format!("{}/v1/push", hub.url)).bearer_auth(&phone.token);
    let unsigned = request.body(zstd::encode_all(&b"{}"[..], 3).unwrap()).send().await.unwrap();
    assert_eq!(error(unsigned).await, (403, "bad_signature".into()));
    let mut header = phone.header();
    header.device = hub.phone("zhao").await.device;
    let foreign = phone.push_raw(&xuncha_wire::push::write(&header, &[]).unwrap()).await;
    assert_eq!(error(foreign).await, (400, "bad_message".into()), "another phone's name");
}

#[tokio::test]
async fn twenty_phones_at_once_leave_gapless_feeds() {
    let hub = hub().await;
    let mut phones = Vec::new();
    for _ in 0..20 {
        phones.push(hub.phone("wang").await);
    }
    let mut running = Vec::new();
    for mut phone in phones {
        running.push(tokio::spawn(async move {
            for _ in 0..3 {
                let record = fresh_entity();
                let ops: Vec<_> = (0..5)
                    .flat_map(|_| [phone.record(fresh_entity()), phone.report(fresh_entity(), record)])
                    .collect();
                let answer = phone.push(&ops).await;
                assert!(answer.verdicts.iter().all(|v| v.verdict == Verdict::Applied));
            }
            assert_eq!(phone.push(&[]).await.held, 30);
        }));
    }
    for one in running {
        one.await.unwrap();
    }
    let numbers = hub
        .hub
        .db()
        .read(|tx| {
            tx.all("SELECT number FROM casefile WHERE tenant = 'city' ORDER BY number", &[], |r| r.text(0))
        })
        .await
        .unwrap();
    let expected: Vec<_> = (1..=300).map(|n| format!("20260708-{n:04}")).collect();
    assert_eq!(numbers, expected, "every case has its own number");
    let seqs = hub
        .hub
        .db()
        .read(|tx| {
            let sql = "SELECT seq FROM feed WHERE tenant = 'city' AND scope = 'd/east' ORDER BY seq";
            tx.all(sql, &[], |r| r.int(0))
        })
        .await
        .unwrap();
    assert_eq!(seqs, (1..=300).collect::<Vec<i64>>());
    let mut replica = Replica::default();
    replica.catch_up(&hub.phone("wang").await, 97).await;
    assert!(replica.pages > 5);
    assert_eq!(
        replica.rows.keys().filter(|(scope, kind, _)| scope == "d/east" && kind == "case").count(),
        300
    );
}
