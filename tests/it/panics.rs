//! A panic in what a shell hands to the core: it becomes a typed error, and the phone goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xuncha_device::view::SyncKind;
use xuncha_device::{AppError, DeviceKey, KeyError, KeyKeeper, SoftwareKeys};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

/// What a panic may quote and nobody may read.
const QUOTED: &str = "王新填的答案";

/// A shell's key store whose signing can be made to panic.
struct Frail {
    keys: SoftwareKeys,
    panics: AtomicBool,
}

impl KeyKeeper for Frail {
    fn device_key(&self, alias: String) -> Result<DeviceKey, KeyError> {
        self.keys.device_key(alias)
    }

    fn sign(&self, alias: String, message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        assert!(!self.panics.load(Ordering::SeqCst), "{QUOTED}");
        self.keys.sign(alias, message)
    }
}

#[tokio::test]
async fn a_panic_inside_a_sync_is_told_to_all_who_wait_and_the_phone_goes_on() {
    let town = Town::open().await;
    let folder = town.folder.path().join("frail");
    let keys = Frail { keys: SoftwareKeys::new(folder.join("keys")), panics: AtomicBool::new(false) };
    let keys = Arc::new(keys);
    let config = Phone::config(&folder);
    let phone = Phone::open_with(config, keys.clone(), &folder, 7, SCENE_START_MS).await.unwrap();
    phone.enrol(&town.office.code("p-wang", None).await.unwrap()).await.unwrap();
    patrol(&phone, 1).await;

    keys.panics.store(true, Ordering::SeqCst);
    let told = tokio::join!(phone.sync(), phone.sync());
    for answer in [told.0, told.1] {
        let Err(error @ AppError::Internal { .. }) = answer else { panic!("{answer:?}") };
        assert!(!format!("{error:?}{error}").contains(QUOTED), "{error:?}");
        has_three_parts(&error.sentence("zh"));
    }
    assert!(phone.app.sync_status().await.unwrap().running.is_none(), "no sync is left standing");
    assert_eq!(town.count("SELECT COUNT(*) FROM op").await, 0);

    // While its keys still fail, everything that needs no network works.
    patrol(&phone, 2).await;
    assert_eq!(phone.app.records(Default::default()).await.unwrap().len(), 2);
    assert!(phone.app.sync_status().await.unwrap().waiting_ops >= 4);
    assert!(matches!(phone.sync().await, Err(AppError::Internal { .. })), "it is told each time");

    keys.panics.store(false, Ordering::SeqCst);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(phone.app.sync_status().await.unwrap().waiting_ops, 0);
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 2, "each arrived, and once");
    phone.app.close().await.unwrap();
}
