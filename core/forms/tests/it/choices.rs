//! Choices: inline, from instances, filtered, translated, ranked.

use crate::scenario::{FormText, form};
use xuncha_forms::Answer;

const CITIES: &str = "<instance id=\"city\"><root>\
    <item><name>ams</name><country>nl</country><label>Amsterdam</label></item>\
    <item><name>dro</name><country>nl</country><label>Dronten</label></item>\
    <item><name>nyc</name><country>us</country><label>New York</label></item></root></instance>";

fn cascade() -> FormText {
    form("<country/><city/><shown/>")
        .model(CITIES)
        .bind("shown", "calculate=\"jr:choice-name(/data/city, '/data/city')\"")
        .body(
            "<select1 ref=\"/data/country\"><item><label>Netherlands</label><value>nl</value></item>\
             <item><label>USA</label><value>us</value></item></select1>\
             <select1 ref=\"/data/city\"><label>City</label>\
             <itemset nodeset=\"instance('city')/root/item[country=/data/country]\">\
             <value ref=\"name\"/><label ref=\"label\"/></itemset></select1>",
        )
}

#[test]
fn a_filter_follows_the_answer() {
    let mut visit = cascade().begin();
    assert!(visit.offered("city").is_empty());
    visit.answer("country", "nl");
    assert_eq!(visit.offered("city"), ["ams=Amsterdam", "dro=Dronten"]);
    visit.answer("country", "us");
    assert_eq!(visit.offered("city"), ["nyc=New York"]);
}

#[test]
fn a_choice_that_leaves_the_list_leaves_the_answer_and_its_dependants() {
    let mut visit = cascade().begin();
    visit.answer("country", "nl");
    visit.try_answer("city", Answer::Choice("dro".to_owned())).unwrap();
    assert_eq!(visit.value("shown"), "Dronten");
    assert_eq!(visit.question("city").display, "Dronten");
    visit.answer("country", "us");
    assert_eq!((visit.value("city"), visit.value("shown")), (String::new(), String::new()));
    assert!(visit.session.undo());
    assert_eq!(visit.value("city"), "dro");
}

#[test]
fn a_search_looks_at_labels_and_values() {
    let mut visit = cascade().begin();
    visit.answer("country", "nl");
    let found = visit.session.choices(&"/data/city".into(), "DRON", 10);
    assert_eq!((found.total, found.items[0].value.as_str()), (1, "dro"));
    let some = visit.session.choices(&"/data/city".into(), "", 1);
    assert_eq!((some.total, some.items.len()), (2, 1));
}

#[test]
fn a_search_takes_several_words_in_any_order() {
    let visit = form("<x/>")
        .body(
            "<select1 ref=\"/data/x\">
            <item><label>Broken street lamp</label><value>lamp-07</value></item>
            <item><label>Street litter</label><value>litter-02</value></item>
            <item><label>占道经营 夜市</label><value>stall-07</value></item></select1>",
        )
        .begin();
    let found = |search: &str| {
        let found = visit.session.choices(&"/data/x".into(), search, 10);
        assert_eq!(found.total, found.items.len());
        found.items.into_iter().map(|choice| choice.value).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("lamp broken"), "lamp-07");
    assert_eq!(found("STREET"), "lamp-07 litter-02");
    // One word may stand in the label, another in the value.
    assert_eq!(found("07 street"), "lamp-07");
    assert_eq!(found("夜市\u{3000}占道"), "stall-07");
    assert_eq!(found("street stall"), "");
    assert_eq!(found("  "), "lamp-07 litter-02 stall-07");
}

#[test]
fn a_choice_without_a_text_shows_its_value() {
    let visit = form("<r><n>a</n><t/></r><r><n/><t>nothing</t></r><r><n>c</n><t>C</t></r><s/>")
        .body(
            "<select ref=\"/data/s\"><itemset nodeset=\"/data/r\"><value ref=\"n\"/><label ref=\"t\"/></itemset></select>\
             <repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"/></repeat>",
        )
        .begin();
    assert_eq!(visit.offered("s"), ["a=a", "c=C"]);
}

#[test]
fn a_choice_without_a_value_is_not_offered() {
    let item = |value: &str| format!("<item><label>L</label><value>{value}</value></item>");
    let body = format!("<select1 ref=\"/data/s\">{}{}{}</select1>", item("a"), item(" "), item("中,\"文"));
    let compiled = form("<s/>").body(&body).compile().unwrap();
    assert!(compiled.warnings().iter().any(|one| one.message.contains("without a value")));
    assert_eq!(form("<s/>").body(&body).begin().offered("s"), ["a=L", "中,\"文=L"]);
}

#[test]
fn choices_of_csv_xml_and_geojson_beside_the_form() {
    let list = |src: &str, bytes: &str| {
        form("<s/>")
            .model(&format!("<instance id=\"x\" src=\"{src}\"/>"))
            .file(src, bytes)
            .body(
                "<select ref=\"/data/s\"><itemset nodeset=\"instance('x')/root/item\"><value ref=\"name\"/>\
                 <label ref=\"label\"/></itemset></select>",
            )
            .begin()
            .offered("s")
    };
    assert_eq!(
        list("jr://file-csv/x.csv", "name,label\na,\"First, one\"\nb,Second\n"),
        ["a=First, one", "b=Second"]
    );
    let xml = "<root><item><name>a</name><label>甲</label></item></root>";
    assert_eq!(list("jr://file/x.xml", xml), ["a=甲"]);
    let geo = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":
        {"type":"Point","coordinates":[121.47,31.23]},"properties":{"name":"sh","label":"\u4e0a海"}}]}"#;
    assert_eq!(list("jr://file/x.geojson", geo), ["sh=上海"]);
}

#[test]
fn an_input_with_a_query_chooses_from_the_lists_beside_the_form() {
    let asked = |columns: &str| {
        form("<state>s1</state><county/>")
            .file("jr://file-csv/itemsets.csv", &format!("{columns}\nstates,s1,One,\ncounty,c1,East,s1\ncounty,c2,West,s2\n"))
            .input("state")
            .body(
                "<input ref=\"/data/county\" query=\"instance('county')/root/item[state= /data/state ]\"><label>County</label>\
                 </input>",
            )
    };
    for columns in ["list_name,name,label,state", "list name,name,label::English (en),state"] {
        let mut visit = asked(columns).begin();
        assert_eq!(visit.question("county").kind, xuncha_forms::QuestionKind::SelectOne);
        assert_eq!(visit.offered("county"), ["c1=East"], "{columns}");
        visit.answer("county", "c1");
        assert_eq!(visit.question("county").display, "East");
        visit.answer("state", "s2");
        assert_eq!(
            (visit.offered("county"), visit.value("county")),
            (vec!["c2=West".to_owned()], String::new())
        );
    }
    let lone = form("<county/>").body("<input ref=\"/data/county\" query=\"instance('county')/root/item\"/>");
    assert!(
        matches!(lone.refused(), xuncha_forms::FormError::MissingExternal { src, .. } if src.ends_with("/itemsets.csv"))
    );
    let odd = asked("list_name,code,label,state").refused();
    assert!(
        matches!(&odd, xuncha_forms::FormError::MissingColumn { column, .. } if column == "name"),
        "{odd}"
    );
}

#[test]
fn a_lookup_finds_its_row() {
    let mut visit = form("<k/><v/><c/><n/>")
        .model("<instance id=\"t\" src=\"jr://file-csv/t.csv\"/>")
        .file("jr://file-csv/t.csv", "key,value\na,1\nb,2\nb,3\n")
        .bind("c", "calculate=\"concat(pulldata('t', 'value', 'key', /data/k), '!')\"")
        .bind("v", "calculate=\"pulldata('t', 'value', 'key', /data/k)\"")
        .bind("n", "calculate=\"instance('t')/root/item[key = /data/k and value &gt; 1]/value\"")
        .input("k")
        .begin();
    visit.answer("k", "b");
    assert_eq!((visit.value("v"), visit.value("n")), ("2".into(), "2".into()));
    assert_eq!(visit.value("c"), "2!", "the first row alone");
    visit.answer("k", "a");
    assert_eq!((visit.value("v"), visit.value("n")), ("1".into(), String::new()));
    visit.answer("k", "zzz");
    assert_eq!(visit.value("v"), "");
}

#[test]
fn choices_may_come_from_a_repeat() {
    let mut visit = form("<p><n/></p><p><n/></p><head/>")
        .body(
            "<repeat nodeset=\"/data/p\"><input ref=\"/data/p/n\"/></repeat><select1 ref=\"/data/head\">\
             <itemset nodeset=\"/data/p[./n != '']\"><value ref=\"n\"/><label ref=\"n\"/></itemset></select1>",
        )
        .begin();
    visit.answer("p[2]/n", "Li");
    assert_eq!(visit.offered("head"), ["Li=Li"]);
    visit.try_answer("head", Answer::Choice("Li".to_owned())).unwrap();
    visit.answer("p[2]/n", "Wang");
    assert_eq!((visit.offered("head"), visit.value("head")), (vec!["Wang=Wang".to_owned()], String::new()));
}

#[test]
fn several_choices_keep_the_order_of_taking() {
    let mut visit = form("<s/>")
        .body(
            "<select ref=\"/data/s\"><item><label>A</label><value>a</value></item>\
             <item><label>B</label><value>b</value></item></select>",
        )
        .begin();
    visit.try_answer("s", Answer::Choices(vec!["b".to_owned(), "a".to_owned()])).unwrap();
    assert_eq!((visit.value("s"), visit.question("s").display), ("b a".into(), "B、A".into()));
}

#[test]
fn a_seeded_shuffle_is_the_same_every_time() {
    let shuffled = |seed: &str| {
        form("<s/>")
            .model(CITIES)
            .body(&format!(
                "<odk:rank ref=\"/data/s\"><itemset nodeset=\"randomize(instance('city')/root/item, {seed})\">\
                 <value ref=\"name\"/><label ref=\"name\"/></itemset></odk:rank>"
            ))
            .begin()
            .offered("s")
    };
    assert_eq!(shuffled("42"), shuffled("42"));
    let mut sorted = shuffled("7");
    sorted.sort();
    assert_eq!(sorted, ["ams=ams", "dro=dro", "nyc=nyc"]);
}

#[test]
fn a_value_that_no_list_has_stays() {
    let visit = form("<s>12</s>")
        .body("<select1 ref=\"/data/s\"><item><label>Ten</label><value>10</value></item></select1>")
        .begin();
    assert_eq!((visit.value("s"), visit.question("s").display), ("12".into(), "12".into()));
}

#[test]
fn a_filter_by_range_and_by_beginning_takes_what_a_look_at_each_row_takes() {
    let places = "name,label,n,since\nwest,West,3,2026-01-05\nwell,Well,10,2025-12-31\neast,East,,2026-03-01\n\
                  wet,Wet,x,\nnorth,North,-2,2024-02-29\n";
    let offered = |predicate: &str, answer: &str| {
        let itemset = format!("instance('p')/root/item[{predicate}]");
        let mut visit = form("<k/><x/>")
            .model("<instance id=\"p\" src=\"jr://file-csv/p.csv\"/>")
            .file("jr://file-csv/p.csv", places)
            .input("k")
            .body(&format!(
                "<select1 ref=\"/data/x\"><itemset nodeset=\"{itemset}\"><value ref=\"name\"/></itemset></select1>"
            ))
            .begin();
        visit.answer("k", answer);
        let names = visit.offered("x").into_iter().map(|choice| choice.split('=').next().unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(offered("n &lt; /data/k", "10"), "west north");
    assert_eq!(offered("/data/k &gt;= n", "10"), "west well north");
    assert_eq!(offered("n &gt; number(/data/k)", "-2"), "west well");
    assert_eq!(offered("n = number(/data/k)", "3"), "west");
    assert_eq!(offered("n &lt; /data/k", ""), "");
    assert_eq!(offered("since &gt;= /data/k", "2026-01-05"), "west east");
    assert_eq!(offered("since &lt; date(/data/k)", "2026-01-01"), "well north");
    assert_eq!(offered("starts-with(name, /data/k)", "we"), "west well wet");
    assert_eq!(offered("starts-with(name, /data/k) and n &lt; 5", "we"), "west");
    assert_eq!(offered("n &lt; 5 and starts-with(label, /data/k) or name = 'wet'", "W"), "west wet");
    assert_eq!(offered("starts-with(name, /data/k)", ""), "west well east wet north");
    assert_eq!(offered("n = /data/k", ""), "east");
    assert_eq!(offered("5 - n &gt; /data/k", "1"), "west north");
    assert_eq!(offered("position() &lt; /data/k", "3"), "west well");
}

#[test]
fn a_choice_by_its_place_in_its_list_is_the_same_in_every_instance() {
    let items: String = ["a", "b", "c"].map(|name| format!("<item><name>{name}</name></item>")).concat();
    let mut visit = form("<r jr:template=\"\"><x/></r>")
        .model(&format!("<instance id=\"list\"><root>{items}</root></instance>"))
        .body(
            "<repeat nodeset=\"/data/r\"><select1 ref=\"/data/r/x\"><itemset nodeset=\"instance('list')/root/item[3]\">\
             <value ref=\"name\"/><label ref=\"name\"/></itemset></select1></repeat>",
        )
        .begin();
    visit.add("r");
    visit.add("r");
    assert_eq!(
        (visit.offered("r[1]/x"), visit.offered("r[2]/x")),
        (vec!["c=c".to_owned()], vec!["c=c".to_owned()])
    );
}

#[test]
fn attributes_of_a_list_are_read_like_its_columns() {
    let list = "<root of=\"towns\"><i up=\"a\"><v id=\"1\">x</v></i><i up=\"b\"><v id=\"2\">y</v></i><i up=\"b\"><v>z</v></i></root>";
    for inline in [true, false] {
        let instance = match inline {
            true => format!("<instance id=\"list\">{list}</instance>"),
            false => "<instance id=\"list\" src=\"jr://file/list.xml\"/>".to_owned(),
        };
        let mut visit = form("<up/><town/><of/><id/><some/><all/>")
            .model(&instance)
            .file("jr://file/list.xml", list)
            .bind("of", "calculate=\"instance('list')/root/@of\"")
            .bind("id", "calculate=\"instance('list')/root/i/v[. = /data/town]/@id\"")
            .bind("some", "calculate=\"count(instance('list')/root/i[@up = 'b'][v/@id])\"")
            .bind("all", "calculate=\"concat(instance('list')/root/i[@up = 'b'], local-name(instance('list')/root/@of))\"")
            .body(
                "<input ref=\"/data/up\"/><select1 ref=\"/data/town\"><itemset nodeset=\"instance('list')/root/i[@up = /data/up]\">\
                 <value ref=\"v\"/><label ref=\"@up\"/></itemset></select1>",
            )
            .begin();
        visit.answer("up", "b");
        assert_eq!(visit.offered("town"), ["y=b", "z=b"]);
        visit.answer("town", "y");
        let of = ["of", "id", "some", "all"].map(|node| visit.value(node));
        assert_eq!(of, ["towns", "2", "1", "yzof"]);
        visit.answer("town", "z");
        assert_eq!(visit.value("id"), "");
    }
}
