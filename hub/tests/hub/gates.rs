//! Who may ask: every route without a token, and every route with another city's token.

use reqwest::Method;
use serde_json::json;
use xuncha_hub::store::V;
use xuncha_wire::push::Verdict;
use xuncha_wire::{BlobId, EntityId};

use crate::phone::{TestHub, error, fresh_entity, hub};

/// Every route of the API that needs a token.
fn routes(photo: &str) -> Vec<(Method, String)> {
    let blob = format!("/v1/blob/{photo}");
    vec![
        (Method::POST, "/v1/push".into()),
        (Method::POST, "/v1/custody".into()),
        (Method::GET, "/v1/pull".into()),
        (Method::POST, "/v1/blobs/have".into()),
        (Method::HEAD, blob.clone()),
        (Method::PATCH, blob.clone()),
        (Method::PUT, blob.clone()),
        (Method::GET, blob.clone()),
        (Method::GET, format!("{blob}?size=thumb")),
    ]
}

#[tokio::test]
async fn no_route_answers_without_a_token() {
    let hub = hub().await;
    let phone = hub.phone("wang").await;
    for (method, path) in routes(BlobId::of(b"x").as_str()) {
        for token in [None, Some("AAAA"), Some("not base64 at all")] {
            let mut request = phone.http.request(method.clone(), format!("{}{path}", hub.url));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401, "{method} {path}");
            if method != Method::HEAD {
                assert_eq!(error(response).await.1, "token_unknown", "{method} {path}");
            }
        }
    }
    let nowhere = phone.get("/v1/else").await;
    assert_eq!(error(nowhere).await, (404, "not_found".into()));
}

/// A second city in the same store, with a person who has the same id.
async fn other_city(hub: &TestHub) {
    hub.hub
        .db()
        .write(|tx| {
            let insert = "INSERT INTO tenant (tenant, hub_id, bureau, epoch, zone_min, created_ms, backup_ms)
                          SELECT 'other', hub_id, '另一市', epoch, zone_min, 0, 0 FROM tenant WHERE tenant = 'city'";
            tx.exec(insert, &[])?;
            let insert = "INSERT INTO person (tenant, id, name, unit, post, roles, districts, login, password,
                              must_change, state, created_ms)
                          VALUES ('other', 'wang', '同名', '', '', 'administrator', '*', '', '', 0, 'active', 0)";
            tx.exec(insert, &[])
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn another_city_sees_nothing_of_ours() {
    let hub = hub().await;
    other_city(&hub).await;
    let mut ours = hub.phone("wang").await;
    let mut theirs = hub.phone("wang").await;
    let moved = theirs.device.to_string();
    hub.hub
        .db()
        .write(move |tx| {
            tx.exec("UPDATE token SET tenant = 'other' WHERE device = $1", &[V::T(&moved)])?;
            tx.exec("UPDATE device SET tenant = 'other' WHERE id = $1", &[V::T(&moved)])
        })
        .await
        .unwrap();
    let photo = b"our photo".to_vec();
    let id = BlobId::of(&photo);
    let (record, case) = (fresh_entity(), fresh_entity());
    let mut op = ours.record(record);
    op.blobs = vec![id.clone()];
    let report = ours.report(case, record);
    let answer = ours.push(&[op.clone(), report.clone()]).await;
    assert!(answer.verdicts.iter().all(|v| v.verdict == Verdict::Applied));
    let put = ours.http.put(format!("{}/v1/blob/{id}", hub.url)).bearer_auth(&ours.token).body(photo);
    assert_eq!(put.send().await.unwrap().status(), 204);

    for (method, path) in routes(id.as_str()).into_iter().filter(|(_, path)| path.contains("/blob/")) {
        let request = theirs.http.request(method.clone(), format!("{}{path}", hub.url));
        let request = request.bearer_auth(&theirs.token).header("upload-offset", 0).body("x");
        assert_eq!(request.send().await.unwrap().status(), 404, "{method} {path}");
    }
    let have = theirs.post("/v1/blobs/have", &json!({"ids": [id]})).await;
    assert_eq!(have.json::<serde_json::Value>().await.unwrap(), json!({"have": [false]}));
    let page = theirs.pull(&xuncha_wire::Cursor::default(), 2000).await;
    assert!(page.rows.is_empty(), "{:?}", page.rows);
    let foreign_move = move_op(&mut theirs, case, json!({"type": "accept"}));
    assert!(matches!(theirs.push_one(&foreign_move).await, Verdict::Refused { why, .. } if why == "no_case"));
    let mut again = theirs.record(record);
    again.op = op.op;
    let verdict = theirs.push_one(&again).await;
    assert!(!matches!(verdict, Verdict::Duplicate | Verdict::Applied), "{verdict:?}: its form is not theirs");
    let page = ours.pull(&xuncha_wire::Cursor::default(), 2000).await;
    assert!(page.rows.iter().all(|row| !row.b.as_ref().unwrap().get().contains("同名")));
}

fn move_op(phone: &mut crate::phone::Phone, case: EntityId, mv: serde_json::Value) -> xuncha_wire::push::Op {
    phone.op(xuncha_wire::push::OpKind::CaseMove, case, json!({"move": mv, "photos": []}))
}

#[tokio::test]
async fn plain_http_is_for_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, _) = xuncha_hub::Hub::open(xuncha_hub::HubConfig::new(folder.path())).await.unwrap();
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = xuncha_hub::serve_hub(hub, listener).await;
    assert!(matches!(refused, Err(xuncha_hub::HubError::PlainHttp)));
}

#[tokio::test]
async fn a_self_signed_hub_gives_its_pin_with_the_code_and_speaks_tls_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = xuncha_hub::HubConfig::new(folder.path());
    config.tls = xuncha_hub::config::Tls::SelfSigned;
    let (hub, _) = xuncha_hub::Hub::open(config.clone()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = hub.clone();
    let served = tokio::spawn(async move { xuncha_hub::serve_hub(serving, listener).await });
    while hub.url().is_none() {
        tokio::task::yield_now().await;
    }
    let code = hub.issue_code("admin", "admin").await.unwrap();
    assert_eq!(code.hub, format!("https://{address}"));
    assert_eq!(code.pins.len(), 1);
    let http = crate::phone::client();
    assert!(http.get(format!("http://{address}/v1/pull")).send().await.is_err(), "no plain HTTP");
    let cert = std::fs::read(folder.path().join("tls/cert.pem")).unwrap();
    let trusting = crate::phone::trusting(&cert);
    let response = trusting.get(format!("{}/v1/pull", code.hub)).send().await.unwrap();
    assert_eq!(response.status(), 401);
    hub.stop();
    served.await.unwrap().unwrap();
    drop(hub);
    let (again, _) = xuncha_hub::Hub::open(config).await.unwrap();
    assert_eq!(again.pins(), code.pins, "the key stays");
}

#[tokio::test]
async fn a_client_that_sends_its_head_drop_by_drop_is_cut() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let hub = crate::phone::hub_with(|config| config.limits.head_s = 1).await;
    let address = hub.url.strip_prefix("http://").unwrap();
    let mut slow = tokio::net::TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /v1/pull HTTP/1.1\r\nX-A").await.unwrap();
    let mut rest = Vec::new();
    let cut = tokio::time::timeout(std::time::Duration::from_secs(5), slow.read_to_end(&mut rest)).await;
    assert!(cut.is_ok(), "the hub hangs up");
}
