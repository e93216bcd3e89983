//! A hub with a certificate of its own: a phone trusts the key that its code named, and no other.

use tempfile::TempDir;
use xuncha_device::view::SyncKind;
use xuncha_hub::config::Tls;
use xuncha_hub::{Hub, HubConfig};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};

async fn phones_of(hub: &Hub) -> i64 {
    let count = hub.db().read(|tx| tx.one("SELECT COUNT(*) FROM device", &[], |r| r.int(0)));
    count.await.unwrap().unwrap()
}

#[tokio::test]
async fn a_phone_talks_to_the_key_that_its_code_named_and_to_no_other() {
    let folder = TempDir::new().unwrap();
    let config = HubConfig { tls: Tls::SelfSigned, ..HubConfig::new(folder.path().join("hub")) };
    let (hub, _) = Hub::open(config).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    tokio::spawn(xuncha_hub::serve_hub(hub.clone(), listener));
    while hub.url().is_none() {
        tokio::task::yield_now().await;
    }
    let code = hub.issue_code("admin", "admin").await.unwrap();
    let phone = Phone::open(&folder.path().join("phone"), 1, SCENE_START_MS).await.unwrap();

    // The code names another key, as it would be with someone in between.
    let mut other = code.clone();
    let first = if other.pins[0].starts_with('A') { "B" } else { "A" };
    other.pins[0].replace_range(..1, first);
    let refused = phone.app.enrol(other.to_text().unwrap()).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(phones_of(&hub).await, 0, "the code was not even shown to it");

    phone.enrol(&code.to_text().unwrap()).await.unwrap();
    assert_eq!(phones_of(&hub).await, 1);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    hub.stop();
}
