//! Entities: what a record says of them, and the lists that a device carries on offline.

use crate::scenario::{Desk, FormText, form};
use xuncha_forms::{EntityChange, EntityError, EntityList, FormError};

const ID: &str = "6b3f9e0a-52c5-4f0e-9d3e-1f2a3b4c5d6e";
const OTHER: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const ENTITIES: &str = "xmlns:entities=\"http://www.opendatakit.org/xforms/entities\"";

fn trees() -> FormText {
    form(&format!("<species/><girth/><meta><entity dataset=\"trees\" id=\"{ID}\" create=\"\" update=\"\"><label/></entity></meta>"))
        .bind("species", &format!("{ENTITIES} entities:saveto=\"species\""))
        .bind("girth", &format!("{ENTITIES} entities:saveto=\"girth_cm\" relevant=\"/data/species != ''\""))
        .bind("meta/entity/@create", "calculate=\"if(/data/species != '', '1', '')\"")
        .bind("meta/entity/label", "calculate=\"concat('tree ', /data/species)\"")
        .input("species")
        .input("girth")
}

fn change(id: &str, create: bool, update: bool) -> EntityChange {
    EntityChange {
        dataset: "trees".into(),
        id: id.into(),
        label: "tree".into(),
        create,
        update,
        base_version: String::new(),
        trunk_version: String::new(),
        branch_id: String::new(),
        properties: vec![("species".into(), "oak, \"old\"".into())],
    }
}

#[test]
fn a_record_says_which_entity_it_makes() {
    let mut visit = trees().begin();
    assert!(visit.finish().entities.is_empty(), "neither created nor updated");
    visit.answer("species", "oak");
    visit.answer("girth", "120");
    let made = visit.finish().entities;
    let properties = vec![("species".into(), "oak".into()), ("girth_cm".into(), "120".into())];
    assert_eq!(made, [EntityChange { label: "tree oak".into(), properties, ..change(ID, true, false) }]);
}

#[test]
fn each_instance_of_a_repeat_may_make_its_own_entity() {
    let entity = "<meta><entity dataset=\"trees\" id=\"\" create=\"1\"><label/></entity></meta>";
    let mut visit = form(&format!("<r jr:template=\"\"><species/>{entity}</r>"))
        .bind("r/species", &format!("{ENTITIES} entities:saveto=\"species\""))
        .bind("r/meta/entity/label", "calculate=\"../../../species\"")
        .body(
            "<repeat nodeset=\"/data/r\"><setvalue event=\"odk-new-repeat\" ref=\"/data/r/meta/entity/@id\" \
             value=\"uuid()\"/><input ref=\"/data/r/species\"/></repeat>",
        )
        .begin();
    for species in ["oak", "elm"] {
        let at = visit.add("r").replace("/data/", "");
        visit.answer(&format!("{at}/species"), species);
    }
    let made = visit.finish().entities;
    let seen: Vec<_> = made.iter().map(|one| (one.label.as_str(), one.properties[0].1.as_str())).collect();
    assert_eq!(seen, [("oak", "oak"), ("elm", "elm")]);
    assert!(made[0].id.len() == 36 && made[0].id != made[1].id);
}

#[test]
fn what_a_record_leaves_out_says_nothing() {
    let hidden = |node: &str| {
        let mut visit = trees().bind(node, "relevant=\"/data/girth != ''\"").begin();
        visit.answer("species", "oak");
        visit.finish().entities
    };
    assert!(hidden("meta/entity").is_empty() && hidden("meta/entity/@create").is_empty());
    let labels: Vec<_> = [" ", "\t"]
        .into_iter()
        .map(|blank| {
            let blank = format!("<meta><entity dataset=\"trees\" id=\"{ID}\" create=\"1\"><label>{blank}</label></entity></meta>");
            form(&blank).begin().finish().entities[0].label.clone()
        })
        .collect();
    assert_eq!(labels, ["", ""], "blanks are no label");
}

#[test]
fn entities_are_said_in_the_order_of_the_record() {
    let entity = |id: &str| {
        format!(
            "<meta><entity dataset=\"trees\" id=\"{id}\" create=\"1\"><label>tree</label></entity></meta>"
        )
    };
    let within = form(&format!("<g><species/>{}</g>{}", entity(OTHER), entity(ID)));
    let made = within.begin().finish().entities;
    assert_eq!(made.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [OTHER, ID]);
}

#[test]
fn a_form_says_which_lists_it_writes() {
    let lists = |visit: &crate::scenario::Visit| visit.session.form().entity_lists();
    let made = lists(&trees().begin());
    let properties = made.get("trees").unwrap().iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((made.len(), properties), (1, vec!["girth_cm", "species"]));
    let entity = |list: &str| {
        format!("<meta><entity dataset=\"{list}\" id=\"\" create=\"1\"><label/></entity></meta>")
    };
    let both = form(&format!(
        "<site/><g><r jr:template=\"\"><species/>{}</r></g>{}",
        entity("trees"),
        entity("sites")
    ))
    .bind("site", &format!("{ENTITIES} entities:saveto=\"address\""))
    .bind("g/r/species", &format!("{ENTITIES} entities:saveto=\"species\""))
    .body("<group ref=\"/data/g\"><repeat nodeset=\"/data/g/r\"><input ref=\"/data/g/r/species\"/></repeat></group>")
    .begin();
    let named = |name: &str| lists(&both).get(name).unwrap().iter().cloned().collect::<Vec<_>>();
    assert_eq!((named("sites"), named("trees")), (vec!["address".to_owned()], vec!["species".to_owned()]));
    assert!(lists(&form("<a/>").begin()).is_empty());
}

#[test]
fn an_update_says_which_version_it_saw() {
    let attributes = "update=\"1\" baseVersion=\"5\" trunkVersion=\"3\" branchId=\"b\"";
    let mut visit =
        form(&format!("<species/><meta><entity dataset=\"trees\" id=\"{ID}\" {attributes}/></meta>")).begin();
    let made = visit.finish().entities;
    let seen = [&made[0].base_version, &made[0].trunk_version, &made[0].branch_id];
    assert_eq!((seen, made[0].update), ([&"5".to_owned(), &"3".to_owned(), &"b".to_owned()], true));
}

#[test]
fn a_list_of_the_server_is_made_row_by_row() {
    let mut list = EntityList::new(["species"]);
    assert_eq!(list.csv(), b"name,label,__version,species\n");
    list.push(ID, "a", 2, [("species", "oak")]);
    list.push(OTHER, "b, c", 1, [("girth", "12")]);
    let csv = format!("name,label,__version,species,girth\n{ID},a,2,oak,\n{OTHER},\"b, c\",1,,12\n");
    assert_eq!(String::from_utf8(list.csv()).unwrap(), csv);
}

#[test]
fn a_list_is_carried_on_offline() {
    let server = format!("name,label,__version,species\n{OTHER},old tree,3,elm\n");
    let mut list = EntityList::read(server.as_bytes()).unwrap();
    let mut desk = Desk::default();
    list.apply(&change(ID, true, false), &mut desk).unwrap();
    list.apply(&change(OTHER, false, true), &mut desk).unwrap();
    list.apply(&change(OTHER, false, true), &mut desk).unwrap();
    let cell = |id, column| list.get(id, column).unwrap().to_owned();
    assert_eq!((cell(ID, "__version"), cell(ID, "__trunkVersion")), ("1".into(), String::new()));
    assert_eq!((cell(OTHER, "__version"), cell(OTHER, "__trunkVersion")), ("5".into(), "3".into()));
    assert_eq!((cell(ID, "__branchId").len(), cell(OTHER, "__branchId").len()), (36, 36));
    assert_eq!(cell(OTHER, "species"), "oak, \"old\"");
    assert_eq!(EntityList::read(&list.csv()).unwrap(), list);
}

#[test]
fn what_the_specification_refuses_changes_nothing() {
    let mut list = EntityList::read(format!("name,label,__version\n{OTHER},x,1\n").as_bytes()).unwrap();
    let (before, mut desk) = (list.clone(), Desk::default());
    let unlabelled = EntityChange { label: String::new(), ..change(ID, true, false) };
    for (change, error) in [
        (change("tree-1", true, false), EntityError::NotAUuid),
        (change(ID, false, true), EntityError::NotThere),
        (change(OTHER, true, false), EntityError::AlreadyThere),
        (unlabelled, EntityError::NoLabel),
    ] {
        assert_eq!(list.apply(&change, &mut desk), Err(error));
    }
    assert_eq!(list, before);
    assert!(EntityList::read(b"id,label\n1,x\n").is_err());
}

#[test]
fn a_newer_list_of_the_server_keeps_what_is_not_there_yet() {
    let mut list = EntityList::read(format!("name,label,__version\n{OTHER},x,1\n").as_bytes()).unwrap();
    let mut desk = Desk::default();
    list.apply(&change(ID, true, false), &mut desk).unwrap();
    list.apply(&change(OTHER, false, true), &mut desk).unwrap();
    let unsent = EntityList::read(format!("name,label,__version\n{OTHER},x,1\n").as_bytes()).unwrap();
    list.refresh(unsent);
    assert_eq!((list.get(OTHER, "label"), list.get(ID, "label")), (Some("tree"), Some("tree")));
    let arrived =
        EntityList::read(format!("name,label,__version\n{OTHER},theirs,2\n{ID},theirs,1\n").as_bytes());
    list.refresh(arrived.unwrap());
    assert_eq!((list.get(OTHER, "label"), list.get(ID, "label")), (Some("theirs"), Some("theirs")));
    list.refresh(EntityList::read(b"name,label,__version\n").unwrap());
    assert!(list.is_empty(), "deleted there");
}

#[test]
fn what_says_something_else_of_an_entity_is_no_property() {
    let form = trees().bind("species", &format!("{ENTITIES} entities:saveto=\"name\""));
    let form = form.bind("girth", &format!("{ENTITIES} entities:saveto=\"__version\""));
    let compiled = form.compile().unwrap();
    let saved = compiled.entity_lists().remove("trees").unwrap();
    assert!(saved.iter().all(|name| name == "species" || name == "girth_cm"), "{saved:?}");
    assert!(compiled.warnings().iter().any(|one| one.message.contains("'name' is no property's name")));

    // Nor in what came some other way.
    let mut list = EntityList::new(["species", "Label", "__version"]);
    let others = [("name", OTHER), ("label", "theirs"), ("__version", "9"), ("species", "oak")];
    list.push(ID, "tree", 1, others);
    let properties = others.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    list.apply(&EntityChange { properties, ..change(ID, false, true) }, &mut Desk::default()).unwrap();
    assert_eq!((list.get(ID, "label"), list.get(ID, "__version")), (Some("tree"), Some("2")));
    assert_eq!((list.get(ID, "species"), list.get(OTHER, "species")), (Some("oak"), None));
    let csv = String::from_utf8(list.csv()).unwrap();
    assert!(csv.starts_with("name,label,__version,species,__trunkVersion,"), "{csv}");
}

#[test]
fn a_hundred_thousand_entities_are_as_quick_as_a_few() {
    let id = |at: usize| format!("6b3f9e0a-52c5-4f0e-9d3e-{at:012}");
    let mut list = EntityList::new(["species"]);
    (0..100_000).for_each(|at| list.push(&id(at), "tree", 1, [("species", "oak")]));
    let (mut desk, server, start) = (Desk::default(), list.clone(), std::time::Instant::now());
    for at in 90_000..94_000 {
        list.apply(&change(&id(at), false, true), &mut desk).unwrap();
    }
    list.refresh(server);
    assert_eq!((list.get(&id(93_999), "__version"), list.len()), (Some("2"), 100_000));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_form_reads_the_list_that_was_carried_on() {
    let mut list = EntityList::read(b"name,label,__version,species\n").unwrap();
    list.apply(&change(ID, true, false), &mut Desk::default()).unwrap();
    let csv = String::from_utf8(list.csv()).unwrap();
    let visit = form(&format!("<tree>{ID}</tree><species/><version/>"))
        .model("<instance id=\"trees\" src=\"jr://file-csv/trees.csv\"/>")
        .file("jr://file-csv/trees.csv", &csv)
        .bind("species", "calculate=\"instance('trees')/root/item[name = /data/tree]/species\"")
        .bind("version", "calculate=\"pulldata('trees', '__version', 'name', /data/tree)\"")
        .begin();
    assert_eq!((visit.value("species"), visit.value("version")), ("oak, \"old\"".into(), "1".into()));
}

#[test]
fn a_newer_version_of_the_entities_specification_is_refused() {
    let versioned = |version: &str| {
        let model = format!("<model {ENTITIES} entities:entities-version=\"{version}\">");
        let xml = form("<a/>").xml().replace("<model>", &model);
        xuncha_forms::Form::compile(xml.as_bytes(), &xuncha_forms::NoExternals, &Default::default())
    };
    assert!(versioned("2022.1.0").is_ok() && versioned("2025.1.9").is_ok());
    assert!(matches!(versioned("2027.1.0"), Err(FormError::Unsupported { .. })));
}
