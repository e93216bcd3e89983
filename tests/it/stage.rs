//! The program that plays the office for the tests of other languages.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use xuncha_device::view::SyncKind;
use xuncha_system_tests::phone::{Phone, SCENE_START_MS};

use crate::town::patrol;

struct Office {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    opening: Value,
}

impl Office {
    fn open(folder: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stage"))
            .arg(folder)
            .arg(SCENE_START_MS.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (orders, out) = (child.stdin.take(), child.stdout.take().unwrap());
        let mut office = Self { child, orders, answers: BufReader::new(out), opening: Value::Null };
        office.opening = office.hear();
        office
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn order(&mut self, order: &str) -> Value {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        self.hear()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_follows_orders_and_goes_when_nobody_is_left_to_give_them() {
    let folder = TempDir::new().unwrap();
    let mut office = Office::open(&folder.path().join("office"));
    let code = office.opening["codes"]["p-wang"][0].as_str().unwrap().to_owned();
    let phone = Phone::open(&folder.path().join("phone"), 1, SCENE_START_MS).await.unwrap();
    phone.enrol(&code).await.unwrap();
    let (record, photo) = patrol(&phone, 1).await;

    assert_eq!(office.order("weather down")["ok"], true);
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Offline);
    assert_eq!(office.order("accept first-case")["ok"], false, "there is no case yet");
    office.order("weather fair");
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);

    let held = office.order(&format!("record {record}"));
    assert_eq!(held["photos"][0]["whole"], true, "{held}");
    let bytes = office.order(&format!("photo {photo}"));
    assert_eq!(std::fs::read(bytes["path"].as_str().unwrap()).unwrap(), xuncha_system_tests::photo::small(1));
    assert_eq!(office.order("accept first-case")["verdict"], "applied");
    assert_eq!(office.order("dispatch first-case to h-water within 4 working_hours")["verdict"], "applied");
    let closed = office.order("close first-case");
    assert_eq!((&closed["ok"], &closed["verdict"]), (&true.into(), &"refused".into()), "{closed}");
    let case = office.order("case last-case");
    assert_eq!((&case["state"], &case["case"]), (&"dispatched".into(), &held["cases"][0]), "{case}");
    assert_eq!(office.order("phones")["phones"][0]["held"], 2);
    assert_eq!(office.order("sing")["ok"], false);

    drop(office.orders.take());
    assert!(office.child.wait().unwrap().success(), "its input closed, and it ended");
}
