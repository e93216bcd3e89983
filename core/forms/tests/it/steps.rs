//! The program that holds engines side by side: every step says what it did, whatever it was asked.

use crate::script;
use serde_json::{Value, json};
use std::path::Path;
use xuncha_forms::Moment;

const FORM: &str = "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
    xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>T</h:title><model><itext><translation lang=\"English\">\
    <text id=\"q\"><value>How many?</value></text></translation></itext><instance><data id=\"t\"><n/>\
    <r jr:template=\"\"><c/></r><end/><meta><instanceID/></meta></data></instance>\
    <bind nodeset=\"/data/n\" type=\"int\" required=\"true()\" constraint=\". &lt; 10\"/>\
    <bind nodeset=\"/data/r/c\" relevant=\"/data/n != 3\"/>\
    <bind nodeset=\"/data/end\" type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"/></model></h:head>\
    <h:body><input ref=\"/data/n\"><label ref=\"jr:itext('q')\"/><hint>below ten</hint></input>\
    <repeat nodeset=\"/data/r\"><select1 ref=\"/data/r/c\"><item><label>Yes</label><value>y</value></item></select1></repeat>\
    </h:body></h:html>";

fn run(form: &str, script: Value, record: bool) -> Value {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("steps-{number}.xml"));
    std::fs::write(&path, form).unwrap();
    let moment = script::moment(Some("2026-03-05T10:00:00+08:00"), None).unwrap();
    let arguments = script::Arguments { form: path, times: 2, moment, record };
    let mut out = serde_json::Map::new();
    if let Err(error) = script::run(&arguments, &script, &mut out) {
        out.insert("error".to_owned(), json!(error));
    }
    Value::Object(out)
}

fn steps(steps: Value) -> Vec<Value> {
    run(FORM, json!({"steps": steps}), false)["steps"].as_array().unwrap().clone()
}

#[test]
fn each_step_says_what_it_did() {
    let done = steps(json!([
        {"op": "answer", "ref": "/data/n", "value": 7},
        {"op": "answer", "ref": "/data/n", "value": "12"},
        {"op": "answer", "ref": "/data/n", "value": ""},
        {"op": "answer", "ref": "/data/n", "value": "many"},
        {"op": "add_repeat", "ref": "/data/r"},
        {"op": "choices", "ref": "/data/r[1]/c"},
        {"op": "label", "ref": "/data/n"},
        {"op": "label", "ref": "/data/r[1]/c"},
        {"op": "state", "ref": "/data/n"},
        {"op": "remove_repeat", "ref": "/data/r[1]"},
        {"op": "state", "ref": "/data/r[1]/c"},
        {"op": "language", "value": "English"},
    ]));
    let accepted: Vec<_> = done[..4].iter().map(|one| one["accepted"].clone()).collect();
    assert_eq!(accepted, [true, false, false, false].map(Value::from));
    assert_eq!(done[5]["choices"], json!([["y", "Yes"]]));
    assert_eq!((&done[6]["label"], &done[7]["label"]), (&json!("How many?"), &Value::Null));
    assert_eq!((&done[8]["value"], &done[8]["required"]), (&json!("many"), &json!(true)));
    assert_eq!(done[10]["exists"], json!(false));
    assert!(done.iter().all(|one| one.get("error").is_none() && one["us"].is_number()), "{done:#?}");
}

#[test]
fn a_step_that_cannot_be_done_says_so_and_the_next_one_goes_on() {
    let done = steps(json!([
        {"op": "fly"}, {}, 7, null, {"op": "answer"}, {"op": "answer", "ref": "nonsense", "value": "x"},
        {"op": "answer", "ref": "/data/none", "value": "x"}, {"op": "answer", "ref": "/data", "value": "x"},
        {"op": "answer", "ref": "/data/r[9]/c", "value": "y"}, {"op": "answer", "ref": "/data/end", "value": "x"},
        {"op": "add_repeat", "ref": "/data/n"}, {"op": "remove_repeat", "ref": "/data/r[2]"},
        {"op": "remove_repeat", "ref": "/data/r[x]"}, {"op": "choices", "ref": "/data/none"},
        {"op": "label", "ref": "/data/r[0]/c"}, {"op": "language", "value": "Klingon"},
        {"op": "answer", "ref": "/data/n", "value": "5"},
    ]));
    let (last, wrong) = done.split_last().unwrap();
    assert!(wrong.iter().all(|one| one["error"].is_string()), "{wrong:#?}");
    assert_eq!(last["accepted"], json!(true));
    let hidden = steps(json!([
        {"op": "add_repeat", "ref": "/data/r"}, {"op": "answer", "ref": "/data/n", "value": "3"},
        {"op": "answer", "ref": "/data/r[1]/c", "value": "y"}, {"op": "state", "ref": "/data/r[1]/c"},
        {"op": "state", "ref": ""},
    ]));
    assert!(hidden[2]["error"].is_string() && hidden[3]["relevant"] == json!(false));
    assert_eq!(hidden[4]["exists"], json!(false));
}

#[test]
fn the_end_is_stamped_unless_the_script_says_otherwise() {
    let instance = |script| run(FORM, script, false)["instance"].as_str().unwrap().to_owned();
    assert!(instance(json!({"steps": []})).contains("<end>2026-03-05T10:00:00.000+08:00</end>"));
    assert!(instance(json!({"finalize": false})).contains("<end/>"));
    let out = run(FORM, json!([]), false);
    assert_eq!((&out["valid"], out["load_ms"].as_array().unwrap().len()), (&json!(false), 2));
    assert!(run("<broken", json!({}), false)["error"].is_string());
}

#[test]
fn a_record_holds_every_node_after_every_step() {
    let out = run(FORM, json!({"steps": [{"op": "add_repeat", "ref": "/data/r"}]}), true);
    let record = out["steps"][0]["record"].as_array().unwrap().clone();
    let of = |at: &str| record.iter().find(|one| one["ref"] == at).unwrap();
    assert_eq!((&of("/data/n")["label"], &of("/data/n")["hint"]), (&json!("How many?"), &json!("below ten")));
    assert_eq!(of("/data/r[1]/c")["choices"], json!([["y", "Yes"]]));
    assert_eq!(of("/data/end")["label"], Value::Null);
    let names = ["ref", "relevant", "value", "required", "readonly", "label", "hint", "choices"];
    assert!(record.iter().all(|one| names.iter().all(|name| one.get(*name).is_some())));
}

#[test]
fn clock_and_zone_are_taken_as_people_write_them() {
    let at = |clock, zone| script::moment(clock, zone).unwrap();
    let shanghai = Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 };
    assert_eq!(at(Some("2026-03-05T10:00:00+08:00"), None), shanghai);
    assert_eq!(at(Some("1772676000000"), Some("+08:00")), shanghai);
    assert_eq!(at(Some("2026-03-05T10:00:00"), Some("480")), shanghai);
    assert_eq!(at(Some("0"), Some("UTC")), Moment::default());
    if Path::new("/usr/share/zoneinfo/Asia/Shanghai").exists() {
        assert_eq!(at(Some("1772676000000"), Some("Asia/Shanghai")), shanghai);
        assert_eq!(at(Some("1772676000000"), Some("America/New_York")).offset_minutes, -300);
    }
    assert!(script::moment(Some("soon"), None).is_err() && script::moment(None, Some("Mars/North")).is_err());
    assert!(script::moment(None, Some("../../etc/passwd")).is_err());
}
