//! The acceptance scene as facts: 206 visits, 57 problems, a register of 268 projects.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::ids::CaseId;

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn visit(number: usize, party: Party, on: &str, problems: Vec<CaseId>) -> VisitFact {
    VisitFact {
        record: format!("r{number}").into(),
        campaign: Some("july".into()),
        site: format!("p{number}").into(),
        party,
        unit: Some("bureau".into()),
        utility: None,
        channel: Channel::Visit,
        day: day(on),
        problems,
    }
}

fn case(number: usize, on: &str) -> CaseFact {
    CaseFact {
        case: format!("c{number}").into(),
        campaign: Some("july".into()),
        category: None,
        topic: Some("用水".into()),
        state: State::Dispatched,
        unit: Some("water".into()),
        person: Some("li".into()),
        reported: day(on),
        due_ms: None,
        late: false,
        closed_ms: None,
        closed: None,
        outcome: None,
        reworks: 0,
        exempt: false,
        satisfaction: None,
    }
}

/// Visits and cases with the page's figures: 43/29, 133/17, 30/3 by 15 July, 57 of 57 by 1 August.
pub(crate) fn scene() -> (Scope, Vec<VisitFact>, Vec<CaseFact>) {
    let mut visits = Vec::new();
    let mut cases = Vec::new();
    let parties = [(Party::Leaders, 43, 29), (Party::Districts, 133, 17), (Party::Utilities, 30, 3)];
    for (party, sites, problems) in parties {
        for nth in 0..sites {
            let mut found = Vec::new();
            // The first visits find one problem each.
            if nth < problems {
                let mut fact = case(cases.len(), "2026-07-12");
                if party == Party::Utilities {
                    fact.topic = Some("用暖".into());
                }
                found.push(fact.case.clone());
                cases.push(fact);
            }
            let mut fact = visit(visits.len(), party, "2026-07-12", found);
            if party == Party::Utilities {
                let (unit, utility) =
                    [("water", Utility::Water), ("gas", Utility::Gas), ("heat", Utility::Heating)][nth % 3];
                fact.unit = Some(unit.into());
                fact.utility = Some(utility);
            }
            visits.push(fact);
        }
    }
    for nth in 0..8 {
        let fact = case(cases.len(), "2026-07-20");
        let mut sweep = visit(300 + nth, Party::Departments, "2026-07-20", vec![fact.case.clone()]);
        sweep.site = format!("p{}", 206 + nth).into();
        sweep.channel = Channel::Sweep;
        visits.push(sweep);
        cases.push(fact);
    }
    for (nth, fact) in cases.iter_mut().enumerate() {
        let on = day("2026-07-30");
        fact.state = State::Closed;
        fact.closed = Some(on);
        fact.closed_ms = Some(0);
        fact.outcome = Some(match nth {
            0..49 => OutcomeKind::Resolved,
            49..54 => OutcomeKind::PhasedPlan,
            _ => OutcomeKind::PolicyExplained,
        });
    }
    let sites = (0..268).map(|n| SiteId(format!("p{n}"))).collect();
    (Scope { campaign: Some("july".into()), as_of: day("2026-07-15"), sites }, visits, cases)
}

#[test]
fn by_15_july_the_visits_and_problems_stand_by_party() {
    let (scope, visits, cases) = scene();
    let figures = campaign(&scope, &visits, &cases, &[]);
    let lines: Vec<_> =
        figures.tiers.iter().map(|t| (t.party, t.visited.count(), t.collected.count())).collect();
    assert_eq!(lines, [(Party::Leaders, 43, 29), (Party::Districts, 133, 17), (Party::Utilities, 30, 3)]);
    assert_eq!(figures.visited.fraction(), "206/268");
    assert_eq!(figures.visited.percent().as_deref(), Some("76.9%"));
    assert_eq!(figures.collected.count(), 49);
    assert_eq!(figures.handled.fraction(), "0/49", "what closed on 30 July had not closed by the 15th");
    assert_eq!(figures.tiers[2].units.count(), 3);
}

#[test]
fn by_1_august_57_of_57_are_handled_and_the_split_lies_behind() {
    let (mut scope, visits, cases) = scene();
    scope.as_of = day("2026-08-01");
    let figures = campaign(&scope, &visits, &cases, &[]);
    assert_eq!(figures.handled.fraction(), "57/57");
    let split: Vec<_> = figures.split.iter().map(|f| (f.zh.as_str(), f.count())).collect();
    assert_eq!(split, [("解决", 49), ("分步解决", 5), ("政策解释", 3)]);
    let together: BTreeSet<_> = figures.split.iter().flat_map(|f| f.numerator.ids.clone()).collect();
    assert_eq!(together, figures.handled.numerator.ids);
    assert_eq!(figures.find("handled.leaders").unwrap().fraction(), "29/29");
}

#[test]
fn an_enterprise_visited_twice_counts_once_and_one_outside_the_register_not_at_all() {
    let (scope, mut visits, cases) = scene();
    let mut again = visit(900, Party::Leaders, "2026-07-13", Vec::new());
    again.site = "p0".into();
    visits.push(again);
    let mut outside = visit(901, Party::Leaders, "2026-07-13", Vec::new());
    outside.site = "elsewhere".into();
    visits.push(outside);
    let mut other_campaign = visit(902, Party::Leaders, "2026-07-13", Vec::new());
    other_campaign.campaign = Some("august".into());
    visits.push(other_campaign);
    let figures = campaign(&scope, &visits, &cases, &[]);
    assert_eq!(figures.visited.count(), 206);
    assert_eq!(figures.tiers[0].visited.count(), 44, "the party did visit it, so its own line counts it");
}

#[test]
fn a_problem_of_a_visit_without_a_case_is_shown_as_missing_from_the_ledger() {
    let (scope, visits, mut cases) = scene();
    cases.retain(|c| c.case.as_str() != "c5");
    let figures = campaign(&scope, &visits, &cases, &[]);
    assert_eq!(figures.collected.count(), 49);
    assert_eq!(figures.not_in_ledger.numerator.ids, ["c5".to_owned()].into());
    assert!(figures.without_person.numerator.has("c5"));
}

/// Eight office hours a day, Monday to Friday.
pub(crate) fn bureau() -> Calendar {
    Calendar::parse(
        r#"{"id":"b","version":1,"zone":"Asia/Shanghai","office_hours":[["08:00","12:00"],["14:00","18:00"]],
            "weekdays":[1,2,3,4,5]}"#,
    )
    .unwrap()
}

const DAY_MS: i64 = 86_400_000;
/// 2026-06-01 00:00 in Beijing.
const JUNE: i64 = 1_780_243_200_000;

fn june(number: usize, due_day: i64, closed_day: Option<i64>, late: bool) -> CaseFact {
    CaseFact {
        due_ms: Some(JUNE + due_day * DAY_MS),
        late,
        closed_ms: closed_day.map(|d| JUNE + d * DAY_MS),
        state: if closed_day.is_some() { State::Closed } else { State::Dispatched },
        ..case(number, "2026-06-01")
    }
}

#[test]
fn the_five_figures_of_june() {
    let mut cases = vec![
        june(1, 3, Some(2), false),
        june(2, 3, Some(5), true),
        june(3, 4, None, false),
        june(4, 5, Some(5), false),
        june(5, 40, None, false),
        june(6, 3, None, false),
        june(7, 3, None, false),
        june(8, 3, None, false),
    ];
    cases[0].reworks = 2;
    cases[0].satisfaction = Some(Satisfaction::Fairly);
    cases[3].satisfaction = Some(Satisfaction::Dissatisfied);
    cases[5].state = State::Rejected;
    cases[6].state = State::Suspended;
    cases[7].exempt = true;
    let whole_june = (day("2026-06-01"), day("2026-06-30"));
    let figures = performance(&cases, whole_june, Basis::Due, JUNE + 30 * DAY_MS, &bureau());
    assert_eq!(figures.closing.fraction(), "3/4");
    assert_eq!(figures.closing.percent().as_deref(), Some("75.0%"));
    assert_eq!(figures.on_time.fraction(), "2/4");
    assert_eq!(figures.rework.fraction(), "1/3");
    assert_eq!(figures.overdue.numerator.ids, ["c3".to_owned()].into());
    assert_eq!(figures.satisfaction.fraction(), "1/2");
    let none = performance(&cases, (day("2025-01-01"), day("2025-01-31")), Basis::Due, JUNE, &bureau());
    assert_eq!((none.closing.fraction(), none.closing.percent()), ("0/0".to_owned(), None));
}

proptest! {
    #[test]
    fn every_numerator_lies_in_its_denominator(
        facts in prop::collection::vec(
            (0..60_i64, prop::option::of(0..60_i64), any::<bool>(), 0..3_u32, 0..4_usize), 0..40),
        as_of in 0..60_i64,
        by_report in any::<bool>(),
    ) {
        let cases: Vec<_> = facts.into_iter().enumerate().map(|(nth, (due, closed, late, reworks, mood))| {
            let satisfaction =
                [None, Some(Satisfaction::Satisfied), Some(Satisfaction::Fairly), Some(Satisfaction::Dissatisfied)][mood];
            CaseFact { reworks, satisfaction, ..june(nth, due, closed, late) }
        }).collect();
        let basis = if by_report { Basis::Reported } else { Basis::Due };
        let whole_june = (day("2026-06-01"), day("2026-06-30"));
        let figures = performance(&cases, whole_june, basis, JUNE + as_of * DAY_MS, &bureau());
        for figure in figures.all() {
            prop_assert!(figure.numerator.ids.is_subset(&figure.denominator.as_ref().unwrap().ids));
        }
        let due = figures.closing.denominator.as_ref().unwrap().count();
        prop_assert_eq!(figures.closing.count() + figures.overdue.count(), due);
    }
}
