//! 填写日志: what was done while a form was filled comes to the hub with the record.

use reqwest::StatusCode;
use xuncha_device::env::Clock;
use xuncha_device::view::SyncKind;
use xuncha_system_tests::phone::{integer, text};

use crate::console::{Console, links};
use crate::town::{Town, patrol};

const FORM: &str = "| survey | | | | | |
| | type | name | label | parameters | required |
| | audit | audit | | track-changes=true identify-user=true | |
| | begin_group | lamp | 路灯 | | |
| | integer | broken | 坏了几盏 | | yes |
| | text | where | 在哪里 | | |
| | end_group | | | | |
| settings | | | | | |
| | form_id | form_title | version | | |
| | lamps | 路灯 | 1 | | |
";

#[tokio::test]
async fn what_was_done_while_filling_is_at_the_hub_as_the_phone_logged_it() {
    let town = Town::open().await;
    town.office.hub.import_form_workbook("admin", FORM.as_bytes()).await.unwrap();
    let phone = town.phone("p-wang", None).await;
    let start = phone.clock.wall_ms();
    let session = phone.begin("lamps", None).await.unwrap();
    phone.clock.advance(5_000);
    assert!(session.clone().finalize().await.is_err());
    session.answer("/data/lamp/broken", integer(2)).unwrap();
    let draft = session.draft_id();
    session.close().await.unwrap();
    let phone = phone.reopen().await.unwrap();
    let session = phone.app.resume_fill(draft).await.unwrap();
    session.answer("/data/lamp/broken", integer(3)).unwrap();
    session.answer("/data/lamp/where", text("=建设路, 北侧")).unwrap();
    phone.clock.advance(5_000);
    let done = session.finalize().await.unwrap();
    let unlogged = patrol(&phone, 1).await.0;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);

    let hub = &town.office.hub;
    hub.set_password("admin", "admin", "admin", "correct-horse-11", false).await.unwrap();
    let console = Console::sign_in(town.office.address, "admin", "correct-horse-11").await;
    let page = console.page(&format!("/records/{}", done.record_id)).await;
    assert!(page.contains("填写日志"));
    let (href, _) = links(&page, "audit.csv").remove(0);
    let (status, csv) = console.get(&href).await;
    assert_eq!(status, StatusCode::OK);
    let csv = String::from_utf8(csv).unwrap();
    let (second, end) = (start + 5_000, start + 10_000);
    let expected = [
        "event,node,start,end,old-value,new-value,user".to_owned(),
        format!("form start,,{start},,,,王新"),
        format!("group questions,/data/lamp,{start},{second},,,王新"),
        format!("question,/data/lamp/broken,{start},{second},,2,王新"),
        format!("constraint error,,{second},,,,王新"),
        format!("form save,,{second},,,,王新"),
        format!("form exit,,{second},,,,王新"),
        format!("form resume,,{second},,,,王新"),
        format!("group questions,/data/lamp,{second},{end},,,王新"),
        format!("question,/data/lamp/broken,{second},{end},2,3,王新"),
        format!("question,/data/lamp/where,{second},{end},,\"=建设路, 北侧\",王新"),
        format!("form save,,{end},,,,王新"),
        format!("form exit,,{end},,,,王新"),
        format!("form finalize,,{end},,,,王新"),
    ];
    assert_eq!(csv.strip_prefix('\u{feff}').unwrap().lines().collect::<Vec<_>>(), expected);
    let taken_out = "SELECT COUNT(*) FROM audit WHERE what = 'export' AND about = '填写日志'";
    assert_eq!(town.count(taken_out).await, 1, "who took it out is known");

    let page = console.page(&format!("/records/{unlogged}")).await;
    assert!(!page.contains("填写日志"), "a form that asks for none has none");
    assert_eq!(console.get(&format!("/records/{unlogged}/audit.csv")).await.0, StatusCode::NOT_FOUND);
}
