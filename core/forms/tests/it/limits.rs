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

/// A list of `count` rows that no index helps to search.
fn rows(count: usize) -> String {
    let row = |at: usize| format!("<item><n>{at}</n><m>-{at}</m></item>");
    format!("<instance id=\"l\"><root>{}</root></instance>", (0..count).map(row).collect::<String>())
}

#[test]
fn a_text_that_doubles_is_refused() {
    let mut doubling = form(&format!("{}<n40>x</n40>", nodes(40)));
    for at in 0..40 {
        let twice = format!("calculate=\"concat(/data/n{0}, /data/n{0})\"", at + 1);
        doubling = doubling.bind(&format!("n{at}"), &twice);
    }
    let started = Session::start(Arc::new(doubling.compile().unwrap()), &mut Desk::default());
    let Err(FormError::Limit { what, .. }) = started else { panic!("{started:?}") };
    assert!(what.contains("long text"), "{what}");
}

#[test]
fn a_change_that_takes_too_much_is_taken_back() {
    let both = "instance('l')/root/item/n = instance('l')/root/item/m";
    let xml = form("<a/><b/><c/>")
        .model(&rows(200))
        .bind("b", &format!("calculate=\"if(/data/a = 'x', {both}, 'no')\""))
        .input("a")
        .xml();
    let limits = Limits { evaluations: 10_000, ..Limits::default() };
    let mut session =
        Session::start(Arc::new(compile(&xml, &limits).unwrap()), &mut Desk::default()).unwrap();
    let mut answer = |text: &str| {
        let text = xuncha_forms::Answer::Text(text.to_owned());
        session.answer(&NodeRef::from("/data/a"), &text, &mut Desk::default()).map(|_| ())
    };
    answer("y").unwrap();
    let error = answer("x").unwrap_err();
    assert!(
        error.to_string().contains("evaluations of one change is more than the limit of 10000"),
        "{error}"
    );
    answer("z").unwrap();
    assert!(session.undo());
    assert_eq!(session.value(&NodeRef::from("/data/a")).as_deref(), Some("y"));
    assert_eq!(session.value(&NodeRef::from("/data/b")).as_deref(), Some("no"));
}

#[test]
fn what_was_done_step_by_step_can_be_opened_and_finished() {
    let found = "count(instance('l')/root/item[contains(n, current()/../y)])";
    let xml = form("<r><x/><y>7</y></r>")
        .model(&rows(100))
        .bind("r/x", &format!("calculate=\"{found}\" constraint=\"{found} = .\""))
        .body("<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/y\"/><input ref=\"/data/r/x\"/></repeat></group>")
        .xml();
    let limits = Limits { evaluations: 2_000, ..Limits::default() };
    let form = Arc::new(compile(&xml, &limits).unwrap());
    let mut session = Session::start(form.clone(), &mut Desk::default()).unwrap();
    for _ in 0..20 {
        session.add_repeat(&NodeRef::from("/data/r"), &mut Desk::default()).unwrap();
    }
    let (mut again, _) = Session::restore(form, &session.save(), &mut Desk::default()).unwrap();
    assert_eq!(again.blocking(), []);
    assert!(again.finalize(&mut Desk::default()).is_ok());
}

#[test]
fn actions_that_set_off_each_other_end() {
    let set = |own: &str, other: &str| {
        let one = |add: usize| {
            format!(
                "<setvalue event=\"xforms-value-changed\" ref=\"/data/{other}\" value=\"/data/{other} + {add}\"/>"
            )
        };
        format!("<input ref=\"/data/{own}\"><label/>{}</input>", (1..6).map(one).collect::<String>())
    };
    let mut visit = form("<a>1</a><b>1</b>").body(&set("a", "b")).body(&set("b", "a")).begin();
    let refused = visit.try_answer("a", xuncha_forms::Answer::Text("2".to_owned())).unwrap_err();
    assert!(refused.to_string().contains("evaluations"), "{refused}");
    assert_eq!(visit.value("a"), "1");
}

#[test]
fn an_end_that_takes_too_much_is_named_and_harms_nothing() {
    let both = "instance('l')/root/item/n = instance('l')/root/item/m";
    let end = format!(
        "<setvalue event=\"xforms-revalidate\" ref=\"/data/b\" value=\"if(/data/a = 'x', {both}, 1)\"/>"
    );
    let xml = form("<a/><b/>").model(&rows(200)).model(&end).input("a").xml();
    let limits = Limits { evaluations: 1_000, ..Limits::default() };
    let mut session =
        Session::start(Arc::new(compile(&xml, &limits).unwrap()), &mut Desk::default()).unwrap();
    let text = |text: &str| xuncha_forms::Answer::Text(text.to_owned());
    session.answer(&NodeRef::from("/data/a"), &text("x"), &mut Desk::default()).unwrap();
    let saved = session.save();
    for blocking in
        [session.finalize(&mut Desk::default()).unwrap_err(), session.revalidate(&mut Desk::default())]
    {
        let told: Vec<_> = blocking.iter().map(|one| (one.at.as_str(), one.message.as_str())).collect();
        assert!(
            matches!(told.as_slice(), [("/data", message)] if message.contains("evaluations")),
            "{told:?}"
        );
        assert_eq!(session.save(), saved);
    }
    session.answer(&NodeRef::from("/data/a"), &text("y"), &mut Desk::default()).unwrap();
    assert!(session.finalize(&mut Desk::default()).is_ok());
}
