//! Forms that are none, or that try to break who reads them: refused by name at the hub, and harmless on a phone that a
//! bad hub sends them to.

use xuncha_device::AppError;
use xuncha_device::view::SyncKind;
use xuncha_hub::HubError;

use crate::sentences::has_three_parts;
use crate::town::{Town, patrol};

/// A form with this in its model and this in its body.
fn form(id: &str, model: &str, body: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>坏表</h:title><model>
<instance><data id="{id}" version="1"><a/><b/><meta><instanceID/></meta></data></instance>
{model}</model></h:head><h:body>{body}</h:body></h:html>"#
    )
}

/// Each bad form: its id, its text, and a word by which the error must name the thing.
fn bad_forms() -> Vec<(&'static str, String, &'static str)> {
    let input = r#"<input ref="/data/a"><label>甲</label></input>"#;
    let big = format!(r#"<input ref="/data/a"><label>{}</label></input>"#, "大".repeat(17 << 20));
    let deep = format!("{}{input}{}", "<group>".repeat(10_000), "</group>".repeat(10_000));
    let bombs =
        r#"<!DOCTYPE h [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>"#;
    let entities = form("bad_entities", "", r#"<input ref="/data/a"><label>&c;</label></input>"#).replacen(
        "?>",
        &format!("?>{bombs}"),
        1,
    );
    let circle = r#"<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/>"#;
    let missing = r#"<bind nodeset="/data/a" calculate="instance('streets')/root/item[1]/name"/>"#;
    vec![
        ("bad_text", "这不是表单，是一段话 <".into(), "XML"),
        ("bad_big", form("bad_big", "", &big), "limit"),
        ("bad_deep", form("bad_deep", "", &deep), "limit"),
        ("bad_entities", entities, "document type"),
        ("bad_circle", form("bad_circle", circle, input), "circle"),
        ("bad_missing", form("bad_missing", missing, input), "streets"),
    ]
}

#[tokio::test]
async fn a_hub_names_what_is_wrong_with_a_form_and_keeps_the_one_it_had() {
    let town = Town::open().await;
    let before = town.count("SELECT COUNT(*) FROM form").await;
    for (id, xml, names) in bad_forms() {
        assert!(id != "bad_big" || xml.len() > 50_000_000, "{} bytes", xml.len());
        let error = town.office.hub.import_form_xml("admin", &xml).await.unwrap_err();
        let HubError::Invalid { zh, en } = &error else { panic!("{id}: {error:?}") };
        assert!(en.contains(names), "{id}: {en}");
        assert!(zh.len() + en.len() < 1500, "{id}: an error is no copy of the form");
        has_three_parts(zh);
    }
    assert_eq!(town.count("SELECT COUNT(*) FROM form").await, before, "nothing was changed");
    let phone = town.phone("p-wang", None).await;
    patrol(&phone, 1).await;
}

#[tokio::test]
async fn a_phone_that_a_bad_hub_sends_them_to_says_so_and_everything_else_works() {
    let town = Town::open().await;
    let phone = town.phone("p-wang", None).await;
    let bad = bad_forms();
    for (id, xml, _) in &bad {
        town.send_down_unchecked(id, xml).await;
    }
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done, "a bad form does not stop a sync");
    assert!(phone.app.forms().await.unwrap().len() >= bad.len() + 5);
    for (id, _, names) in &bad {
        let Err(error) = phone.begin(id, None).await else { panic!("{id} was opened") };
        assert!(matches!(error, AppError::Invalid { .. } | AppError::Unsupported { .. }), "{id}: {error:?}");
        has_three_parts(&error.sentence("zh"));
        assert!(error.sentence("en").contains(names), "{id}: {}", error.sentence("en"));
        assert!(
            phone.app.today().await.unwrap().drafts.is_empty(),
            "{id}: no draft of a form that can't be filled"
        );
    }
    patrol(&phone, 1).await;
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    let status = phone.app.sync_status().await.unwrap();
    assert_eq!((status.made, status.held, status.photos_held), (2, 2, 1));
}

/// Sound forms that need more of a phone than this version does: to encrypt what is sent, to record on its own. Opened all the same, they would send answers in clear, or leave them empty.
fn beyond_phones() -> Vec<(&'static str, String, &'static str)> {
    let input = r#"<input ref="/data/a"><label>甲</label></input>"#;
    let odk = r#"xmlns:odk="http://www.opendatakit.org/xforms""#;
    let key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuHL4BHBwpbJiF6HbuAOyhDDexj+9mXUnQDA4jB1gPBdUzXwOQAqNywzH3Y40aN1MBxE83kRed/wWrK9wd5/Hg97km0f3ojbmmRAqaD0omJwEpY4X8APQs1PqAvG5UnqJ7cfZPdy4ds2ZF+voIHIfGyNA1ioRLuIuQe+nqOmq8ki2CF2m6kvZ7x/1BXinwkToyqPucImUE51AaJjg89eDYw1vS6YXVMZxSs6FHCsXWR0HCXMeB59DUk9RBRvwUviodQHyrW+U3IM87bJzhkMjqgNVS+kfA5CY0YZ/MyKNZH3yDuf+e5IxLu58gEDWbsOYzFJBKUAbmGxJEdyQwmZC3wIDAQAB";
    let encrypted = format!(r#"<submission base64RsaPublicKey="{key}"/>"#);
    let sound = format!(r#"<odk:recordaudio {odk} ref="/data/b" event="odk-instance-load"/>"#);
    vec![
        ("asks_secrecy", form("asks_secrecy", &encrypted, input), "base64RsaPublicKey"),
        ("asks_sound", form("asks_sound", &sound, input), "odk:recordaudio"),
    ]
}

#[tokio::test]
async fn a_form_that_needs_more_than_phones_do_is_refused_by_name_at_the_hub_and_on_a_phone() {
    let town = Town::open().await;
    let before = town.count("SELECT COUNT(*) FROM form").await;
    for (id, xml, names) in beyond_phones() {
        let error = town.office.hub.import_form_xml("admin", &xml).await.unwrap_err();
        let HubError::Invalid { zh, en } = &error else { panic!("{id}: {error:?}") };
        assert!(zh.contains(names) && en.contains(names), "{id}: {zh} {en}");
        has_three_parts(zh);
    }
    assert_eq!(town.count("SELECT COUNT(*) FROM form").await, before, "nothing was changed");
    // A hub that is newer than the phone may send them down.
    let phone = town.phone("p-wang", None).await;
    for (id, xml, _) in &beyond_phones() {
        town.send_down_unchecked(id, xml).await;
    }
    assert_eq!(phone.sync().await.unwrap().kind, SyncKind::Done);
    for (id, _, names) in beyond_phones() {
        let Err(error) = phone.begin(id, None).await else { panic!("{id} was opened") };
        assert_eq!(error, AppError::Unsupported { feature: names.to_owned(), place: String::new() }, "{id}");
        has_three_parts(&error.sentence("zh"));
        assert!(!error.sentence("zh").contains(names), "{id}: no name of code");
        assert!(phone.app.today().await.unwrap().drafts.is_empty(), "{id}: no draft of it");
    }
}
