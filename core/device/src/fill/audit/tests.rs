//! The log of a form that asks for one, as it goes up with the record.

use std::sync::Arc;

use serde_json::json;
use xuncha_wire::body::RecordBody;

use crate::app::tests::{Phone, jpeg, text, wait};
use crate::error::AppError;
use crate::fill::FillSession;
use crate::view::{Datum, Fix, StartFill};

const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>巡查</h:title><model>
 <instance><data id="logged" version="1"><name/><place><road/><lamp/></place><item jr:template=""><what/></item>
  <photo/><meta><audit/><instanceID/></meta></data></instance>
 <bind nodeset="/data/place/road" required="true()"/>
 <bind nodeset="/data/place/lamp" relevant="/data/place/road != ''"/>
 <bind nodeset="/data/photo" type="binary"/>
 <bind nodeset="/data/meta/audit" type="binary" AUDIT/>
 <bind nodeset="/data/meta/instanceID" jr:preload="uid" type="string"/>
 </model></h:head><h:body>
 <input ref="/data/name"><label>名称</label></input>
 <group ref="/data/place"><label>位置</label><input ref="/data/place/road"><label>路</label></input>
  <input ref="/data/place/lamp"><label>灯</label></input></group>
 <group ref="/data/item"><label>问题</label><repeat nodeset="/data/item">
  <input ref="/data/item/what"><label>什么</label></input></repeat></group>
 <upload ref="/data/photo" mediatype="image/*"><label>照片</label></upload></h:body></h:html>"#;

const TRACK: &str = r#"odk:track-changes="true""#;

fn phone(audit: &str) -> Phone {
    let phone = Phone::new();
    let xml = FORM.replace("AUDIT", audit);
    phone.replica("form", "logged", json!({"form":"logged","version":"1","title":"巡查","xml":xml}));
    phone
}

fn begin(phone: &Phone) -> Arc<FillSession> {
    wait(phone.app.start_fill("logged".into(), StartFill::default())).unwrap()
}

fn resume(phone: &Phone) -> Arc<FillSession> {
    let drafts = wait(phone.app.today()).unwrap().drafts;
    wait(phone.app.resume_fill(drafts[0].id.clone())).unwrap()
}

/// The record's log with seconds since noon instead of times.
fn log(phone: &Phone) -> Vec<String> {
    let record: RecordBody = serde_json::from_str(phone.ops().last().unwrap().body.get()).unwrap();
    assert_eq!(record.xml.contains("<audit>audit.csv</audit>"), !record.audit.is_empty(), "{}", record.xml);
    let second = |cell: &str| match cell.parse::<i64>() {
        Ok(ms) if ms > 1_000_000_000_000 => ((ms - crate::app::tests::NOON) / 1000).to_string(),
        _ => cell.to_owned(),
    };
    let line = |line: &str| line.split(',').map(second).collect::<Vec<_>>().join(",");
    record.audit.lines().map(line).collect()
}

/// A second goes by.
fn tick(phone: &Phone) {
    phone.clock.advance(1000);
}

#[test]
fn a_form_without_an_audit_node_has_no_log() {
    let phone = Phone::new();
    let xml = FORM
        .replace("<audit/>", "")
        .replace("<bind nodeset=\"/data/meta/audit\" type=\"binary\" AUDIT/>", "");
    phone.replica("form", "logged", json!({"form":"logged","version":"1","title":"巡查","xml":xml}));
    let session = begin(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    wait(session.finalize()).unwrap();
    assert!(log(&phone).is_empty());
}

#[test]
fn pages_answers_repeats_and_jumps_are_rows_with_their_times() {
    let phone = phone(TRACK);
    let session = begin(&phone);
    tick(&phone);
    session.answer("/data/name", text("一")).unwrap();
    session.answer("/data/name", text("一号")).unwrap();
    session.next().unwrap();
    tick(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    // What appears while the page is shown is on it from then.
    tick(&phone);
    session.answer("/data/place/lamp", text("坏,\"两\"盏")).unwrap();
    session.next().unwrap();
    session.add_repeat("/data/item").unwrap();
    session.answer("/data/item[1]/what", text("缺盖")).unwrap();
    tick(&phone);
    session.next().unwrap();
    session.remove_repeat("/data/item[1]").unwrap();
    session.go_to("/data/name").unwrap();
    tick(&phone);
    session.answer("/data/name", text("二号")).unwrap();
    session.undo().unwrap();
    session.answer("/data/name", text("三号")).unwrap();
    wait(session.finalize()).unwrap();
    assert_eq!(
        log(&phone),
        [
            "event,node,start,end,old-value,new-value",
            "form start,,0,,,",
            "question,/data/name,0,1,,一号",
            "group questions,/data/place,1,3,,",
            "question,/data/place/road,1,3,,建设路",
            "question,/data/place/lamp,2,3,,\"坏,\"\"两\"\"盏\"",
            "group questions,/data/item,3,3,,",
            "add repeat,/data/item[1],3,3,,",
            "group questions,/data/item[1],3,4,,",
            "question,/data/item[1]/what,3,4,,缺盖",
            "group questions,/data/item,4,4,,",
            "delete repeat,/data/item[1],4,,,",
            "group questions,/data/item,4,4,,",
            "jump,,4,4,,",
            "question,/data/name,4,5,一号,三号",
            "form save,,5,,,",
            "form exit,,5,,,",
            "form finalize,,5,,,",
        ]
    );
}

#[test]
fn an_instance_that_comes_back_moves_no_answer_in_the_log() {
    let phone = phone(TRACK);
    let session = begin(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    for what in ["甲", "乙"] {
        session.add_repeat("/data/item").unwrap();
        let at = if what == "甲" { "/data/item[1]/what" } else { "/data/item[2]/what" };
        session.answer(at, text(what)).unwrap();
    }
    session.remove_repeat("/data/item[1]").unwrap();
    session.open_repeat("/data/item[1]").unwrap();
    session.undo().unwrap();
    wait(session.finalize()).unwrap();
    let changed: Vec<_> = log(&phone).into_iter().filter(|line| line.contains("/what")).collect();
    assert_eq!(changed, ["question,/data/item[1]/what,0,0,,甲", "question,/data/item[2]/what,0,0,,乙"]);
}

#[test]
fn a_kill_takes_no_row_and_no_change() {
    let mut phone = phone(TRACK);
    let session = begin(&phone);
    tick(&phone);
    session.answer("/data/name", text("一号")).unwrap();
    session.next().unwrap();
    tick(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    phone.kill();
    tick(&phone);
    let session = resume(&phone);
    session.answer("/data/place/road", text("工人路")).unwrap();
    tick(&phone);
    wait(session.close()).unwrap();
    wait(resume(&phone).finalize()).unwrap();
    assert_eq!(
        log(&phone)[1..],
        [
            "form start,,0,,,",
            "question,/data/name,0,1,,一号",
            "group questions,/data/place,1,2,,",
            "question,/data/place/road,1,2,,建设路",
            "form resume,,3,,,",
            "group questions,/data/place,3,4,,",
            "question,/data/place/road,3,4,建设路,工人路",
            "form save,,4,,,",
            "form exit,,4,,,",
            "form resume,,4,,,",
            "group questions,/data/place,4,4,,",
            "form save,,4,,,",
            "form exit,,4,,,",
            "form finalize,,4,,,",
        ]
    );
}

#[test]
fn what_stopped_finishing_is_logged_and_the_page_goes_on() {
    let phone = phone(TRACK);
    let session = begin(&phone);
    tick(&phone);
    assert!(matches!(wait(session.clone().finalize()), Err(AppError::Invalid { .. })));
    session.answer("/data/name", text("一号")).unwrap();
    session.answer("/data/place/road", text("建设路")).unwrap();
    phone.meddle("CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'full'); END");
    assert!(wait(session.clone().finalize()).is_err());
    phone.meddle("DROP TRIGGER full");
    session.answer("/data/name", text("二号")).unwrap();
    wait(session.finalize()).unwrap();
    assert_eq!(
        log(&phone)[1..],
        [
            "form start,,0,,,",
            "question,/data/name,0,1,,二号",
            "constraint error,,1,,,",
            // Answered without being shown, as a photo that comes late.
            "question,/data/place/road,1,1,,建设路",
            "save error,,1,,,",
            "form save,,1,,,",
            "form exit,,1,,,",
            "form finalize,,1,,,",
        ]
    );
}

#[test]
fn places_come_with_photos_and_a_mocked_one_is_none() {
    let rules =
        r#"odk:location-priority="balanced" odk:location-min-interval="10" odk:location-max-age="60""#;
    let phone = phone(rules);
    let session = begin(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    session.go_to("/data/photo").unwrap();
    let mocked = Fix {
        lat: 1.0,
        lon: 1.0,
        datum: Datum::Wgs84,
        accuracy_m: 1.0,
        age_s: 0.0,
        provider: "gps".into(),
        mocked: true,
    };
    session.position(&mocked).unwrap();
    wait(session.clone().attach_photo("/data/photo".into(), phone.camera(&jpeg()))).unwrap();
    wait(session.finalize()).unwrap();
    let log = log(&phone);
    assert_eq!(log[0], "event,node,start,end,latitude,longitude,accuracy");
    assert_eq!(log[1], "form start,,0,,,,");
    assert_eq!(log.last().unwrap(), "form finalize,,0,,30,104,8");
}

#[test]
fn the_signed_in_person_stands_in_each_row_where_the_form_asks_who() {
    let phone = phone(r#"odk:identify-user="true" odk:track-changes-reasons="on-form-edit""#);
    phone.meddle(
        r#"INSERT INTO meta (key, value) VALUES ('identity', '{"hub":"","hub_id":"h","tenant":"city",
           "device":"0199b000-0000-7000-8000-000000000001","person":"p-wang","name":"王, 强","unit":"u","bureau":"b"}')"#,
    );
    let session = begin(&phone);
    session.answer("/data/place/road", text("建设路")).unwrap();
    wait(session.finalize()).unwrap();
    let log = log(&phone);
    assert_eq!(
        (log[0].as_str(), log[1].as_str()),
        ("event,node,start,end,user,change-reason", "form start,,0,,\"王, 强\",")
    );
    assert!(log[1..].iter().all(|line| line.contains("\"王, 强\"")), "{log:?}");
}
