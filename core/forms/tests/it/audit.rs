//! The audit log of a record.

use crate::scenario::{FormText, Visit, form};
use xuncha_forms::{AuditEvent as E, AuditLog, NodeRef};

fn audited(attributes: &str) -> FormText {
    form("<a/><b/><meta><audit/></meta>")
        .bind("meta/audit", &format!("type=\"binary\" {attributes}"))
        .input("a")
        .input("b")
}

fn log(visit: &Visit) -> AuditLog {
    AuditLog::new(visit.session.form().audit_rules().unwrap())
}

fn now(visit: &Visit) -> impl Fn(&NodeRef) -> String + '_ {
    |at| visit.session.value(at).unwrap_or_default()
}

#[test]
fn a_form_without_an_audit_node_asks_for_no_log() {
    assert!(form("<a/>").begin().session.form().audit_rules().is_none());
}

#[test]
fn events_are_rows_with_their_times() {
    let visit = audited("").begin();
    let mut log = log(&visit);
    let a = NodeRef::from("/data/a");
    log.event(E::FormStart, None, 1000, "");
    log.event(E::Question, Some(&a), 1001, "");
    log.event(E::Question, Some(&a), 1500, "");
    log.leave(2000, now(&visit));
    log.event(E::FormExit, None, 2001, "");
    assert_eq!(
        log.csv(),
        "event,node,start,end\nform start,,1000,\nquestion,/data/a,1001,2000\nform exit,,2001,\n"
    );
}

#[test]
fn answers_before_and_after_are_kept_where_the_form_asks() {
    let mut visit = audited("odk:track-changes=\"true\"").begin();
    let mut log = log(&visit);
    let (a, b) = (NodeRef::from("/data/a"), NodeRef::from("/data/b"));
    log.event(E::GroupQuestions, Some(&NodeRef::from("/data")), 1, "");
    log.event(E::QuestionInGroup, Some(&a), 1, &visit.value("a"));
    log.event(E::QuestionInGroup, Some(&b), 1, &visit.value("b"));
    visit.answer("a", "two, \"3\"");
    log.leave(5, now(&visit));
    assert_eq!(
        log.csv(),
        "event,node,start,end,old-value,new-value\ngroup questions,/data,1,5,,\n\
         question,/data/a,1,5,,\"two, \"\"3\"\"\"\n"
    );
}

#[test]
fn the_most_accurate_place_that_still_holds_stands_with_the_event() {
    let visit = audited(
        "odk:location-priority=\"balanced\" odk:location-min-interval=\"10\" odk:location-max-age=\"60\"",
    )
    .begin();
    let mut log = log(&visit);
    log.event(E::LocationTrackingEnabled, None, 0, "");
    log.place(1_000, 31.25, 121.5, 20.0);
    log.place(2_000, 31.26, 121.5, 5.0);
    log.event(E::FormSave, None, 3_000, "");
    log.event(E::FormSave, None, 90_000, "");
    assert_eq!(
        log.csv(),
        "event,node,start,end,latitude,longitude,accuracy\nlocation tracking enabled,,0,,,,\n\
         form save,,3000,,31.26,121.5,5\nform save,,90000,,,,\n"
    );
    let mut silent = AuditLog::new(audited("").begin().session.form().audit_rules().unwrap());
    silent.event(E::LocationTrackingEnabled, None, 0, "");
    assert_eq!(silent.csv(), "event,node,start,end\n", "a form that logs no place");
}

#[test]
fn people_and_their_reasons_are_named_and_a_log_goes_on() {
    let visit = audited("odk:identify-user=\"true\" odk:track-changes-reasons=\"on-form-edit\"").begin();
    let rules = visit.session.form().audit_rules().unwrap();
    assert!(rules.identify_user && rules.reasons);
    let mut first = AuditLog::new(rules.clone());
    first.set_user("王");
    first.event(E::FormStart, None, 1, "");
    let mut second = AuditLog::resume(rules, &first.csv());
    second.set_user("李");
    second.event(E::FormResume, None, 2, "");
    second.reason(3, "wrong door");
    assert_eq!(
        second.csv(),
        "event,node,start,end,user,change-reason\nform start,,1,,王,\nform resume,,2,,李,\n\
         change reason,,3,,李,wrong door\n"
    );
}

#[test]
fn a_log_that_is_cut_and_taken_up_again_has_what_was_open() {
    let mut visit = audited("odk:track-changes=\"true\"").begin();
    let rules = visit.session.form().audit_rules().unwrap();
    let mut log = log(&visit);
    let a = NodeRef::from("/data/a");
    log.event(E::FormStart, None, 1, "");
    log.event(E::Question, Some(&a), 2, "");
    visit.answer("a", "two\nlines");
    let saved = log.csv_if_left(9, now(&visit));
    let so_far = "event,node,start,end,old-value,new-value\nform start,,1,,,\n";
    assert_eq!(log.csv(), so_far, "it is still open");
    let left = format!("{so_far}question,/data/a,2,9,,\"two\nlines\"\n");
    assert_eq!(saved, left);
    log.leave(9, now(&visit));
    assert_eq!(log.csv(), left);
    let mut again = AuditLog::resume(rules, &saved);
    again.event(E::FormResume, None, 20, "");
    assert_eq!(again.csv(), format!("{left}form resume,,20,,,\n"));
}

#[test]
fn a_log_goes_on_under_a_newer_version_with_other_columns() {
    let rules = |attributes| audited(attributes).begin().session.form().audit_rules().unwrap();
    let old = "event,node,start,end,old-value,new-value\nquestion,/data/a,1,2,,\"x, y\"\n";
    let again = AuditLog::resume(rules("odk:track-changes=\"true\" odk:identify-user=\"true\""), old);
    let wider = "event,node,start,end,old-value,new-value,user\nquestion,/data/a,1,2,,\"x, y\",\n";
    assert_eq!(again.csv(), wider);
    assert_eq!(AuditLog::resume(rules(""), wider).csv(), "event,node,start,end\nquestion,/data/a,1,2\n");
}

#[test]
fn the_log_is_attached_at_its_node() {
    let mut visit = audited("").begin();
    let at = visit.session.form().audit_rules().unwrap().at.unwrap();
    let file = xuncha_forms::Answer::File("audit.csv".into());
    visit.session.answer(&at, &file, &mut visit.desk).unwrap();
    let done = visit.finish();
    assert_eq!(done.attachments, [(at, "audit.csv".to_owned())]);
    assert!(String::from_utf8(done.xml).unwrap().contains("<audit>audit.csv</audit>"));
}
