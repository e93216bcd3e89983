//! Storage that changes a byte of what was authored: told, handed over as it stands, and no reason to hold the rest back.

use xuncha_device::view::{CaseFilter, RecordFilter, SyncKind};
use xuncha_system_tests::phone::Phone;
use xuncha_wire::push::CustodyLine;

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

/// Flips one bit in the middle of the body of the first op of this kind, as a dying flash cell would.
pub(crate) async fn flip(phone: Phone, kind: &str) -> (Phone, Vec<u8>) {
    phone.app.close().await.unwrap();
    let folder = phone.folder().to_owned();
    drop(phone);
    let mine = rusqlite::Connection::open(folder.join("files/mine.db")).unwrap();
    let sql = "SELECT n, body FROM op WHERE kind = ?1 ORDER BY n LIMIT 1";
    let (n, mut body): (i64, Vec<u8>) =
        mine.query_row(sql, [kind], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let middle = body.len() / 2;
    body[middle] ^= 0x10;
    mine.execute("UPDATE op SET body = ?2 WHERE n = ?1", rusqlite::params![n, body]).unwrap();
    drop(mine);
    let clock = xuncha_system_tests::phone::SCENE_START_MS;
    (Phone::open(&folder, 4242, clock).await.unwrap(), body)
}

#[tokio::test]
async fn a_record_that_storage_damaged_goes_to_custody_as_it_stands_and_its_author_is_told() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    let (first, photo) = patrol(&phone, 1).await;
    let (second, _) = patrol(&phone, 2).await;
    let (phone, rotten) = flip(phone, "record").await;

    // What is read of it meanwhile does not stop anything.
    let rows = phone.app.records(RecordFilter { limit: 10, ..RecordFilter::default() }).await.unwrap();
    assert_eq!(rows.len(), 2);
    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::Done, "{outcome:?}");
    assert_eq!((outcome.pushed, outcome.quarantined), (4, 1), "{outcome:?}");
    has_three_parts(&outcome.sentence);

    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.waiting_ops), (4, 4, 0), "nothing was skipped: {status:?}");
    assert_eq!((status.photos_made, status.photos_held), (2, 2), "its photo is at the hub too");
    let [shown] = &status.quarantined[..] else { panic!("{:?}", status.quarantined) };
    assert_eq!(shown.entity, first);
    assert!(shown.sentence.contains("损坏"), "{}", shown.sentence);
    has_three_parts(&shown.sentence);

    let kept = town.blobs("SELECT bytes FROM op WHERE kind = 'unread'").await;
    let [kept] = &kept[..] else { panic!("{} rows unread", kept.len()) };
    let kept = xuncha_wire::envelope::open(kept).unwrap();
    assert!(kept.ends_with(&rotten), "the bytes as they stand");
    let says = CustodyLine::of(kept).unwrap();
    assert_eq!(
        (says.kind.as_str(), says.entity.as_str(), says.blobs.as_slice()),
        ("record", &*first, &[photo][..])
    );
    let records = town.texts("SELECT id FROM record").await;
    assert_eq!(records, [second], "the other record took effect");
    let held = town.count("SELECT held FROM device").await;
    assert_eq!(held, 4, "made 4, held 4");

    let waits = town.texts("SELECT op FROM op_verdict WHERE st = 'quarantined'").await;
    assert_eq!(waits, std::slice::from_ref(&shown.op), "a person at the hub finds it too");

    // Said once, and until somebody has looked at it.
    let again = phone.sync().await.unwrap();
    assert_eq!((again.pushed, again.quarantined), (0, 0));
    assert_eq!(phone.app.sync_status().await.unwrap().quarantined.len(), 1);
    town.office.hub.refuse_op("admin", shown.op.parse().unwrap(), "读不出来，已请本人重填").await.unwrap();
    phone.sync().await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.quarantined.len(), status.refused.len()), (0, 1));
    assert!(status.refused[0].sentence.contains("已请本人重填"));
}

#[tokio::test]
async fn a_case_report_that_storage_damaged_stops_neither_lists_nor_the_sync() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    patrol(&phone, 2).await;
    let (phone, _) = flip(phone, "case_report").await;
    let cases = phone.app.cases(CaseFilter { limit: 10, ..CaseFilter::default() }).await.unwrap();
    assert_eq!(cases.rows.len(), 1, "the whole one is shown");
    phone.app.today().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().quarantined, 1);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.quarantined.len()), (4, 4, 1));
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 2);
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, 1);
}
