//! What could lose an answer or a photo while a form is filled.

use std::pin::pin;
use std::task::Poll;

use xuncha_wire::body::{CaseReport, RecordBody};

use super::*;
use crate::app::tests::{Phone, jpeg, questions, started, text, wait};
use crate::view::{Answer, PhotoCapture};

const PHOTO: &str = "/data/problem[1]/photo";

/// Begins something and goes away before it is done, as a coroutine does that is cancelled with its screen.
fn begun<T>(work: impl Future<Output = T>) {
    wait(async {
        let mut work = pin!(work);
        std::future::poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx).is_ready())).await
    });
}

/// A form with one problem whose photo is missing.
fn with_problem(phone: &Phone) -> Arc<FillSession> {
    let session = started(phone);
    session.answer("/data/who", Answer::Choice { value: "leader".into() }).unwrap();
    session.add_repeat("/data/problem").unwrap();
    session.answer("/data/problem[1]/text", text("没水")).unwrap();
    session
}

fn photos_on_page(session: &Arc<FillSession>) -> Vec<String> {
    let screen = session.go_to("/data/problem[1]").unwrap();
    questions(&screen).iter().flat_map(|q| q.photos.iter().map(|photo| photo.id.clone())).collect()
}

fn record(phone: &Phone) -> RecordBody {
    serde_json::from_str(phone.ops()[0].body.get()).unwrap()
}

#[test]
fn every_answer_that_was_taken_before_closing_is_in_the_draft() {
    let phone = Phone::new();
    for round in 0..60 {
        let session = started(&phone);
        let typing = session.clone();
        let typist = std::thread::spawn(move || {
            let mut last = String::new();
            for n in 0.. {
                let typed = format!("第{n}次");
                match typing.answer("/data/company", text(&typed)) {
                    Ok(_) => last = typed,
                    Err(error) => {
                        assert_eq!(error, AppError::Closed);
                        return last;
                    }
                }
            }
            last
        });
        std::thread::sleep(std::time::Duration::from_micros(300 * (round % 10)));
        wait(session.clone().close()).unwrap();
        let last = typist.join().unwrap();
        let again = wait(phone.app.resume_fill(session.draft_id())).unwrap();
        let screen = again.screen().unwrap();
        let kept = questions(&screen)[1].value.as_ref().unwrap().raw.clone();
        assert!(last.is_empty() || kept == last, "typed {last}, kept {kept}");
    }
}

#[test]
fn a_draft_is_open_once_and_the_second_has_what_the_first_answered() {
    let phone = Phone::new();
    let first = with_problem(&phone);
    for n in 0..30 {
        first.answer("/data/happy", text(&format!("第{n}次"))).unwrap();
    }
    let second = wait(phone.app.resume_fill(first.draft_id())).unwrap();
    assert_eq!(first.answer("/data/happy", text("丢了")).unwrap_err(), AppError::Closed);
    second.answer("/data/company", text("样例")).unwrap();
    wait(second.finalize()).unwrap();
    let xml = record(&phone).xml;
    assert!(xml.contains("<happy>第29次</happy>") && xml.contains("<company>样例</company>"), "{xml}");
    assert_eq!(phone.ops().len(), 2);
}

#[test]
fn an_answer_that_changes_nothing_is_no_step_to_undo() {
    let phone = Phone::new();
    let session = started(&phone);
    session.answer("/data/company", text("样例")).unwrap();
    let undoes = session.answer("/data/who", Answer::Choice { value: "leader".into() }).unwrap().undo_label;
    for _ in 0..2 {
        let screen = session.answer("/data/company", text("样例")).unwrap();
        assert_eq!(screen.undo_label, undoes);
    }
    let screen = session.undo().unwrap();
    assert!(questions(&screen)[0].value.is_none(), "{screen:?}");
    assert_eq!(questions(&screen)[1].value.as_ref().unwrap().raw, "样例");
    let screen = session.undo().unwrap();
    assert_eq!(questions(&screen)[1].value.as_ref().unwrap().raw, "样例轮胎研发中心");
    assert_eq!((screen.can_undo, screen.undo_label.as_str()), (false, ""));
}

#[test]
fn answers_to_a_draft_that_is_gone_are_told_to_be_unsaved() {
    let phone = Phone::new();
    let session = started(&phone);
    phone.meddle("DELETE FROM draft");
    session.answer("/data/company", text("样例")).unwrap();
    // The save runs behind the answer.
    phone.meddle("SELECT 1");
    let screen = session.screen().unwrap();
    assert!(!screen.saved && !screen.save_problem.is_empty(), "{screen:?}");
}

#[test]
fn a_photo_whose_caller_went_away_is_in_the_form() {
    let phone = Phone::new();
    let session = with_problem(&phone);
    begun(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg())));
    // Leaving the screen closes the form at once.
    wait(session.clone().close()).unwrap();
    let again = wait(phone.app.resume_fill(session.draft_id())).unwrap();
    assert_eq!(photos_on_page(&again).len(), 1);
}

#[test]
fn finishing_waits_for_a_photo_that_is_on_its_way() {
    let phone = Phone::new();
    let session = with_problem(&phone);
    begun(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg())));
    wait(session.finalize()).unwrap();
    assert_eq!(record(&phone).photos.len(), 1);
    assert_eq!(wait(phone.app.sync_status()).unwrap().waiting_photos, 1);
}

#[test]
fn row_draft_and_use_of_a_photo_are_written_together() {
    let mut phone = Phone::new();
    let session = with_problem(&phone);
    wait(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg()))).unwrap();
    // Whatever is there when the call returns is there after a kill.
    phone.kill();
    let again = wait(phone.app.resume_fill(session.draft_id())).unwrap();
    assert_eq!(photos_on_page(&again).len(), 1);
}

#[test]
fn a_photo_that_could_not_be_kept_is_not_in_the_form() {
    let phone = Phone::new();
    let session = with_problem(&phone);
    phone.meddle("CREATE TRIGGER full BEFORE INSERT ON photo BEGIN SELECT RAISE(ABORT, 'full'); END");
    let refused = wait(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg())));
    assert!(matches!(refused, Err(AppError::Internal { .. })), "{refused:?}");
    assert!(photos_on_page(&session).is_empty());
    session.answer("/data/happy", text("满意")).unwrap();
    phone.meddle("DROP TRIGGER full");
    wait(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg()))).unwrap();
    assert_eq!(photos_on_page(&session).len(), 1);
    wait(session.finalize()).unwrap();
    assert!(record(&phone).xml.contains("<happy>满意</happy>"));
    assert_eq!(wait(phone.app.sync_status()).unwrap().waiting_photos, 1);
}

#[test]
fn the_same_bytes_for_two_questions_answer_both_and_keep_what_the_camera_said() {
    let phone = Phone::new();
    let session = with_problem(&phone);
    wait(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg()))).unwrap();
    session.go_to("/data/problem").unwrap();
    session.add_repeat("/data/problem").unwrap();
    session.answer("/data/problem[2]/text", text("没气")).unwrap();
    let copy = PhotoCapture { imported: true, wall_ms: 7, ..phone.camera(&jpeg()) };
    wait(session.clone().attach_photo("/data/problem[2]/photo".into(), copy)).unwrap();
    wait(session.finalize()).unwrap();

    let photos = record(&phone).photos;
    assert_eq!(photos.iter().map(|p| p.at.as_str()).collect::<Vec<_>>(), [PHOTO, "/data/problem[2]/photo"]);
    assert_eq!(photos[0].id, photos[1].id);
    assert!(photos.iter().all(|p| !p.capture.imported && p.capture.wall_ms != 7), "{photos:?}");
    let ops = phone.ops();
    assert_eq!(ops[0].blobs.len(), 1);
    for (nth, op) in ops[1..].iter().enumerate() {
        let report: CaseReport = serde_json::from_str(op.body.get()).unwrap();
        assert_eq!(report.photos.len(), 1);
        assert_eq!(report.photos[0].at, photos[nth].at);
    }
    let records = wait(phone.app.records(crate::view::RecordFilter::default())).unwrap();
    assert_eq!(records[0].photos, 1);
}

#[test]
fn a_photo_that_the_form_names_and_nobody_has_blocks_finishing_in_words() {
    let phone = Phone::new();
    let session = with_problem(&phone);
    wait(session.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg()))).unwrap();
    wait(session.clone().close()).unwrap();
    // As after a rescue that did not reach this row.
    phone.meddle("DELETE FROM photo_use");
    let again = wait(phone.app.resume_fill(session.draft_id())).unwrap();
    let refused = wait(again.clone().finalize());
    assert!(matches!(&refused, Err(AppError::Invalid { at, .. }) if at == PHOTO), "{refused:?}");
    assert!(phone.ops().is_empty());
    wait(again.clone().attach_photo(PHOTO.into(), phone.camera(&jpeg()))).unwrap();
    wait(again.finalize()).unwrap();
    assert_eq!(record(&phone).photos.len(), 1);
}
