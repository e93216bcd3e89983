//! A form that asks where the phone is without a question, as `odk:setgeopoint` does.

use xuncha_device::AppError;
use xuncha_device::view::{Answer, Datum, Fix, SyncKind};

use crate::town::Town;

const FORM: &str = r#"<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:xc="urn:xuncha:form:1">
<h:head><h:title>路灯</h:title><model>
<instance><data id="lamp" version="1"><begun/><broken/><seen/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/begun" type="geopoint" xc:maps="lamp.begun"/>
<bind nodeset="/data/seen" type="geopoint" xc:maps="lamp.seen"/>
<bind nodeset="/data/broken" type="int"/>
<odk:setgeopoint ref="/data/begun" event="odk-instance-first-load"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head><h:body><input ref="/data/broken"><label>坏了几盏</label>
<odk:setgeopoint ref="/data/seen" event="xforms-value-changed"/></input></h:body></h:html>"#;

fn fix(lat: f64, lon: f64, datum: Datum) -> Fix {
    Fix { lat, lon, datum, accuracy_m: 6.5, age_s: 0.5, provider: "gps".into(), mocked: false }
}

#[tokio::test]
async fn a_form_that_asks_where_the_phone_is_gets_it_while_the_person_fills_on() {
    let town = Town::open().await;
    town.office.hub.import_form_xml("admin", FORM).await.unwrap();
    let phone = town.phone("p-wang", None).await;
    phone.sync().await.unwrap();
    let session = phone.begin("lamp", None).await.unwrap();
    assert!(session.screen().unwrap().wants_position, "when it is opened");

    let nowhere = session.position(&fix(91.0, 113.24, Datum::Wgs84)).unwrap_err();
    assert!(matches!(nowhere, AppError::Invalid { .. }), "{nowhere:?}");
    assert!(session.screen().unwrap().wants_position, "a fix that is no place answers nothing");
    let screen = session.position(&fix(35.21, 113.24, Datum::Gcj02)).unwrap();
    assert!(!screen.wants_position && !screen.can_undo, "a position is no step of the person's");

    let screen = session.answer("/data/broken", Answer::Integer { value: 2 }).unwrap();
    assert!(screen.wants_position, "and again when the answer changes");
    let screen = session.position(&fix(35.22, 113.25, Datum::Wgs84)).unwrap();
    assert!(!screen.wants_position && screen.can_undo);
    session.undo().unwrap();
    session.answer("/data/broken", Answer::Integer { value: 3 }).unwrap();
    // In a cellar there is no fix: the form is finished without.
    let done = session.finalize().await.unwrap();
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let ops = town.blobs("SELECT bytes FROM op WHERE kind = 'record'").await;
    let xml: String = ops.iter().map(|op| String::from_utf8_lossy(op).into_owned()).collect();
    assert!(xml.contains("<broken>3</broken><seen>35.22 113.25 0 6.5</seen>"), "{xml} {done:?}");
    let begun = xml.split("<begun>").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let north: f64 = begun.parse().unwrap();
    assert!((north - 35.21).abs() > 0.0005 && (north - 35.21).abs() < 0.01, "WGS-84, not GCJ-02: {north}");
}
