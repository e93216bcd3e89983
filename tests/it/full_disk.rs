//! A disk that is full: a real one, of a few megabytes. Each step that could not be kept says so, loses nothing, and
//! works once there is room. Where no file system may be mounted (not root, not Linux), the reason is printed.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xuncha_device::AppError;
use xuncha_device::view::{SiteFilter, SyncKind};
use xuncha_hub::photos::{Size, file};
use xuncha_system_tests::office::CLERK;
use xuncha_system_tests::phone::{Phone, SCENE_START_MS, text};
use xuncha_system_tests::photo;
use xuncha_wire::entity::SiteBody;
use xuncha_wire::{BlobId, EntityId};

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

/// A small disk, mounted as long as it lives.
struct SmallDisk {
    at: PathBuf,
    _folder: TempDir,
}

impl SmallDisk {
    /// A disk of so many megabytes; none where none may be mounted, with the reason on the test's output.
    fn of(megabytes: u32) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let at = folder.path().join("disk");
        std::fs::create_dir_all(&at).unwrap();
        let size = format!("size={megabytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at).output();
        match mount {
            Ok(done) if done.status.success() => Some(Self { at, _folder: folder }),
            Ok(done) => {
                println!(
                    "not run, no disk could be mounted: {}",
                    String::from_utf8_lossy(&done.stderr).trim()
                );
                None
            }
            Err(error) => {
                println!("not run, there is no mount: {error}");
                None
            }
        }
    }

    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }

    /// Fills it until but `left` bytes are free.
    fn fill(&self, left: usize) {
        let mut file = File::create(self.ballast()).unwrap();
        let block = [7_u8; 4096];
        while file.write_all(&block).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(left as u64)).unwrap();
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}

fn full(error: &AppError) {
    assert_eq!(*error, AppError::StorageFull);
    has_three_parts(&error.sentence("zh"));
}

/// What SQLite keeps for reuse is given back, so that the next write needs room.
fn tighten(database: &Path) {
    let db = rusqlite::Connection::open(database).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

#[tokio::test]
async fn a_phone_whose_disk_fills_up_in_a_form_keeps_every_answer_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::of(16) else { return };
    let town = Town::open().await;
    let home = disk.at.join("phone");
    let phone = town.phone_at(&home, "p-wang", None).await;
    let mine = home.join("files/mine.db");

    // Mid-fill.
    let form = phone.begin("test_patrol", None).await.unwrap();
    form.answer("/data/where", text("人民路1号")).unwrap();
    let good = photo::small(1);
    let shot = phone.shoot("good.jpg", &good).unwrap();
    form.clone().attach_photo("/data/find[1]/photo".into(), shot).await.unwrap();
    let large = phone.shoot("large.jpg", &photo::sized(2, 1600, 1200)).unwrap();
    tighten(&mine);
    disk.fill(0);
    form.answer("/data/find[1]/words", text(&"垃圾".repeat(2000))).unwrap();
    let screen = settled(&form).await;
    assert!(!screen.saved, "it is not called saved");
    has_three_parts(&screen.save_problem);

    // Mid-photo.
    let error = form.clone().attach_photo("/data/find[1]/photo".into(), large.clone()).await.unwrap_err();
    full(&error);

    // Mid-finalize.
    full(&form.clone().finalize().await.unwrap_err());
    assert_eq!(phone.app.sync_status().await.unwrap().made, 0, "nothing is called finished");

    disk.free();
    form.answer("/data/where", text("人民路2号")).unwrap();
    assert!(saved(&form).await, "saved again once there is room");
    let draft = form.draft_id();
    drop(form);
    let phone = phone.reopen().await.unwrap();
    let form = phone.app.resume_fill(draft).await.unwrap();
    form.clone().attach_photo("/data/find[1]/photo".into(), large).await.unwrap();
    form.finalize().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (2, 2, 1));
    let records = town.blobs("SELECT bytes FROM op WHERE kind = 'record'").await;
    let record = String::from_utf8(records[0].clone()).unwrap();
    assert!(record.contains("人民路2号") && record.contains(&"垃圾".repeat(2000)), "every answer is there");
    phone.app.close().await.unwrap();
}

/// Does everything come to be on disk? What went wrong before is shown until then.
async fn saved(form: &xuncha_device::FillSession) -> bool {
    for _ in 0..400 {
        if form.screen().unwrap().saved {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    false
}

/// The screen once saving has come to an end.
async fn settled(form: &xuncha_device::FillSession) -> xuncha_device::view::Screen {
    for _ in 0..400 {
        let screen = form.screen().unwrap();
        if screen.saved || !screen.save_problem.is_empty() {
            return screen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("saving came to no end");
}

fn sites(count: u64) -> Vec<SiteBody> {
    let site = |nth: u64| {
        let mut random = [3; 10];
        random[..8].copy_from_slice(&nth.to_be_bytes());
        serde_json::json!({
            "id": EntityId::from_parts(1_782_840_000_000, random), "kind": "shop", "name": format!("门店{nth}"),
            "district": "dongcheng", "address": format!("人民路{nth}号，{}", "某某小区".repeat(60)),
        })
    };
    (0..count).map(|nth| serde_json::from_value(site(nth)).unwrap()).collect()
}

#[tokio::test]
async fn a_phone_without_room_for_what_comes_down_keeps_its_work_and_pulls_it_later() {
    let Some(disk) = SmallDisk::of(16) else { return };
    let town = Town::open().await;
    let home = disk.at.join("phone");
    let phone = town.phone_at(&home, "p-wang", None).await;
    patrol(&phone, 1).await;
    town.office.hub.put_sites(CLERK, sites(6000)).await.unwrap();
    for database in ["mine.db", "hub.db"] {
        tighten(&home.join("files").join(database));
    }
    disk.fill(1_500_000);
    full(&phone.sync().await.unwrap_err());
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (2, 2), "what was to go up went up: {status:?}");
    let phone = phone.reopen().await.unwrap();
    disk.free();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let seen = phone.app.sites(SiteFilter { limit: 10_000, ..SiteFilter::default() }).await.unwrap();
    assert_eq!(seen.len(), 6000, "all rows, once there is room");
    assert_eq!(phone.app.sync_status().await.unwrap().photos_held, 1);
    phone.app.close().await.unwrap();
}

#[tokio::test]
async fn a_hub_whose_disk_fills_up_says_507_goes_on_running_and_loses_nothing_it_acknowledged() {
    let Some(disk) = SmallDisk::of(24) else { return };
    let data = disk.at.join("hub");
    let town = Town::open_at(TempDir::new().unwrap(), &data).await;
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);

    // Mid-push.
    patrol(&phone, 2).await;
    tighten(&data.join("hub.db"));
    disk.fill(0);
    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::HubTrouble, "{outcome:?}");
    assert!(outcome.sentence.contains("空间满"), "{}", outcome.sentence);
    has_three_parts(&outcome.sentence);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!(
        (status.made, status.held, status.photos_held),
        (4, 2, 1),
        "only what was acknowledged before"
    );
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 1, "the hub answers questions meanwhile");

    disk.free();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done, "the same hub, not started again");

    // Mid-upload: room for the ops and a part of the photo.
    let bytes = photo::sized(3, 2400, 1800);
    let form = phone.begin("test_patrol", None).await.unwrap();
    form.answer("/data/where", text("人民路3号")).unwrap();
    form.answer("/data/find[1]/words", text("垃圾")).unwrap();
    let shot = phone.shoot("large.jpg", &bytes).unwrap();
    form.clone().attach_photo("/data/find[1]/photo".into(), shot).await.unwrap();
    form.finalize().await.unwrap();
    tighten(&data.join("hub.db"));
    disk.fill(400_000 + bytes.len() / 2);
    let outcome = phone.sync().await.unwrap();
    assert_eq!(outcome.kind, SyncKind::HubTrouble, "{} bytes, {outcome:?}", bytes.len());
    has_three_parts(&outcome.sentence);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held), (6, 6), "ops were acknowledged and are there: {status:?}");
    assert_eq!((status.photos_held, status.waiting_photos), (2, 1));

    disk.free();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (6, 6, 3));
    assert_eq!(town.count("SELECT COUNT(*) FROM record").await, 3);
    let (hub, id) = (&town.office.hub, BlobId::of(&bytes));
    let kept = file(hub, hub.tenant().as_str(), &id, Size::Original).await.unwrap().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), bytes);
    hub.stop();
}

#[tokio::test]
async fn a_phone_that_is_opened_on_a_full_disk_shows_what_it_has() {
    let Some(disk) = SmallDisk::of(16) else { return };
    let town = Town::open().await;
    let home = disk.at.join("phone");
    let phone = town.phone_at(&home, "p-wang", None).await;
    patrol(&phone, 1).await;
    phone.app.close().await.unwrap();
    drop(phone);
    disk.fill(0);
    match Phone::open(&home, 5151, SCENE_START_MS).await {
        Ok(phone) => {
            assert_eq!(phone.app.sync_status().await.unwrap().made, 2);
            phone.app.close().await.unwrap();
        }
        Err(error) => full(&error),
    }
    disk.free();
    let phone = Phone::open(&home, 5152, SCENE_START_MS).await.unwrap();
    assert_eq!(phone.app.sync_status().await.unwrap().made, 2);
    phone.app.close().await.unwrap();
}
