//! Languages, media, outputs.

use crate::scenario::form;

const ITEXT: &str = "<itext>\
    <translation lang=\"中文\" default=\"true()\"><text id=\"q\"><value>你好 <output value=\"/data/name\"/>，几岁？</value>\
    <value form=\"image\">jr://images/q.png</value></text>\
    <text id=\"h\"><value>提示</value><value form=\"guidance\">更多</value></text>\
    <text id=\"bad\"><value>不对</value></text><text id=\"c-0\"><value>甲</value></text></translation>\
    <translation lang=\"English\"><text id=\"q\"><value>Hello <output value=\"/data/name\"/>, how old?</value></text>\
    <text id=\"bad\"><value>wrong</value></text><text id=\"c-0\"><value>First</value></text></translation></itext>\
    <instance id=\"list\"><root><item><itextId>c-0</itextId><name>a</name></item></root></instance>";

fn spoken() -> crate::scenario::Visit {
    form("<name>Li</name><age/><s>a</s><said/>")
        .model(ITEXT)
        .bind("age", "type=\"int\" constraint=\". &lt; 150\" jr:constraintMsg=\"jr:itext('bad')\"")
        .bind("said", "calculate=\"jr:choice-name(/data/s, '/data/s')\"")
        .body(
            "<input ref=\"/data/name\"/><input ref=\"/data/age\"><label ref=\"jr:itext('q')\"/>\
             <hint ref=\"jr:itext('h')\"/></input><select1 ref=\"/data/s\">\
             <itemset nodeset=\"instance('list')/root/item\"><value ref=\"name\"/>\
             <label ref=\"jr:itext(itextId)\"/></itemset></select1>",
        )
        .begin()
}

#[test]
fn texts_follow_the_language_and_the_answers() {
    let mut visit = spoken();
    let question = visit.question("age");
    assert_eq!(question.label.text, "你好 Li，几岁？");
    assert_eq!(question.label.media().image.as_deref(), Some("jr://images/q.png"));
    assert_eq!((question.hint.unwrap().text, question.guidance), ("提示".into(), Some("更多".into())));
    assert_eq!(visit.offered("s"), ["a=甲"]);
    visit.answer("name", "Wang");
    assert!(visit.session.set_language("English"));
    assert_eq!(visit.question("age").label.text, "Hello Wang, how old?");
    assert_eq!(visit.offered("s"), ["a=First"]);
    assert!(!visit.session.set_language("Deutsch"));
    assert_eq!(visit.session.language(), Some("English"));
}

#[test]
fn a_message_is_in_the_language_in_force() {
    let mut visit = spoken();
    assert_eq!(visit.answer("age", "200").problem.unwrap().message, "不对");
    visit.session.set_language("English");
    assert_eq!(visit.question("age").problem.unwrap().message, "wrong");
}

#[test]
fn a_calculation_that_quotes_a_label_follows_the_language() {
    let mut visit = spoken();
    assert_eq!(visit.value("said"), "甲");
    visit.session.set_language("English");
    assert_eq!(visit.value("said"), "First");
}

#[test]
fn what_a_text_lacks_in_one_language_is_shown_in_the_default_one() {
    let mut visit = spoken();
    visit.session.set_language("English");
    assert_eq!(visit.question("age").hint.unwrap().text, "提示");
}

#[test]
fn an_output_in_a_repeat_speaks_of_its_own_instance() {
    let visit = form("<r><n>A</n><q/></r><r><n>B</n><q/></r>")
        .model("<itext><translation lang=\"x\"><text id=\"t\"><value>of <output value=\"/data/r/n\"/></value></text></translation></itext>")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/q\"><label ref=\"jr:itext('t')\"/><hint>for <output value=\"../n\"/></hint></input></repeat>")
        .begin();
    assert_eq!(visit.question("r[2]/q").label.text, "of B");
    assert_eq!(visit.question("r[1]/q").hint.unwrap().text, "for A");
}

#[test]
fn words_of_a_label_stay_as_they_are_written() {
    let visit = form("<a>x</a><b>y</b><q/><none/>")
        .bind("none", "calculate=\"jr:itext('no-such-text')\"")
        .body(
            "<input ref=\"/data/q\"><label>Give <output value=\"/data/a\"/> <output value=\"/data/b\"/> <em>now</em></label></input>",
        )
        .begin();
    assert_eq!(visit.question("q").label.text, "Give x y now");
    assert_eq!(visit.value("none"), "");
}

#[test]
fn names_of_months_and_days_are_those_of_the_form_s_language() {
    let itext = "<itext><translation lang=\"中文 (zh)\"><text id=\"t\"><value>x</value></text></translation>\
        <translation lang=\"English (en)\"><text id=\"t\"><value>x</value></text></translation></itext>";
    let mut visit = form("<said/>")
        .model(itext)
        .bind("said", "calculate=\"format-date('2026-03-05', '%b %a %e')\"")
        .begin();
    assert_eq!(visit.value("said"), "3月 周四 5");
    visit.session.set_language("English (en)");
    assert_eq!(visit.value("said"), "Mar Thu 5");
}

#[test]
fn the_files_that_stand_beside_texts_are_named_once_in_every_language() {
    let sound = "<itext><translation lang=\"a\"><text id=\"q\"><value>q</value><value form=\"audio\">jr://audio/q.mp3</value>\
                 <value form=\"big-image\">jr://images/q-big.png</value></text></translation>\
                 <translation lang=\"b\"><text id=\"q\"><value form=\"video\">jr://video/q.mp4</value>\
                 <value form=\"audio\">jr://audio/q.mp3</value></text></translation></itext>";
    let form =
        form("<a/>").model(sound).body("<input ref=\"/data/a\"><label ref=\"jr:itext('q')\"/></input>");
    let form = form.compile().unwrap();
    let named: Vec<_> = form.media().into_iter().collect();
    assert_eq!(named, ["jr://audio/q.mp3", "jr://images/q-big.png", "jr://video/q.mp4"]);
}
