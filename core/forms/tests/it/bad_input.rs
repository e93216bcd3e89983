//! Broken and hostile documents: each a typed error that says what and where.

use crate::scenario::{Desk, Visit, form};
use std::sync::Arc;
use std::time::Instant;
use xuncha_forms::{Form, FormError, Limits, NoExternals, Session};

fn compile(bytes: &[u8]) -> FormError {
    match Form::compile(bytes, &NoExternals, &Limits::default()) {
        Ok(_) => panic!("the form was taken"),
        Err(error) => error,
    }
}

#[test]
fn what_is_not_xml_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04", b"{\"json\": true}", b"<a", b"\x00\x01"] {
        assert!(matches!(compile(bytes), FormError::Xml { .. }), "{:?}", compile(bytes));
    }
    assert!(matches!(compile(b"<a>\xff</a>"), FormError::Encoding { at: 3 }));
    assert!(matches!(compile(b"<?xml version='1.0' encoding='GBK'?><a/>"), FormError::Encoding { .. }));
}

/// Found by the fuzz target `xml`: such a form's own drafts did not open again.
#[test]
fn control_characters_are_refused_as_such_and_by_reference() {
    for sign in ["\0", "\x01", "&#1;", "&#x1f;"] {
        let text = format!("<h:html xmlns:h='h'><h:head>{sign}</h:head></h:html>");
        let attribute = format!("<h:html xmlns:h='h'>\n <h:head id=\"{sign}\"/></h:html>");
        for document in [text, attribute] {
            let error = compile(document.as_bytes());
            assert!(
                matches!(&error, FormError::Xml { message, .. } if message.contains("control")),
                "{error}"
            );
        }
    }
    let kept = compile(b"<h:html xmlns:h='h'><h:head id='&#9;&#13;'>\t&#10;</h:head></h:html>");
    assert_eq!(kept, FormError::NotAForm { missing: "the model" });
}

#[test]
fn xml_that_is_no_form_says_what_is_missing() {
    assert_eq!(compile(b"<html/>"), FormError::NotAForm { missing: "the head" });
    let bare = b"<h><head><model/></head><body/></h>";
    assert_eq!(compile(bare), FormError::NotAForm { missing: "the primary instance" });
}

#[test]
fn a_form_without_a_body_asks_nothing_and_is_submitted() {
    let xml =
        form("<a>1</a><b/>").bind("b", "calculate=\"/data/a + 1\"").xml().replace("<h:body></h:body>", "");
    let compiled = Form::compile(xml.as_bytes(), &NoExternals, &Limits::default()).unwrap();
    assert!(compiled.warnings().iter().any(|one| one.message.contains("no body")));
    let mut visit = Visit::with(Arc::new(compiled));
    assert!(visit.session.view().children.is_empty());
    assert!(String::from_utf8(visit.finish().xml).unwrap().contains("<b>2</b>"));
}

#[test]
fn fifty_megabytes_are_refused_before_they_are_read() {
    let large = vec![b' '; 50 << 20];
    assert!(matches!(compile(&large), FormError::Limit { what: "the size of the form in bytes", .. }));
}

#[test]
fn ten_thousand_levels_do_not_reach_the_stack() {
    let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
    assert!(matches!(compile(deep.as_bytes()), FormError::Limit { what: "the nesting of elements", .. }));
    let nested =
        form("<a/>").bind("a", &format!("calculate=\"{}1{}\"", "(".repeat(10_000), ")".repeat(10_000)));
    assert!(matches!(nested.refused(), FormError::XPath { .. }));
}

#[test]
fn entities_are_not_expanded() {
    let mut bomb = "<!DOCTYPE h [<!ENTITY a 'ha'>".to_owned();
    for level in 0..30 {
        bomb += &format!("<!ENTITY a{level} '&a;&a;'>");
    }
    bomb += "]><h>&a29;</h>";
    assert!(matches!(compile(bomb.as_bytes()), FormError::Doctype { .. }));
}

#[test]
fn a_circle_is_named_with_its_nodes() {
    let circle = form("<a/><b/><c/>")
        .bind("a", "calculate=\"/data/b + 1\"")
        .bind("b", "calculate=\"/data/c + 1\"")
        .bind("c", "relevant=\"/data/a > 1\" calculate=\"1\"");
    let FormError::Cycle { nodes } = circle.refused() else { panic!("{}", circle.refused()) };
    assert_eq!(nodes.len(), 3);
    for node in ["/data/a (calculate)", "/data/b (calculate)", "/data/c (relevant)"] {
        assert!(nodes.iter().any(|named| named == node), "{nodes:?}");
    }
}

#[test]
fn a_circle_through_an_instance_and_a_node_outside_is_named() {
    let circle = form("<r><a>1</a></r><b>1</b>")
        .bind("r/a", "calculate=\"/data/b + 1\"")
        .bind("b", "calculate=\"/data/r[position() = 1]/a + 1\"")
        .body("<repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat>");
    assert!(matches!(circle.refused(), FormError::Cycle { nodes } if nodes.len() == 2));
}

#[test]
fn an_instance_that_is_not_there_is_named() {
    let form = form("<a/>").bind("a", "calculate=\"instance('towns')/root/item[1]/name\"");
    assert!(matches!(form.refused(), FormError::MissingInstance { id, .. } if id == "towns"));
}

#[test]
fn an_external_file_that_is_not_there_is_named() {
    let form = form("<a/>")
        .model("<instance id=\"towns\" src=\"jr://file/towns.xml\"/>")
        .bind("a", "calculate=\"count(instance('towns')/root/item)\"");
    assert!(matches!(form.refused(), FormError::MissingExternal { src, .. } if src == "jr://file/towns.xml"));
    let broken = form.file("jr://file/towns.xml", "<root><item></root>");
    assert!(matches!(broken.refused(), FormError::External { src, .. } if src == "jr://file/towns.xml"));
}

#[test]
fn a_file_without_the_column_that_choices_are_made_of_is_named() {
    let choices = |nodeset: &str| {
        form("<a/>").model("<instance id=\"towns\" src=\"jr://file-csv/towns.csv\"/>").body(&format!(
            "<select1 ref=\"/data/a\"><itemset nodeset=\"{nodeset}\"><value ref=\"name\"/><label ref=\"label\"/>\
             </itemset></select1>"
        ))
    };
    let list = || choices("instance('towns')/root/item[zone = 'e']");
    let with = |csv: &str| list().file("jr://file-csv/towns.csv", csv);
    for (csv, missing) in [("code,label,zone\na,A,e\n", "name"), ("name,zone\na,e\n", "label")] {
        let refused = with(csv).refused();
        assert!(
            matches!(&refused, FormError::MissingColumn { src, column, .. }
            if src == "jr://file-csv/towns.csv" && column == missing),
            "{refused}"
        );
    }
    let mixed = choices("randomize(instance('towns')/root/item)").file("jr://file-csv/towns.csv", "x\n1\n");
    assert!(matches!(mixed.refused(), FormError::MissingColumn { .. }));
    assert!(with("code,zone\n").compile().is_ok(), "a list without rows is empty for now");
    assert_eq!(
        with("\u{feff}name,label,zone\na,A,e\nb,B\nc,C,e,more\n").begin().offered("a"),
        ["a=A", "c=C"]
    );
}

#[test]
fn a_form_cut_off_anywhere_is_refused_and_never_panics() {
    let whole = form("<a/><r><b/></r>").bind("a", "type=\"int\"").input("a").xml();
    for end in 0..whole.len() - 1 {
        if let Some(cut) = whole.get(..end) {
            compile(cut.as_bytes());
        }
    }
}

#[test]
fn an_expression_that_does_not_parse_is_shown_with_its_place() {
    let form = form("<a/>").bind("a", "relevant=\"/data/a = = 1\"");
    let FormError::XPath { expression, offset, place, .. } = form.refused() else { panic!() };
    assert_eq!((expression.as_str(), offset, place.line), ("/data/a = = 1", 10, 1));
    assert_eq!(place.what, "/data/a relevant");
}

#[test]
fn what_is_not_supported_is_named() {
    let feature = |error| match error {
        FormError::Unsupported { feature, .. } => feature,
        other => panic!("{other}"),
    };
    let data = || form("<a/>").input("a");
    assert_eq!(feature(data().bind("a", "calculate=\"sentiment(.)\"").refused()), "function sentiment()");
    assert_eq!(
        feature(data().bind("a", "calculate=\"../preceding-sibling::b\"").refused()),
        "the XPath axis preceding-sibling"
    );
    let sound = "<odk:setaudio ref=\"/data/a\" event=\"odk-instance-load\"/>";
    assert_eq!(feature(data().model(sound).refused()), "the action <setaudio>");
    let key = data().model("<submission base64RsaPublicKey=\"AAAA\"/>").refused();
    assert!(matches!(key, FormError::Invalid { .. }), "{key}");
}

#[test]
fn a_refusal_says_what_would_be_taken() {
    let data = || form("<a/><b/>").input("a").input("b");
    let calculated = |what: &str| data().bind("a", &format!("calculate=\"{what}\"")).refused().to_string();
    for (refused, said) in [
        (calculated("translate(/data/b)"), "translate() takes 3 arguments, not 1"),
        (calculated("substr(/data/b)"), "substr() takes 2 to 3 arguments, not 1"),
        (calculated("coalesce()"), "coalesce() takes 1 or more arguments, not 0"),
        (
            data().bind("a", "relevant=\"/data/a = 1\"").refused().to_string(),
            "this node depends on itself: /data/a",
        ),
        (
            data().model("<setvalue ref=\"/data/a\" event=\"xforms-value-changed\"/>").refused().to_string(),
            "xforms-value-changed outside a question",
        ),
        (
            data().model("<setvalue ref=\"/data/a\" event=\"odk-first-load\"/>").refused().to_string(),
            "the event odk-first-load of <setvalue> (there are odk-instance-first-load,",
        ),
    ] {
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn an_element_that_nobody_knows_is_left_out_with_a_warning() {
    let known = form("<a/><b/>").input("a").body("<switch><input ref=\"/data/b\"/></switch>").model("<odd/>");
    let compiled = known.compile().unwrap();
    let warned: Vec<_> = compiled.warnings().iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        warned,
        [
            "<switch> in the body is not known and does nothing",
            "<odd> in the model is not known and does nothing"
        ]
    );
    assert_eq!(known.begin().session.view().children.len(), 2, "what stands in it is asked");
}

#[test]
fn a_count_without_end_is_a_limit_and_changes_nothing() {
    let mut visit = form("<n>1</n><r><a/></r>")
        .bind("n", "type=\"int\"")
        .body("<repeat nodeset=\"/data/r\" jr:count=\"/data/n\"><input ref=\"/data/r/a\"/></repeat>")
        .input("n")
        .begin();
    let given = visit.try_answer("n", xuncha_forms::Answer::Integer(1_000_000_000));
    assert!(matches!(given, Err(xuncha_forms::AnswerError::Limit { .. })), "{given:?}");
    assert_eq!((visit.value("n"), visit.shows("r[2]")), ("1".to_owned(), false));
}

#[test]
fn a_pattern_that_would_explode_is_quick() {
    let mut visit = form("<a/>").bind("a", "constraint=\"regex(., '(a+)+b')\"").input("a").begin();
    let start = Instant::now();
    assert!(visit.answer("a", &"a".repeat(5_000)).problem.is_some());
    assert!(start.elapsed().as_secs() < 2);
}

#[test]
fn a_pattern_that_cannot_be_read_is_refused_and_not_what_is_answered() {
    for pattern in ["(a)\\2", "(?:(?=.*x)a)*", "(a)(?1)", "[a", "a)(b"] {
        let error =
            form("<a/>").bind("a", &format!("constraint=\"regex(., '{pattern}')\"")).input("a").refused();
        assert!(matches!(error, FormError::Unsupported { .. }), "{pattern}: {error}");
        assert!(error.to_string().contains("the pattern"), "{error}");
    }
}

#[test]
fn a_saved_instance_of_another_form_is_refused() {
    let known = Arc::new(form("<a/>").input("a").compile().unwrap());
    let open = |bytes: &[u8]| Session::restore(Arc::clone(&known), bytes, &mut Desk::default()).map(|_| ());
    assert!(
        matches!(open(b"<data id=\"other\"/>"), Err(FormError::OtherForm { found, .. }) if found == "other")
    );
    assert!(matches!(open(b"<data id=\"visit\">"), Err(FormError::Xml { .. })));
    assert!(open(b"<data id=\"visit\"/>").is_ok());
    let mut visit = Visit::with(Arc::clone(&known));
    visit.answer("a", "kept");
    let saved = visit.session.save();
    for end in 0..saved.len() {
        let _ = open(&saved[..end]);
    }
}

#[test]
fn what_a_form_may_lack_is_a_warning() {
    let xml = form("<a>y</a><b>x</b>")
        .model("<instance id=\"towns\" src=\"jr://file/towns.xml\"/><bind type=\"int\"/>")
        .model("<bind id=\"first\" nodeset=\"/data/a\" relevant=\"\"/>")
        .model("<setvalue bind=\"first\" event=\"odk-instance-first-load\" value=\"\">set</setvalue>")
        .body("<group ref=\"/data\"><input ref=\"current()/b\"><label>B</label></input></group>")
        .xml()
        .replace("<data id=\"visit\"", "<data");
    let compiled = Form::compile(xml.as_bytes(), &NoExternals, &Limits::default()).unwrap();
    let warned: Vec<_> = compiled.warnings().iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        warned,
        [
            "the primary instance's element has no id: no server will know the form",
            "jr://file/towns.xml is not there, and nothing asks for it",
            "a bind without nodeset does nothing",
            "relevant is empty",
        ]
    );
    let visit = Visit::with(Arc::new(compiled));
    assert_eq!((visit.value("a"), visit.question("b").label.text), (String::new(), "B".into()));
}
