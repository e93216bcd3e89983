//! Codes, keys, challenges, tokens, revocation.

use serde_json::json;

use crate::phone::{MORNING, Phone, error, hub};

#[tokio::test]
async fn a_code_enrols_one_phone_once() {
    let hub = hub().await;
    let code = hub.hub.issue_code("admin", "wang").await.unwrap();
    let text = code.to_text().unwrap();
    assert_eq!(xuncha_wire::enrol::EnrolCode::from_text(&text).unwrap(), code);
    let mut first = Phone::new(&hub.url, code.clone());
    assert_eq!(first.enrol().await.status(), 200);
    let identity = first.identity.clone().unwrap();
    assert_eq!((identity.person.as_str(), identity.unit.as_str()), ("wang", "东城大队"));
    let scopes: Vec<_> = identity.scopes.iter().map(ToString::to_string).collect();
    assert_eq!(scopes, ["t", "d/east", "u/wang"]);
    let mut second = Phone::new(&hub.url, code);
    assert_eq!(error(second.enrol().await).await, (410, "code_used".into()));
}

#[tokio::test]
async fn a_code_runs_out_and_a_foreign_or_wrongly_signed_one_is_not_spent() {
    let hub = hub().await;
    let code = hub.hub.issue_code("admin", "wang").await.unwrap();
    let mut phone = Phone::new(&hub.url, code.clone());
    let mut message = phone.enrol_message();
    message["sig"] = json!(phone.signed(b"another message"));
    assert_eq!(error(phone.post("/v1/enrol", &message).await).await, (403, "bad_signature".into()));
    let mut unknown = Phone::new(&hub.url, code);
    unknown.code.code = "AAECAwQFBgcICQoLDA0ODw".into();
    assert_eq!(error(unknown.enrol().await).await, (404, "code_unknown".into()));
    hub.clock.set(MORNING + 24 * 3_600_000 + 1);
    assert_eq!(error(phone.enrol().await).await, (410, "code_expired".into()));
    assert!(hub.hub.issue_code("admin", "nobody").await.is_err());
}

#[tokio::test]
async fn a_login_is_good_once() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    let message = phone.login_message().await;
    assert_eq!(phone.post("/v1/token", &message).await.status(), 200);
    assert_eq!(error(phone.post("/v1/token", &message).await).await, (401, "bad_signature".into()));
    let late = phone.login_message().await;
    hub.clock.set(MORNING + 121_000);
    assert_eq!(error(phone.post("/v1/token", &late).await).await, (401, "bad_signature".into()));
}

#[tokio::test]
async fn a_token_runs_out_and_a_revoked_phone_is_out_at_once() {
    let hub = hub().await;
    let mut phone = hub.phone("wang").await;
    assert_eq!(phone.get("/v1/pull").await.status(), 200);
    hub.clock.set(MORNING + 12 * 3_600_000 + 1);
    assert_eq!(error(phone.get("/v1/pull").await).await, (401, "token_unknown".into()));
    phone.login().await;
    assert_eq!(phone.get("/v1/pull").await.status(), 200);
    hub.hub.revoke_device("admin", &phone.device.to_string()).await.unwrap();
    assert_eq!(error(phone.get("/v1/pull").await).await, (401, "device_revoked".into()));
    let message = phone.login_message().await;
    assert_eq!(error(phone.post("/v1/token", &message).await).await, (403, "device_revoked".into()));
}

#[tokio::test]
async fn the_first_start_makes_one_administrator_and_no_default_password() {
    let hub = hub().await;
    assert_eq!(hub.password.len(), 20);
    let (again, first) = {
        let mut config = xuncha_hub::HubConfig::new(hub.folder.path());
        config.clock = std::sync::Arc::new(hub.clock.clone());
        xuncha_hub::Hub::open(config).await.unwrap()
    };
    assert_eq!(first, None, "a second start makes nobody");
    assert_eq!(again.hub_id(), hub.hub.hub_id());
    let tenant = hub.hub.tenant().to_string();
    let phc = hub
        .hub
        .db()
        .read(move |tx| {
            let sql = "SELECT password FROM person WHERE tenant = $1 AND id = 'admin'";
            tx.one(sql, &[xuncha_hub::store::V::T(&tenant)], |r| r.text(0))
        })
        .await
        .unwrap()
        .unwrap();
    assert!(hub.hub.password_fits(&hub.password, &phc).await.unwrap());
    assert!(!hub.hub.password_fits("admin", &phc).await.unwrap());
}
