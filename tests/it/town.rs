//! A small town: one hub, and phones that are handed out.

use std::net::SocketAddr;
use std::path::Path;

use tempfile::TempDir;
use xuncha_hub::store::Tx;
use xuncha_hub::store::feed::{Changes, put_entity};
use xuncha_system_tests::office::{CLERK, Office};
use xuncha_system_tests::phone::{Phone, SCENE_START_MS, integer, text};
use xuncha_system_tests::{photo, scene};
use xuncha_wire::entity::{FormBody, KIND_FORM};

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
        let hub = folder.path().join("hub");
        Self::open_at(folder, &hub).await
    }

    /// The same with the hub's data in a folder of its own.
    pub(crate) async fn open_at(folder: TempDir, hub: &Path) -> Self {
        let office = Office::open(hub, 0, SCENE_START_MS).await.unwrap();
        office.furnish(&scene::content()).await.unwrap();
        office.hub.import_form_xml(CLERK, PATROL).await.unwrap();
        office.hire("p-wang", "王新", &["inspector"]).await.unwrap();
        Self { office, folder, phones: std::cell::Cell::new(0) }
    }

    /// A new phone, enrolled for this person.
    pub(crate) async fn phone(&self, person: &str, through: Option<SocketAddr>) -> Phone {
        let home = self.folder.path().join(format!("phone-{}", self.phones.get() + 1));
        self.phone_at(&home, person, through).await
    }

    /// The same with a phone that waits two seconds for a hub that is silent.
    pub(crate) async fn impatient_phone(&self, person: &str, through: SocketAddr) -> Phone {
        let nth = self.next_phone();
        let home = self.folder.path().join(format!("phone-{nth}"));
        std::fs::create_dir_all(&home).unwrap();
        let phone = Phone::open_impatient(&home, nth * 1000, SCENE_START_MS).await.unwrap();
        self.enrol(phone, person, Some(through)).await
    }

    /// The same in a folder of its own.
    pub(crate) async fn phone_at(&self, home: &Path, person: &str, through: Option<SocketAddr>) -> Phone {
        let nth = self.next_phone();
        std::fs::create_dir_all(home).unwrap();
        let phone = Phone::open(home, nth * 1000, SCENE_START_MS).await.unwrap();
        self.enrol(phone, person, through).await
    }

    fn next_phone(&self) -> u64 {
        self.phones.set(self.phones.get() + 1);
        self.phones.get()
    }

    async fn enrol(&self, phone: Phone, person: &str, through: Option<SocketAddr>) -> Phone {
        phone.enrol(&self.office.code(person, through).await.unwrap()).await.unwrap();
        phone
    }

    /// What a hub without our checks would do: sends a form down to every phone as it is.
    pub(crate) async fn send_down_unchecked(&self, id: &str, xml: &str) {
        let body = FormBody {
            form: id.into(),
            version: "1".into(),
            title: "坏表".into(),
            kind: String::new(),
            quick: false,
            xml: xml.into(),
            files: Vec::new(),
            lists: Vec::new(),
        };
        let (tenant, id) = (self.office.hub.tenant().to_string(), id.to_owned());
        let bytes = serde_json::to_vec(&body).unwrap();
        let write = move |tx: &mut dyn Tx| {
            let version = put_entity(tx, &tenant, KIND_FORM, &id, &bytes)?;
            let mut changes = Changes::default();
            changes.show("t", KIND_FORM, &id, version);
            changes.commit(tx, &tenant, "0badf00d", SCENE_START_MS)
        };
        self.office.hub.db().write(write).await.unwrap();
    }

    /// A number out of the hub's database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        self.office.hub.db().read(move |tx| tx.one(sql, &[], |r| r.int(0))).await.unwrap().unwrap()
    }

    /// Bytes out of the hub's database.
    pub(crate) async fn blobs(&self, sql: &'static str) -> Vec<Vec<u8>> {
        self.office.hub.db().read(move |tx| tx.all(sql, &[], |r| r.blob(0))).await.unwrap()
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
