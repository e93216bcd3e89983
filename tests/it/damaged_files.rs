//! Database files with a page overwritten: moved aside, told, what can be read of them rescued, and what the hub has
//! fetched again.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use xuncha_device::view::{RecordFilter, SiteFilter, SyncKind};
use xuncha_hub::{Hub, HubConfig, HubError};
use xuncha_system_tests::office::Office;
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};
use xuncha_system_tests::proxy::Proxy;

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

const PAGE: u64 = 4096;

/// Writes noise over page `nth` (from 1).
fn spoil(file: &Path, nth: u64) {
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start((nth - 1) * PAGE)).unwrap();
    file.write_all(&[0xA5; PAGE as usize]).unwrap();
}

fn pages(file: &Path) -> u64 {
    std::fs::metadata(file).unwrap().len() / PAGE
}

/// The first page of a table or index.
fn root_of(file: &Path, name: &str) -> u64 {
    checkpoint(file);
    let db = rusqlite::Connection::open(file).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root: i64 = db.query_row(sql, [name], |row| row.get(0)).unwrap();
    u64::try_from(root).unwrap()
}

async fn put_down(phone: Phone) -> std::path::PathBuf {
    phone.app.close().await.unwrap();
    phone.folder().to_owned()
}

async fn records(phone: &Phone) -> usize {
    phone.app.records(RecordFilter { limit: 100, ..RecordFilter::default() }).await.unwrap().len()
}

#[tokio::test]
async fn every_page_of_what_was_authored_may_be_spoilt_and_the_phone_opens_says_so_and_goes_on() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    for nth in 0..6 {
        patrol(&phone, nth).await;
    }
    let home = put_down(phone).await;
    let mine = home.join("files/mine.db");
    let count = pages(&mine);
    assert!(count > 10, "{count} pages");
    let copy = town.folder.path().join("spoilt");
    let mut whole = 0;
    for nth in 1..=count {
        let _ = std::fs::remove_dir_all(&copy);
        copy_folder(&home, &copy);
        spoil(&copy.join("files/mine.db"), nth);
        let phone = Phone::open(&copy, 9000 + nth, SCENE_START_MS).await.unwrap();
        let status = phone.app.sync_status().await.unwrap();
        let damaged = phone.app.storage_report().await.unwrap().damaged;
        if damaged.is_empty() {
            // A page that nothing uses.
            assert_eq!(status.made, 12, "page {nth}");
        } else {
            assert!(
                damaged.iter().any(|path| path.ends_with("mine.db")),
                "page {nth}: kept aside, {damaged:?}"
            );
            let notice = status.notices.iter().find(|notice| notice.contains("损坏"));
            has_three_parts(notice.unwrap_or_else(|| panic!("page {nth}: {:?}", status.notices)));
        }
        whole += usize::from(status.made == 12 && records(&phone).await == 6);
        // The phone is of use again at once.
        patrol(&phone, 100 + nth).await;
        phone.app.close().await.unwrap();
    }
    // Indexes, and tables that can be read by another way, cost nothing; only pages that hold ops do.
    assert!(whole * 2 > count as usize, "{whole} of {count} pages cost nothing");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn after_a_rescue_what_the_hub_has_comes_back_and_nothing_doubles() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    for nth in 0..6 {
        patrol(&phone, nth).await;
    }
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    patrol(&phone, 6).await;
    let home = put_down(phone).await;
    let mine = home.join("files/mine.db");
    spoil(&mine, root_of(&mine, "op_entity"));
    let phone = Phone::open(&home, 777, SCENE_START_MS).await.unwrap();
    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::Done, "{outcome:?}");
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (14, 14, 7), "{status:?}");
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 7);
    assert_eq!(town.count("SELECT COUNT(*) FROM casefile").await, 7);
    assert_eq!(town.count("SELECT held FROM device").await, 14);
}

#[tokio::test]
async fn a_spoilt_replica_is_fetched_anew_and_own_work_is_untouched() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    let home = put_down(phone).await;
    let replica = home.join("files/hub.db");
    for nth in 1..=pages(&replica) {
        spoil(&replica, nth);
    }
    let phone = Phone::open(&home, 778, SCENE_START_MS).await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (2, 0));
    has_three_parts(status.notices.first().unwrap());
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    assert!(phone.app.forms().await.unwrap().len() >= 5, "forms are there again");
    phone.app.sites(SiteFilter { limit: 5, ..SiteFilter::default() }).await.unwrap();
    patrol(&phone, 2).await;
    phone.sync().await.unwrap();
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (4, 4));
}

#[tokio::test]
async fn a_hub_whose_database_is_spoilt_does_not_start_and_its_backup_and_the_phones_bring_all_back() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let backup = town.folder.path().join("backup");
    town.office.hub.backup(&backup).await.unwrap();
    patrol(&phone, 2).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);

    // The hub's disk, as it would be found: every page but the first is noise, then the first too.
    let (live, spoilt) = (town.folder.path().join("hub"), town.folder.path().join("hub-spoilt"));
    checkpoint(&live.join("hub.db"));
    copy_folder(&live, &spoilt);
    let file = spoilt.join("hub.db");
    for nth in [2, 1] {
        spoil(&file, nth);
        let before = std::fs::read(&file).unwrap();
        let Err(error) = Hub::open(HubConfig::new(&spoilt)).await else { panic!("page {nth}: opened") };
        assert!(matches!(error, HubError::Damaged { .. }), "page {nth}: {error:?}");
        has_three_parts(error.to_string().split(" / ").next().unwrap());
        assert_eq!(std::fs::read(&file).unwrap(), before, "page {nth}: left as it was");
    }

    // The backup goes to work; the phone keeps what was acknowledged and offers it again.
    let Town { office, folder, .. } = town;
    office.hub.stop();
    let restored = Office::open(&backup, 0, SCENE_START_MS).await.unwrap();
    let other = Proxy::before(restored.address).await.unwrap();
    let home = put_down(phone).await;
    move_to(&home, &format!("http://{}", other.address));
    let phone = Phone::open(&home, 779, SCENE_START_MS).await.unwrap();
    let outcome = phone.sync().await.unwrap();
    assert!(outcome.reoffered, "{outcome:?}");
    assert_eq!(outcome.kind, SyncKind::Done, "{outcome:?}");
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (4, 4, 2), "{status:?}");
    let held = restored.hub.db().read(|tx| tx.one("SELECT COUNT(*) FROM record", &[], |r| r.int(0))).await;
    assert_eq!(held.unwrap(), Some(2), "both records, each once");
    drop(folder);
}

fn checkpoint(file: &Path) {
    let db = rusqlite::Connection::open(file).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// The hub's name leads to another machine now, as after a change in the office's DNS.
fn move_to(home: &Path, hub: &str) {
    let mine = rusqlite::Connection::open(home.join("files/mine.db")).unwrap();
    let sql = "UPDATE meta SET value = json_set(value, '$.hub', ?1) WHERE key = 'identity'";
    assert_eq!(mine.execute(sql, [hub]).unwrap(), 1);
}
