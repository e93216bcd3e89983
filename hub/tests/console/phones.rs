//! Phones: both sides' numbers, what is missing, and what waits for a person at the hub.

use reqwest::StatusCode;

use crate::browser::{Browser, leads_to};
use crate::phone::{fresh_entity, hub};
use crate::scene;

#[tokio::test]
async fn the_longest_unsafe_stands_first_and_a_gap_in_the_numbers_is_shown() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut west = hub.phone("zhao").await;
    west.wall_ms = scene::NOW - 30 * 3_600_000;
    let (first, lost, third) =
        (west.record(fresh_entity()), west.record(fresh_entity()), west.record(fresh_entity()));
    west.wall_ms = scene::NOW;
    west.push(&[first, third]).await;
    drop(lost);
    let admin = Browser::signed_in(&hub, "admin").await;
    let page = admin.page("/phones").await;
    let names = regex::Regex::new(r#"<tr data-phone><td[^>]*>(\S+)"#).unwrap();
    let names: Vec<_> = names.captures_iter(&page).map(|c| c[1].to_owned()).collect();
    assert_eq!(names[0], "张华", "{names:?}");
    assert!(page.contains("编号2缺，后面的已收") && page.contains("最长1天6小时"), "{page}");
    assert!(page.contains("编号") && page.contains("照片等Wi-Fi"));
}

#[tokio::test]
async fn what_waits_is_asked_about_given_to_the_other_district_or_refused() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut admin = Browser::signed_in(&hub, "admin").await;
    let page = admin.page("/phones").await;
    for said in ["平台代管1件", "刘洋调出西城区后交来", "归原区（西城区）", "交东城区", "问本人", "不采纳"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let address = regex::Regex::new(r#"action="(/phones/ops/[^"]+)""#).unwrap();
    let address = address.captures(&page).unwrap()[1].to_owned();
    let silent = admin.post(&address, &[("what", "ask"), ("text", " ")]).await;
    assert_eq!(silent.status(), StatusCode::BAD_REQUEST);
    let asked = admin.post(&address, &[("what", "ask"), ("text", "是不是调走以前拍的")]).await;
    assert_eq!(leads_to(&asked), "/phones?done=asked");
    let (id, sentence) = waiting(&hub).await;
    assert!(sentence.contains("管理员问你：是不是调走以前拍的"), "{sentence}");
    assert!(admin.page("/phones").await.contains("平台代管1件"), "asking decides nothing");
    let given = admin.post(&address, &[("what", "give"), ("district", "east")]).await;
    assert_eq!(leads_to(&given), "/phones?done=taken");
    let record = hub.hub.db().read(move |tx| {
        let sql = "SELECT r.district FROM record r WHERE r.tenant = 'city' AND r.op = $1";
        tx.one(sql, &[xuncha_hub::store::V::T(&id)], |r| r.text(0))
    });
    assert_eq!(record.await.unwrap().as_deref(), Some("east"));
    assert!(!admin.page("/phones").await.contains("平台代管1件"));
    assert_eq!(
        admin.post(&address, &[("what", "take")]).await.status(),
        StatusCode::NOT_FOUND,
        "decided once"
    );
}

/// The one op that waits, and what its author reads.
async fn waiting(hub: &crate::phone::TestHub) -> (String, String) {
    let found = hub.hub.db().read(|tx| {
        let sql = "SELECT op, zh FROM op_verdict WHERE tenant = 'city' AND st = 'quarantined'";
        tx.one(sql, &[], |r| Ok((r.text(0)?, r.text(1)?)))
    });
    found.await.unwrap().unwrap()
}

#[tokio::test]
async fn what_is_refused_stays_with_its_author_and_says_why() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let (id, _) = waiting(&hub).await;
    let op = id.parse().unwrap();
    let mut admin = Browser::signed_in(&hub, "admin").await;
    let refused = admin.post(&format!("/phones/ops/{id}"), &[("what", "refuse"), ("text", "试件")]).await;
    assert_eq!(leads_to(&refused), "/phones?done=declined");
    assert!(admin.page("/phones").await.contains("管理员看过，没有采纳：试件"));
    assert!(hub.hub.release_op("admin", op).await.is_err(), "decided once");
}
