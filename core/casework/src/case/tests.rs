//! The loop as its people live it, and random sequences of moves that try to cheat it.

mod pauses;
mod random;

use super::*;
use crate::catalogue::CategoryKind;
use crate::deadline::{Clock, Limit};
use crate::ids::PhotoRef;
use crate::responsibility::Responsible;

pub(super) fn rules() -> Rules {
    let calendar = r#"{"id":"b","version":1,"zone":"Asia/Shanghai",
        "office_hours":[["08:00","12:00"],["14:00","18:00"]],"weekdays":[1,2,3,4,5]}"#;
    let catalogue = r#"{"id":"city","version":4,"standard":"GB/T 47678.5-2026","note":"sample",
        "categories":[{"standard":"GB/T 47678.5-2026","kind":"matter","code":"06010","zh":"暴露垃圾",
            "en":"exposed rubbish","major_zh":"市容环境","major_en":"appearance"}],
        "conditions":[{"category":{"standard":"GB/T 47678.5-2026","kind":"matter","code":"06010"},
            "id":"heap","zh":"成堆<1立方米","en":"heap","closing_zh":"清净、地面无污迹",
            "limits":[{"road_class":null,"clock":"working_hours","amount":4}]}]}"#;
    Rules {
        catalogues: vec![Catalogue::parse(catalogue).unwrap()],
        calendar: Calendar::parse(calendar).unwrap(),
        policy: Policy::default(),
    }
}

/// 2026-07-08 11:00 in Beijing, a Wednesday.
pub(super) const ELEVEN: i64 = 1_783_479_600_000;

pub(super) fn photo(n: u8) -> PhotoRef {
    format!("s2:{}", format!("{n:02x}").repeat(32)).parse().unwrap()
}

pub(super) fn actor(person: &str, roles: &[Role], unit: &str) -> Actor {
    Actor { person: person.into(), name: person.into(), roles: roles.to_vec(), unit: Some(unit.into()) }
}

fn wang() -> Actor {
    actor("王新", &[Role::Inspector], "bureau")
}
fn chen() -> Actor {
    actor("陈晓", &[Role::Dispatcher], "bureau")
}
fn li() -> Actor {
    actor("李明", &[Role::Handler], "sanitation")
}
fn zhang() -> Actor {
    actor("张华", &[Role::Verifier], "bureau")
}

pub(super) fn rubbish() -> Move {
    Move::Report(Box::new(Report {
        kind: ReportKind::Problem,
        category: Some(CategoryKey {
            standard: "GB/T 47678.5-2026".into(),
            kind: CategoryKind::Matter,
            code: "06010".into(),
        }),
        condition: Some("heap".into()),
        topic: None,
        description: "装修垃圾一堆，靠近路名牌".into(),
        place: Some("人民路56号".into()),
        position: None,
        road_class: None,
        site: None,
        campaign: None,
        source: None,
        photos: vec![photo(1)],
    }))
}

pub(super) fn to(person: &str, unit: &str) -> Move {
    Move::Dispatch(Dispatch {
        responsible: Responsible {
            unit: unit.into(),
            unit_name: unit.into(),
            post: "保洁岗".into(),
            person: person.into(),
            person_name: person.into(),
        },
        limit: None,
        reason: "按区域".into(),
    })
}

pub(super) fn rectify(outcome: Outcome) -> Move {
    Move::Rectify(Rectification { outcome, note: "已清运".into(), photos: vec![photo(2)] })
}

pub(super) fn verify(result: VerifyResult) -> Move {
    Move::Verify(Verification {
        result,
        mode: VerifyMode::OnSite,
        photos: vec![photo(3)],
        note: "看过".into(),
    })
}

fn close() -> Move {
    Move::Close { note: String::new() }
}

pub(super) fn signed(case: Option<&Case>, n: usize, who: &Actor, minutes: i64, mv: Move) -> SignedMove {
    SignedMove {
        id: format!("m{n}").into(),
        case: "c1".into(),
        parent: case.map(|c| c.head.clone()),
        actor: who.clone(),
        at_device_ms: 0,
        at_hub_ms: Some(ELEVEN + minutes * 60_000),
        mv,
    }
}

/// Plays moves ten minutes apart; every one must be accepted.
fn play(moves: &[(Actor, Move)]) -> Case {
    let mut case = None;
    for (n, (who, mv)) in moves.iter().enumerate() {
        let minutes = i64::try_from(n).unwrap() * 10;
        let mv = signed(case.as_ref(), n, who, minutes, mv.clone());
        case = Some(judge(case.as_ref(), &mv, &rules()).unwrap_or_else(|r| panic!("move {n}: {r:?}")));
    }
    case.unwrap()
}

fn dispatched() -> Vec<(Actor, Move)> {
    vec![
        (wang(), rubbish()),
        (chen(), Move::Accept(Acceptance::default())),
        (chen(), to("李明", "sanitation")),
    ]
}

fn with(mut moves: Vec<(Actor, Move)>, more: Vec<(Actor, Move)>) -> Vec<(Actor, Move)> {
    moves.extend(more);
    moves
}

fn refused(case: &Case, who: &Actor, mv: Move) -> Refusal {
    judge(Some(case), &signed(Some(case), 99, who, 120, mv), &rules()).unwrap_err()
}

#[test]
fn a_heap_of_rubbish_goes_once_around_the_loop() {
    let moves = with(
        dispatched(),
        vec![
            (li(), Move::Receive { note: String::new() }),
            (li(), rectify(Outcome::Resolved)),
            (zhang(), verify(VerifyResult::Passed)),
            (chen(), close()),
        ],
    );
    let case = play(&moves);
    assert_eq!(case.state, State::Closed);
    assert_eq!(case.head.as_str(), "m6");
    assert_eq!(case.catalogue.as_ref().map(|c| c.version), Some(4));
    let text = serde_json::to_string(&case).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), case);
}

#[test]
fn notices_and_assignments_close_nothing() {
    let case = play(&with(dispatched(), vec![(chen(), Move::Remind { text: "请尽快".into() })]));
    assert_eq!(
        refused(&case, &chen(), close()),
        Refusal::NotNow { state: State::Dispatched, mv: MoveKind::Close }
    );
    assert_eq!(why_not_close(&case, &chen()).unwrap().zh, "结案还差：整改反馈、核查。通知或安排不算完成。");
    assert_eq!(why_not_close(&case, &li()).unwrap().zh, "因为你是处置人，结案要由别人核查。");
}

#[test]
fn nobody_verifies_or_closes_what_they_handled() {
    let all = actor("李明", &[Role::Handler, Role::Verifier, Role::Dispatcher], "sanitation");
    let fed_back = with(dispatched(), vec![(all.clone(), rectify(Outcome::Resolved))]);
    assert_eq!(refused(&play(&fed_back), &all, verify(VerifyResult::Passed)), Refusal::SelfVerification);
    let passed = play(&with(fed_back, vec![(zhang(), verify(VerifyResult::Passed))]));
    assert_eq!(refused(&passed, &all, close()), Refusal::SelfClosing);
}

#[test]
fn a_state_without_its_evidence_does_not_close() {
    let mut forged = play(&dispatched());
    forged.state = State::Verified;
    assert_eq!(
        refused(&forged, &chen(), close()),
        Refusal::Missing { missing: vec![Requirement::Rectification, Requirement::Verification] }
    );
}

#[test]
fn feedback_needs_the_evidence_of_its_outcome() {
    let case = play(&dispatched());
    let bare = |outcome| Move::Rectify(Rectification { outcome, note: String::new(), photos: Vec::new() });
    let missing = |outcome| match refused(&case, &li(), bare(outcome)) {
        Refusal::Missing { missing } => missing,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(Outcome::Resolved), [Requirement::PhotoAfter, Requirement::Note]);
    assert_eq!(
        missing(Outcome::PhasedPlan { steps: Vec::new() }),
        [Requirement::Steps, Requirement::FutureStep]
    );
    let today =
        Step { text: "换泵".into(), date: "2026-07-08".into(), person: None, person_name: String::new() };
    assert_eq!(missing(Outcome::PhasedPlan { steps: vec![today] }), [Requirement::FutureStep]);
    let blank =
        Outcome::PolicyExplained { basis: " ".into(), explanation: String::new(), acknowledged: None };
    assert_eq!(missing(blank), [Requirement::Basis, Requirement::Explanation]);
}

#[test]
fn the_same_bytes_are_no_evidence_a_second_time() {
    let with_photos = |mv: Move, photos: Vec<PhotoRef>| match mv {
        Move::Rectify(done) => Move::Rectify(Rectification { photos, ..done }),
        Move::Verify(done) => Move::Verify(Verification { photos, ..done }),
        other => other,
    };
    let lacks = |case: &Case, who: &Actor, mv: Move| match refused(case, who, mv) {
        Refusal::Missing { missing } => missing,
        other => panic!("{other:?}"),
    };
    // The photo of before, handed in as the photo of after.
    let before = with_photos(rectify(Outcome::Resolved), vec![photo(1)]);
    assert_eq!(lacks(&play(&dispatched()), &li(), before), [Requirement::PhotoAfter]);
    let both = with_photos(rectify(Outcome::Resolved), vec![photo(1), photo(2)]);
    let fed_back = play(&with(dispatched(), vec![(li(), both)]));
    // The handler's own photo, handed in as the verifier's.
    for known in [photo(1), photo(2)] {
        let passed = with_photos(verify(VerifyResult::Passed), vec![known]);
        assert_eq!(lacks(&fed_back, &zhang(), passed), [Requirement::PhotoCompare]);
    }
}

#[test]
fn an_explanation_closes_only_after_the_enterprise_has_confirmed() {
    let explained = Outcome::PolicyExplained {
        basis: "条例第12条".into(),
        explanation: "红线内不能开口".into(),
        // A handler's own claim of a confirmation is not taken.
        acknowledged: Some(Acknowledged {
            name: "陈工".into(),
            signature: Vec::new(),
            recorded_by: "李明".into(),
            at_ms: 0,
        }),
    };
    let moves = with(dispatched(), vec![(li(), rectify(explained))]);
    let case = play(&moves);
    assert_eq!(refused(&case, &zhang(), verify(VerifyResult::Passed)), Refusal::NotAcknowledged);
    let unsigned = Move::Acknowledge(Acknowledgement { name: "陈工".into(), signature: Vec::new() });
    assert_eq!(
        refused(&case, &li(), unsigned.clone()),
        Refusal::Missing { missing: vec![Requirement::Signature] }
    );
    let contact = actor("陈工", &[Role::Contact], "enterprise");
    let case = play(&with(
        moves,
        vec![(contact, unsigned), (zhang(), verify(VerifyResult::Passed)), (chen(), close())],
    ));
    assert_eq!(case.state, State::Closed);
}

#[test]
fn of_two_phones_that_move_one_case_the_second_is_told_who_was_first() {
    let case = play(&dispatched());
    let first = signed(Some(&case), 10, &li(), 150, Move::SendBack { reason: "不属本单位".into() });
    let second = signed(Some(&case), 11, &li(), 151, rectify(Outcome::Resolved));
    let after = judge(Some(&case), &first, &rules()).unwrap();
    assert_eq!(after.state, State::SentBack);
    let refusal = judge(Some(&after), &second, &rules()).unwrap_err();
    assert_eq!(
        refusal.words().zh,
        "李明先办了一步“退回”，你的没有生效。照片和说明都保留着。现在是待重新派遣，可按现状重新提交，或留作记录。"
    );
    assert_eq!(judge(Some(&after), &first, &rules()).unwrap_err(), Refusal::Same);
}

#[test]
fn a_failed_verification_is_rework_and_the_clock_goes_on() {
    let case = play(&with(
        dispatched(),
        vec![(li(), rectify(Outcome::Resolved)), (zhang(), verify(VerifyResult::Failed))],
    ));
    assert_eq!((case.state, case.reworks, &case.outcome), (State::Dispatched, 1, &None));
    let deadline = case.deadline.unwrap();
    assert_eq!(deadline.stopped, None);
    assert_eq!(deadline.due_ms, ELEVEN + (6 * 60 + 30) * 60_000, "17:20 and the ten minutes of verifying");
}

#[test]
fn a_returned_case_goes_on_at_the_same_unit_and_starts_anew_at_another() {
    let returned = with(dispatched(), vec![(li(), Move::SendBack { reason: "不属本单位".into() })]);
    let same = play(&with(returned.clone(), vec![(chen(), to("李明", "sanitation"))]));
    let other = play(&with(returned, vec![(chen(), to("赵强", "municipal"))]));
    assert_eq!(same.deadline.unwrap().started_ms, ELEVEN + 20 * 60_000);
    assert_eq!(other.deadline.unwrap().started_ms, ELEVEN + 40 * 60_000);
}

#[test]
fn extensions_end_after_two_and_never_follow_the_deadline() {
    let case = play(&dispatched());
    let extend = || Move::Extend { reason: "等配件".into(), until_ms: None };
    let late = signed(Some(&case), 9, &chen(), 24 * 60, extend());
    assert_eq!(judge(Some(&case), &late, &rules()), Err(Refusal::Overdue));
    let twice = play(&with(dispatched(), vec![(chen(), extend()), (chen(), extend())]));
    assert_eq!(refused(&twice, &chen(), extend()), Refusal::ExtendedEnough { allowed: 2 });
}

#[test]
fn strangers_and_other_units_are_refused() {
    let case = play(&dispatched());
    let other = actor("赵强", &[Role::Handler], "municipal");
    assert_eq!(refused(&case, &other, rectify(Outcome::Resolved)), Refusal::NotResponsible);
    let viewer = actor("纪检", &[Role::Viewer, Role::Administrator, Role::Unknown], "bureau");
    assert_eq!(allowed(&case, &viewer), []);
    assert_eq!(refused(&case, &viewer, close()), Refusal::NotYourRole { mv: MoveKind::Close });
    let colleague = actor("孙丽", &[Role::Handler], "sanitation");
    assert!(allowed(&case, &colleague).iter().any(|o| o.kind == MoveKind::Rectify && o.main));
}

#[test]
fn dispatch_without_a_limit_anywhere_asks_for_one() {
    let Move::Report(mut report) = rubbish() else { panic!("a report") };
    (report.category, report.condition) = (None, None);
    let moves = vec![(wang(), Move::Report(report)), (chen(), Move::Accept(Acceptance::default()))];
    let case = play(&moves);
    assert_eq!(
        refused(&case, &chen(), to("李明", "water")),
        Refusal::Missing { missing: vec![Requirement::Limit] }
    );
    let Move::Dispatch(mut order) = to("李明", "water") else { panic!("a dispatch") };
    order.limit = Some(Limit { clock: Clock::WorkingDays, amount: 5 });
    assert_eq!(play(&with(moves, vec![(chen(), Move::Dispatch(order))])).state, State::Dispatched);
}

#[test]
fn what_a_newer_peer_adds_is_tolerated_and_what_lacks_a_datum_is_not() {
    let actor: Actor = serde_json::from_str(r#"{"person":"p","roles":["drone"],"new":1}"#).unwrap();
    assert_eq!(actor.roles, [Role::Unknown]);
    assert!(serde_json::from_str::<crate::places::Position>(r#"{"lat":35.2,"lon":113.2}"#).is_err());
    assert!(serde_json::from_str::<PhotoRef>(r#""s2:abc""#).is_err());
}

/// The JSON of a case and of every move, held fast because phones and hubs of other versions read it.
#[test]
fn the_shapes_that_travel() {
    let case = play(&dispatched());
    let mut text = format!("{}\n", serde_json::to_string(&case).unwrap());
    let explained =
        Outcome::PolicyExplained { basis: "条".into(), explanation: "释".into(), acknowledged: None };
    let step =
        Step { text: "换泵".into(), date: "2026-08-05".into(), person: None, person_name: String::new() };
    let word = || "因为".to_owned();
    let moves = [
        rubbish(),
        Move::Accept(Acceptance::default()),
        Move::Reject { reason: word() },
        Move::RequestMore { wanted: word() },
        Move::Supplement { text: word(), photos: vec![photo(4)] },
        Move::Correct(Box::new(Correction {
            place: Some("学府路9号".into()),
            reason: word(),
            ..Default::default()
        })),
        to("李明", "sanitation"),
        Move::Receive { note: word() },
        Move::SendBack { reason: word() },
        Move::Remind { text: word() },
        rectify(Outcome::Resolved),
        rectify(Outcome::PhasedPlan { steps: vec![step] }),
        rectify(explained),
        Move::RequestExtension { reason: word(), until_ms: None },
        Move::Extend { reason: word(), until_ms: Some(ELEVEN) },
        Move::RequestSuspension { reason: word(), until: "2026-07-20".into() },
        Move::Suspend { reason: word(), until: "2026-07-20".into() },
        Move::Resume { note: word() },
        Move::Decline { reason: word() },
        Move::Acknowledge(Acknowledgement { name: "陈工".into(), signature: vec![photo(5)] }),
        verify(VerifyResult::Passed),
        close(),
        Move::Rate { satisfaction: Satisfaction::Satisfied, comment: word() },
        Move::Reopen { reason: word() },
    ];
    for mv in moves {
        let line = serde_json::to_string(&mv).unwrap();
        assert_eq!(serde_json::from_str::<Move>(&line).unwrap(), mv);
        text.push_str(&line);
        text.push('\n');
    }
    // Photo ids are long and say nothing here.
    for n in 1..6_u8 {
        text = text.replace(&format!("{n:02x}").repeat(32), &format!("‹{n}›"));
    }
    insta::assert_snapshot!(text);
}
