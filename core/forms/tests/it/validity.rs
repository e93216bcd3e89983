//! Required, constraint, type, read-only; kinds of questions.

use crate::scenario::form;
use xuncha_forms::{Answer, AnswerError, GeoPoint, QuestionKind, Reason};

#[test]
fn a_broken_constraint_is_kept_and_reported() {
    let mut visit = form("<age/>")
        .bind("age", "type=\"int\" required=\"true()\" constraint=\". &lt; 150\" jr:constraintMsg=\"too old\" jr:requiredMsg=\"say it\"")
        .input("age")
        .begin();
    assert_eq!(visit.blocked(), ["/data/age Required"]);
    assert_eq!(visit.question("age").required_message, "say it");
    let problem = visit.answer("age", "200").problem.unwrap();
    assert_eq!((problem.reason, problem.message.as_str()), (Reason::Constraint, "too old"));
    assert_eq!(
        (visit.value("age"), visit.blocked()),
        ("200".into(), vec!["/data/age Constraint".to_owned()])
    );
    assert!(visit.session.finalize(&mut visit.desk).is_err());
    visit.answer("age", "twelve");
    assert_eq!(
        (visit.question("age").value, visit.blocked()),
        (Answer::Text("twelve".into()), vec!["/data/age Type".to_owned()])
    );
    visit.answer("age", "012");
    assert_eq!((visit.question("age").value, visit.blocked().len()), (Answer::Integer(12), 0));
}

#[test]
fn what_is_hidden_blocks_nothing() {
    let mut visit = form("<a/><b/>")
        .bind("b", "required=\"true()\" relevant=\"/data/a = 1\"")
        .input("a")
        .input("b")
        .begin();
    assert!(visit.blocked().is_empty());
    visit.answer("a", "1");
    assert_eq!(visit.blocked(), ["/data/b Required"]);
}

#[test]
fn a_constraint_sees_other_answers_as_they_are_now() {
    let mut visit = form("<a>1</a><b/>")
        .bind("b", "type=\"int\" constraint=\". &gt; /data/a\"")
        .input("a")
        .input("b")
        .begin();
    assert!(visit.answer("b", "2").problem.is_none());
    visit.answer("a", "5");
    assert_eq!(visit.question("b").problem.unwrap().reason, Reason::Constraint);
}

#[test]
fn read_only_is_inherited_and_refuses() {
    let mut visit = form("<on>1</on><g><a>x</a></g>")
        .bind("g", "readonly=\"/data/on = 1\"")
        .body("<group ref=\"/data/g\"><input ref=\"/data/g/a\"/></group>")
        .input("on")
        .begin();
    assert!(visit.question("g/a").readonly);
    assert!(matches!(visit.try_answer("g/a", Answer::Text("y".into())), Err(AnswerError::Readonly(_))));
    visit.answer("on", "0");
    assert!(visit.try_answer("g/a", Answer::Text("y".into())).is_ok());
}

#[test]
fn a_wrong_type_that_nobody_can_repair_does_not_block() {
    let data = || form("<d>soon</d>").input("d");
    assert_eq!(data().bind("d", "type=\"date\"").begin().blocked(), ["/data/d Type"]);
    assert!(data().bind("d", "type=\"date\" readonly=\"true()\"").begin().blocked().is_empty());
}

#[test]
fn answers_that_cannot_be_are_refused_and_change_nothing() {
    let mut visit = form("<n/><g><a/></g><h/>")
        .bind("n", "type=\"int\"")
        .bind("h", "relevant=\"false()\"")
        .input("n")
        .input("h")
        .begin();
    let place = Answer::GeoPoint(GeoPoint { lat: 31.0, lon: 121.0, altitude: 0.0, accuracy: 5.0 });
    assert!(matches!(visit.try_answer("n", place), Err(AnswerError::Kind { .. })));
    assert!(matches!(visit.try_answer("n", Answer::Choice("a".into())), Err(AnswerError::Kind { .. })));
    assert!(matches!(visit.try_answer("g", Answer::Empty), Err(AnswerError::NotAQuestion(_))));
    assert!(matches!(visit.try_answer("h", Answer::Text("x".into())), Err(AnswerError::NotRelevant(_))));
    assert!(matches!(visit.try_answer("none", Answer::Empty), Err(AnswerError::NoSuchNode(_))));
    assert!(!visit.session.can_undo());
}

#[test]
fn every_kind_of_question_is_drawn_as_itself() {
    use QuestionKind as K;
    let controls = [
        ("input", "string", "", K::Text),
        ("input", "int", "", K::Integer),
        ("input", "xsd:decimal", "", K::Decimal),
        ("input", "boolean", "", K::Boolean),
        ("input", "date", "", K::Date),
        ("input", "time", "", K::Time),
        ("input", "dateTime", "", K::DateTime),
        ("input", "geopoint", "", K::GeoPoint),
        ("input", "geotrace", "", K::GeoTrace),
        ("input", "geoshape", "", K::GeoShape),
        ("input", "barcode", "", K::Barcode),
        ("upload", "binary", "mediatype=\"image/*\"", K::Image),
        ("upload", "binary", "mediatype=\"audio/*\"", K::Audio),
        ("upload", "binary", "mediatype=\"video/*\"", K::Video),
        ("upload", "binary", "mediatype=\"application/*\"", K::File),
        ("trigger", "string", "", K::Trigger),
        ("range", "int", "start=\"1\" end=\"9\" step=\"2\"", K::Range),
    ];
    for (control, kind, attributes, expected) in controls {
        let visit = form("<a/>")
            .bind("a", &format!("type=\"{kind}\""))
            .body(&format!(
                "<{control} ref=\"/data/a\" appearance=\"big\" {attributes}><label>L</label></{control}>"
            ))
            .begin();
        let question = visit.question("a");
        assert_eq!((question.kind, question.appearance.as_str()), (expected, "big"), "{control} {kind}");
        assert_eq!(question.range.is_some(), expected == K::Range);
    }
    let note = form("<a/>").bind("a", "readonly=\"true()\"").input("a").begin().question("a");
    assert_eq!(note.kind, K::Note);
}

#[test]
fn a_default_is_kept_as_it_is_written() {
    let visit = form("<a> two words </a><day>2025-12-21T23:30:05</day>")
        .bind("day", "type=\"date\" readonly=\"true()\"")
        .input("a")
        .input("day")
        .begin();
    assert_eq!((visit.value("a"), visit.value("day")), (" two words ".into(), "2025-12-21T23:30:05".into()));
    assert_eq!(visit.question("day").problem.unwrap().reason, Reason::Type);
}

#[test]
fn each_of_several_choices_is_of_the_type() {
    let item = |value: &str| format!("<item><label>L</label><value>{value}</value></item>");
    let mut visit = form("<n/>")
        .bind("n", "type=\"int\"")
        .body(&format!("<select ref=\"/data/n\">{}{}{}</select>", item("10"), item("123"), item("x")))
        .begin();
    assert!(visit.answer("n", "10 123").problem.is_none());
    assert_eq!(visit.answer("n", "10 x").problem.unwrap().reason, Reason::Type);
}

#[test]
fn a_text_that_nobody_can_change_is_shown_and_one_without_a_text_is_a_note() {
    let mut visit = form("<a/><told/><note/>")
        .bind("told", "readonly=\"true()\" calculate=\"/data/a\"")
        .bind("note", "readonly=\"true()\"")
        .input("a")
        .input("told")
        .input("note")
        .begin();
    assert_eq!(visit.question("told").kind, QuestionKind::Note);
    visit.answer("a", "35.21");
    let told = visit.question("told");
    assert_eq!((told.kind, told.readonly), (QuestionKind::Text, true));
    assert_eq!(visit.question("note").kind, QuestionKind::Note);
}
