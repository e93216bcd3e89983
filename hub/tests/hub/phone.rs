//! A phone as bare as it can be: a key, a token, messages.

use std::sync::Arc;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use xuncha_hub::clock::SetClock;
use xuncha_hub::office::NewPerson;
use xuncha_hub::{Hub, HubConfig};
use xuncha_wire::enrol::{self, ChallengeAnswer, EnrolAnswer, EnrolCode, TokenAnswer};
use xuncha_wire::entity::UnitBody;
use xuncha_wire::pull::Page;
use xuncha_wire::push::{Op, OpKind, PushAnswer, PushHeader, Verdict};
use xuncha_wire::{Cursor, DeviceId, EntityId, OpId, sign};

/// 8 July 2026, 09:00 in China.
pub(crate) const MORNING: i64 = 1_783_472_400_000;

/// A hub that listens, in a folder of its own.
pub(crate) struct TestHub {
    pub(crate) hub: Hub,
    pub(crate) url: String,
    pub(crate) clock: SetClock,
    pub(crate) password: String,
    pub(crate) folder: TempDir,
    served: tokio::task::JoinHandle<()>,
}

impl Drop for TestHub {
    fn drop(&mut self) {
        self.hub.stop();
        self.served.abort();
    }
}

pub(crate) async fn hub() -> TestHub {
    hub_with(|_| {}).await
}

pub(crate) async fn hub_with(change: impl FnOnce(&mut HubConfig)) -> TestHub {
    let folder = tempfile::tempdir().unwrap();
    let clock = SetClock::at(MORNING);
    let mut config = HubConfig::new(folder.path());
    config.clock = Arc::new(clock.clone());
    change(&mut config);
    let (hub, first) = Hub::open(config).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = hub.clone();
    let served = tokio::spawn(async move { xuncha_hub::serve_hub(serving, listener).await.unwrap() });
    while hub.url().is_none() {
        tokio::task::yield_now().await;
    }
    let test = TestHub { hub, url, clock, password: first.unwrap().password, folder, served };
    test.staff().await;
    test
}

fn unit(id: &str, name: &str, kind: &str, district: &str) -> UnitBody {
    UnitBody { id: id.into(), name: name.into(), kind: kind.into(), district: district.into() }
}

impl TestHub {
    /// The bureau, its east and west brigades, the water company, and people in them.
    async fn staff(&self) {
        let units = vec![
            unit("bureau", "市城管局", "bureau", ""),
            unit("east", "东城大队", "bureau", "east"),
            unit("west", "西城大队", "bureau", "west"),
            unit("water", "水务公司", "utility", ""),
        ];
        self.hub.put_units("admin", units).await.unwrap();
        let person = |id: &str, unit: &str, roles: &[&str]| NewPerson {
            id: id.into(),
            name: format!("{id}名"),
            unit: unit.into(),
            roles: roles.iter().map(|r| (*r).to_owned()).collect(),
            ..NewPerson::default()
        };
        let people = vec![
            person("wang", "east", &["inspector"]),
            person("zhao", "west", &["inspector"]),
            person("li", "bureau", &["dispatcher"]),
            person("sun", "water", &["handler"]),
            person("qian", "bureau", &["verifier"]),
        ];
        self.hub.put_people("admin", people).await.unwrap();
        self.hub.import_form_xml("admin", FORM).await.unwrap();
    }

    /// A new phone of this person, enrolled and logged in.
    pub(crate) async fn phone(&self, person: &str) -> Phone {
        let code = self.hub.issue_code("admin", person).await.unwrap();
        let mut phone = Phone::new(&self.url, code);
        phone.enrol().await.error_for_status_ref().unwrap();
        phone.login().await;
        phone
    }
}

/// The smallest form there is.
pub(crate) const FORM: &str = r#"<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:xc="urn:xuncha:form:1">
<h:head><h:title>走访</h:title><model><instance><data id="visit" version="1" xc:kind="visit"><note/></data></instance>
<bind nodeset="/data/note" type="string"/></model></h:head>
<h:body><input ref="/data/note"><label>备注</label></input></h:body></h:html>"#;

#[allow(clippy::disallowed_methods, reason = "a bare client of the tests' own")]
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

#[allow(clippy::disallowed_methods, reason = "a bare client of the tests' own")]
pub(crate) fn trusting(cert: &[u8]) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cert = reqwest::Certificate::from_pem(cert).unwrap();
    Client::builder().no_proxy().tls_certs_only([cert]).build().unwrap()
}

pub(crate) struct Phone {
    pub(crate) http: Client,
    pub(crate) url: String,
    pub(crate) code: EnrolCode,
    pub(crate) key: SigningKey,
    pub(crate) device: DeviceId,
    pub(crate) token: String,
    pub(crate) n: u64,
    pub(crate) wall_ms: i64,
    pub(crate) identity: Option<EnrolAnswer>,
}

pub(crate) fn fresh_op() -> OpId {
    xuncha_hub::clock::op_id(&SetClock::at(MORNING)).unwrap()
}

pub(crate) fn fresh_entity() -> EntityId {
    xuncha_hub::clock::entity_id(&SetClock::at(MORNING)).unwrap()
}

impl Phone {
    pub(crate) fn new(url: &str, code: EnrolCode) -> Self {
        let key = loop {
            let seed: [u8; 32] = xuncha_hub::clock::random().unwrap();
            if let Ok(key) = SigningKey::from_slice(&seed) {
                break key;
            }
        };
        let device = xuncha_hub::clock::device_id(&SetClock::at(MORNING)).unwrap();
        let (url, token) = (url.to_owned(), String::new());
        Self { http: client(), url, code, key, device, token, n: 0, wall_ms: MORNING, identity: None }
    }

    pub(crate) fn signed(&self, message: &[u8]) -> String {
        let signature: Signature = self.key.sign(message);
        enrol::encode(signature.to_der().as_bytes())
    }

    pub(crate) fn sec1(&self) -> Vec<u8> {
        self.key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    pub(crate) fn enrol_message(&self) -> Value {
        use base64::Engine as _;
        let code = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&self.code.code).unwrap();
        let key = self.sec1();
        let signature = self.signed(&sign::enrol_bytes(&self.code.hub_id, &code, &key));
        json!({"code": self.code.code, "key": enrol::encode(&key), "alg": "es256", "sig": signature, "model": "test"})
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.http
            .post(format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn enrol(&mut self) -> Response {
        let response = self.post("/v1/enrol", &self.enrol_message()).await;
        if response.status() == StatusCode::OK {
            let bytes = response.bytes().await.unwrap();
            let answer: EnrolAnswer = serde_json::from_slice(&bytes).unwrap();
            self.device = answer.device;
            self.identity = Some(answer);
            return axum::http::Response::new(bytes).into();
        }
        response
    }

    pub(crate) async fn login_message(&self) -> Value {
        let challenge = self.post("/v1/challenge", &json!({"device": self.device})).await;
        let challenge: ChallengeAnswer = challenge.json().await.unwrap();
        let bytes = enrol::decode("challenge", &challenge.challenge).unwrap();
        let signature = self.signed(&sign::login_bytes(&self.code.hub_id, self.device, &bytes));
        json!({"device": self.device, "challenge": challenge.challenge, "sig": signature})
    }

    pub(crate) async fn login(&mut self) {
        let message = self.login_message().await;
        let answer: TokenAnswer = self.post("/v1/token", &message).await.json().await.unwrap();
        self.token = answer.token;
    }

    /// An op of this phone, with the next number.
    pub(crate) fn op(&mut self, kind: OpKind, entity: EntityId, body: Value) -> Op {
        self.n += 1;
        let body = serde_json::value::to_raw_value(&body).unwrap();
        let (op, at_ms) = (fresh_op(), self.wall_ms);
        let (n, blobs) = (self.n, Vec::new());
        Op { op, n, kind, entity, parent: None, amends: None, scope: None, at_ms, blobs, body }
    }

    pub(crate) fn record(&mut self, entity: EntityId) -> Op {
        let body = json!({"form": "visit", "version": "1", "kind": "visit", "instance_id": "uuid:1", "name": "样例企业",
            "started_ms": self.wall_ms, "finalized_ms": self.wall_ms, "offset_min": 480, "xml": "<data/>",
            "facts": [{"is": "party", "value": "leaders"}]});
        self.op(OpKind::Record, entity, body)
    }

    pub(crate) fn report(&mut self, entity: EntityId, record: EntityId) -> Op {
        let body = json!({"record": record, "nth": 1, "kind": "problem", "topic": "water",
            "description": "水压不足", "place": "建设路88号", "district": "east"});
        self.op(OpKind::CaseReport, entity, body)
    }

    pub(crate) fn header(&self) -> PushHeader {
        PushHeader {
            epoch: None,
            device: self.device,
            made: self.n,
            photos_made: 0,
            photos_waiting: 0,
            waiting_why: String::new(),
            wall_ms: self.wall_ms,
            offset_min: 480,
            mono_ms: 1,
            boot: "b1".into(),
            app: "test".into(),
        }
    }

    pub(crate) async fn push_raw(&self, raw: &[u8]) -> Response {
        self.push_body(zstd::encode_all(raw, 3).unwrap()).await
    }

    pub(crate) async fn push_body(&self, body: Vec<u8>) -> Response {
        let signature =
            format!("es256 {}", self.signed(&sign::push_bytes(&self.code.hub_id, self.device, &body)));
        self.http
            .post(format!("{}/v1/push", self.url))
            .bearer_auth(&self.token)
            .header("x-proto", "1")
            .header("x-sig", signature)
            .header("content-encoding", "zstd")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn push(&self, ops: &[Op]) -> PushAnswer {
        let response = self.push_raw(&xuncha_wire::push::write(&self.header(), ops).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.text().await);
        response.json().await.unwrap()
    }

    pub(crate) async fn push_one(&self, op: &Op) -> Verdict {
        self.push(std::slice::from_ref(op)).await.verdicts.remove(0).verdict
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        request.header("x-proto", "1").send().await.unwrap()
    }

    pub(crate) async fn pull(&self, cursor: &Cursor, most: usize) -> Page {
        let response = self.get(&format!("/v1/pull?cur={}&max={most}", cursor.to_text())).await;
        assert_eq!(response.status(), StatusCode::OK);
        let bytes = zstd::decode_all(&*response.bytes().await.unwrap()).unwrap();
        Page::read(&bytes).unwrap()
    }

    /// Everything from the start, in pages.
    pub(crate) async fn pull_all(&self) -> Replica {
        let mut replica = Replica::default();
        replica.catch_up(self, 2000).await;
        replica
    }
}

/// What a phone holds after its pulls.
#[derive(Debug, Default)]
pub(crate) struct Replica {
    pub(crate) cursor: Cursor,
    pub(crate) rows: std::collections::BTreeMap<(String, String, String), (u64, Value)>,
    pub(crate) pages: usize,
}

impl Replica {
    /// Pulls until there is no more, and checks the checksums.
    pub(crate) async fn catch_up(&mut self, phone: &Phone, most: usize) {
        loop {
            let page = phone.pull(&self.cursor, most).await;
            assert_eq!(page.applies_to(&self.cursor), xuncha_wire::pull::Fit::Applies);
            self.pages += 1;
            for row in &page.rows {
                let key = (row.s.to_string(), row.k.clone(), row.id.clone());
                if row.leave {
                    self.rows.remove(&key);
                } else {
                    let body = serde_json::from_str(row.b.as_ref().unwrap().get()).unwrap();
                    self.rows.insert(key, (row.v, body));
                }
            }
            self.cursor = page.cursor_after(&self.cursor).unwrap();
            if !page.trailer.more {
                let mut sums: std::collections::BTreeMap<_, xuncha_wire::cursor::ScopeSum> =
                    Default::default();
                for ((scope, kind, id), (ver, _)) in &self.rows {
                    let sum = sums.entry(scope.parse().unwrap()).or_default();
                    *sum = sum.with(kind, id, *ver);
                }
                assert_eq!(page.trailer.mismatches(&sums), Vec::new(), "checksums agree");
                return;
            }
        }
    }

    pub(crate) fn find(&self, scope: &str, kind: &str, id: &str) -> Option<&Value> {
        self.rows.get(&(scope.into(), kind.into(), id.into())).map(|(_, body)| body)
    }
}

pub(crate) async fn error(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["error"].as_str().unwrap().to_owned())
}
