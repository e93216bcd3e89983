//! Photos that are none: kept and flagged where there are bytes, told where there are none, and never a danger to the
//! phone, the answers, or the console.

use reqwest::StatusCode;
use xuncha_device::AppError;
use xuncha_device::view::SyncKind;
use xuncha_hub::photos::{Size, file};
use xuncha_system_tests::phone::{integer, text};
use xuncha_system_tests::photo;
use xuncha_wire::BlobId;

use crate::console::Console;
use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

const QUESTION: &str = "/data/find[1]/photo";

/// A whole photo whose header says another size.
fn says_it_is(bytes: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut out = bytes.to_vec();
    // The frame header: FF C0 or FF C2, length, precision, then height and width; the last one, behind the thumbnail's.
    let at = out.windows(2).rposition(|w| w == [0xFF, 0xC0] || w == [0xFF, 0xC2]).unwrap();
    out[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    out[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    out
}

fn bad_photos() -> Vec<(&'static str, Vec<u8>)> {
    let whole = photo::small(77);
    vec![
        ("cut", whole[..whole.len() / 3].to_vec()),
        ("text", "这是一段话，不是照片。".repeat(20).into_bytes()),
        ("huge", says_it_is(&whole, 60_000, 60_000)),
    ]
}

#[tokio::test]
async fn a_photo_without_a_byte_is_told_and_the_answers_and_earlier_photos_stay() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    let form = phone.begin("test_patrol", None).await.unwrap();
    form.answer("/data/where", text("人民路1号")).unwrap();
    form.answer("/data/find[1]/words", text("垃圾")).unwrap();
    let good = photo::small(1);
    let shot = phone.shoot("good.jpg", &good).unwrap();
    form.clone().attach_photo(QUESTION.into(), shot).await.unwrap();

    let empty = phone.shoot("empty.jpg", b"").unwrap();
    let error = form.clone().attach_photo(QUESTION.into(), empty).await.unwrap_err();
    assert!(matches!(&error, AppError::Invalid { at, .. } if at == "photo"), "{error:?}");
    has_three_parts(&error.sentence("zh"));
    let mut gone = phone.shoot("gone.jpg", b"x").unwrap();
    gone.path.push_str(".not-there");
    has_three_parts(&form.clone().attach_photo(QUESTION.into(), gone).await.unwrap_err().sentence("zh"));

    let done = form.finalize().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let record = phone.app.record(done.record_id).await.unwrap();
    assert_eq!(record.row.photos, 1, "the earlier photo is in the record");
    let hub = &town.office.hub;
    assert!(hub.blobs().offset(hub.tenant().as_str(), &BlobId::of(&good)).unwrap().1);
}

#[tokio::test]
async fn a_damaged_photo_is_kept_flagged_uploaded_whole_and_does_not_kill_the_console() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    for (what, bytes) in bad_photos() {
        let form = phone.begin("test_patrol", None).await.unwrap();
        form.answer("/data/where", text("人民路1号")).unwrap();
        form.answer("/data/find[1]/words", text("垃圾")).unwrap();
        form.answer("/data/find[1]/count", integer(1)).unwrap();
        let shot = phone.shoot(&format!("{what}.jpg"), &bytes).unwrap();
        form.clone().attach_photo(QUESTION.into(), shot).await.unwrap();
        let done = form.finalize().await.unwrap();
        let record = phone.app.record(done.record_id.clone()).await.unwrap();
        assert_eq!(record.photos.len(), 1, "{what} is kept");
        assert!(!record.photos[0].damage.is_empty(), "{what} is flagged");
        assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done, "{what}");
        assert_eq!(phone.app.sync_status().await.unwrap().waiting_photos, 0, "{what} is at the hub");

        let (hub, id) = (&town.office.hub, BlobId::of(&bytes));
        let tenant = hub.tenant().to_string();
        let kept = file(hub, &tenant, &id, Size::Original).await.unwrap().unwrap();
        assert_eq!(std::fs::read(kept).unwrap(), bytes, "{what}: byte for byte");
        hub.set_password("admin", "admin", "admin", "correct-horse-11", false).await.unwrap();
        let console = Console::sign_in(town.office.address, "admin", "correct-horse-11").await;
        let (status, _) = console.get(&format!("/photos/{id}/thumb")).await;
        assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{what}: {status}");
        assert_eq!(console.get(&format!("/photos/{id}/original")).await.1, bytes, "{what}");
        let page = console.page(&format!("/records/{}", done.record_id)).await;
        assert!(page.contains(id.digits()), "{what}: the record's page shows where it is");
    }
    patrol(&phone, 1).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
}
