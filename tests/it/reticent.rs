//! Whatever goes wrong, no answer, no name and no coordinate stands in a log or in an error.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;
use xuncha_device::view::{CaseFilter, SyncKind};
use xuncha_system_tests::phone::{integer, text};
use xuncha_system_tests::photo;

use crate::bit_rot::flip;
use crate::town::Town;

const ANSWER: &str = "丙寅巷口的答案";
const NAME: &str = "欧阳暗香";
const LATITUDE: f64 = 35.219_876;

/// What all threads of this process log from now on, other scenarios' lines among it.
#[derive(Clone)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin() -> Self {
        let log = Self(Arc::default());
        let to = log.clone();
        let all = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false);
        all.with_writer(move || to.clone()).init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_people_wrote_who_they_are_and_where_they_were_is_in_no_log_and_no_error() {
    let log = Log::begin();
    let town = Town::open().await;
    let hub = &town.office.hub;
    town.office.hire("p-quiet", NAME, &["inspector"]).await.unwrap();
    let phone = town.phone("p-quiet", None).await;
    let form = phone.begin("test_patrol", None).await.unwrap();
    form.answer("/data/where", text(ANSWER)).unwrap();
    form.answer("/data/find[1]/words", text(ANSWER)).unwrap();
    let mut errors = vec![
        form.answer("/data/find[1]/count", text(ANSWER)).err(),
        form.answer("/data/nowhere", text(ANSWER)).err(),
        form.clone().finalize().await.err(),
    ];
    form.answer("/data/find[1]/count", integer(2)).unwrap();
    let mut shot = phone.shoot("quiet.jpg", &photo::small(9)).unwrap();
    shot.fix.as_mut().unwrap().lat = LATITUDE;
    form.clone().attach_photo("/data/find[1]/photo".into(), shot.clone()).await.unwrap();
    form.clone().finalize().await.unwrap();
    errors.push(form.answer("/data/where", text(ANSWER)).err());
    shot.fix.as_mut().unwrap().lat = LATITUDE * 10.0;
    errors.push(phone.app.attach_case_photo("no-case".into(), shot).await.err());

    // The phone's storage spoils the record, the hub's spoils the case.
    let (phone, _) = flip(phone, "record").await;
    assert_eq!(phone.sync().await.unwrap().quarantined, 1);
    assert_eq!(town.texts("SELECT description FROM casefile").await, [ANSWER], "it did go through here");
    let case =
        phone.app.cases(CaseFilter { limit: 1, ..CaseFilter::default() }).await.unwrap().rows[0].id.clone();
    let spoil = "UPDATE casefile SET body = CAST('{\"description\":\"' || description || '\"' AS BLOB)";
    assert_eq!(hub.db().write(move |tx| tx.exec(spoil, &[])).await.unwrap(), 1);
    phone.app.note_case(case, ANSWER.into(), Vec::new()).await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Partly);
    hub.stop();
    phone.sync().await.unwrap();

    let errors: Vec<_> = errors.into_iter().flatten().collect();
    assert!(errors.len() >= 4, "{errors:?}");
    let said: String =
        errors.iter().map(|e| format!("{e:?} {e} {} {}", e.sentence("zh"), e.sentence("en"))).collect();
    let logged = log.text();
    for line in ["an op can't be judged", "a push is judged op by op"] {
        assert!(logged.contains(line), "{line} was not logged");
    }
    for secret in [ANSWER, NAME, "35.219", "352.19"] {
        assert!(!said.contains(secret), "{secret} stands in an error: {said}");
        let line = logged.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} stands in the log");
    }
}
