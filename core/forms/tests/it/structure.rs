//! Instances, namespaces, paths, types, metadata.

use crate::scenario::{Visit, form, inner};
use std::sync::Arc;
use xuncha_forms::{Answer, Form, GeoPoint, Limits, NoExternals};

fn compiled(xml: &str) -> Form {
    Form::compile(xml.as_bytes(), &NoExternals, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_form_is_known_by_its_id_version_and_title() {
    let known = form("<a/>").compile().unwrap();
    assert_eq!((known.id(), known.version(), known.title()), ("visit", "3", "走访"));
    let xml = form("<a/>").xml().replace("version=\"3\"", "orx:version=\"2026-1\"");
    assert_eq!(compiled(&xml).version(), "2026-1");
    let older =
        form("<a/>").xml().replace("<data id=\"visit\"", "<data xmlns=\"http://example.org/old-form\"");
    assert_eq!(compiled(&older).id(), "http://example.org/old-form");
}

#[test]
fn metadata_stands_in_either_namespace() {
    let meta = "<orx:meta><orx:deviceID/><orx:timeStart/><orx:timeEnd/><orx:userID/><orx:instanceName/><orx:instanceID/></orx:meta>";
    let xml = form("<name/>")
        .bind("orx:meta/orx:userID", "jr:preload=\"property\" jr:preloadParams=\"username\"")
        .bind(
            "orx:meta/orx:timeStart",
            "type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"start\"",
        )
        .bind("orx:meta/orx:timeEnd", "type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"")
        .bind("orx:meta/orx:instanceName", "calculate=\"concat('visit to ', /data/name)\"")
        .input("name")
        .xml()
        .replace("<meta><instanceID/></meta>", meta)
        .replace("/data/meta/instanceID", "/data/orx:meta/orx:instanceID");
    let mut visit = Visit::with(Arc::new(compiled(&xml)));
    visit.answer("name", "Li");
    let done = visit.finish();
    assert!(done.instance_id.starts_with("uuid:"));
    assert_eq!(done.instance_name, "visit to Li");
    let text = String::from_utf8(done.xml).unwrap();
    for part in [
        "xmlns:orx=\"http://openrosa.org/xforms\"",
        "<orx:userID>inspector</orx:userID>",
        "<orx:timeStart>2026-03-05T10:00:00.000+08:00</orx:timeStart>",
        "<orx:timeEnd>2026-03-05T10:00:00.000+08:00</orx:timeEnd>",
        "<orx:instanceID>uuid:",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_last_saved_record_may_be_read() {
    let again = || {
        form("<town/><before/>")
            .model("<instance id=\"last\" src=\"jr://instance/last-saved\"/>")
            .model("<setvalue event=\"odk-instance-first-load\" ref=\"/data/before\" value=\"instance('last')/data/town\"/>")
            .input("town")
    };
    assert_eq!(again().begin().value("before"), "", "the first record has none");
    let saved = "<data id=\"visit\"><town>上海</town></data>";
    assert_eq!(again().file("jr://instance/last-saved", saved).begin().value("before"), "上海");
}

#[test]
fn relative_paths_start_at_their_own_node_or_group() {
    let visit = form("<g><a>2</a><b/><c/></g><top/>")
        .bind("g/b", "calculate=\"../a * 2\"")
        .bind("g/c", "calculate=\"./../b + ../../g/a\"")
        .bind("top", "calculate=\"g/a\"")
        .body("<group ref=\"/data/g\"><input ref=\"a\"><label>A</label></input></group>")
        .begin();
    assert_eq!((visit.value("g/b"), visit.value("g/c")), ("4".into(), "6".into()));
    assert_eq!(visit.value("top"), "", "a path goes down from the node, not from the form");
    assert_eq!(visit.question("g/a").label.text, "A");
}

#[test]
fn controls_may_name_their_bind() {
    let visit = form("<a/>")
        .model("<bind id=\"first\" nodeset=\"/data/a\" type=\"int\"/>")
        .body("<input bind=\"first\"><label>L</label></input>")
        .begin();
    assert_eq!(visit.question("a").label.text, "L");
}

#[test]
fn every_type_keeps_what_fits_and_reports_what_does_not() {
    for (kind, good, bad) in [
        ("int", "-12", "1.5"),
        ("decimal", "-0.25", "x"),
        ("boolean", "true", "yes"),
        ("date", "2024-02-29", "2026-02-30"),
        ("time", "23:59:00.000+08:00", "25:00"),
        ("dateTime", "2026-03-05T10:00:00.000+08:00", "2026-03-05 10:00"),
        ("geopoint", "31.2 121.5 4 8", "131.2 121.5 4 8"),
        ("geotrace", "1 1 0 0; 2 2 0 0", "1 1 0 0"),
        ("geoshape", "1 1 0 0; 2 2 0 0; 2 1 0 0; 1 1 0 0", "1 1 0 0; 2 2 0 0; 2 1 0 0"),
    ] {
        let mut visit = form("<a/>").bind("a", &format!("type=\"{kind}\"")).input("a").begin();
        assert!(visit.answer("a", good).problem.is_none(), "{kind} {good}");
        assert_eq!(visit.value("a"), good);
        assert!(visit.answer("a", bad).problem.is_some(), "{kind} {bad}");
    }
    for kind in ["string", "binary", "barcode", "intent", "no-such-type"] {
        let mut visit = form("<a/>").bind("a", &format!("type=\"{kind}\"")).input("a").begin();
        assert!(visit.answer("a", "anything").problem.is_none(), "{kind}");
    }
}

#[test]
fn places_are_written_as_the_specification_says() {
    let mut visit = form("<p/>").bind("p", "type=\"geopoint\"").input("p").begin();
    let place = GeoPoint { lat: 31.25, lon: -121.5, altitude: 4.0, accuracy: 8.5 };
    visit.try_answer("p", Answer::GeoPoint(place)).unwrap();
    assert_eq!(
        (visit.value("p"), visit.question("p").value),
        ("31.25 -121.5 4 8.5".into(), Answer::GeoPoint(place))
    );
}

#[test]
fn instances_written_in_the_form_are_the_first_ones() {
    let visit = form("<p jr:template=\"\"><n>new</n></p><p><n>John</n></p><p><n>Kofi</n></p>")
        .body("<repeat nodeset=\"/data/p\"><input ref=\"/data/p/n\"/></repeat>");
    let mut visit = visit.begin();
    visit.add("p");
    assert_eq!(inner(&visit.session.relevant_xml()), "<p><n>John</n></p><p><n>Kofi</n></p><p><n>new</n></p>");
}

#[test]
fn a_count_may_be_a_number_or_follow_an_answer_anywhere() {
    let mut visit = form("<g><n/></g><p jr:template=\"\"><a/></p><q jr:template=\"\"><a/></q>")
        .bind("g/n", "type=\"int\"")
        .input("g/n")
        .body(
            "<repeat nodeset=\"/data/p\" jr:count=\"3\"><input ref=\"/data/p/a\"/></repeat>\
             <repeat nodeset=\"/data/q\" jr:count=\"/data/g/n\"><input ref=\"/data/q/a\"/></repeat>",
        )
        .begin();
    assert!(visit.shows("p[3]/a") && !visit.shows("p[4]/a") && !visit.shows("q[1]/a"));
    visit.answer("g/n", "2");
    assert!(visit.shows("q[2]/a") && !visit.shows("q[3]/a"));
}

#[test]
fn a_count_is_looked_for_beside_its_repeat() {
    let mut visit = form("<p jr:template=\"\"><n/><q jr:template=\"\"><a/></q></p>")
        .bind("p/n", "type=\"int\"")
        .body(
            "<repeat nodeset=\"/data/p\"><input ref=\"/data/p/n\"/>\
             <group ref=\"/data/p/q\"><repeat nodeset=\"/data/p/q\" jr:count=\"../n\"><input ref=\"/data/p/q/a\"/>\
             </repeat></group></repeat>",
        )
        .begin();
    visit.add("p");
    visit.add("p");
    visit.answer("p[2]/n", "2");
    assert!(visit.shows("p[2]/q[2]/a") && !visit.shows("p[2]/q[3]/a") && !visit.shows("p[1]/q[1]/a"));
    let visit = form("<n>3</n><p><a/></p>")
        .body("<repeat nodeset=\"/data/p\" jr:count=\"current()/../n\"><input ref=\"/data/p/a\"/></repeat>")
        .begin();
    assert!(visit.shows("p[3]/a") && !visit.shows("p[4]/a"));
}

#[test]
fn every_node_can_be_looked_at_shown_or_not() {
    let mut visit = form("<a/><g><b>x</b></g>")
        .bind("g", "relevant=\"/data/a = 1\" readonly=\"true()\"")
        .bind("g/b", "required=\"true()\"")
        .input("a")
        .begin();
    let state = |visit: &Visit, node: &str| {
        let one = visit.session.node_state(&xuncha_forms::NodeRef::new(format!("/data/{node}"))).unwrap();
        (one.relevant, one.required, one.readonly, one.value)
    };
    assert_eq!(state(&visit, "g/b"), (false, true, true, "x".into()));
    visit.answer("a", "1");
    assert_eq!(state(&visit, "g/b"), (true, true, true, "x".into()));
    assert!(visit.session.node_state(&"/data/none".into()).is_none());
    let all: Vec<_> = visit.session.node_states().into_iter().map(|node| node.at.0).collect();
    assert_eq!(all, ["/data", "/data/a", "/data/g", "/data/g/b", "/data/meta", "/data/meta/instanceID"]);
}

#[test]
fn a_file_comes_before_the_rows_that_stand_in_for_it() {
    let cities = || {
        form("<n/>")
            .model("<instance id=\"c\" src=\"jr://file/c.xml\"><root><item><name>_</name></item></root></instance>")
            .bind("n", "calculate=\"instance('c')/root/item/name\"")
    };
    assert_eq!(cities().begin().value("n"), "_");
    let file = "<root><item><name>上海</name></item></root>";
    assert_eq!(cities().file("jr://file/c.xml", file).begin().value("n"), "上海");
}

/// Found by the fuzz target `xml`: the draft declared the prefix twice and did not open again.
#[test]
fn a_prefix_with_two_meanings_is_written_as_two() {
    let visit = form(
        "<a xmlns:p=\"one\"><p:x/></a><b xmlns:p=\"two\" p:k=\"v\"><p:x/></b><c xmlns:p=\"three\"><p:x/></c>\
         <d xmlns:p=\"two\"><p:x/></d>",
    )
    .begin();
    let saved = String::from_utf8(visit.session.save()).unwrap();
    for part in
        ["xmlns:p=\"one\"", "xmlns:p2=\"two\"", "xmlns:p3=\"three\"", "<a><p:x/>", "<b p2:k=\"v\"><p2:x/>"]
    {
        assert!(saved.contains(part), "{saved}");
    }
    let (again, misfits) = visit.again();
    assert!(misfits.is_empty() && again.session.save() == saved.as_bytes(), "{misfits:?}");
    assert!(saved.contains("<c><p3:x/></c><d><p2:x/></d>"), "{saved}");
}

#[test]
fn of_two_binds_of_a_node_the_later_one_holds() {
    let form = form("<a>2</a><b/><c>kept</c><d>kept</d>")
        .bind("b", "calculate=\"/data/a + 1\"")
        .bind("b", "calculate=\"/data/a + 2\"")
        .bind("c", "relevant=\"/data/a = 1\"")
        .bind("c", "relevant=\"/data/a = 2\"")
        .bind("d", "relevant=\"/data/a = 1\"")
        .bind("d", "relevant=\"true()\"")
        .input("a")
        .input("c")
        .input("d");
    let visit = form.begin();
    assert_eq!(visit.value("b"), "4");
    assert!(visit.shows("c") && visit.shows("d"));
}

#[test]
fn nodes_of_one_name_are_each_there_without_a_repeat() {
    let visit = form("<g><x>a</x><y/><x>b</x></g><all/><second/>")
        .bind("all", "calculate=\"join('-', /data/g/x)\"")
        .bind("second", "calculate=\"/data/g/x[2]\"")
        .begin();
    assert_eq!((visit.value("g/x[1]"), visit.value("g/x[2]")), ("a".into(), "b".into()));
    assert_eq!((visit.value("all"), visit.value("second")), ("a-b".into(), "b".into()));
}
