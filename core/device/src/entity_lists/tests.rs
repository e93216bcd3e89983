//! The hub's list with own records laid over it, whatever a sync was cut in.

use serde_json::json;

use super::*;
use crate::app::tests::{Phone, text, wait};
use crate::view::{Item, StartFill};

const NEW: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>种树</h:title>
 <model entities:entities-version="2024.1.0"><instance><data id="new" version="1"><species/><meta><instanceID/>
  <entity dataset="trees" id="" create="1"><label/></entity></meta></data></instance>
 <bind nodeset="/data/species" entities:saveto="species"/>
 <bind nodeset="/data/meta/entity/label" calculate="/data/species"/>
 <setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/>
 <bind nodeset="/data/meta/instanceID" jr:preload="uid" type="string"/></model></h:head>
 <h:body><input ref="/data/species"><label>树种</label></input></h:body></h:html>"#;

const PICK: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>选树</h:title><model><instance><data id="pick" version="1"><tree/>
 <meta><instanceID/></meta></data></instance><instance id="trees" src="jr://file-csv/trees.csv"/>
 <bind nodeset="/data/meta/instanceID" jr:preload="uid" type="string"/></model></h:head><h:body>
 <select1 ref="/data/tree"><label>树</label><itemset nodeset="instance('trees')/root/item"><value ref="name"/>
 <label ref="label"/></itemset></select1></h:body></h:html>"#;

fn phone() -> Phone {
    let phone = Phone::new();
    phone.replica("form", "new", json!({"form":"new","version":"1","title":"种树","xml":NEW}));
    phone.replica(
        "form",
        "pick",
        json!({"form":"pick","version":"1","title":"选树","xml":PICK,"lists":["jr://file-csv/trees.csv"]}),
    );
    phone.replica(KIND_ENTITY_LIST, "trees", json!({"name":"trees","properties":["species"]}));
    phone
}

fn plant(phone: &Phone, species: &str) -> String {
    let session = wait(phone.app.start_fill("new".into(), StartFill::default())).unwrap();
    session.answer("/data/species", text(species)).unwrap();
    wait(session.finalize()).unwrap().record_id
}

/// Ids and labels that the second form offers.
fn offered(phone: &Phone) -> Vec<(String, String)> {
    let session = wait(phone.app.start_fill("pick".into(), StartFill::default())).unwrap();
    let screen = session.screen().unwrap();
    let Some(Item::Question { question }) = screen.items.first() else { panic!("{screen:?}") };
    question.choices.iter().map(|one| (one.value.clone(), one.label.clone())).collect()
}

fn labels(phone: &Phone) -> Vec<String> {
    offered(phone).into_iter().map(|(_, label)| label).collect()
}

fn judged(phone: &Phone, state: OpState) {
    phone.write(move |writer| Ok(writer.mine.execute("UPDATE op SET state = ?1", [state.word()])?));
}

/// A whole sync has ended.
fn synced(phone: &Phone) {
    phone.write(settle);
}

fn waiting(phone: &Phone) -> usize {
    phone.write(|writer| Ok(listed::pending(&writer.mine, "")?.len()))
}

#[test]
fn an_entity_is_offered_from_its_making_until_the_hubs_list_has_it() {
    let mut phone = phone();
    assert!(offered(&phone).is_empty());
    let record = plant(&phone, "国槐");
    plant(&phone, "银杏");
    let made = offered(&phone);
    assert_eq!(labels(&phone), ["国槐", "银杏"]);
    phone.kill();
    assert_eq!(offered(&phone), made);

    // The push was answered, and the sync was cut before the list came.
    judged(&phone, OpState::Applied);
    assert_eq!(offered(&phone), made);
    phone.replica(
        KIND_LISTED,
        &format!("trees/{}", made[0].0),
        json!({"list":"trees","id":made[0].0,"label":"国槐（古树）","version":2,"properties":[],"records":[record]}),
    );
    assert_eq!(labels(&phone), ["国槐（古树）", "银杏"], "as the hub has it now, and once");
    synced(&phone);
    assert_eq!((labels(&phone).len(), waiting(&phone)), (2, 1));
    // The other could not be done there: the list never names its record.
    synced(&phone);
    synced(&phone);
    assert_eq!((labels(&phone), waiting(&phone)), (vec!["国槐（古树）".to_owned()], 0));
}

#[test]
fn what_the_hub_refused_is_not_offered_and_what_waits_is() {
    let phone = phone();
    plant(&phone, "国槐");
    judged(&phone, OpState::Quarantined);
    (0..5).for_each(|_| synced(&phone));
    assert_eq!(labels(&phone), ["国槐"]);
    judged(&phone, OpState::Refused);
    assert!(offered(&phone).is_empty());
}

#[test]
fn an_entity_is_kept_with_its_record_or_not_at_all() {
    let phone = phone();
    phone.meddle("CREATE TRIGGER full BEFORE INSERT ON listed_change BEGIN SELECT RAISE(ABORT, 'full'); END");
    let session = wait(phone.app.start_fill("new".into(), StartFill::default())).unwrap();
    session.answer("/data/species", text("国槐")).unwrap();
    assert!(wait(session.clone().finalize()).is_err());
    assert!(phone.ops().is_empty() && offered(&phone).is_empty());
    phone.meddle("DROP TRIGGER full");
    wait(session.finalize()).unwrap();
    assert_eq!((phone.ops().len(), labels(&phone).len()), (1, 1));
}
