//! Feeds: pages, permission, rollback, backup.

use std::collections::BTreeMap;

use serde_json::json;
use xuncha_hub::store::V;
use xuncha_wire::Cursor;
use xuncha_wire::entity::{AssignmentBody, CampaignBody, SiteBody};
use xuncha_wire::push::Verdict;

use crate::phone::{Replica, error, fresh_entity, hub};

fn site(name: &str, district: &str) -> SiteBody {
    let site = json!({"id": fresh_entity(), "kind": "enterprise", "name": name, "district": district});
    serde_json::from_value(site).unwrap()
}

#[tokio::test]
async fn an_empty_sync_is_small() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let replica = phone.pull_all().await;
    let response = phone.get(&format!("/v1/pull?cur={}", replica.cursor.to_text())).await;
    let bytes = response.bytes().await.unwrap();
    assert!(bytes.len() < 1000, "{} bytes", bytes.len());
}

#[tokio::test]
async fn a_site_that_moves_to_another_district_leaves_the_first_and_enters_the_second() {
    let hub = hub().await;
    let (wang, zhao) = (hub.phone("wang").await, hub.phone("zhao").await);
    let mut shop = site("样例超市", "east");
    hub.hub.put_sites("admin", vec![shop.clone()]).await.unwrap();
    let (mut east, mut west) = (wang.pull_all().await, zhao.pull_all().await);
    let id = shop.id.to_string();
    assert!(east.find("d/east", "site", &id).is_some() && west.find("d/west", "site", &id).is_none());
    shop.district = "west".into();
    hub.hub.put_sites("admin", vec![shop]).await.unwrap();
    east.catch_up(&wang, 2000).await;
    west.catch_up(&zhao, 2000).await;
    assert!(east.find("d/east", "site", &id).is_none() && west.find("d/west", "site", &id).is_some());
}

#[tokio::test]
async fn a_visit_fulfils_its_assignment_and_the_assignee_hears_of_it() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let place = site("样例化工", "west");
    let campaign: CampaignBody = serde_json::from_value(json!({"id": fresh_entity(), "title": "大走访",
        "from": "2026-07-01", "to": "2026-07-31", "form": "visit"}))
    .unwrap();
    let assignment: AssignmentBody =
        serde_json::from_value(json!({"id": fresh_entity(), "campaign": campaign.id,
        "site": place.id, "person": "wang"}))
        .unwrap();
    hub.hub.put_sites("admin", vec![place.clone()]).await.unwrap();
    hub.hub.put_campaigns("admin", vec![campaign.clone()]).await.unwrap();
    hub.hub.put_assignments("admin", vec![assignment.clone()]).await.unwrap();
    let mut replica = phone.pull_all().await;
    let (id, site_id) = (assignment.id.to_string(), place.id.to_string());
    assert!(replica.find("u/wang", "site", &site_id).is_some(), "the site comes with the assignment");
    assert_eq!(replica.find("u/wang", "assignment", &id).unwrap().get("done"), None);
    let record = fresh_entity();
    let mut op = phone.record(record);
    let mut body: serde_json::Value = serde_json::from_str(op.body.get()).unwrap();
    body["site"] = json!(place.id);
    body["campaign"] = json!(campaign.id);
    op.body = serde_json::value::to_raw_value(&body).unwrap();
    // As a phone names it: the district of the site, which is not its author's.
    op.scope = Some("d/west".parse().unwrap());
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
    replica.catch_up(&phone, 2000).await;
    assert_eq!(replica.find("u/wang", "assignment", &id).unwrap()["done"], json!(record));
    let mut moved = assignment;
    moved.person = Some("zhao".parse().unwrap());
    moved.done = Some(record);
    hub.hub.put_assignments("admin", vec![moved]).await.unwrap();
    replica.catch_up(&phone, 2000).await;
    assert!(replica.find("u/wang", "assignment", &id).is_none());
}

#[tokio::test]
async fn pages_are_cut_and_go_on_where_they_ended() {
    let hub = hub().await;
    let sites = (0..250).map(|n| site(&format!("{n}"), "east")).collect();
    hub.hub.put_sites("admin", sites).await.unwrap();
    let phone = hub.phone("wang").await;
    let mut replica = Replica::default();
    replica.catch_up(&phone, 100).await;
    assert_eq!(replica.rows.keys().filter(|(_, kind, _)| kind == "site").count(), 250);
    assert!(replica.pages >= 3);
}

#[tokio::test]
async fn a_cursor_that_is_no_cursor_or_a_phone_that_is_too_old_is_told_so() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    assert_eq!(error(phone.get("/v1/pull?cur=nonsense").await).await, (400, "bad_message".into()));
    let old = phone.http.get(format!("{}/v1/pull", hub.url)).bearer_auth(&phone.token).header("x-proto", "0");
    assert_eq!(error(old.send().await.unwrap()).await, (426, "outdated".into()));
}

#[tokio::test]
async fn a_hub_that_was_rolled_back_takes_a_new_epoch_once() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let mut replica = phone.pull_all().await;
    let before = phone.pull(&replica.cursor, 10).await.trailer.epoch;
    let ahead: BTreeMap<_, _> = replica
        .cursor
        .0
        .iter()
        .map(|(scope, at)| (scope.clone(), xuncha_wire::Mark { seq: at.seq + 1000, mark: at.mark.clone() }))
        .collect();
    let page = phone.pull(&Cursor(ahead.clone()), 2000).await;
    assert_ne!(page.trailer.epoch, before);
    assert!(!page.trailer.reset.is_empty());
    let other = hub.phone("wang").await;
    assert_eq!(other.pull(&replica.cursor, 10).await.trailer.epoch, page.trailer.epoch);
    let mut wrong = replica.cursor.clone();
    wrong.0.values_mut().for_each(|at| at.mark = "00000000".into());
    let again = other.pull(&wrong, 2000).await;
    assert_ne!(
        again.trailer.epoch, page.trailer.epoch,
        "another history at the same height is found by its mark"
    );
    replica.cursor = Cursor::default();
    replica.rows.clear();
    replica.catch_up(&phone, 2000).await;
}

#[tokio::test]
async fn a_backup_makes_work_safe_and_a_restored_one_has_an_epoch_of_its_own() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = b"a photo".to_vec();
    let id = xuncha_wire::BlobId::of(&photo);
    let mut first = phone.record(fresh_entity());
    first.blobs = vec![id.clone()];
    let body = first.body.get().replace("\"xml\"", &format!(
        "\"photos\":[{{\"id\":\"{id}\",\"size\":7,\"mime\":\"image/jpeg\",\"capture\":{{\"wall_ms\":1,\"offset_min\":480}}}}],\"xml\""));
    first.body = serde_json::value::RawValue::from_string(body).unwrap();
    let (second, third, fourth) =
        (phone.record(fresh_entity()), phone.record(fresh_entity()), phone.record(fresh_entity()));
    phone.push(&[first, second, fourth]).await;
    let put = phone.http.put(format!("{}/v1/blob/{id}", hub.url)).bearer_auth(&phone.token).body(photo);
    assert_eq!(put.send().await.unwrap().status(), 204);
    let to = hub.folder.path().join("backup");
    let report = hub.hub.backup(&to).await.unwrap();
    assert_eq!((report.ops, report.photos), (3, 1));
    assert!(std::fs::read_to_string(to.join("photos.txt")).unwrap().starts_with(id.as_str()));
    let answer = phone.push(&[third]).await;
    assert_eq!((answer.held, answer.safe_n), (4, 2), "the gap at 3 ends what is safe");
    hub.hub.backup(&to).await.unwrap();
    assert_eq!(phone.push(&[]).await.safe_n, 4);

    let mut config = xuncha_hub::HubConfig::new(&to);
    config.clock = std::sync::Arc::new(hub.clock.clone());
    let (restored, first_start) = xuncha_hub::Hub::open(config).await.unwrap();
    assert_eq!((restored.hub_id(), first_start), (hub.hub.hub_id(), None));
    let epoch = |hub: &xuncha_hub::Hub| {
        let db = hub.db().clone();
        async move {
            let sql = "SELECT epoch FROM tenant WHERE tenant = $1";
            db.read(move |tx| tx.one(sql, &[V::T("city")], |r| r.text(0))).await.unwrap().unwrap()
        }
    };
    let first = epoch(&restored).await;
    assert_ne!(first, epoch(&hub.hub).await);
    drop(restored);

    // The same copy, restored once more after phones have heard of the first restore.
    let elsewhere = tempfile::tempdir().unwrap();
    hub.hub.backup(elsewhere.path()).await.unwrap();
    let mut epochs = Vec::new();
    for _ in 0..2 {
        let again = tempfile::tempdir().unwrap();
        std::fs::copy(elsewhere.path().join("hub.db"), again.path().join("hub.db")).unwrap();
        let (restored, _) = xuncha_hub::Hub::open(xuncha_hub::HubConfig::new(again.path())).await.unwrap();
        epochs.push(epoch(&restored).await);
    }
    assert_ne!(epochs[0], epochs[1]);
}

#[tokio::test]
async fn one_photo_that_is_gone_does_not_keep_the_rest_out_of_a_backup() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    let photo = b"photo 8".to_vec();
    let id = xuncha_wire::BlobId::of(&photo);
    let mut record = phone.record(fresh_entity());
    record.blobs = vec![id.clone()];
    phone.push(&[record]).await;
    let put = phone.http.put(format!("{}/v1/blob/{id}", hub.url)).bearer_auth(&phone.token).body(photo);
    assert_eq!(put.send().await.unwrap().status(), 204);
    std::fs::remove_file(hub.hub.blobs().path("city", &id)).unwrap();
    let report = hub.hub.backup(&hub.folder.path().join("backup")).await.unwrap();
    assert_eq!((report.ops, report.photos, report.missing), (1, 0, 1));
}

#[tokio::test]
async fn who_has_neither_unit_nor_district_reads_no_district_until_the_office_names_one() {
    let hub = hub().await;
    let mut wang = hub.phone("wang").await;
    let (record, case) = (fresh_entity(), fresh_entity());
    let ops = [wang.record(record), wang.report(case, record)];
    wang.push(&ops).await;
    let id = case.to_string();
    let person = |unit: &str, districts: &[&str]| xuncha_hub::office::NewPerson {
        id: "ye".into(),
        name: "叶名".into(),
        unit: unit.into(),
        roles: vec!["viewer".into(), "inspector".into()],
        districts: districts.iter().map(|d| (*d).to_owned()).collect(),
        ..Default::default()
    };
    for (unit, districts, reads) in [
        ("", &[][..], false),
        ("no-such-unit", &[], false),
        ("", &["west"], false),
        ("", &["east"], true),
        ("", &["*"], true),
        ("bureau", &[], true),
        ("west", &[], false),
        ("east", &[], true),
    ] {
        hub.hub.put_people("admin", vec![person(unit, districts)]).await.unwrap();
        let replica = hub.phone("ye").await.pull_all().await;
        assert_eq!(replica.find("d/east", "case", &id).is_some(), reads, "{unit} {districts:?}");
        let scopes: std::collections::BTreeSet<_> = replica.rows.keys().map(|(scope, _, _)| scope).collect();
        assert_eq!(scopes.iter().any(|s| *s == "d/east"), reads, "{unit} {districts:?}");
    }
}
