//! Phones: both sides' numbers, what is missing, and what waits for a person at the hub.

use reqwest::StatusCode;

use crate::browser::{Browser, leads_to, links};
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
    let names = regex::Regex::new(r#"<tr data-phone><td[^>]*><a[^>]*>([^<]+)<"#).unwrap();
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

/// The page of a person's phone.
async fn phone_of(browser: &Browser, name: &str) -> (String, String) {
    let list = browser.page("/phones").await;
    let address = regex::Regex::new(&format!(r#"<a data-row href="(/phones/[^"]+)">{name}</a>"#)).unwrap();
    let address = address.captures(&list).unwrap_or_else(|| panic!("{name}: {list}"))[1].to_owned();
    let page = browser.page(&address).await;
    (address, page)
}

fn plain(html: &str) -> String {
    regex::Regex::new("<[^>]+>").unwrap().replace_all(html, "").into_owned()
}

#[tokio::test]
async fn a_phones_page_says_what_it_reported_what_the_hub_counts_and_what_is_missing() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut west = hub.phone("zhao").await;
    west.wall_ms = scene::NOW;
    let ops: Vec<_> = (0..6).map(|_| west.record(fresh_entity())).collect();
    west.push(&[ops[0].clone(), ops[3].clone(), ops[4].clone()]).await;
    let admin = Browser::signed_in(&hub, "admin").await;
    let name =
        regex::Regex::new(&format!("<a data-row href=\"(/phones/{})\">张华</a>", west.device)).unwrap();
    let list = admin.page("/phones").await;
    let address = name.captures(&list).unwrap()[1].to_owned();
    let page = plain(&admin.page(&address).await);
    for said in [
        "编号2至3缺，后面的已收",
        "编号6还没有交来",
        "产生6条，照片0张",
        "平台已收3条",
        "剩余空间手机没有报这一项",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (_, page) = phone_of(&admin, "王新").await;
    for said in ["照片等Wi-Fi", "时钟与平台", "还没有"] {
        assert!(plain(&page).contains(said), "{said}: {page}");
    }
    // Every count opens as many rows, or as many as a page has.
    let counts = links(&page, "data-count");
    assert_eq!(counts.len(), 7);
    let held = regex::Regex::new("平台已收([0-9]+)条").unwrap();
    let held: usize = held.captures(&plain(&page)).unwrap()[1].parse().unwrap();
    assert!(held > 20, "{held}");
    let mut ops = 0;
    for (address, count) in counts {
        let count: usize = count.replace(',', "").parse().unwrap();
        let list = admin.page(&address).await;
        assert_eq!(list.matches("<tr data-item>").count(), count.min(50), "{address}");
        assert!(count == 0 || list.contains(&format!("共{count}")), "{address}");
        ops += if address.contains("show=ops") { count } else { 0 };
    }
    assert_eq!(ops, held, "every op stands in one state");
    let (_, page) = phone_of(&admin, "刘洋").await;
    let kept = links(&page, "data-count").into_iter().find(|(address, _)| address.contains("quarantined"));
    assert_eq!(kept.unwrap().1, "1");
    let verifier = Browser::signed_in(&hub, "qian").await;
    assert_eq!(verifier.get(&address).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/phones/nobodys").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_phone_is_put_out_of_use_only_after_asking_once_more() {
    let hub = hub().await;
    scene::fill(&hub).await;
    let mut admin = Browser::signed_in(&hub, "admin").await;
    assert!(!admin.page("/phones").await.contains("/revoke\""), "the list only leads to the question");
    let (address, page) = phone_of(&admin, "王新").await;
    assert!(!page.contains("/revoke\"") && page.contains("?confirm=revoke"));
    let asked = admin.page(&format!("{address}?confirm=revoke")).await;
    let sentence =
        regex::Regex::new("停用后它的2条、([0-9]+)张仍可用交接包交来，手机里的内容不会被删。").unwrap();
    assert!(sentence.is_match(&asked), "{asked}");
    let dispatcher = Browser::signed_in(&hub, "li").await;
    assert!(
        !dispatcher.page(&format!("{address}?confirm=revoke")).await.contains("/revoke\""),
        "an administrator's"
    );
    assert_eq!(leads_to(&admin.post(&format!("{address}/revoke"), &[]).await), "/phones?done=revoked");
    let after = admin.page(&format!("{address}?confirm=revoke")).await;
    assert!(after.contains("已停用") && !after.contains("/revoke\""), "{after}");
}
