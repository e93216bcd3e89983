//! A small town: one hub, and phones that are handed out.

use std::net::SocketAddr;

use tempfile::TempDir;
use xuncha_system_tests::office::{CLERK, Office};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS, integer, text};
use xuncha_system_tests::{photo, scene};

/// The form of these scenarios: words, a number, a photo, a repeat of problems.
pub(crate) const PATROL: &str = include_str!("../data/patrol.xml");

/// A hub with its folder, and a folder for phones.
pub(crate) struct Town {
    pub(crate) office: Office,
    pub(crate) folder: TempDir,
    phones: std::cell::Cell<u64>,
}

impl Town {
    /// The hub is open, the forms are in, one inspector is hired.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let office = Office::open(&folder.path().join("hub"), 0, SCENE_START_MS).await.unwrap();
        office.furnish(&scene::content()).await.unwrap();
        office.hub.import_form_xml(CLERK, PATROL).await.unwrap();
        office.hire("p-wang", "王新", &["inspector"]).await.unwrap();
        Self { office, folder, phones: std::cell::Cell::new(0) }
    }

    /// A new phone, enrolled for this person.
    pub(crate) async fn phone(&self, person: &str, through: Option<SocketAddr>) -> Phone {
        let nth = self.phones.get() + 1;
        self.phones.set(nth);
        let home = self.folder.path().join(format!("phone-{nth}"));
        std::fs::create_dir_all(&home).unwrap();
        let phone = Phone::open(&home, nth * 1000, SCENE_START_MS).await.unwrap();
        phone.enrol(&self.office.code(person, through).await.unwrap()).await.unwrap();
        phone
    }

    /// A number out of the hub's database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        self.office.hub.db().read(move |tx| tx.one(sql, &[], |r| r.int(0))).await.unwrap().unwrap()
    }

    /// Texts out of the hub's database.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        self.office.hub.db().read(move |tx| tx.all(sql, &[], |r| r.text(0))).await.unwrap()
    }
}

/// Fills and finalizes a patrol with one problem and a photo; answers the record and the photo's name.
pub(crate) async fn patrol(phone: &Phone, nth: u64) -> (String, xuncha_wire::BlobId) {
    let form = phone.begin("test_patrol", None).await.unwrap();
    form.answer("/data/where", text(&format!("人民路{nth}号"))).unwrap();
    form.answer("/data/find[1]/words", text("装修垃圾一堆")).unwrap();
    form.answer("/data/find[1]/count", integer(2)).unwrap();
    let bytes = photo::small(nth);
    let shot = phone.shoot(&format!("{nth}.jpg"), &bytes).unwrap();
    form.clone().attach_photo("/data/find[1]/photo".into(), shot).await.unwrap();
    let done = form.clone().finalize().await.unwrap();
    (done.record_id, xuncha_wire::BlobId::of(&bytes))
}
