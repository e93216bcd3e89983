//! One visit, end to end.

use xuncha_device::view::{CaseFilter, CaseMove, OutcomeChoice, RecordFilter, SyncKind, VerifyFinding};
use xuncha_hub::moves;
use xuncha_wire::push::Verdict;

use crate::town::{Town, patrol};

#[tokio::test]
async fn a_patrol_filled_offline_is_held_by_the_hub_after_one_sync() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    let (record, photo) = patrol(&phone, 1).await;
    let before = phone.app.sync_status().await.unwrap();
    assert_eq!((before.made, before.held), (2, 0), "a record and its case, both here only");
    assert_eq!((before.photos_made, before.photos_held), (1, 0));

    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::Done, "{outcome:?}");
    let after = phone.app.sync_status().await.unwrap();
    assert_eq!((after.made, after.held), (2, 2));
    assert_eq!((after.photos_made, after.photos_held), (1, 1));
    let rows = phone.app.records(RecordFilter { limit: 10, ..RecordFilter::default() }).await.unwrap();
    assert_eq!(rows[0].id, record);
    let hub = &town.office.hub;
    let (_, whole) = hub.blobs().offset(hub.tenant().as_str(), &photo).unwrap();
    assert!(whole, "the photo is whole at the hub");
}

#[tokio::test]
async fn a_case_goes_out_comes_back_with_evidence_is_verified_by_another_and_closes() {
    let town = Town::open().await;
    for (id, name, role) in
        [("h-li", "李明", "handler"), ("v-lu", "吕核", "verifier"), ("d-chen", "陈晓", "dispatcher")]
    {
        town.office.hire(id, name, &[role]).await.unwrap();
    }
    let inspector = town.phone("p-wang", None).await;
    patrol(&inspector, 1).await;
    inspector.sync().await.unwrap();
    let page = inspector.app.cases(CaseFilter { limit: 10, ..CaseFilter::default() }).await.unwrap();
    let case = page.rows[0].clone();
    let id = case.id.parse().unwrap();
    let hub = &town.office.hub;
    let by_office = async |mv: serde_json::Value| {
        let mv = serde_json::from_value(mv).unwrap();
        moves::submit(hub, "d-chen", id, None, &mv, vec![]).await.unwrap()
    };
    assert_eq!(by_office(serde_json::json!({"type": "accept"})).await, Verdict::Applied);
    let dispatch = serde_json::json!({"type": "dispatch", "limit": {"clock": "working_days", "amount": 3},
        "responsible": {"unit": "u-test", "unit_name": "东城大队", "person": "h-li", "person_name": "李明"}});
    assert_eq!(by_office(dispatch).await, Verdict::Applied);
    let closed = by_office(serde_json::json!({"type": "close", "note": ""})).await;
    assert!(matches!(closed, Verdict::Refused { .. }), "an assignment closes nothing: {closed:?}");

    let handler = town.phone("h-li", None).await;
    let seen = handler.app.case(case.id.clone()).await.unwrap();
    assert!(seen.row.deadline_sentence.contains("到期"), "{}", seen.row.deadline_sentence);
    let shot = handler.shoot("after.jpg", &xuncha_system_tests::photo::small(50)).unwrap();
    let after = handler.app.attach_case_photo(case.id.clone(), shot).await.unwrap();
    let bare = CaseMove::Rectify { outcome: OutcomeChoice::Resolved, note: String::new(), photos: vec![] };
    assert!(handler.app.move_case(case.id.clone(), bare).await.is_err(), "no rectification without evidence");
    let photos = vec![after.id];
    let rectify = CaseMove::Rectify { outcome: OutcomeChoice::Resolved, note: "已清运".into(), photos };
    handler.app.move_case(case.id.clone(), rectify).await.unwrap();
    assert_eq!(handler.sync().await.unwrap().kind, SyncKind::Done);

    let verify = |photos| CaseMove::Verify {
        finding: VerifyFinding::Passed,
        on_site: true,
        note: "干净".into(),
        photos,
    };
    assert!(handler.app.move_case(case.id.clone(), verify(vec![])).await.is_err(), "not by the handler");
    let verifier = town.phone("v-lu", None).await;
    let shot = verifier.shoot("check.jpg", &xuncha_system_tests::photo::small(51)).unwrap();
    let check = verifier.app.attach_case_photo(case.id.clone(), shot).await.unwrap();
    verifier.app.move_case(case.id.clone(), verify(vec![check.id])).await.unwrap();
    assert_eq!(verifier.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(by_office(serde_json::json!({"type": "close", "note": ""})).await, Verdict::Applied);

    inspector.sync().await.unwrap();
    let seen = inspector.app.case(case.id).await.unwrap();
    assert_eq!(seen.row.state_word, "已结案");
    assert!(seen.history.len() >= 6, "report, accept, dispatch, rectify, verify, close: {:?}", seen.history);
}
