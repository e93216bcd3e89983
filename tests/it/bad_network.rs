//! A hub that answers HTML, 500, half a body, or nothing; a network that ends. Nothing authored is lost.

use xuncha_device::view::SyncKind;
use xuncha_system_tests::phone::SCENE_START_MS;
use xuncha_system_tests::proxy::{Proxy, Weather};

use crate::town::{Town, patrol};

#[tokio::test]
async fn whatever_the_network_answers_the_work_stays_and_arrives_when_it_clears() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.phone("p-wang", Some(proxy.address)).await;
    patrol(&phone, 1).await;
    let bad = [
        (Weather::gate_page(), SyncKind::GatePage),
        (Weather::status_500(), SyncKind::HubTrouble),
        (Weather::half_a_body(), SyncKind::HubTrouble),
        (Weather::Silent, SyncKind::Offline),
        (Weather::Down, SyncKind::Offline),
    ];
    for (weather, kind) in bad {
        proxy.set(weather.clone());
        let outcome = phone.sync().await.unwrap();
        let calm = [SyncKind::Offline, SyncKind::HubTrouble, SyncKind::GatePage, SyncKind::Partly];
        assert!(calm.contains(&outcome.kind), "{weather:?}: {outcome:?}");
        if kind == SyncKind::GatePage {
            assert_eq!(outcome.kind, kind, "a sign-in page is told as one");
        }
        assert!(!outcome.sentence.is_empty(), "{weather:?} says what happened");
        let status = phone.app.sync_status().await.unwrap();
        assert_eq!((status.made, status.held), (2, 0), "{weather:?}: nothing is called safe");
    }
    proxy.set(Weather::Fair);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (2, 2, 1));
}

#[tokio::test]
async fn a_network_that_is_cut_again_and_again_brings_everything_once() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.phone("p-wang", Some(proxy.address)).await;
    for nth in 0..4 {
        patrol(&phone, nth).await;
    }
    for cut in 1..20_u64 {
        proxy.set(Weather::CutAfter(cut * 3_000));
        if phone.sync().await.unwrap().kind == SyncKind::Done {
            break;
        }
    }
    proxy.set(Weather::Fair);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_made, status.photos_held), (8, 8, 4, 4));
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 4);
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, 4);
}

#[tokio::test]
async fn a_revoked_phone_keeps_its_work_and_is_told_so() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    let device = phone.app.identity().await.unwrap().unwrap().device;
    town.office.hub.revoke_device("admin", &device).await.unwrap();
    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::Revoked, "{outcome:?}");
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (2, 0));
    assert!(outcome.sentence.contains("停用"), "{}", outcome.sentence);
    assert!(status.notices.iter().any(|notice| notice.contains("停用")), "{:?}", status.notices);
    patrol(&phone, 2).await;
}

#[tokio::test]
async fn a_clock_set_back_a_year_loses_nothing() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    phone.clock.set(SCENE_START_MS - 365 * 86_400_000);
    patrol(&phone, 2).await;
    phone.sync().await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (4, 4), "{status:?}");
}
