//! What a phone keeps when something of its own goes wrong, or when it changes hands.

use xuncha_device::AppError;
use xuncha_device::view::SyncKind;
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};

use crate::town::{Town, patrol};

#[tokio::test]
async fn an_op_that_its_own_phone_cannot_read_any_more_goes_into_custody_and_holds_up_nothing() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    patrol(&phone, 2).await;
    phone.app.close().await.unwrap();
    let folder = phone.folder().to_owned();
    drop(phone);
    // One bit of the first body is another one: only its hash tells.
    let file = rusqlite::Connection::open(folder.join("files/mine.db")).unwrap();
    let sql =
        "UPDATE op SET body = CAST(substr(body, 1, 20) || x'00' || substr(body, 22) AS BLOB) WHERE n = 1";
    assert_eq!(file.execute(sql, []).unwrap(), 1);
    drop(file);
    let phone = Phone::open(&folder, 77, SCENE_START_MS).await.unwrap();
    let outcome = phone.sync().await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.waiting_ops, status.held), (0, 4), "{outcome:?}");
    assert_eq!(status.quarantined.len(), 1, "it is told to its author");
    assert_eq!(town.count("SELECT COUNT(*) FROM op WHERE kind = 'unread'").await, 1);
    assert_eq!(town.count("SELECT COUNT(*) FROM op_verdict WHERE st = 'quarantined'").await, 1);
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 1, "the other record");
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, 2, "both cases");
}

#[tokio::test]
async fn what_was_done_for_one_hub_is_not_handed_to_another() {
    let (here, there) = (Town::open().await, Town::open().await);
    let phone = here.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    phone.app.sign_out().await.unwrap();
    let code = there.office.code("p-wang", None).await.unwrap();
    let refused = phone.app.enrol(code).await;
    assert!(
        matches!(&refused, Err(AppError::Invalid { zh, .. }) if zh.contains("另一个平台")),
        "{refused:?}"
    );
    // Back at its own hub it goes on.
    phone.enrol(&here.office.code("p-wang", None).await.unwrap()).await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(here.count("SELECT COUNT(*) FROM record").await, 1);

    // A phone on which nothing was done yet may go wherever it is sent.
    let fresh = here.phone("p-wang", None).await;
    fresh.app.sign_out().await.unwrap();
    fresh.enrol(&there.office.code("p-wang", None).await.unwrap()).await.unwrap();
    patrol(&fresh, 2).await;
    assert_eq!(fresh.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(there.count("SELECT COUNT(*) FROM record").await, 1);
}
