//! What each kind of difference excuses, and what stands just beside it and is not excused.

use super::{Run, With, refused};
use serde_json::{Value, json};
use std::path::Path;

/// Why two results of one step differ, after these answers.
fn why(
    with: With,
    xml: &str,
    answers: &[(&str, &str)],
    step: (&str, &str),
    both: (Value, Value),
) -> Option<&'static str> {
    let mut steps: Vec<Value> =
        answers.iter().map(|(node, value)| json!({"op": "answer", "ref": node, "value": value})).collect();
    let before = vec![json!({"accepted": true}); steps.len()];
    let (node, part) = step;
    steps.push(json!({"op": if part == "value" { "state" } else { part }, "ref": node}));
    let script = json!({"steps": steps});
    let result = |value: Value| {
        let steps: Vec<Value> = before.iter().cloned().chain([json!({part: value})]).collect();
        json!({"steps": steps, "instance": "<d/>", "valid": true})
    };
    let (ours, theirs) = (result(both.0), result(both.1));
    let run = Run::new(with, xml, &script, &ours, &theirs);
    crate::compare::differences(&script, &ours, &theirs).iter().find_map(|one| run.reason(one))
}

/// Of a form: the node's differing values, whether that is meant.
type Case = (
    With,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const CASES: &[Case] = &[
    // A person's text over a calculation, and what reads it.
    (With::WebForms, CALCULATED, &[("/d/a", "mine")], "/d/a", "6", "mine", true),
    (With::WebForms, CALCULATED, &[("/d/a", "mine")], "/d/a", "6", "7", false),
    (With::WebForms, CALCULATED, &[("/d/a", "mine")], "/d/b", "6", "7", true),
    (With::WebForms, CALCULATED, &[("/d/n", "3")], "/d/b", "6", "7", false),
    (With::Collect, CALCULATED, &[("/d/a", "mine")], "/d/a", "6", "mine", false),
    (With::Collect, CALCULATED, &[], "/d/meta/instanceID", "uuid:1", "fixed", true),
    (With::Collect, CALCULATED, &[], "/d/c", "uuid:1", "fixed", false),
    // A range, a type, a list, a group.
    (With::WebForms, CONTROLS, &[], "/d/r", "3", "", true),
    (With::WebForms, CONTROLS, &[], "/d/r", "1", "", false),
    (With::WebForms, CONTROLS, &[], "/d/n", "ab", "", true),
    (With::WebForms, CONTROLS, &[], "/d/n", "7", "", false),
    (With::WebForms, CONTROLS, &[], "/d/s", "x", "", true),
    (With::WebForms, CONTROLS, &[], "/d/s", "x", "y", false),
    (With::Collect, CONTROLS, &[], "/d/p", "x", "", true),
    (With::Collect, CONTROLS, &[], "/d/s", "x", "", false),
    (With::WebForms, CONTROLS, &[], "/d/whole", "", "ab", true),
    (With::WebForms, CONTROLS, &[], "/d/n", "", "ab", false),
    // Actions.
    (With::Collect, ACTIONS, &[], "/d/loose", "1", "", true),
    (With::Collect, ACTIONS, &[], "/d/inside", "1", "", false),
    (With::Collect, ACTIONS, &[], "/d/day", "1970-01-03", "", true),
    (With::Collect, ACTIONS, &[], "/d/inside[2]", "1", "", true),
    // Times and columns.
    (With::Collect, TIMES, &[], "/d/at", "09:30:00", "09:30:00.000Z", true),
    (With::Collect, TIMES, &[], "/d/at", "09:30:00", "10:30:00.000Z", false),
    (With::Collect, TIMES, &[], "/d/s", "09:30:00", "09:30:00.000Z", false),
    (With::WebForms, TIMES, &[], "/d/s", "x", "", true),
    (With::WebForms, TIMES, &[], "/d/t", "x", "", false),
];

const CALCULATED: &str = "<bind nodeset=\"/d/a\" calculate=\"../n * 2\"/><bind nodeset=\"/d/b\" calculate=\" /d/a + 1\"/>\
    <bind nodeset=\"/d/meta/instanceID\" calculate=\"'fixed'\"/><bind nodeset=\"/d/c\" calculate=\"'fixed'\"/>";
const CONTROLS: &str = "<bind nodeset=\"/d/n\" type=\"int\"/><bind nodeset=\"/d/g/x\"/>\
    <bind nodeset=\"/d/whole\" calculate=\"/d/g\"/><range ref=\"/d/r\" start=\"-2\" end=\"2\"/>\
    <select1 ref=\"/d/s\"><itemset nodeset=\"instance('i')/root/item[up='']\"/></select1>\
    <select1 ref=\"/d/p\"><itemset nodeset=\"instance('i')/root/item[3]\"/></select1>";
const ACTIONS: &str = "<bind nodeset=\"/d/day\" type=\"date\"/><h:body><input ref=\"/d/a\">\
    <setvalue event=\"xforms-value-changed\" ref=\"/d/day\" value=\"2\"/>\
    <setvalue event=\"odk-instance-first-load\" ref=\"/d/inside\"/></input>\
    <setvalue event=\"odk-instance-first-load\" ref=\"/d/loose\"/></h:body>";

const TIMES: &str = "<bind nodeset=\"/d/at\" type=\"time\"/>\
    <select1 ref=\"/d/s\"><itemset nodeset=\"instance('i')/root/item[pastel=yes]\"/></select1>\
    <select1 ref=\"/d/t\"><itemset nodeset=\"instance('i')/root/item[pastel='yes']\"/></select1>";

#[test]
fn a_kind_of_a_value_excuses_that_and_not_what_stands_beside() {
    for (with, xml, answers, node, ours, theirs, meant) in CASES {
        let found = why(*with, xml, answers, (node, "value"), (json!(ours), json!(theirs)));
        assert_eq!(found.is_some(), *meant, "{node} {ours} {theirs}: {found:?}");
    }
}

#[test]
fn labels_and_lists_are_excused_by_what_they_show() {
    let forms = "<value form=\"long\">x</value>";
    let joined = |xml, ours: Value, theirs: Value| {
        let part = if ours.is_array() { "choices" } else { "label" };
        why(With::WebForms, xml, &[], ("/d/a", part), (ours, theirs)).is_some()
    };
    assert!(joined(forms, "Name".into(), "Name of it".into()));
    assert!(!joined(forms, "Name of it".into(), "Name".into()));
    assert!(!joined("<value>x</value>", "Name".into(), "Name of it".into()));
    assert!(joined(forms, json!([["a", "A"]]), json!([["a", "AA"]])));
    assert!(!joined(forms, json!([["a", "A"]]), json!([["b", "AA"]])));
    let day = |theirs: &str| {
        let both = (json!("at 2026-01-02T10:00:00.000Z"), json!(theirs));
        why(With::Collect, "", &[], ("/d/a", "label"), both).is_some()
    };
    assert!(day("at 2026-01-02") && !day("at 2026-01-03"));
}

#[test]
fn an_output_by_ref_is_excused_where_only_its_answer_lacks() {
    let output = |xml: &str, theirs: &str| {
        let both = (json!("Hello, Li."), json!(theirs));
        why(With::WebForms, xml, &[("/d/name", "Li")], ("/d/a", "label"), both).is_some()
    };
    let by_ref = "<output ref=\"/d/name\"/>";
    assert!(output(by_ref, "Hello, ."));
    assert!(!output(by_ref, "Hello.") && !output("<output value=\"/d/name\"/>", "Hello, ."));
}

#[test]
fn instances_that_one_engine_shows_excuse_what_reads_them_at_that_time() {
    let xml = "<bind nodeset=\"/d/sum\" calculate=\"count(/d/r)\"/><bind nodeset=\"/d/other\" calculate=\"/d/a\"/>\
               <repeat nodeset=\"/d/r\" jr:count=\"/d/n\">";
    let script = json!({"steps": [
        {"op": "state", "ref": "/d/r[1]"}, {"op": "state", "ref": "/d/sum"}, {"op": "state", "ref": "/d/other"},
        {"op": "answer", "ref": "/d/n", "value": "1"}, {"op": "state", "ref": "/d/sum"},
    ]});
    let result = |there: bool, value: &str| {
        let steps = json!([{"exists": there}, {"value": value}, {"value": value}, {}, {"value": value}]);
        json!({"steps": steps, "instance": "<d/>", "valid": true})
    };
    let (ours, theirs) = (result(false, "0"), result(true, "1"));
    let run = Run::new(With::Collect, xml, &script, &ours, &theirs);
    let found = crate::compare::differences(&script, &ours, &theirs);
    let meant: Vec<bool> = found.iter().map(|one| run.reason(one).is_some()).collect();
    assert_eq!(meant, [true, true, false, false]);
}

#[test]
fn a_kind_excuses_nothing_that_it_does_not_show() {
    let xml = "<bind nodeset=\"/d/day\" type=\"date\"/><bind nodeset=\"/d/r/a\" type=\"string\"/>\
               <repeat nodeset=\"/d/r\" jr:count=\"/d/n\">";
    let reason = |node: &str, part: &str, ours: Value, theirs: Value| {
        let script = serde_json::json!({"steps": [{"op": "state", "ref": node}]});
        let result =
            |value: Value| serde_json::json!({"steps": [{part: value}], "instance": "<d/>", "valid": true});
        let (ours, theirs) = (result(ours), result(theirs));
        let run = Run::new(With::Collect, xml, &script, &ours, &theirs);
        let found = crate::compare::differences(&script, &ours, &theirs);
        found.iter().find_map(|one| run.reason(one))
    };
    assert!(reason("/d/r[2]/a", "exists", true.into(), false.into()).is_some());
    assert_eq!(reason("/d/x[2]/a", "exists", true.into(), false.into()), None, "not counted");
    assert_eq!(reason("/d/r[2]/a", "value", "1".into(), "2".into()), None, "there in both");
    assert!(reason("/d/day", "value", "2026-01-02".into(), "2026-01-02T10:00:00Z".into()).is_some());
    assert_eq!(reason("/d/day", "value", "2026-01-02".into(), "2026-01-03T10:00:00Z".into()), None);
    assert_eq!(reason("/d/other", "value", "2026-01-02".into(), "2026-01-02T10:00:00Z".into()), None);
    assert_eq!(
        refused(With::Collect, "the external instance jr://file/x.csv is not there", Path::new("/")),
        Some("a file that is not there is named")
    );
    assert_eq!(refused(With::Collect, "this node depends on itself: /a", Path::new("/")), None);
    assert_eq!(refused(With::Collect, "/a is no node of the form", Path::new("/")), None);
    assert!(refused(With::WebForms, "/a is no node of the form", Path::new("/")).is_some());
}
