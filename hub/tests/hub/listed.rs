//! What records say of entities.

use serde_json::json;
use xuncha_wire::push::{Op, OpKind, Verdict};

use crate::phone::{Phone, TestHub, fresh_entity, hub};

const TREE: &str = "6b3f9e0a-52c5-4f0e-9d3e-1f2a3b4c5d6e";

async fn texts(hub: &TestHub, sql: &'static str) -> Vec<String> {
    hub.hub.db().read(move |tx| tx.all(sql, &[], |r| r.text(0))).await.unwrap()
}

/// A form that writes the list `trees`.
const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>树</h:title>
 <model entities:entities-version="2024.1.0"><instance><data id="tree" version="1"><species/><meta><instanceID/>
 <entity dataset="trees" id="" create="1"><label/></entity></meta></data></instance>
 <bind nodeset="/data/species" entities:saveto="species"/></model></h:head><h:body><input ref="/data/species"><label>树种</label>
 </input></h:body></h:html>"#;

fn record(phone: &mut Phone, entities: serde_json::Value) -> Op {
    let op = phone.record(fresh_entity());
    let mut body: serde_json::Value = serde_json::from_str(op.body.get()).unwrap();
    body["entities"] = entities;
    phone.op(OpKind::Record, op.entity, body)
}

#[tokio::test]
async fn a_record_that_comes_twice_makes_its_entity_once_and_what_can_not_be_done_is_noted() {
    let hub = hub().await;
    hub.hub.import_form_xml("admin", FORM).await.unwrap();
    let mut phone = hub.phone("wang").await;
    let species = |value: &str| json!([{"name": "species", "value": value}]);
    let made = record(
        &mut phone,
        json!([{"list": "trees", "id": TREE, "label": "树", "create": true, "properties": species("国槐")}]),
    );
    let wrong = record(
        &mut phone,
        json!([
            {"list": "trees", "id": "T-1", "label": "树", "create": true},
            {"list": "trees", "id": TREE, "label": "又一棵", "create": true},
            {"list": "trees", "id": "0f8fad5b-d9cb-469f-a165-70867728950e", "update": true},
            {"list": "trees", "id": "0f8fad5b-d9cb-469f-a165-70867728950e", "create": true},
            {"list": "ponds", "id": TREE, "label": "塘", "create": true},
            {"list": "trees", "id": TREE, "create": true, "update": true, "base": "1", "properties": species("银杏")}
        ]),
    );
    for _ in 0..2 {
        let answer = phone.push(&[made.clone(), wrong.clone()]).await;
        assert!(answer.verdicts.iter().all(|v| matches!(v.verdict, Verdict::Applied | Verdict::Duplicate)));
    }
    let faults = "SELECT why FROM listed_fault WHERE tenant = 'city' ORDER BY ord";
    assert_eq!(
        texts(&hub, faults).await,
        ["not_a_uuid", "already_there", "not_there", "no_label", "no_list"]
    );
    let versions =
        "SELECT version || record || conflict FROM listed_version WHERE tenant = 'city' ORDER BY version";
    assert_eq!(texts(&hub, versions).await, [format!("1{}", made.entity), format!("2{}", wrong.entity)]);

    let replica = phone.pull_all().await;
    let list = replica.find("t", "entity_list", "trees").unwrap();
    assert_eq!(list["properties"], json!(["species"]));
    let tree = replica.find("t", "listed", &format!("trees/{TREE}")).unwrap();
    assert_eq!((&tree["label"], &tree["version"]), (&json!("树"), &json!(2)));
    assert_eq!(tree["properties"], species("银杏"));
    assert_eq!(tree["records"], json!([made.entity, wrong.entity]));
}
