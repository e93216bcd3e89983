//! What a shell is handed to draw: controls, their attributes, appearances, media.

use crate::scenario::form;
use xuncha_forms::{Answer, Group, Item, QuestionKind};

fn attribute(question: &xuncha_forms::Question, name: &str) -> Option<String> {
    question.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

#[test]
fn attributes_of_controls_and_binds_are_handed_on() {
    let visit = form("<text/><photo/><place/><app/><note/>")
        .bind("photo", "type=\"binary\" orx:max-pixels=\"1024\" odk:quality=\"low\"")
        .bind("place", "type=\"geopoint\"")
        .bind("app", "type=\"intent\"")
        .bind("note", "saveIncomplete=\"true()\"")
        .body(
            "<input ref=\"/data/text\" rows=\"5\" autoplay=\"audio\" appearance=\"multiline masked\"/>\
             <upload ref=\"/data/photo\" mediatype=\"image/*\" accept=\".jpg,.png\" appearance=\"signature\"/>\
             <input ref=\"/data/place\" accuracyThreshold=\"10\" odk:unacceptableAccuracyThreshold=\"50\"/>\
             <input ref=\"/data/app\" appearance=\"ex:org.example.scan(kind='a')\" intent=\"org.example.scan\"/>\
             <input ref=\"/data/note\"/>",
        )
        .begin();
    let text = visit.question("text");
    assert_eq!(
        (text.appearance.as_str(), attribute(&text, "rows").as_deref()),
        ("multiline masked", Some("5"))
    );
    assert_eq!(attribute(&text, "autoplay").as_deref(), Some("audio"));
    let photo = visit.question("photo");
    assert_eq!((photo.kind, attribute(&photo, "max-pixels").as_deref()), (QuestionKind::Image, Some("1024")));
    assert_eq!(attribute(&photo, "accept").as_deref(), Some(".jpg,.png"));
    assert_eq!(attribute(&photo, "quality").as_deref(), Some("low"));
    let place = visit.question("place");
    assert_eq!(attribute(&place, "accuracyThreshold").as_deref(), Some("10"));
    assert_eq!(attribute(&place, "unacceptableAccuracyThreshold").as_deref(), Some("50"));
    let app = visit.question("app");
    assert_eq!((app.kind, attribute(&app, "type").as_deref()), (QuestionKind::Text, Some("intent")));
    assert_eq!(app.appearance, "ex:org.example.scan(kind='a')");
    assert_eq!(attribute(&visit.question("note"), "saveIncomplete").as_deref(), Some("true()"));
}

#[test]
fn a_group_is_drawn_with_its_appearance_and_the_form_with_its_style() {
    let xml = form("<g><a/><h><b/></h></g>")
        .bind("g/h", "relevant=\"../a = 1\"")
        .body(
            "<group ref=\"/data/g\" appearance=\"field-list\"><label>Outer</label><input ref=\"a\"/>\
             <group ref=\"h\"><input ref=\"b\"><label>Inner</label></input></group></group>",
        )
        .xml()
        .replace("<h:body>", "<h:body class=\"pages theme-grid\">");
    let compiled =
        xuncha_forms::Form::compile(xml.as_bytes(), &xuncha_forms::NoExternals, &Default::default());
    let mut visit = crate::scenario::Visit::with(std::sync::Arc::new(compiled.unwrap()));
    let outer = |visit: &crate::scenario::Visit| match visit.session.view().children.pop() {
        Some(Item::Group(group)) => group,
        other => panic!("{other:?}"),
    };
    assert_eq!(visit.session.view().style, "pages theme-grid");
    let Group { label, appearance, children, .. } = outer(&visit);
    assert_eq!((label.text.as_str(), appearance.as_str(), children.len()), ("Outer", "field-list", 1));
    visit.answer("g/a", "1");
    assert_eq!(outer(&visit).children.len(), 2, "what is relevant now is drawn");
}

#[test]
fn a_range_has_its_bounds_whichever_way_it_runs() {
    let visit = form("<up/><down/><part/>")
        .bind("up", "type=\"int\"")
        .bind("part", "type=\"decimal\"")
        .body(
            "<range ref=\"/data/up\" start=\"1\" end=\"10\" step=\"3\"/>\
             <range ref=\"/data/down\" start=\"10\" end=\"-10\" step=\"5\" appearance=\"vertical\"/>\
             <range ref=\"/data/part\" start=\"0.5\" end=\"1.5\" step=\"0.25\" appearance=\"picker\"/>",
        )
        .begin();
    let bounds = |node| visit.question(node).range.map(|range| (range.start, range.end, range.step)).unwrap();
    assert_eq!(
        [bounds("up"), bounds("down"), bounds("part")],
        [(1.0, 10.0, 3.0), (10.0, -10.0, 5.0), (0.5, 1.5, 0.25)]
    );
    let of = |start: &str, end: &str, step: &str| {
        form("<a/>")
            .body(&format!("<range ref=\"/data/a\" start=\"{start}\" end=\"{end}\" step=\"{step}\"/>"))
    };
    let ranges = of("0", "10", "-2").begin().question("a").range;
    assert_eq!(ranges.map(|range| range.step), Some(2.0));
    for (start, end, step) in
        [("0", "10", "0"), ("0", "10", "NaN"), ("0", "10", "x"), ("0", "NaN", "1"), ("-inf", "1", "1")]
    {
        let refused = of(start, end, step).refused();
        assert!(refused.to_string().contains("range"), "{refused}");
    }
    let no_end = form("<a/>").body("<range ref=\"/data/a\" start=\"1\" step=\"1\"/>").refused();
    assert!(matches!(no_end, xuncha_forms::FormError::Invalid { .. }));
}

#[test]
fn a_label_carries_its_media_and_its_short_form() {
    let values = "<value>words</value><value form=\"short\">w</value><value form=\"image\">jr://images/a.png</value>\
        <value form=\"big-image\">jr://images/b.png</value><value form=\"audio\">jr://audio/a.mp3</value>\
        <value form=\"video\">jr://video/a.mp4</value>";
    let visit = form("<a/>")
        .model(&format!(
            "<itext><translation lang=\"x\"><text id=\"t\">{values}</text></translation></itext>"
        ))
        .body("<input ref=\"/data/a\"><label ref=\"jr:itext('t')\"/></input>")
        .begin();
    let label = visit.question("a").label;
    let media = *label.media.unwrap();
    let media = [media.short, media.image, media.big_image, media.audio, media.video].map(Option::unwrap);
    assert_eq!(
        (label.text.as_str(), media),
        (
            "words",
            ["w", "jr://images/a.png", "jr://images/b.png", "jr://audio/a.mp3", "jr://video/a.mp4"]
                .map(String::from)
        )
    );
}

#[test]
fn markdown_is_handed_on_as_it_is_written() {
    let visit = form("<a/>")
        .body("<input ref=\"/data/a\"><label># Big\n**bold** &lt;span style=\"color:red\"&gt;red&lt;/span&gt;</label></input>")
        .begin();
    assert_eq!(visit.question("a").label.text, "# Big\n**bold** <span style=\"color:red\">red</span>");
}

#[test]
fn an_acknowledgement_is_ok_or_nothing() {
    let mut visit =
        form("<seen/>").bind("seen", "required=\"true()\"").body("<trigger ref=\"/data/seen\"/>").begin();
    assert_eq!(visit.blocked(), ["/data/seen Required"]);
    visit.try_answer("seen", Answer::Acknowledged).unwrap();
    assert_eq!((visit.value("seen"), visit.question("seen").value), ("OK".into(), Answer::Acknowledged));
    visit.answer("seen", "");
    assert_eq!(visit.question("seen").value, Answer::Empty);
}

#[test]
fn a_ranking_holds_all_choices_in_their_new_order() {
    let item = |value: &str| format!("<item><label>{value}</label><value>{value}</value></item>");
    let mut visit = form("<r/>")
        .body(&format!("<odk:rank ref=\"/data/r\">{}{}{}</odk:rank>", item("a"), item("b"), item("c")))
        .begin();
    let order = Answer::Choices(["c", "a", "b"].map(String::from).into());
    visit.try_answer("r", order.clone()).unwrap();
    assert_eq!((visit.value("r"), visit.question("r").value), ("c a b".into(), order));
    assert_eq!(visit.question("r").kind, QuestionKind::Rank);
}
