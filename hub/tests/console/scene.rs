//! What the console is looked at with: a campaign with 206 visits and 49 problems, and a street with cases in every
//! state. All of it comes in through phones and through the office's own functions; all names are made up.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use xuncha_casework::Move;
use xuncha_hub::moves;
use xuncha_hub::office::{District, NewPerson};
use xuncha_wire::entity::{AssignmentBody, CampaignBody, SiteBody, UnitBody};
use xuncha_wire::push::{OpKind, Verdict};
use xuncha_wire::{BlobId, EntityId, OpId};

use crate::phone::{MORNING, Phone, TestHub, fresh_entity};

/// 14:30 on 15 July 2026 in China: when the console is looked at.
pub(crate) const NOW: i64 = MORNING + 7 * DAY + 5 * HOUR + HOUR / 2;
/// The password of everyone in the scene who signs in.
pub(crate) const PASSWORD: &str = "scene-correct-horse-9";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Ids that tests ask for.
pub(crate) struct Scene {
    pub(crate) campaign: EntityId,
    pub(crate) cases: BTreeMap<&'static str, EntityId>,
}

fn content(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content").join(path)
}

/// Fills a hub.
pub(crate) async fn fill(hub: &TestHub) -> Scene {
    office(hub).await;
    let campaign = campaign(hub).await;
    let cases = street(hub).await;
    hub.clock.set(NOW);
    Scene { campaign, cases }
}

async fn office(hub: &TestHub) {
    let unit = |id: &str, name: &str, kind: &str, district: &str| UnitBody {
        id: id.into(),
        name: name.into(),
        kind: kind.into(),
        district: district.into(),
    };
    let units = vec![
        unit("bureau", "市城市管理局", "bureau", ""),
        unit("east", "东城区大队", "county", "east"),
        unit("west", "西城区大队", "county", "west"),
        unit("water", "水务公司", "utility", ""),
        unit("gas", "燃气公司", "utility", ""),
        unit("heat", "供暖公司", "utility", ""),
        unit("clean", "环卫中心", "sanitation", ""),
    ];
    let district = |code: &str, name: &str| District { code: code.into(), name: name.into() };
    let districts = vec![district("east", "东城区"), district("west", "西城区")];
    hub.hub.put_districts("admin", districts).await.unwrap();
    hub.hub.put_units("admin", units).await.unwrap();
    let person = |id: &str, name: &str, unit: &str, post: &str, roles: &[&str]| NewPerson {
        id: id.into(),
        name: name.into(),
        unit: unit.into(),
        post: post.into(),
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        ..NewPerson::default()
    };
    let people = vec![
        person("li", "陈晓", "bureau", "督办科", &["dispatcher"]),
        person("qian", "赵敏", "bureau", "督办科", &["verifier"]),
        person("lead", "周正", "bureau", "班子", &["leader"]),
        person("wang", "王新", "east", "巡查岗", &["inspector"]),
        person("zhao", "张华", "west", "巡查岗", &["inspector"]),
        person("sun", "陈工", "water", "抢修岗", &["handler", "inspector"]),
        person("liu", "刘洋", "west", "巡查岗", &["inspector"]),
        person("gao", "高明", "gas", "客服岗", &["handler", "inspector"]),
        person("nuan", "何宁", "heat", "运行岗", &["handler", "inspector"]),
        person("ming", "李明", "clean", "保洁岗", &["handler", "verifier"]),
        person("kan", "钱看", "bureau", "纪检", &["viewer"]),
    ];
    hub.hub.put_people("admin", people).await.unwrap();
    for login in ["li", "qian", "lead", "ming", "kan"] {
        hub.hub.set_password("admin", login, login, PASSWORD, false).await.unwrap();
    }
    hub.hub.set_password("admin", "admin", "admin", PASSWORD, false).await.unwrap();
    for path in
        ["catalogues/sample.json", "calendars/2026.json", "forms/enterprise_visit.xlsx", "forms/banner.xlsx"]
    {
        hub.hub.import_content("admin", &content(path)).await.unwrap();
    }
    hub.hub.import_content("admin", &content("forms/street_patrol.xlsx")).await.unwrap();
}

struct Visitor {
    phone: Phone,
    party: &'static str,
    name: &'static str,
    visits: usize,
    problems: usize,
    topic: &'static str,
}

async fn version(hub: &TestHub, form: &str) -> String {
    let id = form.to_owned();
    let found = hub.hub.db().read(move |tx| {
        let sql = "SELECT version FROM form WHERE tenant = 'city' AND form = $1 AND current = 1";
        tx.one(sql, &[xuncha_hub::store::V::T(&id)], |r| r.text(0))
    });
    found.await.unwrap().unwrap_or_else(|| panic!("no form {form}"))
}

async fn campaign(hub: &TestHub) -> EntityId {
    let campaign = fresh_entity();
    let body = CampaignBody {
        id: campaign,
        title: "涉企走访集中月".into(),
        from: "2026-07-08".into(),
        to: "2026-08-07".into(),
        form: "enterprise_visit".into(),
    };
    hub.hub.put_campaigns("admin", vec![body]).await.unwrap();
    let sites: Vec<EntityId> = (0..268).map(|_| fresh_entity()).collect();
    let site = |(n, id): (usize, &EntityId)| SiteBody {
        id: *id,
        kind: "enterprise".into(),
        name: format!("样例企业项目{n:03}"),
        district: if n % 2 == 0 { "east".into() } else { "west".into() },
        address: format!("建设路{n}号"),
        road_class: None,
        position: None,
        contact: "陈工".into(),
        person: None,
        unit: String::new(),
        post: String::new(),
    };
    hub.hub.put_sites("admin", (1..).zip(&sites).map(site).collect()).await.unwrap();
    let assignment = |(n, id): (usize, &EntityId)| AssignmentBody {
        id: fresh_entity(),
        campaign,
        site: *id,
        person: Some(if n % 2 == 0 { "wang" } else { "zhao" }.parse().unwrap()),
        unit: if n % 2 == 0 { "east".into() } else { "west".into() },
        post: "巡查岗".into(),
        due: "2026-07-20".into(),
        done: None,
    };
    hub.hub.put_assignments("admin", (1..).zip(&sites).map(assignment).collect()).await.unwrap();
    let version = version(hub, "enterprise_visit").await;
    let visitor =
        |phone, party, name, visits, problems, topic| Visitor { phone, party, name, visits, problems, topic };
    let visitors = vec![
        visitor(hub.phone("lead").await, "leaders", "周正", 43, 29, "road"),
        visitor(hub.phone("wang").await, "districts", "王新", 70, 10, "green"),
        visitor(hub.phone("zhao").await, "districts", "张华", 63, 7, "sanitation"),
        visitor(hub.phone("sun").await, "utilities", "陈工", 10, 1, "heating"),
        visitor(hub.phone("gao").await, "utilities", "高明", 10, 1, "heating"),
        visitor(hub.phone("nuan").await, "utilities", "何宁", 10, 1, "heating"),
    ];
    // An inspector visits in their own district; a leader and the utilities anywhere.
    let (east, west): (Vec<_>, Vec<_>) = (1..).zip(&sites).partition(|(n, _)| n % 2 == 0);
    let (mut east, mut west) = (east.into_iter(), west.into_iter());
    for mut visitor in visitors {
        let own: Vec<EntityId> = match visitor.name {
            "王新" => east.by_ref().take(visitor.visits).map(|(_, site)| *site).collect(),
            "张华" => west.by_ref().take(visitor.visits).map(|(_, site)| *site).collect(),
            _ => {
                let half = visitor.visits / 2;
                let of_both = east.by_ref().take(half).chain(west.by_ref().take(visitor.visits - half));
                of_both.map(|(_, site)| *site).collect()
            }
        };
        visits(&mut visitor, &own, campaign, &version).await;
    }
    campaign
}

async fn visits(who: &mut Visitor, sites: &[EntityId], campaign: EntityId, version: &str) {
    let mut ops = Vec::new();
    for (n, site) in sites.iter().enumerate() {
        let record = fresh_entity();
        let day = format!("2026-07-{:02}", 8 + n % 8);
        let mut facts = vec![
            json!({"is": "party", "value": who.party}),
            json!({"is": "visited_on", "value": day}),
            json!({"is": "visitors", "value": who.name}),
            json!({"is": "contact", "value": "陈工"}),
            json!({"is": "satisfaction", "value": "satisfied"}),
        ];
        let raised = n < who.problems;
        if raised {
            facts.push(json!({"is": "problem.topic", "value": who.topic, "nth": 1}));
            facts.push(json!({"is": "problem.description", "value": "出入口不畅，盼协调", "nth": 1}));
        }
        let body = json!({"form": "enterprise_visit", "version": version, "kind": "visit",
            "instance_id": format!("uuid:{record}"), "name": "走访", "site": site, "campaign": campaign,
            "started_ms": who.phone.wall_ms, "finalized_ms": who.phone.wall_ms, "offset_min": 480, "xml": "<data/>",
            "facts": facts});
        ops.push(who.phone.op(OpKind::Record, record, body));
        if raised {
            let kind = if n % 5 == 4 { "suggestion" } else { "problem" };
            let report = json!({"record": record, "nth": 1, "kind": kind, "topic": who.topic,
                "description": "出入口不畅，盼协调", "place": "", "site": site, "campaign": campaign});
            ops.push(who.phone.op(OpKind::CaseReport, fresh_entity(), report));
        }
    }
    let answer = who.phone.push(&ops).await;
    assert!(answer.verdicts.iter().all(|v| v.verdict == Verdict::Applied), "{:?}", answer.verdicts.first());
}

/// A picture of a street: sky, wall, and something on the pavement.
pub(crate) fn picture(seed: u8) -> Vec<u8> {
    let shade = |x: u32, y: u32| {
        let (x, y) = (u8::try_from(x / 4).unwrap(), u8::try_from(y / 3).unwrap());
        if y < 80 {
            image::Rgb([140 + y / 2, 180, 220])
        } else if x.abs_diff(seed) < 30 && y > 150 && y < 200 {
            image::Rgb([110, 80, 50 + seed / 4])
        } else {
            image::Rgb([150 - y / 4, 150 - y / 4, 140])
        }
    };
    let picture = image::RgbImage::from_fn(800, 600, shade);
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

async fn upload(phone: &Phone, bytes: &[u8]) -> Value {
    let id = BlobId::of(bytes);
    let put = phone.http.put(format!("{}/v1/blob/{id}", phone.url)).bearer_auth(&phone.token);
    let put = put.header("x-proto", "1").body(bytes.to_vec()).send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.text().await.unwrap());
    json!(id)
}

fn photo(bytes: &[u8], role: &str, wall_ms: i64, lat: f64) -> Value {
    json!({"id": BlobId::of(bytes), "size": bytes.len(), "mime": "image/jpeg", "role": role,
        "width": 800, "height": 600,
        "capture": {"wall_ms": wall_ms, "offset_min": 480, "fix": {"position": {"lat": lat, "lon": 113.24,
            "datum": "wgs84"}, "accuracy_m": 8.0, "age_s": 2.0}}})
}

/// One street case, as an inspector reports it.
async fn report(
    phone: &mut Phone,
    version: &str,
    (code, condition): (&str, &str),
    (description, place): (&str, &str),
    seed: u8,
) -> EntityId {
    let (record, case, bytes) = (fresh_entity(), fresh_entity(), picture(seed));
    let before = photo(&bytes, "before", phone.wall_ms, 35.21);
    let body = json!({"form": "street_patrol", "version": version, "kind": "street",
        "instance_id": format!("uuid:{record}"), "name": place, "started_ms": phone.wall_ms,
        "finalized_ms": phone.wall_ms, "offset_min": 480, "xml": "<data/>", "facts": []});
    let record_op = phone.op(OpKind::Record, record, body);
    let body = json!({"record": record, "nth": 1, "kind": "problem",
        "category": format!("GB/T 47678.5-2026|matter|{code}"), "condition": condition,
        "description": description, "place": place, "district": "east",
        "position": {"lat": 35.21, "lon": 113.24, "datum": "wgs84"}, "photos": [before]});
    let mut report_op = phone.op(OpKind::CaseReport, case, body);
    report_op.blobs = vec![BlobId::of(&bytes)];
    let answer = phone.push(&[record_op, report_op]).await;
    assert!(answer.verdicts.iter().all(|v| v.verdict == Verdict::Applied), "{:?}", answer.verdicts);
    upload(phone, &bytes).await;
    case
}

/// A move that the office makes; it takes effect.
pub(crate) async fn office_moves(hub: &TestHub, person: &str, case: EntityId, value: Value) {
    let mv: Move = serde_json::from_value(value).unwrap();
    let verdict = moves::submit(&hub.hub, person, case, None, &mv, Vec::new()).await.unwrap();
    assert_eq!(verdict, Verdict::Applied, "{mv:?}");
}

pub(crate) fn dispatch_to(unit: &str, unit_name: &str, person: &str, name: &str) -> Value {
    json!({"type": "dispatch", "responsible": {"unit": unit, "unit_name": unit_name, "post": "保洁岗",
        "person": person, "person_name": name}, "reason": ""})
}

/// A phone hands in a rectification with its photo.
pub(crate) async fn rectify(hub: &TestHub, phone: &mut Phone, case: EntityId, seed: u8, far: bool) {
    let bytes = picture(seed);
    let lat = if far { 35.2129 } else { 35.2101 };
    let after = photo(&bytes, "after", phone.wall_ms, lat);
    let mv = json!({"type": "rectify", "outcome": {"type": "resolved"}, "note": "已清运并冲洗",
        "photos": [BlobId::of(&bytes)]});
    let mut op = phone.op(OpKind::CaseMove, case, json!({"move": mv, "photos": [after]}));
    op.parent = Some(head(hub, case).await);
    op.blobs = vec![BlobId::of(&bytes)];
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
    upload(phone, &bytes).await;
}

/// The head of a case now.
pub(crate) async fn head(hub: &TestHub, case: EntityId) -> OpId {
    let id = case.to_string();
    let head = hub.hub.db().read(move |tx| {
        let sql = "SELECT head FROM casefile WHERE tenant = 'city' AND id = $1";
        tx.one(sql, &[xuncha_hub::store::V::T(&id)], |r| r.text(0))
    });
    head.await.unwrap().unwrap().parse().unwrap()
}

/// Street cases in every state that a desk sees.
async fn street(hub: &TestHub) -> BTreeMap<&'static str, EntityId> {
    let version = version(hub, "street_patrol").await;
    let yesterday = MORNING + 6 * DAY + 2 * HOUR;
    let today = MORNING + 7 * DAY;
    hub.clock.set(yesterday);
    let mut wang = hub.phone("wang").await;
    let mut ming = hub.phone("ming").await;
    let mut liu = hub.phone("liu").await;
    (wang.wall_ms, ming.wall_ms, liu.wall_ms) = (yesterday, yesterday, yesterday);
    let litter = ("06010", "small");
    let texts = [
        ("overdue", litter, ("装修垃圾一堆，靠近路名牌", "建设路南段")),
        ("closed", ("06012", "patch"), ("路面有泥土", "学院路")),
        ("to_close", litter, ("垃圾桶外溢", "示范路12号")),
        ("to_verify", litter, ("暴露垃圾，约半方", "人民路56号")),
        ("to_verify_far", ("06012", "patch"), ("路面积水", "学府路9号")),
        ("suspended", ("06013", "pit"), ("人行道破损", "建设路88号")),
    ];
    let mut cases = BTreeMap::new();
    for (seed, (name, key, text)) in (40_u8..).step_by(20).zip(texts) {
        cases.insert(name, report(&mut wang, &version, key, text, seed).await);
    }
    let clean = || dispatch_to("clean", "环卫中心", "ming", "李明");
    for name in ["overdue", "closed", "to_close", "to_verify", "to_verify_far", "suspended"] {
        office_moves(hub, "li", cases[name], json!({"type": "accept"})).await;
        office_moves(hub, "li", cases[name], clean()).await;
    }
    let until = json!({"type": "suspend", "reason": "等雨季过后施工", "until": "2026-07-20"});
    office_moves(hub, "li", cases["suspended"], until).await;
    for (seed, name) in (41_u8..).step_by(20).zip(["closed", "to_close", "to_verify", "to_verify_far"]) {
        rectify(hub, &mut ming, cases[name], seed, name == "to_verify_far").await;
    }
    // Each shows what its case has not shown yet.
    for (name, seed) in [("closed", 61), ("to_close", 41)] {
        let passed = json!({"type": "verify", "result": "passed", "mode": "on_site", "note": "已清净",
            "photos": [BlobId::of(&picture(seed))]});
        office_moves(hub, "qian", cases[name], passed).await;
    }
    office_moves(hub, "li", cases["closed"], json!({"type": "close"})).await;
    hub.clock.set(today);
    wang.wall_ms = today;
    wang.login().await;
    let texts = [
        ("reported", litter, ("沿街堆放纸箱", "学府路9号门前")),
        ("to_dispatch", ("06013", "pit"), ("路面坑洼，直径约半米", "建设路与学院路口")),
        ("running", ("06012", "patch"), ("运输撒漏", "人民路中段")),
        ("raced", ("06012", "patch"), ("沙土散落", "示范路北段")),
    ];
    for (seed, (name, key, text)) in (50_u8..).step_by(20).zip(texts) {
        cases.insert(name, report(&mut wang, &version, key, text, seed).await);
    }
    for name in ["to_dispatch", "raced"] {
        office_moves(hub, "li", cases[name], json!({"type": "accept"})).await;
    }
    office_moves(hub, "li", cases["running"], json!({"type": "accept"})).await;
    hub.clock.set(NOW - HOUR);
    let mut two_days = clean();
    two_days["limit"] = json!({"clock": "working_hours", "amount": 4});
    office_moves(hub, "li", cases["running"], two_days).await;
    banner(hub, &mut wang).await;
    // Two ops and a photo are still on this phone, which has said so.
    wang.n += 2;
    says(&wang, 13, "wifi_only").await;
    ming.login().await;
    says(&ming, 4, "").await;
    moved_away(hub, &mut liu, &version).await;
    cases
}

/// What was made in the west arrives after its author was moved to the east.
async fn moved_away(hub: &TestHub, liu: &mut Phone, version: &str) {
    let moved = NewPerson {
        id: "liu".into(),
        name: "刘洋".into(),
        unit: "east".into(),
        post: "巡查岗".into(),
        roles: vec!["inspector".into()],
        ..NewPerson::default()
    };
    hub.hub.put_people("admin", vec![moved]).await.unwrap();
    liu.wall_ms = NOW - HOUR;
    liu.login().await;
    let record = fresh_entity();
    let body = json!({"form": "street_patrol", "version": version, "kind": "street",
        "instance_id": format!("uuid:{record}"), "name": "西门街", "started_ms": liu.wall_ms,
        "finalized_ms": liu.wall_ms, "offset_min": 480, "xml": "<data/>", "facts": []});
    let mut op = liu.op(OpKind::Record, record, body);
    op.scope = Some(xuncha_wire::Scope::district("west").unwrap());
    assert!(matches!(liu.push_one(&op).await, Verdict::Quarantined { .. }));
}

/// A phone says what it made, as each push does.
async fn says(phone: &Phone, photos: u64, why: &str) {
    let mut header = phone.header();
    (header.photos_made, header.waiting_why) = (photos, why.to_owned());
    let answer = phone.push_raw(&xuncha_wire::push::write(&header, &[]).unwrap()).await;
    assert!(answer.status().is_success());
}

async fn banner(hub: &TestHub, phone: &mut Phone) {
    let version = version(hub, "banner").await;
    phone.wall_ms = NOW - HOUR;
    let (record, bytes) = (fresh_entity(), picture(200));
    let body = json!({"form": "banner", "version": version, "kind": "banner",
        "instance_id": format!("uuid:{record}"), "name": "锦旗", "started_ms": phone.wall_ms,
        "finalized_ms": phone.wall_ms, "offset_min": 480, "xml": "<data/>",
        "photos": [photo(&bytes, "banner", phone.wall_ms, 35.21)],
        "facts": [{"is": "banner.inscription", "value": "祛除“中梗阻” 接通民心路"},
            {"is": "banner.giver", "value": "示例项目部 陈工"}, {"is": "banner.receiver", "value": "应急机动大队 王新"},
            {"is": "banner.photographer", "value": "张华"}, {"is": "banner.given_on", "value": "2026-07-14"},
            {"is": "banner.cases", "value": "20260714-0002"},
            {"is": "banner.person.position", "value": "左一", "nth": 1},
            {"is": "banner.person.name", "value": "王新", "nth": 1},
            {"is": "banner.person.position", "value": "左二", "nth": 2},
            {"is": "banner.person.name", "value": "陈工", "nth": 2}]});
    let mut op = phone.op(OpKind::Record, record, body);
    op.blobs = vec![BlobId::of(&bytes)];
    assert_eq!(phone.push_one(&op).await, Verdict::Applied);
    upload(phone, &bytes).await;
}
