//! Random sequences: any person, any move, any state of evidence, stale and fresh parents.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::day::Day;
use crate::figures::CaseFact;

fn people() -> Vec<Actor> {
    vec![
        actor("a", &[Role::Inspector], "u1"),
        actor("b", &[Role::Dispatcher, Role::Verifier], "u1"),
        actor("c", &[Role::Handler, Role::Verifier, Role::Dispatcher, Role::Inspector], "u2"),
        actor("d", &[Role::Handler, Role::Dispatcher], "u3"),
        actor("e", &[Role::Contact], "firm"),
        actor("f", &[Role::Viewer, Role::Platform], "u1"),
        actor("g", &[Role::Dispatcher], "u1"),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let step = ("[换]{0,1}", prop::sample::select(vec!["2026-08-05", "2020-01-01", "soon"]))
        .prop_map(|(text, date)| Step { text, date: date.into(), person: None, person_name: String::new() });
    prop_oneof![
        3 => Just(Outcome::Resolved),
        1 => prop::collection::vec(step, 0..3).prop_map(|steps| Outcome::PhasedPlan { steps }),
        1 => ("[条]{0,1}", "[红]{0,1}", any::<bool>()).prop_map(|(basis, explanation, claims)| {
            let acknowledged = claims.then(|| Acknowledged {
                name: "x".into(), signature: Vec::new(), recorded_by: "c".into(), at_ms: 0,
            });
            Outcome::PolicyExplained { basis, explanation, acknowledged }
        }),
    ]
}

fn photos() -> impl Strategy<Value = Vec<PhotoRef>> {
    prop::collection::vec((1..9_u8).prop_map(photo), 0..3)
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 1 => Just(" ".to_owned()), 3 => Just("说明".to_owned())]
}

fn any_move() -> impl Strategy<Value = Move> {
    let day = prop::sample::select(vec!["2026-07-20", "2020-01-01", "2099-01-01", "x"]);
    prop_oneof![
        1 => Just(rubbish()),
        3 => Just(Move::Accept(Acceptance::default())),
        1 => words().prop_map(|reason| Move::Reject { reason }),
        1 => words().prop_map(|wanted| Move::RequestMore { wanted }),
        1 => (words(), photos()).prop_map(|(text, photos)| Move::Supplement { text, photos }),
        4 => prop::sample::select(vec![("c", "u2"), ("d", "u3"), ("b", "u1"), ("", "")])
            .prop_map(|(person, unit)| to(person, unit)),
        1 => words().prop_map(|note| Move::Receive { note }),
        1 => words().prop_map(|reason| Move::SendBack { reason }),
        1 => words().prop_map(|text| Move::Remind { text }),
        6 => (outcome(), words(), photos())
            .prop_map(|(outcome, note, photos)| Move::Rectify(Rectification { outcome, note, photos })),
        1 => (words(), any::<Option<i64>>())
            .prop_map(|(reason, until_ms)| Move::RequestExtension { reason, until_ms }),
        1 => (words(), any::<Option<i64>>()).prop_map(|(reason, until_ms)| Move::Extend { reason, until_ms }),
        1 => (words(), day.clone())
            .prop_map(|(reason, until)| Move::RequestSuspension { reason, until: until.into() }),
        1 => (words(), day).prop_map(|(reason, until)| Move::Suspend { reason, until: until.into() }),
        1 => words().prop_map(|note| Move::Resume { note }),
        1 => words().prop_map(|reason| Move::Decline { reason }),
        2 => (words(), photos())
            .prop_map(|(name, signature)| Move::Acknowledge(Acknowledgement { name, signature })),
        5 => (0..8_u8, any::<bool>(), photos(), words()).prop_map(|(result, on_site, photos, note)| {
            let result = match result {
                0 => VerifyResult::Failed,
                1 => VerifyResult::NotFound,
                _ => VerifyResult::Passed,
            };
            let mode = if on_site { VerifyMode::OnSite } else { VerifyMode::ByEvidence };
            Move::Verify(Verification { result, mode, photos, note })
        }),
        4 => words().prop_map(|note| Move::Close { note }),
        1 => Just(Move::Rate { satisfaction: Satisfaction::Fairly, comment: String::new() }),
        1 => words().prop_map(|reason| Move::Reopen { reason }),
    ]
}

/// A well-formed move that would bring the case forward, so that sequences get far enough to matter;
/// who makes it stays random.
fn forward(case: &Case) -> Move {
    match case.state {
        State::Reported => Move::Accept(Acceptance::default()),
        State::Accepted | State::SentBack => to("c", "u2"),
        State::Dispatched => rectify(Outcome::Resolved),
        State::Suspended => Move::Resume { note: String::new() },
        State::Rectified => verify(VerifyResult::Passed),
        State::Verified => Move::Close { note: String::new() },
        State::Closed | State::Rejected => Move::Reopen { reason: "反弹".into() },
    }
}

/// What an outsider remembers of the moves since the case was last opened for handling: written apart
/// from the judge, from the bureau's sentence alone.
#[derive(Default)]
struct Witness {
    handlers: Vec<PersonId>,
    before: Vec<PhotoRef>,
    evidence: bool,
    confirmed_by: Option<PersonId>,
    explained: bool,
    acknowledged: bool,
}

impl Witness {
    fn see(&mut self, mv: &SignedMove) {
        let by = &mv.actor.person;
        match &mv.mv {
            Move::Dispatch(order) => self.handlers.push(order.responsible.person.clone()),
            Move::Receive { .. } => self.handlers.push(by.clone()),
            Move::Rectify(done) => {
                self.handlers.push(by.clone());
                self.confirmed_by = None;
                self.acknowledged = false;
                self.explained = matches!(done.outcome, Outcome::PolicyExplained { .. });
                self.evidence = match &done.outcome {
                    Outcome::Resolved => {
                        done.photos.iter().any(|p| !self.before.contains(p)) && !done.note.trim().is_empty()
                    }
                    Outcome::PhasedPlan { steps } => steps.iter().any(|s| s.date.as_str() > "2026-07-08"),
                    Outcome::PolicyExplained { basis, explanation, .. } => {
                        !basis.is_empty() && !explanation.is_empty()
                    }
                };
            }
            Move::Supplement { photos, .. } => self.before.extend(photos.clone()),
            Move::Acknowledge(_) => self.acknowledged = true,
            Move::Verify(v) => match v.result {
                VerifyResult::Passed => self.confirmed_by = Some(by.clone()),
                VerifyResult::Failed => (self.evidence, self.confirmed_by) = (false, None),
                VerifyResult::NotFound => {}
            },
            Move::Reopen { .. } => (self.evidence, self.confirmed_by) = (false, None),
            _ => {}
        }
    }

    fn lets_close(&self, closer: &PersonId) -> bool {
        let another = self.confirmed_by.as_ref().is_some_and(|by| !self.handlers.contains(by));
        self.evidence && another && !self.handlers.contains(closer) && (!self.explained || self.acknowledged)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn no_sequence_closes_without_evidence_and_another_persons_verification(
        steps in prop::collection::vec((any_move(), 0..7_usize, 0..10_u8, 0..300_i64), 1..60)
    ) {
        let (rules, people) = (rules(), people());
        let mut case = judge(None, &signed(None, 0, &people[0], 0, rubbish()), &rules).unwrap();
        let mut witness = Witness { before: vec![photo(1)], ..Witness::default() };
        let mut now = 0;
        for (n, (mv, who, stale, minutes)) in steps.into_iter().enumerate() {
            now += minutes;
            let mv = if stale > 5 { forward(&case) } else { mv };
            let mut mv = signed(Some(&case), n + 1, &people[who], now, mv);
            if stale == 0 {
                mv.parent = Some("m-old".into());
            }
            let (kind, person) = (mv.mv.kind(), mv.actor.person.clone());
            let offered = allowed(&case, &people[who]);
            prop_assert!(offered.iter().filter(|o| o.main).count() <= 1);
            match judge(Some(&case), &mv, &rules) {
                Ok(next) => {
                    prop_assert!(stale != 0, "a stale parent was taken");
                    prop_assert!(offered.iter().any(|o| o.kind == kind), "{kind:?} was not offered");
                    prop_assert_eq!(&next.head, &mv.id);
                    if next.state == State::Closed && case.state != State::Closed {
                        prop_assert_eq!(kind, MoveKind::Close);
                        prop_assert!(witness.lets_close(&person), "closed without its proof");
                        prop_assert!(next.outcome.is_some());
                    }
                    witness.see(&mv);
                    let text = serde_json::to_string(&next).unwrap();
                    prop_assert_eq!(&serde_json::from_str::<Case>(&text).unwrap(), &next);
                    case = next;
                }
                Err(refusal) => {
                    let words = refusal.words();
                    let whole = words.zh.ends_with('。') && !format!("{}{}", words.zh, words.en).contains('{');
                    prop_assert!(whole, "a sentence with a hole");
                    if stale == 0 {
                        prop_assert!(matches!(refusal, Refusal::Stale { .. }), "{refusal:?}");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_case_as_of_an_earlier_day_is_what_it_was_then(
        steps in prop::collection::vec((any_move(), 0..7_usize, 0..10_u8, 0..900_i64), 1..60)
    ) {
        let (rules, people) = (rules(), people());
        let calendar = &rules.calendar;
        let mut case = judge(None, &signed(None, 0, &people[0], 0, rubbish()), &rules).unwrap();
        let mut then = BTreeMap::from([(Day::of(ELEVEN, calendar), CaseFact::of(&case, calendar))]);
        let (mut moves, mut now) = (Vec::new(), 0);
        for (n, (mv, who, free, minutes)) in steps.into_iter().enumerate() {
            now += minutes;
            let mv = if free > 3 { forward(&case) } else { mv };
            let mv = signed(Some(&case), n + 1, &people[who], now, mv);
            if let Ok(next) = judge(Some(&case), &mv, &rules) {
                then.insert(Day::of(mv.at_ms(), calendar), CaseFact::of(&next, calendar));
                moves.push((mv.at_ms(), mv.mv));
                case = next;
            }
        }
        let today = CaseFact::of(&case, calendar);
        for (day, was) in then {
            let seen = today.clone().as_of(day, moves.iter().map(|(at_ms, mv)| (*at_ms, mv)), calendar);
            prop_assert_eq!((seen.unit, seen.person), (was.unit, was.person));
            prop_assert_eq!((seen.closed, seen.closed_ms, seen.outcome), (was.closed, was.closed_ms, was.outcome));
        }
    }
}

#[test]
fn random_people_do_reach_a_closed_case() {
    // Guards the property above against being true of nothing.
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let (rules, people, mut runner) = (rules(), people(), TestRunner::deterministic());
    let mut closed = 0;
    for _ in 0..60 {
        let mut case = judge(None, &signed(None, 0, &people[0], 0, rubbish()), &rules).unwrap();
        for n in 1..60 {
            let guided = proptest::bool::ANY.new_tree(&mut runner).unwrap().current();
            let any = any_move().new_tree(&mut runner).unwrap().current();
            let mv = if guided { forward(&case) } else { any };
            let who = (0..7_usize).new_tree(&mut runner).unwrap().current();
            if let Ok(next) = judge(Some(&case), &signed(Some(&case), n, &people[who], 1, mv), &rules) {
                case = next;
            }
            if case.state == State::Closed {
                closed += 1;
                break;
            }
        }
    }
    assert!(closed >= 10, "only {closed} of 60 closed");
}
