//! Actions: what events set, and what they ask of the device.

use crate::scenario::form;
use xuncha_forms::{Answer, AnswerError, NodeRef, Request, Wish};

fn asked(at: &str, wish: Wish) -> Request {
    Request { at: NodeRef::new(format!("/data/{at}")), wish }
}

#[test]
fn a_place_is_asked_for_and_delivered() {
    let mut visit = form("<place/><seen/>")
        .model("<odk:setgeopoint ref=\"/data/place\" event=\"odk-instance-first-load\"/>")
        .bind("place", "type=\"geopoint\" readonly=\"true()\"")
        .bind("seen", "calculate=\"if(/data/place = '', 'no', 'yes')\"")
        .begin();
    assert_eq!(visit.session.requests(), [asked("place", Wish::Place)]);
    let at = NodeRef::from("/data/place");
    let changed = visit.session.deliver(&at, "31.2 121.5 4 8", &mut visit.desk).unwrap();
    assert_eq!((changed.values, visit.value("seen")), (2, "yes".into()));
    assert!(visit.session.requests().is_empty());
    let again = visit.session.deliver(&at, "1 1 0 0", &mut visit.desk);
    assert!(matches!(again, Err(AnswerError::NotRequested(_))));
    assert!(visit.again().0.session.requests().is_empty(), "a draft opened again is not loaded first");
}

#[test]
fn a_place_is_asked_for_again_whenever_the_answer_changes() {
    let mut visit = form("<a/><where/>")
        .body(
            "<input ref=\"/data/a\"><odk:setgeopoint ref=\"/data/where\" event=\"xforms-value-changed\"/></input>",
        )
        .begin();
    assert!(visit.session.requests().is_empty());
    visit.answer("a", "x");
    visit.answer("a", "y");
    assert_eq!(visit.session.requests(), [asked("where", Wish::Place)]);
    visit.session.deliver(&NodeRef::from("/data/where"), "", &mut visit.desk).unwrap();
    assert_eq!(visit.value("where"), "", "the device could not");
}

#[test]
fn an_action_of_a_change_sees_what_follows_from_it() {
    let mut visit = form("<a/><twice/><kept/>")
        .bind("twice", "type=\"int\" calculate=\"/data/a * 2\"")
        .body(
            "<input ref=\"/data/a\"><setvalue event=\"xforms-value-changed\" ref=\"/data/kept\" \
             value=\"/data/twice\"/></input>",
        )
        .begin();
    visit.answer("a", "12");
    assert_eq!(visit.value("kept"), "24");
    assert!(visit.session.undo() && visit.value("kept").is_empty() && visit.value("twice").is_empty());
}

#[test]
fn an_action_sets_only_what_its_predicates_name() {
    let mut visit = form("<v id=\"one\"><out>1</out></v><v id=\"two\"><out>2</out></v><r><a/><b/></r><r><a>x</a><b/></r><n/>")
        .model(
            "<setvalue event=\"xforms-ready\" ref=\"/data/v[@id='two']/out\" value=\"'set'\"/>\
             <setvalue event=\"xforms-ready\" ref=\"/data/r[a = 'x']/b\" value=\"position(..)\"/>",
        )
        .body(
            "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat><input ref=\"/data/n\">\
             <setvalue event=\"xforms-value-changed\" ref=\"/data/r[position() = /data/n]/b\" value=\"'new'\"/></input>",
        )
        .begin();
    assert_eq!((visit.value("v[1]/out"), visit.value("v[2]/out")), ("1".into(), "set".into()));
    assert_eq!((visit.value("r[1]/b"), visit.value("r[2]/b")), (String::new(), "2".into()));
    visit.answer("n", "1");
    assert_eq!((visit.value("r[1]/b"), visit.value("r[2]/b")), ("new".into(), "2".into()));
    let mut visit = form("<r><a/><b/></r><r><a/><b/></r>")
        .body(
            "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"><setvalue event=\"xforms-value-changed\" \
             ref=\"/data/r[position() = 1]/b\" value=\"'other'\"/></input></repeat>",
        )
        .begin();
    visit.answer("r[2]/a", "x");
    assert_eq!((visit.value("r[1]/b"), visit.value("r[2]/b")), ("other".into(), String::new()));
}

#[test]
fn an_action_of_the_model_is_of_the_repeat_that_its_node_stands_in() {
    let mut visit = form("<r><id/><n/></r>")
        .model(
            "<setvalue ref=\"/data/r/id\" event=\"odk-instance-first-load odk-new-repeat\" value=\"uuid()\"/>\
             <setvalue ref=\"/data/r/n\" event=\"jr-insert\" value=\"position(..)\"/>",
        )
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"/></repeat>")
        .begin();
    visit.add("r");
    let (first, second) = (visit.value("r[1]/id"), visit.value("r[2]/id"));
    assert!(first.len() == 36 && second.len() == 36 && first != second, "{first} {second}");
    assert_eq!((visit.value("r[1]/n"), visit.value("r[2]/n")), (String::new(), "2".into()));
    let outside = form("<a/>").model("<setvalue ref=\"/data/a\" event=\"odk-new-repeat\" value=\"1\"/>");
    assert!(outside.refused().to_string().contains("odk-new-repeat outside a repeat"));
}

#[test]
fn each_new_instance_asks_for_its_own_place() {
    let mut visit = form("<r jr:template=\"\"><where/></r>")
        .body(
            "<repeat nodeset=\"/data/r\"><odk:setgeopoint ref=\"/data/r/where\" event=\"odk-new-repeat\"/>\
             <input ref=\"/data/r/where\"/></repeat>",
        )
        .begin();
    visit.add("r");
    visit.add("r");
    assert_eq!(
        visit.session.requests(),
        [asked("r[1]/where", Wish::Place), asked("r[2]/where", Wish::Place)]
    );
    visit.remove("r[1]");
    assert_eq!(
        visit.session.requests(),
        [asked("r[1]/where", Wish::Place)],
        "of what was removed none is left"
    );
}

#[test]
fn a_recording_in_the_background_is_asked_for_at_every_load() {
    let mut visit = form("<sound/>")
        .model(
            "<odk:recordaudio ref=\"/data/sound\" event=\"odk-instance-load\" odk:quality=\"voice-only\"/>",
        )
        .bind("sound", "type=\"binary\"")
        .begin();
    let wish = || Wish::Recording { quality: "voice-only".to_owned() };
    assert_eq!(visit.session.requests(), [asked("sound", wish())]);
    visit.session.deliver(&NodeRef::from("/data/sound"), "s.m4a", &mut visit.desk).unwrap();
    assert_eq!(visit.finish().attachments, [(NodeRef::from("/data/sound"), "s.m4a".to_owned())]);
    assert_eq!(visit.again().0.session.requests(), [asked("sound", wish())]);
}

#[test]
fn revalidation_runs_its_actions_and_stamps_the_end() {
    let mut visit = form("<a/><end/><n>0</n><seen/>")
        .model("<setvalue ref=\"/data/n\" event=\"xforms-revalidate\" value=\"/data/n + 1\"/>")
        .bind("end", "type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"")
        .bind("a", "required=\"true()\"")
        .bind("seen", "calculate=\"/data/n * 10\"")
        .input("a")
        .begin();
    assert_eq!(visit.session.revalidate(&mut visit.desk).len(), 1);
    assert_eq!((visit.value("n"), visit.value("seen")), ("1".into(), "10".into()));
    assert_eq!(visit.value("end"), "2026-03-05T10:00:00.000+08:00");
    visit.try_answer("a", Answer::Text("x".into())).unwrap();
    visit.finish();
    assert_eq!(visit.value("n"), "2");
}

#[test]
fn one_action_may_hear_several_events() {
    let mut visit = form("<r><n/></r>")
        .body(
            "<repeat nodeset=\"/data/r\"><setvalue event=\"odk-instance-first-load odk-new-repeat\" \
             ref=\"/data/r/n\" value=\"position(..)\"/><input ref=\"/data/r/n\"/></repeat>",
        )
        .begin();
    visit.add("r");
    assert_eq!((visit.value("r[1]/n"), visit.value("r[2]/n")), ("1".into(), "2".into()));
}

#[test]
fn a_value_set_by_an_action_sets_off_the_next() {
    let mut visit = form("<a/><b/><c/>")
        .body(
            "<input ref=\"/data/a\"><setvalue ref=\"/data/b\" event=\"xforms-value-changed\" value=\"/data/a\"/></input>\
             <input ref=\"/data/b\"><setvalue ref=\"/data/c\" event=\"xforms-value-changed\">static</setvalue></input>",
        )
        .begin();
    visit.answer("a", "1");
    assert_eq!((visit.value("b"), visit.value("c")), ("1".into(), "static".into()));
}

#[test]
fn an_empty_value_empties_whatever_stands_in_the_element() {
    let mut visit = form("<a/><b>x</b><c>x</c>")
        .body(
            "<input ref=\"/data/a\">\
             <setvalue event=\"xforms-value-changed\" ref=\"/data/b\" value=\"\">ignored</setvalue>\
             <setvalue event=\"xforms-value-changed\" ref=\"/data/c\" value=\"3\">ignored</setvalue></input>",
        )
        .begin();
    visit.answer("a", "y");
    assert_eq!((visit.value("b"), visit.value("c")), (String::new(), "3".into()));
}

#[test]
fn an_action_of_the_body_itself_acts() {
    let visit = form("<a/><b/>")
        .body("<setvalue event=\"odk-instance-first-load\" ref=\"/data/b\" value=\"1 + 1\"/><input ref=\"/data/a\"/>")
        .begin();
    assert_eq!(visit.value("b"), "2");
}

#[test]
fn a_number_that_an_action_sets_in_a_date_is_the_day_that_it_counts() {
    let mut visit = form("<a/><day/>")
        .bind("day", "type=\"date\"")
        .body("<input ref=\"/data/a\"><setvalue event=\"xforms-value-changed\" ref=\"/data/day\" value=\"1 + 1\"/></input>")
        .begin();
    visit.answer("a", "x");
    assert_eq!(visit.value("day"), "1970-01-03");
}

#[test]
fn an_action_of_a_counted_instance_sees_what_follows_from_the_one_before() {
    let mut visit = form("<n>2</n><r jr:template=\"\"><no/></r><so_far/>")
        .bind("n", "type=\"int\"")
        .bind("so_far", "calculate=\"count(/data/r)\"")
        .body(
            "<input ref=\"/data/n\"/><repeat nodeset=\"/data/r\" jr:count=\"/data/n\">\
             <setvalue event=\"odk-new-repeat\" ref=\"/data/r/no\" value=\"/data/so_far + 1\"/>\
             <input ref=\"/data/r/no\"/></repeat>",
        )
        .begin();
    assert_eq!(["r[1]/no", "r[2]/no"].map(|node| visit.value(node)), ["1", "2"], "at loading, too");
    visit.answer("n", "3");
    assert_eq!(["r[1]/no", "r[2]/no", "r[3]/no"].map(|node| visit.value(node)), ["1", "2", "3"]);
    visit.answer("n", "1");
    visit.answer("n", "4");
    assert_eq!(["r[3]/no", "r[4]/no"].map(|node| visit.value(node)), ["3", "4"]);
    assert!(visit.session.undo());
    assert!(!visit.shows("r[2]"));
}

#[test]
fn a_hidden_node_is_set_too() {
    let mut visit = form("<show/><b/>")
        .model("<setvalue ref=\"/data/b\" event=\"odk-instance-first-load\" value=\"'ready'\"/>")
        .bind("b", "relevant=\"/data/show = 1\"")
        .input("show")
        .begin();
    visit.answer("show", "1");
    assert_eq!(visit.value("b"), "ready");
}

#[test]
fn a_calculation_has_the_last_word() {
    let mut visit = form("<a>2</a><double/><fixed/>")
        .bind("double", "calculate=\"/data/a * 2\"")
        .bind("fixed", "calculate=\"'made'\"")
        .input("a")
        .input("double")
        .input("fixed")
        .begin();
    visit.answer("double", "5");
    visit.answer("fixed", "mine");
    assert_eq!(visit.value("double"), "5");
    visit.finish();
    assert_eq!((visit.value("double"), visit.value("fixed")), ("4".into(), "mine".into()));
}

#[test]
fn loading_calculates_before_it_acts() {
    let visit = form("<made/><taken/>")
        .model("<setvalue ref=\"/data/taken\" event=\"odk-instance-first-load\" value=\"/data/made\"/>")
        .bind("made", "calculate=\"1 + 1\"")
        .begin();
    assert_eq!(visit.value("taken"), "2");
}

#[test]
fn an_instance_has_its_place_though_it_is_hidden() {
    let mut visit = form("<any/><r><n/></r><r><n/></r>")
        .bind("r", "relevant=\"/data/any = 1\"")
        .input("any")
        .body(
            "<repeat nodeset=\"/data/r\"><setvalue event=\"odk-instance-first-load\" ref=\"/data/r/n\" \
             value=\"if(position(..) = 1, 'first', 'later')\"/><input ref=\"/data/r/n\"/></repeat>",
        )
        .begin();
    visit.answer("any", "1");
    assert_eq!((visit.value("r[1]/n"), visit.value("r[2]/n")), ("first".into(), "later".into()));
}

#[test]
fn an_old_form_names_the_new_instance_from_the_model() {
    let mut visit = form("<r jr:template=\"\"><n/><o/><s jr:template=\"\"><m/></s></r>")
        .model("<setvalue event=\"jr-insert\" ref=\"/data/r/n\" value=\"position(..)\"/>")
        .model("<setvalue event=\"odk-new-repeat\" ref=\"/data/r/s/m\" value=\"'new'\"/>")
        .body(
            "<repeat nodeset=\"/data/r\"><setvalue event=\"jr-insert\" ref=\"/data/r/o\" value=\"'in it'\"/>\
             <input ref=\"/data/r/n\"/><repeat nodeset=\"/data/r/s\"><input ref=\"/data/r/s/m\"/></repeat></repeat>",
        )
        .begin();
    visit.add("r");
    visit.add("r");
    visit.answer("r[1]/n", "7");
    visit.add("r[1]/s");
    let values = ["r[1]/n", "r[2]/n", "r[2]/o", "r[1]/s[1]/m"].map(|node| visit.value(node));
    assert_eq!(values, ["7", "2", "in it", "new"], "only what is new is set");
}

#[test]
fn what_a_device_delivers_is_no_step_and_stays_when_one_is_taken_back() {
    let mut visit = form("<a/><where/><told/><north/>")
        .bind("where", "type=\"geopoint\"")
        .bind("told", "calculate=\"concat(/data/a, ' ', selected-at(/data/where, 0))\"")
        .model("<odk:setgeopoint xmlns:odk=\"http://www.opendatakit.org/xforms\" event=\"odk-instance-first-load\" ref=\"/data/where\"/>")
        .input("a")
        .begin();
    visit.answer("a", "one");
    visit.answer("a", "two");
    let at = visit.session.requests()[0].at.clone();
    visit.session.deliver(&at, "31.2 121.5 4 8", &mut visit.desk).unwrap();
    assert_eq!(visit.value("told"), "two 31.2");
    for (a, told) in [("one", "one 31.2"), ("", " 31.2")] {
        assert!(visit.session.undo());
        assert_eq!((visit.value("a"), visit.value("told")), (a.to_owned(), told.to_owned()));
        assert_eq!(visit.value("where"), "31.2 121.5 4 8");
    }
    assert!(!visit.session.undo(), "the place was nobody's step");
}
