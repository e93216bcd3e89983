//! The clock stands still while the handler can do nothing, and goes on with what was left.

use super::*;

/// What is left of the case's limit at so many minutes after eleven on Wednesday.
fn left(case: &Case, minutes: i64) -> i64 {
    case.deadline.as_ref().unwrap().left_ms(ELEVEN + minutes * 60_000, &rules().calendar) / 60_000
}

fn after(case: &Case, who: &Actor, minutes: i64, mv: Move) -> Case {
    let nth = usize::try_from(minutes).unwrap();
    judge(Some(case), &signed(Some(case), nth, who, minutes, mv), &rules()).unwrap()
}

const DAY: i64 = 24 * 60;

#[test]
fn what_is_suspended_sent_back_or_handed_in_loses_no_time() {
    // Four working hours from 11:20; at 11:50 three and a half are left.
    let case = play(&dispatched());
    assert_eq!(left(&case, 50), 210);
    let suspend = Move::Suspend { reason: "等迁改".into(), until: "2026-07-20".into() };
    let pauses = [
        (chen(), suspend, State::Suspended),
        (li(), Move::SendBack { reason: "不归我们".into() }, State::SentBack),
        (li(), rectify(Outcome::Resolved), State::Rectified),
    ];
    for (who, mv, state) in pauses {
        let paused = after(&case, &who, 50, mv);
        assert_eq!(paused.state, state);
        assert_eq!(left(&paused, 9 * DAY), 210, "{state:?}");
        assert!(!paused.deadline.as_ref().unwrap().is_overdue(ELEVEN + 9 * DAY * 60_000), "{state:?}");
    }
    assert!(left(&case, 9 * DAY) < 0, "the one that runs does");
}

#[test]
fn what_is_resumed_goes_on_with_what_was_left() {
    let case = play(&dispatched());
    let suspend = Move::Suspend { reason: "等迁改".into(), until: "2026-07-20".into() };
    let suspended = after(&case, &chen(), 50, suspend);
    // Monday 20 July, 9:00.
    let monday = 12 * DAY - 2 * 60;
    let resumed = after(&suspended, &chen(), monday, Move::Resume { note: String::new() });
    assert_eq!((resumed.state, left(&resumed, monday)), (State::Dispatched, 210));
    assert_eq!(left(&resumed, monday + 60), 150, "it runs again");
    let failed = after(&case, &li(), 50, rectify(Outcome::Resolved));
    let failed = after(&failed, &zhang(), monday, verify(VerifyResult::Failed));
    assert_eq!(
        (failed.state, left(&failed, monday), left(&failed, monday + 60)),
        (State::Dispatched, 210, 150)
    );
}
