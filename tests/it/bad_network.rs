//! A hub that answers HTML, 500, half a body, or nothing; a network that ends. Nothing authored is lost.

use xuncha_device::view::SyncKind;
use xuncha_system_tests::phone::SCENE_START_MS;
use xuncha_system_tests::proxy::{Proxy, Weather};

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

#[tokio::test]
async fn whatever_the_network_answers_the_work_stays_and_arrives_when_it_clears() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.impatient_phone("p-wang", proxy.address).await;
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
        has_three_parts(&outcome.sentence);
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
async fn a_sync_that_is_asked_for_takes_along_what_was_finished_before_whatever_runs_already() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.phone("p-wang", Some(proxy.address)).await;
    patrol(&phone, 0).await;
    for nth in 1..6 {
        let before = phone.app.clone();
        proxy.take_asked();
        let running = tokio::spawn(async move { before.sync_now().await.unwrap() });
        // In the middle of it: its ops are listed, photos are on their way, or it waits for an answer.
        let stage = ["/v1/push", "/v1/pull", "/v1/blob", "/v1/push", "/v1/pull"][nth as usize - 1];
        while !proxy.asked().contains(stage) && !running.is_finished() {
            tokio::time::sleep(std::time::Duration::from_micros(200)).await;
        }
        patrol(&phone, nth).await;
        let asked = phone.sync().await.unwrap();
        assert_eq!(asked.kind, SyncKind::Done, "{stage}: {asked:?}");
        assert_eq!(
            running.await.unwrap().kind,
            SyncKind::Done,
            "{stage}: the one before lacks nothing either"
        );
        let status = phone.app.sync_status().await.unwrap();
        assert_eq!((status.held, status.photos_held), (status.made, status.photos_made), "{stage}");
        assert_eq!(status.made, 2 * (nth + 1), "{stage}");
    }
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
    has_three_parts(&outcome.sentence);
    let told = status.notices.iter().find(|notice| notice.contains("停用")).unwrap();
    has_three_parts(told);
    assert!(status.notices.iter().any(|notice| notice.contains("停用")), "{:?}", status.notices);
    patrol(&phone, 2).await;
}

#[tokio::test]
async fn a_hub_that_says_nothing_for_a_minute_is_waited_for_no_longer_and_told() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.impatient_phone("p-wang", proxy.address).await;
    patrol(&phone, 1).await;
    proxy.set(Weather::Silent);
    let began = std::time::Instant::now();
    let outcome = phone.sync().await.unwrap();
    // This phone waits for two seconds where one in the field waits for sixty.
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
    assert_eq!(outcome.kind, SyncKind::Offline);
    assert!(outcome.sentence.contains("没有回应（已等2秒）"), "{}", outcome.sentence);
    has_three_parts(&outcome.sentence);
}

#[tokio::test]
async fn a_clock_set_back_a_year_loses_nothing_and_is_told() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    phone.clock.set(SCENE_START_MS - 365 * 86_400_000);
    patrol(&phone, 2).await;
    let outcome = phone.sync().await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (4, 4, 2), "{status:?}");
    assert_eq!((status.waiting_ops, status.quarantined.len()), (0, 4), "kept, and looked at by a person");
    has_three_parts(&outcome.sentence);
    for row in &status.quarantined {
        assert!(row.sentence.contains("手机时间"), "{}", row.sentence);
        has_three_parts(&row.sentence);
    }
    // The office releases them: they take effect, each once, and the phone hears of it.
    for op in status.quarantined {
        town.office.hub.release_op("admin", op.op.parse().unwrap()).await.unwrap();
    }
    phone.clock.set(SCENE_START_MS);
    phone.sync().await.unwrap();
    assert!(phone.app.sync_status().await.unwrap().quarantined.is_empty());
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 2);
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, 2);
}

#[tokio::test]
async fn the_hub_hears_why_work_waited_on_the_phone() {
    let town = Town::open().await;
    let proxy = Proxy::before(town.office.address).await.unwrap();
    let phone = town.impatient_phone("p-wang", proxy.address).await;
    let hindrances = [
        (Weather::gate_page(), "SELECT COUNT(*) FROM device WHERE waiting_why = 'gate'"),
        (Weather::status_500(), "SELECT COUNT(*) FROM device WHERE waiting_why = 'hub_trouble'"),
        (Weather::Silent, "SELECT COUNT(*) FROM device WHERE waiting_why = 'no_answer'"),
        (Weather::Down, "SELECT COUNT(*) FROM device WHERE waiting_why = 'no_network'"),
    ];
    for (nth, (weather, told)) in (1..).zip(hindrances) {
        patrol(&phone, nth).await;
        proxy.set(weather);
        phone.sync().await.unwrap();
        proxy.set(Weather::Fair);
        assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
        assert_eq!(town.count(told).await, 1, "{told}");
    }
    // What came through says nothing of an earlier hindrance.
    patrol(&phone, 9).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert_eq!(town.count("SELECT COUNT(*) FROM device WHERE waiting_why = '' AND made > 0").await, 1);
}
