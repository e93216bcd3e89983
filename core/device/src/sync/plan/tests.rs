//! The planner's rules, one by one.

use xuncha_wire::push::{OpVerdict, PushAnswer, Verdict};
use xuncha_wire::{BlobId, OpId};

use super::*;
use crate::store::ops::{Head, OpState};

fn op(n: u64) -> OpId {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&n.to_be_bytes());
    OpId::from_parts(1, random)
}

fn epoch(n: u8) -> Epoch {
    Epoch::from_parts(1, [n; 10])
}

fn heads(numbers: impl IntoIterator<Item = u64>) -> Event {
    Event::Ops(numbers.into_iter().map(|n| Head { n, op: op(n), bytes: 100 }).collect())
}

fn answer(ns: &[u64], verdict: &Verdict) -> Event {
    let verdicts = ns.iter().map(|n| OpVerdict { op: op(*n), verdict: verdict.clone() }).collect();
    let answer = PushAnswer { epoch: epoch(1), held: 0, photos_held: 0, safe_n: 0, hub_ms: 5, verdicts };
    Event::Pushed { took_ms: 10, answer }
}

fn started() -> Planner {
    let mut planner = Planner::new(Limits::default());
    let local = Local { epoch: Some(epoch(1)), logged_in: true, ..Local::default() };
    assert!(matches!(planner.handle(Event::Start(local))[..], [Effect::ListOps]));
    planner
}

fn pushed_ns(effects: &[Effect]) -> Vec<u64> {
    match effects {
        [Effect::Push { ns, .. }] => ns.clone(),
        other => panic!("no push: {other:?}"),
    }
}

/// Fails, waits, and comes back.
fn fail(planner: &mut Planner, failure: Failure) -> Vec<Effect> {
    let effects = planner.handle(Event::Failed(failure));
    match effects[..] {
        [Effect::Wait { .. }] => planner.handle(Event::Woke),
        _ => effects,
    }
}

#[test]
fn a_slow_push_is_halved_and_a_quick_one_doubled() {
    let mut planner = started();
    let ns = pushed_ns(&planner.handle(heads(1..=1000)));
    assert_eq!(ns.len(), 500);
    let Event::Pushed { answer: said, .. } = answer(&ns, &Verdict::Applied) else { panic!() };
    planner.handle(Event::Pushed { took_ms: 11_000, answer: said });
    let ns = pushed_ns(&planner.handle(Event::Settled));
    assert_eq!(ns.len(), 250);
    planner.handle(answer(&ns, &Verdict::Applied));
    assert_eq!(
        pushed_ns(&planner.handle(Event::Settled)).len(),
        250,
        "what is left, in a batch of up to 500"
    );
}

#[test]
fn a_batch_is_bounded_by_bytes_and_a_large_op_travels_alone() {
    let mut planner = started();
    let large = |n| Head { n, op: op(n), bytes: 700_000 };
    let mut list = vec![large(1), large(2)];
    list[0].bytes = 3_000_000;
    assert_eq!(pushed_ns(&planner.handle(Event::Ops(list))), [1]);
}

#[test]
fn a_bad_op_is_closed_in_on_and_goes_to_custody_and_the_others_go_up() {
    let mut planner = started();
    let (mut effects, mut sent, mut requests) = (planner.handle(heads(1..=500)), Vec::new(), 0);
    let kept = loop {
        effects = match &effects[..] {
            [Effect::Push { ns, .. }] if ns.contains(&317) => {
                requests += 1;
                fail(&mut planner, Failure::Server)
            }
            [Effect::Push { ns, .. }] => {
                requests += 1;
                sent.extend(ns.clone());
                let said = answer(ns, &Verdict::Applied);
                planner.handle(said)
            }
            [Effect::Settle { .. }] => planner.handle(Event::Settled),
            [Effect::Custody { n: 317 }] => planner.handle(Event::CustodyTaken),
            [Effect::Keep { n }] => {
                let n = *n;
                effects = planner.handle(Event::Settled);
                break n;
            }
            other => panic!("{other:?}"),
        };
    };
    while let [Effect::Push { ns, .. }] = &effects[..] {
        sent.extend(ns.clone());
        let said = answer(ns, &Verdict::Applied);
        planner.handle(said);
        effects = planner.handle(Event::Settled);
    }
    assert_eq!((kept, sent.len()), (317, 499));
    assert!(requests < 30, "{requests} requests");
    assert!(matches!(effects[..], [Effect::ListOps]));
}

#[test]
fn an_op_that_this_phone_damaged_goes_to_custody_in_its_turn_and_the_others_go_up() {
    let mut planner = started();
    assert_eq!(pushed_ns(&planner.handle(heads(1..=5))), [1, 2, 3, 4, 5]);
    let first = planner.handle(Event::Damaged { ns: vec![1, 4] });
    assert!(matches!(first[..], [Effect::Custody { n: 1 }]), "{first:?}");
    assert!(matches!(planner.handle(Event::CustodyTaken)[..], [Effect::Keep { n: 1 }]));
    assert_eq!(pushed_ns(&planner.handle(Event::Settled)), [2, 3]);
    planner.handle(answer(&[2, 3], &Verdict::Applied));
    assert!(matches!(planner.handle(Event::Settled)[..], [Effect::Custody { n: 4 }]));
    assert!(matches!(planner.handle(Event::CustodyTaken)[..], [Effect::Keep { n: 4 }]));
    assert_eq!(pushed_ns(&planner.handle(Event::Settled)), [5]);
    planner.handle(answer(&[5], &Verdict::Applied));
    assert_eq!((planner.end.pushed, planner.end.quarantined), (5, 2));
}

#[test]
fn a_hub_that_only_fails_ends_the_sync_and_is_not_asked_for_each_op() {
    let mut planner = started();
    let (mut effects, mut requests) = (planner.handle(heads(1..=500)), 0);
    let end = loop {
        effects = match &effects[..] {
            [Effect::Push { .. } | Effect::Custody { .. }] => {
                requests += 1;
                fail(&mut planner, Failure::Server)
            }
            [Effect::Finish(end)] => break end.clone(),
            other => panic!("{other:?}"),
        };
    };
    assert_eq!(end.kind, EndKind::Trouble);
    assert!(requests < 60, "{requests} requests");
}

#[test]
fn verdicts_are_written_by_kind_and_a_retry_stays_pending() {
    let mut planner = started();
    planner.handle(heads(1..=3));
    let words = || (String::new(), String::new(), String::new());
    let (why, zh, en) = words();
    let refused = Verdict::Refused { why, zh, en, head: None, state: None };
    let verdicts = vec![
        OpVerdict { op: op(1), verdict: refused },
        OpVerdict { op: op(2), verdict: Verdict::Retry },
        OpVerdict { op: op(3), verdict: Verdict::Duplicate },
    ];
    let answer = PushAnswer { epoch: epoch(1), held: 2, photos_held: 0, safe_n: 0, hub_ms: 5, verdicts };
    let effects = planner.handle(Event::Pushed { took_ms: 5, answer });
    let [Effect::Settle { decided, says }] = &effects[..] else { panic!("{effects:?}") };
    let states: Vec<_> = decided.iter().map(|one| (one.op, one.state)).collect();
    assert_eq!(states, [(op(1), OpState::Refused), (op(3), OpState::Applied)]);
    assert_eq!(says.held, 2);
    // Listed again, the op that was to be retried is not sent twice in one sync.
    planner.handle(Event::Settled);
    assert!(matches!(planner.handle(heads([2]))[..], [Effect::Pull { .. }]));
}

#[test]
fn a_new_epoch_offers_everything_again_before_anything_else() {
    let mut planner = started();
    planner.handle(heads([9]));
    let Event::Pushed { mut answer, .. } = answer(&[9], &Verdict::Applied) else { panic!() };
    answer.epoch = epoch(2);
    let effects = planner.handle(Event::Pushed { took_ms: 5, answer });
    assert!(matches!(effects[..], [Effect::SetEpoch { offer_again: true, .. }]), "{effects:?}");
    assert!(matches!(planner.handle(Event::EpochSet)[..], [Effect::Settle { .. }]));
    assert!(matches!(planner.handle(Event::Settled)[..], [Effect::ListOps]));
    assert_eq!(pushed_ns(&planner.handle(heads(1..=8))), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn failures_end_in_what_the_person_is_told() {
    for (failure, kind) in [
        (Failure::Revoked, EndKind::Revoked),
        (Failure::Gate, EndKind::Gate),
        (Failure::Silent, EndKind::Silent),
        (Failure::HubFull, EndKind::HubFull),
    ] {
        let mut planner = started();
        planner.handle(heads([1]));
        let effects = planner.handle(Event::Failed(failure));
        assert!(matches!(&effects[..], [Effect::Finish(end)] if end.kind == kind), "{effects:?}");
        assert!(planner.handle(Event::Woke).is_empty(), "over is over");
    }
}

#[test]
fn no_network_is_tried_a_few_times_with_bounded_waits() {
    let mut planner = started();
    planner.handle(heads([1]));
    let mut waited = 0;
    let end = loop {
        match &planner.handle(Event::Failed(Failure::Unreachable))[..] {
            [Effect::Wait { ms }] => {
                waited += ms;
                planner.handle(Event::Woke);
            }
            [Effect::Finish(end)] => break end.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end.kind, EndKind::Unreachable);
    assert!(waited <= 24_000, "{waited}");
}

#[test]
fn an_unknown_token_is_got_anew_and_the_request_repeated() {
    let mut planner = started();
    planner.handle(heads([1]));
    assert!(matches!(planner.handle(Event::Failed(Failure::Token))[..], [Effect::Login]));
    assert_eq!(pushed_ns(&planner.handle(Event::LoggedIn)), [1]);
}

fn photo(n: u8) -> BlobId {
    BlobId::from_digest(&[n; 32])
}

/// A planner that has come to its photos.
fn at_photos(list: Vec<(BlobId, u64)>) -> (Planner, Vec<Effect>) {
    let mut planner = started();
    planner.stage = Stage::Photos;
    let effects = planner.handle(Event::Photos(list));
    (planner, effects)
}

#[test]
fn an_upload_goes_on_where_the_hub_stands() {
    let size = 3 * 1024 * 1024;
    let (mut planner, effects) = at_photos(vec![(photo(1), size), (photo(2), 10)]);
    assert!(matches!(&effects[..], [Effect::Have { ids }] if ids.len() == 2));
    let effects = planner.handle(Event::Had(vec![false, true]));
    assert!(matches!(&effects[..], [Effect::Mark { mark: PhotoMark::Held, .. }]));
    assert!(matches!(planner.handle(Event::Marked)[..], [Effect::AskOffset { .. }]));
    let effects = planner.handle(Event::At { offset: 1000, whole: false, took_ms: 0 });
    assert!(matches!(effects[..], [Effect::Append { at: 1000, length: 262_144, .. }]), "{effects:?}");
    // Cut: whatever arrived counts, and the hub is asked for it.
    let effects = fail(&mut planner, Failure::Unreachable);
    assert!(matches!(effects[..], [Effect::AskOffset { .. }]), "{effects:?}");
    let effects = planner.handle(Event::At { offset: 90_000, whole: false, took_ms: 0 });
    assert!(matches!(effects[..], [Effect::Append { at: 90_000, length: 131_072, .. }]), "{effects:?}");
    planner.handle(Event::At { offset: 221_072, whole: false, took_ms: 5 });
    let effects = planner.handle(Event::Marked);
    assert!(
        matches!(effects[..], [Effect::Append { at: 221_072, length: 262_144, .. }]),
        "doubled: {effects:?}"
    );
    let effects = planner.handle(Event::At { offset: size, whole: true, took_ms: 5 });
    assert!(matches!(&effects[..], [Effect::Mark { mark: PhotoMark::Held, .. }]));
    assert!(
        matches!(planner.handle(Event::Marked)[..], [Effect::Pull { .. }]),
        "counts are fetched once more"
    );
}

#[test]
fn a_photo_that_does_not_hash_is_begun_again_once_and_then_left() {
    let (mut planner, _) = at_photos(vec![(photo(1), 100), (photo(2), 100)]);
    planner.handle(Event::Had(vec![false, false]));
    planner.handle(Event::At { offset: 50, whole: false, took_ms: 0 });
    let effects = planner.handle(Event::Failed(Failure::WrongHash));
    assert!(matches!(effects[..], [Effect::Append { at: 0, .. }]), "{effects:?}");
    let effects = planner.handle(Event::Failed(Failure::WrongHash));
    assert!(matches!(&effects[..], [Effect::Mark { mark: PhotoMark::Trouble("hash"), .. }]), "{effects:?}");
    assert!(matches!(planner.handle(Event::Marked)[..], [Effect::AskOffset { .. }]), "the next one goes on");
}

#[test]
fn a_photo_whose_bytes_are_all_there_is_held_only_once_the_hub_says_so() {
    let (mut planner, _) = at_photos(vec![(photo(1), 100)]);
    planner.handle(Event::Had(vec![false]));
    planner.handle(Event::At { offset: 0, whole: false, took_ms: 0 });
    let effects = planner.handle(Event::At { offset: 100, whole: false, took_ms: 5 });
    assert!(matches!(&effects[..], [Effect::Mark { mark: PhotoMark::Arrived(100), .. }]), "{effects:?}");
    let effects = planner.handle(Event::Marked);
    assert!(matches!(effects[..], [Effect::Append { at: 100, length: 0, .. }]), "it is asked: {effects:?}");
    let effects = planner.handle(Event::At { offset: 100, whole: true, took_ms: 5 });
    assert!(matches!(&effects[..], [Effect::Mark { mark: PhotoMark::Held, .. }]), "{effects:?}");
}
