//! What the hub does by its own clock: a suspension ends on its day, and what a stop left unjudged is judged.

use std::time::Duration;

use serde_json::json;
use xuncha_casework::Move;
use xuncha_hub::identity::scoped;
use xuncha_hub::office::NewPerson;
use xuncha_hub::push::{Ground, custody};
use xuncha_hub::store::V;
use xuncha_hub::{Hub, HubConfig, moves, serve_hub};
use xuncha_wire::EntityId;
use xuncha_wire::push::{Op, OpKind, Verdict};

use crate::phone::{MORNING, Phone, TestHub, fresh_entity, hub, hub_with};

const HOUR: i64 = 3_600_000;
/// Midnight in China at the end of 9 July, the first moment of the 10th.
const TENTH: i64 = MORNING - 9 * HOUR + 48 * HOUR;

async fn case_of(hub: &TestHub, case: EntityId) -> serde_json::Value {
    hub.phone("wang").await.pull_all().await.find("u/wang", "case", &case.to_string()).unwrap().clone()
}

async fn office(hub: &TestHub, case: EntityId, value: serde_json::Value) {
    let mv: Move = serde_json::from_value(value).unwrap();
    let verdict = moves::submit(&hub.hub, "li", case, None, &mv, Vec::new()).await.unwrap();
    assert_eq!(verdict, Verdict::Applied, "{mv:?}");
}

async fn suspended(hub: &TestHub, until: &str) -> EntityId {
    let mut wang = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [wang.record(record), wang.report(case, record)];
    wang.push(&ops).await;
    office(hub, case, json!({"type": "accept"})).await;
    let to = json!({"type": "dispatch", "responsible": {"unit": "water", "unit_name": "水务公司", "person": "sun",
        "person_name": "sun名"}, "limit": {"clock": "working_days", "amount": 3}});
    office(hub, case, to).await;
    office(hub, case, json!({"type": "suspend", "reason": "等配件", "until": until})).await;
    case
}

#[tokio::test]
async fn a_suspension_ends_at_the_first_moment_of_its_day_and_its_clock_runs_on() {
    let hub = hub_with(|config| config.round = Duration::from_millis(20)).await;
    let (tenth, later) = (suspended(&hub, "2026-07-10").await, suspended(&hub, "2026-07-13").await);
    hub.clock.set(TENTH - 1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(case_of(&hub, tenth).await["case"]["state"], "suspended", "a millisecond too early");
    hub.clock.set(TENTH);
    let body = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let body = case_of(&hub, tenth).await;
            if body["case"]["state"] == "dispatched" {
                break body;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let body = body.await.expect("the hub resumes it by itself");
    let last = body["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["what"], &last["person"], &last["name"], &last["verdict"]["st"]),
        (&json!("resume"), &json!("platform"), &json!("平台"), &json!("applied"))
    );
    assert_eq!(last["hub_ms"], TENTH);
    assert_eq!(body["case"]["head"], last["op"]);
    let deadline = &body["case"]["deadline"];
    assert!(deadline["stopped"].is_null());
    assert_eq!(deadline["running_since_ms"], TENTH);
    let kept = hub.hub.db().read(|tx| {
        let sql = "SELECT COUNT(*) FROM op o JOIN op_verdict v ON v.tenant = o.tenant AND v.op = o.op
                   WHERE o.tenant = $1 AND o.person = 'platform' AND v.st = 'applied'";
        tx.one(sql, &[V::T("city")], |r| r.int(0))
    });
    assert_eq!(kept.await.unwrap(), Some(1), "once, and in custody like every op");
    assert_eq!(hub.hub.end_suspensions().await.unwrap(), 0);
    assert_eq!(case_of(&hub, later).await["case"]["state"], "suspended");
}

#[tokio::test]
async fn a_case_that_someone_resumed_is_left_alone() {
    let hub = hub().await;
    let case = suspended(&hub, "2026-07-10").await;
    office(&hub, case, json!({"type": "resume"})).await;
    hub.clock.set(TENTH + HOUR);
    assert_eq!(hub.hub.end_suspensions().await.unwrap(), 0);
    let body = case_of(&hub, case).await;
    assert_eq!(body["history"].as_array().unwrap().last().unwrap()["person"], "li");
}

#[tokio::test]
async fn nobody_is_entered_as_the_platform() {
    let hub = hub().await;
    let person = |id: &str, role: &str| NewPerson {
        id: id.into(),
        name: "某".into(),
        roles: vec![role.into()],
        ..NewPerson::default()
    };
    assert!(hub.hub.put_people("admin", vec![person("platform", "viewer")]).await.is_err());
    assert!(hub.hub.put_people("admin", vec![person("mou", "platform")]).await.is_err());
}

/// What the first transaction of a push does; the second never comes.
async fn into_custody_only(hub: &TestHub, phone: &Phone, ops: &[Op]) {
    let raw = xuncha_wire::push::write(&phone.header(), ops).unwrap();
    let batch = custody::Batch::read(&raw).unwrap();
    let device = phone.device.to_string();
    let who = hub.hub.db().read(move |tx| scoped::by_person(tx, "city", "wang", &device)).await.unwrap();
    let ground = Ground::of(&hub.hub, &who.unwrap()).unwrap();
    let taken = hub.hub.db().write(move |tx| custody::take(tx, &ground, &batch)).await.unwrap();
    assert_eq!(taken, vec![true; ops.len()]);
}

#[tokio::test]
async fn what_a_stop_left_in_custody_is_judged_at_the_next_start_though_the_phone_is_silent() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let earlier = phone.record(fresh_entity());
    phone.push(std::slice::from_ref(&earlier)).await;
    let bad = phone.op(OpKind::Record, fresh_entity(), json!({"no": "record"}));
    let ops = [phone.record(record), phone.report(case, record), bad];
    into_custody_only(&hub, &phone, &ops).await;
    // Another op under an id that is taken was answered when it came, and stays without an effect.
    let mut twin = phone.op(OpKind::Record, fresh_entity(), json!({"another": "body"}));
    twin.op = earlier.op;
    let twins = phone.push_one(&twin).await;
    assert!(matches!(twins, Verdict::Refused { .. }), "{twins:?}");
    let records = "SELECT COUNT(*) FROM record WHERE tenant = $1";
    let count = |hub: &Hub, sql: &'static str| {
        let db = hub.db().clone();
        async move { db.read(move |tx| tx.one(sql, &[V::T("city")], |r| r.int(0))).await.unwrap().unwrap() }
    };
    assert_eq!(count(&hub.hub, records).await, 1);

    hub.hub.stop();
    let mut config = HubConfig::new(hub.folder.path());
    config.clock = std::sync::Arc::new(hub.clock.clone());
    let (again, _) = Hub::open(config).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(serve_hub(again.clone(), listener));
    let unjudged = "SELECT COUNT(*) FROM op o WHERE o.tenant = $1 AND o.kind <> 'unread' AND NOT EXISTS
        (SELECT 1 FROM op_verdict v WHERE v.tenant = o.tenant AND v.op = o.op)";
    let all = async {
        while count(&again, unjudged).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("judged without being sent again");
    assert_eq!(count(&again, records).await, 2);
    assert_eq!(count(&again, "SELECT COUNT(*) FROM case_history WHERE tenant = $1").await, 1);
    assert_eq!(again.judge_leftovers().await.unwrap(), 0);

    phone.url = url;
    let answer = phone.push(&ops).await;
    let words: Vec<_> =
        answer.verdicts.iter().map(|v| serde_json::to_value(v).unwrap()["st"].clone()).collect();
    assert_eq!(words, ["duplicate", "duplicate", "refused"], "the phone hears what became of each");
    assert_eq!(count(&again, records).await, 2, "once");
    again.stop();
    serving.await.unwrap().unwrap();
}
