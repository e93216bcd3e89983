//! A phone without network: filling, killing, finalizing, cases.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use xuncha_wire::Scope;
use xuncha_wire::body::{CaseReport, RecordBody};

use super::*;
use crate::env::{SeededRandomness, SetClock};
use crate::keys::SoftwareKeys;
use crate::store::forms;
use crate::view::{Answer, Item, MainKind, OutcomeChoice, Question, Screen};

pub(crate) const NOON: i64 = 1_783_483_200_000; // 2026-07-08 12:00 in China

const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:xc="urn:xuncha:form:1"><h:head><h:title>企业走访</h:title><model>
 <instance><data id="visit" version="3" xc:kind="visit"><who/><company/><problem jr:template=""><kind/><topic/>
  <text/><photo/><spot/></problem><happy/><meta><instanceID/></meta></data></instance>
 <bind nodeset="/data/who" required="true()" xc:maps="party"/>
 <bind nodeset="/data/company" xc:maps="site.name"/>
 <bind nodeset="/data/problem" xc:maps="problem"/>
 <bind nodeset="/data/problem/kind" xc:maps="problem.kind"/>
 <bind nodeset="/data/problem/topic" xc:maps="problem.topic"/>
 <bind nodeset="/data/problem/text" required="true()" xc:maps="problem.description"/>
 <bind nodeset="/data/problem/photo" type="binary" xc:maps="problem.photo"/>
 <bind nodeset="/data/problem/spot" type="geopoint" xc:maps="problem.position"/>
 <bind nodeset="/data/happy" xc:maps="satisfaction"/>
 <bind nodeset="/data/meta/instanceID" jr:preload="uid" type="string"/>
 </model></h:head><h:body>
 <select1 ref="/data/who"><label>谁走访</label><item><label>领导</label><value>leader</value></item>
  <item><label>县局</label><value>county</value></item></select1>
 <input ref="/data/company"><label>企业</label></input>
 <group ref="/data/problem"><label>问题</label><repeat nodeset="/data/problem">
  <select1 ref="/data/problem/kind"><label>类型</label><item><label>问题</label><value>problem</value></item>
   <item><label>建议</label><value>suggestion</value></item></select1>
  <input ref="/data/problem/topic"><label>主题</label></input>
  <input ref="/data/problem/text"><label>描述</label></input>
  <upload ref="/data/problem/photo" mediatype="image/*"><label>照片</label></upload>
  <input ref="/data/problem/spot"><label>位置</label></input></repeat></group>
 <input ref="/data/happy"><label>满意度</label></input></h:body></h:html>"#;

const SITE: &str = "0199b000-0000-7000-8000-000000000301";
pub(crate) const CASE: &str = "0199b000-0000-7000-8000-000000000202";

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) struct Phone {
    folder: TempDir,
    pub(crate) clock: Arc<SetClock>,
    starts: u64,
    pub(crate) app: Arc<App>,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(NOON, 480);
        let app = open(&folder, &clock, 1);
        let phone = Self { folder, clock, starts: 1, app };
        phone.replica(
            "form",
            "visit",
            json!({"form":"visit","version":"3","title":"企业走访","kind":"visit","xml":FORM}),
        );
        phone.replica("site", SITE, json!({"id":SITE,"kind":"enterprise","name":"样例轮胎研发中心","district":"d1","address":"建设路88号"}));
        phone
    }

    /// Statements on what the phone keeps, as damage or another program would make them.
    pub(crate) fn meddle(&self, sql: &'static str) {
        let done = self.app.core.write(move |writer| {
            writer.mine.execute_batch(sql).map_err(crate::store::StoreError::from)?;
            Ok(())
        });
        wait(done).unwrap();
    }

    pub(crate) fn replica(&self, kind: &'static str, id: &str, body: serde_json::Value) {
        let (id, body) = (id.to_owned(), body.to_string());
        let files = self.app.core.form_files.clone();
        let put = self.app.core.write(move |writer| {
            let scope = Scope::city();
            Ok(transact(&mut writer.hub, |tx| {
                replica::put(tx, &scope, kind, &id, 1, body.as_bytes())?;
                forms::offer(tx, &files, true)
            })?)
        });
        wait(put).unwrap();
    }

    /// Work of the writer.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut crate::store::Writer) -> crate::store::Result<T> + Send + 'static,
    ) -> T {
        wait(self.app.core.write(move |writer| Ok(work(writer)?))).unwrap()
    }

    /// The process dies: nothing is closed, nothing is said.
    pub(crate) fn kill(&mut self) {
        self.starts += 1;
        // The stand-in for a kill within one process: the threads end after the job under way.
        self.app.core.signal();
        let core = self.app.core.clone();
        core.writer.join();
        core._lock.unlock().unwrap();
        self.app = open(&self.folder, &self.clock, self.starts);
    }

    pub(crate) fn camera(&self, bytes: &[u8]) -> PhotoCapture {
        let path: PathBuf = self.folder.path().join("camera.jpg");
        std::fs::write(&path, bytes).unwrap();
        PhotoCapture {
            path: path.display().to_string(),
            wall_ms: NOON,
            offset_min: 480,
            mono_ms: 5,
            boot: "b".into(),
            fix: Some(crate::view::Fix {
                lat: 30.0,
                lon: 104.0,
                datum: crate::view::Datum::Wgs84,
                accuracy_m: 8.0,
                age_s: 1.0,
                provider: "gps".into(),
                mocked: false,
            }),
            heading: None,
            imported: false,
        }
    }

    pub(crate) fn ops(&self) -> Vec<xuncha_wire::push::Op> {
        let list = self.app.core.read(|reader| {
            let heads = ops::pending_heads(&reader.mine)?;
            heads.iter().map(|head| Ok(ops::numbered(&reader.mine, head.n)?.unwrap().wire()?)).collect()
        });
        wait(list).unwrap()
    }
}

fn open(folder: &TempDir, clock: &Arc<SetClock>, seed: u64) -> Arc<App> {
    let at = |name: &str| folder.path().join(name).display().to_string();
    let config = AppConfig {
        folder: at("app"),
        cache_folder: at("cache"),
        app_version: "0.1.0".into(),
        device_model: "test".into(),
        language: "zh".into(),
        boot_id: String::new(),
        answer_timeout_ms: 500,
    };
    let env = Env::new(clock.clone(), SeededRandomness::new(seed));
    wait(App::open_with_env(config, Arc::new(SoftwareKeys::new(at("keys"))), env)).unwrap()
}

pub(crate) fn jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(320, 240, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

pub(crate) fn text(text: &str) -> Answer {
    Answer::Text { text: text.into() }
}

pub(crate) fn questions(screen: &Screen) -> Vec<&Question> {
    let mut found = Vec::new();
    for item in &screen.items {
        if let Item::Question { question } = item {
            found.push(question);
        }
    }
    found
}

pub(crate) fn started(phone: &Phone) -> Arc<FillSession> {
    let start = StartFill { site: Some(SITE.into()), ..StartFill::default() };
    wait(phone.app.start_fill("visit".into(), start)).unwrap()
}

#[test]
fn a_visit_with_a_repeat_and_a_photo_becomes_a_record_and_a_case() {
    let phone = Phone::new();
    let session = started(&phone);
    let screen = session.screen().unwrap();
    assert_eq!(screen.title, "企业走访 · 样例轮胎研发中心");
    assert_eq!(screen.page_label, "第1页，共3页");
    assert_eq!(screen.main.label, "下一项：谁走访");
    assert_eq!(questions(&screen)[1].value.as_ref().unwrap().raw, "样例轮胎研发中心");

    let screen = session.answer("/data/who", Answer::Choice { value: "leader".into() }).unwrap();
    assert_eq!(screen.main.label, "下一页：问题（2/3）");
    assert_eq!(screen.undo_label, "撤销上一步：谁走访");
    let screen = session.next().unwrap();
    let Some(Item::Repeat { repeat }) = screen.items.first() else { panic!("{screen:?}") };
    assert_eq!((repeat.cards.len(), repeat.add_label.as_str()), (0, "加一个"));

    let screen = session.add_repeat(&repeat.at).unwrap();
    assert_eq!(screen.page_label, "第1条，共1条");
    assert_eq!(screen.main.label, "下一项：描述");
    let at = questions(&screen)[2].at.clone();
    let photo_at = questions(&screen)[3].at.clone();
    session.answer(&questions(&screen)[1].at, text("供水")).unwrap();
    let screen = session.answer(&at, text("早晚高峰三楼没水")).unwrap();
    assert_eq!((screen.main.kind, screen.main.label.as_str()), (MainKind::FinishRepeat, "完成这条"));
    let screen = wait(session.clone().attach_photo(photo_at, phone.camera(&jpeg()))).unwrap();
    assert_eq!(questions(&screen)[3].photos[0].state_word, "在本机");
    // The place comes with the shot.
    assert!(questions(&screen)[4].value.as_ref().unwrap().raw.starts_with("30"), "{screen:?}");
    let screen = session.next().unwrap();
    let Some(Item::Repeat { repeat }) = screen.items.first() else { panic!("{screen:?}") };
    assert_eq!(repeat.cards[0].headline, "供水 · 早晚高峰三楼没水");
    assert_eq!(repeat.cards[0].status_word, "填齐");
    assert_eq!(session.next().unwrap().main.kind, MainKind::Finish);

    let done = wait(session.clone().finalize()).unwrap();
    assert!(done.sentence.starts_with("已完成，存在本机"));
    assert_eq!(session.screen(), Err(AppError::Closed));
    assert_eq!(done.cases.len(), 1);
    assert!(wait(phone.app.today()).unwrap().drafts.is_empty());

    let ops = phone.ops();
    assert_eq!(ops.iter().map(|op| op.n).collect::<Vec<_>>(), [1, 2]);
    let record: RecordBody = serde_json::from_str(ops[0].body.get()).unwrap();
    assert_eq!((record.form.as_str(), record.kind.as_str()), ("visit", "visit"));
    assert!(record.xml.contains("<text>早晚高峰三楼没水</text>"));
    assert_eq!(record.photos[0].role, "before");
    assert!(record.facts.iter().any(|fact| fact.is == "party" && fact.value == "leader" && fact.nth == 0));
    assert!(record.facts.iter().any(|fact| fact.is == "problem.topic" && fact.nth == 1));
    let report: CaseReport = serde_json::from_str(ops[1].body.get()).unwrap();
    assert_eq!((report.nth, report.topic.as_str(), report.district.as_str()), (1, "供水", "d1"));
    assert_eq!(report.photos, record.photos);
    assert_eq!(ops[1].blobs, ops[0].blobs);

    // The problem is a case on this phone before any hub has seen it.
    let page = wait(phone.app.cases(CaseFilter { mine: true, ..CaseFilter::default() })).unwrap();
    assert_eq!((page.total, page.rows[0].state_word.as_str()), (1, "待受理"));
    assert_eq!(page.rows[0].mark, "(↑)在本机");
    let records = wait(phone.app.records(RecordFilter::default())).unwrap();
    assert_eq!((records[0].state_word.as_str(), records[0].photos, records[0].cases), ("在本机", 1, 1));
    let status = wait(phone.app.sync_status()).unwrap();
    assert_eq!((status.made, status.held, status.waiting_ops, status.waiting_photos), (2, 0, 2, 1));
}

#[test]
fn a_killed_phone_resumes_the_draft_where_it_was_left() {
    let mut phone = Phone::new();
    let session = started(&phone);
    session.answer("/data/who", Answer::Choice { value: "county".into() }).unwrap();
    session.next().unwrap();
    let screen = session.add_repeat("/data/problem").unwrap();
    let text_at = questions(&screen)[2].at.clone();
    for n in 0..50 {
        session.answer(&text_at, text(&format!("第{n}次"))).unwrap();
    }
    wait(session.clone().attach_photo(questions(&screen)[3].at.clone(), phone.camera(&jpeg()))).unwrap();
    let before = session.screen().unwrap();
    phone.kill();

    let today = wait(phone.app.today()).unwrap();
    assert_eq!(today.drafts.len(), 1);
    assert_eq!(today.drafts[0].name, "样例轮胎研发中心");
    let again = wait(phone.app.resume_fill(today.drafts[0].id.clone())).unwrap();
    let after = again.screen().unwrap();
    assert_eq!(after.page_label, before.page_label);
    assert_eq!(questions(&after)[2].value.as_ref().unwrap().raw, "第49次");
    assert_eq!(questions(&after)[3].photos[0].id, questions(&before)[3].photos[0].id);
    let done = wait(again.finalize()).unwrap();
    assert_eq!(done.cases.len(), 1);
}

#[test]
fn what_is_missing_is_listed_and_blocks_without_losing_anything() {
    let phone = Phone::new();
    let session = started(&phone);
    session.add_repeat("/data/problem").unwrap();
    let missing = session.missing().unwrap();
    assert_eq!(missing.len(), 2);
    assert_eq!((missing[0].question.as_str(), missing[0].verb.as_str()), ("谁走访", "去选"));
    assert_eq!((missing[1].page.as_str(), missing[1].reason.as_str()), ("第2页 问题", "还没有填"));
    let refused = wait(session.clone().finalize());
    assert!(
        matches!(&refused, Err(AppError::Invalid { at, zh, .. }) if at == "/data/who" && zh.starts_with("还差2项"))
    );
    let screen = session.go_to(&missing[1].at).unwrap();
    assert_eq!(screen.page_label, "第1条，共1条");
    session.undo().unwrap();
    assert_eq!(session.missing().unwrap().len(), 1);
    let found = session.choices("/data/who", "县", 10).unwrap();
    assert_eq!((found.total, found.choices[0].value.as_str()), (1, "county"));
}

#[test]
fn a_discarded_draft_comes_back() {
    let phone = Phone::new();
    let draft = started(&phone).draft_id();
    wait(phone.app.discard_draft(draft.clone())).unwrap();
    assert!(wait(phone.app.today()).unwrap().drafts.is_empty());
    wait(phone.app.undo_discard(draft.clone())).unwrap();
    assert!(wait(phone.app.resume_fill(draft)).is_ok());
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let phone = Phone::new();
    let session = started(&phone);
    session.answer("/data/who", Answer::Choice { value: "leader".into() }).unwrap();
    wait(phone.app.core.write(|writer| {
        let pages: i64 = writer.mine.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        writer.mine.pragma_update(None, "max_page_count", pages).unwrap();
        Ok(())
    }))
    .unwrap();
    let long = "水".repeat(60_000);
    session.answer("/data/happy", text(&long)).unwrap();
    assert_eq!(wait(session.clone().finalize()), Err(AppError::StorageFull));
    let screen = session.screen().unwrap();
    assert!(!screen.saved);
    assert!(screen.save_problem.contains("空间满了"), "{}", screen.save_problem);
    wait(phone.app.core.write(|writer| {
        Ok(writer
            .mine
            .pragma_update(None, "max_page_count", 1_000_000)
            .map_err(crate::store::StoreError::from)?)
    }))
    .unwrap();
    wait(session.finalize()).unwrap();
    let record: RecordBody = serde_json::from_str(phone.ops()[0].body.get()).unwrap();
    assert!(record.xml.contains(&long));
}

#[test]
fn a_clock_set_back_a_year_orders_nothing() {
    let phone = Phone::new();
    let finish = |who: &str| {
        let session = started(&phone);
        session.answer("/data/who", Answer::Choice { value: who.into() }).unwrap();
        wait(session.finalize()).unwrap().record_id
    };
    let first = finish("leader");
    phone.clock.set(NOON - 365 * 86_400_000);
    let second = finish("county");
    let records = wait(phone.app.records(RecordFilter::default())).unwrap();
    assert_eq!(records.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), [second, first]);
    let ops = phone.ops();
    assert!(ops[1].at_ms < ops[0].at_ms, "recorded as it was");
    assert_eq!((ops[0].n, ops[1].n), (1, 2));
}

/// A case that is dispatched to this phone's person.
pub(crate) fn dispatched(phone: &Phone) {
    let who = json!({"hub":"http://127.0.0.1:1","hub_id":"h","tenant":"t","device":SITE,"person":"p1","name":"李明","unit":"u","bureau":"b"});
    wait(phone.app.core.write(move |writer| Ok(meta::set(&writer.mine, meta::IDENTITY, &who.to_string())?)))
        .unwrap();
    phone.replica("person", "p1", json!({"id":"p1","name":"李明","unit":"u1","roles":["handler"]}));
    let head = "0199b000-0000-7000-8000-000000000105";
    let case = json!({"id":CASE,"number":"20260708-0012","head":head,"last":{"by":"d1","by_name":"陈晓","at_ms":NOON,"what":"dispatch"},
        "state":"dispatched","kind":"problem","topic":"供水","description":"没水","place":"建设路88号","reporter":"p2","reported_at_ms":NOON,
        "responsible":{"unit":"u1","unit_name":"水务公司","post":"","person":"p1","person_name":"李明"},"handlers":["p1"]});
    let line = json!({"op":head,"what":"dispatch","person":"d1","name":"陈晓","at_ms":NOON,"hub_ms":NOON,"verdict":{"st":"applied"},"blobs":[],
        "body":{"type":"dispatch","responsible":{"unit":"u1","unit_name":"水务公司","post":"","person":"p1","person_name":"李明"}}});
    phone.replica("case", CASE, json!({"case":case,"history":[line]}));
}

#[test]
fn a_move_is_judged_here_and_laid_over_the_replica() {
    let phone = Phone::new();
    dispatched(&phone);
    let case = wait(phone.app.case(CASE.into())).unwrap();
    assert_eq!((case.row.state_word.as_str(), case.row.headline.as_str()), ("办理中", "供水 · 建设路88号"));
    assert_eq!(case.responsible_line, "责任：水务公司 李明");
    assert_eq!(case.history[0].detail, "给水务公司 李明");
    assert_eq!((case.moves[0].label.as_str(), case.moves[0].main), ("提交整改", true));
    assert!(case.why_not_close.contains("处置人"), "{}", case.why_not_close);
    assert_eq!(wait(phone.app.today()).unwrap().cases.len(), 1);

    let rectify = |photos: Vec<String>| CaseMove::Rectify {
        outcome: OutcomeChoice::Resolved,
        note: "换了泵".into(),
        photos,
    };
    let preview = wait(phone.app.preview_move(CASE.into(), rectify(vec![]))).unwrap();
    assert_eq!((preview.allowed, preview.missing), (false, vec!["整改后照片".to_owned()]));
    assert!(matches!(wait(phone.app.move_case(CASE.into(), rectify(vec![]))), Err(AppError::Invalid { .. })));
    assert!(phone.ops().is_empty());

    let photo = wait(phone.app.attach_case_photo(CASE.into(), phone.camera(&jpeg()))).unwrap();
    let receipt = wait(phone.app.move_case(CASE.into(), rectify(vec![photo.id.clone()]))).unwrap();
    assert_eq!(receipt.state_word, "待核查");
    let case = wait(phone.app.case(CASE.into())).unwrap();
    assert_eq!((case.row.state_word.as_str(), case.row.mark.as_str()), ("待核查", "(↑)在本机"));
    assert_eq!((case.history[0].what.as_str(), case.history[0].mark.as_str()), ("提交整改", "(↑)在本机"));
    assert_eq!(case.after[0].id, photo.id);
    let op = &phone.ops()[0];
    assert_eq!(op.parent.unwrap().to_string(), "0199b000-0000-7000-8000-000000000105");
    assert_eq!(op.blobs[0].as_str(), photo.id);
    let noted = wait(phone.app.note_case(CASE.into(), "明早复测".into(), vec![])).unwrap();
    assert!(noted.sentence.starts_with("已记在本机"));
}

#[test]
fn a_second_tap_on_the_same_move_records_it_once() {
    let phone = Phone::new();
    dispatched(&phone);
    let send_back = || CaseMove::SendBack { reason: "不归我们".into() };
    for _ in 0..20 {
        let (first, second) = wait(async {
            let (first, second) = (
                phone.app.move_case(CASE.into(), send_back()),
                phone.app.move_case(CASE.into(), send_back()),
            );
            futures_util::future::join(first, second).await
        });
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        assert_eq!(phone.ops().len(), 1);
        phone.meddle("DELETE FROM op");
    }
}

#[test]
fn no_network_is_an_outcome_and_not_an_error() {
    let phone = Phone::new();
    assert_eq!(wait(phone.app.sync_now()), Err(AppError::Unauthorized { revoked: false }));
    dispatched(&phone);
    let outcome = wait(phone.app.sync_now()).unwrap();
    assert_eq!(outcome.kind, crate::view::SyncKind::Offline);
    assert!(outcome.sentence.starts_with("现在没有网络"), "{}", outcome.sentence);
}

#[test]
fn closing_twice_is_calm_and_calls_after_it_say_closed() {
    let phone = Phone::new();
    let session = started(&phone);
    wait(phone.app.close()).unwrap();
    wait(phone.app.close()).unwrap();
    assert_eq!(wait(phone.app.today()), Err(AppError::Closed));
    assert_eq!(wait(phone.app.sync_now()), Err(AppError::Closed));
    assert_eq!(wait(session.close()), Err(AppError::Closed));
}

#[test]
fn a_form_that_broke_in_a_call_is_taken_up_again_from_its_draft() {
    let phone = Phone::new();
    let form = started(&phone);
    form.answer("/data/company", text("样例轮胎")).unwrap();
    form.break_inside();
    assert!(matches!(form.answer("/data/company", text("别的")), Err(AppError::Internal { .. })));
    assert!(matches!(form.screen(), Err(AppError::Internal { .. })));
    wait(form.clone().close()).unwrap();
    let again = wait(phone.app.resume_fill(form.draft_id())).unwrap();
    let screen = again.screen().unwrap();
    let company = questions(&screen).into_iter().find(|q| q.at == "/data/company").unwrap();
    assert_eq!(company.value.as_ref().unwrap().raw, "样例轮胎", "what was answered before is there");
}
