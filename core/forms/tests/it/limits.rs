//! What a document may ask for is bounded by numbers, and each refusal says which.

use crate::scenario::{Desk, form};
use std::sync::Arc;
use xuncha_forms::{Form, FormError, Limits, NoExternals, NodeRef, Session};

fn nodes(count: usize) -> String {
    (0..count).map(|at| format!("<n{at}/>")).collect()
}

fn compile(xml: &str, limits: &Limits) -> Result<Form, FormError> {
    Form::compile(xml.as_bytes(), &NoExternals, limits)
}

#[test]
fn a_form_may_write_only_so_many_nodes() {
    let limits = Limits { form_nodes: 50, ..Limits::default() };
    assert!(compile(&form(&nodes(40)).xml(), &limits).is_ok());
    let error = compile(&form(&nodes(60)).xml(), &limits).unwrap_err();
    assert!(matches!(error, FormError::Limit { allowed: 50, .. }), "{error}");
}

#[test]
fn empty_instances_count_with_all_that_grows_in_them() {
    let limits = Limits { form_nodes: 100, ..Limits::default() };
    let with = |empty: usize| form(&format!("<r>{}</r>{}", nodes(20), "<r/>".repeat(empty)));
    assert!(compile(&with(3).xml(), &limits).is_ok());
    let error = compile(&with(10).xml(), &limits).unwrap_err();
    assert!(error.to_string().contains("begins with"), "{error}");
    // What a new instance begins with counts too.
    let template = format!("<r jr:template=\"\"><s>{}</s>{}</r>", nodes(20), "<s/>".repeat(10));
    assert!(matches!(compile(&form(&template).xml(), &limits), Err(FormError::Limit { allowed: 100, .. })));
}

#[test]
fn a_draft_of_too_many_nodes_is_refused_and_harms_nothing() {
    let wide = form(&format!("<r>{}</r>", nodes(20))).body("<repeat nodeset=\"/data/r\"/>");
    let limits = Limits { instance_nodes: 100, ..Limits::default() };
    let compiled = Arc::new(compile(&wide.xml(), &limits).unwrap());
    let mut session = Session::start(compiled.clone(), &mut Desk::default()).unwrap();
    let saved = String::from_utf8(session.save()).unwrap();
    let draft = |count: usize| saved.replacen("<r>", &format!("{}<r>", "<r/>".repeat(count)), 1);
    assert!(Session::restore(compiled.clone(), draft(2).as_bytes(), &mut Desk::default()).is_ok());
    let refused = Session::restore(compiled, draft(40).as_bytes(), &mut Desk::default());
    assert!(matches!(refused, Err(FormError::Limit { what: "the number of nodes", allowed: 100 })));

    let add = |session: &mut Session| session.add_repeat(&NodeRef::from("/data/r"), &mut Desk::default());
    let given: Vec<bool> = (0..10).map(|_| add(&mut session).is_ok()).collect();
    assert!(given.starts_with(&[true, true, true]) && given.ends_with(&[false]), "{given:?}");
}

#[test]
fn a_body_may_have_only_so_many_elements() {
    let limits = Limits { body_elements: 20, ..Limits::default() };
    let body = |count: usize| form("<a/>").body(&"<group><label>A</label></group>".repeat(count));
    assert!(compile(&body(20).xml(), &limits).is_ok());
    let error = compile(&body(21).xml(), &limits).unwrap_err();
    assert!(error.to_string().contains("elements of the body"), "{error}");
}

#[test]
fn of_very_many_warnings_the_first_are_kept_and_the_rest_counted() {
    let limits = Limits { warnings: 5, ..Limits::default() };
    let compiled = compile(&form("<a/>").body(&"<x/>".repeat(30)).xml(), &limits).unwrap();
    let warned: Vec<String> = compiled.warnings().iter().map(|one| one.message.clone()).collect();
    assert_eq!(warned.len(), 6, "{warned:?}");
    assert_eq!(warned.last().map(String::as_str), Some("25 more warnings"));
    // Places on one long line are counted from where the one before stood.
    let columns: Vec<u32> = compiled.warnings().iter().take(5).map(|one| one.place.column).collect();
    assert!(columns.windows(2).all(|two| two[1] == two[0] + 4), "{columns:?}");
}

#[test]
fn a_long_circle_is_named_by_its_first_nodes() {
    let mut long = form(&nodes(100));
    for at in 0..100 {
        long = long.bind(&format!("n{at}"), &format!("calculate=\"/data/n{}\"", (at + 1) % 100));
    }
    let FormError::Cycle { nodes } = long.refused() else { panic!("{}", long.refused()) };
    assert_eq!((nodes.len(), nodes.last().map(String::as_str)), (21, Some("…")));
}

#[test]
fn rows_may_lack_cells_but_not_most_of_them() {
    let model = "<instance id=\"l\" src=\"jr://file-csv/l.csv\"/>";
    let xml = form("<a/>").model(model).bind("a", "calculate=\"count(instance('l')/root/item/c)\"").xml();
    let with = |rows: usize| {
        let heads: Vec<String> = (0..100).map(|at| format!("c{at}")).collect();
        let file = format!("{},c\n{}", heads.join(","), "x\n".repeat(rows)).into_bytes();
        let files = std::collections::BTreeMap::from([("jr://file-csv/l.csv".to_owned(), file)]);
        Form::compile(xml.as_bytes(), &files, &Limits::default())
    };
    let session = Session::start(Arc::new(with(50).unwrap()), &mut Desk::default()).unwrap();
    assert_eq!(
        session.value(&NodeRef::from("/data/a")).as_deref(),
        Some("50"),
        "lacking cells are empty ones"
    );
    let error = with(5000).err().unwrap();
    assert!(error.to_string().contains("shorter than the first"), "{error}");
}
